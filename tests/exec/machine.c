/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See machine.h. */
#include "tests/exec/machine.h"
#include "exec/i386/fpu.h"

#include <string.h>

struct machine machine;

/* --- the board --- */

static void idle(void *board)
{
    (void)board;
    exec_cpu(machine.exec)->core.halted = false;
    fpu_leave(exec_cpu(machine.exec));
    machine.halted();
    fpu_enter(exec_cpu(machine.exec));
}

static void service(void *board)
{
    (void)board;
    if (machine.serviced)
        machine.serviced();
}

static u32 port_in(void *board, u16 port, unsigned size)
{
    (void)board, (void)size;
    ck_assert_msg(machine.port_read != NULL, "read of port %x", port);
    return machine.port_read(port);
}

static void port_written(void *board, u16 port, u32 value, unsigned size)
{
    (void)board, (void)size;
    if (!machine.port_write)
        ck_abort_msg("write to port %x", port);
    machine.port_write(value);
}

static int acknowledge(void *board)
{
    (void)board;
    ck_assert_msg(machine.acknowledge != NULL, "INTA without an interrupt");
    return machine.acknowledge();
}

static void reset(void *board)
{
    (void)board;
    ck_assert_msg(machine.reset != NULL, "triple fault at %08x", exec_cpu(machine.exec)->core.pc);
    machine.reset();
}

static u64 read_clock(void *board)
{
    (void)board;
    return machine.clock ? machine.clock() : 0;
}

static const struct i386_board board = {
    .board = {.acknowledge = acknowledge,
              .service = service,
              .idle = idle,
              .reset = reset,
              .clock = read_clock},
    .port_read = port_in,
    .port_write = port_written,
};

static void flat_segment(struct segment *s, u16 selector, u16 type)
{
    s->base = 0;
    s->limit = ~0u;
    s->selector = selector;
    s->attr = SEG_PRESENT | SEG_S | SEG_ACCESSED | SEG_D | SEG_G | type;
    segment_update_bounds(s);
}

/* --- the machine --- */

void machine_start_flat(void)
{
    struct cpu *cpu = exec_cpu(machine.exec);

    for (unsigned i = 0; i < SEGMENTS; i++)
        flat_segment(&cpu->seg[i], 16, SEG_WRITABLE);
    flat_segment(&cpu->seg[CS], 8, SEG_CODE | SEG_READABLE);
    cpu->cr0 = CR0_PE | CR0_ET | CR0_NE;
    exec_state_changed(machine.exec);
}

void machine_create(enum jit jit, void (*halted)(void))
{
    struct exec_options options = {.jit = jit, .cache_size = 16 << 20};

    machine_create_with(&options, halted);
}

void machine_create_with(const struct exec_options *options, void (*halted)(void))
{
    struct exec_options i386 = *options;
    const char *error = NULL;

    i386.guest = &i386_guest;
    machine.halted = halted;
    machine.memory = memory_create(MACHINE_RAM, &error);
    ck_assert_msg(machine.memory != NULL, "%s", error);
    machine.exec = exec_create(&i386, machine.memory, &board.board, &error);
    ck_assert_msg(machine.exec != NULL, "%s", error);
    machine_start_flat();
}

void machine_destroy(void)
{
    exec_destroy(machine.exec);
    memory_destroy(machine.memory);
}

void machine_put(u32 to, const void *bytes, size_t size)
{
    ck_assert(memory_copy_in(machine.memory, to, bytes, size));
}

void machine_get(void *to, u32 from, size_t size)
{
    ck_assert(memory_copy_out(machine.memory, to, from, size));
}
