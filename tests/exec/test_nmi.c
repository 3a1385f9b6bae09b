/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NMI in every engine: what it does not wait for, and what it does. */
#include "tests/exec/machine.h"
#include "tests/suites.h"

#include <string.h>

enum { CODE = 0x1000, HANDLER = 0x1800, IDT = 0x2000, GDT = 0x2800, STACK = 0x9000 };

/*
 *   1000 out %al, $0x80; inc %esi; inc %esi; hlt; inc %edi; hlt
 *   1800 inc %ebx; dec %edi; jne 1; out %al, $0x80; 1: inc %ecx; iret
 */
static const u8 code[] = {0xe6, 0x80, 0x46, 0x46, 0xf4, 0x47, 0xf4};
static const u8 handler[] = {0x43, 0x4f, 0x75, 0x02, 0xe6, 0x80, 0x41, 0xcf};
static const u8 descriptors[] = {0, 0,    0,    0, 0,    0,    0, 0, 0xff, 0xff, 0,    0,
                                 0, 0x9b, 0xcf, 0, 0xff, 0xff, 0, 0, 0,    0x93, 0xcf, 0};
static const u8 gate[] = {HANDLER & 0xff, HANDLER >> 8, 8, 0, 0, 0x8e, 0, 0};

static const enum jit engines[] = {JIT_TEMPLATE, JIT_INTERP, JIT_IR, JIT_MIXED, JIT_LOCKSTEP};
enum { ENGINES = sizeof engines / sizeof *engines };

static unsigned halts;

static struct cpu *cpu(void)
{
    return exec_cpu(machine.exec);
}

static void send(u32 value)
{
    (void)value;
    exec_nmi(machine.exec);
}

/* From the handler, which must not have been left for another one. */
static void send_two(u32 value)
{
    (void)value;
    ck_assert_uint_eq(cpu()->regs[EBX], cpu()->regs[ECX] + 1);
    exec_nmi(machine.exec);
    exec_nmi(machine.exec);
}

static void halted(void)
{
    halts++;
    exec_stop(machine.exec);
}

static void start(int engine, u32 pc)
{
    machine_create(engines[engine], halted);
    machine.port_write = send;
    machine_put(CODE, code, sizeof code);
    machine_put(HANDLER, handler, sizeof handler);
    machine_put(GDT, descriptors, sizeof descriptors);
    machine_put(IDT + EXC_NMI * sizeof gate, gate, sizeof gate);
    halts = 0;
    cpu()->gdt = (struct table_register){GDT, sizeof descriptors - 1};
    cpu()->idt = (struct table_register){IDT, 0xff};
    memset(cpu()->regs, 0, sizeof cpu()->regs);
    cpu()->regs[ESP] = STACK;
    cpu()->core.pc = pc;
    exec_state_changed(machine.exec);
}

static u32 pushed_eip(void)
{
    u32 eip;
    machine_get(&eip, STACK - 12, sizeof eip);
    return eip;
}

/* It comes behind the instruction that asks for it, though IF is clear. */
START_TEST(is_not_masked)
{
    start(_i, CODE);
    exec_run(machine.exec);
    ck_assert_uint_eq(cpu()->regs[EBX], 1);
    ck_assert_uint_eq(cpu()->regs[ESI], 2);
    ck_assert_uint_eq(pushed_eip(), CODE + 2);
    ck_assert_uint_eq(halts, 1);
    machine_destroy();
}
END_TEST

START_TEST(ends_a_halt)
{
    start(_i, CODE + 4);
    exec_run(machine.exec);
    ck_assert_uint_eq(cpu()->core.pc, CODE + 5);
    cpu()->core.halted = true;
    exec_nmi(machine.exec);
    exec_run(machine.exec);
    ck_assert_uint_eq(cpu()->regs[EBX], 1);
    ck_assert_uint_eq(cpu()->regs[EDI], 0);
    ck_assert_uint_eq(pushed_eip(), CODE + 5);
    ck_assert_uint_eq(halts, 2);
    machine_destroy();
}
END_TEST

/* SDM vol. 3, 6.8.3: behind a load of SS, and so behind STI here, an instruction comes first. */
START_TEST(waits_in_a_shadow)
{
    start(_i, CODE + 2);
    cpu()->shadow = SHADOW_TRAPS;
    exec_nmi(machine.exec);
    exec_run(machine.exec);
    ck_assert_uint_eq(cpu()->regs[EBX], 1);
    ck_assert_uint_eq(pushed_eip(), CODE + 3);
    machine_destroy();
}
END_TEST

/* SDM vol. 3, 6.7.1: of those that come while one is handled, one waits, until IRET. */
START_TEST(waits_for_iret)
{
    start(_i, CODE + 2);
    machine.port_write = send_two;
    cpu()->regs[EDI] = 1;
    exec_nmi(machine.exec);
    exec_run(machine.exec);
    ck_assert_uint_eq(cpu()->regs[EBX], 2);
    ck_assert_uint_eq(cpu()->regs[ECX], 2);
    machine_destroy();
}
END_TEST

static Suite *nmi_suite(void)
{
    Suite *s = suite_create("nmi");
    TCase *c = tcase_create("nmi");
    tcase_add_loop_test(c, is_not_masked, 0, ENGINES);
    tcase_add_loop_test(c, ends_a_halt, 0, ENGINES);
    tcase_add_loop_test(c, waits_in_a_shadow, 0, ENGINES);
    tcase_add_loop_test(c, waits_for_iret, 0, ENGINES);
    suite_add_tcase(s, c);
    return s;
}

TEST_MAIN(nmi_suite)
