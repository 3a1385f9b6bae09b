/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What POST finds out once and leaves in the BIOS's segment before that is write-protected. */
#ifndef BIOS_SYSTEM_SETUP_H
#define BIOS_SYSTEM_SETUP_H

#include "bios/lib/types.h"

enum { MOST_VIRTIO_DISKS = 4 };
enum { MAP_ENTRIES = 16, MAP_RAM = 1, MAP_RESERVED = 2, MAP_ACPI = 3, MAP_NVS = 4 };

struct map_entry {
    u64 base, size;
    u32 type;
} PACKED;

struct setup {
    u32 map_entries;
    struct map_entry map[MAP_ENTRIES];
    u16 extended_kb;  /* above 1 MiB, at most 63 MiB */
    u16 below_16m_kb; /* above 1 MiB, below 16 MiB */
    u16 above_16m_64k;
    u8 last_bus; /* of PCI */
    u8 has_pci;
    u16 bus_master_ide;                 /* function, or 0 */
    u16 virtio_disk[MOST_VIRTIO_DISKS]; /* likewise */
    u32 virtio_memory;                  /* for queues of the legacy interface, or 0 */
    u16 pm_base;                        /* of the PIIX4's power management, or 0 */
};

#endif
