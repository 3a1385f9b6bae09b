/* SPDX-License-Identifier: GPL-3.0-or-later */
/* x87 instructions on memory in C. */
#include "ops/i386/soft/x87_parts.h"

#include <string.h>

enum type { SINGLE, DOUBLE, EXTENDED, INT16, INT32, INT64, BCD, NO_TYPE };

/* --- loads --- */

static u64 get(const u8 *from, unsigned size)
{
    u64 value = 0;
    for (unsigned i = size; i--;)
        value = value << 8 | from[i];
    return value;
}

static struct fp from_bcd(const u8 *from)
{
    s64 value = 0;
    for (unsigned i = 9; i--;)
        value = value * 100 + (from[i] >> 4) * 10 + (from[i] & 15);
    struct fp x = fp_from_integer(value);
    x.sign = from[9] >> 7;
    return x;
}

static struct fp read_operand(enum type type, const u8 *from)
{
    switch (type) {
    case SINGLE:
        return fp_from_single((u32)get(from, 4));
    case DOUBLE:
        return fp_from_double(get(from, 8));
    case INT16:
        return fp_from_integer((s16)get(from, 2));
    case INT32:
        return fp_from_integer((s32)get(from, 4));
    case INT64:
        return fp_from_integer((s64)get(from, 8));
    case BCD:
        return from_bcd(from);
    default:
        return fp_from_extended(get(from, 8), (u16)get(from + 8, 2));
    }
}

static void load(enum type type, const u8 *from)
{
    struct fp x = read_operand(type, from);

    if (!st_empty(7)) {
        if (!stack_fault(true))
            st_push(indefinite());
        return;
    }
    set_c1(false);
    if (type != EXTENDED) {
        if (x.kind == FP_IS_SIGNALING && x87_raise(X87_IE))
            return;
        if (x.kind == FP_IS_SIGNALING) {
            x.kind = FP_IS_QUIET;
            x.frac |= 1ULL << 62;
        }
        if (x.denormal)
            x87_raise(FP_DE);
        st_push(x);
        return;
    }
    st_push(fp_special(FP_IS_ZERO, false));
    x87_put_bits(get(from, 8), (u16)get(from + 8, 2));
}

/* --- stores --- */

static void put(u8 *to, u64 value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        to[i] = (u8)(value >> 8 * i);
}

static void put_float(u8 *to, struct fp x, enum type type)
{
    if (type == SINGLE)
        put(to, fp_to_single(x), 4);
    else
        put(to, fp_to_double(x), 8);
}

/* False if it is not stored. */
static bool store_float(enum type type, u8 *to)
{
    struct fp_context c = x87_context();
    struct fp a = st_get(0), x;

    set_c1(false);
    enum operand_check check = x87_operands(a, a, &x);
    if (check == OPERANDS_STOP)
        return false;
    if (check == OPERANDS_FINE) {
        x = fp_round(&c, a, type == SINGLE ? &fp_single : &fp_double);
        if (c.flags & c.unmasked & (FP_OE | FP_UE)) {
            x87_raise(c.flags & (FP_OE | FP_UE));
            return false;
        }
        x87_raise(c.flags);
        set_c1(c.up);
    }
    put_float(to, x, type);
    return true;
}

static bool store_extended(u8 *to)
{
    u16 sign_exp = 0;
    u64 frac = x87_get_bits(&sign_exp);

    set_c1(false);
    put(to, frac, 8);
    put(to + 8, sign_exp, 2);
    return true;
}

static void put_bcd(u8 *to, s64 value, bool sign)
{
    u64 rest = value < 0 ? -(u64)value : (u64)value;

    for (unsigned i = 0; i < 9; i++, rest /= 100)
        to[i] = (u8)(rest / 10 % 10 << 4 | rest % 10);
    to[9] = sign ? 0x80 : 0;
}

/* SDM vol. 1, 4.7 */
static void put_bcd_indefinite(u8 *to)
{
    memset(to, 0, 10);
    to[7] = 0xc0;
    to[8] = to[9] = 0xff;
}

static unsigned integer_size(enum type type)
{
    return type == INT16 ? 2 : type == INT32 ? 4 : 8;
}

static bool store_integer(enum type type, u8 *to, bool chop)
{
    const s64 most_bcd = 999999999999999999;
    struct fp_context c = x87_context();
    struct fp a = st_get(0);

    if (chop)
        c.rounding = FP_CHOP;
    s64 value = fp_to_integer(&c, a, type == BCD ? 64 : 8 * integer_size(type));
    if (type == BCD && (value > most_bcd || value < -most_bcd)) {
        c.flags = FP_IE;
        c.up = false;
    }
    set_c1(c.up);
    if (x87_raise(c.flags) && (c.flags & FP_IE))
        return false;
    if (type != BCD)
        put(to, (u64)value, integer_size(type));
    else if (c.flags & FP_IE)
        put_bcd_indefinite(to);
    else
        put_bcd(to, value, a.sign);
    return true;
}

/* What an empty register is stored as. */
static void store_nothing(enum type type, u8 *to)
{
    switch (type) {
    case SINGLE:
    case DOUBLE:
        put_float(to, indefinite(), type);
        break;
    case EXTENDED:
        put(to, 3ULL << 62, 8);
        put(to + 8, 0xffff, 2);
        break;
    case BCD:
        put_bcd_indefinite(to);
        break;
    default:
        put(to, 1ULL << (8 * integer_size(type) - 1), integer_size(type));
        break;
    }
}

static void store(enum type type, u8 *to, bool pops, bool chop)
{
    bool stored = true;

    if (st_empty(0)) {
        stored = !stack_fault(false);
        if (stored)
            store_nothing(type, to);
    } else if (type == EXTENDED) {
        store_extended(to);
    } else if (type == SINGLE || type == DOUBLE) {
        stored = store_float(type, to);
    } else {
        stored = store_integer(type, to, chop);
    }
    if (stored && pops)
        st_pop();
}

/* --- which instruction it is --- */

static enum type loaded(unsigned escape, unsigned reg)
{
    static const u8 types[8] = {[1] = SINGLE, [3] = INT32, [5] = DOUBLE, [7] = INT16};

    if (reg == 0)
        return (enum type)types[escape];
    if (reg == 5)
        return escape == 3 ? EXTENDED : INT64;
    return escape == 7 && reg == 4 ? BCD : NO_TYPE;
}

static enum type stored(unsigned escape, unsigned reg)
{
    static const u8 types[8] = {[1] = SINGLE, [3] = INT32, [5] = DOUBLE, [7] = INT16};

    if (reg == 1)
        return escape == 5 ? INT64 : (enum type)types[escape];
    if (reg < 4)
        return (enum type)types[escape];
    if (reg == 6)
        return BCD;
    return escape == 3 ? EXTENDED : INT64;
}

void helper_soft_x87_memory(u32 insn, void *operand)
{
    static const u8 arithmetic[8] = {[0] = SINGLE, [2] = INT32, [4] = DOUBLE, [6] = INT16};
    unsigned escape = x87_escape(insn), reg = x87_reg(insn);
    enum type load_type = loaded(escape, reg);

    if (!(escape & 1)) {
        struct fp x = read_operand((enum type)arithmetic[escape], operand);
        if (reg == 2 || reg == 3)
            x87_compare_memory(x, reg == 3);
        else
            x87_arithmetic_memory(reg, x);
    } else if (load_type != NO_TYPE) {
        load(load_type, operand);
    } else {
        bool chop = reg == 1;
        store(stored(escape, reg), operand, reg != 2, chop);
    }
}
