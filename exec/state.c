/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of every guest's cpu is state: see exec/guest.h. */
#include "exec/state.h"
#include "exec/guest.h"

static const struct state_field core_fields[] = {
    {STATE(core, pc)},
    {NOT_STATE(core, slow)},
    {NOT_STATE(core, resume)},
    {NOT_STATE(core, jump_key)}, /* mode: of the registers */
    {NOT_STATE(core, exit)},
    {NOT_STATE(core, slow_imm)},
    {STATE(core, halted)},
    {STATE(core, raised)},
    {STATE(core, alone), .most = ALONE_KEPT},
    {STATE(core, int_line)},
    {NOT_STATE(core, budget)},
    {NOT_STATE(core, rest)},
    {0},
};
const struct state_table core_state = STATE_TABLE(core, 1, core_fields);
