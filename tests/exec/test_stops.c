/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A debugger's breakpoints, watchpoints and steps, in every engine. */
#include <stdlib.h>

#include "exec/exec_internal.h"
#include "exec/stops.h"
#include "tests/exec/machine.h"
#include "tests/suites.h"

enum { CODE = 0x1000, WORD = 0x3000, STACK = 0x8000, LOOP = CODE + 5, MOST = 64 };

/*
 *   1000 mov $3, %ecx
 *   1005 inc %eax; 1006 add %eax, 0x3000; 100c push %eax; 100d pop %edx; 100e dec %ecx; jnz 1005
 *   1011 hlt
 */
static const u8 code[] = {0xb9, 3, 0, 0,    0,    0x40, 0x01, 5,    0,
                          0x30, 0, 0, 0x50, 0x5a, 0x49, 0x75, 0xf4, 0xf4};

static const enum jit engines[] = {JIT_TEMPLATE, JIT_INTERP, JIT_IR, JIT_MIXED};
enum { ENGINES = sizeof engines / sizeof *engines };

static struct stop stops[MOST];
static u32 pcs[MOST];
static unsigned count, halts;

static struct cpu *cpu(void)
{
    return exec_cpu(machine.exec);
}

static void stopped(void *owner, const struct stop *stop)
{
    ck_assert_ptr_eq(owner, &count);
    ck_assert_uint_lt(count, MOST);
    pcs[count] = cpu()->core.pc;
    stops[count++] = *stop;
    exec_stop(machine.exec);
}

static void halted(void)
{
    halts++;
    exec_stop(machine.exec);
}

static void start(int engine)
{
    count = halts = 0;
    machine_create(engines[engine], halted);
    exec_on_stop(machine.exec, stopped, &count);
    machine_put(CODE, code, sizeof code);
    cpu()->core.pc = CODE;
    cpu()->regs[EAX] = 0;
    cpu()->regs[ESP] = STACK;
    exec_state_changed(machine.exec);
}

/* Until it halts; the number of stops. */
static unsigned run(void)
{
    unsigned before = count, was = halts;

    while (halts == was)
        exec_run(machine.exec);
    cpu()->core.halted = false;
    cpu()->core.pc = CODE;
    exec_state_changed(machine.exec);
    return count - before;
}

static void check_stop(unsigned i, enum stop_cause cause, u32 pc)
{
    ck_assert_int_eq(stops[i].cause, cause);
    ck_assert_uint_eq(pcs[i], pc);
}

/* At the start of a block, in its middle, and at the first instruction of all. */
START_TEST(breakpoints)
{
    static const u32 at[] = {LOOP, LOOP + 1, CODE + 0xd, CODE + 0xf};
    start(_i);
    for (unsigned i = 0; i < sizeof at / sizeof *at; i++) {
        ck_assert(exec_set_breakpoint(machine.exec, at[i], true));
        count = 0;
        ck_assert_uint_eq(run(), 3);
        for (unsigned lap = 0; lap < 3; lap++)
            check_stop(lap, STOP_BREAKPOINT, at[i]);
        ck_assert(exec_set_breakpoint(machine.exec, at[i], false));
        ck_assert_uint_eq(run(), 0);
    }
    ck_assert(exec_set_breakpoint(machine.exec, CODE, true));
    ck_assert_uint_eq(run(), 1);
    exec_forget_stops(machine.exec);
    ck_assert_uint_eq(run(), 0);
    machine_destroy();
}
END_TEST

/* Where the same blocks have long been chained, and are again. */
START_TEST(in_hot_code)
{
    start(_i);
    for (unsigned lap = 0; lap < 200; lap++)
        ck_assert_uint_eq(run(), 0);
    ck_assert(exec_set_breakpoint(machine.exec, CODE + 0xc, true));
    ck_assert(exec_set_breakpoint(machine.exec, CODE + 0xc, true));
    ck_assert_uint_eq(run(), 3);
    ck_assert(exec_set_breakpoint(machine.exec, CODE + 0xc, false));
    ck_assert(exec_set_breakpoint(machine.exec, CODE + 0xc, false));
    for (unsigned lap = 0; lap < 200; lap++)
        ck_assert_uint_eq(run(), 0);
    ck_assert_uint_eq(cpu()->regs[EAX], 3 * 401);
    machine_destroy();
}
END_TEST

/* Entries of blocks from the exec loop until it halts. */
static u64 entries(void)
{
    u64 before = machine.exec->stats.entries[0];

    ck_assert_uint_eq(run(), 0);
    return machine.exec->stats.entries[0] - before;
}

/* What has been translated. */
struct made {
    u64 blocks, code_bytes, uops;
};

static struct made made(void)
{
    const struct cache_stats *s = cache_stats(machine.exec->cache);

    return (struct made){s->blocks, s->code_bytes, s->uops};
}

static void check_made(struct made a, struct made b)
{
    ck_assert_uint_eq(a.blocks, b.blocks);
    ck_assert_uint_eq(a.uops, b.uops);
    ck_assert_uint_eq(a.code_bytes, b.code_bytes);
}

/* With breakpoints before and behind the code, or without: what that has made of it. */
static struct made run_beside_breakpoints(int engine, bool are_there)
{
    static const u32 laps = 100000;

    start(engine);
    machine_put(CODE + 1, &laps, sizeof laps);
    for (u32 at = CODE - 16; are_there && at < CODE + 64; at++)
        if (at < CODE || at >= CODE + sizeof code)
            ck_assert(exec_set_breakpoint(machine.exec, at, true));
    entries();
    entries(); /* chained */
    return made();
}

/*
 * Breakpoints beside code that runs cost it nothing: it is made as without them, and does not come
 * by the exec loop more often; and what runs already stays.
 */
START_TEST(not_hit)
{
    struct made plain = run_beside_breakpoints(_i, false), before, beside;
    u64 once = entries();

    ck_assert_uint_lt(once, 16);
    before = made();
    ck_assert(exec_set_breakpoint(machine.exec, CODE + sizeof code + 1, true));
    ck_assert_uint_eq(entries(), once);
    check_made(made(), before);
    machine_destroy();
    beside = run_beside_breakpoints(_i, true);
    check_made(beside, plain);
    ck_assert_uint_eq(entries(), once);
    machine_destroy();
}
END_TEST

START_TEST(steps)
{
    static const u32 way[] = {LOOP, LOOP + 1, CODE + 0xc, CODE + 0xd, CODE + 0xe, CODE + 0xf, LOOP};
    start(_i);
    ck_assert(exec_set_breakpoint(machine.exec, CODE + 0xd, true)); /* a step ends there likewise */
    for (unsigned i = 0; i < sizeof way / sizeof *way; i++) {
        ck_assert(exec_step(machine.exec));
        exec_run(machine.exec);
        ck_assert_uint_eq(count, i + 1);
        check_stop(i, STOP_STEP, way[i]);
    }
    ck_assert_uint_eq(run(), 2);
    machine_destroy();
}
END_TEST

static unsigned run_watching(u32 at, u32 size, enum watch_for on)
{
    unsigned met;

    count = 0;
    ck_assert(exec_set_watchpoint(machine.exec, (struct watchpoint){at, size, on}, true));
    met = run();
    ck_assert(exec_set_watchpoint(machine.exec, (struct watchpoint){at, size, on}, false));
    return met;
}

START_TEST(watchpoints)
{
    start(_i);
    run();
    ck_assert_uint_eq(run_watching(WORD + 2, 1, WATCH_WRITE), 3);
    check_stop(0, STOP_WATCHPOINT, CODE + 0xc);
    ck_assert_uint_eq(stops[0].address, WORD + 2);
    ck_assert_uint_eq(run_watching(WORD - 4, 5, WATCH_READ), 3);
    ck_assert_uint_eq(stops[0].address, WORD);
    ck_assert_uint_eq(run_watching(WORD + 4, 4, WATCH_ACCESS), 0);
    ck_assert_uint_eq(run_watching(STACK - 4, 4, WATCH_WRITE), 3);
    check_stop(0, STOP_WATCHPOINT, CODE + 0xd);
    ck_assert_uint_eq(run_watching(STACK - 4, 4, WATCH_ACCESS), 6);
    check_stop(1, STOP_WATCHPOINT, CODE + 0xe);
    ck_assert_uint_eq(run_watching(0, UINT32_MAX, WATCH_READ), 6);
    ck_assert_uint_eq(run(), 0);
    ck_assert(!exec_set_watchpoint(machine.exec, (struct watchpoint){5, 0, WATCH_READ}, true));
    ck_assert(!exec_set_watchpoint(machine.exec, (struct watchpoint){-4u, 5, WATCH_READ}, true));
    machine_destroy();
}
END_TEST

/* Both at one instruction: before it, then behind it; a step that meets one says so. */
START_TEST(both)
{
    start(_i);
    ck_assert(exec_set_breakpoint(machine.exec, LOOP + 1, true));
    ck_assert(exec_set_watchpoint(machine.exec, (struct watchpoint){WORD, 4, WATCH_WRITE}, true));
    ck_assert_uint_eq(run(), 6);
    check_stop(0, STOP_BREAKPOINT, LOOP + 1);
    check_stop(1, STOP_WATCHPOINT, CODE + 0xc);
    exec_run(machine.exec);
    exec_step(machine.exec);
    exec_run(machine.exec);
    check_stop(count - 1, STOP_WATCHPOINT, CODE + 0xc);
    machine_destroy();
}
END_TEST

/* What has not been seen yet is not passed over, wherever the machine was left. */
START_TEST(left_in_front_of_one)
{
    start(_i);
    ck_assert(exec_set_breakpoint(machine.exec, CODE, true));
    exec_stop(machine.exec);
    exec_run(machine.exec);
    ck_assert_uint_eq(count, 0);
    ck_assert_uint_eq(run(), 1);
    machine_destroy();
}
END_TEST

START_TEST(not_in_lockstep)
{
    machine_create(JIT_LOCKSTEP, halted);
    ck_assert(!exec_set_breakpoint(machine.exec, CODE, true));
    ck_assert(!exec_set_watchpoint(machine.exec, (struct watchpoint){0, 1, WATCH_READ}, true));
    ck_assert(!exec_step(machine.exec));
    machine_destroy();
}
END_TEST

static Suite *stops_suite(void)
{
    Suite *suite = suite_create("stops");
    TCase *c = tcase_create("stops");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, breakpoints, 0, ENGINES);
    tcase_add_loop_test(c, in_hot_code, 0, ENGINES);
    tcase_add_loop_test(c, not_hit, 0, ENGINES);
    tcase_add_loop_test(c, steps, 0, ENGINES);
    tcase_add_loop_test(c, watchpoints, 0, ENGINES);
    tcase_add_loop_test(c, both, 0, ENGINES);
    tcase_add_loop_test(c, left_in_front_of_one, 0, ENGINES);
    tcase_add_test(c, not_in_lockstep);
    suite_add_tcase(suite, c);
    return suite;
}

TEST_MAIN(stops_suite)
