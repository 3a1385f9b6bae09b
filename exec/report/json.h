/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts in jansson's objects. Where memory is short values are left out. */
#ifndef EXEC_REPORT_JSON_H
#define EXEC_REPORT_JSON_H

#include <jansson.h>
#include <stdint.h>

static inline void put_count(json_t *object, const char *key, uint64_t count)
{
    json_object_set_new(object, key, json_integer((json_int_t)count));
}

#endif
