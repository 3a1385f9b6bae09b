/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest's micro-ops by number, for its table.h, which has LOCATIONS and defines
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

#endif
