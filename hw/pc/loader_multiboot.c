/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels by the Multiboot Specification 0.6.96 ("Multiboot 1"), in ELF or by address fields. */
#include "hw/pc/loader.h"

#include "hw/host/list.h"

#include <gelf.h>
#include <stdio.h>
#include <string.h>

enum { SEARCH = 8192, HEADER_SIZE = 12, ADDRESSES_SIZE = 32, PAGE = 4096 };
#define HEADER_MAGIC 0x1badb002u
#define LOADER_MAGIC 0x2badb002u

enum {
    WANTS_ALIGNED_MODULES = 1 << 0,
    WANTS_MEMORY = 1 << 1,
    WANTS_VIDEO = 1 << 2, /* granted by saying which there is: text, or none */
    REQUIREMENTS = 0xffff,
    HAS_ADDRESSES = 1 << 16,
};

/* The information structure: section 3.3. */
enum {
    INFO_FLAGS = 0,
    INFO_MEM_LOWER = 4,
    INFO_MEM_UPPER = 8,
    INFO_COMMAND_LINE = 16,
    INFO_MODULE_COUNT = 20,
    INFO_MODULES = 24,
    INFO_MAP_LENGTH = 44,
    INFO_MAP = 48,
    INFO_LOADER_NAME = 64,
    INFO_FRAME_BUFFER = 88,
    INFO_SIZE = 120,
};
enum { HAS_MEMORY = 1, HAS_COMMAND_LINE = 4, HAS_MODULES = 8, HAS_MAP = 64, HAS_NAME = 512 };
enum { HAS_FRAME_BUFFER = 4096 };
enum { MAP_ENTRY = 24, MODULE_ENTRY = 16 };

enum { INFO_ADDRESS = 0x90000, INFO_LIMIT = EBDA - INFO_ADDRESS };

/* The header's offset, or -1. */
static long find_header(const struct file *kernel)
{
    size_t end = kernel->size < SEARCH ? kernel->size : SEARCH;
    for (size_t at = 0; at + HEADER_SIZE <= end; at += 4) {
        const uint8_t *h = kernel->bytes + at;
        if (load32(h) == HEADER_MAGIC && load32(h) + load32(h + 4) + load32(h + 8) == 0)
            return (long)at;
    }
    return -1;
}

bool is_multiboot(const struct file *kernel)
{
    return find_header(kernel) >= 0;
}

static bool truncated(const struct file *kernel, struct error *error)
{
    return error_set(error, "%s: truncated", kernel->name);
}

/* --- placing the kernel; *end is where it ends in memory --- */

/* Section 3.1.3 */
static bool load_by_addresses(struct image *image, const struct file *kernel, size_t header,
                              uint64_t *end, struct error *error)
{
    if (header + ADDRESSES_SIZE > kernel->size)
        return truncated(kernel, error);
    const uint8_t *h = kernel->bytes + header;
    uint32_t header_address = load32(h + 12), load = load32(h + 16), load_end = load32(h + 20);
    uint32_t bss_end = load32(h + 24);
    uint64_t before = (uint64_t)header_address - load;
    if (header_address < load || before > header || (load_end && load_end < load))
        return error_set(error, "%s: the addresses in its Multiboot header do not fit together",
                         kernel->name);
    size_t from = header - (size_t)before;
    uint64_t size = load_end ? load_end - load : kernel->size - from;
    if (size > kernel->size - from)
        return truncated(kernel, error);
    *end = load + size;
    if (!loader_add(image, kernel->name, load, kernel->bytes + from, size, error))
        return false;
    if (bss_end > *end) {
        if (!loader_add(image, kernel->name, *end, NULL, bss_end - *end, error))
            return false;
        *end = bss_end;
    }
    image->eip = load32(h + 28);
    return true;
}

static bool load_segment(struct image *image, const struct file *kernel, const GElf_Phdr *p,
                         uint64_t *end, struct error *error)
{
    if (p->p_filesz > kernel->size || p->p_offset > kernel->size - p->p_filesz)
        return truncated(kernel, error);
    if (p->p_filesz > p->p_memsz)
        return error_set(error, "%s: a segment larger than its memory", kernel->name);
    if (p->p_paddr + p->p_memsz > *end)
        *end = p->p_paddr + p->p_memsz;
    return loader_add(image, kernel->name, p->p_paddr, kernel->bytes + p->p_offset, p->p_filesz,
                      error) &&
           loader_add(image, kernel->name, p->p_paddr + p->p_filesz, NULL, p->p_memsz - p->p_filesz,
                      error);
}

/* An entry point is virtual, memory physical. */
static uint32_t physical_entry(Elf *elf, size_t count, uint64_t entry)
{
    GElf_Phdr p;
    for (size_t i = 0; i < count; i++)
        if (gelf_getphdr(elf, (int)i, &p) && p.p_type == PT_LOAD && entry - p.p_vaddr < p.p_memsz)
            return (uint32_t)(entry - p.p_vaddr + p.p_paddr);
    return (uint32_t)entry;
}

static bool load_segments(struct image *image, const struct file *kernel, Elf *elf, uint64_t *end,
                          struct error *error)
{
    size_t count = 0;
    GElf_Ehdr ehdr;
    GElf_Phdr p;
    if (!gelf_getehdr(elf, &ehdr) || elf_getphdrnum(elf, &count) != 0)
        return truncated(kernel, error);
    if (ehdr.e_type != ET_EXEC)
        return error_set(error, "%s: not an i386 executable", kernel->name);
    *end = 0;
    for (size_t i = 0; i < count; i++) {
        if (!gelf_getphdr(elf, (int)i, &p))
            return truncated(kernel, error);
        if (p.p_type == PT_LOAD && p.p_memsz && !load_segment(image, kernel, &p, end, error))
            return false;
    }
    image->eip = physical_entry(elf, count, ehdr.e_entry);
    return *end || error_set(error, "%s: nothing in it to load", kernel->name);
}

static bool load_elf(struct image *image, const struct file *kernel, uint64_t *end,
                     struct error *error)
{
    elf_version(EV_CURRENT);
    /* libelf takes memory it might write to. */
    char *copy = loader_allocate(image, kernel->size, error);
    if (!copy)
        return false;
    memcpy(copy, kernel->bytes, kernel->size);
    Elf *elf = elf_memory(copy, kernel->size);
    bool good = elf && elf_kind(elf) == ELF_K_ELF ? load_segments(image, kernel, elf, end, error)
                                                  : truncated(kernel, error);
    elf_end(elf);
    return good;
}

/* --- the information structure, and what it points to --- */

struct info {
    uint8_t *bytes;
    uint32_t address; /* where it will be */
    size_t used, size;
};

/* Room in the block behind the structure; its address. The size was computed to suffice. */
static uint32_t info_room(struct info *info, size_t size, uint8_t **bytes)
{
    uint32_t address = info->address + (uint32_t)info->used;
    *bytes = info->bytes + info->used;
    info->used += (size + 3) & ~(size_t)3;
    return address;
}

static uint32_t info_string(struct info *info, const char *text, size_t length)
{
    uint8_t *bytes;
    uint32_t address = info_room(info, length + 1, &bytes);
    memcpy(bytes, text, length);
    return address;
}

static void store_map(const struct image *image, struct info *info)
{
    struct map_entry map[MAP_ENTRIES];
    unsigned n = loader_memory_map(image, map);
    uint8_t *bytes;
    store32(info->bytes + INFO_MAP_LENGTH, n * MAP_ENTRY);
    store32(info->bytes + INFO_MAP, info_room(info, (size_t)n * MAP_ENTRY, &bytes));
    for (unsigned i = 0; i < n; i++, bytes += MAP_ENTRY) {
        store32(bytes, MAP_ENTRY - 4); /* the size does not count itself */
        store64(bytes + 4, map[i].base);
        store64(bytes + 12, map[i].size);
        store32(bytes + 20, map[i].type);
    }
}

/* A list has at most a module more than it has commas. */
static size_t most_modules(const char *list)
{
    size_t count = list ? 1 : 0;
    for (; list && *list; list++)
        count += *list == ',';
    return count;
}

/* Reads a module's file, puts it page-aligned at *end; `text` is its name and arguments. */
static bool load_module(struct image *image, struct info *info, uint8_t *entry, const char *text,
                        uint64_t *end, struct error *error)
{
    size_t length = strcspn(text, " ");
    char *path = loader_allocate(image, length + 1, error);
    struct file file;
    if (!path)
        return false;
    if (!length)
        return error_set(error, "-initrd: a module without a name in the list");
    memcpy(path, text, length);
    if (!loader_read(image, path, &file, error))
        return false;
    uint64_t address = (*end + PAGE - 1) & ~(uint64_t)(PAGE - 1);
    *end = address + file.size;
    if (!loader_add(image, path, address, file.bytes, file.size, error))
        return false;
    store32(entry, (uint32_t)address);
    store32(entry + 4, (uint32_t)*end);
    store32(entry + 8, info_string(info, text, strlen(text)));
    return true;
}

static bool load_modules(struct image *image, struct info *info, const char *list, uint64_t *end,
                         struct error *error)
{
    uint8_t *entry;
    uint32_t count = 0;
    char *text = loader_allocate(image, strlen(list) + 1, error);
    if (!text)
        return false;
    store32(info->bytes + INFO_MODULES, info_room(info, most_modules(list) * MODULE_ENTRY, &entry));
    if (*end < HIGH_RAM)
        *end = HIGH_RAM;
    for (; list; entry += MODULE_ENTRY, count++) {
        list = list_next(list, text);
        if (!load_module(image, info, entry, text + strspn(text, " "), end, error))
            return false;
    }
    store32(info->bytes + INFO_MODULE_COUNT, count);
    return true;
}

static bool low_memory_is_free(const struct image *image)
{
    for (unsigned i = 0; i < image->pieces; i++) {
        const struct piece *p = &image->piece[i];
        if (p->address < EBDA && p->address + p->size > INFO_ADDRESS)
            return false;
    }
    return true;
}

/*
 * The structure and its strings lie in low memory, or, where that is the kernel's, behind it;
 * the descriptor table follows them.
 */
static bool place_info(struct image *image, struct info *info, uint64_t *end, struct error *error)
{
    enum { GDT_SIZE = 32 };
    uint64_t address = INFO_ADDRESS;
    if (info->size + GDT_SIZE > INFO_LIMIT || !low_memory_is_free(image)) {
        address = ((*end > HIGH_RAM ? *end : HIGH_RAM) + PAGE - 1) & ~(uint64_t)(PAGE - 1);
        *end = address + info->size + GDT_SIZE;
    }
    info->bytes = loader_allocate(image, info->size, error);
    info->address = (uint32_t)address;
    info->used = INFO_SIZE;
    return info->bytes &&
           loader_add(image, "Multiboot information", address, info->bytes, info->size, error) &&
           loader_add_gdt(image, (uint32_t)(address + info->size), error);
}

/* EGA's text, whose width is in characters. */
static void store_screen(uint8_t *info)
{
    enum { PITCH = 8, WIDTH = 12, HEIGHT = 16, DEPTH = 20, TYPE = 21, EGA_TEXT = 2 };
    uint8_t *screen = info + INFO_FRAME_BUFFER;
    store32(info + INFO_FLAGS, load32(info + INFO_FLAGS) | HAS_FRAME_BUFFER);
    store64(screen, 0xb8000);
    store32(screen + PITCH, 160);
    store32(screen + WIDTH, 80);
    store32(screen + HEIGHT, 25);
    screen[DEPTH] = 16;
    screen[TYPE] = EGA_TEXT;
}

static bool load_info(struct image *image, const struct file *kernel,
                      const struct loader_request *r, uint64_t end, struct error *error)
{
    static const char name[] = "Tessera";
    const char *modules = r->initrd, *append = r->append;
    size_t count = most_modules(modules);
    size_t line_length = strlen(kernel->name) + 1 + strlen(append);
    char *line = loader_allocate(image, line_length + 1, error);
    /* Strings of the modules need at most the list's length and a terminator and padding each. */
    size_t size = INFO_SIZE + MAP_ENTRIES * MAP_ENTRY + sizeof name + line_length + 16 +
                  count * (MODULE_ENTRY + 8) + (modules ? strlen(modules) : 0);
    struct info info = {.size = (size + 15) & ~(size_t)15};
    if (!line || !place_info(image, &info, &end, error))
        return false;
    snprintf(line, line_length + 1, "%s %s", kernel->name, append);
    store32(info.bytes + INFO_FLAGS,
            HAS_MEMORY | HAS_COMMAND_LINE | HAS_MAP | HAS_NAME | (modules ? HAS_MODULES : 0));
    store32(info.bytes + INFO_MEM_LOWER, EBDA / 1024);
    store32(info.bytes + INFO_MEM_UPPER,
            image->memory_end > HIGH_RAM ? (image->memory_end - HIGH_RAM) / 1024 : 0);
    store32(info.bytes + INFO_COMMAND_LINE, info_string(&info, line, line_length));
    store32(info.bytes + INFO_LOADER_NAME, info_string(&info, name, sizeof name - 1));
    store_map(image, &info);
    if (r->has_screen)
        store_screen(info.bytes);
    image->eax = LOADER_MAGIC;
    image->ebx = info.address;
    return !modules || load_modules(image, &info, modules, &end, error);
}

bool load_multiboot(struct image *image, const struct file *kernel, const struct loader_request *r,
                    struct error *error)
{
    size_t header = (size_t)find_header(kernel);
    uint32_t flags = load32(kernel->bytes + header + 4);
    uint32_t unknown =
        flags & REQUIREMENTS & ~(uint32_t)(WANTS_ALIGNED_MODULES | WANTS_MEMORY | WANTS_VIDEO);
    uint64_t end = 0;
    if (is_elf(kernel) && !check_elf(kernel, error))
        return false;
    if (!is_elf(kernel) && !(flags & HAS_ADDRESSES))
        return refuse_kernel(kernel, error);
    if (unknown)
        return error_set(error, "%s: wants unknown Multiboot features (flags %08x)", kernel->name,
                         flags);
    bool loaded = flags & HAS_ADDRESSES ? load_by_addresses(image, kernel, header, &end, error)
                                        : load_elf(image, kernel, &end, error);
    return loaded && load_info(image, kernel, r, end, error);
}
