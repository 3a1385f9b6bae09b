/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a network card on PCI has around it in a test. */
#ifndef TESTS_HW_CARD_STAGE_H
#define TESTS_HW_CARD_STAGE_H

#include "exec/memory.h"
#include "hw/bus/pci.h"
#include "tests/hw/fake_net.h"
#include "tests/hw/fixture.h"

enum { STAGE_RAM = 4 << 20, STAGE_SLOT = 3, STAGE_REGISTERS = 0x71000000 };

struct card_stage {
    struct timers *timers;
    struct memory *memory;
    struct ports ports;
    struct pci bus;
    struct wire irq; /* of all four PCI interrupts */
    struct fake_net net;
};

/* A card is to be made for STAGE_SLOT, then, */
void stage_open(struct card_stage *s);
/* its registers in memory placed at STAGE_REGISTERS: that base address's number is `bar`. */
void stage_enable(struct card_stage *s, unsigned bar);
/* When the card is gone. */
void stage_close(struct card_stage *s);

#endif
