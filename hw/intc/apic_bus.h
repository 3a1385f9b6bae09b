/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bus between local APICs and I/O APICs: messages that ask processors for interrupts, and those
 * by which a processor tells of an end (Intel SDM vol. 3, 11.6 "Issuing Interprocessor Interrupts";
 * 11.8.5 "Signaling Interrupt Servicing Completion").
 */
#ifndef HW_APIC_BUS_H
#define HW_APIC_BUS_H

#include <stdbool.h>
#include <stdint.h>

/* As they are numbered in redirection tables, ICR and local vector tables. */
enum apic_delivery {
    APIC_FIXED,
    APIC_LOWEST_PRIORITY,
    APIC_SMI,
    APIC_NMI = 4,
    APIC_INIT,
    APIC_START_UP,
    APIC_EXTINT
};

struct apic_message {
    uint8_t destination; /* an id, FFh: all; or, logical, what each compares with its LDR */
    bool logical;
    bool level; /* triggered by a level: its end is to be told */
    enum apic_delivery mode;
    uint8_t vector;
};

struct apic;
enum { APICS = 8, IO_APICS = 1 };

struct apic_bus {
    unsigned locals, ios;
    struct apic *local[APICS];
    struct apic_end { /* an I/O APIC that hears of ends */
        void (*ended)(void *chip, uint8_t vector);
        void *chip;
    } io[IO_APICS];
};

/* More than there is room for: aborts. */
void apic_bus_add(struct apic_bus *bus, struct apic *local);
void apic_bus_add_io(struct apic_bus *bus, struct apic_end io);
/* To all that it names but one, which may be NULL. Did it reach anybody? */
bool apic_bus_send(struct apic_bus *bus, const struct apic_message *m, const struct apic *but);
void apic_bus_end(const struct apic_bus *bus, uint8_t vector);

#endif
