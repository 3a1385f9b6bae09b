/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Freescale's 32 general-purpose pins. MPC8572E Reference Manual, "General-Purpose I/O (GPIO)".
 * Pins are numbered from the left; what the guest drives goes to a line each, and nobody drives
 * the others: they read as zeros.
 */
#ifndef HW_PPC_GPIO_H
#define HW_PPC_GPIO_H

#include "hw/device.h"
#include "hw/irq.h"

struct memory;

enum { GPIO_SIZE = 0x1000, GPIO_PINS = 32 };

struct gpio {
    struct irq_line pin[GPIO_PINS];
    uint32_t direction;  /* GPDIR: ones are outputs */
    uint32_t open_drain; /* GPODR */
    uint32_t data;       /* GPDAT, of outputs */
    uint32_t events;     /* GPIER */
    uint32_t mask;       /* GPIMR */
    uint32_t edges;      /* GPICR */
};

/* False if the host has no room. */
bool gpio_init(struct gpio *s, struct memory *memory, uint32_t base);
extern const struct device gpio_device;

#endif
