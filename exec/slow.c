/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See slow.h. */
#include "exec/slow.h"

#include "exec/guest.h"
#include "ops/slow.h"

static u32 sign_extended(u32 value, unsigned size)
{
    return size == 1 ? (u32)(s8)value : size == 2 ? (u32)(s16)value : value;
}

static void load(struct core *core, u32 linear, unsigned size, bool user)
{
    u32 *to = &core_regs(core)[slow_location(core->slow)];
    if (size == 8) {
        u64 value = softmmu_read64(core, linear, user);
        to[0] = (u32)value, to[1] = (u32)(value >> 32);
    } else {
        enum slow_kind kind = slow_kind(core->slow);
        bool sign = kind == SLOW_LOAD_SIGNED || kind == SLOW_LOAD_SIGNED_WRITE;
        u32 value = softmmu_read(core, linear, size, user);
        *to = sign ? sign_extended(value, size) : value;
    }
}

static void store(struct core *core, u32 linear, unsigned size, bool user)
{
    const u32 *from = &core_regs(core)[slow_location(core->slow)];
    bool immediate = core->slow & SLOW_IMMEDIATE;
    u32 value = immediate ? core->slow_imm : *from;
    if (size == 8)
        softmmu_write64(core, linear, value | (immediate ? 0 : (u64)from[1] << 32), user);
    else
        softmmu_write(core, linear, value, size, user);
}

void exec_slow_access(struct core *core, u32 linear, bool user)
{
    unsigned size = slow_size(core->slow);
    enum slow_kind kind = slow_kind(core->slow);

    if (kind == SLOW_STORE) {
        store(core, linear, size, user);
        return;
    }
    if (kind == SLOW_LOAD_WRITE || kind == SLOW_LOAD_SIGNED_WRITE)
        softmmu_prepare_write(core, linear, size, user);
    load(core, linear, size, user);
}
