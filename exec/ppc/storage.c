/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accesses to storage that are more than one load or store. */
#include "exec/ppc/ppc.h"
#include "exec/softmmu.h"
#include "ops/ppc/word.h"

enum { LINE = 64 }; /* of the e500mc's caches, in bytes */

static u32 base(const struct ppc_cpu *cpu, u32 word)
{
    return word_a(word) ? cpu->gpr[word_a(word)] : 0;
}

static u32 indexed(const struct ppc_cpu *cpu, u32 word)
{
    return base(cpu, word) + cpu->gpr[word_b(word)];
}

/* --- strings (book I, 3.3.7): bytes fill registers from the left, r0 follows r31 --- */

enum { LSWX = 533, STSWX = 661 };

struct string {
    u32 address, count;
};

static struct string string_of(const struct ppc_cpu *cpu, u32 word, u32 count)
{
    if (word_xo(word) == LSWX || word_xo(word) == STSWX)
        return (struct string){indexed(cpu, word), cpu->xer & 0x7f};
    return (struct string){base(cpu, word), count};
}

/* Into copies first: a fault halfway must find the address as it was. */
void ppc_helper_load_string(struct ppc_cpu *cpu, u32 a, u32 b)
{
    struct string s = string_of(cpu, a, b);
    u32 loaded[32] = {0};

    for (u32 i = 0; i < s.count; i++)
        loaded[i / 4] |= softmmu_read(&cpu->core, s.address + i, 1, ppc_is_user(cpu))
                         << (24 - 8 * (i & 3));
    for (u32 i = 0; i < (s.count + 3) / 4; i++)
        cpu->gpr[(word_d(a) + i) & 31] = loaded[i];
}

void ppc_helper_store_string(struct ppc_cpu *cpu, u32 a, u32 b)
{
    struct string s = string_of(cpu, a, b);

    for (u32 i = 0; i < s.count; i++) {
        u32 value = cpu->gpr[(word_d(a) + i / 4) & 31] >> (24 - 8 * (i & 3));
        softmmu_write(&cpu->core, s.address + i, value & 0xff, 1, ppc_is_user(cpu));
    }
}

/* --- reservations --- */

/* The address in T0 is no multiple (alignment interrupt: not done in hardware). */
void ppc_helper_misaligned(struct ppc_cpu *cpu, u32 a, u32 b)
{
    (void)b;
    cpu->dear = cpu->regs[SLOT_T0];
    ppc_raise(cpu, INT_ALIGNMENT, a);
}

/* CR0 says by EQ whether it was done. With or without, the reservation is gone. */
void ppc_helper_store_conditional(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u32 address = indexed(cpu, a), value = cpu->gpr[word_d(a)];
    bool holds = cpu->reserved && cpu->reserved_at == address;

    if (address & (b - 1)) {
        cpu->dear = address;
        ppc_raise(cpu, INT_ALIGNMENT, ESR_ST);
    }
    if (holds)
        softmmu_write(&cpu->core, address, __builtin_bswap32(value) >> (32 - 8 * b), b,
                      ppc_is_user(cpu));
    cpu->reserved = 0;
    cpu->cr[0] = cr_field(cpu->xer >> 31 | (holds ? (u32)CR_EQ : 0));
}

/* --- caches --- */

/* What is done to a line needs a right to it: the instruction a, as a load, or, b, a store. */
void ppc_helper_touch_line(struct ppc_cpu *cpu, u32 a, u32 b)
{
    softmmu_probe(&cpu->core, indexed(cpu, a), 1, b ? ACCESS_WRITE : ACCESS_READ, ppc_is_user(cpu));
}

/* MSR[UCLE] lets the user do it, MSRP[UCLEP] is the hypervisor's word against a guest. */
void ppc_helper_lock_line(struct ppc_cpu *cpu, u32 a, u32 b)
{
    if (!ppc_is_user(cpu)) {
        ppc_expect_unprotected(cpu, MSR_UCLE);
    } else if (!(cpu->msr & MSR_UCLE)) {
        *ppc_dear(cpu, INT_DATA_STORAGE) = indexed(cpu, a);
        ppc_raise(cpu, INT_DATA_STORAGE, b);
    }
    ppc_helper_touch_line(cpu, a, b & ESR_ST);
}

void ppc_helper_zero_line(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u32 line = indexed(cpu, a) & ~(u32)(LINE - 1);

    (void)b;
    for (u32 i = 0; i < LINE; i += 4)
        softmmu_write(&cpu->core, line + i, 0, 4, ppc_is_user(cpu));
}
