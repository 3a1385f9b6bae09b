/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptor tables: reading them, and the instructions that ask about or load them. */
#include <string.h>

#include "exec/i386/descriptor.h"
#include "exec/i386/helper.h"
#include "exec/i386/mmu.h"

enum { ACCESS_BYTE = 5 };

void raise_selector(struct cpu *cpu, unsigned vector, u16 selector, u32 ext)
{
    cpu_raise_code(cpu, vector, (selector & SELECTOR_ERROR) | ext);
}

void require_cpl0(struct cpu *cpu)
{
    if (cpu->cpl)
        cpu_raise_code(cpu, EXC_GP, 0);
}

/* Linear address of a selector's descriptor. */
static u32 descriptor_address(const struct cpu *cpu, u16 selector)
{
    u32 base = selector & SELECTOR_LDT ? cpu->ldt.base : cpu->gdt.base;

    return base + (selector & SELECTOR_INDEX);
}

struct descriptor descriptor_read(struct cpu *cpu, u32 linear)
{
    const struct tlb_entry *e = tlb_entry(&cpu->core, false, linear);
    struct descriptor d;

    /* Entering a kernel reads four of them: in one go from a page that is at hand. */
    if (__builtin_expect(e->read == ((linear + sizeof d - 1) & ~(u32)PAGE_MASK), 1)) {
        memcpy(&d, tlb_host(e, linear), sizeof d);
        return d;
    }
    d.low = mem_read_system(cpu, linear, 4);
    d.high = mem_read_system(cpu, linear + 4, 4);
    return d;
}

bool descriptor_find(struct cpu *cpu, u16 selector, struct descriptor *d)
{
    u32 limit;

    if ((selector & SELECTOR_LDT) && !(cpu->ldt.attr & SEG_PRESENT))
        return false;
    limit = selector & SELECTOR_LDT ? cpu->ldt.limit : cpu->gdt.limit;
    if ((selector | 7u) > limit)
        return false;
    *d = descriptor_read(cpu, descriptor_address(cpu, selector));
    return true;
}

struct descriptor descriptor_fetch(struct cpu *cpu, u16 selector, unsigned vector, u32 ext)
{
    struct descriptor d;

    if (!descriptor_find(cpu, selector, &d))
        raise_selector(cpu, vector, selector, ext);
    return d;
}

u32 descriptor_access_byte(const struct cpu *cpu, u16 selector)
{
    return descriptor_address(cpu, selector) + ACCESS_BYTE;
}

void descriptor_mark_accessed(struct cpu *cpu, u16 selector, struct descriptor d)
{
    u16 attr = descriptor_attr(d);

    if (!(attr & SEG_ACCESSED))
        mem_write_system(cpu, descriptor_access_byte(cpu, selector), (attr & 0xff) | SEG_ACCESSED,
                         1);
}

void descriptor_set_busy(struct cpu *cpu, u16 selector, bool busy)
{
    u32 address = descriptor_access_byte(cpu, selector);
    u32 access = mem_read_system(cpu, address, 1);

    access = busy ? access | TSS_BUSY : access & ~(u32)TSS_BUSY;
    mem_write_system(cpu, address, access, 1);
}

/* --- LAR, LSL, VERR, VERW, ARPL (SDM vol. 2) --- */

static void require_protected(struct cpu *cpu)
{
    if (!in_protected_mode(cpu))
        cpu_raise(cpu, EXC_UD);
}

static void set_zf(struct cpu *cpu, bool zf)
{
    cc_set(cpu, (cc_get(cpu) & ~(u32)FLAG_ZF) | (zf ? FLAG_ZF : 0));
}

/* May code at CPL use this selector for anything? Conforming code is for everyone. */
static bool visible(const struct cpu *cpu, u16 selector, struct descriptor d)
{
    unsigned dpl = descriptor_dpl(d);

    if (attr_is_conforming(descriptor_attr(d)))
        return true;
    return dpl >= cpu->cpl && dpl >= (selector & SELECTOR_RPL);
}

/* The descriptor of a selector in T0 if its type is one of a set (bit n: system type n). */
static bool query(struct cpu *cpu, u32 system_types, struct descriptor *d)
{
    u16 selector = cpu->regs[T0];
    unsigned type;

    require_protected(cpu);
    if (selector_is_null(selector) || !descriptor_find(cpu, selector, d))
        return false;
    type = descriptor_type(*d);
    if (!(type & SEG_S) && !(system_types >> type & 1))
        return false;
    return visible(cpu, selector, *d);
}

enum {
    LSL_TYPES = 1 << TYPE_TSS16 | 1 << TYPE_LDT | 1 << TYPE_TSS16_BUSY | 1 << TYPE_TSS32 |
                1 << TYPE_TSS32_BUSY,
    LAR_TYPES = LSL_TYPES | 1 << TYPE_CALL_GATE16 | 1 << TYPE_TASK_GATE | 1 << TYPE_CALL_GATE32,
};

DEFINE_HELPER(lar)
{
    struct descriptor d;
    bool found = query(cpu, LAR_TYPES, &d);

    if (found)
        cpu->regs[T1] = d.high & 0x00f0ff00;
    set_zf(cpu, found);
}

DEFINE_HELPER(lsl)
{
    struct descriptor d;
    bool found = query(cpu, LSL_TYPES, &d);

    if (found)
        cpu->regs[T1] = descriptor_limit(d);
    set_zf(cpu, found);
}

DEFINE_HELPER(verr)
{
    struct descriptor d;

    set_zf(cpu, query(cpu, 0, &d) && attr_is_readable(descriptor_attr(d)));
}

DEFINE_HELPER(verw)
{
    struct descriptor d;

    set_zf(cpu, query(cpu, 0, &d) && attr_is_writable(descriptor_attr(d)));
}

/* Raises a selector's RPL to that of another; false if it needs no raising. */
static bool raise_rpl(u32 *selector, u32 other)
{
    u32 rpl = other & SELECTOR_RPL;

    if ((*selector & SELECTOR_RPL) >= rpl)
        return false;
    *selector = (*selector & ~(u32)SELECTOR_RPL) | rpl;
    return true;
}

static bool raise_rpl_in_memory(struct cpu *cpu, enum segment_register seg)
{
    u32 offset = cpu->regs[T0];
    u32 selector = mem_read(cpu, segment_linear(cpu, seg, offset, 2, false), 2);

    if (!raise_rpl(&selector, cpu->regs[T1]))
        return false;
    mem_write(cpu, segment_linear(cpu, seg, offset, 2, true), selector, 2);
    return true;
}

DEFINE_HELPER(arpl)
{
    require_protected(cpu);
    set_zf(cpu, a == 1 ? raise_rpl_in_memory(cpu, (enum segment_register)b)
                       : raise_rpl(&cpu->regs[T1], cpu->regs[T0]));
}

/* --- the table registers --- */

static struct table_register table_operand(const struct cpu *cpu, u32 size)
{
    u32 base = cpu->regs[T0];

    return (struct table_register){.base = size == 2 ? base & 0xffffff : base,
                                   .limit = cpu->regs[T1] & 0xffff};
}

DEFINE_HELPER(lgdt)
{
    require_cpl0(cpu);
    cpu->gdt = table_operand(cpu, a);
}

DEFINE_HELPER(lidt)
{
    require_cpl0(cpu);
    cpu->idt = table_operand(cpu, a);
}

/* A system segment named by T0, which must lie in the GDT and be of a type in the set. */
static struct descriptor system_operand(struct cpu *cpu, u16 selector, u32 types)
{
    struct descriptor d;

    if (selector & SELECTOR_LDT)
        raise_selector(cpu, EXC_GP, selector, 0);
    d = descriptor_fetch(cpu, selector, EXC_GP, 0);
    if ((descriptor_type(d) & SEG_S) || !(types >> descriptor_type(d) & 1))
        raise_selector(cpu, EXC_GP, selector, 0);
    if (!descriptor_present(d))
        raise_selector(cpu, EXC_NP, selector, 0);
    return d;
}

struct segment system_segment(u16 selector, struct descriptor d)
{
    return (struct segment){.base = descriptor_base(d),
                            .limit = descriptor_limit(d),
                            .selector = selector,
                            .attr = descriptor_attr(d)};
}

DEFINE_HELPER(lldt)
{
    u16 selector = cpu->regs[T0];

    require_protected(cpu);
    require_cpl0(cpu);
    if (selector_is_null(selector)) {
        cpu->ldt.selector = selector;
        cpu->ldt.attr = 0;
        return;
    }
    cpu->ldt = system_segment(selector, system_operand(cpu, selector, 1 << TYPE_LDT));
}

DEFINE_HELPER(ltr)
{
    u16 selector = cpu->regs[T0];
    struct descriptor d;

    require_protected(cpu);
    require_cpl0(cpu);
    if (selector_is_null(selector))
        cpu_raise_code(cpu, EXC_GP, 0);
    d = system_operand(cpu, selector, 1 << TYPE_TSS16 | 1 << TYPE_TSS32);
    descriptor_set_busy(cpu, selector, true);
    cpu->tr = system_segment(selector, d);
    cpu->tr.attr |= TSS_BUSY;
}

DEFINE_HELPER(sldt)
{
    require_protected(cpu);
    cpu->regs[T1] = cpu->ldt.selector;
}

DEFINE_HELPER(str)
{
    require_protected(cpu);
    cpu->regs[T1] = cpu->tr.selector;
}
