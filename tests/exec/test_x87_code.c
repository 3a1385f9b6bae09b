/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * x87 instructions as guest code, translated and run by each engine, against the host CPU. Each
 * ends in HLT, where the result is looked at and the next set up.
 */
#include "tests/exec/machine.h"
#include "tests/exec/x87_state.h"

#include <string.h>

enum {
    CODE = 0x400000,
    CODE_STEP = 64,
    CODE_END = MACHINE_RAM - 4096,
    ROUNDS = 8,
    DISPLACEMENT = 0x24,
    VARIANTS = 11, /* of an address: base registers, an absolute one, one with an index, */
    ABSOLUTE = 8,
    INDEXED = 9,
    ACROSS = 10, /* one across pages, which no TLB answers */
};

static struct {
    bool masked;
    unsigned row, encoding, variant, round, done;
    u32 insn, code;
    struct x87_state start;
} t;

/* --- code --- */

static u32 operand_address(void)
{
    return t.variant == ACROSS ? OPERAND_ACROSS : OPERAND;
}

/* [base + 24h], [absolute] or [ecx * 4 + absolute]. */
static size_t put_variant(u8 *to, u8 escape, u8 reg, unsigned variant)
{
    struct cpu *cpu = exec_cpu(machine.exec);

    if (variant == ABSOLUTE || variant == ACROSS)
        return x87_put_operand(to, escape, reg, operand_address());
    *to++ = escape;
    if (variant == INDEXED) {
        to[0] = (u8)(reg << 3 | 4);
        to[1] = 2 << 6 | ECX << 3 | 5;
        x87_put32(to + 2, OPERAND - 0x100 * 4);
        cpu->regs[ECX] = 0x100;
        return 7;
    }
    cpu->regs[variant] = OPERAND - DISPLACEMENT;
    *to++ = (u8)(1 << 6 | reg << 3 | variant);
    if (variant == ESP)
        *to++ = 0x24;
    *to = DISPLACEMENT;
    return variant == ESP ? 4 : 3;
}

static size_t put_insn(u8 *to, u32 insn, unsigned variant)
{
    u8 escape = (u8)(0xd8 | x87_escape(insn));

    if (x87_is_memory(insn))
        return put_variant(to, escape, (u8)x87_reg(insn), variant);
    to[0] = escape;
    to[1] = (u8)x87_modrm(insn);
    return 2;
}

/* FRSTOR, the instruction, FNSAVE, HLT. */
static void write_code(void)
{
    u8 code[CODE_STEP];
    size_t size = x87_put_operand(code, 0xdd, 4, IMAGE);

    size += put_insn(code + size, t.insn, t.variant);
    size += x87_put_operand(code + size, 0xdd, 6, IMAGE);
    code[size++] = 0xf4;
    t.code += CODE_STEP;
    ck_assert_uint_lt(t.code, CODE_END);
    machine_put(t.code, code, size);
}

/* --- cases, one after the other --- */

static void start_case(void)
{
    struct cpu *cpu = exec_cpu(machine.exec);

    t.start = x87_random_state(t.masked ? X87_EXCEPTIONS : x87_random() & X87_EXCEPTIONS);
    t.start.at = operand_address();
    machine_put(IMAGE, t.start.image, IMAGE_SIZE);
    machine_put(t.start.at, t.start.operand, OPERAND_SIZE);
    cc_set(cpu, t.start.flags);
    cpu->core.pc = t.code;
}

static void check_case(void)
{
    struct x87_state guest = t.start;

    machine_get(guest.image, IMAGE, IMAGE_SIZE);
    machine_get(guest.operand, t.start.at, OPERAND_SIZE);
    memset(guest.image + POINTERS, 0, REGISTERS - POINTERS);
    guest.flags = cc_get(exec_cpu(machine.exec));
    x87_check(t.insn, &t.start, &guest);
    t.done++;
}

static unsigned variants(void)
{
    return x87_is_memory(t.insn) ? VARIANTS : 1;
}

/* False after the last. */
static bool next_case(void)
{
    if (++t.round < ROUNDS)
        return true;
    t.round = 0;
    if (++t.variant >= variants()) {
        t.variant = 0;
        if (++t.encoding >= x87_rows[t.row].encodings) {
            t.encoding = 0;
            if (++t.row >= x87_row_count)
                return false;
        }
    }
    t.insn = x87_rows[t.row].insn + t.encoding;
    write_code();
    return true;
}

static void halted(void)
{
    check_case();
    if (next_case())
        start_case();
    else
        exec_stop(machine.exec);
}

static void run_all(enum jit jit, bool masked)
{
    memset(&t, 0, sizeof t);
    machine_create(jit, halted);
    t.masked = masked;
    t.insn = x87_rows[0].insn;
    t.code = CODE;
    write_code();
    start_case();
    exec_run(machine.exec);
    ck_assert_uint_ge(t.done, x87_row_count * ROUNDS);
    machine_destroy();
}

START_TEST(test_template_masked)
{
    run_all(JIT_TEMPLATE, true);
}
END_TEST

START_TEST(test_template_unmasked)
{
    run_all(JIT_TEMPLATE, false);
}
END_TEST

START_TEST(test_ir_masked)
{
    run_all(JIT_IR, true);
}
END_TEST

START_TEST(test_ir_unmasked)
{
    run_all(JIT_IR, false);
}
END_TEST

START_TEST(test_interp_masked)
{
    run_all(JIT_INTERP, true);
}
END_TEST

START_TEST(test_interp_unmasked)
{
    run_all(JIT_INTERP, false);
}
END_TEST

Suite *x87_code_suite(void)
{
    Suite *suite = suite_create("x87 code");
    TCase *c = tcase_create("x87 code");

    tcase_set_timeout(c, 60);
    tcase_add_test(c, test_template_masked);
    tcase_add_test(c, test_template_unmasked);
    tcase_add_test(c, test_ir_masked);
    tcase_add_test(c, test_ir_unmasked);
    tcase_add_test(c, test_interp_masked);
    tcase_add_test(c, test_interp_unmasked);
    suite_add_tcase(suite, c);
    return suite;
}
