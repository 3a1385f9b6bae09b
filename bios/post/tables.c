/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables that systems look for between F0000h and FFFFFh. */
#include "bios/post/tables.h"
#include "bios/post/post.h"
#include "bios/system/pci.h"
#include "bios/system/pnp.h"
#include "bios/tables/acpi.h"

extern const u8 bios32_entry[];
extern u16 pci_routes_size;

/* Standard BIOS 32-bit Service Directory Proposal 0.4, 3.0 */
struct bios32_header {
    char signature[4];
    u32 entry;
    u8 revision, length, checksum;
    u8 reserved[5];
} PACKED;
extern struct bios32_header bios32_header;

/* Microsoft's PCI IRQ Routing Table Specification 1.0 */
struct pir_header {
    char signature[4];
    u16 version, size;
    u8 router_bus, router_function;
    u16 exclusive_irqs;
    u32 compatible_router;
    u32 miniport_data;
    u8 reserved[11];
    u8 checksum;
} PACKED;
extern struct pir_header pir_header; /* the routes follow */

static void fill_bios32(void)
{
    struct bios32_header *h = IN_BIOS(bios32_header);
    *h = (struct bios32_header){
        .signature = "_32_", .entry = BIOS_LINEAR + (u32)bios32_entry, .length = 1};
    h->checksum = (u8)-table_sum(h, sizeof *h);
}

static void find_router(u16 function, void *found)
{
    enum { CLASS_ISA = 0x0601 };
    if (pci_read16(function, PCI_CLASS) == CLASS_ISA)
        *(u16 *)found = function;
}

static void fill_pir(void)
{
    struct pir_header *h = IN_BIOS(pir_header);
    u16 router = 0;
    pci_each(find_router, &router);
    *h = (struct pir_header){
        .signature = "$PIR",
        .version = 0x0100,
        .size = (u16)(sizeof *h + *IN_BIOS(pci_routes_size)),
        .router_bus = (u8)(router >> 8),
        .router_function = (u8)router,
        .compatible_router = 0x122e8086, /* the PIIX */
    };
    h->checksum = (u8)-table_sum(h, h->size);
}

static void fill_pnp(void)
{
    extern const u8 pnp_entry[];
    struct pnp_header *h = IN_BIOS(pnp_header);
    *h = (struct pnp_header){
        .signature = "$PnP",
        .version = 0x10,
        .length = sizeof *h,
        .real_offset = (u16)(u32)pnp_entry,
        .real_segment = BIOS_LINEAR >> 4,
        .protected_offset = (u16)(u32)pnp_entry,
        .protected_base = BIOS_LINEAR,
        .real_data_segment = BIOS_LINEAR >> 4,
        .protected_data_base = BIOS_LINEAR,
    };
    h->checksum = (u8)-table_sum(h, sizeof *h);
}

void tables_init(void)
{
    fill_pnp();
    smbios_init();
    acpi_init();
    mp_init();
    if (!the_setup->has_pci)
        return;
    fill_bios32();
    fill_pir();
}
