/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops as templates: dyngen reads the object of this file, nobody links it. */
#define HOLES 1
#include "ops/ppc/helpers.h"
#include "ops/ppc/op.h"

#include "ops/ppc/each.h"
