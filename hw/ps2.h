/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What hangs on the keyboard controller's two ports: a keyboard and a mouse, each with a queue
 * of bytes for the controller. IBM PS/2 Hardware Interface Technical Reference, "Keyboards" and
 * "Mouse".
 */
#ifndef HW_PS2_H
#define HW_PS2_H

#include "hw/state.h"

#include <stdbool.h>
#include <stdint.h>

enum { PS2_QUEUE = 16 };

struct ps2_queue {
    unsigned head, count;
    uint8_t byte[PS2_QUEUE];
    uint8_t last; /* sent again on request */
};

struct ps2_keyboard {
    struct ps2_queue queue;
    uint8_t command; /* whose argument is next, or 0 */
    uint8_t scancode_set;
    uint8_t leds;
    bool scanning;
};

struct ps2_mouse {
    struct ps2_queue queue;
    uint8_t command;
    uint8_t rate, resolution;
    bool scaled, remote, wrap, reporting;
};

bool ps2_pending(const struct ps2_queue *q);
/* The next byte; 0 if there is none. */
uint8_t ps2_take(struct ps2_queue *q);
/* A byte that does not fit is lost, as the device's buffer is small, too. */
void ps2_put(struct ps2_queue *q, uint8_t byte);

/* Power-on. */
void ps2_keyboard_reset(struct ps2_keyboard *k);
void ps2_mouse_reset(struct ps2_mouse *m);
/* A byte from the host. */
void ps2_keyboard_write(struct ps2_keyboard *k, uint8_t value);
void ps2_mouse_write(struct ps2_mouse *m, uint8_t value);
/* For the controller's table: they are part of its device. */
extern const struct state_table ps2_keyboard_state, ps2_mouse_state;

#endif
