/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For one D: r.h, and rr.h for each B. Ends D. */
#define OP(name) EXPAND_R(name, D)
#include "ops/common_r.h"
#include "ops/i386/r.h"
#undef OP

#define OP(name) EXPAND_RR(name, D, B)
#define B        eax
#include "ops/common_rr.h"
#include "ops/i386/rr.h"
#undef B
#ifndef ONE_LOCATION
#define B ecx
#include "ops/common_rr.h"
#include "ops/i386/rr.h"
#undef B
#define B edx
#include "ops/common_rr.h"
#include "ops/i386/rr.h"
#undef B
#define B ebx
#include "ops/common_rr.h"
#include "ops/i386/rr.h"
#undef B
#define B esp
#include "ops/common_rr.h"
#include "ops/i386/rr.h"
#undef B
#define B ebp
#include "ops/common_rr.h"
#include "ops/i386/rr.h"
#undef B
#define B esi
#include "ops/common_rr.h"
#include "ops/i386/rr.h"
#undef B
#define B edi
#include "ops/common_rr.h"
#include "ops/i386/rr.h"
#undef B
#define B t0
#include "ops/common_rr.h"
#include "ops/i386/rr.h"
#undef B
#define B t1
#include "ops/common_rr.h"
#include "ops/i386/rr.h"
#undef B
#endif
#undef OP
#undef D
