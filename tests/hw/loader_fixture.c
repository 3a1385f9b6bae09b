/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images made by tests, and a look at what becomes of them. */
#include "tests/hw/loader_fixture.h"
#include "tests/hw/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/tessera-loader-XXXXXX";
struct image image;
struct error loader_error;
struct loader_request request;
uint8_t kernel[KERNEL_SIZE];

void loader_setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    memset(kernel, 0, sizeof kernel);
    request = (struct loader_request){.ram_size = 64 * MIB};
}

void loader_teardown(void)
{
    static const char *const names[] = {"kernel", "initrd", "module", "bios", "a,b"};
    loader_free(&image);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
    ck_assert_int_eq(rmdir(folder), 0);
}

void write_file(const char *name, const void *bytes, size_t size)
{
    FILE *f = fopen(name, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, size, f), size);
    fclose(f);
}

void write_kernel(size_t size)
{
    write_file("kernel", kernel, size);
    request.kernel = "kernel";
}

bool prepare(void)
{
    static const uint8_t nothing[] = {0};
    loader_free(&image);
    *loader_error.text = 0;
    return loader_prepare(&image, &request, (struct default_kernel){nothing, 1}, &loader_error);
}

void check_good(void)
{
    bool good = prepare();
    ck_assert_msg(good, "%s", loader_error.text);
}

void check_refused(const char *text)
{
    ck_assert(!prepare());
    ck_assert_str_eq(loader_error.text, text);
}

/* What will be at an address; fails the test if nothing will. */
uint8_t byte_at(uint32_t address)
{
    for (unsigned i = image.pieces; i-- > 0;) {
        const struct piece *p = &image.piece[i];
        if (address - p->address < p->size)
            return p->bytes ? p->bytes[address - p->address] : 0;
    }
    ck_abort_msg("nothing is loaded at %x", address);
    return 0;
}

uint32_t word_at(uint32_t address)
{
    uint32_t word = 0;
    for (unsigned i = 0; i < 4; i++)
        word |= (uint32_t)byte_at(address + i) << 8 * i;
    return word;
}

void check_string_at(uint32_t address, const char *text)
{
    for (size_t i = 0; i <= strlen(text); i++)
        ck_assert_uint_eq(byte_at(address + (uint32_t)i), (uint8_t)text[i]);
}

/* Two sectors of setup, protocol 2.12; the rest is code that counts. */
void make_linux(void)
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

void store_header(size_t at, uint32_t flags)
{
    store32(kernel + at, 0x1badb002);
    store32(kernel + at + 4, flags);
    store32(kernel + at + 8, -(0x1badb002 + flags));
}

Elf32_Ehdr ehdr;
Elf32_Phdr phdr[2];

void write_elf(void)
{
    memcpy(kernel, &ehdr, sizeof ehdr);
    memcpy(kernel + sizeof ehdr, phdr, sizeof phdr);
    write_kernel(KERNEL_SIZE);
}

/* Two segments: 1000h bytes at 1 MiB, and 10h bytes and as many zeros at 2 MiB. */
void make_elf(uint32_t flags)
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

const uint8_t enter_long_mode[] = {0xb9, 0x80, 0x00, 0x00, 0xc0, 0x0f,
                                   0x32, 0x0f, 0xba, 0xe8, 0x08};
