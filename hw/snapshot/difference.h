/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What brings memory and disks from one moment back to an earlier one: of all pages and blocks that
 * were written to in between what they held at first.
 */
#ifndef HW_SNAPSHOT_DIFFERENCE_H
#define HW_SNAPSHOT_DIFFERENCE_H

#include "hw/snapshot/snapshot.h"

#include <stddef.h>
#include <stdint.h>

struct difference {
    /* In the order of their keys. */
    struct difference_page {
        uint64_t key;   /* the page's number; of a disk's block that disk's, too: difference.c */
        uint8_t *bytes; /* NULL: zeros */
    } * page;
    size_t pages, room;
    size_t bytes; /* what all of it takes of the host's memory */
};

/* Since memory and disks were marked last. On all zeros; false, and empty, if there is no room. */
bool difference_take(struct difference *d, const struct snapshot_machine *m);
void difference_put(const struct difference *d, const struct snapshot_machine *m);
/* What leads from behind `later` to before `d` is in `d` then; `later` is empty. */
bool difference_merge(struct difference *d, struct difference *later);
void difference_free(struct difference *d);

#endif
