/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of what a processor may have: features.def as numbers, and as bits of a set. */
#ifndef TRANSLATE_I386_FEATURE_H
#define TRANSLATE_I386_FEATURE_H

#include "ops/i386/cpu.h"

/* FEATURE_ALWAYS is in every set that feature_set() makes. */
enum feature {
    FEATURE_ALWAYS,
#define FEATURE(name, word, bit, label) FEATURE_##name,
#include "translate/i386/features.def"
#undef FEATURE
    FEATURES
};
_Static_assert(FEATURES <= 64, "a set of features is a u64");

#define FEATURE_BIT(name) ((u64)1 << FEATURE_##name)

static inline bool feature_in(u64 set, enum feature feature)
{
    return set >> feature & 1;
}

/* MMX and SSE: their instructions take 66, F2 and F3 for a part of the opcode. */
static inline bool is_media_feature(enum feature f)
{
    return f == FEATURE_MMX || f == FEATURE_FXSR || f == FEATURE_SSE || f == FEATURE_SSE2 ||
           f == FEATURE_SSE3;
}

#endif
