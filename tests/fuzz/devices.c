/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accesses to the chipset, time that goes by and bytes that are typed, in any order; see board.h
 * for what is there. Beside not crashing, the machine must keep time all the while, have a state
 * that can be saved and restored, and work as ever after a reset; but for what a forged state says.
 */
#include "tests/fuzz/board.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "exec/memory_map.h"

enum { RAM = 1 << 20, MOST_STEPS = 4096 };

/*
 * Of an input: each begins with one of these, modulo STEP_CODES, so that inputs keep their meaning
 * when there are more of them; then it has its own.
 */
enum step {
    WRITE_PORT,
    WRITE_SAME_PORT,
    READ_PORT,
    READ_SAME_PORT,
    WRITE_PCI,
    WRITE_MEMORY,
    READ_MEMORY,
    WAIT,
    WAIT_FOR_TIMER,
    TYPE,
    ACKNOWLEDGE,
    FERR,
    JAM,
    SHOW,
    GIVE_FRAME,
    RESTORE,
    STEP_CODES = 16
};

static struct run {
    struct fuzz_board *board;
    const uint8_t *bytes;
    size_t size;
    uint16_t port;
    bool is_forged; /* no guest has brought the state about, but a file */
} run;

static uint32_t take(unsigned bytes)
{
    return fuzz_take(&run.bytes, &run.size, bytes);
}

static unsigned take_size(void)
{
    return 1u << take(1) % 3;
}

/* --- steps --- */

/* One that nobody answers stands for one that somebody does, except at the top of the range. */
static uint16_t take_port(void)
{
    static uint16_t ports[0x10000];
    static unsigned count;
    uint16_t port = (uint16_t)take(2);

    if (!count)
        count = board_ports(run.board, ports);
    if (run.board->chipset.ports.owner[port] || port >= 0xff00)
        return port;
    return ports[port % count];
}

static void write_port(void)
{
    unsigned size = take_size();

    ports_write(&run.board->chipset.ports, run.port, take(size), size);
}

static void read_port(void)
{
    unsigned size = take_size();
    uint32_t value = ports_read(&run.board->chipset.ports, run.port, size);

    if (size < 4 && value >> 8 * size)
        abort();
}

static void write_pci(void)
{
    static uint32_t registers[PCI_FUNCTIONS * PCI_CONFIG_SIZE];
    static unsigned count;

    if (!count)
        count = board_pci_registers(run.board, registers, sizeof registers / sizeof *registers);
    ports_write(&run.board->chipset.ports, 0xcf8, registers[take(1) % count], 4);
    ports_write(&run.board->chipset.ports, 0xcfc, take(4), 4);
}

/* At the start of one of the regions, or before it. */
static uint32_t take_address(void)
{
    const struct memory *m = run.board->memory;
    uint32_t base = m->region[take(1) % m->regions]->base;

    return base + take(2) - 8;
}

static void write_memory(void)
{
    uint32_t address = take_address();
    unsigned size = take_size();

    memory_write(run.board->memory, address, take(size), size);
}

static void read_memory(void)
{
    uint32_t address = take_address();
    unsigned size = take_size();
    uint32_t value = memory_read(run.board->memory, address, size);

    if (size < 4 && value >> 8 * size)
        abort();
}

static uint64_t until_timer(void)
{
    uint64_t next = timers_next(&run.board->timers), now = timers_now(&run.board->timers);

    return next != TIMER_NEVER && next > now ? next - now : 0;
}

/* After it each timer has been set for later, or the machine would spin. */
static void advance(uint64_t ns)
{
    enum { ENOUGH = 1000 };
    unsigned rounds = 0;

    board_advance(run.board, ns);
    while (timers_next(&run.board->timers) <= timers_now(&run.board->timers)) {
        if (++rounds == ENOUGH)
            abort();
        timers_run(&run.board->timers);
    }
}

static void let_time_pass(void)
{
    uint64_t ns = take(1);

    advance(ns << take(1) % 34);
}

static void receive(void)
{
    struct board_line *line = &run.board->line;
    size_t n = take(1);

    line->typed = run.bytes;
    line->left = n < run.size ? n : run.size;
    run.bytes += line->left;
    run.size -= line->left;
    chipset_poll_serial(&run.board->chipset);
    line->left = 0;
}

/* Nobody takes what is sent, until the next time. */
static void jam(void)
{
    run.board->line.busy = !run.board->line.busy;
    chipset_poll_serial(&run.board->chipset);
}

/* Somebody looks at the screen. */
static void show(void)
{
    static struct picture picture;
    static struct screen_text text;
    const struct video v = vga_video(&run.board->chipset.vga);
    unsigned first, end;

    if (!v.latch(v.card, false))
        return;
    v.draw(v.card, &picture, &first, &end);
    if (first > end || end > picture.height)
        abort();
    v.text(v.card, &text);
}

/* A frame comes for one of the cards; it may wait, and is gone when another comes. */
static void give_frame(void)
{
    struct fake_net *net = &run.board->net[take(1) % CARDS];

    fuzz_give_frame(net, take(1) * (size_t)take(1) / 8, &run.bytes, &run.size);
}

static void acknowledge(void)
{
    int vector = chipset_acknowledge(&run.board->chipset);

    if (vector < 0 || vector > 255)
        abort();
}

static void step(enum step what)
{
    switch (what) {
    case WRITE_PORT:
        run.port = take_port();
        write_port();
        break;
    case WRITE_SAME_PORT:
        write_port();
        break;
    case READ_PORT:
        run.port = take_port();
        read_port();
        break;
    case READ_SAME_PORT:
        read_port();
        break;
    case WRITE_PCI:
        write_pci();
        break;
    case WRITE_MEMORY:
        write_memory();
        break;
    case READ_MEMORY:
        read_memory();
        break;
    case WAIT:
        let_time_pass();
        break;
    case WAIT_FOR_TIMER:
        advance(until_timer());
        break;
    case TYPE:
        receive();
        break;
    case ACKNOWLEDGE:
        acknowledge();
        break;
    case FERR:
        chipset_ferr(&run.board->chipset, take(1) & 1);
        break;
    case JAM:
        jam();
        break;
    case SHOW:
        show();
        break;
    case RESTORE:
        run.is_forged |= fuzz_restore_forged(&run.board->chipset.devices, &run.bytes, &run.size);
        break;
    case GIVE_FRAME:
        give_frame();
        break;
    default:
        read_port();
    }
}

/* --- what must hold whatever was done --- */

/* A counter that runs for ever comes to its next edge. */
static void check_timer(const struct i8254 *pit)
{
    const struct i8254_counter *c = &pit->counter[0];
    const uint64_t longest = 2 * (uint64_t)0x10000 * NS_PER_S / I8254_HZ;

    if (c->state == I8254_RUNNING && (c->mode == 2 || c->mode == 3) &&
        pit->timer.deadline > timers_now(&run.board->timers) + longest)
        abort();
}

/* A reset leaves nothing of what was before: the clock ticks as a BIOS sets it. */
static void check_reset(struct chipset *s)
{
    chipset_reset(s);
    chipset_as_after_bios(s);
    advance(60 * (uint64_t)NS_PER_MS);
    if (!run.board->a20 || !run.board->intr || chipset_acknowledge(s) != 8)
        abort();
}

void fuzz_devices(const uint8_t *bytes, size_t size)
{
    struct fuzz_board *board = board_again(RAM);

    run = (struct run){.board = board, .bytes = bytes, .size = size};
    for (unsigned i = 0; run.size && i < MOST_STEPS; i++) {
        step((enum step)(take(1) % STEP_CODES));
        if (!run.is_forged)
            check_timer(&board->chipset.pit);
        if (board->reset)
            chipset_reset(&board->chipset);
        board->reset = false;
    }
    if (run.is_forged) {
        chipset_reset(&board->chipset);
        return;
    }
    fuzz_check_state(&board->chipset.devices);
    check_reset(&board->chipset);
}
