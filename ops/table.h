/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest's micro-ops and templates by number, for its table.h, which has LOCATIONS and defines
 * OWN_OPS, the name of its ops.def.
 */
#ifndef OPS_TABLE_H
#define OPS_TABLE_H

#include "ops/uops.h"

enum uop_code {
    BEHIND_COMMON = COMMON_UOPS - 1,
#define UOP(name, ...) UOP_##name,
#include OWN_OPS
#undef UOP
    UOP_CODES
};

/* FIRST_x is the first template of micro-op x. */
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
