/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hole.c: what both the output and the reports say of a hole. */
#include "dyngen/model.h"

const char *hole_name(const struct hole *h)
{
    const char *name = h->symbol[0] ? h->symbol : h->consts->name;
    return helper_name_ok(name) ? name : "constants";
}

bool field_is_relative(const struct field *f)
{
    return f->use != FIELD_VALUE && f->use != FIELD_CONDITION;
}

const char *field_name(const struct field *f, const struct part *part)
{
    static const char *const ranges[] = {
        [RANGE_SIGNED] = "signed",
        [RANGE_UNSIGNED] = "unsigned",
        [RANGE_WRAP] = "wrap",
        [RANGE_ANY] = "any",
    };
    if (part->range == RANGE_SIGNED && field_is_relative(f))
        return f->pages ? "pages" : "relative";
    return ranges[part->range];
}

const char *hole_source(const struct hole *h)
{
    static const char *const targets[] = {"DYNGEN_TAKEN", "DYNGEN_COLD"};
    switch (h->kind) {
    case HOLE_PARAM:
        return take_printf("DYNGEN_PARAM%u", h->index + 1);
    case HOLE_TARGET:
        return targets[h->index];
    case HOLE_NEXT:
        return "DYNGEN_NEXT";
    default:
        return "DYNGEN_FIXED";
    }
}

bool hole_is_resolved(const struct hole *h)
{
    return h->kind == HOLE_NEXT && h->field.use != FIELD_VALUE && !h->field.pages;
}

int64_t hole_addend(const struct hole *h)
{
    return (int64_t)((uint64_t)h->addend + h->place);
}
