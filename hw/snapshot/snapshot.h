/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All of a running machine: its cpu, memory, devices, clock, and what has been written to disks.
 *
 *   snapshot_save(&machine, fd, "before.tessera", NULL, &error)        to a file
 *   snapshot_load(&machine, fd, "before.tessera", &broken, &error)     from one, any engine's
 *   snapshot_mark(&machine, &error)                 here and now, for going back
 *   snapshot_revert(&machine, &error)               at once, as often as wanted
 *
 * All are for the cpu's thread, between two instructions or while it does not run. They wait for
 * disks to finish what has been asked for; the guest's time stands still meanwhile.
 *
 * A file is parts, each with a name and a version (parts.c); a part that this Tessera does not
 * know is an error that says so. The machine must be like the one that was saved: the same kind,
 * model of processor, memory, disks. Disks that the guest writes to itself cannot be part of a
 * snapshot: what is written later would be in them. So they have to be behind an overlay
 * (snapshot=on), whose blocks the file has; what is below must not change.
 */
#ifndef HW_SNAPSHOT_SNAPSHOT_H
#define HW_SNAPSHOT_SNAPSHOT_H

#include "hw/host/error.h"
#include "hw/snapshot/chain.h"

struct devices;
struct exec;
struct memory;
struct surroundings;

struct snapshot_machine {
    const char *name; /* of its kind */
    const char *cpu;  /* its processor's model */
    struct exec *exec;
    struct memory *memory;
    struct devices *devices;
    struct surroundings *host;
    struct snapshot_point *point; /* where snapshot_revert goes; NULL: nowhere yet */
};

/*
 * Writes the file, which is empty; when it is true, it is safe on the disk. If `head` names a
 * parent, which has to be what was marked, the file has what has changed since, and only
 * that; its id comes out. NULL: a whole one.
 */
bool snapshot_save(const struct snapshot_machine *m, int fd, const char *name,
                   struct snapshot_head *head, struct error *error);
/* Is it known what has changed since the mark? Not without one, or if disks were changed. */
bool snapshot_can_differ(const struct snapshot_machine *m);
/*
 * What is wrong with the file is found before anything is changed; until then what will be another
 * page of memory is held beside it. Only if the file changes meanwhile, or a disk's temporary file
 * cannot be written, *broken is true: then the machine is to be reset.
 */
bool snapshot_load(struct snapshot_machine *m, int fd, const char *name, bool *broken,
                   struct error *error);

/* The same of a difference and what it is one to. */
bool snapshot_load_chain(struct snapshot_machine *m, const struct snapshot_chain *c, bool *broken,
                         struct error *error);

/* What there was before is forgotten, on failure, too. */
bool snapshot_mark(struct snapshot_machine *m, struct error *error);
/* False, and nothing changed, if nothing has been marked. */
bool snapshot_revert(struct snapshot_machine *m, struct error *error);
void snapshot_forget(struct snapshot_machine *m);

#endif
