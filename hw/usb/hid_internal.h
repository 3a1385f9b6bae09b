/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of the input devices. */
#ifndef HW_USB_HID_INTERNAL_H
#define HW_USB_HID_INTERNAL_H

#include "hw/usb/hid.h"

/* Do fewer than `most` reports wait? */
bool usb_hid_has_room(const struct usb_hid *s, unsigned most);
/* The last that waits, or that was sent. */
struct usb_hid_report *usb_hid_last(struct usb_hid *s);
/* One more; without room it is lost. */
void usb_hid_report(struct usb_hid *s, const struct usb_hid_report *r);

#endif
