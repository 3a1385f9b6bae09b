/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loading what the machine is to run. Everything is read and checked once, before the guest
 * starts, into a list of pieces of memory; a reset copies them again.
 *
 *   loader_prepare(&image, &request, &error);
 *   loader_copy(&image, memory);
 *   loader_start(&image, exec);       protected mode, or nothing to do for a BIOS
 */
#ifndef HW_PC_LOADER_H
#define HW_PC_LOADER_H

#include "hw/host/error.h"
#include "hw/host/whole_file.h"
#include "hw/options.h"
#include "hw/pc/fw_cfg.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct exec;
struct memory;

struct piece {
    uint32_t address;
    const uint8_t *bytes; /* NULL: zeros */
    size_t size;
};

struct image {
    uint32_t ram_size;
    uint32_t memory_end; /* of what is left beside tables */
    unsigned pieces;
    struct piece *piece;
    struct pool pool; /* what pieces point into */

    const uint8_t *bios; /* NULL: start in protected mode, as follows */
    uint32_t bios_size;
    struct fw_cfg fw_cfg; /* the machine, what the user adds, and the kernel for a BIOS to boot */
    uint32_t eip, eax, ebx, esi, gdt;
};

/* On failure, too, the image is to be freed. */
bool loader_prepare(struct image *image, const struct loader_request *request,
                    struct default_kernel fallback, struct error *error);
void loader_free(struct image *image);
void loader_copy(const struct image *image, struct memory *memory);
void loader_start(const struct image *image, struct exec *exec);

/* --- for the loaders of the various formats --- */

enum { LOW_RAM_END = 0xa0000, HIGH_RAM = 0x100000, EBDA = 0x9fc00 };

/* By file_read, at most as much as there is RAM. */
bool loader_read(struct image *image, const char *path, struct file *file, struct error *error);
/* Zeroed heap memory that lives as long as the image; NULL if there is none. */
void *loader_allocate(struct image *image, size_t size, struct error *error);
/* Puts bytes (NULL: zeros) at an address; refuses what is not RAM. `what` is for the message. */
bool loader_add(struct image *image, const char *what, uint64_t address, const void *bytes,
                uint64_t size, struct error *error);
/* The flat descriptors, at an address; selector 10h is code, 18h data. */
bool loader_add_gdt(struct image *image, uint32_t address, struct error *error);

/* The memory map a BIOS would report. */
enum { MAP_RAM = 1, MAP_RESERVED = 2, MAP_NVS = 4, MAP_ENTRIES = 5 };
struct map_entry {
    uint64_t base, size;
    uint32_t type;
};
unsigned loader_memory_map(const struct image *image, struct map_entry map[MAP_ENTRIES]);

/* ACPI's tables are at the end of memory, if there is enough of it. */
enum { LOADER_TABLES_SIZE = 0x11000, LOADER_TABLES_LEAST_RAM = 16 << 20 };
/* Tables that a BIOS would have made; what leads to them is put into the EBDA. */
bool loader_add_tables(struct image *image, const struct loader_tables *tables, uint8_t *ebda,
                       struct error *error);

bool is_linux(const struct file *kernel);
/* What the request says of initrd and command line; the latter is not NULL. */
bool load_linux(struct image *image, const struct file *kernel, const struct loader_request *r,
                struct error *error);
/* For a BIOS to boot, in real mode; in image->fw_cfg. */
bool load_linux_for_bios(struct image *image, const struct file *kernel,
                         const struct loader_request *r, struct error *error);
bool is_multiboot(const struct file *kernel);
/* The initrd is a list of modules, "file arguments,file arguments" (list.h). */
bool load_multiboot(struct image *image, const struct file *kernel, const struct loader_request *r,
                    struct error *error);

/* --- what cannot run here (loader_foreign.c) --- */

/* `code` is where the kernel's protected-mode part begins. */
bool linux_is_64_bit(const struct file *kernel, size_t code);
bool bios_is_64_bit(const struct file *bios);
bool is_elf(const struct file *file);
/* Refuses an ELF file that is not for 32-bit x86. */
bool check_elf(const struct file *file, struct error *error);
/* Says why a file is none of the kernels above; always false. */
bool refuse_kernel(const struct file *file, struct error *error);

/* boot_rom.S; its last byte is to be its checksum. */
extern const uint8_t boot_rom[];
extern const uint32_t boot_rom_size;
/* bios/: what starts if there is something to boot from and nobody has named another. */
extern const uint8_t our_bios[];
extern const uint32_t our_bios_size;
/* bios_vectors.S */
enum { BIOS_TIMER, BIOS_FIRST_8259, BIOS_SECOND_8259, BIOS_OTHER };
extern const uint8_t bios_vectors[];
extern const uint32_t bios_vectors_size;

static inline uint16_t load16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t load32(const uint8_t *p)
{
    return load16(p) | (uint32_t)load16(p + 2) << 16;
}

static inline void store16(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
}

static inline void store32(uint8_t *p, uint32_t value)
{
    store16(p, value);
    store16(p + 2, value >> 16);
}

static inline void store64(uint8_t *p, uint64_t value)
{
    store32(p, (uint32_t)value);
    store32(p + 4, (uint32_t)(value >> 32));
}

#endif
