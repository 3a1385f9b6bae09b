/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The boot order: by fw_cfg's bootorder, whose lines are Open Firmware paths; by CMOS 3Dh and 38h;
 * then as things were found. And the menu.
 */
#include "bios/post/boot.h"

#include "bios/post/post.h"

enum { NOT_PCI = 0xffff, KEY_F12 = 0x8600, KEY_ESCAPE = 0x011b, LAST_RANK = 0xff };
/* Nibbles of CMOS 3Dh and 38h. */
enum { CMOS_NONE, CMOS_FLOPPY, CMOS_DISK, CMOS_CD, CMOS_NETWORK };

struct candidate {
    struct boot_entry entry;
    u16 function; /* of a ROM's */
    u8 place;     /* of a line in bootorder */
    u8 rank;      /* by CMOS */
    bool first;
};

static struct candidate candidates[BOOT_ENTRIES];
static unsigned count;
static char order[2048];

static struct candidate *add(u8 kind, u8 number)
{
    static struct candidate none;
    struct candidate *c = count < BOOT_ENTRIES ? &candidates[count++] : &none;
    *c = (struct candidate){.entry = {.kind = kind, .number = number}, .function = NOT_PCI};
    return c;
}

void boot_add_rom(struct far entry, struct far name, u16 function, bool first)
{
    struct candidate *c = add(BOOT_BEV, 0);
    c->entry.vector = entry;
    c->entry.name = name;
    c->function = function;
    c->first = first;
}

static void add_drives(void)
{
    const struct ebda *e = the_ebda;
    for (u8 i = 0; i < e->floppies; i++)
        add(BOOT_FLOPPY, i);
    for (u8 i = 0; i < e->disks; i++)
        add(BOOT_DISK, i);
    for (u8 i = 0; i < e->cds; i++)
        add(BOOT_CD, i);
}

/* --- bootorder --- */

static bool begins(const char *line, const char *with)
{
    return memcmp(line, with, strlen(with)) == 0;
}

/* The hexadecimal number behind `mark` in a line; -1: it is not there. */
static int number_after(const char *line, const char *mark)
{
    for (; *line && *line != '\n'; line++) {
        if (!begins(line, mark))
            continue;
        int value = 0;
        for (line += strlen(mark);; line++) {
            int digit = *line >= '0' && *line <= '9'   ? *line - '0'
                        : *line >= 'a' && *line <= 'f' ? *line - 'a' + 10
                                                       : -1;
            if (digit < 0)
                return value;
            value = value << 4 | digit;
        }
    }
    return -1;
}

static bool line_is_drive(const char *line, u8 index)
{
    return number_after(line, "ide@") >= 0 && number_after(line, "/drive@") == index / 2 &&
           number_after(line, "/disk@") == index % 2;
}

/* QEMU calls a virtio disk's function that. */
static bool line_is_virtio(const char *line, u16 function)
{
    return number_after(line, "/scsi@") == (function >> 3 & 0x1f) &&
           number_after(line, "/disk@") == 0;
}

static bool line_is_disk(const char *line, u8 index)
{
    const struct drive *d = &the_ebda->drive[index];
    return d->kind == DRIVE_VIRTIO ? line_is_virtio(line, d->pci) : line_is_drive(line, index);
}

static bool line_is_function(const char *line, u16 function)
{
    static const char root[] = "/pci@i0cf8/";
    if (function == NOT_PCI || !begins(line, root) || number_after(line, "ide@") >= 0)
        return false;
    return number_after(line + sizeof root - 1, "@") == (function >> 3 & 0x1f);
}

static bool line_is(const char *line, const struct candidate *c)
{
    const struct boot_entry *e = &c->entry;
    switch (e->kind) {
    case BOOT_FLOPPY:
        return number_after(line, "/floppy@") == e->number;
    case BOOT_DISK:
        return line_is_disk(line, the_ebda->disk[e->number]);
    case BOOT_CD:
        return line_is_drive(line, the_ebda->cd[e->number]);
    default:
        return c->first ? begins(line, "/rom@genroms/") : line_is_function(line, c->function);
    }
}

static u8 place_of(const struct candidate *c)
{
    u8 place = 0;
    for (const char *line = order; *line; place++) {
        if (line_is(line, c))
            return place;
        while (*line && *line != '\n')
            line++;
        line += *line == '\n';
    }
    return LAST_RANK;
}

/* --- CMOS --- */

static u8 cmos_kind(u8 kind)
{
    static const u8 kinds[] = {CMOS_FLOPPY, CMOS_DISK, CMOS_CD, CMOS_NETWORK};
    return kinds[kind];
}

static u8 rank_of(u8 kind)
{
    u32 nibbles = cmos_read(CMOS_BOOT_2) | (u32)(cmos_read(CMOS_BOOT_1) & 0xf0) << 4;
    for (u8 i = 0; i < 3; i++, nibbles >>= 4)
        if ((nibbles & 15) == cmos_kind(kind))
            return i;
    return LAST_RANK;
}

/* --- the order --- */

static u32 weight(const struct candidate *c)
{
    return (u32)c->place << 16 | (c->first ? 0 : c->rank + 1u);
}

static void sort(void)
{
    for (unsigned i = 1; i < count; i++) {
        struct candidate c = candidates[i];
        unsigned j = i;
        for (; j && weight(&candidates[j - 1]) > weight(&c); j--)
            candidates[j] = candidates[j - 1];
        candidates[j] = c;
    }
}

static void store(void)
{
    the_ebda->boot_entries = (u8)count;
    for (unsigned i = 0; i < count; i++)
        the_ebda->boot[i] = candidates[i].entry;
}

/* A last line HALT: what is in no other line is not to be booted. */
static void drop_others(void)
{
    const char *line = order;
    while (*line && !begins(line, "HALT"))
        line++;
    while (*line && count && candidates[count - 1].place == LAST_RANK)
        count--;
}

/* How long to wait after nothing could be booted; then there is a reset. */
static void set_fail_wait(void)
{
    enum { MS_A_TICK = 55, NEVER = 0 };
    the_ebda->fail_ticks = fw_cfg_number("etc/boot-fail-wait", NEVER) / MS_A_TICK;
}

void boot_list(void)
{
    struct fw_cfg_entry file;
    add_drives();
    if (fw_cfg_find("bootorder", &file) && file.size < sizeof order)
        fw_cfg_read(file.key, order, file.size);
    for (unsigned i = 0; i < count; i++) {
        candidates[i].place = place_of(&candidates[i]);
        candidates[i].rank = rank_of(candidates[i].entry.kind);
    }
    sort();
    drop_others();
    store();
    set_fail_wait();
}

/* --- the menu --- */

static void print_drive(const char *kind, u8 number, u8 drive)
{
    print("%s %u: %s", kind, number, the_ebda->drive[drive].model);
}

static void print_entry(const struct boot_entry *e)
{
    switch (e->kind) {
    case BOOT_FLOPPY:
        return print("Floppy %u", e->number);
    case BOOT_DISK:
        return print_drive("Disk", e->number, the_ebda->disk[e->number]);
    case BOOT_CD:
        return print_drive("CD", e->number, the_ebda->cd[e->number]);
    default:
        if (!e->name.segment)
            return print("Option ROM at %04x", e->vector.segment);
        print("%s", (const char *)(e->name.segment * 16u + e->name.offset));
    }
}

static void choose(unsigned chosen)
{
    struct candidate c = candidates[chosen];
    for (unsigned i = chosen; i; i--)
        candidates[i] = candidates[i - 1];
    candidates[0] = c;
    store();
}

static void show_menu(void)
{
    print("\nBoot from:\n\n");
    for (unsigned i = 0; i < count; i++) {
        print("  %c  ", i < 9 ? (int)('1' + i) : (int)('a' + i - 9));
        print_entry(&candidates[i].entry);
        print("\n");
    }
    print("\nEscape: as usual\n");
    for (;;) {
        u16 key = wait_key();
        u8 c = (u8)key;
        unsigned chosen = c >= '1' && c <= '9'   ? c - (unsigned)'1'
                          : c >= 'a' && c <= 'z' ? c - (unsigned)'a' + 9
                                                 : BOOT_ENTRIES;
        if (key == KEY_ESCAPE)
            break;
        if (chosen >= count)
            continue;
        choose(chosen);
        break;
    }
    print("\n");
}

/* A key that comes within some milliseconds, or that has been typed before. */
static bool f12_comes(u32 milliseconds)
{
    u32 start = ticks(), wait = milliseconds / 55;
    do {
        u16 key = poll_key();
        if (key == KEY_F12)
            return true;
        if (key == KEY_ESCAPE)
            return false;
    } while (ticks() - start < wait);
    return false;
}

/* Whoever asked for the menu is given time to press the key; others may have pressed it already. */
void boot_menu(void)
{
    enum { DEFAULT_WAIT = 2500 };
    u16 wanted = 0;
    if (fw_cfg_present())
        fw_cfg_read(FW_CFG_BOOT_MENU, &wanted, sizeof wanted);
    u32 wait = wanted ? fw_cfg_number("etc/boot-menu-wait", DEFAULT_WAIT) : 0;
    if (wanted)
        print("Press F12 for the boot menu.\n");
    if (f12_comes(wait))
        show_menu();
}
