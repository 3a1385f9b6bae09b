/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The 8042 keyboard controller with its auxiliary (mouse) port: ports 60h and 64h, IRQ 1 and 12,
 * and the output port that carries A20 and the cpu's reset. IBM PS/2 Hardware Interface Technical
 * Reference, "Keyboard and Auxiliary Device Controller".
 */
#ifndef HW_I8042_H
#define HW_I8042_H

#include "hw/host/input.h"
#include "hw/input/ps2.h"

struct i8042 {
    struct ps2_keyboard keyboard;
    struct ps2_mouse mouse;
    struct timer transfer; /* a device's byte is on its way */
    uint8_t ram[32];       /* byte 0 is the command byte */
    uint8_t status;        /* of which OBF and AUXB say what is in `out` */
    uint8_t out;
    uint8_t out_port;  /* P2 */
    uint8_t command;   /* whose data byte is next, or 0 */
    uint8_t reply;     /* the controller's own answer, waiting for `out` */
    uint8_t reply_aux; /* what AUXB is to say of it */
    bool replying;
    bool breaking;     /* the keyboard's code to come is of a key that comes up */
    bool was_keyboard; /* that sent the last byte, with the mouse waiting */
    uint8_t password[32];
    uint8_t matched;  /* so much of it has been typed, or loaded */
    bool secured;     /* until it is typed nothing comes from the devices */
    uint8_t patience; /* with the last byte's handler, before the next one comes all the same */
    struct irq_line keyboard_irq, mouse_irq;
    struct irq_line a20;
    struct irq_line reset;           /* high: the cpu is to be reset */
    bool (*is_handled)(void *owner); /* NULL: nobody knows */
    void *owner;
};

void i8042_init(struct i8042 *s, struct timers *timers, struct irq_line keyboard_irq,
                struct irq_line mouse_irq, struct irq_line a20, struct irq_line reset);
/* Whom to ask whether an interrupt of its is in service, with which the next byte waits. */
void i8042_ask_handler(struct i8042 *s, bool (*is_handled)(void *owner), void *owner);
/* Its keyboard and mouse, for input_set_sink. */
struct input_sink i8042_sink(struct i8042 *s);
void i8042_reset(void *device);
/* An irq_line's: A20 is on or off now, by whomever; the output port reads so. */
void i8042_show_a20(void *device, unsigned input, bool level);
extern const struct device i8042_device;
/* Port 60h, and port 64h. */
uint32_t i8042_read(void *device, uint32_t offset, unsigned size);
void i8042_write(void *device, uint32_t offset, uint32_t value, unsigned size);
uint32_t i8042_status_read(void *device, uint32_t offset, unsigned size);
void i8042_command_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
