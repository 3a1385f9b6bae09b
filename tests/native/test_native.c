/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cpu against the host's (case.h, generate.h, run.h). `make fuzz` and
 *
 *   test_native --fuzz SEED CASES      runs that many; exit status 1 if any differs
 *   test_native --case SEED N          runs one and shows it
 *   test_native --coverage             the page COVERAGE, on standard output
 *
 * Without arguments: a fixed part, its tests by Check.
 */
#include "tests/native/fatal.h"
#include "tests/native/named.h"
#include "tests/native/page.h"
#include "tests/native/trace.h"
#include "tests/suites.h"

#include <check.h>
#include <inttypes.h>
#include <string.h>

enum { FIXED_SEED = 1, FIXED_CASES = 500000 };

/* --- the fixed part --- */

static struct tally tally;

/* Before any test, in the process that they all come from. */
static void run_fixed(void)
{
    struct run *r = run_create();

    run_generated(r, FIXED_SEED, 0, FIXED_CASES);
    tally = r->tally;
    run_destroy(r);
}

START_TEST(nothing_differs)
{
    ck_assert_uint_eq(tally.differences, 0);
    ck_assert_uint_ge(tally.cases + tally.unreachable, FIXED_CASES);
    ck_assert_uint_lt(tally.unreachable, FIXED_CASES / 1000);
}
END_TEST

START_TEST(every_entry_is_executed)
{
    for (unsigned i = 0; i < entry_count(); i++) {
        const struct entry *e = entry_at(i);
        ck_assert_msg(e->left_out || tally.executed[i] > 0, "%s, opcode %x", e->name, e->opcode);
        ck_assert_msg((tally.completed[i] > 0) == !(e->left_out || is_refused(e)),
                      "%s, opcode %x, modrm %x: %s", e->name, e->opcode, (u8)e->modrm,
                      tally.completed[i] ? "refused" : "always faults");
    }
}
END_TEST

START_TEST(every_uop_is_executed)
{
    for (unsigned op = 0; op < UOP_CODES; op++) {
        const char *elsewhere = trace_elsewhere((enum uop_code)op);
        ck_assert_msg(trace_seen((enum uop_code)op) == !elsewhere, "%s: %s",
                      i386_uops.rows[op].name,
                      elsewhere ? "is executed, and in elsewhere.def" : "never executed");
    }
}
END_TEST

START_TEST(page_is_as_the_tables)
{
    ck_assert_msg(page_is_fresh("tests/native/COVERAGE", &tally),
                  "tests/native/COVERAGE is stale: make tests/native/COVERAGE");
}
END_TEST

START_TEST(named)
{
    struct run *r = run_create();
    struct test_case c;
    struct case_info info;

    named_case((unsigned)_i, &c, &info);
    run_cases(r, &c, &info, 1);
    ck_assert_msg(r->tally.differences == 0, "%s", named_name((unsigned)_i));
    run_destroy(r);
}
END_TEST

static Suite *native_suite(void)
{
    Suite *suite = suite_create("native");
    TCase *fixed = tcase_create("fixed part"), *cases = tcase_create("named");

    tcase_add_unchecked_fixture(fixed, run_fixed, NULL);
    tcase_set_timeout(fixed, 0);
    tcase_add_test(fixed, nothing_differs);
    tcase_add_test(fixed, every_entry_is_executed);
    tcase_add_test(fixed, every_uop_is_executed);
    tcase_add_test(fixed, page_is_as_the_tables);
    tcase_add_loop_test(cases, named, 0, (int)named_count());
    suite_add_tcase(suite, fixed);
    suite_add_tcase(suite, cases);
    return suite;
}

/* --- by hand --- */

static u64 number(const char *text)
{
    char *end;
    u64 value = strtoull(text, &end, 0);

    require(*text && !*end, "%s: not a number", text);
    return value;
}

static unsigned print_unseen(void)
{
    unsigned count = 0;

    for (unsigned op = 0; op < UOP_CODES; op++)
        if (!trace_seen((enum uop_code)op) && !trace_elsewhere((enum uop_code)op)) {
            printf("never executed: micro-op %s\n", i386_uops.rows[op].name);
            count++;
        }
    return count;
}

static unsigned print_unexecuted(const struct tally *t)
{
    unsigned count = 0;

    for (unsigned i = 0; i < entry_count(); i++)
        if (!entry_at(i)->left_out && t->executed[i] == 0) {
            printf("never executed: %s, opcode %x\n", entry_at(i)->name, entry_at(i)->opcode);
            count++;
        }
    return count;
}

static int fuzz(u64 seed, u64 cases)
{
    struct run *r = run_create();
    unsigned unexecuted, unseen, left_out = 0;
    bool bad;

    r->progress = true;
    run_generated(r, seed, 0, cases);
    unexecuted = print_unexecuted(&r->tally);
    unseen = print_unseen();
    for (unsigned i = 0; i < entry_count(); i++)
        left_out += entry_at(i)->left_out != NULL;
    printf("seed %" PRIu64 ": %" PRIu64 " cases, %" PRIu64 " of them sequences; %" PRIu64
           " differences; %u entries, %u never executed, %u left out; %u micro-ops, "
           "%u never executed\n",
           seed, r->tally.cases, r->tally.sequences, r->tally.differences, entry_count(),
           unexecuted, left_out, (unsigned)UOP_CODES, unseen);
    bad = r->tally.differences > 0 || (unexecuted + unseen > 0 && cases >= FIXED_CASES);
    run_destroy(r);
    return bad;
}

static int show(u64 seed, u64 n)
{
    struct run *r = run_create();
    bool differs;

    run_and_show(r, seed, n);
    differs = r->tally.differences > 0;
    run_destroy(r);
    return differs;
}

static int coverage(void)
{
    struct run *r = run_create();
    bool bad;

    run_generated(r, FIXED_SEED, 0, FIXED_CASES);
    bad = r->tally.differences > 0;
    page_print(stdout, &r->tally);
    run_destroy(r);
    return bad;
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";

    if (argc == 1)
        return run_suites((suite_maker *const[]){native_suite}, 1);
    if (argc == 4 && !strcmp(mode, "--fuzz"))
        return fuzz(number(argv[2]), number(argv[3]));
    if (argc == 4 && !strcmp(mode, "--case"))
        return show(number(argv[2]), number(argv[3]));
    if (argc == 2 && !strcmp(mode, "--coverage"))
        return coverage();
    fprintf(stderr, "usage: test_native [--fuzz SEED CASES | --case SEED N | --coverage]\n");
    return 1;
}
