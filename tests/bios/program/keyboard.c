/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 16h: the buffer, and INT 09h by scan codes that the 8042 is told to give. */
#include "tests/bios/program/program.h"

static u16 get(u8 function)
{
    struct regs r = {.ah = function};
    call(&r, 0x16);
    return r.ax;
}

static bool waiting(u8 function)
{
    struct regs r = {.ah = function};
    call(&r, 0x16);
    return !(r.flags & FLAG_ZERO);
}

static u8 put(u16 key)
{
    struct regs r = {.ah = 0x05, .cx = key};
    call(&r, 0x16);
    return r.al;
}

static void test_buffer(void)
{
    while (waiting(0x11))
        get(0x10);
    CHECK("05h: puts a key", put(0x1e61) == 0 && waiting(0x01));
    CHECK("00h: gets it", get(0x00) == 0x1e61 && !waiting(0x01));
    unsigned n = 0;
    while (n < 20 && put((u16)(0x0200 | n)) == 0)
        n++;
    CHECK("05h: fifteen fit", n == 15);
    bool in_order = true;
    for (unsigned i = 0; i < n; i++)
        in_order = get(0x10) == (0x0200 | i) && in_order;
    CHECK("10h: in order", in_order && !waiting(0x11));
    put(0x48e0);
    CHECK("00h: gray keys as the keypad's", get(0x00) == 0x4800);
    put(0x48e0);
    CHECK("10h: gray keys as they are", get(0x10) == 0x48e0);
    put(0x8500);
    CHECK("01h: F11 is unknown, and gone", !waiting(0x01) && !waiting(0x11));
    CHECK("09h: what there is", (get(0x09) & 0xff) == 0x64);
    put(0xe00d);
    CHECK("00h: the keypad's Enter is Enter", get(0x00) == 0x1c0d);
}

static volatile u8 codes __attribute__((used));
static volatile u32 old_int09 __attribute__((used));
__asm__(".pushsection .text\n"
        "count: incb %cs:codes\n"
        "ljmpw *%cs:old_int09\n"
        ".popsection");
extern const u8 count[];

/* The 8042's command D2h: a byte as if the keyboard had sent it. It is not there at once. */
static void send(u8 code)
{
    u8 before = codes;
    u32 start = the_bda->ticks;
    while (inb(0x64) & 2)
        ;
    outb(0x64, 0xd2);
    while (inb(0x64) & 2)
        ;
    outb(0x60, code);
    while (codes == before && the_bda->ticks - start < 20)
        __asm__ volatile("hlt");
}

static void press(u8 code)
{
    send(code);
    send(code | 0x80);
}

static u8 shifts(void)
{
    struct regs r = {.ah = 0x02};
    call(&r, 0x16);
    return r.al;
}

static bool key_is(u16 key)
{
    return waiting(0x11) && get(0x10) == key;
}

static void test_codes(void)
{
    press(0x1e);
    CHECK("INT 09h: a", key_is(0x1e61));
    send(0x2a);
    CHECK("02h: Shift is held", shifts() == 0x02);
    press(0x1e);
    CHECK("INT 09h: A", key_is(0x1e41));
    send(0xaa);
    CHECK("02h: and let go", shifts() == 0);
    send(0x1d);
    CHECK("12h: the left Ctrl is held", get(0x12) == 0x0104);
    press(0x2e);
    CHECK("INT 09h: Ctrl-C", key_is(0x2e03));
    send(0x9d);
    send(0x38);
    press(0x3b);
    CHECK("INT 09h: Alt-F1", key_is(0x6800));
    press(0x4f);
    press(0x50);
    send(0xb8);
    CHECK("INT 09h: Alt and 12 on the keypad", key_is(12));
    send(0xe0);
    send(0x48);
    send(0xe0);
    send(0xc8);
    CHECK("INT 09h: the gray cursor key", key_is(0x48e0));
    press(0x57);
    CHECK("INT 09h: F11", key_is(0x8500));
    CHECK("INT 09h: nothing else", !waiting(0x11));
}

/* A key that is there, while nobody takes it, and something is sent to the keyboard. */
static void test_rate(void)
{
    u16 function = 0x0305;
    __asm__ volatile("cli");
    outb(0x64, 0xd2);
    outb(0x60, 0x1e);
    for (unsigned i = 0; i < 10000 && !(inb(0x64) & 1); i++)
        ;
    __asm__ volatile("int $0x16\n\tsti" : "+a"(function) : "b"(0x0100) : "memory", "cc");
    u32 start = the_bda->ticks;
    while (!waiting(0x11) && the_bda->ticks - start < 20)
        ;
    CHECK("0305h: loses no key", key_is(0x1e61));
    send(0x9e);
}

/* Counts ticks of the clock that come while the processor rests: behind an HLT. */
static volatile u32 old_int08 __attribute__((used));
static volatile u16 rests __attribute__((used));
__asm__(".pushsection .text\n"
        "count_rest: pushw %ds\n"
        "pushw %bx\n"
        "pushw %bp\n"
        "movw %sp, %bp\n"
        "ldsw 6(%bp), %bx\n"
        "cmpb $0xf4, -1(%bx)\n"
        "jne 1f\n"
        "incw %cs:rests\n"
        "1: popw %bp\n"
        "popw %bx\n"
        "popw %ds\n"
        "ljmpw *%cs:old_int08\n"
        ".popsection");
extern const u8 count_rest[];

static volatile u32 asked, pushed; /* in no register, where they would be seen */

/* 11h, with that in a register, and `pushed` on the stack. */
static __attribute__((noinline)) void ask(u32 in_register)
{
    u32 ax = 0x1100;
    __asm__ volatile("pushl %2\n\t"
                     "int $0x16\n\t"
                     "addw $4, %%sp"
                     : "+a"(ax)
                     : "b"(in_register), "m"(pushed)
                     : "cc", "memory");
    asked++;
}

enum { FIRST_LOOKS = 2048, LOOKS = 96, MOST_LOOKS = 20000 };

/* A loop that does nothing but ask: the processor rests in it. */
static void test_waiting(void)
{
    ask(1);
    asked = rests = 0;
    while (rests < 4 && asked < MOST_LOOKS)
        ask(0);
    CHECK("11h: rests if it is asked often", rests == 4);
    CHECK("11h: not at once", asked >= FIRST_LOOKS);
    CHECK("11h: then each tick", asked < FIRST_LOOKS + 40 * LOOKS);
    put(0x1e61);
    for (rests = asked = 0; asked < LOOKS * 2;)
        ask(0);
    CHECK("11h: does not rest if there is a key", rests == 0 && get(0x10) == 0x1e61);
}

/* Whoever does something else between is not to be kept. */
static void test_working(void)
{
    u16 cursor = the_bda->cursor[0];
    for (rests = asked = 0; asked < MOST_LOOKS;)
        ask(asked);
    CHECK("11h: does not rest if a register changes", rests == 0);
    for (asked = 0; asked < MOST_LOOKS; pushed++)
        ask(0);
    CHECK("11h: nor if the stack does", rests == 0);
    for (asked = 0; asked < MOST_LOOKS; the_bda->cursor[0] = asked & 7)
        ask(0);
    the_bda->cursor[0] = cursor;
    CHECK("11h: nor if the cursor does", rests == 0);
    for (asked = 0; asked < MOST_LOOKS;) {
        struct regs r = {.ah = 0x01};
        if (asked % 512 == 0)
            call(&r, 0x13);
        ask(0);
    }
    CHECK("11h: nor if a disk is used now and then", rests == 0);
}

static void test_rest(void)
{
    volatile u32 *vectors = (volatile u32 *)0;
    __asm__("" : "+r"(vectors));
    old_int08 = vectors[8];
    vectors[8] = (u32)count_rest;
    test_waiting();
    test_working();
    vectors[8] = old_int08;
}

static volatile u32 old_vector __attribute__((used));
static volatile u8 swallowed __attribute__((used));

/* A program that takes x away, and makes z of y, at INT 15h, 4Fh. */
__asm__(".pushsection .text\n"
        "hook: cmpb $0x4f, %ah\n"
        "jne 2f\n"
        "cmpb $0x2d, %al\n"
        "je 1f\n"
        "cmpb $0x15, %al\n"
        "jne 2f\n"
        "movb $0x2c, %al\n"
        "2: ljmpw *%cs:old_vector\n"
        "1: incb %cs:swallowed\n"
        "pushw %bp\n"
        "movw %sp, %bp\n"
        "andb $0xfe, 6(%bp)\n"
        "popw %bp\n"
        "iretw\n"
        ".popsection");
extern const u8 hook[];

static void test_hook(void)
{
    volatile u32 *vectors = (volatile u32 *)0;
    __asm__("" : "+r"(vectors));
    old_vector = vectors[0x15];
    vectors[0x15] = (u32)hook;
    press(0x2d);
    press(0x15);
    vectors[0x15] = old_vector;
    CHECK("INT 15h, 4Fh: swallows a key", swallowed);
    CHECK("INT 15h, 4Fh: changes a key", key_is(0x2c7a) && !waiting(0x11));
}

/* A memory manager may look at scan codes before the BIOS does. */
__asm__(".pushsection .text\n"
        "early_reader: pushw %ax\n"
        "inb $0x60, %al\n"
        "popw %ax\n"
        "jmp count\n"
        ".popsection");
extern const u8 early_reader[];

static void test_early_reader(void)
{
    volatile u32 *vectors = (volatile u32 *)0;
    __asm__("" : "+r"(vectors));
    vectors[9] = (u32)early_reader;
    press(0x1f);
    vectors[9] = (u32)count;
    CHECK("INT 09h: a code that has been read before", key_is(0x1f73));
}

void test_keyboard(void)
{
    volatile u32 *vectors = (volatile u32 *)0;
    __asm__("" : "+r"(vectors));
    old_int09 = vectors[9];
    vectors[9] = (u32)count;
    test_buffer();
    test_codes();
    test_rate();
    test_rest();
    test_hook();
    test_early_reader();
    vectors[9] = old_int09;
}
