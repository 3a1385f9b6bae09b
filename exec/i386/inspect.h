/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An i386's part of exec/inspect.h. */
#ifndef EXEC_I386_INSPECT_H
#define EXEC_I386_INSPECT_H

#include "exec/inspect.h"
#include "ops/types.h"

struct core;

struct mapping i386_mapping(const struct core *core, u32 linear);

#endif
