/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/edid.h"

/* clang-format off */

/* The name of three letters, five bits each. */
#define MAKER(a, b, c) \
    (((a) - '@') << 2 | ((b) - '@') >> 3), (uint8_t)(((b) - '@') << 5 | ((c) - '@'))
/* Width over 8, less 31; shape; at 60 Hz. */
enum { SHAPE_16_10 = 0x00, SHAPE_4_3 = 0x40, SHAPE_5_4 = 0x80, SHAPE_16_9 = 0xc0 };
#define STANDARD(width, shape) (width) / 8 - 31, shape

static ROM uint8_t edid[VGA_EDID_SIZE - 1] = {
    0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00,
    MAKER('T', 'E', 'S'), 0x11, 0x11, 0x01, 0x00, 0x00, 0x00,
    1, 2026 - 1990, 1, 4,
    0x0e, 32, 24, 0x78, 0xeb,                 /* analog; cm; gamma 2.2; DPMS, RGB, any frequency */
    0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54, /* sRGB's colours */
    0x21, 0x08, 0x00,                         /* 640x480, 800x600, 1024x768 at 60 Hz */
    STANDARD(1280, SHAPE_5_4), STANDARD(1280, SHAPE_16_9), STANDARD(1440, SHAPE_16_10),
    STANDARD(1600, SHAPE_4_3), STANDARD(1680, SHAPE_16_10), STANDARD(1920, SHAPE_16_10),
    STANDARD(1920, SHAPE_16_9), STANDARD(1152, SHAPE_4_3),
    /* 1024x768 at 60 Hz: 65 MHz, 1344 x 806 with blanking, sync at 1048 and 771. */
    0x64, 0x19, 0x00, 0x40, 0x41, 0x00, 0x26, 0x30,
    0x18, 0x88, 0x36, 0x00, 0x40, 0xf0, 0x10, 0, 0, 0x18,
    0, 0, 0, 0xfd, 0, 50, 125, 24, 160, 40, 0, /* limits: Hz, kHz, 10 MHz */
    '\n', ' ', ' ', ' ', ' ', ' ', ' ',
    0, 0, 0, 0xfc, 0, 'T', 'e', 's', 's', 'e', 'r', 'a', '\n', ' ', ' ', ' ', ' ', ' ',
    0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0,
};
/* clang-format on */

uint8_t vga_edid_byte(unsigned at)
{
    uint8_t sum = 0;
    if (at < sizeof edid)
        return edid[at];
    for (unsigned i = 0; i < sizeof edid; i++)
        sum += edid[i];
    return (uint8_t)-sum;
}
