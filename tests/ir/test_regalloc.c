/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The register allocator: random programs, of which a machine that knows values by name does the
 * allocator's moves. Whatever an instruction asks for must then be where the allocator says.
 */
#include "tests/ir/test_ir.h"
#include "translate/ir/regalloc.h"

#include <string.h>

enum { PROGRAMS = 300, LENGTH = 120 };

static struct ra ra;
static struct {
    ir_ref reg[HOST_REGS], slot[SLOTS]; /* IR_NONE: anything */
    unsigned moves, spills, reloads;
} machine;

static void do_move(void *context, u8 to, u8 from)
{
    (void)context;
    ck_assert_uint_ne(to, from);
    machine.reg[to] = machine.reg[from];
    machine.moves++;
}

static void do_constant(void *context, u8 to, u32 value)
{
    (void)context;
    machine.reg[to] = ir_const(&ir, value);
}

static void do_spill(void *context, u8 slot, u8 from)
{
    (void)context;
    machine.slot[slot] = machine.reg[from];
    machine.spills++;
}

static void do_reload(void *context, u8 to, u8 slot)
{
    (void)context;
    machine.reg[to] = machine.slot[slot];
    machine.reloads++;
}

static const struct ra_moves moves = {do_move, do_constant, do_spill, do_reload, NULL};

/* --- programs --- */

static ir_ref some_value(void)
{
    u32 back = below(8) ? 8 : ir.count;

    return below(8) == 0 ? constant(below(4))
                         : (ir_ref)(ir.count - below(back < ir.count ? back : ir.count));
}

/* Sums and shifts by CL of values near and far; at the end a way out that wants some of them. */
static void make_program(void)
{
    ir_setup();
    while (ir.count < LENGTH)
        op(below(4) ? IR_add : IR_shl, some_value(), some_value());
    ir_append(&ir, IR_jump, IR_NONE, IR_NONE, IR_NONE);
    struct ir_snapshot *s = ir_add_snapshot(&ir, &ir.insn[ir.count]);
    for (unsigned k = 0; k < T0; k++)
        ir_see(s, k, some_value());
}

/* Each value that a later instruction needs is in a register or a slot. */
static void check_values_after(u32 n)
{
    for (u32 v = 1; v <= n; v++) {
        if (ra.last[v] <= n)
            continue;
        if (ra.reg[v] != NO_REG)
            ck_assert_uint_eq(machine.reg[ra.reg[v]], v);
        if (ra.slot_of[v] != NO_SLOT)
            ck_assert_uint_eq(machine.slot[ra.slot_of[v]], v);
        ck_assert(ra.reg[v] != NO_REG || ra.slot_of[v] != NO_SLOT);
    }
}

static void begin_with_entries(void)
{
    for (u32 n = 1; n <= T0; n++) {
        ra_begin(&ra, n);
        ra_place(&ra, (ir_ref)n, ir.guest->home[n - 1]);
        machine.reg[ir.guest->home[n - 1]] = (ir_ref)n;
        ra_end(&ra);
    }
}

/* Two registers to one, with another to spoil. */
static void do_sum(u32 n, const struct ir_insn *i)
{
    u8 a = ra_get(&ra, i->operand[0]), b = ra_get(&ra, i->operand[1]), t, d;

    t = ra_temporary(&ra, ALL_REGS);
    if (ra.failed)
        return;
    ck_assert(t != a && t != b);
    machine.reg[t] = IR_NONE;
    d = ra_define(&ra, (ir_ref)n, ALL_REGS);
    if (ra.failed)
        return;
    ck_assert_uint_eq(machine.reg[a], i->operand[0]);
    ck_assert_uint_eq(machine.reg[b], i->operand[1]);
    ck_assert(ra.available & 1u << d && d != t);
    machine.reg[d] = (ir_ref)n;
}

/* The count in CL, which is spoilt; the result elsewhere. */
static void do_shift(u32 n, const struct ir_insn *i)
{
    u8 a, d;

    ra_get_in(&ra, i->operand[1], RCX);
    a = ra_get(&ra, i->operand[0]);
    if (ra.failed)
        return;
    ck_assert_uint_eq(machine.reg[RCX], i->operand[1]);
    d = ra_define(&ra, (ir_ref)n, ALL_REGS & ~(1u << RCX));
    if (ra.failed)
        return;
    ck_assert_uint_eq(machine.reg[a], i->operand[0]);
    ck_assert_uint_eq(machine.reg[RCX], i->operand[1]);
    ck_assert_uint_ne(d, RCX);
    machine.reg[RCX] = IR_NONE;
    machine.reg[d] = (ir_ref)n;
}

/* False if it took more slots than there are. */
static bool run_program(u32 available)
{
    memset(&machine.reg, 0, sizeof machine.reg);
    ra_start(&ra, &ir, &moves);
    ra.available = available;
    begin_with_entries();
    for (u32 n = T0 + 1; n < ir.count; n++) {
        ra_begin(&ra, n);
        if (ir.insn[n].op == IR_add)
            do_sum(n, &ir.insn[n]);
        else
            do_shift(n, &ir.insn[n]);
        if (ra.failed)
            return false;
        ra_end(&ra);
        check_values_after(n);
    }
    return true;
}

/* --- the tests --- */

static const struct {
    u32 available;
    bool spills;
} sets[] = {
    {ALL_REGS, false},
    {1 << RAX | 1 << RCX | 1 << RDX | 1 << RBX | 1 << RSI | 1 << RDI, true},
    {1 << RAX | 1 << RCX | 1 << R9 | 1 << R13, true},
};

START_TEST(values_are_kept)
{
    unsigned finished = 0;

    memset(&machine, 0, sizeof machine);
    for (unsigned n = 0; n < PROGRAMS; n++) {
        make_program();
        finished += run_program(sets[_i].available);
    }
    ck_assert_uint_ge(finished, sets[_i].spills ? 1 : PROGRAMS * 9 / 10);
    ck_assert(!sets[_i].spills || (machine.spills > PROGRAMS && machine.reloads > PROGRAMS));
}
END_TEST

/* A value that the way out wants in a register gets it, so that there is nothing to move. */
START_TEST(wanted_registers)
{
    ir_setup();
    ir_ref sum = op(IR_add, entry(EAX), entry(ECX));
    ir_ref more = op(IR_add, sum, entry(EDX));
    leave_with(ESI, more);
    memset(&machine, 0, sizeof machine);
    ck_assert(run_program(ALL_REGS));
    ck_assert_uint_eq(ra.reg[more], ir.guest->home[ESI]);
    ck_assert_uint_eq(machine.moves + machine.spills, 0);
}
END_TEST

/* A value of cold code only is the first to leave its register. */
START_TEST(spills_what_is_needed_last)
{
    ir_ref early, late, sum;

    ir_setup();
    early = op(IR_add, entry(EAX), entry(ECX));
    late = op(IR_add, entry(EAX), entry(EDX));
    sum = op(IR_add, early, early);
    for (unsigned n = 0; n < 3; n++)
        sum = op(IR_add, sum, early);
    leave_with(EAX, op(IR_add, sum, late));
    memset(&machine, 0, sizeof machine);
    ck_assert(run_program(1 << RAX | 1 << RCX | 1 << RDX));
    ck_assert_uint_eq(machine.reloads, 1);
}
END_TEST

/* More values at once than registers and slots: it says so, and stays within its tables. */
START_TEST(too_many_values)
{
    ir_ref sum;

    ir_setup();
    for (unsigned n = 0; n < SLOTS + HOST_REGS; n++)
        op(IR_add, entry(EAX), constant(n));
    sum = entry(EAX);
    for (unsigned n = 0; n < SLOTS + HOST_REGS; n++)
        sum = op(IR_add, sum, (ir_ref)(T0 + 1 + n));
    leave_with(EAX, sum);
    ck_assert(!run_program(ALL_REGS));
    ck_assert(ra.failed);
}
END_TEST

Suite *regalloc_suite(void)
{
    Suite *suite = suite_create("register allocator");
    TCase *c = tcase_create("register allocator");

    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, values_are_kept, 0, sizeof sets / sizeof *sets);
    tcase_add_test(c, wanted_registers);
    tcase_add_test(c, spills_what_is_needed_last);
    tcase_add_test(c, too_many_values);
    suite_add_tcase(suite, c);
    return suite;
}
