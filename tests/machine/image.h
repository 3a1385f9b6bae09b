/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A random guest: a BIOS image that goes through a few hundred pieces of random work, each in a
 * processor mode and at a place in memory of its own, whatever exceptions and resets come in
 * between; and that at last does something that may be hard to leave. A seed says all of it.
 *
 * Port E9h tells of each start and each piece by a byte.
 */
#ifndef TESTS_MACHINE_IMAGE_H
#define TESTS_MACHINE_IMAGE_H

#include "ops/i386/cpu.h"
#include "tests/machine/layout.h"

struct guest {
    u8 rom[ROM_SIZE];
    unsigned pieces;
    unsigned ram_mib;
    const char *model;  /* for -cpu */
    const char *ending; /* what it does at last */
};

/* Makes the guest of a seed; `frame` is frame.S, as linked. */
void guest_make(struct guest *g, u64 seed, const u8 *frame, size_t frame_size);

#endif
