/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of images and of their checks: checks.def. */
#ifndef TESTS_SYSTEM_CHECKS_H
#define TESTS_SYSTEM_CHECKS_H

#include "tests/system/run.h"

#include <stdio.h>

enum image {
#define IMAGE(name, ...) IMAGE_##name,
#define CHECK(image, name, section, qemu, bochs)
#include "tests/system/checks.def"
#undef IMAGE
#undef CHECK
    IMAGES
};

struct setting {
    const char *name;
    const char *file;
    const char *arguments[RUN_ARGUMENTS];
};
extern const struct setting images[IMAGES];

/* NULL: a peer does as the section says; else what it does otherwise. */
#define RIGHT     NULL
#define NOT_ASKED ""

struct check {
    enum image image;
    const char *name;
    const char *section;
    const char *otherwise[PEERS]; /* from QEMU on */
};
extern const struct check checks[];
extern const unsigned check_count;

/* Is a check made in an engine? */
bool check_is_asked(const struct check *check, enum engine engine);
/* What a peer does otherwise; NULL for nothing, and for engines of our own. */
const char *check_difference(const struct check *check, enum engine engine);

/* The page about the peers: PEERS in this folder. */
void report_peers(FILE *to);

#endif
