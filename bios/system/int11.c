/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 11h, 12h: what there is; interrupts that nobody asked for. */
#include "bios/entry/entry.h"

void int11_equipment(struct regs *r)
{
    r->ax = BDA_GET(equipment);
}

void int12_memory(struct regs *r)
{
    r->ax = BDA_GET(memory);
}

void int02_nmi(struct regs *r)
{
    (void)r;
}

void int75_fpu(struct regs *r)
{
    outb(0xf0, 0);
    end_interrupt_high();
    r->next = far_vector(0x02);
}

/* Which IRQ it was the 8259's in-service register says; 0: a spurious one. */
void irq_unused(struct regs *r)
{
    enum { READ_IN_SERVICE = 0x0b };
    (void)r;
    outb(PORT_PIC1, READ_IN_SERVICE);
    u8 low = inb(PORT_PIC1), high = 0;
    if (low & 0x04) {
        outb(PORT_PIC2, READ_IN_SERVICE);
        high = inb(PORT_PIC2);
        if (high)
            outb(PORT_PIC2, 0x20);
    }
    if (low)
        outb(PORT_PIC1, 0x20);
    BDA_SET(spurious_irq, low & 0x04 ? high : low);
}
