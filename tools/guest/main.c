/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The default guest's course: set up, report, obey the boot options, then the prompt. */
#include "guest.h"

void guest_main(u32 magic, const void *info);

/* What follows "do=" on the command line, or nothing. */
static const char *script(const char *line)
{
    for (; *line; line++)
        if (line[0] == 'd' && line[1] == 'o' && line[2] == '=')
            return line + 3;
    return "";
}

static void fpu_init(void)
{
    /* CR0: MP and NE set, EM and TS clear (SDM vol. 3, 2.5). */
    u32 cr0;
    __asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
    cr0 = (cr0 | 0x22) & ~0xcu;
    __asm__ volatile("mov %0, %%cr0; fninit" : : "r"(cr0));
}

void guest_main(u32 magic, const void *info)
{
    memory_init(magic, info);
    screen_init(magic, info);
    console_init();
    print("\nTessera default guest\n");
    fpu_init();
    interrupts_init();
    paging_init();
    time_init();
    cpu_report();
    memory_report();
    print("\nType help for a list of commands, Ctrl-A x to leave the emulator.\n");
    shell_script(script(memory_command_line()));
    shell();
}
