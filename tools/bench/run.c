/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs an engine as a child process and reads what the benchmark program prints in it. */
#include "tools/bench/bench.h"
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 120000, LINE_SIZE = 256 };

struct child {
    pid_t pid;
    int out;
    char line[LINE_SIZE]; /* what has come of the line at hand */
    int length;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static _Noreturn void become(const char *const *arguments, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(out, 1);
    dup2(null, 2);
    execvp(arguments[0], (char *const *)arguments);
    _exit(127);
}

static bool start(struct child *child, const char *const *arguments)
{
    int ends[2];
    memset(child, 0, sizeof(*child));
    if (pipe2(ends, O_CLOEXEC))
        return false;
    fflush(NULL);
    child->pid = fork();
    if (!child->pid)
        become(arguments, ends[1]);
    close(ends[1]);
    child->out = ends[0];
    return child->pid > 0;
}

static void stop(struct child *child)
{
    kill(child->pid, SIGKILL);
    waitpid(child->pid, NULL, 0);
    close(child->out);
}

/* Adds a byte to the line, CR left out; false at the end of output, or when none comes. */
static bool read_byte(struct child *child)
{
    struct pollfd p = {.fd = child->out, .events = POLLIN};
    char c = '\r';
    while (c == '\r')
        if (poll(&p, 1, PATIENCE_MS) != 1 || read(child->out, &c, 1) != 1)
            return false;
    /* Overlong lines, drawn by firmware, are cut. */
    if (child->length == LINE_SIZE - 1)
        child->length = 0;
    child->line[child->length++] = c;
    child->line[child->length] = 0;
    return true;
}

static bool read_line(struct child *child)
{
    child->length = 0;
    child->line[0] = 0;
    while (read_byte(child))
        if (child->line[child->length - 1] == '\n') {
            child->line[--child->length] = 0;
            return true;
        }
    return false;
}

static int find_kernel(struct kernel_list *kernels, const char *name)
{
    for (int i = 0; i < kernels->count; i++)
        if (!strcmp(kernels->names[i], name))
            return i;
    if (kernels->count == MAX_KERNELS)
        return -1;
    snprintf(kernels->names[kernels->count], NAME_SIZE, "%s", name);
    return kernels->count++;
}

static void show_progress(const struct engine *engine, const char *kernel)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%-20s %-12s", engine->name, kernel);
}

/* Takes a result; the guest's clock is believed where the host's says about the same. */
static void take(struct engine *engine, int kernel, uint32_t checksum, double guest, double host)
{
    struct result *r = &engine->results[kernel];
    double seconds = guest;
    if (fabs(guest - host) > 0.1 + 0.1 * host) {
        engine->bad_clock = true;
        seconds = host;
    }
    if (!r->done || seconds < r->seconds)
        r->seconds = seconds;
    r->checksum = checksum;
    r->done = true;
}

/* "NAME CHECKSUM NANOSECONDS" of the kernel that was announced last. */
static void take_line(struct engine *engine, struct kernel_list *kernels, const char *line,
                      const char *announced, double host)
{
    char name[NAME_SIZE];
    uint32_t checksum;
    double ns;
    if (sscanf(line, "%15s %8x %lf", name, &checksum, &ns) != 3 || strcmp(name, announced) != 0)
        return;
    int kernel = find_kernel(kernels, name);
    if (kernel >= 0)
        take(engine, kernel, checksum, ns * 1e-9, host);
}

bool run_kernels(struct engine *engine, struct kernel_list *kernels)
{
    struct child child;
    if (!start(&child, engine->arguments))
        return false;
    char announced[NAME_SIZE] = "";
    double from = now();
    bool done = false;
    while (!done && read_line(&child)) {
        if (sscanf(child.line, "> %15s", announced) == 1) {
            show_progress(engine, announced);
            from = now();
        } else {
            take_line(engine, kernels, child.line, announced, now() - from);
        }
        done = !strcmp(child.line, "bench: done");
    }
    stop(&child);
    show_progress(engine, done ? "" : "did not end");
    return done;
}

double run_until(const char *const *arguments, const char *text)
{
    struct child child;
    double from = now();
    if (!start(&child, arguments))
        return -1;
    bool found = false;
    while (!found && read_byte(&child)) {
        found = strstr(child.line, text) != NULL;
        if (child.line[child.length - 1] == '\n')
            child.length = 0;
    }
    double seconds = now() - from;
    stop(&child);
    return found ? seconds : -1;
}

bool program_exists(const char *name)
{
    if (strchr(name, '/'))
        return access(name, X_OK) == 0;
    const char *path = getenv("PATH");
    while (path && *path) {
        char file[4096];
        int length = (int)strcspn(path, ":");
        snprintf(file, sizeof(file), "%.*s/%s", length, path, name);
        if (access(file, X_OK) == 0)
            return true;
        path += length + (path[length] == ':');
    }
    return false;
}
