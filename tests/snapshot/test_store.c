/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots by name, in a folder that another process keeps. */
#include "tests/snapshot/stage.h"

#include "exec/memory.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char place[64];
static struct stage s;
static struct snapshot_store store;
static struct error error;

static void setup(void)
{
    strcpy(place, "/tmp/tessera-store-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(place));
    memset(&store, 0, sizeof store);
    const struct snapshot_options o = {.folder = place};
    ck_assert_msg(snapshot_store_open(&store, &o, &error), "%s", error.text);
    stage_open_small(&s);
    store.machine = s.machine;
}

static void teardown(void)
{
    char command[128];
    snapshot_store_close(&store);
    stage_close(&s);
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

static uint32_t value(void)
{
    return memory_read(s.machine.memory, 0x500000, 4);
}

static void set_value(uint32_t to)
{
    memory_write(s.machine.memory, 0x500000, to, 4);
}

/* "name name ", from the list. */
static char *names(void)
{
    static char all[512];
    struct folder_entry e = {.name = ""};
    *all = '\0';
    while (folder_next(store.folder, &e)) {
        ck_assert_uint_gt(e.size, 0);
        strcat(strcat(all, e.name), " ");
    }
    return all;
}

START_TEST(by_name_one_goes_to_and_fro)
{
    set_value(1);
    save("one");
    set_value(2);
    save("two");
    set_value(3);
    load("two"); /* at once */
    ck_assert_uint_eq(value(), 2);
    load("one"); /* from its file */
    ck_assert_uint_eq(value(), 1);
    set_value(4);
    load("one"); /* at once */
    ck_assert_uint_eq(value(), 1);
    load("two");
    ck_assert_uint_eq(value(), 2);
    ck_assert_str_eq(names(), "one two ");
}
END_TEST

START_TEST(the_same_name_is_the_newer_one)
{
    set_value(1);
    save("same");
    set_value(2);
    save("same");
    ck_assert_str_eq(names(), "same ");
    set_value(3);
    load("same");
    ck_assert_uint_eq(value(), 2);
}
END_TEST

START_TEST(what_is_removed_is_gone)
{
    bool broken;
    save("one");
    save("two");
    ck_assert_msg(snapshot_store_remove(&store, "two", &error), "%s", error.text);
    ck_assert_str_eq(names(), "one ");
    ck_assert(!snapshot_store_load(&store, "two", &broken, &error));
    ck_assert_msg(strstr(error.text, "/two.tessera: No such file or directory"), "%s", error.text);
    ck_assert(!snapshot_store_remove(&store, "two", &error));
}
END_TEST

START_TEST(names_stay_in_the_folder)
{
    static const char *const bad[] = {"", ".", "..", "../one", "/etc/passwd", "a/b", ".hidden"};
    bool broken;
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert(!snapshot_store_save(&store, bad[i], &error));
        ck_assert(!snapshot_store_load(&store, bad[i], &broken, &error));
        ck_assert(!snapshot_store_remove(&store, bad[i], &error));
        ck_assert_msg(strstr(error.text, "not a name: without a slash"), "%s", error.text);
    }
    char name[FOLDER_NAME + 2];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    ck_assert(!snapshot_store_save(&store, name, &error));
    ck_assert_str_eq(names(), "");
}
END_TEST

/* A file that was not finished is not there; nothing is left of it. */
START_TEST(what_is_not_committed_never_was)
{
    struct stat before, after;
    char path[128];
    save("one");
    snprintf(path, sizeof path, "%s/one.tessera", place);
    ck_assert_int_eq(stat(path, &before), 0);
    int fd = folder_create(store.folder, "one", &error);
    ck_assert_int_eq(write(fd, "half", 4), 4);
    close(fd);
    folder_discard(store.folder);
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_uint_eq(before.st_ino, after.st_ino);
    ck_assert(!folder_commit(store.folder, "one", &error));
    ck_assert_str_eq(names(), "one ");
}
END_TEST

/* As on a full disk: there is room for a part of it. */
static void limit_files(rlim_t size)
{
    struct rlimit l;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &l);
    l.rlim_cur = size;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &l), 0);
}

START_TEST(without_room_the_older_one_stays)
{
    set_value(1);
    save("one");
    set_value(2);
    limit_files(4096);
    ck_assert(!snapshot_store_save(&store, "one", &error));
    ck_assert_str_eq(error.text, "one: File too large");
    limit_files(RLIM_INFINITY);
    stage_run(&s, 5); /* the guest goes on */
    ck_assert_uint_eq(value(), 2);
    ck_assert_str_eq(names(), "one ");
    snapshot_forget(&store.machine); /* from the file, not from memory */
    load("one");
    ck_assert_uint_eq(value(), 1);
}
END_TEST

START_TEST(without_a_folder_there_are_none_by_name)
{
    struct snapshot_store none = {.folder = NULL};
    bool broken;
    ck_assert(!snapshot_store_save(&none, "one", &error));
    ck_assert_str_eq(error.text,
                     "there is no place for snapshots (-snapshot-dir FOLDER names one)");
    ck_assert(!snapshot_store_load(&none, "one", &broken, &error));
    ck_assert(!snapshot_store_remove(&none, "one", &error));
}
END_TEST

Suite *store_suite(void)
{
    Suite *suite = suite_create("store");
    TCase *c = tcase_create("store");
    tcase_set_timeout(c, 300);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, by_name_one_goes_to_and_fro);
    tcase_add_test(c, the_same_name_is_the_newer_one);
    tcase_add_test(c, what_is_removed_is_gone);
    tcase_add_test(c, names_stay_in_the_folder);
    tcase_add_test(c, what_is_not_committed_never_was);
    tcase_add_test(c, without_room_the_older_one_stays);
    tcase_add_test(c, without_a_folder_there_are_none_by_name);
    suite_add_tcase(suite, c);
    return suite;
}
