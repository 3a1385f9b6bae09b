/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/hw/card_stage.h"

void stage_open(struct card_stage *s)
{
    const char *error = "";
    test_time = 0;
    s->timers = new_timers();
    s->memory = memory_create(STAGE_RAM, &error);
    ck_assert_ptr_nonnull(s->memory);
    ports_init(&s->ports);
    pci_init(&s->bus, s->memory, &s->ports, (struct irq_line){0});
    for (unsigned i = 0; i < PCI_PIRQS; i++)
        s->bus.pirq[i] = wire_line(&s->irq);
    ports_add(&s->ports, 0xcf8, 8, 4, pci_read, pci_write, &s->bus);
    fake_net_init(&s->net);
}

static void configure(struct card_stage *s, unsigned offset, uint32_t value, unsigned size)
{
    ports_write(&s->ports, 0xcf8, 0x80000000u | STAGE_SLOT << 11 | offset, 4);
    ports_write(&s->ports, 0xcfc, value, size);
}

void stage_enable(struct card_stage *s, unsigned bar)
{
    configure(s, 0x10 + 4 * bar, STAGE_REGISTERS, 4);
    configure(s, PCI_COMMAND, 7, 2);
}

void stage_close(struct card_stage *s)
{
    memory_destroy(s->memory);
}
