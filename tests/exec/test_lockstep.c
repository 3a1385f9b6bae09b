/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * -jit lockstep, on an interpreter that is right and on one that was made to be wrong: the
 * program is linked with --wrap=interp_engine.
 */
#include "ops/i386/table.h"
#include "tests/exec/machine.h"
#include "tests/suites.h"
#include "translate/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CODE = 0x400000, DATA = 0x500000, STACK = 0x600000, WINDOW = 0xc0000 };
static const u32 DEVICE = 0xe0000000;

/* The micro-op of which the interpreter gets a parameter wrong. */
static u16 wrong_op = UOP_CODES;
static unsigned wrong_param;

const struct engine *__real_interp_engine(void);
const struct engine *__wrap_interp_engine(void);

static enum dyngen_status emit_wrongly(const struct uop_table *t, unsigned index,
                                       struct dyngen_emit *out)
{
    if (wrong_op < UOP_CODES) {
        const struct uop_info *info = &t->rows[wrong_op];
        unsigned variants = info->shape == SHAPE_N ? 1 : LOCATIONS;
        if (index >= info->first && index < info->first + variants)
            out->param[wrong_param]++;
    }
    return __real_interp_engine()->emit(t, index, out);
}

const struct engine *__wrap_interp_engine(void)
{
    static struct engine engine;

    engine = *__real_interp_engine();
    engine.emit = emit_wrongly;
    return &engine;
}

static void stop_there(void)
{
    exec_stop(machine.exec);
}

/*
 * mov ecx, 39993; dec ecx; jnz to itself, so often in a block; xor eax, 5; mov dword [500000h], 7;
 * mov dword [500004h], 7; jmp +0; dec eax; jnz to itself; hlt
 */
static const u8 program[] = {0xb9, 0x39, 0x9c, 0x00, 0x00, 0x49, 0x75, 0xfd, 0x83, 0xf0,
                             0x05, 0xc7, 0x05, 0x00, 0x00, 0x50, 0x00, 0x07, 0x00, 0x00,
                             0x00, 0xc7, 0x05, 0x04, 0x00, 0x50, 0x00, 0x07, 0x00, 0x00,
                             0x00, 0xeb, 0x00, 0x48, 0x75, 0xfd, 0xf4};
enum { SUM_BLOCK = 5000 };
_Static_assert(1 + (39993 - 1) / LOOP_COPIES == SUM_BLOCK, "blocks before the sum");

static void run_program(void)
{
    u32 stored;

    machine_create(JIT_LOCKSTEP, stop_there);
    machine_put(CODE, program, sizeof program);
    exec_cpu(machine.exec)->core.pc = CODE;
    /* The loop behind the sum is of one block more if the sum is wrong. */
    exec_cpu(machine.exec)->regs[EAX] = 101;
    exec_run(machine.exec);
    machine_get(&stored, DATA, 4);
    ck_assert_uint_eq(stored, 7);
    ck_assert_uint_eq(exec_cpu(machine.exec)->regs[EAX], 0);
    machine_destroy();
}

START_TEST(engines_that_agree)
{
    run_program();
}
END_TEST

/* --- what devices do beside answering --- */

static struct memory_region *shown;

/* Bit 0 of what is written shows a region above another, bit 1 makes it writable. */
static void show(u32 value)
{
    memory_protect(machine.memory, shown, value & 2);
    memory_place(machine.memory, shown, WINDOW, value & 1);
}

static void start_program(const u8 *code, size_t size)
{
    machine_create(JIT_LOCKSTEP, stop_there);
    machine_put(CODE, code, size);
    exec_cpu(machine.exec)->core.pc = CODE;
}

/*
 *      mov $3, %al
 *  1:  mov WINDOW, %ah
 *      call WINDOW + 1
 *      out %ax, $0x80
 *      add %bh, %ah; mov %ah, DATA; inc %ah; mov %ah, WINDOW
 *      dec %al
 *      jns 1b
 *      hlt
 */
static const u8 windows[] = {
    0xb0, 0x03, 0x8a, 0x25, 0x00, 0x00, 0x0c, 0x00, 0xe8, 0xf4, 0xff, 0xcb, 0xff,
    0x66, 0xe7, 0x80, 0x00, 0xfc, 0x88, 0x25, 0x00, 0x00, 0x50, 0x00, 0xfe, 0xc4,
    0x88, 0x25, 0x00, 0x00, 0x0c, 0x00, 0xfe, 0xc8, 0x79, 0xde, 0xf4,
};

/* Data and code in a window where one region or another is, which may be written or not. */
START_TEST(the_map_is_taken_back)
{
    static const u8 add_1[] = {10, 0x80, 0xc7, 1, 0xc3}, add_2[] = {20, 0x80, 0xc7, 2, 0xc3};
    u8 stored;

    start_program(windows, sizeof windows);
    machine.port_write = show;
    memory_map_ram(machine.memory, WINDOW, PAGE_SIZE);
    machine_put(WINDOW, add_1, sizeof add_1);
    shown = memory_map_ram(machine.memory, WINDOW, PAGE_SIZE);
    machine_put(WINDOW, add_2, sizeof add_2);
    show(0);
    exec_cpu(machine.exec)->regs[EBX] = 0;
    exec_cpu(machine.exec)->regs[ESP] = STACK;
    exec_run(machine.exec);
    /* %ah is 10, 12, 16, 12 before OUT; to %bh is added 1, 2, 1, 2. */
    machine_get(&stored, DATA, 1);
    ck_assert_uint_eq(stored, 12 + 6);
    machine_destroy();
}
END_TEST

static u32 read_nothing(void *device, u32 offset, unsigned size)
{
    (void)device, (void)offset, (void)size;
    return 0;
}

static void write_a20(void *device, u32 offset, u32 value, unsigned size)
{
    (void)device, (void)size;
    if (offset == 0)
        exec_a20_line(machine.exec, value & 1);
}

/* mov %al, DEVICE; mov DATA, %bl; mov %bl, DEVICE + 4; hlt: the block sees what it does to A20. */
static const u8 gate[] = {0xa2, 0x00, 0x00, 0x00, 0xe0, 0x8a, 0x1d, 0x00, 0x00,
                          0x50, 0x00, 0x88, 0x1d, 0x04, 0x00, 0x00, 0xe0, 0xf4};

START_TEST(a20_goes_off_for_both)
{
    start_program(gate, sizeof gate);
    memory_map_io(machine.memory, DEVICE, PAGE_SIZE, read_nothing, write_a20, NULL);
    machine_put(DATA, (const u8[]){1}, 1);
    machine_put(DATA - (1 << 20), gate, sizeof gate);
    exec_cpu(machine.exec)->regs[EAX] = 0;
    exec_run(machine.exec);
    ck_assert_uint_eq(exec_cpu(machine.exec)->regs[EBX] & 0xff, gate[0]);
    machine_destroy();
}
END_TEST

/*
 * The state from which the next stretch begins is the one that the first engine left: how it left
 * its last block is not part of that, for the second one may have had that block's place since.
 */
static unsigned services;

static void look_for_exit(void)
{
    ck_assert_ptr_null(exec_cpu(machine.exec)->core.exit);
    services++;
    exec_request(machine.exec); /* again behind the next block */
}

START_TEST(no_stretch_begins_at_an_exit)
{
    start_program(program, sizeof program);
    machine.serviced = look_for_exit;
    services = 0;
    exec_request(machine.exec);
    exec_run(machine.exec);
    machine.serviced = NULL;
    ck_assert_uint_gt(services, SUM_BLOCK);
    machine_destroy();
}
END_TEST

/* --- differences: each ends the program with status 1 --- */

static char *report;
static size_t report_size;

/* When the program ends: the report names the block, and has it listed. */
static void check_report(void)
{
    char words[64];

    fflush(log_file);
    snprintf(words, sizeof words, "differ after %d blocks", SUM_BLOCK);
    if (!strstr(report, words) || !strstr(report, "template:\nEAX=00000060") ||
        !strstr(report, "block 00400008:") || !strstr(report, "EIP=00400008")) {
        fprintf(stderr, "%s", report);
        _exit(2);
    }
}

static void expect_difference(u16 op, unsigned param)
{
    log_file = open_memstream(&report, &report_size);
    atexit(check_report);
    wrong_op = op;
    wrong_param = param;
    run_program();
}

START_TEST(another_sum_is_noticed)
{
    expect_difference(UOP_xori, 0);
}
END_TEST

START_TEST(another_store_is_noticed)
{
    expect_difference(UOP_st32i, 3);
}
END_TEST

START_TEST(another_slow_store_is_noticed)
{
    expect_difference(UOP_slow_memi, 2);
}
END_TEST

/* --- counted instructions --- */

static void run_counted(void)
{
    struct exec_options options = {.jit = JIT_LOCKSTEP, .cache_size = 16 << 20, .icount = true};

    machine_create_with(&options, stop_there);
    machine_put(CODE, program, sizeof program);
    exec_cpu(machine.exec)->core.pc = CODE;
    exec_cpu(machine.exec)->regs[EAX] = 101;
    exec_run(machine.exec);
    /* The first loop's two an iteration, the second's, and what is before, between and behind. */
    ck_assert_uint_eq(exec_instructions(machine.exec), 1 + 2 * 39993 + 4 + 2 * 96 + 1);
    machine_destroy();
}

START_TEST(engines_that_count_alike)
{
    run_counted();
}
END_TEST

static void check_count_report(void)
{
    char words[64];

    fflush(log_file);
    snprintf(words, sizeof words, "first difference %zu bytes into",
             offsetof(struct cpu, core.budget));
    if (!strstr(report, "differ after 0 blocks") || !strstr(report, words)) {
        fprintf(stderr, "%s", report);
        _exit(2);
    }
}

/* Nothing but the count is another: no register, no memory. */
START_TEST(another_count_is_noticed)
{
    log_file = open_memstream(&report, &report_size);
    atexit(check_count_report);
    wrong_op = UOP_spend;
    wrong_param = 0;
    run_counted();
}
END_TEST

static Suite *lockstep_suite(void)
{
    Suite *s = suite_create("lockstep");
    TCase *t = tcase_create("lockstep");

    suite_add_tcase(s, t);
    tcase_add_test(t, engines_that_agree);
    tcase_add_test(t, the_map_is_taken_back);
    tcase_add_test(t, a20_goes_off_for_both);
    tcase_add_test(t, no_stretch_begins_at_an_exit);
    tcase_add_test(t, engines_that_count_alike);
    tcase_add_exit_test(t, another_sum_is_noticed, 1);
    tcase_add_exit_test(t, another_store_is_noticed, 1);
    tcase_add_exit_test(t, another_slow_store_is_noticed, 1);
    tcase_add_exit_test(t, another_count_is_noticed, 1);
    return s;
}

TEST_MAIN(lockstep_suite)
