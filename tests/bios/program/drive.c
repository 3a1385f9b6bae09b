/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * INT 13h on the drive that has been booted: its sectors are the program's and, behind it, filled
 * with their numbers. How many there are is where a BIOS parameter block has it.
 */
#include "tests/bios/program/program.h"

#define PROGRAM ((const u8 *)0x7c00)
#define TOTAL   (*(const u16 *)(PROGRAM + 19))

static bool succeeds(struct regs *r)
{
    call(r, 0x13);
    return !(r->flags & FLAG_CARRY) && r->ah == 0;
}

struct shape {
    u16 cylinders;
    u8 heads, sectors;
};

static struct shape shape_of(u8 drive)
{
    struct regs r = {.ah = 8, .dl = drive};
    call(&r, 0x13);
    return (struct shape){(u16)((r.ch | (r.cl & 0xc0) << 2) + 1), (u8)(r.dh + 1), r.cl & 0x3f};
}

static struct regs access(u8 function, u8 drive, u32 lba, u8 count)
{
    struct shape s = shape_of(drive);
    u32 cylinder = lba / s.sectors / s.heads;
    return (struct regs){
        .ah = function,
        .al = count,
        .bx = (u16)(u32)BUFFER,
        .ch = (u8)cylinder,
        .cl = (u8)((lba % s.sectors + 1) | (cylinder >> 2 & 0xc0)),
        .dh = (u8)(lba / s.sectors % s.heads),
        .dl = drive,
    };
}

static bool reads(u8 drive, u32 lba, u8 count)
{
    struct regs r = access(0x02, drive, lba, count);
    memset(BUFFER, 0xee, BUFFER_SIZE);
    return succeeds(&r) && r.al == count;
}

/* Sectors that hold their numbers, to where there is room for a track. */
static bool reads_numbers(u8 drive, u32 lba, u8 count)
{
    enum { SEGMENT = 0x2000 };
    struct regs r = access(0x02, drive, lba, count);
    r.es = SEGMENT;
    r.bx = 0;
    if (!succeeds(&r) || r.al != count)
        return false;
    for (u32 i = 0; i < count; i++) {
        u32 at = SEGMENT * 16 + i * 512;
        if (peek32(at) != lba + i || peek32(at + 508) != lba + i)
            return false;
    }
    return true;
}

/* As systems do for disks with fewer sectors than the table of vector 1Eh has. */
static void use_table_of(u8 drive)
{
    volatile u32 *table = (volatile u32 *)(0x1e * 4);
    struct regs r = {.ah = 8, .dl = drive};
    call(&r, 0x13);
    *table = (u32)r.es << 16 | r.di;
}

static void test_tracks(u8 drive)
{
    enum { CYLINDER = 4 };
    struct shape s = shape_of(drive);
    u32 first = (u32)CYLINDER * s.heads * s.sectors;
    if (drive < 0x80 && s.sectors < 18)
        use_table_of(drive);
    CHECK("02h: a whole track", reads_numbers(drive, first, s.sectors));
    CHECK("02h: from a track to the next", reads_numbers(drive, first + s.sectors - 1, 2));
    CHECK("02h: and to the next cylinder", reads_numbers(drive, first + 2u * s.sectors - 1, 2));
    CHECK("02h: on the last cylinder", reads_numbers(drive, 79u * s.heads * s.sectors + 1, 1));
}

static void test_chs(u8 drive)
{
    CHECK("02h: the first sector", reads(drive, 0, 1) && memcmp(BUFFER, PROGRAM, 440) == 0);
    CHECK("02h: no more than that", BUFFER[512] == 0xee);
    CHECK("02h: three sectors", reads(drive, 1, 3) && memcmp(BUFFER, PROGRAM + 512, 512) == 0);
    test_tracks(drive);
    struct regs r = access(0x04, drive, 0, 2);
    CHECK("04h: verifies", succeeds(&r));
    r = access(0x02, drive, 0, 1);
    r.cl = 0;
    CHECK("02h: no sector 0", !succeeds(&r));
    r = access(0x02, drive, 0, 0);
    CHECK("02h: of no sectors, none", !succeeds(&r) || r.al == 0);
}

/* --- the floppy controller's interrupt, taken by somebody who switches stacks, as DOS does --- */

extern u32 stack_switcher_next, stack_switcher_calls;
void stack_switcher(void);

static void test_stacks(u8 drive)
{
    volatile u32 *handler = (volatile u32 *)(0x0e * 4);
    stack_switcher_next = *handler;
    *handler = (u32)&stack_switcher;
    bool good = reads(drive, 1, 3) && memcmp(BUFFER, PROGRAM + 512, 512) == 0;
    *handler = stack_switcher_next;
    CHECK("02h: the interrupt on another stack", good && stack_switcher_calls);
}

static void test_write(u8 drive)
{
    enum { PLACE = 100 };
    for (unsigned i = 0; i < 1024; i++)
        BUFFER[i] = (u8)(i * 3 + 1);
    struct regs r = access(0x03, drive, PLACE, 2);
    CHECK("03h: writes", succeeds(&r) && r.al == 2);
    CHECK("02h: what was written", reads(drive, PLACE + 1, 1) && BUFFER[0] == (u8)(512 * 3 + 1) &&
                                       BUFFER[511] == (u8)(1023 * 3 + 1));
}

/* --- EDD --- */

struct packet {
    u8 size, reserved;
    u16 count;
    u32 buffer;
    u64 lba, flat;
};

static bool extended(u8 function, u8 drive, u64 lba, u16 count)
{
    struct packet p = {16, 0, count, (u32)BUFFER, lba, 0};
    struct regs r = {.ah = function, .dl = drive, .si = (u16)(u32)&p};
    return succeeds(&r) && p.count == count;
}

/* Returns the status; by far pointers that are not FFFF:FFFF, or else a flat address. */
static u8 extended_to(u8 function, u8 drive, u32 lba, u16 count, u32 far, u64 flat)
{
    struct packet p = {24, 0, count, far, lba, flat};
    struct regs r = {.ah = function, .dl = drive, .si = (u16)(u32)&p};
    return succeeds(&r) && p.count == count ? 0 : r.ah;
}

static u8 flat(u8 function, u8 drive, u32 lba, u16 count, u64 address)
{
    return extended_to(function, drive, lba, count, 0xffffffff, address);
}

/* Whether at a linear address is what sectors hold that are read one by one. */
static bool are_at(u32 address, u8 drive, u32 lba, u16 count, u16 sector)
{
    enum { PART = 512 };
    u8 *part = BUFFER + BUFFER_SIZE;
    for (u16 i = 0; i < count; i++) {
        if (!extended(0x42, drive, lba + i, 1))
            return false;
        for (u16 at = 0; at < sector; at += PART, address += PART)
            if (!move_memory(address, (u32)part, PART / 2) || memcmp(part, BUFFER + at, PART) != 0)
                return false;
    }
    return true;
}

/* At odd addresses the BIOS uses no DMA. */
static void test_flat_reads(u8 drive, u16 sector)
{
    enum { LBA = 16, EVEN = 0x21fe00, ODD = 0x23fe01, NO_A20 = 0x25fe01 };
    CHECK("42h: flat, beyond 1 MiB",
          flat(0x42, drive, LBA, 3, EVEN) == 0 && are_at(EVEN, drive, LBA, 3, sector));
    CHECK("42h: flat, at an odd address",
          flat(0x42, drive, LBA, 3, ODD) == 0 && are_at(ODD, drive, LBA, 3, sector));
    bool on = a20(2) & 1;
    a20(0);
    bool good = flat(0x42, drive, LBA, 3, NO_A20) == 0;
    CHECK("42h: flat, A20 is as it was", !(a20(2) & 1));
    a20(1);
    CHECK("42h: flat, without A20", good && are_at(NO_A20, drive, LBA, 3, sector));
    CHECK("42h: to what FFFFh's segment has beyond 1 MiB",
          extended_to(0x42, drive, LBA, 3, 0xffff0011, 0) == 0 &&
              are_at(0x100001, drive, LBA, 3, sector));
    a20(on);
    memset(BUFFER, 0xee, BUFFER_SIZE);
    CHECK("42h: flat, below 1 MiB",
          flat(0x42, drive, LBA, 1, (u32)BUFFER) == 0 && are_at((u32)BUFFER, drive, LBA, 1, 512));
    CHECK("42h: flat, not beyond 4 GiB", flat(0x42, drive, LBA, 1, (u64)1 << 32) == 1);
    CHECK("42h: flat, not to beyond 4 GiB", flat(0x42, drive, LBA, 2, 0xfffffe00) == 1);
    CHECK("42h: flat, nor around", flat(0x42, drive, LBA, 1, ~(u64)0xff) == 1);
}

static void test_flat_writes(u8 drive)
{
    enum { PLACE = 210, AT = 0x21ff00 };
    for (u32 odd = 0; odd < 2; odd++) {
        for (unsigned i = 0; i < 1024; i++)
            BUFFER[i] = (u8)(i * 5 + odd);
        bool good = move_memory((u32)BUFFER, AT + odd, 512) &&
                    flat(0x43, drive, PLACE, 2, AT + odd) == 0 && reads(drive, PLACE + 1, 1);
        CHECK("43h: flat", good && BUFFER[0] == odd && BUFFER[511] == (u8)(1023 * 5 + odd));
    }
}

static void test_edd(u8 drive, u16 sector)
{
    struct regs r = {.ah = 0x41, .bx = 0x55aa, .dl = drive};
    call(&r, 0x13);
    CHECK("41h: EDD is there", !(r.flags & FLAG_CARRY) && r.bx == 0xaa55 && r.cx & 1);
    memset(BUFFER, 0xee, BUFFER_SIZE);
    CHECK("42h: reads", extended(0x42, drive, 0, 1));
    CHECK("42h: not too much", sector == BUFFER_SIZE || BUFFER[sector] == 0xee);
    CHECK("44h: verifies", extended(0x44, drive, 0, 1));
    test_flat_reads(drive, sector);
    CHECK("42h: not beyond the end", !extended(0x42, drive, 0x7fffffff, 1));
    u8 *parameters = BUFFER;
    memset(parameters, 0, 80);
    parameters[0] = 66;
    r = (struct regs){.ah = 0x48, .dl = drive, .si = (u16)(u32)parameters};
    CHECK("48h: parameters",
          succeeds(&r) && parameters[24] == (u8)sector && parameters[25] == (u8)(sector >> 8));
    u8 total = 0;
    for (unsigned i = 30; i < 66; i++)
        total = (u8)(total + parameters[i]);
    CHECK("48h: the device path",
          parameters[0] == 66 && parameters[30] == 0xdd && parameters[31] == 0xbe && total == 0);
}

/* 45h: 0 locks, 1 unlocks, 2 asks: the answer is in AL, an error in AH. */
static struct regs lock(u8 drive, u8 how)
{
    struct regs r = {.ah = 0x45, .al = how, .dl = drive};
    call(&r, 0x13);
    return r;
}

static void test_disk(u8 drive)
{
    enum { PLACE = 200 };
    struct shape s = shape_of(drive);
    CHECK("08h: counts as the partition table", s.heads == 2 && s.sectors == 18);
    struct regs r = {.ah = 0x15, .dl = drive};
    call(&r, 0x13);
    CHECK("15h: a fixed disk", r.ah == 3 && !(r.flags & FLAG_CARRY));
    test_edd(drive, 512);
    for (unsigned i = 0; i < 512; i++)
        BUFFER[i] = (u8)(i ^ 0x5a);
    CHECK("43h: writes", extended(0x43, drive, PLACE, 1));
    memset(BUFFER, 0, 512);
    CHECK("42h: what was written",
          extended(0x42, drive, PLACE, 1) && BUFFER[0] == 0x5a && BUFFER[511] == (0xff ^ 0x5a));
    test_flat_writes(drive);
    r = (struct regs){.ah = 0, .dl = drive};
    CHECK("00h: resets", succeeds(&r));
    CHECK("45h: nothing to be locked", lock(drive, 0).ah == 0xb2);
    CHECK("47h: seeks", extended(0x47, drive, PLACE, 1));
    r = access(0x0c, drive, PLACE, 1);
    CHECK("0Ch: seeks", succeeds(&r));
    r = (struct regs){.ah = 0x4e, .dl = drive};
    CHECK("4Eh: configures what needs nothing", succeeds(&r) && r.al == 0);
    r.ax = 0x4eff;
    CHECK("4Eh: and nothing unknown", !succeeds(&r) && r.ah == 1);
}

static void test_format(u8 drive, u8 sectors)
{
    u32 track = (78u * 2 + 1) * sectors;
    struct regs r = {.ah = 0x18, .ch = 79, .cl = sectors, .dl = drive};
    CHECK("18h: a medium to be formatted", succeeds(&r) && r.es);
    r = access(0x03, drive, track, 1);
    memset(BUFFER, 0x11, 512);
    CHECK("03h: writes to the last but one track", succeeds(&r));
    u8 *ids = BUFFER;
    for (u8 i = 0; i < sectors; i++) {
        ids[i * 4u] = 78;
        ids[i * 4u + 1] = 1;
        ids[i * 4u + 2] = (u8)(i + 1);
        ids[i * 4u + 3] = 2;
    }
    r = (struct regs){
        .ah = 5, .al = sectors, .bx = (u16)(u32)ids, .ch = 78, .cl = 1, .dh = 1, .dl = drive};
    CHECK("05h: formats a track", succeeds(&r));
    CHECK("05h: what was formatted is filled", reads(drive, track, 1) && BUFFER[0] != 0x11);
    CHECK("05h: to its last sector", reads(drive, track + sectors - 1, 1) && BUFFER[4] == 0xf6);
}

static void test_floppy(u8 drive)
{
    u8 sectors = (u8)(TOTAL / 160), type = sectors == 15 ? 2 : sectors == 18 ? 4 : 5;
    struct regs r = {.ah = 0x15, .dl = drive};
    call(&r, 0x13);
    CHECK("15h: a floppy with a change line", r.ah == 2);
    test_stacks(drive);
    r = (struct regs){.ah = 0x08, .dl = drive};
    CHECK("08h: its size",
          succeeds(&r) && r.bl == type && r.ch == 79 && r.dh == 1 && r.cl == sectors);
    CHECK("08h: its parameters", peek8(r.es * 16u + r.di + 4) == sectors);
    r = (struct regs){.ah = 0x16, .dl = drive};
    CHECK("16h: not changed", succeeds(&r));
    test_format(drive, sectors);
    r = (struct regs){.ah = 0, .dl = drive};
    CHECK("00h: resets", succeeds(&r) && reads(drive, 0, 1));
}

static void test_lock(u8 drive)
{
    CHECK("45h: not locked", lock(drive, 2).ax == 0);
    CHECK("45h: locks", lock(drive, 0).ax == 1);
    struct regs r = {.ah = 0x46, .dl = drive};
    CHECK("46h: does not eject what is locked", !succeeds(&r) && r.ah == 0xb1);
    CHECK("45h: unlocks", lock(drive, 1).ax == 0);
    CHECK("45h: not what is not locked", lock(drive, 1).ah == 0xb0);
}

static void test_cd(u8 drive)
{
    u8 *specification = BUFFER;
    test_edd(drive, 2048);
    struct regs r = {.ax = 0x4b01, .dl = drive, .si = (u16)(u32)specification};
    CHECK("4B01h: how it was booted", succeeds(&r) && specification[0] == 0x13 &&
                                          specification[1] == 0 && specification[2] == drive);
    u32 start = *(u32 *)(specification + 4);
    CHECK("42h: the image that was booted",
          extended(0x42, drive, start, 1) && memcmp(BUFFER + 64, PROGRAM + 64, 300) == 0);
    test_lock(drive);
    r = (struct regs){.ah = 0x43, .dl = drive};
    CHECK("43h: not written to", !succeeds(&r));
    r = (struct regs){.ah = 0x49, .dl = drive};
    CHECK("49h: not changed", succeeds(&r) && r.ah == 0);
}

static bool emulated(u8 drive)
{
    struct regs r = {.ax = 0x4b01, .dl = drive, .si = (u16)(u32)BUFFER};
    return succeeds(&r) && BUFFER[1] && BUFFER[2] == drive;
}

void test_drive(u8 drive)
{
    struct regs r;
    if (drive >= 0xe0) {
        say("section CD\n");
        return test_cd(drive);
    }
    test_chs(drive);
    if (emulated(drive)) {
        say("section emulation\n");
        r = access(0x03, drive, 0, 1);
        CHECK("03h: a CD is write-protected", !succeeds(&r) && r.ah == 3);
        r = (struct regs){.ax = 0x4b00, .dl = drive, .si = (u16)(u32)BUFFER};
        CHECK("4B00h: ends emulation", succeeds(&r));
        r = (struct regs){.ax = 0x0201, .bx = (u16)(u32)BUFFER, .cx = 1, .dl = drive};
        CHECK("02h: there is nothing any more", !succeeds(&r));
        return;
    }
    say(drive < 0x80 ? "section floppy\n" : "section disk\n");
    test_write(drive);
    if (drive < 0x80)
        test_floppy(drive);
    else
        test_disk(drive);
}
