/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that the tests of protected mode start with. */
#include "tests/exec/protected.h"

#include <string.h>

static u32 table_of(u16 selector)
{
    return selector & SELECTOR_LDT ? LDT : GDT;
}

static void write_descriptor(u32 address, u32 low, u32 high)
{
    poke(address, low, 4);
    poke(address + 4, high, 4);
}

void set_descriptor(u16 selector, u32 base, u32 limit, u32 attr)
{
    u32 raw = attr & SEG_G ? limit >> 12 : limit;
    write_descriptor(table_of(selector) + (selector & SELECTOR_INDEX), base << 16 | (raw & 0xffff),
                     (base & 0xff000000) | (raw & 0xf0000) | attr << 8 | (base >> 16 & 0xff));
}

void set_call_gate(u16 selector, unsigned type, u16 target, u32 offset, unsigned parameters)
{
    write_descriptor(table_of(selector) + (selector & SELECTOR_INDEX),
                     (u32)target << 16 | (offset & 0xffff),
                     (offset & 0xffff0000) | (SEG_PRESENT | ATTR_LEVEL3 | type) << 8 | parameters);
}

void set_gate(unsigned vector, unsigned type, unsigned dpl, u16 selector)
{
    u32 offset = HANDLERS + vector;
    if (type == TYPE_INT_GATE16 || type == TYPE_TRAP_GATE16)
        offset &= 0xffff;
    write_descriptor(IDT + vector * 8, (u32)selector << 16 | (offset & 0xffff),
                     (offset & 0xffff0000) | (SEG_PRESENT | dpl << SEG_DPL_SHIFT | type) << 8);
}

static void fill_gdt(void)
{
    set_descriptor(KERNEL_CODE, 0, ~0u, ATTR_CODE);
    set_descriptor(KERNEL_DATA, 0, ~0u, ATTR_DATA);
    set_descriptor(USER_CODE, 0, ~0u, ATTR_CODE | ATTR_LEVEL3);
    set_descriptor(USER_DATA, 0, ~0u, ATTR_DATA | ATTR_LEVEL3);
    set_descriptor(TSS_SELECTOR, TSS, 0x67, ATTR_TSS32);
    set_descriptor(CONFORMING, 0, ~0u, ATTR_CODE | SEG_CONFORMING);
    set_descriptor(CODE_16, 0, 0xffff, ATTR_CODE & ~(SEG_G | SEG_D));
    set_descriptor(ABSENT_DATA, 0, ~0u, (ATTR_DATA | ATTR_LEVEL3) & ~SEG_PRESENT);
    set_descriptor(READ_ONLY, 0, ~0u, (ATTR_DATA | ATTR_LEVEL3) & ~SEG_WRITABLE);
    set_call_gate(GATE_32, TYPE_CALL_GATE32, KERNEL_CODE, 0x12345, 2);
    set_call_gate(GATE_16, TYPE_CALL_GATE16, KERNEL_CODE, 0x2345, 1);
    set_descriptor(TSS_B_SELECTOR, TSS_B, 0x67, ATTR_TSS32);
    set_descriptor(TSS_16_SELECTOR, TSS_16, 0x2b, ATTR_TSS16);
    set_call_gate(TASK_GATE, TYPE_TASK_GATE, TSS_B_SELECTOR, 0, 0);
    set_descriptor(LDT_SELECTOR, LDT, 0x17, SEG_PRESENT | TYPE_LDT);
    set_descriptor(EXPAND_DOWN, 0, 0x1fff, (ATTR_DATA | SEG_EXPAND_DOWN) & ~SEG_G);
    set_descriptor(EXECUTE_ONLY, 0, ~0u, (ATTR_CODE | ATTR_LEVEL3) & ~SEG_READABLE);
    set_descriptor(ABSENT_CODE, 0, ~0u, ATTR_CODE & ~SEG_PRESENT);
    set_descriptor(LEVEL1_DATA, 0, ~0u, ATTR_DATA | 1 << SEG_DPL_SHIFT);
    set_descriptor(SMALL_CODE, 0, 0xfff, ATTR_CODE & ~SEG_G);
    set_descriptor(STACK_16, 0, 0xffff, ATTR_DATA & ~(SEG_G | SEG_D));
    bare.cpu->gdt = (struct table_register){GDT, GDT_END - 1};
}

static void fill_idt(void)
{
    for (unsigned i = 0; i < 256; i++)
        set_gate(i, TYPE_INT_GATE32, 0, KERNEL_CODE);
    bare.cpu->idt = (struct table_register){IDT, 256 * 8 - 1};
}

static void load(enum segment_register seg, u16 selector)
{
    struct descriptor d = {peek(GDT + (selector & SELECTOR_INDEX), 4),
                           peek(GDT + (selector & SELECTOR_INDEX) + 4, 4)};
    segment_load(&bare.cpu->seg[seg], selector, d);
}

static void load_all(u16 code, u16 data)
{
    static const enum segment_register others[] = {SS, ES, DS, FS, GS};
    load(CS, code);
    for (unsigned i = 0; i < 5; i++)
        load(others[i], data);
    bare.cpu->cpl = code & SELECTOR_RPL;
    cpu_update_mode(bare.cpu);
}

void protected_setup(void)
{
    struct cpu *cpu;
    bare_setup();
    cpu = bare.cpu;
    fill_gdt();
    fill_idt();
    cpu->cr0 = CR0_PE | CR0_ET | CR0_WP;
    load_all(KERNEL_CODE, KERNEL_DATA);
    cpu->regs[T0] = TSS_SELECTOR;
    ck_assert_int_eq(bare_try(helper_ltr, 0, 0), NOT_RAISED);
    poke(TSS + 4, INNER_STACK, 4);
    poke(TSS + 8, KERNEL_DATA, 4);
    poke(TSS + 0x66, 0x68, 2);
    cpu->regs[ESP] = KERNEL_STACK;
    cpu->core.pc = 0x4000;
    cpu->eflags = FLAG_1 | FLAG_IF;
}

void go_user(void)
{
    load_all(USER_CODE | 3, USER_DATA | 3);
    bare.cpu->regs[ESP] = USER_STACK;
    bare.cpu->core.pc = 0x5000;
}

void go_v86(unsigned iopl)
{
    static const u16 selectors[SEGMENTS] = {0x200, 0x100, 0x900, 0x300, 0x400, 0x500};
    struct cpu *cpu = bare.cpu;
    for (unsigned i = 0; i < SEGMENTS; i++)
        segment_load_v86(&cpu->seg[i], selectors[i]);
    cpu->eflags = FLAG_1 | FLAG_IF | FLAG_VM | iopl << 12;
    cpu->cpl = 3;
    cpu->regs[ESP] = 0xffe;
    cpu->core.pc = 0x200;
    cpu_update_mode(cpu);
}

void page_with_hole(u32 hole)
{
    enum { DIRECTORY = 0x100000, TABLE = 0x101000, FOR_ALL = 7 };
    poke(DIRECTORY, TABLE | FOR_ALL, 4);
    for (u32 page = 0; page < 0x400000; page += PAGE_SIZE)
        poke(TABLE + (page >> 12) * 4, page == (hole & ~(u32)PAGE_MASK) ? 0 : page | FOR_ALL, 4);
    bare.cpu->cr3 = DIRECTORY;
    bare.cpu->cr0 |= CR0_PG;
    mem_flush(bare.cpu);
}

void check_at(u16 selector, u32 eip)
{
    ck_assert_msg(bare.cpu->seg[CS].selector == selector && bare.cpu->core.pc == eip,
                  "at %04x:%08x, not %04x:%08x", bare.cpu->seg[CS].selector, bare.cpu->core.pc,
                  selector, eip);
}

u32 stacked(unsigned n)
{
    return peek(bare.cpu->seg[SS].base + bare.cpu->regs[ESP] + 4 * n, 4);
}

int load_seg(enum segment_register seg, u16 selector)
{
    bare.cpu->regs[T0] = selector;
    return bare_try(helper_load_seg, seg, 0);
}

void check_fault(int vector, int expected, u32 error)
{
    ck_assert_msg(vector == expected, "exception %d, not %d", vector, expected);
    ck_assert_msg(bare.error == error, "error code %04x, not %04x", bare.error, error);
}

struct snapshot snapshot(void)
{
    struct snapshot s = {
        .eip = bare.cpu->core.pc, .eflags = cpu_eflags(bare.cpu), .cpl = bare.cpu->cpl};
    memcpy(s.regs, bare.cpu->regs, sizeof s.regs);
    memcpy(s.seg, bare.cpu->seg, sizeof s.seg);
    return s;
}

void check_unchanged(const struct snapshot *before)
{
    struct snapshot now = snapshot();
    ck_assert(memcmp(&now, before, sizeof now) == 0);
}

int transfer(helper_fn *helper, u16 selector, u32 offset)
{
    bare.cpu->regs[T0] = offset;
    bare.cpu->regs[T1] = selector;
    return bare_try(helper, 4, 0x4007);
}

void push_frame(u32 eip, u16 code, u32 flags)
{
    bare.cpu->regs[ESP] -= 12;
    poke(bare.cpu->regs[ESP], eip, 4);
    poke(bare.cpu->regs[ESP] + 4, code, 4);
    poke(bare.cpu->regs[ESP] + 8, flags, 4);
}
