/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the beam is, by the virtual clock and the times that the registers give a frame. IBM PS/2
 * Hardware Interface Technical Reference, Video Subsystem, "CRT Controller".
 */
#include "hw/vga/vga_internal.h"

enum { STATUS_NOT_SHOWN = 1 << 0, STATUS_RETRACE = 1 << 3 };

/* --- a frame --- */

/* Bits of the overflow register that go on where a vertical count's 8 bits end. */
static unsigned vertical(const uint8_t *crtc, unsigned reg, unsigned bit8, unsigned bit9)
{
    unsigned overflow = crtc[CRTC_OVERFLOW];
    return crtc[reg] | (overflow >> bit8 & 1) << 8 | (overflow >> bit9 & 1) << 9;
}

unsigned vga_shown_lines(const uint8_t *crtc)
{
    return vertical(crtc, CRTC_V_END, 1, 6) + 1;
}

unsigned vga_line_compare(const uint8_t *crtc)
{
    unsigned bit9 = crtc[CRTC_MAX_ROW] >> 6 & 1;
    return crtc[CRTC_LINE_COMPARE] | (crtc[CRTC_OVERFLOW] >> 4 & 1u) << 8 | bit9 << 9;
}

/* 25.175 and 28.322 MHz; what a VGA has at its other inputs is nobody's matter. */
static uint64_t dot_clock(const struct vga *s)
{
    return (s->misc >> MISC_CLOCK_SHIFT & 3) == 1 ? 28322000 : 25175000;
}

static struct vga_timing from_registers(const struct vga *s)
{
    const uint8_t *crtc = s->crtc;
    unsigned dots = s->sequencer[SEQ_CLOCKING] & CLOCKING_8_DOTS ? 8 : 9;
    unsigned half = s->sequencer[SEQ_CLOCKING] & CLOCKING_HALF ? 2 : 1;
    uint64_t character = (uint64_t)dots * half * NS_PER_S;
    unsigned retrace = vertical(crtc, CRTC_V_RETRACE, 2, 7);
    return (struct vga_timing){
        .line = character * (crtc[CRTC_H_TOTAL] + 5u) / dot_clock(s),
        .line_shown = character * (crtc[CRTC_H_END] + 1u) / dot_clock(s),
        .lines = vertical(crtc, CRTC_V_TOTAL, 0, 5) + 2,
        .shown = vga_shown_lines(crtc),
        .retrace = retrace,
        .retrace_end = retrace + 1 + ((crtc[CRTC_V_RETRACE_END] - retrace - 1) & 0xf),
    };
}

/* 60 frames a second, as VBE's modes have them, whose times no register tells. */
static struct vga_timing of_60_hz(void)
{
    return (struct vga_timing){.line = NS_PER_S / 60 / 525,
                               .line_shown = (uint64_t)NS_PER_S / 60 / 525 * 4 / 5,
                               .lines = 525,
                               .shown = 480,
                               .retrace = 490,
                               .retrace_end = 492};
}

/* Registers that no monitor would follow are not believed: programs wait for the retrace. */
static bool is_sane(const struct vga_timing *t)
{
    uint64_t frame = t->line * t->lines;
    return t->line_shown < t->line && t->shown < t->lines && t->retrace < t->lines &&
           frame > NS_PER_S / 200 && frame < NS_PER_S / 30;
}

struct vga_timing vga_timing(const struct vga *s)
{
    const struct vga_timing t = from_registers(s);
    return !vbe_is_on(s) && is_sane(&t) ? t : of_60_hz();
}

/* --- what depends on it --- */

uint64_t vga_frame(const struct vga_timing *t, uint64_t now)
{
    return (now + (t->lines - t->retrace) * t->line) / (t->lines * t->line);
}

uint8_t vga_status(const struct vga *s)
{
    const struct vga_timing t = vga_timing(s);
    uint64_t in_frame = timers_now(s->timers) % (t.line * t.lines);
    uint64_t line = in_frame / t.line, in_line = in_frame % t.line;
    bool shown = line < t.shown && in_line < t.line_shown;
    bool retrace = line >= t.retrace && line < t.retrace_end;
    return (shown ? 0 : STATUS_NOT_SHOWN) | (retrace ? STATUS_RETRACE : 0);
}

uint16_t vga_shown_start(const struct vga *s)
{
    const struct vga_timing t = vga_timing(s);
    bool same = vga_frame(&t, timers_now(s->timers)) == vga_frame(&t, s->start_set);
    return same ? s->start : (uint16_t)(s->crtc[CRTC_START_HIGH] << 8 | s->crtc[CRTC_START_LOW]);
}

void vga_settle_start(struct vga *s)
{
    s->start = vga_shown_start(s);
    s->start_set = timers_now(s->timers);
}

/* --- "Vertical Retrace End": the interrupt --- */

/* The next time at which the last line has been shown, when the flip-flop is set. */
static uint64_t next_end_of_display(const struct vga *s)
{
    const struct vga_timing t = vga_timing(s);
    uint64_t now = timers_now(s->timers), frame = t.line * t.lines, end = t.line * t.shown;
    uint64_t start = now - now % frame;
    return start + end > now ? start + end : start + frame + end;
}

static bool is_clear(const struct vga *s)
{
    return !(s->crtc[CRTC_V_RETRACE_END] & CRTC_NO_CLEAR);
}

void vga_update_retrace(struct vga *s)
{
    s->retrace_seen &= !is_clear(s);
    timer_set(&s->retrace, is_clear(s) || s->retrace_seen ? TIMER_NEVER : next_end_of_display(s));
    irq_set(&s->irq, s->retrace_seen && !(s->crtc[CRTC_V_RETRACE_END] & CRTC_NO_INTERRUPT));
}

void vga_retrace(void *device, uint64_t now)
{
    struct vga *s = device;
    (void)now;
    s->retrace_seen = true;
    vga_update_retrace(s);
}
