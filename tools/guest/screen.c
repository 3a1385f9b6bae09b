/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text on the screen, if Multiboot says that there is one of text (0.6.96, 3.3, "framebuffer"). */
#include "guest.h"

enum { MULTIBOOT = 0x2badb002 };
enum {
    INFO_FLAGS = 0,
    INFO_HAS_SCREEN = 1 << 12,
    INFO_SCREEN = 88,
    INFO_COLUMNS = 100,
    INFO_ROWS = 104,
    INFO_TYPE = 109,
    TYPE_TEXT = 2,
};
enum { CRTC_INDEX = 0x3d4, CRTC_DATA = 0x3d5, CURSOR_HIGH = 0x0e, CURSOR_LOW = 0x0f };
enum { BLANK = 0x0720, ATTRIBUTE = 0x0700 };

static volatile u16 *cells; /* NULL: there is no screen */
static u32 columns, rows, column, row;

static u32 word_at(const u8 *info, u32 offset)
{
    return *(const u32 *)(info + offset);
}

void screen_init(u32 magic, const u8 *info)
{
    if (magic != MULTIBOOT || !(word_at(info, INFO_FLAGS) & INFO_HAS_SCREEN) ||
        info[INFO_TYPE] != TYPE_TEXT)
        return;
    cells = (volatile u16 *)word_at(info, INFO_SCREEN);
    columns = word_at(info, INFO_COLUMNS);
    rows = word_at(info, INFO_ROWS);
    column = row = 0;
    for (u32 i = 0; i < columns * rows; i++)
        cells[i] = BLANK;
}

static void set_cursor(void)
{
    u32 at = row * columns + column;
    out8(CRTC_INDEX, CURSOR_HIGH);
    out8(CRTC_DATA, (u8)(at >> 8));
    out8(CRTC_INDEX, CURSOR_LOW);
    out8(CRTC_DATA, (u8)at);
}

static void scroll(void)
{
    u32 last = columns * (rows - 1);
    for (u32 i = 0; i < last; i++)
        cells[i] = cells[i + columns];
    for (u32 i = last; i < last + columns; i++)
        cells[i] = BLANK;
}

static void next_line(void)
{
    column = 0;
    if (row + 1 < rows)
        row++;
    else
        scroll();
}

void screen_put(char c)
{
    if (!cells)
        return;
    if (c == '\n') {
        next_line();
    } else if (c == '\r') {
        column = 0;
    } else if (c == '\b') {
        column -= column > 0;
    } else {
        cells[row * columns + column++] = (u16)(ATTRIBUTE | (u8)c);
        if (column == columns)
            next_line();
    }
    set_cursor();
}
