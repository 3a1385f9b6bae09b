/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *   deflate ROUNDS FILE
 * compresses a file with the zlib of the guest that it runs in, unpacks that again, and prints the
 * size it had and a checksum. The code that works is a distribution's, not of our compiling.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct library {
    __typeof__(&compress) pack;
    __typeof__(&uncompress) unpack;
    __typeof__(&crc32) sum;
};

enum { LIMIT = 8 << 20 };
struct bytes {
    unsigned char at[LIMIT];
    unsigned long size;
};
static struct bytes original;
static struct bytes packed;
static struct bytes unpacked;

static int fail(const char *what)
{
    fprintf(stderr, "deflate: %s\n", what);
    return 1;
}

static int open_library(struct library *z)
{
    void *handle = dlopen("libz.so.1", RTLD_NOW);
    if (!handle)
        return 0;
    z->pack = (__typeof__(z->pack))dlsym(handle, "compress");
    z->unpack = (__typeof__(z->unpack))dlsym(handle, "uncompress");
    z->sum = (__typeof__(z->sum))dlsym(handle, "crc32");
    return z->pack && z->unpack && z->sum;
}

static int read_file(const char *name, struct bytes *b)
{
    FILE *file = fopen(name, "rb");
    if (!file)
        return 0;
    b->size = fread(b->at, 1, LIMIT, file);
    return fclose(file) == 0 && b->size > 0;
}

static int same(const struct bytes *a, const struct bytes *b)
{
    return a->size == b->size && memcmp(a->at, b->at, a->size) == 0;
}

/* Both ways. */
static int do_round(const struct library *z)
{
    packed.size = unpacked.size = LIMIT;
    return z->pack(packed.at, &packed.size, original.at, original.size) == Z_OK &&
           z->unpack(unpacked.at, &unpacked.size, packed.at, packed.size) == Z_OK &&
           same(&original, &unpacked);
}

int main(int argc, char **argv)
{
    struct library z;
    if (argc != 3)
        return fail("usage: deflate ROUNDS FILE");
    if (!open_library(&z))
        return fail("no zlib here");
    if (!read_file(argv[2], &original))
        return fail("cannot read the file");
    for (long rounds = strtol(argv[1], NULL, 10); rounds > 0; rounds--)
        if (!do_round(&z))
            return fail("what came back is something else");
    printf("%lu %08lx\n", packed.size, z.sum(0, packed.at, (unsigned)packed.size));
    return 0;
}
