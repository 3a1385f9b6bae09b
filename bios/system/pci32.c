/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The PCI BIOS for callers in protected mode: by far call, with segments that begin wherever the
 * caller has mapped us, so that nothing here may have an address (rules.mk looks).
 */
#include "bios/lib/regs.h"
#include "bios/system/pci_config.h"

void pci32_service(struct regs *r);

/* The last bus is not looked up but counted: bridges are few. */
static u8 last_bus(void)
{
    u8 last = 0;
    for (u32 f = 0; f < 0x100; f += 8)
        if (pci_read16((u16)f, PCI_ID) != 0xffff && (pci_read8((u16)f, PCI_HEADER) & 0x7f) == 1) {
            u8 subordinate = pci_read8((u16)f, 0x1a);
            last = subordinate > last ? subordinate : last;
        }
    return last;
}

void pci32_service(struct regs *r)
{
    if (r->ah != 0xb1) {
        r->ah = PCI_NO_FUNCTION;
        return set_carry(r, true);
    }
    pci_dispatch(r, last_bus());
}
