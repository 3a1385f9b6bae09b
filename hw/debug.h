/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For guests under test: a port whose bytes come out of the emulator, a port and a register in
 * memory that end it with an exit status, and a port that says how far a power-on self test has
 * come.
 */
#ifndef HW_DEBUG_H
#define HW_DEBUG_H

#include "hw/device.h"
#include "hw/host/chardev.h"

/* Where it is unless the user says otherwise, and what a read of it gives. */
enum { DEBUGCON_PORT = 0xe9 };
struct debugcon {
    struct chardev *outside;
};
extern const struct device debugcon_device;
/* E9h, by which guests know the port is there. */
uint32_t debugcon_read(void *device, uint32_t offset, unsigned size);
void debugcon_write(void *device, uint32_t offset, uint32_t value, unsigned size);

/* Where it is, and how many bytes it takes, unless the user says otherwise. */
enum { DEBUG_EXIT_PORT = 0x501, DEBUG_EXIT_SIZE = 2 };
struct debug_exit {
    void (*exit)(void *machine, int status);
    void *machine;
};
extern const struct device debug_exit_device;
uint32_t debug_exit_read(void *device, uint32_t offset, unsigned size);
/* The exit status is twice the value, plus one: never that of a success. */
void debug_exit_write(void *device, uint32_t offset, uint32_t value, unsigned size);

/*
 * The same in the memory of a big-endian guest: a store of n, in 32 bits, makes the exit status
 * n & ffh. Anything else is a guest's error and does nothing.
 */
enum { EXIT_REGISTER_SIZE = 4 };
struct exit_register {
    void (*exit)(void *machine, int status);
    void *machine;
};
extern const struct device exit_register_device;
uint32_t exit_register_read(void *device, uint32_t offset, unsigned size);
void exit_register_write(void *device, uint32_t offset, uint32_t value, unsigned size);

/*
 * POST codes, for -d post: each that differs from the one before. The port's device, if there is
 * one, takes the write all the same: 80h is a spare page register of the DMA controllers.
 */
enum { POST_PORT = 0x80 };
struct post {
    uint16_t port;
    int last; /* -1: none yet */
};
void post_init(struct post *s, uint16_t port);
extern const struct device post_device;
void post_note(struct post *s, uint16_t port, uint32_t value);

#endif
