/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does a replay do what was recorded? Now and then there is a digest of the cpu, of the devices and
 * of a part of memory, each time the next one; and far more often a mark, which is of the cpu
 * alone.
 */
#ifndef HW_HOST_REPLAY_CHECK_H
#define HW_HOST_REPLAY_CHECK_H

#include "hw/device.h"
#include "hw/host/replay.h"

struct exec;
struct guest;
struct memory;

/* What is looked at. */
struct replay_subject {
    struct exec *exec;
    const struct guest *guest;
    struct memory *memory;
    struct devices *devices;
};

/* Digests of cpu, devices and all of memory. */
struct replay_digests {
    uint64_t cpu, devices, memory;
};
struct replay_digests replay_digests(const struct replay_subject *s);

/* The guest has ended, with this status: notes it, with a digest of all memory. */
void replay_note_end(struct replay *r, const struct replay_subject *s, uint64_t count, int status);
/* In a replay: is that what was recorded? False, and the error. */
bool replay_check_end(const struct replay *r, const struct replay_subject *s, uint64_t count,
                      int status, struct error *error);

/*
 * Between two instructions, of which `count` have been executed: notes a digest if it is time for
 * one, or compares it if one was noted here. False, and the error: it differs.
 */
bool replay_check(struct replay *r, const struct replay_subject *subject, uint64_t count,
                  struct error *error);

/* The count at which a mark, or an act, is due; UINT64_MAX: not soon. `r` may be NULL. */
uint64_t replay_due(const struct replay *r);
/* The same as replay_check with marks: of the cpu alone, and far more often. */
bool replay_mark(struct replay *r, const struct replay_subject *subject, uint64_t count,
                 struct error *error);

#endif
