/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of a machine's devices. Saved, each is the size of its state (4 bytes), then that. */
#include "hw/device.h"

#include <stdlib.h>
#include <string.h>

enum { SIZE_SIZE = 4 };

void devices_add(struct devices *d, const struct device *device, void *chip)
{
    unsigned number = 0;
    if (d->count == DEVICES)
        abort();
    for (unsigned i = 0; i < d->count; i++)
        number += d->entry[i].device == device;
    d->entry[d->count++] = (struct device_entry){device, chip, number};
}

void devices_reset(struct devices *d)
{
    for (unsigned i = 0; i < d->count; i++)
        if (d->entry[i].device->reset)
            d->entry[i].device->reset(d->entry[i].chip);
}

struct entry_name {
    char text[64];
};

static struct entry_name name_of(const struct device_entry *e)
{
    struct entry_name n;
    snprintf(n.text, sizeof n.text, "%s-%u", e->device->name, e->number);
    return n;
}

static void prepare(struct devices *d)
{
    for (unsigned i = 0; i < d->count; i++)
        if (d->entry[i].device->saving)
            d->entry[i].device->saving(d->entry[i].chip);
}

void devices_print(struct devices *d, FILE *to)
{
    prepare(d);
    for (unsigned i = 0; i < d->count; i++) {
        const struct device_entry *e = &d->entry[i];
        state_print(e->device->state, name_of(e).text, e->chip, to);
    }
}

static size_t at_most(size_t n, size_t limit)
{
    return n < limit ? n : limit;
}

static size_t save_entry(const struct device_entry *e, uint8_t *to, size_t room)
{
    size_t front = at_most(SIZE_SIZE, room);
    size_t size = state_save(e->device->state, e->chip, to + front, room - front);
    for (size_t i = 0; i < front; i++)
        to[i] = (uint8_t)(size >> 8 * i);
    return SIZE_SIZE + size;
}

size_t devices_save(struct devices *d, uint8_t *to, size_t room)
{
    size_t done = 0;
    prepare(d);
    for (unsigned i = 0; i < d->count; i++) {
        size_t here = at_most(done, room);
        done += save_entry(&d->entry[i], to + here, room - here);
    }
    return done;
}

/* Returns how much of `from` it was; 0 and an error if it was not well. */
static size_t restore_entry(const struct device_entry *e, const uint8_t *from, size_t size,
                            struct error *error)
{
    struct error why = {"ends before it"};
    size_t own = 0;
    if (size >= SIZE_SIZE)
        for (size_t i = 0; i < SIZE_SIZE; i++)
            own |= (size_t)from[i] << 8 * i;
    if (size >= SIZE_SIZE && own <= size - SIZE_SIZE &&
        state_restore(e->device->state, e->chip, from + SIZE_SIZE, own, &why))
        return SIZE_SIZE + own;
    error_set(error, "%s: %s", name_of(e).text, why.text);
    return 0;
}

bool devices_restore(struct devices *d, const uint8_t *from, size_t size, struct error *error)
{
    size_t done = 0;
    for (unsigned i = 0; i < d->count; i++) {
        size_t own = restore_entry(&d->entry[i], from + done, size - done, error);
        if (!own)
            return false;
        done += own;
    }
    if (done != size)
        return error_set(error, "%zu bytes behind the last device", size - done);
    for (unsigned i = 0; i < d->count; i++)
        if (d->entry[i].device->restored)
            d->entry[i].device->restored(d->entry[i].chip);
    return true;
}
