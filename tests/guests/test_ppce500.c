/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -M ppce500 with U-Boot, which nobody here wrote. */
#include "emulator.h"
#include "test_guests.h"

#include <stdio.h>
#include <sys/wait.h>
#include <zlib.h>

#define U_BOOT "build/guests/u-boot-ppc"

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

static unsigned long sum_of(const char *path)
{
    Bytef bytes[65536];
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s", path);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return crc32_z(0, bytes, size);
}

/* By each card that it has a driver for: an address, and a file of which it knows the sum. */
START_TEST(u_boot_uses_the_network)
{
    static const char *const networks[] = {
        "user,model=e1000,tftp=tests/guests,bootfile=ppc.S",
        "user,model=virtio-net-pci,tftp=tests/guests,bootfile=ppc.S",
    };
    char sum[16];
    snprintf(sum, sizeof sum, "==> %08lx", sum_of("tests/guests/ppc.S"));
    struct emulator *e = start_u_boot("template", networks[_i]);
    ask(e, "dhcp", "client bound to address 10.0.2.15");
    emulator_expect(e, "Bytes transferred = ");
    ask(e, "crc32 $fileaddr $filesize", sum);
    ask(e, "ping $serverip", "is alive");
    emulator_kill(e);
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

Suite *ppce500_suite(void)
{
    Suite *suite = suite_create("ppce500");
    TCase *c = tcase_create("ppce500");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_loop_test(c, u_boot_answers, 0, sizeof boot_engines / sizeof *boot_engines);
    tcase_add_loop_test(c, u_boot_uses_the_network, 0, 2);
    tcase_add_test(c, u_boot_resets);
    suite_add_tcase(suite, c);
    return suite;
}
