/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How micro-ops reach the guest's memory: the TLB. What they say is
 *
 *   ADDRESS(type, base)        the linear address base + P1, for an access of that type; goes cold
 *                              if it is not to be had at once. MEMORY(type) is it from there on
 *   ADDRESS_ALIGNED(base)      of 16 bytes, and cold as well where it is no multiple of that
 *   LOAD(type, value, base)    all in one
 *   STORE(type, value, base)
 *   STORE_P4(type, set, base)  of a number, by one of HOST_SET
 *
 * P2 and P3 are the offsets in cpu of the TLB's tag and addend for this kind of access and
 * privilege. The tag must be the page of the access's last byte: so an access across pages misses.
 * The linear address is left in t0: there the slow path finds it, and the second half of a
 * read-modify-write.
 */
#ifndef OPS_MEMORY_H
#define OPS_MEMORY_H

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
#define STORE_P4(type, set, base)                                                                  \
    do {                                                                                           \
        ADDRESS(type, base);                                                                       \
        set(MEMORY(type), 4);                                                                      \
    } while (0)

#endif
