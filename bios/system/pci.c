/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 1Ah, B1h: PCI BIOS 2.1 in real mode. */
#include "bios/system/pci.h"

#include "bios/entry/entry.h"
#include "bios/system/pci_config.h"
#include "bios/system/setup.h"

extern const u8 pci32_entry[];
extern SET_BY_POST struct setup setup;
extern SET_BY_POST struct pci_route pci_routes[PCI_ROUTES];
extern SET_BY_POST u16 pci_routes_size;

enum { BUFFER_TOO_SMALL = 0x89 };

/* 0Eh: into the buffer whose size and far address are at ES:DI. */
static void get_routes(struct regs *r)
{
    struct far request = far(r->es, r->di);
    u16 room = far_read_u16(request), size = pci_routes_size;
    struct far to = far(far_read_u16(far(r->es, r->di + 4u)), far_read_u16(far(r->es, r->di + 2u)));
    far_write_u16(request, size);
    set_carry(r, room < size);
    r->ah = room < size ? BUFFER_TOO_SMALL : PCI_OK;
    if (room < size)
        return;
    ROM u8 *bytes = (ROM u8 *)pci_routes;
    for (u16 i = 0; i < size; i++)
        far_write_u8(far(to.segment, to.offset + i), bytes[i]);
    r->bx = PIRQ_IRQS;
}

void pci_service(struct regs *r)
{
    if (!setup.has_pci) {
        r->ah = PCI_NO_FUNCTION;
        return set_carry(r, true);
    }
    if ((r->al & 0x7f) == 0x0e)
        return get_routes(r);
    if (r->al == 0x01)
        r->edi = 0xf0000 + (u32)pci32_entry;
    pci_dispatch(r, setup.last_bus);
}
