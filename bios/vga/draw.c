/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/draw.h"

#include "bios/vga/font_load.h"

static struct far text_address(const struct screen *s, unsigned column, unsigned row)
{
    return far(s->segment, (uint16_t)(s->start + row * s->pitch + column * 2));
}

/* CGA's modes have the upper half of the font elsewhere. */
static struct far glyph_of(const struct screen *s, uint8_t character)
{
    uint8_t vector = VECTOR_FONT, index = character;
    if (s->model == MODEL_CGA && character >= 128) {
        vector = VECTOR_FONT_HIGH;
        index -= 128;
    }
    return far_add(vector_get(vector), (uint16_t)(index * s->height));
}

static uint32_t cell_address(const struct screen *s, unsigned column, unsigned row, unsigned line)
{
    return line_address(s, row * s->height + line) + column * cell_size(s);
}

void draw_text(struct screen *s, unsigned column, unsigned row, uint8_t character)
{
    far_write8(text_address(s, column, row), character);
}

void draw_character(struct screen *s, unsigned column, unsigned row, uint8_t character,
                    uint8_t attribute)
{
    if (s->model == MODEL_TEXT) {
        far_write16(text_address(s, column, row), (uint16_t)(attribute << 8 | character));
        return;
    }
    struct far glyph = glyph_of(s, character);
    for (unsigned line = 0; line < s->height; line++)
        draw_glyph_line(s, cell_address(s, column, row, line), far_read8(far_add(glyph, line)),
                        attribute);
}

static bool is_glyph(const struct screen *s, uint8_t character, const uint8_t *lines)
{
    struct far glyph = glyph_of(s, character);
    for (unsigned line = 0; line < s->height; line++)
        if (far_read8(far_add(glyph, line)) != lines[line])
            return false;
    return true;
}

uint16_t read_character(struct screen *s, unsigned column, unsigned row)
{
    uint8_t lines[32];
    if (s->model == MODEL_TEXT)
        return far_read16(text_address(s, column, row));
    for (unsigned line = 0; line < s->height && line < sizeof lines; line++)
        lines[line] = read_glyph_line(s, cell_address(s, column, row, line));
    for (unsigned c = 0; c < 256; c++)
        if (is_glyph(s, (uint8_t)c, lines))
            return (uint16_t)c;
    return 0;
}

static void fill_row(struct screen *s, struct rectangle r, unsigned row, uint8_t attribute)
{
    unsigned cells = r.right - r.left + 1u;
    if (s->model == MODEL_TEXT) {
        far_fill16(text_address(s, r.left, row), (uint16_t)(attribute << 8 | ' '), (uint16_t)cells);
        return;
    }
    for (unsigned line = 0; line < s->height; line++)
        fill_line(s, cell_address(s, r.left, row, line), cells, attribute);
}

void fill_rectangle(struct screen *s, struct rectangle r, uint8_t attribute)
{
    for (unsigned row = r.top; row <= r.bottom; row++)
        fill_row(s, r, row, attribute);
}

static void copy_row(struct screen *s, struct rectangle r, unsigned to, unsigned from)
{
    unsigned cells = r.right - r.left + 1u;
    if (s->model == MODEL_TEXT) {
        far_copy(text_address(s, r.left, to), text_address(s, r.left, from), (uint16_t)(cells * 2));
        return;
    }
    uint32_t bytes = (uint32_t)s->height * s->pitch;
    if (cells * cell_size(s) == s->pitch &&
        copy_linear(s, cell_address(s, 0, to, 0), cell_address(s, 0, from, 0), bytes))
        return;
    for (unsigned line = 0; line < s->height; line++)
        copy_line(s, cell_address(s, r.left, to, line), cell_address(s, r.left, from, line), cells);
}

void scroll_rectangle(struct screen *s, struct rectangle r, unsigned rows, bool down,
                      uint8_t attribute)
{
    unsigned height = r.bottom - r.top + 1u;
    if (rows == 0 || rows > height)
        rows = height;
    for (unsigned i = 0; i < height - rows; i++)
        if (down)
            copy_row(s, r, r.bottom - i, r.bottom - i - rows);
        else
            copy_row(s, r, r.top + i, r.top + i + rows);
    if (down)
        r.bottom = (uint8_t)(r.top + rows - 1);
    else
        r.top = (uint8_t)(r.bottom - rows + 1);
    fill_rectangle(s, r, attribute);
}
