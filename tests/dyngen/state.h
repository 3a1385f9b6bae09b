/* SPDX-License-Identifier: GPL-3.0-or-later */
/* state.h: what the ops of the tests work on. */
#ifndef TEST_STATE_H
#define TEST_STATE_H

#include <stdint.h>

struct state {
    uint32_t a, b;
    uint64_t wide;
    const void *pointer;
    uint64_t param[8];
    double number, other;
    float vector[4];
    void (*code)(void);
};

#endif
