/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MMX and SSE instructions as guest code, translated and run by each engine, against the host CPU:
 * every row of insns.def, with registers and with memory, with exceptions masked and unmasked.
 */
#include "exec/i386/sse.h"
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
    if (cpu->core.pc < HANDLERS || cpu->core.pc >= HANDLERS + 32 * 16)
        return -1;
    return (int)((cpu->core.pc - 1 - HANDLERS) / 16);
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
    cpu->core.pc = t.code;
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
    cpu->core.pc = t.code + 7 + (u32)t.size;
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

/* --- where the processor is told not to (SDM vol. 3, 2.5; 13.1.3; 13.1.4) --- */

enum { REFUSED_OPERAND = 0x500000, DIVIDE_BY_ZERO_MASK = 1 << 9 };
/* [REFUSED_OPERAND] with a reg field. */
#define OPERAND(reg) 0x05 | (reg) << 3, 0, 0, 0x50, 0

static const struct refusal {
    const char *name;
    u8 insn[8], size;
    s8 em, ts, no_osfxsr, no_osxmmexcpt; /* vectors, -1: it is done */
} refusals[] = {
    {"addps", {0x0f, 0x58, 0xc0}, 3, EXC_UD, EXC_NM, EXC_UD, -1},
    {"movaps", {0x0f, 0x28, OPERAND(0)}, 7, EXC_UD, EXC_NM, EXC_UD, -1},
    {"movd to xmm0", {0x66, 0x0f, 0x6e, 0xc0}, 4, EXC_UD, EXC_NM, EXC_UD, -1},
    {"divps by zero, unmasked", {0x0f, 0x5e, 0xc1}, 3, EXC_UD, EXC_NM, EXC_UD, EXC_UD},
    {"maskmovdqu", {0x66, 0x0f, 0xf7, 0xc1}, 4, EXC_UD, EXC_NM, EXC_UD, -1},
    {"ldmxcsr", {0x0f, 0xae, OPERAND(2)}, 7, EXC_UD, EXC_NM, EXC_UD, -1},
    {"stmxcsr", {0x0f, 0xae, OPERAND(3)}, 7, EXC_UD, EXC_NM, EXC_UD, -1},
    {"por", {0x0f, 0xeb, 0xc1}, 3, EXC_UD, EXC_NM, -1, -1},
    {"pinsrw", {0x0f, 0xc4, 0xc0, 0x01}, 4, EXC_UD, EXC_NM, -1, -1},
    {"emms", {0x0f, 0x77}, 2, EXC_UD, EXC_NM, -1, -1},
    {"fxsave", {0x0f, 0xae, OPERAND(0)}, 7, EXC_NM, EXC_NM, -1, -1},
    {"movnti", {0x0f, 0xc3, OPERAND(0)}, 7, -1, -1, -1, -1},
    {"sfence", {0x0f, 0xae, 0xf8}, 3, -1, -1, -1, -1},
    {"prefetchnta", {0x0f, 0x18, OPERAND(0)}, 7, -1, -1, -1, -1},
};
enum { REFUSALS = sizeof refusals / sizeof *refusals };

static int last_vector;

static void stop_there(void)
{
    last_vector = vector_taken(exec_cpu(machine.exec));
    exec_stop(machine.exec);
}

/* The vector that comes of it with these bits of CR0 set, and those of CR4 clear. */
static int vector_under(enum jit jit, const struct refusal *r, u32 cr0, u32 not_cr4)
{
    struct cpu *cpu;

    machine_create(jit, stop_there);
    make_tables();
    cpu = exec_cpu(machine.exec);
    cpu->cr0 |= cr0;
    cpu->cr4 &= ~not_cr4;
    sse_set_mxcsr(cpu, MXCSR_RESET & ~(u32)DIVIDE_BY_ZERO_MASK);
    memset(&cpu->sse.xmm[0], 0x3f, sizeof cpu->sse.xmm[0]);
    exec_state_changed(machine.exec);
    machine_put(CODE, r->insn, r->size);
    machine_put(CODE + r->size, "\xf4", 1);
    cpu->core.pc = CODE;
    cpu->regs[ESP] = SSE_STACK;
    cpu->regs[EDI] = REFUSED_OPERAND;
    exec_run(machine.exec);
    machine_destroy();
    return last_vector;
}

static void check_vector(const struct refusal *r, enum jit jit, u32 cr0, u32 not_cr4, int due)
{
    int vector = vector_under(jit, r, cr0, not_cr4);

    ck_assert_msg(vector == due, "%s, CR0 %x, without CR4 %x: %d, not %d", r->name, cr0, not_cr4,
                  vector, due);
}

START_TEST(test_refused)
{
    const struct refusal *r = &refusals[_i % REFUSALS];
    enum jit jit = engines[_i / REFUSALS];

    check_vector(r, jit, 0, CR4_OSXMMEXCPT, r->no_osxmmexcpt);
    check_vector(r, jit, 0, CR4_OSFXSR, r->no_osfxsr);
    check_vector(r, jit, CR0_TS, 0, r->ts);
    check_vector(r, jit, CR0_EM, 0, r->em);
    check_vector(r, jit, CR0_EM | CR0_TS, 0, r->em);
}
END_TEST

Suite *sse_code_suite(void)
{
    Suite *suite = suite_create("SSE code");
    TCase *c = tcase_create("SSE code");

    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, test_masked, 0, ENGINES);
    tcase_add_loop_test(c, test_unmasked, 0, ENGINES);
    tcase_add_loop_test(c, test_refused, 0, (int)(ENGINES * REFUSALS));
    suite_add_tcase(suite, c);
    return suite;
}
