/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of processors. Signatures and cache descriptors are those of chips that were sold
 * (Intel AP-485, tables 3 and 2-9; SDM vol. 2, CPUID), features are theirs as
 * far as there are instructions and registers for them here (features.def).
 */
#include "exec/i386/model.h"
#include "exec/i386/i386.h"

#include <string.h>

#define BIT FEATURE_BIT

enum {
    ALWAYS = 1,
    FLAGS_386 = (int)(FLAGS_ARITH | FLAG_1 | FLAG_TF | FLAG_IF | FLAG_DF | FLAG_IOPL | FLAG_NT |
                      FLAG_RF | FLAG_VM),
};

#define HAS_386 (ALWAYS | BIT(FPU))
#define HAS_486 (HAS_386 | BIT(486) | BIT(CPUID) | BIT(VME))
#define HAS_PENTIUM                                                                                \
    (HAS_486 | BIT(PMC) | BIT(DE) | BIT(PSE) | BIT(TSC) | BIT(MSR) | BIT(MCE) | BIT(CX8) | BIT(MMX))
#define HAS_PENTIUM2                                                                               \
    (HAS_PENTIUM | BIT(P6) | BIT(APIC) | BIT(PAE) | BIT(SEP) | BIT(MTRR) | BIT(PGE) | BIT(MCA) |   \
     BIT(CMOV) | BIT(PAT) | BIT(PSE36) | BIT(FXSR))
#define HAS_PENTIUM3 (HAS_PENTIUM2 | BIT(SSE))
#define HAS_PENTIUM4 (HAS_PENTIUM3 | BIT(NETBURST) | BIT(CLFSH) | BIT(SSE2) | BIT(SSE3) | BIT(NX))
#define HAS_MAX                                                                                    \
    (HAS_PENTIUM4 | BIT(ARAT) | BIT(TSC_ADJUST) | BIT(INVARIANT_TSC) | BIT(ARCH_CAPABILITIES))

_Static_assert((HAS_MAX) == ((u64)1 << FEATURES) - 1, "of features.def one model has all");

static const struct model models[] = {
    {
        .name = "386",
        .help = "i386DX with an i387DX",
        .signature = 0x308,
        .features = HAS_386,
    },
    {
        .name = "486",
        .help = "IntelDX4: no TSC, no MSRs",
        .signature = 0x480,
        .features = HAS_486,
        .last_leaf = 1,
    },
    {
        .name = "pentium",
        .help = "Pentium with MMX (P55C)",
        .signature = 0x543,
        .features = HAS_PENTIUM,
        .last_leaf = 1,
    },
    {
        /* TLBs for 4 KiB and 4 MiB pages, 16 KiB of L1 each, 512 KiB of L2. */
        .name = "pentium2",
        .help = "Pentium II (Deschutes)",
        .signature = 0x652,
        .features = HAS_PENTIUM2,
        .last_leaf = 2,
        .caches_eax = 0x03020101,
        .caches_edx = 0x0c040843,
    },
    {
        .name = "pentium3",
        .help = "Pentium III (Katmai): SSE",
        .signature = 0x673,
        .features = HAS_PENTIUM3,
        .last_leaf = 2,
        .caches_eax = 0x03020101,
        .caches_edx = 0x0c040843,
    },
    {
        /* TLBs of 64 and 128 entries, 16 KiB of L1, 12 K of traces, 1 MiB of L2. */
        .name = "pentium4",
        .help = "Pentium 4 (Prescott E0): SSE3, NX",
        .signature = 0xf41,
        .brand = "Intel(R) Pentium(R) 4 CPU",
        .features = HAS_PENTIUM4,
        .last_leaf = 5,
        .last_extended = 0x80000008,
        .caches_eax = 0x605b5001,
        .caches_edx = 0x007c7040,
        .cache = {{1, 1, 8, 16}, {3, 2, 8, 1024}},
    },
    {
        .name = "max",
        .help = "all there is (default)",
        .signature = 0x6fb,
        .brand = "Tessera virtual CPU",
        .features = HAS_MAX,
        .last_leaf = 0x16,
        .last_extended = 0x80000008,
        .caches_eax = 0x03020101,
        .caches_edx = 0xff, /* see leaf 4 */
        .cache = {{1, 1, 4, 16}, {2, 1, 4, 16}, {3, 2, 8, 512}},
    },
};
enum { MODELS = sizeof models / sizeof *models };

const struct model *model_find(const char *name)
{
    for (unsigned i = 0; i < MODELS; i++)
        if (strcmp(models[i].name, name) == 0)
            return &models[i];
    return NULL;
}

const struct model *model_default(void)
{
    return &models[MODELS - 1];
}

void model_print_all(FILE *to)
{
    for (unsigned i = 0; i < MODELS; i++)
        fprintf(to, "  %-10s%s\n", models[i].name, models[i].help);
}

/* --- registers --- */

u32 model_cr0_bits(const struct model *m)
{
    u32 bits = CR0_PE | CR0_MP | CR0_EM | CR0_TS | CR0_PG;

    if (feature_in(m->features, FEATURE_486))
        bits |= CR0_NE | CR0_WP | CR0_AM | CR0_NW | CR0_CD;
    return bits;
}

u32 model_cr4_bits(const struct model *m)
{
    static const struct {
        enum feature feature;
        u32 bits;
    } rows[] = {
        {FEATURE_VME, CR4_VME | CR4_PVI}, {FEATURE_TSC, CR4_TSD}, {FEATURE_DE, CR4_DE},
        {FEATURE_PSE, CR4_PSE},           {FEATURE_PAE, CR4_PAE}, {FEATURE_MCE, CR4_MCE},
        {FEATURE_PGE, CR4_PGE},           {FEATURE_PMC, CR4_PCE}, {FEATURE_FXSR, CR4_OSFXSR},
        {FEATURE_SSE, CR4_OSXMMEXCPT},
    };
    u32 bits = 0;

    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        if (feature_in(m->features, rows[i].feature))
            bits |= rows[i].bits;
    return bits;
}

u32 model_mxcsr_bits(const struct model *m)
{
    return feature_in(m->features, FEATURE_SSE2) ? MXCSR_ALL : MXCSR_ALL & ~MXCSR_DAZ;
}

u32 model_eflags_bits(const struct model *m)
{
    u32 bits = (u32)FLAGS_386;

    if (feature_in(m->features, FEATURE_486))
        bits |= FLAG_AC;
    if (feature_in(m->features, FEATURE_CPUID))
        bits |= FLAG_ID;
    if (feature_in(m->features, FEATURE_VME))
        bits |= FLAG_VIF | FLAG_VIP;
    return bits;
}

u32 model_feature_word(u64 features, enum feature_word word)
{
    static const struct {
        enum feature_word word;
        unsigned bit;
    } places[FEATURES] = {
#define FEATURE(name, word, bit, label) [FEATURE_##name] = {word, bit},
#include "translate/i386/features.def"
#undef FEATURE
    };
    u32 value = 0;

    for (unsigned i = FEATURE_ALWAYS + 1; i < FEATURES; i++)
        if (places[i].word == word && feature_in(features, (enum feature)i))
            value |= 1u << places[i].bit;
    return value;
}
