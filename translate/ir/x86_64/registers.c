/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See host.h. */
#include "translate/ir/host.h"

/* Those first that are the fewest guests' homes; of them those that need no REX prefix. */
const u8 host_order[GIVEN_REGS] = {RAX, RBX, RBP, R10, R14, R15, RDX,
                                   RCX, RSI, RDI, R8,  R9,  R11, R13};
