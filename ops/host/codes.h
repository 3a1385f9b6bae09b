/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What instructions of the host have of a condition: templates in assembly are told it. */
#ifndef OPS_HOST_CODES_H
#define OPS_HOST_CODES_H

#include "ops/host/conditions.h"
#include "ops/types.h"

static inline u8 host_code(enum uop_condition condition)
{
    static const u8 codes[CONDITIONS] = {
#ifdef __x86_64__ /* SDM vol. 1, appendix B */
        [IF_below] = 2,        [IF_not_below] = 3, [IF_equal] = 4,    [IF_not_equal] = 5,
        [IF_not_above] = 6,    [IF_above] = 7,     [IF_negative] = 8, [IF_not_negative] = 9,
        [IF_even] = 10,        [IF_odd] = 11,      [IF_less] = 12,    [IF_not_less] = 13,
        [IF_not_greater] = 14, [IF_greater] = 15,
#endif
    };

    return codes[condition];
}

#endif
