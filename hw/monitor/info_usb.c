/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What info tells of the USB. */
#include "hw/monitor/monitor.h"
#include "hw/usb/uhci.h"

bool monitor_info_usb(struct monitor_call *c)
{
    const struct uhci *uhci = monitor_chip(c->monitor, &uhci_device, 0);
    if (!uhci)
        return error_set(c->error, "this machine has no USB (-usb)");
    for (unsigned i = 0; i < UHCI_PORTS; i++) {
        const struct usb_device *d = uhci->port[i].device;
        if (d)
            fprintf(c->to, "  Device 0.%u, Port %u, Speed 12 Mb/s, Product %s%s\n", d->address,
                    i + 1, d->kind->product, d->configuration ? "" : ", not configured");
    }
    return true;
}
