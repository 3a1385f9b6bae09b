/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists with commas, in which a doubled comma is a comma: "a,b,,c" is "a" and "b,c". */
#ifndef HW_HOST_LIST_H
#define HW_HOST_LIST_H

#include <stddef.h>

/* Copies the first item, of at most the list's length; returns the rest, or NULL behind the last.
 */
static inline const char *list_next(const char *list, char *item)
{
    for (; *list; *item++ = *list++)
        if (*list == ',' && *++list != ',') {
            *item = 0;
            return list;
        }
    *item = 0;
    return NULL;
}

#endif
