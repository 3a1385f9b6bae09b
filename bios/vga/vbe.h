/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VESA BIOS Extension (VBE) Core Functions 3.0 on the Bochs graphics adapter. */
#ifndef BIOS_VGA_VBE_H
#define BIOS_VGA_VBE_H

#include "bios/vga/machine.h"
#include "bios/vga/modes.h"

/* Bits of a mode's number. */
enum {
    VBE_OWN_TIMING = 0x0800,
    VBE_LINEAR = 0x4000,
    VBE_KEEP_MEMORY = 0x8000,
    VBE_NUMBER = 0x01ff
};

struct vbe_mode {
    uint16_t number, width, height; /* text: in characters */
    uint8_t bits;
};
enum { VBE_TEXT = 0 /* bits */ };
/* NULL if there is none, or if the card has not the memory that it takes. */
ROM struct vbe_mode *vbe_find(uint16_t number);
/* The next one that the card can do, from the table's n-th on; NULL after the last. */
ROM struct vbe_mode *vbe_next(unsigned *n);
/* The number of the one that the adapter's registers hold, or 0. */
uint16_t vbe_recognize(void);
/* The one that is shown, or NULL. */
ROM struct vbe_mode *vbe_current(void);

/* INT 10h, AH=4Fh. */
void vbe_services(struct regs *r);

/* False if there is no such mode. */
bool vbe_set_mode(uint16_t mode);
/* Of text; the rest of a mode's number is as in set_mode. */
void vbe_set_text_mode(ROM struct vbe_mode *m, uint16_t mode);
/* Back to VGA's modes. */
void vbe_off(void);
void vbe_screen(struct screen *s);

/* Bytes from line to line, as they are; or of as many pixels. */
uint32_t vbe_pitch(uint32_t pixels, uint8_t bits);
uint32_t vbe_memory(void);
/* Lines of its characters. */
uint8_t vbe_char_height(ROM struct vbe_mode *m);
/* What pixel clocks are rounded to, in Hz. */
#define VBE_MOST_CLOCK 400000000u
/* The linear frame buffer's address. */
uint32_t vbe_linear_address(void);

/* In entry.S and pm32.S: 4F05h as a far call; the code of 4F0Ah. */
extern ROM uint8_t vbe_window_far[], vbe_pm32[];
extern volatile ROM uint16_t vbe_pm32_size;

/* --- subfunctions, for vbe_services --- */

enum vbe_status { VBE_OK, VBE_FAILED, VBE_NOT_HERE, VBE_WRONG_MODE };
/* A function's number is AL, what it has done is AH, with AL being 4Fh. */
enum vbe_status vbe_information(struct regs *r);      /* 00h */
enum vbe_status vbe_mode_information(struct regs *r); /* 01h */
enum vbe_status vbe_mode_set(struct regs *r);         /* 02h */
enum vbe_status vbe_mode_get(struct regs *r);         /* 03h */
enum vbe_status vbe_state(struct regs *r);            /* 04h */
enum vbe_status vbe_window(struct regs *r);           /* 05h */
enum vbe_status vbe_line_length(struct regs *r);      /* 06h */
enum vbe_status vbe_display_start(struct regs *r);    /* 07h */
enum vbe_status vbe_dac_width(struct regs *r);        /* 08h */
enum vbe_status vbe_palette(struct regs *r);          /* 09h */
enum vbe_status vbe_pm_interface(struct regs *r);     /* 0Ah */
enum vbe_status vbe_pixel_clock(struct regs *r);      /* 0Bh */
enum vbe_status vbe_power(struct regs *r);            /* 10h */
enum vbe_status vbe_edid(struct regs *r);             /* 15h */

#endif
