/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Snapshots by name: files NAME.tessera in a folder (savevm, loadvm, delvm, -loadvm); and those
 * that are told by the name of their file (-incoming, -savestate).
 *
 * One that follows another in the same run is a difference to it, down to SNAPSHOT_CHAIN of them;
 * those that are differences to one that is removed or replaced are first made ones without it.
 *
 * Between saving and going back to what was saved last, in the same process, no file is read:
 * memory and disks have been noted as they were (snapshot_mark).
 */
#ifndef HW_SNAPSHOT_STORE_H
#define HW_SNAPSHOT_STORE_H

#include "hw/host/folder.h"
#include "hw/snapshot/snapshot.h"

/* What of snapshots the command line asks for; NULL where nothing was said. */
struct snapshot_options {
    const char *folder;   /* of those by name; the current one if `load` is there */
    const char *load;     /* the name of one that the guest begins with, */
    const char *incoming; /* or its file */
    const char *save;     /* a file that gets its state at the end */
};

/* Does it want anything? Then the sandbox is to allow it (SANDBOX_SNAPSHOT). */
bool snapshot_store_is_used(const struct snapshot_options *o);

struct snapshot_store {
    struct snapshot_machine machine;
    struct folder *folder; /* NULL: there are none by name */
    struct folder *at_end; /* where the file is that is saved at the end */
    char *end_name;
    const char *end_path;
    struct snapshot_chain incoming; /* what the guest begins with; empty: by itself */
    char marked[FOLDER_NAME];       /* the name of the snapshot that the machine's point is, */
    uint64_t marked_id;             /* and its number */
};

/*
 * On all zeros: opens what the options name, before the guest may keep us from it. To be closed on
 * failure, too.
 */
bool snapshot_store_open(struct snapshot_store *s, const struct snapshot_options *o,
                         struct error *error);
void snapshot_store_close(struct snapshot_store *s);

/* With the machine ready to run: what -incoming and -loadvm ask for; and -savestate, at the end. */
bool snapshot_store_begin(struct snapshot_store *s, struct error *error);
bool snapshot_store_end(struct snapshot_store *s, struct error *error);

/* By name. */
bool snapshot_store_save(struct snapshot_store *s, const char *name, struct error *error);
/* If *broken, the machine is to be reset. */
bool snapshot_store_load(struct snapshot_store *s, const char *name, bool *broken,
                         struct error *error);
bool snapshot_store_remove(struct snapshot_store *s, const char *name, struct error *error);
/* A line each, for people. */
void snapshot_store_print(struct snapshot_store *s, FILE *to);

#endif
