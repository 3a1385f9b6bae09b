/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases at random, of each row of translate/ppc/insns.def. */
#ifndef TESTS_PPC_GENERATE_H
#define TESTS_PPC_GENERATE_H

#include "tests/native/random.h"
#include "tests/ppc/record.h"

/* Which processor of QEMU's knows a row; QEMU_NONE: see qemu.def. */
enum qemu { QEMU_E500MC, QEMU_E600, QEMU_NONE };

struct row {
    const char *name;
    u32 word; /* with all its fields zero */
    unsigned form;
};

extern const struct row rows[];
extern const unsigned row_count;

enum qemu qemu_for(const struct row *row);

/*
 * A case of that row for the record at `address`, in the host's byte order; behind the instruction
 * it goes on at `save`. False if no case is made of such a row.
 */
bool make_case(struct record *r, const struct row *row, u32 address, u32 save,
               struct random *random);

#endif
