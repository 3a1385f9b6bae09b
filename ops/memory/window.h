/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The stack window, a memory model: a block's accesses near the stack pointer without a look-up
 * each. See ops/window.h for what the window is; ops/memory/tlb.h for what a model is.
 *
 * The block's check has seen that all of them lie in it, and kept its addend. So none goes cold,
 * but what must be aligned; and nothing but the value is written. P2 is the immediate stored; the
 * offset of OPERAND is P1.
 */
#undef MODEL
#undef LOAD
#undef STORE
#undef STORE_IMMEDIATE
#undef ADDRESS
#undef ADDRESS_ALIGNED
#undef MEMORY
#undef OPERAND
#define MODEL(name) window_##name

#define LOAD                             HOST_LOAD_AT
#define STORE                            HOST_STORE_AT
#define STORE_IMMEDIATE(type, set, base) HOST_SET_AT(type, 2, base)

#define ADDRESS(type) HOST_KEPT_AT_T0(at)
#define ADDRESS_ALIGNED                                                                            \
    HOST_KEPT_AT_T0(at);                                                                           \
    if (UNLIKELY(at & 15))                                                                         \
    COLD
#define MEMORY(type)  (*(type *)at)
#define OPERAND(type) FIELD(type, A1)
