/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For one D: r.h, and rr.h for each B. Ends D. */
#define OP(name) EXPAND_R(name, D)
#include "ops/common_r.h"
#include "ops/ppc/r.h"
#undef OP

#define OP(name) EXPAND_RR(name, D, B)
#define B        t0
#include "ops/common_rr.h"
#include "ops/ppc/rr.h"
#undef B
#ifndef ONE_LOCATION
#define B t1
#include "ops/common_rr.h"
#include "ops/ppc/rr.h"
#undef B
#define B r1
#include "ops/common_rr.h"
#include "ops/ppc/rr.h"
#undef B
#define B r3
#include "ops/common_rr.h"
#include "ops/ppc/rr.h"
#undef B
#define B r4
#include "ops/common_rr.h"
#include "ops/ppc/rr.h"
#undef B
#define B r5
#include "ops/common_rr.h"
#include "ops/ppc/rr.h"
#undef B
#define B r6
#include "ops/common_rr.h"
#include "ops/ppc/rr.h"
#undef B
#define B r7
#include "ops/common_rr.h"
#include "ops/ppc/rr.h"
#undef B
#define B r9
#include "ops/common_rr.h"
#include "ops/ppc/rr.h"
#undef B
#define B r10
#include "ops/common_rr.h"
#include "ops/ppc/rr.h"
#undef B
#endif
#undef OP
#undef D
