/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables for operating systems, and the room for them in the BIOS's segment (entry/space.S). */
#ifndef BIOS_POST_TABLES_H
#define BIOS_POST_TABLES_H

#include "bios/lib/types.h"

enum { SMBIOS_ENTRY_SIZE = 32, SMBIOS_STRUCTURES_SIZE = 1024, ACPI_RSDP_SIZE = 64 };

/* Has the processor a local APIC? */
bool have_apic(void);
/* CPUID; what cannot be asked stays as it is. */
void cpu_id(u32 leaf, u32 *a, u32 *b, u32 *c, u32 *d);

void smbios_init(void);
void acpi_init(void);
void mp_init(void);
/* By the commands of fw_cfg's etc/table-loader; false: there is none. */
bool acpi_load_given(void);

#endif
