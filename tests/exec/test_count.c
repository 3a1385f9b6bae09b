/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -count: what is counted of a program whose every step is known, and how it is written. */
#include "exec/host/host.h"
#include "exec/report/disassemble.h"
#include "exec/report/profile.h"
#include "ops/i386/table.h"
#include "tests/exec/machine.h"
#include "tests/suites.h"
#include "translate/translate.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void halted(void)
{
    exec_stop(machine.exec);
}

/*
 *      mov $1000, %ecx
 *      mov $0x8000, %ebx
 *  1:  add %ecx, (%ebx)        two instructions' flags that nobody sees,
 *      test $1, %cl
 *      jz 2f                   taken 500 times
 *      inc %edx
 *  2:  call 3f
 *      dec %ecx
 *      jnz 1b
 *      hlt
 *  3:  pop %eax                where to is not known when the block is made
 *      jmp *%eax
 */
static const u8 program[] = {
    0xb9, 0xe8, 0x03, 0x00, 0x00, 0xbb, 0x00, 0x80, 0x00, 0x00, 0x01, 0x0b, 0xf6, 0xc1, 0x01,
    0x74, 0x01, 0x42, 0xe8, 0x04, 0x00, 0x00, 0x00, 0x49, 0x75, 0xf0, 0xf4, 0x58, 0xff, 0xe0,
};
enum { AT = 0x1000, LOOPS = 1000, INSNS = 2 + LOOPS * 8 + LOOPS / 2 + 1 };

/* Runs a program at AT; the statistics, to be freed by json_decref. */
static json_t *run_program(const struct exec_options *options, const u8 *code, size_t code_size,
                           u32 edx)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);

    machine_create_with(options, halted);
    machine_put(AT, code, code_size);
    struct cpu *cpu = exec_cpu(machine.exec);
    cpu->core.pc = AT;
    cpu->regs[ESP] = 0x8f00;
    cpu->regs[EDX] = 0;
    mem_write(cpu, 0x8f00, 0, 4); /* or the first check of the stack window fails: a block more */
    exec_run(machine.exec);
    ck_assert_uint_eq(cpu->regs[EDX], edx);
    ck_assert(exec_write_stats(machine.exec, to));
    fclose(to);
    machine_destroy();
    json_error_t error;
    json_t *stats = json_loadb(text, size, 0, &error);
    ck_assert_msg(stats != NULL, "%s", error.text);
    free(text);
    return stats;
}

static json_t *run_with(const struct exec_options *options)
{
    return run_program(options, program, sizeof program, LOOPS / 2);
}

static json_t *run(enum jit jit, bool count)
{
    struct exec_options options = {.jit = jit, .cache_size = 16 << 20, .count = count};

    return run_with(&options);
}

/* The number at the end of a path of keys: "supervisor", "guest", "insns". */
static unsigned long long number(const json_t *at, const char *const *keys)
{
    for (; *keys; keys++) {
        at = json_object_get(at, *keys);
        ck_assert_msg(at != NULL, "no %s", *keys);
    }
    ck_assert(json_is_integer(at));
    return (unsigned long long)json_integer_value(at);
}
#define NUMBER(stats, ...) number(stats, (const char *const[]){__VA_ARGS__, NULL})

static const enum jit jits[] = {JIT_TEMPLATE, JIT_IR, JIT_INTERP};
/* Those that make host code. */
static const char *const makers[] = {"template", "ir"};

START_TEST(test_counts)
{
    json_t *stats = run(jits[_i], true);

    ck_assert_uint_eq(NUMBER(stats, "supervisor", "guest", "insns"), INSNS);
    ck_assert_uint_eq(NUMBER(stats, "user", "guest", "insns"), 0);
    /* The read of ADD and POP's; the write of ADD and CALL's. */
    ck_assert_uint_eq(NUMBER(stats, "supervisor", "guest", "loads"), 2 * LOOPS);
    ck_assert_uint_eq(NUMBER(stats, "supervisor", "guest", "stores"), 2 * LOOPS);
    ck_assert_uint_eq(NUMBER(stats, "supervisor", "guest", "flags_set"), 3 * LOOPS + LOOPS / 2);
    /* All in one page; looked up is where the indirect jump goes, and what comes behind HLT. */
    ck_assert_uint_eq(NUMBER(stats, "supervisor", "jump_cache", "lookups"), LOOPS + 1);
    ck_assert_uint_ge(NUMBER(stats, "supervisor", "jump_cache", "hits"), LOOPS - 5);
    ck_assert_uint_ge(NUMBER(stats, "supervisor", "chains", "taken"), LOOPS);
    ck_assert_uint_eq(NUMBER(stats, "uncounted_blocks"), 0);
    json_decref(stats);
}
END_TEST

/* Each guest instruction takes one of the host's at least, whichever engine has run. */
START_TEST(test_quality)
{
    json_t *stats = run(jits[_i], true);
    unsigned long long insns = NUMBER(stats, "supervisor", "guest", "insns");
    unsigned long long covered = NUMBER(stats, "supervisor", "covered");

    ck_assert_uint_ge(covered * 1000, insns * 999);
    ck_assert_uint_le(covered, insns);
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        const json_t *host = json_object_get(
            json_object_get(json_object_get(stats, "supervisor"), "host"), makers[i]);
        ck_assert_uint_gt(NUMBER(host, "executed"), covered);
        ck_assert_uint_lt(NUMBER(host, "executed"), covered * 20);
        ck_assert_uint_ge(NUMBER(host, "executed_loads"), 3 * LOOPS);
        ck_assert_uint_ge(NUMBER(host, "executed_stores"), 2 * LOOPS);
    }
    json_decref(stats);
}
END_TEST

/* Stores by the host's code in a loop of a shift of %edx and SUB, of which the flags are late. */
static unsigned long long stores_around(const u8 shift[3])
{
    const struct exec_options options = {
        .jit = JIT_TEMPLATE, .cache_size = 16 << 20, .count = true};
    /* mov $LOOPS, %ecx; 1: shift; sub $1, %ecx; jnz 1b; hlt */
    u8 code[] = {0xb9, 0xe8, 0x03, 0, 0, 0, 0, 0, 0x83, 0xe9, 1, 0x75, 0xf8, 0xf4};

    memcpy(code + 5, shift, 3);
    json_t *stats = run_program(&options, code, sizeof code, 0);
    unsigned long long stores = NUMBER(stats, "supervisor", "host", "template", "executed_stores");
    json_decref(stats);
    return stores;
}

/* A block that is left behind a comparison does not subtract: its flags follow from the operands.
 */
START_TEST(test_comparisons_are_left)
{
    /* mov $5, %eax; cmp $7, %eax; jmp 1f; 1: hlt */
    static const u8 code[] = {0xb8, 5, 0, 0, 0, 0x83, 0xf8, 7, 0xeb, 0, 0xf4};

    machine_create(jits[_i], halted);
    machine_put(AT, code, sizeof code);
    struct cpu *cpu = exec_cpu(machine.exec);
    cpu->core.pc = AT;
    exec_run(machine.exec);
    if (jits[_i] != JIT_IR) {
        ck_assert_uint_eq(cpu->cc_op, CC_CMPL);
        ck_assert_uint_eq(cpu->cc_dst, 5);
        ck_assert_uint_eq(cpu->cc_src, 7);
    }
    ck_assert_uint_eq(cc_get(cpu), FLAG_CF | FLAG_SF | FLAG_AF);
    machine_destroy();
}
END_TEST

/*
 * Flags are not stored for a jump to a shift that makes them anew, whatever was there. The loop's
 * body is in its block several times, and between those nothing is stored.
 */
START_TEST(test_shifts_end_flags)
{
    static const u8 anew[][3] = {{0xc1, 0xea, 3}, {0xc1, 0xe2, 33}, {0xc1, 0xfa, 1}};
    /* SHR by 0 leaves them, by CL it may; ROR makes some, and RCR reads one. */
    static const u8 not_all[][3] = {
        {0xc1, 0xea, 32}, {0xd3, 0xea, 0x90}, {0xc1, 0xca, 3}, {0xc1, 0xda, 3}};

    for (size_t i = 0; i < sizeof anew / sizeof *anew; i++)
        ck_assert_uint_lt(stores_around(anew[i]), LOOPS / LOOP_COPIES);
    for (size_t i = 0; i < sizeof not_all / sizeof *not_all; i++)
        ck_assert_uint_ge(stores_around(not_all[i]), 2 * LOOPS / LOOP_COPIES);
    ck_assert_uint_lt(stores_around(not_all[0]), LOOPS);
}
END_TEST

/*
 *      mov $CHANGES, %ecx
 *  1:  mov %ecx, 3f + 1
 *      call 3f
 *      add %eax, %edx
 *      dec %ecx
 *      jnz 1b
 *      hlt
 *      .org 0x1800
 *  3:  mov $x, %eax
 *      ret
 */
enum { CHANGES = 150000, CHANGED_AT = 0x800 };
static const u8 changing[CHANGED_AT + 6] = {
    0xb9,
    0xf0,
    0x49,
    0x02,
    0x00,
    0x89,
    0x0d,
    0x01,
    0x18,
    0x00,
    0x00,
    0xe8,
    0xf0,
    0x07,
    0x00,
    0x00,
    0x01,
    0xc2,
    0x49,
    0x75,
    0xf0,
    0xf4,
    [CHANGED_AT] = 0xb8,
    [CHANGED_AT + 5] = 0xc3,
};

/* Code that is another each time: all of it is in the sums, and not all of it kept. */
START_TEST(test_changing_code)
{
    struct exec_options options = {.jit = JIT_TEMPLATE, .cache_size = 1 << 20, .count = true};
    u32 sum = (u32)((u64)CHANGES * (CHANGES + 1) / 2);
    json_t *stats = run_program(&options, changing, sizeof changing, sum);

    ck_assert_uint_eq(NUMBER(stats, "supervisor", "guest", "insns"), 1 + CHANGES * 7 + 1);
    ck_assert_uint_ge(NUMBER(stats, "supervisor", "guest", "blocks"), CHANGES);
    ck_assert_uint_eq(NUMBER(stats, "uncounted_blocks"), 0);
    /* Nor is all of it looked at in the end. */
    ck_assert_uint_le(NUMBER(stats, "supervisor", "covered_bytes"), CHANGES / 10 * 6);
    json_decref(stats);
}
END_TEST

/* What blocks of the cache count for stays; of the rest, what was hot does. */
START_TEST(test_profile_forgets)
{
    enum { BLOCKS = 300000, KEPT = 100000, USED = 500 };
    static struct stream s;
    struct profile *p = profile_create(&i386_guest);
    struct profile_block *used[USED];
    size_t count;

    for (u32 i = 0; i < BLOCKS; i++) {
        s = (struct stream){.table = &i386_uops, .pc = i, .size = 1, .insns = 1, .count = 1};
        s.uops[0] = (struct uop){.op = UOP_insn, .pc = i};
        struct profile_block *b = profile_add(p, &s, (const u8[]){0x90});
        ck_assert_ptr_nonnull(b);
        b->runs[0] = i % 1000 ? 1 : 2;
        if (i < USED)
            used[i] = b;
        else
            profile_release(b);
    }
    struct profile_block *const *all = profile_sort(p, &count);
    ck_assert_uint_lt(count, KEPT);
    for (unsigned i = 0; i < BLOCKS / 1000; i++)
        ck_assert_uint_eq(all[i]->runs[0], 2);
    for (u32 i = 0; i < USED; i++)
        ck_assert_uint_eq(used[i]->pc, i);
    ck_assert_uint_eq(profile_forgotten(p, false)->blocks + count, BLOCKS);
    ck_assert_uint_eq(profile_forgotten(p, false)->insns, BLOCKS - count);
    profile_destroy(p);
}
END_TEST

/* Do texts at an index of a list's members, or its members, have this in them? */
static bool lists(const json_t *list, int index, const char *wanted)
{
    size_t i;
    json_t *member;
    json_array_foreach(list, i, member)
    {
        const char *text =
            json_string_value(index < 0 ? member : json_array_get(member, (size_t)index));
        ck_assert_ptr_nonnull(text);
        if (strstr(text, wanted))
            return true;
    }
    return false;
}

/* The program is of what the IR engine lowers, but for HLT. */
START_TEST(test_ir_counts)
{
    json_t *ir = run(JIT_IR, false);

    ck_assert_uint_eq(NUMBER(ir, "ir", "blocks"), NUMBER(ir, "translation", "blocks"));
    ck_assert_uint_eq(NUMBER(ir, "ir", "refused"), 0);
    ck_assert_uint_eq(NUMBER(ir, "ir", "uops"), NUMBER(ir, "translation", "uops"));
    ck_assert_uint_lt(NUMBER(ir, "ir", "opaque"), NUMBER(ir, "ir", "blocks"));
    ck_assert_uint_gt(NUMBER(ir, "ir", "dropped"), 0);
    json_decref(ir);
}
END_TEST

/* The loop's blocks are made again when they have run so often, what runs once is not. */
START_TEST(test_mixed_by_runs)
{
    struct exec_options options = {.jit = JIT_MIXED, .cache_size = 16 << 20, .runs = 10};
    json_t *stats = run_with(&options);
    unsigned long long improved = NUMBER(stats, "improved", "blocks");

    ck_assert_uint_ge(improved, 2);
    ck_assert_uint_lt(improved, NUMBER(stats, "translation", "blocks") - improved);
    ck_assert_uint_eq(NUMBER(stats, "ir", "blocks"), improved);
    ck_assert_uint_eq(NUMBER(stats, "cache", "kills"), 0);
    json_decref(stats);
}
END_TEST

/* Those of a list are made at once, and nothing else is. */
START_TEST(test_mixed_by_list)
{
    static const uint32_t chosen[] = {AT, AT + 0x1b};
    struct exec_options options = {
        .jit = JIT_MIXED, .cache_size = 16 << 20, .chosen = chosen, .chosen_count = 2};
    json_t *stats = run_with(&options);

    ck_assert_uint_eq(NUMBER(stats, "ir", "blocks"), 2);
    ck_assert_uint_eq(NUMBER(stats, "improved", "blocks"), 0);
    ck_assert_uint_gt(NUMBER(stats, "translation", "blocks"), 2);
    json_decref(stats);
}
END_TEST

START_TEST(test_hottest)
{
    json_t *stats = run(JIT_TEMPLATE, true);
    const json_t *block = json_array_get(json_object_get(stats, "hottest"), 0);
    const json_t *hosts = json_object_get(block, "host");

    ck_assert_uint_eq(NUMBER(block, "address") & ~0xffull, AT);
    ck_assert(lists(json_object_get(block, "guest"), 1, "add    %ecx,(%ebx)"));
    ck_assert(lists(json_object_get(block, "uops"), -1, "ld32"));
    /* The micro-ops that count are not shown. */
    ck_assert(!lists(json_object_get(block, "uops"), -1, "count "));
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        const json_t *code = json_object_get(json_object_get(hosts, makers[i]), "code");
        ck_assert(lists(code, 2, "hot"));
        ck_assert(lists(code, 2, "cold"));
        ck_assert(lists(code, 3, "(%rax"));
    }
    json_decref(stats);
}
END_TEST

/* Without -count nothing but what is shown runs: not a micro-op more. */
START_TEST(test_off_costs_nothing)
{
    json_t *off = run(jits[_i], false);
    json_t *on = run(jits[_i], true);
    const json_t *hottest = json_object_get(on, "hottest");
    size_t uops = 0;
    size_t i;
    json_t *block;

    json_array_foreach(hottest, i, block) uops += json_array_size(json_object_get(block, "uops"));
    ck_assert_uint_eq(NUMBER(off, "translation", "uops"), uops);
    ck_assert_uint_gt(NUMBER(on, "translation", "code_bytes"),
                      NUMBER(off, "translation", "code_bytes"));
    ck_assert_ptr_null(json_object_get(off, "samples"));
    json_decref(off);
    json_decref(on);
}
END_TEST

/* --- what host instructions do with memory --- */

enum { LOADS = 1, STORES = 2 };
static const struct {
    const char *text;
    int use;
} uses[] = {
    {"mov    %eax,%ecx", 0},
    {"mov    0x8(%r12),%eax", LOADS},
    {"mov    %eax,0x8(%r12)", STORES},
    {"movl   $0x5,0x40(%r12)", STORES},
    {"movzbl (%rax,%r14,1),%ecx", LOADS},
    {"add    %eax,(%rax,%r14,1)", LOADS | STORES},
    {"incq   0x40001000", LOADS | STORES},
    {"cmpl   $0x0,0x4c(%r12)", LOADS},
    {"cmp    0x278(%r12,%rax,1),%ebx", LOADS},
    {"cmpxchg %ecx,(%rdx)", LOADS | STORES},
    {"imul   $0x3,0x8(%r12),%eax", LOADS},
    {"lea    0x8(%rax,%rcx,4),%eax", 0},
    {"nopw   0x0(%rax,%rax,1)", 0},
    {"sete   0x4(%r12)", STORES},
    {"test   %eax,%eax", 0},
    {"jne    0x45299408", 0},
    {"jmp    *0x10(%r12,%rax,1)", LOADS},
    {"call   0x4234e0", STORES},
    {"ret", LOADS},
    {"push   %rax", STORES},
    {"pop    %rcx", LOADS},
    {"popcnt %eax,%eax", 0},
    {"fldt   0x10(%r12)", LOADS},
    {"fstpl  (%rax,%r14,1)", STORES},
    {"fnstcw 0x10(%r12)", STORES},
    {"mull   0x8(%r12)", LOADS},
    {"notl   0x8(%r12)", LOADS | STORES},
    {"lock cmpxchg %ecx,(%rdx)", LOADS | STORES},
    {"mov    %fs:0x28,%rax", LOADS},
};

START_TEST(test_memory_use)
{
    struct memory_use use = host_memory_use(uses[_i].text);
    int found = (use.loads ? LOADS : 0) | (use.stores ? STORES : 0);

    ck_assert_msg(found == uses[_i].use, "%s: %d", uses[_i].text, found);
}
END_TEST

static Suite *count_suite(void)
{
    Suite *suite = suite_create("count");
    TCase *tcase = tcase_create("count");

    tcase_add_loop_test(tcase, test_counts, 0, sizeof jits / sizeof *jits);
    tcase_add_loop_test(tcase, test_quality, 0, sizeof jits / sizeof *jits);
    tcase_add_loop_test(tcase, test_comparisons_are_left, 0, sizeof jits / sizeof *jits);
    tcase_add_test(tcase, test_shifts_end_flags);
    tcase_add_test(tcase, test_ir_counts);
    tcase_add_test(tcase, test_mixed_by_runs);
    tcase_add_test(tcase, test_mixed_by_list);
    tcase_add_test(tcase, test_hottest);
    tcase_add_loop_test(tcase, test_off_costs_nothing, 0, sizeof jits / sizeof *jits);
    tcase_add_loop_test(tcase, test_memory_use, 0, sizeof uses / sizeof *uses);
    suite_add_tcase(suite, tcase);
    TCase *long_one = tcase_create("changing");
    tcase_set_timeout(long_one, 120);
    tcase_add_test(long_one, test_changing_code);
    tcase_add_test(long_one, test_profile_forgets);
    suite_add_tcase(suite, long_one);
    return suite;
}

TEST_MAIN(count_suite)
