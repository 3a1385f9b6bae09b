/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hole.c: what both the output and the reports say of a hole. */
#include "dyngen/model.h"

const char *hole_name(const struct hole *h)
{
    const char *name = h->symbol[0] ? h->symbol : h->consts->name;
    return helper_name_ok(name) ? name : "constants";
}

const char *field_name(const struct hole *h)
{
    static const char *const ranges[] = {
        [RANGE_SIGNED] = "signed",
        [RANGE_UNSIGNED] = "unsigned",
        [RANGE_WRAP] = "wrap",
        [RANGE_WHOLE] = "whole",
    };
    return h->field.use == FIELD_VALUE ? ranges[h->field.range] : "relative";
}

int64_t hole_addend(const struct hole *h)
{
    return (int64_t)((uint64_t)h->addend + h->place);
}
