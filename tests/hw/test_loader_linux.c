/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linux kernels: where their parts go, and what is refused. */
#include "tests/hw/fixture.h"
#include "tests/hw/loader_fixture.h"

#include <stdlib.h>
#include <string.h>

START_TEST(linux_is_placed)
{
    make_linux();
    request.append = "console=ttyS0";
    check_good();
    ck_assert_uint_eq(image.eip, 0x100000);
    ck_assert_uint_eq(image.esi, 0x90000);
    for (unsigned i = 1024; i < KERNEL_SIZE; i++)
        ck_assert_uint_eq(byte_at(0x100000 + i - 1024), (uint8_t)i);
    ck_assert_uint_eq(word_at(0x90202), 0x53726448);
    ck_assert_uint_eq(byte_at(0x90210), 0xff);
    ck_assert_uint_eq(word_at(0x90218), 0);
    check_string_at(word_at(0x90228), "console=ttyS0");
    /* 1 MiB and up, in KiB, and as the last entry of the map */
    ck_assert_uint_eq(word_at(0x901e0), 63 * 1024);
    unsigned n = byte_at(0x901e8);
    ck_assert_uint_eq(word_at(0x902d0 + 20 * (n - 1)), 0x100000);
    ck_assert_uint_eq(word_at(0x902d0 + 20 * (n - 1) + 8), 63 * MIB);
    ck_assert_uint_eq(word_at(0x902d0 + 20 * (n - 1) + 16), 1);
    /* descriptors 10h and 18h */
    ck_assert_uint_eq(word_at(image.gdt + 0x10), 0x0000ffff);
    ck_assert_uint_eq(word_at(image.gdt + 0x14), 0x00cf9b00);
    ck_assert_uint_eq(word_at(image.gdt + 0x1c), 0x00cf9300);
}
END_TEST

START_TEST(linux_initrd_is_as_high_as_may_be)
{
    static const struct {
        uint32_t ram_mib, limit, address;
    } places[] = {
        {64, 0x37ffffff, 64 * MIB - 8192},
        {1024, 0x37ffffff, 0x38000000 - 8192},
        {3072, 0xffffffff, 0xc0000000 - 8192},
        {64, 0x2000000 + 100, 0x2000000 - 8192 + 4096 - 4096},
    };
    static uint8_t initrd[5000] = "initrd";
    make_linux();
    store32(kernel + 0x22c, places[_i].limit);
    write_kernel(KERNEL_SIZE);
    write_file("initrd", initrd, sizeof initrd);
    request.initrd = "initrd";
    request.ram_size = places[_i].ram_mib * MIB;
    check_good();
    ck_assert_uint_eq(word_at(0x90218), places[_i].address);
    ck_assert_uint_eq(word_at(0x9021c), 5000);
    check_string_at(places[_i].address, "initrd");
}
END_TEST

/* Where a RAM disk of 5000 bytes comes with 64 MiB and this command line; 0: it does not fit. */
static uint32_t initrd_place(const char *append)
{
    static uint8_t initrd[5000] = "initrd";
    make_linux();
    write_file("initrd", initrd, sizeof initrd);
    request.initrd = "initrd";
    request.append = append;
    return prepare() ? word_at(0x90218) : 0;
}

START_TEST(linux_initrd_is_in_the_memory_that_is_left)
{
    static const struct {
        const char *append;
        uint32_t end; /* of the pages it is in */
    } lines[] = {
        {"mem=32M", 32 * MIB},
        {"quiet mem=0x1f00000 x", 31 * MIB},
        {"mem=40960k mem=2G", 40 * MIB},
        {"\"mem=32M\" a", 32 * MIB},
        {"mem=\"32m\"", 32 * MIB},
        {"mem=nopentium", 64 * MIB},
        {"xmem=32M memory=32M", 64 * MIB},
        {"init=\"a mem=32M\"", 64 * MIB},
        {"-- mem=32M", 64 * MIB},
        {"memmap=32M", 32 * MIB},
        {"memmap=8M$56M", 56 * MIB},
        {"memmap=4M$48M,12M#52M", 48 * MIB},
        {"memmap=1M!40M", 64 * MIB},
        {"memmap=exactmap memmap=640K@0 memmap=39M@1M", 40 * MIB},
        {"memmap=exactmap memmap=1G@1M", 64 * MIB},
        {"mem=32M memmap=16M@48M", 64 * MIB},
        {"memmap=16M@48M mem=32M", 32 * MIB},
        {"mem=24M", 0},
        {"memmap=exactmap", 0},
    };
    for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++)
        ck_assert_msg(initrd_place(lines[i].append) == (lines[i].end ? lines[i].end - 8192 : 0),
                      "%s: %x", lines[i].append, word_at(0x90218));
    check_refused("initrd: 5000 bytes do not fit into 64 MiB of memory beside the kernel, of which "
                  "-append leaves less");
}
END_TEST

START_TEST(linux_video_mode)
{
    static const struct {
        const char *append;
        uint32_t mode;
    } lines[] = {
        {"", 0xffff},          {"vga=normal", 0xffff}, {"vga=ext", 0xfffe},
        {"vga=ask x", 0xfffd}, {"vga=791", 791},       {"vga=0x317", 0x317},
        {"vga=1 vga=2", 2},    {"xvga=1", 0xffff},     {"-- vga=1", 0xffff},
    };
    make_linux();
    for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++) {
        request.append = lines[i].append;
        check_good();
        ck_assert_uint_eq(word_at(0x901fa) & 0xffff, lines[i].mode);
    }
}
END_TEST

/* screen_info: text of 80 x 25, as a BIOS leaves it. */
START_TEST(linux_screen)
{
    make_linux();
    check_good();
    ck_assert_uint_eq(byte_at(image.esi + 7), 0);
    request.has_screen = true;
    check_good();
    ck_assert_uint_eq(byte_at(image.esi + 6), 3);
    ck_assert_uint_eq(byte_at(image.esi + 7), 80);
    ck_assert_uint_eq(byte_at(image.esi + 14), 25);
    ck_assert_uint_eq(byte_at(image.esi + 15), 1);
    ck_assert_uint_eq(byte_at(image.esi + 16), 16);
}
END_TEST

START_TEST(linux_old_protocol)
{
    make_linux();
    store16(kernel + 0x206, 0x201);
    write_kernel(KERNEL_SIZE);
    request.append = "root=/dev/hda1";
    check_good();
    ck_assert_uint_eq(word_at(0x90020) & 0xffff, 0xa33f);
    check_string_at(0x90000 + (word_at(0x90020) >> 16), "root=/dev/hda1");
}
END_TEST

START_TEST(linux_for_64_bits)
{
    make_linux();
    store16(kernel + 0x236, 0x7e); /* all flags but one */
    memcpy(kernel + 1024 + 256, enter_long_mode, sizeof enter_long_mode);
    write_kernel(KERNEL_SIZE);
    check_good();
    store16(kernel + 0x236, 1);
    write_kernel(KERNEL_SIZE);
    check_refused("kernel: a 64-bit kernel; Tessera's processor has 32 bits");
    /* Before there were such flags. */
    store16(kernel + 0x206, 0x20b);
    store16(kernel + 0x236, 0);
    write_kernel(KERNEL_SIZE);
    check_refused("kernel: a 64-bit kernel; Tessera's processor has 32 bits");
    memset(kernel + 1024 + 256, 0x90, sizeof enter_long_mode);
    memcpy(kernel + 1024 + 512, enter_long_mode, sizeof enter_long_mode);
    store16(kernel + 0x236, 1);
    write_kernel(KERNEL_SIZE);
    check_good();
}
END_TEST

START_TEST(linux_refused)
{
    static char long_line[3000];
    uint8_t *initrd = calloc(45, MIB);
    make_linux();
    write_kernel(0x220);
    check_refused("kernel: truncated: 544 bytes of 1024");
    write_kernel(1024);
    check_refused("kernel: truncated: 1024 bytes of 16384");
    write_kernel(KERNEL_SIZE - 16);
    check_refused("kernel: truncated: 16368 bytes of 16384");
    write_kernel(KERNEL_SIZE - 15); /* sizes are in paragraphs */
    check_good();
    make_linux();
    request.ram_size = 16 * MIB;
    check_refused("kernel: needs 24 MiB of memory, there are 16 MiB");
    request.ram_size = 3 * MIB / 2;
    check_refused("kernel: needs 24 MiB of memory, there are 1536 KiB");
    request.ram_size = 64 * MIB;
    memset(long_line, 'x', sizeof long_line - 1);
    request.append = long_line;
    check_refused("-append: 2999 characters; the kernel takes 2047");
    request.append = NULL;
    kernel[0x211] = 0;
    write_kernel(KERNEL_SIZE);
    check_refused("kernel: a zImage; only bzImage kernels can be loaded");
    make_linux();
    request.initrd = "initrd";
    check_refused("initrd: No such file or directory");
    write_file("initrd", "", 0);
    check_refused("initrd: empty file");
    write_file("initrd", initrd, 45 * MIB);
    free(initrd);
    check_refused("initrd: 47185920 bytes do not fit into 64 MiB of memory beside the kernel");
    request.ram_size = 32 * MIB;
    check_refused("initrd: larger than the guest's memory (32 MiB)");
}
END_TEST

Suite *linux_suite(void)
{
    Suite *suite = suite_create("Linux kernels");
    TCase *c = tcase_create("Linux kernels");
    tcase_add_checked_fixture(c, loader_setup, loader_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, linux_is_placed);
    tcase_add_loop_test(c, linux_initrd_is_as_high_as_may_be, 0, 4);
    tcase_add_test(c, linux_screen);
    tcase_add_test(c, linux_old_protocol);
    tcase_add_test(c, linux_initrd_is_in_the_memory_that_is_left);
    tcase_add_test(c, linux_video_mode);
    tcase_add_test(c, linux_for_64_bits);
    tcase_add_test(c, linux_refused);
    suite_add_tcase(suite, c);
    return suite;
}
