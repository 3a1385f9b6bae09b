/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The conditions that micro-ops know, IS_condition(a, b), of 32 bits. */
#ifndef OPS_HOST_CONDITIONS_H
#define OPS_HOST_CONDITIONS_H

/* a against b, unsigned and signed */
#define IS_equal(a, b)       ((a) == (b))
#define IS_not_equal(a, b)   ((a) != (b))
#define IS_below(a, b)       ((a) < (b))
#define IS_not_below(a, b)   ((a) >= (b))
#define IS_above(a, b)       ((a) > (b))
#define IS_not_above(a, b)   ((a) <= (b))
#define IS_less(a, b)        ((s32)(a) < (s32)(b))
#define IS_not_less(a, b)    ((s32)(a) >= (s32)(b))
#define IS_greater(a, b)     ((s32)(a) > (s32)(b))
#define IS_not_greater(a, b) ((s32)(a) <= (s32)(b))

/* the sign of a - b */
#define IS_minus_negative(a, b)     ((s32)((a) - (b)) < 0)
#define IS_minus_not_negative(a, b) ((s32)((a) - (b)) >= 0)

/* a & b against zero, signed */
#define IS_and_zero(a, b)         (((a) & (b)) == 0)
#define IS_and_not_zero(a, b)     (((a) & (b)) != 0)
#define IS_and_negative(a, b)     ((s32)((a) & (b)) < 0)
#define IS_and_not_negative(a, b) ((s32)((a) & (b)) >= 0)
#define IS_and_positive(a, b)     ((s32)((a) & (b)) > 0)
#define IS_and_not_positive(a, b) ((s32)((a) & (b)) <= 0)

#endif
