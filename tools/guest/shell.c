/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The default guest's prompt. */
#include "guest.h"

enum { LINE = 80 };
enum { CTRL_C = 3, BELL = 7, BACKSPACE = 8, CTRL_U = 21, ESCAPE = 27, DELETE = 127 };

struct command {
    const char *name;
    const char *argument;
    const char *help;
    void (*run)(const char *argument);
};

static const struct command commands[];

static void help(const char *argument)
{
    (void)argument;
    for (const struct command *c = commands; c->name; c++)
        print("  %-9s%-6s %s\n", c->name, c->argument, c->help);
    print("workloads:\n");
    workloads_list();
    print("A boot option do=COMMAND;COMMAND... runs commands before the prompt.\n");
}

static void cpu(const char *argument)
{
    (void)argument;
    cpu_report();
}

static void mem(const char *argument)
{
    (void)argument;
    memory_report();
}

static void run(const char *argument)
{
    if (!workloads_run(*argument ? argument : "all"))
        print("no workload '%s'; there are:\n", argument), workloads_list();
}

static void show_ticks(const char *argument)
{
    (void)argument;
    print("%u ticks of 1/%u s\n", ticks, (u32)TICKS_PER_SECOND);
}

static void peek(const char *argument)
{
    u32 address;
    if (!text_number(argument, &address)) {
        print("peek wants an address, like 0x100000\n");
        return;
    }
    const volatile u32 *at = (const volatile u32 *)(address & ~3u);
    print("%08x:", (u32)at);
    for (int i = 0; i < 4; i++)
        print(" %08x", at[i]);
    print("\n");
}

static void echo(const char *argument)
{
    print("%s\n", argument);
}

static void page_fault(const char *argument)
{
    (void)argument;
    print("writing where no page is...\n");
    *(volatile u32 *)0xdeadbeec = 1;
}

static _Noreturn void stop(void)
{
    for (;;)
        __asm__ volatile("cli; hlt");
}

static void reboot(const char *argument)
{
    (void)argument;
    enum { KBC_STATUS = 0x64, KBC_INPUT_FULL = 2, KBC_PULSE_RESET = 0xfe };
    print("Rebooting.\n");
    for (int n = 0; n < 100000 && (in8(KBC_STATUS) & KBC_INPUT_FULL); n++)
        ;
    out8(KBC_STATUS, KBC_PULSE_RESET);
    for (u32 from = ticks; ticks - from < TICKS_PER_SECOND / 4;)
        __asm__ volatile("hlt");
    /* No keyboard controller: an exception without any IDT resets the processor. */
    struct table none = {0, 0};
    __asm__ volatile("lidt %0; int3" : : "m"(none));
    stop();
}

static void halt(const char *argument)
{
    (void)argument;
    enum { DEBUG_EXIT = 0x501, DEBUG_EXIT_VALUE = 0x10 };
    print("Halted. Ctrl-A x leaves the emulator.\n");
    out32(DEBUG_EXIT, DEBUG_EXIT_VALUE);
    stop();
}

static const struct command commands[] = {
    {"help", "", "this list", help},
    {"cpu", "", "what CPUID tells", cpu},
    {"mem", "", "the memory map", mem},
    {"run", "NAME", "one workload, or all of them", run},
    {"ticks", "", "timer interrupts so far", show_ticks},
    {"peek", "ADDR", "16 bytes of memory", peek},
    {"echo", "TEXT", "prints TEXT", echo},
    {"fault", "", "provokes a page fault", page_fault},
    {"reboot", "", "resets the machine", reboot},
    {"halt", "", "stops the machine (also: poweroff)", halt},
    {0},
};

static void execute(char *line)
{
    while (*line == ' ')
        line++;
    char *argument = line;
    while (*argument && *argument != ' ')
        argument++;
    while (*argument == ' ')
        *argument++ = 0;
    if (!*line)
        return;
    const char *name = text_equal(line, "poweroff") ? "halt" : line;
    for (const struct command *c = commands; c->name; c++)
        if (text_equal(c->name, name)) {
            c->run(argument);
            return;
        }
    print("no command '%s'; try help\n", line);
}

void shell_script(const char *script)
{
    char line[LINE];
    while (*script) {
        u32 length = 0;
        for (; *script && *script != ';'; script++)
            if (length < LINE - 1)
                line[length++] = *script;
        line[length] = 0;
        if (*script)
            script++;
        execute(line);
    }
}

static u32 erase(u32 length, u32 count)
{
    for (; count && length; count--, length--)
        print("\b \b");
    return length;
}

/* Skips what follows ESC in a cursor or function key's sequence: "[" or "O", then to a letter. */
static void skip_escape(void)
{
    u8 c = get_char();
    if (c == '[' || c == 'O')
        do
            c = get_char();
        while (c < '@' || c > '~');
}

static void read_line(char *line)
{
    u32 length = 0;
    for (;;) {
        u8 c = get_char();
        if (c == '\r' || c == '\n')
            break;
        if (c == BACKSPACE || c == DELETE) {
            length = erase(length, 1);
        } else if (c == CTRL_U) {
            length = erase(length, length);
        } else if (c == CTRL_C) {
            print("^C");
            length = 0;
            break;
        } else if (c == ESCAPE) {
            skip_escape();
        } else if (c >= ' ' && length < LINE - 1) {
            line[length++] = (char)c;
            put_char((char)c);
        } else {
            put_char(BELL);
        }
    }
    line[length] = 0;
    print("\n");
}

void shell(void)
{
    char line[LINE];
    for (;;) {
        print("> ");
        read_line(line);
        execute(line);
    }
}
