/* SPDX-License-Identifier: GPL-3.0-or-later */
/* System registers, identity, ports, flags, and instructions about descriptors. */
#include "exec/i386/debug.h"
#include "exec/i386/model.h"
#include "exec/i386/system.h"
#include "tests/exec/protected.h"

#include <string.h>

static int set_cr(unsigned number, u32 value)
{
    cpu()->regs[EBX] = value;
    return bare_try(helper_set_cr, number, EBX);
}

START_TEST(test_reset)
{
    bare_teardown();
    bare_setup();
    check_at(0xf000, 0xfff0);
    ck_assert_uint_eq(cpu()->seg[CS].base, 0xffff0000);
    ck_assert_uint_eq(cpu()->seg[DS].write_hi, 0xffff);
    ck_assert_uint_eq(cpu_eflags(cpu()), FLAG_1);
    ck_assert_uint_eq(cpu()->cr0, 0x60000010);
    ck_assert_uint_eq(cpu()->idt.limit, 0xffff);
    ck_assert_uint_eq(cpu()->regs[EDX], model_default()->signature);
    ck_assert_uint_eq(cpu_mode(cpu()), MODE_FPU_TRAP | MODE_NO_SSE);
}
END_TEST

/* --- control registers --- */

START_TEST(test_cr0)
{
    ck_assert_int_eq(set_cr(0, CR0_PG), EXC_GP);
    ck_assert_int_eq(set_cr(0, CR0_NW | CR0_PE), EXC_GP);
    ck_assert_int_eq(set_cr(0, CR0_PE | CR0_TS | CR0_MP), NOT_RAISED);
    ck_assert_uint_eq(cpu()->cr0, CR0_PE | CR0_TS | CR0_MP | CR0_ET);
    ck_assert_uint_eq(cpu_mode(cpu()) & (MODE_NO_FPU | MODE_TS), MODE_NO_FPU | MODE_TS);
    ck_assert_int_eq(bare_try(helper_clts, 0, 0), NOT_RAISED);
    ck_assert_uint_eq(cpu_mode(cpu()) & (MODE_NO_FPU | MODE_TS), 0);
    cpu()->regs[T0] = CR0_EM; /* LMSW leaves PE on */
    ck_assert_int_eq(bare_try(helper_lmsw, 0, 0), NOT_RAISED);
    ck_assert_uint_eq(cpu()->cr0, CR0_PE | CR0_EM | CR0_ET);
    ck_assert_int_eq(bare_try(helper_get_cr, 0, ESI), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[ESI], CR0_PE | CR0_EM | CR0_ET);
    ck_assert_int_eq(set_cr(1, 0), EXC_UD);
    ck_assert_int_eq(bare_try(helper_get_cr, 8, EAX), EXC_UD);
}
END_TEST

/* PG, WP and the flushes behind CR0, CR3 and CR4 are seen through memory. */
START_TEST(test_paging_on)
{
    page_with_hole(0x9000);
    cpu()->cr0 &= ~(u32)CR0_PG;
    mem_flush(cpu());
    cpu()->regs[ESP] = 0x9100;
    ck_assert_int_eq(bare_try(helper_pushf, 4, 0), NOT_RAISED);
    ck_assert_int_eq(set_cr(0, cpu()->cr0 | CR0_PG), NOT_RAISED);
    ck_assert_int_eq(bare_try(helper_pushf, 4, 0), EXC_PF);
    poke(0x101000 + 9 * 4, 0x9000 | 1, 4); /* read-only */
    ck_assert_int_eq(set_cr(3, 0x100000), NOT_RAISED);
    ck_assert_int_eq(bare_try(helper_pushf, 4, 0), EXC_PF);
    ck_assert_int_eq(set_cr(0, cpu()->cr0 & ~(u32)CR0_WP), NOT_RAISED);
    ck_assert_int_eq(bare_try(helper_pushf, 4, 0), NOT_RAISED);
    ck_assert_int_eq(set_cr(0, cpu()->cr0 | CR0_WP), NOT_RAISED);
    ck_assert_int_eq(bare_try(helper_pushf, 4, 0), EXC_PF);
    poke(0x101000 + 9 * 4, 0x9000 | 3, 4);
    cpu()->regs[T0] = 0x9123;
    ck_assert_int_eq(bare_try(helper_invlpg, 0, 0), NOT_RAISED);
    ck_assert_int_eq(bare_try(helper_pushf, 4, 0), NOT_RAISED);
}
END_TEST

START_TEST(test_cr4)
{
    ck_assert_int_eq(set_cr(4, 1u << 31), EXC_GP);
    cpu()->model = model_find("pentium");
    ck_assert_int_eq(set_cr(4, CR4_PAE), EXC_GP);
    cpu()->model = model_find("486");
    ck_assert_int_eq(set_cr(4, CR4_TSD), EXC_GP);
    cpu()->model = model_find("386");
    ck_assert_int_eq(set_cr(4, 0), EXC_UD);
    ck_assert_int_eq(bare_try(helper_get_cr, 4, EAX), EXC_UD);
    ck_assert_uint_eq(cpu()->cr4, 0);
    cpu()->model = model_default();
    ck_assert_int_eq(set_cr(4, CR4_PSE | CR4_PGE | CR4_TSD), NOT_RAISED);
    ck_assert_int_eq(bare_try(helper_get_cr, 4, EAX), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[EAX], CR4_PSE | CR4_PGE | CR4_TSD);
}
END_TEST

START_TEST(test_debug_registers)
{
    cpu()->regs[EBX] = 0xdeadbeef;
    ck_assert_int_eq(bare_try(helper_set_dr, 2, EBX), NOT_RAISED);
    ck_assert_int_eq(bare_try(helper_get_dr, 2, ECX), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[ECX], 0xdeadbeef);
    cpu()->regs[EBX] = 0;
    ck_assert_int_eq(bare_try(helper_set_dr, 4, EBX), NOT_RAISED); /* DR6 */
    ck_assert_int_eq(bare_try(helper_get_dr, 6, ECX), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[ECX], 0xffff0ff0);
    cpu()->regs[EBX] = DR7_GD;
    ck_assert_int_eq(bare_try(helper_set_dr, 7, EBX), NOT_RAISED);
    ck_assert_int_eq(bare_try(helper_get_dr, 0, ECX), EXC_DB);
    ck_assert(cpu()->dr[6] & DR6_BD);
    bare_exception(EXC_DB, 0); /* the handler may look */
    ck_assert_int_eq(bare_try(helper_get_dr, 7, ECX), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[ECX], 0x400);
    ck_assert_int_eq(bare_try(helper_get_dr, 8, ECX), EXC_UD);
}
END_TEST

/* --- identity --- */

static void cpuid(u32 leaf)
{
    cpu()->regs[EAX] = leaf;
    ck_assert_int_eq(bare_try(helper_cpuid, 0, 0), NOT_RAISED);
}

enum { APIC_BIT = 1 << 9 }; /* of leaf 1, EDX */

START_TEST(test_cpuid)
{
    char text[49] = "";

    cpu()->model = model_find("pentium4");
    cpuid(0);
    ck_assert_uint_eq(cpu()->regs[EAX], 5);
    memcpy(text, &cpu()->regs[EBX], 4);
    memcpy(text + 4, &cpu()->regs[EDX], 4);
    memcpy(text + 8, &cpu()->regs[ECX], 4);
    ck_assert_str_eq(text, "GenuineIntel");
    cpuid(1);
    ck_assert_uint_eq(cpu()->regs[EAX], 0xf41);
    ck_assert_uint_eq(cpu()->regs[EDX], model_feature_word(cpu()->model->features, LEAF1_EDX) &
                                            ~APIC_BIT); /* there is none on the board */
    cpuid(0x80000000);
    ck_assert_uint_eq(cpu()->regs[EAX], 0x80000008);
    for (u32 i = 0; i < 3; i++) {
        cpuid(0x80000002 + i);
        memcpy(text + 16 * i, &cpu()->regs[EAX], 4);
        memcpy(text + 16 * i + 4, &cpu()->regs[EBX], 4);
        memcpy(text + 16 * i + 8, &cpu()->regs[ECX], 4);
        memcpy(text + 16 * i + 12, &cpu()->regs[EDX], 4);
    }
    ck_assert_str_eq(text, cpu()->model->brand);
    cpu()->model = model_find("pentium2");
    cpuid(0x12345678);
    ck_assert_uint_eq(cpu()->regs[EAX] & 0xff, 1); /* as leaf 2 */
}
END_TEST

static int rdmsr(u32 number)
{
    cpu()->regs[ECX] = number;
    return bare_try(helper_rdmsr, 0, 0);
}

static int wrmsr(u32 number, u64 value)
{
    cpu()->regs[ECX] = number;
    cpu()->regs[EAX] = (u32)value;
    cpu()->regs[EDX] = (u32)(value >> 32);
    return bare_try(helper_wrmsr, 0, 0);
}

START_TEST(test_tsc)
{
    bare.clock = 0x123456789;
    ck_assert_int_eq(bare_try(helper_rdtsc, 0, 0), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[EAX], 0x23456789);
    ck_assert_uint_eq(cpu()->regs[EDX], 1);
    ck_assert_int_eq(wrmsr(0x10, 0x700000500), NOT_RAISED);
    ck_assert_int_eq(rdmsr(0x10), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[EDX], 7);
    cpu()->model = model_find("pentium3"); /* the low half only */
    ck_assert_int_eq(wrmsr(0x10, 0x700000500), NOT_RAISED);
    bare.clock += 0x20;
    ck_assert_int_eq(rdmsr(0x10), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[EAX], 0x520);
    ck_assert_uint_eq(cpu()->regs[EDX], 0);
    go_user();
    ck_assert_int_eq(bare_try(helper_rdtsc, 0, 0), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[EAX], 0x520);
    cpu()->cr4 = CR4_TSD;
    ck_assert_int_eq(bare_try(helper_rdtsc, 0, 0), EXC_GP);
}
END_TEST

/* The board is told where the APIC is, and whether it is; CPUID has it while it is. */
START_TEST(test_apic_base)
{
    bare.has_apic = true;
    cpu_reset_state(cpu());
    ck_assert_int_eq(rdmsr(0x1b), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[EAX], 0xfee00900);
    cpuid(1);
    ck_assert_uint_eq(cpu()->regs[EDX] & APIC_BIT, APIC_BIT);
    ck_assert_int_eq(wrmsr(0x1b, 0xfed01100), NOT_RAISED);
    ck_assert_uint_eq(bare.apic_base, 0xfed01100);
    cpuid(1);
    ck_assert_uint_eq(cpu()->regs[EDX] & APIC_BIT, 0);
    ck_assert_int_eq(wrmsr(0x1b, 0xfee00d00), EXC_GP); /* no x2APIC */
    ck_assert_uint_eq(bare.apic_base, 0xfed01100);
    ck_assert_int_eq(wrmsr(0x1b, 0xfee00900), NOT_RAISED);
    cpu()->model = model_find("pentium");
    cpuid(1);
    ck_assert_uint_eq(cpu()->regs[EDX] & APIC_BIT, 0);
}
END_TEST

START_TEST(test_msr)
{
    ck_assert_int_eq(rdmsr(0xc0000081), EXC_GP);
    ck_assert_uint_eq(bare.error, 0);
    ck_assert_int_eq(wrmsr(0x12345, 0), EXC_GP);
    ck_assert_int_eq(rdmsr(0x8b), NOT_RAISED);
    ck_assert_int_eq(wrmsr(0x1b, 0xfee00900), NOT_RAISED);
    ck_assert_int_eq(rdmsr(0x1b), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[EAX], 0xfee00100); /* no APIC to enable */
    for (u32 number = 0x174; number <= 0x176; number++) {
        ck_assert_int_eq(wrmsr(number, 0x1000 * number), NOT_RAISED);
        ck_assert_int_eq(rdmsr(number), NOT_RAISED);
        ck_assert_uint_eq(cpu()->regs[EAX], 0x1000 * number);
    }
    go_user();
    ck_assert_int_eq(rdmsr(0x10), EXC_GP);
    ck_assert_int_eq(wrmsr(0x10, 0), EXC_GP);
    cpu()->regs[ECX] = 0;
    ck_assert_int_eq(bare_try(helper_rdpmc, 0, 0), EXC_GP);
    cpu()->cr4 = CR4_PCE;
    ck_assert_int_eq(bare_try(helper_rdpmc, 0, 0), NOT_RAISED);
    cpu()->regs[ECX] = 18;
    ck_assert_int_eq(bare_try(helper_rdpmc, 0, 0), EXC_GP);
    cpu()->regs[ECX] = 2;
    ck_assert_int_eq(bare_try(helper_rdpmc, 0, 0), NOT_RAISED);
    cpu()->model = model_find("pentium2");
    ck_assert_int_eq(bare_try(helper_rdpmc, 0, 0), EXC_GP);
}
END_TEST

START_TEST(test_sysenter)
{
    go_user();
    ck_assert_int_eq(bare_try(helper_sysenter, 0, 0), EXC_GP);
    cpu()->sysenter_cs = KERNEL_CODE;
    cpu()->sysenter_esp = 0x7700;
    cpu()->sysenter_eip = 0x6600;
    ck_assert_int_eq(bare_try(helper_sysexit, 0, 0), EXC_GP);
    ck_assert_int_eq(bare_try(helper_sysenter, 0, 0), NOT_RAISED);
    check_at(KERNEL_CODE, 0x6600);
    ck_assert_uint_eq(cpu()->regs[ESP], 0x7700);
    ck_assert_uint_eq(cpu()->seg[SS].selector, KERNEL_DATA);
    ck_assert_uint_eq(cpu()->cpl, 0);
    ck_assert(!(cpu()->eflags & FLAG_IF));
    ck_assert_uint_eq(cpu_mode(cpu()) & (MODE_USER | MODE_FLAT_CS | MODE_FLAT_SS | MODE_CS32),
                      MODE_FLAT_CS | MODE_FLAT_SS | MODE_CS32);
    cpu()->regs[EDX] = 0x5500;
    cpu()->regs[ECX] = 0x4400;
    ck_assert_int_eq(bare_try(helper_sysexit, 0, 0), NOT_RAISED);
    check_at(USER_CODE | 3, 0x5500);
    ck_assert_uint_eq(cpu()->regs[ESP], 0x4400);
    ck_assert_uint_eq(cpu()->seg[SS].selector, USER_DATA | 3);
    ck_assert_uint_eq(cpu()->cpl, 3);
}
END_TEST

/* --- who may --- */

static helper_fn *const privileged[] = {
    helper_hlt,    helper_clts,   helper_lmsw,   helper_get_cr, helper_set_cr,
    helper_get_dr, helper_set_dr, helper_invlpg, helper_wbinvd, helper_lgdt,
    helper_lidt,   helper_lldt,   helper_ltr,    helper_cli,    helper_sti,
};

START_TEST(test_privileged)
{
    go_user();
    ck_assert_int_eq(bare_try(privileged[_i], 0, 0), EXC_GP);
    ck_assert_uint_eq(bare.error, 0);
}
END_TEST

START_TEST(test_sti_cli_hlt)
{
    cpu()->eflags = FLAG_1;
    ck_assert_int_eq(bare_try(helper_sti, 0, 0), NOT_RAISED);
    ck_assert(cpu()->shadow);
    ck_assert(cpu()->eflags & FLAG_IF);
    cpu()->shadow = false;
    ck_assert_int_eq(bare_try(helper_sti, 0, 0), NOT_RAISED);
    ck_assert(!cpu()->shadow); /* it was set */
    ck_assert_int_eq(bare_try(helper_cli, 0, 0), NOT_RAISED);
    ck_assert(!(cpu()->eflags & FLAG_IF));
    cpu()->core.int_line = true;
    ck_assert_int_eq(bare_try(helper_sti, 0, 0), NOT_RAISED);
    ck_assert_uint_ne(cpu()->core.exit_request, 0);
    ck_assert_int_eq(bare_try(helper_hlt, 0, 0), NOT_RAISED);
    ck_assert(cpu()->core.halted);
    bare_interrupt(0x20);
    ck_assert(!cpu()->core.halted);
    go_user();
    cpu()->eflags = FLAG_1 | FLAG_IOPL;
    ck_assert_int_eq(bare_try(helper_sti, 0, 0), NOT_RAISED);
}
END_TEST

START_TEST(test_pushf_popf)
{
    cpu()->eflags = FLAG_1 | FLAG_IF | FLAG_AC | FLAG_RF;
    cc_set(cpu(), FLAG_SF);
    ck_assert_int_eq(bare_try(helper_pushf, 4, 0), NOT_RAISED);
    ck_assert_uint_eq(stacked(0), FLAG_1 | FLAG_IF | FLAG_AC | FLAG_SF);
    poke(cpu()->regs[ESP], FLAG_TF | FLAG_ID | FLAG_CF | FLAG_NT | 1 << 12 | FLAG_VM, 4);
    ck_assert_int_eq(bare_try(helper_popf, 4, 0), NOT_RAISED);
    ck_assert_uint_eq(cpu_eflags(cpu()) & ~(u32)FLAG_RF,
                      FLAG_1 | FLAG_TF | FLAG_ID | FLAG_CF | FLAG_NT | 1 << 12);
    ck_assert(cpu_mode(cpu()) & MODE_TF);
    /* A 16-bit POPF leaves the upper half. */
    cpu()->regs[ESP] -= 2;
    poke(cpu()->regs[ESP], FLAG_ZF, 2);
    ck_assert_int_eq(bare_try(helper_popf, 2, 0), NOT_RAISED);
    ck_assert_uint_eq(cpu_eflags(cpu()) & ~(u32)FLAG_RF, FLAG_1 | FLAG_ID | FLAG_ZF);
    ck_assert(!(cpu_mode(cpu()) & MODE_TF));
    /* Users change neither IF nor IOPL. */
    go_user();
    cpu()->eflags = FLAG_1 | FLAG_IF;
    poke(USER_STACK, FLAG_IOPL | FLAG_DF, 4);
    ck_assert_int_eq(bare_try(helper_popf, 4, 0), NOT_RAISED);
    ck_assert_uint_eq(cpu_eflags(cpu()), FLAG_1 | FLAG_IF | FLAG_DF);
}
END_TEST

/* --- ports --- */

START_TEST(test_ports)
{
    bare.port_value = 0xaabbccdd;
    cpu()->regs[EAX] = 0x11223344;
    ck_assert_int_eq(bare_try(helper_in, 1, 0x60), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[EAX], 0x112233dd);
    ck_assert_uint_eq(bare.port, 0x60);
    cpu()->regs[EDX] = 0xffff0cf8;
    ck_assert_int_eq(bare_try(helper_in, 4, 0x10000), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[EAX], 0xaabbccdd);
    ck_assert_uint_eq(bare.port, 0xcf8);
    ck_assert_int_eq(bare_try(helper_out, 2, 0x80), NOT_RAISED);
    ck_assert_uint_eq(bare.port_value, 0xccdd);
    ck_assert_uint_eq(bare.port_size, 2);
}
END_TEST

START_TEST(test_io_map)
{
    go_user();
    ck_assert_int_eq(bare_try(helper_in, 1, 0x60), EXC_GP); /* behind the limit */
    cpu()->tr.limit = 0x68 + 0x20;
    for (u32 at = TSS + 0x68; at <= TSS + 0x68 + 0x20; at++)
        poke(at, 0xff, 1);
    poke(TSS + 0x68 + 0x60 / 8, 0xfc, 1); /* 60h and 61h */
    ck_assert_int_eq(bare_try(helper_in, 1, 0x60), NOT_RAISED);
    ck_assert_int_eq(bare_try(helper_in, 2, 0x60), NOT_RAISED);
    ck_assert_int_eq(bare_try(helper_in, 2, 0x61), EXC_GP);
    ck_assert_int_eq(bare_try(helper_out, 1, 0x62), EXC_GP);
    poke(TSS + 0x68 + 0x60 / 8, 0x7f, 1); /* 67h, and 68h in the next byte */
    ck_assert_int_eq(bare_try(helper_in, 2, 0x67), EXC_GP);
    poke(TSS + 0x68 + 0x68 / 8, 0xfe, 1);
    ck_assert_int_eq(bare_try(helper_in, 2, 0x67), NOT_RAISED);
    poke(TSS + 0x68 + 0xf8 / 8, 0, 1);
    ck_assert_int_eq(bare_try(helper_in, 1, 0xf8), NOT_RAISED);
    poke(TSS + 0x68 + 0x100 / 8, 0, 1);
    ck_assert_int_eq(bare_try(helper_in, 1, 0x100), EXC_GP); /* its second byte is outside */
    cpu()->eflags |= FLAG_IOPL;
    ck_assert_int_eq(bare_try(helper_in, 1, 0x62), NOT_RAISED);
    go_v86(3); /* where IOPL does not help */
    ck_assert_int_eq(bare_try(helper_in, 1, 0x62), EXC_GP);
    ck_assert_int_eq(bare_try(helper_in, 1, 0xf8), NOT_RAISED);
}
END_TEST

/* --- LAR, LSL, VERR, VERW, ARPL --- */

static bool ask(helper_fn *helper, u16 selector)
{
    cc_set(cpu(), FLAGS_ARITH & ~(bare_random() & FLAG_ZF));
    cpu()->regs[T0] = selector;
    ck_assert_int_eq(bare_try(helper, 4, 0), NOT_RAISED);
    ck_assert_uint_eq(cc_get(cpu()) | FLAG_ZF, FLAGS_ARITH);
    return cc_get(cpu()) & FLAG_ZF;
}

START_TEST(test_ask)
{
    ck_assert(ask(helper_lar, READ_ONLY | 3));
    ck_assert_uint_eq(cpu()->regs[T1], 0x00c0f000);
    ck_assert(ask(helper_lar, GATE_32));
    ck_assert(ask(helper_lsl, SMALL_CODE));
    ck_assert_uint_eq(cpu()->regs[T1], 0xfff);
    ck_assert(ask(helper_lsl, KERNEL_DATA));
    ck_assert_uint_eq(cpu()->regs[T1], ~0u);
    cpu()->regs[T1] = 0x1234;
    ck_assert(!ask(helper_lsl, GATE_32));
    ck_assert(!ask(helper_lsl, 0));
    ck_assert(!ask(helper_lsl, GDT_END));
    ck_assert(!ask(helper_lsl, KERNEL_DATA | 3));
    ck_assert_uint_eq(cpu()->regs[T1], 0x1234);
    ck_assert(ask(helper_verr, KERNEL_CODE));
    ck_assert(!ask(helper_verr, EXECUTE_ONLY));
    ck_assert(!ask(helper_verr, TSS_SELECTOR));
    ck_assert(ask(helper_verw, KERNEL_DATA));
    ck_assert(!ask(helper_verw, READ_ONLY));
    ck_assert(!ask(helper_verw, KERNEL_CODE));
    go_user();
    ck_assert(!ask(helper_verr, KERNEL_DATA));
    ck_assert(ask(helper_verr, CONFORMING));
    ck_assert(ask(helper_verw, USER_DATA | 3));
    cpu()->regs[T1] = 0xabcd0 | 1;
    ck_assert(ask(helper_arpl, 2));
    ck_assert_uint_eq(cpu()->regs[T1], 0xabcd2);
    ck_assert(!ask(helper_arpl, 2));
    ck_assert_uint_eq(cpu()->regs[T1], 0xabcd2);
}
END_TEST

START_TEST(test_tables)
{
    cpu()->regs[T0] = 0x12345678;
    cpu()->regs[T1] = 0x4321;
    ck_assert_int_eq(bare_try(helper_lgdt, 2, 0), NOT_RAISED);
    ck_assert_uint_eq(cpu()->gdt.base, 0x345678);
    ck_assert_int_eq(bare_try(helper_lidt, 4, 0), NOT_RAISED);
    ck_assert_uint_eq(cpu()->idt.base, 0x12345678);
    ck_assert_uint_eq(cpu()->idt.limit, 0x4321);
    ck_assert_int_eq(bare_try(helper_str, 0, 0), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[T1], TSS_SELECTOR);
    ck_assert_int_eq(bare_try(helper_sldt, 0, 0), NOT_RAISED);
    ck_assert_uint_eq(cpu()->regs[T1], 0);
    cpu()->cr0 &= ~(u32)CR0_PE;
    ck_assert_int_eq(bare_try(helper_str, 0, 0), EXC_UD);
    ck_assert_int_eq(bare_try(helper_lar, 0, 0), EXC_UD);
    ck_assert_int_eq(bare_try(helper_lldt, 0, 0), EXC_UD);
}
END_TEST

START_TEST(test_raise)
{
    ck_assert_int_eq(bare_try(helper_raise, EXC_GP, 0x123), EXC_GP);
    ck_assert_uint_eq(bare.error, 0x123);
    ck_assert_int_eq(bare_try(helper_raise, EXC_UD, 0), EXC_UD);
    ck_assert_int_eq(bare_try(helper_undefined, 0x0fff, 0), EXC_UD);
}
END_TEST

Suite *system_suite(void)
{
    Suite *suite = suite_create("system");
    TCase *tests = tcase_create("system");

    tcase_add_checked_fixture(tests, protected_setup, bare_teardown);
    tcase_add_test(tests, test_reset);
    tcase_add_test(tests, test_cr0);
    tcase_add_test(tests, test_paging_on);
    tcase_add_test(tests, test_cr4);
    tcase_add_test(tests, test_debug_registers);
    tcase_add_test(tests, test_cpuid);
    tcase_add_test(tests, test_apic_base);
    tcase_add_test(tests, test_tsc);
    tcase_add_test(tests, test_msr);
    tcase_add_test(tests, test_sysenter);
    tcase_add_loop_test(tests, test_privileged, 0, sizeof privileged / sizeof privileged[0]);
    tcase_add_test(tests, test_sti_cli_hlt);
    tcase_add_test(tests, test_pushf_popf);
    tcase_add_test(tests, test_ports);
    tcase_add_test(tests, test_io_map);
    tcase_add_test(tests, test_ask);
    tcase_add_test(tests, test_tables);
    tcase_add_test(tests, test_raise);
    suite_add_tcase(suite, tests);
    return suite;
}
