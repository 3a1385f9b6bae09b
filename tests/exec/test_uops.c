/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is what ops.def says of each micro-op true? Each one is run, by the interpreter's function for
 * each choice of its locations, on random states. What its row does not let it write must be as
 * before, and what it does not let it read must make no difference; and whatever the row does name
 * of locations and temporaries is seen to be written, and to make a difference.
 */
#include "tests/exec/test_uops.h"
#include "ops/host/asm.h"
#include "ops/i386/soft/sse.h"
#include "ops/i386/soft/x87.h"
#include "ops/i386/table.h"
#include "ops/i386/x87_insn.h"
#include "ops/interp.h"
#include "tests/suites.h"

#include <stdlib.h>
#include <string.h>

enum { TRIALS = 96 };

/* Sets are as uop_reads() gives them: locations by number, and these. */
enum { PARTS = 24, NAMED = ((1 << LOCATIONS) - 1) | L_CARRY | L_KEPT };
/* What micro-ops change of struct cpu: all in front of the TLB. */
enum { STATE = offsetof(struct cpu, rest.tlb) };

static struct cpu *before, *after, *other;
static u8 *guest_page;
static u64 numbers[5];
static u64 counter;
static u32 seed;

/* Of its name: a new row changes no other's states. */
static u32 seed_of(const char *name)
{
    u32 hash = 1;

    while (*name)
        hash = hash * 31 + (u8)*name++;
    return hash;
}

static u32 some_number(void)
{
    /* A linear congruential generator; small numbers, and control words, are likelier. */
    seed = seed * 1664525 + 1013904223;
    u32 v = seed >> 8 ^ seed << 13;
    switch (seed >> 29) {
    case 0:
    case 1:
        return v & 1;
    case 2:
        return v & 0x80000003u;
    case 3:
        return MXCSR_RESET | X87_EXCEPTIONS | (v & 0x6000);
    default:
        return v;
    }
}

/* --- one run --- */

/* What is read of the outside of struct cpu, or written there. */
struct outside {
    u8 x87[FPU_IMAGE]; /* of the host, as FNSAVE has it; MMX, too */
    u32 mxcsr;
    u8 page[PAGE];
    u64 counter;
};
static struct outside outside_before, outside_after, outside_other;

/* Fields are XMM registers; numbers are such as instructions have. */
static void set_params(const struct uop *u, u64 *param)
{
    enum uop_params params = (enum uop_params)uop_row(u)->params;
    memcpy(param, numbers, sizeof numbers);
    set_memory_params(u, offsetof(struct cpu, rest), param);
    switch (params) {
    case PARAMS_AT_T0:
        param[2] = offsetof(struct cpu, sse.xmm[1]);
        break;
    case PARAMS_WINDOW_AT_T0:
        param[0] = offsetof(struct cpu, sse.xmm[1]);
        break;
    case PARAMS_COUNTER:
        param[0] = (u64)(uintptr_t)&counter;
        break;
    case PARAMS_OFFSETS:
    case PARAMS_OFFSETS_IMM:
        param[1] = offsetof(struct cpu, sse.xmm[2]);
        /* fallthrough */
    case PARAMS_OFFSET:
    case PARAMS_OFFSET_IMM:
        param[0] = uop_row(u)->cold == COLD_SLOW ? offsetof(struct cpu, seg[DS])
                                                 : offsetof(struct cpu, sse.xmm[1]);
        break;
    default:
        break;
    }
}

/* The host's x87 and MXCSR, or those in C. */
static void put_on_host(const struct outside *o)
{
#if HOST_ASM
    asm volatile("frstor %0\n\tldmxcsr %1" : : "m"(o->x87), "m"(o->mxcsr));
#else
    soft_x87_restore(o->x87);
    helper_soft_set_mxcsr(o->mxcsr);
#endif
}

static void take_from_host(struct outside *o)
{
#if HOST_ASM
    static const u32 mxcsr_of_tests = MXCSR_RESET;
    asm volatile("fnsave %0\n\tstmxcsr %1" : "=m"(o->x87), "=m"(o->mxcsr));
    asm volatile("ldmxcsr %0" : : "m"(mxcsr_of_tests));
#else
    soft_x87_save(o->x87);
    o->mxcsr = helper_soft_get_mxcsr();
#endif
}

static void run(const struct uop *u, struct cpu *cpu, struct outside *out)
{
    struct interp_insn insn[4] = {
        {.run = i386_interp[uop_template(u)], .taken = insn + 2, .cold = insn + 3},
    };

    set_params(u, insn[0].param);
    for (unsigned i = 1; i < 4; i++) {
        insn[i].run = i386_interp[i386_uops.rows[UOP_exit_to].first];
        insn[i].param[0] = i - 1; /* to eip */
    }
    memcpy(guest_page, outside_before.page, PAGE);
    counter = outside_before.counter;
    put_on_host(&outside_before);
    i386_enter_interp(&cpu->core, insn);
    take_from_host(out);
    memcpy(out->page, guest_page, PAGE);
    out->counter = counter;
    cpu->rest.ip = NULL;
    cpu->rest.host_stack = 0;
}

/* --- states --- */

/* A cpu to which one page of memory is mapped. */
static struct cpu *new_cpu(void)
{
    struct cpu *cpu = aligned_alloc(64, (sizeof *cpu + 63) & ~(size_t)63);

    if (!cpu)
        abort();
    memset(cpu, 0, sizeof *cpu);
    map_page(&cpu->rest, guest_page);
    return cpu;
}

/* A location of an access is an address in the page, a multiple of 16 with DISP if that is added.
 */
static u32 some_location(const struct uop *u)
{
    u32 start = PAGE_AT + (is_at_t0(u) ? 0 : DISP);

    return has_address(u) ? start + (some_number() & 0xf00) : some_number();
}

/* Eight numbers in the x87, or seven and room for what is pushed; memory, and a counter. */
static void make_outside(void)
{
    struct outside *o = &outside_before;
    u32 top = some_number() >> 11 & 7, empty = some_number() & 1 ? 3u << 2 * ((top - 1) & 7) : 0;

    memset(o, 0, sizeof *o);
    memcpy(o->x87, &(u32[]){X87_CONTROL_WORD(0x37f), top << 11, empty}, 12);
    for (unsigned i = 28; i < FPU_IMAGE; i++)
        o->x87[i] = (u8)(i % 10 == 7 ? 0x3f : some_number() >> 8);
    o->mxcsr = MXCSR_RESET;
    for (unsigned i = 0; i < PAGE; i++)
        o->page[i] = (u8)(some_number() >> 8);
    o->counter = some_number() & 1 ? 1 : 1u << 30;
}

static void make_state(const struct uop *u, struct cpu *cpu)
{
    memset(cpu, 0, STATE);
    for (unsigned i = 0; i < LOCATIONS; i++)
        cpu->regs[i] = some_location(u);
    cpu->cc_dst = some_number();
    cpu->cc_src = some_number();
    cpu->inc_dst = some_number();
    cpu->carry = some_number() & 1;
    cpu->kept = some_number();
    cpu->eflags = some_number() & FLAG_DF;
    cpu->seg[DS] = (struct segment){.base = some_number(), .read_hi = ~0u, .write_hi = ~0u};
    for (unsigned i = 0; i < 8 * 4; i++)
        cpu->sse.xmm[i / 4].part[i % 4] = some_number();
    cpu->sse.mxcsr = cpu->sse.mxcsr_masked = MXCSR_RESET;
    cpu->sse.mxcsr_mask = MXCSR_ALL;
    for (unsigned i = 0; i < 5; i++)
        numbers[i] = some_number();
    cpu->rest.kept = (u64)(uintptr_t)guest_page - PAGE_AT;
    cpu->rest.window[0] = (struct memory_window){PAGE_AT, (u64)(uintptr_t)guest_page - PAGE_AT};
    make_outside();
}

/* Gives one part of the state another value. */
static void disturb(const struct uop *u, struct cpu *cpu, u32 part)
{
    if (part < 1u << LOCATIONS)
        cpu->regs[__builtin_ctz(part)] ^=
            has_address(u) ? (some_number() & 1 ? 0x800 : 0x100) : some_number() | 1;
    else if (part == L_CARRY)
        cpu->carry ^= 1;
    else if (part == L_KEPT)
        cpu->kept = ~cpu->kept;
    else if (part == L_FLAGS)
        cpu->cc_dst ^= some_number(), cpu->cc_src ^= some_number(), cpu->inc_dst ^= 1;
}

/* A state without a part of it. */
static void hide(struct cpu *cpu, u32 parts)
{
    for (unsigned i = 0; i < LOCATIONS; i++)
        if (parts & 1u << i)
            cpu->regs[i] = 0;
    if (parts & L_CARRY)
        cpu->carry = 0;
    if (parts & L_KEPT)
        cpu->kept = 0;
    if (parts & L_FLAGS)
        cpu->cc_dst = cpu->cc_src = cpu->inc_dst = 0;
    if (parts & L_NOTE1)
        cpu->fpu.last.code_offset = cpu->fpu.last.opcode = cpu->fpu.last.data_register = 0;
    if (parts & L_NOTE2)
        cpu->fpu.last.data_linear = 0;
}

static bool same_without(const struct cpu *a, const struct cpu *b, u32 parts)
{
    static struct cpu x, y;

    memcpy(&x, a, STATE);
    memcpy(&y, b, STATE);
    hide(&x, parts);
    hide(&y, parts);
    x.core.budget = y.core.budget = 0; /* charged either way: cold code gives it back */
    return memcmp(&x, &y, STATE) == 0;
}

/* --- the rows --- */

/* What was seen of one micro-op, over all its choices of locations. */
struct seen {
    u32 read, written; /* with L_D and L_B, where only those are meant */
    bool ways[3];
};

static u32 as_named(const struct uop *u, u32 part)
{
    u32 named = 0;

    if (uop_row(u)->shape != SHAPE_N && part == 1u << u->d)
        named |= L_D;
    if (uop_row(u)->shape == SHAPE_RR && part == 1u << u->b)
        named |= L_B;
    return named | part;
}

/* The state that a row lets it write: where it went cold, none but the address in T0. */
static u32 may_write(const struct uop *u, u32 way)
{
    u32 address = uop_row(u)->params == PARAMS_ACCESS ? 1u << T0 : 0;

    return way == WENT_COLD ? address : uop_writes(u);
}

static void check_writes(const struct uop *u, struct seen *seen)
{
    u32 writes = may_write(u, after->core.pc);

    seen->ways[after->core.pc] = true;
    before->core.pc = after->core.pc; /* it says which way, here */
    if (!(writes & L_STATE))
        ck_assert_msg(same_without(before, after, writes), "%s (%s, %s) writes more than it says",
                      uop_row(u)->name, i386_uops.location_names[u->d],
                      i386_uops.location_names[u->b]);
    for (unsigned n = 0; n < PARTS; n++)
        if ((NAMED & 1u << n) && !same_without(before, after, ~(1u << n) & NAMED) &&
            same_without(before, after, NAMED | L_FLAGS | L_STATE))
            seen->written |= as_named(u, 1u << n);
    before->core.pc = 0;
}

/* What no run has written is as it was, whatever that was. */
static void level(u32 *field, u32 start, u32 expected, u32 expected_start)
{
    if (*field == start && expected == expected_start)
        *field = expected;
}

static void level_unwritten(struct cpu *cpu, const struct cpu *start)
{
    for (unsigned n = 0; n < LOCATIONS; n++)
        level(&cpu->regs[n], start->regs[n], after->regs[n], before->regs[n]);
    level(&cpu->carry, start->carry, after->carry, before->carry);
    level(&cpu->kept, start->kept, after->kept, before->kept);
    level(&cpu->cc_dst, start->cc_dst, after->cc_dst, before->cc_dst);
    level(&cpu->cc_src, start->cc_src, after->cc_src, before->cc_src);
    level(&cpu->inc_dst, start->inc_dst, after->inc_dst, before->inc_dst);
}

static bool same_without_part(const struct uop *u, u32 part)
{
    static struct cpu start;

    memcpy(other, before, STATE);
    disturb(u, other, part);
    memcpy(&start, other, STATE);
    run(u, other, &outside_other);
    level_unwritten(other, &start);
    return same_without(after, other, 0) &&
           memcmp(&outside_after, &outside_other, sizeof outside_after) == 0;
}

/*
 * Without a part that its row does not name, all comes out the same; at one of some trials, since a
 * host that interrupts the x87 may lose where its last instruction was.
 */
static void check_part(const struct uop *u, u32 part, struct seen *seen)
{
    bool same = same_without_part(u, part), is_named = uop_reads(u) & part;

    for (unsigned t = 0; t < 8 && !same && !is_named; t++) {
        memcpy(after, before, STATE);
        run(u, after, &outside_after);
        same = same_without_part(u, part);
    }
    if (!same)
        seen->read |= as_named(u, part);
    ck_assert_msg(same || is_named, "%s (%s, %s) reads more than it says: %x", uop_row(u)->name,
                  i386_uops.location_names[u->d], i386_uops.location_names[u->b], part);
}

static void check_choice(const struct uop *u, struct seen *seen, unsigned trials)
{
    for (unsigned t = 0; t < trials; t++) {
        make_state(u, before);
        memcpy(after, before, STATE);
        run(u, after, &outside_after);
        check_writes(u, seen);
        for (unsigned n = 0; n < LOCATIONS; n++)
            check_part(u, 1u << n, seen);
        check_part(u, L_CARRY, seen);
        check_part(u, L_KEPT, seen);
        check_part(u, L_FLAGS, seen);
    }
}

/* What a micro-op reads to no effect. */
static u32 reads_for_nothing(const struct uop *u)
{
    return u->op == UOP_x87_fcmov_st0 ? 1u << T0 : 0; /* ST(0) to itself, or not */
}

/* Those that lead elsewhere, and calls, are not run here. */
static bool can_be_run(const struct uop *u)
{
    enum uop_end end = (enum uop_end)uop_row(u)->end;

    return (end == END_NEXT || end == END_BRANCH) && !uop_is_call(u);
}

START_TEST(rows_are_true)
{
    struct uop u = uop_make(&i386_uops, (u16)_i, 0);
    const struct uop_info *row = uop_row(&u);
    u32 named = (NAMED | L_D | L_B);
    struct seen seen = {0};

    if (!can_be_run(&u))
        return;
    seed = seed_of(row->name);
    for (u.d = 0; u.d < (row->shape == SHAPE_N ? 1 : LOCATIONS); u.d++)
        for (u.b = 0; u.b < (row->shape == SHAPE_RR ? LOCATIONS : 1); u.b++)
            check_choice(&u, &seen,
                         row->shape == SHAPE_RR  ? 4
                         : row->shape == SHAPE_R ? 16
                                                 : TRIALS);
    u32 unread = row->reads & named & ~seen.read & ~reads_for_nothing(&u);
    ck_assert_msg(unread == 0, "%s never reads %x", row->name, unread);
    if (!(row->writes & L_STATE))
        ck_assert_msg((row->writes & named & ~seen.written) == 0, "%s never writes %x", row->name,
                      row->writes & named & ~seen.written);
    ck_assert_msg(row->cold != COLD_WINDOW || seen.ways[WENT_COLD], "%s never goes cold",
                  row->name);
    ck_assert_msg(row->cold != COLD_NEVER || !seen.ways[WENT_COLD], "%s goes cold", row->name);
    ck_assert_msg(row->end == END_BRANCH || !seen.ways[WENT_TO_TARGET], "%s has a target",
                  row->name);
}
END_TEST

/* --- conditions --- */

static void check_comparison(u16 op, enum uop_condition condition, u32 a, u32 b, bool holds)
{
    struct uop u = uop_make(&i386_uops, op, 0);

    u.d = ECX;
    u.b = EDX;
    u.condition = condition;
    make_state(&u, after);
    after->regs[ECX] = a;
    after->regs[EDX] = numbers[0] = b;
    run(&u, after, &outside_after);
    ck_assert_msg(uop_is_branch(&u) ? after->core.pc == (holds ? WENT_TO_TARGET : WENT_ON)
                                    : after->core.pc == WENT_ON && after->regs[T0] == holds,
                  "%s by condition %u: %#x and %#x", uop_row(&u)->name, condition, a, b);
}

static void check_condition(enum uop_condition condition, u32 a, u32 b, bool compared, bool tested)
{
    check_comparison(UOP_cmp_j, condition, a, b, compared);
    check_comparison(UOP_cmpi_j, condition, a, b, compared);
    check_comparison(UOP_cmp_set, condition, a, b, compared);
    check_comparison(UOP_cmpi_set, condition, a, b, compared);
    if (condition >= TEST_CONDITIONS)
        return;
    check_comparison(UOP_test_j, condition, a, b, tested);
    check_comparison(UOP_testi_j, condition, a, b, tested);
    check_comparison(UOP_test_set, condition, a, b, tested);
    check_comparison(UOP_testi_set, condition, a, b, tested);
}

/* The interpreter's functions; templates' and the IR's code is run by test_arith.c, test_ppc.c. */
START_TEST(conditions_mean_what_they_say)
{
    static const u32 edges[] = {0, 1, 2, 0x7fffffff, 0x80000000, 0x80000001, ~0u};
    enum { EDGES = sizeof edges / sizeof *edges };
    u32 a = edges[_i / EDGES], b = edges[_i % EDGES], c = a & b;

#define CHECK(name, compared, tested)                                                              \
    check_condition(IF_##name, a, b, compared, tested);                                            \
    check_condition(IF_##name ^ 1, a, b, !(compared), !(tested))
    CHECK(equal, a == b, c == 0);
    CHECK(negative, (a - b) >> 31, c >> 31);
    CHECK(greater, (s32)a > (s32)b, (s32)c > 0);
    CHECK(less, (s32)a < (s32)b, false);
    CHECK(below, a < b, false);
    CHECK(above, a > b, false);
#undef CHECK
}
END_TEST

static Suite *uops_suite(void)
{
    Suite *s = suite_create("micro-ops");
    TCase *c = tcase_create("rows");

    guest_page = aligned_alloc(PAGE, PAGE);
    before = new_cpu();
    after = new_cpu();
    other = new_cpu();
    tcase_add_loop_test(c, rows_are_true, 0, UOP_CODES);
    tcase_add_loop_test(c, conditions_mean_what_they_say, 0, 7 * 7);
    tcase_set_timeout(c, 300);
    suite_add_tcase(s, c);
    suite_add_tcase(s, liveness_case());
    suite_add_tcase(s, tables_case());
    suite_add_tcase(s, ppc_case());
    return s;
}

TEST_MAIN(uops_suite)
