/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Child processes on pseudo-terminals and pipes; see emulator.h. */
#include "emulator.h"
#include <check.h>
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 300000, TAIL = 2000, CHUNK = 4096, MAX_ARGUMENTS = 62 };

const char *emulator_program(void)
{
    const char *program = getenv("TESSERA");
    return program && *program ? program : "./tessera";
}

bool emulator_is_qemu(void)
{
    return strstr(emulator_program(), "qemu") != NULL;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* What the one who runs the tests ignores, as nohup and a shell's & do, its children would, too. */
static void ignore_nothing(void)
{
    signal(SIGHUP, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
}

static _Noreturn void child(int in, int out, const char *program, const char *const *arguments,
                            void (*setup)(void))
{
    char *argv[MAX_ARGUMENTS + 2] = {(char *)program};
    for (int i = 0; i < MAX_ARGUMENTS && arguments[i]; i++)
        argv[i + 1] = (char *)arguments[i];
    /* A failing test must not leave an emulator behind. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    if (isatty(in))
        ioctl(in, TIOCSCTTY, 0);
    dup2(in, 0);
    dup2(out, 1);
    dup2(out, 2);
    for (int fd = 3; fd < 64; fd++)
        close(fd);
    unsetenv("DISPLAY"); /* no windows */
    unsetenv("WAYLAND_DISPLAY");
    ignore_nothing();
    if (setup)
        setup();
    execvp(argv[0], argv);
    perror(argv[0]);
    _exit(127);
}

static void open_terminal(struct emulator *e, int child_ends[2])
{
    struct winsize size = {.ws_row = 25, .ws_col = 80};
    int master;
    ck_assert_int_eq(openpty(&master, &e->slave, NULL, NULL, &size), 0);
    ck_assert_int_eq(tcgetattr(e->slave, &e->settings), 0);
    e->in = e->out = master;
    child_ends[0] = child_ends[1] = e->slave;
}

static void open_pipes(struct emulator *e, int child_ends[2])
{
    int to[2];
    int from[2];
    ck_assert_int_eq(pipe(to), 0);
    ck_assert_int_eq(pipe(from), 0);
    e->slave = -1;
    e->in = to[1];
    e->out = from[0];
    child_ends[0] = to[0];
    child_ends[1] = from[1];
}

struct emulator *emulator_start_program(const char *program, enum connection connection,
                                        const char *const *arguments, void (*setup)(void))
{
    struct emulator *e = calloc(1, sizeof(*e));
    ck_assert_ptr_nonnull(e);
    e->text = calloc(1, 1);
    signal(SIGPIPE, SIG_IGN);
    int ends[2];
    if (connection == ON_TERMINAL)
        open_terminal(e, ends);
    else
        open_pipes(e, ends);
    fflush(NULL);
    e->pid = fork();
    ck_assert_int_ge(e->pid, 0);
    if (!e->pid)
        child(ends[0], ends[1], program, arguments, setup);
    if (connection == ON_PIPES) {
        close(ends[0]);
        close(ends[1]);
    }
    return e;
}

struct emulator *emulator_start_with(enum connection connection, const char *const *arguments,
                                     void (*setup)(void))
{
    return emulator_start_program(emulator_program(), connection, arguments, setup);
}

struct emulator *emulator_start(enum connection connection, const char *const *arguments)
{
    return emulator_start_with(connection, arguments, NULL);
}

void emulator_send_bytes(struct emulator *e, const char *bytes, size_t size)
{
    while (size) {
        ssize_t n = write(e->in, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        ck_assert_msg(n > 0, "the emulator takes no input: %s", strerror(errno));
        bytes += n;
        size -= (size_t)n;
    }
}

void emulator_send(struct emulator *e, const char *text)
{
    emulator_send_bytes(e, text, strlen(text));
}

/*
 * Drops the "ESC [ ROW ; COLUMN H" that the text may have just ended in. SeaBIOS shows where the
 * cursor is on every timer tick, in the middle of a word, too.
 */
static void drop_cursor_position(struct emulator *e)
{
    size_t at = e->length - 1;
    while (at > e->seen && (isdigit((unsigned char)e->text[at - 1]) || e->text[at - 1] == ';'))
        at--;
    if (at >= e->seen + 2 && e->text[at - 1] == '[' && e->text[at - 2] == '\033')
        e->length = at - 2;
}

static void append(struct emulator *e, const char *bytes, size_t size)
{
    if (e->listener)
        e->listener(e->owner, bytes, size);
    e->text = realloc(e->text, e->length + size + 1);
    ck_assert_ptr_nonnull(e->text);
    for (size_t i = 0; i < size; i++) {
        e->lone_lf += bytes[i] == '\n' && e->last != '\r';
        e->last = bytes[i];
        if (bytes[i] != '\r')
            e->text[e->length++] = (char)(bytes[i] ? bytes[i] : '?');
        if (bytes[i] == 'H')
            drop_cursor_position(e);
    }
    e->text[e->length] = 0;
}

/* Its slave end is ours too, so a terminal's end shows by the process's end. */
static bool reaped(struct emulator *e)
{
    if (e->pid && waitpid(e->pid, &e->wait_status, WNOHANG) == e->pid)
        e->pid = 0;
    return !e->pid;
}

/* Reads what there is, waiting for at most so long. */
static void pump(struct emulator *e, int milliseconds)
{
    char bytes[CHUNK];
    bool gone = reaped(e);
    struct pollfd p = {.fd = e->out, .events = POLLIN};
    int ready = poll(&p, 1, gone ? 0 : milliseconds);
    ssize_t n = ready > 0 ? read(e->out, bytes, sizeof(bytes)) : 0;
    if (n > 0)
        append(e, bytes, (size_t)n);
    else if (gone || (ready > 0 && n == 0))
        e->ended = true;
}

static const char *tail(const struct emulator *e)
{
    return e->text + (e->length > TAIL ? e->length - TAIL : 0);
}

static void pump_until(struct emulator *e, int64_t deadline, const char *wanted)
{
    ck_assert_msg(!e->ended, "the emulator ended before '%s' came; its last output:\n%s", wanted,
                  tail(e));
    ck_assert_msg(now_ms() < deadline, "'%s' did not come; the last output:\n%s", wanted, tail(e));
    pump(e, 100);
}

void emulator_expect(struct emulator *e, const char *text)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    for (;;) {
        const char *found = strstr(e->text + e->seen, text);
        if (found) {
            e->seen = (size_t)(found - e->text) + strlen(text);
            return;
        }
        pump_until(e, deadline, text);
    }
}

int emulator_expect_status(struct emulator *e)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    for (;;) {
        for (const char *at = e->text + e->seen; (at = strchr(at, '@')); at++) {
            char *end;
            long status = strtol(at + 1, &end, 10);
            if (end > at + 1 && *end == '@') {
                e->seen = (size_t)(end - e->text) + 1;
                return (int)status;
            }
        }
        pump_until(e, deadline, "@STATUS@");
    }
}

void emulator_expect_bytes(struct emulator *e, size_t size)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    while (e->length - e->seen < size)
        pump_until(e, deadline, "more output");
}

bool emulator_watch(struct emulator *e, int milliseconds)
{
    int64_t deadline = now_ms() + milliseconds;
    while (!e->ended && now_ms() < deadline)
        pump(e, 50);
    return !e->ended;
}

int emulator_wait(struct emulator *e)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    while (!e->ended || !reaped(e)) {
        ck_assert_msg(now_ms() < deadline, "the emulator does not end; the last output:\n%s",
                      tail(e));
        pump(e, 100);
    }
    return e->wait_status;
}

int emulator_wait_unread(struct emulator *e)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    while (!reaped(e)) {
        ck_assert_msg(now_ms() < deadline, "the emulator does not end");
        usleep(1000);
    }
    return e->wait_status;
}

static double process_seconds(pid_t pid)
{
    clockid_t clock;
    struct timespec t;
    ck_assert_int_eq(clock_getcpuclockid(pid, &clock), 0);
    ck_assert_int_eq(clock_gettime(clock, &t), 0);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double emulator_load(struct emulator *e, double seconds)
{
    double from = process_seconds(e->pid);
    int64_t start = now_ms();
    ck_assert(emulator_watch(e, (int)(seconds * 1000)));
    return (process_seconds(e->pid) - from) / ((double)(now_ms() - start) * 1e-3);
}

void emulator_kill(struct emulator *e)
{
    if (e->pid) {
        kill(e->pid, SIGKILL);
        waitpid(e->pid, &e->wait_status, 0);
    }
    close(e->out);
    if (e->in != e->out)
        close(e->in);
    if (e->slave >= 0)
        close(e->slave);
    free(e->text);
    free(e);
}
