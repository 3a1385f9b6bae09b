/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See board.h. */
#include "tests/fuzz/board.h"

#include <stdlib.h>
#include <string.h>

#include "exec/memory.h"

enum { ROM_SIZE = 0x20000, TIME_OF_DAY_S = 1000000000 };

static uint64_t time_now;

static uint64_t standing_clock(void)
{
    return time_now;
}

static size_t take(struct chardev *c, uint8_t *bytes, size_t room)
{
    struct board_line *line = (struct board_line *)c;
    size_t n = line->left < room ? line->left : room;

    for (size_t i = 0; i < n; i++)
        bytes[i] = *line->typed++;
    line->left -= n;
    return n;
}

static bool ready(struct chardev *c)
{
    return !((struct board_line *)c)->busy;
}

static void put(struct chardev *c, uint8_t byte)
{
    struct board_line *line = (struct board_line *)c;

    (void)byte;
    line->sent++;
}

void board_line_init(struct board_line *line)
{
    *line = (struct board_line){.chardev = {.take = take, .ready = ready, .put = put}};
}

void board_timers_init(struct timers *timers)
{
    time_now = 0;
    timers_init(timers, standing_clock);
}

void board_move_clock(uint64_t ns)
{
    time_now += ns;
}

static void set_level(void *wire, unsigned input, bool level)
{
    (void)input;
    *(bool *)wire = level;
}

static void add_rom(struct fuzz_board *b)
{
    static uint8_t rom[ROM_SIZE];

    memset(rom, 0x5a, sizeof rom);
    if (!memory_map_rom(b->memory, -(uint32_t)ROM_SIZE, rom, ROM_SIZE) ||
        !memory_map_rom(b->memory, 0xe0000, rom, ROM_SIZE))
        abort();
}

static uint8_t floppy_bytes[160 * 1024], disk_bytes[128 * 1024], cd_bytes[64 * 1024];
static uint8_t usb_bytes[32 * 1024], virtio_bytes[32 * 1024];

static struct fake_net nets[CARDS];

static void add_cards(struct fuzz_board *b, struct chipset_setup *setup)
{
    static const uint8_t rom[] = {0x55, 0xaa, 1};

    b->net = nets;
    for (unsigned i = 0; i < CARDS; i++)
        fake_net_init(&nets[i]);
    for (unsigned i = 0; i < CARDS && card_models[i].name; i++)
        setup->card[i] = (struct card_setup){&card_models[i],
                                             &nets[i].net,
                                             {0x52, 0x54, 0, 0, 0, (uint8_t)i},
                                             card_models[i].rom ? rom : NULL,
                                             sizeof rom,
                                             NE2000_PORT,
                                             NE2000_IRQ,
                                             {false, false}};
}

static void take_frames(struct audio *a, uint64_t at, const struct audio_frame *frames,
                        size_t count)
{
    (void)a;
    (void)at;
    (void)frames;
    (void)count;
}

static struct audio silence = {.rate = AUDIO_RATE, .put = take_frames};

static void add_chips(struct fuzz_board *b)
{
    struct chardev *end = &b->line.chardev;
    struct chipset_setup setup = {
        .timers = &b->timers,
        .memory = b->memory,
        .time_of_day = (uint64_t)TIME_OF_DAY_S * NS_PER_S,
        .serial = {end, end},
        .parallel = end,
        .debugcon = end,
        .debugcon_port = DEBUGCON_PORT,
        .fw_cfg = &b->fw_cfg,
        .floppy = {{true, &b->floppy.disk}, {true, NULL}},
        .ide = {{true, false, &b->disk.disk}, {0}, {true, true, &b->cd.disk}, {true, true, NULL}},
        .vga_mib = 1,
        .audio = {&silence},
        .sb16 = {.is_there = true},
        .ac97 = {.is_there = true},
        .sb16_at = {SB16_PORT, SB16_IRQ, SB16_DMA, SB16_DMA16},
        .usb = {true, {{.model = &usb_models[2]}, {&usb_models[3], &b->usb.disk, NULL}}},
        .virtio_disk = {{.disk = &b->virtio.disk}},
        .entropy = {.present = true, .repeats = true},
        .apic = true,
        .hpet = true,
        .acpi = true,
        .intr = {set_level, &b->intr, 0},
        .a20 = {set_level, &b->a20, 0},
        .reset = {set_level, &b->reset, 0},
    };

    fake_disk_init(&b->floppy, floppy_bytes, sizeof floppy_bytes);
    fake_disk_init(&b->disk, disk_bytes, sizeof disk_bytes);
    fake_disk_init(&b->cd, cd_bytes, sizeof cd_bytes);
    fake_disk_init(&b->usb, usb_bytes, sizeof usb_bytes);
    fake_disk_init(&b->virtio, virtio_bytes, sizeof virtio_bytes);
    add_cards(b, &setup);
    fw_cfg_init(&b->fw_cfg);
    fw_cfg_add(&b->fw_cfg, FW_CFG_LINE_DATA, "console=ttyS0", sizeof "console=ttyS0");
    if (!chipset_init(&b->chipset, &setup))
        abort();
}

struct fuzz_board *board_create(uint32_t ram_size)
{
    struct fuzz_board *b = calloc(1, sizeof *b);
    const char *error;

    if (!b || !(b->memory = memory_create(ram_size, &error)))
        abort();
    board_timers_init(&b->timers);
    board_line_init(&b->line);
    add_rom(b);
    add_chips(b);
    return b;
}

void board_destroy(struct fuzz_board *b)
{
    chipset_destroy(&b->chipset);
    memory_destroy(b->memory);
    free(b);
}

struct fuzz_board *board_again(uint32_t ram_size)
{
    static struct fuzz_board *board, fresh;

    if (!board) {
        board = board_create(ram_size);
        fresh = *board;
    }
    chipset_reset(&board->chipset); /* the map of memory */
    *board = fresh;
    for (unsigned i = 0; i < CARDS; i++)
        nets[i].waiting_size = 0;
    memset(floppy_bytes, 0x29, sizeof floppy_bytes);
    memset(disk_bytes, 0x29, sizeof disk_bytes);
    memset(usb_bytes, 0x29, sizeof usb_bytes);
    memset(virtio_bytes, 0x29, sizeof virtio_bytes);
    time_now = 0;
    return board;
}

void board_advance(struct fuzz_board *b, uint64_t ns)
{
    board_move_clock(ns);
    timers_run(&b->timers);
    while (fake_disk_deliver(&b->floppy) || fake_disk_deliver(&b->disk) ||
           fake_disk_deliver(&b->cd) || fake_disk_deliver(&b->usb) || fake_disk_deliver(&b->virtio))
        ;
}

unsigned board_ports(const struct fuzz_board *b, uint16_t ports[0x10000])
{
    unsigned count = 0;

    for (uint32_t port = 0; port < 0x10000; port++)
        if (b->chipset.ports.owner[port])
            ports[count++] = (uint16_t)port;
    return count;
}

static bool can_be_written(const struct pci_function *f, unsigned offset)
{
    uint32_t mask;

    memcpy(&mask, f->writable + offset, sizeof mask);
    return mask;
}

unsigned board_pci_registers(const struct fuzz_board *b, uint32_t *addresses, unsigned room)
{
    const struct pci *pci = &b->chipset.pci;
    unsigned count = 0;

    for (unsigned i = 0; i < pci->count; i++)
        for (unsigned offset = 0; offset < PCI_CONFIG_SIZE && count < room; offset += 4)
            if (can_be_written(pci->function[i], offset))
                addresses[count++] = 0x80000000u | pci->function[i]->devfn << 8 | offset;
    return count;
}
