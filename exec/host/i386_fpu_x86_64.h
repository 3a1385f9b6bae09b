/* SPDX-License-Identifier: GPL-3.0-or-later */
/* i386_fpu.h by an x86-64's own instructions. */
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

static inline void host_save(struct fpu_state *s)
{
    __asm__ volatile("fnsave %0" : "=m"(*s));
}

static inline void host_restore(const struct fpu_state *s)
{
    __asm__ volatile("frstor %0" : : "m"(*s));
}

#define HOST_EACH_MMX(what) what(0) what(1) what(2) what(3) what(4) what(5) what(6) what(7)

static inline u64 host_mmx(unsigned number)
{
    u64 value = 0;

    switch (number) {
#define HOST_READ(i)                                                                               \
    case i:                                                                                        \
        __asm__ volatile("movq %%mm" #i ", %0" : "=m"(value));                                     \
        break;
        HOST_EACH_MMX(HOST_READ)
#undef HOST_READ
    default:
        break;
    }
    return value;
}

static inline u32 host_mxcsr(void)
{
    u32 value;
    __asm__ volatile("stmxcsr %0" : "=m"(value));
    return value;
}

static inline void host_set_mxcsr(u32 value)
{
    __asm__ volatile("ldmxcsr %0" : : "m"(value));
}
