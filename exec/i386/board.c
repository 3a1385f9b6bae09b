/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the i386 asks of its board: ports, FERR#, its local APIC. */
#include "exec/i386/i386.h"
#include "exec/i386/questions.h"

static const struct i386_board *board_of(const struct core *core)
{
    return (const struct i386_board *)exec_board(core);
}

static u64 ask_port(struct core *core, const struct log_event *event)
{
    const struct i386_board *b = board_of(core);

    return b->port_read(b->board.board, (u16)event->address, event->size);
}

static u64 tell_port(struct core *core, const struct log_event *event)
{
    const struct i386_board *b = board_of(core);

    b->port_write(b->board.board, (u16)event->address, event->written, event->size);
    return 0;
}

static u64 tell_ferr(struct core *core, const struct log_event *event)
{
    const struct i386_board *b = board_of(core);

    return b->ferr(b->board.board, event->written);
}

static u64 tell_apic_base(struct core *core, const struct log_event *event)
{
    const struct i386_board *b = board_of(core);

    b->apic_base(b->board.board, event->written);
    return 0;
}

u32 port_read(struct cpu *cpu, u16 port, unsigned size)
{
    struct log_event event = {.kind = ASK_PORT, .size = (u8)size, .address = port};

    return (u32)exec_ask(&cpu->core, &event, ask_port);
}

void port_write(struct cpu *cpu, u16 port, u32 value, unsigned size)
{
    struct log_event event = {
        .kind = TELL_PORT, .size = (u8)size, .address = port, .written = value};

    exec_ask(&cpu->core, &event, tell_port);
}

bool cpu_ferr(struct cpu *cpu, bool level)
{
    struct log_event event = {.kind = TELL_FERR, .written = level};

    if (!board_of(&cpu->core)->ferr)
        return true;
    exec_before_device(&cpu->core);
    return exec_ask(&cpu->core, &event, tell_ferr);
}

bool cpu_board_has_apic(const struct cpu *cpu)
{
    return board_of(&cpu->core)->apic_base;
}

void cpu_apic_base(struct cpu *cpu, u64 value)
{
    struct log_event event = {.kind = TELL_APIC_BASE, .written = value};

    exec_ask(&cpu->core, &event, tell_apic_base);
}

u64 cpu_clock(struct cpu *cpu)
{
    return exec_clock(&cpu->core);
}

void exec_a20_line(struct exec *e, bool level)
{
    struct cpu *cpu = exec_cpu(e);
    u32 mask = level ? ~0u : ~(1u << 20);

    if (mask == cpu->a20_mask)
        return;
    cpu->a20_mask = mask;
    mem_flush(cpu);
}

void exec_nmi(struct exec *e)
{
    exec_cpu(e)->nmi_pending = true;
    core_request_exit(exec_core(e));
}
