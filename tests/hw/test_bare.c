/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine `ppc-bare` around a cpu that is a C function; and the programs that it takes. */
#include "exec/memory.h"
#include "hw/ppc/bare.h"
#include "ops/ppc/cpu.h"
#include "tests/hw/fake_exec.h"
#include "tests/hw/fixture.h"

#include <elf.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RAM = 2 << 20, LOAD = 0x9fff0, ENTRY = LOAD + 4 };

static struct options options;
static void *machine;
static char path[32];
static int to_stdin;

/* --- a program --- */

static struct program {
    Elf32_Ehdr file;
    Elf32_Phdr segment;
    uint8_t bytes[32]; /* across 640 KiB */
} program;

static void put16(void *field, unsigned value)
{
    memcpy(field, (uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

static void put32(void *field, uint32_t value)
{
    put16(field, value >> 16);
    put16((uint8_t *)field + 2, value & 0xffff);
}

static void make_program(void)
{
    Elf32_Ehdr *e = &program.file;
    Elf32_Phdr *p = &program.segment;
    memset(&program, 0, sizeof program);
    memcpy(e->e_ident, (uint8_t[]){0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2MSB, EV_CURRENT}, 7);
    put16(&e->e_type, ET_EXEC);
    put16(&e->e_machine, EM_PPC);
    put32(&e->e_version, EV_CURRENT);
    put32(&e->e_entry, ENTRY);
    put32(&e->e_phoff, offsetof(struct program, segment));
    put16(&e->e_ehsize, sizeof *e);
    put16(&e->e_phentsize, sizeof *p);
    put16(&e->e_phnum, 1);
    put32(&p->p_type, PT_LOAD);
    put32(&p->p_offset, offsetof(struct program, bytes));
    put32(&p->p_vaddr, 0x40000000);
    put32(&p->p_paddr, LOAD);
    put32(&p->p_filesz, sizeof program.bytes);
    put32(&p->p_memsz, 0x1000);
    for (unsigned i = 0; i < sizeof program.bytes; i++)
        program.bytes[i] = (uint8_t)(i + 1);
}

static void write_program(size_t size)
{
    strcpy(path, "/tmp/tessera-ppc-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_eq(write(fd, &program, size), (ssize_t)size);
    close(fd);
    options.load.kernel = path;
}

static void setup(void)
{
    int in[2];
    ck_assert_int_eq(pipe(in), 0);
    dup2(in[0], STDIN_FILENO);
    close(in[0]);
    to_stdin = in[1];
    machine = NULL;
    path[0] = '\0';
    options = (struct options){
        .load.ram_size = RAM, .exec.cache_size = 1 << 20, .serial[0] = {.kind = OUTSIDE_STDIO}};
    make_program();
}

static void teardown(void)
{
    ppc_bare_machine.destroy(machine);
    if (path[0])
        unlink(path);
}

static int run(void (*guest)(struct exec *))
{
    struct error error = {""};
    const struct default_kernel none = {NULL, 0};
    fake_guest = guest;
    write_program(sizeof program);
    machine = ppc_bare_machine.create(&options, none, &error);
    ck_assert_msg(machine != NULL, "%s", error.text);
    ck_assert_msg(ppc_bare_machine.start(machine, &error), "%s", error.text);
    ppc_bare_machine.power_on(machine);
    return ppc_bare_machine.run(machine);
}

/* As a PowerPC stores a word: the highest byte first. */
static void end(struct exec *e, uint32_t value)
{
    memory_write(e->memory, PPC_BARE_EXIT, __builtin_bswap32(value), 4);
}

static uint8_t in(struct exec *e, uint32_t offset)
{
    return (uint8_t)memory_read(e->memory, PPC_BARE_UART + offset, 1);
}

static void out(struct exec *e, uint32_t offset, uint8_t value)
{
    memory_write(e->memory, PPC_BARE_UART + offset, value, 1);
}

/* --- what it finds --- */

static void look_and_end(struct exec *e)
{
    const struct ppc_cpu *cpu = exec_ppc_cpu(e);
    ck_assert_uint_eq(cpu->core.pc, ENTRY);
    ck_assert_uint_eq(cpu->gpr[1], RAM - 16);
    ck_assert_uint_eq(e->changes, 1);
    for (uint32_t i = 0; i < sizeof program.bytes; i++)
        ck_assert_uint_eq(memory_read(e->memory, LOAD + i, 1), i + 1);
    memory_write(e->memory, 0xffffc, 0x5a, 4); /* no hole there */
    ck_assert_uint_eq(memory_read(e->memory, 0xffffc, 4), 0x5a);
    ck_assert_uint_eq(memory_read(e->memory, RAM, 4), 0xffffffff);
    end(e, 0x12345629);
    end(e, 3); /* too late to say something else */
}

START_TEST(starts_and_ends)
{
    ck_assert_int_eq(run(look_and_end), 0x29);
}
END_TEST

/* What is not a store of a word to the exit register is none of its business. */
static void miss_the_register(struct exec *e)
{
    memory_write(e->memory, PPC_BARE_EXIT, 1, 1);
    memory_write(e->memory, PPC_BARE_EXIT + 2, 1, 2);
    memory_write(e->memory, PPC_BARE_EXIT + 4, 1, 4);
    memory_write(e->memory, PPC_BARE_EXIT - 2, 1, 4);
    ck_assert_uint_eq(memory_read(e->memory, PPC_BARE_EXIT, 4), 0);
    ck_assert(!atomic_load(&e->stop));
    end(e, 0);
}

START_TEST(only_a_word_ends_it)
{
    ck_assert_int_eq(run(miss_the_register), 0);
}
END_TEST

/* A byte that comes in interrupts, and is read; registers can be read several at a time. */
static void receive(struct exec *e)
{
    static bool ready;
    if (!ready) {
        ready = true;
        out(e, 4, 0x08);
        out(e, 1, 0x01);
        ck_assert(!e->intr);
        ck_assert_uint_eq(memory_read(e->memory, PPC_BARE_UART + 4, 2), 0x6008);
        ck_assert_int_eq(write(to_stdin, "x", 1), 1);
    }
    if (!e->intr)
        return;
    ck_assert_uint_eq(in(e, 0), 'x');
    ck_assert(!e->intr);
    end(e, 1);
}

START_TEST(a_byte_interrupts)
{
    ck_assert_int_eq(run(receive), 1);
}
END_TEST

static void go_back(struct exec *e)
{
    static uint8_t saved[4096];
    struct error error = {""};
    struct devices *devices = ppc_bare_machine.parts(machine).devices;
    out(e, 7, 0x42);
    size_t size = devices_save(devices, saved, sizeof saved);
    ck_assert_uint_le(size, sizeof saved);
    out(e, 7, 0x17);
    ck_assert_msg(devices_restore(devices, saved, size, &error), "%s", error.text);
    ck_assert_uint_eq(in(e, 7), 0x42);
    end(e, 0);
}

START_TEST(devices_are_restored)
{
    ck_assert_int_eq(run(go_back), 0);
}
END_TEST

/* --- what it refuses --- */

static void expect_refused(const char *why)
{
    struct error error = {""};
    const struct default_kernel none = {NULL, 0};
    ck_assert_ptr_null(ppc_bare_machine.create(&options, none, &error));
    ck_assert_msg(strstr(error.text, why) != NULL, "%s\nnot: %s", error.text, why);
    if (path[0])
        unlink(path);
}

static void expect_bad_program(const char *why)
{
    write_program(sizeof program);
    expect_refused(why);
    make_program();
}

START_TEST(programs_that_are_not_for_it)
{
    put16(&program.file.e_machine, EM_386);
    expect_bad_program(": for another processor (ELF machine 3, 32 bits), not 32-bit PowerPC");
    program.file.e_ident[EI_CLASS] = ELFCLASS64;
    expect_bad_program("64 bits), not 32-bit PowerPC");
    put16(&program.file.e_type, ET_REL);
    expect_bad_program(": not linked to fixed addresses");
    program.file.e_ident[0] = 'x';
    expect_bad_program(": not an ELF executable");
    put32(&program.file.e_entry, LOAD - 4);
    expect_bad_program(": its entry point 9ffech is in no segment");
    put32(&program.file.e_entry, ENTRY + 2);
    expect_bad_program(": its entry point 9fff6h is not a multiple of 4");
    put32(&program.segment.p_type, PT_NOTE);
    expect_bad_program(": its entry point 9fff4h is in no segment");
    put32(&program.segment.p_filesz, 0x1001);
    expect_bad_program(": a segment larger than its memory");
}
END_TEST

START_TEST(segments_that_are_not_in_ram)
{
    put32(&program.segment.p_paddr, RAM - 0xfff);
    expect_bad_program(": 4 KiB at address 1ff001h are not in RAM, 2 MiB (-m)");
    put32(&program.segment.p_memsz, 0xffffffff);
    expect_bad_program(" are not in RAM");
    put32(&program.segment.p_paddr, 0xfffffff0);
    expect_bad_program(" are not in RAM");
}
END_TEST

/* Wherever the file ends, that is said, and nothing worse. */
START_TEST(programs_that_are_cut)
{
    for (size_t size = 1; size < sizeof program; size++) {
        write_program(size);
        expect_refused(size < EI_NIDENT ? ": not an ELF executable" : ": ");
    }
    put32(&program.segment.p_offset, 0x7fffffff);
    expect_bad_program(": truncated");
}
END_TEST

START_TEST(files_that_are_none)
{
    expect_refused("-M ppc-bare needs a program, a PowerPC ELF executable: -kernel FILE");
    options.load.kernel = "/no-such-folder/x";
    expect_refused("/no-such-folder/x: No such file or directory");
    options.load.kernel = "/";
    expect_refused("/: is a directory");
}
END_TEST

START_TEST(options_that_mean_nothing)
{
    const struct options plain = options;
    options.load.initrd = "x";
    expect_refused("-initrd: the machine ppc-bare has no such thing");
    options = plain, options.load.append = "x";
    expect_refused("-append: ");
    options = plain, options.load.bios = "x";
    expect_refused("-bios: ");
    options = plain, options.serials = 2;
    expect_refused("-serial, a second one: ");
    options = plain, options.debug_exit = true;
    expect_refused("-device isa-debug-exit: ");
    options = plain, options.wants_vga = true;
    expect_refused("-vga std: ");
    options = plain, options.screen_png = "x";
    expect_refused("-screendump, -screentext: ");
    options = plain, options.screen_text = "x";
    expect_refused("-screendump, -screentext: ");
}
END_TEST

START_TEST(the_host_has_no_room)
{
    write_program(sizeof program);
    options.exec.cache_size = 0;
    expect_refused("no room");
}
END_TEST

Suite *bare_suite(void)
{
    Suite *suite = suite_create("ppc-bare");
    TCase *c = tcase_create("ppc-bare");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, starts_and_ends);
    tcase_add_test(c, only_a_word_ends_it);
    tcase_add_test(c, a_byte_interrupts);
    tcase_add_test(c, devices_are_restored);
    tcase_add_test(c, programs_that_are_not_for_it);
    tcase_add_test(c, segments_that_are_not_in_ram);
    tcase_add_test(c, programs_that_are_cut);
    tcase_add_test(c, files_that_are_none);
    tcase_add_test(c, options_that_mean_nothing);
    tcase_add_test(c, the_host_has_no_room);
    suite_add_tcase(suite, c);
    return suite;
}
