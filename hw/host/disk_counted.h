/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk in front of another, where time is counted (counted_time.h): a request takes a guest time
 * that follows from its size, and if the host has not done it by then, the cpu's thread waits. So
 * how long it took the host does not show.
 */
#ifndef HW_HOST_DISK_COUNTED_H
#define HW_HOST_DISK_COUNTED_H

#include "hw/host/disk.h"
#include "hw/timer.h"

/* `below` stays the caller's; nobody else delivers what it has done. NULL: no memory. */
struct disk *disk_counted_create(struct disk *below, struct timers *timers);
/* Another disc is in the disk below, or none: what it is by name and size is looked at again. */
void disk_counted_look(struct disk *d);
/* All that has been submitted is done before its time: so that no request is part of a state. */
void disk_counted_finish(struct disk *d);
/* Nothing waits for its time. NULL is none. */
bool disk_counted_is_idle(const struct disk *d);
/* Before the disk below is closed; NULL is none. */
void disk_counted_destroy(struct disk *d);

#endif
