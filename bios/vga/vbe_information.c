/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VBE functions 00h and 01h. */
#include "bios/vga/registers.h"
#include "bios/vga/vbe.h"

enum { DISPI_OLD_LINEAR = 0xe000 /* where the frame buffer is if PCI does not tell, in 64 KiB */ };

/* Text that 4F00h points to. */
static ROM char vendor[] = "Tessera";
static ROM char product[] = "Tessera VGA BIOS";
static ROM char revision[] = "1.0";

enum { VERSION = 0x0300, CAPABILITY_8BIT_DAC = 1, LIST = 0x22 };

static void write_list(struct far to)
{
    unsigned n = 0;
    for (ROM struct vbe_mode *m; (m = vbe_next(&n)) != NULL; to = far_add(to, 2))
        far_write16(to, m->number);
    far_write16(to, 0xffff);
}

/* Has the caller asked for VBE 2's block of 512 bytes? */
static bool wants_long(struct far block)
{
    return far_read16(block) == ('V' | 'B' << 8) &&
           far_read16(far_add(block, 2)) == ('E' | '2' << 8);
}

enum vbe_status vbe_information(struct regs *r)
{
    struct far block = far(r->es, r->di.x), list = far_add(block, LIST);
    bool is_long = wants_long(block);
    far_fill16(block, 0, is_long ? 256 : 128);
    far_write16(block, 'V' | 'E' << 8);
    far_write16(far_add(block, 2), 'S' | 'A' << 8);
    far_write16(far_add(block, 4), VERSION);
    far_write_far(far_add(block, 6), far_rom(vendor));
    far_write32(far_add(block, 0x0a), CAPABILITY_8BIT_DAC);
    far_write_far(far_add(block, 0x0e), list);
    far_write16(far_add(block, 0x12), dispi_read(DISPI_MEMORY));
    if (is_long) {
        far_write16(far_add(block, 0x14), 0x0100);
        far_write_far(far_add(block, 0x16), far_rom(vendor));
        far_write_far(far_add(block, 0x1a), far_rom(product));
        far_write_far(far_add(block, 0x1e), far_rom(revision));
    }
    write_list(list);
    return VBE_OK;
}

/* --- PCI's configuration, mechanism 1 --- */

enum { PCI_ADDRESS = 0xcf8, PCI_DATA = 0xcfc, PCI_ID = 0, PCI_BAR0 = 0x10 };
enum { VGA_ID = 0x11111234 };

static uint32_t pci_read(uint8_t device, uint8_t offset)
{
    outl(PCI_ADDRESS, 0x80000000 | (uint32_t)device << 11 | offset);
    return inl(PCI_DATA);
}

uint32_t vbe_linear_address(void)
{
    for (unsigned device = 0; device < 32; device++)
        if (pci_read(device, PCI_ID) == VGA_ID)
            return pci_read(device, PCI_BAR0) & ~0xfu;
    return (uint32_t)DISPI_OLD_LINEAR << 16;
}

/* --- a mode --- */

enum { WINDOW_KIB = 64, TEXT_KIB = 32 };

enum {
    ATTRIBUTES = 0x000b, /* by hardware, with all of this block, colour */
    ATTRIBUTE_GRAPHICS = 0x0010,
    ATTRIBUTE_BIOS_TEXT = 0x0004,
    ATTRIBUTE_LINEAR = 0x0080,
    WINDOW_ATTRIBUTES = 0x07, /* there, readable, writable */
    MEMORY_TEXT = 0,
    MEMORY_PLANAR = 3,
    MEMORY_PACKED = 4,
    MEMORY_DIRECT = 6,
};

/* Widths and places of red, green, blue and what is left, as the block has them. */
static void write_color_masks(struct far to, uint8_t bits)
{
    static ROM uint8_t masks[3][8] = {
        {5, 10, 5, 5, 5, 0, 1, 15}, {5, 11, 6, 5, 5, 0, 0, 0}, {8, 16, 8, 8, 8, 0, 8, 24}};
    unsigned row = bits == 15 ? 0 : bits == 16 ? 1 : 2;
    for (unsigned i = 0; i < 8; i++)
        far_write8(far_add(to, i), bits == 24 && i >= 6 ? 0 : masks[row][i]);
}

static void write_window(struct far block, uint16_t segment, uint16_t kib)
{
    far_write8(far_add(block, 2), WINDOW_ATTRIBUTES);
    far_write16(far_add(block, 4), kib);
    far_write16(far_add(block, 6), kib);
    far_write16(far_add(block, 8), segment);
    far_write_far(far_add(block, 0x0c), far_rom(vbe_window_far));
}

static uint8_t memory_model(uint8_t bits)
{
    if (bits == VBE_TEXT)
        return MEMORY_TEXT;
    if (bits == 4)
        return MEMORY_PLANAR;
    return bits == 8 ? MEMORY_PACKED : MEMORY_DIRECT;
}

static uint16_t mode_pitch(ROM struct vbe_mode *m)
{
    return (uint16_t)(m->bits == VBE_TEXT ? m->width * 2u : vbe_pitch(m->width, m->bits));
}

/* Pictures that there is room for besides the first. */
static uint8_t mode_pages(ROM struct vbe_mode *m)
{
    uint32_t memory = vbe_memory();
    if (m->bits == VBE_TEXT)
        memory = TEXT_KIB * 1024u;
    else if (m->bits == 4)
        memory /= 4;
    memory /= (uint32_t)mode_pitch(m) * m->height;
    return (uint8_t)(memory > 256 ? 255 : memory - 1);
}

/* From 10h to 1Eh, the picture. */
static void write_picture(struct far block, ROM struct vbe_mode *m)
{
    far_write16(far_add(block, 0x10), mode_pitch(m));
    far_write16(far_add(block, 0x12), m->width);
    far_write16(far_add(block, 0x14), m->height);
    far_write8(far_add(block, 0x16), 8);
    far_write8(far_add(block, 0x17), vbe_char_height(m));
    far_write8(far_add(block, 0x18), m->bits <= 4 ? 4 : 1);
    far_write8(far_add(block, 0x19), m->bits == VBE_TEXT ? 4 : m->bits);
    far_write8(far_add(block, 0x1a), 1);
    far_write8(far_add(block, 0x1b), memory_model(m->bits));
    far_write8(far_add(block, 0x1d), mode_pages(m));
    far_write8(far_add(block, 0x1e), 1);
}

/* From 1Fh on, colours and the linear frame buffer. */
static void write_linear(struct far block, ROM struct vbe_mode *m)
{
    uint8_t pages = mode_pages(m);
    if (m->bits > 4)
        far_write32(far_add(block, 0x28), vbe_linear_address());
    far_write16(far_add(block, 0x32), mode_pitch(m));
    far_write8(far_add(block, 0x34), pages);
    far_write8(far_add(block, 0x35), pages);
    if (m->bits > 8) {
        write_color_masks(far_add(block, 0x1f), m->bits);
        write_color_masks(far_add(block, 0x36), m->bits);
    }
    far_write32(far_add(block, 0x3e), (uint32_t)VBE_MOST_CLOCK);
}

enum vbe_status vbe_mode_information(struct regs *r)
{
    ROM struct vbe_mode *m = vbe_find(r->c.x & VBE_NUMBER);
    struct far block = far(r->es, r->di.x);
    if (!m)
        return VBE_FAILED;
    far_fill16(block, 0, 128);
    uint16_t attributes = ATTRIBUTES | ATTRIBUTE_BIOS_TEXT;
    attributes |= m->bits > 4 ? ATTRIBUTE_LINEAR : 0;
    write_picture(block, m);
    if (m->bits == VBE_TEXT) {
        write_window(block, 0xb800, TEXT_KIB);
    } else {
        attributes |= ATTRIBUTE_GRAPHICS;
        write_window(block, 0xa000, WINDOW_KIB);
        write_linear(block, m);
    }
    far_write16(block, attributes);
    return VBE_OK;
}
