/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See piix4_pm.h. Register names are the data sheet's. */
#include "hw/pc/piix4_pm.h"

#include "exec/exec.h"

#include <string.h>

/* PCI configuration space */
enum {
    PMBA = 0x40,
    DEVACTB = 0x58,
    PMREGMISC = 0x80,
    PMIOSE = 0x01,
    SMBBA = 0x90,
    SMBHSTCFG = 0xd2,
    SMB_HST_EN = 0x01,
    SMB_IRQ_MASK = 0x0e,
    SMB_IRQ_9 = 0x08,
    BASE_IO = 1,
};
#define APMC_EN 0x02000000u

/* Ports from PMBA on */
enum {
    PM_PORTS = 64,
    PMSTS = 0x00,
    PMEN = 0x02,
    PMCNTRL = 0x04,
    PMTMR = 0x08,
    GPSTS = 0x0c,
    GPEN = 0x0e,
    PCNTRL = 0x10,
    PLVL2 = 0x14,
    PLVL3 = 0x15,
    GPIREG = 0x30,
};
enum {
    TMROF = 0x0001,
    PWRBTN = 0x0100,
    STATUS_BITS = 0x8531,
    ENABLE_BITS = 0x0521,
    SCI_EN = 0x0001,
    CONTROL_BITS = 0x1c03,
    SUS_TYP = 0x1c00,
    SUS_EN = 0x2000,
};
enum { SOFT_OFF = 0x0000 };
enum { APM_ACPI_ON = 0xf1, APM_ACPI_OFF = 0xf0 };
enum { PORT_SMB = 0x700 };

/* --- the timer: 24 bits, which overflow whenever the highest changes --- */

enum { TIMER_MASK = 0xffffff, HALF_BITS = 23 };

static uint64_t tick_now(const struct piix4_pm *s)
{
    return muldiv(timers_now(s->timers), PM_TIMER_HZ, NS_PER_S);
}

static uint64_t next_overflow(uint64_t tick)
{
    return ((tick >> HALF_BITS) + 1) << HALF_BITS;
}

/* --- interrupts --- */

static uint16_t status_of(const struct piix4_pm *s)
{
    return s->status | (tick_now(s) >= s->overflow ? TMROF : 0);
}

static bool smb_interrupts(const struct piix4_pm *s)
{
    return (s->pci.config[SMBHSTCFG] & SMB_IRQ_MASK) == SMB_IRQ_9 && piix4_smb_interrupts(&s->smb);
}

/* The SCI's level follows from registers and time; the timer runs if time may change it. */
static void update(struct piix4_pm *s)
{
    uint16_t status = status_of(s);
    bool on = s->control & SCI_EN;
    bool waits = on && s->enable & TMROF && !(status & TMROF);
    irq_set(&s->sci, (on && (status & s->enable || s->general_status & s->general_enable)) ||
                         smb_interrupts(s));
    timer_set(&s->timer, waits ? muldiv(s->overflow, NS_PER_S, PM_TIMER_HZ) + 1 : TIMER_NEVER);
}

static void overflowed(void *device, uint64_t now)
{
    (void)now;
    update(device);
}

void piix4_pm_press_button(struct piix4_pm *s)
{
    s->status |= PWRBTN;
    update(s);
}

/* --- power management's ports --- */

static void write_control(struct piix4_pm *s, uint16_t value)
{
    s->control = value & CONTROL_BITS;
    if (!(value & SUS_EN))
        return;
    if ((value & SUS_TYP) == SOFT_OFF) {
        irq_set(&s->off, true);
        irq_set(&s->off, false);
    } else {
        log_if(LOG_UNIMP, "piix4: nothing suspends (PMCNTRL %04x)\n", value);
    }
}

static void clear_status(struct piix4_pm *s, uint16_t bits)
{
    s->status &= (uint16_t)~bits;
    if (bits & TMROF)
        s->overflow = next_overflow(tick_now(s));
}

static uint16_t read_word(const struct piix4_pm *s, unsigned offset)
{
    switch (offset) {
    case PMSTS:
        return status_of(s);
    case PMEN:
        return s->enable;
    case PMCNTRL:
        return s->control;
    case PMTMR:
        return (uint16_t)tick_now(s);
    case PMTMR + 2:
        return (uint16_t)((tick_now(s) & TIMER_MASK) >> 16);
    case GPSTS:
        return s->general_status;
    case GPEN:
        return s->general_enable;
    case PLVL2: /* with PLVL3: the clock stops for as long as this takes */
        return 0;
    default:
        return (uint16_t)(s->rest[offset] | s->rest[offset + 1] << 8);
    }
}

static void write_word(struct piix4_pm *s, unsigned offset, uint16_t value)
{
    switch (offset) {
    case PMSTS:
        clear_status(s, value & STATUS_BITS);
        break;
    case PMEN:
        s->enable = value & ENABLE_BITS;
        break;
    case PMCNTRL:
        write_control(s, value);
        break;
    case GPSTS:
        s->general_status &= (uint16_t)~value;
        break;
    case GPEN:
        s->general_enable = value;
        break;
    case PMTMR:
    case PMTMR + 2:
    case PLVL2:
    case GPIREG:
    case GPIREG + 2:
        break;
    default:
        s->rest[offset] = (uint8_t)value;
        s->rest[offset + 1] = (uint8_t)(value >> 8);
    }
}

static uint32_t pm_read(void *device, uint32_t offset, unsigned size)
{
    const struct piix4_pm *s = device;
    uint32_t low = offset & ~1u, value = read_word(s, low);
    if (size == 4) {
        /* PMTMR in one piece: it may go on between two looks. */
        return offset == PMTMR ? (uint32_t)(tick_now(s) & TIMER_MASK)
                               : value | (uint32_t)read_word(s, low + 2) << 16;
    }
    value >>= 8 * (offset & 1);
    return size == 1 ? value & 0xff : value;
}

/* A byte that is written leaves the other one of its word; of a status it clears nothing. */
static void write_byte(struct piix4_pm *s, unsigned offset, uint8_t value)
{
    unsigned low = offset & ~1u, shift = 8 * (offset & 1);
    bool is_status = low == PMSTS || low == GPSTS;
    uint16_t other = is_status ? 0 : read_word(s, low) & (uint16_t)(0xff00 >> shift);
    write_word(s, low, (uint16_t)(other | value << shift));
}

static void pm_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct piix4_pm *s = device;
    if (size == 1)
        write_byte(s, offset, (uint8_t)value);
    else
        write_word(s, offset, (uint16_t)value);
    if (size == 4)
        write_word(s, offset + 2, (uint16_t)(value >> 16));
    update(s);
}

static uint32_t smb_read(void *device, uint32_t offset, unsigned size)
{
    struct piix4_pm *s = device;
    (void)size;
    return piix4_smb_read(&s->smb, offset);
}

static void smb_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct piix4_pm *s = device;
    (void)size;
    piix4_smb_write(&s->smb, offset, (uint8_t)value);
    update(s);
}

uint32_t apm_read(void *device, uint32_t offset, unsigned size)
{
    const struct piix4_pm *s = device;
    (void)size;
    return offset ? s->apms : s->apmc;
}

void apm_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct piix4_pm *s = device;
    (void)size;
    if (offset) {
        s->apms = (uint8_t)value;
        return;
    }
    s->apmc = (uint8_t)value;
    if (value == APM_ACPI_ON)
        s->control |= SCI_EN;
    else if (value == APM_ACPI_OFF)
        s->control &= (uint16_t)~SCI_EN;
    update(s);
}

/* --- the function --- */

static uint16_t base_at(const struct piix4_pm *s, unsigned offset, unsigned count)
{
    return (uint16_t)((s->pci.config[offset] | s->pci.config[offset + 1] << 8) & -count);
}

static void place(struct piix4_pm *s)
{
    const uint8_t *config = s->pci.config;
    uint16_t pm = base_at(s, PMBA, PM_PORTS), smb = base_at(s, SMBBA, PIIX4_SMB_PORTS);
    ports_place(s->pci.bus->ports, s->range, pm, pm && config[PMREGMISC] & PMIOSE);
    ports_place(s->pci.bus->ports, s->smb.range, smb,
                smb && config[SMBHSTCFG] & SMB_HST_EN && config[PCI_COMMAND] & PCI_COMMAND_IO);
}

static void changed(void *device)
{
    place(device);
    update(device);
}

void piix4_pm_enable(struct piix4_pm *s)
{
    uint8_t *config = s->pci.config;
    config[PMBA + 1] = PIIX4_PM_BASE >> 8;
    config[PMREGMISC] = PMIOSE;
    config[SMBBA + 1] = PORT_SMB >> 8;
    config[SMBHSTCFG] = SMB_HST_EN | SMB_IRQ_9;
    config[PCI_COMMAND] |= PCI_COMMAND_IO;
    config[PCI_INTERRUPT_LINE] = SCI_IRQ;
    changed(s);
}

/* "PCI Configuration Registers, Function 3" */
static void set_registers(struct pci_function *f)
{
    pci_set(f, PCI_COMMAND, 2, 0, PCI_COMMAND_IO);
    pci_set(f, PCI_STATUS, 2, 0x0280, 0);
    pci_set_interrupt_pin(f, 1);
    pci_set(f, PMBA, 4, BASE_IO, 0xffc0);
    for (unsigned offset = PMBA + 4; offset < PMREGMISC; offset += 4)
        pci_set(f, offset, 4, 0, 0xffffffff); /* CNTA to DEVRESJ */
    pci_set(f, DEVACTB, 4, APMC_EN, 0xffffffff);
    pci_set(f, PMREGMISC, 1, 0, PMIOSE);
    pci_set(f, SMBBA, 4, BASE_IO, 0xfff0);
    pci_set(f, SMBHSTCFG, 4, 0, 0xffffff0f); /* with SMBSLVC, SMBSHDW1, SMBSHDW2 */
}

bool piix4_pm_init(struct piix4_pm *s, struct pci *bus, struct timers *timers, struct irq_line sci,
                   struct irq_line off)
{
    memset(s, 0, sizeof *s);
    s->timers = timers;
    s->sci = sci;
    s->off = off;
    timer_init(&s->timer, timers, overflowed, s);
    s->overflow = next_overflow(0);
    pci_function_init(&s->pci, 1, 3, 0x8086, 0x7113, 0x06800003);
    set_registers(&s->pci);
    s->range = ports_add_movable(bus->ports, PM_PORTS, 4, pm_read, pm_write, s);
    s->smb.range = ports_add_movable(bus->ports, PIIX4_SMB_PORTS, 1, smb_read, smb_write, s);
    s->pci.changed = changed;
    s->pci.device = s;
    pci_add(bus, &s->pci);
    return s->range && s->smb.range;
}

static void reset(void *device)
{
    struct piix4_pm *s = device;
    s->status = s->enable = s->control = 0;
    s->general_status = s->general_enable = 0;
    memset(s->rest, 0, sizeof s->rest);
    s->apmc = s->apms = 0;
    s->overflow = next_overflow(tick_now(s));
    piix4_smb_reset(&s->smb);
    pci_function_reset(&s->pci);
}

/* --- state --- */

static void restored(void *device)
{
    place(device);
}

static const struct state_field fields[] = {
    {STATE_OF(piix4_pm, pci, &pci_function_state)},
    {NOT_STATE(piix4_pm, timers)},
    {STATE_OF_TIMER(piix4_pm, timer)},
    {NOT_STATE(piix4_pm, sci)},
    {NOT_STATE(piix4_pm, off)},
    {NOT_STATE(piix4_pm, range)},
    {STATE_OF(piix4_pm, smb, &piix4_smb_state)},
    {STATE(piix4_pm, status)},
    {STATE(piix4_pm, enable)},
    {STATE(piix4_pm, overflow)},
    {STATE(piix4_pm, control)},
    {STATE(piix4_pm, general_status)},
    {STATE(piix4_pm, general_enable)},
    {STATE_BYTES(piix4_pm, rest)},
    {STATE(piix4_pm, apmc)},
    {STATE(piix4_pm, apms)},
    {0},
};
static const struct state_table state = STATE_TABLE(piix4_pm, 1, fields);
const struct device piix4_pm_device = {
    .name = "piix4-pm", .reset = reset, .state = &state, .restored = restored};
