/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 15h: memory sizes, moves beyond 1 MiB, A20, waits; what others do is called from here. */
#include "bios/clock/clock.h"
#include "bios/entry/entry.h"
#include "bios/keyboard/keyboard.h"
#include "bios/lib/ebda.h"
#include "bios/system/apm.h"
#include "bios/system/move.h"
#include "bios/system/setup.h"

extern SET_BY_POST struct setup setup;

enum { UNSUPPORTED = 0x86, A20 = 0x02, SMAP = 0x534d4150 };

static void fail(struct regs *r, u8 status)
{
    r->ah = status;
    set_carry(r, true);
}

static void succeed(struct regs *r)
{
    r->ah = 0;
    set_carry(r, false);
}

/* --- memory --- */

/* E820h (ACPI 2.0, 14.1): EBX is which entry is next. */
static void system_map(struct regs *r)
{
    u32 i = r->ebx;
    if (r->edx != SMAP || r->ecx < sizeof(struct map_entry) || i >= setup.map_entries)
        return fail(r, UNSUPPORTED);
    ROM u8 *bytes = (ROM u8 *)&setup.map[i];
    for (u32 j = 0; j < sizeof(struct map_entry); j++)
        far_write_u8(far(r->es, r->di + j), bytes[j]);
    r->eax = SMAP;
    r->ecx = sizeof(struct map_entry);
    r->ebx = i + 1 < setup.map_entries ? i + 1 : 0;
    set_carry(r, false);
}

/* E801h: KiB from 1 to 16 MiB, 64 KiB above that. */
static void memory_sizes(struct regs *r)
{
    r->ax = r->cx = setup.below_16m_kb;
    r->bx = r->dx = setup.above_16m_64k;
    set_carry(r, false);
}

/* C7h and other old functions are not there; DAh, 88h is E801h's for 32-bit registers: E881h. */
static void memory_sizes_32(struct regs *r)
{
    r->eax = r->ecx = setup.below_16m_kb;
    r->ebx = r->edx = setup.above_16m_64k;
    set_carry(r, false);
}

static void extended_size(struct regs *r)
{
    r->ax = setup.extended_kb;
    set_carry(r, false);
}

/* A descriptor's base as a 286 and, in its last byte, a 386 have it. */
static u32 descriptor_base(struct far descriptor)
{
    u32 low = far_read_u32(far(descriptor.segment, descriptor.offset + 2u)) & 0xffffff;
    return low | (u32)far_read_u8(far(descriptor.segment, descriptor.offset + 7u)) << 24;
}

/* Whether FFFF:0500 is another byte than 0:4F0, which is there for programs to talk by. */
static bool a20_is_on(void)
{
    struct far low = far(0, 0x4f0), high = far(0xffff, 0x500);
    u8 was = far_read_u8(low), above;
    far_write_u8(low, (u8)~far_read_u8(high));
    above = far_read_u8(high);
    bool on = above != far_read_u8(low);
    far_write_u8(low, was);
    return on;
}

/* With A20 on meanwhile. */
void memory_move(u32 to, u32 from, u32 words)
{
    if (a20_is_on())
        return block_move(to, from, words);
    u8 off = inb(PORT_92) & (u8)~A20;
    outb(PORT_92, off | A20);
    block_move(to, from, words);
    outb(PORT_92, off);
}

/* 87h: CX words from the segment of the third descriptor at ES:SI to that of the fourth. */
static void move_block(struct regs *r)
{
    enum { MOST = 0x8000 };
    if (r->cx > MOST)
        return fail(r, 0x02);
    u32 from = descriptor_base(far(r->es, r->si + 0x10u));
    u32 to = descriptor_base(far(r->es, r->si + 0x18u));
    memory_move(to, from, r->cx);
    succeed(r);
}

/* 24h: off, on, whether, how. */
static void a20_gate(struct regs *r)
{
    if (r->al > 3)
        return fail(r, UNSUPPORTED);
    if (r->al < 2)
        kbc_set_a20(r->al);
    if (r->al == 2)
        r->al = a20_is_on();
    else if (r->al == 3)
        r->bx = 3; /* by the keyboard controller and port 92h */
    succeed(r);
}

/* --- what the machine is --- */

extern const u8 config_table[];

static void get_config(struct regs *r)
{
    r->es = BIOS_SEGMENT;
    r->bx = bios_far(config_table).offset;
    succeed(r);
}

static void get_ebda(struct regs *r)
{
    r->es = BDA_GET(ebda);
    set_carry(r, false);
}

static void extended_function(struct regs *r)
{
    switch (r->ax) {
    case 0xe801:
        return memory_sizes(r);
    case 0xe820:
        return system_map(r);
    case 0xe881:
        return memory_sizes_32(r);
    default:
        return fail(r, UNSUPPORTED);
    }
}

void int15_system(struct regs *r)
{
    switch (r->ah) {
    case 0x24:
        return a20_gate(r);
    case 0x4f: /* a key goes on as it is */
        return set_carry(r, true);
    case 0x53:
        return apm_service(r);
    case 0x80: /* open and close devices, SysRq, wait and post: nothing to do for hooks */
    case 0x81:
    case 0x82:
    case 0x85:
    case 0x90:
    case 0x91:
        return succeed(r);
    case 0x83:
        return clock_event_wait(r);
    case 0x86:
        return clock_wait(r);
    case 0x87:
        return move_block(r);
    case 0x88:
        return extended_size(r);
    case 0xc0:
        return get_config(r);
    case 0xc1:
        return get_ebda(r);
    case 0xc2:
        return mouse_service(r);
    case 0xe8:
        return extended_function(r);
    default:
        return fail(r, UNSUPPORTED);
    }
}
