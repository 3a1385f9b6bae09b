/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest that takes interrupts, one after the other, as soon as it has asked for them: no clock is
 * in it, so it takes as long as the way from a chip to the handler and back. Its command line ends
 * in "take=apic", four million by the local APIC to itself, or in "take=8259", as many that a
 * serial port asks for by the 8259 when its transmitter is empty. It says when it begins and when
 * it has ended, to port E9h; and "lost" instead of the latter if handlers have not run as often.
 */
#include <stdbool.h>
#include <stdint.h>

void guest_main(const char *line);

enum { TIMES = 4000000, IRQ = 4, FIRST_IRQ = 0x20, IPI = 0x40, SPURIOUS = 0xff };
enum { PIC = 0x20, PIC_MASKS = 0x21, EOI = 0x20, COM1 = 0x3f8 };
enum { IER = 1, IIR = 2, MCR = 4, THRE_ENABLED = 2, OUT2 = 8 };
enum { APIC_EOI = 0xb0, APIC_SVR = 0xf0, APIC_ICR = 0x300, APIC_LINT0 = 0x350 };
enum { APIC_IS_ON = 0x100, EXTINT = 0x700, TO_ITSELF = 0x40000 };

static void out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static volatile uint32_t *apic(uint32_t offset)
{
    return (volatile uint32_t *)(0xfee00000 + offset);
}

/* --- handlers --- */

static volatile uint32_t taken;

static __attribute__((naked)) void take_ipi(void)
{
    __asm__ volatile("incl %0; movl $0, 0xfee000b0; iretl" : "+m"(taken));
}

/* Reading IIR takes back what the port asked for. */
static __attribute__((naked)) void take_irq(void)
{
    __asm__ volatile("push %%eax; push %%edx; incl %0; movw $0x3fa, %%dx; inb %%dx, %%al;"
                     "movb $0x20, %%al; outb %%al, $0x20; pop %%edx; pop %%eax; iretl"
                     : "+m"(taken));
}

/* --- tables --- */

struct __attribute__((packed)) table {
    uint16_t limit;
    uint32_t base;
};
static const uint64_t gdt[] = {0, 0x00cf9a000000ffff, 0x00cf92000000ffff};
static struct gate {
    uint16_t low, selector, type, high;
} idt[256];

static void set_gate(unsigned vector, void (*handler)(void))
{
    uint32_t at = (uint32_t)handler;
    idt[vector] = (struct gate){(uint16_t)at, 8, 0x8e00, (uint16_t)(at >> 16)};
}

static void load_tables(void)
{
    const struct table g = {sizeof gdt - 1, (uint32_t)gdt}, i = {sizeof idt - 1, (uint32_t)idt};
    set_gate(IPI, take_ipi);
    set_gate(FIRST_IRQ + IRQ, take_irq);
    __asm__ volatile("lgdt %0; ljmp $8, $1f; 1: mov %2, %%ds; mov %2, %%es; mov %2, %%ss; lidt %1"
                     :
                     : "m"(g), "m"(i), "r"(16)
                     : "memory");
}

/* --- who asks --- */

static void set_up(void)
{
    static const uint8_t icw[] = {FIRST_IRQ, 4, 1};
    load_tables();
    out8(PIC, 0x11);
    for (unsigned i = 0; i < sizeof icw; i++)
        out8(PIC_MASKS, icw[i]);
    out8(PIC_MASKS, (uint8_t) ~(1u << IRQ));
    out8(COM1 + IER, 0);
    out8(COM1 + MCR, OUT2);
    *apic(APIC_SVR) = APIC_IS_ON | SPURIOUS;
    *apic(APIC_LINT0) = EXTINT;
    __asm__ volatile("sti");
}

static void ask_itself(void)
{
    *apic(APIC_ICR) = TO_ITSELF | IPI;
}

static void ask_by_8259(void)
{
    out8(COM1 + IER, 0);
    out8(COM1 + IER, THRE_ENABLED);
}

/* One that does not come is waited for, until the one who has started this has had enough. */
static void take(void (*ask)(void))
{
    for (uint32_t i = 0; i < TIMES; i++) {
        ask();
        while (taken == i)
            ;
    }
}

/* --- which --- */

static void say(const char *text)
{
    while (*text)
        out8(0xe9, (uint8_t)*text++);
}

void guest_main(const char *line)
{
    char last = 0;
    for (; *line; line++)
        last = *line;
    set_up();
    say("begin\n");
    take(last == 'c' ? ask_itself : ask_by_8259);
    say(taken == TIMES ? "end\n" : "lost\n");
}
