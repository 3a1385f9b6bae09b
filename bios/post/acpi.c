/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ACPI's tables (Advanced Configuration and Power Interface Specification 2.0, 5.2): those that
 * fw_cfg gives, or our own if there is the PIIX4's power management to tell of.
 */
#include "bios/post/post.h"
#include "bios/post/tables.h"

extern u8 acpi_rsdp[ACPI_RSDP_SIZE];
extern const u8 acpi_dsdt[];
extern const u32 acpi_dsdt_size;

enum { SCI_IRQ = 9, SMI_COMMAND = 0xb2, ACPI_ON = 0xf1, ACPI_OFF = 0xf0 };
enum { LOCAL_APIC = 0xfee00000u, IO_APIC = 0xfec00000u };

struct header {
    char signature[4];
    u32 length;
    u8 revision, checksum;
    char oem[6], table[8];
    u32 oem_revision;
    char creator[4];
    u32 creator_revision;
} PACKED;

struct rsdp {
    char signature[8];
    u8 checksum;
    char oem[6];
    u8 revision;
    u32 rsdt, length;
    u64 xsdt;
    u8 extended_checksum, reserved[3];
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

struct roots {
    struct header header;
    union {
        u32 table[2];
        u64 table_64[2];
    };
} PACKED;

static u8 *next;

static void *take(u32 size)
{
    u8 *at = next;
    next += align_up(size, 64);
    return at;
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

/* --- the tables --- */

static u32 make_facs(void)
{
    struct facs *f = take(sizeof *f);
    memset(f, 0, sizeof *f);
    memcpy(f->signature, "FACS", 4);
    f->length = sizeof *f;
    f->version = 1;
    return (u32)f;
}

static u32 copy_dsdt(void)
{
    void *at = take(acpi_dsdt_size);
    memcpy(at, acpi_dsdt, acpi_dsdt_size);
    return (u32)at;
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

static struct header *make_fadt(u32 facs, u32 dsdt)
{
    enum { WBINVD = 1, C1 = 4, SLEEP_BUTTON = 0x20, RESET_REGISTER = 0x400 };
    enum { LEGACY_DEVICES = 1, HAS_8042 = 2, NO_C2 = 0xfff, RESET_PORT = 0xcf9, RESET = 6 };
    struct fadt *f = take(sizeof *f);
    memset(f, 0, sizeof *f);
    f->facs = facs;
    f->dsdt = dsdt;
    f->x_facs = facs;
    f->x_dsdt = dsdt;
    f->sci = SCI_IRQ;
    f->smi_command = SMI_COMMAND;
    f->acpi_on = ACPI_ON;
    f->acpi_off = ACPI_OFF;
    set_ports(f, the_setup->pm_base);
    f->c2_latency = f->c3_latency = NO_C2;
    f->century = CMOS_CENTURY;
    f->boot_architecture = LEGACY_DEVICES | HAS_8042;
    f->flags = WBINVD | C1 | SLEEP_BUTTON | RESET_REGISTER;
    f->reset = port(RESET_PORT, 1);
    f->reset_value = RESET;
    seal(&f->header, "FACP", sizeof *f, 3);
    return &f->header;
}

/* The 8254 is at the I/O APIC's input 2; the SCI is level-triggered, active high. */
static struct header *make_madt(void)
{
    enum { ENABLED = 1, DUAL_8259 = 1, LEVEL_HIGH = 0x0d, ALL = 0xff };
    struct madt *m = take(sizeof *m);
    memset(m, 0, sizeof *m);
    m->local_apic = LOCAL_APIC;
    m->flags = DUAL_8259;
    m->processor.length = sizeof m->processor;
    m->processor.flags = ENABLED;
    m->io_apic.type = 1;
    m->io_apic.length = sizeof m->io_apic;
    m->io_apic.address = IO_APIC;
    m->timer.type = m->sci.type = 2;
    m->timer.length = m->sci.length = sizeof m->timer;
    m->timer.interrupt = 2;
    m->sci.source = SCI_IRQ;
    m->sci.interrupt = SCI_IRQ;
    m->sci.flags = LEVEL_HIGH;
    m->nmi.type = 4;
    m->nmi.length = sizeof m->nmi;
    m->nmi.processor = ALL;
    m->nmi.pin = 1;
    seal(&m->header, "APIC", sizeof *m, 1);
    return &m->header;
}

static bool have_apic(void)
{
    u32 a = 1, b = 0, c = 0, d = 0;
    cpu_id(1, &a, &b, &c, &d);
    return d & 1 << 9;
}

static struct header *make_root(bool wide, struct header *const tables[2])
{
    struct roots *r = take(sizeof *r);
    u32 count = tables[1] ? 2 : 1;
    memset(r, 0, sizeof *r);
    for (u32 i = 0; i < count; i++)
        if (wide)
            r->table_64[i] = (u32)tables[i];
        else
            r->table[i] = (u32)tables[i];
    seal(&r->header, wide ? "XSDT" : "RSDT", sizeof r->header + count * (wide ? 8 : 4), 1);
    return &r->header;
}

static void make_rsdp(const struct header *rsdt, const struct header *xsdt)
{
    struct rsdp *r = (struct rsdp *)*IN_BIOS(acpi_rsdp);
    memset(r, 0, sizeof *r);
    memcpy(r->signature, "RSD PTR ", 8);
    memcpy(r->oem, "TESSRA", 6);
    r->revision = 2;
    r->rsdt = (u32)rsdt;
    r->length = sizeof *r;
    r->xsdt = (u32)xsdt;
    r->checksum = (u8)-table_sum(r, 20);
    r->extended_checksum = (u8)-table_sum(r, sizeof *r);
}

void acpi_init(void)
{
    enum { ROOM = 0x10000, FACS_ROOM = 0x1000 };
    struct header *tables[2] = {NULL, NULL};
    if (acpi_load_given() || !the_setup->pm_base)
        return;
    u32 facs_at = memory_reserve(FACS_ROOM, MAP_NVS), at = memory_reserve(ROOM, MAP_ACPI);
    if (!facs_at || !at)
        return;
    next = (u8 *)facs_at;
    u32 facs = make_facs();
    next = (u8 *)at;
    u32 dsdt = copy_dsdt();
    tables[0] = make_fadt(facs, dsdt);
    if (have_apic())
        tables[1] = make_madt();
    const struct header *rsdt = make_root(false, tables);
    make_rsdp(rsdt, make_root(true, tables));
}
