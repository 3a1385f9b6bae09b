/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of the PCI BIOS is the same in real and protected mode: functions 01h to 03h, 06h, 08h to
 * 0Dh and 0Fh. Included by pci.c and pci32.c, which is called where it may lie anywhere: no
 * variables.
 */
#include "bios/lib/io.h"
#include "bios/system/pci.h"

enum pci_error {
    PCI_OK = 0x00,
    PCI_NO_FUNCTION = 0x81,
    PCI_BAD_VENDOR = 0x83,
    PCI_NOT_FOUND = 0x86,
    PCI_BAD_REGISTER = 0x87,
    PCI_SET_FAILED = 0x88,
};

/* The nth function whose dword at `offset`, shifted, is a value. */
static enum pci_error pci_find(u8 offset, u8 shift, u32 value, u16 n, u8 last_bus, u16 *found)
{
    for (u32 f = 0; f < ((u32)last_bus + 1) << 8; f++) {
        if (f & 7 && !(pci_read8((u16)(f & ~7u), PCI_HEADER) & 0x80))
            continue;
        u32 here = pci_read32((u16)f, offset);
        if (pci_read16((u16)f, PCI_ID) == 0xffff || here >> shift != value || n--)
            continue;
        *found = (u16)f;
        return PCI_OK;
    }
    return PCI_NOT_FOUND;
}

/* AL 08h to 0Dh: a byte, word, dword of BX's register DI read into or written from ECX. */
static enum pci_error pci_access(u8 function, u16 bx, u16 di, u32 *ecx)
{
    u8 size = (u8)(1 << ((function - 0x08) % 3));
    bool write = function >= 0x0b;
    if (di > 255 || di & (size - 1))
        return PCI_BAD_REGISTER;
    if (write && size == 1)
        pci_write8(bx, (u8)di, (u8)*ecx);
    else if (write && size == 2)
        pci_write16(bx, (u8)di, (u16)*ecx);
    else if (write)
        pci_write32(bx, (u8)di, *ecx);
    else if (size == 1)
        *ecx = (*ecx & 0xffffff00) | pci_read8(bx, (u8)di);
    else if (size == 2)
        *ecx = (*ecx & 0xffff0000) | pci_read16(bx, (u8)di);
    else
        *ecx = pci_read32(bx, (u8)di);
    return PCI_OK;
}

/* Behind a write to register 0 of a bus's last function is a special cycle (PCI 2.1, 3.7.4.1). */
static enum pci_error pci_special_cycle(u8 bus, u32 data)
{
    pci_write32((u16)(bus << 8 | 0xff), 0, data);
    return PCI_OK;
}

static u16 pci_find_router(void)
{
    enum { PIIX3_ISA = 0x70008086u, PIIX4_ISA = 0x71108086u };
    u16 found = 0;
    pci_find(PCI_REVISION, 8, 0x060100, 0, 0, &found);
    u32 id = pci_read32(found, PCI_ID);
    return id == PIIX3_ISA || id == PIIX4_ISA ? found : 0;
}

/*
 * Pin 0Ah to 0Dh of a slot on bus 0 gets an IRQ, and with it all pins of that link. Whose the IRQ
 * is otherwise, the caller has looked at; that it is level-triggered is set here (4.4.2).
 */
static enum pci_error pci_route_pin(u16 function, u8 pin, u8 irq)
{
    enum { FIRST_PIN = 0x0a, LAST_PIN = 0x0d, PIRQ = 0x60, ELCR = 0x4d0 };
    u16 router = pci_find_router();
    u8 device = (u8)(function >> 3);
    if (!router)
        return PCI_NO_FUNCTION;
    if (function >> 8 || !device || pin < FIRST_PIN || pin > LAST_PIN || irq > 15 ||
        !(PIRQ_IRQS >> irq & 1))
        return PCI_SET_FAILED;
    u16 trigger = ELCR + irq / 8;
    pci_write8(router, (u8)(PIRQ + pci_link_of(device, pin - FIRST_PIN)), irq);
    outb(trigger, (u8)(inb(trigger) | 1 << (irq & 7)));
    return PCI_OK;
}

static void pci_present(struct regs *r, u8 last_bus)
{
    r->edx = 0x20494350; /* "PCI " */
    r->ax = 0x0011;      /* mechanism 1, by which there are special cycles, too */
    r->bx = 0x0210;
    r->cl = last_bus;
}

static void pci_dispatch(struct regs *r, u8 last_bus)
{
    enum pci_error error = PCI_OK;
    u16 found = r->bx;
    switch (r->al & 0x7f) {
    case 0x01:
        pci_present(r, last_bus);
        break;
    case 0x02:
        error = r->dx == 0xffff
                    ? PCI_BAD_VENDOR
                    : pci_find(PCI_ID, 0, (u32)r->cx << 16 | r->dx, r->si, last_bus, &found);
        r->bx = found;
        break;
    case 0x03:
        error = pci_find(PCI_REVISION, 8, r->ecx & 0xffffff, r->si, last_bus, &found);
        r->bx = found;
        break;
    case 0x06:
        error = pci_special_cycle((u8)(r->bx >> 8), r->edx);
        break;
    case 0x08:
    case 0x09:
    case 0x0a:
    case 0x0b:
    case 0x0c:
    case 0x0d:
        error = pci_access(r->al & 0x7f, r->bx, r->di, &r->ecx);
        break;
    case 0x0f:
        error = pci_route_pin(r->bx, r->cl, (u8)(r->cx >> 8));
        break;
    default:
        error = PCI_NO_FUNCTION;
    }
    r->ah = error;
    set_carry(r, error != PCI_OK);
}
