/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a BIOS leaves at addresses that everybody knows. */
#include "tests/bios/program/program.h"

static bool vector_is(u8 vector, u32 far)
{
    return peek32(vector * 4u) == far;
}

/* IBM's AT has these there; what others may have taken over is asked by its instruction. */
static void test_entries(void)
{
    CHECK("entry points: INT 12h at F000:F841",
          vector_is(0x12, 0xf000f841) || peek8(0xff841) == 0xe9);
    CHECK("entry points: INT 05h at F000:FF54", peek8(0xfff54) == 0xe9 || peek8(0xfff54) == 0xeb);
    CHECK("entry points: an IRET at F000:FF53", peek8(0xfff53) == 0xcf);
    CHECK("entry points: a jump at F000:FFF0", peek8(0xffff0) == 0xea);
    CHECK("date at F000:FFF5", peek8(0xffff7) == '/' && peek8(0xffffa) == '/');
    CHECK("model byte: an AT", peek8(0xffffe) == 0xfc);
    CHECK("font at F000:FA6E: a space is empty, a full block full",
          peek32(0xffa6e + 8 * ' ') == 0 && peek8(0xffa6e + 8 * 'A') != 0);
    CHECK("floppy parameters at F000:EFC7", peek8(0xfefc7 + 3) == 2);
}

static void test_bda(void)
{
    struct regs r = {0};
    u32 ebda = the_bda->ebda * 16u, end = the_bda->memory * 1024u;
    call(&r, 0x11);
    CHECK("INT 11h is 40:10", r.ax == the_bda->equipment);
    call(&r, 0x12);
    CHECK("INT 12h is 40:13", r.ax == the_bda->memory && r.ax > 600 && r.ax <= 640);
    CHECK("EBDA: at the end of memory, or behind pages for a disk's queue",
          ebda == end || (ebda > end && ebda - end < 0x5000 && end % 0x1000 == 0));
    CHECK("EBDA: begins with its size", ebda + peek8(ebda) * 1024u == 0xa0000);
    CHECK("BDA: the keyboard's buffer", the_bda->key_start == 0x1e && the_bda->key_end == 0x3e);
    CHECK("BDA: serial ports are counted",
          (the_bda->equipment >> 9 & 7) == (the_bda->com[0] != 0) + (the_bda->com[1] != 0) +
                                               (the_bda->com[2] != 0) + (the_bda->com[3] != 0));
}

void test_data(void)
{
    test_entries();
    test_bda();
}
