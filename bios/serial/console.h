/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A serial line as a second screen and keyboard: what goes through INT 10h is sent as a terminal
 * wants it (ECMA-48), what comes is put into the buffer of INT 16h. The port is told by the fw_cfg
 * file etc/sercon-port, as for SeaBIOS.
 */
#ifndef BIOS_CONSOLE_H
#define BIOS_CONSOLE_H

#include "bios/lib/regs.h"

/* How much of an escape sequence has come (the EBDA's console_escape): none, ESC, ESC [, ESC O. */
enum { CONSOLE_NONE, CONSOLE_ESCAPE, CONSOLE_BRACKET, CONSOLE_LETTER };

/* Sets the line up. */
void console_init(u16 port);
/* Takes what was typed. */
void console_poll(void);
/* The same, at each tick of the timer. */
void console_tick(void);

#endif
