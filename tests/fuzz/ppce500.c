/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accesses to the devices of -M ppce500, time that goes by, bytes and frames that come in, in any
 * order. The PCI host's windows and the cards are as a system leaves them at first. Whatever was
 * done, the state can be saved and restored, and a reset leaves nothing of it.
 */
#include "hw/ppc/ppce500.h"
#include "tests/fuzz/board.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "exec/memory_map.h"

enum { RAM = 1 << 20, MOST_STEPS = 4096 };

/* Of an input: each begins with one of these, modulo STEP_CODES; then it has its own. */
enum step {
    WRITE_MEMORY,
    WRITE_SAME_PLACE,
    READ_MEMORY,
    WRITE_PCI,
    READ_PCI,
    WAIT,
    TYPE,
    ACKNOWLEDGE,
    GIVE_FRAME,
    RESTORE,
    STEP_CODES = 16
};

static struct machine_under_test {
    struct timers timers;
    struct memory *memory;
    struct ppce500_board board;
    struct board_line line;
    struct fake_disk disk;
    bool interrupt[MPIC_OUTPUTS], reset, off; /* wires */
} machine;

static struct fake_net nets[CARDS];
static uint8_t disk_bytes[64 * 1024];

static struct run {
    const uint8_t *bytes;
    size_t size;
    uint32_t address;
    bool is_forged; /* no guest has brought the state about, but a file */
} run;

static uint32_t take(unsigned bytes)
{
    return fuzz_take(&run.bytes, &run.size, bytes);
}

/* --- the machine --- */

static void set_level(void *wire, unsigned input, bool level)
{
    (void)input;
    *(bool *)wire = level;
}

static void add_cards(struct ppce500_setup *setup)
{
    unsigned cards = 0;
    for (const struct card_model *m = card_models; m->name && cards < CARDS; m++) {
        if (!m->rom) /* an ISA card */
            continue;
        fake_net_init(&nets[cards]);
        setup->card[cards] = (struct card_setup){.model = m, .net = &nets[cards].net};
        cards++;
    }
}

static void create(void)
{
    struct machine_under_test *m = &machine;
    const char *error;
    struct ppce500_setup setup = {
        .timers = &m->timers,
        .serial = {&m->line.chardev, &m->line.chardev},
        .virtio_disk = {{&m->disk.disk, "disk", {false, false}}},
        .entropy = {.present = true, .repeats = true},
        .interrupt = {{set_level, &m->interrupt[MPIC_INT], 0},
                      {set_level, &m->interrupt[MPIC_CRITICAL], 0},
                      {set_level, &m->interrupt[MPIC_MACHINE_CHECK], 0}},
        .reset = {set_level, &m->reset, 0},
        .off = {set_level, &m->off, 0},
    };
    board_timers_init(&m->timers);
    board_line_init(&m->line);
    fake_disk_init(&m->disk, disk_bytes, sizeof disk_bytes);
    add_cards(&setup);
    m->memory = memory_create(RAM, &error);
    setup.memory = m->memory;
    if (!m->memory || !ppce500_board_init(&m->board, &setup))
        abort();
    devices_reset(&m->board.devices);
}

static void store(uint32_t address, uint32_t value)
{
    memory_write(machine.memory, address, __builtin_bswap32(value), 4);
}

/* As the device tree has it. */
static void open_windows(void)
{
    enum { MEMORY_512M = 0x4401c, PORTS_64K = 0x8800f };
    const uint32_t windows = PPCE500_CCSR + PPCE500_PCI + 0xc00, on = 0x80000000u;
    store(windows + 0x20, PPCE500_PCI_MEMORY >> 12);
    store(windows + 0x28, PPCE500_PCI_MEMORY >> 12);
    store(windows + 0x30, on | MEMORY_512M);
    store(windows + 0x40, 0);
    store(windows + 0x48, PPCE500_PCI_PORTS >> 12);
    store(windows + 0x50, on | PORTS_64K);
}

/* The same one for each input. */
static void begin(void)
{
    static struct machine_under_test fresh;
    if (!fresh.memory) {
        create();
        fresh = machine;
    }
    devices_reset(&machine.board.devices); /* the map of memory */
    machine = fresh;
    board_timers_init(&machine.timers);
    for (unsigned i = 0; i < CARDS; i++)
        nets[i].waiting_size = 0;
    memset(disk_bytes, 0x29, sizeof disk_bytes);
    open_windows();
    pci_assign(&machine.board.pci.bus, (const uint8_t[PCI_PIRQS]){0});
}

/* --- steps --- */

static unsigned take_size(void)
{
    return 1u << take(1) % 3;
}

/* In one of the regions, or just before it. */
static void take_address(void)
{
    const struct memory *m = machine.memory;
    const struct memory_region *region = m->region[take(1) % m->regions];
    run.address = region->base + take(3) % (memory_region_size(region) + 8) - 8;
}

static void write_memory(void)
{
    unsigned size = take_size();
    memory_write(machine.memory, run.address, take(size), size);
}

static void read_memory(void)
{
    unsigned size = take_size();
    uint32_t value = memory_read(machine.memory, run.address, size);
    if (size < 4 && value >> 8 * size)
        abort();
}

static void select_pci(void)
{
    const struct pci *bus = &machine.board.pci.bus;
    uint32_t devfn = bus->function[take(1) % bus->count]->devfn;
    store(PPCE500_CCSR + PPCE500_PCI, 0x80000000u | devfn << 8 | (take(1) & 0xfc));
    run.address = PPCE500_CCSR + PPCE500_PCI + 4;
}

static void let_time_pass(void)
{
    uint64_t ns = take(1);
    board_move_clock(ns << take(1) % 34);
    timers_run(&machine.timers);
    while (fake_disk_deliver(&machine.disk))
        ;
}

static void receive(void)
{
    struct board_line *line = &machine.line;
    size_t n = take(1);
    line->typed = run.bytes;
    line->left = n < run.size ? n : run.size;
    run.bytes += line->left;
    run.size -= line->left;
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        uart16550_poll(&machine.board.uart[i]);
    line->left = 0;
}

static void give_frame(void)
{
    struct fake_net *net = &nets[take(1) % CARDS];

    fuzz_give_frame(net, take(2) % NET_FRAME_MOST, &run.bytes, &run.size);
}

static void acknowledge(void)
{
    if (mpic_acknowledge(&machine.board.mpic) > 0xffff)
        abort();
}

static void step(enum step what)
{
    switch (what) {
    case WRITE_MEMORY:
        take_address();
        write_memory();
        break;
    case READ_MEMORY:
        take_address();
        read_memory();
        break;
    case WRITE_PCI:
        select_pci();
        write_memory();
        break;
    case READ_PCI:
        select_pci();
        read_memory();
        break;
    case WAIT:
        let_time_pass();
        break;
    case TYPE:
        receive();
        break;
    case ACKNOWLEDGE:
        acknowledge();
        break;
    case GIVE_FRAME:
        give_frame();
        break;
    case RESTORE:
        run.is_forged |= fuzz_restore_forged(&machine.board.devices, &run.bytes, &run.size);
        break;
    default:
        write_memory();
    }
}

/* --- what must hold whatever was done --- */

/* Nothing interrupts, and PCI is where nobody sees it. */
static void check_reset(struct devices *devices)
{
    devices_reset(devices);
    for (unsigned i = 0; i < MPIC_OUTPUTS; i++)
        if (machine.interrupt[i])
            abort();
    if (memory_read(machine.memory, PPCE500_PCI_MEMORY, 4) != UINT32_MAX)
        abort();
}

void fuzz_ppce500(const uint8_t *bytes, size_t size)
{
    begin();
    run = (struct run){.bytes = bytes, .size = size, .address = PPCE500_CCSR};
    for (unsigned i = 0; run.size && i < MOST_STEPS; i++) {
        step((enum step)(take(1) % STEP_CODES));
        if (machine.reset)
            devices_reset(&machine.board.devices);
        machine.reset = false;
    }
    if (!run.is_forged)
        fuzz_check_state(&machine.board.devices);
    check_reset(&machine.board.devices);
}
