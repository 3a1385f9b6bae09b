/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where ACPI's and the MultiProcessor Specification's tables go: those that fw_cfg gives, or our
 * own (bios/tables/) if there is what they tell of.
 */
#include "bios/tables/acpi.h"
#include "bios/post/post.h"
#include "bios/post/tables.h"
#include "bios/tables/mp.h"

extern u8 acpi_rsdp[ACPI_RSDP_SIZE], mp_floating[MP_FLOATING_SIZE], mp_table[MP_TABLE_SIZE];
extern const u8 acpi_dsdt[];
extern const u32 acpi_dsdt_size;

static bool have_hpet(void)
{
    const volatile u32 *id = (const volatile u32 *)HPET_ADDRESS;
    return id[0] >> 16 == 0x8086 && id[1];
}

static struct table_room reserve(u32 size, u32 type)
{
    u32 at = memory_reserve(size, type);
    return (struct table_room){(u8 *)at, at, size, 0};
}

void acpi_init(void)
{
    if (acpi_load_given() || !the_setup->pm_base)
        return;
    struct table_room nvs = reserve(ACPI_NVS_SIZE, MAP_NVS),
                      room = reserve(ACPI_ROOM_SIZE, MAP_ACPI);
    const struct acpi_machine m = {
        .pm_base = the_setup->pm_base,
        .has_apic = have_apic(),
        .has_hpet = have_hpet(),
        .dsdt = acpi_dsdt,
        .dsdt_size = acpi_dsdt_size,
    };
    if (nvs.address && room.address)
        *(struct acpi_rsdp *)*IN_BIOS(acpi_rsdp) = acpi_make(&nvs, &room, &m);
}

void mp_init(void)
{
    struct cpuid features = cpuid(1, 0);
    u8 *table = *IN_BIOS(mp_table);
    if (!have_apic() || !the_setup->has_pci)
        return;
    struct mp_machine m = {.signature = features.a, .features = features.d};
    pci_links(m.irq_of_link);
    *(struct mp_floating *)*IN_BIOS(mp_floating) = mp_make(table, (u32)table, &m);
}
