/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two ports for guests under test: one whose bytes come out of the emulator, and one that ends
 * it with an exit status.
 */
#ifndef HW_DEBUG_H
#define HW_DEBUG_H

#include "hw/chardev.h"

/* Where it is unless the user says otherwise, and what a read of it gives. */
enum { DEBUGCON_PORT = 0xe9 };
/* `device` is the struct chardev; a read gives E9h, by which guests know the port is there. */
uint32_t debugcon_read(void *device, uint32_t offset, unsigned size);
void debugcon_write(void *device, uint32_t offset, uint32_t value, unsigned size);

struct debug_exit {
    void (*exit)(void *machine, int status);
    void *machine;
};
uint32_t debug_exit_read(void *device, uint32_t offset, unsigned size);
/* The exit status is twice the value, plus one: never that of a success. */
void debug_exit_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
