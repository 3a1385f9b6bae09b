/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rest of INT 15h; PCI; serial and parallel ports. */
#include "tests/bios/program/program.h"

static bool succeeds(struct regs *r, u8 vector)
{
    call(r, vector);
    return !(r->flags & FLAG_CARRY);
}

void test_system(void)
{
    struct regs r = {.ah = 0xc0};
    CHECK("C0h: the machine's description",
          succeeds(&r, 0x15) && r.ah == 0 && peek8(r.es * 16u + r.bx + 2) == 0xfc);
    r = (struct regs){.ah = 0xc1};
    CHECK("C1h: the EBDA", succeeds(&r, 0x15) && r.es == the_bda->ebda);
    r = (struct regs){.ax = 0x5300};
    CHECK("5300h: APM 1.2", succeeds(&r, 0x15) && r.bx == ('P' << 8 | 'M') && r.ax == 0x0102);
    r = (struct regs){.ax = 0x5304};
    CHECK("5304h: not connected", !succeeds(&r, 0x15) && r.ah == 3);
    r = (struct regs){.ax = 0x5301};
    CHECK("5301h: connects", succeeds(&r, 0x15));
    r = (struct regs){.ax = 0x5301};
    CHECK("5301h: not twice", !succeeds(&r, 0x15) && r.ah == 2);
    r = (struct regs){.ax = 0x530e, .cx = 0x0102};
    CHECK("530Eh: version 1.2", succeeds(&r, 0x15) && r.ax == 0x0102);
    r = (struct regs){.ax = 0x530a, .bx = 1};
    CHECK("530Ah: on mains", succeeds(&r, 0x15) && r.bx == 0x01ff);
    r = (struct regs){.ax = 0x530b};
    CHECK("530Bh: no event", !succeeds(&r, 0x15) && r.ah == 0x80);
    r = (struct regs){.ax = 0x5304};
    CHECK("5304h: disconnects", succeeds(&r, 0x15));
    r = (struct regs){.ah = 0xee};
    CHECK("EEh: unknown", !succeeds(&r, 0x15) && r.ah == 0x86);
    r = (struct regs){.ax = 0x4f1e};
    CHECK("4Fh: keys go on", !succeeds(&r, 0x15) && r.al == 0x1e);
}

static u8 sum(u32 at, u32 size)
{
    u8 total = 0;
    while (size--)
        total = (u8)(total + peek8(at++));
    return total;
}

/* Tables that begin every 16 bytes between F0000h and FFFFFh. */
static u32 find(u32 signature)
{
    for (u32 at = 0xf0000; at < 0x100000; at += 16)
        if (peek32(at) == signature)
            return at;
    return 0;
}

/* Brings an ACPI table to BUFFER; its size, or 0 if it does not sum up. */
static u32 get_table(u32 at)
{
    const u32 *size = (const u32 *)(BUFFER + 4);
    if (!move_memory(at, (u32)BUFFER, 4) || *size > BUFFER_SIZE ||
        !move_memory(at, (u32)BUFFER, (u16)((*size + 1) / 2)))
        return 0;
    return sum((u32)BUFFER, *size) == 0 ? *size : 0;
}

/* Either names the same tables, which sum up. */
static bool tables_agree(u32 rsdt, u32 xsdt)
{
    enum { HEADER = 36, MOST = 8 };
    u32 table[MOST], size = get_table(xsdt), count = (size - HEADER) / 8;
    if (size <= HEADER || count > MOST || memcmp(BUFFER, "XSDT", 4) != 0)
        return false;
    for (u32 i = 0; i < count; i++) {
        const u32 *entry = (const u32 *)(BUFFER + HEADER + i * 8);
        if (entry[1])
            return false;
        table[i] = entry[0];
    }
    if (get_table(rsdt) != HEADER + count * 4 || memcmp(BUFFER + HEADER, table, count * 4) != 0)
        return false;
    for (u32 i = 0; i < count; i++)
        if (!get_table(table[i]))
            return false;
    return true;
}

static void test_tables(void)
{
    u32 directory = find(0x5f32335f), routes = find(0x52495024), pnp = find(0x506e5024);
    CHECK("_32_: found, and sums up", directory && sum(directory, 16) == 0);
    CHECK("_32_: one paragraph, revision 0",
          directory && peek8(directory + 8) == 0 && peek8(directory + 9) == 1);
    if (directory)
        test_pci32(peek32(directory + 4), routes);
    CHECK("$PIR: found, and sums up", routes && sum(routes, peek32(routes + 4) >> 16) == 0);
    CHECK("$PnP: found, and sums up", pnp && sum(pnp, 33) == 0);
    u32 smbios = find(0x5f4d535f);
    CHECK("_SM_: found, and sums up", smbios && sum(smbios, peek8(smbios + 5)) == 0);
    CHECK("_DMI_: sums up", smbios && sum(smbios + 0x10, 15) == 0);
    CHECK("_SM_: 2.8", smbios && peek8(smbios + 6) == 2 && peek8(smbios + 7) == 8);
    struct regs r = {.ax = 0xb102, .cx = 0x7113, .dx = 0x8086};
    bool power = succeeds(&r, 0x1a);
    u32 acpi = find(0x20445352);
    CHECK("RSD PTR: there with the PIIX4's power management", (acpi != 0) == power);
    CHECK("RSD PTR: sums up", !acpi || sum(acpi, 20) == 0);
    CHECK("RSD PTR: sums up, all of it",
          !acpi || peek8(acpi + 15) < 2 || (peek32(acpi + 20) == 36 && sum(acpi, 36) == 0));
    CHECK("XSDT: as the RSDT, and all of it sums up",
          !acpi || peek8(acpi + 15) < 2 || tables_agree(peek32(acpi + 16), peek32(acpi + 24)));
}

/* Pin A of device 3, which nobody is, shares the third link with others: it is put back. */
static void test_routing(u16 isa)
{
    enum { DEVICE = 3 << 3, PIN_A = 0x0a, LINK = 0x62, ELCR = 0x4d0 };
    struct regs r = {.ax = 0xb106, .bx = 0, .edx = 1 /* Halt, which nobody listens to */};
    CHECK("B106h: a special cycle", succeeds(&r, 0x1a) && r.ah == 0);
    r = (struct regs){.ax = 0xb108, .bx = isa, .di = LINK};
    call(&r, 0x1a);
    u8 before = r.cl, levels = inb(ELCR);
    outb(ELCR, levels & (u8) ~(1 << 5));
    r = (struct regs){.ax = 0xb10f, .bx = DEVICE, .cx = 5 << 8 | PIN_A};
    CHECK("B10Fh: IRQ 5", succeeds(&r, 0x1a) && r.ah == 0);
    r = (struct regs){.ax = 0xb108, .bx = isa, .di = LINK};
    CHECK("B10Fh: that is where it goes now", succeeds(&r, 0x1a) && r.cl == 5);
    CHECK("B10Fh: by level", inb(ELCR) & 1 << 5);
    r = (struct regs){.ax = 0xb10f, .bx = DEVICE, .cx = 3 << 8 | PIN_A};
    CHECK("B10Fh: no IRQ 3", !succeeds(&r, 0x1a) && r.ah == 0x88);
    r = (struct regs){.ax = 0xb10f, .bx = DEVICE, .cx = 5 << 8 | 0x0e};
    CHECK("B10Fh: no such pin", !succeeds(&r, 0x1a) && r.ah == 0x88);
    r = (struct regs){.ax = 0xb10f, .bx = 7 << 8 | DEVICE, .cx = 5 << 8 | PIN_A};
    CHECK("B10Fh: no such bus", !succeeds(&r, 0x1a) && r.ah == 0x88);
    r = (struct regs){.ax = 0xb10f, .bx = DEVICE, .cx = (u16)(before << 8 | PIN_A)};
    CHECK("B10Fh: and back", succeeds(&r, 0x1a));
    outb(ELCR, levels);
}

void test_pci(void)
{
    struct regs r = {.ax = 0xb101};
    if (!succeeds(&r, 0x1a))
        return;
    CHECK("B101h: there", r.edx == 0x20494350 && r.bx == 0x0210 && r.ah == 0);
    CHECK("B101h: mechanism 1, special cycles, too", r.al == 0x11);
    r = (struct regs){.ax = 0xb102, .cx = 0x1237, .dx = 0x8086};
    CHECK("B102h: the host bridge", succeeds(&r, 0x1a) && r.bx == 0);
    r = (struct regs){.ax = 0xb102, .cx = 0x1237, .dx = 0x8086, .si = 1};
    CHECK("B102h: but one", !succeeds(&r, 0x1a) && r.ah == 0x86);
    r = (struct regs){.ax = 0xb103, .ecx = 0x060100};
    CHECK("B103h: a bridge to ISA", succeeds(&r, 0x1a));
    u16 isa = r.bx;
    r = (struct regs){.ax = 0xb10a, .bx = isa, .di = 0};
    CHECK("B10Ah: is Intel's", succeeds(&r, 0x1a) && (r.ecx & 0xffff) == 0x8086);
    r = (struct regs){.ax = 0xb109, .bx = isa, .di = 1};
    CHECK("B109h: an odd register", !succeeds(&r, 0x1a) && r.ah == 0x87);
    r = (struct regs){.ax = 0xb108, .bx = isa, .di = 0x60};
    CHECK("B108h: PIRQA goes to an IRQ", succeeds(&r, 0x1a) && r.cl < 16);
    test_routing(isa);
    test_tables();
}

/* What the line sends comes back to it; nobody else takes it meanwhile. */
static void test_loop(void)
{
    enum { LOOP = 0x10 };
    struct regs r = {.ax = 0xe3 /* 9600, 8n1 */, .dx = 0};
    call(&r, 0x14);
    CHECK("INT 14h, 00h: sets the line up", !(r.ah & 0x80) && r.ah & 0x20);
    r = (struct regs){.ax = 0x0501, .bx = LOOP, .dx = 0};
    call(&r, 0x14);
    outb(the_bda->com[0], 'q');
    for (u32 start = the_bda->ticks; the_bda->ticks - start < 3;)
        __asm__ volatile("hlt");
    r = (struct regs){.ah = 3, .dx = 0};
    call(&r, 0x14);
    CHECK("INT 14h, 03h: there is data", r.ah & 1);
    r = (struct regs){.ah = 2, .dx = 0};
    call(&r, 0x14);
    CHECK("INT 14h, 02h: receives", r.al == 'q' && !(r.ah & 0x80));
    r = (struct regs){.ax = 0x0500, .dx = 0};
    call(&r, 0x14);
    CHECK("INT 14h, 05h: and is no loop any more", !(r.ah & 0x80) && !(r.bl & LOOP));
}

/* The only thing that is ever printed. */
static void test_printer(void)
{
    struct regs r = {.ah = 1, .dx = 0};
    call(&r, 0x17);
    CHECK("INT 17h, 01h: ready", !(r.ah & 0x29) && r.ah & 0x80);
    bool good = true;
    for (const char *text = "printed"; *text; text++) {
        r = (struct regs){.ax = (u8)*text, .dx = 0};
        call(&r, 0x17);
        good = good && !(r.ah & 0x29);
    }
    CHECK("INT 17h, 00h: prints", good);
    r = (struct regs){.ah = 2, .dx = 0};
    call(&r, 0x17);
    CHECK("INT 17h, 02h: no error", !(r.ah & 0x29));
}

void test_ports(void)
{
    struct regs r = {.ah = 3, .dx = 0};
    if (the_bda->com[0]) {
        call(&r, 0x14);
        CHECK("INT 14h, 03h: the line can send", r.ah & 0x20);
        r = (struct regs){.ax = 0x01 << 8 | 'x', .dx = 0};
        call(&r, 0x14);
        CHECK("INT 14h, 01h: sends", !(r.ah & 0x80));
        test_loop();
    }
    if (the_bda->lpt[0])
        test_printer();
    r = (struct regs){.ah = 3, .dx = 3};
    call(&r, 0x14);
    CHECK("INT 14h: no such port", r.ah & 0x80);
    r = (struct regs){.ah = 2, .dx = 2};
    call(&r, 0x17);
    CHECK("INT 17h: no such port", r.ah & 0x01);
}
