/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A qemu-nbd of our own, for images in formats that it knows. It serves one connection, which is
 * there before it is, and ends with that: however we end, what it has been given it writes.
 */
#ifndef HW_HOST_DISK_SERVER_H
#define HW_HOST_DISK_SERVER_H

#include "hw/host/error.h"

struct disk_server {
    int process; /* a pidfd; -1: there is none */
    int words;   /* a file in memory: what it says on standard error */
    char first[512];
};
#define DISK_SERVER_NONE                                                                           \
    {                                                                                              \
        .process = -1, .words = -1                                                                 \
    }

/* Returns a socket to be given to libnbd, -1 and an error if there can be none. */
int disk_server_start(struct disk_server *s, const char *file, const char *format, bool read_only,
                      struct error *error);
/* The first line that it has said; if it has said nothing, `otherwise`. */
const char *disk_server_words(struct disk_server *s, const char *otherwise);
/* Waits for its end. */
void disk_server_await(struct disk_server *s);

#endif
