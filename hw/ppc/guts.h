/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Global utilities of a PowerQUICC III: which processor and chip it is, and the register that
 * resets it. MPC8548E Reference Manual, chapter 20, "Global Utilities".
 */
#ifndef HW_PPC_GUTS_H
#define HW_PPC_GUTS_H

#include "hw/device.h"
#include "hw/irq.h"

struct memory;

enum { GUTS_SIZE = 0x1000 };

struct guts {
    uint32_t processor_version; /* PVR */
    struct irq_line reset;      /* pulsed when the guest asks for a reset */
};

/* False if the host has no room. */
bool guts_init(struct guts *s, struct memory *memory, uint32_t base, uint32_t processor_version,
               struct irq_line reset);
extern const struct device guts_device;

#endif
