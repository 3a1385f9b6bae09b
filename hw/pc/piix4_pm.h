/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Function 3 of the 82371AB (PIIX4): ACPI's power management and an SMBus host. Intel 82371AB data
 * sheet (290562). It sits beside a PIIX3's functions, as in QEMU's PC.
 *
 * There is no system management mode. What a BIOS's handler does when a system writes to port B2h
 * that it takes ACPI over, or gives it back, is done here; DEVACTB says from the start that such
 * writes are seen to, so that BIOSes do not set out to.
 */
#ifndef HW_PC_PIIX4_PM_H
#define HW_PC_PIIX4_PM_H

#include "hw/bus/pci.h"
#include "hw/pc/piix4_smb.h"
#include "hw/timer.h"

#define PM_TIMER_HZ 3579545u

enum { APM_PORT = 0xb2, APM_PORTS = 2, SCI_IRQ = 9, PIIX4_PM_BASE = 0x600 /* as BIOSes have it */ };

struct piix4_pm {
    struct pci_function pci;
    struct timers *timers;
    struct timer timer;  /* PMTMR's next overflow, if that is to interrupt */
    struct irq_line sci; /* IRQ 9 */
    struct irq_line off; /* pulsed when the guest turns the machine off */
    unsigned range;      /* of ports: power management's */
    struct piix4_smb smb;
    uint16_t status, enable; /* PMSTS but for TMROF_STS, PMEN */
    uint64_t overflow;       /* the tick from which on TMROF_STS is set */
    uint16_t control;        /* PMCNTRL */
    uint16_t general_status, general_enable;
    uint8_t rest[64]; /* of the ports: registers that keep what they are given */
    uint8_t apmc, apms;
};

/* `sci` is IRQ 9. False if there are too many ranges of ports. */
bool piix4_pm_init(struct piix4_pm *s, struct pci *bus, struct timers *timers, struct irq_line sci,
                   struct irq_line off);
extern const struct device piix4_pm_device;
/* Registers as a BIOS leaves them. */
void piix4_pm_enable(struct piix4_pm *s);
/* The power button, pressed and let go: a system that uses ACPI is told. */
void piix4_pm_press_button(struct piix4_pm *s);

/* Ports B2h and B3h: APM control and status. */
uint32_t apm_read(void *device, uint32_t offset, unsigned size);
void apm_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
