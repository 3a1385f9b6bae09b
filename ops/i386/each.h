/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every micro-op, by including common.h, n.h, sse.h, x87.h and memory_n.h once, r.h for each
 * location, rr.h for each pair. The includer defines NAME_N(name), NAME_R(name, d) and
 * NAME_RR(name, d, b), the head of a function.
 */
#define EXPAND_R(name, d)     NAME_R(name, d)
#define EXPAND_RR(name, d, b) NAME_RR(name, d, b)

#define OP(name) NAME_N(name)
#include "ops/common.h"
#include "ops/i386/n.h"
#include "ops/i386/sse.h"
#include "ops/i386/x87.h"
/* Memory, in each model. */
/* clang-format off */
#include "ops/memory/window.h"
#include "ops/i386/memory_n.h"
#include "ops/memory/tlb.h"
#include "ops/i386/memory_n.h"
/* clang-format on */
#undef OP

#define D eax
#include "ops/i386/each_b.h"
#ifndef ONE_LOCATION /* tools/lint.sh: all look the same to a checker */
#define D ecx
#include "ops/i386/each_b.h"
#define D edx
#include "ops/i386/each_b.h"
#define D ebx
#include "ops/i386/each_b.h"
#define D esp
#include "ops/i386/each_b.h"
#define D ebp
#include "ops/i386/each_b.h"
#define D esi
#include "ops/i386/each_b.h"
#define D edi
#include "ops/i386/each_b.h"
#define D t0
#include "ops/i386/each_b.h"
#define D t1
#include "ops/i386/each_b.h"
#endif
