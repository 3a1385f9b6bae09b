/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the parts of the i386 cpu that are written in C know of each other: exceptions, flags,
 * the mode, linear memory.
 */
#ifndef EXEC_I386_I386_H
#define EXEC_I386_I386_H

#include "exec/guest.h"
#include "exec/i386/board.h"
#include "exec/i386/mmu.h"
#include "ops/i386/helpers.h"

extern const struct isa i386_isa, i8086_isa; /* code in segments of 32 and 16 bits */

/* --- exceptions: guest.c raises them, exec/loop.c catches, interrupt.c delivers them --- */

/* Abandons the instruction at cpu->core.pc, whose state must be as before it, with an exception. */
_Noreturn void cpu_raise(struct cpu *cpu, unsigned vector);
_Noreturn void cpu_raise_code(struct cpu *cpu, unsigned vector, u32 error);
/* Abandons the instruction and goes back to the exec loop, which looks cpu->core.pc up again. */
_Noreturn static inline void cpu_leave(struct cpu *cpu)
{
    core_leave(&cpu->core);
}

/* Does a vector push an error code (as an exception, not INT n)? */
bool exception_has_error(unsigned vector);
/*
 * Brings the cpu to the handler of an exception raised at cpu->core.pc, turning it into a double
 * fault, or calling board->reset, where SDM vol. 3, 6.15 says so.
 */
void cpu_deliver_exception(struct cpu *cpu, unsigned vector, u32 error);
/* The same for an external interrupt; cpu->core.pc is the instruction to come back to. */
void cpu_deliver_interrupt(struct cpu *cpu, unsigned vector);
/* Prints the registers to the log. */
void cpu_print_state(const struct cpu *cpu, FILE *to);
/* The x87's too, which are in `cpu` while the guest does not run. */
void cpu_print_registers(const struct cpu *cpu, FILE *to);

/* --- flags: exec/i386/cc.c --- */

/* The six arithmetic flags, computed from cc_op and its operands, and setting them. */
u32 cc_get(const struct cpu *cpu);
void cc_set(struct cpu *cpu, u32 flags);
extern const struct register_set i386_registers;
/* All of EFLAGS, and setting those in `mask` (TF and VM call for cpu_update_mode after it). */
u32 cpu_eflags(const struct cpu *cpu);
void cpu_set_eflags(struct cpu *cpu, u32 value, u32 mask);

/* --- the mode: exec/i386/segment.c --- */

/* Recomputes core.mode from CR0, CPL, EFLAGS and the segment registers; MODE_STEP stays. */
void cpu_update_mode(struct cpu *cpu);
/* Fills a segment's inline-check bounds from its limit and attributes. */
void segment_update_bounds(struct segment *s);
/* Power-on state (SDM vol. 3, table 9-1), for exec_reset. */
void cpu_reset_state(struct cpu *cpu);
/*
 * The linear address of `size` bytes at an offset in a segment, after the checks of limit and
 * rights that raise #GP or #SS (16-bit wrap is the caller's).
 */
u32 segment_linear(struct cpu *cpu, enum segment_register seg, u32 offset, unsigned size,
                   bool write);

/* --- the exec loop --- */

/* The exec loop is to look at things before the next block: a halt, a shadow, a line. */
static inline void cpu_request_exit(struct cpu *cpu)
{
    core_request_exit(&cpu->core);
}

/* --- the board --- */

/* Raises #GP unless IOPL or the task's bitmap lets the program at these ports: system.c. */
void port_check(struct cpu *cpu, u16 port, unsigned size);
u32 port_read(struct cpu *cpu, u16 port, unsigned size);
void port_write(struct cpu *cpu, u16 port, u32 value, unsigned size);
/* Nanoseconds since power-on in guest time. */
u64 cpu_clock(struct cpu *cpu);
/* Drives FERR#, and returns IGNNE#: see struct i386_board. */
bool cpu_ferr(struct cpu *cpu, bool level);
/* Has the board a local APIC for it? Its base and whether it is enabled, as IA32_APIC_BASE says. */
bool cpu_board_has_apic(const struct cpu *cpu);
void cpu_apic_base(struct cpu *cpu, u64 value);

#endif
