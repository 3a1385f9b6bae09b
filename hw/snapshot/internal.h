/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a snapshot's file, for snapshot.c. */
#ifndef HW_SNAPSHOT_INTERNAL_H
#define HW_SNAPSHOT_INTERNAL_H

#include "hw/snapshot/snapshot.h"
#include "hw/snapshot/stream.h"

/* snapshot.c: the state of cpu and devices, as bytes. */
struct snapshot_bytes {
    uint8_t *at;
    size_t size;
};
struct snapshot_state {
    struct snapshot_bytes cpu, devices;
};
/* False, and nothing to be freed, if the host is out of memory. */
bool snapshot_take_state(const struct snapshot_machine *m, struct snapshot_state *s,
                         struct error *error);
/* Of this machine, or one that has been checked; the guest does not run, or serves its board. */
void snapshot_put_state(const struct snapshot_machine *m, const struct snapshot_state *s);
void snapshot_free_state(struct snapshot_state *s);

/* Each pair of functions is for one part. Where `apply` is false nothing changes, but all is looked
 * at; what is wrong is told by snapshot_reader_fail. */

/* memory.c: all pages that hold anything but zeros, by their number. */
void snapshot_put_layout(struct snapshot_writer *w, const struct memory *m);
void snapshot_check_layout(struct snapshot_reader *r, const struct memory *m);
void snapshot_put_memory(struct snapshot_writer *w, const struct memory *m);
void snapshot_get_memory(struct snapshot_reader *r, struct memory *m, bool apply);

/* disks.c: what has been written to each. */
bool snapshot_check_disks(const struct surroundings *host, struct error *error);
void snapshot_put_disks(struct snapshot_writer *w, const struct surroundings *host);
void snapshot_get_disks(struct snapshot_reader *r, struct surroundings *host, bool apply);
bool snapshot_mark_disks(const struct surroundings *host, struct error *error);
void snapshot_revert_disks(const struct surroundings *host);

#endif
