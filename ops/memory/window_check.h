/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The stack window's check, and what its cold part begins with: ops/window.h. Included once, where
 * a guest's micro-ops of one location are.
 *
 * D + P1 is the lowest address that the block uses there. P2 is how far above the window's page
 * that may be, A3 the offset of the window.
 */
OP(window)
{
    HOST_WIDE_ADDRESS(at, D);
    at -= FIELD(u64, A3);
    HOST_IF_ABOVE_P2(at)
    COLD;
    HOST_KEEP(FIELD(u64, A3 + offsetof(struct memory_window, addend)));
    NEXT;
}
/* Fills it for a block that uses P4 bytes more; A2 and A3 are as for a store, A5 is the window. */
OP(window_fill)
{
    HOST_ADDRESS(address, D);
    u64 index = tlb_offset(address);
    if (UNLIKELY(FIELD(u32, A2 + index) != (((u32)address + P4) & 0xfffff000u)))
        COLD;
    FIELD(u64, A5 + offsetof(struct memory_window, page)) = address & 0xfffff000u;
    FIELD(u64, A5 + offsetof(struct memory_window, addend)) = FIELD(u64, A3 + index);
    HOST_KEEP(FIELD(u64, A5 + offsetof(struct memory_window, addend)));
    HOST_NARROW(D);
    TAKEN;
}
