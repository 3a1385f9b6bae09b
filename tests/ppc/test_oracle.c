/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every instruction, with random fields and state, in QEMU and in each engine: GPRs, CR, XER, CTR,
 * LR, FPRs, FPSCR and memory must be the same. `test_ppc_oracle SEED` does it with other cases.
 */
#include "tests/assert.h"
#include "tests/ppc/generate.h"
#include "tests/ppc/image.h"
#include "translate/ppc/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES_PER_ROW = 32 };

static const struct exec_options engines[] = {
    {.jit = JIT_TEMPLATE},
    {.jit = JIT_INTERP},
    {.jit = JIT_IR},
};
enum { ENGINES = sizeof engines / sizeof *engines };

static const char *const processors[] = {[QEMU_E500MC] = "e500mc", [QEMU_E600] = "e600"};

static u64 seed = 1;
static struct record in[MOST_CASES], expected[MOST_CASES], got[MOST_CASES];
static const struct row *row_of[MOST_CASES];

/* --- differences --- */

static unsigned differences;

static void differ(u32 n, const char *what, unsigned number, u64 qemu, u64 ours)
{
    if (differences++ > 40)
        return;
    fprintf(stderr, "%s (case %u, %08x %08x): %s %u: QEMU %llx, here %llx\n", row_of[n]->name, n,
            in[n].code[0], in[n].code[1], what, number, (unsigned long long)qemu,
            (unsigned long long)ours);
}

enum fprs_compared { ALL_BITS, LOW_HALF, ESTIMATE };

/* Bits that are not compared. */
static struct differing {
    const char *row;
    u32 cr, fpscr;
    enum fprs_compared fpr;
} differing_in(const struct row *row)
{
    static const struct differing known[] = {
#define DIFFERS(row, cr, fpscr, fpr, why) {#row, cr, fpscr, fpr},
#include "tests/ppc/differences.def"
#undef DIFFERS
    };

    for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(known[i].row, row->name))
            return known[i];
    return (struct differing){.row = row->name};
}

/* Numbers in their order are bits in their order: estimates are so many of these apart at most. */
static bool same_fpr(u64 a, u64 b, enum fprs_compared how)
{
    enum { APART = 1 << 22 };

    if (how == LOW_HALF)
        return (u32)a == (u32)b;
    return a == b || (how == ESTIMATE && a - b + APART <= 2 * APART);
}

#define PRIMARY(opcode, name, form, cr0, translate, arg)           CR0_##cr0,
#define EXTENDED(primary, opcode, name, form, cr0, translate, arg) CR0_##cr0,
#define SHORT(primary, opcode, name, form, cr0, translate, arg)    CR0_##cr0,
/* What becomes of CR0, by the number of the row. */
static const u8 cr0_of[] = {
#include "translate/ppc/insns.def"
};

/* Does what a row says of CR0 hold? Set, it is how two numbers compare, and XER's SO. */
static void check_cr0(u32 n)
{
    const struct insn insn = {.cr0 = cr0_of[row_of[n] - rows]};
    const struct decoder d = {.insn = &insn, .word = in[n].code[0]};
    u32 before = in[n].cr >> 28, after = expected[n].cr >> 28, compared = after & ~(u32)CR_SO;

    if (insn.cr0 == CR0_WANTED)
        return;
    if (!ppc_sets_cr0(&d))
        ck_assert_msg(after == before, "%s: CR0 is not left", row_of[n]->name);
    else
        ck_assert_msg((compared == CR_LT || compared == CR_GT || compared == CR_EQ) &&
                          (after & CR_SO) == expected[n].xer >> 31,
                      "%s: CR0 is not set", row_of[n]->name);
}

static void compare(u32 n)
{
    const struct record *q = &expected[n], *o = &got[n];
    struct differing known = differing_in(row_of[n]);

    for (unsigned i = 0; i < 32; i++) {
        if (q->gpr[i] != o->gpr[i])
            differ(n, "r", i, q->gpr[i], o->gpr[i]);
        if (!same_fpr(q->fpr[i], o->fpr[i], known.fpr))
            differ(n, "f", i, q->fpr[i], o->fpr[i]);
    }
    if ((q->cr ^ o->cr) & ~known.cr)
        differ(n, "cr", 0, q->cr, o->cr);
    if (q->xer != o->xer)
        differ(n, "xer", 0, q->xer, o->xer);
    if (q->ctr != o->ctr)
        differ(n, "ctr", 0, q->ctr, o->ctr);
    if (q->lr != o->lr)
        differ(n, "lr", 0, q->lr, o->lr);
    if ((q->fpscr[1] ^ o->fpscr[1]) & ~known.fpscr)
        differ(n, "fpscr", 0, q->fpscr[1], o->fpscr[1]);
    for (unsigned i = 0; i < MEMORY_BYTES; i++)
        if (q->memory[i] != o->memory[i])
            differ(n, "memory", i, q->memory[i], o->memory[i]);
}

/* --- a run --- */

/* The cases of all rows that this processor of QEMU's knows; how many. */
static u32 make(enum qemu qemu)
{
    struct random random = random_of(seed, qemu);
    u32 count = 0, save = image_save();

    for (unsigned r = 0; r < row_count; r++) {
        if (qemu_for(&rows[r]) != qemu)
            continue;
        for (unsigned i = 0; i < CASES_PER_ROW; i++) {
            u32 address = CASES + CASES_FIRST + count * RECORD_SIZE;
            ck_assert_uint_lt(count, MOST_CASES);
            row_of[count] = &rows[r];
            count += make_case(&in[count], &rows[r], address, save, &random);
        }
    }
    return count;
}

static void swap_all(struct record *records, u32 count)
{
    for (u32 n = 0; n < count; n++)
        record_swap(&records[n]);
}

static void run_against(enum qemu qemu, const struct exec_options *engine)
{
    u32 count = make(qemu);

    memcpy(expected, in, count * sizeof *in);
    swap_all(expected, count);
    memcpy(got, expected, count * sizeof *in);
    image_run_qemu(processors[qemu], expected, count);
    image_run(engine, got, count);
    swap_all(expected, count);
    swap_all(got, count);
    for (u32 n = 0; n < count; n++) {
        compare(n);
        check_cr0(n);
    }
    ck_assert_uint_gt(count, 0);
    ck_assert_uint_eq(differences, 0);
}

START_TEST(same_as_e500mc)
{
    run_against(QEMU_E500MC, &engines[_i]);
}
END_TEST

START_TEST(same_as_e600)
{
    run_against(QEMU_E600, &engines[_i]);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *s = suite_create("powerpc oracle");
    TCase *c = tcase_create("qemu-ppc");
    SRunner *runner;
    int failed;

    if (argc > 1)
        seed = strtoull(argv[1], NULL, 0);
    tcase_set_timeout(c, 600);
    tcase_add_loop_test(c, same_as_e500mc, 0, ENGINES);
    tcase_add_loop_test(c, same_as_e600, 0, ENGINES);
    suite_add_tcase(s, c);
    runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
