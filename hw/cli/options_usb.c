/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options about the USB: -usb, -usbdevice, and -device's that are plugged in there. */
#include "hw/cli/option_setters.h"

#include "hw/usb/host.h"

#include <string.h>

static bool is_controller(const char *text, size_t length)
{
    return is_among("piix3-usb-uhci", '|', text, length);
}

static size_t name_length(const struct given *g)
{
    return strcspn(g->value, ",");
}

bool is_usb(const struct given *g)
{
    return is_controller(g->value, name_length(g)) || usb_model_find(g->value, name_length(g));
}

static const struct setting controller_properties[] = {{"id", "NAME", .set = set_nothing}, {0}};

static const struct setting device_properties[] = {
    {"bus", "NAME", .set = set_nothing},
    {"port", "NUMBER", .set = set_nothing},
    {"id", "NAME", .set = set_nothing},
    {0},
};

static bool plug(const struct given *g, const struct usb_model *model)
{
    struct options *o = g->options;
    o->usb = true;
    if (o->usb_devices == USB_DEVICES)
        return refuse(g, "the USB has only %d ports, and there is no hub", USB_DEVICES);
    for (unsigned i = 0; i < o->usb_devices && !model->has_disk; i++)
        if (strcmp(o->usb_device[i].model, model->name) == 0)
            return refuse(g, "one of these is enough");
    o->usb_device[o->usb_devices++] = (struct usb_device_request){g->option, model->name};
    return true;
}

static bool set_plug(const struct given *g, const struct usb_model *model)
{
    unsigned port = g->options->usb_devices;
    if (!plug(g, model))
        return false;
    if (!model->has_disk)
        return set_rest(g, name_length(g), device_properties);
    return add_drive_device(g, DRIVE_USB, port) &&
           set_rest(g, name_length(g), usb_storage_properties);
}

bool set_usb_device(const struct given *g)
{
    if (!is_controller(g->value, name_length(g)))
        return set_plug(g, usb_model_find(g->value, name_length(g)));
    g->options->usb = true;
    return set_rest(g, name_length(g), controller_properties);
}

bool set_old_usb_device(const struct given *g)
{
    char names[64];
    for (const struct usb_model *m = usb_models; m->name; m++)
        if (m->old_name && strcmp(m->old_name, g->value) == 0)
            return plug(g, m);
    join_choices(usb_model_old_name, names, sizeof names);
    return refuse(g, "no such device; there is %s", names);
}
