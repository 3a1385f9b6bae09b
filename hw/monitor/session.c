/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See session.h. */
#include "hw/monitor/session.h"

#include "hw/host/terminal.h"
#include "hw/monitor/editor.h"
#include "hw/monitor/monitor.h"
#include "hw/monitor/port.h"

#include <stdlib.h>
#include <string.h>

static bool say(struct monitor_port *p, const char *text)
{
    return monitor_port_write(p, text, strlen(text));
}

/* Runs it, with what it prints collected first: the cpu's thread waits for nobody who reads. */
static bool answer(struct monitor *m, struct monitor_port *p, const char *line)
{
    struct error error;
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return say(p, "the host is out of memory\n");
    if (!monitor_run(m, line, to, &error))
        fprintf(to, "%s\n", error.text);
    bool good =
        fclose(to) == 0 ? monitor_port_write(p, text, size) : say(p, "the host is out of memory\n");
    free(text);
    return good;
}

void session_open(struct session *s, struct monitor *m, struct monitor_port *p)
{
    *s = (struct session){.monitor = m};
    if (monitor_port_is_terminal(p) || monitor_port_is_telnet(p))
        s->editor = editor_open(p, m);
    if (s->editor && monitor_port_has_terminal(p))
        terminal_enter(TERMINAL_KEYS);
}

void session_close(struct session *s)
{
    editor_close(s->editor);
}

static void serve_editor(struct session *s, struct monitor_port *p)
{
    const char *line;
    do
        line = editor_read(s->editor);
    while (line && answer(s->monitor, p, line));
}

static void serve_lines(struct monitor *m, struct monitor_port *p)
{
    char *line;
    bool good = true;
    while (good) {
        enum port_news news = monitor_port_read(p, &line);
        if (news == PORT_END)
            return;
        if (news == PORT_RUNG)
            continue;
        good = (news == PORT_LINE ? answer(m, p, line) : say(p, "that line is too long\n")) &&
               say(p, MONITOR_PROMPT);
    }
}

void session_serve(void *session, struct monitor_port *p)
{
    struct session *s = session;
    char *line;
    if (monitor_port_is_shared(p) && monitor_port_read(p, &line) == PORT_END)
        return;
    if (!say(p, "Tessera " TESSERA_VERSION " monitor - help lists commands\n"))
        return;
    bool is_edited = s->editor && !monitor_port_is_telnet(p);
    if (!is_edited && !say(p, MONITOR_PROMPT))
        return;
    /* Whoever knows Telnet answers before anything is typed; the editor writes over the prompt. */
    if (s->editor && monitor_port_is_telnet(p))
        is_edited = monitor_port_ask_for_keys(p) && say(p, "\r");
    if (is_edited)
        serve_editor(s, p);
    else
        serve_lines(s->monitor, p);
}
