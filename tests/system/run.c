/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Emulators as child processes, as many at a time as there are processors; see run.h. */
#include "tests/system/run.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const char *const engine_names[ENGINES] = {
    [TEMPLATE] = "-jit template",
    [SMALL_CACHE] = "-jit-cache 1M",
    [IR] = "-jit ir",
    [MIXED] = "-jit mixed:2",
    [INTERP] = "-jit interp",
    [LOCKSTEP] = "-jit lockstep",
    [LOCKSTEP_IR] = "-jit lockstep:template,ir",
    [QEMU] = "QEMU",
    [BOCHS] = "Bochs",
};

/* The least cache there is, so that the oldest code makes room. */
static const char *const tessera_arguments[ENGINES][3] = {
    [TEMPLATE] = {"-jit", "template"},
    [SMALL_CACHE] = {"-jit-cache", "1M"},
    [IR] = {"-jit", "ir"},
    [MIXED] = {"-jit", "mixed:2"},
    [INTERP] = {"-jit", "interp"},
    [LOCKSTEP] = {"-jit", "lockstep"},
    [LOCKSTEP_IR] = {"-jit", "lockstep:template,ir"},
};
static const char *const qemu_arguments[] = {"-net", "none", "-vga", "none", NULL};
static const char *const common_arguments[] = {
    "-m",      "64",   "-display",  "none",  "-monitor", "none",
    "-serial", "null", "-debugcon", "stdio", "-device",  "isa-debug-exit,iobase=0x501,iosize=4",
    NULL};

/* Its CPUID is that of no processor on sale, but true. */
static const char bochs_configuration[] = "display_library: term\n"
                                          "romimage: file=%s\n"
                                          "megs: 64\n"
                                          "port_e9_hack: enabled=1\n"
                                          "speaker: enabled=0\n"
                                          "log: /dev/null\n"
                                          "panic: action=report\n"
                                          "cpu: model=bx_generic, ips=50000000, ignore_bad_msrs=0\n"
                                          "clock: sync=none\n";
static const char bochs_commands[] = "continue\n"; /* Debian's Bochs has a debugger */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* --- processes --- */

enum { MOST_ARGUMENTS = 40 };

static void add_arguments(const char **argv, const char *const *arguments)
{
    while (*argv)
        argv++;
    while (*arguments)
        *argv++ = *arguments++;
    *argv = NULL;
}

static void image_path(char *path, size_t size, const char *file)
{
    if (strchr(file, '/'))
        snprintf(path, size, "%s", file);
    else
        snprintf(path, size, "%s/system/%s", BUILD, file);
}

static _Noreturn void execute(const char *const *argv)
{
    execvp(argv[0], (char *const *)argv);
    perror(argv[0]);
    _exit(127);
}

static _Noreturn void execute_tessera_or_qemu(const struct run *run)
{
    char path[128];
    image_path(path, sizeof path, run->file);
    bool is_bios = strstr(run->file, ".bin");
    const char *image[] = {is_bios ? "-bios" : "-kernel", path, NULL};
    const char *argv[MOST_ARGUMENTS] = {run->engine == QEMU ? "qemu-system-i386"
                                                            : BUILD "/bare/quick"};
    add_arguments(argv, run->engine == QEMU ? qemu_arguments : tessera_arguments[run->engine]);
    add_arguments(argv, common_arguments);
    add_arguments(argv, image);
    add_arguments(argv, run->arguments);
    execute(argv);
}

/* A file without a name; its path. */
static const char *temporary(char path[32], const char *text)
{
    int fd = memfd_create("bochs", 0);
    ssize_t length = (ssize_t)strlen(text);
    if (fd < 0 || write(fd, text, (size_t)length) != length)
        _exit(126);
    snprintf(path, 32, "/proc/self/fd/%d", fd);
    return path;
}

/* A kernel is in a BIOS that starts it: see boot.S. What it writes comes line by line. */
static _Noreturn void execute_bochs(const struct run *run)
{
    char image[128], path[128], text[sizeof bochs_configuration + 512];
    char configuration[32], commands[32];
    const char *suffix = strstr(run->file, ".elf");
    int length = (int)(suffix ? suffix - run->file : (ptrdiff_t)strlen(run->file));
    snprintf(image, sizeof image, "%.*s%s", length, run->file, suffix ? ".rom" : "");
    image_path(path, sizeof path, image);
    length = snprintf(text, sizeof text, bochs_configuration, path);
    snprintf(text + length, sizeof text - (size_t)length, "%s", run->bochs ? run->bochs : "");
    temporary(configuration, text);
    temporary(commands, bochs_commands);
    const char *const argv[] = {"stdbuf",      "-oL", "bochs",  "-q", "-f",
                                configuration, "-rc", commands, NULL};
    setenv("TERM", "dumb", 1);
    if (dup2(0, 2) < 0)
        _exit(126);
    execute(argv);
}

static _Noreturn void child(const struct run *run)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (null < 0 || dup2(null, 0) < 0 || dup2(run->output, 1) < 0)
        _exit(126);
    if (run->engine == BOCHS)
        execute_bochs(run);
    execute_tessera_or_qemu(run);
}

static void start(struct run *run)
{
    run->output = memfd_create("output", MFD_CLOEXEC);
    run->start = now();
    fflush(NULL);
    run->pid = run->output < 0 ? -1 : fork();
    if (run->pid < 0) {
        perror("test_system");
        exit(EXIT_FAILURE);
    }
    if (!run->pid)
        child(run);
}

static const char *line_after(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : line + strlen(line);
}

/* Takes away what Bochs writes beside the image. */
static void keep_reports(struct run *run)
{
    char *to = run->text;
    const char *next;
    for (const char *line = to; *line; line = next) {
        next = line_after(line);
        if (strncmp(line, "ok ", 3) != 0 && strncmp(line, "failed ", 7) != 0 &&
            strncmp(line, "end\n", 4) != 0)
            continue;
        size_t size = (size_t)(next - line);
        memmove(to, line, size);
        to += size;
    }
    *to = 0;
    run->length = (size_t)(to - run->text);
}

static void read_output(struct run *run)
{
    struct stat st;
    size_t size = fstat(run->output, &st) == 0 ? (size_t)st.st_size : 0;
    free(run->text);
    run->text = calloc(1, size + 1);
    run->length = 0;
    if (!run->text)
        return;
    ssize_t n = pread(run->output, run->text, size, 0);
    run->length = n > 0 ? (size_t)n : 0;
    if (run->engine == BOCHS)
        keep_reports(run);
}

static void finish(struct run *run, int status)
{
    run->pid = 0;
    run->status = status;
    read_output(run);
    close(run->output);
}

/* Has it written what is waited for? */
static bool has_said(struct run *run)
{
    if (!run->until)
        return false;
    read_output(run);
    return run->text && strstr(run->text, run->until);
}

/* It ends by itself, with what else it writes written. */
static void ask_to_end(struct run *run)
{
    enum { PATIENCE = 20 };
    run->asked = true;
    run->longest = now() - run->start + PATIENCE;
    kill(run->pid, run->engine == BOCHS ? SIGKILL : SIGTERM);
}

static bool look_after(struct run *run)
{
    int status;
    if (waitpid(run->pid, &status, WNOHANG) == run->pid) {
        finish(run, run->asked ? -1 : status);
        return false;
    }
    if (!run->asked && has_said(run))
        ask_to_end(run);
    if (now() - run->start <= run->longest)
        return true;
    kill(run->pid, SIGKILL);
    waitpid(run->pid, &status, 0);
    finish(run, -1);
    return false;
}

void run_all(struct run *const *runs, size_t count)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    size_t most = (size_t)sysconf(_SC_NPROCESSORS_ONLN), started = 0, running;
    do {
        running = 0;
        for (size_t i = 0; i < started; i++)
            running += runs[i]->pid && look_after(runs[i]);
        for (; started < count && running < most; started++, running++)
            start(runs[started]);
        nanosleep(&pause, NULL);
    } while (running);
}

/* --- output --- */

/* "ok NAME" alone, or "failed NAME: line ..." or "failed NAME: exception ..." */
static bool names(const char *line, const char *name)
{
    bool ok = strncmp(line, "ok ", 3) == 0;
    const char *at = strchr(line, ' ');
    size_t length = strlen(name);
    if (!at || strncmp(++at, name, length) != 0)
        return false;
    at += length;
    return ok ? *at == '\n'
              : strncmp(at, ": line ", 7) == 0 || strncmp(at, ": exception ", 12) == 0;
}

const char *run_line(const struct run *run, const char *name)
{
    static char found[256];
    for (const char *line = run->text; line && *line; line = line_after(line)) {
        if (!names(line, name))
            continue;
        snprintf(found, sizeof found, "%.*s", (int)strcspn(line, "\n"), line);
        return found;
    }
    return NULL;
}

bool run_is_complete(const struct run *run)
{
    const char *end = run->length >= 4 ? run->text + run->length - 4 : "";
    if (strcmp(end, "end\n") != 0)
        return false;
    /* Bochs, asked to end, does so in one way or another. */
    return run->engine == BOCHS ||
           (run->status >= 0 && WIFEXITED(run->status) && WEXITSTATUS(run->status) == 1);
}
