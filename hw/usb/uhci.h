/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The PIIX3's function 2: a USB host controller with two ports. Intel, Universal Host Controller
 * Interface (UHCI) Design Guide 1.1; 82371SB data sheet (290550), function 2.
 *
 *   uhci_init(&s->uhci, timers, memory, pci);
 *   uhci_plug(&s->uhci, 0, &keyboard->usb);
 */
#ifndef HW_USB_UHCI_H
#define HW_USB_UHCI_H

#include "hw/bus/pci.h"
#include "hw/timer.h"
#include "hw/usb/usb.h"

enum { UHCI_PORTS = 2, UHCI_PACKET = 1280 /* the longest */ };

struct uhci_port {
    struct usb_device *device; /* NULL: nothing is plugged in */
    uint16_t control;          /* PORTSC, but for what follows from the device */
};

struct uhci {
    struct pci_function pci;
    struct memory *memory;
    struct timer timer;
    uint16_t command, status, enabled; /* USBCMD, USBSTS, USBINTR */
    uint8_t causes;                    /* of USBSTS's USBINT: bits as in USBINTR */
    uint16_t frame;                    /* FRNUM of the frame that is not done yet, */
    uint64_t begun;                    /* ... which began at this time */
    uint32_t base;                     /* FRBASEADD */
    uint8_t sof;                       /* SOFMOD */
    uint8_t patience;                  /* 2^patience frames are done at once */
    struct uhci_port port[UHCI_PORTS];
    uint8_t packet[UHCI_PACKET];
};

/* False if there are too many ranges of ports. */
bool uhci_init(struct uhci *s, struct timers *timers, struct memory *memory, struct pci *bus);
/* Before the first reset; the device stays the caller's. */
void uhci_plug(struct uhci *s, unsigned port, struct usb_device *device);
extern const struct device uhci_device;

#endif
