/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See fake_disk.h. */
#include "tests/hw/fake_disk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

void fake_disk_init_sparse(struct fake_disk *f, uint64_t size)
{
    char name[] = "/tmp/tessera-sparse-XXXXXX";
    fake_disk_init(f, NULL, 0);
    f->disk.size = size;
    f->file = mkstemp(name);
    unlink(name);
    if (f->file >= 0 && ftruncate(f->file, (off_t)size) != 0)
        f->error = EFBIG;
}

void fake_disk_end_sparse(struct fake_disk *f)
{
    close(f->file);
}

static int transfer_sparse(const struct fake_disk *f, const struct disk_request *r)
{
    ssize_t done = r->operation == DISK_READ ? pread(f->file, r->data, r->size, (off_t)r->offset)
                                             : pwrite(f->file, r->data, r->size, (off_t)r->offset);
    return done == (ssize_t)r->size ? 0 : EIO;
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
    if (r->operation == DISK_WRITE && f->disk.read_only)
        return EROFS;
    if (!f->bytes)
        return transfer_sparse(f, r);
    if (r->operation == DISK_READ)
        memcpy(r->data, f->bytes + r->offset, r->size);
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
