/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base address registers. PCI Local Bus Specification 2.1, 6.2.5. */
#include "hw/bus/pci.h"

#include "exec/memory.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BASE = 0x10, ROM_BASE = 0x30 };
enum { BASE_IO = 1, BASE_PREFETCHABLE = 8, ROM_ENABLE = 1 };

static unsigned offset_of(unsigned number)
{
    return number == PCI_ROM_BASE ? ROM_BASE : FIRST_BASE + 4 * number;
}

static uint32_t register_at(const struct pci_function *f, unsigned number)
{
    uint32_t value;
    memcpy(&value, f->config + offset_of(number), sizeof value);
    return value;
}

/* --- where they are --- */

/* A ROM by its own enable alone: Bochs's BIOS copies one before it sets Memory Space (6.2.5.2). */
static bool is_enabled(const struct pci_function *f, unsigned number)
{
    const struct pci_base *b = &f->base[number];
    if (number == PCI_ROM_BASE)
        return register_at(f, number) & ROM_ENABLE;
    return f->config[PCI_COMMAND] & (b->region ? PCI_COMMAND_MEMORY : PCI_COMMAND_IO);
}

static void place_memory(const struct pci *s, const struct pci_base *b, uint32_t base, bool visible)
{
    if (visible && s->find_memory)
        visible = s->find_memory(s->bridge, base, b->size, &base);
    memory_place(s->memory, b->region, base, visible);
}

/*
 * Base 0 is what a register has before a BIOS sets it; one that ends at 4 GiB, where the BIOS is,
 * it has while its size is being found out.
 */
static void place(struct pci_function *f, unsigned number)
{
    const struct pci_base *b = &f->base[number];
    uint32_t base = register_at(f, number) & -b->size;
    bool visible = is_enabled(f, number) && base && base != -b->size;
    if (b->region)
        place_memory(f->bus, b, base, visible);
    else
        ports_place(f->bus->ports, b->range, (uint16_t)base, visible && base <= UINT16_MAX);
}

void pci_place_bases(struct pci_function *f)
{
    for (unsigned i = 0; i < PCI_BASES; i++)
        if (f->base[i].size)
            place(f, i);
}

bool pci_is_master(const struct pci_function *f)
{
    return f->config[PCI_COMMAND] & PCI_COMMAND_MASTER;
}

/* --- which there are --- */

static void add(struct pci_function *f, unsigned number, struct pci_base base, uint32_t fixed,
                uint32_t writable)
{
    f->base[number] = base;
    f->writable[PCI_COMMAND] |= base.region ? PCI_COMMAND_MEMORY : PCI_COMMAND_IO;
    pci_set(f, offset_of(number), 4, fixed, -base.size | writable);
    place(f, number);
}

void pci_base_memory(struct pci_function *f, unsigned number, struct memory_region *region,
                     bool prefetchable)
{
    struct pci_base b = {.size = memory_region_size(region), .region = region};
    add(f, number, b, prefetchable ? BASE_PREFETCHABLE : 0, 0);
}

bool pci_base_io(struct pci_function *f, unsigned number, unsigned count, unsigned width,
                 port_read_fn *read, port_write_fn *write, void *device)
{
    unsigned range = ports_add_movable(f->bus->ports, count, width, read, write, device);
    if (range)
        add(f, number, (struct pci_base){.size = count, .range = range}, BASE_IO, 0);
    return range;
}

void pci_base_rom(struct pci_function *f, struct memory_region *region)
{
    struct pci_base b = {.size = memory_region_size(region), .region = region};
    add(f, PCI_ROM_BASE, b, 0, ROM_ENABLE);
}

/*
 * A BIOS starts an image that has the ids of its card (PCI 2.1, 6.3.1.2). One for any card has
 * zeros there, and one for a card that has several ids, as virtio's do, the vendor's and another of
 * them: iPXE's. Their byte 6 is there to make the sum of all 0 again.
 */
static void fill_ids(const struct pci_function *f, uint8_t *image, uint32_t size)
{
    enum { POINTER = 0x18, IDS = 4, BALANCE = 6 };
    uint32_t at = size > POINTER + 1 ? image[POINTER] | (uint32_t)image[POINTER + 1] << 8 : size;
    if (at + IDS + 4 > size || memcmp(image + at, "PCIR", 4) != 0)
        return;
    uint8_t *ids = image + at + IDS;
    if (memcmp(ids, "\0\0\0\0", 4) != 0 && memcmp(ids, f->config, 2) != 0)
        return;
    for (unsigned i = 0; i < 4; i++) {
        image[BALANCE] = (uint8_t)(image[BALANCE] + ids[i] - f->config[i]);
        ids[i] = f->config[i];
    }
}

/* What is behind the image is as an erased chip has it. */
bool pci_add_rom(struct pci_function *f, const uint8_t *image, uint32_t size)
{
    enum { HIDDEN = 0xf0000000u };
    uint32_t room = PAGE_SIZE;
    while (room < size)
        room *= 2;
    uint8_t *bytes = malloc(room);
    if (!bytes)
        return false;
    memset(bytes, 0xff, room);
    memcpy(bytes, image, size);
    fill_ids(f, bytes, size);
    struct memory_region *rom = memory_map_rom(f->bus->memory, HIDDEN, bytes, room);
    free(bytes);
    if (!rom)
        return false;
    memory_call(rom, "PCI ROM");
    pci_base_rom(f, rom);
    return true;
}

/* --- as a BIOS leaves them --- */

enum { FIRST_PORT = 0xc000, FIRST_ADDRESS = 0xe0000000u };

/* Takes the next address that is a multiple of the size. */
static void assign(struct pci_function *f, unsigned number, uint32_t *next)
{
    const struct pci_base *b = &f->base[number];
    uint32_t base = (*next + b->size - 1) & -b->size;
    uint32_t value = register_at(f, number) | base;
    memcpy(f->config + offset_of(number), &value, sizeof value);
    f->config[PCI_COMMAND] |= b->region ? PCI_COMMAND_MEMORY : PCI_COMMAND_IO;
    *next = base + b->size;
}

void pci_assign(struct pci *s, const uint8_t irq_of_pirq[PCI_PIRQS])
{
    uint32_t port = FIRST_PORT, address = FIRST_ADDRESS;
    for (unsigned i = 0; i < s->count; i++) {
        struct pci_function *f = s->function[i];
        for (unsigned number = 0; number < PCI_ROM_BASE; number++)
            if (f->base[number].size)
                assign(f, number, f->base[number].region ? &address : &port);
        if (f->config[PCI_INTERRUPT_PIN])
            f->config[PCI_INTERRUPT_LINE] = irq_of_pirq[pci_pirq_of(f)];
        pci_place_bases(f);
    }
}
