/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/text.h"

#include "bios/vga/cursor.h"
#include "bios/vga/draw.h"

enum { BELL = 7, BACKSPACE = 8, LINE_FEED = 10, RETURN = 13 };

void text_scroll(struct regs *r)
{
    struct screen s = screen_now(BDA->page);
    struct rectangle area = {r->c.l, r->c.h, r->d.l, r->d.h};
    if (area.bottom >= s.rows)
        area.bottom = s.rows - 1;
    if (area.right >= s.columns)
        area.right = s.columns - 1;
    if (area.left > area.right || area.top > area.bottom)
        return;
    scroll_rectangle(&s, area, r->a.l, r->a.h == 7, r->b.h);
}

void text_read(struct regs *r)
{
    struct screen s = screen_now(r->b.h);
    r->a.x = read_character(&s, BDA->cursor[s.page].column, BDA->cursor[s.page].row);
}

/* Graphics have no page but the one in modes of 256 colours, where BH is a colour. */
void text_write(struct regs *r)
{
    struct screen s = screen_now(r->b.h);
    unsigned column = BDA->cursor[s.page].column, row = BDA->cursor[s.page].row;
    if (s.model >= MODEL_PACKED)
        s.start = 0;
    for (uint16_t n = r->c.x; n && row < s.rows; n--) {
        if (s.model == MODEL_TEXT && r->a.h == 0x0a)
            draw_text(&s, column, row, r->a.l);
        else
            draw_character(&s, column, row, r->a.l, r->b.l);
        if (++column == s.columns) {
            column = 0;
            row++;
        }
    }
}

void text_write_pixel(struct regs *r)
{
    struct screen s = screen_now(r->b.h);
    if (s.model >= MODEL_PACKED)
        s.start = 0;
    draw_pixel(&s, r->c.x, r->d.x, r->a.l);
}

void text_read_pixel(struct regs *r)
{
    struct screen s = screen_now(r->b.h);
    if (s.model >= MODEL_PACKED)
        s.start = 0;
    r->a.l = read_pixel(&s, r->c.x, r->d.x);
}

/*
 * The speaker for some 50 ms, by bit 4 of port 61h, which changes every 15 us; where it does not,
 * for as long as so many reads take.
 */
static void beep(void)
{
    enum { TIMER_MODE = 0x43, TIMER_2 = 0x42, SPEAKER = 0x61, DIVISOR = 1193182 / 900 };
    uint8_t before = inb(SPEAKER), last = before;
    outb(TIMER_MODE, 0xb6);
    outb(TIMER_2, DIVISOR & 0xff);
    outb(TIMER_2, DIVISOR >> 8);
    outb(SPEAKER, before | 3);
    for (unsigned reads = 0, changes = 0; reads < 0x8000 && changes < 3300; reads++) {
        uint8_t status = inb(SPEAKER);
        changes += (status ^ last) >> 4 & 1;
        last = status;
    }
    outb(SPEAKER, before);
}

/* Where the next character goes. */
struct place {
    uint8_t column, row;
};

static void line_feed(struct screen *s, struct place *p)
{
    if (++p->row < s->rows)
        return;
    p->row = s->rows - 1;
    uint8_t attribute = 0;
    if (s->model == MODEL_TEXT)
        attribute = (uint8_t)(read_character(s, p->column, p->row) >> 8);
    scroll_rectangle(s, (struct rectangle){0, 0, s->columns - 1, s->rows - 1}, 1, false, attribute);
}

static void advance(struct screen *s, struct place *p)
{
    if (++p->column < s->columns)
        return;
    p->column = 0;
    line_feed(s, p);
}

/* Has the character done something else than to be written? */
static bool control(struct screen *s, struct place *p, uint8_t character)
{
    if (character == BELL)
        beep();
    else if (character == BACKSPACE)
        p->column -= p->column != 0;
    else if (character == LINE_FEED)
        line_feed(s, p);
    else if (character == RETURN)
        p->column = 0;
    else
        return false;
    return true;
}

void text_teletype(struct regs *r)
{
    struct screen s = screen_now(BDA->page);
    struct place p = {BDA->cursor[s.page].column, BDA->cursor[s.page].row};
    if (!control(&s, &p, r->a.l)) {
        if (s.model == MODEL_TEXT)
            draw_text(&s, p.column, p.row, r->a.l);
        else
            draw_character(&s, p.column, p.row, r->a.l, r->b.l);
        advance(&s, &p);
    }
    cursor_move(s.page, p.column, p.row);
}

/* AL: bit 0: the cursor moves; bit 1: characters and attributes in turn. */
void text_write_string(struct regs *r)
{
    struct screen s = screen_now(r->b.h);
    struct place p = {r->d.l, r->d.h};
    struct far text = far(r->es, r->bp.x);
    uint8_t attribute = r->b.l;
    for (uint16_t n = r->c.x; n; n--) {
        uint8_t character = far_read8(text);
        text = far_add(text, 1);
        if (r->a.l & 2) {
            attribute = far_read8(text);
            text = far_add(text, 1);
        }
        if (!control(&s, &p, character)) {
            draw_character(&s, p.column, p.row, character, attribute);
            advance(&s, &p);
        }
    }
    if (r->a.l & 1)
        cursor_move(s.page, p.column, p.row);
}
