/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segment registers: loading and checking them, and the mode that follows from them. */
#include "exec/i386/descriptor.h"
#include "exec/i386/fpu.h"
#include "exec/i386/helper.h"
#include "exec/i386/sse.h"

/* --- what inline checks and the translator go by --- */

/* What the type of a code or data segment allows, as SEG_FLAT_* bits. */
static u32 allowed(u16 attr)
{
    static const u8 by_type[8] = {
        [SEG_WRITABLE >> 1] = SEG_FLAT_WRITE | SEG_FLAT_READ,
        [0] = SEG_FLAT_READ,
        [(SEG_EXPAND_DOWN | SEG_WRITABLE) >> 1] = SEG_FLAT_WRITE | SEG_FLAT_READ,
        [SEG_EXPAND_DOWN >> 1] = SEG_FLAT_READ,
        [(SEG_CODE | SEG_READABLE) >> 1] = SEG_FLAT_READ,
        [(SEG_CODE | SEG_CONFORMING | SEG_READABLE) >> 1] = SEG_FLAT_READ,
    };

    return (attr & (SEG_PRESENT | SEG_S)) == (SEG_PRESENT | SEG_S) ? by_type[attr >> 1 & 7] : 0;
}

static bool is_expand_down(u16 attr)
{
    return (attr & (SEG_CODE | SEG_EXPAND_DOWN)) == SEG_EXPAND_DOWN;
}

void segment_update_bounds(struct segment *s)
{
    u32 access = allowed(s->attr), lo = 0, hi = s->limit, readable, writable;

    if (__builtin_expect(is_expand_down(s->attr), 0)) {
        if (s->limit == 0xffffffff)
            access = 0;
        lo = s->limit + 1;
        hi = s->attr & SEG_D ? 0xffffffff : 0xffff;
    }
    /* All ones or nothing, since what is loaded cannot be predicted. */
    readable = -(access >> 1);
    writable = -(access & 1);
    s->read_lo = (lo & readable) | (readable + 1);
    s->read_hi = hi & readable;
    s->write_lo = (lo & writable) | (writable + 1);
    s->write_hi = hi & writable;
    s->flat = s->base | lo | ~hi ? 0 : access;
}

static u32 flat_mode(const struct cpu *cpu, enum segment_register seg)
{
    u32 flat = cpu->seg[seg].flat;

    return (seg == CS ? flat >> 1 : flat & 1) * MODE_FLAT_ES << seg;
}

static u32 segment_modes(const struct cpu *cpu)
{
    u32 big = (cpu->seg[CS].attr & SEG_D) / SEG_D * MODE_CS32 |
              (cpu->seg[SS].attr & SEG_D) / SEG_D * MODE_SS32;

    return flat_mode(cpu, ES) | flat_mode(cpu, CS) | flat_mode(cpu, SS) | flat_mode(cpu, DS) |
           flat_mode(cpu, FS) | flat_mode(cpu, GS) | big;
}

static u32 fpu_modes(const struct cpu *cpu)
{
    enum { ALL_EXCEPTIONS = 0x3f };
    u32 mode = 0;

    if (cpu->cr0 & (CR0_EM | CR0_TS))
        mode |= MODE_NO_FPU;
    if ((cpu->cr0 & (CR0_MP | CR0_TS)) == (CR0_MP | CR0_TS))
        mode |= MODE_TS;
    if (~cpu->fpu.control & ALL_EXCEPTIONS)
        mode |= MODE_FPU_TRAP;
    return mode;
}

static bool aligned_by_flags(const struct cpu *cpu)
{
    return (cpu->cr0 & CR0_AM) && (cpu->eflags & FLAG_AC);
}

void cpu_update_mode(struct cpu *cpu)
{
    u32 mode = segment_modes(cpu) | fpu_modes(cpu) | sse_modes(cpu) | (cpu_mode(cpu) & MODE_STEP);

    if (cpu->seg[CS].base == 0 && cpu->seg[CS].limit == ~0u)
        mode |= MODE_LINEAR;
    if (cpu->cr0 & CR0_PE)
        mode |= MODE_PE;
    if (cpu->cpl == 3)
        mode |= MODE_USER;
    if (cpu->eflags & FLAG_VM)
        mode |= MODE_VM;
    if (cpu->eflags & FLAG_TF)
        mode |= MODE_TF;
    if (cpu->debug.code)
        mode |= MODE_BREAK;
    cpu->core.mode = mode;
    fpu_segments_changed(cpu);
    if (cpu->cpl == 3 && aligned_by_flags(cpu) != cpu->aligned)
        mem_set_aligned(cpu, !cpu->aligned);
}

/* The mode after a load of ES, SS, DS, FS or GS. */
static void update_segment_mode(struct cpu *cpu, enum segment_register seg)
{
    u32 mode = cpu_mode(cpu) & ~((u32)MODE_FLAT_ES << seg | MODE_SS32);

    mode |= flat_mode(cpu, seg) | (cpu->seg[SS].attr & SEG_D ? MODE_SS32 : 0);
    cpu->core.mode = mode;
    fpu_segments_changed(cpu);
}

u32 segment_linear(struct cpu *cpu, enum segment_register seg, u32 offset, unsigned size,
                   bool write)
{
    const struct segment *s = &cpu->seg[seg];
    u32 lo = write ? s->write_lo : s->read_lo, hi = write ? s->write_hi : s->read_hi;

    if (lo > hi || offset < lo || (u64)offset + size - 1 > hi)
        cpu_raise_code(cpu, seg == SS ? EXC_SS : EXC_GP, 0);
    return s->base + offset;
}

/* --- loading --- */

void segment_load(struct segment *s, u16 selector, struct descriptor d)
{
    s->base = descriptor_base(d);
    s->limit = descriptor_limit(d);
    s->selector = selector;
    s->attr = descriptor_attr(d) | SEG_ACCESSED;
    segment_update_bounds(s);
}

enum { ATTR_DATA = SEG_PRESENT | SEG_S | SEG_WRITABLE | SEG_ACCESSED };

/* The limit, and the size of the stack, outlive the load: "unreal" mode depends on it. */
void segment_load_real(struct segment *s, u16 selector)
{
    s->selector = selector;
    s->base = (u32)selector << 4;
    s->attr = ATTR_DATA | (s->attr & (SEG_D | SEG_G));
    segment_update_bounds(s);
}

void segment_load_v86(struct segment *s, u16 selector)
{
    s->selector = selector;
    s->base = (u32)selector << 4;
    s->limit = 0xffff;
    s->attr = ATTR_DATA | 3 << SEG_DPL_SHIFT;
    segment_update_bounds(s);
}

void segment_load_null(struct segment *s, u16 selector)
{
    s->selector = selector;
    s->attr = 0;
    segment_update_bounds(s);
}

void stack_segment_for(struct cpu *cpu, struct segment *s, u16 selector, unsigned level,
                       unsigned vector, u32 ext)
{
    struct descriptor d;

    if (selector_is_null(selector))
        cpu_raise_code(cpu, vector, ext);
    d = descriptor_fetch(cpu, selector, vector, ext);
    if ((selector & SELECTOR_RPL) != level || descriptor_dpl(d) != level ||
        !attr_is_writable(descriptor_attr(d)))
        raise_selector(cpu, vector, selector, ext);
    if (!descriptor_present(d))
        raise_selector(cpu, EXC_SS, selector, ext);
    descriptor_mark_accessed(cpu, selector, d);
    segment_load(s, selector, d);
}

void load_data_segment(struct cpu *cpu, enum segment_register seg, u16 selector, unsigned vector,
                       u32 ext)
{
    struct descriptor d = descriptor_fetch(cpu, selector, vector, ext);
    u16 attr = descriptor_attr(d);
    unsigned dpl = attr_dpl(attr);

    if (!attr_is_readable(attr))
        raise_selector(cpu, vector, selector, ext);
    if (!attr_is_conforming(attr) && ((selector & SELECTOR_RPL) > dpl || cpu->cpl > dpl))
        raise_selector(cpu, vector, selector, ext);
    if (!descriptor_present(d))
        raise_selector(cpu, EXC_NP, selector, ext);
    descriptor_mark_accessed(cpu, selector, d);
    segment_load(&cpu->seg[seg], selector, d);
}

static void drop_inner(struct cpu *cpu, enum segment_register seg)
{
    struct segment *s = &cpu->seg[seg];

    if (attr_dpl(s->attr) < cpu->cpl && !attr_is_conforming(s->attr))
        segment_load_null(s, 0);
}

void segments_drop_inner(struct cpu *cpu)
{
    drop_inner(cpu, ES);
    drop_inner(cpu, DS);
    drop_inner(cpu, FS);
    drop_inner(cpu, GS);
}

void load_code_segment(struct cpu *cpu, u16 selector, struct descriptor d, unsigned cpl)
{
    segment_load(&cpu->seg[CS], (selector & SELECTOR_ERROR) | cpl, d);
    cpu->cpl = cpl;
}

void load_code_real(struct cpu *cpu, u16 selector)
{
    if (cpu->eflags & FLAG_VM) {
        segment_load_v86(&cpu->seg[CS], selector);
        return;
    }
    /* Unlike the others, CS gets the attributes of real-address mode (SDM vol. 3, 9.9.2). */
    cpu->seg[CS].attr = 0;
    segment_load_real(&cpu->seg[CS], selector);
}

static void load_protected(struct cpu *cpu, enum segment_register seg, u16 selector)
{
    if (seg == SS)
        stack_segment_for(cpu, &cpu->seg[SS], selector, cpu->cpl, EXC_GP, 0);
    else if (selector_is_null(selector))
        segment_load_null(&cpu->seg[seg], selector);
    else
        load_data_segment(cpu, seg, selector, EXC_GP, 0);
}

DEFINE_HELPER(load_seg)
{
    u16 selector = cpu->regs[T0];

    if (a >= SEGMENTS || a == CS)
        cpu_raise(cpu, EXC_UD);
    if (!(cpu->cr0 & CR0_PE))
        segment_load_real(&cpu->seg[a], selector);
    else if (cpu->eflags & FLAG_VM)
        segment_load_v86(&cpu->seg[a], selector);
    else
        load_protected(cpu, a, selector);
    if (a == SS && !b) {
        cpu->shadow = SHADOW_TRAPS;
        cpu_request_exit(cpu);
    }
    update_segment_mode(cpu, a);
}
