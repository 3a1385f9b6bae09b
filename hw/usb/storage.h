/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk on a USB: SCSI commands in packets. Universal Serial Bus Mass Storage Class, Bulk-Only
 * Transport 1.0; SPC-2 and SBC for the commands.
 */
#ifndef HW_USB_STORAGE_H
#define HW_USB_STORAGE_H

#include "hw/host/disk.h"
#include "hw/usb/usb.h"

/* What is asked of the disk at once; a packet more is there before it is written. */
enum { USB_STORAGE_CHUNK = 16384, USB_STORAGE_ROOM = USB_STORAGE_CHUNK + 1280 };

/* BROKEN: until the host has reset it (6.6). */
enum usb_storage_stage { STORAGE_COMMAND, STORAGE_DATA, STORAGE_STATUS, STORAGE_BROKEN };
enum usb_storage_action { STORAGE_NOTHING, STORAGE_READ, STORAGE_WRITE, STORAGE_FLUSH };

struct usb_storage {
    struct usb_device usb;
    struct disk *disk;
    const char *serial;
    uint8_t stage;
    uint8_t action;    /* what the command is to the disk */
    bool in;           /* where data go, as the host sees it */
    bool busy;         /* the disk is at it: `request` */
    uint8_t status;    /* bCSWStatus */
    uint32_t tag;      /* dCBWTag */
    uint32_t left;     /* data that the host still has to send or to fetch, */
    uint32_t residue;  /* ... and dCSWDataResidue */
    uint32_t sense;    /* key, code and its qualifier, a byte each */
    uint64_t place;    /* on the disk, of what comes next, */
    uint32_t to_do;    /* ... and bytes that are not in the buffer yet */
    uint32_t at, size; /* of what is in the buffer; at: what has been fetched */
    struct disk_request request;
    uint8_t buffer[USB_STORAGE_ROOM];
};

/* `serial`: what it calls itself; NULL: "1". */
void usb_storage_init(struct usb_storage *s, struct disk *disk, const char *serial);
extern const struct device usb_storage_device;

#endif
