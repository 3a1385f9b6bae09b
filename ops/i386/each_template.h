/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TEMPLATE_ENTRY(name) for every template, in the order of ops.def: add_eax_ecx and so on.
 */
#define UOP(name, shape, ...) ENTRIES_##shape(name)
#define ENTRIES_N(name)       TEMPLATE_ENTRY(name)
#define ENTRIES_R(name)                                                                            \
    TEMPLATE_ENTRY(name##_eax)                                                                     \
    TEMPLATE_ENTRY(name##_ecx)                                                                     \
    TEMPLATE_ENTRY(name##_edx)                                                                     \
    TEMPLATE_ENTRY(name##_ebx)                                                                     \
    TEMPLATE_ENTRY(name##_esp)                                                                     \
    TEMPLATE_ENTRY(name##_ebp)                                                                     \
    TEMPLATE_ENTRY(name##_esi)                                                                     \
    TEMPLATE_ENTRY(name##_edi)                                                                     \
    TEMPLATE_ENTRY(name##_t0)                                                                      \
    TEMPLATE_ENTRY(name##_t1)
#define ENTRIES_RR(name)                                                                           \
    ENTRIES_B(name##_eax)                                                                          \
    ENTRIES_B(name##_ecx)                                                                          \
    ENTRIES_B(name##_edx)                                                                          \
    ENTRIES_B(name##_ebx)                                                                          \
    ENTRIES_B(name##_esp)                                                                          \
    ENTRIES_B(name##_ebp)                                                                          \
    ENTRIES_B(name##_esi)                                                                          \
    ENTRIES_B(name##_edi)                                                                          \
    ENTRIES_B(name##_t0)                                                                           \
    ENTRIES_B(name##_t1)
#define ENTRIES_B(name) ENTRIES_R(name)
#include "ops/i386/ops.def"
#undef UOP
#undef ENTRIES_N
#undef ENTRIES_R
#undef ENTRIES_RR
#undef ENTRIES_B
#undef TEMPLATE_ENTRY
