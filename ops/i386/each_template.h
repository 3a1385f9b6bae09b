/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TEMPLATE_ENTRY(index, name) for every template: add_eax_ecx and so on, each with its number.
 */
#define UOP(name, shape, ...)    ENTRIES_##shape(name)
#define ENTRIES_N(name)          TEMPLATE_ENTRY(FIRST_##name, name)
#define ENTRIES_R(name)          EACH_LOCATION(ENTRY_R, name)
#define ENTRY_R(name, d, D, ...) TEMPLATE_ENTRY(FIRST_##name + (D), name##_##d)
#define ENTRIES_RR(name)         EACH_PAIR(ENTRY_RR, name)
#define ENTRY_RR(name, d, D, b, B)                                                                 \
    TEMPLATE_ENTRY(FIRST_##name + (D)*LOCATIONS + (B), name##_##d##_##b)
#include "ops/common.def"
#include "ops/i386/ops.def"
#undef UOP
#undef ENTRIES_N
#undef ENTRIES_R
#undef ENTRY_R
#undef ENTRIES_RR
#undef ENTRY_RR
#undef TEMPLATE_ENTRY
