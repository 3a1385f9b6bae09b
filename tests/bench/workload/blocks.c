/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *   blocks read|write FILE COUNT
 * reads or writes so many blocks of 4 KiB at random places of a file or a device, past the cache,
 * and prints a sum of what it read or wrote. Places and contents are the same each time.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 4096 };
static uint8_t block[BLOCK] __attribute__((aligned(BLOCK)));

static uint32_t next_random(void)
{
    static uint32_t state = 1;
    state = state * 1664525 + 1013904223;
    return state >> 8;
}

static uint32_t sum(uint32_t sum_before)
{
    for (unsigned i = 0; i < BLOCK; i++)
        sum_before = sum_before * 31 + block[i];
    return sum_before;
}

int main(int argc, char **argv)
{
    int write = argc == 4 && strcmp(argv[1], "write") == 0;
    int fd = argc == 4 ? open(argv[2], (write ? O_RDWR : O_RDONLY) | O_DIRECT) : -1;
    off_t blocks = fd < 0 ? 0 : lseek(fd, 0, SEEK_END) / BLOCK;
    uint32_t total = 0;
    if (blocks < 1) {
        fprintf(stderr, "usage: blocks read|write FILE COUNT\n");
        return 1;
    }
    for (long n = atol(argv[3]); n > 0; n--) {
        off_t at = (off_t)(next_random() % (uint32_t)blocks) * BLOCK;
        memset(block, (int)n, write ? BLOCK : 0);
        if ((write ? pwrite(fd, block, BLOCK, at) : pread(fd, block, BLOCK, at)) != BLOCK)
            return 1;
        total = sum(total);
    }
    if (write && fsync(fd) != 0)
        return 1;
    printf("%08x\n", total);
    return close(fd) != 0;
}
