/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A folder in which files are opened, made and removed while a guest runs. The emulator itself may
 * open nothing then (hw/host/sandbox.h): it asks a process that it has started before, which knows
 * this folder alone, and takes names without a slash only.
 *
 *   struct folder *f = folder_open("snapshots", ".tessera", &error);
 *   int fd = folder_create(f, "before", &error);        a file that has no name yet
 *   ...                                                 written, fsync(2)
 *   folder_commit(f, "before", &error);                 now it is before.tessera
 *
 * What had that name is replaced at once, or stays as it is if anything goes wrong. All functions
 * are for one thread at a time, and set errno, too.
 */
#ifndef HW_HOST_FOLDER_H
#define HW_HOST_FOLDER_H

#include "hw/host/error.h"

#include <stdint.h>

struct folder;

/* All files in it that are dealt with have a name that ends so. NULL and an error if it cannot be.
 */
struct folder *folder_open(const char *path, const char *ending, struct error *error);
void folder_close(struct folder *f);

enum { FOLDER_NAME = 128 }; /* with its end, but without the ending */

/* A descriptor, which is the caller's; -1 and an error. */
int folder_read(struct folder *f, const char *name, struct error *error);
/* The same, to be written, too; if that may not be, or is not wanted, *read_only. */
int folder_modify(struct folder *f, const char *name, bool *read_only, struct error *error);
/* One at a time: a file that has been neither committed nor discarded is discarded. */
int folder_create(struct folder *f, const char *name, struct error *error);
bool folder_commit(struct folder *f, const char *name, struct error *error);
void folder_discard(struct folder *f);
bool folder_remove(struct folder *f, const char *name, struct error *error);

struct folder_entry {
    char name[FOLDER_NAME];
    uint64_t size;
    int64_t time; /* when it was written, in seconds since 1970 */
};
/* The first whose name is behind entry->name, which becomes it; "" is in front of all. */
bool folder_next(struct folder *f, struct folder_entry *entry);

#endif
