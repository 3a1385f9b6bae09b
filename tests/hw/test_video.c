/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/hw/test_video.h"

#include <string.h>

enum { COLUMNS = 80, ROWS = 25, CELL_WIDTH = 8, CELL_HEIGHT = 16 };

static bool latch(void *card, bool everything)
{
    struct test_video *v = card;
    atomic_fetch_add(&v->latches, 1);
    if (!v->changed && !everything)
        return false;
    v->changed = false;
    v->everything |= everything;
    v->latched.width = v->text ? COLUMNS * CELL_WIDTH : v->width;
    v->latched.height = v->text ? ROWS * CELL_HEIGHT : v->height;
    v->latched.step = v->step;
    v->latched.text = v->text;
    return true;
}

uint32_t test_video_pixel(unsigned x, unsigned y, unsigned step)
{
    return (x & 0xff) << 16 | (y & 0xff) << 8 | (step & 0xff);
}

static void draw_line(struct picture *p, unsigned y, unsigned step)
{
    for (unsigned x = 0; x < p->width; x++)
        p->pixels[y * p->width + x] = test_video_pixel(x, y, step);
}

static void draw(void *card, struct picture *p, unsigned *first, unsigned *end)
{
    struct test_video *v = card;
    bool all = v->everything || v->latched.text;
    atomic_fetch_add(&v->draws, 1);
    v->everything = false;
    if (p->width != v->latched.width || p->height != v->latched.height) {
        if (!picture_resize(p, v->latched.width, v->latched.height))
            return;
        all = true;
    }
    unsigned newest = v->latched.step % p->height;
    *first = all ? 0 : newest;
    *end = all ? p->height : newest + 1;
    for (unsigned y = *first; y < *end; y++)
        draw_line(p, y, v->latched.step);
}

static bool text(void *card, struct screen_text *t)
{
    struct test_video *v = card;
    if (!v->latched.text)
        return false;
    t->columns = COLUMNS;
    t->rows = ROWS;
    t->has_cursor = false;
    memset(t->attribute, 7, sizeof t->attribute);
    memset(t->character, ' ', sizeof t->character);
    unsigned column = 0, row = 0;
    for (const char *c = v->latched.text; *c && row < ROWS; c++) {
        if (*c == '\n')
            row++, column = 0;
        else if (column < COLUMNS)
            t->character[row][column++] = (uint8_t)*c;
    }
    return true;
}

struct video test_video(struct test_video *v)
{
    return (struct video){.card = v, .latch = latch, .draw = draw, .text = text};
}
