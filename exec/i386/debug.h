/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Breakpoints (SDM vol. 3, 17.2, 17.3.1). No instruction that meets none pays for them:
 *
 *   on data       a page with one is never in the TLB that generated code looks at
 *   on execution  blocks of MODE_BREAK begin at one with a call; others have none
 *   on a port     IN and OUT are helpers anyway, which ask
 *
 * Traps wait in cpu->debug.trap for the exec loop, which looks at it between two instructions:
 * an instruction that meets a breakpoint on data runs as a block of its own.
 */
#ifndef EXEC_I386_DEBUG_H
#define EXEC_I386_DEBUG_H

#include "exec/i386/i386.h"

/* DR6 and DR7. */
enum {
    DR6_FIXED = (int)0xffff0ff0,
    DR6_B = 0xf, /* B0 to B3 */
    DR6_BD = 1 << 13,
    DR6_BS = 1 << 14,
    DR6_BT = 1 << 15,
    DR6_WRITABLE = 0xe00f,
    DR7_FIXED = 0x400,
    DR7_LOCAL = 0x155, /* L0..L3 and LE, which a task switch clears */
    DR7_GD = 1 << 13,
    DR7_WRITABLE = (int)0xffff23ff,
};

/* Call it after DR0..DR3, DR7 or CR4.DE have changed; cpu_update_mode comes after it. */
void debug_update(struct cpu *cpu);
/* Addresses of the enabled breakpoints on execution; returns how many. */
unsigned debug_code_addresses(const struct cpu *cpu, u32 addresses[BREAKPOINTS]);

/*
 * Tells DR6 what #DB is for. Breakpoints that were met before are forgotten; whatever else stands
 * there is left to software to clear (SDM vol. 3, 17.2.3).
 */
void debug_report(struct cpu *cpu, u32 bits);
/* #DB if a breakpoint on execution is at CS:EIP and is not to be passed over. */
void debug_check_code(struct cpu *cpu);
/* Does a page hold a byte of an enabled breakpoint on data? */
bool debug_guards_page(const struct cpu *cpu, u32 linear);
/*
 * An access is done or about to be; `prepare` if it will be told again. May abandon the
 * instruction, which then comes again as a block of its own.
 */
void debug_data(struct cpu *cpu, u32 linear, unsigned size, bool write, bool prepare);
void debug_port(struct cpu *cpu, u16 port, unsigned size);
/* Bits for DR6: a trap is due behind this instruction. */
void debug_trap(struct cpu *cpu, u32 bits);
/* An instruction has run in single step. One that loads SS is passed over (SDM vol. 3, 6.8.3). */
void debug_step(struct cpu *cpu);
/* INT1 gives the #DB that a load of SS before it has held back, too: one for both. */
void debug_int1(struct cpu *cpu);
/* Takes the trap that is due, if it is not held back by a load of SS (SDM vol. 3, 6.8.3). */
void debug_take_trap(struct cpu *cpu);

#endif
