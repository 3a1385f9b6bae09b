/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a serial port or the debug port is connected to outside the guest: the terminal
 * (hw/host/console.h), a file, or nothing.
 */
#ifndef HW_HOST_CHARDEV_H
#define HW_HOST_CHARDEV_H

#include "hw/host/output.h"

#include <stddef.h>
#include <stdint.h>

struct chardev {
    /* Takes up to `room` bytes that have come in; 0 if there are none. */
    size_t (*take)(struct chardev *c, uint8_t *bytes, size_t room);
    /* Would it take a byte at once? If not, whoever owns the machine looks again when it would. */
    bool (*ready)(struct chardev *c);
    /* Waits while it is not ready, and loses the byte only if the program is to end meanwhile. */
    void (*put)(struct chardev *c, uint8_t byte);
};

/* Connected to nothing. */
extern struct chardev chardev_null;

struct chardev_file {
    struct chardev chardev;
    int fd;
    const char *path; /* the caller's */
    struct output output;
};
/* Creates or empties the file, or appends to it. */
bool chardev_file_open(struct chardev_file *f, const char *path, bool append, struct timers *timers,
                       const struct output_owner *owner, struct error *error);
void chardev_file_close(struct chardev_file *f);

#endif
