/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See tap.h. */
#include "hw/host/tap.h"

#include <string.h>

static size_t take(struct chardev *chardev, uint8_t *bytes, size_t room)
{
    struct tap *t = (struct tap *)chardev;
    size_t n = t->waiting < room ? t->waiting : room;
    memcpy(bytes, t->sent, n);
    memmove(t->sent, t->sent + n, t->waiting - n);
    t->waiting -= n;
    return n ? n : t->end->take(t->end, bytes, room);
}

static bool ready(struct chardev *chardev)
{
    struct tap *t = (struct tap *)chardev;
    return t->end->ready(t->end);
}

static void forget(struct tap *t, size_t count)
{
    t->length -= count;
    memmove(t->text, t->text + count, t->length);
}

static void put(struct chardev *chardev, uint8_t byte)
{
    struct tap *t = (struct tap *)chardev;
    if (t->length == TAP_KEPT)
        forget(t, TAP_KEPT / 2);
    t->text[t->length++] = (char)byte;
    t->end->put(t->end, byte);
}

struct chardev *tap_init(struct tap *t, struct chardev *end)
{
    t->chardev = (struct chardev){take, ready, put};
    t->end = end;
    return &t->chardev;
}

bool tap_find(struct tap *t, const char *text)
{
    size_t length = strlen(text);
    char *at = memmem(t->text, t->length, text, length);
    if (!at)
        return false;
    forget(t, (size_t)(at - t->text) + length);
    return true;
}

bool tap_send(struct tap *t, const char *text)
{
    size_t length = strlen(text);
    if (length > TAP_SENT - t->waiting)
        return false;
    memcpy(t->sent + t->waiting, text, length);
    t->waiting += length;
    return true;
}
