/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See window.h. */
#include "tests/exec/window.h"

enum { CACHE = 1 << 20 };
static const struct exec_options engines[] = {
    {.jit = JIT_TEMPLATE, .cache_size = CACHE},
    {.jit = JIT_INTERP, .cache_size = CACHE},
    {.jit = JIT_IR, .cache_size = CACHE},
    {.jit = JIT_LOCKSTEP, .cache_size = CACHE},
    {.jit = JIT_LOCKSTEP, .cache_size = CACHE, .lockstep = {JIT_TEMPLATE, JIT_IR}},
    {.jit = JIT_LOCKSTEP, .cache_size = CACHE, .lockstep = {JIT_IR, JIT_TEMPLATE}},
    {.jit = JIT_MIXED, .cache_size = CACHE, .runs = 3},
};
_Static_assert(sizeof engines / sizeof *engines == WINDOW_ENGINES, "each engine");

static void stop_there(void)
{
    exec_stop(machine.exec);
}

void put32(u32 to, u32 value)
{
    machine_put(to, &value, sizeof value);
}

u32 get32(u32 from)
{
    u32 value;

    machine_get(&value, from, sizeof value);
    return value;
}

u32 window_frame(u32 linear)
{
    return (linear < STACK + PAGE_SIZE ? LOW : HIGH) + (linear & PAGE_MASK);
}

void window_map(u32 linear, u32 entry)
{
    put32(TABLE + (linear >> 12) * 4, entry);
}

void window_start(int engine)
{
    struct cpu *cpu;

    machine_create_with(&engines[engine], stop_there);
    cpu = exec_cpu(machine.exec);
    put32(DIRECTORY, TABLE | PRESENT);
    for (u32 linear = 0; linear < 4 << 20; linear += PAGE_SIZE)
        window_map(linear, linear | PRESENT);
    window_map(STACK, LOW | PRESENT);
    window_map(STACK + PAGE_SIZE, HIGH | PRESENT);
    cpu->cr3 = DIRECTORY;
    cpu->cr0 |= CR0_PG;
    exec_state_changed(machine.exec);
}

u32 run_at(u32 eip, u32 esp)
{
    struct cpu *cpu = exec_cpu(machine.exec);

    cpu->core.pc = eip;
    cpu->regs[ESP] = esp;
    exec_run(machine.exec);
    return cpu->regs[EAX];
}
