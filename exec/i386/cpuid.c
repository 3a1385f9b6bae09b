/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CPUID (SDM vol. 2): what the model says of itself. */
#include <string.h>

#include "exec/i386/board.h"
#include "exec/i386/helper.h"
#include "exec/i386/model.h"
#include "exec/i386/msr.h"

enum leaf {
    LEAF_LAST,
    LEAF_FEATURES,
    LEAF_CACHES,
    LEAF_CACHE = 4,
    LEAF_POWER = 6,
    LEAF_MORE_FEATURES = 7,
    LEAF_TSC = 0x15,
    LEAF_FREQUENCY = 0x16,
    LAST_IF_LIMITED = 3,
};
static const u32 extended = 0x80000000, extended_features = 0x80000001, first_brand = 0x80000002,
                 last_brand = 0x80000004, second_cache = 0x80000006, power = 0x80000007,
                 address_sizes = 0x80000008;
static const char vendor[] = "GenuineIntel";

struct result {
    u32 eax, ebx, ecx, edx;
};

static u32 word_of(const char *text)
{
    u32 word;

    memcpy(&word, text, sizeof word);
    return word;
}

static struct result features(const struct cpu *cpu)
{
    const struct model *m = cpu->model;
    enum { CLFLUSH_LINE = CACHE_LINE / 8 << 8 };
    u64 features = m->features;
    bool clflush = feature_in(m->features, FEATURE_CLFSH);

    if (!(cpu->msr.apic_base & APIC_BASE_ENABLED)) /* SDM vol. 3, 11.4.3 */
        features &= ~FEATURE_BIT(APIC);
    return (struct result){m->signature, clflush ? CLFLUSH_LINE : 0,
                           model_feature_word(m->features, LEAF1_ECX),
                           model_feature_word(features, LEAF1_EDX)};
}

static struct result cache(const struct model *m, u32 index)
{
    const struct cache *c = &m->cache[index];

    if (index >= CACHES || !c->type)
        return (struct result){0};
    return (struct result){
        .eax = c->type | c->level << 5 | 1 << 8, /* fills itself */
        .ebx = (CACHE_LINE - 1) | (c->ways - 1) << 22,
        .ecx = c->kib * 1024 / CACHE_LINE / c->ways - 1,
    };
}

/* The TSC counts CRYSTAL_RATIO times as fast as the crystal that keeps time. */
static struct result tsc(void)
{
    return (struct result){.eax = 1, .ebx = TSC_HZ / CRYSTAL_HZ, .ecx = CRYSTAL_HZ};
}

static struct result frequency(void)
{
    enum { MHZ = 1000000, BUS_MHZ = 100 };

    return (struct result){.eax = TSC_HZ / MHZ, .ebx = TSC_HZ / MHZ, .ecx = BUS_MHZ};
}

static struct result basic(const struct cpu *cpu, u32 leaf, u32 index)
{
    const struct model *m = cpu->model;

    switch (leaf) {
    case LEAF_LAST:
        return (struct result){cpuid_last(cpu), word_of(vendor), word_of(vendor + 8),
                               word_of(vendor + 4)};
    case LEAF_FEATURES:
        return features(cpu);
    case LEAF_CACHES:
        return (struct result){m->caches_eax, 0, 0, m->caches_edx};
    case LEAF_CACHE:
        return cache(m, index);
    case LEAF_POWER:
        return (struct result){.eax = model_feature_word(m->features, LEAF6_EAX)};
    case LEAF_MORE_FEATURES:
        return (struct result){.ebx = index ? 0 : model_feature_word(m->features, LEAF7_EBX),
                               .edx = index ? 0 : model_feature_word(m->features, LEAF7_EDX)};
    case LEAF_TSC:
        return tsc();
    case LEAF_FREQUENCY:
        return frequency();
    default:
        return (struct result){0};
    }
}

static struct result brand(const struct model *m, u32 part)
{
    char text[3 * 16 + 1] = "";
    const char *at = text + part * 16;

    strcpy(text, m->brand);
    return (struct result){word_of(at), word_of(at + 4), word_of(at + 8), word_of(at + 12)};
}

static u32 second_level(const struct model *m)
{
    enum { EIGHT_WAYS = 6 };

    for (unsigned i = 0; i < CACHES; i++)
        if (m->cache[i].level == 2)
            return (u32)m->cache[i].kib << 16 | EIGHT_WAYS << 12 | CACHE_LINE;
    return 0;
}

static struct result more_features(const struct cpu *cpu)
{
    u64 features = cpu->model->features;

    if (!cpu_has_nx(cpu))
        features &= ~FEATURE_BIT(NX);
    return (struct result){.edx = model_feature_word(features, EXTENDED1_EDX)};
}

static struct result more(const struct cpu *cpu, u32 leaf)
{
    enum { LINEAR_BITS = 32 };
    const struct model *m = cpu->model;

    if (leaf >= first_brand && leaf <= last_brand)
        return brand(m, leaf - first_brand);
    if (leaf == extended)
        return (struct result){.eax = m->last_extended};
    if (leaf == extended_features)
        return more_features(cpu);
    if (leaf == second_cache)
        return (struct result){.ecx = second_level(m)};
    if (leaf == power)
        return (struct result){.edx = model_feature_word(m->features, EXTENDED7_EDX)};
    if (leaf == address_sizes)
        return (struct result){.eax = LINEAR_BITS << 8 | PHYSICAL_BITS};
    return (struct result){0};
}

DEFINE_HELPER(cpuid)
{
    u32 leaf = cpu->regs[EAX], last = cpuid_last(cpu);
    struct result r;

    if (leaf >= extended && leaf <= cpu->model->last_extended)
        r = more(cpu, leaf);
    else /* a leaf that is not there reads as the last basic one */
        r = basic(cpu, leaf < last ? leaf : last, cpu->regs[ECX]);
    cpu->regs[EAX] = r.eax;
    cpu->regs[EBX] = r.ebx;
    cpu->regs[ECX] = r.ecx;
    cpu->regs[EDX] = r.edx;
}
