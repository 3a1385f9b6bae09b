/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See isa_irq.h. A line's input is its source times 16, and the number of the request. */
#include "hw/pc/isa_irq.h"

static bool is_asserted(const struct isa_irqs *s, unsigned irq)
{
    unsigned all = 0;
    for (unsigned i = 0; i < ISA_IRQ_SOURCES; i++)
        all |= s->asserted[i];
    return all >> irq & 1;
}

static void set(void *chip, unsigned input, bool level)
{
    struct isa_irqs *s = chip;
    unsigned irq = input % ISA_IRQS;
    uint16_t *asserted = &s->asserted[input / ISA_IRQS], bit = (uint16_t)(1u << irq);
    *asserted = level ? *asserted | bit : *asserted & (uint16_t)~bit;
    irq_set(&s->to[irq], is_asserted(s, irq));
}

struct irq_line isa_irq_line(struct isa_irqs *s, enum isa_irq_source source, unsigned irq)
{
    return (struct irq_line){set, s, source * ISA_IRQS + irq};
}

void isa_irq_init(struct isa_irqs *s, struct irq_line to)
{
    *s = (struct isa_irqs){.asserted = {0}};
    for (unsigned i = 0; i < ISA_IRQS; i++)
        s->to[i] = (struct irq_line){to.set, to.chip, i};
}

static const struct state_field fields[] = {
    {STATE_ARRAY(isa_irqs, asserted)},
    {NOT_STATE(isa_irqs, to)},
    {0},
};
static const struct state_table state = STATE_TABLE(isa_irqs, 1, fields);
const struct device isa_irq_device = {.name = "isa-irqs", .state = &state};
