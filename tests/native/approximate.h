/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Instructions whose results are approximations, each processor's own in the last bits: RCPPS,
 * RSQRTPS, FSIN, FPATAN and their kin. In a build without assembly the emulator's come from C, and
 * the host's are only near them.
 */
#ifndef TESTS_NATIVE_APPROXIMATE_H
#define TESTS_NATIVE_APPROXIMATE_H

#include "tests/native/case.h"
#include "tests/native/entries.h"

bool is_approximate(const struct entry *e);

/*
 * Are the registers near enough: of the x87 to four units in the last place, C1, which tells how
 * the last bit was rounded, being no matter; of SSE each of the four singles to a part of 2^10?
 */
bool near_vector(const struct vector_state *a, const struct vector_state *b);

#endif
