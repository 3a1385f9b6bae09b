/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host controller with what is plugged in: which models there are, and how one is made. */
#ifndef HW_USB_HOST_H
#define HW_USB_HOST_H

#include "hw/usb/hid.h"
#include "hw/usb/storage.h"
#include "hw/usb/uhci.h"

struct usb_host;
struct usb_plug;

/* What a device is made from. */
struct usb_plug_setup {
    const struct usb_model *model; /* NULL: nothing is plugged in */
    struct disk *disk;             /* of a model that has one, */
    const char *serial;            /* ... and its serial number; or NULL */
};

struct usb_model {
    const char *name;
    const char *old_name; /* -usbdevice's; or NULL */
    const char *description;
    void (*create)(struct usb_host *h, struct usb_plug *p, const struct usb_plug_setup *s);
    bool has_disk;
};
/* The last has no name. */
extern const struct usb_model usb_models[];
/* By either name, the first `length` characters; NULL if there is none. */
const struct usb_model *usb_model_find(const char *name, size_t length);
const char *usb_model_name(unsigned i);
const char *usb_model_old_name(unsigned i);

struct usb_plug {
    union {
        struct usb_hid hid;
        struct usb_storage storage;
    };
};

struct usb_host {
    struct uhci uhci;
    struct usb_plug plug[UHCI_PORTS];
    struct usb_input input;
    struct timers *timers;
    struct devices *devices;
};

struct usb_host_setup {
    bool present;
    struct usb_plug_setup plug[UHCI_PORTS];
};

/*
 * On zeros. All of it becomes part of `devices`; `input` is to be given its base.
 * False if there are too many ranges of ports.
 */
bool usb_host_init(struct usb_host *h, const struct usb_host_setup *setup, struct timers *timers,
                   struct memory *memory, struct pci *pci, struct devices *devices);

#endif
