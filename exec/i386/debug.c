/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breakpoints: see debug.h. */
#include "exec/i386/debug.h"

#include <string.h>

/* R/Wn in DR7. */
enum condition { ON_EXECUTION, ON_WRITE, ON_PORT, ON_ACCESS };

static enum condition condition(const struct cpu *cpu, unsigned n)
{
    return (enum condition)(cpu->dr[7] >> (16 + 4 * n) & 3);
}

/* LENn; 10b is eight bytes, as from the later Pentium 4 on. */
static u32 length(const struct cpu *cpu, unsigned n)
{
    static const u8 lengths[] = {1, 2, 8, 4};

    return lengths[cpu->dr[7] >> (18 + 4 * n) & 3];
}

/* The lowest address of a breakpoint on data or ports: the bits below its length do not count. */
static u32 start(const struct cpu *cpu, unsigned n)
{
    return cpu->dr[n] & -length(cpu, n);
}

/* The breakpoints with one of a set of conditions, by L or G enabled. */
static u8 enabled(const struct cpu *cpu, u32 conditions)
{
    u8 set = 0;

    for (unsigned n = 0; n < BREAKPOINTS; n++)
        if ((cpu->dr[7] >> 2 * n & 3) && (conditions >> condition(cpu, n) & 1))
            set |= 1 << n;
    return set;
}

/* Those that an access meets, enabled or not. */
static u32 met(const struct cpu *cpu, u32 conditions, u32 at, u32 size)
{
    u32 set = 0;

    for (unsigned n = 0; n < BREAKPOINTS; n++) {
        u32 from = start(cpu, n);
        bool overlap = from - at < size || at - from < length(cpu, n);
        if (overlap && (conditions >> condition(cpu, n) & 1))
            set |= 1u << n;
    }
    return set;
}

/* Blocks of MODE_BREAK that know others are forgotten. */
static void note_code_addresses(struct cpu *cpu)
{
    struct breakpoints now = {.count = 0};

    now.count = debug_code_addresses(cpu, now.address);
    if (memcmp(&now, &cpu->debug.known, sizeof now) == 0)
        return;
    cpu->debug.known = now;
    exec_forget_mode(&cpu->core, MODE_BREAK);
}

void debug_update(struct cpu *cpu)
{
    struct debug *d = &cpu->debug;
    u8 data = enabled(cpu, 1 << ON_WRITE | 1 << ON_ACCESS);

    if (data | d->data)
        mem_flush(cpu);
    d->data = data;
    d->code = enabled(cpu, 1 << ON_EXECUTION);
    d->port = cpu->cr4 & CR4_DE ? enabled(cpu, 1 << ON_PORT) : 0;
    if (d->code)
        note_code_addresses(cpu);
}

void debug_report(struct cpu *cpu, u32 bits)
{
    cpu->dr[6] = (cpu->dr[6] & ~(u32)DR6_B) | bits;
}

/* --- on execution --- */

unsigned debug_code_addresses(const struct cpu *cpu, u32 addresses[BREAKPOINTS])
{
    unsigned count = 0;

    for (unsigned n = 0; n < BREAKPOINTS; n++)
        if (cpu->debug.code >> n & 1)
            addresses[count++] = cpu->dr[n];
    return count;
}

static u32 met_by_code(const struct cpu *cpu, u32 linear)
{
    u32 set = 0;

    for (unsigned n = 0; n < BREAKPOINTS; n++)
        if (condition(cpu, n) == ON_EXECUTION && cpu->dr[n] == linear)
            set |= 1u << n;
    return set;
}

void debug_check_code(struct cpu *cpu)
{
    u32 set;

    if (!cpu->debug.code || cpu->debug.resuming)
        return;
    set = met_by_code(cpu, cpu->seg[CS].base + cpu->core.pc);
    if (!(set & cpu->debug.code))
        return;
    debug_report(cpu, set);
    cpu_raise(cpu, EXC_DB);
}

/* --- on data and ports --- */

bool debug_guards_page(const struct cpu *cpu, u32 linear)
{
    u32 page = linear & ~(u32)PAGE_MASK;

    for (unsigned n = 0; n < BREAKPOINTS; n++)
        if ((cpu->debug.data >> n & 1) && start(cpu, n) - page < PAGE_SIZE)
            return true;
    return false;
}

void debug_trap(struct cpu *cpu, u32 bits)
{
    cpu->debug.trap |= bits;
    cpu_request_exit(cpu);
}

void debug_data(struct cpu *cpu, u32 linear, unsigned size, bool write, bool prepare)
{
    u32 conditions = write ? 1 << ON_WRITE | 1 << ON_ACCESS : 1 << ON_ACCESS;
    u32 set = met(cpu, conditions, linear, size);

    if (!(set & cpu->debug.data))
        return;
    exec_alone(&cpu->core);
    if (!prepare)
        debug_trap(cpu, set);
}

void debug_port(struct cpu *cpu, u16 port, unsigned size)
{
    u32 set;

    if (!cpu->debug.port)
        return;
    set = met(cpu, 1 << ON_PORT, port, size);
    if (set & cpu->debug.port)
        debug_trap(cpu, set);
}

void debug_take_trap(struct cpu *cpu)
{
    if (!cpu->debug.trap || cpu->shadow == SHADOW_TRAPS)
        return;
    debug_report(cpu, cpu->debug.trap);
    cpu->debug.trap = 0;
    cpu_raise(cpu, EXC_DB);
}

void debug_step(struct cpu *cpu)
{
    if (cpu->shadow != SHADOW_TRAPS)
        debug_trap(cpu, DR6_BS);
}

void debug_int1(struct cpu *cpu)
{
    if (cpu->debug.trap)
        debug_report(cpu, cpu->debug.trap);
    cpu->debug.trap = 0;
    cpu->dr[7] &= ~(u32)DR7_GD;
}
