/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What went wrong, in words for the user: "disk.img: not a multiple of 512 bytes (1234567)". It is
 * one line: control characters of names are written as \x1b, and long names are shortened.
 */
#ifndef HW_HOST_ERROR_H
#define HW_HOST_ERROR_H

#include <stdbool.h>

struct error {
    char text[4096];
};

/* Always false, so that a function can end with it. */
bool error_set(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
