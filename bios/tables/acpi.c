/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See acpi.h. */
#include "bios/tables/acpi.h"

#include "bios/lib/string.h"

enum { SMI_COMMAND = 0xb2, ACPI_ON = 0xf1, ACPI_OFF = 0xf0 };
enum { TABLES = 3 };

struct header {
    char signature[4];
    u32 length;
    u8 revision, checksum;
    char oem[6], table[8];
    u32 oem_revision;
    char creator[4];
    u32 creator_revision;
} PACKED;

struct facs {
    char signature[4];
    u32 length, hardware, waking, lock, flags;
    u64 waking_64;
    u8 version, reserved[31];
} PACKED;

/* A generic address: a port. */
struct gas {
    u8 space, bits, offset, reserved;
    u64 address;
} PACKED;

struct fadt {
    struct header header;
    u32 facs, dsdt;
    u8 reserved1, profile;
    u16 sci;
    u32 smi_command;
    u8 acpi_on, acpi_off, s4, pstate;
    u32 event_a, event_b, control_a, control_b, control_2, timer, gpe_0, gpe_1;
    u8 event_size, control_size, control_2_size, timer_size, gpe_0_size, gpe_1_size, gpe_1_base,
        cst;
    u16 c2_latency, c3_latency, flush_size, flush_stride;
    u8 duty_offset, duty_width, day_alarm, month_alarm, century;
    u16 boot_architecture;
    u8 reserved2;
    u32 flags;
    struct gas reset;
    u8 reset_value, reserved3[3];
    u64 x_facs, x_dsdt;
    struct gas x_event_a, x_event_b, x_control_a, x_control_b, x_control_2, x_timer, x_gpe_0,
        x_gpe_1;
} PACKED;

_Static_assert(sizeof(struct fadt) == 244, "ACPI 2.0, table 5-8");

struct madt {
    struct header header;
    u32 local_apic, flags;
    struct {
        u8 type, length, processor, id;
        u32 flags;
    } PACKED processor;
    struct {
        u8 type, length, id, reserved;
        u32 address, base;
    } PACKED io_apic;
    struct {
        u8 type, length, bus, source;
        u32 interrupt;
        u16 flags;
    } PACKED timer, sci;
    struct {
        u8 type, length, processor;
        u16 flags;
        u8 pin;
    } PACKED nmi;
} PACKED;

struct hpet_table {
    struct header header;
    u32 id;
    struct gas base;
    u8 number;
    u16 least_ticks;
    u8 attributes;
} PACKED;

struct roots {
    struct header header;
    union {
        u32 table[TABLES];
        u64 table_64[TABLES];
    };
} PACKED;

u8 table_sum(const void *of, u32 size)
{
    const u8 *bytes = of;
    u8 sum = 0;
    while (size--)
        sum = (u8)(sum + *bytes++);
    return sum;
}

/* Zeros. */
static void *take(struct table_room *room, u32 size)
{
    u8 *at = room->bytes + room->used;
    room->used += align_up(size, 64);
    return memset(at, 0, size);
}

/* To who reads it. */
static u32 address_of(const struct table_room *room, const void *table)
{
    return room->address + (u32)((const u8 *)table - room->bytes);
}

static void seal(struct header *h, const char *signature, u32 length, u8 revision)
{
    memcpy(h->signature, signature, 4);
    h->length = length;
    h->revision = revision;
    memcpy(h->oem, "TESSRA", 6);
    memcpy(h->table, "TESSERA ", 8);
    h->oem_revision = 1;
    memcpy(h->creator, "TSRA", 4);
    h->creator_revision = 1;
    h->checksum = 0;
    h->checksum = (u8)-table_sum(h, length);
}

static struct gas port(u32 address, u8 bytes)
{
    return (struct gas){.space = 1, .bits = (u8)(bytes * 8), .address = address};
}

/* --- the tables; each function returns its address --- */

static u32 make_facs(struct table_room *room)
{
    struct facs *f = take(room, sizeof *f);
    memcpy(f->signature, "FACS", 4);
    f->length = sizeof *f;
    f->version = 1;
    return address_of(room, f);
}

static u32 copy_dsdt(struct table_room *room, const struct acpi_machine *m)
{
    return address_of(room, memcpy(take(room, m->dsdt_size), m->dsdt, m->dsdt_size));
}

static void set_ports(struct fadt *f, u32 base)
{
    enum { CONTROL = 4, TIMER = 8 };
    f->event_a = base;
    f->event_size = 4;
    f->control_a = base + CONTROL;
    f->control_size = 2;
    f->timer = base + TIMER;
    f->timer_size = 4;
    f->x_event_a = port(f->event_a, f->event_size);
    f->x_control_a = port(f->control_a, f->control_size);
    f->x_timer = port(f->timer, f->timer_size);
}

static u32 make_fadt(struct table_room *room, u32 facs, u32 dsdt, const struct acpi_machine *m)
{
    enum { WBINVD = 1, C1 = 4, SLEEP_BUTTON = 0x20, RESET_REGISTER = 0x400 };
    enum { LEGACY_DEVICES = 1, HAS_8042 = 2, NO_C2 = 0xfff, RESET_PORT = 0xcf9, RESET = 6 };
    enum { CENTURY = 0x32 /* CMOS */ };
    struct fadt *f = take(room, sizeof *f);
    f->facs = facs;
    f->dsdt = dsdt;
    f->x_facs = facs;
    f->x_dsdt = dsdt;
    f->sci = SCI_INTERRUPT;
    f->smi_command = SMI_COMMAND;
    f->acpi_on = ACPI_ON;
    f->acpi_off = ACPI_OFF;
    set_ports(f, m->pm_base);
    f->c2_latency = f->c3_latency = NO_C2;
    f->century = CENTURY;
    f->boot_architecture = LEGACY_DEVICES | HAS_8042;
    f->flags = WBINVD | C1 | SLEEP_BUTTON | RESET_REGISTER;
    f->reset = port(RESET_PORT, 1);
    f->reset_value = RESET;
    seal(&f->header, "FACP", sizeof *f, 3);
    return address_of(room, f);
}

/* The 8254 is at the I/O APIC's input 2; the SCI is level-triggered, active high. */
static u32 make_madt(struct table_room *room)
{
    enum { ENABLED = 1, DUAL_8259 = 1, LEVEL_HIGH = 0x0d, ALL = 0xff };
    struct madt *t = take(room, sizeof *t);
    t->local_apic = (u32)LOCAL_APIC_ADDRESS;
    t->flags = DUAL_8259;
    t->processor.length = sizeof t->processor;
    t->processor.flags = ENABLED;
    t->io_apic.type = 1;
    t->io_apic.length = sizeof t->io_apic;
    t->io_apic.id = IO_APIC_ID;
    t->io_apic.address = (u32)IO_APIC_ADDRESS;
    t->timer.type = t->sci.type = 2;
    t->timer.length = t->sci.length = sizeof t->timer;
    t->timer.interrupt = TIMER_INPUT;
    t->sci.source = SCI_INTERRUPT;
    t->sci.interrupt = SCI_INTERRUPT;
    t->sci.flags = LEVEL_HIGH;
    t->nmi.type = 4;
    t->nmi.length = sizeof t->nmi;
    t->nmi.processor = ALL;
    t->nmi.pin = 1;
    seal(&t->header, "APIC", sizeof *t, 1);
    return address_of(room, t);
}

/* IA-PC HPET Specification 1.0a, 3.2.4; its id is the upper half of the chip's first register. */
static u32 make_hpet(struct table_room *room)
{
    enum { ID = (int)0x8086a201, LEAST_TICKS = 100 };
    struct hpet_table *t = take(room, sizeof *t);
    t->id = (u32)ID;
    t->base.address = (u32)HPET_ADDRESS;
    t->least_ticks = LEAST_TICKS;
    seal(&t->header, "HPET", sizeof *t, 1);
    return address_of(room, t);
}

static u32 make_root(struct table_room *room, bool wide, const u32 *tables, u32 count)
{
    struct roots *r = take(room, sizeof *r);
    for (u32 i = 0; i < count; i++)
        if (wide)
            r->table_64[i] = tables[i];
        else
            r->table[i] = tables[i];
    seal(&r->header, wide ? "XSDT" : "RSDT", (u32)sizeof r->header + count * (wide ? 8 : 4), 1);
    return address_of(room, r);
}

static struct acpi_rsdp make_rsdp(u32 rsdt, u32 xsdt)
{
    struct acpi_rsdp r = {.revision = 2, .rsdt = rsdt, .length = sizeof r, .xsdt = xsdt};
    memcpy(r.signature, "RSD PTR ", 8);
    memcpy(r.oem, "TESSRA", 6);
    r.checksum = (u8)-table_sum(&r, 20);
    r.extended_checksum = (u8)-table_sum(&r, sizeof r);
    return r;
}

struct acpi_rsdp acpi_make(struct table_room *nvs, struct table_room *room,
                           const struct acpi_machine *m)
{
    u32 tables[TABLES], count = 0;
    u32 facs = make_facs(nvs), dsdt = copy_dsdt(room, m);
    tables[count++] = make_fadt(room, facs, dsdt, m);
    if (m->has_apic)
        tables[count++] = make_madt(room);
    if (m->has_hpet)
        tables[count++] = make_hpet(room);
    u32 rsdt = make_root(room, false, tables, count);
    return make_rsdp(rsdt, make_root(room, true, tables, count));
}
