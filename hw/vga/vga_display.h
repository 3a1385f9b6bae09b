/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the screen gets of the graphics card: on the cpu's thread vga_display.c latches, into
 * `latched`, a card whose memory is a copy; all else is for the thread that draws.
 */
#ifndef HW_VGA_DISPLAY_H
#define HW_VGA_DISPLAY_H

#include "hw/vga/vga_internal.h"

struct vga_display {
    bool watching;
    uint64_t *touched;        /* pages of the frame buffer that the card has changed: a bit each */
    bool registers;           /* some have changed */
    bool cursor_on, blink_on; /* of cursor and characters that blink: are they to be seen? */

    struct vga latched;
    uint64_t *changed; /* pages that are to be drawn */
    bool all;          /* everything is */
    uint32_t *line;    /* room for the longest line, and a character more on each side */
};

static inline void vga_display_touch_page(struct vga_display *d, uint32_t page)
{
    d->touched[page / 64] |= (uint64_t)1 << page % 64;
}

/* A character clock has at most 9 dots, each of which may be two pixels. */
enum { VGA_MOST_COLUMNS = 256, VGA_MOST_DOTS = (VGA_MOST_COLUMNS + 2) * 18 };

/* --- for those who draw: of a card that was latched --- */

/* What a frame of a VGA's is made of, line by line. */
struct vga_raster {
    const struct vga *card;
    unsigned columns; /* character clocks of a line */
    unsigned dots;    /* of each */
    unsigned scale;   /* pixels of a dot */
    unsigned height;
    bool is_text, cursor_on, blink_on;
    uint32_t color[256]; /* what a dot of each value looks like */
    uint32_t mask;       /* of addresses of the planes */
    uint32_t font[2];    /* where the fonts are, for bit 3 of the attribute */
    uint32_t row_size;   /* counts of a character row */
    unsigned line_compare;
    /* The beam: */
    unsigned y;
    uint32_t counter; /* of the row's first character */
    unsigned row;     /* the line of the character */
    unsigned panning; /* dots of the first character that are not seen */
    bool second;      /* a line is there twice, and this is the other */
};
void vga_raster_start(struct vga_raster *r, const struct vga_display *d);
void vga_raster_next(struct vga_raster *r);
/* The four planes' bytes that the character clock shows. */
uint32_t vga_raster_word(const struct vga_raster *r, unsigned column);
/* The line as pixels; returns where in `line` it begins. */
const uint32_t *vga_raster_line(const struct vga_raster *r, uint32_t *line);
static inline unsigned vga_raster_width(const struct vga_raster *r)
{
    return r->columns * r->dots * r->scale;
}

/* Dots of a character clock; returns how many. */
unsigned vga_text_dots(const struct vga_raster *r, unsigned column, uint32_t *to);
unsigned vga_graphics_dots(const struct vga_raster *r, unsigned column, uint32_t *to);

/* The 256 colours that the DAC makes of a pixel's value. */
void vga_dac_colors(const struct vga *s, uint32_t color[256]);

/* A mode of VBE's of 8 bits a pixel and more. */
const uint32_t *vga_linear_line(const struct vga *s, const uint32_t color[256], unsigned y,
                                uint32_t *line);
/* Where in the frame buffer a line is. */
void vga_linear_place(const struct vga *s, unsigned y, uint32_t *first, uint32_t *end);

#endif
