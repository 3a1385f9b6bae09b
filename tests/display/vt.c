/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/display/vt.h"

#include "tests/assert.h"

#include <stdlib.h>
#include <string.h>

static const struct vt_cell blank = {' ', 255, 255, false};

void vt_init(struct vt *v, unsigned rows, unsigned columns)
{
    *v = (struct vt){.rows = rows, .columns = columns, .pen = blank, .bottom = rows - 1};
    for (unsigned r = 0; r < rows; r++)
        for (unsigned c = 0; c < columns; c++)
            v->cell[r][c] = blank;
}

static void erase(struct vt *v, unsigned row, unsigned first, unsigned end)
{
    for (; first < end && first < v->columns; first++) {
        v->cell[row][first] = blank;
        v->cell[row][first].back = v->pen.back;
    }
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Takes rows away at the first of them, and adds as many at the last one; and the other way. */
static void scroll_up(struct vt *v, unsigned first, unsigned last, unsigned count)
{
    count = least(count, last - first + 1);
    memmove(v->cell[first], v->cell[first + count], sizeof v->cell[0] * (last - first + 1 - count));
    for (unsigned row = last + 1 - count; row <= last; row++)
        erase(v, row, 0, v->columns);
}

static void scroll_down(struct vt *v, unsigned first, unsigned last, unsigned count)
{
    count = least(count, last - first + 1);
    memmove(v->cell[first + count], v->cell[first], sizeof v->cell[0] * (last - first + 1 - count));
    for (unsigned row = first; row < first + count; row++)
        erase(v, row, 0, v->columns);
}

static void line_feed(struct vt *v)
{
    if (v->row == v->bottom)
        scroll_up(v, v->top, v->bottom, 1);
    else if (v->row + 1 < v->rows)
        v->row++;
}

static void reverse_line_feed(struct vt *v)
{
    if (v->row == v->top)
        scroll_down(v, v->top, v->bottom, 1);
    else if (v->row > 0)
        v->row--;
}

static void put(struct vt *v, uint32_t character)
{
    if (v->is_wrapping) {
        v->column = 0;
        line_feed(v);
    }
    v->cell[v->row][v->column] = v->pen;
    v->cell[v->row][v->column].character = character;
    v->is_wrapping = v->column + 1 == v->columns;
    v->column += !v->is_wrapping;
}

static void repeat(struct vt *v, unsigned count)
{
    uint32_t character = v->cell[v->row][v->is_wrapping ? v->column : v->column - 1].character;
    while (count-- > 0)
        put(v, character);
}

/* --- sequences --- */

static void set_pen(struct vt *v, const unsigned *p, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (p[i] == 0)
            v->pen = blank;
        else if (p[i] == 1)
            v->pen.bold = true;
        else if (p[i] >= 30 && p[i] <= 37)
            v->pen.front = (uint8_t)(p[i] - 30);
        else if (p[i] >= 40 && p[i] <= 47)
            v->pen.back = (uint8_t)(p[i] - 40);
        else if (p[i] >= 90 && p[i] <= 97)
            v->pen.front = (uint8_t)(p[i] - 90 + 8);
        else if (p[i] >= 100 && p[i] <= 107)
            v->pen.back = (uint8_t)(p[i] - 100 + 8);
        else if (p[i] == 39)
            v->pen.front = 255;
        else if (p[i] == 49)
            v->pen.back = 255;
    }
}

static void erase_screen(struct vt *v, unsigned which)
{
    erase(v, v->row, which == 0 ? v->column : 0, v->columns);
    for (unsigned r = which == 0 ? v->row + 1 : 0; r < v->rows; r++)
        erase(v, r, 0, v->columns);
}

static void set_mode(struct vt *v, unsigned mode, bool on)
{
    if (mode == 1049)
        v->is_alternate = on;
    if (mode == 25)
        v->is_cursor_hidden = !on;
}

static void set_region(struct vt *v, unsigned top, unsigned bottom)
{
    v->top = top - 1;
    v->bottom = least(bottom ? bottom : v->rows, v->rows) - 1;
    v->row = v->column = 0;
}

/* Characters of the row from the cursor on go to the right, and blanks come; or the other way. */
static void shift(struct vt *v, unsigned count, bool right)
{
    struct vt_cell *from = v->cell[v->row] + v->column;
    unsigned room = v->columns - v->column;
    count = least(count, room);
    memmove(right ? from + count : from, right ? from : from + count,
            sizeof *from * (room - count));
    erase(v, v->row, right ? v->column : v->columns - count,
          right ? v->column + count : v->columns);
}

/* CSI sequences that move rows, or what is in one; false: it is none of them. */
static bool move(struct vt *v, char final, unsigned n)
{
    switch (final) {
    case 'S':
        scroll_up(v, v->top, v->bottom, n);
        return true;
    case 'T':
        scroll_down(v, v->top, v->bottom, n);
        return true;
    case 'M':
        scroll_up(v, v->row, v->bottom, n);
        return true;
    case 'L':
        scroll_down(v, v->row, v->bottom, n);
        return true;
    case 'P':
    case '@':
        shift(v, n, final == '@');
        return true;
    default:
        return false;
    }
}

/* CSI: `final` is its last byte; n is the first parameter, or 1. */
static void control(struct vt *v, char final, const unsigned *p, unsigned count)
{
    unsigned n = p[0] ? p[0] : 1;
    if (final != 'm' && final != 'b')
        v->is_wrapping = false;
    switch (final) {
    case 'A':
        v->row -= least(v->row, n);
        break;
    case 'B':
        v->row = least(v->row + n, v->rows - 1);
        break;
    case 'C':
        v->column = least(v->column + n, v->columns - 1);
        break;
    case 'D':
        v->column -= least(v->column, n);
        break;
    case 'G':
        v->column = least(n, v->columns) - 1;
        break;
    case 'd':
        v->row = least(n, v->rows) - 1;
        break;
    case 'H':
        v->row = least(n, v->rows) - 1;
        v->column = least(p[1] ? p[1] : 1, v->columns) - 1;
        break;
    case 'J':
        erase_screen(v, p[0]);
        break;
    case 'K':
        erase(v, v->row, p[0] == 0 ? v->column : 0, p[0] == 1 ? v->column + 1 : v->columns);
        break;
    case 'X':
        erase(v, v->row, v->column, v->column + n);
        break;
    case 'b':
        repeat(v, n);
        break;
    case 'm':
        set_pen(v, p, count);
        break;
    case 'h':
    case 'l':
        set_mode(v, p[0], final == 'h');
        break;
    case 'r':
        set_region(v, n, p[1]);
        break;
    case 't':
        break;
    default:
        ck_assert_msg(move(v, final, n), "CSI %c is not known here", final);
    }
}

static void finish(struct vt *v)
{
    unsigned p[VT_PARAMETERS] = {0}, count = 0;
    char final = v->sequence[v->length - 1];
    v->sequence[v->length - 1] = '\0';
    v->length = 0;
    if (final == 'M' && v->sequence[1] == '\0')
        reverse_line_feed(v);
    if (v->sequence[1] != '[') /* a character set, the keypad's mode */
        return;
    for (char *at = v->sequence + 2; count < VT_PARAMETERS;) {
        at += strspn(at, "?>");
        p[count++] = (unsigned)strtoul(at, &at, 10);
        if (*at++ != ';')
            break;
    }
    control(v, final, p, count);
}

static void go_on(struct vt *v, char byte)
{
    ck_assert_uint_lt(v->length, sizeof v->sequence);
    v->sequence[v->length++] = byte;
    bool is_control = v->length > 1 && v->sequence[1] == '[';
    if (is_control ? v->length > 2 && byte >= '@' : v->length > 1 && byte >= '0')
        finish(v);
}

/* --- bytes --- */

static void take_control(struct vt *v, char byte)
{
    if (byte == '\r')
        v->column = 0;
    else if (byte == '\n')
        line_feed(v);
    else if (byte == '\b')
        v->column -= v->column > 0;
    else if (byte == 27)
        v->sequence[v->length++] = byte;
    v->is_wrapping = false;
}

static void take_unicode(struct vt *v, uint8_t byte)
{
    if (byte >= 0xc0) {
        v->more = byte >= 0xe0 ? 2 : 1;
        v->unicode = byte & (byte >= 0xe0 ? 0x0f : 0x1f);
        return;
    }
    v->unicode = v->unicode << 6 | (byte & 0x3f);
    if (--v->more == 0)
        put(v, v->unicode);
}

void vt_feed(struct vt *v, const char *bytes, size_t size)
{
    for (; size-- > 0; bytes++)
        if (v->length)
            go_on(v, *bytes);
        else if (*bytes & 0x80)
            take_unicode(v, (uint8_t)*bytes);
        else if (*bytes < ' ')
            take_control(v, *bytes);
        else
            put(v, (uint32_t)*bytes);
}

const char *vt_row(const struct vt *v, unsigned row)
{
    static char text[VT_COLUMNS * 3 + 1];
    size_t length = 0, end = 0;
    for (unsigned i = 0; i < v->columns; i++) {
        uint32_t c = v->cell[row][i].character;
        if (c >= 0x800)
            text[length++] = (char)(0xe0 | c >> 12);
        if (c >= 0x80)
            text[length++] = (char)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3f) : 0xc0 | c >> 6);
        text[length++] = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
        if (c != ' ')
            end = length;
    }
    text[end] = '\0';
    return text;
}
