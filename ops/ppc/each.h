/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every micro-op, by including common.h and n.h once, r.h for each location, rr.h for each pair.
 * The includer defines NAME_N(name), NAME_R(name, d) and NAME_RR(name, d, b), the head of a
 * function.
 */
#define EXPAND_R(name, d)     NAME_R(name, d)
#define EXPAND_RR(name, d, b) NAME_RR(name, d, b)

#define OP(name) NAME_N(name)
#include "ops/common.h"
#include "ops/ppc/n.h"
#undef OP

#define D t0
#include "ops/ppc/each_b.h"
#ifndef ONE_LOCATION /* tools/lint.sh: all look the same to a checker */
#define D t1
#include "ops/ppc/each_b.h"
#define D r1
#include "ops/ppc/each_b.h"
#define D r3
#include "ops/ppc/each_b.h"
#define D r4
#include "ops/ppc/each_b.h"
#define D r5
#include "ops/ppc/each_b.h"
#define D r6
#include "ops/ppc/each_b.h"
#define D r7
#include "ops/ppc/each_b.h"
#define D r9
#include "ops/ppc/each_b.h"
#define D r10
#include "ops/ppc/each_b.h"
#endif
