/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The graphics card as a whole: its function on the PCI bus, its state. See vga.h. */
#include "hw/vga/vga_internal.h"

#include "bios/vga/colors.h"
#include "bios/vga/edid.h"
#include "bios/vga/font.h"
#include "bios/vga/parameters.h"
#include "exec/memory.h"

#include <stdlib.h>
#include <string.h>

enum { SLOT = 2, VENDOR = 0x1234, ID = 0x1111, CLASS = 0x03000002 };
enum { BASE_FRAME_BUFFER = 0, BASE_REGISTERS = 2 };
enum { FONT_PLANE = 2, GLYPH = 32, GLYPH_LINES = 16 };

/* --- registers in memory --- */

/* Of the function's second memory range, as QEMU has it. */
enum { MMIO_SIZE = 0x1000, MMIO_EDID = 0, MMIO_VGA = 0x400, MMIO_VBE = 0x500, MMIO_ORDER = 0x600 };
enum { MMIO_VGA_PORT = 0x3c0, MMIO_VGA_PORTS = 0x20 };
#define LITTLE_ENDIAN_ORDER 0x1e1e1e1eu

static uint32_t read_vbe(struct vga *s, uint32_t offset)
{
    uint16_t index = s->vbe.index;
    s->vbe.index = (uint16_t)(offset / 2);
    uint32_t value = vbe_read(s, VBE_DATA - VBE_PORT, 2);
    s->vbe.index = index;
    return value >> 8 * (offset & 1);
}

static void write_vbe(struct vga *s, uint32_t offset, uint32_t value)
{
    uint16_t index = s->vbe.index;
    s->vbe.index = (uint16_t)(offset / 2);
    vbe_write(s, VBE_DATA - VBE_PORT, value, 2);
    s->vbe.index = index;
}

static uint32_t read_byte(struct vga *s, uint32_t offset)
{
    if (offset - MMIO_EDID < VGA_EDID_SIZE)
        return vga_edid_byte(offset - MMIO_EDID);
    if (offset - MMIO_VGA < MMIO_VGA_PORTS)
        return vga_read(s, offset - MMIO_VGA + MMIO_VGA_PORT - VGA_PORT, 1);
    if (offset - MMIO_VBE < 2 * VBE_REGISTERS)
        return read_vbe(s, offset - MMIO_VBE);
    if (offset - MMIO_ORDER < 8) /* a size, and the order of bytes, which cannot be changed */
        return (offset < MMIO_ORDER + 4 ? 8u : LITTLE_ENDIAN_ORDER) >> 8 * (offset & 3);
    return 0xff;
}

static uint32_t read_registers(void *device, uint32_t offset, unsigned size)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (read_byte(device, offset + i) & 0xff) << 8 * i;
    return value;
}

static void write_registers(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct vga *s = device;
    if (offset - MMIO_VBE < 2 * VBE_REGISTERS) {
        for (unsigned i = 0; i < size; i += 2)
            write_vbe(s, offset + i - MMIO_VBE, value >> 8 * i);
        return;
    }
    for (unsigned i = 0; i < size; i++)
        if (offset + i - MMIO_VGA < MMIO_VGA_PORTS)
            vga_write(s, offset + i - MMIO_VGA + MMIO_VGA_PORT - VGA_PORT, value >> 8 * i & 0xff,
                      1);
}

/* --- beginning and end --- */

bool vga_init(struct vga *s, struct timers *timers, struct memory *memory, struct pci *bus,
              struct irq_line irq, unsigned mib)
{
    memset(s, 0, sizeof *s);
    s->timers = timers;
    s->irq = irq;
    timer_init(&s->retrace, timers, vga_retrace, s);
    s->memory = memory;
    s->ram_size = (uint32_t)mib << 20;
    s->frame_buffer = memory_map_ram(memory, VGA_HIDDEN, s->ram_size);
    s->registers = memory_map_io(memory, VGA_HIDDEN, MMIO_SIZE, read_registers, write_registers, s);
    s->display = vga_display_create(s->ram_size);
    if (!vga_map(s) || !s->registers || !s->display)
        return false;
    memory_call(s->frame_buffer, "vga: frame buffer");
    s->ram = memory_region_host(s->frame_buffer);
    pci_function_init(&s->pci, SLOT, 0, VENDOR, ID, CLASS);
    pci_set(&s->pci, PCI_COMMAND, 2, 0, PCI_COMMAND_IO | PCI_COMMAND_MEMORY);
    pci_add(bus, &s->pci);
    pci_base_memory(&s->pci, BASE_FRAME_BUFFER, s->frame_buffer, true);
    pci_base_memory(&s->pci, BASE_REGISTERS, s->registers, false);
    return true;
}

bool vga_set_rom(struct vga *s, const uint8_t *bytes, uint32_t size)
{
    return pci_add_rom(&s->pci, bytes, size);
}

/* Not as large as the function's: other adapters' ROMs may follow. */
bool vga_map_rom(struct memory *memory, const uint8_t *bytes, uint32_t size)
{
    uint32_t pages = (size + PAGE_MASK) & ~(uint32_t)PAGE_MASK;
    uint8_t *image = calloc(1, pages);
    if (!image)
        return false;
    memcpy(image, bytes, size);
    struct memory_region *rom = memory_map_rom(memory, VGA_LEGACY_ROM, image, pages);
    free(image);
    if (rom)
        memory_call(rom, "VGA BIOS");
    return rom;
}

void vga_destroy(struct vga *s)
{
    vga_display_destroy(s->display);
    s->display = NULL;
}

/* --- as a BIOS leaves it --- */

static void load_font(struct vga *s)
{
    for (unsigned i = 0; i < 256 * GLYPH_LINES; i++)
        s->ram[4 * (i / GLYPH_LINES * GLYPH + i % GLYPH_LINES) + FONT_PLANE] = vga_font_8x16[i];
}

static void load_colors(struct vga *s)
{
    for (unsigned i = 0; i < 256; i++) {
        struct vga_color c = vga_default_color(VGA_COLORS_64, i);
        s->dac.palette[3 * i] = c.red;
        s->dac.palette[3 * i + 1] = c.green;
        s->dac.palette[3 * i + 2] = c.blue;
    }
}

static void clear_text(struct vga *s)
{
    static const uint8_t blank[2] = {' ', 0x07};
    for (uint32_t a = 0; a < 0x8000; a += 2)
        memcpy(s->ram + (size_t)4 * a, blank, sizeof blank);
}

void vga_as_after_bios(struct vga *s)
{
    const struct vga_parameters *p = &vga_parameters[VGA_ROW_MODE_2_9X16];
    vga_update_planes(s);
    vga_changes(s, 0, VGA_PLANES);
    s->misc = p->misc;
    s->sequencer[SEQ_RESET] = 3;
    memcpy(s->sequencer + 1, p->sequencer, sizeof p->sequencer);
    memcpy(s->crtc, p->crtc, sizeof p->crtc);
    memcpy(s->graphics, p->graphics, sizeof p->graphics);
    memcpy(s->attribute, p->attribute, sizeof p->attribute);
    s->attribute_index = ATTR_PALETTE_ON;
    s->pci.config[PCI_COMMAND] |= PCI_COMMAND_IO;
    load_colors(s);
    load_font(s);
    clear_text(s);
    vga_display_touch(s->display, 0, VGA_PLANES);
    vga_display_registers(s->display);
    vga_update_window(s);
}

/* --- the device --- */

static void reset(void *device)
{
    struct vga *s = device;
    vga_update_planes(s);
    s->enable = ENABLED;
    s->misc = s->feature = 0;
    memset(s->sequencer, 0, sizeof s->sequencer);
    memset(s->graphics, 0, sizeof s->graphics);
    memset(s->crtc, 0, sizeof s->crtc);
    memset(s->attribute, 0, sizeof s->attribute);
    s->sequencer_index = s->graphics_index = s->crtc_index = s->attribute_index = 0;
    s->attribute_data = false;
    s->latches = s->start = 0;
    s->start_set = 0;
    s->dac = (struct vga_dac){.mask = 0xff};
    s->vbe = (struct vbe){.reg = {[VBE_ID] = VBE_NEWEST, [VBE_DEPTH] = 8}};
    vga_display_registers(s->display);
    vga_update_window(s);
    vga_update_retrace(s);
    pci_function_reset(&s->pci);
}

/* Memory is saved by its owner: what is in windows goes where it would be without them. */
static void saving(void *device)
{
    vga_update_planes(device);
}

static void restored(void *device)
{
    struct vga *s = device;
    vbe_restored(s);
    vga_hide_windows(s);
    vga_update_window(s);
    vga_display_registers(s->display);
    vga_display_touch(s->display, 0, s->ram_size);
    pci_place_bases(&s->pci);
}

static const struct state_field fields[] = {
    {STATE_OF(vga, pci, &pci_function_state)},
    {STATE(vga, enable), .most = ENABLED},
    {STATE(vga, misc)},
    {STATE(vga, feature)},
    {STATE(vga, sequencer_index)},
    {STATE_ARRAY(vga, sequencer)},
    {STATE(vga, graphics_index)},
    {STATE_ARRAY(vga, graphics)},
    {STATE(vga, crtc_index)},
    {STATE_ARRAY(vga, crtc)},
    {STATE(vga, attribute_index)},
    {STATE_ARRAY(vga, attribute)},
    {STATE(vga, attribute_data)},
    {STATE(vga, latches)},
    {STATE(vga, start)},
    {STATE(vga, start_set)},
    {STATE(vga, retrace_seen)},
    {STATE_OF_TIMER(vga, retrace)},
    {NOT_STATE(vga, irq)},
    {STATE_OF(vga, dac, &vga_dac_state)},
    {STATE_OF(vga, vbe, &vbe_state)},
    {NOT_STATE(vga, timers)},
    {NOT_STATE(vga, memory)},
    {NOT_STATE(vga, ram)},
    {NOT_STATE(vga, ram_size)},
    {NOT_STATE(vga, frame_buffer)},
    {NOT_STATE(vga, registers)},
    {NOT_STATE(vga, device)},
    {NOT_STATE(vga, text)},
    {NOT_STATE(vga, chain4)},
    {NOT_STATE(vga, bank)},
    {NOT_STATE(vga, window)},
    {NOT_STATE(vga, wanted)},
    {NOT_STATE(vga, text_base)},
    {NOT_STATE(vga, display)},
    {0},
};
static const struct state_table state = STATE_TABLE(vga, 1, fields);
const struct device vga_device = {
    .name = "vga", .reset = reset, .state = &state, .saving = saving, .restored = restored};
