/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A snapshot's file: what is wrong with one is said in a line, and changes nothing. */
#include "tests/snapshot/stage.h"

#include "exec/memory.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

/* --- a machine and its file --- */

static struct stage s;
static struct stage_bytes file;

static void setup(void)
{
    stage_open_small(&s);
    stage_run(&s, 20);
    int fd = stage_save(&s);
    file = stage_bytes(fd);
    close(fd);
}

static void teardown(void)
{
    free(file.at);
    stage_close(&s);
}

/* Is refused, says the file's name, and leaves all as it was. Closes the file. */
static struct error refused(int fd)
{
    struct error error = {""};
    bool broken;
    ck_assert(!snapshot_load(&s.machine, fd, "test", &broken, &error));
    ck_assert(!broken);
    ck_assert_msg(strncmp(error.text, "test: ", 6) == 0, "%s", error.text);
    close(fd);
    return error;
}

static void expect_refused(int fd, const char *why)
{
    struct error error = refused(fd);
    ck_assert_msg(strstr(error.text, why), "%s", error.text);
}

/* --- what is wrong with a file --- */

START_TEST(a_file_that_is_cut_is_refused)
{
    char *before = stage_print(&s);
    for (unsigned i = 0; i < 100; i++)
        refused(stage_file_of(file.at, file.size * i / 100));
    for (size_t size = file.size - 8; size < file.size; size++)
        refused(stage_file_of(file.at, size));
    for (size_t size = 0; size < 64; size++)
        refused(stage_file_of(file.at, size));
    stage_expect_same_text(before, stage_print(&s));
}
END_TEST

/* Is the same in the frame, with the right checksum? zstd reads over some bits of a frame. */
static bool is_the_same(const struct stage_bytes *changed, const struct stage_bytes *contents)
{
    struct stage_bytes now = {.at = malloc(contents->size), .size = contents->size};
    size_t size =
        ZSTD_decompress(now.at, now.size, changed->at + STAGE_HEAD, changed->size - STAGE_HEAD);
    bool is = size == contents->size && memcmp(now.at, contents->at, size) == 0;
    free(now.at);
    return is;
}

START_TEST(a_bit_that_is_another_is_found)
{
    uint32_t random = 1;
    unsigned meaningless = 0;
    char *before = stage_print(&s);
    struct stage_bytes contents = stage_unpack(&file);
    for (unsigned i = 0; i < 200; i++) {
        random = random * 1664525 + 1013904223;
        size_t at = i < 40 ? i : (random >> 8) % file.size;
        file.at[at] ^= (uint8_t)(1 << i % 8);
        if (at >= STAGE_HEAD && is_the_same(&file, &contents))
            meaningless++;
        else
            refused(stage_file_of(file.at, file.size));
        file.at[at] ^= (uint8_t)(1 << i % 8);
    }
    ck_assert_uint_lt(meaningless, 5);
    free(contents.at);
    stage_expect_same_text(before, stage_print(&s));
}
END_TEST

START_TEST(what_is_behind_the_end_is_refused)
{
    struct stage_bytes more = {malloc(file.size + 1), file.size + 1};
    memcpy(more.at, file.at, file.size);
    more.at[file.size] = 0;
    expect_refused(stage_file_of(more.at, more.size), "is damaged: there is more behind its end");
    free(more.at);
    struct stage_bytes inside = stage_unpack(&file);
    inside.at[inside.size++] = 1;
    expect_refused(stage_pack(&file, inside.at, inside.size),
                   "is damaged: there is more behind its end");
    free(inside.at);
}
END_TEST

START_TEST(other_files_are_none)
{
    static const char text[] = "This is no snapshot, but some text.";
    expect_refused(stage_file_of((const uint8_t *)text, sizeof text),
                   "is no snapshot of Tessera's");
    expect_refused(open("/dev/null", O_RDONLY), "is no snapshot of Tessera's");
    expect_refused(open("/", O_RDONLY), "Is a directory");
}
END_TEST

/* --- what a newer version may have --- */

START_TEST(another_format_is_named)
{
    file.at[8] = 7;
    expect_refused(stage_file_of(file.at, file.size), "is of format 7; this Tessera knows 1");
}
END_TEST

START_TEST(a_newer_part_and_an_unknown_one_are_named)
{
    struct stage_bytes b = stage_unpack(&file);
    ck_assert_int_eq(memcmp(b.at + 2, "machine", 7), 0);
    b.at[9] = 3;
    expect_refused(stage_pack(&file, b.at, b.size), "machine of version 3: only versions 1 to 2");
    b.at[9] = 2;
    b.at[2] = 'X';
    expect_refused(stage_pack(&file, b.at, b.size),
                   "has a part that this Tessera does not know, Xachine");
    free(b.at);
}
END_TEST

/* Before machine 2 and memory 2, files knew of no parent. */
START_TEST(an_older_file_is_read)
{
    enum { NAME = 13, LAYOUT_END = 8 + 2 + 8 }; /* id, no parent, its id */
    struct stage_bytes b = stage_unpack(&file);
    char *before = stage_print(&s);
    uint8_t *memory = memmem(b.at, b.size, "\6\0memory\2", 9), *at = b.at + NAME;
    ck_assert_ptr_nonnull(memory);
    memory[8] = b.at[9] = 1;
    at += 2 + at[0]; /* the machine's name, */
    at += 2 + at[0]; /* the processor's, */
    at += 4 + 4 * at[0];
    memmove(at, at + LAYOUT_END, b.size - (size_t)(at + LAYOUT_END - b.at));
    int fd = stage_pack(&file, b.at, b.size - LAYOUT_END);
    stage_run(&s, 20);
    stage_load(&s, fd);
    stage_expect_same_text(before, stage_print(&s));
    close(fd);
    free(b.at);
}
END_TEST

/* --- how it is read --- */

static long long bytes_read(void)
{
    long long count = -1;
    FILE *f = fopen("/proc/self/io", "r");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fscanf(f, "rchar: %lld", &count), 1);
    fclose(f);
    return count;
}

/* What no compression makes smaller, in the upper half of memory. */
static void fill_memory(uint32_t random)
{
    for (uint32_t at = 4 << 20; at < 8 << 20; at += 4) {
        random = random * 1664525 + 1013904223;
        memory_write(s.machine.memory, at, random, 4);
    }
}

/* Of what is behind the disks, once: memory is the most of it. */
START_TEST(a_file_is_read_once)
{
    enum { MORE = 1 << 19 };
    fill_memory(1);
    int fd = stage_save(&s);
    long long size = lseek(fd, 0, SEEK_END);
    char *before = stage_print(&s);
    struct stage_memory memory = stage_memory(&s);
    ck_assert_int_gt(size, 4 * MORE);
    fill_memory(2);
    stage_run(&s, 5);
    long long first = bytes_read();
    stage_load(&s, fd);
    ck_assert_int_lt(bytes_read() - first, size + MORE);
    stage_expect_same_memory(memory, stage_memory(&s));
    stage_expect_same_text(before, stage_print(&s));
    close(fd);
}
END_TEST

/* What was wrong was found behind all of memory, which is as it was. */
START_TEST(a_refused_file_changes_no_memory)
{
    fill_memory(1);
    int fd = stage_save(&s);
    struct stage_bytes saved = stage_bytes(fd);
    close(fd);
    fill_memory(2);
    struct stage_memory memory = stage_memory(&s);
    saved.at[saved.size - 1] ^= 1; /* the checksum */
    expect_refused(stage_file_of(saved.at, saved.size), "is damaged");
    stage_expect_same_memory(memory, stage_memory(&s));
    free(saved.at);
}
END_TEST

/* --- hostile contents, under a right checksum --- */

static uint32_t any(uint32_t *random)
{
    *random = *random * 1664525 + 1013904223;
    return *random >> 4;
}

/* Numbers and lengths are mostly near the ends; memory is most of it. */
static size_t any_place(uint32_t *random, size_t size)
{
    size_t most = any(random) & 1 ? 128 : 40000;
    size_t at = any(random) % (most < size ? most : size);
    return any(random) & 1 ? at : size - 1 - at;
}

/* It is refused, or it is a state that a guest might have brought about: then it runs. */
START_TEST(no_contents_bring_it_down)
{
    struct stage_bytes b = stage_unpack(&file);
    uint32_t random = (uint32_t)_i;
    for (unsigned i = 0; i < 40; i++) {
        struct error error;
        bool broken;
        size_t at = any_place(&random, b.size);
        uint8_t before = b.at[at];
        b.at[at] = any(&random) & 1 ? 0xff : (uint8_t)any(&random);
        int fd = stage_pack(&file, b.at, any(&random) % 8 ? b.size : any(&random) % b.size);
        if (snapshot_load(&s.machine, fd, "test", &broken, &error))
            stage_run(&s, 2);
        ck_assert(!broken);
        close(fd);
        b.at[at] = before;
    }
    free(b.at);
}
END_TEST

/* --- other machines --- */

static void expect_mismatch(const char *const *arguments, const char *why)
{
    struct stage other;
    struct error error = {""};
    bool broken;
    stage_open(&other, arguments);
    int fd = stage_file_of(file.at, file.size);
    ck_assert(!snapshot_load(&other.machine, fd, "test", &broken, &error));
    ck_assert_msg(strcmp(error.text, why) == 0, "%s", error.text);
    close(fd);
    stage_close(&other);
}

START_TEST(what_another_machine_has_otherwise_is_said)
{
    stage_close(&s);
    expect_mismatch((const char *const[]){"-m", "9", "-vga", "none", NULL},
                    "test: is of a machine with 8 MiB of memory, not 9 MiB (-m 8192K)");
    expect_mismatch((const char *const[]){"-m", "8", "-vga", "none", "-cpu", "486", NULL},
                    "test: is of the processor max, not 486 (-cpu max)");
    expect_mismatch((const char *const[]){"-m", "8", NULL},
                    "test: is of a machine with other ROMs or video memory (-bios, -vga, -global "
                    "VGA.vgamem_mb, or another version of Tessera)");
    expect_mismatch((const char *const[]){"-M", "ppc-bare", "-m", "8", "-kernel",
                                          "build/tests/guests/ppc.elf", NULL},
                    "test: is of the machine pc, not ppc-bare (-M pc)");
    stage_open_small(&s);
}
END_TEST

START_TEST(a_device_that_is_not_there_is_named)
{
    struct error error = {""};
    bool broken;
    stage_close(&s);
    stage_open(&s,
               (const char *const[]){"-m", "8", "-vga", "none", "-device", "isa-debug-exit", NULL});
    int fd = stage_save(&s);
    stage_close(&s);
    stage_open_small(&s);
    ck_assert(!snapshot_load(&s.machine, fd, "test", &broken, &error));
    ck_assert_str_eq(error.text, "test: debug-exit-0: this machine has no such device");
    close(fd);
}
END_TEST

/* A device that the snapshot knows nothing of is as after a reset. */
START_TEST(what_is_new_in_a_machine_is_reset)
{
    struct stage other;
    stage_close(&s);
    stage_open(&other,
               (const char *const[]){"-m", "8", "-vga", "none", "-device", "isa-debug-exit", NULL});
    int fd = stage_file_of(file.at, file.size);
    stage_load(&other, fd);
    stage_run(&other, 5);
    close(fd);
    stage_close(&other);
    stage_open_small(&s);
}
END_TEST

/* --- the host --- */

START_TEST(a_full_disk_is_an_error)
{
    struct error error = {""};
    int fd = open("/dev/full", O_RDWR);
    ck_assert(!snapshot_save(&s.machine, fd, "full", NULL, &error));
    ck_assert_str_eq(error.text, "full: No space left on device");
    close(fd);
    stage_run(&s, 5);
}
END_TEST

Suite *file_suite(void)
{
    Suite *suite = suite_create("file");
    TCase *c = tcase_create("file");
    tcase_set_timeout(c, 600);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, a_file_that_is_cut_is_refused);
    tcase_add_test(c, a_bit_that_is_another_is_found);
    tcase_add_test(c, what_is_behind_the_end_is_refused);
    tcase_add_test(c, other_files_are_none);
    tcase_add_test(c, another_format_is_named);
    tcase_add_test(c, a_newer_part_and_an_unknown_one_are_named);
    tcase_add_test(c, an_older_file_is_read);
    tcase_add_test(c, a_file_is_read_once);
    tcase_add_test(c, a_refused_file_changes_no_memory);
    tcase_add_loop_test(c, no_contents_bring_it_down, 0, 8);
    tcase_add_test(c, what_another_machine_has_otherwise_is_said);
    tcase_add_test(c, a_device_that_is_not_there_is_named);
    tcase_add_test(c, what_is_new_in_a_machine_is_reset);
    tcase_add_test(c, a_full_disk_is_an_error);
    suite_add_tcase(suite, c);
    return suite;
}
