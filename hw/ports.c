/* SPDX-License-Identifier: GPL-3.0-or-later */
/* I/O port dispatch. */
#include "hw/ports.h"

#include "exec/exec.h"

#include <string.h>

static uint32_t ones(unsigned size)
{
    return size == 4 ? UINT32_MAX : (1u << 8 * size) - 1;
}

static uint32_t nobody_read(void *device, uint32_t port, unsigned size)
{
    (void)device;
    log_if(LOG_UNIMP, "port %04x: read of %u bytes, nobody there\n", port, size);
    return ones(size);
}

static void nobody_write(void *device, uint32_t port, uint32_t value, unsigned size)
{
    (void)device;
    log_if(LOG_UNIMP, "port %04x: write of %0*x, nobody there\n", port, (int)size * 2, value);
}

void ports_init(struct ports *p)
{
    memset(p, 0, sizeof *p);
    p->range[0] = (struct port_range){
        .width = 4, .read = nobody_read, .write = nobody_write, .device = p, .visible = true};
    p->count = 1;
}

static uint8_t owner_of(const struct ports *p, unsigned port)
{
    unsigned i = p->count - 1;
    while (i && (!p->range[i].visible || port - p->range[i].first >= p->range[i].count))
        i--;
    return (uint8_t)i;
}

static void show(struct ports *p, struct port_range *r, bool visible)
{
    r->visible = visible;
    for (unsigned i = 0; i < r->count; i++)
        p->owner[r->first + i] = owner_of(p, r->first + i);
}

unsigned ports_add_movable(struct ports *p, unsigned count, unsigned width, port_read_fn *read,
                           port_write_fn *write, void *device)
{
    if (p->count == PORT_RANGES)
        return 0;
    p->range[p->count] = (struct port_range){
        .count = count, .width = width, .read = read, .write = write, .device = device};
    return p->count++;
}

void ports_place(struct ports *p, unsigned range, uint16_t first, bool visible)
{
    struct port_range *r = &p->range[range];
    visible = visible && first + r->count <= sizeof p->owner;
    if (r->visible == visible && (r->first == first || !visible))
        return;
    show(p, r, false);
    if (!visible)
        return;
    r->first = first;
    show(p, r, true);
}

bool ports_add(struct ports *p, uint16_t first, unsigned count, unsigned width, port_read_fn *read,
               port_write_fn *write, void *device)
{
    unsigned range = first + count <= sizeof p->owner
                         ? ports_add_movable(p, count, width, read, write, device)
                         : 0;
    if (range)
        ports_place(p, range, first, true);
    return range;
}

const struct port_range *ports_owner(const struct ports *p, uint16_t first, unsigned *count)
{
    unsigned end = first;
    while (end < sizeof p->owner && p->owner[end] == p->owner[first])
        end++;
    *count = end - first;
    return p->owner[first] ? &p->range[p->owner[first]] : NULL;
}

/* Does one device take all of an access in one cycle? */
static bool one_cycle(const struct ports *p, uint16_t port, unsigned size)
{
    bool one = size <= p->range[p->owner[port]].width && (port & (size - 1)) == 0;
    for (unsigned i = 1; one && i < size; i++)
        one = p->owner[(uint16_t)(port + i)] == p->owner[port];
    return one;
}

uint32_t ports_read(struct ports *p, uint16_t port, unsigned size)
{
    if (size == 1 || one_cycle(p, port, size)) {
        const struct port_range *r = &p->range[p->owner[port]];
        return r->read(r->device, (uint32_t)(port - r->first), size) & ones(size);
    }
    unsigned half = size / 2;
    uint32_t low = ports_read(p, port, half);
    return low | ports_read(p, (uint16_t)(port + half), half) << (8 * half);
}

void ports_write(struct ports *p, uint16_t port, uint32_t value, unsigned size)
{
    if (size == 1 || one_cycle(p, port, size)) {
        const struct port_range *r = &p->range[p->owner[port]];
        r->write(r->device, (uint32_t)(port - r->first), value & ones(size), size);
        return;
    }
    unsigned half = size / 2;
    ports_write(p, port, value, half);
    ports_write(p, (uint16_t)(port + half), value >> (8 * half), half);
}
