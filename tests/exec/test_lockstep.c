/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * -jit lockstep, on an interpreter that is right and on one that was made to be wrong: the
 * program is linked with --wrap=interp_engine.
 */
#include "tests/exec/machine.h"
#include "translate/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CODE = 0x400000, DATA = 0x500000 };

/* The micro-op of which the interpreter gets a parameter wrong. */
static enum uop_code wrong_op = UOP_CODES;
static unsigned wrong_param;

const struct engine *__real_interp_engine(void);
const struct engine *__wrap_interp_engine(void);

static enum dyngen_status emit_wrongly(unsigned index, struct dyngen_emit *out)
{
    if (wrong_op < UOP_CODES) {
        const struct uop_info *info = &uop_info[wrong_op];
        unsigned variants = info->shape == SHAPE_N ? 1 : LOCATIONS;
        if (index >= info->first && index < info->first + variants)
            out->param[wrong_param]++;
    }
    return __real_interp_engine()->emit(index, out);
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
 * mov ecx, 5000; dec ecx; jnz to itself; xor eax, 5; mov dword [500000h], 7; mov dword [500004h],
 * 7; jmp +0; dec eax; jnz to itself; hlt
 */
static const u8 program[] = {0xb9, 0x88, 0x13, 0x00, 0x00, 0x49, 0x75, 0xfd, 0x83, 0xf0,
                             0x05, 0xc7, 0x05, 0x00, 0x00, 0x50, 0x00, 0x07, 0x00, 0x00,
                             0x00, 0xc7, 0x05, 0x04, 0x00, 0x50, 0x00, 0x07, 0x00, 0x00,
                             0x00, 0xeb, 0x00, 0x48, 0x75, 0xfd, 0xf4};
enum { SUM_BLOCK = 5000 };

static void run_program(void)
{
    u32 stored;

    machine_create(JIT_LOCKSTEP, stop_there);
    machine_put(CODE, program, sizeof program);
    exec_cpu(machine.exec)->eip = CODE;
    exec_cpu(machine.exec)->regs[EAX] = 100;
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

/* --- differences: each ends the program with status 1 --- */

static char *report;
static size_t report_size;

/* When the program ends: the report names the block, and has it listed. */
static void check_report(void)
{
    char words[64];

    fflush(log_file);
    snprintf(words, sizeof words, "differ after %d blocks", SUM_BLOCK);
    if (!strstr(report, words) || !strstr(report, "template:\nEAX=00000061") ||
        !strstr(report, "block 00400008:") || !strstr(report, "EIP=00400008")) {
        fprintf(stderr, "%s", report);
        _exit(2);
    }
}

static void expect_difference(enum uop_code op, unsigned param)
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

int main(void)
{
    Suite *s = suite_create("lockstep");
    TCase *t = tcase_create("lockstep");
    SRunner *runner = srunner_create(s);
    int failed;

    suite_add_tcase(s, t);
    tcase_add_test(t, engines_that_agree);
    tcase_add_exit_test(t, another_sum_is_noticed, 1);
    tcase_add_exit_test(t, another_store_is_noticed, 1);
    tcase_add_exit_test(t, another_slow_store_is_noticed, 1);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
