/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IN and OUT, and who may (SDM vol. 1, 19.5). */
#include "exec/i386/debug.h"
#include "exec/i386/descriptor.h"
#include "exec/i386/helper.h"

enum { TSS_IO_MAP = 0x66, TSS32_LIMIT = 0x67 };

/* Are the bits of all these ports clear in the map of a 32-bit TSS? */
static bool io_map_allows(struct cpu *cpu, u16 port, unsigned size)
{
    const struct segment *tss = &cpu->tr;
    u32 at, bits;

    if (!(tss->attr & SEG_PRESENT) || !(tss->attr & TYPE_32) || tss->limit < TSS32_LIMIT)
        return false;
    at = mem_read_system(cpu, tss->base + TSS_IO_MAP, 2) + port / 8;
    /* Two bytes are read even where one would do, hence the map's 0xff at the end. */
    if (at + 1 > tss->limit)
        return false;
    bits = mem_read_system(cpu, tss->base + at, 2);
    return !(bits >> port % 8 & ((1u << size) - 1));
}

void port_check(struct cpu *cpu, u16 port, unsigned size)
{
    if (!(cpu->cr0 & CR0_PE))
        return;
    if (!(cpu->eflags & FLAG_VM) && cpu->cpl <= cpu_iopl(cpu))
        return;
    if (!io_map_allows(cpu, port, size))
        cpu_raise_code(cpu, EXC_GP, 0);
}

enum { PORT_IN_DX = 0x10000 };

static u16 port_operand(const struct cpu *cpu, u32 b)
{
    return b == PORT_IN_DX ? cpu->regs[EDX] : b;
}

/* The part of EAX that an access of this size changes. */
static u32 accumulator_mask(unsigned size)
{
    return size == 4 ? 0xffffffff : (1u << 8 * size) - 1;
}

DEFINE_HELPER(in)
{
    u16 port = port_operand(cpu, b);
    u32 mask = accumulator_mask(a);

    port_check(cpu, port, a);
    cpu->regs[EAX] = (cpu->regs[EAX] & ~mask) | (port_read(cpu, port, a) & mask);
    debug_port(cpu, port, a);
}

DEFINE_HELPER(out)
{
    u16 port = port_operand(cpu, b);

    port_check(cpu, port, a);
    port_write(cpu, port, cpu->regs[EAX] & accumulator_mask(a), a);
    debug_port(cpu, port, a);
}
