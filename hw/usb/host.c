/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See host.h. */
#include "hw/usb/host.h"

#include <string.h>

static struct usb_hid *add_hid(struct usb_host *h, struct usb_plug *p, enum usb_hid_type type,
                               const struct device *device)
{
    usb_hid_init(&p->hid, type, h->timers);
    devices_add(h->devices, device, &p->hid);
    uhci_plug(&h->uhci, (unsigned)(p - h->plug), &p->hid.usb);
    return &p->hid;
}

static void create_keyboard(struct usb_host *h, struct usb_plug *p, const struct usb_plug_setup *s)
{
    (void)s;
    h->input.keyboard = add_hid(h, p, USB_KEYBOARD, &usb_keyboard_device);
}

static void create_mouse(struct usb_host *h, struct usb_plug *p, const struct usb_plug_setup *s)
{
    (void)s;
    h->input.mouse = add_hid(h, p, USB_MOUSE, &usb_mouse_device);
}

static void create_tablet(struct usb_host *h, struct usb_plug *p, const struct usb_plug_setup *s)
{
    (void)s;
    h->input.tablet = add_hid(h, p, USB_TABLET, &usb_tablet_device);
}

static void create_storage(struct usb_host *h, struct usb_plug *p, const struct usb_plug_setup *s)
{
    usb_storage_init(&p->storage, s->disk, s->serial);
    devices_add(h->devices, &usb_storage_device, &p->storage);
    uhci_plug(&h->uhci, (unsigned)(p - h->plug), &p->storage.usb);
}

const struct usb_model usb_models[] = {
    {"usb-kbd", "keyboard", "a keyboard, for the USB", create_keyboard, false},
    {"usb-mouse", "mouse", "a mouse, for the USB", create_mouse, false},
    {"usb-tablet", "tablet", "a pointer with absolute coordinates, for the USB", create_tablet,
     false},
    {"usb-storage", NULL, "a disk, for the USB", create_storage, true},
    {0},
};

static bool is_name(const char *name, const char *word, size_t length)
{
    return name && strlen(name) == length && strncmp(name, word, length) == 0;
}

const struct usb_model *usb_model_find(const char *name, size_t length)
{
    for (const struct usb_model *m = usb_models; m->name; m++)
        if (is_name(m->name, name, length) || is_name(m->old_name, name, length))
            return m;
    return NULL;
}

const char *usb_model_name(unsigned i)
{
    return usb_models[i].name;
}

const char *usb_model_old_name(unsigned i)
{
    return usb_models[i].old_name;
}

bool usb_host_init(struct usb_host *h, const struct usb_host_setup *setup, struct timers *timers,
                   struct memory *memory, struct pci *pci, struct devices *devices)
{
    h->timers = timers;
    h->devices = devices;
    if (!setup->present)
        return true;
    devices_add(devices, &uhci_device, &h->uhci);
    if (!uhci_init(&h->uhci, timers, memory, pci))
        return false;
    for (unsigned i = 0; i < UHCI_PORTS; i++)
        if (setup->plug[i].model)
            setup->plug[i].model->create(h, &h->plug[i], &setup->plug[i]);
    return true;
}
