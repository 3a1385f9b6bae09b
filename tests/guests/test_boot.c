/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What our BIOS boots, and what it does before, by boot sectors that say how it went. */
#include "emulator.h"
#include "test_guests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECTOR = 512, FLOPPY = 1440 * 1024, DISK = 1 << 20, CD = 200 * 1024 };

/* A folder of images, for the time of one test. */
static char folder[] = "/tmp/tessera-boot-XXXXXX";
static char floppy[64], disk[64], cd[64], other_cd[64];

/* mov $0x0e00 | c, %ax; mov $7, %bx; int $0x10 */
#define SAY(c)  0xb8, c, 0x0e, 0xbb, 7, 0, 0xcd, 0x10
#define INT18   0xcd, 0x18
#define FOREVER 0xeb, 0xfe

static const unsigned char says_hi[] = {SAY('h'), SAY('i'), SAY('!'), FOREVER};
static const unsigned char gives_up[] = {SAY('n'), SAY('o'), SAY('t'), SAY('!'), INT18};

static void make_image(const char *path, const unsigned char *code, size_t size, off_t whole)
{
    unsigned char sector[SECTOR] = {0};
    if (size) {
        memcpy(sector, code, size);
        sector[SECTOR - 2] = 0x55;
        sector[SECTOR - 1] = 0xaa;
    }
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(sector, 1, sizeof sector, f), sizeof sector);
    ck_assert_int_eq(fclose(f), 0);
    ck_assert_int_eq(truncate(path, whole), 0);
}

static void make_folder(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(floppy, sizeof floppy, "%s/floppy", folder);
    snprintf(disk, sizeof disk, "%s/disk", folder);
    snprintf(cd, sizeof cd, "%s/cd", folder);
    snprintf(other_cd, sizeof other_cd, "%s/other", folder);
}

static void remove_folder(void)
{
    unlink(floppy);
    unlink(disk);
    unlink(cd);
    unlink(other_cd);
    rmdir(folder);
}

static struct emulator *start(const char *const *more)
{
    const char *arguments[24] = {"-nographic", "-no-reboot", "-m", "16"};
    int count = 4;
    while (*more)
        arguments[count++] = *more++;
    return emulator_start(ON_TERMINAL, arguments);
}

/* --- INT 18h --- */

START_TEST(int18_boots_what_comes_next)
{
    make_image(floppy, gives_up, sizeof gives_up, FLOPPY);
    make_image(disk, says_hi, sizeof says_hi, DISK);
    struct emulator *e = start((const char *[]){"-boot", "ac", "-fda", floppy, "-hda", disk, NULL});
    emulator_expect(e, "Booting from floppy 0...");
    emulator_expect(e, "not!");
    emulator_expect(e, "Booting from disk 0...");
    emulator_expect(e, "hi!");
    emulator_kill(e);
}
END_TEST

START_TEST(int18_of_the_last_device)
{
    make_image(disk, gives_up, sizeof gives_up, DISK);
    struct emulator *e = start((const char *[]){"-hda", disk, NULL});
    emulator_expect(e, "not!");
    emulator_expect(e, "No bootable device.");
    emulator_kill(e);
}
END_TEST

/* --- -boot --- */

START_TEST(nothing_else_by_strict)
{
    make_image(floppy, NULL, 0, FLOPPY);
    make_image(disk, says_hi, sizeof says_hi, DISK);
    struct emulator *e = start((const char *[]){"-boot", "a", "-fda", floppy, "-hda", disk, NULL});
    emulator_expect(e, "no boot sector.");
    emulator_expect(e, "hi!");
    emulator_kill(e);
    e = start((const char *[]){"-boot", "order=a,strict=on,reboot-timeout=100", "-fda", floppy,
                               "-hda", disk, NULL});
    emulator_expect(e, "no boot sector.");
    emulator_expect(e, "No bootable device.");
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    ck_assert_msg(!strstr(e->text, "Booting from disk"), "%s", e->text);
    emulator_kill(e);
}
END_TEST

/* '<', four digits from '0' to '?' of the ticks at 40:6C, '>'. */
static const unsigned char says_ticks[] = {
    SAY('<'), 0x31,    0xc0,       /* xor %ax, %ax */
    0x8e,     0xd8,                /* mov %ax, %ds */
    0x8b,     0x16,    0x6c, 0x04, /* mov 0x46c, %dx */
    0xb9,     4,       0,          /* mov $4, %cx */
    0xc1,     0xc2,    4,          /* 1: rol $4, %dx */
    0x88,     0xd0,                /* mov %dl, %al */
    0x24,     0x0f,                /* and $15, %al */
    0x04,     '0',                 /* add $'0', %al */
    0xb4,     0x0e,                /* mov $0xe, %ah */
    0xcd,     0x10,                /* int $0x10 */
    0xe2,     0xf1,                /* loop 1b */
    SAY('>'), FOREVER,
};

/* By instructions, so that no host's time goes in; the clock begins with midnight's tick. */
static unsigned ticks_at_boot(const char *boot)
{
    struct emulator *e =
        start((const char *[]){"-boot", boot, "-hda", disk, "-icount", "shift=7,sleep=off", "-rtc",
                               "base=2006-06-17T00:00:00", NULL});
    unsigned ticks = 0;
    emulator_expect(e, "<");
    size_t at = e->seen;
    emulator_expect(e, ">");
    for (size_t i = at; i < at + 4; i++)
        ticks = ticks << 4 | (unsigned)(e->text[i] - '0');
    emulator_kill(e);
    return ticks;
}

START_TEST(the_menu_is_offered_so_long)
{
    enum { LONGER = 4000 - 1000, TICK = 55, ABOUT = 2 };
    make_image(disk, says_ticks, sizeof says_ticks, DISK);
    unsigned none = ticks_at_boot("menu=off"), one = ticks_at_boot("menu=on,splash-time=1000"),
             four = ticks_at_boot("menu=on,splash-time=4000");
    ck_assert_uint_ge(one, none + 1000 / TICK - ABOUT);
    ck_assert_uint_ge(four, one + LONGER / TICK - ABOUT);
    ck_assert_uint_le(four, one + LONGER / TICK + ABOUT);
}
END_TEST

/* --- the memory test --- */

START_TEST(memory_is_tested)
{
    struct emulator *e = start((const char *[]){"-m", "192", "-boot", "c", NULL});
    emulator_expect(e, "Memory: 196608 KiB good");
    emulator_kill(e);
}
END_TEST

/* A key is typed before the guest does anything: it waits in the serial line. */
static struct emulator *start_with_key(const char *key)
{
    struct emulator *e = start((const char *[]){"-m", "192", "-boot", "c", "-S", NULL});
    emulator_send(e, key);
    emulator_send(e, "\001c");
    emulator_expect(e, "(tessera) ");
    emulator_send(e, "cont\r\001c");
    return e;
}

static const char *const skipping[] = {" ", "\033"};

START_TEST(a_key_skips_the_memory_test)
{
    struct emulator *e = start_with_key(skipping[_i]);
    emulator_expect(e, "Memory: 196608 KiB, test skipped");
    emulator_expect(e, "No bootable device.");
    emulator_kill(e);
}
END_TEST

START_TEST(the_memory_test_leaves_the_menus_key)
{
    struct emulator *e = start_with_key("\033[24~");
    emulator_expect(e, "Memory: 196608 KiB good");
    emulator_expect(e, "Boot from:");
    emulator_kill(e);
}
END_TEST

/* --- INT 13h, 49h: whether a CD has been changed; 'p' and the status, whenever it is another ---
 */

static const unsigned char says_changes[] = {
    0xbe, 0xff, 0xff, /* mov $-1, %si */
    0xb4, 0x49,       /* 1: mov $0x49, %ah */
    0xb2, 0xe0,       /* mov $0xe0, %dl */
    0xcd, 0x13,       /* int $0x13 */
    0x0f, 0xb6, 0xc4, /* movzb %ah, %ax */
    0x39, 0xf0,       /* cmp %si, %ax */
    0x74, 0xf3,       /* je 1b */
    0x89, 0xc6,       /* mov %ax, %si */
    0x04, 'p',        /* add $'p', %al */
    0xb4, 0x0e,       /* mov $0xe, %ah */
    0xbb, 7,    0,    /* mov $7, %bx */
    0xcd, 0x10,       /* int $0x10 */
    0xeb, 0xe6,       /* jmp 1b */
};

START_TEST(a_changed_cd_is_told_of_once)
{
    make_image(disk, says_changes, sizeof says_changes, DISK);
    make_image(cd, NULL, 0, CD);
    make_image(other_cd, NULL, 0, CD);
    struct emulator *e = start(
        (const char *[]){"-boot", "c", "-hda", disk, "-cdrom", cd, "-media-dir", folder, NULL});
    emulator_expect(e, "Booting from disk 0...");
    emulator_expect(e, "p");
    emulator_send(e, "\001c");
    emulator_expect(e, "(tessera) ");
    emulator_send(e, "change ide1-cd0 other\r");
    emulator_expect(e, "v"); /* 06h */
    emulator_expect(e, "p");
    emulator_kill(e);
}
END_TEST

Suite *boot_suite(void)
{
    Suite *suite = suite_create("boot");
    TCase *c = tcase_create("boot");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_checked_fixture(c, make_folder, remove_folder);
    tcase_add_test(c, int18_boots_what_comes_next);
    tcase_add_test(c, int18_of_the_last_device);
    tcase_add_test(c, nothing_else_by_strict);
    tcase_add_test(c, the_menu_is_offered_so_long);
    tcase_add_test(c, memory_is_tested);
    tcase_add_loop_test(c, a_key_skips_the_memory_test, 0, sizeof skipping / sizeof *skipping);
    tcase_add_test(c, the_memory_test_leaves_the_menus_key);
    tcase_add_test(c, a_changed_cd_is_told_of_once);
    suite_add_tcase(suite, c);
    return suite;
}
