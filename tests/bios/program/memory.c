/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 15h about memory: sizes, the map, moves, A20. */
#include "tests/bios/program/program.h"

enum { SMAP = 0x534d4150, MOST_ENTRIES = 32 };

struct entry {
    u64 base, size;
    u32 type;
} PACKED;

static struct entry map[MOST_ENTRIES];
static unsigned entries;

static bool get_map(void)
{
    struct regs r = {0};
    entries = 0;
    do {
        r.eax = 0xe820;
        r.edx = SMAP;
        r.ecx = sizeof *map;
        r.es = 0;
        r.edi = (u32)&map[entries];
        call(&r, 0x15);
        if (r.flags & FLAG_CARRY || r.eax != SMAP || r.ecx != sizeof *map)
            return false;
        entries++;
    } while (r.ebx && entries < MOST_ENTRIES);
    return r.ebx == 0;
}

static bool overlaps(const struct entry *a, const struct entry *b)
{
    return a->base < b->base + b->size && b->base < a->base + a->size;
}

static bool map_is_clean(void)
{
    for (unsigned i = 0; i < entries; i++)
        for (unsigned j = 0; j < i; j++)
            if (overlaps(&map[i], &map[j]))
                return false;
    return true;
}

static const struct entry *entry_at(u64 base)
{
    for (unsigned i = 0; i < entries; i++)
        if (map[i].base == base)
            return &map[i];
    return NULL;
}

static void test_map(void)
{
    CHECK("E820h: goes to its end", get_map());
    CHECK("E820h: nothing twice", map_is_clean());
    const struct entry *low = entry_at(0), *high = entry_at(0x100000);
    CHECK("E820h: memory to the EBDA",
          low && low->type == 1 && low->size == the_bda->memory * 1024u);
    CHECK("E820h: memory from 1 MiB on", high && high->type == 1);
    struct regs r = {.eax = 0xe820, .edx = 0x12345678, .ecx = 20, .edi = (u32)map};
    call(&r, 0x15);
    CHECK("E820h: without SMAP refused", r.flags & FLAG_CARRY);
}

static void test_sizes(void)
{
    const struct entry *high = entry_at(0x100000);
    u32 kb = high ? (u32)(high->size >> 10) : 0;
    struct regs r = {.ax = 0xe801};
    call(&r, 0x15);
    u32 e801 = r.ax + r.bx * 64u;
    CHECK("E801h: KiB to 16 MiB, 64 KiB above; as E820h", e801 <= kb && e801 + 64 > kb);
    CHECK("E801h: the same in CX, DX", r.ax == r.cx && r.bx == r.dx);
    r.ax = 0x8800;
    call(&r, 0x15);
    CHECK("88h: KiB above 1 MiB, at most 63 MiB", r.ax == (kb < 63 * 1024 ? kb : 63 * 1024));
}

/* --- 87h --- */

static void set_descriptor(u8 *at, u32 base)
{
    memset(at, 0, 8);
    at[0] = at[1] = 0xff;
    at[2] = (u8)base;
    at[3] = (u8)(base >> 8);
    at[4] = (u8)(base >> 16);
    at[5] = 0x93;
    at[7] = (u8)(base >> 24);
}

bool move_memory(u32 from, u32 to, u16 words)
{
    u8 table[48] = {0};
    set_descriptor(table + 0x10, from);
    set_descriptor(table + 0x18, to);
    struct regs r = {.ah = 0x87, .cx = words, .si = (u16)(u32)table};
    call(&r, 0x15);
    return !(r.flags & FLAG_CARRY) && r.ah == 0;
}

static void test_moves(void)
{
    u8 *a = BUFFER, *b = BUFFER + 512;
    for (unsigned i = 0; i < 512; i++) {
        a[i] = (u8)(i * 7);
        b[i] = 0;
    }
    CHECK("87h: up", move_memory((u32)a, 0x200000, 256));
    CHECK("87h: and down", move_memory(0x200000, (u32)b, 256));
    CHECK("87h: what was moved", memcmp(a, b, 512) == 0);
    CHECK("87h: an odd number of words",
          move_memory((u32)a, (u32)b + 2, 3) && memcmp(a, b + 2, 6) == 0);
}

/* --- A20 --- */

u16 a20(u8 function)
{
    struct regs r = {.ah = 0x24, .al = function};
    call(&r, 0x15);
    return r.flags & FLAG_CARRY ? 0xffff : r.ax;
}

/* FFFF:0510 is 0:500 if addresses wrap. */
static bool wraps(void)
{
    volatile u8 *low = (volatile u8 *)0x500;
    u8 value;
    *low = 0x5a;
    __asm__ volatile("movw %w1, %%fs\n\tmovb %%fs:0x510, %0" : "=q"(value) : "r"(0xffff));
    bool first = value == 0x5a;
    *low = 0xa5;
    __asm__ volatile("movw %w1, %%fs\n\tmovb %%fs:0x510, %0" : "=q"(value) : "r"(0xffff));
    return first && value == 0xa5;
}

/* As programs do that know no BIOS function for it; the second byte is the 8042's output port. */
static void tell_8042(u8 command, u8 byte)
{
    while (inb(0x64) & 2)
        ;
    outb(0x64, command);
    while (inb(0x64) & 2)
        ;
    outb(0x60, byte);
    while (inb(0x64) & 2)
        ;
}

static void test_a20(void)
{
    tell_8042(0xd1, 0xdd);
    CHECK("2402h: off by the 8042 alone", a20(2) == 0 && wraps());
    tell_8042(0xd1, 0xdf);
    CHECK("2402h: and on", a20(2) == 1 && !wraps());
    CHECK("2400h: A20 off", a20(0) == 0 && wraps());
    CHECK("2402h: is told", a20(2) == 0);
    CHECK("2401h: A20 on", a20(1) == 1 || !wraps());
    CHECK("2402h: is told again", a20(2) == 1);
    CHECK("2400h: moves work all the same", a20(0) == 0 && move_memory((u32)BUFFER, 0x300000, 4) &&
                                                move_memory(0x300000, (u32)BUFFER + 16, 4) &&
                                                memcmp(BUFFER, BUFFER + 16, 8) == 0);
    CHECK("2400h: and leave it off", a20(2) == 0);
    a20(1);
}

void test_memory(void)
{
    test_map();
    test_sizes();
    test_moves();
    test_a20();
}
