/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a drive says of itself. ATA/ATAPI-6, 8.15 (IDENTIFY DEVICE) and 8.16. */
#include "hw/disk/ide_internal.h"

#include <stdio.h>
#include <string.h>

enum { WORDS = 256 };

struct identity {
    uint16_t word[WORDS];
};

/* Characters in the order of a big-endian host's, filled up with blanks. */
static void set_text(struct identity *i, unsigned word, unsigned words, const char *text)
{
    char padded[64];
    snprintf(padded, sizeof padded, "%-*s", (int)words * 2, text);
    for (unsigned n = 0; n < words; n++)
        i->word[word + n] = (uint16_t)((uint8_t)padded[2 * n] << 8 | (uint8_t)padded[2 * n + 1]);
}

static void set_number(struct identity *i, unsigned word, unsigned words, uint64_t value)
{
    for (unsigned n = 0; n < words; n++)
        i->word[word + n] = (uint16_t)(value >> 16 * n);
}

/* For modes of multiword and Ultra DMA: those there are, and above them the one that is chosen. */
static void set_modes(struct identity *i, const struct ide_drive *d)
{
    unsigned mode = d->mode & 7;
    i->word[63] = 0x0007;
    i->word[88] = 0x003f;
    if (d->mode >= 0x40)
        i->word[88] |= (uint16_t)(0x100 << mode);
    else if (d->mode >= 0x20)
        i->word[63] |= (uint16_t)(0x100 << mode);
    i->word[64] = 0x0003; /* PIO 3 and 4; the shortest cycles, in ns */
    i->word[65] = i->word[66] = i->word[67] = i->word[68] = 120;
    i->word[53] = 0x0006; /* words 64 to 70 and 88 hold something */
}

static void set_names(struct identity *i, const struct ide_drive *d, const char *model)
{
    char serial[20];
    snprintf(serial, sizeof serial, "TS%05u", d->number + 1);
    set_text(i, 10, 10, serial);
    set_text(i, 23, 4, "1.0");
    set_text(i, 27, 20, model);
}

/* Word 255: all bytes add up to 0. */
static void finish(struct identity *i, uint8_t *to)
{
    uint8_t sum = 0xa5;
    for (unsigned n = 0; n < WORDS - 1; n++)
        sum = (uint8_t)(sum + i->word[n] + (i->word[n] >> 8));
    i->word[WORDS - 1] = (uint16_t)(0xa5 | (uint8_t)-sum << 8);
    memcpy(to, i->word, sizeof i->word);
}

/* As the guest counts them. */
static uint16_t cylinders(const struct ide_drive *d)
{
    enum { MOST_CYLINDERS = 16383 };
    uint64_t n = ide_sectors(d) / ((unsigned)d->heads * d->sectors);
    return (uint16_t)(n < 1 ? 1 : n > MOST_CYLINDERS ? MOST_CYLINDERS : n);
}

static void set_geometry(struct identity *i, const struct ide_drive *d)
{
    struct disk_geometry g = disk_geometry(d->disk);
    uint16_t now = cylinders(d);
    i->word[1] = g.cylinders;
    i->word[3] = g.heads;
    i->word[6] = g.sectors;
    /* ATA-1: bytes a track and a sector, a dual-ported buffer of 256 KiB, bytes of ECC. */
    i->word[4] = (uint16_t)(g.sectors * IDE_SECTOR);
    i->word[5] = IDE_SECTOR;
    i->word[20] = 3;
    i->word[21] = 512;
    i->word[22] = 4;
    i->word[53] |= 1; /* words 54 to 58, as the guest has set it: */
    i->word[54] = now;
    i->word[55] = d->heads;
    i->word[56] = d->sectors;
    set_number(i, 57, 2, (uint64_t)now * d->heads * d->sectors);
}

void ide_identify(const struct ide_drive *d, uint8_t *to)
{
    enum { LBA28 = 0x0fffffff };
    struct identity i = {.word[0] = 0x0040};
    uint64_t all = ide_sectors(d);
    set_names(&i, d, "TESSERA HARDDISK");
    set_modes(&i, d);
    set_geometry(&i, d);
    i.word[47] = 0x8000 | IDE_MULTIPLE;
    i.word[48] = 1;      /* the data register takes 32 bits */
    i.word[49] = 0x2f00; /* standby timer, IORDY, LBA, DMA */
    i.word[50] = 0x4000;
    i.word[51] = i.word[52] = 0x0200;
    i.word[59] = d->multiple ? 0x100 | d->multiple : 0;
    set_number(&i, 60, 2, all < LBA28 ? all : LBA28);
    i.word[80] = 0x007e; /* ATA-1 to ATA/ATAPI-6 */
    i.word[82] = 0x7028; /* NOP, READ and WRITE BUFFER, write cache, power management */
    i.word[83] = 0x7400; /* FLUSH CACHE, also EXT, 48-bit addresses */
    i.word[84] = 0x4040; /* FUA */
    i.word[85] = (uint16_t)(0x7008 | (d->write_cache ? 0x20 : 0));
    i.word[86] = 0x3400;
    i.word[87] = 0x4040;
    i.word[93] = d->number & 1 ? 0x4b00 : 0x600b;
    set_number(&i, 100, 4, all);
    finish(&i, to);
}

void ide_identify_packet(const struct ide_drive *d, uint8_t *to)
{
    struct identity i = {.word[0] = 0x85c0}; /* a CD-ROM drive, removable, packets of 12 bytes */
    set_names(&i, d, "TESSERA DVD-ROM");
    set_modes(&i, d);
    i.word[48] = 1;
    i.word[49] = 0x0b00; /* IORDY, LBA, DMA */
    i.word[71] = i.word[72] = 30;
    i.word[80] = 0x007e;
    i.word[82] = 0x4210; /* NOP, DEVICE RESET, PACKET */
    i.word[83] = 0x4000;
    i.word[84] = 0x4000;
    i.word[85] = 0x4210;
    i.word[87] = 0x4000;
    i.word[93] = d->number & 1 ? 0x4b00 : 0x600b;
    finish(&i, to);
}
