/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The VGA BIOS, by a floppy whose program calls all of its functions (guest/guest.h), on emulators
 * that have the Bochs graphics adapter; and Debian's VGA BIOS by the same program. Where one is
 * known to be otherwise, it is listed here with the reason.
 */
#include "tests/bios/vga/fonts.h"
#include "tests/bios/vga/run.h"
#include "tests/suites.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct difference {
    enum machine machine;
    const char *what, *why;
};

/* Checks that do not pass. */
static const struct difference checks[] = {
    {QEMU_OURS, "dac_mask", "QEMU's card has no mask register that can be read"},
    {QEMU_OURS, "vbe_planes", "in QEMU's VBE modes writes to the sequencer have no effect"},

    {QEMU_DEBIAN, "dac_mask", "as with ours"},
    {QEMU_DEBIAN, "vbe_planes", "as with ours"},
    {QEMU_DEBIAN, "mode_lines", "sets no text modes of 200 and 350 lines"},
    {QEMU_DEBIAN, "cursor_shapes", "an underline is in the last line; IBM's is a line above"},
    {QEMU_DEBIAN, "teletype_scrolls", "a new line's attribute is 07h, not the last line's"},
    {QEMU_DEBIAN, "planar_pages", "pixels are all of page 0"},
    {QEMU_DEBIAN, "gray_always", "sums up gray only when asked"},
    {QEMU_DEBIAN, "colors_kept", "loads colours though told not to"},
    {QEMU_DEBIAN, "cga_palettes", "does not note the palette in the data area"},
    {QEMU_DEBIAN, "font_fifty_rows", "rows that do not fill the screen leave its end as it was"},
    {QEMU_DEBIAN, "vectors", "sets no vector 6Dh"},
    {QEMU_DEBIAN, "data_area", "does not note CGA's registers"},
    {QEMU_DEBIAN, "save_pointers", "has no second table"},
    {QEMU_DEBIAN, "own_parameters", "does not read parameters by the save pointers"},
    {QEMU_DEBIAN, "print_screens", "has no AH=12h, BL=20h"},
    {QEMU_DEBIAN, "video_off", "has no AH=12h, BL=36h"},
    {QEMU_DEBIAN, "state_information", "the table of functionality lists other modes"},
    {QEMU_DEBIAN, "vbe_mode_blocks", "lists VGA's own modes, whose windows have no size"},
    {QEMU_DEBIAN, "vbe_text_modes", "has those of 400 lines only"},
    {QEMU_DEBIAN, "vbe_modes", "clears memory though told not to"},
    {QEMU_DEBIAN, "vbe_linear", "errors leave AL as it was"},
    {QEMU_DEBIAN, "vbe_windows", "sets banks beyond the memory"},
    {QEMU_DEBIAN, "vbe_line_lengths", "takes lines shorter than the picture"},
    {QEMU_DEBIAN, "vbe_display_starts", "starts beyond the memory"},
    {QEMU_DEBIAN, "vbe_palette", "has no 4F09h"},
    {QEMU_DEBIAN, "vbe_text", "reads no characters in such modes"},
    {QEMU_DEBIAN, "vbe_pixels", "draws none in such modes"},
    {QEMU_DEBIAN, "vbe_power", "gives another version"},
    {QEMU_DEBIAN, "vbe_clock", "has no 4F0Bh"},
    {QEMU_DEBIAN, "protected_entry", "has no VBE 3.0"},
    {QEMU_DEBIAN, "protected_interface", "has no 4F0Ah"},
};

/* Fields of a mode's registers in which Debian's is not ours. */
static const char seabios_mono[] = "CRTC and status are reached by the port of the mode before";
static const struct {
    const char *mode, *field, *why;
} registers[] = {
    {"07", "cr", seabios_mono},
    {"07", "ar", seabios_mono},
    {"07", "dac", "gray of another brightness for bit 4 alone"},
    {"0d", "cr", seabios_mono},
    {"0d", "ar", seabios_mono},
    {"0f", "misc", "a colour mode"},
    {"0f", "gr", "a colour mode"},
    {"0f", "ar", "a colour mode"},
    {"0f", "dac", "gray of another brightness for bit 4 alone"},
    {"11", "cr", "a bit that says nothing where lines are not interleaved"},
    {"11", "gr", "planes that are compared: all four"},
    {"11", "ar", "colours of planes that are not there"},
};

static char *output[MACHINES];

static const char *output_of(enum machine m)
{
    if (!output[m])
        output[m] = run_machine(m);
    ck_assert_msg(strstr(output[m], "\nend\n") != NULL, "%s: came to no end: %s", machine_names[m],
                  output[m]);
    return output[m];
}

static bool is_known(enum machine m, const char *name)
{
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        size_t length = strlen(checks[i].what);
        if (checks[i].machine == m && strncmp(checks[i].what, name, length) == 0 &&
            name[length] == ':')
            return true;
    }
    return false;
}

enum { CHECKS = 83 };

/* As many lines of "ok" and "failed" as there are checks; failures are those that are listed. */
static void compare(enum machine m)
{
    unsigned passed = 0, failed = 0, known = 0;
    const char *text = output_of(m);
    for (const char *line = text; (line = strstr(line, "\nok ")) != NULL; line++)
        passed++;
    for (const char *line = text; (line = strstr(line, "\nfailed ")) != NULL; line++) {
        const char *name = line + strlen("\nfailed ");
        failed++;
        ck_assert_msg(is_known(m, name), "%s: %.*s", machine_names[m], (int)strcspn(name, "\n"),
                      name);
    }
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        known += checks[i].machine == m;
    ck_assert_uint_eq(failed, known);
    ck_assert_uint_eq(passed + failed, CHECKS);
}

START_TEST(test_tessera)
{
    compare(TESSERA_OURS);
}
END_TEST

START_TEST(test_qemu)
{
    compare(QEMU_OURS);
}
END_TEST

START_TEST(test_bochs)
{
    compare(BOCHS_OURS);
}
END_TEST

START_TEST(test_debian)
{
    compare(QEMU_DEBIAN);
}
END_TEST

static bool may_differ(const char *mode, const char *field)
{
    for (size_t i = 0; i < sizeof registers / sizeof registers[0]; i++)
        if (strncmp(registers[i].mode, mode, 2) == 0 && strcmp(registers[i].field, field) == 0)
            return true;
    return false;
}

/* "dump mode 03: misc 67 sr 0300030002 cr ..." */
static void compare_fields(const char *ours, const char *theirs)
{
    static const char *const fields[] = {"misc", "sr", "cr", "gr", "ar", "dac"};
    const char *mode = ours + strlen("\ndump mode ");
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        char name[16];
        snprintf(name, sizeof name, " %s ", fields[i]);
        const char *a = strstr(ours, name), *b = strstr(theirs, name);
        ck_assert(a && b);
        a += strlen(name);
        b += strlen(name);
        bool same = strncmp(a, b, strcspn(a, " ") + 1) == 0;
        ck_assert_msg(same != may_differ(mode, fields[i]), "mode %.2s: %s: %.*s, Debian's: %.*s",
                      mode, fields[i], (int)strcspn(a, " "), a, (int)strcspn(b, " "), b);
    }
}

/* What the registers hold in each of VGA's modes, and the colours. */
START_TEST(test_registers)
{
    const char *ours = output_of(QEMU_OURS), *theirs = output_of(QEMU_DEBIAN);
    unsigned modes = 0;
    while ((ours = strstr(ours, "\ndump mode ")) && (theirs = strstr(theirs, "\ndump mode "))) {
        ck_assert(strncmp(ours, theirs, strlen("\ndump mode 00:")) == 0);
        compare_fields(ours++, theirs++);
        modes++;
    }
    ck_assert_uint_eq(modes, 15);
}
END_TEST

/* All cards keep the same. */
START_TEST(test_registers_alike)
{
    static const enum machine others[] = {TESSERA_OURS, BOCHS_OURS};
    const char *a = output_of(QEMU_OURS), *b = output_of(others[_i]);
    unsigned modes = 0;
    while ((a = strstr(a, "\ndump mode ")) && (b = strstr(b, "\ndump mode "))) {
        size_t length = strcspn(a + 1, "\n") + 1;
        ck_assert_msg(strncmp(a, b, length) == 0, "QEMU: %.*s, %s: %.*s", (int)length, a,
                      machine_names[others[_i]], (int)length, b);
        a++, b++, modes++;
    }
    ck_assert_uint_eq(modes, 15);
}
END_TEST

int main(void)
{
    allow_minutes();
    enum { SECONDS = 900 /* a net against a hang */ };
    Suite *suite = suite_create("vgabios");
    TCase *tcase = tcase_create("vgabios");
    tcase_set_timeout(tcase, SECONDS);
    tcase_add_test(tcase, test_tessera);
    tcase_add_test(tcase, test_qemu);
    tcase_add_test(tcase, test_bochs);
    tcase_add_test(tcase, test_debian);
    tcase_add_test(tcase, test_registers);
    tcase_add_loop_test(tcase, test_registers_alike, 0, 2);
    suite_add_tcase(suite, fonts_case());
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK); /* each machine is run once */
    int status = run_to_end(runner);
    for (unsigned m = 0; m < MACHINES; m++)
        free(output[m]);
    return status;
}
