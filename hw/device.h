/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A chip as its machine sees it, and the one list of the machine's chips. What is added is thereby
 * reset, saved and restored:
 *
 *   i8254_init(&s->pit, timers, irq);
 *   devices_add(&s->devices, &i8254_device, &s->pit);
 *
 * A chip's own header declares its struct device, a constant; its file defines it beside the table
 * of its state (hw/state.h).
 */
#ifndef HW_DEVICE_H
#define HW_DEVICE_H

#include "hw/state.h"

/* Of a kind of chip; each function gets the chip, and may be NULL. */
struct device {
    const char *name;
    void (*reset)(void *chip); /* RESET, if the chip has such an input */
    const struct state_table *state;
    /* The state is about to be looked at: members that follow from elsewhere are to be set. */
    void (*saving)(void *chip);
    /*
     * The state has been restored, and so has that of all devices: what follows from it and is
     * elsewhere (what leads to the cpu, the map of memory) is to be set again.
     */
    void (*restored)(void *chip);
};

enum { DEVICES = 64 };

struct devices {
    unsigned count;
    struct device_entry {
        const struct device *device;
        void *chip;
        unsigned number; /* among those of its name, from 0 */
    } entry[DEVICES];
};

/* The chip, which is initialized, stays the caller's. More than there is room for: aborts. */
void devices_add(struct devices *d, const struct device *device, void *chip);
/* The chip in whose struct that address is, as what a region of memory is given for its owner. */
const struct device_entry *devices_find(const struct devices *d, const void *at);
/* In the order in which they were added. */
void devices_reset(struct devices *d);

/* State is about to be looked at: what devices_print and devices_save do first. */
void devices_prepare(struct devices *d);
/* All of their state: for people; as bytes, and back (see hw/state.h). */
void devices_print(struct devices *d, FILE *to);
size_t devices_save(struct devices *d, uint8_t *to, size_t room);
/*
 * What is there of a device that these do not have, or is not well, is refused and changes nothing.
 * Devices of which nothing is there, as of those that an older version did not have, are reset.
 */
bool devices_check(const struct devices *d, const uint8_t *from, size_t size, struct error *error);
bool devices_restore(struct devices *d, const uint8_t *from, size_t size, struct error *error);

#endif
