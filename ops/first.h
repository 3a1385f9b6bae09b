/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Templates by number: FIRST_x is the first of micro-op x. The includer has a guest's table.h.
 * Apart from table.h, since only tables of templates need it, and it is long.
 */
#ifndef OPS_FIRST_H
#define OPS_FIRST_H

enum {
    TEMPLATES_N = 1,
    TEMPLATES_R = LOCATIONS,
    TEMPLATES_RR = LOCATIONS * LOCATIONS,
};
enum first_template {
#define UOP(name, shape, ...) FIRST_##name, LAST_##name = FIRST_##name + TEMPLATES_##shape - 1,
#include "ops/common.def"
#include OWN_OPS
#undef UOP
    TEMPLATES
};

#endif
