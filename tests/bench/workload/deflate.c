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
    __typeof__(&compressBound) bound;
    __typeof__(&compress) pack;
    __typeof__(&uncompress) unpack;
    __typeof__(&crc32) sum;
};

struct bytes {
    unsigned char *at;
    unsigned long size;
};

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
    z->bound = (__typeof__(z->bound))dlsym(handle, "compressBound");
    z->pack = (__typeof__(z->pack))dlsym(handle, "compress");
    z->unpack = (__typeof__(z->unpack))dlsym(handle, "uncompress");
    z->sum = (__typeof__(z->sum))dlsym(handle, "crc32");
    return z->bound && z->pack && z->unpack && z->sum;
}

static int read_file(const char *name, struct bytes *b)
{
    enum { LIMIT = 8 << 20 };
    FILE *file = fopen(name, "rb");
    if (!file || !(b->at = malloc(LIMIT)))
        return 0;
    b->size = fread(b->at, 1, LIMIT, file);
    return fclose(file) == 0 && b->size > 0;
}

/* Both ways; the packed bytes stay in *packed. */
static int do_round(const struct library *z, const struct bytes *from, struct bytes *packed,
                    unsigned char *back)
{
    unsigned long size = from->size;
    packed->size = z->bound(from->size);
    return z->pack(packed->at, &packed->size, from->at, from->size) == Z_OK &&
           z->unpack(back, &size, packed->at, packed->size) == Z_OK && size == from->size &&
           memcmp(back, from->at, size) == 0;
}

int main(int argc, char **argv)
{
    struct library z;
    struct bytes from;
    struct bytes packed = {NULL, 0};
    if (argc != 3)
        return fail("usage: deflate ROUNDS FILE");
    if (!open_library(&z))
        return fail("no zlib here");
    if (!read_file(argv[2], &from))
        return fail("cannot read the file");
    packed.at = malloc(z.bound(from.size));
    unsigned char *back = malloc(from.size);
    for (long rounds = strtol(argv[1], NULL, 10); rounds > 0; rounds--)
        if (!packed.at || !back || !do_round(&z, &from, &packed, back))
            return fail("what came back is something else");
    printf("%lu %08lx\n", packed.size, z.sum(0, packed.at, (unsigned)packed.size));
    return 0;
}
