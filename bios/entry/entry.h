/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What assembly gives to 16-bit C (bios/entry/entry.S, switch.S). */
#ifndef BIOS_ENTRY_H
#define BIOS_ENTRY_H

#include "bios/lib/far.h"
#include "bios/lib/io.h"

/* As the INT instruction does; interrupts are off before and after. */
void call_int(struct regs *r, unsigned vector);
/* Takes the interrupts that wait. */
void let_interrupts(void);
/* Sleeps until there is one: the timer's will come. */
void await_interrupt(void);
void port_to_far(u16 port, struct far to, u16 words);
void far_to_port(u16 port, struct far from, u16 words);
/* By linear addresses, below 4 GiB. */
void block_move(u32 to, u32 from, u32 words);

/* For r->next: code of the BIOS's segment, at which the caller's registers are as at its INT. */
typedef const u8 entry_point[];
extern entry_point next_wait_key, next_wait_clock, next_pause, next_print_screen, next_break,
    next_sysrq_down, next_sysrq_up, next_mouse, next_alarm, next_spin;
extern entry_point reset, int18, interrupt_return;

static inline void go_on_at(struct regs *r, entry_point next)
{
    r->next = bios_far(next);
}

static inline void end_interrupt_low(void)
{
    outb(PORT_PIC1, 0x20);
}

static inline void end_interrupt_high(void)
{
    outb(PORT_PIC2, 0x20);
    end_interrupt_low();
}

#endif
