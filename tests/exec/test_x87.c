/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * x87 instructions done by helper_x87 against the host CPU doing the same bytes in 32-bit code,
 * from random states: FRSTOR, the instruction, FNSAVE. FNSAVE does not wait, so the host shows
 * what unmasked exceptions leave behind, too.
 */
#include "exec/i386/fpu.h"
#include "ops/i386/x87_insn.h"
#include "tests/exec/bare_cpu.h"
#include "tests/exec/native.h"

#include <string.h>

enum {
    IMAGE = NATIVE_DATA,         /* FRSTOR's and FNSAVE's */
    OPERAND = NATIVE_DATA + 128, /* of the instruction under test */
    OPERAND_SIZE = 16,
    IMAGE_SIZE = 108,
    POINTERS = 12, /* offset of the pointers in it */
    REGISTERS = 28,
    ROUNDS = 200,
};

/* What an instruction starts from and what it leaves. */
struct x87_state {
    u8 image[IMAGE_SIZE];
    u8 operand[OPERAND_SIZE];
    u32 flags;
};

/* --- states --- */

static const struct {
    u16 sign_exponent;
    u64 significand;
} values[] = {
    {0x0000, 0},                  /* 0 */
    {0x3fff, 0x8000000000000000}, /* 1 */
    {0x4000, 0xc90fdaa22168c235}, /* pi */
    {0x3ffe, 0xb504f333f9de6484}, /* sqrt 1/2 */
    {0x0000, 1},                  /* the least denormal */
    {0x0000, 0x7fffffffffffffff}, /* the greatest */
    {0x0000, 0x8000000000000000}, /* a pseudo-denormal */
    {0x0001, 0x8000000000000000}, /* the least normal */
    {0x7ffe, 0xffffffffffffffff}, /* the greatest */
    {0x7fff, 0x8000000000000000}, /* infinity */
    {0x7fff, 0xc000000000000000}, /* the default NaN */
    {0x7fff, 0xc000000000001234}, /* another quiet NaN */
    {0x7fff, 0x8000000000004321}, /* a signalling NaN */
    {0x7fff, 0x0000000000000001}, /* a pseudo-NaN */
    {0x4000, 0x4000000000000000}, /* an unnormal */
    {0x403e, 0x8000000000000000}, /* 2^63 */
    {0x401e, 0x8000000000000000}, /* 2^31 */
    {0x401d, 0xffffffff00000000}, /* just below 2^31 */
    {0x400d, 0xfffe000000000000}, /* 32767 */
    {0x3ffe, 0x8000000000000000}, /* 1/2 */
    {0x407e, 0xffffff8000000000}, /* beyond single precision */
    {0x43fe, 0xfffffffffffffc00}, /* beyond double precision */
    {0x3f6b, 0x8000000000000000}, /* below single precision */
    {0x3c00, 0x8000000000000001}, /* below double precision */
};
enum { VALUES = sizeof values / sizeof *values };

static u64 random64(void)
{
    return (u64)bare_random() << 32 | bare_random();
}

static void random_register(u8 *to)
{
    u16 sign_exponent = (u16)(0x3fff - 40 + bare_random() % 80);
    u64 significand = random64() | 1ull << 63;

    if (bare_random() % 2) {
        unsigned i = bare_random() % VALUES;
        sign_exponent = values[i].sign_exponent;
        significand = values[i].significand;
    }
    if (bare_random() % 2)
        sign_exponent ^= 0x8000;
    memcpy(to, &significand, 8);
    memcpy(to + 8, &sign_exponent, 2);
}

static void put32(u8 *to, u32 value)
{
    memcpy(to, &value, 4);
}

static u32 get32(const u8 *from)
{
    u32 value;
    memcpy(&value, from, 4);
    return value;
}

static u16 random_tags(void)
{
    u16 tags = 0;
    for (unsigned i = 0; i < 8; i++)
        if (bare_random() % 4 == 0)
            tags |= 3u << 2 * i;
    return tags;
}

/* Operands in memory: something of every format. */
static void random_operand(u8 *to)
{
    u64 specials[] = {0,
                      0x3ff0000000000000,
                      0x7ff0000000000000,
                      0x7ff8000000000000,
                      0x7ff4000000000000,
                      1,
                      0x7fc00000,
                      0x7fa00000,
                      0x7f800000,
                      0x80000000,
                      0x8000000000000000,
                      0x3f800000};

    random_register(to);
    if (bare_random() % 2)
        memcpy(to, &specials[bare_random() % (sizeof specials / sizeof *specials)], 8);
    memset(to + 10, 0xaa, OPERAND_SIZE - 10);
}

/* `masks` are the exceptions masked; only those may have been flagged before. */
static struct x87_state random_state(u16 masks)
{
    struct x87_state s;
    u32 r = bare_random();
    u16 precision = (r & 3) == 1 ? 3 : r & 3;

    put32(s.image, 0xffff0040 | masks | precision << 8 | (r >> 2 & 3) << 10);
    put32(s.image + 4, 0xffff0000 | (bare_random() & 0x7f00) | (bare_random() & masks & 0x3f));
    put32(s.image + 8, 0xffff0000 | random_tags());
    memset(s.image + POINTERS, 0, REGISTERS - POINTERS);
    for (unsigned i = 0; i < 8; i++)
        random_register(s.image + REGISTERS + i * 10);
    random_operand(s.operand);
    s.flags = bare_random() & FLAGS_ARITH;
    return s;
}

/* --- the two ways --- */

static u8 *native_memory(u32 at)
{
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): memory mapped at a chosen place */
    return (u8 *)(uintptr_t)at;
}

static size_t put_operand(u8 *to, u8 escape, u8 reg, u32 address)
{
    to[0] = escape;
    to[1] = (u8)(reg << 3 | 5);
    put32(to + 2, address);
    return 6;
}

/* The instruction's bytes: memory operands are at OPERAND. */
static size_t assemble(u8 *to, u32 insn)
{
    u8 escape = (u8)(0xd8 | x87_escape(insn));
    if (x87_is_memory(insn))
        return put_operand(to, escape, (u8)x87_reg(insn), OPERAND);
    to[0] = escape;
    to[1] = (u8)x87_modrm(insn);
    return 2;
}

static void run_native(u32 insn, struct x87_state *s)
{
    struct native_state n = {.flags = s->flags};
    u8 code[32], nop = 0x90;
    size_t size;

    ck_assert(native_run(&nop, 1, &n)); /* maps the memory */
    n.flags = s->flags;
    memcpy(native_memory(IMAGE), s->image, IMAGE_SIZE);
    memcpy(native_memory(OPERAND), s->operand, OPERAND_SIZE);
    size = put_operand(code, 0xdd, 4, IMAGE);
    size += assemble(code + size, insn);
    size += put_operand(code + size, 0xdd, 6, IMAGE);
    ck_assert(native_run(code, size, &n));
    memcpy(s->image, native_memory(IMAGE), IMAGE_SIZE);
    memcpy(s->operand, native_memory(OPERAND), OPERAND_SIZE);
    s->flags = n.flags;
}

static void poke_bytes(u32 to, const u8 *bytes, size_t size)
{
    ck_assert(memory_copy_in(bare.memory, to, bytes, size));
}

static int x87(u32 insn, u32 address)
{
    bare.cpu->regs[T0] = address;
    return bare_try(helper_x87, insn, 0);
}

static bool is_compare(u32 insn)
{
    return (x87_escape(insn) == 3 || x87_escape(insn) == 7) && x87_modrm(insn) >= 0xe8 &&
           x87_modrm(insn) < 0xf8;
}

static bool is_move(u32 insn)
{
    return (x87_escape(insn) == 2 || x87_escape(insn) == 3) && x87_modrm(insn) >= 0xc0 &&
           x87_modrm(insn) < 0xe0;
}

/* The condition of FCMOVcc: B, E, BE, U and their opposites. */
static bool move_condition(u32 insn, u32 flags)
{
    static const u32 tested[] = {FLAG_CF, FLAG_ZF, FLAG_CF | FLAG_ZF, FLAG_PF};
    bool holds = flags & tested[x87_reg(insn) & 3];
    return holds != (x87_escape(insn) == 3);
}

static const u32 frstor = 5 << 8 | 4 << 3, fnsave = 5 << 8 | 6 << 3, fldenv = 1 << 8 | 4 << 3,
                 fldcw = 1 << 8 | 5 << 3, fnstenv = 1 << 8 | 6 << 3, fnstcw = 1 << 8 | 7 << 3,
                 fnstsw = 5 << 8 | 7 << 3, fnclex = 3 << 8 | 0xe2, fninit = 3 << 8 | 0xe3,
                 fld1 = 1 << 8 | 0xe8, fldz = 1 << 8 | 0xee, fdivp = 6 << 8 | 0xf9,
                 fnstsw_ax = 7 << 8 | 0xe0, fstp_m64 = 5 << 8 | 3 << 3;

static void run_guest(u32 insn, struct x87_state *s)
{
    u32 operand = is_move(insn) ? move_condition(insn, s->flags) : OPERAND;

    poke_bytes(IMAGE, s->image, IMAGE_SIZE);
    poke_bytes(OPERAND, s->operand, OPERAND_SIZE);
    cc_set(bare.cpu, s->flags);
    ck_assert_int_eq(x87(frstor, IMAGE), NOT_RAISED);
    bare.cpu->regs[T0] = operand;
    ck_assert_int_eq(bare_try(is_compare(insn) ? helper_x87_flags : helper_x87, insn, 0),
                     NOT_RAISED);
    ck_assert_int_eq(x87(fnsave, IMAGE), NOT_RAISED);
    ck_assert(memory_copy_out(bare.memory, s->image, IMAGE, IMAGE_SIZE));
    ck_assert(memory_copy_out(bare.memory, s->operand, OPERAND, OPERAND_SIZE));
    memset(s->image + POINTERS, 0, REGISTERS - POINTERS);
    s->flags = cc_get(bare.cpu);
}

static void print_state(const char *name, const struct x87_state *s)
{
    fprintf(stderr, "%s: control %04x status %04x tags %04x flags %03x memory %08x%08x\n", name,
            get32(s->image) & 0xffff, get32(s->image + 4) & 0xffff, get32(s->image + 8) & 0xffff,
            s->flags, get32(s->operand + 4), get32(s->operand));
    for (unsigned i = 0; i < 8; i++) {
        const u8 *r = s->image + REGISTERS + 10 * i;
        fprintf(stderr, "  st%u %04x %08x%08x\n", i, r[8] | r[9] << 8, get32(r + 4), get32(r));
    }
}

static bool same(const struct x87_state *a, const struct x87_state *b)
{
    return !memcmp(a->image, b->image, POINTERS) &&
           !memcmp(a->image + REGISTERS, b->image + REGISTERS, IMAGE_SIZE - REGISTERS) &&
           !memcmp(a->operand, b->operand, OPERAND_SIZE) && a->flags == b->flags;
}

static void compare(u32 insn, u16 masks)
{
    struct x87_state start = random_state(masks), native = start, guest = start;

    fpu_enter(bare.cpu);
    run_guest(insn, &guest);
    fpu_leave(bare.cpu);
    run_native(insn, &native);
    if (same(&native, &guest))
        return;
    print_state("before", &start);
    print_state("host", &native);
    print_state("guest", &guest);
    ck_abort_msg("x87 instruction %02x %02x differs", 0xd8 | x87_escape(insn), x87_modrm(insn));
}

/* --- the instructions --- */

static const struct {
    u16 insn;
    u8 encodings; /* with ST(0) to ST(7) */
} arithmetic[] = {
#define X87_STACK(name, escape, modrm)           {x87_row(escape, modrm), 8},
#define X87_COMPARE(name, escape, modrm)         {x87_row(escape, modrm), 8},
#define X87_MOVE(escape, modrm, condition)       {x87_row(escape, modrm), 8},
#define X87_PLAIN(name, escape, modrm)           {x87_row(escape, modrm), 1},
#define X87_LOAD(name, escape, reg, type, insn)  {x87_row(escape, (reg) << 3), 1},
#define X87_STORE(name, escape, reg, type, insn) {x87_row(escape, (reg) << 3), 1},
#define x87_row(escape, modrm)                   ((escape)&7) << 8 | (modrm)
#include "ops/i386/x87.def"
#undef x87_row
};
enum { ARITHMETIC = sizeof arithmetic / sizeof *arithmetic };

static u32 pick(unsigned row)
{
    return arithmetic[row].insn + bare_random() % arithmetic[row].encodings;
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
        compare(pick((unsigned)_i), bare_random() & X87_EXCEPTIONS);
}
END_TEST

/* The control word's reserved bits, FNSTCW, FNSTSW, FNCLEX, FNINIT. */
START_TEST(test_control)
{
    static const u32 insns[] = {fnstcw, fnstsw, fnclex, fninit, 3 << 8 | 0xe0, 3 << 8 | 0xe1};
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned i = 0; i < sizeof insns / sizeof *insns; i++)
            compare(insns[i], bare_random() & X87_EXCEPTIONS);
    for (unsigned round = 0; round < ROUNDS; round++)
        compare(fldcw, X87_EXCEPTIONS);
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
    bare.cpu->eip = 0x1234;
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
    bare.cpu->eip = 0x5678;
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
    bare.cpu->eip = 0xfffe;
    bare.cpu->regs[T1] = 0xa7f;
    ck_assert_int_eq(x87(insn, 0), NOT_RAISED);
    ck_assert_uint_eq(bare.cpu->eip, 0xfffe);
    bare.cpu->regs[T1] = 0x27e;
    ck_assert_int_eq(x87(insn, 0), LEFT);
    ck_assert_uint_eq(bare.cpu->eip, 1);
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
    struct fpu *f = &bare.cpu->fpu;
    f->opcode = 0x5ab;
    f->code_selector = 0x1234;
    f->code_offset = 0x89abcdef;
    f->data_selector = 0x4321;
    f->data_offset = 0x76543210;
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
    ck_assert_uint_eq(bare.cpu->fpu.code_offset, 0);
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
    tcase_add_loop_test(c, test_masked, 0, ARITHMETIC);
    tcase_add_loop_test(c, test_unmasked, 0, ARITHMETIC);
    tcase_add_test(c, test_control);
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
