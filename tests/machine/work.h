/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random work for a guest, a few instructions of a kind at a time. */
#ifndef TESTS_MACHINE_WORK_H
#define TESTS_MACHINE_WORK_H

#include "tests/machine/code.h"
#include "tests/native/random.h"

enum { MOST_PCI_REGISTERS = 512 };

/* What there is to work on. */
struct surroundings {
    u16 ports[0x10000];
    unsigned port_count;
    u32 pci[MOST_PCI_REGISTERS]; /* for port CF8h */
    unsigned pci_count;
    u32 ram_size;
    u32 idt, gdt; /* linear, of the tables in use */
};

struct work {
    struct code code;
    struct random random;
    const struct surroundings *around;
    u32 linear; /* where the code will run */
};

/* An address near something of interest. */
u32 work_address(struct random *r, const struct surroundings *around);
/* A selector: mostly one of the table's. */
u16 work_selector(struct random *r);
/* Adds some work of a random kind. */
void work_add(struct work *w);

#endif
