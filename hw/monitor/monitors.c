/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See monitors.h. */
#include "hw/monitor/monitors.h"

#include "hw/gdb/gdb.h"
#include "hw/host/chardev_place.h"
#include "hw/host/folder.h"
#include "hw/host/sandbox.h"
#include "hw/host/surroundings.h"
#include "hw/monitor/drives.h"
#include "hw/monitor/monitor.h"
#include "hw/monitor/port.h"
#include "hw/monitor/qmp.h"
#include "hw/monitor/script.h"
#include "hw/monitor/session.h"
#include "hw/snapshot/timeline.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct monitors {
    struct monitor monitor;
    struct monitor_port *port[MONITORS];
    struct session session[MONITORS]; /* of the ports that have people's */
    struct qmp qmp[MONITORS];
    unsigned qmps;
    struct script *script;
    unsigned ports;
    struct gdb_server *gdb; /* NULL: no debugger is to come */
};

static bool start_qmp(struct monitors *s, struct monitor_port *p, struct error *error)
{
    struct qmp *q = &s->qmp[s->qmps];
    if (!qmp_init(q, &s->monitor, error))
        return false;
    s->qmps++;
    return monitor_port_start(p, qmp_serve, q, error);
}

/* What is said at the console, in one go, by the cpu's thread, as all that is shown there. */
struct words {
    struct console *console;
    const char *text;
    size_t size;
};

static void write_words(void *words)
{
    const struct words *w = words;
    console_write(w->console, w->text, w->size);
}

static bool write_to_console(void *monitors, const char *text, size_t size)
{
    struct machine_parts *p = &((struct monitors *)monitors)->monitor.parts;
    struct words w = {&p->host->console, text, size};
    return control_call(p->control, write_words, &w);
}

static void share_console(struct monitors *s, struct monitor_port *p, bool is_edited)
{
    const struct port_console console = {write_to_console, s};
    console_share(&s->monitor.parts.host->console, monitor_port_share(p, &console), is_edited);
}

static bool start_session(struct monitors *s, struct monitor_port *p, struct error *error)
{
    struct session *session = &s->session[s->ports - 1];
    session_open(session, &s->monitor, p);
    if (monitor_port_is_shared(p))
        share_console(s, p, session->editor);
    return monitor_port_start(p, session_serve, session, error);
}

static bool open_port(struct monitors *s, const struct monitor_request *r, struct error *error)
{
    struct error why;
    struct monitor_port *p = monitor_port_open(r, &why);
    if (p)
        s->port[s->ports++] = p;
    bool good = p && (r->qmp ? start_qmp(s, p, &why) : start_session(s, p, &why));
    return good ||
           error_set(error, "%s %s: %s", r->qmp ? "-qmp" : "-monitor", r->at.text, why.text);
}

static bool open_all(struct monitors *s, const struct options *o, struct error *error)
{
    const struct machine_parts *p = &s->monitor.parts;
    if (!fingers_init(&s->monitor.fingers, p->input, p->timers, o->display.keyboard, error))
        return false;
    for (unsigned i = 0; i < o->monitors; i++)
        if (!open_port(s, &o->monitor[i], error))
            return false;
    if (*o->gdb && !gdb_open(&s->gdb, o->gdb, &s->monitor, error))
        return false;
    return !o->script || ((s->script = script_open(o->script, &s->monitor, error)) &&
                          script_start(s->script, error));
}

static bool has_somebody(const struct options *o)
{
    return o->monitors || *o->gdb || o->script;
}

/* What a monitor has put into a drive is to be put in again. */
static bool changes_media(const struct options *o)
{
    return o->replay && o->drives;
}

static bool is_wanted(const struct options *o)
{
    return has_somebody(o) || changes_media(o);
}

/* A debugger alone asks for no files, and so needs no system calls for them. */
static bool wants_files(const struct options *o)
{
    return o->monitors || o->script || changes_media(o);
}

static bool change_again(void *monitor, const uint8_t *data, size_t size, struct error *error)
{
    return drive_act_again(monitor, data, size, error);
}

static bool is_folder(const char *path, struct error *error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_set(error, "%s: %s", path, strerror(errno));
    close(fd);
    return true;
}

bool monitors_open_folders(struct monitor_folders *f, const struct options *options,
                           struct error *error)
{
    if (!wants_files(options))
        return !options->media_folder || is_folder(options->media_folder, error);
    f->files = f->media = folder_open(".", "", error);
    if (options->media_folder)
        f->media = folder_open(options->media_folder, "", error);
    return f->files && f->media;
}

void monitors_close_folders(struct monitor_folders *f)
{
    if (f->media != f->files)
        folder_close(f->media);
    folder_close(f->files);
}

bool monitors_open(struct monitors **monitors, const struct options *options,
                   const struct machine_parts *parts, struct snapshot_store *snapshots,
                   const struct monitor_folders *folders, struct error *error)
{
    *monitors = NULL;
    if (!is_wanted(options))
        return true;
    struct monitors *s = *monitors = calloc(1, sizeof *s);
    if (!s)
        return error_set(error, "the host is out of memory");
    s->monitor.parts = *parts;
    s->monitor.options = options;
    s->monitor.snapshots = snapshots;
    s->monitor.files = folders->files;
    s->monitor.media = folders->media;
    s->monitor.media_folder = options->media_folder;
    s->monitor.name = options->display.name;
    if (parts->host)
        parts->host->actor = (struct surroundings_actor){&s->monitor, change_again};
    return open_all(s, options, error);
}

bool monitors_keep_past(struct monitors *s, const struct options *options,
                        const struct snapshot_machine *machine, struct error *error)
{
    if (!s || !options->replay || !has_somebody(options) || options->exec.jit == JIT_LOCKSTEP)
        return true;
    s->monitor.timeline = timeline_create(machine, error);
    return s->monitor.timeline;
}

bool monitors_close(struct monitors *s)
{
    if (!s)
        return true;
    control_close(s->monitor.parts.control); /* nobody waits for an answer any more */
    console_share(&s->monitor.parts.host->console, -1, false);
    while (s->ports) {
        monitor_port_close(s->port[--s->ports]);
        session_close(&s->session[s->ports]);
    }
    while (s->qmps)
        qmp_destroy(&s->qmp[--s->qmps]);
    gdb_close(s->gdb);
    bool good = script_close(s->script);
    fingers_destroy(&s->monitor.fingers);
    timeline_destroy(s->monitor.timeline);
    free(s);
    return good;
}

unsigned monitors_needs(const struct options *options)
{
    unsigned needs = *options->gdb ? SANDBOX_VIEWERS : 0;
    for (unsigned i = 0; i < options->monitors; i++)
        needs |= (place_is_socket(&options->monitor[i].at) ? SANDBOX_VIEWERS : SANDBOX_EDITOR) |
                 (options->monitor[i].at.telnet ? SANDBOX_EDITOR : 0u);
    return wants_files(options)
               ? needs | SANDBOX_MEDIA | SANDBOX_SNAPSHOT | SANDBOX_SCREEN_FILE | SANDBOX_SCRIPT
               : needs;
}
