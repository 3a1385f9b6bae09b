/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * -M ppce500 with U-Boot, which nobody here wrote; a kernel as its formats have it, by itself and
 * started by U-Boot; what the machine refuses.
 */
#include "emulator.h"
#include "test_guests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#define U_BOOT  "build/guests/u-boot-ppc"
#define STARTED "kernel: started by ePAPR, with a device tree" /* says ppc_kernel.S */

static const char *const boot_engines[] = {"template", "interp", "ir"};

/* Types a command at the prompt; it must answer that, which the command does not hold. */
static void ask(struct emulator *e, const char *command, const char *answer)
{
    emulator_expect(e, "=> ");
    emulator_send(e, command);
    emulator_send(e, "\r");
    emulator_expect(e, answer);
}

static struct emulator *start_u_boot(const char *engine, const char *network)
{
    struct emulator *e = emulator_start(
        ON_TERMINAL, (const char *[]){"-M", "ppce500", "-nographic", "-m", "128", "-jit", engine,
                                      "-bios", U_BOOT, "-nic", network, NULL});
    emulator_expect(e, "Core:  e500mc, Version: 2.0, (0x80230020)");
    emulator_expect(e, "DRAM:  128 MiB");
    emulator_expect(e, "Hit any key to stop autoboot");
    emulator_send(e, "\r");
    return e;
}

/* Its serial port, memory, MPIC, PCI and GPIO. */
START_TEST(u_boot_answers)
{
    struct emulator *e = start_u_boot(boot_engines[_i], "user,model=virtio-net-pci");
    ask(e, "version", "powerpc-linux-gnu-gcc");
    ask(e, "bdinfo", "-> size     = 0x08000000");
    ask(e, "md e0040000 1", "e0040000: 00400402");
    ask(e, "pci", "00.01.00   0x1af4     0x1041");
    ask(e, "mw 2000000 12345678 4; crc32 2000000 10", "==> ");
    ask(e, "poweroff", "poweroff ...");
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    emulator_kill(e);
}
END_TEST

static void put32(Bytef *at, unsigned long value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (Bytef)(value >> (24 - 8 * i));
}

/* One of U-Boot's images of ppc_kernel.S, in a folder of its own; the sum of the whole file. */
struct uimage {
    char folder[32], path[48];
    unsigned long sum;
};

static void make_uimage(struct uimage *made)
{
    enum { HEADER = 64, ADDRESS = 0x400000 };
    Bytef image[4096] = {0};
    FILE *kernel = fopen("build/tests/guests/ppc_kernel.bin", "r");
    ck_assert_ptr_nonnull(kernel);
    size_t size = fread(image + HEADER, 1, sizeof image - HEADER, kernel);
    fclose(kernel);
    put32(image, 0x27051956);
    put32(image + 12, size);
    put32(image + 16, ADDRESS);
    put32(image + 20, ADDRESS);
    put32(image + 24, crc32_z(0, image + HEADER, size));
    memcpy(image + 28, (Bytef[]){5 /* Linux */, 7 /* PowerPC */, 2 /* kernel */, 0}, 4);
    put32(image + 4, crc32_z(0, image, HEADER));

    strcpy(made->folder, "/tmp/tessera-uimage-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(made->folder));
    snprintf(made->path, sizeof made->path, "%s/uImage", made->folder);
    made->sum = crc32_z(0, image, HEADER + size);
    FILE *file = fopen(made->path, "w");
    ck_assert_uint_eq(fwrite(image, 1, HEADER + size, file), HEADER + size);
    ck_assert_int_eq(fclose(file), 0);
}

static void remove_uimage(const struct uimage *made)
{
    unlink(made->path);
    rmdir(made->folder);
}

/* By each card that it has a driver for: an address, and a kernel, which comes whole and starts. */
START_TEST(u_boot_boots_by_the_network)
{
    static const char *const models[] = {"e1000", "virtio-net-pci"};
    struct uimage image;
    char network[128], sum[16];
    make_uimage(&image);
    snprintf(network, sizeof network, "user,model=%s,tftp=%s,bootfile=uImage", models[_i],
             image.folder);
    snprintf(sum, sizeof sum, "==> %08lx", image.sum);

    struct emulator *e = start_u_boot("template", network);
    ask(e, "dhcp", "client bound to address 10.0.2.15");
    emulator_expect(e, "Bytes transferred = ");
    ask(e, "crc32 $fileaddr $filesize", sum);
    ask(e, "ping $serverip", "is alive");
    ask(e, "bootm $fileaddr - $fdtcontroladdr", STARTED);
    emulator_kill(e);
    remove_uimage(&image);
}
END_TEST

/* By the global utilities' register; it is loaded again. */
START_TEST(u_boot_resets)
{
    struct emulator *e = start_u_boot("template", "none");
    ask(e, "mw 2000000 12345678; md 2000000 1", "02000000: 12345678");
    ask(e, "reset", "Core:  e500mc, Version: 2.0, (0x80230020)");
    emulator_expect(e, "Hit any key to stop autoboot");
    emulator_kill(e);
}
END_TEST

/* --- kernels --- */

static void expect_kernel(const char *bios, const char *kernel)
{
    struct emulator *e =
        emulator_start(ON_TERMINAL, (const char *[]){"-nographic", "-m", "64", "-kernel", kernel,
                                                     bios ? "-bios" : NULL, bios, NULL});
    emulator_expect(e, STARTED);
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    emulator_kill(e);
}

/* The machine follows from the file; a firmware finds it in the device tree, and boots it. */
START_TEST(a_kernel_starts)
{
    struct uimage image;
    make_uimage(&image);
    expect_kernel(NULL, PPC_KERNEL);
    expect_kernel(NULL, image.path);
    expect_kernel(U_BOOT, image.path);
    remove_uimage(&image);
}
END_TEST

/* -cpu is asked of the machine, be that told by the kernel, or behind it. */
START_TEST(a_cpu_is_named)
{
    struct emulator *e = emulator_start(
        ON_TERMINAL, (const char *[]){"-nographic", "-cpu", "e500mc", "-kernel", PPC_KERNEL, NULL});
    emulator_expect(e, STARTED);
    ck_assert_int_eq(emulator_wait(e), 0);
    emulator_kill(e);
    e = emulator_start(ON_PIPES, (const char *[]){"-cpu", "help", "-M", "ppce500", NULL});
    ck_assert_int_eq(emulator_wait(e), 0);
    ck_assert_msg(strstr(e->text, "e500mc") && !strstr(e->text, "pentium"), "%s", e->text);
    emulator_kill(e);
}
END_TEST

/* Where instructions are counted, the timebase is the same in two runs, and in each engine. */
static char *run_counted(const char *engine)
{
    struct emulator *e =
        emulator_start(ON_PIPES, (const char *[]){"-nographic", "-m", "64", "-kernel", PPC_KERNEL,
                                                  "-icount", "shift=3", "-jit", engine, NULL});
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    char *text = strdup(e->text);
    ck_assert_ptr_nonnull(text);
    emulator_kill(e);
    return text;
}

START_TEST(counted_runs_are_the_same)
{
    static const char *const engines[] = {"template", "interp", "ir", "mixed:20", "lockstep"};
    char *first = run_counted("template");
    ck_assert_ptr_nonnull(strstr(first, "kernel: timebase 0"));
    for (unsigned i = 0; i < sizeof engines / sizeof *engines; i++)
        for (int n = 0; n < 2; n++) {
            char *text = run_counted(engines[i]);
            ck_assert_str_eq(text, first);
            free(text);
        }
    free(first);
}
END_TEST

/* A tree of 2 MiB from a file: what is loaded behind it, an initrd, is where it has been told to
 * be. */
static void write_large_tree(const char *path)
{
    enum { HEADER = 40, STRUCTURE = 56, BYTES = 2 << 20, SIZE = STRUCTURE + 28 + BYTES + 2 };
    static Bytef tree[SIZE];
    static const uint32_t header[] = {0xd00dfeed, SIZE, STRUCTURE, SIZE - 2,         HEADER,
                                      17,         16,   0,         /* of names */ 2, 28 + BYTES};
    static const uint32_t begin[] = {1 /* node */, 0, 3 /* property */, BYTES, 0};
    for (unsigned i = 0; i < 10; i++)
        put32(tree + 4 * i, header[i]);
    for (unsigned i = 0; i < 5; i++)
        put32(tree + STRUCTURE + 4 * i, begin[i]);
    memset(tree + STRUCTURE + 20, 'Z', BYTES);
    put32(tree + SIZE - 10, 2 /* the node's end */);
    put32(tree + SIZE - 6, 9 /* of all */);
    tree[SIZE - 2] = 'x';
    FILE *file = fopen(path, "w");
    ck_assert_uint_eq(fwrite(tree, 1, SIZE, file), SIZE);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(a_large_tree_covers_nothing)
{
    char path[] = "/tmp/tessera-tree-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    write_large_tree(path);
    struct emulator *e = emulator_start(
        ON_TERMINAL, (const char *[]){"-M", "ppce500", "-m", "64", "-kernel", PPC_KERNEL, "-dtb",
                                      path, "-initrd", "COPYING", "-S", "-monitor", "stdio",
                                      "-display", "none", "-serial", "null", NULL});
    emulator_expect(e, "(tessera) ");
    emulator_send(e, "xp /1wx 0x1c00000\r");
    emulator_expect(e, "01c00000: 0xedfe0dd0");
    emulator_send(e, "xp /1wx 0x1d00000\r");
    emulator_expect(e, "01d00000: 0x5a5a5a5a");
    emulator_send(e, "xp /1wx 0x1f00010\r");
    emulator_expect(e, "01f00010: 0x20202020"); /* blanks, at the start of the licence */
    emulator_kill(e);
    unlink(path);
}
END_TEST

/* --- what it refuses --- */

static const struct {
    const char *arguments[6];
    const char *why;
} refused[] = {
    {{NULL}, "needs a kernel or a firmware"},
    {{"-kernel", DEFAULT_GUEST}, "for another processor (ELF machine 3, 32 bits)"},
    {{"-kernel", "/proc/self/exe"}, "for another processor (ELF machine 62, 64 bits)"},
    {{"-kernel", PPC_OBJECT}, "not linked to fixed addresses"},
    {{"-kernel", LINUX_KERNEL}, "not an ELF executable"},
    {{"-kernel", "/no/such/file"}, "No such file"},
    {{"-kernel", "tests"}, "is a directory"},
    {{"-kernel", PPC_KERNEL, "-m", "4"}, "are not in RAM, 4 MiB (-m)"},
    {{"-kernel", PPC_PROGRAM, "-m", "1"},
     "the device tree: 64 KiB at address 100000h are not in RAM"},
    {{"-kernel", PPC_KERNEL, "-m", "3G"}, "has at most 2048 MiB"},
    {{"-bios", U_BOOT, "-m", "8"}, "are not in RAM, 8 MiB (-m)"},
    {{"-bios", U_BOOT, "-kernel", "/no/such/file"}, "No such file"},
    {{"-bios", U_BOOT, "-kernel", DEBIAN_DISK}, "larger than the guest's memory (128 MiB)"},
    {{"-bios", SEABIOS}, "not an ELF executable"},
    {{"-kernel", PPC_KERNEL, "-initrd", DEBIAN_DISK}, "larger than the guest's memory"},
    {{"-kernel", PPC_KERNEL, "-initrd", LINUX_INITRD, "-m", "32"}, " are not in RAM"},
    {{"-kernel", PPC_KERNEL, "-dtb", "README"}, "not a device tree"},
    {{"-kernel", PPC_KERNEL, "-hda", LINUX_INITRD}, "virtio disks alone"},
    {{"-kernel", PPC_KERNEL, "-nic", "user,model=ne2k_isa"}, "has no ISA bus"},
    {{"-kernel", PPC_KERNEL, "-boot", "c"}, "-boot: the machine ppce500 has no such"},
    {{"-kernel", PPC_KERNEL, "-usb"}, "-usb: the machine ppce500 has no such"},
    {{"-kernel", PPC_KERNEL, "-cpu", "pentium"}, "-cpu pentium: the machine ppce500 has no such"},
};
enum { REFUSED = sizeof refused / sizeof *refused };

START_TEST(what_it_cannot_do_is_refused)
{
    const char *arguments[12] = {"-M", "ppce500", "-nographic"};
    memcpy(arguments + 3, refused[_i].arguments, sizeof refused[_i].arguments);
    struct emulator *e = emulator_start(ON_PIPES, arguments);
    int status = emulator_wait(e);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 1, "%s", e->text);
    ck_assert_msg(strncmp(e->text, "tessera: ", 9) == 0 &&
                      strchr(e->text, '\n') == e->text + strlen(e->text) - 1,
                  "not one line: %s", e->text);
    ck_assert_msg(strstr(e->text, refused[_i].why) != NULL, "%s", e->text);
    emulator_kill(e);
}
END_TEST

Suite *ppce500_suite(void)
{
    Suite *suite = suite_create("ppce500");
    TCase *c = tcase_create("ppce500");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_loop_test(c, u_boot_answers, 0, sizeof boot_engines / sizeof *boot_engines);
    tcase_add_loop_test(c, u_boot_boots_by_the_network, 0, 2);
    tcase_add_test(c, u_boot_resets);
    tcase_add_test(c, a_kernel_starts);
    tcase_add_test(c, a_cpu_is_named);
    tcase_add_test(c, counted_runs_are_the_same);
    tcase_add_test(c, a_large_tree_covers_nothing);
    tcase_add_loop_test(c, what_it_cannot_do_is_refused, 0, REFUSED);
    suite_add_tcase(suite, c);
    return suite;
}
