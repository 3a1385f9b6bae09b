/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The BIOS data area at 40:0 (IBM PS/2 and PC BIOS Interface Technical Reference, section 3). */
#ifndef BIOS_BDA_H
#define BIOS_BDA_H

#include "bios/lib/regs.h"

enum { BDA_SEGMENT = 0x40, KEYBOARD_BUFFER = 0x1e, KEYBOARD_BUFFER_END = 0x3e };

struct bda {
    u16 com[4];
    u16 lpt[3];
    u16 ebda; /* segment */
    u16 equipment;
    u8 manufacturing;
    u16 memory; /* KiB */
    u8 unused15, unused16;
    u8 shift[2]; /* SHIFT_ and SHIFT2_ (bios/keyboard/keyboard.h) */
    u8 alt_number;
    u16 key_head, key_tail;
    u8 keys[32];
    u8 floppy_calibrated; /* bit of each drive; bit 7: IRQ 6 has come */
    u8 floppy_motors;
    u8 floppy_timeout; /* ticks until motors go off */
    u8 floppy_status;
    u8 floppy_result[7];
    u8 video_mode;
    u16 columns;
    u16 page_size;
    u16 page_start;
    u16 cursor[8]; /* row, column of each page */
    u16 cursor_shape;
    u8 page;
    u16 crtc;
    u8 video_control, palette;
    struct far reset_entry; /* where a reset with CMOS 0Fh = 5 or Ah goes to */
    u8 spurious_irq;
    u32 ticks; /* since midnight */
    u8 midnight;
    u8 break_pressed; /* bit 7 */
    u16 reset_flag;   /* 1234h: no memory test */
    u8 disk_status;
    u8 disks;
    u8 disk_control, disk_port;
    u8 lpt_timeout[4];
    u8 com_timeout[4];
    u16 key_start, key_end;
    u8 rows; /* less one */
    u16 char_height;
    u8 video_options, video_switches, video_flags, video_dcc;
    u8 floppy_rate;
    u8 disk_controller_status, disk_controller_error, disk_irq;
    u8 floppy_info;
    u8 floppy_state[4];
    u8 floppy_cylinder[2];
    u8 keyboard[2]; /* KEYBOARD_ and LED_ */
    struct far wait_flag;
    u32 wait_count; /* microseconds */
    u8 wait_active;
    u8 network[7];
    struct far video_save;
    u8 reserved[0x54];
} PACKED;

_Static_assert(offsetof(struct bda, key_head) == 0x1a, "BDA");
_Static_assert(offsetof(struct bda, video_mode) == 0x49, "BDA");
_Static_assert(offsetof(struct bda, ticks) == 0x6c, "BDA");
_Static_assert(offsetof(struct bda, key_start) == 0x80, "BDA");
_Static_assert(offsetof(struct bda, floppy_state) == 0x90, "BDA");
_Static_assert(offsetof(struct bda, video_save) == 0xa8, "BDA");
_Static_assert(sizeof(struct bda) == 0x100, "BDA");

#endif
