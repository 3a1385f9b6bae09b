/* SPDX-License-Identifier: GPL-3.0-or-later */
/* info mtree, info roms: what is at which address. */
#include "exec/memory.h"
#include "hw/monitor/monitor.h"
#include "hw/ports.h"

static const char *owner_of(const struct monitor_call *c, const void *device)
{
    const struct device_entry *e = devices_find(c->monitor->parts.devices, device);
    return e ? e->device->name : "a device";
}

static void print_region(const struct monitor_call *c, const struct memory_view *v)
{
    const char *name = v->name ? v->name : "memory";
    fprintf(c->to, "  %08x-%08x %s, %s%s\n", v->base, v->base + v->size - 1,
            v->device     ? "i/o"
            : v->writable ? "ram"
                          : "rom",
            v->device ? owner_of(c, v->device) : name, v->visible ? "" : " [disabled]");
}

static void print_ports(const struct monitor_call *c, const struct ports *p)
{
    enum { PORTS = 0x10000 };
    for (unsigned at = 0, count; at < PORTS; at += count) {
        const struct port_range *r = ports_owner(p, (uint16_t)at, &count);
        if (r)
            fprintf(c->to, "  %04x-%04x %s\n", at, at + count - 1, owner_of(c, r->device));
    }
}

bool monitor_info_mtree(struct monitor_call *c)
{
    const struct machine_parts *p = &c->monitor->parts;
    fputs("memory, each in front of those above it:\n", c->to);
    for (unsigned i = 0; i < memory_regions(p->memory); i++) {
        struct memory_view v = memory_view(p->memory, i);
        print_region(c, &v);
    }
    if (p->ports) {
        fputs("ports:\n", c->to);
        print_ports(c, p->ports);
    }
    return true;
}

bool monitor_info_roms(struct monitor_call *c)
{
    const struct memory *m = c->monitor->parts.memory;
    unsigned found = 0;
    for (unsigned i = 0; i < memory_regions(m); i++) {
        struct memory_view v = memory_view(m, i);
        if (v.is_image)
            fprintf(c->to, "addr=%08x size=0x%06x mem=rom name=\"%s\"%s\n", v.base, v.size,
                    v.name ? v.name : "", v.visible ? "" : " [disabled]");
        found += v.is_image;
    }
    if (!found)
        fputs("There are no ROMs.\n", c->to);
    return true;
}
