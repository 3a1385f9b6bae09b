/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaders on images made here, good ones and each kind of bad one. */
#include "hw/loader.h"
#include "tests/hw/fixture.h"

#include "exec/memory.h"
#include "tests/hw/fake_exec.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MIB = 1 << 20, KERNEL_SIZE = 16384 };

static char folder[] = "/tmp/tessera-loader-XXXXXX";
static struct image image;
static struct error error;
static struct loader_request request;
static uint8_t kernel[KERNEL_SIZE];

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    memset(kernel, 0, sizeof kernel);
    request = (struct loader_request){.ram_size = 64 * MIB};
}

static void teardown(void)
{
    static const char *const names[] = {"kernel", "initrd", "module", "bios"};
    loader_free(&image);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
    ck_assert_int_eq(rmdir(folder), 0);
}

static void write_file(const char *name, const void *bytes, size_t size)
{
    FILE *f = fopen(name, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, size, f), size);
    fclose(f);
}

static void write_kernel(size_t size)
{
    write_file("kernel", kernel, size);
    request.kernel = "kernel";
}

static bool prepare(void)
{
    static const uint8_t nothing[] = {0};
    loader_free(&image);
    *error.text = 0;
    return loader_prepare(&image, &request, (struct default_kernel){nothing, 1}, &error);
}

static void check_good(void)
{
    bool good = prepare();
    ck_assert_msg(good, "%s", error.text);
}

static void check_refused(const char *text)
{
    ck_assert(!prepare());
    ck_assert_str_eq(error.text, text);
}

/* What will be at an address; fails the test if nothing will. */
static uint8_t byte_at(uint32_t address)
{
    for (unsigned i = image.pieces; i-- > 0;) {
        const struct piece *p = &image.piece[i];
        if (address - p->address < p->size)
            return p->bytes ? p->bytes[address - p->address] : 0;
    }
    ck_abort_msg("nothing is loaded at %x", address);
    return 0;
}

static uint32_t word_at(uint32_t address)
{
    uint32_t word = 0;
    for (unsigned i = 0; i < 4; i++)
        word |= (uint32_t)byte_at(address + i) << 8 * i;
    return word;
}

static void check_string_at(uint32_t address, const char *text)
{
    for (size_t i = 0; i <= strlen(text); i++)
        ck_assert_uint_eq(byte_at(address + (uint32_t)i), (uint8_t)text[i]);
}

/* --- Linux --- */

/* Two sectors of setup, protocol 2.12; the rest is code that counts. */
static void make_linux(void)
{
    kernel[0x1f1] = 1;
    store32(kernel + 0x1f4, (KERNEL_SIZE - 1024) / 16);
    store16(kernel + 0x1fe, 0xaa55);
    kernel[0x201] = 0x66;
    store32(kernel + 0x202, 0x53726448); /* "HdrS" */
    store16(kernel + 0x206, 0x20c);
    kernel[0x211] = 0x01;
    store32(kernel + 0x22c, 0x37ffffff);
    store32(kernel + 0x238, 2047);
    store32(kernel + 0x258, 16 * MIB);
    store32(kernel + 0x260, 8 * MIB);
    for (unsigned i = 1024; i < KERNEL_SIZE; i++)
        kernel[i] = (uint8_t)i;
    write_kernel(KERNEL_SIZE);
}

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

START_TEST(linux_refused)
{
    static char long_line[3000];
    static uint8_t initrd[45 * MIB];
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
    check_refused("kernel: needs 24 MiB of memory, there are 16");
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
    write_file("initrd", initrd, sizeof initrd);
    check_refused("initrd: 47185920 bytes do not fit into 64 MiB of memory beside the kernel");
    request.ram_size = 32 * MIB;
    check_refused("initrd: larger than the guest's memory (32 MiB)");
}
END_TEST

/* --- Multiboot --- */

static void store_header(size_t at, uint32_t flags)
{
    store32(kernel + at, 0x1badb002);
    store32(kernel + at + 4, flags);
    store32(kernel + at + 8, -(0x1badb002 + flags));
}

static Elf32_Ehdr ehdr;
static Elf32_Phdr phdr[2];

static void write_elf(void)
{
    memcpy(kernel, &ehdr, sizeof ehdr);
    memcpy(kernel + sizeof ehdr, phdr, sizeof phdr);
    write_kernel(KERNEL_SIZE);
}

/* Two segments: 1000h bytes at 1 MiB, and 10h bytes and as many zeros at 2 MiB. */
static void make_elf(uint32_t flags)
{
    ehdr = (Elf32_Ehdr){
        .e_ident = "\177ELF\1\1\1",
        .e_type = ET_EXEC,
        .e_machine = EM_386,
        .e_version = EV_CURRENT,
        .e_entry = 0xc0100020,
        .e_phoff = sizeof ehdr,
        .e_ehsize = sizeof ehdr,
        .e_phentsize = sizeof *phdr,
        .e_phnum = 2,
    };
    phdr[0] = (Elf32_Phdr){.p_type = PT_LOAD,
                           .p_offset = 0x1000,
                           .p_vaddr = 0xc0100000,
                           .p_paddr = 0x100000,
                           .p_filesz = 0x1000,
                           .p_memsz = 0x1000};
    phdr[1] = (Elf32_Phdr){.p_type = PT_LOAD,
                           .p_offset = 0x2000,
                           .p_vaddr = 0xc0200000,
                           .p_paddr = 0x200000,
                           .p_filesz = 0x10,
                           .p_memsz = 0x20};
    memset(kernel + 0x1000, 0x11, 0x1000);
    memset(kernel + 0x2000, 0x22, 0x10);
    store_header(0x1000, flags);
    write_elf();
}

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

START_TEST(multiboot_modules)
{
    make_elf(3);
    write_file("module", "first", 5);
    write_file("initrd", "second one", 10);
    request.initrd = "module with args,initrd";
    check_good();
    ck_assert_uint_eq(word_at(image.ebx) & 8, 8);
    ck_assert_uint_eq(word_at(image.ebx + 20), 2);
    uint32_t list = word_at(image.ebx + 24);
    ck_assert_uint_eq(word_at(list), 0x201000);
    ck_assert_uint_eq(word_at(list + 4), 0x201005);
    check_string_at(word_at(list + 8), "module with args");
    ck_assert_uint_eq(byte_at(0x201000), 'f');
    ck_assert_uint_eq(word_at(list + 16), 0x202000);
    ck_assert_uint_eq(word_at(list + 20), 0x20200a);
    check_string_at(word_at(list + 24), "initrd");
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
    check_refused("kernel: not an i386 executable");
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
        ck_assert(prepare() || *error.text);
    }
}
END_TEST

/* --- BIOS and the rest --- */

START_TEST(bios_images)
{
    static const unsigned sizes[] = {64, 128, 192, 256, 1024, 1792, 16384};
    static uint8_t bios[(16384 + 64) * 1024];
    request.bios = "bios";
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        write_file("bios", bios, sizes[i] * 1024);
        check_good();
        ck_assert_uint_eq(image.bios_size, sizes[i] * 1024);
    }
    write_file("bios", bios, sizeof bios);
    check_refused(
        "bios: not a BIOS: 16842752 bytes are no multiple of 64 KiB, or more than 16 MiB");
    write_file("bios", bios, 1000);
    check_refused("bios: not a BIOS: 1000 bytes are no multiple of 64 KiB, or more than 16 MiB");
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

START_TEST(bios_with_a_kernel)
{
    make_bios();
    check_good();
    ck_assert_uint_eq(image.fw_cfg.count, 0);
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
    const struct fw_cfg_item *rom = item(FW_CFG_FIRST_FILE);
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
    check_refused("kernel: not a Linux kernel, which is all that -bios can boot");
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
    request.kernel = "/dev/zero"; /* endless */
    request.ram_size = MIB;
    check_refused("/dev/zero: larger than the guest's memory (1 MiB)");
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
    struct exec e = {0};
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
    ck_assert_uint_eq(e.cpu.eip, 0x100020);
    ck_assert_uint_eq(e.cpu.regs[EAX], 0x2badb002);
    ck_assert_uint_eq(e.cpu.regs[EBX], image.ebx);
    ck_assert_uint_eq(e.cpu.cr0 & CR0_PE, CR0_PE);
    ck_assert_uint_eq(e.cpu.seg[CS].selector, 0x10);
    ck_assert_uint_eq(e.cpu.seg[CS].attr, 0xc09b);
    ck_assert_uint_eq(e.cpu.seg[DS].selector, 0x18);
    ck_assert_uint_eq(e.cpu.seg[DS].attr, 0xc093);
    ck_assert_uint_eq(e.cpu.seg[SS].limit, 0xffffffff);
    memory_destroy(memory);
}
END_TEST

Suite *loader_suite(void)
{
    Suite *suite = suite_create("loader");
    TCase *c = tcase_create("loader");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, linux_is_placed);
    tcase_add_loop_test(c, linux_initrd_is_as_high_as_may_be, 0, 4);
    tcase_add_test(c, linux_old_protocol);
    tcase_add_test(c, linux_refused);
    tcase_add_test(c, multiboot_elf);
    tcase_add_test(c, multiboot_modules);
    tcase_add_test(c, multiboot_in_low_memory);
    tcase_add_test(c, multiboot_by_addresses);
    tcase_add_test(c, multiboot_refused);
    tcase_add_loop_test(c, multiboot_addresses_refused, 0, 5);
    tcase_add_loop_test(c, damaged_images, 1, 5);
    tcase_add_test(c, bios_images);
    tcase_add_test(c, bios_with_a_kernel);
    tcase_add_test(c, boot_rom_is_valid);
    tcase_add_test(c, bios_with_an_old_kernel);
    tcase_add_test(c, bios_with_a_bad_kernel);
    tcase_add_test(c, other_files_refused);
    tcase_add_test(c, copied_and_started);
    suite_add_tcase(suite, c);
    return suite;
}
