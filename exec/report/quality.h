/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How good code is: what each engine makes of the blocks that a profile has counted, weighted by
 * how often they ran. The code is made again without counts, so that it is what an ordinary run
 * has; so a run under one engine says how all of them fare on it.
 */
#ifndef EXEC_REPORT_QUALITY_H
#define EXEC_REPORT_QUALITY_H

#include <jansson.h>

#include "exec/report/profile.h"

enum { QUALITY_ENGINES = 2 };

/* Host code of one engine: as it is, and as it was executed (slow paths left out). */
struct host_quality {
    u64 bytes, insns, loads, stores;
    u64 executed, executed_loads, executed_stores;
};

/* Of user code and of the rest; `host` in the order of quality_engine(). */
struct quality {
    struct guest_quality guest;
    struct host_quality host[QUALITY_ENGINES];
    /* Of the blocks whose host code was looked at: instructions executed, bytes. */
    u64 covered, covered_bytes;
};
struct run_quality {
    struct quality supervisor, user;
    u64 uncounted; /* blocks that there was no room to count */
};

/* The engines that make host code; NULL behind the last. */
const char *quality_engine(unsigned index);

/* False if the host has no room. */
bool quality_of(struct profile *p, struct run_quality *q);
/* Into an object: struct run_quality, and the hottest blocks in all their forms. */
void quality_put(json_t *o, const struct run_quality *q, struct profile *p);

#endif
