/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/information.h"

#include "bios/vga/modes.h"
#include "bios/vga/print_screen.h"
#include "bios/vga/registers.h"
#include "bios/vga/services.h"

void information_mode(struct regs *r)
{
    r->a.l = BDA->mode | (BDA->control & CONTROL_NO_CLEAR);
    r->a.h = (uint8_t)BDA->columns;
    r->b.h = BDA->page;
}

/* Sets or clears a bit of the data area's flags. */
static void set_flag(uint8_t flag, bool on)
{
    BDA->flags = on ? BDA->flags | flag : BDA->flags & ~flag;
}

static void set_lines(struct regs *r)
{
    static ROM uint8_t lines[] = {FLAGS_LINES_200, 0, FLAGS_LINES_400};
    static ROM uint8_t switches[] = {0x08, 0x09, 0x09};
    if (r->a.l >= sizeof lines)
        return;
    BDA->flags = (uint8_t)((BDA->flags & ~(FLAGS_LINES_200 | FLAGS_LINES_400)) | lines[r->a.l]);
    BDA->switches = (uint8_t)((BDA->switches & 0xf0) | switches[r->a.l]);
    r->a.l = 0x12;
}

/* While it sleeps, a card has no other registers. */
static void video_enable(bool on)
{
    if (on)
        outb(VIDEO_ENABLE, 1);
    outb(MISC_WRITE, (uint8_t)((inb(MISC_READ) & ~2) | (on ? 2 : 0)));
    if (!on)
        outb(VIDEO_ENABLE, 0);
}

/* BL=10h: an EGA's: colour, 256 KiB, no feature bits, its switches. */
static void ega_information(struct regs *r)
{
    r->b.h = BDA->crtc == CRTC_MONO;
    r->b.l = 3;
    r->c.h = 0;
    r->c.l = BDA->switches & 0x0f;
}

static void select_by_al(struct regs *r)
{
    switch (r->b.l) {
    case 0x31:
        set_flag(FLAGS_KEEP_DAC, r->a.l);
        break;
    case 0x32:
        video_enable(!r->a.l);
        break;
    case 0x33:
        set_flag(FLAGS_GRAY, !r->a.l);
        break;
    case 0x34:
        BDA->control = (uint8_t)((BDA->control & ~CONTROL_CURSOR_AS_IS) | r->a.l);
        break;
    case 0x36:
        indexed_change(SEQUENCER, 1, 0x20, (uint8_t)(r->a.l << 5));
        break;
    default:
        return;
    }
    r->a.l = 0x12;
}

void information_select(struct regs *r)
{
    if (r->b.l == 0x10)
        ega_information(r);
    else if (r->b.l == 0x20)
        vector_set(VECTOR_PRINT_SCREEN, far_rom(int05_entry));
    else if (r->b.l == 0x30)
        set_lines(r);
    else if (r->a.l <= 1)
        select_by_al(r);
}

ROM struct display_codes display_codes = {DISPLAY_CODES,
                                          1,
                                          8,
                                          0,
                                          {{0, 0},
                                           {0, 1},
                                           {0, 2},
                                           {2, 1},
                                           {0, 4},
                                           {4, 1},
                                           {0, 5},
                                           {2, 5},
                                           {0, 6},
                                           {1, 6},
                                           {5, 6},
                                           {0, 8},
                                           {1, 8},
                                           {0, 7},
                                           {2, 7},
                                           {6, 7}}};

void information_display(struct regs *r)
{
    uint8_t index = BDA->display;
    if (r->a.l == 0) {
        r->b.x = 0xffff;
        if (index < DISPLAY_CODES) {
            r->b.l = display_codes.pair[index][1];
            r->b.h = display_codes.pair[index][0];
        }
    } else if (r->a.l == 1) {
        for (unsigned i = 0; i < DISPLAY_CODES; i++)
            if (display_codes.pair[i][1] == r->b.l && display_codes.pair[i][0] == r->b.h)
                BDA->display = (uint8_t)i;
    } else {
        return;
    }
    r->a.l = 0x1a;
}

/* IBM's static functionality table. */
struct functionality {
    uint8_t modes[3]; /* bit maps */
    uint8_t reserved[4];
    uint8_t lines; /* bits: 200, 350, 400 */
    uint8_t font_blocks, active_blocks;
    uint8_t services[2];
    uint8_t reserved_too[2];
    uint8_t save_services, reserved_again;
};
static ROM struct functionality functionality = {{0xff, 0xe0, 0x0f}, {0}, 0x07, 8, 2,
                                                 {0xff, 0x0e},       {0}, 0x3f, 0};
_Static_assert(sizeof functionality == 16, "programs know this layout");

/* The tail of what AH=1Bh gives: from 22h on, after a copy of the data area. */
static uint8_t lines_code(void)
{
    if (BDA->mode == 0x11 || BDA->mode == 0x12)
        return 3;
    ROM struct mode *mode = mode_find(BDA->mode);
    if (!mode)
        return 0;
    struct vga_parameters p;
    mode_parameters(mode, &p);
    if (p.misc & 0x80)
        return 1;
    return mode->model == MODEL_TEXT && BDA->flags & FLAGS_LINES_400 ? 2 : 0;
}

static uint16_t color_count(void)
{
    ROM struct mode *mode = mode_find(BDA->mode);
    if (!mode || mode->bits == 8)
        return 256;
    if (mode->colors == VGA_COLORS_MONO)
        return mode->model == MODEL_TEXT ? 0 : 2;
    return BDA->mode == 0x11 ? 2 : (uint16_t)(1 << mode->bits);
}

static uint8_t page_count(void)
{
    ROM struct mode *mode = mode_find(BDA->mode);
    if (!mode || BDA->page_size == 0 || mode->model == MODEL_PACKED)
        return 1;
    uint32_t memory = mode->model == MODEL_PLANAR ? 0x10000 : 0x8000;
    uint32_t pages = memory / BDA->page_size;
    return (uint8_t)(pages > 8 ? 8 : pages);
}

/* Gray, cursor emulation, colours to be kept, mono, blinking. */
static uint8_t miscellaneous(void)
{
    uint8_t bits = 0x01; /* all modes on all displays */
    bits |= BDA->flags & FLAGS_GRAY;
    bits |= BDA->flags & FLAGS_MONO;
    bits |= BDA->flags & FLAGS_KEEP_DAC;
    if (!(BDA->control & CONTROL_CURSOR_AS_IS))
        bits |= 0x10;
    if (attribute_read(0x10) & 0x08)
        bits |= 0x20;
    return bits;
}

static void state_tail(struct far to)
{
    uint8_t map = indexed_read(SEQUENCER, 3), index = BDA->display;
    far_write8(far_add(to, 0x22), BDA->last_row + 1);
    far_write16(far_add(to, 0x23), BDA->char_height);
    far_write8(far_add(to, 0x25), display_codes.pair[index & 15][1]);
    far_write8(far_add(to, 0x26), display_codes.pair[index & 15][0]);
    far_write16(far_add(to, 0x27), color_count());
    far_write8(far_add(to, 0x29), page_count());
    far_write8(far_add(to, 0x2a), lines_code());
    far_write8(far_add(to, 0x2b), (map >> 2 & 3) | (map >> 3 & 4));
    far_write8(far_add(to, 0x2c), (map & 3) | (map >> 2 & 4));
    far_write8(far_add(to, 0x2d), miscellaneous());
    far_write8(far_add(to, 0x31), 3); /* 256 KiB */
}

/* BX=0: 64 bytes, of which the data area's from 49h to 66h are a part. */
void information_state(struct regs *r)
{
    struct far to = far(r->es, r->di.x);
    if (r->b.x != 0)
        return;
    far_fill16(to, 0, 32);
    far_write_far(to, far_rom(&functionality));
    far_copy(far_add(to, 4), far(pm_info.data, 0x449), 30);
    state_tail(to);
    r->a.l = 0x1b;
}
