/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A memory model is a header like this one, which may be included again after another: it defines
 * the words by which micro-ops reach the guest's memory, and MODEL(name), what a micro-op is called
 * that is compiled with them. Those that a guest has in several models are in a list and a file of
 * their own (ops/i386/memory.def). The table's row says by its `params` which model it is: layout
 * fills the parameters in accordingly (translate/holes.c).
 *
 *   LOAD(type, value, base)     the value of that type at the linear address base + P1
 *   STORE(type, value, base)
 *   STORE_IMMEDIATE(type, set, base)   of a parameter, in the TLB by one of HOST_SET: P4
 *
 * This one is the TLB, which answers any access. Others may leave some of them to it; what it has
 * beside the above is
 *
 *   ADDRESS(type, base)         goes cold if such an access is not to be had at once
 *   ADDRESS_ALIGNED(base)       of 16 bytes, and cold as well where it is not a multiple of that
 *   MEMORY(type)                behind one of these: what is there
 *
 * P2 and P3 are the offsets in cpu of the TLB's tag and addend for this kind of access and
 * privilege. The tag must be the page of the access's last byte: so an access across pages misses.
 * The linear address is left in t0: there the slow path finds it, and the second half of a
 * read-modify-write.
 */
#undef MODEL
#undef LOAD
#undef STORE
#undef STORE_IMMEDIATE
#define MODEL(name) name

#ifndef OPS_MEMORY_TLB_H
#define OPS_MEMORY_TLB_H

#define TLB_LOOK_UP(last, mask, base)                                                              \
    HOST_ADDRESS(address, base);                                                                   \
    u64 index = tlb_offset(address);                                                               \
    HOST_HIDE(index);                                                                              \
    t0 = (u32)address;                                                                             \
    if (UNLIKELY(FIELD(u32, A2 + index) != (((u32)address + (last)) & (mask))))                    \
        COLD;                                                                                      \
    HOST_HIDE(index)
#define ADDRESS(type, base) TLB_LOOK_UP(sizeof(type) - 1, 0xfffff000u, base)
/* No tag has the low 4 bits. */
#define ADDRESS_ALIGNED(base) TLB_LOOK_UP(0, 0xfffff00fu, base)
#define MEMORY(type)          (*(type *)(FIELD(u64, A3 + index) + address))

#endif

#define LOAD(type, value, base)                                                                    \
    do {                                                                                           \
        ADDRESS(type, base);                                                                       \
        (value) = MEMORY(type);                                                                    \
    } while (0)
#define STORE(type, value, base)                                                                   \
    do {                                                                                           \
        ADDRESS(type, base);                                                                       \
        MEMORY(type) = (type)(value);                                                              \
    } while (0)
#define STORE_IMMEDIATE(type, set, base)                                                           \
    do {                                                                                           \
        ADDRESS(type, base);                                                                       \
        set(MEMORY(type), 4);                                                                      \
    } while (0)
