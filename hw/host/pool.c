/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heap blocks that are freed together. */
#include "hw/host/pool.h"

#include <stdlib.h>

void *pool_adopt(struct pool *pool, void *block)
{
    void **list = realloc(pool->block, (pool->count + 1) * sizeof(void *));
    if (list)
        pool->block = list;
    if (!list || !block) {
        free(block);
        return NULL;
    }
    return list[pool->count++] = block;
}

void *pool_allocate(struct pool *pool, size_t size)
{
    return pool_adopt(pool, calloc(1, size ? size : 1));
}

void pool_free(struct pool *pool)
{
    for (unsigned i = 0; i < pool->count; i++)
        free(pool->block[i]);
    free(pool->block);
    *pool = (struct pool){0};
}
