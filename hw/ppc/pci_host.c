/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PCI host: see pci_host.h. */
#include "hw/ppc/pci_host.h"

#include "exec/exec.h"
#include "exec/memory.h"

#include <string.h>

enum { CONFIG_ADDRESS = 0, CONFIG_DATA = 4, CONFIG_END = 8 };
/* Windows, and their registers. */
enum { OUTBOUND = 0xc00, INBOUND = 0xda0, WINDOW_SIZE = 0x20 };
enum { TRANSLATION = 0x00, EXTENDED = 0x04, BASE = 0x08, EXTENDED_BASE = 0x0c, ATTRIBUTES = 0x10 };
/* Attributes: what is read on the bus, and the size, as the power of two less one. */
#define ENABLED 0x80000000u
enum { READS = 0xf0000, READS_MEMORY = 0x40000, READS_PORTS = 0x80000, SIZE = 0x3f };
enum { UNIT = 12, PORTS = 0x10000 };

/* --- windows --- */

static bool is_on(const struct pci_window *w, uint32_t reads)
{
    return w->attributes & ENABLED && (w->attributes & READS) == reads && !w->extended_translation;
}

static uint64_t size_of(const struct pci_window *w)
{
    return UINT64_C(2) << (w->attributes & SIZE);
}

static uint64_t bus_address(const struct pci_window *w)
{
    return (uint64_t)w->translation << UNIT;
}

/* Where the processor sees memory of the bus; false: nowhere below 4 GiB. */
static bool find_memory(void *bridge, uint32_t base, uint32_t size, uint32_t *address)
{
    const struct pci_host *s = bridge;
    for (unsigned i = 0; i < PCI_HOST_OUTBOUND; i++) {
        const struct pci_window *w = &s->outbound[i];
        uint64_t at = ((uint64_t)w->base << UNIT) + base - bus_address(w);
        if (!is_on(w, READS_MEMORY) || base < bus_address(w) ||
            (uint64_t)base + size > bus_address(w) + size_of(w) || at + size > UINT64_C(1) << 32)
            continue;
        *address = (uint32_t)at;
        return true;
    }
    return false;
}

static void place_ports(struct pci_host *s)
{
    const struct pci_window *found = NULL;
    for (unsigned i = PCI_HOST_OUTBOUND; i-- > 0;)
        if (is_on(&s->outbound[i], READS_PORTS) && !s->outbound[i].translation &&
            s->outbound[i].base >> (32 - UNIT) == 0)
            found = &s->outbound[i];
    memory_place(s->bus.memory, s->io, found ? found->base << UNIT : 0, found);
}

static void place_all(struct pci_host *s)
{
    place_ports(s);
    for (unsigned i = 0; i < s->bus.count; i++)
        pci_place_bases(s->bus.function[i]);
}

static uint32_t read_ports(void *device, uint32_t offset, unsigned size)
{
    struct pci_host *s = device;
    return ports_read(&s->ports, (uint16_t)offset, size);
}

static void write_ports(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct pci_host *s = device;
    ports_write(&s->ports, (uint16_t)offset, value, size);
}

/* --- registers --- */

/* Inbound windows are numbered downwards. NULL: there is none. */
static struct pci_window *window_at(struct pci_host *s, uint32_t offset)
{
    if (offset >= OUTBOUND && offset < OUTBOUND + PCI_HOST_OUTBOUND * WINDOW_SIZE)
        return &s->outbound[(offset - OUTBOUND) / WINDOW_SIZE];
    if (offset >= INBOUND && offset < INBOUND + PCI_HOST_INBOUND * WINDOW_SIZE)
        return &s->inbound[(offset - INBOUND) / WINDOW_SIZE];
    return NULL;
}

static uint32_t *window_register(struct pci_host *s, uint32_t offset)
{
    struct pci_window *w = window_at(s, offset);
    if (!w)
        return NULL;
    switch (offset % WINDOW_SIZE) {
    case TRANSLATION:
        return &w->translation;
    case EXTENDED:
        return &w->extended_translation;
    case BASE:
        return &w->base;
    case EXTENDED_BASE:
        return &w->extended_base;
    case ATTRIBUTES:
        return &w->attributes;
    default:
        return NULL;
    }
}

/* Not what goes on behind it: a function's configuration may end there. */
static bool is_data(uint32_t offset, unsigned size)
{
    return offset >= CONFIG_DATA && offset + size <= CONFIG_END;
}

static uint32_t read(void *device, uint32_t offset, unsigned size)
{
    struct pci_host *s = device;
    const uint32_t *at = window_register(s, offset);
    if (is_data(offset, size))
        return pci_read(&s->bus, offset, size);
    if (offset == CONFIG_ADDRESS && size == 4)
        return __builtin_bswap32(s->bus.address);
    if (at && size == 4)
        return __builtin_bswap32(*at);
    log_if(LOG_UNIMP, "pci-host: read of %u bytes at %03x\n", size, offset);
    return 0;
}

static void write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct pci_host *s = device;
    uint32_t *at = window_register(s, offset);
    if (is_data(offset, size)) {
        pci_write(&s->bus, offset, value, size);
    } else if (offset == CONFIG_ADDRESS && size == 4) {
        pci_write(&s->bus, CONFIG_ADDRESS, __builtin_bswap32(value), size);
    } else if (at && size == 4) {
        *at = __builtin_bswap32(value);
        place_all(s);
    } else {
        log_if(LOG_UNIMP, "pci-host: write of %u bytes at %03x\n", size, offset);
    }
}

/* --- the whole --- */

static void reset(void *device)
{
    struct pci_host *s = device;
    memset(s->outbound, 0, sizeof s->outbound);
    memset(s->inbound, 0, sizeof s->inbound);
    pci_function_reset(&s->bridge);
    place_all(s);
}

static void restored(void *device)
{
    place_all(device);
}

/*
 * An MPC8533E; class code: a PowerPC processor. Base address 0, PCSRBAR, is where the bus sees the
 * processor's registers, 1 MiB: systems leave room for them beside RAM. No device uses them.
 */
static void add_bridge(struct pci_host *s)
{
    enum { PCSRBAR = 0x10 };
    pci_function_init(&s->bridge, 0, 0, 0x1957, 0x0030, 0x0b200000);
    pci_set(&s->bridge, PCI_COMMAND, 2, PCI_COMMAND_MEMORY, PCI_COMMAND_MASTER);
    pci_set(&s->bridge, PCSRBAR, 4, 0, 0xfff00000);
    pci_add(&s->bus, &s->bridge);
}

bool pci_host_init(struct pci_host *s, struct memory *memory, uint32_t base,
                   const struct irq_line pirq[PCI_PIRQS])
{
    const struct irq_line nobody = {NULL, NULL, 0};
    memset(s, 0, sizeof *s);
    ports_init(&s->ports);
    pci_init(&s->bus, memory, &s->ports, nobody);
    memcpy(s->bus.pirq, pirq, sizeof s->bus.pirq);
    s->bus.find_memory = find_memory;
    s->bus.bridge = s;
    s->io = memory_map_io(memory, 0, PORTS, read_ports, write_ports, s);
    if (!s->io)
        return false;
    place_ports(s);
    add_bridge(s);
    return memory_map_io(memory, base, PCI_HOST_SIZE, read, write, s);
}

static const struct state_field window_fields[] = {
    {STATE(pci_window, translation)}, {STATE(pci_window, extended_translation)},
    {STATE(pci_window, base)},        {STATE(pci_window, extended_base)},
    {STATE(pci_window, attributes)},  {0},
};
static const struct state_table window_state = STATE_TABLE(pci_window, 1, window_fields);

static const struct state_field fields[] = {
    {NOT_STATE(pci_host, bus)}, /* a device of its own */
    {NOT_STATE(pci_host, ports)},
    {STATE_OF(pci_host, bridge, &pci_function_state)},
    {NOT_STATE(pci_host, io)},
    {STATE_ARRAY_OF(pci_host, outbound, &window_state)},
    {STATE_ARRAY_OF(pci_host, inbound, &window_state)},
    {0},
};
static const struct state_table state = STATE_TABLE(pci_host, 1, fields);
const struct device pci_host_device = {
    .name = "pci-host", .reset = reset, .state = &state, .restored = restored};
