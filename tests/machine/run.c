/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See run.h. */
#include "tests/machine/run.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/machine/image.h"
#include "tests/native/random.h"

/*
 * A run is ended when the guest has said enough, or nothing for a while. These times decide
 * how far it comes, not what is thought of it. An emulator is only said to hang when it has used
 * much of the processor since it was told to end, or has slept for very long.
 */
enum { LONGEST_MS = 3000, HANG_CPU_MS = 20000, HANG_MS = 300000, TICK_MS = 20 };
enum { MOST_ARGUMENTS = 40, FRAME_ROOM = ROM_IDT };

struct child {
    pid_t pid;
    int in, out; /* our ends of its standard input and output */
    int log;     /* its standard error */
    u64 seen;    /* bytes of output */
    bool ended;  /* its output */
    int status;  /* once pid is 0 */
};

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

static s64 now_ms(clockid_t clock)
{
    struct timespec t = {0};

    clock_gettime(clock, &t);
    return (s64)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static s64 cpu_ms(pid_t pid)
{
    clockid_t clock;

    return clock_getcpuclockid(pid, &clock) == 0 ? now_ms(clock) : 0;
}

/* --- the command line --- */

struct command {
    const char *argv[MOST_ARGUMENTS];
    unsigned count;
    char image[64], memory[16];
};

static void add(struct command *c, const char *word)
{
    c->argv[c->count++] = word;
    c->argv[c->count] = NULL;
}

static void add_two(struct command *c, const char *option, const char *argument)
{
    add(c, option);
    add(c, argument);
}

static const char *engine_of(const struct job *job, struct random *r)
{
    static const char *const engines[] = {"template", "interp",   "ir",
                                          "mixed:4",  "lockstep", "lockstep:template,ir"};
    const char *chosen = engines[below(r, sizeof engines / sizeof *engines)];

    if (!job->engine)
        return chosen;
    return strcmp(job->engine, "lockstep") == 0 && one_in(r, 2) ? "lockstep:template,ir"
                                                                : job->engine;
}

static void make_command(struct command *c, const struct job *job, const struct guest *g, u64 seed)
{
    static const char *const caches[] = {"1M", "4M", "64M"};
    struct random r = random_of(seed, 1);

    c->count = 0;
    snprintf(c->image, sizeof c->image, "/tmp/tessera-machine-%d-%llu", getpid(),
             (unsigned long long)seed);
    snprintf(c->memory, sizeof c->memory, "%u", g->ram_mib);
    add(c, job->program);
    add_two(c, "-bios", c->image);
    add_two(c, "-m", c->memory);
    add_two(c, "-cpu", g->model);
    add_two(c, "-jit", engine_of(job, &r));
    add_two(c, "-jit-cache", caches[below(&r, 3)]);
    add_two(c, "-debugcon", "stdio");
    add_two(c, "-serial", one_in(&r, 2) ? "stdio" : one_in(&r, 2) ? "null" : "none");
    if (one_in(&r, 4))
        add_two(c, "-parallel", "none");
    if (one_in(&r, 6)) {
        add_two(c, "-d", "int,unimp,guest_errors,mmu,post");
        add_two(c, "-D", "/dev/null");
    }
    if (job->sanitized)
        add_two(c, "-sandbox", "off");
}

/* --- the emulator --- */

static _Noreturn void become(const struct command *c, int in, int out, int log)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in, 0);
    dup2(out, 1);
    dup2(log, 2);
    execv(c->argv[0], (char *const *)c->argv);
    perror(c->argv[0]);
    _exit(127);
}

static void start(struct child *e, const struct command *c)
{
    int to[2], from[2];

    *e = (struct child){.log = memfd_create("log", MFD_CLOEXEC)};
    if (e->log < 0 || pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
        fail("pipe");
    fflush(NULL);
    e->pid = fork();
    if (e->pid < 0)
        fail("fork");
    if (e->pid == 0)
        become(c, to[0], from[1], e->log);
    close(to[0]);
    close(from[1]);
    e->in = to[1];
    e->out = from[0];
}

static void close_all(struct child *e)
{
    close(e->in);
    close(e->out);
    close(e->log);
}

static void reap(struct child *e)
{
    if (e->pid && waitpid(e->pid, &e->status, WNOHANG) == e->pid)
        e->pid = 0;
}

/* Waits for some output; false if none came in that time. */
static bool listen_for(struct child *e, int ms)
{
    struct pollfd p = {.fd = e->out, .events = POLLIN};
    char bytes[4096];

    if (e->ended || poll(&p, 1, ms) <= 0)
        return false;
    ssize_t n = read(e->out, bytes, sizeof bytes);
    e->ended = n <= 0;
    e->seen += n > 0 ? (u64)n : 0;
    return n > 0;
}

static void type_something(const struct child *e, struct random *r)
{
    char bytes[16];

    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(2 + below(r, 250)); /* not Ctrl-A, which is for the emulator */
    if (write(e->in, bytes, sizeof bytes) < 0)
        fail("the emulator's input");
}

/* From here on it is waited for by the processor's time that it takes. */
static bool wait_until(struct child *e, bool (*done)(struct child *e))
{
    s64 since = now_ms(CLOCK_MONOTONIC), cpu_since = cpu_ms(e->pid);

    while (!done(e)) {
        if (now_ms(CLOCK_MONOTONIC) - since > HANG_MS || cpu_ms(e->pid) - cpu_since > HANG_CPU_MS)
            return false;
        if (!listen_for(e, TICK_MS) && e->ended)
            usleep(1000);
    }
    return true;
}

static bool has_started(struct child *e)
{
    reap(e);
    return e->seen || !e->pid;
}

static bool has_ended(struct child *e)
{
    reap(e);
    return !e->pid;
}

/* Is it waiting for something, as when the guest has halted? */
static bool is_asleep(pid_t pid)
{
    char path[32], state = 0;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file || fscanf(file, "%*d %*s %c", &state) != 1)
        state = 0;
    if (file)
        fclose(file);
    return state == 'S';
}

/* Waits for output for so long, of the processor's time if it takes any; false if none came. */
static bool goes_on(struct child *e, int patience_ms)
{
    s64 since = cpu_ms(e->pid);

    while (!listen_for(e, patience_ms))
        if (e->ended || is_asleep(e->pid) || cpu_ms(e->pid) - since >= patience_ms)
            return false;
    return true;
}

static void let_it_run(struct child *e, const struct job *job, const struct guest *g,
                       struct random *r)
{
    s64 start = now_ms(CLOCK_MONOTONIC);
    bool deaf = one_in(r, 8); /* nobody reads what it says */

    if (one_in(r, 4))
        type_something(e, r);
    if (deaf) {
        usleep((unsigned)job->patience_ms * 1000);
        return;
    }
    while (e->seen < 4 * g->pieces + 200 && goes_on(e, job->patience_ms) &&
           now_ms(CLOCK_MONOTONIC) - start < LONGEST_MS)
        ;
}

/* What is wrong with how it went; NULL: nothing. */
static const char *run_to_the_end(struct child *e, const struct job *job, const struct guest *g,
                                  struct random *r)
{
    if (!wait_until(e, has_started))
        return "nothing was heard of the guest";
    if (e->pid) {
        let_it_run(e, job, g, r);
        reap(e);
    }
    if (!e->pid)
        return "it ended by itself";
    kill(e->pid, SIGTERM);
    if (!wait_until(e, has_ended))
        return "SIGTERM did not end it";
    if (!WIFSIGNALED(e->status) || WTERMSIG(e->status) != SIGTERM)
        return "it did not end by SIGTERM";
    return NULL;
}

/* --- the verdict --- */

static void print_log(const struct child *e)
{
    char text[4096];
    off_t size = lseek(e->log, 0, SEEK_END);
    ssize_t n =
        pread(e->log, text, sizeof text, size > (off_t)sizeof text ? size - (off_t)sizeof text : 0);

    if (n > 0)
        fwrite(text, 1, (size_t)n, stderr);
}

static void report(const struct job *job, u64 seed, const struct command *c, const struct child *e,
                   const struct guest *g, const char *what)
{
    fprintf(stderr, "seed %llu (at last: %s): %s", (unsigned long long)seed, g->ending, what);
    if (!e->pid)
        fprintf(stderr, WIFSIGNALED(e->status) ? " (signal %d)" : " (status %d)",
                WIFSIGNALED(e->status) ? WTERMSIG(e->status) : WEXITSTATUS(e->status));
    fprintf(stderr, " after %llu bytes;\n  again: build/tests/test_machine --seeds %llu 1",
            (unsigned long long)e->seen, (unsigned long long)seed);
    if (job->engine)
        fprintf(stderr, " --engine %s", job->engine);
    fprintf(stderr, "%s --program %s\n  which with --save keeps the image, and runs:",
            job->sanitized ? " --sanitized" : "", job->program);
    for (unsigned i = 0; i < c->count; i++)
        fprintf(stderr, " %s", c->argv[i]);
    fputc('\n', stderr);
    print_log(e);
}

static void write_image(const char *path, const struct guest *g)
{
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(g->rom, 1, sizeof g->rom, file) != sizeof g->rom || fclose(file) != 0)
        fail(path);
}

static void load_and_make(struct guest *g, const struct job *job, u64 seed)
{
    u8 frame[FRAME_ROOM];
    FILE *file = fopen(job->frame, "rb");

    if (!file)
        fail(job->frame);
    size_t size = fread(frame, 1, sizeof frame, file);
    fclose(file);
    guest_make(g, seed, frame, size);
}

static void print_command(const struct command *c, const struct guest *g)
{
    printf("# %u pieces, at last: %s\n", g->pieces, g->ending);
    for (unsigned i = 0; i < c->count; i++)
        printf("%s%c", c->argv[i], i + 1 < c->count ? ' ' : '\n');
}

void run_seed(const struct job *job, u64 seed, struct tally *tally)
{
    static struct guest g;
    struct random r = random_of(seed, 2);
    struct command c;
    struct child e;
    const char *wrong;

    load_and_make(&g, job, seed);
    make_command(&c, job, &g, seed);
    write_image(c.image, &g);
    if (job->save) {
        print_command(&c, &g);
        return;
    }
    start(&e, &c);
    wrong = run_to_the_end(&e, job, &g, &r);
    if (wrong)
        report(job, seed, &c, &e, &g, wrong);
    if (e.pid) {
        kill(e.pid, SIGKILL);
        waitpid(e.pid, NULL, 0);
    }
    tally->runs++;
    tally->pieces += e.seen;
    tally->failures += wrong != NULL;
    close_all(&e);
    unlink(c.image);
}

void run_seeds(const struct job *job, u64 first, u64 count, unsigned workers, struct tally *tally)
{
    struct tally *shares = mmap(NULL, workers * sizeof *shares, PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (shares == MAP_FAILED)
        fail("mmap");
    fflush(NULL);
    for (unsigned i = 0; i < workers; i++) {
        if (fork())
            continue;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (u64 n = i; n < count; n += workers)
            run_seed(job, first + n, &shares[i]);
        _exit(0);
    }
    for (unsigned i = 0; i < workers; i++) {
        int status;
        if (wait(&status) < 0 || status != 0)
            tally->failures++;
    }
    for (unsigned i = 0; i < workers; i++) {
        tally->runs += shares[i].runs;
        tally->pieces += shares[i].pieces;
        tally->failures += shares[i].failures;
    }
    munmap(shares, workers * sizeof *shares);
}
