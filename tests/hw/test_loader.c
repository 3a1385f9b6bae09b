/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is common to all images: BIOSes, files, and those that are refused. */
#include "ops/i386/cpu.h"
#include "tests/hw/fixture.h"
#include "tests/hw/loader_fixture.h"

#include "exec/memory.h"
#include "tests/hw/fake_exec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Any byte of a good image changed, or the file cut anywhere: an answer, and nothing worse. */
START_TEST(damaged_images)
{
    uint32_t state = (uint32_t)_i;
    for (unsigned i = 0; i < 300; i++) {
        memset(kernel, 0, sizeof kernel);
        if (i % 3)
            make_elf(i % 3 == 1 ? 3 : 0x10003);
        else
            make_linux();
        for (unsigned n = 0; n < 4; n++) {
            uint32_t r = next_random(&state);
            unsigned at = r & 1 ? 0x1f0 + (r >> 8) % 0x80 : (r >> 8) % 0x80;
            if (i % 3 && (r & 2))
                at = 0x100c + (r >> 8) % 20;
            kernel[at] = (uint8_t)next_random(&state);
        }
        write_kernel(i % 5 ? KERNEL_SIZE : next_random(&state) % KERNEL_SIZE + 1);
        ck_assert(prepare() || *loader_error.text);
    }
}
END_TEST

/* --- BIOS and the rest --- */

START_TEST(bios_images)
{
    static const unsigned sizes[] = {64, 128, 192, 256, 1024, 1792, 16384};
    const size_t most = (size_t)(16384 + 64) * 1024;
    uint8_t *bios = calloc(1, most);
    request.bios = "bios";
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        write_file("bios", bios, sizes[i] * 1024);
        check_good();
        ck_assert_uint_eq(image.bios_size, sizes[i] * 1024);
    }
    write_file("bios", bios, most);
    check_refused("bios: larger than any BIOS (16 MiB)");
    write_file("bios", bios, 1000);
    check_refused("bios: not a BIOS: 1000 bytes are no multiple of 64 KiB");
    free(bios);
}
END_TEST

/* An item of the device that a BIOS reads. */
static const struct fw_cfg_item *item(unsigned key)
{
    for (unsigned i = 0; i < image.fw_cfg.count; i++)
        if (image.fw_cfg.item[i].key == key)
            return &image.fw_cfg.item[i];
    ck_abort_msg("no item %x", key);
    return NULL;
}

static uint32_t number(unsigned key)
{
    return load32(item(key)->number);
}

static void make_bios(void)
{
    static const uint8_t bios[64 * 1024];
    write_file("bios", bios, sizeof bios);
    request.bios = "bios";
}

/* A file in the directory of the device: its item; NULL if there is none. */
static const struct fw_cfg_item *file_named(const char *name)
{
    enum { ENTRY = 64, KEY = 4, NAME = 8 };
    for (unsigned i = 0; i < image.fw_cfg.files; i++) {
        const uint8_t *entry = image.fw_cfg.directory + 4 + (size_t)ENTRY * i;
        if (strcmp((const char *)entry + NAME, name) == 0)
            return item((unsigned)(entry[KEY] << 8 | entry[KEY + 1]));
    }
    return NULL;
}

/* With a BIOS or without: the machine is described, and there is what the user adds. */
START_TEST(configuration_device)
{
    make_linux();
    write_file("module", "bytes of a file", 15);
    request.fw_cfg_files = 2;
    request.fw_cfg_file[0] = (struct fw_cfg_file){.name = "opt/text", .text = "text"};
    request.fw_cfg_file[1] = (struct fw_cfg_file){.name = "opt/file", .path = "module"};
    check_good();
    ck_assert_uint_eq(number(FW_CFG_RAM_SIZE), 64 * MIB);
    ck_assert_uint_eq(number(FW_CFG_CPUS), 1);
    ck_assert_uint_eq(number(FW_CFG_MOST_CPUS), 1);
    ck_assert_uint_eq(file_named("opt/text")->size, 4);
    ck_assert_mem_eq(file_named("opt/file")->bytes, "bytes of a file", 15);
    ck_assert_ptr_null(file_named("genroms/boot.rom"));
    make_bios();
    check_good();
    ck_assert_uint_eq(number(FW_CFG_RAM_SIZE), 64 * MIB);
    ck_assert_ptr_nonnull(file_named("genroms/boot.rom"));
    ck_assert_ptr_nonnull(file_named("opt/text"));
    request.fw_cfg_file[1].path = "missing";
    check_refused("missing: No such file or directory");
}
END_TEST

START_TEST(console_of_the_bios)
{
    static const uint8_t com1[] = {0xf8, 0x03};
    make_bios();
    check_good();
    ck_assert_uint_eq(number(FW_CFG_NO_GRAPHICS), 0);
    ck_assert_ptr_null(file_named("etc/sercon-port"));
    request.serial_console = true;
    check_good();
    ck_assert_uint_eq(number(FW_CFG_NO_GRAPHICS), 1);
    ck_assert_uint_eq(file_named("etc/sercon-port")->size, sizeof com1);
    ck_assert_mem_eq(file_named("etc/sercon-port")->bytes, com1, sizeof com1);
}
END_TEST

START_TEST(bios_with_a_kernel)
{
    make_bios();
    check_good();
    ck_assert_ptr_null(file_named("genroms/boot.rom"));
    make_linux();
    write_file("initrd", "disk", 4);
    request.initrd = "initrd";
    request.append = "line";
    check_good();
    ck_assert_uint_eq(number(FW_CFG_SETUP_ADDRESS), 0x10000);
    ck_assert_uint_eq(number(FW_CFG_SETUP_SIZE), 1024);
    const uint8_t *setup = item(FW_CFG_SETUP_DATA)->bytes;
    ck_assert_uint_eq(setup[0x211] & 0x80, 0x80);
    ck_assert_uint_eq(load32(setup + 0x228), 0x20000);
    ck_assert_uint_eq(load32(setup + 0x218), number(FW_CFG_INITRD_ADDRESS));
    ck_assert_uint_eq(load32(setup + 0x21c), 4);
    ck_assert_uint_eq(number(FW_CFG_KERNEL_ADDRESS), MIB);
    ck_assert_uint_eq(number(FW_CFG_KERNEL_SIZE), KERNEL_SIZE - 1024);
    ck_assert_mem_eq(item(FW_CFG_KERNEL_DATA)->bytes, kernel + 1024, KERNEL_SIZE - 1024);
    ck_assert_mem_eq(item(FW_CFG_INITRD_DATA)->bytes, "disk", 4);
    ck_assert_uint_eq(number(FW_CFG_LINE_SIZE), 5);
    ck_assert_str_eq((const char *)item(FW_CFG_LINE_DATA)->bytes, "line");
}
END_TEST

/* The ROM that is to boot it: its size in 512 bytes, and a sum of 0. */
START_TEST(boot_rom_is_valid)
{
    uint8_t sum = 0;
    make_bios();
    make_linux();
    check_good();
    const struct fw_cfg_item *rom = file_named("genroms/boot.rom");
    ck_assert_uint_eq(load16(rom->bytes), 0xaa55);
    ck_assert_uint_eq(rom->size, rom->bytes[2] * 512u);
    for (uint32_t i = 0; i < rom->size; i++)
        sum += rom->bytes[i];
    ck_assert_uint_eq(sum, 0);
}
END_TEST

/* A kernel that is not loaded high goes where the first ones went. */
START_TEST(bios_with_an_old_kernel)
{
    make_bios();
    make_linux();
    kernel[0x211] = 0;
    store16(kernel + 0x206, 0x201);
    write_kernel(KERNEL_SIZE);
    check_good();
    ck_assert_uint_eq(number(FW_CFG_SETUP_ADDRESS), 0x90000);
    ck_assert_uint_eq(number(FW_CFG_KERNEL_ADDRESS), 0x10000);
    ck_assert_uint_eq(load16(item(FW_CFG_SETUP_DATA)->bytes + 0x20), 0xa33f);
    ck_assert_uint_eq(load16(item(FW_CFG_SETUP_DATA)->bytes + 0x22), 0xa000);
    store16(kernel + 0x206, 0x1ff);
    write_kernel(KERNEL_SIZE);
    check_refused("kernel: a kernel too old, or too large for below 640 KiB");
}
END_TEST

START_TEST(bios_with_a_bad_kernel)
{
    make_bios();
    memset(kernel, 0, sizeof kernel);
    write_kernel(KERNEL_SIZE);
    check_refused("kernel: neither a Linux bzImage nor a Multiboot kernel");
    request.kernel = "nowhere";
    check_refused("nowhere: No such file or directory");
    make_linux();
    request.ram_size = MIB;
    check_refused("kernel: too large for 1 MiB of memory");
    request.ram_size = 64 * MIB;
    static char long_line[3000];
    memset(long_line, 'x', sizeof long_line - 1);
    request.append = long_line;
    check_refused("-append: 2999 characters; the kernel takes 2047");
    write_kernel(700);
    check_refused("kernel: truncated: 700 bytes of 16384");
}
END_TEST

/* The beginnings of what people try to start. */
START_TEST(images_for_others)
{
    static const struct {
        unsigned at;
        const char *bytes;
        unsigned size;
        const char *text;
    } images[] = {
        {0, "\x1f\x8b", 2, "not a kernel for a PC, but compressed by gzip; unpack it first"},
        {56, "ARM\x64", 4, "not a kernel for a PC, but a kernel for 64-bit ARM"},
        {36, "\x18\x28\x6f\x01", 4, "not a kernel for a PC, but a kernel for ARM"},
        {0, "\x27\x05\x19\x56", 4, "not a kernel for a PC, but an image for U-Boot"},
        {0, "070701", 6, "not a kernel for a PC, but a RAM disk (cpio), which -initrd takes"},
        {510, "\x55\xaa", 2,
         "not a kernel for a PC, but a disk's image or boot sector; there are no disks yet"},
        {0, "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\x3e", 19,
         "made for x86-64; this machine's processor is an i386"},
        {0, "\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\2\0\x03", 19,
         "an ELF file without a Multiboot header"},
        {8, "\xd6\x50\x52\xe8\0\0\0\0\x10\0\0\0\x1a\xaf\xad\x17", 16,
         "a Multiboot 2 kernel; only Multiboot 1 is there"},
    };
    char text[128];
    for (unsigned i = 0; i < sizeof images / sizeof *images; i++) {
        memset(kernel, 0, sizeof kernel);
        memcpy(kernel + images[i].at, images[i].bytes, images[i].size);
        write_kernel(KERNEL_SIZE);
        snprintf(text, sizeof text, "kernel: %s", images[i].text);
        check_refused(text);
    }
    memset(kernel, 0, sizeof kernel);
    store16(kernel, 0x5a4d); /* MZ */
    store32(kernel + 0x3c, 0x80);
    store32(kernel + 0x80, 0x4550); /* PE */
    store16(kernel + 0x84, 0x8664);
    write_kernel(KERNEL_SIZE);
    check_refused("kernel: a program for EFI (x86-64), which is not there");
    store32(kernel + 0x3c, 0xfffffffe);
    write_kernel(KERNEL_SIZE);
    check_refused("kernel: neither a Linux bzImage nor a Multiboot kernel");
}
END_TEST

START_TEST(bios_for_64_bits)
{
    static uint8_t bios[128 * 1024];
    memcpy(bios + sizeof bios - 1878, enter_long_mode, sizeof enter_long_mode);
    write_file("bios", bios, sizeof bios);
    request.bios = "bios";
    check_good();
    store32(bios + 40, 0x4856465f); /* "_FVH" */
    write_file("bios", bios, sizeof bios);
    check_refused("bios: 64-bit firmware; Tessera's processor has 32 bits");
}
END_TEST

/* What has no size beforehand: what the kernel makes up, and pipes. */
START_TEST(files_of_unknown_size)
{
    static uint8_t large[200000];
    int ends[2];
    char line[64];
    request.kernel = "/proc/self/maps";
    check_refused("/proc/self/maps: neither a Linux bzImage nor a Multiboot kernel");
    make_linux();
    ck_assert_int_eq(pipe(ends), 0);
    snprintf(line, sizeof line, "/dev/fd/%d", ends[0]);
    pid_t writer = fork();
    if (writer == 0) {
        memset(large, 'x', sizeof large);
        _exit(write(ends[1], large, sizeof large) != sizeof large);
    }
    close(ends[1]);
    request.initrd = line;
    check_good();
    ck_assert_uint_eq(word_at(0x9021c), sizeof large);
    ck_assert_uint_eq(byte_at(word_at(0x90218) + sizeof large - 1), 'x');
    close(ends[0]);
    ck_assert_int_eq(waitpid(writer, NULL, 0), writer);
}
END_TEST

START_TEST(other_files_refused)
{
    request.kernel = "kernel";
    check_refused("kernel: No such file or directory");
    write_kernel(0);
    check_refused("kernel: empty file");
    write_kernel(1);
    check_refused("kernel: neither a Linux bzImage nor a Multiboot kernel");
    write_kernel(KERNEL_SIZE);
    check_refused("kernel: neither a Linux bzImage nor a Multiboot kernel");
    request.kernel = "/";
    check_refused("/: is a directory");
    request.kernel = "/dev/zero";
    check_refused("/dev/zero: is a character device");
    write_kernel(KERNEL_SIZE);
    request.kernel = "kernel";
    request.ram_size = KERNEL_SIZE / 2;
    check_refused("kernel: larger than the guest's memory (8 KiB)");
    request.ram_size = MIB;
    request.kernel = NULL;
    request.initrd = "initrd";
    check_refused("-initrd needs -kernel");
    request.initrd = NULL;
    request.append = "x";
    check_refused("-append needs -kernel");
    request.append = NULL;
    check_refused("the default guest: neither a Linux bzImage nor a Multiboot kernel");
}
END_TEST

START_TEST(copied_and_started)
{
    const char *reason;
    struct memory *memory = memory_create(64 * MIB, &reason);
    struct cpu cpu = {.core.pc = 0};
    struct exec e = {.core = &cpu.core};
    uint32_t old = 0xffffffff;
    make_elf(3);
    check_good();
    ck_assert(memory_copy_in(memory, 0x200010, &old, 4));
    loader_copy(&image, memory);
    ck_assert_uint_eq(memory_read(memory, 0x100100, 4), 0x11111111);
    ck_assert_uint_eq(memory_read(memory, 0x200010, 4), 0);
    ck_assert_uint_eq(memory_read(memory, 0x413, 2), 639);
    loader_start(&image, &e);
    ck_assert_uint_eq(e.changes, 1);
    ck_assert_uint_eq(cpu.core.pc, 0x100020);
    ck_assert_uint_eq(cpu.regs[EAX], 0x2badb002);
    ck_assert_uint_eq(cpu.regs[EBX], image.ebx);
    ck_assert_uint_eq(cpu.cr0 & CR0_PE, CR0_PE);
    ck_assert_uint_eq(cpu.seg[CS].selector, 0x10);
    ck_assert_uint_eq(cpu.seg[CS].attr, 0xc09b);
    ck_assert_uint_eq(cpu.seg[DS].selector, 0x18);
    ck_assert_uint_eq(cpu.seg[DS].attr, 0xc093);
    ck_assert_uint_eq(cpu.seg[SS].limit, 0xffffffff);
    memory_destroy(memory);
}
END_TEST

Suite *loader_suite(void)
{
    Suite *suite = suite_create("loader");
    TCase *c = tcase_create("loader");
    tcase_add_checked_fixture(c, loader_setup, loader_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, damaged_images, 1, 5);
    tcase_add_test(c, bios_images);
    tcase_add_test(c, configuration_device);
    tcase_add_test(c, console_of_the_bios);
    tcase_add_test(c, bios_with_a_kernel);
    tcase_add_test(c, boot_rom_is_valid);
    tcase_add_test(c, bios_with_an_old_kernel);
    tcase_add_test(c, bios_with_a_bad_kernel);
    tcase_add_test(c, images_for_others);
    tcase_add_test(c, bios_for_64_bits);
    tcase_add_test(c, files_of_unknown_size);
    tcase_add_test(c, other_files_refused);
    tcase_add_test(c, copied_and_started);
    suite_add_tcase(suite, c);
    return suite;
}
