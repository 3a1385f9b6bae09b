/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a serial port or the debug port is connected to outside the guest: the terminal
 * (hw/console.h), a file, or nothing.
 */
#ifndef HW_CHARDEV_H
#define HW_CHARDEV_H

#include "hw/error.h"
#include "hw/timer.h"

#include <stddef.h>
#include <stdint.h>

struct chardev {
    /* Takes up to `room` bytes that have come in; 0 if there are none. */
    size_t (*take)(struct chardev *c, uint8_t *bytes, size_t room);
    void (*put)(struct chardev *c, uint8_t byte);
};

/* Connected to nothing. */
extern struct chardev chardev_null;

/*
 * Bytes on their way to a file descriptor. They are held back for at most two milliseconds, so
 * that a guest's line is one system call and not eighty.
 */
struct output {
    int fd;
    const char *name;
    bool failed; /* reported; what follows is dropped */
    size_t count;
    uint8_t bytes[4096];
    struct timer timer;
};
void output_init(struct output *o, int fd, const char *name, struct timers *timers);
void output_put(struct output *o, uint8_t byte);
void output_flush(struct output *o);

struct chardev_file {
    struct chardev chardev;
    struct output output;
};
/* Creates or empties the file. */
bool chardev_file_open(struct chardev_file *f, const char *path, struct timers *timers,
                       struct error *error);
void chardev_file_close(struct chardev_file *f);

#endif
