/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * x87 micro-ops on registers. While the guest runs, the host's x87 holds the guest's registers,
 * tags, TOP and status word, and its precision and rounding control, with every exception masked:
 * so an instruction is the same instruction of the host, stack faults and all. C code in between
 * leaves the x87 alone, since no other source of the emulator uses long double. Instructions under
 * an unmasked exception are helper_x87's. Elsewhere, and without assembly, an x87 in C takes the
 * place of the host's (fpu_soft.h).
 */
#include "ops/i386/x87_insn.h"

#define X87_OP(name, escape, modrm)                                                                \
    OP(x87_##name)                                                                                 \
    {                                                                                              \
        X87_DO(escape, modrm);                                                                     \
        NEXT;                                                                                      \
    }
#define X87_PLAIN(name, escape, modrm) X87_OP(name, escape, modrm)
#ifdef ONE_LOCATION
#define X87_STACK(name, escape, modrm) X87_OP(name##_st0, escape, modrm)
#else
#define X87_STACK(name, escape, modrm)                                                             \
    X87_OP(name##_st0, escape, modrm)                                                              \
    X87_OP(name##_st1, escape, (modrm) + 1)                                                        \
    X87_OP(name##_st2, escape, (modrm) + 2)                                                        \
    X87_OP(name##_st3, escape, (modrm) + 3)                                                        \
    X87_OP(name##_st4, escape, (modrm) + 4)                                                        \
    X87_OP(name##_st5, escape, (modrm) + 5)                                                        \
    X87_OP(name##_st6, escape, (modrm) + 6)                                                        \
    X87_OP(name##_st7, escape, (modrm) + 7)
#endif

/* FCOMI and its like: ZF, PF and CF; the others are cleared. */
#define X87_COMPARE_OP(name, escape, modrm)                                                        \
    OP(x87_##name)                                                                                 \
    {                                                                                              \
        u32 flags;                                                                                 \
        X87_DO_FLAGS(flags, escape, modrm);                                                        \
        cpu->cc_src = flags >> 8 & (FLAG_ZF | FLAG_PF | FLAG_CF);                                  \
        NEXT;                                                                                      \
    }
#ifdef ONE_LOCATION
#define X87_COMPARE(name, escape, modrm) X87_COMPARE_OP(name##_st0, escape, modrm)
#else
#define X87_COMPARE(name, escape, modrm)                                                           \
    X87_COMPARE_OP(name##_st0, escape, modrm)                                                      \
    X87_COMPARE_OP(name##_st1, escape, (modrm) + 1)                                                \
    X87_COMPARE_OP(name##_st2, escape, (modrm) + 2)                                                \
    X87_COMPARE_OP(name##_st3, escape, (modrm) + 3)                                                \
    X87_COMPARE_OP(name##_st4, escape, (modrm) + 4)                                                \
    X87_COMPARE_OP(name##_st5, escape, (modrm) + 5)                                                \
    X87_COMPARE_OP(name##_st6, escape, (modrm) + 6)                                                \
    X87_COMPARE_OP(name##_st7, escape, (modrm) + 7)
#endif
#include "ops/i386/x87.def"

/* FCMOVcc, the condition in T0. */
#define X87_MOVE_OP(i)                                                                             \
    OP(x87_fcmov_st##i)                                                                            \
    {                                                                                              \
        X87_DO_MOVE(i, t0);                                                                        \
        NEXT;                                                                                      \
    }
X87_MOVE_OP(0)
X87_MOVE_OP(1)
X87_MOVE_OP(2)
X87_MOVE_OP(3)
X87_MOVE_OP(4)
X87_MOVE_OP(5)
X87_MOVE_OP(6)
X87_MOVE_OP(7)

/*
 * Where the last instruction was: P1 = eip, P2 = its opcode, and in the upper half the segment
 * register of the last operand (struct fpu_pointers), or that register as it is.
 */
OP(x87_at)
{
    HOST_SET(cpu->fpu.last.code_offset, 1);
    HOST_SET(*(u32 *)&cpu->fpu.last.opcode, 2);
    NEXT;
}
OP(x87_at_registers)
{
    HOST_SET(cpu->fpu.last.code_offset, 1);
    HOST_SET16(cpu->fpu.last.opcode, 2);
    NEXT;
}
/* Where the last operand was: at T0, where an access leaves it; at P1; rr.h has another. */
OP(x87_operand)
{
    cpu->fpu.last.data_linear = t0;
    NEXT;
}
OP(x87_operand_at)
{
    HOST_SET(cpu->fpu.last.data_linear, 1);
    NEXT;
}

OP(x87_fnclex)
{
    X87_CLEAR();
    NEXT;
}
OP(x87_fnstsw_ax)
{
    u16 status;
    X87_GET_STATUS(status);
    eax = (eax & 0xffff0000u) | status;
    NEXT;
}
OP(x87_fnstsw_t1)
{
    u16 status;
    X87_GET_STATUS(status);
    t1 = status;
    NEXT;
}
/* FLDCW of T1; cold if it unmasks an exception. */
OP(x87_fldcw)
{
    if (UNLIKELY(~t1 & X87_EXCEPTIONS))
        COLD;
    cpu->fpu.control = cpu->fpu.host_control = X87_CONTROL_WORD(t1);
    X87_SET_CONTROL(cpu->fpu.host_control);
    NEXT;
}
#undef X87_OP
#undef X87_COMPARE_OP
#undef X87_MOVE_OP
