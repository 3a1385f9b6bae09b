/* SPDX-License-Identifier: GPL-3.0-or-later */
/* walk.h: what check.c and flow.c share. */
#ifndef DYNGEN_WALK_H
#define DYNGEN_WALK_H

#include "dyngen/model.h"

/* What the walk over one op needs beside the op. */
struct walk {
    struct op *op;
    int32_t *index;      /* of the instruction at an offset; -1: none starts there */
    struct hole **bound; /* instruction -> its branch hole, or NULL */
    int32_t *depth;      /* instruction -> bytes on the stack before it; NOT_REACHED */
    uint32_t *queue;
    size_t queued;
};

enum { NOT_REACHED = INT32_MIN };

/* flow.c: follows every way through the op; false if one of them is not as it must be. */
bool check_flow(struct walk *w);

#endif
