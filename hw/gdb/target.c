/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests and their answers: see target.h. */
#include "hw/gdb/target.h"

#include "exec/inspect.h"
#include "hw/monitor/monitor.h"
#include "hw/snapshot/timeline.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { ERROR_ARGUMENT = 1, ERROR_ADDRESS = 14 };

static void say(struct gdb_request *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void say(struct gdb_request *r, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int n = vsnprintf(r->answer + r->length, sizeof r->answer - r->length, format, list);
    va_end(list);
    if (n > 0)
        r->length +=
            (size_t)n < sizeof r->answer - r->length ? (size_t)n : sizeof r->answer - 1 - r->length;
}

static void say_error(struct gdb_request *r, int number)
{
    r->length = 0;
    say(r, "E%02x", number);
}

static void say_done(struct gdb_request *r, bool done)
{
    if (done)
        say(r, "OK");
    else
        say_error(r, ERROR_ARGUMENT);
}

/* --- coming and going --- */

static void stopped(void *owner, const struct stop *stop)
{
    struct gdb_target *t = owner;
    if (timeline_heeds(t->monitor->timeline, stop))
        return;
    t->stop = *stop;
    t->told = true;
    control_stop(t->monitor->parts.control, RUN_DEBUG);
}

void gdb_attach(struct gdb_target *t)
{
    t->told = false;
    free(t->description);
    t->description = gdb_describe(t->monitor->parts.exec);
    exec_on_stop(t->monitor->parts.exec, stopped, t);
    if (control_is_running(t->monitor->parts.control))
        control_stop(t->monitor->parts.control, RUN_DEBUG);
}

void gdb_detach(struct gdb_target *t)
{
    struct error none;
    exec_forget_stops(t->monitor->parts.exec);
    control_continue(t->monitor->parts.control, &none);
}

/* --- why it stands still --- */

static bool is_at_end(const struct gdb_target *t)
{
    return t->monitor->timeline && control_state(t->monitor->parts.control) == RUN_SHUTDOWN;
}

void gdb_tell_stop(struct gdb_request *r)
{
    const struct gdb_target *t = r->target;
    if (is_at_end(t)) {
        say(r, "T05thread:01;replaylog:end;");
        return;
    }
    if (!t->told) {
        say(r, "T02thread:01;");
        return;
    }
    say(r, "T05thread:01;");
    if (t->stop.cause == STOP_WATCHPOINT)
        say(r, "%swatch:%" PRIx32 ";",
            t->stop.watch.on == WATCH_WRITE  ? ""
            : t->stop.watch.on == WATCH_READ ? "r"
                                             : "a",
            t->stop.address);
}

/* --- running back, and by the step as it was --- */

static void tell_stop_of(struct gdb_request *r, struct stop stop)
{
    r->target->stop = stop;
    r->target->told = true;
    gdb_tell_stop(r);
}

static bool is_at_begin(const struct timeline *t)
{
    return timeline_now(t) == timeline_begin(t);
}

static void step_to(struct gdb_request *r, uint64_t instructions)
{
    timeline_go(r->target->monitor->timeline, instructions);
    tell_stop_of(r, (struct stop){.cause = STOP_STEP});
}

static void tell_begin(struct gdb_request *r)
{
    say(r, "T05thread:01;replaylog:begin;");
}

static void serve_bs(struct gdb_request *r, const char *text)
{
    struct timeline *t = r->target->monitor->timeline;
    (void)text;
    if (t && is_at_begin(t))
        tell_begin(r);
    else if (t)
        step_to(r, timeline_now(t) - 1);
}

static void serve_bc(struct gdb_request *r, const char *text)
{
    struct timeline *t = r->target->monitor->timeline;
    struct stop stop;
    (void)text;
    if (t && timeline_back_to_stop(t, &stop))
        tell_stop_of(r, stop);
    else if (t)
        tell_begin(r);
}

/* --- running --- */

/* In a replay a step is an instruction of the recording's, interrupts and all. */
static bool step_in_replay(struct gdb_request *r)
{
    struct timeline *t = r->target->monitor->timeline;
    if (t)
        step_to(r, timeline_now(t) + 1);
    return t;
}

static void run(struct gdb_request *r, bool step)
{
    struct gdb_target *t = r->target;
    struct error error;
    if (is_at_end(t)) {
        gdb_tell_stop(r);
        return;
    }
    if (step && step_in_replay(r))
        return;
    if (step && !exec_step(t->monitor->parts.exec)) {
        say_error(r, ERROR_ARGUMENT);
        return;
    }
    t->told = false;
    if (control_continue(t->monitor->parts.control, &error))
        r->next = GDB_RUNS;
    else
        say(r, "W00");
}

/* "c", "s", and with an address to go on from; the signals of "C" and "S" are nothing to a guest.
 */
static void serve_run(struct gdb_request *r, const char *text)
{
    run(r, *text == 's' || *text == 'S');
}

/* "vCont;s:1;c": what the first says, there being one thread. */
static void serve_v(struct gdb_request *r, const char *text)
{
    if (strcmp(text, "vCont?") == 0)
        say(r, "vCont;c;C;s;S");
    else if (strncmp(text, "vCont;", 6) != 0)
        return;
    else if (text[6] && strchr("cCsS", text[6]))
        run(r, text[6] == 's' || text[6] == 'S');
    else
        say_error(r, ERROR_ARGUMENT);
}

static void serve_why(struct gdb_request *r, const char *text)
{
    (void)text;
    gdb_tell_stop(r);
}

static void serve_detach(struct gdb_request *r, const char *text)
{
    (void)text;
    say(r, "OK");
    r->next = GDB_DETACHED;
}

static void serve_kill(struct gdb_request *r, const char *text)
{
    (void)text;
    control_shut_down(r->target->monitor->parts.control, CAUSE_QUIT);
    r->next = GDB_KILLED;
}

/* --- registers --- */

static void serve_g(struct gdb_request *r, const char *text)
{
    size_t digits;
    (void)text;
    for (unsigned n = 0;
         gdb_get_register(r->target->monitor->parts.exec, n, r->answer + r->length, &digits); n++)
        r->length += digits;
}

/* One that is refused keeps its value; the others are set. */
static void serve_G(struct gdb_request *r, const char *text)
{
    bool all = true;
    unsigned n = 0;
    for (text++; *text && all; n++)
        all = gdb_set_register(r->target->monitor->parts.exec, n, &text);
    exec_state_changed(r->target->monitor->parts.exec);
    say_done(r, all && n);
}

static void serve_p(struct gdb_request *r, const char *text)
{
    uint64_t n;
    size_t digits;
    text++;
    if (!gdb_number(&text, UINT32_MAX, &n) ||
        !gdb_get_register(r->target->monitor->parts.exec, (unsigned)n, r->answer, &digits))
        say_error(r, ERROR_ARGUMENT);
    else
        r->length = digits;
}

static void serve_P(struct gdb_request *r, const char *text)
{
    uint64_t n;
    text++;
    bool done = gdb_number(&text, UINT32_MAX, &n) && *text++ == '=' &&
                gdb_set_register(r->target->monitor->parts.exec, (unsigned)n, &text);
    exec_state_changed(r->target->monitor->parts.exec);
    say_done(r, done);
}

/* --- memory --- */

/* "ADDRESS,SIZE". */
static bool parse_range(const char **text, uint32_t *address, size_t *size)
{
    uint64_t at, length;
    if (!gdb_number(text, UINT32_MAX, &at) || *(*text)++ != ',' ||
        !gdb_number(text, UINT32_MAX, &length))
        return false;
    *address = (uint32_t)at;
    *size = (size_t)length;
    return true;
}

/* As much as can be read; gdb asks again for what is missing. */
static void serve_m(struct gdb_request *r, const char *text)
{
    uint8_t bytes[GDB_PACKET / 2];
    uint32_t address;
    size_t size;
    text++;
    if (!parse_range(&text, &address, &size)) {
        say_error(r, ERROR_ARGUMENT);
        return;
    }
    size = exec_peek(r->target->monitor->parts.exec, address, bytes,
                     size < sizeof bytes ? size : sizeof bytes);
    if (!size) {
        say_error(r, ERROR_ADDRESS);
        return;
    }
    gdb_to_hex(bytes, size, r->answer);
    r->length = 2 * size;
}

static void put(struct gdb_request *r, uint32_t address, const void *bytes, size_t size)
{
    if (exec_poke(r->target->monitor->parts.exec, address, bytes, size) < size)
        say_error(r, ERROR_ADDRESS);
    else
        say(r, "OK");
}

static void serve_M(struct gdb_request *r, const char *text)
{
    uint8_t bytes[GDB_PACKET / 2];
    uint32_t address;
    size_t size;
    text++;
    if (parse_range(&text, &address, &size) && *text++ == ':' && size <= sizeof bytes &&
        gdb_from_hex(&text, bytes, size) == size)
        put(r, address, bytes, size);
    else
        say_error(r, ERROR_ARGUMENT);
}

/* Bytes as they are, but for those that a brace escapes. */
static void serve_X(struct gdb_request *r, const char *text)
{
    uint8_t bytes[GDB_PACKET];
    const char *end = r->text + r->size;
    uint32_t address;
    size_t size, n = 0;
    text++;
    if (!parse_range(&text, &address, &size) || *text++ != ':') {
        say_error(r, ERROR_ARGUMENT);
        return;
    }
    for (; text < end && n < sizeof bytes; text++) {
        bool escaped = *text == '}' && text + 1 < end;
        text += escaped;
        bytes[n++] = (uint8_t)(escaped ? *text ^ 0x20 : *text);
    }
    if (n == size)
        put(r, address, bytes, size);
    else
        say_error(r, ERROR_ARGUMENT);
}

/* --- stops --- */

static bool set_stop(struct exec *e, unsigned kind, uint32_t address, uint32_t size, bool on)
{
    static const enum watch_for watches[] = {WATCH_WRITE, WATCH_READ, WATCH_ACCESS};
    if (kind < 2)
        return exec_set_breakpoint(e, address, on);
    return exec_set_watchpoint(e, (struct watchpoint){address, size, watches[kind - 2]}, on);
}

/* "Z0,ADDRESS,SIZE": in software and by hardware is the same here. */
static void serve_Z(struct gdb_request *r, const char *text)
{
    bool on = *text++ == 'Z';
    unsigned kind = (unsigned)(*text++ - '0');
    uint32_t address;
    size_t size;
    if (kind > 4)
        return;
    say_done(r, *text++ == ',' && parse_range(&text, &address, &size) &&
                    set_stop(r->target->monitor->parts.exec, kind, address, (uint32_t)size, on));
}

/* --- questions --- */

/* "qXfer:features:read:target.xml:OFFSET,SIZE". */
static void serve_description(struct gdb_request *r, const char *text)
{
    const char *description = r->target->description;
    uint32_t offset;
    size_t size, length;
    if (!description || !parse_range(&text, &offset, &size)) {
        say_error(r, ERROR_ARGUMENT);
        return;
    }
    length = strlen(description);
    if (offset > length)
        offset = (uint32_t)length;
    if (size > GDB_PACKET - 1)
        size = GDB_PACKET - 1;
    bool last = length - offset <= size;
    say(r, "%c%.*s", last ? 'l' : 'm', (int)(last ? length - offset : size), description + offset);
}

/* "qRcmd,HEX": a line for the monitor. */
static void serve_monitor(struct gdb_request *r, const char *text)
{
    char line[GDB_PACKET / 2 + 1], *out = NULL;
    size_t size = 0, n = gdb_from_hex(&text, line, sizeof line - 1);
    FILE *to = open_memstream(&out, &size);
    struct error error;
    line[n] = 0;
    if (!to) {
        say_error(r, ERROR_ARGUMENT);
        return;
    }
    if (!monitor_run(r->target->monitor, line, to, &error))
        fprintf(to, "%s\n", error.text);
    if (fclose(to) == 0 && size) {
        size = size < GDB_PACKET / 2 ? size : GDB_PACKET / 2;
        gdb_to_hex(out, size, r->answer);
        r->length = 2 * size;
    } else {
        say(r, "OK");
    }
    free(out);
}

static void serve_supported(struct gdb_request *r, const char *text)
{
    (void)text;
    say(r, "PacketSize=%x;qXfer:features:read+;QStartNoAckMode+;vContSupported+%s", GDB_PACKET,
        r->target->monitor->timeline ? ";ReverseStep+;ReverseContinue+" : "");
}

static void serve_ok(struct gdb_request *r, const char *text)
{
    (void)text;
    say(r, "OK");
}

/* Whether a thread is there: the one that is, by its number in hexadecimal. */
static void serve_alive(struct gdb_request *r, const char *text)
{
    if (strtoul(text + 1, NULL, 16) == 1)
        say(r, "OK");
    else
        say_error(r, ERROR_ARGUMENT);
}

static void serve_thread(struct gdb_request *r, const char *text)
{
    (void)text;
    say(r, "QC01");
}

static void serve_threads(struct gdb_request *r, const char *text)
{
    (void)text;
    say(r, "m01");
}

static void serve_no_more(struct gdb_request *r, const char *text)
{
    (void)text;
    say(r, "l");
}

static void serve_attached(struct gdb_request *r, const char *text)
{
    (void)text;
    say(r, "1");
}

/* The first that a request begins with; what is not there is answered by nothing, as gdb wants. */
static const struct serve {
    const char *start;
    void (*serve)(struct gdb_request *r, const char *text);
    enum { START, WHOLE, BEHIND } form; /* WHOLE: there is no more; BEHIND: it wants what is */
} table[] = {
    {"?", serve_why, WHOLE},
    {"bc", serve_bc, WHOLE},
    {"bs", serve_bs, WHOLE},
    {"c", serve_run, START},
    {"C", serve_run, START},
    {"D", serve_detach, START},
    {"g", serve_g, WHOLE},
    {"G", serve_G, START},
    {"H", serve_ok, START},
    {"k", serve_kill, START},
    {"M", serve_M, START},
    {"m", serve_m, START},
    {"P", serve_P, START},
    {"p", serve_p, START},
    {"qAttached", serve_attached, START},
    {"qC", serve_thread, WHOLE},
    {"qfThreadInfo", serve_threads, WHOLE},
    {"qRcmd,", serve_monitor, BEHIND},
    {"qsThreadInfo", serve_no_more, WHOLE},
    {"qSupported", serve_supported, START},
    {"QStartNoAckMode", serve_ok, WHOLE},
    {"qXfer:features:read:target.xml:", serve_description, BEHIND},
    {"S", serve_run, START},
    {"s", serve_run, START},
    {"T", serve_alive, START},
    {"v", serve_v, START},
    {"X", serve_X, START},
    {"z", serve_Z, START},
    {"Z", serve_Z, START},
};

void gdb_serve(struct gdb_request *r)
{
    r->length = 0;
    r->next = GDB_ANSWERED;
    for (unsigned i = 0; i < sizeof table / sizeof *table; i++) {
        const struct serve *s = &table[i];
        size_t length = strlen(s->start);
        if (strncmp(r->text, s->start, length) != 0 || (s->form == WHOLE && r->text[length]))
            continue;
        s->serve(r, r->text + (s->form == BEHIND ? length : 0));
        return;
    }
}
