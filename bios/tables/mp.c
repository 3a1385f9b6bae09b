/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See mp.h. */
#include "bios/tables/mp.h"

#include "bios/lib/string.h"
#include "bios/tables/acpi.h"

enum { BUS_PCI, BUS_ISA };
enum { PROCESSOR, BUS, IO_APIC, IO_INTERRUPT, LOCAL_INTERRUPT };
enum { VECTORED, NMI, EXTINT = 3 };
enum { AS_BUS = 0, LEVEL_LOW = 0xf };
enum { PCI_SLOTS = 10, ISA_IRQS = 16, CASCADE = 2 };

struct header {
    char signature[4];
    u16 length;
    u8 revision, checksum;
    char oem[8], product[12];
    u32 oem_table;
    u16 oem_size, entries;
    u32 local_apic;
    u16 extended_length;
    u8 extended_checksum, reserved;
} PACKED;

struct processor {
    u8 type, id, version, flags;
    u32 signature, features, reserved[2];
} PACKED;

struct bus {
    u8 type, id;
    char name[6];
} PACKED;

struct io_apic {
    u8 type, id, version, flags;
    u32 address;
} PACKED;

struct interrupt {
    u8 type, kind;
    u16 flags;
    u8 bus, source, apic, input;
} PACKED;

_Static_assert(sizeof(struct header) == 44 && sizeof(struct processor) == 20, "MP 1.4, 4.2, 4.3");
_Static_assert(sizeof(struct header) + sizeof(struct processor) + 2 * sizeof(struct bus) +
                       sizeof(struct io_apic) +
                       (PCI_SLOTS * 4 + ISA_IRQS - 1 + 2) * sizeof(struct interrupt) <=
                   MP_TABLE_SIZE,
               "all entries have room");

static void add(struct header *h, const void *entry, u16 size)
{
    memcpy((u8 *)h + h->length, entry, size);
    h->length = (u16)(h->length + size);
    h->entries++;
}

static void add_buses(struct header *h)
{
    static const struct bus buses[] = {
        {BUS, BUS_PCI, {'P', 'C', 'I', ' ', ' ', ' '}},
        {BUS, BUS_ISA, {'I', 'S', 'A', ' ', ' ', ' '}},
    };
    for (unsigned i = 0; i < LENGTH(buses); i++)
        add(h, &buses[i], sizeof buses[i]);
}

static bool is_link(const struct mp_machine *m, unsigned irq)
{
    for (unsigned i = 0; i < LENGTH(m->irq_of_link); i++)
        if (m->irq_of_link[i] == irq)
            return true;
    return false;
}

/* What PCI is routed to is left to it. */
static void add_isa(struct header *h, const struct mp_machine *m)
{
    for (unsigned irq = 0; irq < ISA_IRQS; irq++) {
        const struct interrupt i = {IO_INTERRUPT,
                                    VECTORED,
                                    AS_BUS,
                                    BUS_ISA,
                                    (u8)irq,
                                    IO_APIC_ID,
                                    (u8)(irq ? irq : TIMER_INPUT)};
        if (irq != CASCADE && !is_link(m, irq))
            add(h, &i, sizeof i);
    }
}

/* PIRQ links are shared by slots in turn, as bios/acpi/dsdt.asl has it. */
static void add_pci(struct header *h, const struct mp_machine *m)
{
    for (unsigned slot = 1; slot <= PCI_SLOTS; slot++)
        for (unsigned pin = 0; pin < 4; pin++) {
            const struct interrupt i = {.type = IO_INTERRUPT,
                                        .kind = VECTORED,
                                        .flags = LEVEL_LOW,
                                        .bus = BUS_PCI,
                                        .source = (u8)(slot << 2 | pin),
                                        .apic = IO_APIC_ID,
                                        .input = m->irq_of_link[(slot + pin - 1) & 3]};
            add(h, &i, sizeof i);
        }
}

/* The 8259 at LINT0, NMI at LINT1, of every processor. */
static void add_local(struct header *h)
{
    static const struct interrupt lints[] = {
        {LOCAL_INTERRUPT, EXTINT, AS_BUS, BUS_ISA, 0, 0xff, 0},
        {LOCAL_INTERRUPT, NMI, AS_BUS, BUS_ISA, 0, 0xff, 1},
    };
    for (unsigned i = 0; i < LENGTH(lints); i++)
        add(h, &lints[i], sizeof lints[i]);
}

struct mp_floating mp_make(u8 *table, u32 address, const struct mp_machine *m)
{
    enum { ENABLED = 1, BOOT = 2, REVISION = 4, XAPIC = 0x14, I82093AA = 0x11 };
    const struct processor processor = {PROCESSOR,    0,           XAPIC, ENABLED | BOOT,
                                        m->signature, m->features, {0, 0}};
    const struct io_apic io_apic = {IO_APIC, IO_APIC_ID, I82093AA, ENABLED, (u32)IO_APIC_ADDRESS};
    struct mp_floating f = {.table = address, .length = 1, .revision = REVISION};
    struct header *h = (struct header *)table;
    memset(table, 0, MP_TABLE_SIZE);
    memcpy(h->signature, "PCMP", 4);
    memcpy(h->oem, "TESSERA ", 8);
    memcpy(h->product, "PC          ", 12);
    h->revision = REVISION;
    h->local_apic = (u32)LOCAL_APIC_ADDRESS;
    h->length = sizeof *h;
    add(h, &processor, sizeof processor);
    add_buses(h);
    add(h, &io_apic, sizeof io_apic);
    add_isa(h, m);
    add_pci(h, m);
    add_local(h);
    h->checksum = (u8)-table_sum(h, h->length);
    memcpy(f.signature, "_MP_", 4);
    f.checksum = (u8)-table_sum(&f, sizeof f);
    return f;
}
