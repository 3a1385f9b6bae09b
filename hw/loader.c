/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading files and placing them in memory; what is common to all kernels, and BIOS images. */
#include "hw/loader.h"

#include "exec/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool no_memory(struct error *error)
{
    return error_set(error, "the host is out of memory");
}

void *loader_allocate(struct image *image, size_t size, struct error *error)
{
    void **list = realloc(image->block, (image->blocks + 1) * sizeof(void *));
    void *block = calloc(1, size ? size : 1);
    if (list)
        image->block = list;
    if (!list || !block) {
        free(block);
        no_memory(error);
        return NULL;
    }
    image->block[image->blocks++] = block;
    return block;
}

static bool add_piece(struct image *image, struct piece piece, struct error *error)
{
    struct piece *list = realloc(image->piece, (image->pieces + 1) * sizeof *list);
    if (!list)
        return no_memory(error);
    image->piece = list;
    list[image->pieces++] = piece;
    return true;
}

bool loader_add(struct image *image, const char *what, uint64_t address, const void *bytes,
                uint64_t size, struct error *error)
{
    uint64_t end = address + size;
    bool low = end <= LOW_RAM_END && end <= image->ram_size;
    bool high = address >= HIGH_RAM && end <= image->ram_size;
    if (!size)
        return true;
    if (size > image->ram_size || !(low || high))
        return error_set(error, "%s: %llu bytes at %llxh do not fit into %u MiB of memory", what,
                         (unsigned long long)size, (unsigned long long)address,
                         image->ram_size >> 20);
    return add_piece(image, (struct piece){(uint32_t)address, bytes, (size_t)size}, error);
}

/* --- files --- */

static bool too_large(const struct image *image, const char *path, struct error *error)
{
    return error_set(error, "%s: larger than the guest's memory (%u MiB)", path,
                     image->ram_size >> 20);
}

/* Reads to the end of the file; `size` is what it is likely to be. */
static bool read_all(struct image *image, int fd, size_t size, struct file *file,
                     struct error *error)
{
    /* One byte more, to see the end. */
    uint8_t *bytes = loader_allocate(image, size + 1, error);
    size_t done = 0;
    while (bytes && done <= size) {
        ssize_t n = read(fd, bytes + done, size + 1 - done);
        if (n < 0 && errno != EINTR)
            return error_set(error, "%s: %s", file->name, strerror(errno));
        if (n == 0)
            break;
        done += n > 0 ? (size_t)n : 0;
    }
    file->bytes = bytes;
    file->size = done;
    if (bytes && done > size)
        return too_large(image, file->name, error);
    return bytes && (done || error_set(error, "%s: empty file", file->name));
}

static bool read_open(struct image *image, int fd, struct file *file, struct error *error)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return error_set(error, "%s: %s", file->name, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return error_set(error, "%s: is a directory", file->name);
    bool regular = S_ISREG(st.st_mode);
    if (regular && (uint64_t)st.st_size > image->ram_size)
        return too_large(image, file->name, error);
    return read_all(image, fd, regular ? (size_t)st.st_size : image->ram_size, file, error);
}

bool loader_read(struct image *image, const char *path, struct file *file, struct error *error)
{
    *file = (struct file){.name = path};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(error, "%s: %s", path, strerror(errno));
    bool good = read_open(image, fd, file, error);
    close(fd);
    return good;
}

/* --- descriptors, memory map --- */

bool loader_add_gdt(struct image *image, uint32_t address, struct error *error)
{
    static const uint64_t gdt[] = {
        0,
        0,
        0x00cf9b000000ffff /* code */,
        0x00cf93000000ffff /* data */,
    };
    uint8_t *bytes = loader_allocate(image, sizeof gdt, error);
    if (!bytes)
        return false;
    for (unsigned i = 0; i < sizeof gdt / sizeof *gdt; i++)
        store64(bytes + 8 * (size_t)i, gdt[i]);
    image->gdt = address;
    return loader_add(image, "descriptor table", address, bytes, sizeof gdt, error);
}

unsigned loader_memory_map(uint32_t ram_size, struct map_entry map[MAP_ENTRIES])
{
    unsigned n = 0;
    map[n++] = (struct map_entry){0, EBDA, MAP_RAM};
    map[n++] = (struct map_entry){EBDA, LOW_RAM_END - EBDA, MAP_RESERVED};
    map[n++] = (struct map_entry){0xf0000, 0x10000, MAP_RESERVED};
    if (ram_size > HIGH_RAM)
        map[n++] = (struct map_entry){HIGH_RAM, ram_size - HIGH_RAM, MAP_RAM};
    return n;
}

/* --- what to load --- */

static bool load_bios(struct image *image, const char *path, struct error *error)
{
    enum { STEP = 64 * 1024, MOST = 16 * 1024 * 1024 };
    struct file file;
    if (!loader_read(image, path, &file, error))
        return false;
    if (file.size % STEP || file.size > MOST)
        return error_set(error,
                         "%s: not a BIOS: %zu bytes are no multiple of 64 KiB, or more than 16 MiB",
                         path, file.size);
    image->bios = file.bytes;
    image->bios_size = (uint32_t)file.size;
    return true;
}

/* The words a BIOS keeps at 40:0 that kernels look at: serial ports, EBDA, memory below 1 MiB. */
static bool add_bios_data(struct image *image, struct error *error)
{
    uint8_t *bda = loader_allocate(image, 0x100, error);
    if (!bda)
        return false;
    store16(bda + 0x00, 0x3f8);
    store16(bda + 0x02, 0x2f8);
    store16(bda + 0x0e, EBDA >> 4);
    store16(bda + 0x13, EBDA / 1024);
    return loader_add(image, "BIOS data area", 0x400, bda, 0x100, error);
}

static bool load_kernel(struct image *image, const struct file *kernel,
                        const struct loader_request *request, struct error *error)
{
    const char *append = request->append ? request->append : "";
    if (!add_bios_data(image, error))
        return false;
    if (is_linux(kernel))
        return load_linux(image, kernel, request->initrd, append, error);
    if (is_multiboot(kernel))
        return load_multiboot(image, kernel, request->initrd, append, error);
    if (kernel->size >= 4 && memcmp(kernel->bytes, "\177ELF", 4) == 0)
        return error_set(error, "%s: an ELF file without a Multiboot header", kernel->name);
    return error_set(error, "%s: neither a Linux bzImage nor a Multiboot kernel", kernel->name);
}

/*
 * From this ROM the BIOS boots the kernel. SeaBIOS keeps its console on the serial port if it is
 * told which: there is no display.
 */
static bool add_boot_files(struct image *image, struct error *error)
{
    static const uint8_t com1[] = {0xf8, 0x03};
    uint8_t *rom = loader_allocate(image, boot_rom_size, error);
    if (!rom)
        return false;
    memcpy(rom, boot_rom, boot_rom_size);
    for (unsigned i = 0; i < boot_rom_size - 1; i++)
        rom[boot_rom_size - 1] -= rom[i];
    fw_cfg_add_file(&image->fw_cfg, "genroms/boot.rom", rom, boot_rom_size);
    fw_cfg_add_file(&image->fw_cfg, "etc/sercon-port", com1, sizeof com1);
    return true;
}

static bool load_for_bios(struct image *image, const struct loader_request *r, struct error *error)
{
    struct file kernel;
    if (!r->kernel)
        return true;
    if (!loader_read(image, r->kernel, &kernel, error))
        return false;
    if (!is_linux(&kernel))
        return error_set(error, "%s: not a Linux kernel, which is all that -bios can boot",
                         r->kernel);
    return load_linux_for_bios(image, &kernel, r->initrd, r->append ? r->append : "", error) &&
           add_boot_files(image, error);
}

static bool check_request(const struct loader_request *r, struct error *error)
{
    if (r->initrd && !r->kernel)
        return error_set(error, "-initrd needs -kernel");
    if (r->append && !r->kernel)
        return error_set(error, "-append needs -kernel");
    return true;
}

bool loader_prepare(struct image *image, const struct loader_request *request,
                    struct default_kernel fallback, struct error *error)
{
    struct file kernel = {"the default guest", fallback.bytes, fallback.size};
    *image = (struct image){.ram_size = request->ram_size};
    if (!check_request(request, error))
        return false;
    if (request->bios)
        return load_bios(image, request->bios, error) && load_for_bios(image, request, error);
    if (request->kernel && !loader_read(image, request->kernel, &kernel, error))
        return false;
    return load_kernel(image, &kernel, request, error);
}

void loader_free(struct image *image)
{
    for (unsigned i = 0; i < image->blocks; i++)
        free(image->block[i]);
    free(image->block);
    free(image->piece);
    *image = (struct image){0};
}

static void clear(struct memory *memory, uint32_t address, size_t size)
{
    static const uint8_t zeros[64 * 1024];
    while (size) {
        size_t n = size < sizeof zeros ? size : sizeof zeros;
        memory_copy_in(memory, address, zeros, n);
        address += (uint32_t)n;
        size -= n;
    }
}

void loader_copy(const struct image *image, struct memory *memory)
{
    for (unsigned i = 0; i < image->pieces; i++) {
        const struct piece *p = &image->piece[i];
        if (p->bytes)
            memory_copy_in(memory, p->address, p->bytes, p->size);
        else
            clear(memory, p->address, p->size);
    }
}
