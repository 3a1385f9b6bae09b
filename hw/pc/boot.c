/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hw/pc/boot.h"

#include <stdio.h>
#include <string.h>

static void store(uint8_t *to, unsigned value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}

static void add_line(struct boot *b, const char *line)
{
    size_t used = strlen(b->order);
    snprintf(b->order + used, sizeof b->order - used, "%s%s", used ? "\n" : "", line);
}

/* Open Firmware's names, as QEMU forms them. */
static void add_floppy(struct boot *b, unsigned number)
{
    char line[64];
    snprintf(line, sizeof line, "/pci@i0cf8/isa@1/fdc@03f0/floppy@%u", number);
    add_line(b, line);
}

static void add_ide(struct boot *b, const struct chipset_setup *setup, bool cdrom)
{
    char line[64];
    for (unsigned i = 0; i < IDE_DRIVES; i++) {
        if (!setup->ide[i].present || setup->ide[i].cdrom != cdrom)
            continue;
        snprintf(line, sizeof line, "/pci@i0cf8/ide@1,1/drive@%u/disk@%u", i / 2, i % 2);
        add_line(b, line);
    }
}

static void add_virtio(struct boot *b, const struct chipset_setup *setup)
{
    char line[64];
    for (unsigned i = 0; i < VIRTIO_DRIVES; i++) {
        if (!setup->virtio_disk[i].disk)
            continue;
        snprintf(line, sizeof line, "/pci@i0cf8/scsi@%x/disk@0,0", FIRST_VIRTIO_DISK + i);
        add_line(b, line);
    }
}

static void add_disks(struct boot *b, const struct chipset_setup *setup, bool cdrom)
{
    add_ide(b, setup, cdrom);
    if (!cdrom)
        add_virtio(b, setup);
}

/* With strict=on nothing else is to be tried. */
static void add_order(struct boot *b, const char *letters, const struct chipset_setup *setup)
{
    for (; *letters; letters++)
        if (*letters == 'a' || *letters == 'b')
            add_floppy(b, (unsigned)(*letters - 'a'));
        else if (*letters == 'c' || *letters == 'd')
            add_disks(b, setup, *letters == 'd');
    add_line(b, "HALT");
}

void boot_tell(struct boot *b, const struct boot_options *options,
               const struct chipset_setup *setup, struct fw_cfg *fw_cfg)
{
    const char *order = options->once ? options->once : options->order;
    fw_cfg_add_number(fw_cfg, FW_CFG_BOOT_MENU, options->menu);
    store(b->menu_wait, options->splash_time, sizeof b->menu_wait);
    store(b->fail_wait, options->reboot_timeout, sizeof b->fail_wait);
    if (options->splash_time)
        fw_cfg_add_file(fw_cfg, "etc/boot-menu-wait", b->menu_wait, sizeof b->menu_wait);
    if (options->reboot_timeout)
        fw_cfg_add_file(fw_cfg, "etc/boot-fail-wait", b->fail_wait, sizeof b->fail_wait);
    *b->order = '\0';
    if (!options->strict || !order)
        return;
    add_order(b, order, setup);
    fw_cfg_add_file(fw_cfg, "bootorder", b->order, strlen(b->order) + 1);
}
