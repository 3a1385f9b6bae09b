/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ends the program, within Check's tests and without. */
#ifndef TESTS_NATIVE_FATAL_H
#define TESTS_NATIVE_FATAL_H

#include <stdio.h>
#include <stdlib.h>

#define fatal(...)                                                                                 \
    do {                                                                                           \
        fflush(stdout);                                                                            \
        fprintf(stderr, "test_native: " __VA_ARGS__);                                              \
        fputc('\n', stderr);                                                                       \
        exit(1);                                                                                   \
    } while (0)
#define require(condition, ...)                                                                    \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fatal(__VA_ARGS__);                                                                    \
    } while (0)

#endif
