/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The serial console's keyboard: characters, and what terminals send for other keys. */
#include "bios/entry/entry.h"
#include "bios/keyboard/keyboard.h"
#include "bios/lib/ebda.h"
#include "bios/serial/console.h"

enum { LINE_STATUS = 5, HAVE_DATA = 0x01 };

/* Scan codes of ASCII's characters, as an American keyboard has them. */
static u8 scan_code(u8 character)
{
    ROM_DATA char rows[] = "1234567890-=\b\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./";
    ROM_DATA char shifted[] = "!@#$%^&*()_+\0\0QWERTYUIOP{}\n\0ASDFGHJKL:\"~\0|ZXCVBNM<>?";
    for (unsigned i = 0; i < sizeof rows - 1; i++)
        if (character && (rows[i] == (char)character || shifted[i] == (char)character))
            return (u8)(i + 2);
    if (character == ' ')
        return 0x39;
    if (character == 0x1b)
        return 0x01;
    return character < 0x1b ? scan_code(character | 0x60) : 0;
}

static void put_character(u8 character)
{
    if (character == 0x7f)
        character = '\b';
    if (character == '\n')
        character = '\r';
    key_put((u16)(scan_code(character) << 8 | character));
}

/* ESC [ letter, ESC O letter */
static void put_letter(u8 letter)
{
    ROM_DATA struct {
        u8 letter;
        u16 key;
    } letters[] = {
        {'A', 0x48e0}, {'B', 0x50e0}, {'C', 0x4de0}, {'D', 0x4be0}, {'H', 0x47e0},
        {'F', 0x4fe0}, {'P', 0x3b00}, {'Q', 0x3c00}, {'R', 0x3d00}, {'S', 0x3e00},
    };
    for (unsigned i = 0; i < LENGTH(letters); i++)
        if (letters[i].letter == letter)
            key_put(letters[i].key);
}

/* ESC [ number ~ */
static void put_number(u8 number)
{
    ROM_DATA struct {
        u8 number;
        u16 key;
    } numbers[] = {
        {1, 0x47e0},  {2, 0x52e0},  {3, 0x53e0},  {4, 0x4fe0},  {5, 0x49e0},
        {6, 0x51e0},  {7, 0x47e0},  {8, 0x4fe0},  {11, 0x3b00}, {12, 0x3c00},
        {13, 0x3d00}, {14, 0x3e00}, {15, 0x3f00}, {17, 0x4000}, {18, 0x4100},
        {19, 0x4200}, {20, 0x4300}, {21, 0x4400}, {23, 0x8500}, {24, 0x8600},
    };
    for (unsigned i = 0; i < LENGTH(numbers); i++)
        if (numbers[i].number == number)
            key_put(numbers[i].key);
}

static void take(u8 byte)
{
    u8 state = ebda.console_escape;
    ebda.console_escape = CONSOLE_NONE;
    if (state == CONSOLE_NONE && byte == 0x1b) {
        ebda.console_escape = CONSOLE_ESCAPE;
        ebda.console_number = 0;
    } else if (state == CONSOLE_ESCAPE && (byte == '[' || byte == 'O')) {
        ebda.console_escape = byte == '[' ? CONSOLE_BRACKET : CONSOLE_LETTER;
        ebda.console_number = 0;
    } else if (state == CONSOLE_BRACKET && byte >= '0' && byte <= '9') {
        ebda.console_number = (u8)(ebda.console_number * 10 + byte - '0');
        ebda.console_escape = CONSOLE_BRACKET;
    } else if (state == CONSOLE_BRACKET && byte == '~') {
        put_number(ebda.console_number);
    } else if (state == CONSOLE_BRACKET || state == CONSOLE_LETTER) {
        put_letter(byte);
    } else {
        if (state == CONSOLE_ESCAPE)
            put_character(0x1b);
        put_character(byte);
    }
}

void console_poll(void)
{
    u16 port = ebda.console_port;
    while (port && inb((u16)(port + LINE_STATUS)) & HAVE_DATA)
        take(inb(port));
}

/* An ESC after which nothing comes is the key. */
void console_tick(void)
{
    enum { TICKS = 3 };
    console_poll();
    if (ebda.console_escape != CONSOLE_ESCAPE || ++ebda.console_number < TICKS)
        return;
    ebda.console_escape = CONSOLE_NONE;
    put_character(0x1b);
}
