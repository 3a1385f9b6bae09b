/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See generate.h. */
#include "ops/host/asm.h"
#include "tests/native/approximate.h"
#include "tests/native/builder.h"

void start_case(struct builder *b)
{
    struct machine_state *s = &b->c->start;

    memset(b->c, 0, sizeof *b->c);
    memset(b->info, 0, sizeof *b->info);
    b->regs = s->regs;
    b->sel = s->sel;
    b->target = DATA + 64;
    choose_segments(b);
    for (unsigned i = 0; i < 8; i++)
        b->regs[i] = value(b);
    choose_stack(b);
    b->operand_size = 16;
    for (unsigned i = 0; i < b->operand_size; i += 4)
        put32(b->operand + i, value(b));
    s->eflags = (rnd(b) & FLAGS_ARITH) | FLAG_1 | FLAG_IF | (chance(b, 8) ? FLAG_DF : 0);
    if (chance(b, 32))
        s->eflags |= FLAG_TF;
    choose_eip(b);
}

void finish_case(struct builder *b)
{
    put_patch(b->c, 0, base_of(b->sel[CS]) + b->c->start.eip, b->code, b->size);
    put_patch(b->c, 1, b->target, b->operand, b->operand_size);
    put_stack(b);
}

/* One instruction: variants are the forms of operands, with and without each size prefix. */
static void make_insn(struct builder *b, unsigned entry, u64 variant)
{
    bool has_modrm, adsize;
    unsigned form = (unsigned)(variant / 2 % MODRM_VARIANTS);

    b->e = entry_at(entry);
    has_modrm = form_has_modrm((enum form)b->e->form);
    adsize = has_modrm ? form >= REGISTER_VARIANTS + ADDRESS_VARIANTS : variant & 2;
    start_case(b);
    b->info->entry[b->info->entries++] = (u16)entry;
    put_prefixes(b, variant & 1, adsize);
    choose_vectors(b);
    put_insn(b, form);
    fit(b);
    finish_case(b);
    look_at_undefined(b);
}

/* Not in builds with assembly, where they are the host's. */
static void look_at_approximations(struct case_info *info)
{
    for (u32 i = 0; !HOST_ASM && i < info->entries; i++)
        if (is_approximate(entry_at(info->entry[i])))
            info->differences |= 1u << DIFFERENCE_approximations;
}

void generate_case(u64 seed, u64 n, struct test_case *c, struct case_info *info)
{
    struct builder b = {.random = random_of(seed, n), .c = c, .info = info};
    u64 insn = n / 4 * 3 + n % 4;
    unsigned entry = case_entry((unsigned)(insn % case_entry_count()));

    if (n % 4 == 3)
        make_sequence(&b);
    else /* variants in another order for each entry */
        make_insn(&b, entry, insn / case_entry_count() + mix64(entry + seed));
    look_at_approximations(info);
}

void generate_arena(u64 seed, u8 *arena)
{
    struct random r = random_of(seed, ~0ull);

    memset(arena, 0xf4, CODE_SIZE);
    for (u32 i = CODE_SIZE; i < ARENA_SIZE; i += 4)
        put32(arena + i, random_value(&r));
    /* No selectors that only Linux has: of 64-bit code, threads' and the processor's number. */
    for (u32 i = CODE_SIZE; i + 1 < ARENA_SIZE; i++)
        if (arena[i + 1] == 0 &&
            (arena[i] / 4 == 0x30 / 4 || (arena[i] >= 0x60 && arena[i] < 0x7c)))
            arena[i] |= 0x80;
}
