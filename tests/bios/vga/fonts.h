/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_BIOS_VGA_FONTS_H
#define TESTS_BIOS_VGA_FONTS_H

#include <check.h>

/* The ROM's fonts, on the host. */
TCase *fonts_case(void);

#endif
