/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of the disk. */
#ifndef HW_USB_STORAGE_INTERNAL_H
#define HW_USB_STORAGE_INTERNAL_H

#include "hw/usb/storage.h"

enum { STORAGE_COMMAND_BYTES = 16 };
/* bCSWStatus */
enum { STATUS_GOOD, STATUS_FAILED, STATUS_PHASE_ERROR };
/* Sense keys with codes: SPC-2, 7.20 */
enum {
    SENSE_NONE = 0,
    SENSE_READ_ERROR = 0x031100,
    SENSE_WRITE_ERROR = 0x030c00,
    SENSE_BAD_COMMAND = 0x052000,
    SENSE_BAD_PLACE = 0x052100,
    SENSE_BAD_FIELD = 0x052400,
    SENSE_BAD_UNIT = 0x052500,
    SENSE_PROTECTED = 0x072700
};

/*
 * Finds out what the command is: either an answer is in the buffer then, or there is an action; or
 * usb_storage_fail has been called.
 */
void usb_storage_command(struct usb_storage *s, unsigned unit,
                         const uint8_t command[STORAGE_COMMAND_BYTES]);
void usb_storage_fail(struct usb_storage *s, uint32_t sense);

#endif
