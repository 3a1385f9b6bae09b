/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text out by COM1 (NS16550A), the debug port E9h and the screen; text in by the interrupts of COM1
 * and of the keyboard.
 */
#include "guest.h"
#include <stdarg.h>

enum {
    COM1 = 0x3f8,
    DATA = COM1,
    IER = COM1 + 1,
    FCR = COM1 + 2,
    LCR = COM1 + 3,
    MCR = COM1 + 4,
    LSR = COM1 + 5,
    LSR_DATA_READY = 0x01,
    LSR_HOLDING_EMPTY = 0x20,
    LCR_8N1 = 0x03,
    LCR_DLAB = 0x80,
    FCR_ENABLE_CLEAR = 0x07,
    MCR_DTR_RTS_OUT2 = 0x0b, /* OUT2 lets the interrupt through to the 8259A */
    DEBUG_PORT = 0xe9,
    NO_CHIP = 0xff,
};

enum { QUEUE = 256 };
static volatile u8 queue[QUEUE];
static volatile u32 queue_in, queue_out;

void console_init(void)
{
    out8(IER, 0);
    out8(LCR, LCR_DLAB);
    out8(DATA, 1); /* 115200 baud */
    out8(IER, 0);
    out8(LCR, LCR_8N1);
    out8(FCR, FCR_ENABLE_CLEAR);
    out8(MCR, MCR_DTR_RTS_OUT2);
    out8(IER, 1);
}

static void send(char c)
{
    while (!(in8(LSR) & LSR_HOLDING_EMPTY))
        ;
    out8(DATA, (u8)c);
}

void put_char(char c)
{
    out8(DEBUG_PORT, (u8)c);
    if (c == '\n')
        send('\r');
    send(c);
    screen_put(c);
}

static void put_padded(const char *text, u32 length, u32 width, char pad, bool left)
{
    for (u32 n = length; !left && n < width; n++)
        put_char(pad);
    for (u32 i = 0; i < length; i++)
        put_char(text[i]);
    for (u32 n = length; left && n < width; n++)
        put_char(' ');
}

static void put_number(u32 n, u32 base, bool negative, u32 width, char pad, bool left)
{
    char digits[12];
    u32 i = sizeof(digits);
    do {
        digits[--i] = "0123456789abcdef"[n % base];
        n /= base;
    } while (n);
    if (negative)
        digits[--i] = '-';
    put_padded(digits + i, sizeof(digits) - i, width, pad, left);
}

static void put_text(const char *text, u32 width, bool left)
{
    u32 length = 0;
    while (text[length])
        length++;
    put_padded(text, length, width, ' ', left);
}

void print(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    for (const char *f = format; *f; f++) {
        if (*f != '%') {
            put_char(*f);
            continue;
        }
        bool left = f[1] == '-';
        f += left;
        char pad = f[1] == '0' ? '0' : ' ';
        u32 width = 0;
        for (f++; *f >= '0' && *f <= '9'; f++)
            width = width * 10 + (u32)(*f - '0');
        if (*f == 's') {
            put_text(va_arg(list, const char *), width, left);
        } else if (*f == 'c') {
            put_char((char)va_arg(list, int));
        } else if (*f == 'd') {
            int n = va_arg(list, int);
            put_number(n < 0 ? 0u - (u32)n : (u32)n, 10, n < 0, width, pad, left);
        } else if (*f == 'u' || *f == 'x') {
            put_number(va_arg(list, u32), *f == 'u' ? 10 : 16, false, width, pad, left);
        } else {
            put_char(*f);
        }
    }
    va_end(list);
}

void console_take(u8 c)
{
    if (queue_in - queue_out < QUEUE)
        queue[queue_in++ % QUEUE] = c;
}

void console_interrupt(void)
{
    /* The bound is for a port with no chip behind it, whose status reads all ones. */
    for (int n = 0; n < 64 && (in8(LSR) & LSR_DATA_READY) && in8(LSR) != NO_CHIP; n++)
        console_take(in8(DATA));
}

u8 get_char(void)
{
    for (;;) {
        __asm__ volatile("cli");
        if (queue_in != queue_out)
            break;
        /* STI's shadow covers HLT: no interrupt is missed between the test and the sleep. */
        __asm__ volatile("sti; hlt");
    }
    u8 c = queue[queue_out++ % QUEUE];
    __asm__ volatile("sti");
    return c;
}
