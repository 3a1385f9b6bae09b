/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small helpers of the translator's own: segment slow paths, bit strings. */
#include "exec/i386/helper.h"
#include "ops/i386/slow.h"

void helper_slow_segment(struct cpu *cpu)
{
    u32 slow = cpu->core.slow;
    if (slow_flags(slow) != SLOW_FLAGS_STORED)
        cpu->cc_op = slow_flags(slow);
    cpu->regs[T0] = segment_linear(cpu, (enum segment_register)(slow & 7), cpu->regs[T0],
                                   slow >> 4 & 0xfff, slow & 8);
}

/* BT and its kin on a word in memory with a bit offset in a register: SDM vol. 2, BT. */
DEFINE_HELPER(bit_string16)
{
    u32 address = cpu->regs[T0], bit = 1u << (cpu->regs[b] & 15), word, changed;

    if (a != 0)
        mem_probe(cpu, address, 2, ACCESS_WRITE, cpu->cpl == 3);
    word = mem_read(cpu, address, 2);
    changed = a == 1 ? word | bit : a == 2 ? word & ~bit : word ^ bit;
    if (a != 0)
        mem_write(cpu, address, changed, 2);
    cc_set(cpu, (cc_get(cpu) & ~(u32)FLAG_CF) | (word & bit ? FLAG_CF : 0));
}
