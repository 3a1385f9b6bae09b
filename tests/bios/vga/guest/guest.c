/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bios/vga/guest/guest.h"

struct regs after;

void outb(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

void outw(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

uint8_t inb(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

uint16_t inw(uint16_t port)
{
    uint16_t value;
    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

uint8_t peek8(uint16_t segment, uint16_t offset)
{
    uint8_t value;
    __asm__ volatile("movw %w1, %%gs\n\tmovb %%gs:(%2), %0"
                     : "=q"(value)
                     : "r"(segment), "r"((uint32_t)offset)
                     : "memory");
    return value;
}

uint16_t peek16(uint16_t segment, uint16_t offset)
{
    return (uint16_t)(peek8(segment, offset) | peek8(segment, offset + 1) << 8);
}

uint32_t peek32(uint16_t segment, uint16_t offset)
{
    return peek16(segment, offset) | (uint32_t)peek16(segment, offset + 2) << 16;
}

void poke8(uint16_t segment, uint16_t offset, uint8_t value)
{
    __asm__ volatile("movw %w1, %%gs\n\tmovb %0, %%gs:(%2)"
                     :
                     : "q"(value), "r"(segment), "r"((uint32_t)offset)
                     : "memory");
}

void poke16(uint16_t segment, uint16_t offset, uint16_t value)
{
    poke8(segment, offset, (uint8_t)value);
    poke8(segment, offset + 1, (uint8_t)(value >> 8));
}

uint16_t video(uint16_t ax, uint16_t bx, uint16_t cx, uint16_t dx)
{
    after = (struct regs){.eax = ax, .ebx = bx, .ecx = cx, .edx = dx, .es = HERE};
    interrupt(&after, 0x10);
    return W(after.eax);
}

void video_all(struct regs *r)
{
    interrupt(r, 0x10);
}

uint16_t crtc(void)
{
    return inb(0x3cc) & 1 ? 0x3d4 : 0x3b4;
}

uint8_t indexed(uint16_t port, uint8_t index)
{
    outb(port, index);
    return inb(port + 1);
}

uint8_t attribute(uint8_t index)
{
    inb(crtc() + 6);
    outb(0x3c0, index); /* without bit 5, which shows the palette and locks it */
    uint8_t value = inb(0x3c1);
    inb(crtc() + 6);
    outb(0x3c0, 0x20);
    inb(crtc() + 6);
    return value;
}

uint16_t dispi(uint16_t index)
{
    outw(0x1ce, index);
    return inw(0x1cf);
}

/* --- reports --- */

void print(const char *text)
{
    while (*text)
        outb(0xe9, (uint8_t)*text++);
}

void print_hex(uint32_t value, unsigned digits)
{
    while (digits--)
        outb(0xe9, (uint8_t) "0123456789abcdef"[value >> (4 * digits) & 15]);
}

static const char *checked;
static bool failed;

void same(unsigned line, uint32_t got, uint32_t wanted)
{
    if (got == wanted || failed)
        return;
    failed = true;
    print("failed ");
    print(checked);
    print(": line ");
    for (unsigned unit = 100; unit; unit /= 10)
        outb(0xe9, (uint8_t)('0' + line / unit % 10));
    print(": got ");
    print_hex(got, 8);
    print(", wanted ");
    print_hex(wanted, 8);
    print("\n");
}

void check(const char *name, void (*body)(void))
{
    checked = name;
    failed = false;
    body();
    if (failed)
        return;
    print("ok ");
    print(name);
    print("\n");
}

void run(void);
void run(void)
{
    print("begin\n");
    check_modes();
    check_text();
    check_graphics();
    check_palette();
    check_fonts();
    check_information();
    check_vbe();
    check_protected();
    video(3, 0, 0, 0);
    print("end\n");
}
