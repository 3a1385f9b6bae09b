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
    int error; /* what the next requests fail with; 0: they do not */
    unsigned done, flushes;
    struct disk_request *first;
};

void fake_disk_init(struct fake_disk *f, uint8_t *bytes, size_t size);
/* Does the oldest request; false if there is none. */
bool fake_disk_deliver(struct fake_disk *f);

#endif
