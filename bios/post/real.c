/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 16-bit part's services: screen, keyboard, time. */
#include "bios/post/post.h"
#include "bios/serial/console.h"

#include <stdarg.h>

extern const u8 call_real[];

static void call(struct regs *r)
{
    void (*enter)(struct regs *) = (void (*)(struct regs *))IN_BIOS(call_real);
    enter(r);
}

void real_call(struct regs *r, u16 segment, u16 offset)
{
    r->next = (struct far){offset, segment};
    call(r);
}

void real_int(struct regs *r, u8 vector)
{
    const volatile struct far *vectors = (const volatile struct far *)0;
    __asm__("" : "+r"(vectors));
    struct far entry = {vectors[vector].offset, vectors[vector].segment};
    real_call(r, entry.segment, entry.offset);
}

static void print_character(char c)
{
    struct regs r = {.ax = (u16)(0x0e00 | (u8)c), .bx = 0x0007};
    if (c == '\n')
        print_character('\r');
    real_int(&r, 0x10);
}

static void print_text(const char *text)
{
    while (*text)
        print_character(*text++);
}

static void print_number(u32 value, u32 base, unsigned digits)
{
    if (value >= base || digits > 1)
        print_number(value / base, base, digits ? digits - 1 : 0);
    print_character("0123456789abcdef"[value % base]);
}

static void print_one(char kind, unsigned digits, va_list *arguments)
{
    if (kind == 's')
        print_text(va_arg(*arguments, const char *));
    else if (kind == 'c')
        print_character((char)va_arg(*arguments, int));
    else
        print_number(va_arg(*arguments, u32), kind == 'x' ? 16 : 10, digits);
}

void print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    for (; *format; format++) {
        unsigned digits = 0;
        if (*format != '%') {
            print_character(*format);
            continue;
        }
        while (*++format >= '0' && *format <= '9')
            digits = digits * 10 + (unsigned)(*format - '0');
        print_one(*format, digits, &arguments);
    }
    va_end(arguments);
}

u16 peek_key(void)
{
    struct regs r;
    do {
        r = (struct regs){.ax = 0x1100};
        real_int(&r, 0x16);
    } while (r.flags & FLAG_ZERO && the_ebda->console_escape == CONSOLE_ESCAPE);
    return r.flags & FLAG_ZERO ? 0 : r.ax;
}

u16 poll_key(void)
{
    return peek_key() ? wait_key() : 0;
}

u16 wait_key(void)
{
    struct regs r = {.ax = 0x1000};
    real_int(&r, 0x16);
    return r.ax;
}

u32 ticks(void)
{
    return the_bda->ticks;
}
