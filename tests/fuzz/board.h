/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole chipset without a cpu, under a clock that stands still unless it is moved: for the
 * devices' fuzz target, and for who wants to know what ports and registers a machine has.
 *
 * Chips are not listed here. What chipset_init adds is there, and is found by asking its ports,
 * its PCI bus and its memory; so a chip that is new in hw/pc/chipset.c is fuzzed from that moment
 * on, by this target and by the random guests of tests/machine.
 */
#ifndef TESTS_FUZZ_BOARD_H
#define TESTS_FUZZ_BOARD_H

#include "hw/pc/chipset.h"
#include "tests/hw/fake_disk.h"
#include "tests/hw/fake_net.h"

/* The other end of each line: what it is given to receive, and a count of what it was sent. */
struct board_line {
    struct chardev chardev;
    const uint8_t *typed;
    size_t left;
    uint64_t sent;
    bool busy; /* it takes nothing */
};

struct fuzz_board {
    struct timers timers;
    struct memory *memory;
    struct chipset chipset;
    struct board_line line;
    struct fw_cfg fw_cfg;
    struct fake_disk floppy, disk, cd, usb, virtio; /* requests are done as time goes by */
    struct fake_net *net;  /* CARDS of them, each with a card of another model */
    bool intr, a20, reset; /* the lines to the cpu */
};

/* A machine with all that one can have, and a ROM, just switched on; aborts if there is no room. */
struct fuzz_board *board_create(uint32_t ram_size);
void board_destroy(struct fuzz_board *b);
/*
 * One board, as board_create makes it, whatever was done to it before: quicker than a new one.
 * Only what was written to RAM and shadow RAM stays.
 */
struct fuzz_board *board_again(uint32_t ram_size);
/* Moves the clock, and fires what has become due. */
void board_advance(struct fuzz_board *b, uint64_t ns);

/* Parts for another machine: a line with nobody at its end; timers whose clock is set to 0. */
void board_line_init(struct board_line *line);
void board_timers_init(struct timers *timers);
void board_move_clock(uint64_t ns);

/* The ports that some chip answers, in order; how many. */
unsigned board_ports(const struct fuzz_board *b, uint16_t ports[0x10000]);
/* The PCI registers that can be written, as values for port CF8h; at most `room`, how many. */
unsigned board_pci_registers(const struct fuzz_board *b, uint32_t *addresses, unsigned room);

#endif
