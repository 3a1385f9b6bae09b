/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heap blocks that live together and are freed together. */
#ifndef HW_HOST_POOL_H
#define HW_HOST_POOL_H

#include <stddef.h>

struct pool {
    unsigned count;
    void **block;
};

/* Zeroed memory, at least a byte; NULL if there is none. */
void *pool_allocate(struct pool *pool, size_t size);
/* Makes a block of malloc's the pool's; NULL, and the block freed, if there is no memory. */
void *pool_adopt(struct pool *pool, void *block);
void pool_free(struct pool *pool);

#endif
