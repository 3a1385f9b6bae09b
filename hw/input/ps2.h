/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What hangs on the keyboard controller's two ports: a keyboard and a mouse. IBM PS/2 Hardware
 * Interface Technical Reference, "Keyboards" and "Mouse"; Microsoft's wheel and five buttons.
 */
#ifndef HW_PS2_H
#define HW_PS2_H

#include "hw/irq.h"
#include "hw/timer.h"

#include <stdbool.h>
#include <stdint.h>

/* --- what a device has to send --- */

enum { PS2_ANSWERS = 4, PS2_BUFFER = 17 };

struct ps2_queue {
    unsigned answers; /* to commands, which go first */
    uint8_t answer[PS2_ANSWERS];
    unsigned head, count; /* keystrokes or packets */
    uint8_t byte[PS2_BUFFER];
    uint8_t last;          /* sent again on request */
    struct irq_line ready; /* pulsed: there is something to send */
};

bool ps2_pending(const struct ps2_queue *q);
/* The next byte; 0 if there is none. */
uint8_t ps2_take(struct ps2_queue *q);

/* For the devices: to the end of the buffer; the answer, or one more byte of it. */
void ps2_put(struct ps2_queue *q, const uint8_t *bytes, unsigned count);
void ps2_answer(struct ps2_queue *q, uint8_t byte);
void ps2_answer_more(struct ps2_queue *q, uint8_t byte);
/* Nothing is to be sent any more. */
void ps2_clear(struct ps2_queue *q);
extern const struct state_table ps2_queue_state;

/* What both devices say, and are told. */
enum { PS2_ACK = 0xfa, PS2_RESEND = 0xfe, PS2_PASSED = 0xaa };
enum { PS2_COMMAND_RESEND = 0xfe, PS2_COMMAND_RESET = 0xff };

/* --- scan codes (ps2_codes.c) --- */

/* The 8042's way from set 2 to set 1, of one byte without a prefix. */
uint8_t ps2_set1_of_set2(uint8_t code);
/* Of a key as input.h numbers them, without its prefix. */
uint8_t ps2_set2_code(unsigned key);
uint8_t ps2_set3_code(unsigned key); /* 0: that set has no such key */
/* How a key of set 3 reports unless it is told otherwise: bits. */
enum { PS2_BREAKS = 1, PS2_REPEATS = 2 };
uint8_t ps2_set3_type(uint8_t code);

/* --- the keyboard --- */

enum { PS2_SET3_CODES = 0x90 };

struct ps2_keyboard {
    struct ps2_queue queue;
    struct timer repeat;
    uint8_t command; /* whose argument is next, or 0 */
    uint8_t scancode_set;
    uint8_t leds; /* LED_NUM_LOCK and so on (input.h) */
    uint8_t rate; /* as command F3h has it */
    bool scanning;
    bool is_down[256];            /* by key */
    uint8_t type[PS2_SET3_CODES]; /* in set 3, by code */
    uint8_t held;                 /* the key that repeats, or 0 */
    uint8_t shifts;               /* those pretended for ... */
    uint8_t shifted;              /* ... this key */
    bool sysrq;                   /* Print went down as SysRq */
};

void ps2_keyboard_init(struct ps2_keyboard *k, struct timers *timers, struct irq_line ready);
/* Power-on. */
void ps2_keyboard_reset(struct ps2_keyboard *k);
/* A byte from the host. */
void ps2_keyboard_write(struct ps2_keyboard *k, uint8_t value);
/* As of struct input_sink. Without room the stroke is lost, and an overrun is reported. */
void ps2_keyboard_key(struct ps2_keyboard *k, unsigned key, bool down);
bool ps2_keyboard_room(const struct ps2_keyboard *k);
/* For the controller's table: it is part of its device. */
extern const struct state_table ps2_keyboard_state;

/* --- the mouse --- */

struct ps2_mouse {
    struct ps2_queue queue;
    struct timer sample;
    uint64_t sampled; /* when it sent the last packet by itself */
    uint8_t command;
    uint8_t rate, resolution;
    uint8_t id;       /* 0; 3: with a wheel; 4: with two buttons more */
    uint8_t rates[3]; /* the last ones set, by which a driver asks for these */
    bool scaled, remote, wrap, reporting;
    int32_t dx, dy, dz;        /* not reported yet; dy upwards */
    uint8_t buttons, reported; /* of these the latter have been */
    bool owed;                 /* a packet that was not sent to its end */
};

void ps2_mouse_init(struct ps2_mouse *m, struct timers *timers, struct irq_line ready);
void ps2_mouse_reset(struct ps2_mouse *m);
void ps2_mouse_write(struct ps2_mouse *m, uint8_t value);
/* As ps2_take: the mouse sees whether there is more to report. */
uint8_t ps2_mouse_take(struct ps2_mouse *m);
/* As of struct input_sink. */
void ps2_mouse_move(struct ps2_mouse *m, int dx, int dy, int wheel, unsigned buttons);
bool ps2_mouse_room(const struct ps2_mouse *m);
extern const struct state_table ps2_mouse_state;

#endif
