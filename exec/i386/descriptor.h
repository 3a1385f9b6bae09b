/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Descriptors and what is done with them (SDM vol. 3, ch. 3, 5, 7): shared by the files that
 * load segments, transfer control and switch tasks.
 */
#ifndef EXEC_I386_DESCRIPTOR_H
#define EXEC_I386_DESCRIPTOR_H

#include "exec/i386/i386.h"

struct descriptor {
    u32 low, high;
};

/* Types of system descriptors (SDM vol. 3, table 3-2). Bit 3 tells 32-bit ones. */
enum system_type {
    TYPE_TSS16 = 1,
    TYPE_LDT = 2,
    TYPE_TSS16_BUSY = 3,
    TYPE_CALL_GATE16 = 4,
    TYPE_TASK_GATE = 5,
    TYPE_INT_GATE16 = 6,
    TYPE_TRAP_GATE16 = 7,
    TYPE_TSS32 = 9,
    TYPE_TSS32_BUSY = 11,
    TYPE_CALL_GATE32 = 12,
    TYPE_INT_GATE32 = 14,
    TYPE_TRAP_GATE32 = 15,
    TYPE_32 = 8,
    TSS_BUSY = 2,
};

enum {
    SELECTOR_RPL = 3,
    SELECTOR_LDT = 4,
    SELECTOR_INDEX = 0xfff8,
    SELECTOR_ERROR = 0xfffc, /* the part that goes into an error code */
    ERROR_EXT = 1,
    ERROR_IDT = 2,
};

static inline bool selector_is_null(u16 selector)
{
    return !(selector & SELECTOR_ERROR);
}

/* As struct segment keeps them. */
static inline u16 descriptor_attr(struct descriptor d)
{
    return d.high >> 8 & 0xf0ff;
}

static inline u32 descriptor_base(struct descriptor d)
{
    return d.low >> 16 | (d.high & 0xff) << 16 | (d.high & 0xff000000);
}

static inline u32 descriptor_limit(struct descriptor d)
{
    u32 limit = (d.low & 0xffff) | (d.high & 0xf0000);

    return d.high & (1u << 23) ? limit << 12 | 0xfff : limit;
}

static inline unsigned attr_dpl(u16 attr)
{
    return attr >> SEG_DPL_SHIFT & 3;
}

static inline unsigned descriptor_dpl(struct descriptor d)
{
    return d.high >> 13 & 3;
}

static inline bool descriptor_present(struct descriptor d)
{
    return d.high & (SEG_PRESENT << 8);
}

/* S and the type together: a system type below 16, data or code above. */
static inline unsigned descriptor_type(struct descriptor d)
{
    return d.high >> 8 & (SEG_S | SEG_TYPE);
}

static inline bool attr_is_code(u16 attr)
{
    return (attr & (SEG_S | SEG_CODE)) == (SEG_S | SEG_CODE);
}

static inline bool attr_is_conforming(u16 attr)
{
    return (attr & (SEG_S | SEG_CODE | SEG_CONFORMING)) == (SEG_S | SEG_CODE | SEG_CONFORMING);
}

static inline bool attr_is_writable(u16 attr)
{
    return (attr & (SEG_S | SEG_CODE | SEG_WRITABLE)) == (SEG_S | SEG_WRITABLE);
}

/* Data, or code that may be read. */
static inline bool attr_is_readable(u16 attr)
{
    return (attr & SEG_S) && (attr & (SEG_CODE | SEG_READABLE)) != SEG_CODE;
}

static inline u16 gate_selector(struct descriptor d)
{
    return d.low >> 16;
}

static inline u32 gate_offset(struct descriptor d)
{
    u32 low = d.low & 0xffff;

    return descriptor_type(d) & TYPE_32 ? low | (d.high & 0xffff0000) : low;
}

static inline bool in_protected_mode(const struct cpu *cpu)
{
    return (cpu->cr0 & CR0_PE) && !(cpu->eflags & FLAG_VM);
}

static inline unsigned cpu_iopl(const struct cpu *cpu)
{
    return cpu->eflags >> 12 & 3;
}

/* --- descriptor.c --- */

/* An exception whose error code names a selector. */
_Noreturn void raise_selector(struct cpu *cpu, unsigned vector, u16 selector, u32 ext);
/* #GP(0) unless CPL is 0. */
void require_cpl0(struct cpu *cpu);
/* Eight bytes of a table, at a linear address. */
struct descriptor descriptor_read(struct cpu *cpu, u32 linear);
/* False if the selector points behind its table; the null selector is the caller's. */
bool descriptor_find(struct cpu *cpu, u16 selector, struct descriptor *d);
/* The same, raising `vector` for a selector that has no descriptor. */
struct descriptor descriptor_fetch(struct cpu *cpu, u16 selector, unsigned vector, u32 ext);
/* Sets the accessed bit in the table where it is clear. */
void descriptor_mark_accessed(struct cpu *cpu, u16 selector, struct descriptor d);
/* Linear address of the byte with the accessed or busy bit. */
u32 descriptor_access_byte(const struct cpu *cpu, u16 selector);
/* Changes the busy bit of a TSS descriptor in the table. */
void descriptor_set_busy(struct cpu *cpu, u16 selector, bool busy);
/* What LDTR or TR holds for a descriptor. */
struct segment system_segment(u16 selector, struct descriptor d);

/* --- segment.c --- */

/* Makes a segment register hold what a descriptor says, accessed. */
void segment_load(struct segment *s, u16 selector, struct descriptor d);
/* What a load does in real-address mode (keeps hidden limit and size), and in v86 mode. */
void segment_load_real(struct segment *s, u16 selector);
void segment_load_v86(struct segment *s, u16 selector);
/* Makes a segment register unusable: a null selector was loaded. */
void segment_load_null(struct segment *s, u16 selector);
/*
 * Checks a stack segment for a privilege level and loads it into *s; `vector` (#GP for a load or
 * a return, #TS for a stack out of a TSS) is raised for all but absence, which is #SS.
 */
void stack_segment_for(struct cpu *cpu, struct segment *s, u16 selector, unsigned level,
                       unsigned vector, u32 ext);
/* ES, DS, FS or GS for CPL, as MOV loads it; `vector` as above, and #NP. */
void load_data_segment(struct cpu *cpu, enum segment_register seg, u16 selector, unsigned vector,
                       u32 ext);
/* After a return to an outer level: forgets data segments that it may not use. */
void segments_drop_inner(struct cpu *cpu);
/* Makes CS and CPL those of a code segment that passed its checks. */
void load_code_segment(struct cpu *cpu, u16 selector, struct descriptor d, unsigned cpl);
/* CS in real-address and v86 mode. */
void load_code_real(struct cpu *cpu, u16 selector);

/* --- far.c, iret.c --- */

/* #GP(ext) unless an offset lies in a code segment of this limit. */
void require_in_code(struct cpu *cpu, u32 offset, u32 limit, u32 ext);
/* The code segment that RET or IRET returns to, checked. */
struct descriptor return_code_segment(struct cpu *cpu, u16 selector);
/*
 * Commits a return to `eip` there; `s` has the offset and selector popped. To an outer level, the
 * stack pointer and segment are found `drop` bytes up; the flags and the mode are the caller's.
 */
struct stack;
void return_commit(struct cpu *cpu, u16 selector, u32 eip, struct stack *s, unsigned size,
                   u32 drop);
/* The flags that POPF and IRET may change, by operand size, CPL and IOPL. */
u32 eflags_loadable(const struct cpu *cpu, unsigned size);
/*
 * In v86 mode PUSHF, POPF and IRET are the monitor's unless IOPL is 3: they raise #GP(0). But those
 * of 16 bits, by CR4.VME, see VIF in the place of IF, and IOPL as 3 (SDM vol. 3, 20.3.3.5): then
 * this is true. virtual_flags() is what they push; real_flags() turns what they pop into EFLAGS,
 * or raises #GP(0) where the monitor has an interrupt for them.
 */
bool v86_flags_are_virtual(struct cpu *cpu, unsigned size);
u32 virtual_flags(const struct cpu *cpu);
u32 real_flags(struct cpu *cpu, u32 flags);

/* --- task.c --- */

enum task_switch { TASK_JMP, TASK_CALL, TASK_INTERRUPT, TASK_IRET };

/*
 * Switches to the task of a TSS selector; `next` is where the old task goes on, `ext` goes into
 * error codes. Returns in the new task, after the checks that are made there.
 */
void task_switch(struct cpu *cpu, u16 selector, enum task_switch how, u32 next, u32 ext);
/* By CR4.VME and the map of the current TSS, does INT n stay in v86 mode? (SDM vol. 3, 20.3.3.4) */
bool task_redirects(struct cpu *cpu, unsigned vector);
/* The stack of an inner level, out of the current TSS: *ss (checked), and ESP. */
u32 task_inner_stack(struct cpu *cpu, unsigned level, struct segment *ss, u32 ext);

#endif
