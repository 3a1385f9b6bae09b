/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Address space at a random place. What is there is guessed by nobody who can make the emulator
 * read or write at an address, as a hostile guest may by a fault of ours.
 *
 *   PLACE_NEAR    near all of the program, as far as it is now: code there and the program's
 *                 functions reach each other by displacements
 *   PLACE_LOW     low: its addresses are immediates of generated code
 *   PLACE_HIDDEN  anywhere in user space, far from everything else by chance
 *
 * How near and how low that is, the host says: struct host_space (exec/host/host.h).
 */
#ifndef EXEC_PLACE_H
#define EXEC_PLACE_H

#include <stddef.h>

enum place { PLACE_NEAR, PLACE_LOW, PLACE_HIDDEN };

/*
 * mmap of `size` bytes without a file; NULL, and errno, if there is no room or if it may not be.
 * Where the user has switched the randomisation of addresses off (personality(2), setarch -R,
 * gdb), they are the same in each run.
 */
void *place_map(enum place place, size_t size, int protection, int sharing);

#endif
