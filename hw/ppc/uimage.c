/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * U-Boot's images, as mkimage makes them: a header of 64 bytes, its numbers big-endian, and a
 * kernel, which may be compressed. U-Boot describes the header as its legacy image format.
 */
#include "hw/ppc/image.h"

#include <string.h>
#include <zlib.h>

enum { MAGIC = 0, HEADER_SUM = 4, SIZE = 12, LOAD = 16, ENTRY = 20, DATA_SUM = 24 };
enum { PROCESSOR = 29, TYPE = 30, COMPRESSION = 31 };
enum { POWERPC = 7, KERNEL = 2, PLAIN = 0, GZIP = 1 };

static uint32_t word(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

bool ppc_is_uimage(const uint8_t *header)
{
    return word(header + MAGIC) == 0x27051956;
}

bool ppc_uimage_is_for_us(const uint8_t *header)
{
    return ppc_is_uimage(header) && header[PROCESSOR] == POWERPC;
}

static uint32_t sum(const uint8_t *bytes, size_t size)
{
    return (uint32_t)crc32_z(0, bytes, size);
}

/* The sum is of the header without the sum. */
static bool check_header(const struct file *f, struct error *error)
{
    uint8_t header[UIMAGE_HEADER];
    memcpy(header, f->bytes, sizeof header);
    memset(header + HEADER_SUM, 0, 4);
    if (sum(header, sizeof header) != word(f->bytes + HEADER_SUM))
        return error_set(error, "%s: the checksum of its header is wrong", f->name);
    if (header[PROCESSOR] != POWERPC)
        return error_set(error, "%s: for another processor (number %u of U-Boot's), not PowerPC",
                         f->name, header[PROCESSOR]);
    if (header[TYPE] != KERNEL)
        return error_set(error, "%s: no kernel, but a U-Boot image of type %u", f->name,
                         header[TYPE]);
    return header[COMPRESSION] <= GZIP ||
           error_set(error, "%s: compressed by other means than gzip (type %u)", f->name,
                     header[COMPRESSION]);
}

static bool check_data(const struct file *f, struct error *error)
{
    uint32_t size = word(f->bytes + SIZE);
    if (size > f->size - UIMAGE_HEADER)
        return error_set(error, "%s: truncated", f->name);
    return sum(f->bytes + UIMAGE_HEADER, size) == word(f->bytes + DATA_SUM) ||
           error_set(error, "%s: the checksum of its data is wrong", f->name);
}

/* Where it starts has to be in it; it may be compressed, and its size is known only now. */
static bool check_entry(const struct file *f, size_t size, struct error *error)
{
    uint32_t entry = word(f->bytes + ENTRY);
    if (entry % 4)
        return error_set(error, "%s: its entry point %" PRIx32 "h is not a multiple of 4", f->name,
                         entry);
    return entry - word(f->bytes + LOAD) < size ||
           error_set(error, "%s: its entry point %" PRIx32 "h is not in it", f->name, entry);
}

/* How large it is is not told: it may be as large as RAM. */
static bool inflate_all(struct ppc_image *image, const struct file *f, uint8_t *to, size_t *size,
                        struct error *error)
{
    enum { GZIP_FORMAT = 16 + MAX_WBITS };
    z_stream z = {.next_in = (uint8_t *)f->bytes + UIMAGE_HEADER,
                  .avail_in = word(f->bytes + SIZE),
                  .next_out = to,
                  .avail_out = image->ram_size};
    if (inflateInit2(&z, GZIP_FORMAT) != Z_OK)
        return error_set(error, "%s: the host is out of memory", f->name);
    int end = inflate(&z, Z_FINISH);
    *size = z.total_out;
    inflateEnd(&z);
    if (end == Z_STREAM_END)
        return true;
    return error_set(error, "%s: %s", f->name,
                     z.avail_out ? "its compressed data is damaged"
                                 : "larger than the guest's memory");
}

bool ppc_uimage_load(struct ppc_image *image, const struct file *file, struct error *error)
{
    if (file->size < UIMAGE_HEADER)
        return error_set(error, "%s: truncated", file->name);
    if (!check_header(file, error) || !check_data(file, error))
        return false;
    const uint8_t *bytes = file->bytes + UIMAGE_HEADER;
    size_t size = word(file->bytes + SIZE);
    if (file->bytes[COMPRESSION] == GZIP) {
        uint8_t *room = pool_allocate(&image->pool, image->ram_size);
        if (!room)
            return error_set(error, "%s: the host is out of memory", file->name);
        if (!inflate_all(image, file, room, &size, error))
            return false;
        bytes = room;
    }
    image->entry = word(file->bytes + ENTRY);
    return ppc_image_add(image, file->name, word(file->bytes + LOAD), bytes, size, size, error) &&
           check_entry(file, size, error);
}
