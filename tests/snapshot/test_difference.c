/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots that are differences: what their files have, and how they depend on each other. */
#include "tests/snapshot/stage.h"

#include "exec/memory.h"
#include "hw/host/disk_store.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DISK = 256 * 1024, BLOCK = DISK_OVERLAY_BLOCK, AT = 0x500000 };

static char place[64], image[96], folder[96];
static struct stage s;
static struct snapshot_store store;
static struct error error;

static void open_machine(void)
{
    char drive[160];
    const struct snapshot_options o = {.folder = folder};
    snprintf(drive, sizeof drive, "file=%s,format=raw,snapshot=on", image);
    stage_open(&s, (const char *const[]){"-m", "8", "-vga", "none", "-kernel",
                                         "build/guest/tessera-guest.elf", "-drive", drive, NULL});
    memset(&store, 0, sizeof store);
    ck_assert_msg(snapshot_store_open(&store, &o, &error), "%s", error.text);
    store.machine = s.machine;
}

static void close_machine(void)
{
    snapshot_store_close(&store);
    stage_close(&s);
}

static void setup(void)
{
    strcpy(place, "/tmp/tessera-difference-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(place));
    snprintf(image, sizeof image, "%s/image", place);
    snprintf(folder, sizeof folder, "%s/folder", place);
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    FILE *f = fopen(image, "w");
    ck_assert_int_eq(ftruncate(fileno(f), DISK), 0);
    fclose(f);
    open_machine();
}

static void teardown(void)
{
    char command[128];
    close_machine();
    snprintf(command, sizeof command, "rm -r %s", place);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c) a constant command */
}

static void save(const char *name)
{
    ck_assert_msg(snapshot_store_save(&store, name, &error), "%s", error.text);
}

static void load(const char *name)
{
    bool broken;
    ck_assert_msg(snapshot_store_load(&store, name, &broken, &error), "%s", error.text);
}

static void expect_unloaded(const char *name, const char *why)
{
    bool broken;
    ck_assert(!snapshot_store_load(&store, name, &broken, &error));
    ck_assert(!broken);
    ck_assert_msg(strstr(error.text, why), "%s", error.text);
}

static void forget(const char *name)
{
    ck_assert_msg(snapshot_store_remove(&store, name, &error), "%s", error.text);
}

static off_t size_of(const char *name)
{
    char path[160];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s.tessera", folder, name);
    ck_assert_int_eq(stat(path, &st), 0);
    return st.st_size;
}

/* "needs" of the list, as "child>parent ". */
static char *parents(void)
{
    static char all[512];
    char line[256], child[64], parent[64];
    FILE *f = tmpfile();
    snapshot_store_print(&store, f);
    rewind(f);
    *all = '\0';
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "%63s %*s %*s %*s %*s %*s needs %63s", child, parent) == 2)
            strcat(strcat(strcat(strcat(all, child), ">"), parent), " ");
    fclose(f);
    return all;
}

/* --- what a guest has done --- */

static void done(void *owner)
{
    (void)owner;
}

static void transfer(enum disk_operation operation, unsigned i, uint8_t *bytes)
{
    struct disk_request r = {.operation = operation,
                             .offset = (uint64_t)i * BLOCK,
                             .size = BLOCK,
                             .data = bytes,
                             .done = done};
    disk_submit(s.machine.host->disk[0], &r);
    ck_assert_msg(surroundings_drain(s.machine.host, &error), "%s", error.text);
    ck_assert_int_eq(r.error, 0);
}

/* Page and block `i` get this value; 0 is what they held at first. */
static void set(unsigned i, uint8_t value)
{
    static uint8_t bytes[BLOCK];
    memset(bytes, value, sizeof bytes);
    memory_copy_in(s.machine.memory, AT + i * PAGE_SIZE, bytes, PAGE_SIZE);
    transfer(DISK_WRITE, i, bytes);
}

static uint8_t block(unsigned i)
{
    static uint8_t bytes[BLOCK];
    transfer(DISK_READ, i, bytes);
    for (unsigned at = 1; at < BLOCK; at++)
        ck_assert_uint_eq(bytes[at], bytes[0]);
    return bytes[0];
}

/* A digit for each. */
static void expect(const char *values)
{
    for (unsigned i = 0; values[i]; i++) {
        ck_assert_uint_eq(memory_read(s.machine.memory, AT + i * PAGE_SIZE, 1), values[i] - '0');
        ck_assert_uint_eq(memory_read(s.machine.memory, AT + i * PAGE_SIZE + PAGE_MASK, 1),
                          values[i] - '0');
        ck_assert_uint_eq(block(i), values[i] - '0');
    }
}

static void set_all(const char *values)
{
    for (unsigned i = 0; values[i]; i++)
        set(i, (uint8_t)(values[i] - '0'));
}

/* As another process has them, from their files. */
static void expect_from_file(const char *name, const char *values)
{
    close_machine();
    open_machine();
    load(name);
    expect(values);
}

/* one <- two <- three, and `other`, a second child of one. */
static void make_family(void)
{
    set_all("1111");
    save("one");
    set_all("12");
    save("two");
    set_all("100");
    save("three");
    load("one");
    set(3, 4);
    save("other");
    ck_assert_str_eq(parents(), "other>one three>two two>one ");
}

/* What compresses badly, elsewhere. */
static void fill(void)
{
    uint32_t random = 1;
    for (uint32_t at = 0; at < 64 * PAGE_SIZE; at += 4) {
        random = random * 1664525 + 1013904223;
        memory_write(s.machine.memory, AT / 2 + at, random, 4);
    }
}

START_TEST(only_what_has_changed_is_written)
{
    fill();
    make_family();
    ck_assert_int_lt(10 * size_of("two"), size_of("one"));
    ck_assert_int_lt(10 * size_of("three"), size_of("one"));
    expect_from_file("three", "1001");
    expect_from_file("two", "1211");
    expect_from_file("other", "1114");
    expect_from_file("one", "1111");
}
END_TEST

START_TEST(devices_and_cpu_are_the_newest)
{
    save("one");
    stage_run(&s, 20);
    save("two");
    char *then = stage_print(&s);
    struct stage_memory memory = stage_memory(&s);
    close_machine();
    open_machine();
    load("two");
    stage_expect_same_text(then, stage_print(&s));
    stage_expect_same_memory(memory, stage_memory(&s));
}
END_TEST

START_TEST(what_is_behind_a_file_goes_on_from_it)
{
    make_family();
    close_machine();
    open_machine();
    load("three");
    set(0, 7);
    save("four");
    ck_assert_str_eq(parents(), "four>three other>one three>two two>one ");
    expect_from_file("four", "7001");
}
END_TEST

/* --- removing and replacing --- */

START_TEST(children_of_what_is_removed_are_kept)
{
    make_family();
    forget("two");
    ck_assert_str_eq(parents(), "other>one three>one ");
    expect_from_file("three", "1001");
    forget("one");
    ck_assert_str_eq(parents(), "");
    expect_from_file("three", "1001");
    expect_from_file("other", "1114");
}
END_TEST

START_TEST(children_of_what_is_replaced_are_kept)
{
    make_family();
    set_all("5555");
    save("one");
    expect_from_file("one", "5555");
    expect_from_file("two", "1211");
    expect_from_file("three", "1001");
    expect_from_file("other", "1114");
}
END_TEST

/* two's file is written anew when one goes, and stays what three is a difference to. */
START_TEST(a_child_that_is_written_anew_is_the_same_parent)
{
    make_family();
    forget("one");
    ck_assert_str_eq(parents(), "three>two ");
    expect_from_file("three", "1001");
}
END_TEST

START_TEST(a_chain_has_an_end)
{
    char name[8], values[] = "00";
    for (unsigned i = 0; i < 2 * SNAPSHOT_CHAIN + 2; i++) {
        snprintf(name, sizeof name, "s%u", i);
        set(0, (uint8_t)(i % 10));
        set(1, (uint8_t)(i / 10));
        save(name);
    }
    for (unsigned i = 0; i < 2 * SNAPSHOT_CHAIN + 2; i += 3) {
        snprintf(name, sizeof name, "s%u", i);
        values[0] = (char)('0' + i % 10);
        values[1] = (char)('0' + i / 10);
        expect_from_file(name, values);
    }
}
END_TEST

/* --- what is wrong --- */

static void move(const char *from, const char *to)
{
    char a[160], b[160];
    snprintf(a, sizeof a, "%s/%s.tessera", folder, from);
    snprintf(b, sizeof b, "%s/%s.tessera", folder, to);
    ck_assert_int_eq(rename(a, b), 0);
}

START_TEST(a_parent_that_is_missing_or_another_is_named)
{
    make_family();
    move("one", "gone");
    expect_unloaded("three", "/one.tessera: No such file or directory");
    move("other", "one");
    expect_unloaded("three", "two: is a difference to another snapshot than the one that one is");
    move("gone", "one");
    expect_from_file("three", "1001");
}
END_TEST

START_TEST(without_its_parent_it_is_refused)
{
    char path[160];
    bool broken;
    make_family();
    snprintf(path, sizeof path, "%s/two.tessera", folder);
    FILE *f = fopen(path, "r");
    ck_assert(!snapshot_load(&s.machine, fileno(f), "file", &broken, &error));
    ck_assert_str_eq(error.text, "file: is a difference to the snapshot one (-loadvm finds both in "
                                 "the folder of -snapshot-dir)");
    fclose(f);
}
END_TEST

/* A parent whose file is gone is none: the next one is whole. */
START_TEST(without_a_parent_it_is_whole)
{
    make_family();
    load("three");
    move("one", "gone");
    set(0, 9);
    save("four");
    ck_assert_str_eq(parents(), "other>one three>two two>one ");
    expect_from_file("four", "9001");
}
END_TEST

/* What was in the drive belongs to the parent: its blocks are not another's. */
START_TEST(behind_another_disk_it_is_whole)
{
    set_all("11");
    save("one");
    ck_assert(snapshot_can_differ(&store.machine));
    disk_overlay_clear(disk_store(s.machine.host->disk[0])); /* as a new one is */
    ck_assert(!snapshot_can_differ(&store.machine));
    save("two");
    ck_assert_str_eq(parents(), "");
}
END_TEST

Suite *difference_suite(void)
{
    Suite *suite = suite_create("difference");
    TCase *c = tcase_create("difference");
    tcase_set_timeout(c, 300);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, only_what_has_changed_is_written);
    tcase_add_test(c, devices_and_cpu_are_the_newest);
    tcase_add_test(c, what_is_behind_a_file_goes_on_from_it);
    tcase_add_test(c, children_of_what_is_removed_are_kept);
    tcase_add_test(c, children_of_what_is_replaced_are_kept);
    tcase_add_test(c, a_child_that_is_written_anew_is_the_same_parent);
    tcase_add_test(c, a_chain_has_an_end);
    tcase_add_test(c, a_parent_that_is_missing_or_another_is_named);
    tcase_add_test(c, without_its_parent_it_is_refused);
    tcase_add_test(c, without_a_parent_it_is_whole);
    tcase_add_test(c, behind_another_disk_it_is_whole);
    suite_add_tcase(suite, c);
    return suite;
}
