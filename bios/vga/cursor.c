/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/cursor.h"

#include "bios/vga/modes.h"
#include "bios/vga/registers.h"

enum {
    CURSOR_START = 0x0a,
    CURSOR_END = 0x0b,
    START_HIGH = 0x0c,
    START_LOW = 0x0d,
    CURSOR_HIGH = 0x0e,
    CURSOR_LOW = 0x0f
};
enum { CURSOR_HIDDEN = 0x20, CGA_LINES = 8 };

/*
 * Programs ask for lines of CGA's character. An underline stays one, at the same distance from the
 * bottom as IBM's; a block goes down to the last line, from the middle if its start is there.
 */
static void scale(uint8_t *start, uint8_t *end, uint8_t height)
{
    if (*end < *start || *end >= CGA_LINES || height <= CGA_LINES)
        return;
    if (*end - *start <= 1 && *start > 3) {
        *start = (uint8_t)(*start + height - CGA_LINES - 1);
        *end = (uint8_t)(*end + height - CGA_LINES - 1);
        return;
    }
    if (*start > 2)
        *start = height / 2;
    *end = height - 1;
}

void cursor_set_shape(uint8_t start, uint8_t end)
{
    uint8_t hidden = start & CURSOR_HIDDEN, first = start & 0x1f, last = end & 0x1f;
    if (!(BDA->control & CONTROL_CURSOR_AS_IS))
        scale(&first, &last, (uint8_t)BDA->char_height);
    indexed_write(BDA->crtc, CURSOR_START, first | hidden);
    indexed_write(BDA->crtc, CURSOR_END, last);
}

void cursor_shape(struct regs *r)
{
    BDA->cursor_start = r->c.h;
    BDA->cursor_end = r->c.l;
    cursor_set_shape(r->c.h, r->c.l);
}

static void show_cursor(void)
{
    uint8_t page = BDA->page;
    uint16_t at = (uint16_t)(BDA->page_start / 2 + BDA->cursor[page].row * BDA->columns +
                             BDA->cursor[page].column);
    indexed_write(BDA->crtc, CURSOR_HIGH, (uint8_t)(at >> 8));
    indexed_write(BDA->crtc, CURSOR_LOW, (uint8_t)at);
}

static bool is_text(void)
{
    ROM struct mode *mode = mode_find(BDA->mode);
    return mode && mode->model == MODEL_TEXT;
}

void cursor_move(uint8_t page, uint8_t column, uint8_t row)
{
    page &= 7;
    BDA->cursor[page].column = column;
    BDA->cursor[page].row = row;
    if (page == BDA->page && is_text())
        show_cursor();
}

void cursor_set(struct regs *r)
{
    cursor_move(r->b.h, r->d.l, r->d.h);
}

void cursor_get(struct regs *r)
{
    uint8_t page = r->b.h & 7;
    r->d.l = BDA->cursor[page].column;
    r->d.h = BDA->cursor[page].row;
    r->c.l = BDA->cursor_end;
    r->c.h = BDA->cursor_start;
}

/* The CRTC counts in words in text and CGA's modes, in double words in mode 13h. */
static uint16_t crtc_units(void)
{
    ROM struct mode *mode = mode_find(BDA->mode);
    if (!mode || mode->model == MODEL_PLANAR)
        return 1;
    return mode->model == MODEL_PACKED ? 4 : 2;
}

void page_show(uint8_t page)
{
    page &= 7;
    BDA->page = page;
    BDA->page_start = (uint16_t)(page * BDA->page_size);
    uint16_t start = BDA->page_start / crtc_units();
    indexed_write(BDA->crtc, START_HIGH, (uint8_t)(start >> 8));
    indexed_write(BDA->crtc, START_LOW, (uint8_t)start);
    if (is_text())
        show_cursor();
}

void page_select(struct regs *r)
{
    if (mode_find(BDA->mode))
        page_show(r->a.l);
}
