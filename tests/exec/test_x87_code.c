/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * x87 instructions as guest code, translated and run by each engine, against the host CPU. Each
 * ends in HLT; the board's idle callback looks at the result and sets up the next.
 */
#include "exec/exec.h"
#include "exec/i386/fpu.h"
#include "exec/i386/i386.h"
#include "tests/exec/x87_state.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum {
    RAM = 16 << 20,
    CODE = 0x400000,
    CODE_STEP = 64,
    CODE_END = RAM - 4096,
    ROUNDS = 8,
    DISPLACEMENT = 0x24,
    VARIANTS = 11, /* of an address: base registers, an absolute one, one with an index, */
    ABSOLUTE = 8,
    INDEXED = 9,
    ACROSS = 10, /* one across pages, which no TLB answers */
};

static struct {
    struct exec *exec;
    struct memory *memory;
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
    struct cpu *cpu = exec_cpu(t.exec);

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
    ck_assert(memory_copy_in(t.memory, t.code, code, size));
}

/* --- cases, one after the other --- */

static void start_case(void)
{
    struct cpu *cpu = exec_cpu(t.exec);

    t.start = x87_random_state(t.masked ? X87_EXCEPTIONS : x87_random() & X87_EXCEPTIONS);
    t.start.at = operand_address();
    ck_assert(memory_copy_in(t.memory, IMAGE, t.start.image, IMAGE_SIZE));
    ck_assert(memory_copy_in(t.memory, t.start.at, t.start.operand, OPERAND_SIZE));
    cc_set(cpu, t.start.flags);
    cpu->halted = false;
    cpu->eip = t.code;
}

static void check_case(void)
{
    struct x87_state guest = t.start;

    ck_assert(memory_copy_out(t.memory, guest.image, IMAGE, IMAGE_SIZE));
    ck_assert(memory_copy_out(t.memory, guest.operand, t.start.at, OPERAND_SIZE));
    memset(guest.image + POINTERS, 0, REGISTERS - POINTERS);
    guest.flags = cc_get(exec_cpu(t.exec));
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

/* --- the board --- */

static void idle(void *board)
{
    (void)board;
    fpu_leave(exec_cpu(t.exec)); /* the host does the same instruction */
    check_case();
    if (next_case())
        start_case();
    else
        exec_stop(t.exec);
    fpu_enter(exec_cpu(t.exec));
}

static void service(void *board)
{
    (void)board;
}

static u32 no_port_read(void *board, u16 port, unsigned size)
{
    (void)board, (void)size;
    ck_abort_msg("read of port %x", port);
}

static void no_port_write(void *board, u16 port, u32 value, unsigned size)
{
    (void)board, (void)value, (void)size;
    ck_abort_msg("write to port %x", port);
}

static int no_interrupt(void *board)
{
    (void)board;
    ck_abort_msg("INTA without an interrupt");
}

static void no_reset(void *board)
{
    (void)board;
    ck_abort_msg("triple fault at %08x", exec_cpu(t.exec)->eip);
}

static u64 no_clock(void *board)
{
    (void)board;
    return 0;
}

static const struct board board = {
    .port_read = no_port_read,
    .port_write = no_port_write,
    .acknowledge = no_interrupt,
    .service = service,
    .idle = idle,
    .reset = no_reset,
    .clock = no_clock,
};

/* --- the tests --- */

static void flat_segment(struct segment *s, u16 type)
{
    s->base = 0;
    s->limit = ~0u;
    s->selector = 8;
    s->attr = SEG_PRESENT | SEG_S | SEG_ACCESSED | SEG_D | SEG_G | type;
    segment_update_bounds(s);
}

static void set_up(enum jit jit)
{
    struct exec_options options = {.jit = jit, .cache_size = 16 << 20};
    const char *error = NULL;
    struct cpu *cpu;

    memset(&t, 0, sizeof t);
    t.memory = memory_create(RAM, &error);
    ck_assert_msg(t.memory != NULL, "%s", error);
    t.exec = exec_create(&options, t.memory, &board, &error);
    ck_assert_msg(t.exec != NULL, "%s", error);
    cpu = exec_cpu(t.exec);
    for (unsigned i = 0; i < SEGMENTS; i++)
        flat_segment(&cpu->seg[i], SEG_WRITABLE);
    flat_segment(&cpu->seg[CS], SEG_CODE | SEG_READABLE);
    cpu->cr0 = CR0_PE | CR0_ET | CR0_NE;
    exec_state_changed(t.exec);
}

static void run_all(enum jit jit, bool masked)
{
    set_up(jit);
    t.masked = masked;
    t.insn = x87_rows[0].insn;
    t.code = CODE;
    write_code();
    start_case();
    exec_run(t.exec);
    ck_assert_uint_ge(t.done, x87_row_count * ROUNDS);
    exec_destroy(t.exec);
    memory_destroy(t.memory);
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

int main(void)
{
    Suite *suite = suite_create("x87 code");
    TCase *c = tcase_create("x87 code");
    SRunner *runner;
    int failed;

    tcase_set_timeout(c, 60);
    tcase_add_test(c, test_template_masked);
    tcase_add_test(c, test_template_unmasked);
    tcase_add_test(c, test_interp_masked);
    tcase_add_test(c, test_interp_unmasked);
    suite_add_tcase(suite, c);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
