/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A keyboard, a mouse and a tablet, which tells where its pen is, not how far it has moved. Device
 * Class Definition for HID 1.11, with the boot protocol (appendix B).
 */
#ifndef HW_USB_HID_H
#define HW_USB_HID_H

#include "hw/host/input.h"
#include "hw/timer.h"
#include "hw/usb/usb.h"

enum { USB_HID_REPORTS = 16, USB_HID_REPORT = 8 };
enum usb_hid_type { USB_KEYBOARD, USB_MOUSE, USB_TABLET };

struct usb_hid_report {
    uint8_t bytes[USB_HID_REPORT];
};

struct usb_hid {
    struct usb_device usb;
    struct timers *timers;
    uint8_t type;
    bool boot;    /* the boot protocol is spoken */
    uint8_t idle; /* after so many times 4 ms a report is sent again; 0: never */
    uint64_t sent;
    uint8_t leds;                                  /* the keyboard's, as the usage page has them */
    uint8_t down[32];                              /* the keyboard's keys by usage, a bit each */
    struct usb_hid_report current;                 /* what has been reported, */
    struct usb_hid_report report[USB_HID_REPORTS]; /* and what is to be */
    uint8_t head, count;
};

void usb_hid_init(struct usb_hid *s, enum usb_hid_type type, struct timers *timers);
extern const struct device usb_keyboard_device, usb_mouse_device, usb_tablet_device;

/*
 * Keys and the pointer go to the devices that a driver has taken up; else to those that were there
 * before, which firmware knows.
 */
struct usb_input {
    struct input_sink base;
    struct usb_hid *keyboard, *mouse, *tablet; /* or NULL */
};
/* The whole as a sink; the struct stays the caller's. */
struct input_sink usb_input_sink(struct usb_input *s);

#endif
