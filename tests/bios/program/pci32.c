/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The BIOS32 Service Directory and the PCI BIOS by which it is found, from protected mode: in a
 * segment of its own, as the standard has it, and in one of 4 GiB, as Linux calls it.
 */
#include "tests/bios/program/program.h"

void call32(struct regs *r, u32 entry, u32 base);
extern u32 stack_before, stack_after;

enum { PCI_SERVICE = 0x49435024 /* "$PCI" */, DATA_THEIRS = 0x10, DATA_32 = 0x20 };

/* Of the PCI BIOS: what is called, and where its segment begins. */
static u32 entry, base;

static bool succeeds(struct regs *r)
{
    call32(r, entry, base);
    return !(r->flags & FLAG_CARRY) && r->ah == 0;
}

static u8 fails(struct regs *r)
{
    call32(r, entry, base);
    return r->flags & FLAG_CARRY ? r->ah : 0;
}

static bool find_service(u32 directory)
{
    struct regs r = {.eax = PCI_SERVICE, .esi = 0x1234567, .edi = 0x89abcdef};
    call32(&r, directory, 0);
    CHECK("BIOS32: has $PCI",
          r.al == 0 && r.ebx >= 0xe0000 && r.ebx + r.ecx <= 0x100000 && r.edx < r.ecx);
    CHECK("BIOS32: leaves other registers", r.esi == 0x1234567 && r.edi == 0x89abcdef);
    base = r.ebx;
    entry = r.edx;
    bool found = r.al == 0;
    r = (struct regs){.eax = 0x46464924 /* "$IFF" */};
    call32(&r, directory, 0);
    CHECK("BIOS32: no such service", r.al == 0x80);
    r = (struct regs){.eax = PCI_SERVICE, .bl = 1};
    call32(&r, directory, 0);
    CHECK("BIOS32: no such function", r.al == 0x81);
    return found;
}

static void test_finding(void)
{
    struct regs r = {.ax = 0xb101, .esi = 0x1234567, .ebp = 0x89abcdef};
    CHECK("$PCI, B101h: there",
          succeeds(&r) && r.edx == 0x20494350 && r.bx == 0x0210 && r.al == 0x11);
    CHECK("$PCI, B101h: leaves other registers, segments and the stack",
          r.esi == 0x1234567 && r.ebp == 0x89abcdef && r.ds == DATA_THEIRS && r.es == DATA_32 &&
              stack_before == stack_after);
    r = (struct regs){.ax = 0xb102, .cx = 0x1237, .dx = 0x8086};
    CHECK("$PCI, B102h: the host bridge", succeeds(&r) && r.bx == 0);
    r = (struct regs){.ax = 0xb102, .cx = 0x1237, .dx = 0x8086, .si = 1};
    CHECK("$PCI, B102h: but one", fails(&r) == 0x86);
    r = (struct regs){.ax = 0xb102, .cx = 0x1237, .dx = 0xffff};
    CHECK("$PCI, B102h: nobody's", fails(&r) == 0x83);
    r = (struct regs){.ax = 0xb103, .ecx = 0x060000};
    CHECK("$PCI, B103h: it again", succeeds(&r) && r.bx == 0);
    r = (struct regs){.ax = 0xb103, .ecx = 0x123456};
    CHECK("$PCI, B103h: no such class", fails(&r) == 0x86);
    r = (struct regs){.ax = 0xb106, .edx = 1};
    CHECK("$PCI, B106h: a special cycle", succeeds(&r));
    r = (struct regs){.ax = 0xb1ff};
    CHECK("$PCI, B1FFh: unknown", fails(&r) == 0x81);
    r = (struct regs){.ax = 0xb001};
    CHECK("$PCI, B001h: not PCI's", fails(&r) == 0x81);
}

static u32 read_register(u8 function, u16 bx, u16 reg)
{
    struct regs r = {.al = function, .ah = 0xb1, .bx = bx, .edi = reg, .ecx = 0xffffffff};
    return succeeds(&r) ? r.ecx : 0xdeadbeef;
}

static bool write_register(u8 function, u16 bx, u16 reg, u32 value)
{
    struct regs r = {.al = function, .ah = 0xb1, .bx = bx, .edi = reg, .ecx = value};
    return succeeds(&r);
}

/* The ISA bridge's routing of interrupts, which is put back; nobody has any yet. */
static void test_registers(void)
{
    struct regs r = {.ax = 0xb103, .ecx = 0x060100};
    CHECK("$PCI, B103h: a bridge to ISA", succeeds(&r));
    u16 isa = r.bx;
    CHECK("$PCI, B10Ah: a dword", (read_register(0x0a, isa, 0) & 0xffff) == 0x8086);
    CHECK("$PCI, B109h: a word", read_register(0x09, isa, 10) == 0xffff0601);
    CHECK("$PCI, B108h: a byte", read_register(0x08, isa, 11) == 0xffffff06);
    r = (struct regs){.ax = 0xb109, .bx = isa, .edi = 1};
    CHECK("$PCI, B109h: an odd register", fails(&r) == 0x87);
    r = (struct regs){.ax = 0xb10a, .bx = isa, .edi = 2};
    CHECK("$PCI, B10Ah: not a dword's", fails(&r) == 0x87);
    u32 routes = read_register(0x0a, isa, 0x60);
    CHECK("$PCI, B10Bh: a byte",
          write_register(0x0b, isa, 0x63, 0x8a) && read_register(0x0a, isa, 0x60) >> 24 == 0x8a);
    r = (struct regs){.ax = 0xb10f, .bx = 3 << 3, .cx = 9 << 8 | 0x0b};
    CHECK("$PCI, B10Fh: device 3's pin B to IRQ 9",
          succeeds(&r) && read_register(0x0a, isa, 0x60) >> 24 == 9);
    r = (struct regs){.ax = 0xb10f, .bx = 3 << 3, .cx = 16 << 8 | 0x0b};
    CHECK("$PCI, B10Fh: there is no IRQ 16", fails(&r) == 0x88);
    CHECK("$PCI, B10Dh: a dword",
          write_register(0x0d, isa, 0x60, routes) && read_register(0x0a, isa, 0x60) == routes);
}

/* How fast the second IDE channel is, in its upper half. */
static void test_word(void)
{
    enum { SLOWER = 0x3300 };
    struct regs r = {.ax = 0xb103, .ecx = 0x010180};
    CHECK("$PCI, B103h: IDE", succeeds(&r));
    u32 timing = read_register(0x0a, r.bx, 0x40);
    CHECK("$PCI, B10Ch: a word",
          write_register(0x0c, r.bx, 0x42, (timing >> 16) ^ SLOWER) &&
              read_register(0x0a, r.bx, 0x40) == (timing ^ (u32)SLOWER << 16) &&
              write_register(0x0c, r.bx, 0x42, timing >> 16));
}

/* As the $PIR table has it, behind its header. */
static void test_routes(u32 table)
{
    struct {
        u16 size;
        u32 at;
        u16 segment;
    } PACKED request = {1, (u32)BUFFER, DATA_32};
    u32 size = (peek32(table + 4) >> 16) - 32;
    struct regs r = {.ax = 0xb10e, .edi = (u32)&request};
    CHECK("$PCI, B10Eh: a buffer too small", fails(&r) == 0x89 && request.size == size);
    request.size = BUFFER_SIZE;
    r = (struct regs){.ax = 0xb10e, .edi = (u32)&request, .esi = 0x1234567};
    CHECK("$PCI, B10Eh: routes", succeeds(&r) && request.size == size && r.bx &&
                                     r.edi == (u32)&request && r.esi == 0x1234567);
    bool same = true;
    for (u32 i = 0; i < size; i++)
        same = BUFFER[i] == peek8(table + 32 + i) && same;
    CHECK("$PCI, B10Eh: are as $PIR has them", same);
}

void test_pci32(u32 directory, u32 routes)
{
    if (!find_service(directory))
        return;
    test_finding();
    test_registers();
    test_word();
    if (routes)
        test_routes(routes);
    entry += base;
    base = 0;
    struct regs r = {.ax = 0xb102, .cx = 0x1237, .dx = 0x8086};
    CHECK("$PCI, B102h: in a segment of 4 GiB", succeeds(&r) && r.bx == 0);
}
