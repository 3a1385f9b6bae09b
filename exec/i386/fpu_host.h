/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host's x87 as the parts of the guest's FPU use it; or one in C, see ops/host/asm.h. */
#ifndef EXEC_I386_FPU_HOST_H
#define EXEC_I386_FPU_HOST_H

#include "ops/host/asm.h"
#include "ops/i386/cpu.h"
#include "ops/i386/soft/x87.h"
#include "ops/i386/x87_insn.h"

/* What FNSTENV stores in 64-bit mode: the format of 32-bit protected mode. */
struct fpu_environment {
    u32 control, status, tags;
    u32 code_offset, code; /* selector, opcode << 16 */
    u32 data_offset, data;
};

/* FNSAVE's image. */
struct fpu_state {
    struct fpu_environment environment;
    u8 st[8][10]; /* from ST(0) */
};
_Static_assert(sizeof(struct fpu_state) == FPU_IMAGE, "FNSAVE's format");

#if HOST_ASM

static inline void host_initialize(void)
{
    __asm__ volatile("fninit");
}

static inline u16 host_status(void)
{
    u16 status;
    __asm__ volatile("fnstsw %0" : "=a"(status));
    return status;
}

static inline void host_set_control(u16 control)
{
    __asm__ volatile("fldcw %0" : : "m"(control));
}

static inline void host_clear_exceptions(void)
{
    __asm__ volatile("fnclex");
}

/* The environment; all exceptions are masked afterwards, in it and on the host. */
static inline struct fpu_environment host_environment(void)
{
    struct fpu_environment e;
    __asm__ volatile("fnstenv %0" : "=m"(e));
    e.control |= X87_EXCEPTIONS;
    return e;
}

static inline void host_set_environment(const struct fpu_environment *e)
{
    __asm__ volatile("fldenv %0" : : "m"(*e));
}

/* All of the state; the host's is as after FNINIT then. */
static inline void host_save(struct fpu_state *s)
{
    __asm__ volatile("fnsave %0" : "=m"(*s));
}

static inline void host_restore(const struct fpu_state *s)
{
    __asm__ volatile("frstor %0" : : "m"(*s));
}

#else

static inline void host_initialize(void)
{
    soft_x87_init();
}

static inline u16 host_status(void)
{
    return helper_soft_x87_status();
}

static inline void host_set_control(u16 control)
{
    helper_soft_x87_set_control(control);
}

static inline void host_clear_exceptions(void)
{
    helper_soft_x87_registers(x87_insn(0xdb, 0xe2), 0);
}

static inline struct fpu_environment host_environment(void)
{
    struct fpu_environment e;
    soft_x87_store_environment(&e);
    e.control |= X87_EXCEPTIONS;
    return e;
}

static inline void host_set_environment(const struct fpu_environment *e)
{
    soft_x87_load_environment(e);
}

static inline void host_save(struct fpu_state *s)
{
    soft_x87_save(s);
}

static inline void host_restore(const struct fpu_state *s)
{
    soft_x87_restore(s);
}

#endif

/*
 * Does an instruction on the host: one on registers, for FCMOVcc with its condition; returns the
 * host's flags as LAHF gives them, in bits 8..15. Or one on memory, at `operand`.
 */
u32 host_do_registers(u32 insn, u32 condition);
void host_do_memory(u32 insn, void *operand);

#endif
