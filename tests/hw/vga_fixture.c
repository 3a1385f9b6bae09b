/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/hw/vga_fixture.h"

#include <stdlib.h>
#include <string.h>

struct vga card;
struct memory *vga_test_memory;
struct timers *vga_timers;
unsigned changed_first, changed_end;

static struct pci bus;
static struct ports ports;
static struct wire reset_wire;
struct wire vga_irq;
static struct video video;
static struct picture shown;
static bool latched_once;

void vga_setup(void)
{
    const char *error = "";
    uint32_t seed = 4711;
    vga_timers = new_timers();
    vga_test_memory = memory_create(2 << 20, &error);
    ck_assert_ptr_nonnull(vga_test_memory);
    ck_assert(memory_leave_out(vga_test_memory, 0xa0000, 0x100000));
    ports_init(&ports);
    pci_init(&bus, vga_test_memory, &ports, wire_line(&reset_wire));
    vga_irq = (struct wire){0};
    ck_assert(vga_init(&card, vga_timers, vga_test_memory, &bus, wire_line(&vga_irq),
                       VGA_TEST_RAM >> 20));
    vga_device.reset(&card);
    for (uint32_t i = 0; i < VGA_TEST_RAM; i++)
        card.ram[i] = (uint8_t)next_random(&seed);
    pci_assign(&bus, (const uint8_t[PCI_PIRQS]){10, 10, 11, 11});
    video = vga_video(&card);
    shown = (struct picture){0};
    latched_once = false;
}

void vga_teardown(void)
{
    vga_destroy(&card);
    memory_destroy(vga_test_memory);
    free(shown.pixels);
}

/* --- registers --- */

uint8_t port_in(uint16_t port)
{
    return (uint8_t)vga_read(&card, port - VGA_PORT, 1);
}

void port_out(uint16_t port, uint8_t value)
{
    vga_write(&card, port - VGA_PORT, value, 1);
}

uint8_t reg_in(uint16_t index_port, uint8_t index)
{
    port_out(index_port, index);
    return port_in(index_port + 1);
}

void reg_out(uint16_t index_port, uint8_t index, uint8_t value)
{
    port_out(index_port, index);
    port_out(index_port + 1, value);
}

/* The palette is accessible, and the screen dark, unless bit 5 is set. */
uint8_t attribute_in(uint8_t index)
{
    port_in(0x3da);
    port_out(0x3c0, index);
    return port_in(0x3c1);
}

void attribute_out(uint8_t index, uint8_t value)
{
    port_in(0x3da);
    port_out(0x3c0, index);
    port_out(0x3c0, value);
}

void vbe_out(enum vbe_register index, uint16_t value)
{
    vbe_write(&card, 0, index, 2);
    vbe_write(&card, VBE_DATA - VBE_PORT, value, 2);
}

uint16_t vbe_in(enum vbe_register index)
{
    vbe_write(&card, 0, index, 2);
    return (uint16_t)vbe_read(&card, VBE_DATA - VBE_PORT, 2);
}

static void set_palette(void)
{
    port_out(0x3c6, 0xff);
    port_out(0x3c8, 0);
    for (unsigned i = 0; i < 256; i++) {
        port_out(0x3c9, (uint8_t)(i >> 2));
        port_out(0x3c9, (uint8_t)(i & 3));
        port_out(0x3c9, (uint8_t)(63 - (i >> 2)));
    }
}

static uint32_t eight(unsigned six)
{
    return six << 2 | six >> 4;
}

uint32_t test_color(unsigned index)
{
    return eight(index >> 2) << 16 | eight(index & 3) << 8 | eight(63 - (index >> 2));
}

uint32_t test_color_16(unsigned dot)
{
    return test_color(card.attribute[dot]);
}

void set_mode(enum vga_parameters_row row)
{
    const struct vga_parameters *p = &vga_parameters[row];
    port_out(0x3c2, p->misc | MISC_COLOR); /* for port_in(0x3da) */
    reg_out(SEQ, 0, 3);
    for (unsigned i = 0; i < sizeof p->sequencer; i++)
        reg_out(SEQ, (uint8_t)(i + 1), p->sequencer[i]);
    reg_out(CRTC, 0x11, 0);
    for (unsigned i = 0; i < sizeof p->crtc; i++)
        reg_out(CRTC, (uint8_t)i, p->crtc[i]);
    for (unsigned i = 0; i < sizeof p->graphics; i++)
        reg_out(GRAPHICS, (uint8_t)i, p->graphics[i]);
    for (unsigned i = 0; i < sizeof p->attribute; i++)
        attribute_out((uint8_t)i, p->attribute[i]);
    attribute_out(0x14, 0);
    set_palette();
    port_in(0x3da);
    port_out(0x3c0, 0x20);
}

/* --- memory --- */

uint32_t peek(uint32_t address, unsigned size)
{
    return memory_read(vga_test_memory, address, size);
}

void poke(uint32_t address, uint32_t value, unsigned size)
{
    memory_write(vga_test_memory, address, value, size);
}

uint8_t plane_byte(unsigned plane, uint32_t at)
{
    vga_update_planes(&card);
    return card.ram[4 * at + plane];
}

/* --- pictures --- */

const struct picture *vga_picture(void)
{
    changed_first = changed_end = 0;
    if (video.latch(video.card, !latched_once))
        video.draw(video.card, &shown, &changed_first, &changed_end);
    latched_once = true;
    return &shown;
}

uint32_t pixel(unsigned x, unsigned y)
{
    ck_assert_uint_lt(x, shown.width);
    ck_assert_uint_lt(y, shown.height);
    return shown.pixels[y * shown.width + x];
}
