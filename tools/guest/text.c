/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The little of a C library that the default guest needs; the compiler calls the first four. */
#include "guest.h"

void *memcpy(void *to, const void *from, unsigned long size)
{
    void *d = to;
    __asm__ volatile("rep movsb" : "+D"(d), "+S"(from), "+c"(size) : : "memory");
    return to;
}

void *memmove(void *to, const void *from, unsigned long size)
{
    if ((u32)to - (u32)from >= size)
        return memcpy(to, from, size);
    u8 *d = (u8 *)to + size - 1;
    const u8 *s = (const u8 *)from + size - 1;
    __asm__ volatile("std; rep movsb; cld" : "+D"(d), "+S"(s), "+c"(size) : : "memory");
    return to;
}

void *memset(void *to, int c, unsigned long size)
{
    void *d = to;
    __asm__ volatile("rep stosb" : "+D"(d), "+c"(size) : "a"(c) : "memory");
    return to;
}

int memcmp(const void *a, const void *b, unsigned long size)
{
    const u8 *x = a;
    const u8 *y = b;
    for (; size; size--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

bool text_equal(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

bool text_number(const char *text, u32 *value)
{
    u32 base = 10;
    if (text[0] == '0' && (text[1] | 0x20) == 'x') {
        base = 16;
        text += 2;
    }
    u32 n = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        u32 d = (u32)digit(*text);
        if (d >= base || n > (UINT32_MAX - d) / base)
            return false;
        n = n * base + d;
    }
    *value = n;
    return true;
}
