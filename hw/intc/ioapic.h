/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The 82093AA I/O APIC: 24 inputs, each with an entry of a table that says which processors are to
 * get which interrupt for it. Intel 82093AA data sheet (290566).
 *
 *   ioapic_init(&s->ioapic, &s->bus, memory);
 *   ioapic_set(&s->ioapic, 4, level);          an irq_line's `set`
 *
 * Inputs are levels as devices mean them: an entry's polarity is about wires, and changes nothing.
 */
#ifndef HW_IOAPIC_H
#define HW_IOAPIC_H

#include "hw/device.h"
#include "hw/intc/apic_bus.h"

struct memory;

enum { IOAPIC_PINS = 24, IOAPIC_BASE = (int)0xfec00000 };

struct ioapic {
    struct apic_bus *bus;
    uint8_t select, id;
    uint32_t line; /* inputs that are asserted, a bit each */
    uint64_t entry[IOAPIC_PINS];
};

/* False if the host has no room. */
bool ioapic_init(struct ioapic *s, struct apic_bus *bus, struct memory *memory);
extern const struct device ioapic_device;
void ioapic_set(void *chip, unsigned pin, bool level);
/* Is that the vector which an input is to interrupt by? */
bool ioapic_brings(const struct ioapic *s, unsigned pin, uint8_t vector);

#endif
