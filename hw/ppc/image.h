/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a PowerPC machine is to run. It is read and checked once, into a list of pieces of memory;
 * a reset copies them again.
 *
 *   struct ppc_image image = {.ram_size = ram};
 *   ppc_image_load(&image, path, &error);
 *   ppc_image_copy(&image, memory);
 *   ppc_image_free(&image);
 */
#ifndef HW_PPC_IMAGE_H
#define HW_PPC_IMAGE_H

#include "hw/host/whole_file.h"

struct memory;

enum { PPC_PIECES = 32 };

struct ppc_image {
    uint32_t ram_size;
    struct pool pool; /* what pieces point into */
    unsigned pieces;
    struct ppc_piece {
        uint32_t address, size, filled; /* behind what is filled, zeros */
        const uint8_t *bytes;
    } piece[PPC_PIECES];
    uint32_t entry;
    uint32_t end; /* of the last piece in memory */
};

/*
 * A 32-bit, big-endian ELF executable, its segments where their physical addresses are; or one of
 * U-Boot's images of a PowerPC kernel (hw/ppc/uimage.c). On failure, too, it is to be freed.
 */
bool ppc_image_load(struct ppc_image *image, const char *path, struct error *error);
/* Bytes, and zeros up to `size`, at an address; what is not in RAM is refused. `what` is for that.
 */
bool ppc_image_add(struct ppc_image *image, const char *what, uint64_t address,
                   const uint8_t *bytes, uint64_t filled, uint64_t size, struct error *error);
void ppc_image_copy(const struct ppc_image *image, struct memory *memory);
void ppc_image_free(struct ppc_image *image);
/* Is the file one of those, by its first bytes? */
bool ppc_image_is_one(const char *path);

/* --- the formats --- */

bool ppc_elf_load(struct ppc_image *image, const struct file *file, struct error *error);
enum { UIMAGE_HEADER = 64 };
bool ppc_is_uimage(const uint8_t *header); /* of any processor; by 4 bytes */
bool ppc_uimage_is_for_us(const uint8_t *header);
bool ppc_uimage_load(struct ppc_image *image, const struct file *file, struct error *error);

#endif
