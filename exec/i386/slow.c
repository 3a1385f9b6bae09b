/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory ops whose TLB lookup missed; ops/i386/slow.h says what they ask for. */
#include "ops/i386/slow.h"
#include "exec/i386/i386.h"
#include "exec/slow.h"

#include <string.h>

/* --- XMM registers --- */

/*
 * Is an access to be in bytes? One of 16 at any address is allowed also where all that is shorter
 * must be aligned (SDM vol. 2, 2.4.4).
 */
static bool is_of_bytes(const struct cpu *cpu, u32 linear, unsigned size)
{
    return size == 16 && cpu->aligned && linear % 8;
}

static void load_bytes(struct cpu *cpu, u32 linear, unsigned size, u8 *to)
{
    mem_probe(cpu, linear, size, ACCESS_READ, cpu->cpl == 3);
    for (unsigned i = 0; i < size; i++)
        to[i] = (u8)mem_read(cpu, linear + i, 1);
}

static void store_bytes(struct cpu *cpu, u32 linear, unsigned size, const u8 *from)
{
    mem_prepare_write(cpu, linear, size);
    for (unsigned i = 0; i < size; i++)
        mem_write(cpu, linear + i, from[i], 1);
}

static void load_field(struct cpu *cpu, u32 linear, unsigned size, void *field)
{
    u64 value[2] = {0};
    if (is_of_bytes(cpu, linear, size)) {
        load_bytes(cpu, linear, size, field);
        return;
    }
    if (size == 16)
        mem_probe(cpu, linear, size, ACCESS_READ, cpu->cpl == 3);
    value[0] = size == 4 ? mem_read(cpu, linear, 4) : mem_read64(cpu, linear);
    if (size == 16)
        value[1] = mem_read64(cpu, linear + 8);
    memcpy(field, value, sizeof value);
}

static void store_field(struct cpu *cpu, u32 linear, unsigned size, const void *field)
{
    u64 value[2] = {0};
    if (is_of_bytes(cpu, linear, size)) {
        store_bytes(cpu, linear, size, field);
        return;
    }
    memcpy(value, field, size);
    if (size == 4) {
        mem_write(cpu, linear, (u32)value[0], 4);
        return;
    }
    if (size == 16)
        mem_prepare_write(cpu, linear, size);
    mem_write64(cpu, linear, value[0]);
    if (size == 16)
        mem_write64(cpu, linear + 8, value[1]);
}

static void access_field(struct cpu *cpu, u32 linear, unsigned size)
{
    void *field = (u8 *)cpu + cpu->core.slow_imm;
    if ((cpu->core.slow & SLOW_ALIGNED) && linear % size)
        cpu_raise_code(cpu, EXC_GP, 0);
    if (slow_kind(cpu->core.slow) == SLOW_LOAD_FIELD)
        load_field(cpu, linear, size, field);
    else
        store_field(cpu, linear, size, field);
}

void helper_slow_mem(struct cpu *cpu)
{
    u32 linear = cpu->regs[T0];
    enum slow_kind kind = slow_kind(cpu->core.slow);
    if (slow_flags(cpu->core.slow) != SLOW_FLAGS_STORED)
        cpu->cc_op = slow_flags(cpu->core.slow);
    softmmu_rely_on_window(&cpu->core, cpu->core.slow & SLOW_WINDOW);
    if (kind == SLOW_LOAD_FIELD || kind == SLOW_STORE_FIELD)
        access_field(cpu, linear, slow_size(cpu->core.slow));
    else
        exec_slow_access(&cpu->core, linear, is_user(cpu));
    softmmu_rely_on_window(&cpu->core, false);
}
