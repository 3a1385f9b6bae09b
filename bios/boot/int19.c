/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * INT 19h boots what the list says first, INT 18h what comes next (BIOS Boot Specification 1.01,
 * 6): a boot sector that cannot go on calls it, and so do we.
 */
#include "bios/boot/boot.h"
#include "bios/clock/clock.h"
#include "bios/disk/eltorito.h"
#include "bios/entry/entry.h"
#include "bios/lib/ebda.h"
#include "bios/lib/string.h"

extern const u8 pnp_header[];

enum { LOAD = 0x7c00, SIGNATURE = 0xaa55 };

static void print_character(char character)
{
    struct regs r;
    memset(&r, 0, sizeof r);
    r.ax = (u16)(0x0e00 | (u8)character);
    r.bx = 0x0007;
    call_int(&r, 0x10);
}

void print_rom(ROM char *text)
{
    while (*text)
        print_character(*text++);
}

#define PRINT(text) print_rom(ROM_TEXT(text))

static void print_digit(u8 digit)
{
    print_character((char)('0' + digit));
}

static bool read_sector(u8 drive)
{
    struct regs r;
    for (unsigned tries = 0; tries < 4; tries++) {
        memset(&r, 0, sizeof r);
        r.dl = drive;
        if (tries)
            call_int(&r, 0x13);
        r.ax = 0x0201;
        r.bx = LOAD;
        r.cx = 1;
        r.dx = drive;
        call_int(&r, 0x13);
        if (!(r.flags & FLAG_CARRY))
            return true;
    }
    return false;
}

static void start(struct regs *r, struct far entry, u8 drive)
{
    memset(r, 0, offsetof(struct regs, ds));
    r->ds = r->es = r->fs = r->gs = 0;
    r->edx = drive;
    r->ss = 0;
    r->esp = LOAD;
    r->cs = BIOS_SEGMENT;
    r->ip = bios_far(int18).offset;
    r->flags = FLAG_INTERRUPT | 2;
    r->next = entry;
}

/* A floppy's sector need not be marked, but must be something; a disk's is marked. */
static bool boot_sector(struct regs *r, u8 drive)
{
    if (!read_sector(drive)) {
        PRINT("not readable.\r\n");
        return false;
    }
    bool marked = far_read_u16(far(0, LOAD + 510)) == SIGNATURE;
    u16 first = far_read_u16(far(0, LOAD));
    bool floppy_code = first && first == far_read_u16(far(0, LOAD + 2)) ? false : first != 0;
    if (!marked && (drive & 0x80 || !floppy_code)) {
        PRINT("no boot sector.\r\n");
        return false;
    }
    PRINT("\r\n");
    start(r, far(0, LOAD), drive);
    return true;
}

static bool boot_cd(struct regs *r, u8 cd)
{
    ROM char *problem = eltorito_boot(ebda.cd[cd]);
    if (problem) {
        print_rom(problem);
        PRINT("\r\n");
        return false;
    }
    PRINT("\r\n");
    u16 segment = ebda.emulation.load_segment;
    struct far entry = segment == LOAD >> 4 ? far(0, LOAD) : far(segment, 0);
    start(r, entry, ebda.emulation.drive);
    return true;
}

static void print_entry(const struct boot_entry *entry)
{
    PRINT("Booting from ");
    if (entry->kind == BOOT_BEV) {
        for (u32 i = 0; i < BOOT_NAME; i++) {
            char c = (char)far_read_u8(far(entry->name.segment, entry->name.offset + i));
            if (!c)
                break;
            print_character(c);
        }
    } else {
        if (entry->kind == BOOT_FLOPPY)
            PRINT("floppy ");
        else if (entry->kind == BOOT_DISK)
            PRINT("disk ");
        else
            PRINT("CD ");
        print_digit(entry->number);
    }
    PRINT("... ");
}

static bool boot(struct regs *r, const struct boot_entry *entry)
{
    print_entry(entry);
    switch (entry->kind) {
    case BOOT_FLOPPY:
        return boot_sector(r, entry->number);
    case BOOT_DISK:
        return boot_sector(r, (u8)(0x80 + entry->number));
    case BOOT_CD:
        return boot_cd(r, entry->number);
    default:
        PRINT("\r\n");
        start(r, entry->vector, 0);
        r->es = BIOS_SEGMENT;
        r->di = bios_far(pnp_header).offset;
        return true;
    }
}

static void boot_next(struct regs *r)
{
    while (ebda.boot_next < ebda.boot_entries)
        if (boot(r, &ebda.boot[ebda.boot_next++]))
            return;
    PRINT("No bootable device.\r\n");
    ebda.reset_ticks = ebda.fail_ticks;
    go_on_at(r, next_spin);
}

/* The stack of whoever called is given up. */
void int18_next(struct regs *r)
{
    ebda.reset_ticks = 0;
    eltorito_stop();
    boot_next(r);
}

void int19_boot(struct regs *r)
{
    ebda.boot_next = 0;
    int18_next(r);
}
