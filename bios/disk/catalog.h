/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * El Torito's boot catalog, read entry by entry; C that knows nothing of where it runs, so that it
 * can be tested elsewhere.
 *
 *   struct catalog c = {0};
 *   do read the next 32 bytes; while (catalog_entry(&c, bytes) == CATALOG_MORE);
 */
#ifndef BIOS_CATALOG_H
#define BIOS_CATALOG_H

#include "bios/lib/types.h"

enum { CATALOG_ENTRY = 32, CATALOG_ENTRIES = 64 /* of a block */, DESCRIPTOR_HEAD = 75 };

enum catalog_result { CATALOG_MORE, CATALOG_FOUND, CATALOG_BAD, CATALOG_NOTHING };

enum catalog_media { MEDIA_NONE, MEDIA_1_2M, MEDIA_1_44M, MEDIA_2_88M, MEDIA_DISK };

struct catalog {
    u8 entries;  /* read so far */
    u8 platform; /* 0: x86 */
    bool last;   /* no section follows this one */
    u16 left;    /* entries of this section */

    /* The entry that is to be booted. */
    u8 media;
    u16 segment, sectors;
    u32 start;
};

enum catalog_result catalog_entry(struct catalog *c, const u8 bytes[CATALOG_ENTRY]);
/* Where the catalog begins, if these first bytes of a volume descriptor are of a boot record; 0. */
u32 catalog_start(const u8 descriptor[DESCRIPTOR_HEAD]);

#endif
