/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 1Ah and INT 08h; waits of INT 15h. */
#include "tests/bios/program/program.h"

static u32 ticks(void)
{
    struct regs r = {.ah = 0};
    call(&r, 0x1a);
    return (u32)r.cx << 16 | r.dx;
}

static bool is_bcd(u8 value, u8 most)
{
    return (value & 15) <= 9 && value <= most;
}

static void test_ticks(void)
{
    u32 start = ticks();
    while (ticks() == start)
        __asm__ volatile("hlt");
    CHECK("00h: ticks go on", ticks() > start);
    struct regs r = {.ah = 1, .cx = 0x0018, .dx = 0x00af};
    call(&r, 0x1a);
    while (ticks() == 0x1800af)
        __asm__ volatile("hlt");
    CHECK("INT 08h: midnight", the_bda->ticks < 100);
    r = (struct regs){.ah = 1, .cx = (u16)(start >> 16), .dx = (u16)start};
    call(&r, 0x1a);
    CHECK("01h: sets ticks", ticks() - start < 100);
}

static volatile u32 user_ticks __attribute__((used));
__asm__(".pushsection .text\n"
        "tick: incl %cs:user_ticks\n"
        "iretw\n"
        ".popsection");
extern const u8 tick[];

static void test_user_tick(void)
{
    volatile u32 *vectors = (volatile u32 *)0;
    __asm__("" : "+r"(vectors));
    u32 old = vectors[0x1c];
    vectors[0x1c] = (u32)tick;
    for (u32 start = ticks(); ticks() - start < 3;)
        __asm__ volatile("hlt");
    vectors[0x1c] = old;
    CHECK("INT 1Ch: is called at each tick", user_ticks >= 3);
}

static void test_time(void)
{
    struct regs r = {.ah = 2};
    call(&r, 0x1a);
    CHECK("02h: the time in BCD", !(r.flags & FLAG_CARRY) && is_bcd(r.ch, 0x23) &&
                                      is_bcd(r.cl, 0x59) && is_bcd(r.dh, 0x59));
    r = (struct regs){.ah = 3, .ch = 0x12, .cl = 0x34, .dh = 0x56};
    call(&r, 0x1a);
    r = (struct regs){.ah = 2};
    call(&r, 0x1a);
    CHECK("03h: sets it", r.ch == 0x12 && r.cl == 0x34);
    r = (struct regs){.ah = 5, .ch = 0x20, .cl = 0x24, .dh = 0x02, .dl = 0x29};
    call(&r, 0x1a);
    r = (struct regs){.ah = 4};
    call(&r, 0x1a);
    CHECK("05h, 04h: the date", r.cx == 0x2024 && r.dx == 0x0229);
}

static volatile u8 alarms __attribute__((used));
__asm__(".pushsection .text\n"
        "alarm: incb %cs:alarms\n"
        "iretw\n"
        ".popsection");
extern const u8 alarm[];

/* Bochs's clock, once it has been set and a second has passed, may go by summer time. */
static void test_alarm(void)
{
    volatile u32 *vectors = (volatile u32 *)0;
    __asm__("" : "+r"(vectors));
    u32 old = vectors[0x4a];
    vectors[0x4a] = (u32)alarm;
    struct regs r = {.ah = 3, .ch = 0x12, .cl = 0x34, .dh = 0x54};
    call(&r, 0x1a);
    for (u32 start = ticks(); ticks() - start < 20;)
        __asm__ volatile("hlt");
    r = (struct regs){.ah = 2};
    call(&r, 0x1a);
    r = (struct regs){.ah = 6, .ch = r.ch, .cl = r.cl, .dh = 0x58};
    call(&r, 0x1a);
    CHECK("06h: sets an alarm", !(r.flags & FLAG_CARRY));
    r = (struct regs){.ah = 6};
    call(&r, 0x1a);
    CHECK("06h: not two", r.flags & FLAG_CARRY);
    for (u32 start = ticks(); !alarms && ticks() - start < 100;)
        __asm__ volatile("hlt");
    CHECK("INT 4Ah: the alarm", alarms == 1);
    r = (struct regs){.ah = 7};
    call(&r, 0x1a);
    vectors[0x4a] = old;
}

static void test_waits(void)
{
    volatile u8 *flag = (volatile u8 *)0x500;
    u32 start = ticks();
    struct regs r = {.ah = 0x86, .cx = 0x0003, .dx = 0x0000};
    call(&r, 0x15);
    u32 waited = ticks() - start;
    CHECK("86h: waits 197 ms", !(r.flags & FLAG_CARRY) && waited >= 3);
    *flag = 0;
    r = (struct regs){.ah = 0x83, .al = 0, .cx = 0x0001, .dx = 0, .bx = 0x500};
    call(&r, 0x15);
    CHECK("83h: returns at once", !(r.flags & FLAG_CARRY) && !(*flag & 0x80));
    r = (struct regs){.ah = 0x83, .al = 0, .cx = 0x0001, .dx = 0, .bx = 0x500};
    call(&r, 0x15);
    CHECK("83h: not two", r.flags & FLAG_CARRY);
    for (start = ticks(); !(*flag & 0x80) && ticks() - start < 40;)
        __asm__ volatile("hlt");
    CHECK("83h: sets bit 7 of the flag", *flag & 0x80);
    r = (struct regs){.ah = 0x83, .al = 0, .cx = 0x0100, .dx = 0, .bx = 0x500};
    call(&r, 0x15);
    r = (struct regs){.ah = 0x83, .al = 1};
    call(&r, 0x15);
    CHECK("83h: is called off", !the_bda->wait_active);
}

void test_clock(void)
{
    test_ticks();
    test_user_tick();
    test_time();
    test_alarm();
    test_waits();
}
