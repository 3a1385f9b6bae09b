/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the parts of the i386 cpu that are written in C know of each other: exceptions, flags,
 * the mode, linear memory.
 */
#ifndef EXEC_I386_I386_H
#define EXEC_I386_I386_H

#include "exec/exec.h"
#include "exec/memory.h"
#include "ops/i386/cpu.h"

/* The helpers' prototypes, from the one list. */
#define HELPER(name, cc, end) void helper_##name(struct cpu *cpu, u32 a, u32 b);
#include "ops/i386/helpers.def"
#undef HELPER

/* --- exceptions: exec/loop.c catches them, exec/i386/interrupt.c delivers them --- */

/* Abandons the instruction at cpu->core.pc, whose state must be as before it, with an exception. */
_Noreturn void cpu_raise(struct cpu *cpu, unsigned vector);
_Noreturn void cpu_raise_code(struct cpu *cpu, unsigned vector, u32 error);
/* Abandons the instruction and goes back to the exec loop, which looks cpu->core.pc up again. */
_Noreturn void cpu_leave(struct cpu *cpu);
/*
 * For lockstep: runs blocks by one of its engines, exceptions included. So many, or unless
 * `exactly` until something waits for the exec loop; returns how many.
 */
u32 cpu_run_blocks(struct cpu *cpu, unsigned engine, u32 blocks, bool exactly);

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
void cpu_log_state(const struct cpu *cpu);

/* --- flags: exec/i386/cc.c --- */

/* The six arithmetic flags, computed from cc_op and its operands, and setting them. */
u32 cc_get(const struct cpu *cpu);
void cc_set(struct cpu *cpu, u32 flags);
/* All of EFLAGS, and setting those in `mask` (TF and VM call for cpu_update_mode after it). */
u32 cpu_eflags(const struct cpu *cpu);
void cpu_set_eflags(struct cpu *cpu, u32 value, u32 mask);

/* --- the mode: exec/i386/segment.c --- */

/* Recomputes mode_key from CR0, CPL, EFLAGS and the segment registers; MODE_STEP stays. */
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

/* --- linear memory: exec/i386/mmu.c --- */

enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC };

/* 1, 2 or 4 bytes (8 for read64/write64) at a linear address, at the current CPL; raise #PF. */
u32 mem_read(struct cpu *cpu, u32 linear, unsigned size);
void mem_write(struct cpu *cpu, u32 linear, u32 value, unsigned size);
u64 mem_read64(struct cpu *cpu, u32 linear);
void mem_write64(struct cpu *cpu, u32 linear, u64 value);
/* The same as the supervisor: descriptor tables, task state, stacks of inner levels. */
u32 mem_read_system(struct cpu *cpu, u32 linear, unsigned size);
void mem_write_system(struct cpu *cpu, u32 linear, u32 value, unsigned size);
/* Raises the fault that an access would, without doing it. `user` as by CPL. */
void mem_probe(struct cpu *cpu, u32 linear, unsigned size, enum access access, bool user);
/*
 * Host memory behind a linear address up to the end of its page, for whole runs: NULL where
 * each access must go through mem_read or mem_write (devices, ROM, pages that hold code).
 * Raises #PF as the access would.
 */
u8 *mem_span(struct cpu *cpu, u32 linear, enum access access);
/* Physical address of the code byte at a linear address; raises #PF for a fetch. */
u32 mem_code_address(struct cpu *cpu, u32 linear);
/* Forgets translations: all, all but global ones, or one page. Also empties the jump cache. */
void mem_flush(struct cpu *cpu);
void mem_flush_non_global(struct cpu *cpu);
void mem_flush_page(struct cpu *cpu, u32 linear);
/*
 * Takes up cpu->aligned: while it is set, accesses at CPL 3 that are not aligned to their size
 * raise #AC(0) (SDM vol. 3, 6.15, "Interrupt 17"). For what is not aligned to its size there is
 * mem_require_aligned; `to` is a power of two.
 */
void mem_set_aligned(struct cpu *cpu, bool aligned);
void mem_require_aligned(struct cpu *cpu, u32 linear, unsigned to);
/* Takes write permission from every TLB entry that reaches a physical page (it now holds code). */
void mem_protect_code(struct cpu *cpu, u32 physical_page);

/*
 * A write is about to change bytes of a page that holds translated code: kills the blocks made
 * from [physical, physical + size). True if the block that is running is among them: then the
 * write is not done, but cpu_leave() called, and the instruction comes again from new code.
 */
bool exec_code_written(struct cpu *cpu, u32 physical, unsigned size);

/* The instruction at hand comes again, unless it runs as a block of its own already. */
void exec_alone(struct cpu *cpu);
/* Breakpoints on execution are enabled: blocks of MODE_BREAK that know others are forgotten. */
void exec_code_breakpoints(struct cpu *cpu);

/* --- ports --- */
/* The exec loop is to look at things before the next block: a halt, a shadow, a line. */
static inline void cpu_request_exit(struct cpu *cpu)
{
    __atomic_store_n(&cpu->core.exit_request, 1, __ATOMIC_RELEASE);
}

/* Raises #GP unless IOPL or the task's bitmap lets the program at these ports: system.c. */
void port_check(struct cpu *cpu, u16 port, unsigned size);
u32 port_read(struct cpu *cpu, u16 port, unsigned size);
void port_write(struct cpu *cpu, u16 port, u32 value, unsigned size);
/* Nanoseconds since power-on in guest time. */
u64 cpu_clock(struct cpu *cpu);
const struct board *cpu_board(const struct cpu *cpu);
struct memory *cpu_memory(const struct cpu *cpu);

#endif
