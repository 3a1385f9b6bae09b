/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ACPI's tables of a PC with a 440FX and a PIIX (Advanced Configuration and Power Interface
 * Specification 2.0, 5.2). C that knows nothing of where it runs: POST makes them in place, a
 * loader for the memory of its guest.
 */
#ifndef BIOS_TABLES_ACPI_H
#define BIOS_TABLES_ACPI_H

#include "bios/lib/types.h"

struct acpi_rsdp {
    char signature[8];
    u8 checksum;
    char oem[6];
    u8 revision;
    u32 rsdt, length;
    u64 xsdt;
    u8 extended_checksum, reserved[3];
} PACKED;

/* Memory for tables: where it is to us, and to who reads them. */
struct table_room {
    u8 *bytes;
    u32 address, size, used;
};

/* FACS and the rest; the former is the system's to write to, and stays. */
enum { ACPI_NVS_SIZE = 0x1000, ACPI_ROOM_SIZE = 0x10000 };

struct acpi_machine {
    u32 pm_base; /* of the PIIX4's power management */
    bool has_apic, has_hpet;
    const u8 *dsdt;
    u32 dsdt_size;
};

enum {
    HPET_ADDRESS = (int)0xfed00000,
    LOCAL_APIC_ADDRESS = (int)0xfee00000,
    IO_APIC_ADDRESS = (int)0xfec00000,
    IO_APIC_ID = 1,
    SCI_INTERRUPT = 9,
    TIMER_INPUT = 2, /* of the I/O APIC: IRQ 0 */
};

/* All bytes together; that of a good table is 0. */
u8 table_sum(const void *of, u32 size);

/* The rooms are as large as said above. */
struct acpi_rsdp acpi_make(struct table_room *nvs, struct table_room *room,
                           const struct acpi_machine *m);

#endif
