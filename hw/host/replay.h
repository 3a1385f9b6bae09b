/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recordings (-record, -replay): all that came from outside, each with the number of instructions
 * that had been executed, and digests of the machine's state, by which a replay sees that it does
 * the same.
 *
 * The file: "TESSREPL", a version (4 bytes); then events in the order of their counts:
 *
 *     kind 1, count 8, size 4, skipped 8, then `size` bytes      numbers are little-endian
 *
 * `skipped` is the time in ns for which the cpu had been halted: meanwhile the count stands still.
 *
 *     START    shift 4, time of day 8 (ns since 1970): what guest time is made of; which machine it
 *              is, in words (hw/host/replay_machine.h)
 *     DIGEST   of the cpu 8, of the devices 8, of a part of memory 8, the part's number 4
 *     MARK     linear address of the next instruction 4, digest of the cpu 4
 *     BYTES    port 1, bytes: came in on a serial or parallel line
 *     KEY      key 1, down 1
 *     MOUSE    dx 4, dy 4, wheel 4, buttons 4
 *     END      exit status 4, digest of all memory 8; older ones have only the status
 *     POSITION x 4, y 4, buttons 4
 *     FRAME    network 1, bytes: came in from a network (hw/host/net.h)
 *     ACT      act 1: done to the machine by a monitor (enum control_act in hw/control.h)
 *     MEDIUM   how 1, texts: put into a drive by a monitor, or taken out (hw/monitor/drives.h)
 *
 * In version 4 START does not tell of the machine. A file without END, as of an emulator that was
 * killed, is good as far as it goes.
 */
#ifndef HW_HOST_REPLAY_H
#define HW_HOST_REPLAY_H

#include "hw/host/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum replay_kind {
    REPLAY_START = 1,
    REPLAY_DIGEST,
    REPLAY_BYTES,
    REPLAY_KEY,
    REPLAY_MOUSE,
    REPLAY_END,
    REPLAY_FRAME,
    REPLAY_POSITION,
    REPLAY_MARK,
    REPLAY_ACT,
    REPLAY_MEDIUM,
    REPLAY_KINDS
};

enum { REPLAY_MOST = 16 * 1024 + 1 };
struct replay_event {
    enum replay_kind kind;
    uint64_t count, skipped;
    uint32_t size;
    uint8_t data[REPLAY_MOST];
};

struct replay_start {
    uint32_t shift;      /* an instruction takes 2^shift ns */
    int64_t time_of_day; /* ns since 1970 */
    const char *machine; /* NULL: not known. A replay's lives as long as that */
};

struct replay;
/* Creates or empties the file. */
struct replay *replay_create(const char *path, const struct replay_start *start,
                             struct error *error);
/* Fills in how it began. */
struct replay *replay_open(const char *path, struct replay_start *start, struct error *error);
void replay_close(struct replay *r); /* which may be NULL, here and below */

/* Where the time for which the cpu has been halted is counted; until then that is 0. */
void replay_clock(struct replay *r, const uint64_t *skipped);

const char *replay_path(const struct replay *r);
bool replay_records(const struct replay *r);
bool replay_plays(const struct replay *r);

/* While it records; else does nothing. */
void replay_note(struct replay *r, enum replay_kind kind, uint64_t count, const void *data,
                 size_t size);
/* While it plays: the next event; NULL at the end, of a file that is damaged, too. */
const struct replay_event *replay_next(const struct replay *r);
void replay_go_on(struct replay *r);
/* The next event if it is of that kind and count, and of now, else NULL. */
const struct replay_event *replay_at(const struct replay *r, enum replay_kind kind, uint64_t count);

/* Is that the time of an event that has this count? */
bool replay_is_due(const struct replay *r, const struct replay_event *e, uint64_t count);
/* The next event if it is an act, or about a medium: done while the cpu does not run. */
const struct replay_event *replay_next_act(const struct replay *r);

/* Where in the file a replay is, for coming back there. */
struct replay_place {
    int64_t next; /* of the event that is next, in bytes */
    uint64_t last_check, last_mark;
    bool at_end;
};
struct replay_place replay_place(const struct replay *r);
void replay_return(struct replay *r, const struct replay_place *place);

/* When digests were noted or compared last; 0: not yet. */
void replay_checked(struct replay *r, uint64_t count);
uint64_t replay_last_check(const struct replay *r);
/* The same of marks. */
void replay_marked(struct replay *r, uint64_t count);
uint64_t replay_last_mark(const struct replay *r);

static inline uint64_t replay_number(const uint8_t *at, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint64_t)at[i] << 8 * i;
    return value;
}

static inline uint8_t *replay_put(uint8_t *at, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        *at++ = (uint8_t)(value >> 8 * i);
    return at;
}

#endif
