/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The encoder: each instruction with each register, as libopcodes reads it. */
#include "exec/host/host.h"
#include "tests/ir/test_ir.h"
#include "translate/ir/x86_64/x86.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static u8 buffer[32];
static struct x86 x;

static const char *const r32[] = {"eax", "ecx", "edx",  "ebx",  "esp",  "ebp",  "esi",  "edi",
                                  "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d", "r15d"};
static const char *const r64[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                  "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
static const char *const r16[] = {"ax",  "cx",  "dx",   "bx",   "sp",   "bp",   "si",   "di",
                                  "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w"};
static const char *const r8[] = {"al",  "cl",  "dl",   "bl",   "spl",  "bpl",  "sil",  "dil",
                                 "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b", "r15b"};
static const char *const high[] = {"ah", "ch", "dh", "bh"};
static const char *const cc_names[] = {"o", "no", "b", "ae", "e", "ne", "be", "a",
                                       "s", "ns", "p", "np", "l", "ge", "le", "g"};

/* --- what was written --- */

struct reading {
    char text[128];
    unsigned insns;
};

/* The text with one space for each run of them, and none at the end. */
static void note(void *context, u64 address, size_t size, const char *text)
{
    struct reading *r = context;
    size_t used = 0;

    (void)address, (void)size;
    r->insns++;
    for (const char *p = text; *p && used + 1 < sizeof r->text; p++)
        if (*p != ' ' || (used && r->text[used - 1] != ' '))
            r->text[used++] = *p;
    while (used && r->text[used - 1] == ' ')
        used--;
    r->text[used] = '\0';
}

static void start(void)
{
    x = (struct x86){buffer, buffer + sizeof buffer, false};
}

/* All bytes since start() are one instruction, and this one. */
__attribute__((format(printf, 1, 2))) static void expect(const char *format, ...)
{
    struct reading r = {.insns = 0};
    char wanted[128];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(wanted, sizeof wanted, format, arguments);
    va_end(arguments);
    disassemble(&host_isa, buffer, 0, (size_t)(x.at - buffer), note, &r);
    ck_assert_str_eq(r.text, wanted);
    ck_assert_uint_eq(r.insns, 1);
    ck_assert(!x.full);
    start();
}

/* As it is printed. */
static const char *print_mem(struct x86_mem m)
{
    static char text[64];
    char disp[16] = "", index[16] = "";

    /* A base of RBP or R13 has a displacement even if it is 0. */
    if (m.disp || (m.base & 7) == RBP)
        snprintf(disp, sizeof disp, "%s%#x", m.disp < 0 ? "-" : "",
                 m.disp < 0 ? 0u - (u32)m.disp : (u32)m.disp);
    if (disp[0] && !m.disp)
        snprintf(disp, sizeof disp, "0x0");
    if (m.index != NO_REG)
        snprintf(index, sizeof index, ",%%%s,%u", r64[m.index], 1u << m.scale);
    snprintf(text, sizeof text, "%s(%%%s%s)", disp, r64[m.base], index);
    return text;
}

/* Calls f with each kind of memory operand. */
static void each_mem(void (*f)(struct x86_mem m))
{
    static const s32 disps[] = {0, 1, -1, 127, 128, -128, -129, 0x12345678, (s32)0x80000000};

    for (unsigned base = 0; base < HOST_REGS; base++)
        for (unsigned d = 0; d < sizeof disps / sizeof *disps; d++) {
            f((struct x86_mem){base, NO_REG, 0, disps[d]});
            for (unsigned index = 0; index < HOST_REGS; index++)
                if (index != RSP)
                    f((struct x86_mem){base, index, (u8)((base + d) & 3), disps[d]});
        }
}

static const u32 immediates[] = {0,          1,          5,          0x7f,      0x80,
                                 0xffffff80, 0xffffff7f, 0xffffffff, 0x12345678};
enum { IMMEDIATES = sizeof immediates / sizeof *immediates };

/* --- moves --- */

START_TEST(moves)
{
    for (unsigned a = 0; a < HOST_REGS; a++)
        for (unsigned b = 0; b < HOST_REGS; b++) {
            x86_mov(&x, a, b);
            expect("mov %%%s,%%%s", r32[b], r32[a]);
            x86_mov_part(&x, a, b, 1);
            expect("mov %%%s,%%%s", r8[b], r8[a]);
            x86_mov_part(&x, a, b, 2);
            expect("mov %%%s,%%%s", r16[b], r16[a]);
            x86_extend(&x, a, b, 1, false);
            expect("movzbl %%%s,%%%s", r8[b], r32[a]);
            x86_extend(&x, a, b, 1, true);
            expect("movsbl %%%s,%%%s", r8[b], r32[a]);
            x86_extend(&x, a, b, 2, false);
            expect("movzwl %%%s,%%%s", r16[b], r32[a]);
            x86_extend(&x, a, b, 2, true);
            expect("movswl %%%s,%%%s", r16[b], r32[a]);
        }
}
END_TEST

START_TEST(high_bytes)
{
    for (unsigned a = RAX; a <= RBX; a++)
        for (unsigned b = RAX; b <= RBX; b++) {
            x86_mov_to_high(&x, a, b);
            expect("mov %%%s,%%%s", r8[b], high[a]);
        }
    for (unsigned a = 0; a < R8; a++)
        for (unsigned b = RAX; b <= RBX; b++) {
            x86_mov_from_high(&x, a, b);
            expect("movzbl %%%s,%%%s", high[b], r32[a]);
        }
}
END_TEST

START_TEST(constants)
{
    for (unsigned r = 0; r < HOST_REGS; r++)
        for (unsigned n = 0; n < IMMEDIATES; n++) {
            x86_mov_imm(&x, r, immediates[n]);
            expect("mov $0x%x,%%%s", immediates[n], r32[r]);
        }
    x86_push_imm(&x, 0x12345678);
    expect("push $0x12345678");
}
END_TEST

static void check_mem(struct x86_mem m)
{
    const char *at = print_mem(m);
    u8 r = (m.base + 5u) % HOST_REGS;

    x86_load(&x, r, m, 4, false);
    expect("mov %s,%%%s", at, r32[r]);
    x86_load(&x, r, m, 1, false);
    expect("movzbl %s,%%%s", at, r32[r]);
    x86_load(&x, r, m, 2, true);
    expect("movswl %s,%%%s", at, r32[r]);
    x86_load64(&x, r, m);
    expect("mov %s,%%%s", at, r64[r]);
    x86_store(&x, m, r, 4);
    expect("mov %%%s,%s", r32[r], at);
    x86_store(&x, m, r, 2);
    expect("mov %%%s,%s", r16[r], at);
    x86_store(&x, m, r, 1);
    expect("mov %%%s,%s", r8[r], at);
    x86_store_imm(&x, m, 0x12345678, 4);
    expect("movl $0x12345678,%s", at);
    x86_store_imm(&x, m, 0x1234, 2);
    expect("movw $0x1234,%s", at);
    x86_store_imm(&x, m, 0x12, 1);
    expect("movb $0x12,%s", at);
    x86_lea(&x, r, m);
    expect("lea %s,%%%s", at, r32[r]);
    x86_alu_load(&x, X86_CMP, r, m);
    expect("cmp %s,%%%s", at, r32[r]);
    x86_alu_mem_imm(&x, X86_CMP, m, 0x7f);
    expect("cmpl $0x7f,%s", at);
    x86_alu_mem_imm(&x, X86_AND, m, 0x80);
    expect("andl $0x80,%s", at);
    x86_x87_mem(&x, 0xdd, 0, m);
    expect("fldl %s", at);
}

START_TEST(memory)
{
    each_mem(check_mem);
}
END_TEST

/* --- arithmetic --- */

static const char *const alu[] = {"add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"};

START_TEST(two_registers)
{
    for (unsigned a = 0; a < HOST_REGS; a++)
        for (unsigned b = 0; b < HOST_REGS; b++) {
            for (unsigned n = X86_ADD; n <= X86_CMP; n++) {
                x86_alu(&x, (enum x86_alu)n, a, b);
                expect("%s %%%s,%%%s", alu[n], r32[b], r32[a]);
            }
            x86_test(&x, a, b);
            expect("test %%%s,%%%s", r32[b], r32[a]);
            x86_imul(&x, a, b);
            expect("imul %%%s,%%%s", r32[b], r32[a]);
            x86_imul_imm(&x, a, b, 5);
            expect("imul $0x5,%%%s,%%%s", r32[b], r32[a]);
            x86_imul_imm(&x, a, b, 0x12345);
            expect("imul $0x12345,%%%s,%%%s", r32[b], r32[a]);
            x86_bit_scan(&x, false, a, b);
            expect("bsf %%%s,%%%s", r32[b], r32[a]);
            x86_bit_scan(&x, true, a, b);
            expect("bsr %%%s,%%%s", r32[b], r32[a]);
            x86_shift_double_imm(&x, false, a, b, 7);
            expect("shld $0x7,%%%s,%%%s", r32[b], r32[a]);
            x86_shift_double_imm(&x, true, a, b, 7);
            expect("shrd $0x7,%%%s,%%%s", r32[b], r32[a]);
            x86_shift_double_cl(&x, false, a, b);
            expect("shld %%cl,%%%s,%%%s", r32[b], r32[a]);
            x86_shift_double_cl(&x, true, a, b);
            expect("shrd %%cl,%%%s,%%%s", r32[b], r32[a]);
            for (unsigned cc = CC_O; cc <= CC_G; cc++) {
                x86_cmov(&x, (enum x86_cc)cc, a, b);
                expect("cmov%s %%%s,%%%s", cc_names[cc], r32[b], r32[a]);
            }
        }
}
END_TEST

START_TEST(immediate_operands)
{
    for (unsigned r = 0; r < HOST_REGS; r++)
        for (unsigned n = 0; n < IMMEDIATES; n++) {
            for (unsigned k = X86_ADD; k <= X86_CMP; k++) {
                x86_alu_imm(&x, (enum x86_alu)k, r, immediates[n]);
                expect("%s $0x%x,%%%s", alu[k], immediates[n], r32[r]);
            }
            x86_test_imm(&x, r, immediates[n]);
            expect("test $0x%x,%%%s", immediates[n], immediates[n] < 0x80 ? r8[r] : r32[r]);
        }
}
END_TEST

START_TEST(one_register)
{
    static const char *const shifts[] = {"rol", "ror", NULL, NULL, "shl", "shr", NULL, "sar"};
    static const char *const unary[] = {NULL, NULL, "not", "neg", "mul", "imul"};
    static const char *const bits[] = {NULL, NULL, NULL, NULL, "bt", "bts", "btr", "btc"};

    for (unsigned r = 0; r < HOST_REGS; r++) {
        for (unsigned n = 0; n < 8; n++) {
            if (!shifts[n])
                continue;
            x86_shift_imm(&x, (enum x86_shift)n, r, 1);
            expect("%s %%%s", shifts[n], r32[r]);
            x86_shift_imm(&x, (enum x86_shift)n, r, 31);
            expect("%s $0x1f,%%%s", shifts[n], r32[r]);
            x86_shift_cl(&x, (enum x86_shift)n, r);
            expect("%s %%cl,%%%s", shifts[n], r32[r]);
        }
        for (unsigned n = X86_NOT; n <= X86_IMUL; n++) {
            x86_unary(&x, (enum x86_unary)n, r);
            expect("%s %%%s", unary[n], r32[r]);
        }
        for (unsigned n = X86_BT; n <= X86_BTC; n++) {
            x86_bit_imm(&x, (enum x86_bit)n, r, 31);
            expect("%s $0x1f,%%%s", bits[n], r32[r]);
            x86_bit(&x, (enum x86_bit)n, r, RDX);
            expect("%s %%edx,%%%s", bits[n], r32[r]);
            x86_bit(&x, (enum x86_bit)n, RDX, r);
            expect("%s %%%s,%%edx", bits[n], r32[r]);
        }
        x86_push(&x, r);
        expect("push %%%s", r64[r]);
        x86_pop(&x, r);
        expect("pop %%%s", r64[r]);
        x86_bswap(&x, r);
        expect("bswap %%%s", r32[r]);
        for (unsigned cc = CC_O; cc <= CC_G; cc++) {
            x86_setcc(&x, (enum x86_cc)cc, r);
            expect("set%s %%%s", cc_names[cc], r8[r]);
        }
    }
}
END_TEST

START_TEST(counts_and_x87)
{
    x86_count(&x, 0x12345678);
    expect("addq $0x1,0x12345678");
    x86_x87(&x, 0xd8, 0xc1);
    expect("fadd %%st(1),%%st");
}
END_TEST

/* --- jumps, and the end of the room --- */

START_TEST(jumps)
{
    for (unsigned cc = CC_O; cc <= CC_G; cc++) {
        x86_jump_to(x86_jcc(&x, (enum x86_cc)cc), buffer + 20);
        expect("j%s 0x00000014", cc_names[cc]);
    }
    x86_jump_to(x86_jmp(&x), buffer);
    expect("jmp 0x00000000");
}
END_TEST

/* What does not fit is not begun, and nothing behind the end is written. */
START_TEST(full)
{
    for (size_t room = 0; room < 8; room++) {
        memset(buffer, 0xcc, sizeof buffer);
        x = (struct x86){buffer, buffer + room, false};
        x86_store_imm(&x, (struct x86_mem){RCX, NO_REG, 0, 0x1000}, 1, 4); /* of 10 bytes */
        ck_assert(x.full);
        ck_assert_ptr_eq(x.at, buffer);
        for (size_t n = 0; n < sizeof buffer; n++)
            ck_assert_uint_eq(buffer[n], 0xcc);
    }
}
END_TEST

Suite *x86_suite(void)
{
    Suite *suite = suite_create("encoder");
    TCase *c = tcase_create("encoder");

    tcase_add_checked_fixture(c, start, NULL);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, moves);
    tcase_add_test(c, high_bytes);
    tcase_add_test(c, constants);
    tcase_add_test(c, memory);
    tcase_add_test(c, two_registers);
    tcase_add_test(c, immediate_operands);
    tcase_add_test(c, one_register);
    tcase_add_test(c, counts_and_x87);
    tcase_add_test(c, jumps);
    tcase_add_test(c, full);
    suite_add_tcase(suite, c);
    return suite;
}
