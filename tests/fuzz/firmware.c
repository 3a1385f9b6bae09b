/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What our BIOS reads of media and ROMs that may be anything: El Torito's catalogs, option ROMs. */
#include "bios/disk/catalog.h"
#include "bios/post/rom_image.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* Exactly as large as it is, so that reading beyond its end is noticed. */
static uint8_t *copy_of(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    memcpy(copy, bytes, size);
    return copy;
}

/* The catalog is read to its end, whatever it says. */
static void read_catalog(const uint8_t *bytes, size_t size)
{
    struct catalog c = {0};
    enum catalog_result result = CATALOG_MORE;
    for (unsigned i = 0; result == CATALOG_MORE; i++) {
        size_t at =
            size >= CATALOG_ENTRY ? i * (size_t)CATALOG_ENTRY % (size - CATALOG_ENTRY + 1) : 0;
        uint8_t entry[CATALOG_ENTRY] = {0};
        memcpy(entry, bytes + at, size - at < sizeof entry ? size - at : sizeof entry);
        result = catalog_entry(&c, entry);
        if (i > CATALOG_ENTRIES)
            abort();
    }
    if (result == CATALOG_FOUND && (!c.start || !c.sectors || !c.segment || c.media > MEDIA_DISK))
        abort();
}

static void read_descriptor(const uint8_t *bytes, size_t size)
{
    if (size >= DESCRIPTOR_HEAD)
        catalog_start(bytes);
}

static void read_rom(const uint8_t *bytes, size_t size, bool whole)
{
    struct rom_header h;
    uint32_t length = 0;
    const uint8_t *image = rom_find_image(bytes, (uint32_t)size, 0x11111234, &length);
    if (image && (image < bytes || length > size - (size_t)(image - bytes)))
        abort();
    length = rom_size(bytes, (uint32_t)size);
    if (length > size)
        abort();
    /* The checksum is hard to hit: what comes behind it is read without, too. */
    if (whole && size >= 512)
        length = (uint32_t)size;
    for (unsigned n = 0; length && rom_header(bytes, length, n, &h); n++)
        if (n > size)
            abort();
}

void fuzz_firmware(const uint8_t *bytes, size_t size)
{
    uint32_t what = fuzz_take(&bytes, &size, 1);
    uint8_t *copy = copy_of(bytes, size);
    switch (what % 4) {
    case 0:
        read_catalog(copy, size);
        break;
    case 1:
        read_descriptor(copy, size);
        break;
    default:
        read_rom(copy, size, what % 4 == 3);
    }
    free(copy);
}
