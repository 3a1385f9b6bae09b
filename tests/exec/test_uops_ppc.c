/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is what the PowerPC's rows say of locations, carry and CR0 true? As test_uops.c does: all engines
 * run streams that have been thinned out by the rows, so comparing engines would not tell.
 * Branches, which write nothing, are left to tests/ppc.
 */
#include "ops/ppc/table.h"
#include "tests/exec/test_uops.h"

#include <stdlib.h>
#include <string.h>

enum { TRIALS = 24 };
enum { STATE = offsetof(struct ppc_cpu, rest) };
/* What is told apart: locations by number, carry, CR0. */
enum { NAMED = ((1 << LOCATIONS) - 1) | L_CARRY | L_FLAGS };

static struct ppc_cpu *before, *after, *other;
static u8 *guest_page;
static u8 page_before[PAGE], page_after[PAGE];
static u64 numbers[5];
static u64 counter;
static u32 seed;

static u32 some_number(void)
{
    seed = seed * 1664525 + 1013904223;
    u32 v = seed >> 8 ^ seed << 13;
    return seed >> 30 == 0 ? v & 1 : seed >> 30 == 1 ? v & 0x80000003u : v;
}

/* --- one run --- */

static void set_params(const struct uop *u, u64 *param)
{
    memcpy(param, numbers, sizeof numbers);
    set_memory_params(u, offsetof(struct ppc_cpu, rest), param);
    switch ((enum uop_params)uop_row(u)->params) {
    case PARAMS_COUNTER:
        param[0] = (u64)(uintptr_t)&counter;
        break;
    case PARAMS_OFFSETS:
    case PARAMS_OFFSETS_IMM:
        param[1] = offsetof(struct ppc_cpu, fpr[2]);
        /* fallthrough */
    case PARAMS_OFFSET:
    case PARAMS_OFFSET_IMM:
        param[0] = offsetof(struct ppc_cpu, fpr[1]);
        break;
    default:
        break;
    }
}

/* Leaves in core.pc which way it went. */
static void run(const struct uop *u, struct ppc_cpu *cpu)
{
    struct interp_insn insn[4] = {
        {.run = ppc_interp[uop_template(u)], .taken = insn + 2, .cold = insn + 3},
    };

    set_params(u, insn[0].param);
    for (unsigned i = 1; i < 4; i++) {
        insn[i].run = ppc_interp[ppc_uops.rows[UOP_exit_to].first];
        insn[i].param[0] = i - 1;
    }
    memcpy(guest_page, page_before, PAGE);
    counter = 1u << 30;
    ppc_enter_interp(&cpu->core, insn);
}

/* --- states --- */

static struct ppc_cpu *new_cpu(void)
{
    struct ppc_cpu *cpu = aligned_alloc(64, (sizeof *cpu + 63) & ~(size_t)63);

    if (!cpu)
        abort();
    memset(cpu, 0, sizeof *cpu);
    map_page(&cpu->rest, guest_page);
    cpu->rest.kept = (u64)(uintptr_t)guest_page - PAGE_AT;
    cpu->rest.window[0] = (struct memory_window){PAGE_AT, cpu->rest.kept};
    return cpu;
}

static u32 *location(struct ppc_cpu *cpu, unsigned n)
{
    return &cpu->regs[ppc_uops.slots[n]];
}

static void make_state(const struct uop *u)
{
    memset(before, 0, STATE);
    for (unsigned n = 0; n < LOCATIONS; n++)
        *location(before, n) =
            has_address(u) ? PAGE_AT + DISP + (some_number() & 0xf00) : some_number();
    before->carry = some_number() & 1;
    before->ctr = some_number();
    before->xer = some_number() & 1 ? XER_SO : 0;
    before->fpscr = some_number();
    for (unsigned i = 0; i < 8; i++)
        before->cr[i] = (s64)((u64)some_number() << 32 | some_number());
    for (unsigned i = 0; i < 4; i++)
        before->fpr[i] = (u64)some_number() << 32 | some_number();
    for (unsigned i = 0; i < 5; i++)
        numbers[i] = some_number();
    for (unsigned i = 0; i < PAGE; i++)
        page_before[i] = (u8)(some_number() >> 8);
}

static void disturb(const struct uop *u, struct ppc_cpu *cpu, u32 part)
{
    if (part < 1u << LOCATIONS)
        *location(cpu, (unsigned)__builtin_ctz(part)) ^=
            has_address(u) ? 0x100u << some_number() % 4 : some_number() | 1;
    else if (part == L_CARRY)
        cpu->carry ^= 1;
    else
        cpu->cr[0] ^= (s64)((u64)some_number() << 32 | 1);
}

static void copy_part(struct ppc_cpu *to, const struct ppc_cpu *from, u32 part)
{
    if (part < 1u << LOCATIONS) {
        unsigned slot = ppc_uops.slots[__builtin_ctz(part)];
        to->regs[slot] = from->regs[slot];
    } else if (part == L_CARRY) {
        to->carry = from->carry;
    } else {
        to->cr[0] = from->cr[0];
    }
}

/* Of `parts` and, if `rest`, all else that a micro-op may change. */
static bool same(const struct ppc_cpu *a, const struct ppc_cpu *b, u32 parts, bool rest)
{
    static struct ppc_cpu x, y;

    memcpy(&x, a, STATE);
    memcpy(&y, rest ? b : a, STATE);
    for (u32 left = NAMED; left; left &= left - 1)
        copy_part(&y, parts & left & -left ? b : a, left & -left);
    x.core.budget = y.core.budget = 0;
    return memcmp(&x, &y, STATE) == 0;
}

/* --- the rows --- */

struct seen {
    u32 read, written, kept; /* with L_D and L_B, where only those are meant */
};

static u32 as_named(const struct uop *u, u32 part)
{
    u32 named = part;

    if (uop_row(u)->shape != SHAPE_N && part == 1u << u->d)
        named |= L_D;
    if (uop_row(u)->shape == SHAPE_RR && part == 1u << u->b)
        named |= L_B;
    return named;
}

static void check_writes(const struct uop *u, struct seen *seen)
{
    u32 writes = uop_writes(u);

    if (after->core.pc == WENT_COLD)
        writes = uop_row(u)->params == PARAMS_ACCESS ? 1u << T0 : 0;
    before->core.pc = after->core.pc;
    for (u32 left = NAMED; left; left &= left - 1)
        if (same(before, after, left & -left, false))
            seen->kept |= as_named(u, left & -left);
        else
            seen->written |= as_named(u, left & -left);
    ck_assert_msg(same(before, after, NAMED & ~writes, !(writes & L_STATE)),
                  "%s (%s, %s) writes more than it says", uop_row(u)->name,
                  ppc_uops.location_names[u->d], ppc_uops.location_names[u->b]);
    before->core.pc = 0;
}

static void check_part(const struct uop *u, u32 part, struct seen *seen)
{
    static struct ppc_cpu start;

    memcpy(other, before, STATE);
    disturb(u, other, part);
    memcpy(&start, other, STATE);
    run(u, other);
    /* What no run has written is as it was, whatever that was. */
    if (same(&start, other, part, false) && same(before, after, part, false))
        copy_part(other, after, part);
    if (same(after, other, NAMED, true) && memcmp(page_after, guest_page, PAGE) == 0)
        return;
    seen->read |= as_named(u, part);
    ck_assert_msg(uop_reads(u) & part, "%s (%s, %s) reads more than it says: %x", uop_row(u)->name,
                  ppc_uops.location_names[u->d], ppc_uops.location_names[u->b], part);
}

static void check_choice(const struct uop *u, struct seen *seen)
{
    for (unsigned t = 0; t < (uop_row(u)->shape == SHAPE_RR ? TRIALS / 4 : TRIALS); t++) {
        make_state(u);
        memcpy(after, before, STATE);
        run(u, after);
        memcpy(page_after, guest_page, PAGE);
        check_writes(u, seen);
        for (u32 left = NAMED; left; left &= left - 1)
            check_part(u, left & -left, seen);
    }
}

START_TEST(rows_are_true)
{
    struct uop u = uop_make(&ppc_uops, (u16)_i, 0);
    const struct uop_info *row = uop_row(&u);
    u32 named = ((1u << LOCATIONS) - 1) | L_CARRY | L_D | L_B;
    struct seen seen = {0};

    if (row->end != END_NEXT || uop_is_call(&u))
        return;
    seed = (u32)_i;
    for (u.d = 0; u.d < (row->shape == SHAPE_N ? 1 : LOCATIONS); u.d++)
        for (u.b = 0; u.b < (row->shape == SHAPE_RR ? LOCATIONS : 1); u.b++)
            check_choice(&u, &seen);
    /* What is written only sometimes is read for that alone. */
    u32 unread = row->reads & named & ~seen.read & ~(row->writes & seen.kept);
    ck_assert_msg(unread == 0, "%s never reads %x", row->name, unread);
    ck_assert_msg((row->writes & named & ~seen.written) == 0, "%s never writes %x", row->name,
                  row->writes & named & ~seen.written);
}
END_TEST

TCase *ppc_case(void)
{
    TCase *c = tcase_create("powerpc");

    guest_page = aligned_alloc(PAGE, PAGE);
    before = new_cpu();
    after = new_cpu();
    other = new_cpu();
    tcase_add_loop_test(c, rows_are_true, 0, UOP_CODES);
    tcase_set_timeout(c, 300);
    return c;
}
