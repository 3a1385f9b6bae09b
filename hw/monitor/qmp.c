/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See qmp.h: the protocol. Shapes are those of QEMU's "QMP specification". */
#include "hw/monitor/qmp.h"

#include "hw/host/clock.h"
#include "hw/monitor/drives.h"
#include "hw/monitor/port.h"

#include <stdlib.h>
#include <string.h>

/* --- writing --- */

/* Takes the object over. */
static bool tell(struct monitor_port *p, json_t *object)
{
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    size_t length = text ? strlen(text) : 0;
    json_decref(object);
    bool told = text && monitor_port_write(p, text, length) && monitor_port_write(p, "\r\n", 2);
    free(text);
    return told;
}

static json_t *version(void)
{
    /* Whose commands these are. */
    return json_pack("{s:{s:i,s:i,s:i},s:s}", "qemu", "major", 7, "minor", 2, "micro", 0, "package",
                     "Tessera " TESSERA_VERSION);
}

static bool greet(struct monitor_port *p)
{
    return tell(p, json_pack("{s:{s:o,s:[]}}", "QMP", "version", version(), "capabilities"));
}

static json_t *failure(const char *class, const char *text)
{
    return json_pack("{s:{s:s,s:s}}", "error", "class", class, "desc", text);
}

/* --- events --- */

static json_t *timestamp(void)
{
    uint64_t now = host_time_of_day();
    return json_pack("{s:I,s:I}", "seconds", (json_int_t)(now / NS_PER_S), "microseconds",
                     (json_int_t)(now % NS_PER_S / NS_PER_US));
}

static json_t *cause_data(enum control_cause cause)
{
    bool guest = cause == CAUSE_GUEST_RESET || cause == CAUSE_GUEST_SHUTDOWN;
    return json_pack("{s:b,s:s}", "guest", guest, "reason", control_cause_name(cause));
}

/* By its name or its id: that is the same here. */
static json_t *tray_data(const struct control_news *n)
{
    char name[DRIVE_NAME];
    drive_ide_name(n->drive, true, name);
    return json_pack("{s:s,s:s,s:b}", "device", name, "id", name, "tray-open", n->open);
}

static json_t *event_object(const struct control_news *n)
{
    json_t *o =
        json_pack("{s:s,s:o}", "event", control_event_name(n->event), "timestamp", timestamp());
    if (n->event == EVENT_SHUTDOWN || n->event == EVENT_RESET)
        json_object_set_new(o, "data", cause_data(n->cause));
    if (n->event == EVENT_TRAY)
        json_object_set_new(o, "data", tray_data(n));
    return o;
}

/* Of who does not read, the guest would make the list grow without end: then the newest takes the
 * place of the one before. */
static void keep_event(json_t *events, json_t *event)
{
    enum { MOST = 1000 };
    if (json_array_size(events) == MOST)
        json_array_remove(events, MOST - 1);
    json_array_append_new(events, event);
}

/* On the cpu's thread, which does not wait for who reads. */
static void happened(struct control_listener *listener, const struct control_news *news)
{
    struct qmp *q = (struct qmp *)((char *)listener - offsetof(struct qmp, listener));
    pthread_mutex_lock(&q->lock);
    bool wanted = q->negotiated;
    if (wanted)
        keep_event(q->events, event_object(news));
    pthread_mutex_unlock(&q->lock);
    if (wanted)
        monitor_port_ring(q->port);
}

static json_t *next_event(struct qmp *q)
{
    pthread_mutex_lock(&q->lock);
    json_t *event = json_incref(json_array_get(q->events, 0));
    json_array_remove(q->events, 0);
    pthread_mutex_unlock(&q->lock);
    return event;
}

static bool tell_events(struct qmp *q, struct monitor_port *p)
{
    for (json_t *event; (event = next_event(q));)
        if (!tell(p, event))
            return false;
    return true;
}

static void want_events(struct qmp *q, struct monitor_port *p, bool wanted)
{
    pthread_mutex_lock(&q->lock);
    q->negotiated = wanted;
    q->port = p;
    json_array_clear(q->events);
    pthread_mutex_unlock(&q->lock);
}

/* --- commands --- */

struct job {
    struct qmp_call call;
    const struct qmp_command *command;
    json_t *result;
};

static void do_job(void *job)
{
    struct job *j = job;
    j->result = j->command->run(&j->call);
}

static json_t *run(struct qmp *q, const struct qmp_command *command, json_t *arguments)
{
    struct error error = {""};
    struct job job = {.call = {q->monitor, arguments, &error, "GenericError"}, .command = command};
    if (qmp_check_arguments(command, arguments, &error) &&
        !control_call(q->monitor->parts.control, do_job, &job))
        error_set(&error, "the machine has come to its end");
    return job.result ? json_pack("{s:o}", "return", job.result)
                      : failure(job.call.error_class, error.text);
}

static const struct qmp_command *find(const char *name)
{
    const struct qmp_command *c = qmp_commands;
    while (c->name && strcmp(c->name, name) != 0)
        c++;
    return c->name ? c : NULL;
}

static json_t *negotiate(struct qmp *q, struct monitor_port *p)
{
    if (q->negotiated)
        return failure("CommandNotFound", "capabilities have been negotiated already");
    want_events(q, p, true);
    return json_pack("{s:{}}", "return");
}

static const char *name_of(const json_t *request)
{
    const char *name = json_string_value(json_object_get(request, "execute"));
    return name ? name : json_string_value(json_object_get(request, "exec-oob"));
}

/* The answer; *last: what happens by it is to be told behind it. */
static json_t *execute(struct qmp *q, struct monitor_port *p, json_t *request, bool *last)
{
    const char *name = name_of(request);
    const struct qmp_command *command = name ? find(name) : NULL;
    struct error unknown;
    if (!name)
        return failure("GenericError", "not an object with a command's name as execute");
    if (strcmp(name, "qmp_capabilities") == 0)
        return negotiate(q, p);
    error_set(&unknown, "%.64s: no such command; query-commands lists them", name);
    if (q->negotiated && command) {
        *last = command->answers_first;
        return run(q, command, json_object_get(request, "arguments"));
    }
    return failure("CommandNotFound",
                   command ? "qmp_capabilities is to be the first" : unknown.text);
}

static bool answer(struct qmp *q, struct monitor_port *p, const char *line)
{
    json_t *request = json_loads(line, 0, NULL), *id = json_object_get(request, "id");
    bool last = false;
    json_t *result =
        request ? execute(q, p, request, &last) : failure("GenericError", "that is not JSON");
    if (id)
        json_object_set(result, "id", id);
    bool good = (last || tell_events(q, p)) && tell(p, result) && tell_events(q, p);
    json_decref(request);
    return good;
}

void qmp_serve(void *qmp, struct monitor_port *p)
{
    struct qmp *q = qmp;
    enum port_news news;
    char *line;
    bool good = greet(p);
    while (good && (news = monitor_port_read(p, &line)) != PORT_END) {
        if (news == PORT_LINE)
            good = answer(q, p, line);
        else if (news == PORT_TOO_LONG)
            good = tell(p, failure("GenericError", "longer or deeper than it may be"));
        else
            good = tell_events(q, p);
    }
    if (good)
        tell_events(q, p);
    want_events(q, NULL, false);
}

bool qmp_init(struct qmp *q, struct monitor *m, struct error *error)
{
    *q = (struct qmp){.monitor = m, .listener.happened = happened, .events = json_array()};
    pthread_mutex_init(&q->lock, NULL);
    if (!q->events)
        return error_set(error, "the host is out of memory");
    control_listen(m->parts.control, &q->listener);
    return true;
}

void qmp_destroy(struct qmp *q)
{
    control_unlisten(q->monitor->parts.control, &q->listener);
    json_decref(q->events);
    pthread_mutex_destroy(&q->lock);
}
