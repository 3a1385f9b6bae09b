/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of the BIOS: cases of its suite that are files of their own. */
#ifndef TESTS_BIOS_TEST_BIOS_H
#define TESTS_BIOS_TEST_BIOS_H

#include <check.h>

/* What it reads of media and ROMs, by functions that run here, too. */
TCase *images_case(void);

#endif
