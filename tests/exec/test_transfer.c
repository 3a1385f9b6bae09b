/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segment loads and far transfers, against hand-built tables. */
#include "tests/exec/protected.h"

/* --- segment registers --- */

START_TEST(test_load_data)
{
    ck_assert_int_eq(load_seg(DS, USER_DATA | 3), NOT_RAISED);
    ck_assert_uint_eq(cpu()->seg[DS].selector, USER_DATA | 3);
    ck_assert_uint_eq(peek(GDT + USER_DATA + 5, 1), 0xf3); /* accessed */
    ck_assert(cpu_mode(cpu()) & MODE_FLAT_DS);
    ck_assert_int_eq(load_seg(ES, 0), NOT_RAISED);
    ck_assert_uint_gt(cpu()->seg[ES].read_lo, cpu()->seg[ES].read_hi);
    ck_assert(!(cpu_mode(cpu()) & MODE_FLAT_ES));
    ck_assert_int_eq(load_seg(FS, READ_ONLY), NOT_RAISED);
    ck_assert_uint_eq(cpu()->seg[FS].read_hi, ~0u);
    ck_assert_uint_gt(cpu()->seg[FS].write_lo, cpu()->seg[FS].write_hi);
    ck_assert(!(cpu_mode(cpu()) & MODE_FLAT_FS));
    ck_assert_int_eq(load_seg(GS, EXPAND_DOWN), NOT_RAISED);
    ck_assert_uint_eq(cpu()->seg[GS].write_lo, 0x2000);
    ck_assert_uint_eq(cpu()->seg[GS].write_hi, ~0u);
    ck_assert_int_eq(load_seg(GS, KERNEL_CODE), NOT_RAISED);
    ck_assert(!cpu()->shadow);
}
END_TEST

START_TEST(test_load_data_faults)
{
    struct snapshot before = snapshot();

    check_fault(load_seg(DS, GDT_END), EXC_GP, GDT_END);
    check_fault(load_seg(DS, SELECTOR_LDT), EXC_GP, SELECTOR_LDT); /* no LDT */
    check_fault(load_seg(DS, TSS_SELECTOR), EXC_GP, TSS_SELECTOR);
    check_fault(load_seg(DS, EXECUTE_ONLY), EXC_GP, EXECUTE_ONLY);
    check_fault(load_seg(DS, ABSENT_DATA | 3), EXC_NP, ABSENT_DATA);
    check_fault(load_seg(DS, KERNEL_DATA | 3), EXC_GP, KERNEL_DATA); /* RPL */
    check_fault(load_seg(CS, KERNEL_CODE), EXC_UD, ~0u);
    check_unchanged(&before);
    go_user();
    before = snapshot();
    check_fault(load_seg(DS, KERNEL_DATA), EXC_GP, KERNEL_DATA); /* CPL */
    check_unchanged(&before);
    ck_assert_int_eq(load_seg(DS, CONFORMING), NOT_RAISED);
}
END_TEST

START_TEST(test_load_stack)
{
    struct snapshot before = snapshot();

    check_fault(load_seg(SS, 0), EXC_GP, 0);
    check_fault(load_seg(SS, USER_DATA), EXC_GP, USER_DATA);
    check_fault(load_seg(SS, KERNEL_DATA | 1), EXC_GP, KERNEL_DATA);
    check_fault(load_seg(SS, READ_ONLY), EXC_GP, READ_ONLY);
    check_fault(load_seg(SS, KERNEL_CODE), EXC_GP, KERNEL_CODE);
    set_descriptor(ABSENT_DATA, 0, ~0u, ATTR_DATA & ~SEG_PRESENT);
    check_fault(load_seg(SS, ABSENT_DATA), EXC_SS, ABSENT_DATA);
    check_unchanged(&before);
    ck_assert(!cpu()->shadow);
    ck_assert_int_eq(load_seg(SS, STACK_16), NOT_RAISED);
    ck_assert(cpu()->shadow);
    ck_assert(!(cpu_mode(cpu()) & (MODE_SS32 | MODE_FLAT_SS)));
}
END_TEST

START_TEST(test_load_ldt)
{
    set_descriptor(SELECTOR_LDT | 8, 0x700, 0xff, ATTR_DATA & ~SEG_G);
    cpu()->regs[T0] = LDT_SELECTOR;
    ck_assert_int_eq(bare_try(helper_lldt, 0, 0), NOT_RAISED);
    ck_assert_int_eq(load_seg(DS, SELECTOR_LDT | 8), NOT_RAISED);
    ck_assert_uint_eq(cpu()->seg[DS].base, 0x700);
    ck_assert_uint_eq(cpu()->seg[DS].read_hi, 0xff);
    check_fault(load_seg(DS, SELECTOR_LDT | 0x18), EXC_GP, SELECTOR_LDT | 0x18);
    cpu()->regs[T0] = KERNEL_DATA;
    check_fault(bare_try(helper_lldt, 0, 0), EXC_GP, KERNEL_DATA);
    cpu()->regs[T0] = TSS_SELECTOR; /* busy */
    check_fault(bare_try(helper_ltr, 0, 0), EXC_GP, TSS_SELECTOR);
}
END_TEST

/* Limits of 4 GiB outlive the way back to real-address mode. */
START_TEST(test_unreal)
{
    cpu()->cr0 &= ~(u32)CR0_PE;
    ck_assert_int_eq(load_seg(DS, 0x1234), NOT_RAISED);
    ck_assert_uint_eq(cpu()->seg[DS].base, 0x12340);
    ck_assert_uint_eq(cpu()->seg[DS].write_hi, ~0u);
    cpu()->regs[T0] = 0x5678;
    cpu()->regs[T1] = 0xf000;
    ck_assert_int_eq(bare_try(helper_jmp_far, 2, 0), NOT_RAISED);
    check_at(0xf000, 0x5678);
    ck_assert_uint_eq(cpu()->seg[CS].base, 0xf0000);
    ck_assert(cpu()->seg[CS].write_lo <= cpu()->seg[CS].write_hi);
    ck_assert(!(cpu_mode(cpu()) & (MODE_CS32 | MODE_PE)));
}
END_TEST

static u32 linear;

static void ask_linear(struct cpu *c, u32 seg, u32 offset)
{
    linear = segment_linear(c, (enum segment_register)seg, offset, 4, true);
}

START_TEST(test_segment_linear)
{
    set_descriptor(KERNEL_DATA, 0x100, 0xff, ATTR_DATA & ~SEG_G);
    ck_assert_int_eq(load_seg(DS, KERNEL_DATA), NOT_RAISED);
    ck_assert_int_eq(load_seg(SS, KERNEL_DATA), NOT_RAISED);
    ck_assert_int_eq(load_seg(ES, READ_ONLY), NOT_RAISED);
    ck_assert_int_eq(load_seg(FS, 0), NOT_RAISED);
    ck_assert_int_eq(bare_try(ask_linear, DS, 0xfc), NOT_RAISED);
    ck_assert_uint_eq(linear, 0x1fc);
    check_fault(bare_try(ask_linear, DS, 0xfd), EXC_GP, 0);
    check_fault(bare_try(ask_linear, DS, ~0u), EXC_GP, 0);
    check_fault(bare_try(ask_linear, SS, 0xfd), EXC_SS, 0);
    check_fault(bare_try(ask_linear, ES, 0), EXC_GP, 0);
    check_fault(bare_try(ask_linear, FS, 0), EXC_GP, 0);
}
END_TEST

/* --- protected mode, one level --- */

START_TEST(test_direct)
{
    ck_assert_int_eq(transfer(helper_jmp_far, CODE_16, 0x123), NOT_RAISED);
    check_at(CODE_16, 0x123);
    ck_assert(!(cpu_mode(cpu()) & (MODE_CS32 | MODE_FLAT_CS)));
    ck_assert_int_eq(transfer(helper_call_far, KERNEL_CODE, 0x456), NOT_RAISED);
    check_at(KERNEL_CODE, 0x456);
    ck_assert_uint_eq(stacked(0), 0x4007);
    ck_assert_uint_eq(stacked(1), CODE_16);
    ck_assert_int_eq(bare_try(helper_ret_far, 4, 8), NOT_RAISED);
    check_at(CODE_16, 0x4007);
    ck_assert_uint_eq(cpu()->regs[ESP], KERNEL_STACK + 8);
}
END_TEST

START_TEST(test_conforming)
{
    go_user();
    ck_assert_int_eq(transfer(helper_jmp_far, CONFORMING, 0x10), NOT_RAISED);
    check_at(CONFORMING | 3, 0x10);
    ck_assert_uint_eq(cpu()->cpl, 3);
}
END_TEST

static const struct {
    u16 selector;
    u32 offset;
    int vector;
    u32 error;
} bad_targets[] = {
    {0, 0, EXC_GP, 0},
    {3, 0, EXC_GP, 0},
    {GDT_END, 0, EXC_GP, GDT_END},
    {USER_CODE, 0, EXC_GP, USER_CODE},
    {USER_CODE | 3, 0, EXC_GP, USER_CODE},
    {KERNEL_CODE | 3, 0, EXC_GP, KERNEL_CODE},
    {KERNEL_DATA, 0, EXC_GP, KERNEL_DATA},
    {ABSENT_CODE, 0, EXC_NP, ABSENT_CODE},
    {SMALL_CODE, 0x1000, EXC_GP, 0},
    {LDT_SELECTOR, 0, EXC_GP, LDT_SELECTOR},
    {TSS_SELECTOR, 0, EXC_GP, TSS_SELECTOR},         /* busy */
    {TSS_B_SELECTOR | 3, 0, EXC_GP, TSS_B_SELECTOR}, /* RPL */
};

START_TEST(test_bad_target)
{
    struct snapshot before = snapshot();

    check_fault(transfer(helper_jmp_far, bad_targets[_i].selector, bad_targets[_i].offset),
                bad_targets[_i].vector, bad_targets[_i].error);
    check_unchanged(&before);
    check_fault(transfer(helper_call_far, bad_targets[_i].selector, bad_targets[_i].offset),
                bad_targets[_i].vector, bad_targets[_i].error);
    check_unchanged(&before);
}
END_TEST

/* --- call gates --- */

START_TEST(test_call_gate_inner)
{
    go_user();
    poke(USER_STACK, 0x11111111, 4);
    poke(USER_STACK + 4, 0x22222222, 4);
    ck_assert_int_eq(transfer(helper_call_far, GATE_32 | 3, 0x99), NOT_RAISED);
    check_at(KERNEL_CODE, 0x12345);
    ck_assert_uint_eq(cpu()->cpl, 0);
    ck_assert_uint_eq(cpu()->seg[SS].selector, KERNEL_DATA);
    ck_assert_uint_eq(cpu()->regs[ESP], INNER_STACK - 24);
    ck_assert_uint_eq(stacked(0), 0x4007);
    ck_assert_uint_eq(stacked(1), USER_CODE | 3);
    ck_assert_uint_eq(stacked(2), 0x11111111);
    ck_assert_uint_eq(stacked(3), 0x22222222);
    ck_assert_uint_eq(stacked(4), USER_STACK);
    ck_assert_uint_eq(stacked(5), USER_DATA | 3);
    ck_assert(!(cpu_mode(cpu()) & MODE_USER));
    /* RET 8 drops the parameters from both stacks, and the kernel's data segment. */
    ck_assert_int_eq(load_seg(FS, KERNEL_DATA), NOT_RAISED);
    ck_assert_int_eq(bare_try(helper_ret_far, 4, 8), NOT_RAISED);
    check_at(USER_CODE | 3, 0x4007);
    ck_assert_uint_eq(cpu()->regs[ESP], USER_STACK + 8);
    ck_assert_uint_eq(cpu()->seg[SS].selector, USER_DATA | 3);
    ck_assert_uint_eq(cpu()->seg[FS].selector, 0);
    ck_assert_uint_gt(cpu()->seg[FS].read_lo, cpu()->seg[FS].read_hi);
    ck_assert_uint_eq(cpu()->seg[DS].selector, USER_DATA | 3);
    ck_assert_uint_eq(cpu()->cpl, 3);
}
END_TEST

START_TEST(test_call_gate_16)
{
    go_user();
    poke(USER_STACK, 0xabcd, 2);
    ck_assert_int_eq(transfer(helper_call_far, GATE_16 | 3, 0), NOT_RAISED);
    check_at(KERNEL_CODE, 0x2345);
    ck_assert_uint_eq(cpu()->regs[ESP], INNER_STACK - 10);
    ck_assert_uint_eq(peek(INNER_STACK - 10, 2), 0x4007);
    ck_assert_uint_eq(peek(INNER_STACK - 8, 2), USER_CODE | 3);
    ck_assert_uint_eq(peek(INNER_STACK - 6, 2), 0xabcd);
    ck_assert_uint_eq(peek(INNER_STACK - 4, 2), USER_STACK);
    ck_assert_uint_eq(peek(INNER_STACK - 2, 2), USER_DATA | 3);
}
END_TEST

START_TEST(test_call_gate_same)
{
    ck_assert_int_eq(transfer(helper_call_far, GATE_32, 0), NOT_RAISED);
    check_at(KERNEL_CODE, 0x12345);
    ck_assert_uint_eq(cpu()->regs[ESP], KERNEL_STACK - 8);
    ck_assert_int_eq(transfer(helper_jmp_far, GATE_32, 0), NOT_RAISED);
    check_at(KERNEL_CODE, 0x12345);
    ck_assert_uint_eq(cpu()->regs[ESP], KERNEL_STACK - 8);
}
END_TEST

START_TEST(test_call_gate_faults)
{
    struct snapshot before;

    go_user();
    before = snapshot();
    check_fault(transfer(helper_jmp_far, GATE_32 | 3, 0), EXC_GP, KERNEL_CODE); /* inwards */
    poke(TSS + 8, 0, 4);
    check_fault(transfer(helper_call_far, GATE_32 | 3, 0), EXC_TS, 0);
    poke(TSS + 8, USER_DATA | 3, 4);
    check_fault(transfer(helper_call_far, GATE_32 | 3, 0), EXC_TS, USER_DATA);
    poke(TSS + 8, READ_ONLY, 4);
    check_fault(transfer(helper_call_far, GATE_32 | 3, 0), EXC_TS, READ_ONLY);
    set_descriptor(ABSENT_DATA, 0, ~0u, ATTR_DATA & ~SEG_PRESENT);
    poke(TSS + 8, ABSENT_DATA, 4);
    check_fault(transfer(helper_call_far, GATE_32 | 3, 0), EXC_SS, ABSENT_DATA);
    poke(TSS + 8, EXPAND_DOWN, 4);
    poke(TSS + 4, 0x2010, 4); /* 16 bytes of room, 24 needed */
    check_fault(transfer(helper_call_far, GATE_32 | 3, 0), EXC_SS, EXPAND_DOWN);
    poke(TSS + 4, 0x2014, 4);
    set_call_gate(GATE_32, TYPE_CALL_GATE32, SMALL_CODE, 0x1000, 2);
    check_fault(transfer(helper_call_far, GATE_32 | 3, 0), EXC_SS, EXPAND_DOWN);
    poke(TSS + 4, 0x2018, 4);
    check_fault(transfer(helper_call_far, GATE_32 | 3, 0), EXC_GP, 0);
    set_call_gate(GATE_32, TYPE_CALL_GATE32, 0, 0x1000, 2);
    check_fault(transfer(helper_call_far, GATE_32 | 3, 0), EXC_GP, 0);
    set_call_gate(GATE_32, TYPE_CALL_GATE32, ABSENT_CODE, 0x1000, 2);
    check_fault(transfer(helper_call_far, GATE_32 | 3, 0), EXC_NP, ABSENT_CODE);
    set_call_gate(GATE_32, TYPE_CALL_GATE32, KERNEL_DATA, 0x1000, 2);
    check_fault(transfer(helper_call_far, GATE_32 | 3, 0), EXC_GP, KERNEL_DATA);
    cpu()->tr.limit = 8;
    set_call_gate(GATE_32, TYPE_CALL_GATE32, KERNEL_CODE, 0x1000, 2);
    check_fault(transfer(helper_call_far, GATE_32 | 3, 0), EXC_TS, TSS_SELECTOR);
    check_unchanged(&before);
}
END_TEST

START_TEST(test_smallest_tss)
{
    go_user();
    cpu()->tr.limit = 9; /* the stack of level 0, and no more */
    ck_assert_int_eq(transfer(helper_call_far, GATE_32 | 3, 0), NOT_RAISED);
    check_at(KERNEL_CODE, 0x12345);
}
END_TEST

START_TEST(test_partial_descriptor)
{
    cpu()->gdt.limit = CONFORMING + 6;
    check_fault(transfer(helper_jmp_far, CONFORMING, 0), EXC_GP, CONFORMING);
    cpu()->gdt.limit = CONFORMING + 7;
    ck_assert_int_eq(transfer(helper_jmp_far, CONFORMING, 0), NOT_RAISED);
}
END_TEST

/* The inner stack's page is absent: #PF as the supervisor's write, and nothing has changed. */
START_TEST(test_call_gate_page_fault)
{
    struct snapshot before;

    go_user();
    page_with_hole(INNER_STACK - 1);
    before = snapshot();
    check_fault(transfer(helper_call_far, GATE_32 | 3, 0), EXC_PF, 2);
    ck_assert_uint_eq(cpu()->cr2, INNER_STACK - 4);
    check_unchanged(&before);
}
END_TEST

START_TEST(test_ret_faults)
{
    struct snapshot before;
    static const struct {
        u16 code, stack;
        int vector;
        u32 error;
    } bad[] = {
        {0, 0, EXC_GP, 0},
        {KERNEL_DATA, 0, EXC_GP, KERNEL_DATA},
        {USER_CODE, 0, EXC_GP, USER_CODE}, /* DPL is not RPL */
        {ABSENT_CODE, 0, EXC_NP, ABSENT_CODE},
        {USER_CODE | 3, 0, EXC_GP, 0},
        {USER_CODE | 3, USER_DATA, EXC_GP, USER_DATA},
        {USER_CODE | 3, KERNEL_DATA | 3, EXC_GP, KERNEL_DATA},
        {USER_CODE | 3, READ_ONLY | 3, EXC_GP, READ_ONLY},
        {USER_CODE | 3, ABSENT_DATA | 3, EXC_SS, ABSENT_DATA},
        {GDT_END, 0, EXC_GP, GDT_END},
    };

    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        poke(KERNEL_STACK, 0x1000, 4);
        poke(KERNEL_STACK + 4, bad[i].code, 4);
        poke(KERNEL_STACK + 8, USER_STACK, 4);
        poke(KERNEL_STACK + 12, bad[i].stack, 4);
        before = snapshot();
        check_fault(bare_try(helper_ret_far, 4, 0), bad[i].vector, bad[i].error);
        check_unchanged(&before);
    }
    go_user();
    poke(USER_STACK + 4, KERNEL_CODE, 4);
    check_fault(bare_try(helper_ret_far, 4, 0), EXC_GP, KERNEL_CODE); /* inwards */
}
END_TEST

Suite *transfer_suite(void)
{
    Suite *suite = suite_create("transfers");
    TCase *tests = tcase_create("protected mode");

    tcase_add_checked_fixture(tests, protected_setup, bare_teardown);
    tcase_add_test(tests, test_load_data);
    tcase_add_test(tests, test_load_data_faults);
    tcase_add_test(tests, test_load_stack);
    tcase_add_test(tests, test_load_ldt);
    tcase_add_test(tests, test_unreal);
    tcase_add_test(tests, test_segment_linear);
    tcase_add_test(tests, test_direct);
    tcase_add_test(tests, test_conforming);
    tcase_add_loop_test(tests, test_bad_target, 0, sizeof bad_targets / sizeof bad_targets[0]);
    tcase_add_test(tests, test_call_gate_inner);
    tcase_add_test(tests, test_call_gate_16);
    tcase_add_test(tests, test_call_gate_same);
    tcase_add_test(tests, test_call_gate_faults);
    tcase_add_test(tests, test_smallest_tss);
    tcase_add_test(tests, test_partial_descriptor);
    tcase_add_test(tests, test_call_gate_page_fault);
    tcase_add_test(tests, test_ret_faults);
    suite_add_tcase(suite, tests);
    return suite;
}
