/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PCI bus 0: configuration space by mechanism 1 (ports CF8h, CFCh; PCI Local Bus Specification 2.1,
 * 3.7.4.1), base address registers (6.2.5), interrupt pins (2.2.6). A function is 256 bytes, a
 * mask of what the guest may write, and what it decodes. Functions nobody is read as all ones.
 *
 *   pci_function_init(&s->pci, 2, 0, 0x1234, 0x1111, 0x03000002);
 *   pci_add(bus, &s->pci);
 *   pci_base_memory(&s->pci, 0, region, true);        memory_map_ram's, or memory_map_io's
 *   pci_base_io(&s->pci, 4, 16, 4, read, write, s);
 *   pci_base_rom(&s->pci, rom);
 *   pci_set_interrupt_pin(&s->pci, 1);                INTA#
 *   pci_msix_init(&s->msix, &s->pci, 1, 3);           messages in its place: hw/bus/pci_msix.h
 *   pci_interrupt(&s->pci, true);
 *
 * The owner's reset calls pci_function_reset, its `restored` pci_place_bases; its table has a
 * row {STATE_OF(owner, pci, &pci_function_state)}.
 */
#ifndef HW_PCI_H
#define HW_PCI_H

#include "hw/device.h"
#include "hw/irq.h"
#include "hw/ports.h"

#include <stdint.h>

struct apic_bus;
struct memory;
struct memory_region;
struct pci_msix;

enum { PCI_FUNCTIONS = 32, PCI_CONFIG_SIZE = 256 };
enum {
    PCI_COMMAND = 0x04,
    PCI_STATUS = 0x06,
    PCI_LATENCY_TIMER = 0x0d,
    PCI_HEADER_TYPE = 0x0e,
    PCI_CAPABILITIES = 0x34,
    PCI_INTERRUPT_LINE = 0x3c,
    PCI_INTERRUPT_PIN = 0x3d
};
enum { PCI_COMMAND_IO = 1, PCI_COMMAND_MEMORY = 2, PCI_COMMAND_MASTER = 4 };

/* Base address registers 0 to 5, and that of the expansion ROM. */
enum { PCI_ROM_BASE = 6, PCI_BASES };
struct pci_base {
    uint32_t size;                /* in bytes, a power of two; 0: there is none */
    struct memory_region *region; /* NULL: ports */
    unsigned range;               /* ... whose number this is */
};

struct pci_function {
    struct pci *bus;
    uint8_t devfn; /* device << 3 | function, on bus 0 */
    uint8_t config[PCI_CONFIG_SIZE];
    uint8_t initial[PCI_CONFIG_SIZE];
    uint8_t writable[PCI_CONFIG_SIZE];
    struct pci_base base[PCI_BASES];
    bool interrupt;                /* asserts its pin */
    uint8_t capabilities_end;      /* where the next one would begin; 0: there is none yet */
    struct pci_msix *msix;         /* NULL: it has none */
    void (*changed)(void *device); /* after a write or a reset; may be NULL */
    /* Registers that are not just kept: before a read, and after a write; may be NULL. */
    void (*read)(void *device, unsigned offset, unsigned size);
    void (*written)(void *device, unsigned offset, unsigned size);
    void *device;
};

enum { PCI_PIRQS = 4 };

struct pci {
    uint32_t address;      /* CONFADD */
    uint8_t reset_control; /* CF9h, the south bridge's */
    struct irq_line reset;
    struct irq_line pirq[PCI_PIRQS]; /* to the south bridge, which sets them */
    struct memory *memory;
    struct ports *ports;
    struct apic_bus *apics; /* which messages come to; NULL: nobody */
    /* Where the processor sees memory of the bus; false: nowhere. NULL: at the same address. */
    bool (*find_memory)(void *bridge, uint32_t base, uint32_t size, uint32_t *address);
    void *bridge;
    unsigned count;
    struct pci_function *function[PCI_FUNCTIONS];
};

/* Base addresses move what is in `memory` and among `ports`. */
void pci_init(struct pci *s, struct memory *memory, struct ports *ports, struct irq_line reset);
/* The bus's own registers; functions are devices of their own. */
void pci_reset(void *device);
extern const struct device pci_device;
/* Fills a function with ids, class code (24 bits) and revision, nothing writable yet. */
void pci_function_init(struct pci_function *f, unsigned device, unsigned function, uint16_t vendor,
                       uint16_t id, uint32_t class_revision);
void pci_set(struct pci_function *f, unsigned offset, unsigned size, uint32_t value,
             uint32_t writable);
void pci_add(struct pci *s, struct pci_function *f);
/* A capability of so many bytes (PCI 2.2, 6.7), of which the first two are set: its offset. */
unsigned pci_add_capability(struct pci_function *f, uint8_t id, unsigned size);
/* For the reset of a function, and for its table. */
void pci_function_reset(struct pci_function *f);
extern const struct state_table pci_function_state;

/*
 * What a function that has been added decodes at a base address, which the guest sets and enables;
 * until then, and at base 0, it is out of sight. Sizes are powers of two: a region's own size (ROM:
 * at least 2 KiB), or `count` ports, from 4 to 256. False if there are too many ranges of ports.
 */
void pci_base_memory(struct pci_function *f, unsigned number, struct memory_region *region,
                     bool prefetchable);
bool pci_base_io(struct pci_function *f, unsigned number, unsigned count, unsigned width,
                 port_read_fn *read, port_write_fn *write, void *device);
void pci_base_rom(struct pci_function *f, struct memory_region *region);
/* A ROM of that image, as large as a base address can tell; false if the host has no room. */
bool pci_add_rom(struct pci_function *f, const uint8_t *image, uint32_t size);
/* All that it decodes goes where its registers say: once they have been restored. */
void pci_place_bases(struct pci_function *f);
/* May it start transfers to and from memory? */
bool pci_is_master(const struct pci_function *f);

/*
 * What a BIOS does: all base addresses but ROMs' get a place, are enabled and do not overlap; and
 * each interrupt line register says which of the cpu's interrupts its pin is routed to.
 */
void pci_assign(struct pci *s, const uint8_t irq_of_pirq[PCI_PIRQS]);

/* 1: INTA#, to 4: INTD#; with the interrupt line register, which a BIOS writes. */
void pci_set_interrupt_pin(struct pci_function *f, unsigned pin);
/* The first slot from there on at which there is nothing. */
unsigned pci_free_slot(const struct pci *s, unsigned from);
/* Asserts the function's pin, or lets it go; several may share one. */
void pci_interrupt(struct pci_function *f, bool level);
/* Which of the south bridge's inputs a device's pin leads to, as on QEMU's PC: a PIIX3's slot 1 has
 * INTA# at PIRQA#, slot 2 at PIRQB#, and so on. */
unsigned pci_pirq_of(const struct pci_function *f);

/* Ports CF8h..CFFh. */
uint32_t pci_read(void *device, uint32_t offset, unsigned size);
void pci_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
