/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 10h: characters, strings and scrolling. */
#ifndef BIOS_VGA_TEXT_H
#define BIOS_VGA_TEXT_H

#include "bios/vga/machine.h"

void text_scroll(struct regs *r);       /* 06h, 07h */
void text_read(struct regs *r);         /* 08h */
void text_write(struct regs *r);        /* 09h, 0Ah */
void text_write_pixel(struct regs *r);  /* 0Ch */
void text_read_pixel(struct regs *r);   /* 0Dh */
void text_teletype(struct regs *r);     /* 0Eh */
void text_write_string(struct regs *r); /* 13h */

#endif
