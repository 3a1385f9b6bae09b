/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is not in the bytes: registers and memory that an instruction makes something of. */
#include "tests/native/builder.h"

u32 size_of_operand(const struct builder *b)
{
    switch ((enum form)b->e->form) {
    case Eb_Gb:
    case Gb_Eb:
    case Eb_Ib:
    case Eb_1:
    case Eb_CL:
    case Eb:
    case Gv_Eb:
        return 1;
    case Ew:
    case Ew_Gw:
    case Gv_Ew:
        return 2;
    default:
        return b->opsize;
    }
}

/* The operand E gets a value, wherever it is. */
static void set_rm(struct builder *b, u32 v)
{
    u32 size = size_of_operand(b), r = b->modrm & 7, mask = size_mask(size);

    if (b->memory)
        put32(b->operand, v);
    else if (size == 1 && r >= 4)
        b->regs[r & 3] = (b->regs[r & 3] & ~0xff00u) | (v & 0xff) << 8;
    else
        b->regs[r] = (b->regs[r] & ~mask) | (v & mask);
}

static void set_pointer(struct builder *b, enum segment_register s, unsigned reg)
{
    u32 offset;

    make_reachable(b, s);
    offset = choose_target(b, s);
    b->regs[reg] = b->adsize == 2 ? (b->regs[reg] & 0xffff0000) | (offset & 0xffff) : offset;
}

static void fit_string(struct builder *b)
{
    u32 target;

    set_pointer(b, b->override >= 0 ? (enum segment_register)b->override : DS, ESI);
    target = b->target;
    set_pointer(b, ES, EDI);
    if (chance(b, 2))
        b->target = target;
    b->regs[ECX] = below(&b->random, chance(b, 8) ? 0x900 : 20);
    if (b->e->arg >= 5) /* DIFFERENCE_repeated_port */
        b->regs[ECX]++;
    if (b->adsize == 2 && chance(b, 2))
        b->regs[ECX] |= rnd(b) << 16;
    if (chance(b, 3))
        b->c->start.eflags |= FLAG_DF;
    if (chance(b, 2)) /* equal for a while */
        memset(b->operand, (int)b->regs[EAX], b->operand_size);
}

static void fit_xlat(struct builder *b)
{
    set_pointer(b, b->override >= 0 ? (enum segment_register)b->override : DS, EBX);
    b->regs[EBX] -= b->regs[EAX] & 0xff;
}

static void fit_divide(struct builder *b)
{
    bool is_signed = b->e->arg;
    u32 *r = b->regs;

    if (chance(b, 2)) { /* quotients that fit */
        r[EDX] = b->opsize == 4 ? (is_signed ? (u32)((s32)r[EAX] >> 31) : 0)
                                : (is_signed ? (u32)((s16)r[EAX] >> 15) : 0);
        if (size_of_operand(b) == 1)
            r[EAX] &= 0xffff00ff;
    } else if (chance(b, 2)) {
        r[EDX] = below(&b->random, 16) - (is_signed ? 8 : 0);
    }
}

static void fit_bit(struct builder *b)
{
    u32 *bit = &b->regs[b->modrm >> 3 & 7];

    if (b->memory && b->e->form == Ev_Gv && !chance(b, 16))
        *bit = (*bit & 0xffff0000) | (u16)((s32)below(&b->random, 0x400) - 0x200);
    if (b->memory && b->e->form == Ev_Gv && b->opsize == 4)
        *bit = (u32)(s16)*bit;
}

static void fit_compare_exchange(struct builder *b)
{
    if (chance(b, 2))
        set_rm(b, b->regs[EAX]);
    if (b->e->form == M && chance(b, 2)) {
        put32(b->operand, b->regs[EAX]);
        put32(b->operand + 4, b->regs[EDX]);
    }
}

static void fit_jump(struct builder *b)
{
    set_rm(b, code_offset(b));
}

static void fit_selector(struct builder *b)
{
    set_rm(b, any_selector(b) | (rnd(b) & 0xffff0000));
}

static void fit_arpl(struct builder *b)
{
    u32 *r = &b->regs[b->modrm >> 3 & 7];

    *r = (*r & 0xffff0000) | any_selector(b);
    fit_selector(b);
}

static void fit_far_pointer(struct builder *b)
{
    put16(b->operand + b->opsize, any_selector(b));
}

static void fit_far_jump(struct builder *b)
{
    u16 selector = code_selector(b);

    put32(b->operand, CODE + below(&b->random, CODE_SIZE) - base_of(selector));
    put16(b->operand + b->opsize, selector);
}

static void fit_bound(struct builder *b)
{
    put32(b->operand, value(b));
    put32(b->operand + b->opsize, value(b) & 0x7fffffff);
}

static void fit_shift(struct builder *b)
{
    if (!chance(b, 4))
        b->regs[ECX] = (b->regs[ECX] & ~0xffu) | below(&b->random, 40);
}

static void fit_counter(struct builder *b)
{
    if (chance(b, 2))
        b->regs[ECX] = below(&b->random, 3) | (chance(b, 2) ? rnd(b) << 16 : 0);
}

static void fit_masked_move(struct builder *b)
{
    set_pointer(b, b->override >= 0 ? (enum segment_register)b->override : DS, EDI);
}

static void fit_fxsave(struct builder *b)
{
    if (b->e->arg)
        fit_fxrstor(b);
}

static const struct {
    insn_fn *translate;
    void (*fit)(struct builder *b);
} fits[] = {
    {t_string, fit_string},
    {t_xlat, fit_xlat},
    {t_div, fit_divide},
    {t_bit, fit_bit},
    {t_cmpxchg, fit_compare_exchange},
    {t_cmpxchg8b, fit_compare_exchange},
    {t_call_indirect, fit_jump},
    {t_jmp_indirect, fit_jump},
    {t_mov_to_seg, fit_selector},
    {t_load_selector, fit_selector},
    {t_lar, fit_selector},
    {t_arpl, fit_arpl},
    {t_load_far, fit_far_pointer},
    {t_far_indirect, fit_far_jump},
    {t_bound, fit_bound},
    {t_shift, fit_shift},
    {t_shift_double, fit_shift},
    {t_loop, fit_counter},
    {t_maskmov, fit_masked_move},
    {t_fxsave, fit_fxsave},
    {t_ldmxcsr, fit_ldmxcsr},
};

void fit(struct builder *b)
{
    for (size_t i = 0; i < sizeof fits / sizeof *fits; i++)
        if (fits[i].translate == b->e->translate)
            fits[i].fit(b);
}
