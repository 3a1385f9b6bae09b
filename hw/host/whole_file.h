/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are read whole: what a machine is to start. */
#ifndef HW_HOST_WHOLE_FILE_H
#define HW_HOST_WHOLE_FILE_H

#include "hw/host/error.h"
#include "hw/host/pool.h"

struct file {
    const char *name;
    const uint8_t *bytes;
    size_t size;
};

/*
 * Reads a file or a pipe to its end, into the pool's memory. Empty ones are refused, and those that
 * are larger than `most`, which is the guest's memory.
 */
bool file_read(struct pool *pool, const char *path, uint64_t most, struct file *file,
               struct error *error);

#endif
