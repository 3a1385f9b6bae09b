/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dyngen's run-time header for the host that this program is built for. */
#ifndef OPS_HOST_DYNGEN_H
#define OPS_HOST_DYNGEN_H

#include "dyngen/dyngen.h"
#ifdef __x86_64__
#include "dyngen/dyngen_x86_64.h"
#endif

#endif
