/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See fake_disk.h. */
#include "tests/hw/fake_disk.h"

#include <errno.h>
#include <string.h>

static void submit(struct disk *d, struct disk_request *r)
{
    struct disk_request **at = &((struct fake_disk *)d)->first;
    while (*at)
        at = &(*at)->next;
    *at = r;
    r->next = NULL;
}

static void withdraw(struct disk *d, struct disk_request *r)
{
    struct disk_request **at = &((struct fake_disk *)d)->first;
    while (*at && *at != r)
        at = &(*at)->next;
    if (*at)
        *at = r->next;
}

void fake_disk_init(struct fake_disk *f, uint8_t *bytes, size_t size)
{
    static const struct disk_kind kind = {submit, withdraw};
    *f = (struct fake_disk){.disk = {&kind, "fake", size, false}, .bytes = bytes};
}

static int perform(struct fake_disk *f, const struct disk_request *r)
{
    if (f->error)
        return f->error;
    f->flushes += r->operation == DISK_FLUSH;
    if (r->operation == DISK_FLUSH)
        return 0;
    if (r->offset > f->disk.size || r->size > f->disk.size - r->offset)
        return EIO;
    if (r->operation == DISK_READ)
        memcpy(r->data, f->bytes + r->offset, r->size);
    else if (f->disk.read_only)
        return EROFS;
    else
        memcpy(f->bytes + r->offset, r->data, r->size);
    return 0;
}

bool fake_disk_deliver(struct fake_disk *f)
{
    struct disk_request *r = f->first;
    if (!r)
        return false;
    f->first = r->next;
    r->error = perform(f, r);
    r->pending = false;
    f->done++;
    r->done(r->owner);
    return true;
}
