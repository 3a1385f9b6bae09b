/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Linux kernels by the 32-bit boot protocol: Documentation/arch/x86/boot.rst ("The Real-Mode
 * Kernel Header", "32-bit Boot Protocol") and zero-page.rst of the kernel.
 */
#include "hw/pc/linux_options.h"
#include "hw/pc/loader.h"

#include <string.h>

/* Offsets, both in the file and in the zero page. */
enum {
    HDR_SETUP_SECTS = 0x1f1,
    HDR_SYSSIZE = 0x1f4,
    HDR_VID_MODE = 0x1fa,
    HDR_BOOT_FLAG = 0x1fe,
    HDR_JUMP = 0x200,
    HDR_MAGIC = 0x202,
    HDR_VERSION = 0x206,
    HDR_LOADER = 0x210,
    HDR_LOADFLAGS = 0x211,
    HDR_INITRD = 0x218,
    HDR_INITRD_SIZE = 0x21c,
    HDR_COMMAND_LINE = 0x228,
    HDR_INITRD_MAX = 0x22c,
    HDR_COMMAND_LINE_MAX = 0x238,
    HDR_PREFERRED = 0x258,
    HDR_INIT_SIZE = 0x260,
    HDR_END = 0x268,
};
/* struct screen_info of the kernel, whose offsets these are */
enum {
    SCREEN_MODE = 0x006,
    SCREEN_COLUMNS = 0x007,
    SCREEN_EGA_MEMORY = 0x00a, /* what INT 10h, AH = 12h, BL = 10h says; 3: 256 KiB */
    SCREEN_LINES = 0x00e,
    SCREEN_IS_VGA = 0x00f,
    SCREEN_POINTS = 0x010,
};
enum {
    ZERO_EXT_MEM = 0x002,
    ZERO_OLD_MAGIC = 0x020,
    ZERO_OLD_OFFSET = 0x022,
    ZERO_ALT_MEM = 0x1e0,
    ZERO_MAP_COUNT = 0x1e8,
    ZERO_MAP = 0x2d0,
    ZERO_SIZE = 0x1000,
};
enum { BOOT_FLAG = 0xaa55, OLD_MAGIC = 0xa33f, LOADER_UNKNOWN = 0xff };
enum { LOADED_HIGH = 0x01, QUIET = 0x20, KEEP_SEGMENTS = 0x40, CAN_USE_HEAP = 0x80 };

enum { ZERO_PAGE = 0x90000, GDT_ADDRESS = 0x91000, COMMAND_LINE = 0x92000 };
enum { SECTOR = 512, PAGE = 4096, KERNEL_ADDRESS = 0x100000 };

bool is_linux(const struct file *kernel)
{
    return kernel->size >= HDR_VERSION + 2 && load16(kernel->bytes + HDR_BOOT_FLAG) == BOOT_FLAG &&
           memcmp(kernel->bytes + HDR_MAGIC, "HdrS", 4) == 0;
}

static unsigned version(const struct file *kernel)
{
    return load16(kernel->bytes + HDR_VERSION);
}

/* Real-mode code comes first, in sectors; 0 means 4. */
static size_t setup_size(const struct file *kernel)
{
    unsigned sectors = kernel->bytes[HDR_SETUP_SECTS];
    return (size_t)SECTOR * ((sectors ? sectors : 4) + 1);
}

static bool check_file(const struct file *kernel, struct error *error)
{
    uint64_t whole = setup_size(kernel);
    if (kernel->size >= HDR_END && version(kernel) >= 0x204)
        whole += 16 * (uint64_t)load32(kernel->bytes + HDR_SYSSIZE);
    /* The size is rounded up to paragraphs; not every kernel's file is. */
    if (kernel->size < HDR_END || kernel->size <= setup_size(kernel) || kernel->size + 15 < whole)
        return error_set(error, "%s: truncated: %zu bytes of %llu", kernel->name, kernel->size,
                         (unsigned long long)whole);
    return !linux_is_64_bit(kernel, setup_size(kernel)) ||
           error_set(error, "%s: a 64-bit kernel; Tessera's processor has 32 bits", kernel->name);
}

static bool check_header(const struct file *kernel, struct error *error)
{
    if (!check_file(kernel, error))
        return false;
    if (version(kernel) < 0x200 || !(kernel->bytes[HDR_LOADFLAGS] & LOADED_HIGH))
        return error_set(error, "%s: a zImage; only bzImage kernels can be loaded", kernel->name);
    return true;
}

/* The end of the memory that the kernel needs to unpack itself, as far as it says. */
static uint64_t kernel_end(const struct file *kernel)
{
    uint64_t loaded = KERNEL_ADDRESS + (uint64_t)(kernel->size - setup_size(kernel));
    if (version(kernel) < 0x20a)
        return loaded;
    uint64_t unpacked =
        (uint64_t)load32(kernel->bytes + HDR_PREFERRED) + load32(kernel->bytes + HDR_INIT_SIZE);
    return unpacked > loaded ? unpacked : loaded;
}

static bool load_code(struct image *image, const struct file *kernel, struct error *error)
{
    size_t skip = setup_size(kernel);
    if (kernel_end(kernel) > image->memory_end)
        return error_set(error, "%s: needs %s of memory, there are %s", kernel->name,
                         size_text(kernel_end(kernel)).text, size_text(image->memory_end).text);
    return loader_add(image, kernel->name, KERNEL_ADDRESS, kernel->bytes + skip,
                      kernel->size - skip, error);
}

/* The highest page in the ranges for so many bytes that end at `top` at most; 0: there is none. */
static uint64_t highest_place(const struct ranges *memory, uint64_t lowest, uint64_t top,
                              size_t size)
{
    uint64_t best = 0;
    for (unsigned i = 0; i < memory->count; i++) {
        uint64_t end = memory->range[i].end < top ? memory->range[i].end : top;
        uint64_t begin = memory->range[i].begin > lowest ? memory->range[i].begin : lowest;
        uint64_t address = end > size ? (end - size) & ~(uint64_t)(PAGE - 1) : 0;
        if (address >= begin && address > best)
            best = address;
    }
    return best;
}

/* Reads it, and finds a place as high as the kernel, its command line and memory allow. */
static bool place_initrd(struct image *image, const struct file *kernel,
                         const struct loader_request *r, uint32_t memory_end, struct piece *initrd,
                         struct error *error)
{
    uint64_t limit = version(kernel) >= 0x203 ? load32(kernel->bytes + HDR_INITRD_MAX) : 0x37ffffff;
    uint64_t top = limit + 1 < memory_end ? limit + 1 : memory_end;
    struct ranges memory = {1, {{HIGH_RAM, memory_end}}};
    struct file file;
    if (!loader_read(image, r->initrd, &file, error))
        return false;
    linux_options_memory(r->append, &memory);
    uint64_t address = highest_place(&memory, kernel_end(kernel), top, file.size);
    bool less = memory.count != 1 || memory.range[0].end != memory_end;
    if (!address)
        return error_set(error, "%s: %zu bytes do not fit into %s of memory beside the kernel%s",
                         file.name, file.size, size_text(image->ram_size).text,
                         less ? ", of which -append leaves less" : "");
    *initrd = (struct piece){(uint32_t)address, file.bytes, file.size};
    return true;
}

static void store_initrd(uint8_t *zero_page, const struct piece *initrd)
{
    store32(zero_page + HDR_INITRD, initrd->address);
    store32(zero_page + HDR_INITRD_SIZE, (uint32_t)initrd->size);
}

static bool load_initrd(struct image *image, const struct file *kernel,
                        const struct loader_request *r, uint8_t *zero_page, struct error *error)
{
    struct piece initrd = {0};
    if (!place_initrd(image, kernel, r, image->memory_end, &initrd, error))
        return false;
    store_initrd(zero_page, &initrd);
    return loader_add(image, r->initrd, initrd.address, initrd.bytes, initrd.size, error);
}

static bool check_command_line(const struct file *kernel, const char *text, size_t room,
                               struct error *error)
{
    size_t length = strlen(text);
    size_t most = version(kernel) >= 0x206 ? load32(kernel->bytes + HDR_COMMAND_LINE_MAX) : 255;
    return (length <= most && length < room) ||
           error_set(error, "-append: %zu characters; the kernel takes %zu", length, most);
}

static bool load_command_line(struct image *image, const struct file *kernel, const char *text,
                              uint8_t *zero_page, struct error *error)
{
    size_t length = strlen(text);
    if (!check_command_line(kernel, text, EBDA - COMMAND_LINE, error))
        return false;
    if (version(kernel) >= 0x202) {
        store32(zero_page + HDR_COMMAND_LINE, COMMAND_LINE);
    } else {
        store16(zero_page + ZERO_OLD_MAGIC, OLD_MAGIC);
        store16(zero_page + ZERO_OLD_OFFSET, COMMAND_LINE - ZERO_PAGE);
    }
    char *copy = loader_allocate(image, length + 1, error);
    if (!copy)
        return false;
    memcpy(copy, text, length + 1);
    return loader_add(image, "-append", COMMAND_LINE, copy, length + 1, error);
}

static void store_memory(const struct image *image, uint8_t *zero_page)
{
    struct map_entry map[MAP_ENTRIES];
    unsigned n = loader_memory_map(image, map);
    uint32_t above = image->memory_end > HIGH_RAM ? (image->memory_end - HIGH_RAM) / 1024 : 0;
    store16(zero_page + ZERO_EXT_MEM, above < 0xffff ? above : 0xffff);
    store32(zero_page + ZERO_ALT_MEM, above);
    zero_page[ZERO_MAP_COUNT] = (uint8_t)n;
    for (unsigned i = 0; i < n; i++) {
        uint8_t *entry = zero_page + ZERO_MAP + (size_t)20 * i;
        store64(entry, map[i].base);
        store64(entry + 8, map[i].size);
        store32(entry + 16, map[i].type);
    }
}

/* The kernel's setup header, with what the loader is to fill in. */
static void store_header(const struct file *kernel, const char *append, uint8_t *zero_page)
{
    size_t end = HDR_MAGIC + (size_t)kernel->bytes[HDR_JUMP + 1];
    if (end > ZERO_MAP - 0x40) /* what follows is not the header's */
        end = ZERO_MAP - 0x40;
    if (end > kernel->size)
        end = kernel->size;
    memcpy(zero_page + HDR_SETUP_SECTS, kernel->bytes + HDR_SETUP_SECTS, end - HDR_SETUP_SECTS);
    store16(zero_page + HDR_VID_MODE, linux_options_video(append));
    zero_page[HDR_LOADER] = LOADER_UNKNOWN;
    zero_page[HDR_LOADFLAGS] &= (uint8_t) ~(QUIET | KEEP_SEGMENTS | CAN_USE_HEAP);
    store32(zero_page + HDR_INITRD, 0);
    store32(zero_page + HDR_INITRD_SIZE, 0);
}

/* Mode 3, as a BIOS leaves it, with the cursor at the top. */
static void store_screen(uint8_t *zero_page)
{
    zero_page[SCREEN_MODE] = 3;
    zero_page[SCREEN_COLUMNS] = 80;
    zero_page[SCREEN_LINES] = 25;
    zero_page[SCREEN_IS_VGA] = 1;
    store16(zero_page + SCREEN_EGA_MEMORY, 3);
    store16(zero_page + SCREEN_POINTS, 16);
}

bool load_linux(struct image *image, const struct file *kernel, const struct loader_request *r,
                struct error *error)
{
    uint8_t *zero_page = loader_allocate(image, ZERO_SIZE, error);
    if (!zero_page || !check_header(kernel, error) || !load_code(image, kernel, error))
        return false;
    store_header(kernel, r->append, zero_page);
    store_memory(image, zero_page);
    if (r->has_screen)
        store_screen(zero_page);
    if (r->initrd && !load_initrd(image, kernel, r, zero_page, error))
        return false;
    if (!load_command_line(image, kernel, r->append, zero_page, error) ||
        !loader_add_gdt(image, GDT_ADDRESS, error))
        return false;
    image->eip = KERNEL_ADDRESS;
    image->esi = ZERO_PAGE;
    return loader_add(image, kernel->name, ZERO_PAGE, zero_page, ZERO_SIZE, error);
}

/* --- for a BIOS: "The Real-Mode Kernel Header", "Memory Layout" of boot.rst --- */

/* Where the boot ROM (boot_rom.S) is to put the parts; the stack ends below the command line. */
struct layout {
    uint32_t setup, kernel, command_line;
};
enum { HEAP_END = 0x9800, LINE_ROOM = 0x1000, HDR_HEAP_END = 0x224 };
/* The BIOS keeps its tables at the end of memory. */
enum { BIOS_TABLES = 256 << 10 };

static struct layout layout_for(const struct file *kernel)
{
    struct layout at = {0x10000, KERNEL_ADDRESS, 0x20000};
    if (version(kernel) < 0x202 || !(kernel->bytes[HDR_LOADFLAGS] & LOADED_HIGH))
        at = (struct layout){0x90000, KERNEL_ADDRESS, 0x9a000};
    if (!(kernel->bytes[HDR_LOADFLAGS] & LOADED_HIGH))
        at.kernel = 0x10000;
    return at;
}

static void store_setup_header(uint8_t *setup, const struct file *kernel, const struct layout *at)
{
    setup[HDR_LOADER] = LOADER_UNKNOWN;
    if (version(kernel) >= 0x201) {
        setup[HDR_LOADFLAGS] |= CAN_USE_HEAP;
        store16(setup + HDR_HEAP_END, HEAP_END - 0x200);
    }
    if (version(kernel) >= 0x202) {
        store32(setup + HDR_COMMAND_LINE, at->command_line);
    } else {
        store16(setup + ZERO_OLD_MAGIC, OLD_MAGIC);
        store16(setup + ZERO_OLD_OFFSET, at->command_line - at->setup);
    }
}

static void give(struct fw_cfg *f, enum fw_cfg_key first, uint32_t address, enum fw_cfg_key data,
                 const void *bytes, size_t size)
{
    fw_cfg_add_number(f, first, address);
    fw_cfg_add_number(f, first + 1, (uint32_t)size);
    fw_cfg_add(f, data, bytes, size);
}

bool load_linux_for_bios(struct image *image, const struct file *kernel,
                         const struct loader_request *r, struct error *error)
{
    struct fw_cfg *f = &image->fw_cfg;
    struct piece disk = {0, NULL, 0};
    if (!check_file(kernel, error) || !check_command_line(kernel, r->append, LINE_ROOM, error))
        return false;
    struct layout at = layout_for(kernel);
    size_t skip = setup_size(kernel), size = kernel->size - skip;
    if (version(kernel) < 0x200 || (at.kernel < HIGH_RAM && size > 0x90000 - at.kernel))
        return error_set(error, "%s: a kernel too old, or too large for below 640 KiB",
                         kernel->name);
    if (image->ram_size < 2 * HIGH_RAM || size > image->ram_size - 2 * HIGH_RAM)
        return error_set(error, "%s: too large for %s of memory", kernel->name,
                         size_text(image->ram_size).text);
    if (r->initrd && !place_initrd(image, kernel, r, image->ram_size - BIOS_TABLES, &disk, error))
        return false;
    uint8_t *setup = loader_allocate(image, skip, error);
    if (!setup)
        return false;
    memcpy(setup, kernel->bytes, skip);
    store_setup_header(setup, kernel, &at);
    store16(setup + HDR_VID_MODE, linux_options_video(r->append));
    store_initrd(setup, &disk);
    give(f, FW_CFG_SETUP_ADDRESS, at.setup, FW_CFG_SETUP_DATA, setup, skip);
    give(f, FW_CFG_KERNEL_ADDRESS, at.kernel, FW_CFG_KERNEL_DATA, kernel->bytes + skip, size);
    give(f, FW_CFG_INITRD_ADDRESS, disk.address, FW_CFG_INITRD_DATA, disk.bytes, disk.size);
    give(f, FW_CFG_LINE_ADDRESS, at.command_line, FW_CFG_LINE_DATA, r->append,
         strlen(r->append) + 1);
    return true;
}
