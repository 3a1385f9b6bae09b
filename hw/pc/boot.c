/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hw/pc/boot.h"

#include <stdio.h>
#include <string.h>

static void store(uint8_t *to, unsigned value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}

enum { ORDER = sizeof((struct boot *)0)->order };

static void add_line(char *list, const char *line)
{
    size_t used = strlen(list);
    snprintf(list + used, ORDER - used, "%s%s", used ? "\n" : "", line);
}

/* Open Firmware's names, as QEMU forms them. */
static void add_floppy(char *list, unsigned number)
{
    char line[64];
    snprintf(line, sizeof line, "/pci@i0cf8/isa@1/fdc@03f0/floppy@%u", number);
    add_line(list, line);
}

static void add_ide(char *list, const struct chipset_setup *setup, bool cdrom)
{
    char line[64];
    for (unsigned i = 0; i < IDE_DRIVES; i++) {
        if (!setup->ide[i].present || setup->ide[i].cdrom != cdrom)
            continue;
        snprintf(line, sizeof line, "/pci@i0cf8/ide@1,1/drive@%u/disk@%u", i / 2, i % 2);
        add_line(list, line);
    }
}

static void add_virtio(char *list, const struct chipset_setup *setup)
{
    char line[64];
    for (unsigned i = 0; i < VIRTIO_DRIVES; i++) {
        if (!setup->virtio_disk[i].disk)
            continue;
        snprintf(line, sizeof line, "/pci@i0cf8/scsi@%x/disk@0,0", FIRST_VIRTIO_DISK + i);
        add_line(list, line);
    }
}

static void add_disks(char *list, const struct chipset_setup *setup, bool cdrom)
{
    add_ide(list, setup, cdrom);
    if (!cdrom)
        add_virtio(list, setup);
}

/* In any of the slots where cards may be. */
static void add_networks(char *list)
{
    enum { FIRST_SLOT = 3 };
    char line[64];
    for (unsigned i = 0; i < CARDS; i++) {
        snprintf(line, sizeof line, "/pci@i0cf8/ethernet@%x", FIRST_SLOT + i);
        add_line(list, line);
    }
}

static void add_letter(char *list, char letter, const struct chipset_setup *setup)
{
    if (letter == 'a' || letter == 'b')
        add_floppy(list, (unsigned)(letter - 'a'));
    else if (letter == 'n')
        add_networks(list);
    else
        add_disks(list, setup, letter == 'd');
}

/*
 * CMOS memory tells the same but for two things: there b is the first floppy disk, and what is not
 * in the order is tried, too. So nothing is said here of other orders.
 */
static void make_order(char *list, const char *letters, bool strict,
                       const struct chipset_setup *setup)
{
    *list = '\0';
    if (!letters || !(strict || strchr(letters, 'b')))
        return;
    for (; *letters; letters++)
        add_letter(list, *letters, setup);
    if (strict)
        add_line(list, "HALT");
}

/* Its size is the longest of both, with zeros behind. */
static void add_order(struct boot *b, const struct boot_options *o,
                      const struct chipset_setup *setup, struct fw_cfg *fw_cfg)
{
    memset(b->order, 0, sizeof b->order);
    memset(b->next_order, 0, sizeof b->next_order);
    make_order(b->next_order, o->order, o->strict, setup);
    if (o->once)
        make_order(b->order, o->once, o->strict, setup);
    else
        memcpy(b->order, b->next_order, sizeof b->order);
    size_t length = strlen(b->order), next = strlen(b->next_order);
    if (length || next)
        fw_cfg_add_file(fw_cfg, "bootorder", b->order, (length > next ? length : next) + 1);
}

void boot_tell(struct boot *b, const struct boot_options *options,
               const struct chipset_setup *setup, struct fw_cfg *fw_cfg)
{
    fw_cfg_add_number(fw_cfg, FW_CFG_BOOT_MENU, options->menu);
    store(b->menu_wait, options->splash_time, sizeof b->menu_wait);
    store(b->fail_wait, options->reboot_timeout, sizeof b->fail_wait);
    if (options->splash_time)
        fw_cfg_add_file(fw_cfg, "etc/boot-menu-wait", b->menu_wait, sizeof b->menu_wait);
    if (options->reboot_timeout)
        fw_cfg_add_file(fw_cfg, "etc/boot-fail-wait", b->fail_wait, sizeof b->fail_wait);
    add_order(b, options, setup, fw_cfg);
}

void boot_forget_once(struct boot *b)
{
    memcpy(b->order, b->next_order, sizeof b->order);
}
