/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of a machine's devices. Saved, it is how many there are (2 bytes), then of each the
 * length of its name (1 byte), its name ("i8259-0"), the size of its state (4 bytes), and that.
 */
#include "hw/device.h"

#include <stdlib.h>
#include <string.h>

enum { COUNT_SIZE = 2, LENGTH_SIZE = 1, SIZE_SIZE = 4 };
_Static_assert(DEVICES <= 64, "a bit for each");

void devices_add(struct devices *d, const struct device *device, void *chip)
{
    unsigned number = 0;
    if (d->count == DEVICES)
        abort();
    for (unsigned i = 0; i < d->count; i++)
        number += d->entry[i].device == device;
    d->entry[d->count++] = (struct device_entry){device, chip, number};
}

const struct device_entry *devices_find(const struct devices *d, const void *at)
{
    for (unsigned i = 0; i < d->count; i++) {
        const struct device_entry *e = &d->entry[i];
        size_t size = e->device->state ? e->device->state->size : 1;
        if ((uintptr_t)at - (uintptr_t)e->chip < size)
            return e;
    }
    return NULL;
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

void devices_print(struct devices *d, FILE *to)
{
    devices_prepare(d);
    for (unsigned i = 0; i < d->count; i++) {
        const struct device_entry *e = &d->entry[i];
        state_print(e->device->state, name_of(e).text, e->chip, to);
    }
}

/* --- saving --- */

struct output {
    uint8_t *to;
    size_t done, room; /* bytes so far, which may be more than there is room for */
};

/* Where there is room for the next byte; how much. */
static uint8_t *place(const struct output *o, size_t *room)
{
    size_t at = o->done < o->room ? o->done : o->room;
    *room = o->room - at;
    return o->to + at;
}

static void put(struct output *o, const void *bytes, size_t size)
{
    size_t room;
    uint8_t *to = place(o, &room);
    if (room)
        memcpy(to, bytes, size < room ? size : room);
    o->done += size;
}

static void put_number(struct output *o, uint64_t value, size_t size)
{
    put(o, &value, size); /* the host is little-endian */
}

static void save_entry(const struct device_entry *e, struct output *o)
{
    struct entry_name name = name_of(e);
    size_t length = strlen(name.text), room;
    put_number(o, length, LENGTH_SIZE);
    put(o, name.text, length);
    put_number(o, state_save(e->device->state, e->chip, NULL, 0), SIZE_SIZE);
    uint8_t *to = place(o, &room);
    o->done += state_save(e->device->state, e->chip, to, room);
}

void devices_prepare(struct devices *d)
{
    for (unsigned i = 0; i < d->count; i++)
        if (d->entry[i].device->saving)
            d->entry[i].device->saving(d->entry[i].chip);
}

size_t devices_save(struct devices *d, uint8_t *to, size_t room)
{
    struct output o = {.to = to, .room = room};
    devices_prepare(d);
    put_number(&o, d->count, COUNT_SIZE);
    for (unsigned i = 0; i < d->count; i++)
        save_entry(&d->entry[i], &o);
    return o.done;
}

/* --- restoring --- */

struct input {
    const uint8_t *from;
    size_t left;
};

/* The next bytes; NULL if there are not so many. */
static const uint8_t *take(struct input *in, size_t size)
{
    const uint8_t *part = in->from;
    if (size > in->left)
        return NULL;
    in->from += size;
    in->left -= size;
    return part;
}

static bool take_number(struct input *in, size_t size, size_t *value)
{
    const uint8_t *bytes = take(in, size);
    *value = 0;
    if (bytes)
        memcpy(value, bytes, size);
    return bytes;
}

/* One device's part of what was saved. */
struct saved {
    struct entry_name name;
    struct input state;
};

static bool take_saved(struct input *in, struct saved *s)
{
    size_t length;
    *s = (struct saved){.name = {"a device"}};
    if (!take_number(in, LENGTH_SIZE, &length) || length >= sizeof s->name.text ||
        length > in->left)
        return false;
    memcpy(s->name.text, take(in, length), length);
    s->name.text[length] = '\0';
    if (!take_number(in, SIZE_SIZE, &s->state.left))
        return false;
    s->state.from = take(in, s->state.left);
    return s->state.from;
}

static const struct device_entry *find(const struct devices *d, const char *name)
{
    for (unsigned i = 0; i < d->count; i++)
        if (strcmp(name_of(&d->entry[i]).text, name) == 0)
            return &d->entry[i];
    return NULL;
}

static bool check_saved(const struct devices *d, const struct saved *s, uint64_t *seen,
                        struct error *error)
{
    const struct device_entry *e = find(d, s->name.text);
    struct error why;
    if (!e)
        return error_set(error, "%s: this machine has no such device", s->name.text);
    uint64_t bit = (uint64_t)1 << (e - d->entry);
    if (*seen & bit)
        return error_set(error, "%s: is there twice", s->name.text);
    *seen |= bit;
    return state_check(e->device->state, e->chip, s->state.from, s->state.left, &why) ||
           error_set(error, "%s: %s", s->name.text, why.text);
}

/* `seen` are those that are there, a bit each. */
static bool check(const struct devices *d, struct input in, uint64_t *seen, struct error *error)
{
    struct saved s;
    size_t count;
    *seen = 0;
    if (!take_number(&in, COUNT_SIZE, &count))
        return error_set(error, "ends before the first device");
    while (count--) {
        if (!take_saved(&in, &s))
            return error_set(error, "ends in the middle of %s", s.name.text);
        if (!check_saved(d, &s, seen, error))
            return false;
    }
    return !in.left || error_set(error, "%zu bytes behind the last device", in.left);
}

bool devices_check(const struct devices *d, const uint8_t *from, size_t size, struct error *error)
{
    uint64_t seen;
    return check(d, (struct input){from, size}, &seen, error);
}

static void reset_others(const struct devices *d, uint64_t seen)
{
    for (unsigned i = 0; i < d->count; i++)
        if (!(seen >> i & 1) && d->entry[i].device->reset)
            d->entry[i].device->reset(d->entry[i].chip);
}

/* They have been checked. */
static void restore_states(const struct devices *d, struct input in)
{
    struct error unused;
    struct saved s;
    size_t count;
    take_number(&in, COUNT_SIZE, &count);
    while (count-- && take_saved(&in, &s)) {
        const struct device_entry *e = find(d, s.name.text);
        state_restore(e->device->state, e->chip, s.state.from, s.state.left, &unused);
    }
}

bool devices_restore(struct devices *d, const uint8_t *from, size_t size, struct error *error)
{
    struct input in = {from, size};
    uint64_t seen;
    if (!check(d, in, &seen, error))
        return false;
    reset_others(d, seen);
    restore_states(d, in);
    for (unsigned i = 0; i < d->count; i++)
        if (d->entry[i].device->restored)
            d->entry[i].device->restored(d->entry[i].chip);
    return true;
}
