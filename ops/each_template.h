/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TEMPLATE_ENTRY(index, name) for every template of a guest: add_eax_ecx and so on, each with its
 * number. The includer has EACH_LOCATION and LOCATIONS of the guest (its locations.h), FIRST_x, the
 * first template of micro-op x (first.h), and OWN_OPS, the name of its ops.def.
 */
#ifndef OPS_EACH_TEMPLATE_H
#define OPS_EACH_TEMPLATE_H

/* For each pair: X(argument, name, NAME, name2, NAME2); a macro is not expanded within itself. */
#define EACH_PAIR(X, argument) RESCAN(EACH_LOCATION(EACH_OF_PAIR, (X, argument)))
#define RESCAN(...)            __VA_ARGS__
#define NOTHING
#define EACH_LOCATION_LATER() EACH_LOCATION
#define EACH_OF_PAIR(x, d, D, ...)                                                                 \
    EACH_LOCATION_LATER NOTHING()(PAIR, (PAIR_X x, PAIR_ARGUMENT x, d, D))
#define PAIR_X(X, argument)                X
#define PAIR_ARGUMENT(X, argument)         argument
#define PAIR(pair, b, B, ...)              PAIR_ROW(PAIR_FIELDS pair, b, B)
#define PAIR_FIELDS(...)                   __VA_ARGS__
#define PAIR_ROW(...)                      PAIR_CALL(__VA_ARGS__)
#define PAIR_CALL(X, argument, d, D, b, B) X(argument, d, D, b, B)

#endif

#define UOP(name, shape, ...)    ENTRIES_##shape(name)
#define ENTRIES_N(name)          TEMPLATE_ENTRY(FIRST_##name, name)
#define ENTRIES_R(name)          EACH_LOCATION(ENTRY_R, name)
#define ENTRY_R(name, d, D, ...) TEMPLATE_ENTRY(FIRST_##name + (D), name##_##d)
#define ENTRIES_RR(name)         EACH_PAIR(ENTRY_RR, name)
#define ENTRY_RR(name, d, D, b, B)                                                                 \
    TEMPLATE_ENTRY(FIRST_##name + (D)*LOCATIONS + (B), name##_##d##_##b)
#include "ops/common.def"
#include OWN_OPS
#undef UOP
#undef ENTRIES_N
#undef ENTRIES_R
#undef ENTRY_R
#undef ENTRIES_RR
#undef ENTRY_RR
#undef TEMPLATE_ENTRY
