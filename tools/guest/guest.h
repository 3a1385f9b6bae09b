/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tessera's default guest: a small multiboot kernel with a prompt on the serial line. It shows
 * what the machine is made of and gives the processor work whose results it knows.
 */
#ifndef TOOLS_GUEST_GUEST_H
#define TOOLS_GUEST_GUEST_H

#include <stdbool.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

static inline u8 in8(u16 port)
{
    u8 value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void out8(u16 port, u8 value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void out32(u16 port, u32 value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

/* --- start.S --- */

/* What an interrupt entry leaves on the stack. */
struct frame {
    u32 edi, esi, ebp, esp, ebx, edx, ecx, eax;
    u32 vector, error;
    u32 eip, cs, eflags;
};

struct __attribute__((packed)) table {
    u16 limit;
    u32 base;
};

void load_tables(const struct table *gdt, const struct table *idt);
_Noreturn void restart_on_fresh_stack(void (*function)(void));
extern u8 interrupt_entries[];
extern u8 guest_end[];

/* --- screen.c, keyboard.c --- */

/* What the boot loader says. */
void screen_init(u32 magic, const u8 *info);
void screen_put(char c);
/* IRQ 1: keys go to console_take. */
void keyboard_interrupt(void);

/* --- console.c: COM1, the debug port E9h, screen and keyboard --- */

void console_init(void);
void put_char(char c);
/* %c %s %d %u %x with an optional width, zero-padded by a leading 0, left-justified by a -. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The next byte received; halts the processor while there is none. */
u8 get_char(void);
/* A byte that was typed. */
void console_take(u8 c);
/* The serial port's interrupt. */
void console_interrupt(void);

/* --- text.c: the little of a C library that is needed --- */

void *memcpy(void *to, const void *from, unsigned long size);
void *memmove(void *to, const void *from, unsigned long size);
void *memset(void *to, int c, unsigned long size);
int memcmp(const void *a, const void *b, unsigned long size);
bool text_equal(const char *a, const char *b);
/* A number in C's notation for decimal or hexadecimal; false if it is none. */
bool text_number(const char *text, u32 *value);

/* --- cpu.c --- */

void cpu_report(void);
bool cpu_has_tsc(void);

/* --- memory.c: the memory map and paging --- */

enum { LAZY_BASE = 0x40000000, LAZY_PAGES = 1024 };

/* Keeps what the boot loader said; its `info` may be overwritten afterwards. */
void memory_init(u32 magic, const void *info);
void memory_report(void);
const char *memory_command_line(void);
/* Identity paging of the first 64 MiB, the first page left out, and the lazy pages. */
void paging_init(void);
/* A fault on a lazy page maps it; false if the address is not one. */
bool paging_fault(u32 address, u32 error);
/* Unmaps the lazy pages; returns how many had been mapped. */
u32 paging_forget_lazy(void);

/* --- interrupts.c: descriptor tables, 8259A, faults --- */

void interrupts_init(void);
void interrupt(struct frame *frame);
extern volatile u32 software_interrupts; /* INT 30h so far */

/* --- time.c: 8254 ticks, and the TSC measured against them --- */

enum { TICKS_PER_SECOND = 100 };
extern volatile u32 ticks;
void time_init(void);
u32 time_tsc_khz(void);
/* Microseconds since an arbitrary start. */
u64 time_us(void);
/* 64 by 32 bits; the quotient must fit 64 bits, which it always does. */
u64 divide(u64 dividend, u32 divisor, u32 *remainder);

/* --- workloads.c --- */

/* Runs the workload of that name, or "all"; false if there is none such. */
bool workloads_run(const char *name);
void workloads_list(void);

/* --- shell.c --- */

/* Commands separated by ';', then the prompt for ever. */
void shell_script(const char *commands);
void shell(void);

#endif
