/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which bytes of a page blocks are made from, for those who write beside code: DOS programs have
 * their variables and their stack in the pages of their code. Made at the first such write out of
 * the page's list; blocks that come are added, those that die leave their bytes in it until a write
 * there has found none.
 */
#include <stdlib.h>
#include <string.h>

#include "exec/block_cache.h"

enum { WORD = 64, NO_PAGE = UINT32_MAX };

struct code_bytes {
    u32 page;
    u64 bits[PAGE_SIZE / WORD];
};

bool bytes_create(struct block_cache *c)
{
    c->bytes = calloc(BYTES_OF_PAGES, sizeof *c->bytes);
    for (unsigned i = 0; c->bytes && i < BYTES_OF_PAGES; i++)
        c->bytes[i].page = NO_PAGE;
    return c->bytes;
}

void bytes_destroy(struct block_cache *c)
{
    free(c->bytes);
}

/* The bits of a word that lie in [from, to), which are bytes of the page. */
static u64 bits_of(u32 word, u32 from, u32 to)
{
    u32 start = word * WORD, end = start + WORD;
    u64 bits = ~(u64)0;

    if (from > start)
        bits &= ~(u64)0 << (from - start);
    if (to < end)
        bits &= ~(u64)0 >> (end - to);
    return bits;
}

static void set(struct code_bytes *bytes, u32 from, u32 to)
{
    if (to > PAGE_SIZE)
        to = PAGE_SIZE;
    for (u32 word = from / WORD; word * WORD < to; word++)
        bytes->bits[word] |= bits_of(word, from, to);
}

static bool has(const struct code_bytes *bytes, u32 from, u32 to)
{
    for (u32 word = from / WORD; word * WORD < to; word++)
        if (bytes->bits[word] & bits_of(word, from, to))
            return true;
    return false;
}

static struct code_bytes *bytes_at(const struct block_cache *c, u32 page)
{
    return &c->bytes[page % BYTES_OF_PAGES];
}

static void add(struct code_bytes *bytes, const struct block *b)
{
    u32 start = b->physical & PAGE_MASK, end = start + b->size;

    if (b->physical >> 12 == bytes->page)
        set(bytes, start, end);
    if (b->straddles && b->end_page == bytes->page)
        set(bytes, 0, end - PAGE_SIZE);
}

void bytes_add(struct block_cache *c, u32 page, const struct block *b)
{
    struct code_bytes *bytes = bytes_at(c, page);

    if (bytes->page == page)
        add(bytes, b);
}

void bytes_forget(struct block_cache *c, u32 page)
{
    struct code_bytes *bytes = bytes_at(c, page);

    if (bytes->page == page)
        bytes->page = NO_PAGE;
}

bool bytes_have_code(struct block_cache *c, u32 page, u32 from, u32 to)
{
    struct code_bytes *bytes = bytes_at(c, page);

    if (bytes->page == page)
        return has(bytes, from, to);
    memset(bytes->bits, 0, sizeof bytes->bits);
    bytes->page = page;
    for (struct block *b = c->pages[page]; b; b = cache_page_link(b, page)->next) {
        add(bytes, b);
        c->stats.looks++;
    }
    return has(bytes, from, to);
}
