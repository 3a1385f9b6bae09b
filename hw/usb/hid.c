/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Input devices on a USB: their descriptors, their requests, and reports on their way. HID 1.11. */
#include "hw/usb/hid_internal.h"

#include <string.h>

/* --- descriptors: items as in 6.2.2, with usages of HID Usage Tables 1.12 --- */

/* Appendix B.1 */
static const uint8_t keyboard_report[] = {
    0x05, 0x01,                                                       /* generic desktop: */
    0x09, 0x06,                                                       /* a keyboard */
    0xa1, 0x01,                                                       /* application */
    0x05, 0x07,                                                       /*   keys */
    0x19, 0xe0,                                                       /*   from left Control */
    0x29, 0xe7,                                                       /*   to right GUI: */
    0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02,       /* 8 bits */
    0x95, 0x01, 0x75, 0x08, 0x81, 0x01,                               /* a byte for nothing */
    0x05, 0x08, 0x19, 0x01, 0x29, 0x05,                               /* lights: */
    0x95, 0x05, 0x75, 0x01, 0x91, 0x02,                               /* 5 bits out */
    0x95, 0x01, 0x75, 0x03, 0x91, 0x01,                               /* 3 for nothing */
    0x05, 0x07, 0x19, 0x00, 0x2a, 0xff, 0x00,                         /* keys that are down: */
    0x15, 0x00, 0x26, 0xff, 0x00, 0x95, 0x06, 0x75, 0x08, 0x81, 0x00, /* 6 numbers */
    0xc0,
};

/* Of a mouse and a tablet the same, in a mouse's application: a pointer, and first five buttons. */
#define POINTER_BUTTONS                                                                            \
    0x05, 0x01, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x01, 0xa1, 0x00, 0x05, 0x09, 0x19, 0x01, 0x29,      \
        0x05, 0x15, 0x00, 0x25, 0x01, 0x95, 0x05, 0x75, 0x01, 0x81, 0x02, 0x95, 0x01, 0x75, 0x03,  \
        0x81, 0x01
#define POINTER_X_Y   0x05, 0x01, 0x09, 0x30, 0x09, 0x31
#define POINTER_WHEEL 0x09, 0x38
/* From -127 to 127, relative, a byte each. */
#define POINTER_MOTIONS(count) 0x15, 0x81, 0x25, 0x7f, 0x95, (count), 0x75, 0x08, 0x81, 0x06
/* From 0 to 7FFFh, absolute, two bytes each. */
#define POINTER_POSITIONS(count) 0x15, 0x00, 0x26, 0xff, 0x7f, 0x95, (count), 0x75, 0x10, 0x81, 0x02
#define POINTER_END              0xc0, 0xc0

static const uint8_t mouse_report[] = {POINTER_BUTTONS, POINTER_X_Y, POINTER_WHEEL,
                                       POINTER_MOTIONS(3), POINTER_END};
static const uint8_t tablet_report[] = {POINTER_BUTTONS, POINTER_X_Y,        POINTER_POSITIONS(2),
                                        POINTER_WHEEL,   POINTER_MOTIONS(1), POINTER_END};

enum { DESCRIPTOR_HID = 0x21, DESCRIPTOR_REPORT = 0x22 };
enum {
    CONFIGURATION = 9,
    INTERFACE = 9,
    HID = 9,
    ENDPOINT = 7,
    HID_AT = CONFIGURATION + INTERFACE
};
enum { WHOLE = CONFIGURATION + INTERFACE + HID + ENDPOINT };
/* Subclass 1: there is a boot protocol, which is that of a keyboard (1) or a mouse (2). */
#define CONFIGURATION_OF(subclass, protocol, report, size)                                         \
    {                                                                                              \
        CONFIGURATION, 2, WHOLE, 0, 1, 1, 0, 0xa0, 50,           /* wakes the host; 100 mA */      \
            INTERFACE, 4, 0, 0, 1, 3, (subclass), (protocol), 0, /* class 3 */                     \
            HID, DESCRIPTOR_HID, 0x11, 0x01, 0, 1, DESCRIPTOR_REPORT, sizeof(report), 0, ENDPOINT, \
            5, 0x81, 3, (size), 0, 8 /* in, by interrupt, asked each 8 ms */                       \
    }
enum { KEYBOARD_SIZE = 8, MOUSE_SIZE = 4, MOUSE_BOOT_SIZE = 3, TABLET_SIZE = 6 };
static const uint8_t keyboard_configuration[] =
    CONFIGURATION_OF(1, 1, keyboard_report, KEYBOARD_SIZE);
static const uint8_t mouse_configuration[] = CONFIGURATION_OF(1, 2, mouse_report, MOUSE_SIZE);
static const uint8_t tablet_configuration[] = CONFIGURATION_OF(0, 0, tablet_report, TABLET_SIZE);

static const struct model {
    const uint8_t *report;
    uint8_t report_size;
    uint8_t size; /* of a report that it sends */
    const uint8_t *configuration;
} models[] = {
    [USB_KEYBOARD] = {keyboard_report, sizeof keyboard_report, KEYBOARD_SIZE,
                      keyboard_configuration},
    [USB_MOUSE] = {mouse_report, sizeof mouse_report, MOUSE_SIZE, mouse_configuration},
    [USB_TABLET] = {tablet_report, sizeof tablet_report, TABLET_SIZE, tablet_configuration},
};

/* --- requests (7.2) --- */

enum { GET_REPORT = 1, GET_IDLE = 2, GET_PROTOCOL = 3 };
enum { SET_REPORT = 9, SET_IDLE = 10, SET_PROTOCOL = 11 };
enum { REPORT_INPUT = 1, REPORT_OUTPUT = 2, REPORT_PROTOCOL = 1 };

static unsigned size_of(const struct usb_hid *s)
{
    return s->type == USB_MOUSE && s->boot ? MOUSE_BOOT_SIZE : models[s->type].size;
}

static int get_descriptor(const struct usb_hid *s, unsigned type, uint8_t *data)
{
    const struct model *m = &models[s->type];
    if (type == DESCRIPTOR_HID) {
        memcpy(data, m->configuration + HID_AT, HID);
        return HID;
    }
    if (type != DESCRIPTOR_REPORT)
        return USB_NO_REQUEST;
    memcpy(data, m->report, m->report_size);
    return m->report_size;
}

static int get_report(const struct usb_hid *s, unsigned type, uint8_t *data)
{
    if (type == REPORT_OUTPUT && s->type == USB_KEYBOARD) {
        data[0] = s->leds;
        return 1;
    }
    memcpy(data, s->current.bytes, size_of(s));
    return type == REPORT_INPUT ? (int)size_of(s) : USB_NO_REQUEST;
}

static int set_report(struct usb_hid *s, const struct usb_request *r, const uint8_t *data)
{
    if (r->value >> 8 != REPORT_OUTPUT || s->type != USB_KEYBOARD || !r->length)
        return USB_NO_REQUEST;
    s->leds = data[0];
    return 0;
}

static int of_class(struct usb_hid *s, const struct usb_request *r, uint8_t *data)
{
    switch (r->request) {
    case GET_REPORT:
        return get_report(s, r->value >> 8, data);
    case GET_IDLE:
        data[0] = s->idle;
        return 1;
    case GET_PROTOCOL:
        data[0] = s->boot ? 0 : REPORT_PROTOCOL;
        return 1;
    case SET_REPORT:
        return set_report(s, r, data);
    case SET_IDLE:
        s->idle = (uint8_t)(r->value >> 8);
        return 0;
    case SET_PROTOCOL:
        s->boot = (r->value & 0xff) != REPORT_PROTOCOL;
        return 0;
    default:
        return USB_NO_REQUEST;
    }
}

/* Some take data in, and some out. */
static int request(void *owner, const struct usb_request *r, uint8_t *data)
{
    struct usb_hid *s = owner;
    bool is_get = r->request == GET_REPORT || r->request == GET_IDLE || r->request == GET_PROTOCOL;
    switch (r->type) {
    case USB_TYPE_IN | USB_TYPE_INTERFACE:
        return r->request == USB_GET_DESCRIPTOR ? get_descriptor(s, r->value >> 8, data)
                                                : USB_NO_REQUEST;
    case USB_TYPE_IN | USB_TYPE_CLASS | USB_TYPE_INTERFACE:
        return is_get ? of_class(s, r, data) : USB_NO_REQUEST;
    case USB_TYPE_CLASS | USB_TYPE_INTERFACE:
        return is_get ? USB_NO_REQUEST : of_class(s, r, data);
    default:
        return USB_NO_REQUEST;
    }
}

/* --- reports --- */

bool usb_hid_has_room(const struct usb_hid *s, unsigned most)
{
    return s->count < most;
}

struct usb_hid_report *usb_hid_last(struct usb_hid *s)
{
    return s->count ? &s->report[(s->head + s->count - 1) % USB_HID_REPORTS] : &s->current;
}

void usb_hid_report(struct usb_hid *s, const struct usb_hid_report *r)
{
    if (s->count == USB_HID_REPORTS)
        return;
    s->report[(s->head + s->count++) % USB_HID_REPORTS] = *r;
    usb_wake(&s->usb);
}

/* To be sent once more, though nothing has happened? */
static bool is_idle_over(const struct usb_hid *s)
{
    enum { IDLE_MS = 4 };
    return s->idle && timers_now(s->timers) - s->sent >= (uint64_t)s->idle * IDLE_MS * NS_PER_MS;
}

static enum usb_answer in(void *owner, struct usb_packet *p)
{
    struct usb_hid *s = owner;
    if (p->endpoint != 1)
        return USB_STALL;
    if (!s->count && !is_idle_over(s))
        return USB_NAK;
    if (s->count) {
        s->current = s->report[s->head];
        s->head = (s->head + 1) % USB_HID_REPORTS;
        s->count--;
    }
    s->sent = timers_now(s->timers);
    return usb_send(p, s->current.bytes, size_of(s));
}

static enum usb_answer out(void *owner, struct usb_packet *p)
{
    (void)owner;
    (void)p;
    return USB_STALL;
}

/* --- the devices --- */

/* Keys that are down stay so, and are told of again when one moves. */
static void reset_hid(void *owner)
{
    struct usb_hid *s = owner;
    s->boot = false;
    s->idle = 0;
    s->sent = 0;
    s->leds = 0;
    s->head = s->count = 0;
    memset(&s->current, 0, sizeof s->current);
    memset(s->report, 0, sizeof s->report);
}

static const struct usb_kind kinds[] = {
    [USB_KEYBOARD] = {"usb-kbd", "Tessera USB Keyboard", "1", 1, keyboard_configuration,
                      sizeof keyboard_configuration, request, in, out, reset_hid},
    [USB_MOUSE] = {"usb-mouse", "Tessera USB Mouse", "1", 2, mouse_configuration,
                   sizeof mouse_configuration, request, in, out, reset_hid},
    [USB_TABLET] = {"usb-tablet", "Tessera USB Tablet", "1", 3, tablet_configuration,
                    sizeof tablet_configuration, request, in, out, reset_hid},
};

void usb_hid_init(struct usb_hid *s, enum usb_hid_type type, struct timers *timers)
{
    *s = (struct usb_hid){.type = type, .timers = timers};
    usb_device_init(&s->usb, &kinds[type], s);
}

static void reset(void *device)
{
    struct usb_hid *s = device;
    memset(s->down, 0, sizeof s->down);
    usb_reset(&s->usb);
}

static const struct state_field report_fields[] = {
    {STATE_BYTES(usb_hid_report, bytes)},
    {0},
};
static const struct state_table report_state = STATE_TABLE(usb_hid_report, 1, report_fields);

static const struct state_field fields[] = {
    {STATE_OF(usb_hid, usb, &usb_device_state)},
    {NOT_STATE(usb_hid, timers)},
    {NOT_STATE(usb_hid, type)},
    {STATE(usb_hid, boot)},
    {STATE(usb_hid, idle)},
    {STATE(usb_hid, sent)},
    {STATE(usb_hid, leds)},
    {STATE_BYTES(usb_hid, down)},
    {STATE_OF(usb_hid, current, &report_state)},
    {STATE_ARRAY_OF(usb_hid, report, &report_state)},
    {STATE(usb_hid, head), .most = USB_HID_REPORTS - 1},
    {STATE(usb_hid, count), .most = USB_HID_REPORTS},
    {0},
};
static const struct state_table state = STATE_TABLE(usb_hid, 1, fields);
const struct device usb_keyboard_device = {.name = "usb-kbd", .reset = reset, .state = &state};
const struct device usb_mouse_device = {.name = "usb-mouse", .reset = reset, .state = &state};
const struct device usb_tablet_device = {.name = "usb-tablet", .reset = reset, .state = &state};
