/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables for operating systems, and the room for them in the BIOS's segment (entry/space.S). */
#ifndef BIOS_POST_TABLES_H
#define BIOS_POST_TABLES_H

#include "bios/lib/types.h"

enum { SMBIOS_ENTRY_SIZE = 32, SMBIOS_STRUCTURES_SIZE = 1024, ACPI_RSDP_SIZE = 64 };

/* Has the processor a local APIC? */
bool have_apic(void);

/* --- cpuid.c: what the processor says of itself --- */

struct cpuid {
    u32 a, b, c, d;
};

/* Zeros if it cannot be asked, or not about that. */
struct cpuid cpuid(u32 leaf, u32 index);
/* MHz; 0: not known. */
struct cpu_speed {
    u16 now, most, bus;
};
struct cpu_speed cpu_speed(void);

enum cache_type { CACHE_NONE, CACHE_DATA, CACHE_CODE, CACHE_UNIFIED };
enum { CACHES = 4, FULLY_ASSOCIATIVE = 0xff };

struct cpu_cache {
    u8 level, type;
    u8 ways; /* or FULLY_ASSOCIATIVE */
    u32 kb;
};
/* How many there are. */
unsigned cpu_caches(struct cpu_cache found[CACHES]);

void smbios_init(void);
void acpi_init(void);
void mp_init(void);
/* By the commands of fw_cfg's etc/table-loader; false: there is none. */
bool acpi_load_given(void);

#endif
