/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text cursor and the page that is shown. */
#ifndef BIOS_VGA_CURSOR_H
#define BIOS_VGA_CURSOR_H

#include "bios/vga/machine.h"

void cursor_shape(struct regs *r);
void cursor_set(struct regs *r);
void cursor_get(struct regs *r);
void page_select(struct regs *r);

/* Sets it in the data area and, if the page is shown, on the screen. */
void cursor_move(uint8_t page, uint8_t column, uint8_t row);
/* Shows these lines of a character, by CGA's eight lines unless emulation is off. */
void cursor_set_shape(uint8_t start, uint8_t end);
void page_show(uint8_t page);

#endif
