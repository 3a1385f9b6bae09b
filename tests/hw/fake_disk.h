/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk in memory, whose requests are done when the test says so.
 *
 *   fake_disk_init(&f, bytes, sizeof bytes);
 *   drive->disk = &f.disk;
 *   while (fake_disk_deliver(&f))
 *       ;
 */
#ifndef TESTS_HW_FAKE_DISK_H
#define TESTS_HW_FAKE_DISK_H

#include "hw/host/disk.h"

struct fake_disk {
    struct disk disk;
    uint8_t *bytes;
    int file;  /* in place of bytes, if there are none */
    int error; /* what the next requests fail with; 0: they do not */
    unsigned done, flushes;
    struct disk_request *first;
};

void fake_disk_init(struct fake_disk *f, uint8_t *bytes, size_t size);
/* A disk that has more than memory could: zeros, until they are written to. */
void fake_disk_init_sparse(struct fake_disk *f, uint64_t size);
void fake_disk_end_sparse(struct fake_disk *f);
/* Does the oldest request; false if there is none. */
bool fake_disk_deliver(struct fake_disk *f);

#endif
