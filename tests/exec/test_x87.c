/* SPDX-License-Identifier: GPL-3.0-or-later */
/* helper_x87 against the host CPU, and what is around instructions: exceptions, environments. */
#include "exec/i386/fpu.h"
#include "exec/i386/fpu_internal.h"
#include "tests/exec/bare_cpu.h"
#include "tests/exec/x87_state.h"

#include <string.h>

enum { ROUNDS = 200 };

static void poke_bytes(u32 to, const u8 *bytes, size_t size)
{
    ck_assert(memory_copy_in(bare.memory, to, bytes, size));
}

static int x87(u32 insn, u32 address)
{
    bare.cpu->regs[T0] = address;
    if (!x87_is_memory(insn))
        insn |= x87_encoding((u8)x87_escape(insn), (u8)x87_modrm(insn));
    return bare_try(helper_x87, insn, 0);
}

static const u32 frstor = 5 << 8 | 4 << 3, fnsave = 5 << 8 | 6 << 3, fldenv = 1 << 8 | 4 << 3,
                 fldcw = 1 << 8 | 5 << 3, fnstenv = 1 << 8 | 6 << 3, fnclex = 3 << 8 | 0xe2,
                 fninit = 3 << 8 | 0xe3, fld1 = 1 << 8 | 0xe8, fldz = 1 << 8 | 0xee,
                 fdivp = 6 << 8 | 0xf9, fnstsw_ax = 7 << 8 | 0xe0, fstp_m64 = 5 << 8 | 3 << 3;

static void run_guest(u32 insn, struct x87_state *s)
{
    u32 operand = x87_is_move(insn) ? x87_move_condition(insn, s->flags) : s->at;

    poke_bytes(IMAGE, s->image, IMAGE_SIZE);
    poke_bytes(s->at, s->operand, OPERAND_SIZE);
    cc_set(bare.cpu, s->flags);
    ck_assert_int_eq(x87(frstor, IMAGE), NOT_RAISED);
    bare.cpu->regs[T0] = operand;
    ck_assert_int_eq(bare_try(x87_is_compare(insn) ? helper_x87_flags : helper_x87, insn, 0),
                     NOT_RAISED);
    ck_assert_int_eq(x87(fnsave, IMAGE), NOT_RAISED);
    ck_assert(memory_copy_out(bare.memory, s->image, IMAGE, IMAGE_SIZE));
    ck_assert(memory_copy_out(bare.memory, s->operand, s->at, OPERAND_SIZE));
    memset(s->image + POINTERS, 0, REGISTERS - POINTERS);
    s->flags = cc_get(bare.cpu);
}

static void compare(u32 insn, u16 masks)
{
    struct x87_state start = x87_random_state(masks), guest;

    if (x87_random() % 4 == 0)
        start.at = OPERAND_ACROSS;
    guest = start;
    fpu_enter(bare.cpu);
    run_guest(insn, &guest);
    fpu_leave(bare.cpu);
    x87_check(insn, &start, &guest);
}

/* --- the instructions --- */

static u32 pick(unsigned row)
{
    ck_assert_uint_lt(row, x87_row_count);
    return x87_rows[row].insn + x87_random() % x87_rows[row].encodings;
}

static void protected_mode(void)
{
    bare_setup();
    bare.cpu->cr0 |= CR0_PE | CR0_NE;
    cpu_update_mode(bare.cpu);
}

START_TEST(test_masked)
{
    for (unsigned round = 0; round < ROUNDS; round++)
        compare(pick((unsigned)_i), X87_EXCEPTIONS);
}
END_TEST

START_TEST(test_unmasked)
{
    for (unsigned round = 0; round < ROUNDS; round++)
        compare(pick((unsigned)_i), x87_random() & X87_EXCEPTIONS);
}
END_TEST

/* --- exceptions --- */

static u16 status(void)
{
    ck_assert_int_eq(x87(fnstsw_ax, 0), NOT_RAISED);
    return (u16)bare.cpu->regs[EAX];
}

static void load_control(u16 control)
{
    poke(OPERAND, control, 2);
    ck_assert_int_eq(x87(fldcw, OPERAND), NOT_RAISED);
}

/* 1 / 0, with the division by zero unmasked. */
static void divide_by_zero(void)
{
    ck_assert_int_eq(x87(fninit, 0), NOT_RAISED);
    load_control(0x37b);
    ck_assert_int_eq(x87(fld1, 0), NOT_RAISED);
    ck_assert_int_eq(x87(fldz, 0), NOT_RAISED);
    bare.cpu->core.pc = 0x1234;
    ck_assert_int_eq(x87(fdivp, 0), NOT_RAISED);
    ck_assert_int_eq(status(), 0xb084);
}

START_TEST(test_error_is_reported_late)
{
    fpu_enter(bare.cpu);
    divide_by_zero();
    ck_assert_int_eq(x87(fld1, 0), EXC_MF);
    ck_assert_int_eq(x87(X87_WAIT, 0), EXC_MF);
    ck_assert_int_eq(x87(fldcw, OPERAND), EXC_MF);
    ck_assert_int_eq(status(), 0xb084);
    ck_assert_int_eq(x87(fnclex, 0), NOT_RAISED);
    ck_assert_int_eq(x87(X87_WAIT, 0), NOT_RAISED);
    ck_assert_int_eq(status(), 0x3000);
}
END_TEST

START_TEST(test_error_says_where)
{
    fpu_enter(bare.cpu);
    divide_by_zero();
    bare.cpu->core.pc = 0x5678;
    ck_assert_int_eq(x87(fnstenv, OPERAND), NOT_RAISED);
    ck_assert_uint_eq(peek(OPERAND, 4), 0xffff037b);
    ck_assert_uint_eq(peek(OPERAND + 4, 4), 0xffffb084);
    ck_assert_uint_eq(peek(OPERAND + 12, 4), 0x1234);
    ck_assert_uint_eq(peek(OPERAND + 16, 4), 0x06f90000 | bare.cpu->seg[CS].selector);
    /* and FNSTENV masks it */
    ck_assert_int_eq(x87(X87_WAIT, 0), NOT_RAISED);
    ck_assert_int_eq(bare.cpu->fpu.control, 0x37f);
    ck_assert(!(cpu_mode(bare.cpu) & MODE_FPU_TRAP));
}
END_TEST

/* CR0.NE = 0: FERR# and IRQ 13, as on a PC/AT. */
START_TEST(test_error_by_irq13)
{
    bare.cpu->cr0 &= ~(u32)CR0_NE;
    bare.may_leave = true;
    fpu_enter(bare.cpu);
    divide_by_zero();
    ck_assert(!bare.ferr);
    ck_assert_int_eq(x87(fld1, 0), LEFT);
    ck_assert(bare.ferr);
    bare.ignne = true;
    ck_assert_int_eq(x87(fld1, 0), NOT_RAISED);
    ck_assert(bare.ferr);
    ck_assert_int_eq(status(), 0xa884);
    ck_assert_int_eq(x87(fnclex, 0), NOT_RAISED);
    ck_assert(!bare.ferr);
}
END_TEST

/* A control word that unmasks an exception flagged before makes it pending. */
START_TEST(test_unmasking_old_error)
{
    fpu_enter(bare.cpu);
    divide_by_zero();
    ck_assert_int_eq(x87(fnclex, 0), NOT_RAISED);
    load_control(0x37f);
    ck_assert(!(cpu_mode(bare.cpu) & MODE_FPU_TRAP));
    ck_assert_int_eq(x87(fldz, 0), NOT_RAISED);
    ck_assert_int_eq(x87(fdivp, 0), NOT_RAISED);
    ck_assert_int_eq(status() & 0x80ff, 1);
    load_control(0x37e);
    ck_assert(cpu_mode(bare.cpu) & MODE_FPU_TRAP);
    ck_assert_int_eq(status() & 0x80ff, 0x8081);
    ck_assert_int_eq(x87(fldz, 0), EXC_MF);
}
END_TEST

/* From a micro-op: the value is in T1, and the block is left behind the instruction. */
START_TEST(test_fldcw_leaves)
{
    u32 insn = fldcw | X87_IN_T1 | X87_LEAVES | 3 << X87_LENGTH_SHIFT;

    bare.may_leave = true;
    fpu_enter(bare.cpu);
    ck_assert_int_eq(x87(fninit, 0), NOT_RAISED);
    bare.cpu->core.pc = 0xfffe;
    bare.cpu->regs[T1] = 0xa7f;
    ck_assert_int_eq(x87(insn, 0), NOT_RAISED);
    ck_assert_uint_eq(bare.cpu->core.pc, 0xfffe);
    bare.cpu->regs[T1] = 0x27e;
    ck_assert_int_eq(x87(insn, 0), LEFT);
    ck_assert_uint_eq(bare.cpu->core.pc, 1);
    ck_assert_uint_eq(bare.cpu->fpu.control, 0x27e | 0x40);
}
END_TEST

/* --- memory --- */

START_TEST(test_store_that_faults_does_nothing)
{
    fpu_enter(bare.cpu);
    ck_assert_int_eq(x87(fninit, 0), NOT_RAISED);
    ck_assert_int_eq(x87(fld1, 0), NOT_RAISED);
    /* a page directory in which nothing is present */
    memory_write(bare.memory, 0x1000, 0, 4);
    bare.cpu->cr3 = 0x1000;
    bare.cpu->cr0 |= CR0_PG;
    mem_flush(bare.cpu);
    ck_assert_int_eq(x87(fstp_m64, OPERAND), EXC_PF);
    ck_assert_int_eq(x87(fnsave, OPERAND), EXC_PF);
    ck_assert_int_eq(x87(frstor, OPERAND), EXC_PF);
    ck_assert_int_eq(x87(fldenv, OPERAND), EXC_PF);
    bare.cpu->cr0 &= ~(u32)CR0_PG;
    mem_flush(bare.cpu);
    ck_assert_int_eq(status(), 0x3800);
    ck_assert_int_eq(x87(fstp_m64, OPERAND), NOT_RAISED);
    ck_assert_uint_eq(peek(OPERAND + 4, 4), 0x3ff00000);
    ck_assert_int_eq(status(), 0);
}
END_TEST

/* The formats of SDM vol. 1, figures 8-9 to 8-12, with pointers that tell their parts apart. */
static void set_pointers(void)
{
    fpu_set_last(bare.cpu, (struct fpu_last){
                               .opcode = 0x5ab,
                               .code_selector = 0x1234,
                               .code_offset = 0x89abcdef,
                               .data_selector = 0x4321,
                               .data_offset = 0x76543210,
                           });
}

static void check_environment(u32 insn, const u32 *expected, unsigned size)
{
    set_pointers();
    ck_assert_int_eq(x87(insn, OPERAND), NOT_RAISED);
    for (unsigned i = 0; i < 7; i++)
        ck_assert_uint_eq(peek(OPERAND + i * size, size), expected[i]);
}

START_TEST(test_environment_formats)
{
    static const u32 linear32[] = {0xffff037f, 0xffff3800, 0xffff3fff, 0xf12f,
                                   0x89ac5ab,  0x6420,     0x7658000};
    static const u32 protected32[] = {0xffff037f, 0xffff3800, 0xffff3fff, 0x89abcdef,
                                      0x05ab1234, 0x76543210, 0xffff4321};
    static const u32 linear16[] = {0x037f, 0x3800, 0x3fff, 0xf12f, 0xc5ab, 0x6420, 0x8000};
    static const u32 protected16[] = {0x037f, 0x3800, 0x3fff, 0xcdef, 0x1234, 0x3210, 0x4321};

    fpu_enter(bare.cpu);
    ck_assert_int_eq(x87(fninit, 0), NOT_RAISED);
    ck_assert_int_eq(x87(fld1, 0), NOT_RAISED);
    check_environment(fnstenv, protected32, 4);
    check_environment(fnstenv | X87_OPSIZE16, protected16, 2);
    bare.cpu->cr0 &= ~(u32)CR0_PE;
    cpu_update_mode(bare.cpu);
    check_environment(fnstenv, linear32, 4);
    check_environment(fnstenv | X87_OPSIZE16, linear16, 2);
}
END_TEST

/* What was stored comes back, in each format. */
START_TEST(test_save_and_restore)
{
    u32 format = _i & 1 ? X87_OPSIZE16 : 0;
    u8 first[IMAGE_SIZE] = {0}, second[IMAGE_SIZE] = {0};
    unsigned size = format ? 94 : 108;

    if (_i & 2) {
        bare.cpu->cr0 &= ~(u32)CR0_PE;
        cpu_update_mode(bare.cpu);
    }
    fpu_enter(bare.cpu);
    ck_assert_int_eq(x87(fninit, 0), NOT_RAISED);
    ck_assert_int_eq(x87(fldz, 0), NOT_RAISED);
    ck_assert_int_eq(x87(fld1, 0), NOT_RAISED);
    set_pointers();
    ck_assert_int_eq(x87(fnsave | format, IMAGE), NOT_RAISED);
    ck_assert(memory_copy_out(bare.memory, first, IMAGE, size));
    ck_assert_uint_eq(status(), 0);
    ck_assert_uint_eq(fpu_last(bare.cpu).code_offset, 0);
    ck_assert_int_eq(x87(frstor | format, IMAGE), NOT_RAISED);
    ck_assert_uint_eq(status(), 0x3000);
    ck_assert_int_eq(x87(fnsave | format, IMAGE), NOT_RAISED);
    ck_assert(memory_copy_out(bare.memory, second, IMAGE, size));
    ck_assert_mem_eq(first, second, size);
    ck_assert_int_eq(x87(fldenv | format, IMAGE), NOT_RAISED);
    ck_assert_uint_eq(status(), 0x3000);
}
END_TEST

/* --- the state as a whole --- */

START_TEST(test_reset)
{
    fpu_enter(bare.cpu);
    ck_assert(cpu_mode(bare.cpu) & MODE_FPU_TRAP);
    ck_assert_int_eq(x87(fnstenv, OPERAND), NOT_RAISED);
    ck_assert_uint_eq(peek(OPERAND, 4), 0xffff0040);
    ck_assert_uint_eq(peek(OPERAND + 4, 4), 0xffff0000);
    ck_assert_uint_eq(peek(OPERAND + 8, 4), 0xffff5555);
    ck_assert_int_eq(x87(fninit, 0), NOT_RAISED);
    ck_assert_int_eq(x87(fld1, 0), NOT_RAISED);
    cpu_reset_state(bare.cpu); /* with the state on the host, too */
    ck_assert_uint_eq(status(), 0);
    ck_assert_uint_eq(bare.cpu->fpu.control, 0x40);
}
END_TEST

/* Two guests in turns; in between the host has its own x87. */
START_TEST(test_enter_and_leave)
{
    u8 one[FPU_IMAGE];
    volatile long double host = 1;

    fpu_enter(bare.cpu);
    ck_assert_int_eq(x87(fninit, 0), NOT_RAISED);
    ck_assert_int_eq(x87(fld1, 0), NOT_RAISED);
    fpu_leave(bare.cpu);
    memcpy(one, bare.cpu->fpu.image, sizeof one);
    host /= 3;
    fpu_enter(bare.cpu);
    ck_assert_int_eq(x87(fninit, 0), NOT_RAISED);
    fpu_leave(bare.cpu);
    ck_assert_mem_ne(one, bare.cpu->fpu.image, sizeof one);
    memcpy(bare.cpu->fpu.image, one, sizeof one);
    host /= 3;
    fpu_enter(bare.cpu);
    ck_assert_int_eq(status(), 0x3800);
    fpu_leave(bare.cpu);
    ck_assert_mem_eq(one, bare.cpu->fpu.image, sizeof one);
}
END_TEST

Suite *x87_suite(void)
{
    Suite *suite = suite_create("x87");
    TCase *c = tcase_create("x87");
    tcase_add_checked_fixture(c, protected_mode, bare_teardown);
    tcase_add_loop_test(c, test_masked, 0, (int)x87_row_count);
    tcase_add_loop_test(c, test_unmasked, 0, (int)x87_row_count);
    tcase_add_test(c, test_error_is_reported_late);
    tcase_add_test(c, test_error_says_where);
    tcase_add_test(c, test_error_by_irq13);
    tcase_add_test(c, test_unmasking_old_error);
    tcase_add_test(c, test_fldcw_leaves);
    tcase_add_test(c, test_store_that_faults_does_nothing);
    tcase_add_test(c, test_environment_formats);
    tcase_add_loop_test(c, test_save_and_restore, 0, 4);
    tcase_add_test(c, test_reset);
    tcase_add_test(c, test_enter_and_leave);
    suite_add_tcase(suite, c);
    return suite;
}
