/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What went wrong, in words for the user: "disk.img: not a multiple of 512 bytes (1234567)". It is
 * one line: control characters of names are written as \x1b, and long names are shortened.
 */
#ifndef HW_HOST_ERROR_H
#define HW_HOST_ERROR_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

struct error {
    char text[4096];
};

/* Always false, so that a function can end with it. */
bool error_set(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Of memory: "128 MiB", or "1025 KiB", rounded up. */
struct size_text {
    char text[24];
};
static inline struct size_text size_text(uint64_t bytes)
{
    bool whole = bytes % (1 << 20) == 0;
    struct size_text s;

    snprintf(s.text, sizeof s.text, "%" PRIu64 " %s", whole ? bytes >> 20 : (bytes + 1023) >> 10,
             whole ? "MiB" : "KiB");
    return s;
}

#endif
