/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Multiboot kernels: where their parts go, and what is refused. */
#include "tests/hw/fixture.h"
#include "tests/hw/loader_fixture.h"

#include <string.h>

START_TEST(multiboot_elf)
{
    make_elf(3);
    request.append = "a b";
    check_good();
    ck_assert_uint_eq(image.eax, 0x2badb002);
    ck_assert_uint_eq(image.eip, 0x100020);
    ck_assert_uint_eq(byte_at(0x100fff), 0x11);
    ck_assert_uint_eq(byte_at(0x20000f), 0x22);
    ck_assert_uint_eq(byte_at(0x200010), 0);
    ck_assert_uint_eq(word_at(image.ebx), 1 | 4 | 64 | 512);
    ck_assert_uint_eq(word_at(image.ebx + 4), 639);
    ck_assert_uint_eq(word_at(image.ebx + 8), 63 * 1024);
    check_string_at(word_at(image.ebx + 16), "kernel a b");
    check_string_at(word_at(image.ebx + 64), "Tessera");
    uint32_t map = word_at(image.ebx + 48), length = word_at(image.ebx + 44);
    ck_assert_uint_eq(length, 4 * 24);
    ck_assert_uint_eq(word_at(map), 20);
    ck_assert_uint_eq(word_at(map + 3 * 24 + 4), 0x100000);
    ck_assert_uint_eq(word_at(map + 3 * 24 + 12), 63 * MIB);
}
END_TEST

START_TEST(multiboot_screen)
{
    make_elf(3);
    request.has_screen = true;
    check_good();
    ck_assert_uint_eq(word_at(image.ebx) & 4096, 4096);
    ck_assert_uint_eq(word_at(image.ebx + 88), 0xb8000);
    ck_assert_uint_eq(word_at(image.ebx + 96), 160);
    ck_assert_uint_eq(word_at(image.ebx + 100), 80);
    ck_assert_uint_eq(word_at(image.ebx + 104), 25);
    ck_assert_uint_eq(byte_at(image.ebx + 109), 2);
}
END_TEST

START_TEST(multiboot_modules)
{
    make_elf(3);
    write_file("module", "first", 5);
    write_file("initrd", "second one", 10);
    write_file("a,b", "third", 5);
    request.initrd = "module with a=b,,c,  initrd,a,,b x,,,,";
    check_good();
    ck_assert_uint_eq(word_at(image.ebx) & 8, 8);
    ck_assert_uint_eq(word_at(image.ebx + 20), 3);
    uint32_t list = word_at(image.ebx + 24);
    ck_assert_uint_eq(word_at(list), 0x201000);
    ck_assert_uint_eq(word_at(list + 4), 0x201005);
    check_string_at(word_at(list + 8), "module with a=b,c");
    ck_assert_uint_eq(byte_at(0x201000), 'f');
    ck_assert_uint_eq(word_at(list + 16), 0x202000);
    ck_assert_uint_eq(word_at(list + 20), 0x20200a);
    check_string_at(word_at(list + 24), "initrd");
    ck_assert_uint_eq(byte_at(word_at(list + 32)), 't');
    check_string_at(word_at(list + 40), "a,b x,,");
    static const char *const nameless[] = {"", ",module", "module, ", "module,", "module, ,initrd"};
    for (unsigned i = 0; i < sizeof nameless / sizeof *nameless; i++) {
        request.initrd = nameless[i];
        check_refused("-initrd: a module without a name in the list");
    }
}
END_TEST

START_TEST(multiboot_in_low_memory)
{
    make_elf(3);
    phdr[0].p_paddr = 0x90000;
    write_elf();
    check_good();
    ck_assert_uint_ge(image.ebx, 0x200020); /* out of the kernel's way */
    ck_assert_uint_eq(byte_at(0x90fff), 0x11);
}
END_TEST

START_TEST(multiboot_by_addresses)
{
    store_header(0x200, 0x10003);
    store32(kernel + 0x20c, 0x100100); /* header */
    store32(kernel + 0x210, 0x100000); /* load */
    store32(kernel + 0x214, 0x100800); /* load end */
    store32(kernel + 0x218, 0x101000); /* bss end */
    store32(kernel + 0x21c, 0x100400); /* entry */
    kernel[0x100] = 0x77;
    kernel[0x8ff] = 0x88;
    write_kernel(KERNEL_SIZE);
    check_good();
    ck_assert_uint_eq(image.eip, 0x100400);
    ck_assert_uint_eq(byte_at(0x100000), 0x77);
    ck_assert_uint_eq(byte_at(0x1007ff), 0x88);
    ck_assert_uint_eq(byte_at(0x100800), 0);
    ck_assert_uint_eq(byte_at(0x100fff), 0);
    store32(kernel + 0x214, 0); /* to the end of the file */
    store32(kernel + 0x218, 0);
    write_kernel(KERNEL_SIZE);
    check_good();
    ck_assert_uint_eq(byte_at(0x100000 + KERNEL_SIZE - 0x101), 0);
}
END_TEST

START_TEST(multiboot_refused)
{
    make_elf(0x8);
    check_refused("kernel: wants unknown Multiboot features (flags 00000008)");
    make_elf(0);
    ehdr.e_machine = EM_68K;
    write_elf();
    check_refused("kernel: made for 68000; this machine's processor is an i386");
    ehdr.e_ident[EI_DATA] = ELFDATA2MSB;
    ehdr.e_machine = EM_PPC << 8;
    write_elf();
    check_refused("kernel: made for PowerPC; this machine's processor is an i386");
    make_elf(0x10000);
    ehdr.e_machine = EM_X86_64;
    write_elf();
    check_refused("kernel: made for x86-64; this machine's processor is an i386");
    make_elf(0);
    strcpy((char *)kernel + 0x1800, "ERR: Not a 64-bit CPU!");
    write_elf();
    check_refused("kernel: Xen, which needs a 64-bit processor");
    memset(kernel + 0x1800, 0, 32);
    make_elf(0);
    ehdr.e_ident[EI_CLASS] = ELFCLASS64;
    write_elf();
    check_refused("kernel: not an i386 executable");
    make_elf(0);
    ehdr.e_type = ET_DYN;
    write_elf();
    check_refused("kernel: not an i386 executable");
    make_elf(0);
    write_kernel(0x1800);
    check_refused("kernel: truncated");
    make_elf(0);
    phdr[1].p_offset = 0xfffffff8;
    write_elf();
    check_refused("kernel: truncated");
    make_elf(0);
    ehdr.e_phoff = 0xffffff00;
    write_elf();
    check_refused("kernel: truncated");
    make_elf(0);
    ehdr.e_phnum = 0;
    write_elf();
    ck_assert(!prepare());
    make_elf(0);
    phdr[0].p_memsz = 1;
    write_elf();
    check_refused("kernel: a segment larger than its memory");
    make_elf(0);
    phdr[0].p_paddr = 0xfffff000;
    write_elf();
    check_refused("kernel: 4096 bytes at fffff000h do not fit into 64 MiB of memory");
    make_elf(0);
    phdr[1].p_memsz = 0xffffffff;
    write_elf();
    check_refused("kernel: 4294967279 bytes at 200010h do not fit into 64 MiB of memory");
    make_elf(0);
    phdr[0].p_paddr = 0x9f800;
    write_elf();
    check_refused("kernel: 4096 bytes at 9f800h do not fit into 64 MiB of memory");
    make_elf(0);
    phdr[0].p_type = phdr[1].p_type = PT_NOTE;
    write_elf();
    check_refused("kernel: nothing in it to load");
    make_elf(0);
    store32(kernel + 0x1000, 0);
    write_elf();
    check_refused("kernel: an ELF file without a Multiboot header");
    make_elf(0);
    kernel[0] = 'x';
    write_kernel(KERNEL_SIZE);
    check_refused("kernel: a Multiboot header, but neither ELF nor load addresses");
    make_elf(0);
    request.initrd = "missing arg";
    check_refused("missing: No such file or directory");
}
END_TEST

START_TEST(multiboot_addresses_refused)
{
    static const struct {
        uint32_t header, load, load_end;
        const char *text;
    } bad[] = {
        {0x100000, 0x100100, 0,
         "kernel: the addresses in its Multiboot header do not fit together"},
        {0x110000, 0x100000, 0,
         "kernel: the addresses in its Multiboot header do not fit together"},
        {0x100000, 0x100000, 0xff000,
         "kernel: the addresses in its Multiboot header do not fit together"},
        {0x100000, 0x100000, 0x200000, "kernel: truncated"},
        {0xfff00000, 0xfff00000, 0,
         "kernel: 16384 bytes at fff00000h do not fit into 64 MiB of "
         "memory"},
    };
    store_header(0, 0x10000);
    store32(kernel + 12, bad[_i].header);
    store32(kernel + 16, bad[_i].load);
    store32(kernel + 20, bad[_i].load_end);
    write_kernel(KERNEL_SIZE);
    check_refused(bad[_i].text);
}
END_TEST

Suite *multiboot_suite(void)
{
    Suite *suite = suite_create("Multiboot kernels");
    TCase *c = tcase_create("Multiboot kernels");
    tcase_add_checked_fixture(c, loader_setup, loader_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, multiboot_elf);
    tcase_add_test(c, multiboot_screen);
    tcase_add_test(c, multiboot_modules);
    tcase_add_test(c, multiboot_in_low_memory);
    tcase_add_test(c, multiboot_by_addresses);
    tcase_add_test(c, multiboot_refused);
    tcase_add_loop_test(c, multiboot_addresses_refused, 0, 5);
    suite_add_tcase(suite, c);
    return suite;
}
