/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Task switches by JMP, CALL, IRET and interrupts, and the faults on their way. */
#include "tests/exec/protected.h"

enum { LINK = 0, CR3 = 0x1c, EIP = 0x20, EFLAGS = 0x24, REGS = 0x28, SEGS = 0x48, LDTR = 0x60 };
enum {
    TRAP = 0x64,
    EIP_16 = 0x0e,
    FLAGS_16 = 0x10,
    REGS_16 = 0x12,
    SEGS_16 = 0x22,
    LDTR_16 = 0x2a
};
enum { BUSY = 0x8b, AVAILABLE = 0x89, B_STACK = 0xb000 };

static u32 access_byte(u16 selector)
{
    return peek(GDT + selector + 5, 1);
}

/* A task of the kernel's, with numbered registers. */
static void fill_task(u32 tss)
{
    poke(tss + EIP, 0x6000, 4);
    poke(tss + EFLAGS, FLAG_CF | FLAG_1, 4);
    for (unsigned i = EAX; i <= EDI; i++)
        poke(tss + REGS + 4 * i, 0x1000001 * i, 4);
    poke(tss + REGS + 4 * ESP, B_STACK, 4);
    for (unsigned i = ES; i <= GS; i++)
        poke(tss + SEGS + 4 * i, i == CS ? KERNEL_CODE : KERNEL_DATA, 4);
    poke(tss + LDTR, 0, 4);
}

static void fill_task_16(void)
{
    poke(TSS_16 + EIP_16, 0x6000, 2);
    poke(TSS_16 + FLAGS_16, FLAG_1, 2);
    for (unsigned i = EAX; i <= EDI; i++)
        poke(TSS_16 + REGS_16 + 2 * i, 0x1000 + i, 2);
    for (unsigned i = ES; i <= DS; i++)
        poke(TSS_16 + SEGS_16 + 2 * i, i == CS ? KERNEL_CODE : KERNEL_DATA, 2);
    poke(TSS_16 + LDTR_16, LDT_SELECTOR, 2);
}

static void setup(void)
{
    protected_setup();
    fill_task(TSS_B);
    fill_task_16();
    for (unsigned i = EAX; i <= EDI; i++)
        if (i != ESP)
            cpu()->regs[i] = 0xa0 + i;
    cc_set(cpu(), FLAG_ZF);
}

static void check_in_b(void)
{
    check_at(KERNEL_CODE, 0x6000);
    for (unsigned i = EAX; i <= EDI; i++)
        ck_assert_uint_eq(cpu()->regs[i], i == ESP ? B_STACK : 0x1000001 * i);
    ck_assert_uint_eq(cpu()->tr.selector, TSS_B_SELECTOR);
    ck_assert_uint_eq(access_byte(TSS_B_SELECTOR), BUSY);
    ck_assert(cpu()->cr0 & CR0_TS);
    ck_assert(cpu_mode(cpu()) & MODE_FLAT_DS);
}

static void check_a_saved(u32 flags)
{
    ck_assert_uint_eq(peek(TSS + EIP, 4), 0x4007);
    ck_assert_uint_eq(peek(TSS + EFLAGS, 4), flags);
    for (unsigned i = EAX; i <= EDI; i++)
        ck_assert_uint_eq(peek(TSS + REGS + 4 * i, 4), i == ESP ? KERNEL_STACK : 0xa0 + i);
    for (unsigned i = ES; i <= GS; i++)
        ck_assert_uint_eq(peek(TSS + SEGS + 4 * i, 2), i == CS ? KERNEL_CODE : KERNEL_DATA);
}

START_TEST(test_jump)
{
    cpu()->dr[7] |= 0x3ff;
    ck_assert_int_eq(transfer(helper_jmp_far, TSS_B_SELECTOR, 0x77), NOT_RAISED);
    check_in_b();
    check_a_saved(FLAG_1 | FLAG_IF | FLAG_ZF);
    ck_assert_uint_eq(access_byte(TSS_SELECTOR), AVAILABLE);
    ck_assert_uint_eq(cpu_eflags(cpu()), FLAG_1 | FLAG_CF);
    ck_assert_uint_eq(cpu()->dr[7] & 0x3ff, 0x2aa);
    /* And back, through a gate. */
    set_call_gate(TASK_GATE, TYPE_TASK_GATE, TSS_SELECTOR, 0, 0);
    ck_assert_int_eq(transfer(helper_jmp_far, TASK_GATE, 0x77), NOT_RAISED);
    check_at(KERNEL_CODE, 0x4007);
    ck_assert_uint_eq(cpu()->regs[ESP], KERNEL_STACK);
    ck_assert_uint_eq(access_byte(TSS_B_SELECTOR), AVAILABLE);
}
END_TEST

START_TEST(test_call_and_iret)
{
    ck_assert_int_eq(transfer(helper_call_far, TASK_GATE, 0x77), NOT_RAISED);
    check_in_b();
    ck_assert_uint_eq(peek(TSS_B + LINK, 2), TSS_SELECTOR);
    ck_assert_uint_eq(access_byte(TSS_SELECTOR), BUSY);
    ck_assert(cpu()->eflags & FLAG_NT);
    ck_assert_int_eq(bare_try(helper_iret, 4, 0x6001), NOT_RAISED);
    check_at(KERNEL_CODE, 0x4007);
    ck_assert_uint_eq(cpu_eflags(cpu()), FLAG_1 | FLAG_IF | FLAG_ZF);
    ck_assert_uint_eq(peek(TSS_B + EIP, 4), 0x6001); /* where its next interrupt goes on */
    ck_assert_uint_eq(peek(TSS_B + EFLAGS, 4) & FLAG_NT, 0);
    ck_assert_uint_eq(access_byte(TSS_B_SELECTOR), AVAILABLE);
    ck_assert_uint_eq(access_byte(TSS_SELECTOR), BUSY);
}
END_TEST

START_TEST(test_interrupt)
{
    set_gate(EXC_GP, TYPE_TASK_GATE, 0, TSS_B_SELECTOR);
    go_user();
    bare_exception(EXC_GP, 0x1234);
    check_at(KERNEL_CODE, 0x6000);
    ck_assert_uint_eq(cpu()->regs[ESP], B_STACK - 4);
    ck_assert_uint_eq(stacked(0), 0x1234);
    ck_assert_uint_eq(peek(TSS + EIP, 4), 0x5000);
    ck_assert_uint_eq(peek(TSS + EFLAGS, 4), FLAG_1 | FLAG_IF | FLAG_ZF | FLAG_RF);
    ck_assert_uint_eq(cpu()->cpl, 0);
    ck_assert_int_eq(bare_try(helper_iret, 4, 0x6001), NOT_RAISED);
    check_at(USER_CODE | 3, 0x5000);
    ck_assert_uint_eq(cpu()->cpl, 3);
}
END_TEST

/* What double-fault tasks are for: the kernel's stack is gone. */
START_TEST(test_double_fault_task)
{
    set_gate(EXC_DF, TYPE_TASK_GATE, 0, TSS_B_SELECTOR);
    poke(TSS_B + CR3, 0x100000, 4);
    go_user();
    page_with_hole(INNER_STACK - 1);
    bare_exception(EXC_UD, 0);
    check_at(KERNEL_CODE, 0x6000);
    ck_assert_uint_eq(stacked(0), 0);
    ck_assert_uint_eq(peek(TSS + EIP, 4), 0x5000);
    ck_assert_uint_eq(peek(TSS + SEGS + 4 * CS, 2), USER_CODE | 3);
    ck_assert_uint_eq(cpu()->cr2, INNER_STACK - 4);
}
END_TEST

START_TEST(test_16)
{
    poke(LDT + 8, 0xffff, 4);
    poke(LDT + 12, 0xcf9200, 4);
    ck_assert_int_eq(transfer(helper_call_far, TSS_16_SELECTOR, 0x77), NOT_RAISED);
    check_at(KERNEL_CODE, 0x6000);
    for (unsigned i = EAX; i <= EDI; i++)
        ck_assert_uint_eq(cpu()->regs[i], 0x1000 + i);
    ck_assert_uint_eq(cpu()->ldt.base, LDT);
    ck_assert_uint_eq(cpu()->seg[FS].selector, 0);
    ck_assert_uint_eq(peek(TSS_16 + LINK, 2), TSS_SELECTOR);
    cpu()->regs[EDX] = 0x99887766;
    ck_assert_int_eq(bare_try(helper_iret, 4, 0x6001), NOT_RAISED);
    check_at(KERNEL_CODE, 0x4007);
    ck_assert_uint_eq(peek(TSS_16 + REGS_16 + 2 * EDX, 2), 0x7766);
    ck_assert_uint_eq(peek(TSS_16 + EIP_16, 2), 0x6001);
    ck_assert_uint_eq(access_byte(TSS_16_SELECTOR), ATTR_TSS16);
}
END_TEST

START_TEST(test_user)
{
    poke(TSS_B + SEGS + 4 * CS, USER_CODE | 3, 2);
    for (unsigned i = ES; i <= GS; i++)
        if (i != CS)
            poke(TSS_B + SEGS + 4 * i, USER_DATA | 3, 2);
    ck_assert_int_eq(transfer(helper_jmp_far, TSS_B_SELECTOR, 0x77), NOT_RAISED);
    check_at(USER_CODE | 3, 0x6000);
    ck_assert(cpu_mode(cpu()) & MODE_USER);
}
END_TEST

START_TEST(test_v86)
{
    poke(TSS_B + EFLAGS, FLAG_VM | FLAG_1, 4);
    poke(TSS_B + SEGS + 4 * CS, 0x123, 2);
    ck_assert_int_eq(transfer(helper_jmp_far, TSS_B_SELECTOR, 0x77), NOT_RAISED);
    check_at(0x123, 0x6000);
    ck_assert_uint_eq(cpu()->seg[CS].base, 0x1230);
    ck_assert_uint_eq(cpu()->cpl, 3);
    ck_assert(cpu_mode(cpu()) & MODE_VM);
}
END_TEST

START_TEST(test_trap_bit)
{
    poke(TSS_B + TRAP, 1, 2);
    ck_assert_int_eq(transfer(helper_jmp_far, TSS_B_SELECTOR, 0x77), NOT_RAISED);
    check_in_b();
    ck_assert_uint_eq(cpu()->debug.trap, 1 << 15);
}
END_TEST

/* Faults before the switch: still the old task. */
START_TEST(test_early_faults)
{
    cpu()->regs[ESP] = KERNEL_STACK;
    ck_assert_int_eq(transfer(helper_jmp_far, TSS_SELECTOR, 0x77), EXC_GP); /* busy */
    ck_assert_uint_eq(bare.error, TSS_SELECTOR);
    set_descriptor(TSS_B_SELECTOR, TSS_B, 0x66, ATTR_TSS32);
    ck_assert_int_eq(transfer(helper_jmp_far, TSS_B_SELECTOR, 0x77), EXC_TS);
    ck_assert_uint_eq(bare.error, TSS_B_SELECTOR);
    set_descriptor(TSS_B_SELECTOR, TSS_B, 0x67, ATTR_TSS32 & ~SEG_PRESENT);
    ck_assert_int_eq(transfer(helper_call_far, TSS_B_SELECTOR, 0x77), EXC_NP);
    ck_assert_uint_eq(bare.error, TSS_B_SELECTOR);
    set_call_gate(TASK_GATE, TYPE_TASK_GATE, KERNEL_DATA, 0, 0);
    ck_assert_int_eq(transfer(helper_call_far, TASK_GATE, 0x77), EXC_GP);
    ck_assert_uint_eq(bare.error, KERNEL_DATA);
    set_call_gate(TASK_GATE, TYPE_TASK_GATE, SELECTOR_LDT | 8, 0, 0);
    ck_assert_int_eq(transfer(helper_call_far, TASK_GATE, 0x77), EXC_GP);
    ck_assert_uint_eq(bare.error, SELECTOR_LDT | 8);
    poke(TSS + LINK, TSS_B_SELECTOR, 2);
    cpu()->eflags |= FLAG_NT;
    set_descriptor(TSS_B_SELECTOR, TSS_B, 0x67, ATTR_TSS32);
    ck_assert_int_eq(bare_try(helper_iret, 4, 0x4001), EXC_TS); /* not busy */
    ck_assert_uint_eq(bare.error, TSS_B_SELECTOR);
    go_user();
    ck_assert_int_eq(transfer(helper_jmp_far, TSS_B_SELECTOR | 3, 0x77), EXC_GP); /* its DPL is 0 */
    ck_assert_uint_eq(cpu()->tr.selector, TSS_SELECTOR);
    ck_assert_uint_eq(access_byte(TSS_SELECTOR), BUSY);
    check_at(USER_CODE | 3, 0x5000);
}
END_TEST

/* A page that the switch needs is absent: nothing has happened. */
START_TEST(test_page_fault)
{
    set_descriptor(TSS_B_SELECTOR, 0x6ffc, 0x67, ATTR_TSS32);
    fill_task(0x6ffc);
    page_with_hole(0x7000);
    ck_assert_int_eq(transfer(helper_jmp_far, TSS_B_SELECTOR, 0x77), EXC_PF);
    check_at(KERNEL_CODE, 0x4000);
    ck_assert_uint_eq(cpu()->tr.selector, TSS_SELECTOR);
    ck_assert_uint_eq(access_byte(TSS_SELECTOR), BUSY);
    ck_assert_uint_eq(access_byte(TSS_B_SELECTOR), AVAILABLE);
    ck_assert_uint_eq(peek(TSS + EIP, 4), 0);
}
END_TEST

/* So with the end of the old TSS. */
START_TEST(test_page_fault_old)
{
    cpu()->tr.base = 0x6fd0;
    page_with_hole(0x7000);
    ck_assert_int_eq(transfer(helper_jmp_far, TSS_B_SELECTOR, 0x77), EXC_PF);
    ck_assert_uint_eq(cpu()->tr.selector, TSS_SELECTOR);
    ck_assert_uint_eq(access_byte(TSS_B_SELECTOR), AVAILABLE);
    ck_assert_uint_eq(peek(0x6fd0 + EIP, 4), 0);
}
END_TEST

/* Faults after it: the new task's, with its selectors in place. */
static const struct {
    unsigned seg;
    u16 selector;
    int vector;
    u32 error;
} late[] = {
    {CS, 0, EXC_TS, 0},
    {CS, KERNEL_DATA, EXC_TS, KERNEL_DATA},
    {CS, KERNEL_CODE | 3, EXC_TS, KERNEL_CODE},
    {CS, ABSENT_CODE, EXC_NP, ABSENT_CODE},
    {CS, SMALL_CODE, EXC_GP, 0},
    {SS, 0, EXC_TS, 0},
    {SS, USER_DATA, EXC_TS, USER_DATA},
    {SS, READ_ONLY, EXC_TS, READ_ONLY},
    {DS, EXECUTE_ONLY, EXC_TS, EXECUTE_ONLY},
    {ES, ABSENT_DATA, EXC_NP, ABSENT_DATA},
    {GS, GDT_END, EXC_TS, GDT_END},
    {SEGMENTS, KERNEL_DATA, EXC_TS, KERNEL_DATA}, /* LDT */
    {SEGMENTS, SELECTOR_LDT | 8, EXC_TS, SELECTOR_LDT | 8},
};

START_TEST(test_late_fault)
{
    poke(TSS_B + SEGS + 4 * late[_i].seg, late[_i].selector, 2);
    ck_assert_int_eq(transfer(helper_jmp_far, TSS_B_SELECTOR, 0x77), late[_i].vector);
    ck_assert_uint_eq(bare.error, late[_i].error);
    ck_assert_uint_eq(cpu()->core.pc, 0x6000);
    ck_assert_uint_eq(cpu()->tr.selector, TSS_B_SELECTOR);
    ck_assert_uint_eq(peek(TSS + EIP, 4), 0x4007);
    if (late[_i].seg < SEGMENTS)
        ck_assert_uint_eq(cpu()->seg[late[_i].seg].selector, late[_i].selector);
}
END_TEST

Suite *task_suite(void)
{
    Suite *suite = suite_create("tasks");
    TCase *tests = tcase_create("switches");

    tcase_add_checked_fixture(tests, setup, bare_teardown);
    tcase_add_test(tests, test_jump);
    tcase_add_test(tests, test_call_and_iret);
    tcase_add_test(tests, test_interrupt);
    tcase_add_test(tests, test_double_fault_task);
    tcase_add_test(tests, test_16);
    tcase_add_test(tests, test_user);
    tcase_add_test(tests, test_v86);
    tcase_add_test(tests, test_trap_bit);
    tcase_add_test(tests, test_early_faults);
    tcase_add_test(tests, test_page_fault);
    tcase_add_test(tests, test_page_fault_old);
    tcase_add_loop_test(tests, test_late_fault, 0, sizeof late / sizeof late[0]);
    suite_add_tcase(suite, tests);
    return suite;
}
