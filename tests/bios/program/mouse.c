/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 15h, C2h, the PS/2 mouse; and INT 74h, by bytes that the 8042 is told to give as if it had.
 */
#include "tests/bios/program/program.h"

enum { BAD_FUNCTION = 1, BAD_INPUT = 2, NO_HANDLER = 5 };

/*
 * A program's handler: keeps the four words, of which the last pushed lies above its return
 * address; and spoils all registers that compilers know, and both segments.
 */
static volatile u16 words[4] __attribute__((used));
static volatile u8 packets __attribute__((used));
__asm__(".pushsection .text\n"
        "handler: movw %sp, %bp\n"
        "xorw %ax, %ax\n"
        "movw %ax, %ds\n"
        "movw %ax, %es\n"
        "movw $4, %cx\n"
        "leaw 4(%bp), %si\n"
        "movw $words, %di\n"
        "1: movw %ss:(%si), %ax\n"
        "movw %ax, (%di)\n"
        "addw $2, %si\n"
        "addw $2, %di\n"
        "loop 1b\n"
        "incb packets\n"
        "movl $0x5a5a5a5a, %eax\n"
        "movl %eax, %ebx\n"
        "movl %eax, %ecx\n"
        "movl %eax, %edx\n"
        "movl %eax, %esi\n"
        "movl %eax, %edi\n"
        "movl %eax, %ebp\n"
        "movw $0x1234, %ax\n"
        "movw %ax, %ds\n"
        "movw %ax, %es\n"
        "lretw\n"
        ".popsection");
extern const u8 handler[];

/* 0, or the error that it says. */
static u8 mouse(struct regs *r, u8 function, u8 bh)
{
    r->ah = 0xc2;
    r->al = function;
    r->bh = bh;
    call(r, 0x15);
    return (r->flags & FLAG_CARRY) && !r->ah ? 0xff : r->ah;
}

static u8 set(u8 function, u8 bh)
{
    struct regs r = {0};
    return mouse(&r, function, bh);
}

static u8 set_handler(u32 at)
{
    struct regs r = {.es = (u16)(at >> 16), .ah = 0xc2, .al = 7, .bx = (u16)at};
    call(&r, 0x15);
    return r.ah;
}

static bool status_is(u8 flags, u8 resolution, u8 rate)
{
    struct regs r = {0};
    return mouse(&r, 6, 0) == 0 && r.bl == flags && r.cl == resolution && r.dl == rate;
}

static void test_settings(void)
{
    struct regs r = {0};
    CHECK("C200h: no handler yet", set(0, 1) == NO_HANDLER);
    CHECK("C200h: neither on nor off", set(0, 2) == BAD_INPUT);
    CHECK("C205h: no such size", set(5, 0) == BAD_INPUT && set(5, 9) == BAD_INPUT);
    CHECK("C205h: packets of three", set(5, 3) == 0);
    CHECK("C206h: what a mouse begins with", status_is(0, 2, 100));
    CHECK("C204h: its type", mouse(&r, 4, 0) == 0 && r.bh == 0);
    CHECK("C202h: 200 a second", set(2, 6) == 0 && status_is(0, 2, 200));
    CHECK("C202h: 10 a second", set(2, 0) == 0 && status_is(0, 2, 10));
    CHECK("C202h: no such rate", set(2, 7) == BAD_INPUT && status_is(0, 2, 10));
    CHECK("C203h: 8 steps a millimeter", set(3, 3) == 0 && status_is(0, 3, 10));
    CHECK("C203h: no such resolution", set(3, 4) == BAD_INPUT && status_is(0, 3, 10));
    CHECK("C206h: scaled by two", set(6, 2) == 0 && status_is(0x10, 3, 10));
    CHECK("C206h: by one", set(6, 1) == 0 && status_is(0, 3, 10));
    CHECK("C206h: neither", set(6, 3) == BAD_INPUT);
    CHECK("C201h: as after power-on",
          mouse(&r, 1, 0) == 0 && r.bx == 0x00aa && status_is(0, 2, 100));
    CHECK("C2FFh: unknown", set(0xff, 0) == BAD_FUNCTION);
}

/* The 8042's command D3h; INT 74h has taken the byte when it is no longer there. */
static void send(u8 byte)
{
    while (inb(0x64) & 2)
        ;
    outb(0x64, 0xd3);
    while (inb(0x64) & 2)
        ;
    outb(0x60, byte);
    for (u32 start = the_bda->ticks; the_bda->ticks - start < 2;)
        __asm__ volatile("hlt");
}

static bool got(u8 count, u16 status, u16 x, u16 y, u16 z)
{
    return packets == count && words[3] == status && words[2] == x && words[1] == y &&
           words[0] == z;
}

static void test_packets(void)
{
    CHECK("C207h: a handler", set_handler((u32)handler) == 0);
    CHECK("C200h: on", set(0, 1) == 0 && status_is(0x20, 2, 100));
    send(0x29);
    send(0x05);
    CHECK("INT 74h: not before a packet is whole", packets == 0);
    send(0xfb);
    CHECK("INT 74h: calls the handler", got(1, 0x29, 5, 0xfb, 0));
    send(0x08);
    send(0);
    send(0);
    CHECK("INT 74h: calls it again", got(2, 0x08, 0, 0, 0));
    send(0x09);
    CHECK("C200h: off", set(0, 0) == 0 && status_is(0, 2, 100));
    set(0, 1);
    send(0x0a);
    send(1);
    send(2);
    CHECK("C200h: on again, what was begun is forgotten", got(3, 0x0a, 1, 2, 0));
    CHECK("C205h: packets of four; off", set(5, 4) == 0 && status_is(0, 2, 100));
    CHECK("C200h: the handler is still there", set(0, 1) == 0);
    send(0x0c);
    send(3);
    send(4);
    CHECK("INT 74h: three of four", packets == 3);
    send(0xff);
    CHECK("INT 74h: the wheel, too", got(4, 0x0c, 3, 4, 0xff));
    CHECK("C207h: no handler", set_handler(0) == 0 && set(0, 1) == NO_HANDLER);
    for (unsigned i = 0; i < 4; i++)
        send(8);
    CHECK("INT 74h: nobody to call", packets == 4);
    set(5, 3);
}

void test_mouse(void)
{
    test_settings();
    test_packets();
}
