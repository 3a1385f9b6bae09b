/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disks belong to a snapshot: what has been written to an overlay, and what is below it. */
#include "tests/snapshot/stage.h"

#include "hw/host/disk_store.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* No whole number of an overlay's blocks. */
enum { SIZE = 64 * 4096 + 1024 };

static char image[64];
static struct stage s;

static void open_machine(const char *drive)
{
    stage_open(&s, (const char *const[]){"-m", "8", "-vga", "none", "-kernel",
                                         "build/guest/tessera-guest.elf", "-drive", drive, NULL});
}

static void open_with(const char *properties)
{
    char drive[128];
    snprintf(drive, sizeof drive, "file=%s,format=raw%s", image, properties);
    open_machine(drive);
}

static void make_image(void)
{
    static uint8_t bytes[SIZE];
    strcpy(image, "/tmp/tessera-snapshot-XXXXXX");
    int fd = mkstemp(image);
    for (unsigned i = 0; i < SIZE; i++)
        bytes[i] = (uint8_t)(i >> 9);
    ck_assert_int_eq(write(fd, bytes, SIZE), SIZE);
    close(fd);
}

static void setup(void)
{
    make_image();
    open_with(",snapshot=on");
}

static void teardown(void)
{
    stage_close(&s);
    unlink(image);
}

/* --- what a guest sees --- */

static bool is_done;

static void done(void *owner)
{
    (void)owner;
    is_done = true;
}

static void transfer(enum disk_operation operation, uint64_t offset, uint8_t *data, size_t size)
{
    struct disk_request r = {
        .operation = operation, .offset = offset, .size = size, .data = data, .done = done};
    struct error error = {""};
    is_done = false;
    disk_submit(s.machine.host->disk[0], &r);
    ck_assert_msg(surroundings_drain(s.machine.host, &error), "%s", error.text);
    ck_assert(is_done);
    ck_assert_int_eq(r.error, 0);
}

static void fill(uint64_t offset, uint8_t value, size_t size)
{
    static uint8_t bytes[SIZE];
    memset(bytes, value, size);
    transfer(DISK_WRITE, offset, bytes, size);
}

static uint8_t *read_all(void)
{
    uint8_t *bytes = malloc(SIZE);
    transfer(DISK_READ, 0, bytes, SIZE);
    return bytes;
}

/* Frees it. */
static void expect_contents(uint8_t *then)
{
    uint8_t *now = read_all();
    for (unsigned i = 0; i < SIZE; i++)
        ck_assert_msg(now[i] == then[i], "byte %x is %02x, not %02x", i, now[i], then[i]);
    free(now);
    free(then);
}

/* In whole blocks, parts of them, and the last one, which is short. */
static void write_somewhere(uint8_t value)
{
    fill(0, value, 512);
    fill(4096 * 3 + 512, value, 4096 * 2);
    fill((uint64_t)4096 * (10 + value % 7), value, 4096);
    fill(SIZE - 512, value, 512);
}

START_TEST(what_was_written_is_in_the_file)
{
    write_somewhere(0x11);
    uint8_t *then = read_all();
    int fd = stage_save(&s);
    write_somewhere(0x22);
    fill(4096 * 40, 0x22, 4096);
    stage_load(&s, fd);
    expect_contents(then);
    then = read_all();
    teardown();
    setup(); /* the file is another, made later */
    struct error error = {""};
    bool broken;
    ck_assert(!snapshot_load(&s.machine, fd, "test", &broken, &error));
    ck_assert_msg(strstr(error.text, "which has been written to since"), "%s", error.text);
    free(then);
    close(fd);
}
END_TEST

START_TEST(another_process_sees_it_too)
{
    write_somewhere(0x11);
    uint8_t *then = read_all();
    int fd = stage_save(&s);
    stage_close(&s);
    open_with(",snapshot=on");
    stage_load(&s, fd);
    expect_contents(then);
    close(fd);
}
END_TEST

START_TEST(going_back_takes_back_what_was_written)
{
    struct error error = {""};
    write_somewhere(0x33);
    for (uint8_t point = 1; point < 4; point++) {
        ck_assert_msg(snapshot_mark(&s.machine, &error), "%s", error.text);
        for (uint8_t round = 1; round < 4; round++) {
            uint8_t *then = read_all();
            write_somewhere((uint8_t)(point * 16 + round));
            ck_assert_msg(snapshot_revert(&s.machine, &error), "%s", error.text);
            expect_contents(then);
        }
        write_somewhere(point); /* which the next point has */
    }
}
END_TEST

/* A snapshot that is taken behind a point has what has been written on both sides of it. */
START_TEST(a_file_has_both_sides_of_a_point)
{
    struct error error = {""};
    write_somewhere(0x44);
    ck_assert_msg(snapshot_mark(&s.machine, &error), "%s", error.text);
    write_somewhere(0x55);
    uint8_t *then = read_all();
    int fd = stage_save(&s);
    write_somewhere(0x66);
    stage_load(&s, fd);
    expect_contents(then);
    close(fd);
}
END_TEST

/* --- what cannot be --- */

static void expect_unsaved(const char *why)
{
    struct error error = {""};
    int fd = stage_file();
    ck_assert(!snapshot_save(&s.machine, fd, "test", NULL, &error));
    ck_assert_msg(strstr(error.text, why), "%s", error.text);
    ck_assert(!snapshot_mark(&s.machine, &error));
    close(fd);
}

START_TEST(a_disk_that_is_written_to_itself_is_refused)
{
    stage_close(&s);
    open_with("");
    expect_unsaved("is written to itself, so that no snapshot could keep what is in it now "
                   "(-snapshot, or -drive file=...,snapshot=on)");
}
END_TEST

static void expect_other(int fd, const char *why)
{
    struct error error = {""};
    bool broken;
    ck_assert(!snapshot_load(&s.machine, fd, "test", &broken, &error));
    ck_assert(!broken);
    ck_assert_msg(strstr(error.text, why), "%s", error.text);
}

START_TEST(another_disk_is_refused)
{
    int fd = stage_save(&s);
    stage_close(&s);
    open_with(",readonly=on,media=cdrom");
    expect_other(fd, "test: has ");
    stage_close(&s);
    stage_open_small(&s);
    expect_other(fd, "test: is of a machine with 1 disks, not 0");
    stage_close(&s);
    ck_assert_int_eq(truncate(image, SIZE + 512), 0);
    open_with(",snapshot=on");
    expect_other(fd, "test: has a disk of ");
    close(fd);
}
END_TEST

Suite *snapshot_disk_suite(void)
{
    Suite *suite = suite_create("disks");
    TCase *c = tcase_create("disks");
    tcase_set_timeout(c, 300);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, what_was_written_is_in_the_file);
    tcase_add_test(c, another_process_sees_it_too);
    tcase_add_test(c, going_back_takes_back_what_was_written);
    tcase_add_test(c, a_file_has_both_sides_of_a_point);
    tcase_add_test(c, a_disk_that_is_written_to_itself_is_refused);
    tcase_add_test(c, another_disk_is_refused);
    suite_add_tcase(suite, c);
    return suite;
}
