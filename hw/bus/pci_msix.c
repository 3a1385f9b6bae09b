/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See pci_msix.h. Messages to processors: Intel SDM vol. 3, 11.11. */
#include "hw/bus/pci_msix.h"

#include "exec/exec.h"
#include "exec/memory.h"
#include "hw/intc/apic_bus.h"

#include <string.h>

enum { CAPABILITY = 0x11, CAPABILITY_SIZE = 12, CONTROL = 2, TABLE = 4, PENDING = 8 };
enum { CONTROL_ENABLE = 0x80, CONTROL_MASK = 0x40 }; /* in the upper byte */
enum { VECTOR_MASKED = 1, VECTOR_SIZE = 16, PENDING_OFFSET = 0x800 };

static bool is_pending(const struct pci_msix *m, unsigned vector)
{
    return m->pending >> vector & 1;
}

static uint8_t control(const struct pci_msix *m)
{
    return m->function->config[m->capability + CONTROL + 1];
}

bool pci_msix_is_on(const struct pci_msix *m)
{
    return m->function && control(m) & CONTROL_ENABLE;
}

static bool is_masked(const struct pci_msix *m, unsigned vector)
{
    return control(m) & CONTROL_MASK || m->vector[vector].control & VECTOR_MASKED;
}

/* --- sending --- */

static void send_to_apics(struct apic_bus *bus, uint32_t address, uint32_t data)
{
    enum { LOGICAL = 4, BY_LEVEL = 0x8000 };
    const struct apic_message message = {.destination = (uint8_t)(address >> 12),
                                         .logical = address & LOGICAL,
                                         .level = data & BY_LEVEL,
                                         .mode = data >> 8 & 7,
                                         .vector = (uint8_t)data};
    apic_bus_send(bus, &message, NULL);
}

/* A message is a write; one that does not go to processors may change memory, but no registers. */
static void send(const struct pci_msix *m, const struct msix_vector *v)
{
    const struct pci *bus = m->function->bus;
    if (v->address_high || !pci_is_master(m->function))
        log_if(LOG_GUEST_ERRORS, "pci: a message that goes nowhere\n");
    else if (v->address >> 20 != 0xfee)
        memory_copy_in(bus->memory, v->address & ~3u, &v->data, sizeof v->data);
    else if (bus->apics)
        send_to_apics(bus->apics, v->address, v->data);
}

void pci_msix_poll(struct pci_msix *m)
{
    for (unsigned i = 0; i < m->count && pci_msix_is_on(m); i++)
        if (is_pending(m, i) && !is_masked(m, i)) {
            m->pending &= ~(1u << i);
            send(m, &m->vector[i]);
        }
}

void pci_msix_send(struct pci_msix *m, unsigned vector)
{
    if (vector >= m->count)
        return;
    m->pending |= 1u << vector;
    pci_msix_poll(m);
}

/* --- the table, and pending bits --- */

static uint32_t read(void *device, uint32_t offset, unsigned size)
{
    const struct pci_msix *m = device;
    uint32_t value = 0;
    if (offset < m->count * VECTOR_SIZE)
        memcpy(&value, (const uint8_t *)m->vector + (offset & ~3u), sizeof value);
    else if (offset >> 2 == PENDING_OFFSET >> 2)
        value = m->pending;
    return value >> 8 * (offset & 3) & UINT32_MAX >> (32 - 8 * size);
}

static void write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct pci_msix *m = device;
    if (offset >= m->count * VECTOR_SIZE || size != 4 || offset & 3) {
        log_if(LOG_GUEST_ERRORS, "pci: MSI-X: a write of %u bytes at %x\n", size, offset);
        return;
    }
    memcpy((uint8_t *)m->vector + offset, &value, sizeof value);
    pci_msix_poll(m);
}

/* --- */

void pci_msix_reset(struct pci_msix *m)
{
    memset(m->vector, 0, sizeof m->vector);
    for (unsigned i = 0; i < m->count; i++)
        m->vector[i].control = VECTOR_MASKED;
    m->pending = 0;
}

bool pci_msix_init(struct pci_msix *m, struct pci_function *f, unsigned base, unsigned count)
{
    enum { HIDDEN = 0xf0000000u };
    struct memory_region *region = memory_map_io(f->bus->memory, HIDDEN, PAGE_SIZE, read, write, m);
    if (!region)
        return false;
    *m = (struct pci_msix){.function = f, .count = count};
    m->capability = pci_add_capability(f, CAPABILITY, CAPABILITY_SIZE);
    pci_set(f, m->capability + CONTROL, 2, count - 1, (CONTROL_ENABLE | CONTROL_MASK) << 8);
    pci_set(f, m->capability + TABLE, 4, base, 0);
    pci_set(f, m->capability + PENDING, 4, PENDING_OFFSET | base, 0);
    pci_base_memory(f, base, region, false);
    f->msix = m;
    pci_msix_reset(m);
    return true;
}

static const struct state_field vector_fields[] = {
    {STATE(msix_vector, address)},
    {STATE(msix_vector, address_high)},
    {STATE(msix_vector, data)},
    {STATE(msix_vector, control)},
    {0},
};
static const struct state_table vector_state = STATE_TABLE(msix_vector, 1, vector_fields);
static const struct state_field fields[] = {
    {NOT_STATE(pci_msix, function)},
    {NOT_STATE(pci_msix, capability)},
    {NOT_STATE(pci_msix, count)},
    {STATE_ARRAY_OF(pci_msix, vector, &vector_state)},
    {STATE(pci_msix, pending), .most = (1u << MSIX_VECTORS) - 1},
    {0},
};
const struct state_table pci_msix_state = STATE_TABLE(pci_msix, 1, fields);
