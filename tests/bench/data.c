/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels of memory: stores, loads, blocks, bytes. */
#include "kernels.h"

enum { BUFFER = 1 << 20, NUMBERS = BUFFER };
static u8 bytes[BUFFER];
static u8 other[BUFFER];
static u32 numbers[NUMBERS];

static int ascending(u32 a, u32 b)
{
    return a < b ? -1 : a > b;
}

static int by_low_bits(u32 a, u32 b)
{
    return ascending(a & 0xffff, b & 0xffff);
}

typedef int compare_fn(u32 a, u32 b);

static void swap(u32 *a, u32 *b)
{
    u32 t = *a;
    *a = *b;
    *b = t;
}

/* Calls through a pointer. */
static __attribute__((noinline)) void sort(u32 *from, u32 *to, compare_fn *compare)
{
    while (to - from > 1) {
        u32 pivot = from[(to - from) / 2];
        u32 *low = from;
        u32 *high = to - 1;
        while (low <= high) {
            while (compare(*low, pivot) < 0)
                low++;
            while (compare(*high, pivot) > 0)
                high--;
            if (low <= high)
                swap(low++, high--);
        }
        sort(from, high + 1, compare);
        from = low;
    }
}

u32 quicksort(u32 scale)
{
    enum { COUNT = 4096 };
    u32 seed = 1;
    u32 sum = 0;
    for (u32 round = 0; round < scale * 4; round++) {
        compare_fn *compare = round & 1 ? ascending : by_low_bits;
        __asm__("" : "+r"(compare)); /* the compiler does not know what it is */
        for (u32 i = 0; i < COUNT; i++)
            numbers[i] = next_random(&seed);
        sort(numbers, numbers + COUNT, compare);
        for (u32 i = 0; i < COUNT; i += 64)
            sum = sum * 31 + numbers[i];
    }
    return sum;
}

/* Byte stores. */
u32 sieve(u32 scale)
{
    enum { LIMIT = 65536 };
    u32 count = 0;
    for (u32 round = 0; round < scale * 6; round++) {
        for (u32 i = 0; i < LIMIT; i++)
            bytes[i] = 1;
        for (u32 i = 2; i < LIMIT; i++) {
            if (!bytes[i])
                continue;
            count++;
            for (u32 j = i * 2; j < LIMIT; j += i)
                bytes[j] = 0;
        }
    }
    return count;
}

/* Over 64 KiB, as memcpy and memset do it. */
u32 block_copy(u32 scale)
{
    enum { SIZE = 65536 };
    u32 sum = 0;
    for (u32 i = 0; i < SIZE; i++)
        bytes[i] = (u8)(i * 7);
    for (u32 round = 0; round < scale * 100; round++) {
        copy_words(other, bytes, SIZE / 4);
        fill_words(bytes + (round & 63) * 16, round, 4);
        for (u32 i = 0; i < 4; i++)
            sum += other[(round * 4 & (SIZE - 4)) + i];
    }
    return sum;
}

/* 4 MiB of nodes in random order: each load waits for the one before. */
u32 linked_list(u32 scale)
{
    enum { NODES = 65536, STRIDE = NUMBERS / NODES };
    static u32 order[NODES];
    u32 seed = 1;
    for (u32 i = 0; i < NODES; i++)
        order[i] = i;
    for (u32 i = NODES - 1; i; i--)
        swap(&order[i], &order[next_random(&seed) % (i + 1)]);
    for (u32 i = 0; i < NODES; i++) {
        u32 *node = numbers + order[i] * STRIDE;
        node[0] = (u32)(numbers + order[(i + 1) % NODES] * STRIDE);
        node[1] = i;
    }
    u32 sum = 0;
    const u32 *node = numbers;
    for (u32 i = 0; i < scale * 10000; i++, node = (const u32 *)node[0])
        sum += node[1] ^ i;
    return sum;
}

/* 8-bit registers: RC4, upper case, the length of what came out. */
u32 byte_loops(u32 scale)
{
    enum { TEXT = 16384 };
    u8 box[256];
    for (u32 i = 0; i < 256; i++)
        box[i] = (u8)i;
    u8 x = 0;
    u8 y = 0;
    u32 sum = 0;
    for (u32 round = 0; round < scale * 8; round++) {
        for (u32 i = 0; i < TEXT; i++) {
            y = (u8)(y + box[++x]);
            u8 t = box[x];
            box[x] = box[y];
            box[y] = t;
            bytes[i] = box[(u8)(box[x] + box[y])];
        }
        bytes[TEXT] = 0;
        u32 lower = 0;
        for (u32 i = 0; i < TEXT; i++)
            if (bytes[i] >= 'a' && bytes[i] <= 'z') {
                bytes[i] -= 'a' - 'A';
                lower++;
            }
        sum = sum * 31 + text_length(bytes) + lower;
    }
    return sum;
}

u32 binary_search(u32 scale)
{
    enum { COUNT = 1 << 18 };
    for (u32 i = 0; i < COUNT; i++)
        numbers[i] = i * 61;
    u32 seed = 1;
    u32 sum = 0;
    for (u32 i = 0; i < scale * 10000; i++) {
        u32 wanted = next_random(&seed);
        u32 low = 0;
        u32 high = COUNT;
        while (low < high) {
            u32 middle = (low + high) / 2;
            if (numbers[middle] < wanted)
                low = middle + 1;
            else
                high = middle;
        }
        sum = sum * 3 + low;
    }
    return sum;
}

static u32 match(const u8 *a, const u8 *b)
{
    u32 n = 0;
    while (a[n] && a[n] == b[n])
        n++;
    return n;
}

/* Words looked for in a text: lengths, comparisons, a hash of each. */
u32 strings(u32 scale)
{
    enum { TEXT = 4096, WORD = 8 };
    u32 seed = 7;
    for (u32 i = 0; i < TEXT; i++)
        bytes[i] = (u8)('a' + next_random(&seed) % 3);
    bytes[TEXT - 1] = 0;
    u32 sum = 0;
    for (u32 round = 0; round < scale * 40; round++) {
        const u8 *word = bytes + next_random(&seed) % (TEXT - WORD - 1);
        u32 longest = 0;
        for (const u8 *at = bytes; *at; at++) {
            u32 n = match(at, word);
            if (n > longest && at != word)
                longest = n;
        }
        u32 hash = 5381;
        for (u32 i = 0; i < WORD; i++)
            hash = hash * 33 ^ word[i];
        sum = sum * 31 + longest + hash;
    }
    return sum;
}

struct node {
    struct node *child[2];
    u32 key, count;
};

/* A binary tree that grows, and is walked. */
u32 search_tree(u32 scale)
{
    enum { NODES = BUFFER / sizeof(struct node) };
    struct node *nodes = (struct node *)other;
    u32 seed = 3;
    u32 sum = 0;
    for (u32 round = 0; round < scale; round++) {
        u32 used = 1;
        nodes[0] = (struct node){{0, 0}, 1u << 15, 0};
        for (u32 i = 0; i < NODES / 8; i++) {
            u32 key = next_random(&seed) & 0xffff;
            struct node *at = nodes;
            while (at->key != key) {
                struct node **next = &at->child[key > at->key];
                if (!*next) {
                    *next = &nodes[used++];
                    **next = (struct node){{0, 0}, key, 0};
                }
                at = *next;
            }
            sum += ++at->count;
        }
        sum = sum * 31 + used;
    }
    return sum;
}
