/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A graphics card alone, with the memory that it is in, and the picture that it gives. */
#ifndef TESTS_HW_VGA_FIXTURE_H
#define TESTS_HW_VGA_FIXTURE_H

#include "hw/vga/vga_internal.h"

#include "bios/vga/parameters.h"
#include "exec/memory.h"
#include "tests/hw/fixture.h"

/* A checked fixture: 1 MiB of video memory, at VGA_TEST_FRAME_BUFFER; planes hold noise. */
enum { VGA_TEST_RAM = 1 << 20 };
#define VGA_TEST_FRAME_BUFFER 0xe0000000u
void vga_setup(void);
void vga_teardown(void);
extern struct vga card;
extern struct memory *vga_test_memory;
extern struct timers *vga_timers;
extern struct wire vga_irq;

/* Indexed registers; reading and writing them by their ports. */
enum { SEQ = 0x3c4, GRAPHICS = 0x3ce, CRTC = 0x3d4 };
uint8_t port_in(uint16_t port);
void port_out(uint16_t port, uint8_t value);
uint8_t reg_in(uint16_t index_port, uint8_t index);
void reg_out(uint16_t index_port, uint8_t index, uint8_t value);
uint8_t attribute_in(uint8_t index);
void attribute_out(uint8_t index, uint8_t value);
void vbe_out(enum vbe_register index, uint16_t value);
uint16_t vbe_in(enum vbe_register index);
/* As a BIOS does, without touching memory; a palette of which every entry is another colour. */
void set_mode(enum vga_parameters_row row);
/* ... which is what the pixel's value looks like. */
uint32_t test_color(unsigned index);
/* Likewise of four bits, through the attribute controller as set_mode has set it. */
uint32_t test_color_16(unsigned dot);

uint32_t peek(uint32_t address, unsigned size);
void poke(uint32_t address, uint32_t value, unsigned size);
/* What is at an address of a plane, whatever window it is in. */
uint8_t plane_byte(unsigned plane, uint32_t at);

/* The screen as it is. */
const struct picture *vga_picture(void);
uint32_t pixel(unsigned x, unsigned y);
/* Lines that changed by the last vga_picture. */
extern unsigned changed_first, changed_end;

#endif
