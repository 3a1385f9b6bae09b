/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The stack window, a memory model: a block's accesses near the stack pointer without a look-up
 * each. See ops/window.h for what the window is; ops/memory/tlb.h for what a model is.
 *
 * The block's check has seen that all of them lie in it. So they never go cold, and nothing but the
 * value is written. P2 is the offset in cpu of the window's addend; P3 the immediate stored.
 */
#undef MODEL
#undef LOAD
#undef STORE
#undef STORE_IMMEDIATE
#define MODEL(name) window_##name

#define LOAD(type, value, base)                                                                    \
    do {                                                                                           \
        u64 addend = FIELD(u64, A2);                                                               \
        HOST_LOAD_AT(type, value, addend, base);                                                   \
    } while (0)
#define STORE(type, value, base)                                                                   \
    do {                                                                                           \
        u64 addend = FIELD(u64, A2);                                                               \
        HOST_STORE_AT(type, value, addend, base);                                                  \
    } while (0)
#define STORE_IMMEDIATE(type, set, base)                                                           \
    do {                                                                                           \
        u64 addend = FIELD(u64, A2);                                                               \
        HOST_SET_AT(type, 3, addend, base);                                                        \
    } while (0)
