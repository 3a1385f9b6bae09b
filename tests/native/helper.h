/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the test and the program that it runs cases in have agreed on, beside case.h. */
#ifndef TESTS_NATIVE_HELPER_H
#define TESTS_NATIVE_HELPER_H

/* Its descriptors, see helper.c, and what it exits with if the kernel refuses something. */
enum { HELPER_SHARED = 3, HELPER_GO, HELPER_DONE };
enum { HELPER_NO_MEMORY = 10, HELPER_NO_LDT, HELPER_NO_SIGNALS };

#endif
