/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a PowerPC machine is to run: see image.h. */
#include "hw/ppc/image.h"

#include "exec/memory.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool ppc_image_add(struct ppc_image *image, const char *what, uint64_t address,
                   const uint8_t *bytes, uint64_t filled, uint64_t size, struct error *error)
{
    uint64_t ram = image->ram_size;
    if (size > ram || address > ram - size)
        return error_set(error, "%s: %s at address %" PRIx64 "h are not in RAM, %s (-m)", what,
                         size_text(size).text, address, size_text(ram).text);
    if (image->pieces == PPC_PIECES)
        return error_set(error, "%s: more than %d pieces", what, PPC_PIECES);
    image->piece[image->pieces++] =
        (struct ppc_piece){(uint32_t)address, (uint32_t)size, (uint32_t)filled, bytes};
    if (address + size > image->end)
        image->end = (uint32_t)(address + size);
    return true;
}

bool ppc_image_load(struct ppc_image *image, const char *path, struct error *error)
{
    struct file file;
    if (!file_read(&image->pool, path, file_for_memory(image->ram_size), &file, error))
        return false;
    if (file.size >= 4 && ppc_is_uimage(file.bytes))
        return ppc_uimage_load(image, &file, error);
    return ppc_elf_load(image, &file, error);
}

static void copy_zeros(struct memory *memory, uint32_t address, uint32_t size)
{
    static const uint8_t zeros[PAGE_SIZE];
    while (size) {
        uint32_t part = size < sizeof zeros ? size : sizeof zeros;
        memory_copy_in(memory, address, zeros, part);
        address += part;
        size -= part;
    }
}

void ppc_image_copy(const struct ppc_image *image, struct memory *memory)
{
    for (unsigned i = 0; i < image->pieces; i++) {
        const struct ppc_piece *p = &image->piece[i];
        memory_copy_in(memory, p->address, p->bytes, p->filled);
        copy_zeros(memory, p->address + p->filled, p->size - p->filled);
    }
}

void ppc_image_free(struct ppc_image *image)
{
    pool_free(&image->pool);
}

/* 32-bit, e_machine 20; in either byte order, so that the wrong one is refused as such. */
static bool is_elf(const uint8_t *header)
{
    static const uint8_t identity[] = {0x7f, 'E', 'L', 'F', 1};
    return memcmp(header, identity, sizeof identity) == 0 && header[18] + header[19] == 20 &&
           header[header[5] == 2 ? 19 : 18] == 20;
}

bool ppc_image_is_one(const char *path)
{
    uint8_t header[UIMAGE_HEADER] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    ssize_t n = pread(fd, header, sizeof header, 0);
    close(fd);
    return n == sizeof header && (is_elf(header) || ppc_uimage_is_for_us(header));
}
