/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A snapshot's file and those that it is a difference to: its parent, the parent's, and so on up to
 * one that is whole. A parent is known by its name and by a number that each snapshot gets when it
 * is taken, and keeps when its file is written anew.
 */
#ifndef HW_SNAPSHOT_CHAIN_H
#define HW_SNAPSHOT_CHAIN_H

#include "hw/host/error.h"
#include "hw/host/folder.h"

#include <stdbool.h>
#include <stdint.h>

enum { SNAPSHOT_CHAIN = 16 }; /* the most files */

struct snapshot_head {
    uint64_t id;              /* 0: of a Tessera that did not know of differences */
    char parent[FOLDER_NAME]; /* "": it is whole */
    uint64_t parent_id;
};

struct snapshot_chain {
    struct snapshot_head head; /* the newest's */
    unsigned count;
    struct {
        int fd;
        const char *name; /* for errors; `text` */
        char text[FOLDER_NAME];
    } file[SNAPSHOT_CHAIN]; /* the newest first */
};

bool snapshot_head(int fd, const char *name, struct snapshot_head *head, struct error *error);
/* Takes the descriptor over, on failure, too; the name is copied. Parents are in the folder. */
bool snapshot_chain_open(struct snapshot_chain *c, int fd, const char *name, struct folder *folder,
                         struct error *error);
void snapshot_chain_close(struct snapshot_chain *c);
/*
 * To an empty file: what the newest has, as a difference to what its parent is one to, or whole as
 * that is. What is written is safe on the disk then.
 */
bool snapshot_chain_join(const struct snapshot_chain *c, int fd, const char *name,
                         struct error *error);

#endif
