/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The processors that can be had (-cpu): what each has, and what CPUID says of it. */
#ifndef EXEC_I386_MODEL_H
#define EXEC_I386_MODEL_H

#include "ops/i386/cpu.h"
#include "translate/i386/feature.h"

#include <stdio.h>

enum {
    CACHES = 3,
    CACHE_LINE = 64,
    PHYSICAL_BITS = 36, /* of addresses, with PAE or PSE-36 */
};

struct model {
    const char *name;
    const char *help;
    const char *brand;          /* at most 48 bytes; NULL if CPUID has no brand string */
    u32 signature;              /* CPUID leaf 1, EAX; EDX after RESET */
    u64 features;               /* enum feature */
    u32 last_leaf;              /* of CPUID, the basic ones */
    u32 last_extended;          /* 0: there are none */
    u32 caches_eax, caches_edx; /* leaf 2 */
    struct cache {
        u8 type; /* 1: data, 2: instructions, 3: both; 0: there is none */
        u8 level, ways;
        u16 kib;
    } cache[CACHES]; /* leaf 4 */
};

/* By name; NULL if there is none such. */
const struct model *model_find(const char *name);
/* What a cpu is unless the user asks for another. */
const struct model *model_default(void);
/* A line a model: name and help. */
void model_print_all(FILE *to);

/* Bits that exist: writing others to CR4 or MXCSR is #GP, to CR0 and EFLAGS without effect. */
u32 model_cr0_bits(const struct model *m);
u32 model_cr4_bits(const struct model *m);
u32 model_eflags_bits(const struct model *m);
u32 model_mxcsr_bits(const struct model *m);

static inline bool cpu_has(const struct cpu *cpu, enum feature feature)
{
    return feature_in(cpu->model->features, feature);
}

/* The words of CPUID that are sets of features. */
enum feature_word {
    NOWHERE,
    LEAF1_EDX,
    LEAF1_ECX,
    LEAF6_EAX,
    LEAF7_EBX,
    LEAF7_EDX,
    EXTENDED1_EDX,
    EXTENDED7_EDX,
};
u32 model_feature_word(u64 features, enum feature_word word);

#endif
