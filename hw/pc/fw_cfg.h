/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * QEMU's firmware configuration device, by which guests are told of the machine, and a BIOS is
 * given a kernel to boot: at port 510h an item is selected, at 511h its bytes come out. QEMU's
 * docs/specs/fw_cfg says more; there is no DMA interface here, and nothing to be written.
 */
#ifndef HW_FW_CFG_H
#define HW_FW_CFG_H

#include "hw/device.h"

#include <stddef.h>
#include <stdint.h>

enum { FW_CFG_PORT = 0x510, FW_CFG_PORTS = 2, FW_CFG_ITEMS = 48, FW_CFG_NAME = 56 };

/* Items by number; numbers are little-endian. */
enum fw_cfg_key {
    FW_CFG_SIGNATURE = 0x00,
    FW_CFG_ID = 0x01,
    FW_CFG_RAM_SIZE = 0x03,
    FW_CFG_NO_GRAPHICS = 0x04,
    FW_CFG_CPUS = 0x05,
    FW_CFG_KERNEL_ADDRESS = 0x07,
    FW_CFG_KERNEL_SIZE = 0x08,
    FW_CFG_INITRD_ADDRESS = 0x0a,
    FW_CFG_INITRD_SIZE = 0x0b,
    FW_CFG_BOOT_MENU = 0x0e,
    FW_CFG_MOST_CPUS = 0x0f,
    FW_CFG_KERNEL_DATA = 0x11,
    FW_CFG_INITRD_DATA = 0x12,
    FW_CFG_LINE_ADDRESS = 0x13,
    FW_CFG_LINE_SIZE = 0x14,
    FW_CFG_LINE_DATA = 0x15,
    FW_CFG_SETUP_ADDRESS = 0x16,
    FW_CFG_SETUP_SIZE = 0x17,
    FW_CFG_SETUP_DATA = 0x18,
    FW_CFG_DIRECTORY = 0x19,
    FW_CFG_FIRST_FILE = 0x20,
    FW_CFG_IRQ0_OVERRIDE = 0x8002, /* IRQ 0 is at the I/O APIC's input 2 */
};

struct fw_cfg_item {
    uint16_t key;
    const uint8_t *bytes; /* NULL: those of the number */
    uint32_t size;
    uint8_t number[4];
};

struct fw_cfg {
    unsigned count, files;
    struct fw_cfg_item item[FW_CFG_ITEMS];
    uint8_t directory[4 + FW_CFG_ITEMS * (8 + FW_CFG_NAME)];
    uint16_t selected;
    uint32_t offset;
};

/* With what every such device has, and no more. */
void fw_cfg_init(struct fw_cfg *s);
/* The bytes stay the caller's. */
void fw_cfg_add(struct fw_cfg *s, enum fw_cfg_key key, const void *bytes, size_t size);
void fw_cfg_add_number(struct fw_cfg *s, enum fw_cfg_key key, uint32_t value);
void fw_cfg_add_file(struct fw_cfg *s, const char *name, const void *bytes, size_t size);

/* Selects the first item again. */
void fw_cfg_reset(void *device);
extern const struct device fw_cfg_device;
uint32_t fw_cfg_read(void *device, uint32_t offset, unsigned size);
void fw_cfg_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
