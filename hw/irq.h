/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wire from a device to an input of another chip: an interrupt request, or any other level. */
#ifndef HW_IRQ_H
#define HW_IRQ_H

#include <stdbool.h>

struct irq_line {
    void (*set)(void *chip, unsigned input, bool level);
    void *chip;
    unsigned input;
};

/* A line that leads nowhere (set is NULL) may be driven, too. */
static inline void irq_set(const struct irq_line *line, bool level)
{
    if (line->set)
        line->set(line->chip, line->input, level);
}

#endif
