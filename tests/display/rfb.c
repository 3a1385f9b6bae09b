/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/display/rfb.h"

#include "tests/display/stage.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned take(struct rfb *r, unsigned size)
{
    uint8_t bytes[4];
    unsigned value = 0;
    stage_read(r->fd, bytes, size);
    for (unsigned i = 0; i < size; i++)
        value = value << 8 | bytes[i];
    return value;
}

static void put(struct rfb *r, const char *sizes, ...)
{
    uint8_t bytes[64];
    unsigned length = 0;
    va_list args;
    va_start(args, sizes);
    for (; *sizes; sizes++) {
        uint32_t value = va_arg(args, unsigned);
        for (int i = *sizes - '0' - 1; i >= 0; i--)
            bytes[length++] = (uint8_t)(value >> i * 8);
    }
    va_end(args);
    stage_write(r->fd, bytes, length);
}

static void take_size(struct rfb *r, unsigned width, unsigned height)
{
    free(r->pixels);
    r->width = width;
    r->height = height;
    r->pixels = calloc((size_t)width * height, sizeof *r->pixels);
    ck_assert_ptr_nonnull(r->pixels);
}

struct rfb *rfb_open(unsigned port)
{
    struct rfb *r = calloc(1, sizeof *r);
    char version[12], format[16];
    ck_assert_ptr_nonnull(r);
    r->fd = stage_connect(port);
    r->motion = -1;
    stage_read(r->fd, version, 12);
    ck_assert_mem_eq(version, "RFB 003.008\n", 12);
    stage_write(r->fd, version, 12);
    unsigned types = take(r, 1), none = 0;
    while (types-- > 0)
        none |= take(r, 1) == 1;
    ck_assert_msg(none, "a password is wanted");
    put(r, "1", 1);
    ck_assert_uint_eq(take(r, 4), 0);
    put(r, "1", 1); /* shared */
    unsigned width = take(r, 2), height = take(r, 2);
    stage_read(r->fd, format, 16);
    ck_assert_int_eq(format[0], 32);
    unsigned length = take(r, 4);
    ck_assert_uint_lt(length, sizeof r->name);
    stage_read(r->fd, r->name, length);
    take_size(r, width, height);
    /* 32 bits, 24 of them used, little-endian, true colour; 8 each, shifted by 16, 8, 0. */
    put(r, "44444", 0u, 0x20180001u, 0x00ff00ffu, 0x00ffu << 16 | 16u << 8 | 8u, 0u);
    return r;
}

void rfb_close(struct rfb *r)
{
    close(r->fd);
    free(r->pixels);
    free(r);
}

void rfb_encodings(struct rfb *r, const int *encodings)
{
    unsigned count = 1;
    for (const int *e = encodings; *e != RFB_RAW; e++)
        count++;
    put(r, "112", 2u, 0u, count);
    for (unsigned i = 0; i < count; i++)
        put(r, "4", (unsigned)encodings[i]);
}

void rfb_request(struct rfb *r, bool incremental)
{
    put(r, "112222", 3u, (unsigned)incremental, 0u, 0u, r->width, r->height);
}

static void take_raw(struct rfb *r, unsigned x, unsigned y, unsigned w, unsigned h)
{
    ck_assert_uint_le(x + w, r->width);
    ck_assert_uint_le(y + h, r->height);
    for (; h-- > 0; y++)
        stage_read(r->fd, r->pixels + (size_t)y * r->width + x, w * sizeof *r->pixels);
}

static void take_rectangle(struct rfb *r)
{
    unsigned x = take(r, 2), y = take(r, 2), w = take(r, 2), h = take(r, 2);
    int encoding = (int)take(r, 4);
    if (encoding == RFB_RAW) {
        take_raw(r, x, y, w, h);
    } else if (encoding == RFB_DESKTOP_SIZE) {
        take_size(r, w, h);
        r->resized = true;
    } else if (encoding == RFB_EXTENDED_KEY) {
        r->has_extended_keys = true;
    } else {
        ck_assert_int_eq(encoding, RFB_MOTION);
        r->motion = (int)x;
    }
}

void rfb_update(struct rfb *r)
{
    ck_assert_uint_eq(take(r, 1), 0);
    take(r, 1);
    for (unsigned n = take(r, 2); n-- > 0;)
        take_rectangle(r);
}

void rfb_key(struct rfb *r, uint32_t keysym, bool down)
{
    put(r, "1124", 4u, (unsigned)down, 0u, keysym);
}

void rfb_extended_key(struct rfb *r, uint32_t keysym, uint32_t keycode, bool down)
{
    put(r, "11244", 255u, 0u, (unsigned)down, keysym, keycode);
}

void rfb_pointer(struct rfb *r, unsigned buttons, unsigned x, unsigned y)
{
    put(r, "1122", 5u, buttons, x, y);
}
