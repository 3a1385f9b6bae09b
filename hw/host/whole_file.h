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

struct file_limit {
    uint64_t bytes;
    const char *text; /* what has that size: it is said of what is larger */
};

/*
 * Reads a file or a pipe to its end, into the pool's memory. Refused are empty ones, character
 * devices, and what is larger than the limit, of which no more than that is read; of pipes, which
 * may have no end, no more than 512 MiB.
 */
bool file_read(struct pool *pool, const char *path, struct file_limit most, struct file *file,
               struct error *error);

/* For what is to be in the guest's memory, of that size. */
static inline struct file_limit file_for_memory(uint64_t size)
{
    return (struct file_limit){size, "the guest's memory"};
}

#endif
