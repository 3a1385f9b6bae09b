/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a driver says to virtio devices: queues set up by either interface, rings and descriptors
 * with anything in them, registers, frames, time. A device that has stopped begins again when its
 * driver does. Whatever was done, the state can be saved and restored.
 */
#include "tests/fuzz/board.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "exec/memory.h"

enum { RAM = 1 << 20, MOST_STEPS = 1024, PLACES = 8 };
/* Of a queue in memory, as the legacy interface has it for 256 entries; and what is free. */
enum { RINGS = 0x10000, ROOM = 0x4000, AVAILABLE = 0x1000, USED = 0x2000, DATA = 0x80000 };
enum { DESCRIPTOR = 16, VENDOR = 0x1af4, FRAMES_TO = 4 };
/* Registers: of the modern interface (4.1.4.3) behind its base address, and legacy (4.1.4.10). */
enum { FEATURES_SELECT = 8, FEATURES = 12, STATUS = 20, SELECT = 22, SIZE = 24, VECTOR = 26 };
enum { ENABLE = 28, DESCRIPTORS = 32, DRIVER_AREA = 40, DEVICE_AREA = 48, NOTIFY = 0x3000 };
enum { OLD_FEATURES = 4, OLD_PAGE = 8, OLD_SELECT = 14, OLD_NOTIFY = 16, OLD_STATUS = 18 };
enum { ACKNOWLEDGED = 3, REGISTERS = 0x4000, OLD_REGISTERS = 64 };

/* Of an input: each begins with one of these, modulo STEP_CODES; then it has its own. */
enum step {
    START,
    START_LEGACY,
    CHOOSE,
    DESCRIBE,
    FILL,
    GIVE,
    SET_INDEX,
    WRITE_REGISTER,
    READ_REGISTER,
    WRITE_PCI,
    WAIT,
    GIVE_FRAME,
    RESTORE,
    STEP_CODES = 16
};

struct place {
    struct virtio *device;
    uint32_t registers;
    uint16_t ports;
    uint16_t added[VIRTIO_QUEUES];
};

static struct run {
    struct fuzz_board *board;
    struct place place[PLACES];
    unsigned devices, device, queue;
    const uint8_t *bytes;
    size_t size;
    bool is_forged; /* no guest has brought the state about, but a file */
} run;

static uint32_t take(unsigned bytes)
{
    return fuzz_take(&run.bytes, &run.size, bytes);
}

static void store(uint32_t address, uint64_t value, size_t size)
{
    memory_copy_in(run.board->memory, address, &value, size);
}

static struct place *place(void)
{
    return &run.place[run.device];
}

static uint32_t rings(unsigned queue)
{
    return RINGS + (run.device * VIRTIO_QUEUES + queue) * ROOM;
}

static void set(uint32_t offset, uint32_t value, unsigned size)
{
    memory_write(run.board->memory, place()->registers + offset, value, size);
}

static void set_old(uint32_t offset, uint32_t value, unsigned size)
{
    ports_write(&run.board->chipset.ports, (uint16_t)(place()->ports + offset), value, size);
}

/* --- beginning --- */

/* As a BIOS leaves them. */
static void find_devices(void)
{
    const struct pci *pci = &run.board->chipset.pci;
    for (unsigned i = 0; i < pci->count && run.devices < PLACES; i++) {
        struct pci_function *f = pci->function[i];
        uint16_t vendor;
        memcpy(&vendor, f->config, sizeof vendor);
        if (vendor != VENDOR)
            continue;
        struct place *p = &run.place[run.devices++];
        *p = (struct place){.device = (struct virtio *)f};
        memcpy(&p->registers, f->config + 0x20, sizeof p->registers);
        memcpy(&p->ports, f->config + 0x10, sizeof p->ports);
        p->registers &= ~15u;
        p->ports &= 0xfffc;
    }
    if (!run.devices)
        abort();
}

static void clear_queue(unsigned queue)
{
    static const uint8_t zeros[ROOM];
    place()->added[queue] = 0;
    memory_copy_in(run.board->memory, rings(queue), zeros, sizeof zeros);
}

static void start(void)
{
    uint32_t low = take(4), size = take(2), vector = take(1);
    set(STATUS, 0, 1);
    set(STATUS, ACKNOWLEDGED, 1);
    set(FEATURES_SELECT, 0, 4);
    set(FEATURES, low & (uint32_t)place()->device->offered, 4);
    set(FEATURES_SELECT, 1, 4);
    set(FEATURES, 1, 4);
    set(STATUS, ACKNOWLEDGED | VIRTIO_FEATURES_OK, 1);
    for (unsigned i = 0; i < VIRTIO_QUEUES; i++) {
        clear_queue(i);
        set(SELECT, i, 2);
        set(SIZE, size, 2);
        set(VECTOR, vector, 2);
        set(DESCRIPTORS, rings(i), 4);
        set(DRIVER_AREA, rings(i) + AVAILABLE, 4);
        set(DEVICE_AREA, rings(i) + USED, 4);
        set(ENABLE, 1, 2);
    }
    set(STATUS, ACKNOWLEDGED | VIRTIO_FEATURES_OK | VIRTIO_DRIVER_OK, 1);
}

static void start_legacy(void)
{
    set_old(OLD_STATUS, 0, 1);
    set_old(OLD_STATUS, ACKNOWLEDGED, 1);
    set_old(OLD_FEATURES, take(4), 4);
    for (unsigned i = 0; i < VIRTIO_QUEUES; i++) {
        clear_queue(i);
        set_old(OLD_SELECT, i, 2);
        set_old(OLD_PAGE, rings(i) >> 12, 4);
    }
    set_old(OLD_STATUS, ACKNOWLEDGED | VIRTIO_DRIVER_OK, 1);
}

/* --- rings --- */

/* Among the data, most of the time. */
static uint64_t take_place(unsigned kind)
{
    if (kind == 0)
        return rings(run.queue) + take(2) % ROOM;
    if (kind == 1)
        return take(4) | (uint64_t)take(2) << 32;
    return DATA + 8 * take(2);
}

/* In the queue's table, or in one among the data. */
static void describe(void)
{
    unsigned what = take(1);
    uint32_t table = what & 1 ? DATA + 0x1000 * (what >> 4) : rings(run.queue);
    uint32_t at = table + DESCRIPTOR * take(1);
    store(at, take_place(what >> 1 & 3), 8);
    store(at + 8, take(what & 8 ? 4 : 2), 4);
    store(at + 12, take(1), 2);
    store(at + 14, take(1), 2);
}

static void fill(void)
{
    uint32_t at = DATA + 8 * take(2);
    for (unsigned n = take(1) % 64; n > 0; n--)
        store(at++, take(1), 1);
}

static void notify(void)
{
    if (virtio_is_modern(place()->device))
        set(NOTIFY + 4 * run.queue, run.queue, 2);
    else
        set_old(OLD_NOTIFY, run.queue, 2);
}

static void give(void)
{
    const struct virtqueue *q = &place()->device->queue[run.queue];
    uint32_t available = rings(run.queue) + AVAILABLE;
    uint16_t *added = &place()->added[run.queue];
    store(available + 4 + 2 * (*added % (q->size ? q->size : 1u)), take(1), 2);
    store(available + 2, ++*added, 2);
    notify();
}

static void set_index(void)
{
    place()->added[run.queue] = (uint16_t)take(2);
    store(rings(run.queue) + AVAILABLE + 2, place()->added[run.queue], 2);
    notify();
}

/* --- what else comes --- */

static unsigned take_size(void)
{
    return 1u << take(1) % 3;
}

static void write_register(void)
{
    unsigned offset = take(2), size = take_size();
    if (offset >= REGISTERS)
        set_old(offset % OLD_REGISTERS, take(4), size);
    else
        set(offset, take(4), size);
}

static void read_register(void)
{
    unsigned offset = take(2), size = take_size();
    if (offset >= REGISTERS)
        ports_read(&run.board->chipset.ports, (uint16_t)(place()->ports + offset % OLD_REGISTERS),
                   size);
    else
        memory_read(run.board->memory, place()->registers + offset, size);
}

static void write_pci(void)
{
    struct ports *ports = &run.board->chipset.ports;
    uint32_t address = (uint32_t)place()->device->pci.devfn << 8 | (take(1) & 0xfc);
    ports_write(ports, 0xcf8, 0x80000000u | address, 4);
    ports_write(ports, 0xcfc, take(4), 4);
}

static void give_frame(void)
{
    fuzz_give_frame(&run.board->net[FRAMES_TO], take(2) % 2048, &run.bytes, &run.size);
}

static void choose(void)
{
    unsigned what = take(1);
    run.device = what / VIRTIO_QUEUES % run.devices;
    run.queue = what % VIRTIO_QUEUES;
}

static void step(enum step what)
{
    static void (*const steps[STEP_CODES])(void) = {
        [START] = start,
        [START_LEGACY] = start_legacy,
        [CHOOSE] = choose,
        [DESCRIBE] = describe,
        [FILL] = fill,
        [SET_INDEX] = set_index,
        [WRITE_REGISTER] = write_register,
        [READ_REGISTER] = read_register,
        [WRITE_PCI] = write_pci,
        [GIVE_FRAME] = give_frame,
    };
    if (what == WAIT)
        board_advance(run.board, (uint64_t)take(1) * NS_PER_MS);
    else if (what == RESTORE)
        run.is_forged |= fuzz_restore_forged(&run.board->chipset.devices, &run.bytes, &run.size);
    else if (steps[what])
        steps[what]();
    else
        give();
}

void fuzz_virtio(const uint8_t *bytes, size_t size)
{
    run = (struct run){.board = board_again(RAM), .bytes = bytes, .size = size};
    chipset_as_after_bios(&run.board->chipset);
    find_devices();
    for (unsigned i = 0; run.size && i < MOST_STEPS; i++)
        step((enum step)(take(1) % STEP_CODES));
    board_advance(run.board, 10 * NS_PER_MS);
    if (!run.is_forged)
        fuzz_check_state(&run.board->chipset.devices);
    chipset_reset(&run.board->chipset);
}
