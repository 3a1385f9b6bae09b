/* SPDX-License-Identifier: GPL-3.0-or-later */
/* x87 code that raises exceptions, in each engine: #NM, #UD, #MF, and steps through it. */
#include "tests/exec/machine.h"

#include <stdio.h>
#include <string.h>

enum {
    GDT = 0x1000,
    IDT = 0x2000,
    HANDLERS = 0x3000, /* of 16 bytes, each a HLT */
    STACK = 0x8000,
    CONTROL = 0x9000, /* what CODE loads into the control word: division by zero unmasked */
    CODE = 0x10000,
    NONE = -1,
};

static const enum jit engines[] = {JIT_TEMPLATE, JIT_INTERP, JIT_IR};
enum { ENGINES = sizeof engines / sizeof *engines };

static struct {
    int vector; /* where the program came to: its own HLT is NONE */
    u32 eip;    /* of the instruction that raised it */
} result;

static void halted(void)
{
    const struct cpu *cpu = exec_cpu(machine.exec);

    result.vector = NONE;
    if (cpu->core.pc >= HANDLERS && cpu->core.pc < HANDLERS + 32 * 16) {
        result.vector = (int)((cpu->core.pc - 1 - HANDLERS) / 16);
        machine_get(&result.eip, cpu->regs[ESP], 4);
    }
    exec_stop(machine.exec);
}

static void make_tables(void)
{
    static const u64 gdt[] = {0, 0x00cf9b000000ffff, 0x00cf93000000ffff};
    static const u16 control = 0x37b;
    struct cpu *cpu = exec_cpu(machine.exec);

    machine_put(GDT, gdt, sizeof gdt);
    machine_put(CONTROL, &control, sizeof control);
    for (unsigned i = 0; i < 32; i++) {
        u64 gate = 0x8e0000080000 | (HANDLERS + 16 * i);
        machine_put(IDT + 8 * i, &gate, sizeof gate);
        machine_put(HANDLERS + 16 * i, "\xf4", 1);
    }
    cpu->gdt = (struct table_register){GDT, sizeof gdt - 1};
    cpu->idt = (struct table_register){IDT, 32 * 8 - 1};
    cpu->regs[ESP] = STACK;
}

/* Runs code, with a HLT behind it, in the engine of the loop test's index. */
static void run(int engine, const char *code, size_t size, u32 cr0, u32 eflags)
{
    struct cpu *cpu;

    machine_create(engines[engine], halted);
    cpu = exec_cpu(machine.exec);
    make_tables();
    machine_put(CODE, code, size);
    machine_put(CODE + (u32)size, "\xf4", 1);
    cpu->cr0 |= cr0;
    cpu->eflags |= eflags;
    exec_state_changed(machine.exec);
    cpu->core.pc = CODE;
    exec_run(machine.exec);
}

#define RUN(code, cr0, eflags) run(_i, code, sizeof(code) - 1, cr0, eflags)

static void expect(int vector, u32 offset)
{
    ck_assert_int_eq(result.vector, vector);
    if (vector != NONE)
        ck_assert_uint_eq(result.eip, CODE + offset);
    machine_destroy();
}

#define NOP    "\x90"
#define FWAIT  "\x9b"
#define FNINIT "\xdb\xe3"
#define FLDCW  "\xd9\x2d\x00\x90\x00\x00" /* the word at CONTROL */
#define FLD1   "\xd9\xe8"
#define FLDZ   "\xd9\xee"
#define FDIVP  "\xde\xf9"
#define FNSTSW "\xdf\xe0"
#define FNCLEX "\xdb\xe2"
#define DIVIDE FNINIT FLDCW FLD1 FLDZ FDIVP
enum { AFTER_DIVIDE = sizeof DIVIDE - 1 };

/* SDM vol. 3, table 2-2. */
START_TEST(test_no_device)
{
    RUN(NOP FLD1 FLD1, 0, 0);
    expect(EXC_MF, 3); /* of the first: after RESET the stack is full and nothing masked */
    RUN(NOP FLD1, CR0_TS, 0);
    expect(EXC_NM, 1);
    RUN(NOP FLD1, CR0_EM, 0);
    expect(EXC_NM, 1);
    RUN(NOP FNSTSW, CR0_EM, 0);
    expect(EXC_NM, 1);
    RUN(NOP FWAIT, CR0_TS, 0);
    expect(NONE, 0);
    RUN(NOP FWAIT, CR0_MP, 0);
    expect(NONE, 0);
    RUN(NOP FWAIT, CR0_TS | CR0_MP, 0);
    expect(EXC_NM, 1);
}
END_TEST

START_TEST(test_undefined)
{
    static const char codes[][2] = {"\xd9\xd1", "\xd9\xe2", "\xd9\xef", "\xda\xe0", "\xda\xe8",
                                    "\xda\xea", "\xdb\xe5", "\xdb\xf8", "\xdd\xf0", "\xde\xd8",
                                    "\xde\xda", "\xdf\xe1", "\xdf\xf8", "\xd9\x08", "\xdb\x20",
                                    "\xdb\x30", "\xdd\x28"};
    for (unsigned i = 0; i < sizeof codes / sizeof *codes; i++) {
        run(_i, codes[i], 2, 0, 0);
        expect(EXC_UD, 0);
    }
}
END_TEST

/* Unmasked in the middle of a block, raised at the next instruction that waits. */
START_TEST(test_error)
{
    RUN(DIVIDE NOP FLD1, 0, 0);
    expect(EXC_MF, AFTER_DIVIDE + 1);
    RUN(DIVIDE NOP FWAIT, 0, 0);
    expect(EXC_MF, AFTER_DIVIDE + 1);
    RUN(DIVIDE NOP FLDCW, 0, 0);
    expect(EXC_MF, AFTER_DIVIDE + 1);
    RUN(DIVIDE FNCLEX FLD1, 0, 0);
    expect(NONE, 0);
    RUN(DIVIDE FNINIT FLD1, 0, 0);
    expect(NONE, 0);
    RUN(DIVIDE FNSTSW, 0, 0);
    ck_assert_uint_eq(exec_cpu(machine.exec)->regs[EAX] & 0xffff, 0xb084);
    expect(NONE, 0);
}
END_TEST

/* FLDCW leaves its block when it unmasks; the trap behind it comes all the same. */
START_TEST(test_single_step)
{
    RUN(FNINIT FLDCW FLD1, 0, FLAG_TF);
    expect(EXC_DB, 2);
    RUN(FLDCW FLD1, 0, FLAG_TF);
    expect(EXC_DB, 6);
    RUN(FLD1 FLDZ, CR0_TS, FLAG_TF);
    expect(EXC_NM, 0);
}
END_TEST

static bool is_x87(const char *mnemonic)
{
    return mnemonic[0] == 'f' || strcmp(mnemonic, "emms") == 0;
}

static bool is_sse_arithmetic(const char *mnemonic)
{
    static const char *const operations[] = {"add", "sub",  "mul",  "div",    "sqrt",
                                             "min", "max",  "cmp",  "ucomis", "comis",
                                             "cvt", "hadd", "hsub", "round",  "rcp"};
    static const char *const types[] = {"ss", "sd", "ps", "pd"};
    size_t length = strlen(mnemonic);

    for (unsigned i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (strncmp(mnemonic, operations[i], strlen(operations[i])) != 0)
            continue;
        if (strncmp(mnemonic, "cvt", 3) == 0)
            return true;
        for (unsigned k = 0; k < 4; k++)
            if (length > 2 && strcmp(mnemonic + length - 2, types[k]) == 0)
                return true;
    }
    return false;
}

/*
 * What the guest's state on the host depends on: see ops/i386/x87.h and struct sse. Statistics are
 * printed when no guest runs; float_fast is another guest's, which has no state there.
 */
START_TEST(test_nobody_else_computes_in_floating_point)
{
    FILE *code = popen(
        "find " BUILD "/exec " BUILD "/translate " BUILD "/hw -name '*.o' "
        "! -name '*fpu*.o' ! -name float_fast.o ! -name stats.o ! -name quality.o -exec objdump -d "
        "--no-show-raw-insn {} +",
        "r");
    char line[512], mnemonic[64];
    unsigned instructions = 0;

    ck_assert_ptr_nonnull(code);
    while (fgets(line, sizeof line, code)) {
        const char *tab = strchr(line, '\t');
        if (!tab || sscanf(tab, "%63s", mnemonic) != 1)
            continue;
        instructions++;
        ck_assert_msg(!is_x87(mnemonic) && !is_sse_arithmetic(mnemonic), "%s", line);
    }
    ck_assert_int_eq(pclose(code), 0);
    ck_assert_uint_gt(instructions, 1000);
}
END_TEST

Suite *x87_trap_suite(void)
{
    Suite *suite = suite_create("x87 exceptions");
    TCase *c = tcase_create("x87 exceptions");

    tcase_add_loop_test(c, test_no_device, 0, ENGINES);
    tcase_add_loop_test(c, test_undefined, 0, ENGINES);
    tcase_add_loop_test(c, test_error, 0, ENGINES);
    tcase_add_loop_test(c, test_single_step, 0, ENGINES);
    tcase_add_test(c, test_nobody_else_computes_in_floating_point);
    suite_add_tcase(suite, c);
    return suite;
}
