/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bios/vga/run.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const machine_names[MACHINES] = {
    [TESSERA_OURS] = "Tessera",
    [QEMU_OURS] = "QEMU",
    [QEMU_DEBIAN] = "QEMU with Debian's VGA BIOS",
    [BOCHS_OURS] = "Bochs",
};

enum { SILENCE_MS = 300000 /* a net against a hang */, MOST_OUTPUT = 1 << 20 };

#define FLOPPY BUILD "/bios/vga_guest.img"
#define ROM    BUILD "/bios/vgabios.bin"

static _Noreturn void execute_qemu(const char *rom)
{
    char card[128];
    snprintf(card, sizeof card, "VGA,romfile=%s", rom);
    execlp("qemu-system-i386", "qemu-system-i386", "-m", "32", "-net", "none", "-vga", "none",
           "-device", card, "-drive", "if=floppy,format=raw,read-only=on,file=" FLOPPY, "-boot",
           "a", "-display", "none", "-monitor", "none", "-serial", "none", "-debugcon", "stdio",
           (char *)NULL);
    _exit(127);
}

static _Noreturn void execute_tessera(void)
{
    execl("./tessera", "./tessera", "-bios", "/usr/share/seabios/bios.bin", "-m", "32", "-drive",
          "if=floppy,format=raw,readonly=on,file=" FLOPPY, "-boot", "a", "-display", "none",
          "-serial", "null", "-debugcon", "stdio", (char *)NULL);
    _exit(127);
}

static const char bochs_configuration[] =
    "display_library: sdl2\n"
    "romimage: file=/usr/share/bochs/BIOS-bochs-latest\n"
    "vgaromimage: file=" ROM "\n"
    "vga: extension=vbe\n"
    "pci: enabled=1, chipset=i440fx, slot1=pcivga\n"
    "megs: 64\n"
    "port_e9_hack: enabled=1\n"
    "floppya: 1_44=" FLOPPY ", status=inserted, write_protected=1\n"
    "boot: floppy\n"
    "speaker: enabled=0\n"
    "log: /dev/null\n"
    "panic: action=report\n"
    "cpu: model=bx_generic, ips=50000000, ignore_bad_msrs=0\n"
    "clock: sync=none\n";
static const char bochs_commands[] = "continue\n"; /* Debian's Bochs has a debugger */

static void temporary(char path[32], const char *text)
{
    int fd = memfd_create("bochs", 0);
    ssize_t length = (ssize_t)strlen(text);
    if (fd < 0 || write(fd, text, (size_t)length) != length)
        _exit(126);
    snprintf(path, 32, "/proc/self/fd/%d", fd);
}

static _Noreturn void execute_bochs(void)
{
    char configuration[32], commands[32];
    temporary(configuration, bochs_configuration);
    temporary(commands, bochs_commands);
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    setenv("SDL_AUDIODRIVER", "dummy", 1);
    execlp("stdbuf", "stdbuf", "-oL", "bochs", "-q", "-f", configuration, "-rc", commands,
           (char *)NULL);
    _exit(127);
}

static _Noreturn void child(enum machine machine, int output)
{
    int null = open("/dev/null", O_RDWR);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (null < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(null, 2) < 0)
        _exit(126);
    if (machine == TESSERA_OURS)
        execute_tessera();
    if (machine == BOCHS_OURS && dup2(output, 2) == 2) /* if it ends early, it has said why */
        execute_bochs();
    execute_qemu(machine == QEMU_OURS ? ROM : "/usr/share/seabios/vgabios-stdvga.bin");
}

static void read_to_end(int fd, char *text)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    size_t length = 0;
    while (!strstr(text, "\nend\n") && length < MOST_OUTPUT && poll(&p, 1, SILENCE_MS) > 0) {
        ssize_t n = read(fd, text + length, MOST_OUTPUT - length);
        if (n <= 0)
            return;
        /* Bochs writes of its own. */
        for (ssize_t i = 0; i < n; i++)
            if (!text[length + (size_t)i])
                text[length + (size_t)i] = '?';
        length += (size_t)n;
        text[length] = 0;
    }
}

char *run_machine(enum machine machine)
{
    int pipes[2];
    char *text = calloc(1, MOST_OUTPUT + 1);
    if (!text || pipe2(pipes, O_CLOEXEC) < 0)
        return text;
    pid_t pid = fork();
    if (pid == 0)
        child(machine, pipes[1]);
    close(pipes[1]);
    if (pid > 0) {
        read_to_end(pipes[0], text);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    close(pipes[0]);
    return text;
}
