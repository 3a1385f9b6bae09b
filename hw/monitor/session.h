/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A person's session with the monitor: a prompt, a line, what it prints.
 *
 *   session_open(&session, &monitor, port);        before the sandbox is entered
 *   monitor_port_start(port, session_serve, &session, &error);
 *   session_close(&session);                       when the port has been closed
 */
#ifndef HW_MONITOR_SESSION_H
#define HW_MONITOR_SESSION_H

struct editor;
struct monitor;
struct monitor_port;

struct session {
    struct monitor *monitor;
    struct editor *editor; /* NULL: lines come as they are */
};

void session_open(struct session *s, struct monitor *m, struct monitor_port *p);
void session_close(struct session *s);
/* Until the other side has gone; `session` is a struct session. */
void session_serve(void *session, struct monitor_port *p);

#endif
