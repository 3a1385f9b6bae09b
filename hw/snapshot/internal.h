/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a snapshot's file, for the files of this folder. */
#ifndef HW_SNAPSHOT_INTERNAL_H
#define HW_SNAPSHOT_INTERNAL_H

#include "hw/snapshot/chain.h"
#include "hw/snapshot/snapshot.h"
#include "hw/snapshot/stream.h"

struct memory;

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

/* --- parts.c: what a file is made up of --- */

/* In the order of the file. */
enum snapshot_part {
    PART_MACHINE,
    PART_DISKS,
    PART_MEMORY,
    PART_CPU,
    PART_DEVICES,
    PART_END,
};
/* With the version that is written. */
void snapshot_put_part(struct snapshot_writer *w, enum snapshot_part part);
/* True if it comes next, in a version that is known; else the reader has failed. */
bool snapshot_get_part(struct snapshot_reader *r, enum snapshot_part part, unsigned *version);

/* The first part. A name of 0 characters in `parent`: there is none. */
enum { SNAPSHOT_WORD = 64, SNAPSHOT_BLOCKS = 32 };
struct snapshot_identity {
    char machine[SNAPSHOT_WORD], cpu[SNAPSHOT_WORD];
    unsigned blocks;                 /* of memory */
    uint32_t pages[SNAPSHOT_BLOCKS]; /* of each */
    struct snapshot_head head;
};
void snapshot_put_identity(struct snapshot_writer *w, const struct snapshot_identity *i);
bool snapshot_get_identity(struct snapshot_reader *r, struct snapshot_identity *i);

/* A state's bytes, in place of what was there. */
void snapshot_put_bytes(struct snapshot_writer *w, const struct snapshot_bytes *b);
bool snapshot_get_bytes(struct snapshot_reader *r, struct snapshot_bytes *b);

/* --- pages.c: numbered pages, in order --- */

enum { SNAPSHOT_PAGE = 4096 };
/* Numbers of `width` bytes. NULL: zeros. */
void snapshot_put_page(struct snapshot_writer *w, size_t width, uint64_t number,
                       const uint8_t *bytes);
void snapshot_end_pages(struct snapshot_writer *w, size_t width);

/* The readers of a chain's files, all at the same place; the newest is the first. */
struct snapshot_readers {
    struct snapshot_reader *r[SNAPSHOT_CHAIN];
    unsigned count;
};
bool snapshot_readers_are_good(const struct snapshot_readers *r);
void snapshot_readers_destroy(struct snapshot_readers *r);
/* chain.c. To be destroyed on failure, too. */
bool snapshot_chain_read(const struct snapshot_chain *c, struct snapshot_readers *r,
                         struct error *error);

/* One list of all files: of a page that several have, the newest. */
struct snapshot_pages {
    const struct snapshot_readers *from;
    const char *of; /* whose they are, for errors */
    size_t width;
    uint64_t end; /* numbers are below */
    struct {
        uint64_t number; /* that has been read */
        bool zeros;
    } next[SNAPSHOT_CHAIN];
};
void snapshot_pages_begin(struct snapshot_pages *p, const struct snapshot_readers *from,
                          const char *of, size_t width, uint64_t end);
/* False at the end, or if a reader has failed. */
bool snapshot_pages_next(struct snapshot_pages *p, uint64_t *number, uint8_t *bytes, bool *zeros);

/* --- a part each --- */

/* What is wrong with a file is told by snapshot_reader_fail. Differences are to what has been
 * marked. */

/* memory.c: all pages that hold anything but zeros, by their number. */
void snapshot_put_memory(struct snapshot_writer *w, const struct memory *m, bool difference);
/* Nothing changes yet: what is to be another is added to what is held, which is NULL at first. */
struct snapshot_held;
void snapshot_get_memory(const struct snapshot_readers *r, const struct memory *m,
                         struct snapshot_held **held);
/* Puts it into place. Nothing is held then. */
void snapshot_put_held(struct snapshot_held **held, struct memory *m);
void snapshot_free_held(struct snapshot_held **held);

/* disks.c: what has been written to each. Where `apply` is false nothing changes, but all is
 * looked at. */
bool snapshot_check_disks(const struct surroundings *host, struct error *error);
void snapshot_put_disks(struct snapshot_writer *w, const struct surroundings *host,
                        bool difference);
void snapshot_get_disks(const struct snapshot_readers *r, struct surroundings *host, bool apply);
/* From one chain's files to another file, whatever machine they are of. */
void snapshot_copy_disks(struct snapshot_writer *w, const struct snapshot_readers *r);
bool snapshot_mark_disks(const struct surroundings *host, struct error *error);
void snapshot_revert_disks(const struct surroundings *host);
/* Which drives have something in them, and which an overlay that is marked. */
struct snapshot_drives {
    uint64_t filled, marked;
};
struct snapshot_drives snapshot_drives(const struct surroundings *host);

#endif
