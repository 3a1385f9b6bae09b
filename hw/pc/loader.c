/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Placing files in memory; what is common to all kernels, and BIOS images. */
#include "hw/pc/loader.h"

#include "exec/memory.h"

#include <stdlib.h>
#include <string.h>

static bool no_memory(struct error *error)
{
    return error_set(error, "the host is out of memory");
}

void *loader_allocate(struct image *image, size_t size, struct error *error)
{
    void *block = pool_allocate(&image->pool, size);
    if (!block)
        no_memory(error);
    return block;
}

bool loader_read(struct image *image, const char *path, struct file *file, struct error *error)
{
    return file_read(&image->pool, path, file_for_memory(image->ram_size), file, error);
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
        return error_set(error, "%s: %llu bytes at %llxh do not fit into %s of memory", what,
                         (unsigned long long)size, (unsigned long long)address,
                         size_text(image->ram_size).text);
    return add_piece(image, (struct piece){(uint32_t)address, bytes, (size_t)size}, error);
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

unsigned loader_memory_map(const struct image *image, struct map_entry map[MAP_ENTRIES])
{
    uint32_t end = image->memory_end, tables = image->ram_size - end;
    unsigned n = 0;
    map[n++] = (struct map_entry){0, EBDA, MAP_RAM};
    map[n++] = (struct map_entry){EBDA, LOW_RAM_END - EBDA, MAP_RESERVED};
    map[n++] = (struct map_entry){0xf0000, 0x10000, MAP_RESERVED};
    if (end > HIGH_RAM)
        map[n++] = (struct map_entry){HIGH_RAM, end - HIGH_RAM, MAP_RAM};
    if (tables)
        map[n++] = (struct map_entry){end, tables, MAP_NVS};
    return n;
}

/* --- what to load --- */

static bool load_bios(struct image *image, const char *path, struct error *error)
{
    if (!path) {
        image->bios = our_bios;
        image->bios_size = our_bios_size;
        return true;
    }
    enum { STEP = 64 * 1024, MOST = 16 * 1024 * 1024 };
    static const struct file_limit most = {MOST, "any BIOS"};
    struct file file;
    if (!file_read(&image->pool, path, most, &file, error))
        return false;
    if (file.size % STEP)
        return error_set(error, "%s: not a BIOS: %zu bytes are no multiple of 64 KiB", path,
                         file.size);
    if (bios_is_64_bit(&file))
        return error_set(error, "%s: 64-bit firmware; Tessera's processor has 32 bits", path);
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

/* Which handler of bios_vectors.S an interrupt has: IRQ 0..15 are 08h..0Fh and 70h..77h. */
static unsigned bios_handler(unsigned vector)
{
    switch (vector & ~7u) {
    case 0x08:
        return vector == 0x08 ? BIOS_TIMER : BIOS_FIRST_8259;
    case 0x70:
        return BIOS_SECOND_8259;
    default:
        return BIOS_OTHER;
    }
}

/* The vectors of real-address mode; their handlers are in the EBDA, behind the byte of its size. */
static bool add_bios_vectors(struct image *image, const struct loader_tables *tables,
                             struct error *error)
{
    enum { VECTORS = 256, HANDLERS = 16 };
    uint8_t *vectors = loader_allocate(image, VECTORS * 4, error);
    uint8_t *ebda = loader_allocate(image, LOW_RAM_END - EBDA, error);
    if (!vectors || !ebda)
        return false;
    *ebda = (LOW_RAM_END - EBDA) / 1024;
    memcpy(ebda + HANDLERS, bios_vectors, bios_vectors_size);
    for (unsigned i = 0; i < VECTORS; i++) {
        store16(vectors + i * 4, HANDLERS + load16(bios_vectors + 2 * bios_handler(i)));
        store16(vectors + i * 4 + 2, EBDA >> 4);
    }
    return loader_add_tables(image, tables, ebda, error) &&
           loader_add(image, "interrupt vectors", 0, vectors, VECTORS * 4, error) &&
           loader_add(image, "EBDA", EBDA, ebda, LOW_RAM_END - EBDA, error);
}

static bool load_kernel(struct image *image, const struct file *kernel,
                        const struct loader_request *request, struct error *error)
{
    if (request->tables.acpi && image->ram_size >= LOADER_TABLES_LEAST_RAM)
        image->memory_end -= LOADER_TABLES_SIZE;
    if (!add_bios_data(image, error) || !add_bios_vectors(image, &request->tables, error))
        return false;
    if (is_linux(kernel))
        return load_linux(image, kernel, request, error);
    if (is_multiboot(kernel))
        return load_multiboot(image, kernel, request, error);
    return refuse_kernel(kernel, error);
}

/* From this ROM the BIOS boots the kernel. */
static bool add_boot_rom(struct image *image, struct error *error)
{
    uint8_t *rom = loader_allocate(image, boot_rom_size, error);
    if (!rom)
        return false;
    memcpy(rom, boot_rom, boot_rom_size);
    for (unsigned i = 0; i < boot_rom_size - 1; i++)
        rom[boot_rom_size - 1] -= rom[i];
    fw_cfg_add_file(&image->fw_cfg, "genroms/boot.rom", rom, boot_rom_size);
    return true;
}

static bool load_for_bios(struct image *image, const struct loader_request *r, struct error *error)
{
    struct file kernel;
    if (!r->kernel)
        return true;
    if (!loader_read(image, r->kernel, &kernel, error))
        return false;
    if (is_multiboot(&kernel))
        return error_set(error, "%s: a Multiboot kernel; with -bios only Linux can be booted",
                         r->kernel);
    if (!is_linux(&kernel))
        return refuse_kernel(&kernel, error);
    return load_linux_for_bios(image, &kernel, r, error) && add_boot_rom(image, error);
}

/* A BIOS, SeaBIOS, too, has its console on a serial port, if it is told which. */
static void describe_machine(struct image *image, bool serial_console)
{
    static const uint8_t com1[] = {0xf8, 0x03};
    struct fw_cfg *f = &image->fw_cfg;
    fw_cfg_init(f);
    fw_cfg_add_number(f, FW_CFG_RAM_SIZE, image->ram_size);
    fw_cfg_add_number(f, FW_CFG_NO_GRAPHICS, serial_console);
    fw_cfg_add_number(f, FW_CFG_CPUS, 1);
    fw_cfg_add_number(f, FW_CFG_MOST_CPUS, 1);
    fw_cfg_add_number(f, FW_CFG_IRQ0_OVERRIDE, 1);
    if (serial_console)
        fw_cfg_add_file(f, "etc/sercon-port", com1, sizeof com1);
}

static bool add_files(struct image *image, const struct loader_request *r, struct error *error)
{
    for (unsigned i = 0; i < r->fw_cfg_files; i++) {
        const struct fw_cfg_file *f = &r->fw_cfg_file[i];
        struct file file = {f->path, (const uint8_t *)f->text, f->text ? strlen(f->text) : 0};
        if (f->path && !loader_read(image, f->path, &file, error))
            return false;
        fw_cfg_add_file(&image->fw_cfg, f->name, file.bytes, file.size);
    }
    return true;
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
    *image = (struct image){.ram_size = request->ram_size, .memory_end = request->ram_size};
    describe_machine(image, request->serial_console);
    if (!check_request(request, error) || !add_files(image, request, error))
        return false;
    struct loader_request r = *request;
    if (!r.append)
        r.append = "";
    if (r.bios || (r.boot && !r.kernel))
        return load_bios(image, r.bios, error) && load_for_bios(image, &r, error);
    if (r.kernel && !loader_read(image, r.kernel, &kernel, error))
        return false;
    return load_kernel(image, &kernel, &r, error);
}

void loader_free(struct image *image)
{
    pool_free(&image->pool);
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
