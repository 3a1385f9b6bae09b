/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Snapshots' files under the sanitizers, with a cpu that is a fake: whatever is in one, under a
 * checksum that is right, is refused or restored, and reaches beyond nothing.
 */
#include "hw/pc/pc.h"
#include "tests/hw/fixture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

enum { HEAD = 12, MOST = 8 << 20 };

static const uint32_t kernel[] = {
    0x1badb002, 0x00010000, 0u - 0x1badb002 - 0x00010000, 0x100000, 0x100000, 0, 0, 0x100020, 0xf4,
};

static struct options options;
static void *pc;
static struct snapshot_machine machine;
static uint8_t head[HEAD], *inside; /* of a file, and what is packed in it */
static size_t size;

/* What a snapshot of the machine has in it. */
static void take_apart(void)
{
    struct error error = {""};
    uint8_t *packed = malloc(MOST);
    int fd = memfd_create("snapshot", MFD_CLOEXEC);
    ck_assert_msg(snapshot_save(&machine, fd, "test", NULL, &error), "%s", error.text);
    ssize_t all = pread(fd, packed, MOST, 0);
    ck_assert_int_gt(all, HEAD);
    memcpy(head, packed, HEAD);
    inside = malloc(MOST);
    size = ZSTD_decompress(inside, MOST, packed + HEAD, (size_t)all - HEAD);
    ck_assert(!ZSTD_isError(size));
    free(packed);
    close(fd);
}

static void setup(void)
{
    struct error error = {""};
    options = (struct options){
        .load.ram_size = 2u << 20,
        .exec.cache_size = 1 << 20,
        .serial[0] = {.kind = OUTSIDE_NULL},
        .parallel = {.kind = OUTSIDE_NULL},
    };
    pc = pc_machine.create(&options,
                           (struct default_kernel){(const uint8_t *)kernel, sizeof kernel}, &error);
    ck_assert_msg(pc != NULL, "%s", error.text);
    ck_assert_msg(pc_machine.start(pc, &error), "%s", error.text);
    pc_machine.power_on(pc);
    machine = pc_machine.snapshot(pc);
    take_apart();
}

static void teardown(void)
{
    free(inside);
    snapshot_forget(&machine);
    pc_machine.destroy(pc);
}

/* A file with these bytes in it: loaded, or refused in a line. */
static bool load(size_t length)
{
    uint8_t *packed = malloc(MOST);
    struct error error = {""};
    bool broken;
    int fd = memfd_create("snapshot", MFD_CLOEXEC);
    size_t n = ZSTD_compress(packed, MOST, inside, length, 1);
    ck_assert(!ZSTD_isError(n));
    ck_assert_int_eq(write(fd, head, HEAD), HEAD);
    ck_assert_int_eq(write(fd, packed, n), (ssize_t)n);
    free(packed);
    bool good = snapshot_load(&machine, fd, "test", &broken, &error);
    ck_assert(!broken);
    ck_assert(good || strncmp(error.text, "test: ", 6) == 0);
    close(fd);
    return good;
}

/* In the first part of the file, or in what is behind its memory; mostly. */
static size_t any_place(uint32_t *random)
{
    static const size_t near[] = {64, 256, 4096, 100000};
    size_t most = near[next_random(random) % 4];
    size_t at = next_random(random) % (most < size ? most : size);
    return next_random(random) & 1 ? at : size - 1 - at;
}

START_TEST(no_contents_reach_beyond)
{
    uint32_t random = (uint32_t)_i;
    for (unsigned i = 0; i < 150; i++) {
        size_t at = any_place(&random);
        uint8_t before = inside[at];
        inside[at] = next_random(&random) & 1 ? 0xff : (uint8_t)next_random(&random);
        load(size);
        inside[at] = before;
    }
    ck_assert(load(size));
}
END_TEST

START_TEST(what_ends_too_early_is_refused)
{
    for (size_t n = 0; n < size; n += n < 300 || size - n < 300 ? 1 : size / 100)
        ck_assert(!load(n));
}
END_TEST

START_TEST(a_point_is_gone_back_to)
{
    struct error error = {""};
    ck_assert_msg(snapshot_mark(&machine, &error), "%s", error.text);
    ck_assert_msg(snapshot_revert(&machine, &error), "%s", error.text);
    ck_assert_msg(snapshot_mark(&machine, &error), "%s", error.text);
    ck_assert_msg(snapshot_revert(&machine, &error), "%s", error.text);
}
END_TEST

Suite *snapshot_suite(void)
{
    Suite *suite = suite_create("snapshot");
    TCase *c = tcase_create("snapshot");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 600);
    tcase_add_loop_test(c, no_contents_reach_beyond, 1, 5);
    tcase_add_test(c, what_ends_too_early_is_refused);
    tcase_add_test(c, a_point_is_gone_back_to);
    suite_add_tcase(suite, c);
    return suite;
}
