/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accesses by external PID (Power ISA 2.07, book III-E, category E.PD): the supervisor's, to
 * storage as another process sees it. EPLC, for loads, and EPSC, for stores, say which. The softmmu
 * knows the running process alone, so each is translated by itself.
 */
#include "exec/ppc/ppc.h"
#include "exec/softmmu.h"
#include "ops/ppc/word.h"

enum { LINE = 64, LFDEPX = 607, STFDEPX = 735 };

static struct ppc_eyes eyes_of(u32 context)
{
    return (struct ppc_eyes){.pid = context & PID_MASK,
                             .space = (context & EPC_AS) != 0,
                             .lpid = context >> EPC_LPID & LPID_MASK,
                             .guest = (context & EPC_GS) != 0,
                             .user = (context & EPC_PR) != 0,
                             .external = true};
}

static u32 address_of(const struct ppc_cpu *cpu, u32 word)
{
    return (word_a(word) ? cpu->gpr[word_a(word)] : 0) + cpu->gpr[word_b(word)];
}

static bool crosses_page(u32 address, u32 size)
{
    return (address & PAGE_MASK) + size > PAGE_SIZE;
}

static void expect_float(struct ppc_cpu *cpu)
{
    if (!(cpu->msr & MSR_FP))
        ppc_raise(cpu, INT_FP_UNAVAILABLE, 0);
}

/* --- loads --- */

/* Up to 8 bytes, the first one highest. */
static u64 load(struct ppc_cpu *cpu, u32 address, u32 size)
{
    const struct ppc_eyes eyes = eyes_of(cpu->eplc);
    u32 step = size <= 4 && !crosses_page(address, size) ? size : 1;
    u64 value = 0;

    for (u32 i = 0; i < size; i += step) {
        u64 at = ppc_physical(cpu, address + i, ACCESS_READ, &eyes);
        u32 part = __builtin_bswap32(softmmu_read_physical(&cpu->core, at, step));
        value = value << 8 * step | part >> (32 - 8 * step);
    }
    return value;
}

void ppc_helper_external_load(struct ppc_cpu *cpu, u32 a, u32 b)
{
    if (word_xo(a) == LFDEPX) {
        expect_float(cpu);
        cpu->fpr[word_d(a)] = load(cpu, address_of(cpu, a), b);
        return;
    }
    cpu->gpr[word_d(a)] = (u32)load(cpu, address_of(cpu, a), b);
}

/* --- stores --- */

/* All of it may be stored before any of it is. */
static void store(struct ppc_cpu *cpu, u32 address, u64 value, u32 size)
{
    const struct ppc_eyes eyes = eyes_of(cpu->epsc);
    u32 step = size <= 4 && !crosses_page(address, size) ? size : 1;

    ppc_physical(cpu, address, ACCESS_WRITE, &eyes);
    ppc_physical(cpu, address + size - 1, ACCESS_WRITE, &eyes);
    for (u32 i = 0; i < size; i += step) {
        u64 at = ppc_physical(cpu, address + i, ACCESS_WRITE, &eyes);
        u32 part = (u32)(value >> 8 * (size - step - i)) << (32 - 8 * step);
        softmmu_write_physical(&cpu->core, at, __builtin_bswap32(part), step);
    }
}

void ppc_helper_external_store(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u64 value = cpu->gpr[word_d(a)];

    if (word_xo(a) == STFDEPX) {
        expect_float(cpu);
        value = cpu->fpr[word_d(a)];
    }
    store(cpu, address_of(cpu, a), value, b);
}

/* --- lines of caches --- */

/* What is done to a line but to make it zero needs a right to read it. */
void ppc_helper_external_line(struct ppc_cpu *cpu, u32 a, u32 b)
{
    const struct ppc_eyes eyes = eyes_of(b ? cpu->epsc : cpu->eplc);
    u32 address = address_of(cpu, a) & ~(u32)(LINE - 1);
    u64 at = ppc_physical(cpu, address_of(cpu, a), b ? ACCESS_WRITE : ACCESS_READ, &eyes);

    for (u32 i = 0; b && i < LINE; i += 4)
        softmmu_write_physical(&cpu->core, (at & ~(u64)PAGE_MASK) | ((address + i) & PAGE_MASK), 0,
                               4);
}
