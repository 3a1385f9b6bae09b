/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's session with the monitor: a prompt, a line, what it prints. */
#ifndef HW_MONITOR_SESSION_H
#define HW_MONITOR_SESSION_H

struct monitor_port;

/* Until the other side has gone; `monitor` is a struct monitor. */
void session_serve(void *monitor, struct monitor_port *p);

#endif
