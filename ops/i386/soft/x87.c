/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The x87 in C: its stack, and which instruction is which. */
#include "ops/i386/soft/x87_parts.h"

#include <string.h>

/* As a thread's x87 is when it begins. */
_Thread_local struct soft_x87 soft_x87 = {.control = X87_INIT, .empty = 0xff};

/* --- the state --- */

u16 helper_soft_x87_status(void)
{
    bool pending = soft_x87.status & ~soft_x87.control & X87_EXCEPTIONS;
    return pending ? soft_x87.status | X87_ES | X87_B : soft_x87.status;
}

void helper_soft_x87_set_control(u16 control)
{
    soft_x87.control = X87_CONTROL_WORD(control);
}

void soft_x87_init(void)
{
    soft_x87.control = X87_INIT;
    soft_x87.status = 0;
    soft_x87.empty = 0xff;
}

static u16 tags_of_all(void)
{
    enum { VALID, ZERO, SPECIAL, EMPTY };
    u16 tags = 0;

    for (unsigned i = 0; i < X87_REGISTERS; i++) {
        u64 frac = soft_x87.reg[i].frac;
        u16 exp = soft_x87.reg[i].sign_exp & 0x7fff;
        unsigned tag = exp == 0x7fff ? SPECIAL : VALID;
        if (!(frac >> 63))
            tag = exp || frac ? SPECIAL : ZERO;
        else if (!exp)
            tag = SPECIAL;
        if (soft_x87.empty >> i & 1)
            tag = EMPTY;
        tags |= (u16)(tag << 2 * i);
    }
    return tags;
}

static void set_tags(u16 tags)
{
    soft_x87.empty = 0;
    for (unsigned i = 0; i < X87_REGISTERS; i++)
        if ((tags >> 2 * i & 3) == 3)
            soft_x87.empty |= (u8)(1 << i);
}

void soft_x87_store_environment(void *image)
{
    const u32 words[X87_ENVIRONMENT / 4] = {0xffff0000 | soft_x87.control,
                                            0xffff0000 | helper_soft_x87_status(),
                                            0xffff0000 | tags_of_all()};

    memcpy(image, words, sizeof words);
    soft_x87.control |= X87_EXCEPTIONS;
}

void soft_x87_load_environment(const void *image)
{
    u32 words[3];

    memcpy(words, image, sizeof words);
    soft_x87.control = X87_CONTROL_WORD(words[0]);
    soft_x87.status = words[1] & (u16) ~(X87_ES | X87_B);
    set_tags((u16)words[2]);
}

/* Registers are from ST(0) on there. */
static u8 *place_of(void *image, unsigned i)
{
    return (u8 *)image + X87_ENVIRONMENT + 10 * i;
}

void soft_x87_save(void *image)
{
    unsigned top = soft_x87.status >> X87_TOP_SHIFT & 7;

    soft_x87_store_environment(image);
    for (unsigned i = 0; i < X87_REGISTERS; i++) {
        unsigned n = (top + i) & 7;
        memcpy(place_of(image, i), &soft_x87.reg[n].frac, 8);
        memcpy(place_of(image, i) + 8, &soft_x87.reg[n].sign_exp, 2);
    }
    soft_x87_init();
}

void soft_x87_restore(const void *image)
{
    u8 copy[FPU_IMAGE];

    memcpy(copy, image, sizeof copy);
    soft_x87_load_environment(copy);
    unsigned top = soft_x87.status >> X87_TOP_SHIFT & 7;
    for (unsigned i = 0; i < X87_REGISTERS; i++) {
        unsigned n = (top + i) & 7;
        memcpy(&soft_x87.reg[n].frac, place_of(copy, i), 8);
        memcpy(&soft_x87.reg[n].sign_exp, place_of(copy, i) + 8, 2);
    }
}

/* --- the stack --- */

static unsigned top(void)
{
    return soft_x87.status >> X87_TOP_SHIFT & 7;
}

static void set_top(unsigned to)
{
    soft_x87.status = (u16)((soft_x87.status & ~(7 << X87_TOP_SHIFT)) | (to & 7) << X87_TOP_SHIFT);
}

bool st_empty(unsigned i)
{
    return soft_x87.empty >> ((top() + i) & 7) & 1;
}

struct fp st_get(unsigned i)
{
    unsigned n = (top() + i) & 7;
    return fp_from_extended(soft_x87.reg[n].frac, soft_x87.reg[n].sign_exp);
}

static void set_bits(unsigned i, u64 frac, u16 sign_exp)
{
    unsigned n = (top() + i) & 7;

    soft_x87.reg[n].frac = frac;
    soft_x87.reg[n].sign_exp = sign_exp;
    soft_x87.empty &= (u8) ~(1 << n);
}

u64 x87_get_bits(u16 *sign_exp)
{
    *sign_exp = soft_x87.reg[top()].sign_exp;
    return soft_x87.reg[top()].frac;
}

void x87_put_bits(u64 frac, u16 sign_exp)
{
    set_bits(0, frac, sign_exp);
}

void st_set(unsigned i, struct fp x)
{
    u64 frac = 0;
    u16 sign_exp = fp_to_extended(x, &frac);

    set_bits(i, frac, sign_exp);
}

void st_pop(void)
{
    soft_x87.empty |= (u8)(1 << top());
    set_top(top() + 1);
}

void st_push(struct fp x)
{
    set_top(top() - 1);
    st_set(0, x);
}

void set_c1(bool c1)
{
    soft_x87.status = (u16)((soft_x87.status & ~X87_C1) | (c1 ? X87_C1 : 0));
}

void set_conditions(unsigned c)
{
    soft_x87.status = (u16)((soft_x87.status & ~(X87_C0 | X87_C1 | X87_C2 | X87_C3)) | c);
}

/* --- exceptions --- */

bool x87_raise(unsigned flags)
{
    soft_x87.status |= (u16)flags;
    return flags & ~(unsigned)soft_x87.control & X87_EXCEPTIONS;
}

bool stack_fault(bool overflow)
{
    set_c1(overflow);
    return x87_raise(X87_IE | X87_SF);
}

struct fp indefinite(void)
{
    return fp_special(FP_IS_QUIET, true);
}

struct fp_context x87_context(void)
{
    enum { WRAP = 24576 }; /* SDM vol. 1, 8.5.4 */
    return (struct fp_context){.rounding = soft_x87.control >> 10 & 3,
                               .unmasked = (u8)(~soft_x87.control & X87_EXCEPTIONS),
                               .wrap = WRAP};
}

struct fp_format x87_precision(void)
{
    static const u8 digits[] = {24, 64, 53, 64};
    struct fp_format f = fp_extended;

    f.digits = digits[soft_x87.control >> 8 & 3];
    return f;
}

/* --- moves --- */

static void load_register(unsigned i)
{
    bool missing = st_empty(i);

    if (missing || !st_empty(7)) {
        if (!stack_fault(!missing))
            st_push(indefinite());
        return;
    }
    unsigned n = (top() + i) & 7;
    set_c1(false);
    set_top(top() - 1);
    set_bits(0, soft_x87.reg[n].frac, soft_x87.reg[n].sign_exp);
}

static void store_register(unsigned i, bool pops)
{
    unsigned from = top();

    if (st_empty(0)) {
        if (stack_fault(false))
            return;
        st_set(i, indefinite());
    } else {
        set_c1(false);
        set_bits(i, soft_x87.reg[from].frac, soft_x87.reg[from].sign_exp);
    }
    if (pops)
        st_pop();
}

/* FSTPNCE: as FSTP, but what is empty is not moved. */
static void move_and_pop(unsigned i)
{
    unsigned from = top();

    set_c1(false);
    if (!st_empty(0))
        set_bits(i, soft_x87.reg[from].frac, soft_x87.reg[from].sign_exp);
    st_pop();
}

static void exchange(unsigned i)
{
    if (st_empty(0) || st_empty(i)) {
        if (stack_fault(false))
            return;
        if (st_empty(0))
            st_set(0, indefinite());
        if (st_empty(i))
            st_set(i, indefinite());
    } else {
        set_c1(false);
    }
    unsigned a = top(), b = (a + i) & 7;
    u64 frac = soft_x87.reg[a].frac;
    u16 sign_exp = soft_x87.reg[a].sign_exp;
    set_bits(0, soft_x87.reg[b].frac, soft_x87.reg[b].sign_exp);
    set_bits(i, frac, sign_exp);
}

static void move_if(unsigned i, bool condition)
{
    unsigned from = (top() + i) & 7;

    if (st_empty(0) || st_empty(i)) {
        if (!stack_fault(false))
            st_set(0, indefinite());
        return;
    }
    if (condition)
        set_bits(0, soft_x87.reg[from].frac, soft_x87.reg[from].sign_exp);
}

static void change_sign(bool negate)
{
    u16 *sign_exp = &soft_x87.reg[top()].sign_exp;

    if (st_empty(0)) {
        if (!stack_fault(false))
            st_set(0, indefinite());
        return;
    }
    set_c1(false);
    *sign_exp = negate ? *sign_exp ^ 0x8000 : *sign_exp & 0x7fff;
}

/* SDM vol. 2, FXAM */
static void examine(void)
{
    static const u16 classes[] = {
        [FP_IS_ZERO] = X87_C3,  [FP_IS_FINITE] = X87_C2,    [FP_IS_INFINITE] = X87_C2 | X87_C0,
        [FP_IS_QUIET] = X87_C0, [FP_IS_SIGNALING] = X87_C0, [FP_IS_UNSUPPORTED] = 0,
    };
    struct fp x = st_get(0);
    unsigned class = classes[x.kind];

    if (x.denormal)
        class = X87_C3 | X87_C2;
    if (st_empty(0))
        class = X87_C3 | X87_C0;
    set_conditions(class | (soft_x87.reg[top()].sign_exp >> 15 ? X87_C1 : 0));
}

/* --- constants, rounded as RC says --- */

static void load_constant(unsigned which)
{
    static const struct {
        u64 frac, more;
        s32 exp;
    } constants[] = {
        {1ULL << 63, 0, 0},                           /* 1 */
        {0xd49a784bcd1b8afe, 0x492bf6ff4dafdb4c, 1},  /* log2 10 */
        {0xb8aa3b295c17f0bb, 0xbe87fed0691d3e88, 0},  /* log2 e */
        {0xc90fdaa22168c234, 0xc4c6628b80dc1cd1, 1},  /* pi */
        {0x9a209a84fbcff798, 0x8f8959ac0b7c9178, -2}, /* log10 2 */
        {0xb17217f7d1cf79ab, 0xc9e3b39803f2f6af, -1}, /* ln 2 */
        {0, 0, 0},
    };
    struct fp_context c = x87_context();
    struct fp x = {.kind = FP_IS_FINITE, .exp = constants[which].exp};

    x.frac = constants[which].frac;
    x.more = constants[which].more;
    x = x.frac ? fp_round(&c, x, &fp_extended) : fp_special(FP_IS_ZERO, false);
    if (!st_empty(7)) {
        if (!stack_fault(true))
            st_push(indefinite());
        return;
    }
    set_c1(false);
    st_push(x);
}

/* --- which instruction it is --- */

static void d9_plain(unsigned modrm)
{
    switch (modrm) {
    case 0xe0:
    case 0xe1:
        change_sign(modrm == 0xe0);
        break;
    case 0xe4:
        x87_test();
        break;
    case 0xe5:
        examine();
        break;
    case 0xf6:
    case 0xf7:
        set_c1(false);
        set_top(modrm == 0xf6 ? top() - 1 : top() + 1);
        break;
    default:
        if (modrm >= 0xe8 && modrm < 0xef)
            load_constant(modrm - 0xe8);
        else if (modrm >= 0xf0)
            x87_function(modrm);
        break;
    }
}

static void do_d9(unsigned modrm)
{
    unsigned i = modrm & 7;

    switch (modrm >> 3 & 7) {
    case 0:
        load_register(i);
        break;
    case 1:
        exchange(i);
        break;
    case 2: /* FNOP */
        break;
    case 3:
        move_and_pop(i);
        break;
    default:
        d9_plain(modrm);
        break;
    }
}

static void free_register(unsigned i)
{
    set_c1(false);
    soft_x87.empty |= (u8)(1 << ((top() + i) & 7));
}

static void do_dd(unsigned modrm)
{
    unsigned i = modrm & 7;

    switch (modrm >> 3 & 7) {
    case 0:
        free_register(i);
        break;
    case 1:
        exchange(i);
        break;
    case 2:
    case 3:
        store_register(i, modrm & 8);
        break;
    default:
        x87_compare_registers(i, true, modrm & 8);
        break;
    }
}

static u32 do_df(unsigned modrm)
{
    unsigned i = modrm & 7;

    switch (modrm >> 3 & 7) {
    case 0:
        free_register(i);
        st_pop();
        return 0;
    case 1:
        exchange(i);
        return 0;
    case 2:
    case 3:
        store_register(i, true);
        return 0;
    default:
        return x87_compare_flags(i, (modrm & 0x38) == 0x28, true);
    }
}

static u32 do_db(unsigned modrm, u32 condition)
{
    if (modrm < 0xe0)
        move_if(modrm & 7, condition);
    else if (modrm == 0xe2)
        soft_x87.status &= (u16) ~(X87_EXCEPTIONS | X87_SF);
    else if (modrm == 0xe3)
        soft_x87_init();
    else if (modrm >= 0xe8)
        return x87_compare_flags(modrm & 7, modrm < 0xf0, false);
    return 0;
}

static void do_arithmetic(unsigned escape, unsigned modrm)
{
    unsigned reg = modrm >> 3 & 7, i = modrm & 7;
    bool to_i = escape & 4, pops = escape & 2;

    if (reg == 2 || reg == 3)
        x87_compare_registers(i, false, reg == 3 || pops);
    else
        x87_arithmetic(reg, i, to_i, pops);
}

u32 helper_soft_x87_registers(u32 insn, u32 condition)
{
    unsigned escape = x87_escape(insn), modrm = x87_modrm(insn);

    switch (escape) {
    case 1:
        do_d9(modrm);
        return 0;
    case 2:
        if (modrm == 0xe9)
            x87_compare_pop2(true);
        else
            move_if(modrm & 7, condition);
        return 0;
    case 3:
        return do_db(modrm, condition);
    case 5:
        do_dd(modrm);
        return 0;
    case 6:
        if (modrm == 0xd9)
            x87_compare_pop2(false);
        else
            do_arithmetic(escape, modrm);
        return 0;
    case 7:
        return do_df(modrm);
    default:
        do_arithmetic(escape, modrm);
        return 0;
    }
}

/* --- MMX's view --- */

static void enter_mmx(void)
{
    set_top(0);
    soft_x87.empty = 0;
}

u64 soft_mmx_get(unsigned i)
{
    enter_mmx();
    return soft_x87.reg[i & 7].frac;
}

void soft_mmx_set(unsigned i, u64 value)
{
    enter_mmx();
    soft_x87.reg[i & 7].frac = value;
    soft_x87.reg[i & 7].sign_exp = 0xffff;
}
