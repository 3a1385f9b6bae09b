/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Option ROMs: the screen's first, at C0000h; then those that are there, PCI functions' and
 * fw_cfg's, which are copied behind them.
 */
#include "bios/post/rom_image.h"

#include "bios/post/boot.h"
#include "bios/post/post.h"
#include "bios/system/pnp.h"

enum { ROMS = 0xc0000, ROMS_END = 0xf0000, STEP = 2048, NOT_PCI = 0xffff };
enum { CLASS_VGA = 0x0300, ROM_ENABLE = 1 };

/* Where the next one is copied to. */
static u32 next_rom = ROMS;

/* --- running --- */

/* Initialisation by AX: the PCI function; ES:DI: the PnP structure (PnP BIOS 1.0A, 3.3). */
static void run(u32 at, u16 offset, u16 function)
{
    struct regs r = {
        .ax = function == NOT_PCI ? 0 : function,
        .bx = 0xffff,
        .dx = 0xffff,
        .es = BIOS_LINEAR >> 4,
        .di = (u16)(u32)&pnp_header,
    };
    real_call(&r, (u16)(at >> 4), offset);
}

static void add_entries(u32 at, u32 size, u16 function, bool first)
{
    const u8 *rom = (const u8 *)at;
    struct rom_header h;
    for (unsigned n = 0; rom_header(rom, size, n, &h); n++) {
        if (h.connection)
            run(at, h.connection, function);
        if (h.bootstrap)
            boot_add_rom((struct far){h.bootstrap, (u16)(at >> 4)},
                         (struct far){h.name, h.name ? (u16)(at >> 4) : 0}, function, first);
    }
}

/* A ROM may be smaller once it has been initialised. */
static void start(u32 at, u16 function, bool first)
{
    const u8 *rom = (const u8 *)at;
    run(at, 3, function);
    u32 size = rom[0] == 0x55 && rom[1] == 0xaa ? rom[2] * 512u : 0;
    if (!size || at + size > ROMS_END)
        return;
    add_entries(at, size, function, first);
    if (next_rom < at + size)
        next_rom = align_up(at + size, STEP);
}

static u32 rom_room(void)
{
    return ROMS_END - next_rom;
}

/* A damaged ROM is not run, and said to be. */
static void start_copied(const char *what, u16 function, bool first)
{
    u32 at = next_rom;
    if (rom_size((const u8 *)at, ROMS_END - at))
        return start(at, function, first);
    print("%s: option ROM with a wrong checksum, not run\n", what);
    memset((void *)at, 0, ROMS_END - at);
}

/* --- PCI's --- */

static const u8 *open_rom(u16 function, u32 *room)
{
    u32 base = pci_read32(function, PCI_ROM) & ~0x7ffu;
    if (!base)
        return NULL;
    pci_write32(function, PCI_ROM, ~1u);
    u32 mask = pci_read32(function, PCI_ROM) & ~0x7ffu;
    *room = -mask;
    pci_write32(function, PCI_ROM, base | ROM_ENABLE);
    pci_write16(function, PCI_COMMAND, pci_read16(function, PCI_COMMAND) | PCI_COMMAND_MEMORY);
    return (const u8 *)base;
}

static void close_rom(u16 function)
{
    pci_write32(function, PCI_ROM, pci_read32(function, PCI_ROM) & ~(u32)ROM_ENABLE);
}

/* False: there is no ROM for PCs. */
static bool copy_pci_rom(u16 function)
{
    u32 room, size = 0;
    const u8 *rom = open_rom(function, &room), *image;
    if (!rom)
        return false;
    image = rom_find_image(rom, room, pci_read32(function, PCI_ID), &size);
    if (image && size <= rom_room())
        memcpy((void *)next_rom, image, size);
    close_rom(function);
    return image && size <= rom_room();
}

static bool is_vga(u16 function)
{
    return pci_read16(function, PCI_CLASS) == CLASS_VGA;
}

static void start_vga(u16 function, void *context)
{
    bool *started = context;
    if (*started || !is_vga(function) || !copy_pci_rom(function))
        return;
    pci_write16(function, PCI_COMMAND,
                pci_read16(function, PCI_COMMAND) | PCI_COMMAND_IO | PCI_COMMAND_MEMORY);
    start_copied("VGA", function, false);
    *started = true;
}

static void start_other(u16 function, void *context)
{
    (void)context;
    if (!is_vga(function) && (pci_read8(function, PCI_HEADER) & 0x7f) == 0 &&
        copy_pci_rom(function))
        start_copied("PCI", function, false);
}

/* --- fw_cfg's --- */

static void start_files(const char *prefix)
{
    struct fw_cfg_entry file;
    for (unsigned n = 0; fw_cfg_nth(prefix, n, &file); n++) {
        if (file.size > rom_room())
            continue;
        fw_cfg_read(file.key, (void *)next_rom, file.size);
        start_copied(file.name, NOT_PCI, true);
    }
}

/* --- those that are there --- */

static void find_rom(u32 at, u32 *next)
{
    const u8 *rom = (const u8 *)at;
    u32 size = rom_size(rom, ROMS_END - at);
    *next = at + (size ? align_up(size, STEP) : STEP);
    if (size)
        start(at, NOT_PCI, false);
    else if (rom[0] == 0x55 && rom[1] == 0xaa)
        print("%05x: option ROM with a wrong checksum, not run\n", at);
}

/* Where there is something, nothing is copied to. */
static void skip_roms(void)
{
    for (u32 at = ROMS; at < ROMS_END;) {
        u32 size = rom_size((const u8 *)at, ROMS_END - at);
        at += size ? align_up(size, STEP) : STEP;
        if (size)
            next_rom = at;
    }
}

/* Without a VGA BIOS, INT 10h is ours: the serial console's. */
void roms_video(void)
{
    bool started = false;
    u32 size = rom_size((const u8 *)ROMS, ROMS_END - ROMS);
    if (size) {
        next_rom = align_up(ROMS + size, STEP);
        start(ROMS, NOT_PCI, false);
        return;
    }
    pci_each(start_vga, &started);
    if (!started)
        start_files("vgaroms/");
}

void roms_other(void)
{
    u32 video_end = next_rom;
    for (u32 at = video_end; at < ROMS_END;)
        find_rom(at, &at);
    skip_roms();
    pci_each(start_other, NULL);
    start_files("genroms/");
}
