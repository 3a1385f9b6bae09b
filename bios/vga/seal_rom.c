/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * usage: seal_rom IMAGE ROM: makes the VGA BIOS's image 40 KiB long, and the sums right of VBE's
 * protected mode block ("PMID", 20 bytes) and of the whole.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { ROM_SIZE = 0xa000, BLOCK_SIZE = 20 };

static uint8_t sum(const uint8_t *bytes, size_t count)
{
    uint8_t total = 0;
    while (count--)
        total += *bytes++;
    return total;
}

static void seal(uint8_t *bytes, size_t count)
{
    bytes[count - 1] = 0;
    bytes[count - 1] = (uint8_t)-sum(bytes, count);
}

static uint8_t *find_block(uint8_t *rom)
{
    for (size_t i = 0; i + BLOCK_SIZE <= ROM_SIZE; i++)
        if (!memcmp(rom + i, "PMID", 4))
            return rom + i;
    return NULL;
}

static int fail(const char *path, const char *what)
{
    fprintf(stderr, "seal_rom: %s: %s\n", path, what);
    return 1;
}

int main(int argc, char **argv)
{
    static uint8_t rom[ROM_SIZE + 1];
    if (argc != 3)
        return fail("usage", "seal_rom IMAGE ROM");
    FILE *in = fopen(argv[1], "rb");
    if (!in)
        return fail(argv[1], "cannot be read");
    size_t size = fread(rom, 1, sizeof rom, in);
    fclose(in);
    uint8_t *block = find_block(rom);
    if (size >= ROM_SIZE || !block)
        return fail(argv[1], "not an image of the VGA BIOS");
    seal(block, BLOCK_SIZE);
    seal(rom, ROM_SIZE);
    FILE *out = fopen(argv[2], "wb");
    if (!out || fwrite(rom, 1, ROM_SIZE, out) != ROM_SIZE || fclose(out))
        return fail(argv[2], "cannot be written");
    return 0;
}
