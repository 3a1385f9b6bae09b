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
 * and for instructions of the host's on memory, whose address is T0 alone. A `lea` right before has
 * put it there, so the register has zeros above it; stream_drop_dead leaves that `lea` alone
 *
 *   ADDRESS(type)               goes cold if such an access is not to be had at once
 *   ADDRESS_ALIGNED             of 16 bytes, and cold as well where it is not a multiple of that
 *   MEMORY(type)                behind one of these: what is there
 *   OPERAND(type)               the field of cpu that it is to or from: at A3
 *
 * This one is the TLB, which answers any access. P2 and P3 are the offsets in cpu of the TLB's tag
 * and addend for this kind of access and privilege; of what is at T0, P1 and P2. The tag must be
 * the page of the access's last byte: so an access across pages misses. The linear address is left
 * in T0: there the slow path finds it, and the second half of a read-modify-write.
 */
#undef MODEL
#undef LOAD
#undef STORE
#undef STORE_IMMEDIATE
#undef ADDRESS
#undef ADDRESS_ALIGNED
#undef MEMORY
#undef OPERAND
#define MODEL(name) name

#ifndef OPS_MEMORY_TLB_H
#define OPS_MEMORY_TLB_H

/* `index` is that of the entry of u64 address, which T0 is; cold if its tag is another. */
#define TLB_LOOK_UP(tag, last, mask)                                                               \
    u64 index = tlb_offset(address);                                                               \
    HOST_HIDE(index);                                                                              \
    t0 = (u32)address;                                                                             \
    if (UNLIKELY(FIELD(u32, (tag) + index) != (((u32)address + (last)) & (mask))))                 \
        COLD;                                                                                      \
    HOST_HIDE(index)
#define TLB_ACCESS(type, base)                                                                     \
    HOST_ADDRESS(address, base);                                                                   \
    TLB_LOOK_UP(A2, sizeof(type) - 1, 0xfffff000u)
#define TLB_MEMORY(type) (*(type *)(FIELD(u64, A3 + index) + address))

#endif

#define LOAD(type, value, base)                                                                    \
    do {                                                                                           \
        TLB_ACCESS(type, base);                                                                    \
        (value) = TLB_MEMORY(type);                                                                \
    } while (0)
#define STORE(type, value, base)                                                                   \
    do {                                                                                           \
        TLB_ACCESS(type, base);                                                                    \
        TLB_MEMORY(type) = (type)(value);                                                          \
    } while (0)
#define STORE_IMMEDIATE(type, set, base)                                                           \
    do {                                                                                           \
        TLB_ACCESS(type, base);                                                                    \
        set(TLB_MEMORY(type), 4);                                                                  \
    } while (0)

#define ADDRESS(type)                                                                              \
    HOST_AT_T0(address);                                                                           \
    TLB_LOOK_UP(A1, sizeof(type) - 1, 0xfffff000u)
/* No tag has the low 4 bits. */
#define ADDRESS_ALIGNED                                                                            \
    HOST_AT_T0(address);                                                                           \
    TLB_LOOK_UP(A1, 0, 0xfffff00fu)
#define MEMORY(type)  (*(type *)(FIELD(u64, A2 + index) + address))
#define OPERAND(type) FIELD(type, A3)
