/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptor tables (SDM vol. 3, 3.5 and 6.11), the two 8259A, and what a fault says. */
#include "guest.h"

enum {
    PIC1 = 0x20,
    PIC2 = 0xa0,
    EOI = 0x20,
    ICW1_INIT_ICW4 = 0x11,
    ICW4_8086 = 0x01,
    FIRST_IRQ = 32,
    IRQ_TIMER = FIRST_IRQ + 0,
    IRQ_KEYBOARD = FIRST_IRQ + 1,
    IRQ_COM1 = FIRST_IRQ + 4,
    SOFTWARE = 48,
    VECTORS = 49,
    PAGE_FAULT = 14,
    ENTRY_SIZE = 16,
};

struct gate {
    u16 offset_low;
    u16 selector;
    u16 attributes;
    u16 offset_high;
};

volatile u32 software_interrupts;

static u64 gdt[] = {
    0, 0x00cf9b000000ffff, /* 08h: code, 4 GiB, 32-bit */
    0x00cf93000000ffff,    /* 10h: data, 4 GiB */
};
static struct gate idt[VECTORS];

static void pic_init(u8 mask1, u8 mask2)
{
    out8(PIC1, ICW1_INIT_ICW4);
    out8(PIC2, ICW1_INIT_ICW4);
    out8(PIC1 + 1, FIRST_IRQ);
    out8(PIC2 + 1, FIRST_IRQ + 8);
    out8(PIC1 + 1, 1 << 2); /* the second one hangs on line 2 */
    out8(PIC2 + 1, 2);
    out8(PIC1 + 1, ICW4_8086);
    out8(PIC2 + 1, ICW4_8086);
    out8(PIC1 + 1, mask1);
    out8(PIC2 + 1, mask2);
}

void interrupts_init(void)
{
    for (u32 i = 0; i < VECTORS; i++) {
        u32 at = (u32)interrupt_entries + i * ENTRY_SIZE;
        idt[i] = (struct gate){(u16)at, 0x08, 0x8e00, (u16)(at >> 16)};
    }
    struct table gdtr = {sizeof(gdt) - 1, (u32)gdt};
    struct table idtr = {sizeof(idt) - 1, (u32)idt};
    load_tables(&gdtr, &idtr);
    pic_init((u8)~0x13, 0xff);
    __asm__ volatile("sti");
}

static u32 read_cr2(void)
{
    u32 value;
    __asm__ volatile("mov %%cr2, %0" : "=r"(value));
    return value;
}

static void print_page_fault(u32 error)
{
    print("  %s of %08x: %s\n", error & 2 ? "write" : "read", read_cr2(),
          error & 1 ? "the page's rights forbid it" : "no page is there");
}

static _Noreturn void fault(const struct frame *f)
{
    static const char *const names[32] = {
        [0] = "divide error",
        [1] = "debug",
        [2] = "NMI",
        [3] = "breakpoint",
        [4] = "overflow",
        [5] = "bound range",
        [6] = "invalid opcode",
        [7] = "no x87",
        [8] = "double fault",
        [10] = "invalid TSS",
        [11] = "no such segment",
        [12] = "stack fault",
        [13] = "general protection",
        [14] = "page fault",
        [16] = "x87 error",
        [17] = "alignment check",
        [18] = "machine check",
    };
    const char *name = f->vector < 32 && names[f->vector] ? names[f->vector] : "unknown";
    print("\nException %u (%s), error code %x, at %02x:%08x\n", f->vector, name, f->error, f->cs,
          f->eip);
    if (f->vector == PAGE_FAULT)
        print_page_fault(f->error);
    print("  eax %08x ecx %08x edx %08x ebx %08x\n", f->eax, f->ecx, f->edx, f->ebx);
    /* PUSHA's esp is from before it: below it are vector, error and the processor's three words. */
    print("  esp %08x ebp %08x esi %08x edi %08x eflags %08x\n", f->esp + 20, f->ebp, f->esi,
          f->edi, f->eflags);
    restart_on_fresh_stack(shell);
}

void interrupt(struct frame *frame)
{
    if (frame->vector == PAGE_FAULT && paging_fault(read_cr2(), frame->error))
        return;
    if (frame->vector < FIRST_IRQ)
        fault(frame);
    if (frame->vector == SOFTWARE) {
        software_interrupts++;
        return;
    }
    if (frame->vector == IRQ_TIMER)
        ticks++;
    else if (frame->vector == IRQ_KEYBOARD)
        keyboard_interrupt();
    else if (frame->vector == IRQ_COM1)
        console_interrupt();
    if (frame->vector >= FIRST_IRQ + 8)
        out8(PIC2, EOI);
    out8(PIC1, EOI);
}
