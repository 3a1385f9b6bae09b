/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any x87 instruction, done by the host: a table of eight bytes of code for each encoding.
 *
 *   fpu_stubs_registers   test %edi, %edi; ESC, ModRM C0h..FFh; lahf; ret
 *   fpu_stubs_memory      ESC, ModRM for (%rdi) and reg 0..7; ret
 */
#include "exec/i386/fpu_host.h"

#if HOST_ASM

__asm__(".text\n"
        ".balign 8\n"
        "fpu_stubs_registers:\n"
        ".set escape, 0xd8\n"
        ".rept 8\n"
        "  .set modrm, 0xc0\n"
        "  .rept 64\n"
        "    testl %edi, %edi\n"
        "    .byte escape, modrm\n"
        "    lahf\n"
        "    ret\n"
        "    .balign 8\n"
        "    .set modrm, modrm + 1\n"
        "  .endr\n"
        "  .set escape, escape + 1\n"
        ".endr\n"
        "fpu_stubs_memory:\n"
        ".set escape, 0xd8\n"
        ".rept 8\n"
        "  .set modrm, 7\n"
        "  .rept 8\n"
        "    .byte escape, modrm\n"
        "    ret\n"
        "    .balign 8\n"
        "    .set modrm, modrm + 8\n"
        "  .endr\n"
        "  .set escape, escape + 1\n"
        ".endr\n");

enum { STUB_SIZE = 8 };
extern const u8 fpu_stubs_registers[8][64][STUB_SIZE], fpu_stubs_memory[8][8][STUB_SIZE];

typedef u32 register_stub(u32 condition);
typedef void memory_stub(void *operand);

/* FCMOVcc is FCMOVNE here, and its condition, not the guest's flags, decides. */
static u32 without_condition(u32 insn)
{
    return x87_insn(0xdb, (u8)(0xc8 | (insn & 7)));
}

static bool is_move(u32 insn)
{
    unsigned escape = x87_escape(insn);
    return (escape == 2 || escape == 3) && x87_modrm(insn) >= 0xc0 && x87_modrm(insn) < 0xe0;
}

u32 host_do_registers(u32 insn, u32 condition)
{
    if (is_move(insn))
        insn = without_condition(insn);
    const u8 *stub = fpu_stubs_registers[x87_escape(insn)][x87_modrm(insn) & 63];
    return ((register_stub *)(uintptr_t)stub)(condition);
}

void host_do_memory(u32 insn, void *operand)
{
    const u8 *stub = fpu_stubs_memory[x87_escape(insn)][x87_reg(insn)];
    ((memory_stub *)(uintptr_t)stub)(operand);
}

#else

u32 host_do_registers(u32 insn, u32 condition)
{
    return helper_soft_x87_registers(insn, condition);
}

void host_do_memory(u32 insn, void *operand)
{
    helper_soft_x87_memory(insn, operand);
}

#endif
