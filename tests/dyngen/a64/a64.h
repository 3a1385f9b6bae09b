/* SPDX-License-Identifier: GPL-3.0-or-later */
/* a64.h: a second host for dyngen, of fixed-width instructions: see a64.c. */
#ifndef TEST_A64_H
#define TEST_A64_H

#include "dyngen/host.h"

extern const struct host host_a64;

#endif
