/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PCI: configuration mechanism 1, the reset control register that shares its ports, interrupts. */
#include "hw/bus/pci.h"

#include "exec/exec.h"
#include "hw/bus/pci_msix.h"

#include <stdlib.h>
#include <string.h>

enum { CONFADD = 0, RESET_CONTROL = 1, CONFDATA = 4 };
enum { RESET_CPU = 0x04, RESET_HARD = 0x02 };
#define CONFADD_ENABLE  0x80000000u
#define CONFADD_DEFINED 0x80fffffcu

static uint32_t ones(unsigned size)
{
    return UINT32_MAX >> (32 - 8 * size);
}

void pci_init(struct pci *s, struct memory *memory, struct ports *ports, struct irq_line reset)
{
    memset(s, 0, sizeof *s);
    s->memory = memory;
    s->ports = ports;
    s->reset = reset;
}

static void changed(struct pci_function *f)
{
    pci_place_bases(f);
    if (f->msix)
        pci_msix_poll(f->msix);
    if (f->changed)
        f->changed(f->device);
}

void pci_reset(void *device)
{
    struct pci *s = device;
    s->address = 0;
    s->reset_control = 0;
}

void pci_function_reset(struct pci_function *f)
{
    memcpy(f->config, f->initial, PCI_CONFIG_SIZE);
    if (f->msix)
        pci_msix_reset(f->msix);
    pci_interrupt(f, false);
    changed(f);
}

void pci_set(struct pci_function *f, unsigned offset, unsigned size, uint32_t value,
             uint32_t writable)
{
    for (unsigned i = 0; i < size; i++) {
        f->initial[offset + i] = f->config[offset + i] = (uint8_t)(value >> 8 * i);
        f->writable[offset + i] = (uint8_t)(writable >> 8 * i);
    }
}

void pci_function_init(struct pci_function *f, unsigned device, unsigned function, uint16_t vendor,
                       uint16_t id, uint32_t class_revision)
{
    memset(f, 0, sizeof *f);
    f->devfn = (uint8_t)(device << 3 | function);
    pci_set(f, 0x00, 2, vendor, 0);
    pci_set(f, 0x02, 2, id, 0);
    pci_set(f, 0x08, 4, class_revision, 0);
}

void pci_add(struct pci *s, struct pci_function *f)
{
    if (s->count == PCI_FUNCTIONS)
        abort();
    s->function[s->count++] = f;
    f->bus = s;
}

unsigned pci_add_capability(struct pci_function *f, uint8_t id, unsigned size)
{
    enum { FIRST = 0x40, IN_STATUS = 0x10 };
    unsigned at = f->capabilities_end ? f->capabilities_end : FIRST;
    if (at + size > PCI_CONFIG_SIZE)
        abort();
    pci_set(f, at, 2, id | (uint32_t)f->initial[PCI_CAPABILITIES] << 8, 0);
    pci_set(f, PCI_CAPABILITIES, 1, at, 0);
    pci_set(f, PCI_STATUS, 1, f->initial[PCI_STATUS] | IN_STATUS, f->writable[PCI_STATUS]);
    f->capabilities_end = (uint8_t)(at + ((size + 3) & ~3u));
    return at;
}

unsigned pci_free_slot(const struct pci *s, unsigned from)
{
    unsigned slot = from;
    for (unsigned i = 0; i < s->count;)
        if (s->function[i]->devfn >> 3 == slot) {
            slot++;
            i = 0;
        } else {
            i++;
        }
    return slot;
}

/* The function that CONFADD selects. */
static struct pci_function *selected(const struct pci *s)
{
    unsigned bus = s->address >> 16 & 0xff, devfn = s->address >> 8 & 0xff;
    for (unsigned i = 0; i < s->count && bus == 0; i++)
        if (s->function[i]->devfn == devfn)
            return s->function[i];
    return NULL;
}

static uint32_t read_data(const struct pci *s, uint32_t offset, unsigned size)
{
    const struct pci_function *f = selected(s);
    if (!f || !(s->address & CONFADD_ENABLE))
        return ones(size);
    unsigned at = (s->address & 0xfc) + offset;
    uint32_t value = 0;
    if (f->read)
        f->read(f->device, at, size);
    for (unsigned i = 0; i < size; i++)
        value |= (uint32_t)f->config[at + i] << 8 * i;
    return value;
}

static void write_data(struct pci *s, uint32_t offset, uint32_t value, unsigned size)
{
    struct pci_function *f = selected(s);
    if (!f || !(s->address & CONFADD_ENABLE))
        return;
    for (unsigned i = 0; i < size; i++) {
        unsigned at = (s->address & 0xfc) + offset + i;
        uint8_t mask = f->writable[at];
        f->config[at] = (f->config[at] & (uint8_t)~mask) | ((uint8_t)(value >> 8 * i) & mask);
    }
    changed(f);
    if (f->written)
        f->written(f->device, (s->address & 0xfc) + offset, size);
}

/* 82371SB data sheet, RC: a rising bit 2 resets. */
static void write_reset_control(struct pci *s, uint8_t value)
{
    bool rising = (value & RESET_CPU) && !(s->reset_control & RESET_CPU);
    s->reset_control = value & (RESET_CPU | RESET_HARD);
    if (rising)
        irq_set(&s->reset, true);
}

uint32_t pci_read(void *device, uint32_t offset, unsigned size)
{
    const struct pci *s = device;
    if (offset >= CONFDATA)
        return read_data(s, offset - CONFDATA, size);
    if (offset == CONFADD && size == 4)
        return s->address;
    if (offset == RESET_CONTROL && size == 1)
        return s->reset_control;
    log_if(LOG_UNIMP, "port %04x: read of %u bytes, nobody there\n", 0xcf8 + offset, size);
    return ones(size);
}

void pci_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct pci *s = device;
    if (offset >= CONFDATA)
        write_data(s, offset - CONFDATA, value, size);
    else if (offset == CONFADD && size == 4)
        s->address = value & CONFADD_DEFINED;
    else if (offset == RESET_CONTROL && size == 1)
        write_reset_control(s, (uint8_t)value);
    else
        log_if(LOG_UNIMP, "port %04x: write of %u bytes, nobody there\n", 0xcf8 + offset, size);
}

/* --- interrupts --- */

void pci_set_interrupt_pin(struct pci_function *f, unsigned pin)
{
    pci_set(f, PCI_INTERRUPT_LINE, 1, 0, 0xff);
    pci_set(f, PCI_INTERRUPT_PIN, 1, pin, 0);
}

unsigned pci_pirq_of(const struct pci_function *f)
{
    return ((f->devfn >> 3) + f->config[PCI_INTERRUPT_PIN] + 2u) % PCI_PIRQS;
}

void pci_interrupt(struct pci_function *f, bool level)
{
    const struct pci *s = f->bus;
    bool any = false;
    if (f->interrupt == level)
        return;
    f->interrupt = level;
    unsigned pirq = pci_pirq_of(f);
    for (unsigned i = 0; i < s->count; i++)
        any = any || (s->function[i]->interrupt && pci_pirq_of(s->function[i]) == pirq);
    irq_set(&s->pirq[pirq], any);
}

/* --- state --- */

static const struct state_field function_fields[] = {
    {NOT_STATE(pci_function, bus)},
    {NOT_STATE(pci_function, devfn)},
    {STATE_ARRAY(pci_function, config)},
    {NOT_STATE(pci_function, initial)},
    {NOT_STATE(pci_function, writable)},
    {NOT_STATE(pci_function, base)},
    {STATE(pci_function, interrupt), .since = 2},
    {NOT_STATE(pci_function, capabilities_end)},
    {NOT_STATE(pci_function, msix)},
    {NOT_STATE(pci_function, changed)},
    {NOT_STATE(pci_function, read)},
    {NOT_STATE(pci_function, written)},
    {NOT_STATE(pci_function, device)},
    {0},
};
const struct state_table pci_function_state = STATE_TABLE(pci_function, 2, function_fields);

static const struct state_field fields[] = {
    {STATE(pci, address)},   {STATE(pci, reset_control)},   {NOT_STATE(pci, reset)},
    {NOT_STATE(pci, pirq)},  {NOT_STATE(pci, memory)},      {NOT_STATE(pci, ports)},
    {NOT_STATE(pci, apics)}, {NOT_STATE(pci, find_memory)}, {NOT_STATE(pci, bridge)},
    {NOT_STATE(pci, count)}, {NOT_STATE(pci, function)},    {0},
};
static const struct state_table state = STATE_TABLE(pci, 1, fields);
const struct device pci_device = {.name = "pci", .reset = pci_reset, .state = &state};
