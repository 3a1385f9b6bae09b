/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a virtio function's registers are (virtio 1.2, 4.1.4), for POST and INT 13h. */
#ifndef BIOS_DISK_VIRTIO_H
#define BIOS_DISK_VIRTIO_H

#include "bios/lib/io.h"

enum virtio_region { VIRTIO_COMMON = 1, VIRTIO_NOTIFY, VIRTIO_ISR, VIRTIO_DEVICE, VIRTIO_WINDOW };

/* In such a capability. */
enum { CAP_NEXT = 1, CAP_TYPE = 3, CAP_BAR = 4, CAP_OFFSET = 8, CAP_LENGTH = 12, CAP_MORE = 16 };

/* The queue of the legacy interface has the size that the device chooses, and its memory begins
 * with a page (2.7.2): up to 256 descriptors, rings. */
enum { VIRTIO_LEGACY_MOST = 256, VIRTIO_LEGACY_MEMORY = 0x3000 };

/* Offset of a capability; 0: it has none of that type. */
static inline u8 virtio_capability(u16 function, enum virtio_region type)
{
    enum { PCI_CAPABILITIES = 0x34, VENDOR_SPECIFIC = 9 };
    enum { MOST = 48 }; /* whatever the links say */
    u8 at = pci_read8(function, PCI_CAPABILITIES);
    for (unsigned i = 0; at && i < MOST; i++) {
        if (pci_read8(function, at) == VENDOR_SPECIFIC &&
            pci_read8(function, (u8)(at + CAP_TYPE)) == type)
            return at;
        at = pci_read8(function, (u8)(at + CAP_NEXT));
    }
    return 0;
}

/* Without that of version 1, a function has the legacy interface alone. */
static inline bool virtio_is_legacy(u16 function)
{
    return !virtio_capability(function, VIRTIO_COMMON);
}

#endif
