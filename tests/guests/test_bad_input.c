/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a user can get wrong ends in one line on stderr and status 1; what a hostile guest does
 * ends in nothing worse than that guest's own end.
 */
#include "emulator.h"
#include "rom.h"
#include "test_guests.h"
#include <ctype.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A folder of bad files, for the time of one test; tests run inside the tree's top folder. */
static char folder[] = "/tmp/tessera-bad-XXXXXX";

static const char *path(const char *name)
{
    static char names[8][64];
    static int next;
    char *p = names[next++ % 8];
    snprintf(p, sizeof(names[0]), "%s/%s", folder, name);
    return p;
}

/* `size` bytes of `from` (or a pattern), then a hole up to `full`. */
static void make_file(const char *name, const char *from, size_t size, off_t full)
{
    char *bytes = malloc(size + 1);
    ck_assert_ptr_nonnull(bytes);
    memset(bytes, 'x', size);
    FILE *in = from ? fopen(from, "rb") : NULL;
    ck_assert(!from || in);
    if (in) {
        ck_assert_uint_eq(fread(bytes, 1, size, in), size);
        fclose(in);
    }
    FILE *out = fopen(path(name), "wb");
    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(fwrite(bytes, 1, size, out), size);
    ck_assert_int_eq(fflush(out), 0);
    ck_assert_int_eq(ftruncate(fileno(out), full), 0);
    fclose(out);
    free(bytes);
}

static void make_folder(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    make_file("empty", NULL, 0, 0);
    make_file("text", NULL, 5000, 5000);
    make_file("short-linux", LINUX_KERNEL, 100000, 100000);
    make_file("tiny-linux", LINUX_KERNEL, 600, 600);
    make_file("short-elf", DEFAULT_GUEST, 5000, 5000);
    make_file("tiny-elf", DEFAULT_GUEST, 40, 40);
    make_file("foreign-elf", "/proc/self/exe", 20000, 20000);
    make_file("huge", NULL, 16, (off_t)300 << 20);
    make_file("giant", NULL, 16, (off_t)5 << 30);
    make_file("odd-bios", NULL, 1000, 1000);
    make_file("compressed", LINUX_INITRD, 5000, 5000);
    make_file("a\n\033[31mname", NULL, 5000, 5000);
}

static void remove_folder(void)
{
    static const char *const names[] = {
        "empty",       "text",     "short-linux", "tiny-linux", "short-elf",      "tiny-elf",
        "foreign-elf", "huge",     "giant",       "odd-bios",   "bios",           "kernel",
        "compressed",  "linux-64", "media",       "disk",       "a\n\033[31mname"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        unlink(path(names[i]));
    rmdir(folder);
}

/* Nothing that a terminal would obey but the end of the only line. */
static bool is_one_line(const char *text)
{
    while (*text && !iscntrl((unsigned char)*text))
        text++;
    return strcmp(text, "\n") == 0;
}

/* Runs to the end and insists on "tessera: ..." in one line, and status 1. */
static void check_refused(const char *const *arguments, void (*setup)(void))
{
    struct emulator *e = emulator_start_with(ON_PIPES, arguments, setup);
    int status = emulator_wait(e);
    char line[512] = "";
    for (int i = 0; arguments[i]; i++)
        snprintf(line + strlen(line), sizeof(line) - strlen(line), " %s", arguments[i]);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 1, "%s: wait status %x, output:\n%s",
                  line, (unsigned)status, e->text);
    ck_assert_msg(is_one_line(e->text) && strncmp(e->text, "tessera: ", 9) == 0,
                  "%s: not one line for people:\n%s", line, e->text);
    emulator_kill(e);
}

/* An argument that begins with '/' names a file of the bad folder, with "//" any other. */
static const char *const bad_arguments[][7] = {
    {"-kernel", "/missing"},
    {"-kernel", "/empty"},
    {"-kernel", "/text"},
    {"-kernel", "/short-linux"},
    {"-kernel", "/tiny-linux"},
    {"-kernel", "/short-elf"},
    {"-kernel", "/tiny-elf"},
    {"-kernel", "/foreign-elf"},
    {"-kernel", "/compressed"},
    {"-kernel", "/a\n\033[31mname"},
    {"-kernel", "//proc/self/maps"},
    {"-kernel", DEFAULT_GUEST, "-initrd", DEFAULT_GUEST ","},
    {"-kernel", LINUX_KERNEL, "-initrd", LINUX_INITRD, "-append", "mem=32M"},
    {"-smp", "2"},
    {"-M", "q35"},
    {"-enable-kvm"},
    {"-hda", "/missing"},
    {"-hda", "/"},
    {"-hda", "/dev/null"},
    {"-hda", "/empty"},
    {"-cdrom", "/empty"},
    {"-cdrom", "/"},
    {"-cdrom", "/missing"},
    {"-fda", "/empty"},
    {"-fda", "/"},
    {"-fda", "/missing"},
    {"-fda", "/giant"},
    {"-drive", "file=/no-such-folder/disk,format=raw"},
    {"-vga", "cirrus"},
    {"-M", "ppc-bare", "-kernel", PPC_PROGRAM, "-vga", "std"},
    {"-M", "ppc-bare", "-kernel", PPC_PROGRAM, "-screendump", "x"},
    {"-rtc", "base=tomorrow"},
    {"-kernel", "/giant"},
    {"-kernel", "/"},
    {"-kernel"},
    {"-kernel", ""},
    {"-kernel", LINUX_KERNEL, "-initrd", "/missing"},
    {"-kernel", LINUX_KERNEL, "-initrd", "/huge"},
    {"-kernel", LINUX_KERNEL, "-initrd", "/giant"},
    {"-kernel", LINUX_KERNEL, "-initrd", "/"},
    {"-kernel", LINUX_KERNEL, "-initrd", LINUX_INITRD, "-m", "16"},
    {"-kernel", LINUX_KERNEL, "-m", "2"},
    {"-initrd", LINUX_INITRD},
    {"-append", "console=ttyS0"},
    {"-bios", "/missing"},
    {"-bios", "/empty"},
    {"-bios", "/odd-bios"},
    {"-bios", "/giant"},
    {"-bios", "/"},
    {"-bios", SEABIOS, "-kernel", "/missing"},
    {"-bios", SEABIOS, "-kernel", "/text"},
    {"-bios", SEABIOS, "-kernel", "/tiny-linux"},
    {"-bios", SEABIOS, "-kernel", DEFAULT_GUEST},
    {"-bios", SEABIOS, "-kernel", LINUX_KERNEL, "-m", "1"},
    {"-bios", SEABIOS, "-append", "without a kernel"},
    {"-bios", "//dev/zero"},
    {"-kernel", LINUX_KERNEL, "-initrd", "//dev/zero", "-m", "3G"},
    {"-fw_cfg", "name=opt/x,file=/dev/urandom", "-m", "3G"},
    {"-global", "VGA.romfile=/dev/zero", "-m", "3G"},
    {"-m", "0"},
    {"-m", "abc"},
    {"-m", "-5"},
    {"-m", "12q"},
    {"-m", "99999999999999999999"},
    {"-m", "64G"},
    {"-m"},
    {"-no-such-option"},
    {"stray"},
    {"-jit", "fast"},
    {"-jit"},
    {"-jit-cache", "1K"},
    {"-jit-cache", "lots"},
    {"-jit-cache", "999999999999G"},
    {"-serial", "nonsense"},
    {"-serial", "file:/no/such/folder/file"},
    {"-serial", "file:"},
    {"-parallel", "nonsense"},
    {"-parallel", "file:/no/such/folder/file"},
    {"-debugcon", "/no/such/folder/file"},
    {"-debugcon", ""},
    {"-global", "isa-debugcon.iobase=65536"},
    {"-post", "zzz"},
    {"-device", "no-such-device"},
    {"-device", "isa-debug-exit,iobase=0xfffe,iosize=4"},
    {"-device", "isa-debug-exit,iobase=zzz"},
    {"-device", "isa-debug-exit,no-such-property=1"},
    {"-d", "no-such-item"},
    {"-D", "/no-such-folder/log", "-d", "int"},
    {"-media-dir", "/missing"},
    {"-media-dir", "/text"},
    {"-display", "none", "-object", "secret,id=s,file=/no-such-folder/secret"},
    {"-nic", "user,hostfwd=tcp::+2222-:22"},
    {"-nic", "user,hostfwd=tcp:[::1]:2222-:22"},
    {"-nic", "user,hostfwd=udp::2222-: 22"},
};
enum { BAD_ARGUMENTS = sizeof(bad_arguments) / sizeof(*bad_arguments) };

START_TEST(refused_in_one_line)
{
    const char *arguments[7] = {NULL};
    for (int i = 0; i < 6 && bad_arguments[_i][i]; i++) {
        const char *a = bad_arguments[_i][i];
        arguments[i] = a[0] == '/' && a[1] != '/' ? path(a + 1) : a;
    }
    check_refused(arguments, NULL);
}
END_TEST

/* As the kernel for i386, but for the flag that there is a 64-bit entry. */
START_TEST(kernel_for_64_bits)
{
    struct stat st;
    ck_assert_int_eq(stat(LINUX_KERNEL, &st), 0);
    make_file("linux-64", LINUX_KERNEL, (size_t)st.st_size, st.st_size);
    FILE *f = fopen(path("linux-64"), "r+b");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fseek(f, 0x236, SEEK_SET), 0);
    ck_assert_int_eq(fputc(1, f), 1);
    fclose(f);
    check_refused((const char *[]){"-kernel", path("linux-64"), NULL}, NULL);
    check_refused((const char *[]){"-bios", SEABIOS, "-kernel", path("linux-64"), NULL}, NULL);
}
END_TEST

static void little_address_space(void)
{
    struct rlimit limit = {400 << 20, 400 << 20};
    setrlimit(RLIMIT_AS, &limit);
}

static void tiny_address_space(void)
{
    struct rlimit limit = {128 << 20, 128 << 20}; /* libraries take most of it */
    setrlimit(RLIMIT_AS, &limit);
}

START_TEST(no_room_for_memory)
{
    check_refused((const char *[]){"-m", "1024", "-kernel", DEFAULT_GUEST, NULL},
                  little_address_space);
    check_refused((const char *[]){"-m", "16", "-kernel", DEFAULT_GUEST, NULL}, tiny_address_space);
}
END_TEST

/* --- inputs without an end: on standard input, a pipe into which somebody writes --- */

enum { ENDLESS = 4 };

static void write_for_ever(void)
{
    static const char line[] = "1000\n1000\n1000\n1000\n1000\n1000\n1000\n1000\n";
    char lines[64 * (sizeof line - 1)];
    int ends[2];
    if (pipe(ends) != 0)
        _exit(99);
    if (fork() == 0) {
        for (size_t i = 0; i < sizeof lines; i++)
            lines[i] = line[i % (sizeof line - 1)];
        dup2(ends[1], STDOUT_FILENO); /* of the emulator's pipes nothing is kept */
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        signal(SIGPIPE, SIG_IGN);
        while (write(ends[1], lines, sizeof lines) > 0)
            ;
        _exit(0);
    }
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    close(ends[1]);
}

START_TEST(no_end)
{
    static const struct {
        const char *arguments[7], *said;
    } endless[] = {
        {{"-kernel", "/dev/stdin", "-m", "3G"}, "larger than what is read of a pipe (512 MiB)"},
        {{"-kernel", LINUX_KERNEL, "-initrd", "/dev/stdin", "-m", "64"},
         "larger than the guest's memory (64 MiB)"},
        {{"-fw_cfg", "opt/x,file=/dev/stdin", "-m", "64"},
         "larger than the guest's memory (64 MiB)"},
        {{"-jit", "mixed", "-jit-blocks", "/dev/stdin"}, "more than 1048576 addresses"},
    };
    ck_assert_uint_eq(sizeof endless / sizeof *endless, ENDLESS);
    struct emulator *e = emulator_start_with(ON_PIPES, endless[_i].arguments, write_for_ever);
    int status = emulator_wait(e);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 1, "wait status %x, output:\n%s",
                  (unsigned)status, e->text);
    ck_assert_msg(is_one_line(e->text) && strstr(e->text, endless[_i].said), "not '%s':\n%s",
                  endless[_i].said, e->text);
    emulator_kill(e);
}
END_TEST

enum { RANDOM_SIZE = 65536 };

static void make_random_file(const char *name, const void *head, size_t head_size, unsigned seed)
{
    static unsigned char bytes[RANDOM_SIZE];
    unsigned state = seed * 2654435761u + 1;
    for (int i = 0; i < RANDOM_SIZE; i++) {
        state = state * 1664525 + 1013904223;
        bytes[i] = (unsigned char)(state >> 24);
    }
    memcpy(bytes, head, head_size);
    FILE *out = fopen(path(name), "wb");
    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(fwrite(bytes, 1, RANDOM_SIZE, out), RANDOM_SIZE);
    fclose(out);
}

/* Whatever a guest does, the emulator goes on, or ends by itself, and obeys SIGTERM. */
static void check_survives(const char *option, const char *file, int seed)
{
    const char *arguments[] = {"-nographic", "-m", "16", "-no-reboot", option, file, NULL};
    struct emulator *e = emulator_start(ON_PIPES, arguments);
    emulator_watch(e, 700);
    if (!e->ended)
        ck_assert_int_eq(kill(e->pid, SIGTERM), 0);
    int status = emulator_wait(e);
    bool well = WIFEXITED(status) ? WEXITSTATUS(status) == 0 : WTERMSIG(status) == SIGTERM;
    ck_assert_msg(well, "seed %d: wait status %x, output:\n%s", seed, (unsigned)status, e->text);
    emulator_kill(e);
}

/* Random code in real mode, with every device in reach. */
START_TEST(random_bios)
{
    make_random_file("bios", "", 0, (unsigned)_i);
    check_survives("-bios", path("bios"), _i);
}
END_TEST

/* Random code in protected mode: a multiboot header with addresses (bit 16), then chaos. */
START_TEST(random_kernel)
{
    enum { MAGIC = 0x1badb002, ADDRESSES = 0x10000, BASE = 0x100000 };
    static const unsigned header[] = {MAGIC, ADDRESSES, 0u - MAGIC - ADDRESSES, BASE, BASE, 0,
                                      0,     BASE + 32};
    make_random_file("kernel", header, sizeof(header), (unsigned)_i);
    check_survives("-kernel", path("kernel"), _i);
}
END_TEST

/* --- media and ROMs that are not as they should be: the BIOS or a guest says so and goes on --- */

static void write_at(const char *name, off_t at, const void *bytes, size_t size)
{
    FILE *f = fopen(path(name), "r+b");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fseek(f, at, SEEK_SET), 0);
    ck_assert_uint_eq(fwrite(bytes, 1, size, f), size);
    fclose(f);
}

/* in $3fd, %al until THRE, by COM1's line status: what is written before may be lost */
#define WAIT      0xba, 0xfd, 0x03, 0xec, 0xa8, 0x20, 0x74, 0xfb
#define SAY(byte) WAIT, ROM_OUT(0x3f8, byte)

static const unsigned char boot_code[] = {SAY('h'), SAY('i'), SAY('!'), ROM_FOREVER};

static void make_boot_disk(const char *name)
{
    make_file(name, NULL, 0, 1 << 20);
    write_at(name, 0, boot_code, sizeof boot_code);
    write_at(name, 510, "\x55\xaa", 2);
}

/* Its boot record leads to a block of zeros. */
START_TEST(cd_with_a_broken_catalog)
{
    enum { BLOCK = 2048, RECORD = 17, CATALOG = 71 };
    static const char id[] = "\0CD001\1EL TORITO SPECIFICATION";
    make_file("media", NULL, 0, 100 * BLOCK);
    write_at("media", RECORD * BLOCK, id, sizeof id);
    write_at("media", RECORD * BLOCK + CATALOG, "\x13", 1);
    make_boot_disk("disk");
    struct emulator *e = emulator_start(
        ON_TERMINAL, (const char *[]){"-nographic", "-m", "16", "-boot", "dc", "-cdrom",
                                      path("media"), "-hda", path("disk"), NULL});
    emulator_expect(e, "its boot catalog is damaged.");
    emulator_expect(e, "hi!");
    emulator_kill(e);
}
END_TEST

START_TEST(option_rom_with_a_wrong_checksum)
{
    char rom[128];
    snprintf(rom, sizeof rom, "genroms/bad,file=%s", path("media"));
    make_file("media", NULL, 0, 512);
    write_at("media", 0, "\x55\xaa\x01", 3);
    write_at("media", 3, boot_code, sizeof boot_code);
    make_boot_disk("disk");
    struct emulator *e =
        emulator_start(ON_TERMINAL, (const char *[]){"-nographic", "-m", "16", "-fw_cfg", rom,
                                                     "-hda", path("disk"), NULL});
    emulator_expect(e, "genroms/bad: option ROM with a wrong checksum, not run");
    emulator_expect(e, "hi!"); /* the disk's */
    emulator_kill(e);
}
END_TEST

/* --- files that are somebody else's --- */

static void be_nobody(void)
{
    enum { NOBODY = 65534 };
    if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
                           setresuid(NOBODY, NOBODY, NOBODY) != 0))
        _exit(99);
}

START_TEST(image_that_may_only_be_read)
{
    make_boot_disk("disk");
    ck_assert_int_eq(chmod(folder, 0755), 0);
    ck_assert_int_eq(chmod(path("disk"), 0444), 0);
    struct emulator *e = emulator_start_with(
        ON_TERMINAL, (const char *[]){"-nographic", "-m", "16", "-hda", path("disk"), NULL},
        be_nobody);
    emulator_expect(e, "disk: can only be read: Permission denied");
    emulator_expect(e, "hi!");
    emulator_kill(e);
}
END_TEST

START_TEST(image_that_may_not_be_read)
{
    make_boot_disk("disk");
    ck_assert_int_eq(chmod(folder, 0755), 0);
    ck_assert_int_eq(chmod(path("disk"), 0), 0);
    static const char *const options[] = {"-hda", "-fda", "-cdrom", "-kernel", "-bios"};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        check_refused((const char *[]){options[i], path("disk"), NULL}, be_nobody);
}
END_TEST

static TCase *media_case(void)
{
    TCase *c = tcase_create("bad media");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_checked_fixture(c, make_folder, remove_folder);
    tcase_add_test(c, cd_with_a_broken_catalog);
    tcase_add_test(c, option_rom_with_a_wrong_checksum);
    tcase_add_test(c, image_that_may_only_be_read);
    tcase_add_test(c, image_that_may_not_be_read);
    return c;
}

Suite *bad_input_suite(void)
{
    Suite *suite = suite_create("bad input");
    TCase *c = tcase_create("bad input");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_checked_fixture(c, make_folder, remove_folder);
    if (!emulator_is_qemu()) {
        tcase_add_loop_test(c, refused_in_one_line, 0, BAD_ARGUMENTS);
        tcase_add_test(c, kernel_for_64_bits);
        tcase_add_loop_test(c, no_end, 0, ENDLESS);
        tcase_add_test(c, no_room_for_memory);
    }
    tcase_add_loop_test(c, random_bios, 0, 16);
    tcase_add_loop_test(c, random_kernel, 0, 16);
    suite_add_tcase(suite, c);
    if (!emulator_is_qemu())
        suite_add_tcase(suite, media_case());
    return suite;
}
