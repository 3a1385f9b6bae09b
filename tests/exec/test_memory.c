/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exec/memory.c: regions, reads and writes, notice of writes to translated code. */
#include "tests/exec/fake_cpu.h"

#include <string.h>

static struct memory *m;

/* --- a device that notes what reaches it --- */

struct device {
    u32 offset, value;
    unsigned size, reads, writes;
};
static struct device device;

static u32 device_read(void *d, u32 offset, unsigned size)
{
    struct device *dev = d;
    dev->offset = offset;
    dev->size = size;
    dev->reads++;
    return 0xd0d1d200 + offset;
}

static void device_write(void *d, u32 offset, u32 value, unsigned size)
{
    struct device *dev = d;
    dev->offset = offset;
    dev->value = value;
    dev->size = size;
    dev->writes++;
}

struct written {
    u32 address;
    unsigned size, calls;
};
static struct written written;

static void on_written(void *owner, u32 address, unsigned size)
{
    struct written *w = owner;
    w->address = address;
    w->size = size;
    w->calls++;
}

static unsigned remaps;

static void on_remap(void *owner)
{
    ck_assert_ptr_eq(owner, &remaps);
    remaps++;
}

static void setup(void)
{
    const char *error = NULL;
    m = memory_create(2 << 20, &error);
    ck_assert_msg(m != NULL, "%s", error);
    ck_assert(memory_leave_out(m, 0xa0000, 0x100000));
    device = (struct device){0};
    written = (struct written){0};
    remaps = 0;
}

static void teardown(void)
{
    memory_destroy(m);
}

/* --- RAM --- */

START_TEST(test_sizes)
{
    static const u32 bad[] = {0, 1, 4095, 0x100001, 0xc0001000, 0xfffff000};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *error = NULL;
        ck_assert_ptr_null(memory_create(bad[i], &error));
        ck_assert_ptr_nonnull(error);
    }
    static const u32 good[] = {0x1000, 0xa0000, 0xa1000, 0x100000, 0x101000, 0xc0000000};
    for (unsigned i = 0; i < sizeof good / sizeof *good; i++) {
        const char *error = NULL;
        struct memory *other = memory_create(good[i], &error);
        ck_assert_msg(other != NULL, "%08x: %s", good[i], error);
        ck_assert_uint_eq(memory_ram_size(other), good[i]);
        u32 top = good[i] - 1;
        bool hole = top >= 0xa0000 && top < 0x100000;
        memory_write(other, top, 0x5a, 1);
        ck_assert_uint_eq(memory_read(other, top, 1), 0x5a);
        ck_assert(memory_leave_out(other, 0xa0000, 0x100000));
        ck_assert_uint_eq(memory_read(other, top, 1), hole ? 0xff : 0x5a);
        ck_assert_uint_eq(memory_read(other, top + 1, 1), 0xff);
        memory_destroy(other);
    }
}
END_TEST

START_TEST(test_hole)
{
    static const u32 ram[] = {0, 0x9fffc, 0x100000, 0x1ffffc};
    static const u32 nothing[] = {0xa0000, 0xffffc, 0x200000, 0xfffffffc};
    for (unsigned i = 0; i < 4; i++) {
        memory_write(m, ram[i], 0x12345678, 4);
        ck_assert_uint_eq(memory_read(m, ram[i], 4), 0x12345678);
        ck_assert_uint_eq(memory_read(m, ram[i] + 1, 2), 0x3456);
        ck_assert(memory_page(m, ram[i]).writable);
        memory_write(m, nothing[i], 0, 4);
        ck_assert_uint_eq(memory_read(m, nothing[i], 4), 0xffffffff);
        ck_assert_uint_eq(memory_read(m, nothing[i], 2), 0xffff);
        ck_assert_uint_eq(memory_read(m, nothing[i], 1), 0xff);
        ck_assert_ptr_null(memory_page(m, nothing[i]).host);
    }
}
END_TEST

START_TEST(test_across_pages)
{
    memory_write(m, 0x1ffe, 0xa1b2c3d4, 4);
    ck_assert_uint_eq(memory_read(m, 0x1ffe, 4), 0xa1b2c3d4);
    ck_assert_uint_eq(memory_read(m, 0x2000, 2), 0xa1b2);
    memory_write(m, 0x9fffe, 0xa1b2c3d4, 4);
    ck_assert_uint_eq(memory_read(m, 0x9fffe, 4), 0xffffc3d4);
    memory_write(m, 0xffffffff, 0x11223344, 4);
    ck_assert_uint_eq(memory_read(m, 0xffffffff, 4), 0x112233ff);
}
END_TEST

START_TEST(test_copies)
{
    u8 in[0x3000], out[0x3000];
    for (unsigned i = 0; i < sizeof in; i++)
        in[i] = (u8)(i * 7 + i / 256);
    ck_assert(memory_copy_in(m, 0x5678, in, sizeof in));
    ck_assert(memory_copy_out(m, out, 0x5678, sizeof out));
    ck_assert_mem_eq(in, out, sizeof in);
    ck_assert(!memory_copy_in(m, 0x9f000, in, sizeof in));
    ck_assert(!memory_copy_out(m, out, 0x9f000, sizeof out));
    ck_assert_mem_eq(in, out, 0x1000);
    ck_assert_uint_eq(out[0x1000], 0xff);
    ck_assert_uint_eq(out[0x2fff], 0xff);
}
END_TEST

/* --- ROM and regions over each other --- */

START_TEST(test_rom)
{
    u8 image[0x2000];
    memset(image, 0x3c, sizeof image);
    struct memory_region *rom = memory_map_rom(m, 0xffffe000, image, sizeof image);
    ck_assert_ptr_nonnull(rom);
    memory_write(m, 0xfffffff0, 0, 4);
    ck_assert_uint_eq(memory_read(m, 0xfffffff0, 4), 0x3c3c3c3c);
    ck_assert(!memory_page(m, 0xfffff000).writable);
    ck_assert_ptr_nonnull(memory_page(m, 0xfffff000).host);
    u8 byte = 0;
    ck_assert(!memory_copy_in(m, 0xfffff000, &byte, 1));
    ck_assert(memory_copy_out(m, &byte, 0xfffff000, 1));
    ck_assert_uint_eq(byte, 0x3c);
    ck_assert_uint_eq(*memory_region_host(rom), 0x3c);
}
END_TEST

START_TEST(test_misfits)
{
    u8 image[0x1000] = {0};
    ck_assert_ptr_null(memory_map_rom(m, 0xe0800, image, sizeof image));
    ck_assert_ptr_null(memory_map_rom(m, 0xe0000, image, 0x800));
    ck_assert_ptr_null(memory_map_ram(m, 0xe0000, 0));
    ck_assert_ptr_null(memory_map_ram(m, 0xfffff000, 0x2000));
    ck_assert_ptr_null(memory_map_io(m, 0xfffffff0, 0x11, device_read, device_write, &device));
    ck_assert_uint_eq(memory_read(m, 0xe0000, 1), 0xff);
}
END_TEST

START_TEST(test_shadowing)
{
    u8 image[0x1000];
    memset(image, 0x3c, sizeof image);
    memory_map_rom(m, 0xf0000, image, sizeof image);
    struct memory_region *ram = memory_map_ram(m, 0xf0000, 0x1000);
    ck_assert_uint_eq(memory_read(m, 0xf0000, 1), 0);
    memory_place(m, ram, 0xf0000, false);
    ck_assert_uint_eq(memory_read(m, 0xf0000, 1), 0x3c);
    memory_place(m, ram, 0xf0000, true);
    memory_write(m, 0xf0000, 0x77, 1);
    memory_protect(m, ram, false);
    memory_write(m, 0xf0000, 0x88, 1);
    ck_assert_uint_eq(memory_read(m, 0xf0000, 1), 0x77);
    memory_protect(m, ram, true);
    memory_write(m, 0xf0000, 0x88, 1);
    ck_assert_uint_eq(memory_read(m, 0xf0000, 1), 0x88);
}
END_TEST

/* A guest that writes base addresses as it likes. */
START_TEST(test_moving)
{
    struct memory_region *video = memory_map_ram(m, 0xe0000000, 0x10000);
    struct memory_listener listener = {.remapped = on_remap, .owner = &remaps};
    memory_listen(m, &listener);
    memory_write(m, 0xe0000010, 0x99, 1);
    memory_place(m, video, 0xd0000000, true);
    ck_assert_uint_gt(remaps, 0);
    ck_assert_uint_eq(memory_read(m, 0xd0000010, 1), 0x99);
    ck_assert_uint_eq(memory_read(m, 0xe0000010, 1), 0xff);
    memory_place(m, video, 0xffff8000, true); /* would end above 4 GiB */
    ck_assert_uint_eq(memory_read(m, 0xd0000010, 1), 0xff);
    ck_assert_uint_eq(memory_read(m, 0xffff8010, 1), 0xff);
    memory_place(m, video, 0xd0000010, true); /* not at a page */
    ck_assert_uint_eq(memory_read(m, 0xd0000020, 1), 0xff);
    memory_place(m, video, 0, true); /* over RAM, and away again */
    ck_assert_uint_eq(memory_read(m, 0x10, 1), 0x99);
    memory_place(m, video, 0, false);
    ck_assert_uint_eq(memory_read(m, 0x10, 1), 0);
}
END_TEST

/* --- devices --- */

START_TEST(test_device)
{
    memory_map_io(m, 0xfec00000, 0x1000, device_read, device_write, &device);
    ck_assert_uint_eq(memory_read(m, 0xfec00010, 4), 0xd0d1d210);
    ck_assert_uint_eq(memory_read(m, 0xfec00010, 2), 0xd210);
    ck_assert_uint_eq(memory_read(m, 0xfec00011, 1), 0x11);
    ck_assert_uint_eq(device.size, 1);
    memory_write(m, 0xfec00ffe, 0xffffabcd, 2);
    ck_assert_uint_eq(device.offset, 0xffe);
    ck_assert_uint_eq(device.value, 0xabcd);
    ck_assert_ptr_null(memory_page(m, 0xfec00000).host);
    memory_write(m, 0xfec00ffe, 0x11223344, 4); /* half of it is behind the device */
    ck_assert_uint_eq(device.offset, 0xfff);
    ck_assert_uint_eq(device.size, 1);
    ck_assert_uint_eq(device.value, 0x33);
    ck_assert_uint_eq(memory_read(m, 0xfec00ffe, 4), 0xfffffffe);
}
END_TEST

/* A device that covers part of a page leaves the rest to what is under it. */
START_TEST(test_small_device)
{
    memory_write(m, 0x150000, 0x11111111, 4);
    memory_write(m, 0x150020, 0x22222222, 4);
    memory_map_io(m, 0x150010, 0x10, device_read, device_write, &device);
    ck_assert_uint_eq(memory_read(m, 0x150000, 4), 0x11111111);
    ck_assert_uint_eq(memory_read(m, 0x150020, 4), 0x22222222);
    ck_assert_uint_eq(memory_read(m, 0x15001c, 4), 0xd0d1d20c);
    ck_assert_uint_eq(memory_read(m, 0x15001e, 4), 0x22220f0e);
    memory_write(m, 0x150020, 0x33333333, 4);
    ck_assert_uint_eq(memory_read(m, 0x150020, 4), 0x33333333);
    memory_map_io(m, 0x300000, 0x10, device_read, device_write, &device);
    ck_assert_uint_eq(memory_read(m, 0x300010, 4), 0xffffffff);
    memory_write(m, 0x300010, 0, 4);
    ck_assert_uint_eq(device.writes, 0);
}
END_TEST

/* --- translated code --- */

START_TEST(test_code)
{
    struct memory_listener listener = {.code_written = on_written, .owner = &written};
    memory_listen(m, &listener);
    memory_write(m, 0x2000, 1, 1);
    ck_assert_uint_eq(written.calls, 0);
    memory_mark_code(m, 0x2abc, true);
    ck_assert(memory_has_code(m, 0x2000));
    ck_assert(!memory_has_code(m, 0x3000));
    memory_read(m, 0x2004, 4);
    ck_assert_uint_eq(written.calls, 0);
    memory_write(m, 0x2004, 1, 4);
    ck_assert_uint_eq(written.calls, 1);
    ck_assert_uint_eq(written.address, 0x2004);
    ck_assert_uint_eq(written.size, 4);
    u8 bytes[0x1800] = {0};
    memory_copy_in(m, 0x1000, bytes, sizeof bytes);
    ck_assert_uint_eq(written.calls, 2);
    ck_assert_uint_eq(written.address, 0x2000);
    ck_assert_uint_eq(written.size, 0x800);
    memory_mark_code(m, 0x2000, false);
    memory_write(m, 0x2004, 1, 4);
    ck_assert_uint_eq(written.calls, 2);
}
END_TEST

/* --- listeners --- */

static void count(void *owner)
{
    ++*(unsigned *)owner;
}

/* Whoever listens goes on to be told when others come and go. */
START_TEST(test_many_listeners)
{
    unsigned told[3] = {0};
    struct written also = {0};
    struct memory_listener l[3];
    struct memory_region *ram = memory_map_ram(m, 0xe0000000, 0x1000);
    for (unsigned i = 0; i < 3; i++) {
        l[i] = (struct memory_listener){.remapped = count, .owner = &told[i]};
        memory_listen(m, &l[i]);
    }
    struct memory_listener other = {.code_written = on_written, .owner = &also};
    memory_listen(m, &other);
    memory_protect(m, ram, false);
    memory_unlisten(m, &l[1]);
    memory_unlisten(m, &l[1]);
    memory_protect(m, ram, true);
    ck_assert_uint_eq(told[0], 2);
    ck_assert_uint_eq(told[1], 1);
    ck_assert_uint_eq(told[2], 2);
    ck_assert_uint_eq(also.calls, 2);
    memory_unlisten(m, &l[0]);
    memory_unlisten(m, &l[2]);
    memory_unlisten(m, &other);
    memory_protect(m, ram, false);
    ck_assert_uint_eq(told[0] + told[1] + told[2], 5);
}
END_TEST

START_TEST(test_code_elsewhere)
{
    struct memory_listener listener = {.code_written = on_written, .owner = &written};
    memory_listen(m, &listener);
    memory_mark_code(m, 0xb0000, true); /* nothing there */
    ck_assert(!memory_has_code(m, 0xb0000));
    memory_mark_code(m, 0xf0000000, true);
    ck_assert(!memory_has_code(m, 0xf0000000));
    memory_mark_code(m, 0x8000, true);
    memory_map_ram(m, 0x8000, 0x1000); /* the code's page goes out of sight */
    ck_assert_uint_eq(written.calls, 1);
    ck_assert_uint_eq(written.address, 0x8000);
    ck_assert_uint_eq(written.size, 0x1000);
    ck_assert(!memory_has_code(m, 0x8000));
}
END_TEST

/* --- the same memory at two places --- */

START_TEST(test_alias)
{
    struct memory_region *ram = memory_map_ram(m, 0xe0000000, 0x40000);
    struct memory_region *part = memory_map_alias(m, 0xa0000, 0x10000, ram, 0x10000);
    ck_assert_ptr_nonnull(part);
    memory_write(m, 0xe0010004, 0x11223344, 4);
    ck_assert_uint_eq(memory_read(m, 0xa0004, 4), 0x11223344);
    memory_write(m, 0xaffff, 0x55, 1);
    ck_assert_uint_eq(memory_read(m, 0xe001ffff, 1), 0x55);
    memory_show_part(m, part, 0x30000);
    memory_write(m, 0xa0000, 0x66, 1);
    ck_assert_uint_eq(memory_read(m, 0xe0030000, 1), 0x66);
    memory_show_part(m, part, 0x31000); /* beyond the end */
    memory_write(m, 0xa0001, 0x77, 1);
    ck_assert_uint_eq(memory_read(m, 0xe0030001, 1), 0x77);
    ck_assert_ptr_null(memory_map_alias(m, 0xb0000, 0x10000, ram, 0x800));
    ck_assert_ptr_null(memory_map_alias(m, 0xb0000, 0x50000, ram, 0));
}
END_TEST

START_TEST(test_alias_in_maps)
{
    struct memory_placement map[8];
    struct memory_region *ram = memory_map_ram(m, 0xe0000000, 0x40000);
    struct memory_region *part = memory_map_alias(m, 0xa0000, 0x10000, ram, 0);
    ck_assert_uint_lt(memory_regions(m), 8);
    memory_get_map(m, map);
    memory_show_part(m, part, 0x20000);
    memory_set_map(m, map);
    memory_write(m, 0xa0000, 0x12, 1);
    ck_assert_uint_eq(memory_read(m, 0xe0000000, 1), 0x12);
}
END_TEST

static struct {
    unsigned count;
    uint32_t address[4];
} told;

static void on_told(void *owner, uint32_t address, unsigned size)
{
    (void)owner;
    ck_assert_uint_eq(size, 4);
    ck_assert_uint_lt(told.count, 4);
    told.address[told.count++] = address;
}

static void check_told(uint32_t write, unsigned count)
{
    told.count = 0;
    memory_write(m, write, 0, 4);
    ck_assert_uint_eq(told.count, count);
    for (unsigned i = 0; i < count; i++)
        ck_assert_uint_eq(told.address[i], i ? 0xa0ffc : 0xe0010ffc);
}

/* Code at one address is changed at another; who tells of it tells of both. */
START_TEST(test_code_at_an_alias)
{
    struct memory_listener listener = {.code_written = on_told};
    struct memory_region *ram = memory_map_ram(m, 0xe0000000, 0x40000);
    struct memory_region *part = memory_map_alias(m, 0xa0000, 0x10000, ram, 0x10000);
    memory_listen(m, &listener);
    check_told(0xe0010ffc, 0);
    memory_mark_code(m, 0xa0000, true);
    ck_assert(memory_has_code(m, 0xa0000) && memory_has_code(m, 0xe0010000));
    ck_assert(!memory_has_code(m, 0xe0000000));
    check_told(0xe0010ffc, 2);
    check_told(0xa0ffc, 2);
    check_told(0xe0000ffc, 0);
    told.count = 0;
    memory_owner_stores(m, ram, 0x10ffc, 4);
    ck_assert_uint_eq(told.count, 2);
    memory_mark_code(m, 0xe0010000, true);
    memory_mark_code(m, 0xa0000, false); /* the other is still there */
    check_told(0xa0ffc, 2);
    memory_mark_code(m, 0xe0010000, false);
    check_told(0xa0ffc, 0);
    ck_assert(!memory_has_code(m, 0xa0000) && !memory_has_code(m, 0xe0010000));
    memory_unlisten(m, &listener);
    ck_assert_ptr_nonnull(part);
}
END_TEST

/* Pages that come to be such: code that was there before is known. */
START_TEST(test_alias_of_code)
{
    struct memory_region *ram = memory_map_ram(m, 0xe0000000, 0x40000);
    struct memory_region *part = memory_map_alias(m, 0xa0000, 0x10000, ram, 0);
    memory_mark_code(m, 0xe0020000, true);
    ck_assert(!memory_has_code(m, 0xa0000));
    memory_show_part(m, part, 0x20000);
    ck_assert(memory_has_code(m, 0xa0000));
    memory_place(m, part, 0xb0000, true);
    ck_assert(memory_has_code(m, 0xb0000) && !memory_has_code(m, 0xa0000));
    memory_mark_code(m, 0xb0000, true);
    memory_place(m, ram, 0xd0000000, true);
    ck_assert(memory_has_code(m, 0xd0020000));
    memory_mark_code(m, 0xb0000, false);
    ck_assert(!memory_has_code(m, 0xd0020000));
}
END_TEST

/* --- dirty pages --- */

static const uint8_t *cleaned;

static void on_clean(void *owner, const uint8_t *host, size_t size)
{
    (void)owner;
    (void)size;
    cleaned = host;
}

START_TEST(test_dirty)
{
    struct memory_listener listener = {.cleaned = on_clean};
    struct memory_region *ram = memory_map_ram(m, 0xe0000000, 0x42000);
    struct memory_region *part = memory_map_alias(m, 0xa0000, 0x10000, ram, 0x10000);
    uint64_t dirty[2] = {0};
    memory_listen(m, &listener);
    ck_assert_ptr_nonnull(part);
    ck_assert(memory_take_dirty(m, ram, dirty)); /* always, without being watched */
    ck_assert(memory_take_dirty(m, ram, dirty));
    ck_assert_ptr_null(cleaned);
    ck_assert(memory_watch(m, ram));
    dirty[0] = dirty[1] = 0;
    ck_assert(memory_take_dirty(m, ram, dirty));
    ck_assert_uint_eq(dirty[0], UINT64_MAX);
    ck_assert_uint_eq(dirty[1], 3);
    ck_assert_ptr_eq(cleaned, memory_region_host(ram));
    cleaned = NULL;
    ck_assert(!memory_take_dirty(m, ram, dirty));
    ck_assert_ptr_null(cleaned);
    dirty[0] = dirty[1] = 0;
    memory_write(m, 0xe0000000 + 0x3ffe, 0, 4); /* pages 3 and 4 */
    memory_write(m, 0xa0000, 0, 1);             /* page 16 */
    memory_copy_in(m, 0xe0041000, "", 1);       /* page 65 */
    ck_assert(memory_take_dirty(m, ram, dirty));
    ck_assert_uint_eq(dirty[0], 1 << 3 | 1 << 4 | 1 << 16);
    ck_assert_uint_eq(dirty[1], 2);
    memory_unlisten(m, &listener);
}
END_TEST

/* A page that a device has a part of. */
START_TEST(test_dirty_beside_device)
{
    struct memory_region *ram = memory_map_ram(m, 0xe0000000, 0x2000);
    uint64_t dirty[1] = {0};
    memory_map_io(m, 0xe0001000, 16, device_read, device_write, &device);
    memory_watch(m, ram);
    memory_take_dirty(m, ram, dirty);
    dirty[0] = 0;
    memory_write(m, 0xe0001010, 0, 4);
    ck_assert(memory_take_dirty(m, ram, dirty));
    ck_assert_uint_eq(dirty[0], 2);
}
END_TEST

Suite *memory_suite(void)
{
    Suite *suite = suite_create("memory");
    TCase *tests = tcase_create("memory");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_sizes);
    tcase_add_test(tests, test_hole);
    tcase_add_test(tests, test_across_pages);
    tcase_add_test(tests, test_copies);
    tcase_add_test(tests, test_rom);
    tcase_add_test(tests, test_misfits);
    tcase_add_test(tests, test_shadowing);
    tcase_add_test(tests, test_moving);
    tcase_add_test(tests, test_device);
    tcase_add_test(tests, test_small_device);
    tcase_add_test(tests, test_code);
    tcase_add_test(tests, test_code_elsewhere);
    tcase_add_test(tests, test_many_listeners);
    tcase_add_test(tests, test_alias);
    tcase_add_test(tests, test_alias_in_maps);
    tcase_add_test(tests, test_code_at_an_alias);
    tcase_add_test(tests, test_alias_of_code);
    tcase_add_test(tests, test_dirty);
    tcase_add_test(tests, test_dirty_beside_device);
    suite_add_tcase(suite, tests);
    return suite;
}
