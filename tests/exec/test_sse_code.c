/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MMX and SSE instructions as guest code, translated and run by each engine, against the host CPU:
 * every row of insns.def, with registers and with memory, with exceptions masked and unmasked.
 */
#include "tests/exec/machine.h"
#include "tests/exec/sse_case.h"

#include <string.h>

enum {
    GDT = 0x1000,
    IDT = 0x2000,
    HANDLERS = 0x3000, /* of 16 bytes, each a HLT */
    CODE = 0x400000,
    CODE_STEP = 64,
    CODE_END = MACHINE_RAM - 4096,
    PLACES = 4, /* of an operand: a register, memory aligned, not aligned, and across pages */
    ROUNDS = 12,
};

static struct {
    bool masked;
    unsigned row, place, round, done;
    u32 code;
    u8 insn[SSE_CODE];
    size_t size;
    struct sse_state start;
} t;

/* --- exceptions: each has a handler of a HLT --- */

static void make_tables(void)
{
    static const u64 gdt[] = {0, 0x00cf9b000000ffff, 0x00cf93000000ffff};
    struct cpu *cpu = exec_cpu(machine.exec);

    machine_put(GDT, gdt, sizeof gdt);
    for (unsigned i = 0; i < 32; i++) {
        u64 gate = 0x8e0000080000 | (HANDLERS + 16 * i);
        machine_put(IDT + 8 * i, &gate, sizeof gate);
        machine_put(HANDLERS + 16 * i, "\xf4", 1);
    }
    cpu->gdt = (struct table_register){GDT, sizeof gdt - 1};
    cpu->idt = (struct table_register){IDT, 32 * 8 - 1};
    cpu->cr4 |= CR4_OSFXSR | CR4_OSXMMEXCPT;
    exec_state_changed(machine.exec);
}

static int vector_taken(const struct cpu *cpu)
{
    if (cpu->eip < HANDLERS || cpu->eip >= HANDLERS + 32 * 16)
        return -1;
    return (int)((cpu->eip - 1 - HANDLERS) / 16);
}

/* --- cases, one after the other --- */

static const struct sse_row *row(void)
{
    return &sse_rows[t.row];
}

static bool case_exists(void)
{
    return t.place == 0 ? sse_takes_register(row()) : sse_takes_memory(row());
}

/* FXRSTOR, the instruction, FXSAVE, HLT. */
static void start_case(void)
{
    static const u32 places[PLACES] = {SSE_OPERAND, SSE_OPERAND, SSE_OPERAND + 4, SSE_ACROSS};
    struct cpu *cpu = exec_cpu(machine.exec);
    u8 code[CODE_STEP];
    size_t size = sse_put_state(code, 1, SSE_IMAGE);

    t.start = sse_random_state(places[t.place], t.masked);
    t.size = sse_put_insn(t.insn, row(), t.place > 0, &t.start);
    memcpy(code + size, t.insn, t.size);
    size += t.size;
    size += sse_put_state(code + size, 0, SSE_IMAGE);
    code[size++] = 0xf4;
    t.code += CODE_STEP;
    if (t.code >= CODE_END)
        t.code = CODE;
    machine_put(t.code, code, size);
    machine_put(SSE_IMAGE, t.start.image, FXSAVE_SIZE);
    machine_put(t.start.at - SSE_WINDOW / 2, t.start.window, SSE_WINDOW);
    memcpy(cpu->regs, t.start.regs, sizeof t.start.regs);
    cc_set(cpu, t.start.flags);
    cpu->eip = t.code;
}

/* After a fault nothing has been stored: FXSAVE, and what comes behind it, alone. */
static void save_after_fault(struct cpu *cpu, int vector)
{
    u32 error = exception_has_error((unsigned)vector) ? 4 : 0, eip, flags;

    machine_get(&eip, cpu->regs[ESP] + error, 4);
    machine_get(&flags, cpu->regs[ESP] + error + 8, 4);
    ck_assert_uint_eq(eip, t.code + 7);
    cpu->regs[ESP] += error + 12;
    cc_set(cpu, flags & FLAGS_ARITH);
    cpu->eip = t.code + 7 + (u32)t.size;
}

static void check_case(const struct cpu *cpu, int fault)
{
    struct sse_state guest = t.start;

    machine_get(guest.image, SSE_IMAGE, FXSAVE_SIZE);
    machine_get(guest.window, t.start.at - SSE_WINDOW / 2, SSE_WINDOW);
    memcpy(guest.regs, cpu->regs, sizeof guest.regs);
    guest.flags = cc_get(cpu);
    guest.fault = fault;
    sse_check(row()->name, t.insn, t.size, &t.start, &guest);
    t.done++;
}

/* False after the last. */
static bool next_case(void)
{
    if (++t.round < ROUNDS)
        return true;
    t.round = 0;
    do {
        if (++t.place == PLACES) {
            t.place = 0;
            if (++t.row == sse_row_count)
                return false;
        }
    } while (!case_exists());
    return true;
}

static void halted(void)
{
    static int fault = -1;
    struct cpu *cpu = exec_cpu(machine.exec);
    int vector = vector_taken(cpu);

    if (vector >= 0) {
        fault = vector;
        save_after_fault(cpu, vector);
        return;
    }
    check_case(cpu, fault);
    fault = -1;
    if (next_case())
        start_case();
    else
        exec_stop(machine.exec);
}

static void run_all(enum jit jit, bool masked)
{
    memset(&t, 0, sizeof t);
    machine_create(jit, halted);
    make_tables();
    t.masked = masked;
    t.code = CODE;
    start_case();
    exec_run(machine.exec);
    ck_assert_uint_ge(t.done, sse_row_count * ROUNDS);
    machine_destroy();
}

static const enum jit engines[] = {JIT_TEMPLATE, JIT_INTERP, JIT_IR};
enum { ENGINES = sizeof engines / sizeof *engines };

START_TEST(test_masked)
{
    run_all(engines[_i], true);
}
END_TEST

START_TEST(test_unmasked)
{
    run_all(engines[_i], false);
}
END_TEST

Suite *sse_code_suite(void)
{
    Suite *suite = suite_create("SSE code");
    TCase *c = tcase_create("SSE code");

    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, test_masked, 0, ENGINES);
    tcase_add_loop_test(c, test_unmasked, 0, ENGINES);
    suite_add_tcase(suite, c);
    return suite;
}
