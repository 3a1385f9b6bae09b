/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The 64 K of I/O ports: who answers which. An access wider than the device's data path is split
 * into cycles that fit, as the ISA bus does; ports nobody answers float high.
 *
 *   ports_add(ports, 0x3f8, 8, 1, uart16550_read, uart16550_write, uart);
 *
 * Where ranges overlap, later ones win.
 */
#ifndef HW_PORTS_H
#define HW_PORTS_H

#include <stdbool.h>
#include <stdint.h>

/* offset from the range's first port; size 1, 2 or 4, at most the range's width */
typedef uint32_t port_read_fn(void *device, uint32_t offset, unsigned size);
typedef void port_write_fn(void *device, uint32_t offset, uint32_t value, unsigned size);

enum { PORT_RANGES = 64 };

struct port_range {
    uint16_t first;
    unsigned count;
    bool visible;
    unsigned width; /* in bytes: the widest access the device takes at once */
    port_read_fn *read;
    port_write_fn *write;
    void *device;
};

struct ports {
    unsigned count;
    struct port_range range[PORT_RANGES]; /* number 0: nobody */
    uint8_t owner[0x10000];
};

void ports_init(struct ports *p);
/* Returns false if there are too many, or one goes beyond FFFFh. */
bool ports_add(struct ports *p, uint16_t first, unsigned count, unsigned width, port_read_fn *read,
               port_write_fn *write, void *device);
/* A range that ports_place moves, out of sight at first; its number, 0 if there are too many. */
unsigned ports_add_movable(struct ports *p, unsigned count, unsigned width, port_read_fn *read,
                           port_write_fn *write, void *device);
/* Where it goes beyond FFFFh it is out of sight. */
void ports_place(struct ports *p, unsigned range, uint16_t first, bool visible);
/* Who answers from the first port on, and how many in a row; NULL: nobody. */
const struct port_range *ports_owner(const struct ports *p, uint16_t first, unsigned *count);
uint32_t ports_read(struct ports *p, uint16_t port, unsigned size);
void ports_write(struct ports *p, uint16_t port, uint32_t value, unsigned size);

#endif
