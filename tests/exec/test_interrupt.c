/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Interrupts, exceptions and returns from them; real-address and v86 mode. */
#include "tests/exec/protected.h"

/* --- real-address mode --- */

static void real_setup(void)
{
    bare_setup();
    cpu()->regs[ESP] = 0x1000;
    poke(4 * 0x21, 0x12345678, 4);
    cpu()->core.pc = 0x100;
    cpu()->eflags |= FLAG_IF | FLAG_TF;
    segment_load_real(&cpu()->seg[CS], 0x700);
}

START_TEST(test_real_interrupt)
{
    cc_set(cpu(), FLAG_CF | FLAG_OF);
    ck_assert_int_eq(bare_try(helper_int, 0x21, 0x102), NOT_RAISED);
    check_at(0x1234, 0x5678);
    ck_assert_uint_eq(cpu()->regs[ESP], 0xffa);
    ck_assert_uint_eq(peek(0xffa, 2), 0x102);
    ck_assert_uint_eq(peek(0xffc, 2), 0x700);
    ck_assert_uint_eq(peek(0xffe, 2), FLAG_CF | FLAG_OF | FLAG_1 | FLAG_IF | FLAG_TF);
    ck_assert(!(cpu()->eflags & (FLAG_IF | FLAG_TF)));
    cc_set(cpu(), 0);
    ck_assert_int_eq(bare_try(helper_iret, 2, 0), NOT_RAISED);
    check_at(0x700, 0x102);
    ck_assert_uint_eq(cpu()->regs[ESP], 0x1000);
    ck_assert_uint_eq(cpu_eflags(cpu()), FLAG_CF | FLAG_OF | FLAG_1 | FLAG_IF | FLAG_TF);
    ck_assert(cpu_mode(cpu()) & MODE_TF);
}
END_TEST

/* No error codes in real-address mode; SP 1 has no room. */
START_TEST(test_real_faults)
{
    poke(4 * EXC_GP, 0x00400050, 4);
    poke(4 * EXC_DF, 0x00600070, 4);
    bare_exception(EXC_GP, 0);
    check_at(0x40, 0x50);
    ck_assert_uint_eq(cpu()->regs[ESP], 0xffa);
    cpu()->idt.limit = 4 * 0x21 + 2;
    check_fault(bare_try(helper_int, 0x21, 0x102), EXC_GP, 0x21 * 8 | ERROR_IDT);
    cpu()->regs[ESP] = 1;
    cpu()->regs[T1] = cpu()->regs[T0] = 0;
    check_fault(bare_try(helper_call_far, 2, 0x105), EXC_SS, 0);
}
END_TEST

START_TEST(test_real_call)
{
    cpu()->regs[T0] = 0x30;
    cpu()->regs[T1] = 0x2000;
    ck_assert_int_eq(bare_try(helper_call_far, 4, 0x105), NOT_RAISED);
    check_at(0x2000, 0x30);
    ck_assert_uint_eq(stacked(0), 0x105);
    ck_assert_uint_eq(stacked(1), 0x700);
    ck_assert_int_eq(bare_try(helper_ret_far, 4, 6), NOT_RAISED);
    check_at(0x700, 0x105);
    ck_assert_uint_eq(cpu()->regs[ESP], 0x1006);
    cpu()->regs[T0] = 0x10000;
    check_fault(bare_try(helper_jmp_far, 4, 0), EXC_GP, 0);
}
END_TEST

/* --- interrupts and exceptions --- */

START_TEST(test_interrupt_same_level)
{
    cc_set(cpu(), FLAG_ZF);
    set_gate(0x40, TYPE_TRAP_GATE32, 0, KERNEL_CODE);
    bare_interrupt(0x40);
    check_at(KERNEL_CODE, HANDLERS + 0x40);
    ck_assert_uint_eq(cpu()->regs[ESP], KERNEL_STACK - 12);
    ck_assert_uint_eq(stacked(0), 0x4000);
    ck_assert_uint_eq(stacked(1), KERNEL_CODE);
    ck_assert_uint_eq(stacked(2), FLAG_1 | FLAG_IF | FLAG_ZF);
    ck_assert(cpu()->eflags & FLAG_IF);
    bare_interrupt(0x41);
    ck_assert(!(cpu()->eflags & FLAG_IF));
    ck_assert_int_eq(bare_try(helper_iret, 4, 0), NOT_RAISED);
    check_at(KERNEL_CODE, HANDLERS + 0x40);
    ck_assert(cpu()->eflags & FLAG_IF);
}
END_TEST

START_TEST(test_interrupt_inner)
{
    go_user();
    set_gate(0x80, TYPE_TRAP_GATE32, 3, KERNEL_CODE);
    cpu()->eflags |= FLAG_TF | FLAG_NT;
    ck_assert_int_eq(bare_try(helper_int, 0x80, 0x5002), NOT_RAISED);
    check_at(KERNEL_CODE, HANDLERS + 0x80);
    ck_assert_uint_eq(cpu()->regs[ESP], INNER_STACK - 20);
    ck_assert_uint_eq(stacked(0), 0x5002);
    ck_assert_uint_eq(stacked(1), USER_CODE | 3);
    ck_assert_uint_eq(stacked(2), FLAG_1 | FLAG_IF | FLAG_TF | FLAG_NT);
    ck_assert_uint_eq(stacked(3), USER_STACK);
    ck_assert_uint_eq(stacked(4), USER_DATA | 3);
    ck_assert(!(cpu()->eflags & (FLAG_TF | FLAG_NT)));
    ck_assert_uint_eq(cpu()->cpl, 0);
    ck_assert_uint_eq(cpu()->seg[DS].selector, USER_DATA | 3); /* stays */
    ck_assert_int_eq(load_seg(ES, KERNEL_DATA), NOT_RAISED);
    ck_assert_int_eq(bare_try(helper_iret, 4, 0), NOT_RAISED);
    check_at(USER_CODE | 3, 0x5002);
    ck_assert_uint_eq(cpu()->regs[ESP], USER_STACK);
    ck_assert_uint_eq(cpu()->seg[ES].selector, 0);
    ck_assert_uint_eq(cpu()->seg[DS].selector, USER_DATA | 3);
    ck_assert(cpu()->eflags & FLAG_NT);
    ck_assert(cpu_mode(cpu()) & MODE_USER);
}
END_TEST

START_TEST(test_interrupt_16)
{
    go_user();
    cpu()->core.pc = 0x12345000;
    set_gate(0x80, TYPE_INT_GATE16, 3, KERNEL_CODE);
    ck_assert_int_eq(bare_try(helper_int, 0x80, 0x12345002), NOT_RAISED);
    check_at(KERNEL_CODE, (HANDLERS + 0x80) & 0xffff);
    ck_assert_uint_eq(cpu()->regs[ESP], INNER_STACK - 10);
    ck_assert_uint_eq(peek(INNER_STACK - 10, 2), 0x5002);
    ck_assert_uint_eq(peek(INNER_STACK - 2, 2), USER_DATA | 3);
    ck_assert_int_eq(bare_try(helper_iret, 2, 0), NOT_RAISED);
    check_at(USER_CODE | 3, 0x5002);
    ck_assert_uint_eq(cpu()->regs[ESP], USER_STACK);
}
END_TEST

/* The gate's own faults say so in the error code; EXT unless it was INT n. */
START_TEST(test_gate_faults)
{
    const u32 idt_error = 0x80 * 8 | ERROR_IDT;
    struct snapshot before;

    go_user();
    before = snapshot();
    check_fault(bare_try(helper_int, 0x80, 0x5002), EXC_GP, idt_error); /* DPL 0 */
    set_gate(0x80, TYPE_CALL_GATE32, 3, KERNEL_CODE);
    check_fault(bare_try(helper_int, 0x80, 0x5002), EXC_GP, idt_error);
    set_gate(0x80, TYPE_INT_GATE32, 3, KERNEL_CODE);
    poke(IDT + 0x80 * 8 + 5, 0x6e, 1); /* absent */
    check_fault(bare_try(helper_int, 0x80, 0x5002), EXC_NP, idt_error);
    set_gate(0x80, TYPE_INT_GATE32, 3, 0);
    check_fault(bare_try(helper_int, 0x80, 0x5002), EXC_GP, 0);
    set_gate(0x80, TYPE_INT_GATE32, 3, KERNEL_DATA);
    check_fault(bare_try(helper_int, 0x80, 0x5002), EXC_GP, KERNEL_DATA);
    set_gate(0x80, TYPE_INT_GATE32, 3, ABSENT_CODE);
    check_fault(bare_try(helper_int, 0x80, 0x5002), EXC_NP, ABSENT_CODE);
    cpu()->idt.limit = 0x80 * 8 + 6;
    check_fault(bare_try(helper_int, 0x80, 0x5002), EXC_GP, idt_error);
    check_unchanged(&before);
}
END_TEST

START_TEST(test_exception_error_code)
{
    go_user();
    bare_exception(EXC_PF, 7);
    check_at(KERNEL_CODE, HANDLERS + EXC_PF);
    ck_assert_uint_eq(cpu()->regs[ESP], INNER_STACK - 24);
    ck_assert_uint_eq(stacked(0), 7);
    ck_assert_uint_eq(stacked(1), 0x5000);
    ck_assert_uint_eq(stacked(3), FLAG_1 | FLAG_IF | FLAG_RF); /* a fault sets RF */
    ck_assert(!cpu()->delivering);
}
END_TEST

START_TEST(test_serial_faults)
{
    poke(IDT + EXC_PF * 8 + 5, 0x0e, 1); /* absent: #PF, then #NP is a double fault */
    bare_exception(EXC_PF, 0);
    check_at(KERNEL_CODE, HANDLERS + EXC_DF);
    ck_assert_uint_eq(stacked(0), 0);
    poke(IDT + EXC_UD * 8 + 5, 0x0e, 1); /* #UD, then #NP is just that */
    bare_exception(EXC_UD, 0);
    check_at(KERNEL_CODE, HANDLERS + EXC_NP);
    ck_assert_uint_eq(stacked(0), EXC_UD * 8 | ERROR_IDT | ERROR_EXT);
    poke(IDT + EXC_NP * 8 + 5, 0x0e, 1); /* and #NP twice is not */
    bare_exception(EXC_UD, 0);
    check_at(KERNEL_CODE, HANDLERS + EXC_DF);
    ck_assert_uint_eq(bare.resets, 0);
    /* A fault that was delivered makes no later one double. */
    bare_exception(EXC_GP, 0);
    check_at(KERNEL_CODE, HANDLERS + EXC_GP);
}
END_TEST

START_TEST(test_triple_fault)
{
    cpu()->idt.limit = 0;
    bare_exception(EXC_UD, 0);
    ck_assert_uint_eq(bare.resets, 1);
    ck_assert(!cpu()->delivering);
}
END_TEST

START_TEST(test_into_and_int3)
{
    go_user();
    cc_set(cpu(), 0);
    ck_assert_int_eq(bare_try(helper_into, 0, 0x5001), NOT_RAISED);
    check_at(USER_CODE | 3, 0x5001);
    cc_set(cpu(), FLAG_OF);
    check_fault(bare_try(helper_into, 0, 0x5002), EXC_GP, EXC_OF * 8 | ERROR_IDT);
    set_gate(EXC_OF, TYPE_INT_GATE32, 3, KERNEL_CODE);
    ck_assert_int_eq(bare_try(helper_into, 0, 0x5002), NOT_RAISED);
    check_at(KERNEL_CODE, HANDLERS + EXC_OF);
    ck_assert_uint_eq(stacked(0), 0x5002);
    go_user();
    check_fault(bare_try(helper_int, 0x100 | EXC_BP, 0x5001), EXC_GP, EXC_BP * 8 | ERROR_IDT);
    ck_assert_int_eq(bare_try(helper_int, 0x100 | EXC_DB, 0x5001), NOT_RAISED);
    check_at(KERNEL_CODE, HANDLERS + EXC_DB);
}
END_TEST

/* --- IRET's flags --- */

START_TEST(test_iret_flags)
{
    const u32 all = 0x003c7fd5 & ~(u32)(FLAG_NT | FLAG_TF);

    push_frame(0x1000, KERNEL_CODE, all);
    ck_assert_int_eq(bare_try(helper_iret, 4, 0), NOT_RAISED);
    ck_assert_uint_eq(cpu_eflags(cpu()), FLAGS_ARITH | FLAG_1 | FLAG_IF | FLAG_DF | FLAG_IOPL |
                                             FLAG_AC | FLAG_VIF | FLAG_VIP | FLAG_ID);
    cpu()->eflags = FLAG_1;
    go_user();
    push_frame(0x1000, USER_CODE | 3, all | FLAG_VM);
    ck_assert_int_eq(bare_try(helper_iret, 4, 0), NOT_RAISED);
    ck_assert_uint_eq(cpu_eflags(cpu()), FLAGS_ARITH | FLAG_1 | FLAG_DF | FLAG_AC | FLAG_ID);
}
END_TEST

/* --- frames at the edges of stacks and pages --- */

/* SP wraps within a frame, even if the limit would let it go on. */
START_TEST(test_frame_wraps)
{
    set_descriptor(STACK_16, 0x10, _i ? ~0u : 0xffff, _i ? ATTR_DATA & ~SEG_D : 0x92);
    ck_assert_int_eq(load_seg(SS, STACK_16), NOT_RAISED);
    cpu()->regs[ESP] = 0x70004;
    bare_interrupt(0x40);
    check_at(KERNEL_CODE, HANDLERS + 0x40);
    ck_assert_uint_eq(cpu()->regs[ESP], 0x7fff8);
    ck_assert_uint_eq(peek(0x10008, 4), 0x4000);
    ck_assert_uint_eq(peek(0x1000c, 4), KERNEL_CODE);
    ck_assert_uint_eq(peek(0x10, 4), FLAG_1 | FLAG_IF);
    poke(0x10010, ~0u, 4);
    ck_assert_int_eq(bare_try(helper_iret, 4, 0), NOT_RAISED);
    check_at(KERNEL_CODE, 0x4000);
    ck_assert_uint_eq(cpu()->regs[ESP], 0x70004);
    ck_assert_uint_eq(cpu_eflags(cpu()), FLAG_1 | FLAG_IF);
}
END_TEST

START_TEST(test_frame_in_two_pages)
{
    struct snapshot before;

    page_with_hole(0xc000);
    cpu()->regs[ESP] = 0xc000;
    push_frame(0x1000, KERNEL_CODE, FLAG_1);
    cpu()->regs[ESP] += 4; /* its last third is absent; the first is in the TLB */
    poke(0xbff8, 0x1000, 4);
    poke(0xbffc, KERNEL_CODE, 4);
    ck_assert_int_eq(bare_try(helper_popf, 4, 0), NOT_RAISED);
    cpu()->regs[ESP] -= 4;
    before = snapshot();
    check_fault(bare_try(helper_iret, 4, 0), EXC_PF, 0);
    ck_assert_uint_eq(cpu()->cr2, 0xc000);
    check_unchanged(&before);
}
END_TEST

/* --- v86 mode --- */

START_TEST(test_v86_enter_and_leave)
{
    static const u16 segments[] = {0x900, 0x200, 0x300, 0x400, 0x500};

    cpu()->regs[ESP] = KERNEL_STACK - 24;
    for (unsigned i = 0; i < 5; i++)
        poke(KERNEL_STACK - 20 + 4 * i, segments[i], 4);
    poke(KERNEL_STACK - 24, 0xffe, 4);
    push_frame(0x200, 0x100, FLAG_VM | FLAG_IF | FLAG_1);
    ck_assert_int_eq(bare_try(helper_iret, 4, 0), NOT_RAISED);
    check_at(0x100, 0x200);
    ck_assert_uint_eq(cpu()->seg[CS].base, 0x1000);
    ck_assert_uint_eq(cpu()->seg[SS].base, 0x9000);
    ck_assert_uint_eq(cpu()->seg[ES].selector, 0x200);
    ck_assert_uint_eq(cpu()->seg[DS].selector, 0x300);
    ck_assert_uint_eq(cpu()->seg[FS].selector, 0x400);
    ck_assert_uint_eq(cpu()->seg[GS].selector, 0x500);
    ck_assert_uint_eq(cpu()->regs[ESP], 0xffe);
    ck_assert_uint_eq(cpu()->cpl, 3);
    ck_assert_uint_eq(cpu_mode(cpu()) & (MODE_VM | MODE_USER | MODE_CS32 | MODE_PE),
                      MODE_VM | MODE_USER | MODE_PE);

    bare_exception(EXC_GP, 0);
    check_at(KERNEL_CODE, HANDLERS + EXC_GP);
    ck_assert_uint_eq(cpu()->regs[ESP], INNER_STACK - 40);
    ck_assert_uint_eq(stacked(1), 0x200);
    ck_assert_uint_eq(stacked(2), 0x100);
    ck_assert_uint_eq(stacked(3), FLAG_VM | FLAG_IF | FLAG_1 | FLAG_RF);
    ck_assert_uint_eq(stacked(4), 0xffe);
    for (unsigned i = 0; i < 5; i++)
        ck_assert_uint_eq(stacked(5 + i), segments[i]);
    ck_assert_uint_eq(cpu()->seg[DS].selector, 0);
    ck_assert(!(cpu()->eflags & FLAG_VM));
    cpu()->regs[ESP] += 4;
    ck_assert_int_eq(bare_try(helper_iret, 4, 0), NOT_RAISED);
    check_at(0x100, 0x200);
    ck_assert_uint_eq(cpu()->regs[ESP], 0xffe);
}
END_TEST

START_TEST(test_v86_iopl)
{
    go_v86(0);
    check_fault(bare_try(helper_int, 0x80, 0x202), EXC_GP, 0);
    check_fault(bare_try(helper_iret, 2, 0), EXC_GP, 0);
    check_fault(bare_try(helper_pushf, 2, 0), EXC_GP, 0);
    check_fault(bare_try(helper_popf, 2, 0), EXC_GP, 0);
    check_fault(bare_try(helper_cli, 0, 0), EXC_GP, 0);
    check_fault(bare_try(helper_hlt, 0, 0), EXC_GP, 0);
    check_fault(bare_try(helper_sldt, 0, 0), EXC_UD, ~0u);
    set_gate(EXC_BP, TYPE_INT_GATE32, 3, KERNEL_CODE);
    ck_assert_int_eq(bare_try(helper_int, 0x100 | EXC_BP, 0x201), NOT_RAISED);
    check_at(KERNEL_CODE, HANDLERS + EXC_BP);

    go_v86(3);
    poke(0x9ffe - 6, 0x222, 2);
    poke(0x9ffe - 4, 0x110, 2);
    poke(0x9ffe - 2, 0, 2);
    cpu()->regs[ESP] -= 6;
    ck_assert_int_eq(bare_try(helper_iret, 2, 0), NOT_RAISED);
    check_at(0x110, 0x222);
    ck_assert_uint_eq(cpu()->eflags, FLAG_1 | FLAG_VM | FLAG_IOPL); /* IOPL stays */
    ck_assert_int_eq(load_seg(DS, 0x777), NOT_RAISED);
    ck_assert_uint_eq(cpu()->seg[DS].base, 0x7770);
    /* Handlers must be at level 0. */
    set_gate(0x80, TYPE_INT_GATE32, 3, CONFORMING);
    check_fault(bare_try(helper_int, 0x80, 0x202), EXC_GP, CONFORMING);
}
END_TEST

Suite *interrupt_suite(void)
{
    Suite *suite = suite_create("interrupts");
    TCase *real = tcase_create("real-address mode"), *tests = tcase_create("protected mode");

    tcase_add_checked_fixture(real, real_setup, bare_teardown);
    tcase_add_test(real, test_real_interrupt);
    tcase_add_test(real, test_real_faults);
    tcase_add_test(real, test_real_call);
    suite_add_tcase(suite, real);
    tcase_add_checked_fixture(tests, protected_setup, bare_teardown);
    tcase_add_test(tests, test_interrupt_same_level);
    tcase_add_test(tests, test_interrupt_inner);
    tcase_add_test(tests, test_interrupt_16);
    tcase_add_test(tests, test_gate_faults);
    tcase_add_test(tests, test_exception_error_code);
    tcase_add_test(tests, test_serial_faults);
    tcase_add_test(tests, test_triple_fault);
    tcase_add_test(tests, test_into_and_int3);
    tcase_add_test(tests, test_iret_flags);
    tcase_add_loop_test(tests, test_frame_wraps, 0, 2);
    tcase_add_test(tests, test_frame_in_two_pages);
    tcase_add_test(tests, test_v86_enter_and_leave);
    tcase_add_test(tests, test_v86_iopl);
    suite_add_tcase(suite, tests);
    return suite;
}
