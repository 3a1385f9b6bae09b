/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the card to the screen: see vga_display.h. */
#include "hw/vga/vga_display.h"

#include "exec/memory.h"

#include <stdlib.h>
#include <string.h>

static unsigned page_words(uint32_t ram_size)
{
    return ram_size / PAGE_SIZE / 64;
}

/* --- what changes --- */

void vga_display_touch(struct vga_display *d, uint32_t offset, uint32_t size)
{
    for (uint32_t page = offset / PAGE_SIZE; size && page <= (offset + size - 1) / PAGE_SIZE;
         page++)
        vga_display_touch_page(d, page);
}

void vga_display_registers(struct vga_display *d)
{
    d->registers = true;
}

/* --- latching, on the cpu's thread --- */

/* From now on stores of the processor's are noted; nobody has to pay for it before. */
static bool start_watching(struct vga *s)
{
    struct vga_display *d = s->display;
    if (d->watching)
        return true;
    d->latched.ram = calloc(1, s->ram_size);
    d->watching = d->latched.ram && memory_watch(s->memory, s->frame_buffer) &&
                  memory_watch(s->memory, s->text) && memory_watch(s->memory, s->chain4);
    return d->watching;
}

static void copy_pages(struct vga *s, unsigned word, uint64_t pages)
{
    uint8_t *copy = s->display->latched.ram;
    for (; pages; pages &= pages - 1) {
        size_t at = (size_t)(word * 64 + (unsigned)__builtin_ctzll(pages)) * PAGE_SIZE;
        memcpy(copy + at, s->ram + at, PAGE_SIZE);
    }
}

/* False if no page has changed. */
static bool latch_memory(struct vga *s)
{
    struct vga_display *d = s->display;
    bool any = false;
    vga_update_planes(s);
    memory_take_dirty(s->memory, s->frame_buffer, d->touched);
    for (unsigned word = 0; word < page_words(s->ram_size); word++) {
        if (!d->touched[word])
            continue;
        copy_pages(s, word, d->touched[word]);
        d->changed[word] |= d->touched[word];
        d->touched[word] = 0;
        any = true;
    }
    return any;
}

/* Everything but memory. */
static void latch_registers(struct vga *s)
{
    struct vga_display *d = s->display;
    uint8_t *copy = d->latched.ram;
    d->latched = *s;
    d->latched.start = vga_shown_start(s);
    d->latched.ram = copy;
    d->latched.display = NULL;
    d->registers = false;
    d->all = true;
}

/* A cursor is to be seen for 8 frames of 16, characters that blink for 16 of 32. */
static bool latch_phases(struct vga *s)
{
    enum { CURSOR = 8, CHARACTERS = 16 };
    struct vga_display *d = s->display;
    const struct vga_timing t = vga_timing(s);
    uint64_t frame = vga_frame(&t, timers_now(s->timers));
    bool cursor_on = !(frame & CURSOR), blink_on = !(frame & CHARACTERS);
    bool changed = cursor_on != d->cursor_on || blink_on != d->blink_on;
    d->cursor_on = cursor_on;
    d->blink_on = blink_on;
    return changed && !(s->graphics[GR_MISC] & GR_MISC_GRAPHICS) && !vbe_is_on(s);
}

static bool latch(void *card, bool everything)
{
    struct vga *s = card;
    struct vga_display *d = s->display;
    if (!start_watching(s))
        return false;
    if (everything)
        vga_display_touch(d, 0, s->ram_size);
    bool changed = latch_memory(s);
    changed |= latch_phases(s);
    if (d->registers || d->latched.start != vga_shown_start(s) || everything) {
        latch_registers(s);
        changed = true;
    }
    return changed;
}

/* --- drawing, on a thread of the screen's --- */

/* Takes a line over if it is another one. */
static void put_line(struct picture *p, unsigned y, const uint32_t *line, unsigned *first,
                     unsigned *end)
{
    uint32_t *to = p->pixels + (size_t)y * p->width;
    size_t size = p->width * sizeof *line;
    if (memcmp(to, line, size) == 0)
        return;
    memcpy(to, line, size);
    *first = *first < *end && *first < y ? *first : y;
    *end = y + 1;
}

static bool set_size(struct vga_display *d, struct picture *p, unsigned width, unsigned height)
{
    if (p->width == width && p->height == height)
        return true;
    d->all = true;
    return picture_resize(p, width, height);
}

static void draw_raster(struct vga_display *d, struct picture *p, unsigned *first, unsigned *end)
{
    struct vga_raster r;
    vga_raster_start(&r, d);
    if (!set_size(d, p, vga_raster_width(&r), r.height))
        return;
    for (unsigned y = 0; y < r.height; y++) {
        put_line(p, y, vga_raster_line(&r, d->line), first, end);
        vga_raster_next(&r);
    }
}

static bool is_changed(const struct vga_display *d, uint32_t first, uint32_t end)
{
    for (uint32_t page = first / PAGE_SIZE; page <= (end - 1) / PAGE_SIZE; page++)
        if (d->changed[page / 64] >> page % 64 & 1)
            return true;
    return false;
}

static void draw_linear(struct vga_display *d, struct picture *p, unsigned *first, unsigned *end)
{
    const struct vga *s = &d->latched;
    uint32_t color[256], line_first, line_end;
    if (!set_size(d, p, s->vbe.reg[VBE_WIDTH], s->vbe.reg[VBE_HEIGHT]))
        return;
    vga_dac_colors(s, color);
    for (unsigned y = 0; y < p->height; y++) {
        vga_linear_place(s, y, &line_first, &line_end);
        if (d->all || is_changed(d, line_first, line_end))
            put_line(p, y, vga_linear_line(s, color, y, d->line), first, end);
    }
}

/* Of the size that it would have. */
static void draw_black(struct vga_display *d, struct picture *p, unsigned *first, unsigned *end)
{
    struct vga_raster r;
    vga_raster_start(&r, d);
    if (!set_size(d, p, vga_raster_width(&r), r.height))
        return;
    memset(p->pixels, 0, (size_t)p->width * p->height * sizeof *p->pixels);
    *first = 0;
    *end = p->height;
}

static bool is_linear(const struct vga *s)
{
    return vbe_is_on(s) && s->vbe.reg[VBE_DEPTH] > 4;
}

static bool is_blank(const struct vga *s)
{
    bool off = s->sequencer[SEQ_CLOCKING] & CLOCKING_OFF || !(s->attribute_index & ATTR_PALETTE_ON);
    return off || (!vbe_is_on(s) && !(s->crtc[CRTC_MODE] & CRTC_MODE_ON));
}

static void draw(void *card, struct picture *p, unsigned *first, unsigned *end)
{
    struct vga *s = card;
    struct vga_display *d = s->display;
    *first = *end = 0;
    if (is_linear(&d->latched))
        draw_linear(d, p, first, end);
    else if (is_blank(&d->latched))
        draw_black(d, p, first, end);
    else
        draw_raster(d, p, first, end);
    d->all = false;
    memset(d->changed, 0, page_words(s->ram_size) * sizeof *d->changed);
}

/* --- text --- */

static void read_row(const struct vga_raster *r, struct screen_text *t, unsigned row)
{
    bool blinks = r->card->attribute[ATTR_MODE] & ATTR_BLINK;
    uint32_t cursor =
        (uint32_t)r->card->crtc[CRTC_CURSOR_HIGH] << 8 | r->card->crtc[CRTC_CURSOR_LOW];
    for (unsigned column = 0; column < t->columns; column++) {
        uint32_t word = vga_raster_word(r, column);
        t->character[row][column] = (uint8_t)word;
        t->attribute[row][column] = (uint8_t)(word >> 8 & (blinks ? 0x7f : 0xff));
    }
    uint32_t column = (cursor - r->counter) & 0xffff;
    if (column < t->columns && !(r->card->crtc[CRTC_CURSOR_START] & CURSOR_OFF)) {
        t->has_cursor = true;
        t->cursor_column = column;
        t->cursor_row = row;
    }
}

static bool text(void *card, struct screen_text *t)
{
    const struct vga *s = card;
    struct vga_raster r;
    vga_raster_start(&r, s->display);
    if (!r.is_text)
        return false;
    t->columns = r.columns < SCREEN_COLUMNS ? r.columns : SCREEN_COLUMNS;
    t->rows = 0;
    t->has_cursor = false;
    for (uint32_t counter = ~0u; r.y < r.height && t->rows < SCREEN_ROWS; vga_raster_next(&r)) {
        if (r.counter == counter)
            continue;
        read_row(&r, t, t->rows++);
        counter = r.counter;
    }
    return true;
}

struct video vga_video(struct vga *s)
{
    return (struct video){.card = s, .latch = latch, .draw = draw, .text = text};
}

/* --- beginning and end --- */

struct vga_display *vga_display_create(uint32_t ram_size)
{
    struct vga_display *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->touched = calloc(page_words(ram_size), sizeof *d->touched);
    d->changed = calloc(page_words(ram_size), sizeof *d->changed);
    d->line = calloc(VGA_MOST_DOTS, sizeof *d->line);
    if (d->touched && d->changed && d->line)
        return d;
    vga_display_destroy(d);
    return NULL;
}

void vga_display_destroy(struct vga_display *d)
{
    if (!d)
        return;
    free(d->touched);
    free(d->changed);
    free(d->line);
    free(d->latched.ram);
    free(d);
}
