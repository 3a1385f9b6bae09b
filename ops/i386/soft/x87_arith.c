/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The x87's arithmetic and comparisons in C. */
#include "ops/i386/soft/x87_parts.h"

/* --- operands --- */

static struct fp quieted(struct fp x)
{
    x.kind = FP_IS_QUIET;
    x.frac |= 1ULL << 62;
    return x;
}

/* SDM vol. 1, table 4-7: the x87's rows */
static struct fp choose_nan(struct fp a, struct fp b)
{
    if (!fp_is_nan(a))
        return quieted(b);
    if (!fp_is_nan(b))
        return quieted(a);
    if (a.kind != b.kind)
        return quieted(a.kind == FP_IS_QUIET ? a : b);
    if (a.frac != b.frac)
        return quieted(a.frac > b.frac ? a : b);
    return quieted(a.sign ? b : a);
}

enum operand_check x87_operands(struct fp a, struct fp b, struct fp *result)
{
    bool unsupported = a.kind == FP_IS_UNSUPPORTED || b.kind == FP_IS_UNSUPPORTED;

    if (unsupported || fp_is_nan(a) || fp_is_nan(b)) {
        bool invalid = unsupported || a.kind == FP_IS_SIGNALING || b.kind == FP_IS_SIGNALING;
        *result = unsupported ? indefinite() : choose_nan(a, b);
        set_c1(false);
        return invalid && x87_raise(X87_IE) ? OPERANDS_STOP : OPERANDS_GIVE;
    }
    return OPERANDS_FINE;
}

bool x87_denormal_stops(struct fp a, struct fp b)
{
    return (a.denormal || b.denormal) && x87_raise(FP_DE);
}

void x87_put(unsigned i, struct fp x, const struct fp_format *format)
{
    struct fp_context c = x87_context();

    x = fp_round(&c, x, format);
    x87_raise(c.flags);
    set_c1(c.up);
    st_set(i, x);
}

/* --- add, multiply, subtract, divide --- */

enum { ADD = 0, MULTIPLY = 1, SUBTRACT = 4, SUBTRACT_REVERSED, DIVIDE, DIVIDE_REVERSED };

/* Invalid or a division by zero; the result then is *x. */
static unsigned arithmetic_flags(unsigned reg, struct fp a, struct fp b, struct fp *x)
{
    bool infinite = a.kind == FP_IS_INFINITE && b.kind == FP_IS_INFINITE;
    bool zeros = a.kind == FP_IS_ZERO && b.kind == FP_IS_ZERO;
    bool invalid = false;

    *x = indefinite();
    switch (reg) {
    case ADD:
        invalid = infinite && a.sign != b.sign;
        break;
    case SUBTRACT:
        invalid = infinite && a.sign == b.sign;
        break;
    case MULTIPLY:
        invalid = (a.kind == FP_IS_INFINITE && b.kind == FP_IS_ZERO) ||
                  (a.kind == FP_IS_ZERO && b.kind == FP_IS_INFINITE);
        break;
    default:
        invalid = infinite || zeros;
        if (!invalid && b.kind == FP_IS_ZERO && a.kind != FP_IS_INFINITE) {
            *x = fp_special(FP_IS_INFINITE, a.sign ^ b.sign);
            return FP_ZE;
        }
        break;
    }
    return invalid ? FP_IE : 0;
}

static struct fp compute(unsigned reg, struct fp a, struct fp b)
{
    struct fp_context c = x87_context();

    switch (reg) {
    case SUBTRACT:
        b.sign = !b.sign;
        return fp_add(&c, a, b);
    case ADD:
        return fp_add(&c, a, b);
    case MULTIPLY:
        return fp_multiply(a, b);
    default:
        return fp_divide(a, b);
    }
}

/* To ST(to); false if it is not stored. */
static bool operate(unsigned reg, struct fp a, struct fp b, unsigned to)
{
    struct fp_format format = x87_precision();
    struct fp x;

    if (reg == SUBTRACT_REVERSED || reg == DIVIDE_REVERSED) {
        struct fp swapped = a;
        a = b;
        b = swapped;
        reg--;
    }
    enum operand_check check = x87_operands(a, b, &x);
    if (check == OPERANDS_STOP)
        return false;
    if (check == OPERANDS_GIVE) {
        st_set(to, x);
        return true;
    }
    set_c1(false);
    unsigned flags = arithmetic_flags(reg, a, b, &x);
    if (flags) {
        if (x87_raise(flags))
            return false;
        st_set(to, x);
        return true;
    }
    if (x87_denormal_stops(a, b))
        return false;
    x87_put(to, compute(reg, a, b), &format);
    return true;
}

void x87_arithmetic(unsigned reg, unsigned i, bool to_i, bool pops)
{
    unsigned to = to_i ? i : 0;

    if (st_empty(0) || st_empty(i)) {
        if (stack_fault(false))
            return;
        st_set(to, indefinite());
    } else if (!operate(reg, st_get(0), st_get(i), to)) {
        return;
    }
    if (pops)
        st_pop();
}

void x87_arithmetic_memory(unsigned reg, struct fp operand)
{
    if (!st_empty(0))
        operate(reg, st_get(0), operand, 0);
    else if (!stack_fault(false))
        st_set(0, indefinite());
}

/* --- comparisons --- */

/* False if an unmasked exception keeps the result from being known. */
static bool compare(struct fp a, struct fp b, bool quiet, enum fp_order *order)
{
    bool unsupported = a.kind == FP_IS_UNSUPPORTED || b.kind == FP_IS_UNSUPPORTED;
    bool signaling = a.kind == FP_IS_SIGNALING || b.kind == FP_IS_SIGNALING;

    *order = fp_compare(a, b);
    if (*order == FP_UNORDERED)
        return !(unsupported || signaling || !quiet) || !x87_raise(X87_IE);
    return !x87_denormal_stops(a, b);
}

static const u16 conditions[] = {
    [FP_LESS] = X87_C0,
    [FP_EQUAL] = X87_C3,
    [FP_GREATER] = 0,
    [FP_UNORDERED] = X87_C3 | X87_C2 | X87_C0,
};

/* Against an operand, or NULL where the stack has none. False if nothing is to be popped. */
static bool compare_with(const struct fp *operand, bool quiet)
{
    enum fp_order order = FP_UNORDERED;
    bool known = false;

    if (st_empty(0) || !operand)
        known = !stack_fault(false);
    else
        known = compare(st_get(0), *operand, quiet, &order);
    set_conditions(conditions[order]);
    return known;
}

void x87_compare_registers(unsigned i, bool quiet, bool pops)
{
    struct fp operand = st_get(i);

    if (compare_with(st_empty(i) ? NULL : &operand, quiet) && pops)
        st_pop();
}

void x87_compare_memory(struct fp operand, bool pops)
{
    if (compare_with(&operand, false) && pops)
        st_pop();
}

void x87_compare_pop2(bool quiet)
{
    struct fp operand = st_get(1);

    if (compare_with(st_empty(1) ? NULL : &operand, quiet)) {
        st_pop();
        st_pop();
    }
}

void x87_test(void)
{
    struct fp zero = fp_special(FP_IS_ZERO, false);
    compare_with(&zero, false);
}

/* ZF, PF, CF as LAHF has them. */
u32 x87_compare_flags(unsigned i, bool quiet, bool pops)
{
    enum { CF = 0x100, PF = 0x400, ZF = 0x4000 };
    static const u32 flags[] = {
        [FP_LESS] = CF, [FP_EQUAL] = ZF, [FP_GREATER] = 0, [FP_UNORDERED] = ZF | PF | CF};
    enum fp_order order = FP_UNORDERED;

    if (st_empty(0) || st_empty(i)) {
        if (stack_fault(false))
            return flags[FP_UNORDERED];
    } else if (!compare(st_get(0), st_get(i), quiet, &order)) {
        return flags[order];
    }
    if (pops)
        st_pop();
    return flags[order];
}
