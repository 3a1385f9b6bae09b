/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables that a BIOS would have made for a kernel that is started without one: ACPI's at the
 * end of memory, what leads to them, and MP tables, in the EBDA, where systems look first.
 */
#include "hw/pc/loader.h"

#include "bios/tables/acpi.h"
#include "bios/tables/mp.h"
#include "hw/pc/piix3.h"
#include "hw/pc/piix4_pm.h"

#include <string.h>

extern const uint8_t acpi_dsdt[];
extern const uint32_t acpi_dsdt_size;

/* In the EBDA, behind the handlers of interrupts; systems look every 16 bytes. */
enum { RSDP = 0x60, FLOATING = 0x90, TABLE = 0xa0 };
_Static_assert(TABLE + MP_TABLE_SIZE <= LOW_RAM_END - EBDA, "there is room");

static struct table_room room_at(uint8_t *bytes, uint32_t address, uint32_t size)
{
    return (struct table_room){bytes, address, size, 0};
}

static bool add_acpi(struct image *image, const struct loader_tables *t, uint8_t *ebda,
                     struct error *error)
{
    uint8_t *bytes = loader_allocate(image, LOADER_TABLES_SIZE, error);
    if (!bytes)
        return false;
    struct table_room nvs = room_at(bytes, image->memory_end, ACPI_NVS_SIZE),
                      room = room_at(bytes + ACPI_NVS_SIZE, image->memory_end + ACPI_NVS_SIZE,
                                     ACPI_ROOM_SIZE);
    const struct acpi_machine m = {
        .pm_base = PIIX4_PM_BASE,
        .has_apic = t->apic,
        .has_hpet = t->hpet,
        .dsdt = acpi_dsdt,
        .dsdt_size = acpi_dsdt_size,
    };
    const struct acpi_rsdp rsdp = acpi_make(&nvs, &room, &m);
    memcpy(ebda + RSDP, &rsdp, sizeof rsdp);
    return loader_add(image, "ACPI tables", image->memory_end, bytes, ACPI_NVS_SIZE + room.used,
                      error);
}

static void add_mp(const struct loader_tables *t, uint8_t *ebda)
{
    struct mp_machine m = {.signature = t->cpu_signature, .features = t->cpu_features};
    memcpy(m.irq_of_link, piix3_usual_irqs, sizeof m.irq_of_link);
    const struct mp_floating f = mp_make(ebda + TABLE, EBDA + TABLE, &m);
    memcpy(ebda + FLOATING, &f, sizeof f);
}

bool loader_add_tables(struct image *image, const struct loader_tables *t, uint8_t *ebda,
                       struct error *error)
{
    if (t->apic)
        add_mp(t, ebda);
    return image->memory_end == image->ram_size || add_acpi(image, t, ebda, error);
}
