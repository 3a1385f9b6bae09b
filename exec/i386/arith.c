/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Division, shifts with flags, CMPXCHG8B and BOUND. Flags that the SDM leaves
 * undefined come out as if the last one-bit step of the instruction had set them.
 */
#include "exec/i386/helper.h"

/* --- division (SDM vol. 2, DIV and IDIV) --- */

static void set_low(u32 *reg, u32 value, unsigned size)
{
    u32 mask = size == 4 ? 0xffffffff : (1u << 8 * size) - 1;

    *reg = (*reg & ~mask) | (value & mask);
}

/* The dividend: AX, DX:AX or EDX:EAX. */
static u64 dividend(const struct cpu *cpu, unsigned size)
{
    if (size == 1)
        return cpu->regs[EAX] & 0xffff;
    if (size == 2)
        return (cpu->regs[EDX] & 0xffff) << 16 | (cpu->regs[EAX] & 0xffff);
    return (u64)cpu->regs[EDX] << 32 | cpu->regs[EAX];
}

static void set_quotient(struct cpu *cpu, u32 quotient, u32 remainder, unsigned size)
{
    if (size == 1) {
        set_low(&cpu->regs[EAX], (quotient & 0xff) | (remainder & 0xff) << 8, 2);
        return;
    }
    set_low(&cpu->regs[EAX], quotient, size);
    set_low(&cpu->regs[EDX], remainder, size);
}

/* False for #DE. */
static bool divide(struct cpu *cpu, u64 n, u32 d, unsigned size)
{
    if (d == 0 || n / d >> 8 * size)
        return false;
    set_quotient(cpu, n / d, n % d, size);
    return true;
}

DEFINE_HELPER(div)
{
    if (!divide(cpu, dividend(cpu, a), cpu->regs[T1], a))
        cpu_raise(cpu, EXC_DE);
}

/* A value's low `bytes` bytes, sign-extended. */
static s64 sign_extended(u64 value, unsigned bytes)
{
    unsigned spare = 64 - 8 * bytes;

    return (s64)(value << spare) >> spare;
}

static bool divide_signed(struct cpu *cpu, s64 n, s64 d, unsigned size)
{
    s64 quotient;

    /* The second case would overflow the host's division, too. */
    if (d == 0 || (d == -1 && n == INT64_MIN))
        return false;
    quotient = n / d;
    if (quotient != sign_extended(quotient, size))
        return false;
    set_quotient(cpu, quotient, n % d, size);
    return true;
}

DEFINE_HELPER(idiv)
{
    s64 n = sign_extended(dividend(cpu, a), 2 * a), d = sign_extended(cpu->regs[T1], a);

    if (!divide_signed(cpu, n, d, a))
        cpu_raise(cpu, EXC_DE);
}

/* --- rotates and shifts --- */

enum { SIZE_MASK = 15, KIND_SHIFT = 4 };

static u32 width_mask(unsigned width)
{
    return 0xffffffff >> (32 - width);
}

static bool bit(u64 value, unsigned n)
{
    return value >> n & 1;
}

/* A count of zero changes no flags, but what follows is translated for CC_EFLAGS. */
static void keep_flags(struct cpu *cpu)
{
    cc_set(cpu, cc_get(cpu));
}

/* Sets CF and OF, leaving the others: what a rotate does. */
static void set_cf_of(struct cpu *cpu, bool cf, bool of)
{
    u32 flags = cc_get(cpu) & ~(u32)(FLAG_CF | FLAG_OF);

    cc_set(cpu, flags | (cf ? FLAG_CF : 0) | (of ? FLAG_OF : 0));
}

static u32 result_flags(u32 result, unsigned width)
{
    u32 flags = __builtin_parity(result & 0xff) ? 0 : FLAG_PF;

    if (!(result & width_mask(width)))
        flags |= FLAG_ZF;
    if (bit(result, width - 1))
        flags |= FLAG_SF;
    return flags;
}

/* All flags of a shift; AF is clear. */
static void set_shift_flags(struct cpu *cpu, u32 result, unsigned width, bool cf, bool of)
{
    cc_set(cpu, result_flags(result, width) | (cf ? FLAG_CF : 0) | (of ? FLAG_OF : 0));
}

/* The OF of a step to the right, and of one to the left with `cf` shifted out. */
static bool of_right(u32 result, unsigned width)
{
    return bit(result, width - 1) != bit(result, width - 2);
}

static bool of_left(u32 result, unsigned width, bool cf)
{
    return bit(result, width - 1) != cf;
}

DEFINE_HELPER(rotate)
{
    unsigned width = (a & SIZE_MASK) * 8, right = a >> KIND_SHIFT & 1;
    unsigned count = cpu->regs[T0] & 31, by = count % width;
    u32 value = cpu->regs[T1] & width_mask(width);

    if (!count) {
        keep_flags(cpu);
        return;
    }
    if (right && by)
        by = width - by;
    if (by)
        value = (value << by | value >> (width - by)) & width_mask(width);
    cpu->regs[T1] = value;
    if (right)
        set_cf_of(cpu, bit(value, width - 1), of_right(value, width));
    else
        set_cf_of(cpu, bit(value, 0), of_left(value, width, bit(value, 0)));
}

/* Through the carry: a rotate of width + 1 bits, with CF on top. */
DEFINE_HELPER(rotate_carry)
{
    unsigned width = (a & SIZE_MASK) * 8, right = a >> KIND_SHIFT & 1;
    unsigned count = cpu->regs[T0] & 31, by = count % (width + 1);
    u64 value = cpu->regs[T1] & width_mask(width), ones = ((u64)2 << width) - 1;
    bool cf;

    if (!count) {
        keep_flags(cpu);
        return;
    }
    if (cc_get(cpu) & FLAG_CF)
        value |= (u64)1 << width;
    if (right && by)
        by = width + 1 - by;
    value = (value << by | value >> (width + 1 - by)) & ones;
    cf = bit(value, width);
    cpu->regs[T1] = value & width_mask(width);
    set_cf_of(cpu, cf, right ? of_right(value, width) : of_left(value, width, cf));
}

enum { SHL, SHR, SAR };

static void shift_left(struct cpu *cpu, u32 value, unsigned width, unsigned count)
{
    u64 shifted = (u64)value << count;
    u32 result = shifted & width_mask(width);
    bool cf = bit(shifted, width);

    cpu->regs[T1] = result;
    set_shift_flags(cpu, result, width, cf, of_left(result, width, cf));
}

static void shift_right(struct cpu *cpu, s64 value, unsigned width, unsigned count)
{
    u32 result = value >> count & width_mask(width);
    bool cf = bit(value >> (count - 1), 0), of = of_right(result, width);

    cpu->regs[T1] = result;
    set_shift_flags(cpu, result, width, cf, of);
}

DEFINE_HELPER(shift)
{
    unsigned size = a & SIZE_MASK, width = size * 8, count = cpu->regs[T0] & 31;
    u32 value = cpu->regs[T1] & width_mask(width);

    if (!count) {
        keep_flags(cpu);
        return;
    }
    if (a >> KIND_SHIFT == SHL)
        shift_left(cpu, value, width, count);
    else if (a >> KIND_SHIFT == SHR)
        shift_right(cpu, value, width, count);
    else
        shift_right(cpu, sign_extended(value, size), width, count);
}

/*
 * SHLD and SHRD. With a 16-bit operand and a count above 16, which the SDM leaves undefined,
 * P6 processors go on with the destination behind the source.
 */
DEFINE_HELPER(shift_double)
{
    unsigned width = (a & SIZE_MASK) * 8, right = a >> KIND_SHIFT & 1;
    unsigned count = cpu->regs[T0] & 31;
    u64 value = cpu->regs[T1] & width_mask(width), source = cpu->regs[a >> 8] & width_mask(width);
    bool cf;

    if (!count) {
        keep_flags(cpu);
        return;
    }
    value |= source << width;
    if (!right) /* the destination on top of the source */
        value = value >> width | value << width;
    if (width == 16) {
        value &= 0xffffffff;
        value |= value << 32;
    }
    if (right) {
        cf = bit(value, count - 1);
        value >>= count;
    } else {
        cf = bit(value, 64 - count);
        value = value << count >> (64 - width);
    }
    cpu->regs[T1] = value & width_mask(width);
    set_shift_flags(cpu, cpu->regs[T1], width, cf,
                    right ? of_right(cpu->regs[T1], width) : of_left(cpu->regs[T1], width, cf));
}

/* --- others --- */

DEFINE_HELPER(cmpxchg8b)
{
    u32 address = cpu->regs[T0], flags = cc_get(cpu) & ~(u32)FLAG_ZF;
    u64 expected = (u64)cpu->regs[EDX] << 32 | cpu->regs[EAX], old;

    /* It writes in either case, and faults as a write. */
    mem_probe(cpu, address, 8, ACCESS_WRITE, cpu->cpl == 3);
    old = mem_read64(cpu, address);
    if (old == expected) {
        mem_write64(cpu, address, (u64)cpu->regs[ECX] << 32 | cpu->regs[EBX]);
        cc_set(cpu, flags | FLAG_ZF);
        return;
    }
    mem_write64(cpu, address, old);
    cpu->regs[EAX] = old;
    cpu->regs[EDX] = old >> 32;
    cc_set(cpu, flags);
}

DEFINE_HELPER(bound)
{
    s64 index = sign_extended(cpu->regs[b], a);

    if (index < sign_extended(cpu->regs[T0], a) || index > sign_extended(cpu->regs[T1], a))
        cpu_raise(cpu, EXC_BR);
}
