/* SPDX-License-Identifier: GPL-3.0-or-later */
/* i386_fpu.h in C. */
#include "ops/i386/soft/sse.h"
#include "ops/i386/soft/x87.h"

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

static inline u64 host_mmx(unsigned number)
{
    return helper_soft_mmx_get(number);
}

static inline u32 host_mxcsr(void)
{
    return helper_soft_get_mxcsr();
}

static inline void host_set_mxcsr(u32 value)
{
    helper_soft_set_mxcsr(value);
}
