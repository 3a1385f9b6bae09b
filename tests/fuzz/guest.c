/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guest bytes, run: the C parts of the cpu see them under the sanitizers. The first bytes choose
 * the engines, the mode and the registers; the others are memory from CODE on.
 */
#include "tests/fuzz/fuzz.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "exec/exec.h"
#include "exec/i386/i386.h"

enum { RAM = 2 << 20, CODE = 0x7c00, TABLES = 0x10000, GDT = 0x6000, EXITS = 64 };

enum { REAL, FLAT, USER, V86, PAGED, STARTS };

static struct machine {
    struct exec *exec;
    struct memory *memory;
    u32 answers; /* of devices and clocks: the same in each run */
    u32 exits;
} * running;

/* --- the board: answers of a kind, and an end --- */

static u32 port_in(void *board, u16 port, unsigned size)
{
    struct machine *m = board;
    return (m->answers = m->answers * 1664525 + port + size) >> 3;
}

static void end_after_some(struct machine *m)
{
    if (++m->exits >= EXITS)
        exec_stop(m->exec);
}

static void port_out(void *board, u16 port, u32 value, unsigned size)
{
    struct machine *m = board;
    (void)size;
    exec_interrupt_line(m->exec, (port ^ value) & 1);
    end_after_some(m);
}

static int acknowledge(void *board)
{
    struct machine *m = board;
    exec_interrupt_line(m->exec, false);
    end_after_some(m);
    return (int)(m->answers >> 8 & 0xff);
}

static void stop_there(void *board)
{
    struct machine *m = board;
    exec_stop(m->exec);
}

static void service(void *board)
{
    (void)board;
}

static u64 clock_of(void *board)
{
    struct machine *m = board;
    return m->answers += 1000;
}

static bool ferr(void *board, bool level)
{
    struct machine *m = board;
    end_after_some(m);
    return level && m->answers & 8;
}

/* --- an end for guests that come to none --- */

static timer_t patience;

static void out_of_time(int signal_number)
{
    (void)signal_number;
    if (running)
        exec_stop(running->exec);
}

static void start_patience(void)
{
    static bool started;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGVTALRM};

    if (started)
        return;
    started = true;
    signal(SIGVTALRM, out_of_time);
    if (timer_create(CLOCK_MONOTONIC, &event, &patience) != 0)
        abort();
}

static void set_patience(long nanoseconds)
{
    const struct itimerspec once = {.it_value = {.tv_nsec = nanoseconds}};

    timer_settime(patience, 0, &once, NULL);
}

/* --- the machines, one for each choice of engines --- */

static struct machine *machine_for(unsigned choice)
{
    static const struct exec_options choices[] = {
        {.jit = JIT_TEMPLATE},
        {.jit = JIT_INTERP},
        {.jit = JIT_IR},
        {.jit = JIT_LOCKSTEP, .lockstep = {JIT_TEMPLATE, JIT_INTERP}},
        {.jit = JIT_LOCKSTEP, .lockstep = {JIT_TEMPLATE, JIT_IR}},
    };
    enum { CHOICES = sizeof choices / sizeof *choices };
    static struct machine machines[CHOICES];
    struct machine *m = &machines[choice % CHOICES];
    struct exec_options options = choices[choice % CHOICES];
    static struct i386_board boards[CHOICES];
    struct i386_board *board = &boards[choice % CHOICES];
    const char *error;

    if (m->exec)
        return m;
    *board = (struct i386_board){
        .board = {.board = m,
                  .acknowledge = acknowledge,
                  .service = service,
                  .idle = stop_there,
                  .reset = stop_there,
                  .clock = clock_of},
        .port_read = port_in,
        .port_write = port_out,
        .ferr = ferr,
    };
    options.guest = &i386_guest;
    options.cache_size = 1 << 20;
    m->memory = memory_create(RAM, &error);
    m->exec = m->memory ? exec_create(&options, m->memory, &board->board, &error) : NULL;
    if (!m->exec)
        abort();
    return m;
}

/* --- how it starts --- */

static void set_segment(struct segment *s, u16 selector, u32 base, u32 limit, u16 attr)
{
    *s = (struct segment){.selector = selector, .base = base, .limit = limit, .attr = attr};
    segment_update_bounds(s);
}

static void put_gdt(struct machine *m, struct cpu *cpu)
{
    static const u64 gdt[] = {
        0,
        0x00cf9b000000ffff, /* 08h: code, data; 18h: the same of ring 3 */
        0x00cf93000000ffff,
        0x00cffb000000ffff,
        0x00cff3000000ffff,
        0x00008b0068000067 | (u64)(GDT + 0x100) << 16, /* 28h: a 32-bit TSS */
        0x008f9b000000ffff,                            /* 30h: 16-bit code */
        0x0000820000400fff,                            /* 38h: an LDT */
    };

    memory_copy_in(m->memory, GDT, gdt, sizeof gdt);
    cpu->gdt.base = GDT;
    cpu->gdt.limit = sizeof gdt - 1;
    cpu->idt.base = TABLES + 0x8000;
    cpu->idt.limit = 0x7ff;
    set_segment(&cpu->tr, 0x28, GDT + 0x100, 0x67, 0x8b);
}

static void protect(struct machine *m, struct cpu *cpu, unsigned ring)
{
    u16 dpl = (u16)(ring << SEG_DPL_SHIFT), data = (u16)(ring ? 0x23 : 0x10);

    put_gdt(m, cpu);
    cpu->cr0 |= CR0_PE;
    cpu->cpl = ring;
    for (unsigned i = 0; i < SEGMENTS; i++)
        set_segment(&cpu->seg[i], data, 0, ~0u, 0xc093 | dpl);
    set_segment(&cpu->seg[CS], ring ? 0x1b : 8, 0, ~0u, 0xc09b | dpl);
}

static void start_v86(struct machine *m, struct cpu *cpu)
{
    protect(m, cpu, 3);
    cpu->eflags |= FLAG_VM;
    for (unsigned i = 0; i < SEGMENTS; i++)
        set_segment(&cpu->seg[i], 0, 0, 0xffff, 0xf3);
}

/* The first 2 MiB, mapped to themselves and once more below 4 GiB. */
static void start_paged(struct machine *m, struct cpu *cpu)
{
    enum { DIRECTORY = TABLES, TABLE = TABLES + 0x1000, ENTRIES = RAM / PAGE_SIZE };

    protect(m, cpu, 0);
    for (u32 i = 0; i < ENTRIES; i++)
        memory_write(m->memory, TABLE + 4 * i, i * PAGE_SIZE | (i % 7 ? 7 : 5), 4);
    memory_write(m->memory, DIRECTORY, TABLE | 7, 4);
    memory_write(m->memory, DIRECTORY + 4092, TABLE | 3, 4);
    cpu->cr3 = DIRECTORY;
    cpu->cr0 |= CR0_PG | CR0_WP;
}

static void set_mode(struct machine *m, struct cpu *cpu, unsigned start)
{
    if (start == FLAT || start == USER)
        protect(m, cpu, start == USER ? 3 : 0);
    else if (start == V86)
        start_v86(m, cpu);
    else if (start == PAGED)
        start_paged(m, cpu);
    else
        for (unsigned i = 0; i < SEGMENTS; i++)
            set_segment(&cpu->seg[i], 0, 0, 0xffff, 0x93);
}

static void clear(struct memory *memory)
{
    static const u8 zeros[PAGE_SIZE];

    for (u32 at = 0; at < RAM; at += PAGE_SIZE)
        memory_copy_in(memory, at, zeros, sizeof zeros);
}

static void start(struct machine *m, const uint8_t *bytes, size_t size)
{
    struct cpu *cpu = exec_cpu(m->exec);
    unsigned how = fuzz_take(&bytes, &size, 1);

    clear(m->memory);
    exec_a20_line(m->exec, true);
    exec_interrupt_line(m->exec, false);
    exec_reset(m->exec);
    m->answers = m->exits = 0;
    for (unsigned i = 0; i < 8; i++)
        cpu->regs[i] = fuzz_take(&bytes, &size, 2) * (i & 1 ? 1 : 0x10001);
    cpu->regs[ESP] = 0x7000;
    set_mode(m, cpu, how % STARTS);
    cpu->eflags |= (how & 0x40 ? FLAG_TF : 0) | (how & 0x80 ? FLAG_IF : 0);
    cpu->core.pc = CODE;
    memory_copy_in(m->memory, CODE, bytes, size);
    exec_state_changed(m->exec);
}

void fuzz_guest(const uint8_t *bytes, size_t size)
{
    enum { PATIENCE_NS = 2000000 };
    unsigned choice = fuzz_take(&bytes, &size, 1);
    struct machine *m = machine_for(choice);

    if (size > RAM / 2)
        return;
    start_patience();
    start(m, bytes, size);
    running = m;
    set_patience(PATIENCE_NS);
    exec_run(m->exec);
    set_patience(0);
    running = NULL;
}
