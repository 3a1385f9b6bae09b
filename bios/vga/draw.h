/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Characters and pixels in all modes' memory. Places are characters, or dots where it says so. */
#ifndef BIOS_VGA_DRAW_H
#define BIOS_VGA_DRAW_H

#include "bios/vga/modes.h"

enum { DRAW_XOR = 0x80 /* in a colour, but of modes of 256 colours and more */ };

/* Text: character and attribute; graphics: its glyph in a colour, `attribute`. */
void draw_character(struct screen *s, unsigned column, unsigned row, uint8_t character,
                    uint8_t attribute);
/* Character, and attribute << 8. Of graphics: the first whose glyph it is, or 0: a blank is 0. */
uint16_t read_character(struct screen *s, unsigned column, unsigned row);
/* Text modes: leaves the attribute as it is. */
void draw_text(struct screen *s, unsigned column, unsigned row, uint8_t character);

struct rectangle {
    uint8_t left, top, right, bottom; /* all four in it */
};
/* Blanks of an attribute; in graphics, its colour. */
void fill_rectangle(struct screen *s, struct rectangle r, uint8_t attribute);
/* By whole rows. Rows that come into it are blank. */
void scroll_rectangle(struct screen *s, struct rectangle r, unsigned rows, bool down,
                      uint8_t attribute);

void draw_pixel(struct screen *s, uint16_t x, uint16_t y, uint8_t color);
uint8_t read_pixel(struct screen *s, uint16_t x, uint16_t y);

/* --- for graphics, a line of dots after the other --- */

/* Bytes from a character to the next. */
unsigned cell_size(const struct screen *s);
/* Where line `y` of dots begins. */
uint32_t line_address(const struct screen *s, unsigned y);
/* Eight dots of a glyph. */
void draw_glyph_line(struct screen *s, uint32_t address, uint8_t dots, uint8_t color);
/* Dots that are not of colour 0. */
uint8_t read_glyph_line(struct screen *s, uint32_t address);
void fill_line(struct screen *s, uint32_t address, unsigned cells, uint8_t color);
void copy_line(struct screen *s, uint32_t to, uint32_t from, unsigned cells);
/* As many bytes, up to 64 KiB, at once; false if that cannot be done here. They do not overlap. */
bool copy_linear(const struct screen *s, uint32_t to, uint32_t from, uint32_t bytes);
/* A pixel of a colour out of 16, as modes with 15 bits and more have it. */
uint32_t direct_color(uint8_t bits, uint8_t color);

#endif
