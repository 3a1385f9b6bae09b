/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of the host controller. */
#ifndef HW_USB_UHCI_INTERNAL_H
#define HW_USB_UHCI_INTERNAL_H

#include "hw/usb/uhci.h"

/* USBCMD, USBSTS, USBINTR: UHCI 1.1, 2.1 */
enum { COMMAND_RUN = 1, COMMAND_HC_RESET = 2, COMMAND_GLOBAL_RESET = 4, COMMAND_SUSPEND = 8 };
enum { COMMAND_RESUME = 0x10, COMMAND_DEBUG = 0x20 };
enum {
    STATUS_INTERRUPT = 1,
    STATUS_ERROR = 2,
    STATUS_RESUME = 4,
    STATUS_SYSTEM_ERROR = 8,
    STATUS_PROCESS_ERROR = 0x10,
    STATUS_HALTED = 0x20
};
enum { ENABLE_ERROR = 1, ENABLE_RESUME = 2, ENABLE_COMPLETE = 4, ENABLE_SHORT = 8 };

/* PORTSC: 2.1.7 */
enum {
    PORT_CONNECTED = 0x0001,
    PORT_CONNECT_CHANGED = 0x0002,
    PORT_ENABLED = 0x0004,
    PORT_ENABLE_CHANGED = 0x0008,
    PORT_D_PLUS = 0x0010,
    PORT_RESUME = 0x0040,
    PORT_ALWAYS = 0x0080,
    PORT_RESET = 0x0200,
    PORT_SUSPENDED = 0x1000
};

enum { FRAME_NUMBERS = 0x800 };

/* The frame whose number is s->frame; false if nothing but NAK came of it. */
bool uhci_run_frame(struct uhci *s);
/* Stops for good: the guest has to reset it. */
void uhci_halt(struct uhci *s);

#endif
