/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all USB devices do: control transfers at endpoint 0, and the standard requests. USB 1.1. */
#include "hw/usb/usb.h"

#include <string.h>

/* --- descriptors (9.6) --- */

enum { DESCRIPTOR_DEVICE = 1, DESCRIPTOR_CONFIGURATION, DESCRIPTOR_STRING };
/* Identifiers that pid.codes keeps for what is not sold. */
enum { VENDOR = 0x1209 };
enum { STRING_LANGUAGES, STRING_MAKER, STRING_PRODUCT, STRING_SERIAL };

static unsigned put_device(const struct usb_kind *k, uint8_t *to)
{
    enum { SIZE = 18 };
    const uint8_t bytes[SIZE] = {
        SIZE,
        DESCRIPTOR_DEVICE,
        0x10,
        0x01, /* USB 1.1 */
        0,
        0,
        0,
        USB_CONTROL_PACKET,
        VENDOR & 0xff,
        VENDOR >> 8,
        k->number,
        k->number >> 8,
        0,
        1, /* version 1.0 */
        STRING_MAKER,
        STRING_PRODUCT,
        STRING_SERIAL,
        1 /* configuration */
    };
    memcpy(to, bytes, SIZE);
    return SIZE;
}

static unsigned put_configuration(const struct usb_kind *k, uint8_t *to)
{
    memcpy(to, k->configuration, k->configuration_size);
    return k->configuration_size;
}

/* UTF-16, of which ASCII is enough. */
static unsigned put_text(const char *text, uint8_t *to)
{
    unsigned size = 2;
    for (; *text; size += 2) {
        to[size] = (uint8_t)*text++;
        to[size + 1] = 0;
    }
    return size;
}

static int put_string(const struct usb_kind *k, unsigned number, uint8_t *to)
{
    const char *const texts[] = {NULL, "Tessera", k->product, k->serial};
    static const uint8_t english[] = {4, DESCRIPTOR_STRING, 0x09, 0x04};
    if (number == STRING_LANGUAGES) {
        memcpy(to, english, sizeof english);
        return sizeof english;
    }
    if (number > STRING_SERIAL)
        return USB_NO_REQUEST;
    unsigned size = put_text(texts[number], to);
    to[0] = (uint8_t)size;
    to[1] = DESCRIPTOR_STRING;
    return (int)size;
}

static int get_descriptor(struct usb_device *d, const struct usb_request *r)
{
    switch (r->value >> 8) {
    case DESCRIPTOR_DEVICE:
        return (int)put_device(d->kind, d->control);
    case DESCRIPTOR_CONFIGURATION:
        return r->value & 0xff ? USB_NO_REQUEST : (int)put_configuration(d->kind, d->control);
    case DESCRIPTOR_STRING:
        return put_string(d->kind, r->value & 0xff, d->control);
    default:
        return USB_NO_REQUEST;
    }
}

/* --- standard requests (9.4) --- */

enum {
    GET_STATUS = 0,
    CLEAR_FEATURE = 1,
    SET_FEATURE = 3,
    SET_ADDRESS = 5,
    GET_CONFIGURATION = 8,
    SET_CONFIGURATION = 9,
    GET_INTERFACE = 10,
    SET_INTERFACE = 11
};
enum { FEATURE_HALT = 0, FEATURE_REMOTE_WAKEUP = 1 };
enum { TO_DEVICE = 0, TO_INTERFACE = USB_TYPE_INTERFACE, TO_ENDPOINT = USB_TYPE_ENDPOINT };

static uint16_t *halted(struct usb_device *d, uint16_t endpoint)
{
    return &d->halted[endpoint >> 7 & 1];
}

static uint16_t bit_of(uint16_t endpoint)
{
    return (uint16_t)(1u << (endpoint & 15));
}

static int get_status(struct usb_device *d, const struct usb_request *r, unsigned recipient)
{
    enum { REMOTE_WAKEUP = 2 };
    memset(d->control, 0, 2);
    if (recipient == TO_DEVICE)
        d->control[0] = d->remote_wakeup ? REMOTE_WAKEUP : 0;
    else if (recipient == TO_ENDPOINT)
        d->control[0] = (*halted(d, r->index) & bit_of(r->index)) != 0;
    return 2;
}

static int set_feature(struct usb_device *d, const struct usb_request *r, unsigned recipient)
{
    bool on = r->request == SET_FEATURE;
    uint16_t *endpoints = halted(d, r->index), bit = bit_of(r->index);
    if (recipient == TO_DEVICE && r->value == FEATURE_REMOTE_WAKEUP)
        d->remote_wakeup = on;
    else if (recipient == TO_ENDPOINT && r->value == FEATURE_HALT)
        *endpoints = (uint16_t)(on ? *endpoints | bit : *endpoints & ~bit);
    else
        return USB_NO_REQUEST;
    return 0;
}

static int set_configuration(struct usb_device *d, unsigned number)
{
    if (number > 1)
        return USB_NO_REQUEST;
    d->configuration = (uint8_t)number;
    memset(d->halted, 0, sizeof d->halted);
    return 0;
}

static int of_device(struct usb_device *d, const struct usb_request *r)
{
    switch (r->request) {
    case SET_ADDRESS:
        d->new_address = r->value & 0x7f;
        return 0;
    case USB_GET_DESCRIPTOR:
        return get_descriptor(d, r);
    case GET_CONFIGURATION:
        d->control[0] = d->configuration;
        return 1;
    case SET_CONFIGURATION:
        return set_configuration(d, r->value & 0xff);
    default:
        return USB_NO_REQUEST;
    }
}

/* There is only one interface, and one setting of it. */
static int of_interface(struct usb_device *d, const struct usb_request *r)
{
    if (r->request == GET_INTERFACE && !r->index) {
        d->control[0] = 0;
        return 1;
    }
    return r->request == SET_INTERFACE && !r->index && !r->value ? 0 : USB_NO_REQUEST;
}

static int standard(struct usb_device *d, const struct usb_request *r)
{
    unsigned recipient = r->type & 0x1f;
    if (r->request == GET_STATUS)
        return get_status(d, r, recipient);
    if (r->request == CLEAR_FEATURE || r->request == SET_FEATURE)
        return set_feature(d, r, recipient);
    if (recipient == TO_DEVICE)
        return of_device(d, r);
    return recipient == TO_INTERFACE ? of_interface(d, r) : USB_NO_REQUEST;
}

/* --- control transfers (8.5.2) --- */

static struct usb_request request_of(const struct usb_device *d)
{
    const uint8_t *s = d->setup;
    return (struct usb_request){.type = s[0],
                                .request = s[1],
                                .value = (uint16_t)(s[2] | s[3] << 8),
                                .index = (uint16_t)(s[4] | s[5] << 8),
                                .length = (uint16_t)(s[6] | s[7] << 8)};
}

static void execute(struct usb_device *d)
{
    const struct usb_request r = request_of(d);
    int size = r.type & 0x60 ? USB_NO_REQUEST : standard(d, &r);
    if (size == USB_NO_REQUEST)
        size = d->kind->request(d->owner, &r, d->control);
    d->at = 0;
    d->size = (uint16_t)(size > r.length ? r.length : size > 0 ? size : 0);
    if (size == USB_NO_REQUEST)
        d->stage = USB_STALLED;
    else
        d->stage = r.type & USB_TYPE_IN && r.length ? USB_DATA_IN : USB_STATUS_IN;
}

static enum usb_answer setup(struct usb_device *d, const struct usb_packet *p)
{
    if (p->size != sizeof d->setup)
        return USB_STALL;
    memcpy(d->setup, p->data, sizeof d->setup);
    const struct usb_request r = request_of(d);
    d->new_address = d->address;
    d->at = 0;
    d->size = r.length <= USB_CONTROL_ROOM ? r.length : 0;
    if (r.type & USB_TYPE_IN || !r.length)
        execute(d);
    else
        d->stage = d->size ? USB_DATA_OUT : USB_STALLED;
    return USB_ACK;
}

enum usb_answer usb_send(struct usb_packet *p, const uint8_t *data, unsigned size)
{
    if (size > p->size)
        return USB_BABBLE;
    memcpy(p->data, data, size);
    p->done = size;
    return USB_ACK;
}

static enum usb_answer control_in(struct usb_device *d, struct usb_packet *p)
{
    unsigned left = d->size > d->at ? (unsigned)(d->size - d->at) : 0;
    unsigned size = left < USB_CONTROL_PACKET ? left : USB_CONTROL_PACKET;
    enum usb_answer answer;
    switch (d->stage) {
    case USB_DATA_IN:
        answer = usb_send(p, d->control + d->at, size);
        d->at = (uint16_t)(d->at + p->done);
        return answer;
    case USB_STATUS_IN:
        d->stage = USB_IDLE;
        d->address = d->new_address;
        return USB_ACK;
    default:
        return USB_STALL;
    }
}

static enum usb_answer control_out(struct usb_device *d, const struct usb_packet *p)
{
    switch (d->stage) {
    case USB_DATA_OUT:
        if (d->at + p->size > d->size)
            return USB_STALL;
        memcpy(d->control + d->at, p->data, p->size);
        d->at = (uint16_t)(d->at + p->size);
        if (d->at == d->size)
            execute(d);
        return USB_ACK;
    case USB_DATA_IN: /* its status */
        d->stage = USB_IDLE;
        return USB_ACK;
    default:
        return USB_STALL;
    }
}

static enum usb_answer control(struct usb_device *d, struct usb_packet *p)
{
    if (p->pid == USB_SETUP)
        return setup(d, p);
    return p->pid == USB_IN ? control_in(d, p) : control_out(d, p);
}

/* --- packets --- */

enum usb_answer usb_handle(struct usb_device *d, struct usb_packet *p)
{
    bool in = p->pid == USB_IN;
    p->done = 0;
    if (!p->endpoint)
        return control(d, p);
    if (p->pid == USB_SETUP || !d->configuration || d->halted[in] >> p->endpoint & 1)
        return USB_STALL;
    enum usb_answer answer = in ? d->kind->in(d->owner, p) : d->kind->out(d->owner, p);
    if (answer == USB_STALL)
        d->halted[in] |= bit_of(p->endpoint);
    return answer;
}

void usb_wake(struct usb_device *d)
{
    irq_set(&d->wake, true);
    irq_set(&d->wake, false);
}

void usb_reset(struct usb_device *d)
{
    const struct usb_device was = *d;
    *d = (struct usb_device){.kind = was.kind, .owner = was.owner, .wake = was.wake};
    d->kind->reset(d->owner);
}

void usb_device_init(struct usb_device *d, const struct usb_kind *kind, void *owner)
{
    *d = (struct usb_device){.kind = kind, .owner = owner};
}

static const struct state_field fields[] = {
    {NOT_STATE(usb_device, kind)},
    {NOT_STATE(usb_device, owner)},
    {NOT_STATE(usb_device, wake)},
    {STATE(usb_device, address), .most = 127},
    {STATE(usb_device, new_address), .most = 127},
    {STATE(usb_device, configuration), .most = 1},
    {STATE(usb_device, remote_wakeup)},
    {STATE_ARRAY(usb_device, halted)},
    {STATE(usb_device, stage), .most = USB_STALLED},
    {STATE_BYTES(usb_device, setup)},
    {STATE(usb_device, at), .most = USB_CONTROL_ROOM},
    {STATE(usb_device, size), .most = USB_CONTROL_ROOM},
    {STATE_BYTES(usb_device, control)},
    {0},
};
const struct state_table usb_device_state = STATE_TABLE(usb_device, 1, fields);
