/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See apic_bus.h. */
#include "hw/intc/apic_bus.h"

#include "hw/intc/apic.h"

#include <stdlib.h>

void apic_bus_add(struct apic_bus *bus, struct apic *local)
{
    if (bus->locals == APICS)
        abort();
    bus->local[bus->locals++] = local;
}

void apic_bus_add_io(struct apic_bus *bus, struct apic_end io)
{
    if (bus->ios == IO_APICS)
        abort();
    bus->io[bus->ios++] = io;
}

/* SDM vol. 3, 11.6.2.4: of those that are named the one with the least to do. */
static struct apic *least_busy(const struct apic_bus *bus, const struct apic_message *m)
{
    struct apic *best = NULL;
    for (unsigned i = 0; i < bus->locals; i++) {
        struct apic *a = bus->local[i];
        if (apic_is_named(a, m) && apic_is_on(a) &&
            (!best || apic_priority(a) < apic_priority(best)))
            best = a;
    }
    return best;
}

bool apic_bus_send(struct apic_bus *bus, const struct apic_message *m, const struct apic *but)
{
    const struct apic *only = m->mode == APIC_LOWEST_PRIORITY ? least_busy(bus, m) : NULL;
    bool reached = false;
    for (unsigned i = 0; i < bus->locals; i++) {
        struct apic *a = bus->local[i];
        bool is_one = m->mode == APIC_LOWEST_PRIORITY ? a == only : apic_is_named(a, m);
        if (!is_one || a == but)
            continue;
        apic_accept(a, m);
        reached = true;
    }
    return reached;
}

void apic_bus_end(const struct apic_bus *bus, uint8_t vector)
{
    for (unsigned i = 0; i < bus->ios; i++)
        bus->io[i].ended(bus->io[i].chip, vector);
}
