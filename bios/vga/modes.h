/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The modes, and what a mode's picture looks like in memory. */
#ifndef BIOS_VGA_MODES_H
#define BIOS_VGA_MODES_H

#include "bios/vga/colors.h"
#include "bios/vga/machine.h"
#include "bios/vga/parameters.h"

enum model {
    MODEL_TEXT,
    MODEL_CGA,    /* two banks of lines, 1 or 2 bits a pixel */
    MODEL_PLANAR, /* a bit a pixel in each of four planes */
    MODEL_PACKED, /* a byte a pixel: an index of the DAC */
    MODEL_DIRECT, /* 15 to 32 bits a pixel: colours */
};

/* IBM's modes. */
struct mode {
    uint8_t number;
    uint8_t model;  /* enum model */
    uint8_t bits;   /* a pixel */
    uint8_t colors; /* enum vga_colors */
    uint8_t row;    /* enum vga_parameters_row; of text modes with the most lines */
};
enum { MODE_MONO_TEXT = 7, MODE_VBE_4BIT = 0x6a /* VBE's 102h */, MODE_VBE = 0x7f /* others */ };
/* NULL if there is no such mode. */
ROM struct mode *mode_find(uint8_t number);
/* Its parameters, by the lines that text modes are to have; they are there for programs to replace.
 */
void mode_parameters(ROM struct mode *mode, struct vga_parameters *p);

/* AH=00h. Bit 7: leaves memory as it is. */
void set_mode(uint8_t number);
/* With these parameters. */
void set_mode_with(ROM struct mode *mode, const struct vga_parameters *p, bool keep_memory);
/* The same without the data area, and without memory: what VBE's modes are built upon. */
void set_registers(const struct vga_parameters *p);
void load_colors(enum vga_colors colors);

/* The mode that is shown. */
struct screen {
    uint8_t model, bits;
    uint8_t columns, rows, height; /* of characters */
    uint8_t page;
    uint16_t segment;
    uint16_t pitch; /* bytes from line to line; planar: of a plane */
    uint16_t start; /* of the page */
    int16_t bank;   /* what the window shows; -1 is unknown */
    bool has_banks;
};
struct screen screen_now(uint8_t page);
/* Where a byte of video memory is seen; switches banks. */
struct far screen_seek(struct screen *s, uint32_t address);

#endif
