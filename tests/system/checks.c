/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/system/checks.h"

const struct setting images[IMAGES] = {
#define IMAGE(name, file, ...) {#name, file, {__VA_ARGS__}},
#define CHECK(image, name, section, qemu, bochs)
#include "tests/system/checks.def"
#undef IMAGE
#undef CHECK
};

const struct check checks[] = {
#define IMAGE(name, ...)
#define CHECK(image, name, section, qemu, bochs) {IMAGE_##image, name, section, {qemu, bochs}},
#include "tests/system/checks.def"
#undef IMAGE
#undef CHECK
};
const unsigned check_count = sizeof checks / sizeof *checks;

const char *check_difference(const struct check *check, enum engine engine)
{
    return engine < QEMU ? NULL : check->otherwise[engine - QEMU];
}

bool check_is_asked(const struct check *check, enum engine engine)
{
    const char *difference = check_difference(check, engine);
    return !difference || *difference;
}
