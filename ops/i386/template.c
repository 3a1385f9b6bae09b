/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops as templates: dyngen reads the object of this file, nobody links it. */
#define HOLES 1
#include "ops/i386/helpers.h"
#include "ops/i386/op.h"

extern op_fn GATE_NAME(segment);

#include "ops/i386/each.h"
