/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See script.h. */
#include "hw/monitor/script.h"

#include "hw/host/screen.h"
#include "hw/host/tap.h"
#include "hw/host/thread.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LONGEST_WAIT (UINT64_C(1000000) * NS_PER_S)

struct script {
    struct monitor *monitor;
    const char *path;
    FILE *file; /* all of it, in memory */
    char *text;
    unsigned line;
    pthread_t thread;
    bool has_thread;
    bool has_ended; /* of itself */
    bool has_failed;
};

/* --- reading --- */

enum { LARGEST = 1 << 20 };

static bool read_all(struct script *s, FILE *from, struct error *error)
{
    s->text = calloc(1, LARGEST + 1);
    size_t size = s->text ? fread(s->text, 1, LARGEST, from) : 0;
    if (ferror(from))
        return error_set(error, "%s: %s", s->path, strerror(errno));
    if (size == LARGEST || (size && strlen(s->text) < size))
        return error_set(error, "%s: larger than 1 MiB, or not a text", s->path);
    s->file = s->text ? fmemopen(s->text, size ? size : 1, "r") : NULL;
    return s->file || error_set(error, "the host is out of memory");
}

struct script *script_open(const char *path, struct monitor *m, struct error *error)
{
    struct script *s = calloc(1, sizeof *s);
    FILE *from = s ? fopen(path, "re") : NULL;
    if (!from) {
        error_set(error, "%s: %s", path, strerror(errno));
        free(s);
        return NULL;
    }
    s->path = path;
    s->monitor = m;
    bool good = read_all(s, from, error);
    fclose(from);
    if (good)
        return s;
    script_close(s);
    return NULL;
}

/* --- what is waited for --- */

struct look {
    const struct monitor *monitor;
    const char *text; /* NULL: just the time */
    bool serial, found, running;
    uint64_t now;
};

static bool is_on_screen(struct screen *screen, const char *wanted)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = screen ? open_memstream(&text, &size) : NULL;
    if (!to)
        return false;
    screen_print_text(screen, to);
    bool found = fclose(to) == 0 && strstr(text, wanted);
    free(text);
    return found;
}

static void look(void *argument)
{
    struct look *l = argument;
    const struct machine_parts *p = &l->monitor->parts;
    l->now = timers_now(p->timers);
    l->running = control_is_running(p->control);
    if (l->text)
        l->found = l->serial ? p->serial && tap_find(p->serial, l->text)
                             : is_on_screen(p->screen, l->text);
}

/* Until it is found, or so much of the guest's time has passed; false at the machine's end, too. */
static bool await(struct script *s, struct look *l, uint64_t ns, struct error *error)
{
    static const struct timespec a_while = {.tv_nsec = 10 * NS_PER_MS};
    uint64_t begin = 0;
    for (bool first = true;; first = false) {
        if (!control_call(s->monitor->parts.control, look, l))
            return error_set(error, "the guest has ended");
        begin = first ? l->now : begin;
        if (l->found || l->now - begin >= ns)
            return true;
        if (!l->running)
            return error_set(error, "the guest is stopped, and its time stands still");
        nanosleep(&a_while, NULL);
    }
}

/* Digits of whole seconds; or of what is behind the point. */
static uint64_t take_digits(const char **text, bool behind)
{
    uint64_t ns = 0, unit = NS_PER_S;
    for (; isdigit((unsigned char)**text) && ns <= LONGEST_WAIT; ++*text) {
        unsigned digit = (unsigned)(**text - '0');
        unit /= behind ? 10 : 1;
        ns = behind ? ns + digit * unit : ns * 10 + digit * unit;
    }
    return ns;
}

/* "1.5": seconds, at the beginning of *text, which goes on. No floating point: that is the guest's.
 */
static bool take_seconds(const char **text, uint64_t *ns, struct error *error)
{
    const char *end = *text;
    *ns = take_digits(&end, false);
    bool good = end != *text;
    if (*end == '.') {
        end++;
        *ns += take_digits(&end, true);
    }
    if (!good || *ns > LONGEST_WAIT || (*end && *end != ' '))
        return error_set(error, "%.20s: not a number of seconds", *text);
    *text = end + strspn(end, " ");
    return true;
}

/* "screen 30 login:" */
static bool do_wait(struct script *s, const char *text, struct error *error)
{
    struct look l = {.monitor = s->monitor, .serial = strncmp(text, "serial ", 7) == 0};
    uint64_t ns;
    if (!l.serial && strncmp(text, "screen ", 7) != 0)
        return error_set(error, "usage: wait screen|serial SECONDS TEXT");
    text += strlen("screen ");
    if (!take_seconds(&text, &ns, error))
        return false;
    if (!*text)
        return error_set(error, "usage: wait screen|serial SECONDS TEXT");
    l.text = text;
    if (!await(s, &l, ns, error))
        return false;
    return l.found || error_set(error, "\"%s\" has not come on the %s", text,
                                l.serial ? "serial line" : "screen");
}

static bool do_sleep(struct script *s, const char *text, struct error *error)
{
    struct look l = {.monitor = s->monitor};
    uint64_t ns;
    return take_seconds(&text, &ns, error) && await(s, &l, ns, error);
}

/* --- running --- */

struct end {
    struct script *script;
    int status;
};

static void do_end(void *end)
{
    const struct end *e = end;
    e->script->has_ended = true;
    control_exit(e->script->monitor->parts.control, e->status);
}

static void end_with(struct script *s, int status)
{
    struct end e = {s, status};
    control_call(s->monitor->parts.control, do_end, &e);
}

static void complain(const struct script *s, const struct error *error)
{
    fprintf(stderr, "tessera: %s:%u: %s\n", s->path, s->line, error->text);
}

static bool do_exit(struct script *s, const char *text, struct error *error)
{
    char *end;
    unsigned long status = strtoul(text, &end, 10);
    if (*end || status > 255)
        return error_set(error, "%s: not a status from 0 to 255", text);
    end_with(s, (int)status);
    return true;
}

static const struct {
    const char *name;
    bool (*run)(struct script *s, const char *text, struct error *error);
} own[] = {{"wait", do_wait}, {"sleep", do_sleep}, {"exit", do_exit}};

static bool run_line(struct script *s, const char *line, struct error *error)
{
    size_t length = strcspn(line, " ");
    for (unsigned i = 0; i < sizeof own / sizeof *own; i++)
        if (strlen(own[i].name) == length && strncmp(line, own[i].name, length) == 0)
            return own[i].run(s, line + length + strspn(line + length, " "), error);
    return monitor_run(s->monitor, line, stdout, error);
}

static void *run(void *script)
{
    struct script *s = script;
    struct error error;
    char *line = NULL;
    size_t room = 0;
    bool good = true;
    while (good && !s->has_ended && getline(&line, &room, s->file) >= 0) {
        const char *text = line + strspn(line, " \t");
        line[strcspn(line, "\r\n")] = '\0';
        s->line++;
        if (*text && *text != '#' && !(good = run_line(s, text, &error)))
            complain(s, &error);
    }
    free(line);
    fflush(stdout);
    end_with(s, good ? 0 : 1);
    s->has_failed = !good;
    return NULL;
}

bool script_start(struct script *s, struct error *error)
{
    s->has_thread = thread_start(&s->thread, run, s, 0);
    return s->has_thread || error_set(error, "no thread: %s", strerror(errno));
}

bool script_close(struct script *s)
{
    if (!s)
        return true;
    if (s->has_thread)
        pthread_join(s->thread, NULL);
    bool good = !s->has_failed;
    if (s->file)
        fclose(s->file);
    free(s->text);
    free(s);
    return good;
}
