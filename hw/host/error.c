/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages for the user: one line of text, whatever names there are in it. */
#include "hw/host/error.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The length of a character in UTF-8, as shortest there is; 0 if it is none. */
static size_t decode(const uint8_t *p, uint32_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = *p < 0x80   ? 1
                    : *p < 0xc2 ? 0
                    : *p < 0xe0 ? 2
                    : *p < 0xf0 ? 3
                    : *p < 0xf5 ? 4
                                : 0;
    *character = length == 1 ? *p : *p & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        *character = *character << 6 | (p[i] & 0x3f);
    }
    bool surrogate = *character >> 11 == 0xd800 >> 11;
    return length && *character >= least[length] && *character < 0x110000 && !surrogate ? length
                                                                                        : 0;
}

/* Does it do something to a terminal, a line or the direction of writing? */
static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f;
}

/* Copies text, with "\\x1b" for each byte that is not to be printed: at most four times as long. */
static void escape(char *to, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (const uint8_t *p = (const uint8_t *)text; *p;) {
        uint32_t c;
        size_t length = decode(p, &c);
        bool plain = length && !is_control(c);
        for (size_t n = length ? length : 1; n; n--, p++) {
            if (!plain) {
                *to++ = '\\';
                *to++ = 'x';
                *to++ = digits[*p >> 4];
            }
            *to++ = plain ? (char)*p : digits[*p & 15];
        }
    }
    *to = 0;
}

/* Of a text too long the middle is left out: it ends with what is wrong. */
static void shorten(char *text, size_t length, size_t most)
{
    static const char gap[] = {'[', '.', '.', '.', ']'};
    size_t head = most / 2, tail = most - head - sizeof gap;
    memcpy(text + head, gap, sizeof gap);
    memmove(text + head + sizeof gap, text + length - tail, tail + 1);
}

bool error_set(struct error *e, const char *format, ...)
{
    enum { MOST = sizeof e->text / 4 - 1 };
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    if (length > MOST)
        shorten(text, (size_t)length, MOST);
    if (length >= 0)
        escape(e->text, text);
    else
        strcpy(e->text, "the host is out of memory");
    free(text);
    return false;
}
