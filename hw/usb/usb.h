/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A device on a USB, as its host controller reaches it: packets go there, and are answered at once;
 * a device that has to wait for something says NAK, and is asked again. Universal Serial Bus
 * Specification 1.1, chapters 8 and 9.
 *
 *   usb_device_init(&s->usb, &kind, s);               what all devices do is done in usb.c
 *   uhci_plug(&host, 0, &s->usb);
 *   usb_wake(&s->usb);                                it has something to say
 */
#ifndef HW_USB_USB_H
#define HW_USB_USB_H

#include "hw/device.h"
#include "hw/irq.h"

#include <stdbool.h>
#include <stdint.h>

enum usb_pid { USB_SETUP = 0x2d, USB_IN = 0x69, USB_OUT = 0xe1 };
enum usb_answer {
    USB_ACK,
    USB_NAK,   /* not yet */
    USB_STALL, /* not without the host's help */
    USB_BABBLE /* it has sent more than there is room for */
};

struct usb_packet {
    uint8_t pid;
    uint8_t endpoint;
    uint8_t *data; /* sent; or, with USB_IN, room */
    unsigned size; /* of that */
    unsigned done; /* USB_IN: how much has come */
};

/* 9.3 */
struct usb_request {
    uint8_t type, request;
    uint16_t value, index, length;
};
enum { USB_TYPE_IN = 0x80, USB_TYPE_CLASS = 0x20, USB_TYPE_INTERFACE = 1, USB_TYPE_ENDPOINT = 2 };
enum { USB_GET_DESCRIPTOR = 6 };

enum { USB_CONTROL_ROOM = 256, USB_CONTROL_PACKET = 64, USB_NO_REQUEST = -1 };

struct usb_device;
/* What is not the same for all devices; functions get the owner. */
struct usb_kind {
    const char *name;    /* QEMU's */
    const char *product; /* what it calls itself */
    const char *serial;
    uint16_t number;              /* idProduct */
    const uint8_t *configuration; /* the descriptor of the only one, with all that belongs to it */
    uint16_t configuration_size;
    /*
     * A request that is not one of those that usb.c does. Of one with data out these are there; of
     * one with data in they are to be written there, at most USB_CONTROL_ROOM. How many bytes go
     * in, 0 for none, or USB_NO_REQUEST.
     */
    int (*request)(void *owner, const struct usb_request *r, uint8_t *data);
    /* Endpoints but number 0, of a device that is configured. */
    enum usb_answer (*in)(void *owner, struct usb_packet *p);
    enum usb_answer (*out)(void *owner, struct usb_packet *p);
    /* The bus's reset. */
    void (*reset)(void *owner);
};

/* Where a control transfer is (8.5.2). */
enum usb_stage { USB_IDLE, USB_DATA_IN, USB_DATA_OUT, USB_STATUS_IN, USB_STALLED };

struct usb_device {
    const struct usb_kind *kind;
    void *owner;
    struct irq_line wake; /* the port's: pulsed when there is something to say */
    uint8_t address, new_address;
    uint8_t configuration; /* 0: none, and it does not work */
    bool remote_wakeup;    /* it may wake a bus that sleeps */
    uint16_t halted[2];    /* endpoints out, and in, a bit each */
    uint8_t stage;
    uint8_t setup[8];
    uint16_t at, size;
    uint8_t control[USB_CONTROL_ROOM]; /* the data of a control transfer */
};
extern const struct state_table usb_device_state;

void usb_device_init(struct usb_device *d, const struct usb_kind *kind, void *owner);
/* The bus's reset: address 0, not configured. */
void usb_reset(struct usb_device *d);
enum usb_answer usb_handle(struct usb_device *d, struct usb_packet *p);
/* Never from inside of usb_handle. */
void usb_wake(struct usb_device *d);
/* For `in`: all of it goes into one packet. */
enum usb_answer usb_send(struct usb_packet *p, const uint8_t *data, unsigned size);

#endif
