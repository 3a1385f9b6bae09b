/* SPDX-License-Identifier: GPL-3.0-or-later */
/* host.h in C: for templates, if need be, and for the interpreter. */
#define HOST_ADDRESS(a, base)           u64 a = (u32)((base) + P1)
#define HOST_WIDE_ADDRESS(a, base)      u64 a = (u64)(base) + (u64)(s32)P1
#define HOST_NARROW(d)                  (void)0
#define HOST_KEEP(field)                (void)(cpu->rest.kept = (field))
#define HOST_LOAD_AT(type, value, base) (value) = *(type *)(cpu->rest.kept + (base) + (u64)(s32)P1)
#define HOST_STORE_AT(type, value, base)                                                           \
    *(type *)(cpu->rest.kept + (base) + (u64)(s32)P1) = (type)(value)
#define HOST_SET_AT(type, n, base) *(type *)(cpu->rest.kept + (base) + (u64)(s32)P1) = (type)P##n
#define HOST_AT_T0(a)              u64 a = t0
#define HOST_KEPT_AT_T0(a)         u64 a = cpu->rest.kept + t0
#define HOST_IF_ABOVE_P2(x)        if (UNLIKELY((x) > P2))
#define HOST_ADD(d)                d += P1
#define HOST_AND(d)                d &= P1
#define HOST_OR(d)                 d |= P1
#define HOST_XOR(d)                d ^= P1
#define HOST_MUL(d)                d *= P1
#define HOST_LEA(d, b)             d = (b) + P1
#define HOST_SHIFT(kind, d)        d = SHIFTED_##kind(d, P1 & 31)
#define HOST_INSERT8(d, b)         d = ((d)&0xffffff00u) | (u8)(b)
#define HOST_INSERT16(d, b)        d = ((d)&0xffff0000u) | (u16)(b)
#define HOST_COUNT()               (void)++*(u64 *)A1
#define HOST_IF_COUNTED()          if (UNLIKELY(--*(s32 *)A1 <= 0))
#define HOST_IF_SPENT(field)       if (UNLIKELY(((field) -= (s32)P1) < 0))
#define HOST_ADD_TO(field)         (field) += (s32)P1
#define HOST_HIDE(x)               (void)0
#define HOST_SET(field, n)         (field) = P##n
#define HOST_SET16(field, n)       (field) = (u16)P##n
#define HOST_SET8(field, n)        (field) = (u8)P##n
#define HOST_CODE(target)          ((const void *)(target))
#define HOST_JUMP(code)            TAILCALL((op_fn *)(code))(ARGS)

#define SHIFTED_left(d, n)         ((d) << (n))
#define SHIFTED_right(d, n)        ((d) >> (n))
#define SHIFTED_right_signed(d, n) ((u32)((s32)(d) >> (n)))
#define SHIFTED_rotate_left(d, n)  ((d) << (n) | (d) >> (-(n)&31))

#define HOST_REGISTER(b) (b)
#define HOST_P1          P1
#define HOST_GOTO_IF(to, kind, condition, d, b)                                                    \
    do {                                                                                           \
        if (C_##kind(condition, d, b))                                                             \
            goto to;                                                                               \
    } while (0)
#define HOST_SET_IF(to, kind, condition, d, b) (to) = C_##kind(condition, d, b)
#define C_COMPARE(condition, d, b)             IS_##condition(d, b)
#define C_TEST(condition, d, b)                IS_##condition((d) & (b), 0u)

#ifndef HOST_STACK
#define HOST_STACK(field) (void)0
#define HOST_UNPRESERVED  (void)0
#endif
