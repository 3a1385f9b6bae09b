/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the files of the graphics card only: see vga.h. */
#ifndef HW_VGA_INTERNAL_H
#define HW_VGA_INTERNAL_H

#include "exec/memory.h"
#include "hw/vga/vga.h"

/* --- registers, by the manual's names --- */

enum { ENABLE_VIDEO = 1 << 0, ENABLE_CARD = 1 << 3, ENABLED = ENABLE_VIDEO | ENABLE_CARD };
enum {
    MISC_COLOR = 1 << 0, /* CRTC at 3Dxh, not 3Bxh */
    MISC_RAM = 1 << 1,
    MISC_CLOCK_SHIFT = 2,
};
enum { SEQ_RESET, SEQ_CLOCKING, SEQ_MAP_MASK, SEQ_CHARACTER_MAP, SEQ_MEMORY };
enum {
    CLOCKING_8_DOTS = 1 << 0,
    CLOCKING_HALF = 1 << 3,
    CLOCKING_OFF = 1 << 5,
    MEMORY_SEQUENTIAL = 1 << 2, /* else odd and even addresses are of different planes */
    MEMORY_CHAIN4 = 1 << 3,
};
enum {
    GR_SET_RESET,
    GR_ENABLE_SET_RESET,
    GR_COLOR_COMPARE,
    GR_ROTATE,
    GR_READ_MAP,
    GR_MODE,
    GR_MISC,
    GR_DONT_CARE,
    GR_BIT_MASK
};
enum {
    MODE_WRITE = 3 << 0,
    MODE_READ = 1 << 3,
    MODE_ODD_EVEN = 1 << 4,
    MODE_SHIFT = 3 << 5,
    MODE_SHIFT_2_BITS = 1 << 5, /* CGA's four colours */
    MODE_SHIFT_8_BITS = 2 << 5, /* 256 colours; or'd with the above, too */
    GR_MISC_GRAPHICS = 1 << 0,
    GR_MISC_CHAIN = 1 << 1, /* odd and even */
    GR_MISC_MAP_SHIFT = 2,
};
enum {
    CRTC_H_TOTAL = 0x00,
    CRTC_H_END = 0x01,
    CRTC_H_RETRACE = 0x04,
    CRTC_V_TOTAL = 0x06,
    CRTC_OVERFLOW = 0x07,
    CRTC_PRESET_ROW = 0x08,
    CRTC_MAX_ROW = 0x09,
    CRTC_CURSOR_START = 0x0a,
    CRTC_CURSOR_END = 0x0b,
    CRTC_START_HIGH = 0x0c,
    CRTC_START_LOW = 0x0d,
    CRTC_CURSOR_HIGH = 0x0e,
    CRTC_CURSOR_LOW = 0x0f,
    CRTC_V_RETRACE = 0x10,
    CRTC_V_RETRACE_END = 0x11,
    CRTC_V_END = 0x12,
    CRTC_OFFSET = 0x13,
    CRTC_UNDERLINE = 0x14,
    CRTC_MODE = 0x17,
    CRTC_LINE_COMPARE = 0x18,
};
enum {
    CRTC_PROTECT = 1 << 7,      /* of CRTC_V_RETRACE_END: registers 0 to 7 */
    CRTC_NO_INTERRUPT = 1 << 5, /* likewise, */
    CRTC_NO_CLEAR = 1 << 4,     /* 0: the interrupt's flip-flop is held clear */
    CRTC_DOUBLE = 1 << 7,       /* of CRTC_MAX_ROW */
    CRTC_DWORD = 1 << 6,        /* of CRTC_UNDERLINE */
    CRTC_COUNT_4 = 1 << 5,
    CRTC_MODE_A13 = 1 << 0, /* 0: the row scan counter's bit 0 is there */
    CRTC_MODE_A14 = 1 << 1,
    CRTC_MODE_DOUBLE = 1 << 2, /* the vertical counter counts every other line */
    CRTC_MODE_COUNT_2 = 1 << 3,
    CRTC_MODE_WRAP = 1 << 5, /* word mode: A15, not A13, comes in as A0 */
    CRTC_MODE_BYTE = 1 << 6,
    CRTC_MODE_ON = 1 << 7,
    CURSOR_OFF = 1 << 5,
};
enum { ATTR_MODE = 0x10, ATTR_OVERSCAN, ATTR_PLANES, ATTR_PANNING, ATTR_COLOR_SELECT };
enum {
    ATTR_PALETTE_ON =
        1 << 5, /* of the index: the picture is shown, the palette is not accessible */
    ATTR_GRAPHICS = 1 << 0,
    ATTR_LINE_GRAPHICS = 1 << 2, /* of 9 dots: C0h to DFh have their 8th twice */
    ATTR_BLINK = 1 << 3,
    ATTR_PAN_TOP = 1 << 5, /* what is below the line compare does not pan */
    ATTR_8_BITS = 1 << 6,
    ATTR_P54 = 1 << 7, /* bits 5 and 4 come from ATTR_COLOR_SELECT */
};
enum {
    VBE_ENABLED = 1 << 0,
    VBE_GET_CAPABILITIES = 1 << 1,
    VBE_8_BIT_DAC = 1 << 5,
    VBE_LINEAR = 1 << 6,
    VBE_NO_CLEAR = 1 << 7,
};
enum { VBE_NEWEST = 0xb0c5 }; /* id */
enum { VBE_MOST_WIDTH = 2560, VBE_MOST_HEIGHT = 1600 };

/* Planes of a VGA, in the frame buffer; those of VBE's modes go on behind that. */
enum { VGA_PLANES = 4 * 0x10000 };
/* Where regions are made, until registers place them. */
#define VGA_HIDDEN 0xe0000000u
enum { VGA_LEGACY_ROM = 0xc0000 };

static inline bool vbe_is_on(const struct vga *s)
{
    return s->vbe.reg[VBE_ENABLE] & VBE_ENABLED;
}

/* Its memory answers at A0000h. */
static inline bool vga_has_memory(const struct vga *s)
{
    return s->misc & MISC_RAM && s->enable == ENABLED;
}

/* --- vga_memory.c: the planes --- */

/* For memory_map_io. */
uint32_t vga_memory_read(void *device, uint32_t offset, unsigned size);
void vga_memory_write(void *device, uint32_t offset, uint32_t value, unsigned size);
/* Bytes of its memory are about to be changed, by others than stores of the processor's. */
static inline void vga_changes(const struct vga *s, uint32_t offset, uint32_t size)
{
    memory_owner_stores(s->memory, s->frame_buffer, offset, size);
}

/* --- vga_window.c: what is RAM --- */

bool vga_map(struct vga *s);
/* Registers that decide about the window have changed. */
void vga_update_window(struct vga *s);
/* An access has come to the card: those that follow go to RAM, if registers say so. */
void vga_show_window(struct vga *s);
/* After the card's state was restored, for what is in windows is in the planes, too. */
void vga_hide_windows(struct vga *s);
/* Planes become what they are, if they are in a window of RAM; for what was stored since then. */
void vga_update_planes(struct vga *s);

/* --- vga_vbe.c --- */

/* Registers have been restored, which may be none of a mode's. */
void vbe_restored(struct vga *s);

/* --- vga_dac.c --- */

uint32_t vga_dac_read(struct vga *s, uint32_t port);
void vga_dac_write(struct vga *s, uint32_t port, uint8_t value);

/* --- vga_timing.c: when the beam is where --- */

struct vga_timing {
    uint64_t line;                               /* in ns */
    uint64_t line_shown;                         /* ns of it until horizontal blanking */
    unsigned lines, shown, retrace, retrace_end; /* of a frame */
};
struct vga_timing vga_timing(const struct vga *s);
/* Vertical counts of the CRTC: their upper bits are in other registers. */
unsigned vga_shown_lines(const uint8_t *crtc);
unsigned vga_line_compare(const uint8_t *crtc);
/* How often the start address has been taken over, at a time. */
uint64_t vga_frame(const struct vga_timing *t, uint64_t now);
uint8_t vga_status(const struct vga *s);
/* A start address that was written is taken over by the next frame. */
void vga_settle_start(struct vga *s);
/* What it is now; who only looks changes nothing, so that a run does not depend on its viewers. */
uint16_t vga_shown_start(const struct vga *s);
/* The retrace's interrupt, after registers have changed that it depends on. */
void vga_update_retrace(struct vga *s);
timer_fn vga_retrace;

/* --- vga_display.c --- */

struct vga_display *vga_display_create(uint32_t ram_size);
void vga_display_destroy(struct vga_display *d);
/* Memory that the card itself has changed: a range of the frame buffer; any number of pages. */
void vga_display_touch(struct vga_display *d, uint32_t offset, uint32_t size);
void vga_display_registers(struct vga_display *d); /* likewise registers */

#endif
