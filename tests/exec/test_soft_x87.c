/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The x87 in C (ops/i386/soft) against the host CPU, whatever the build. */
#include "ops/i386/soft/x87.h"
#include "tests/exec/soft.h"
#include "tests/exec/x87_state.h"

#include <string.h>

enum { ROUNDS = 400 };

static u32 flags_of(u32 lahf)
{
    return lahf >> 8 & (FLAG_ZF | FLAG_PF | FLAG_CF);
}

/* FLDCW, FNSTCW and FNSTSW are not of its. */
static bool is_control_memory(u32 insn)
{
    unsigned escape = x87_escape(insn), reg = x87_reg(insn);
    return x87_is_memory(insn) && ((escape == 1 && reg > 3) || (escape == 5 && reg == 7));
}

static bool is_fnstsw_ax(u32 insn)
{
    return insn == x87_insn(0xdf, 0xe0);
}

static void run_soft(u32 insn, struct x87_state *s)
{
    soft_x87_restore(s->image);
    if (x87_is_memory(insn)) {
        helper_soft_x87_memory(insn, s->operand);
    } else {
        bool condition = x87_is_move(insn) && x87_move_condition(insn, s->flags);
        u32 flags = helper_soft_x87_registers(insn, condition);
        if (x87_is_compare(insn))
            s->flags = flags_of(flags);
    }
    soft_x87_save(s->image);
}

static void compare(u32 insn, u16 masks)
{
    struct x87_state start = x87_random_state(masks), soft = start;

    run_soft(insn, &soft);
    memset(soft.image + POINTERS, 0, REGISTERS - POINTERS);
    x87_ulps = 4;
    x87_check(insn, &start, &soft);
}

static void compare_row(unsigned row, bool masked)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        u32 insn = x87_rows[row].insn + x87_random() % x87_rows[row].encodings;
        if (!is_control_memory(insn) && !is_fnstsw_ax(insn))
            compare(insn, masked ? X87_EXCEPTIONS : x87_random() & X87_EXCEPTIONS);
    }
}

START_TEST(test_masked)
{
    compare_row((unsigned)_i, true);
}
END_TEST

START_TEST(test_unmasked)
{
    compare_row((unsigned)_i, false);
}
END_TEST

Suite *soft_x87_suite(void)
{
    Suite *s = suite_create("x87 in C");
    TCase *against_host = tcase_create("against the host");

    tcase_set_timeout(against_host, 300);
    tcase_add_loop_test(against_host, test_masked, 0, (int)x87_row_count);
    tcase_add_loop_test(against_host, test_unmasked, 0, (int)x87_row_count);
    suite_add_tcase(s, against_host);
    return s;
}
