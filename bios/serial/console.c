/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 10h beside or instead of a VGA BIOS's: the serial console's output. */
#include "bios/serial/console.h"

#include "bios/clock/clock.h"
#include "bios/entry/entry.h"
#include "bios/lib/ebda.h"

enum { DATA, INTERRUPTS, FIFO, LINE_CONTROL, MODEM_CONTROL, LINE_STATUS };
enum { CAN_SEND = 0x20, DIVISOR = 0x80, TRIES = 20000 };
enum { ROWS = 25, COLUMNS = 80, TEXT_ATTRIBUTE = 0x07, UNKNOWN = 0xff };

static void send(u8 byte)
{
    u16 port = ebda.console_port;
    for (unsigned i = 0; port && i < TRIES; i++) {
        if (inb((u16)(port + LINE_STATUS)) & CAN_SEND)
            return outb((u16)(port + DATA), byte);
        io_delay();
    }
}

static void send_text(ROM char *text)
{
    while (*text)
        send((u8)*text++);
}

static void send_number(u8 number)
{
    if (number >= 10)
        send_number(number / 10);
    send((u8)('0' + number % 10));
}

#define SEND_TEXT(text) send_text(ROM_TEXT(text))

/* Characters of code page 437 that are beyond ASCII: what resembles them. */
static u8 ascii(u8 character)
{
    ROM_DATA char graphics[] = "#####|||++||+++++`-+++||++++++=++++--++++++++#_||^";
    if (character >= 0x20 && character < 0x7f)
        return character;
    if (character >= 0xb0 && character < 0xb0 + sizeof graphics - 1)
        return (u8)graphics[character - 0xb0];
    switch (character) {
    case 0x00:
    case 0xff:
        return ' ';
    case 0x10:
    case 0x1a:
        return '>';
    case 0x11:
    case 0x1b:
        return '<';
    case 0x18:
    case 0x1e:
        return '^';
    case 0x19:
    case 0x1f:
        return 'v';
    default:
        return character < 0x20 ? '*' : '?';
    }
}

static void send_attribute(u8 attribute)
{
    ROM_DATA u8 colors[] = {0, 4, 2, 6, 1, 5, 3, 7};
    if (attribute == ebda.console_attribute)
        return;
    ebda.console_attribute = attribute;
    SEND_TEXT("\033[0");
    if (attribute & 0x08)
        SEND_TEXT(";1");
    if ((attribute & 7) != 7) {
        SEND_TEXT(";3");
        send((u8)('0' + colors[attribute & 7]));
    }
    if (attribute & 0x70) {
        SEND_TEXT(";4");
        send((u8)('0' + colors[attribute >> 4 & 7]));
    }
    send('m');
}

static void send_cursor(u8 row, u8 column)
{
    if (ebda.console_row == row && ebda.console_column == column)
        return;
    ebda.console_row = row;
    ebda.console_column = column;
    SEND_TEXT("\033[");
    send_number((u8)(row + 1));
    send(';');
    send_number((u8)(column + 1));
    send('H');
}

static void send_character(u8 character, u8 attribute)
{
    send_attribute(attribute);
    send(ascii(character));
    ebda.console_column++;
    if (ebda.console_column >= COLUMNS)
        ebda.console_column = UNKNOWN;
}

static void clear(void)
{
    send_attribute(TEXT_ATTRIBUTE);
    SEND_TEXT("\033[H\033[2J");
    ebda.console_row = ebda.console_column = 0;
}

/* --- the cursor, which is the VGA BIOS's if there is one --- */

static bool alone(void)
{
    return !ebda.console_next.segment;
}

static u8 active_page(void)
{
    return BDA_GET(page) & 7;
}

static u16 cursor(void)
{
    u8 page = active_page();
    return BDA_GET(cursor[page]);
}

static void set_cursor(u8 row, u8 column)
{
    u8 page = active_page();
    if (alone())
        BDA_SET(cursor[page], (u16)(row << 8 | column));
}

/* Where the cursor is, the terminal's is to be. */
static void to_cursor(void)
{
    u16 at = cursor();
    send_cursor((u8)(at >> 8), (u8)at);
}

/* --- teletype: the terminal does as the screen does, but does not wrap by itself --- */

static void new_line(void)
{
    send('\n');
    if (ebda.console_row < ROWS - 1)
        ebda.console_row++;
}

static void type(u8 character, u8 attribute)
{
    u8 row = ebda.console_row, column = ebda.console_column;
    switch (character) {
    case '\a':
        return send('\a');
    case '\b':
        if (column && column != UNKNOWN) {
            send('\b');
            ebda.console_column--;
        }
        return;
    case '\r':
        send('\r');
        ebda.console_column = 0;
        return;
    case '\n':
        return new_line();
    default:
        send_character(character, attribute);
        if (ebda.console_column == UNKNOWN) {
            send('\r');
            new_line();
            ebda.console_column = 0;
        }
        (void)row;
    }
}

static void teletype(u8 character)
{
    to_cursor();
    type(character, ebda.console_attribute == UNKNOWN ? TEXT_ATTRIBUTE : ebda.console_attribute);
    set_cursor(ebda.console_row, ebda.console_column);
}

/* --- INT 10h --- */

static void set_mode(const struct regs *r)
{
    u8 mode = r->al & 0x7f;
    if (mode > 3 && mode != 7)
        return;
    if (alone()) {
        BDA_SET(video_mode, mode);
        BDA_SET(columns, COLUMNS);
        BDA_SET(page_size, 0x1000);
        BDA_SET(rows, ROWS - 1);
        BDA_SET(page, 0);
        BDA_SET(cursor[0], 0);
    }
    if (!(r->al & 0x80))
        clear();
}

static void position(const struct regs *r)
{
    if (r->bh == active_page())
        set_cursor(r->dh, r->dl);
}

/* Of scrolling, whole screens' is sent; of windows, those that are cleared. */
static void scroll(const struct regs *r)
{
    bool whole = r->cx == 0 && r->dh >= ROWS - 1 && r->dl >= COLUMNS - 1;
    if (whole && !r->al)
        return clear();
    if (whole && r->ah == 6) {
        send_cursor(ROWS - 1, 0);
        for (u8 i = 0; i < r->al; i++)
            send('\n');
        return;
    }
    if (r->al)
        return;
    for (u8 row = r->ch; row <= r->dh && row < ROWS; row++) {
        send_cursor(row, r->cl);
        for (u8 column = r->cl; column <= r->dl && column < COLUMNS; column++)
            send_character(' ', r->bh);
    }
}

/* 09h, 0Ah: the cursor stays. */
static void write_characters(const struct regs *r)
{
    u8 attribute = r->ah == 9 ? r->bl : TEXT_ATTRIBUTE;
    u16 at = cursor();
    u16 room = (u16)(COLUMNS - (at & 0xff));
    if (r->bh != active_page())
        return;
    to_cursor();
    for (u16 i = 0; i < r->cx && i < room; i++)
        send_character(r->al, attribute);
}

/* 13h; bit 1 of AL: attributes are in the string; bit 0: the cursor moves. */
static void write_string(const struct regs *r)
{
    u16 old = cursor();
    u32 step = r->al & 2 ? 2 : 1;
    send_cursor(r->dh, r->dl);
    for (u16 i = 0; i < r->cx; i++) {
        u32 at = r->bp + i * step;
        u8 attribute = r->al & 2 ? far_read_u8(far(r->es, at + 1)) : r->bl;
        type(far_read_u8(far(r->es, at)), attribute);
    }
    if (r->al & 1)
        set_cursor(ebda.console_row, ebda.console_column);
    else
        set_cursor((u8)(old >> 8), (u8)old);
}

static void get_mode(struct regs *r)
{
    r->al = BDA_GET(video_mode);
    r->ah = COLUMNS;
    r->bh = active_page();
}

static void get_cursor(struct regs *r)
{
    r->cx = BDA_GET(cursor_shape);
    r->dx = cursor();
}

static void send_output(const struct regs *r)
{
    switch (r->ah) {
    case 0x00:
        return set_mode(r);
    case 0x02:
        return position(r);
    case 0x06:
    case 0x07:
        return scroll(r);
    case 0x09:
    case 0x0a:
        return write_characters(r);
    case 0x0e:
        return teletype(r->al);
    case 0x13:
        return write_string(r);
    default:
        return;
    }
}

void int10_console(struct regs *r)
{
    send_output(r);
    if (!alone()) {
        r->next = ebda.console_next;
        return;
    }
    if (r->ah == 0x03)
        get_cursor(r);
    else if (r->ah == 0x08)
        r->ax = TEXT_ATTRIBUTE << 8 | ' ';
    else if (r->ah == 0x0f)
        get_mode(r);
}

void console_init(u16 port)
{
    ebda.console_port = port;
    ebda.console_row = ebda.console_column = ebda.console_attribute = UNKNOWN;
    outb((u16)(port + LINE_CONTROL), DIVISOR);
    outb((u16)(port + DATA), 1);
    outb((u16)(port + INTERRUPTS), 0);
    outb((u16)(port + LINE_CONTROL), 0x03);
    console_poll(); /* what has come is lost when FIFOs are turned on */
    outb((u16)(port + FIFO), 0x07);
    outb((u16)(port + MODEM_CONTROL), 0x03);
}
