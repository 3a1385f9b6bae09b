/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls all sections, and ends the emulator where it has a port for that. */
#include "tests/bios/program/program.h"

void program(unsigned drive);

void say(const char *text)
{
    while (*text)
        outb(0xe9, (u8)*text++);
}

static void say_number(unsigned number)
{
    char digit[2] = {(char)('0' + number % 10), 0};
    if (number >= 10)
        say_number(number / 10);
    say(digit);
}

void check(const char *name, bool good, int line)
{
    say(good ? "ok " : "failed ");
    say(name);
    if (!good) {
        say(": line ");
        say_number((unsigned)line);
    }
    say("\n");
}

void program(unsigned drive)
{
    test_data();
    test_memory();
    test_keyboard();
    test_mouse();
    test_clock();
    test_system();
    test_pci();
    test_ports();
    test_drive((u8)drive);
    say("end\n");
    outl(0x501, 0);
    for (;;)
        __asm__ volatile("hlt");
}
