/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which interrupt controllers and timers Linux finds, by which tables; and turning off. */
#include "emulator.h"
#include "linux.h"
#include "test_guests.h"

#include <string.h>
#include <sys/wait.h>

#define OUR_BIOS "build/bios/bios.bin"
#define SHELL    "console=ttyS0 rdinit=/bin/sh " LINUX_BRIEFLY

enum { MOST_OPTIONS = 8 };

/* What becomes of it when it is turned off: it cannot be; we end, or stay for -no-shutdown. */
enum end { NO_END, ENDS, STAYS };

static const struct boot {
    const char *options[MOST_OPTIONS];
    const char *interrupts, *timer; /* what /proc/interrupts and the log say */
    enum end end;
} boots[] = {
    /* By the loader's tables, by our BIOS's, by SeaBIOS's. */
    {{"-append", (SHELL), "-no-shutdown"}, "IO-APIC", "clocksource: hpet", STAYS},
    {{"-append", (SHELL), "-bios", OUR_BIOS}, "IO-APIC", "clocksource: hpet", ENDS},
    {{"-append", (SHELL), "-bios", SEABIOS}, "IO-APIC", "clocksource: hpet", ENDS},
    /* MP tables alone. */
    {{"-append", (SHELL " acpi=off"), "-bios", OUR_BIOS}, "IO-APIC", "MP-table", NO_END},
    {{"-append", (SHELL), "-no-acpi"}, "IO-APIC", "MP-table", NO_END},
    /* Virtual wire; the 8259 and nothing else; no HPET. */
    {{"-append", (SHELL " noapic")}, "XT-PIC", "clocksource: acpi_pm", ENDS},
    {{"-append", (SHELL " nolapic")}, "XT-PIC", "clocksource: acpi_pm", ENDS},
    {{"-append", (SHELL), "-cpu", "pentium2", "-no-hpet"}, "IO-APIC", "clocksource: acpi_pm", ENDS},
};
enum { BOOTS = sizeof boots / sizeof *boots };

static struct emulator *boot(const struct boot *b)
{
    /* Linux refuses a PM timer that seems to run fast, as it does if the host is away meanwhile. */
    const char *arguments[10 + MOST_OPTIONS] = {"-nographic", "-m",      "256",
                                                "-icount",    "auto",    "-kernel",
                                                LINUX_KERNEL, "-initrd", LINUX_INITRD};
    unsigned n = 9;
    for (unsigned i = 0; b->options[i]; i++)
        arguments[n++] = b->options[i];
    struct emulator *e = emulator_start(ON_TERMINAL, arguments);
    emulator_expect(e, "~ # ");
    emulator_send(e, "mount -t proc proc /proc\r");
    emulator_expect(e, "~ # ");
    return e;
}

/* What a command shows before the next prompt. */
static void check_output(struct emulator *e, const char *command, const char *wanted)
{
    size_t from = e->seen;
    emulator_send(e, command);
    emulator_send(e, "; echo @$?@\r");
    ck_assert_int_eq(emulator_expect_status(e), 0);
    ck_assert_msg(strstr(e->text + from, wanted), "%s: no '%s'", command, wanted);
}

static void turn_off(struct emulator *e, enum end end)
{
    emulator_send(e, "poweroff -f\r");
    if (end == STAYS) {
        emulator_expect(e, "reboot: Power down");
        ck_assert(emulator_watch(e, 500));
        return;
    }
    int status = emulator_wait(e);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "wait status %#x", status);
}

START_TEST(linux_finds_its_interrupts)
{
    const struct boot *b = &boots[_i];
    struct emulator *e = boot(b);
    check_output(e, "cat /proc/interrupts", b->interrupts);
    check_output(e, "dmesg | grep 'clocksource\\|MP-t'", b->timer);
    if (b->end != NO_END)
        turn_off(e, b->end);
    emulator_kill(e);
}
END_TEST

Suite *power_suite(void)
{
    Suite *suite = suite_create("power and interrupts");
    TCase *c = tcase_create("power and interrupts");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_loop_test(c, linux_finds_its_interrupts, 0, BOOTS);
    suite_add_tcase(suite, c);
    return suite;
}
