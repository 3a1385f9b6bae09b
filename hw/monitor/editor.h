/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines as a person types them at a terminal, with history and completion, by libedit.
 *
 *   struct editor *e = editor_open(port, monitor);     before the sandbox is entered; may be NULL
 *   while ((line = editor_read(e)))                    on the port's thread
 *       ...
 *   editor_close(e);                                   when that has ended
 */
#ifndef HW_MONITOR_EDITOR_H
#define HW_MONITOR_EDITOR_H

struct editor;
struct monitor;
struct monitor_port;

#define MONITOR_PROMPT "(tessera) "

/* NULL: Tessera was built without libedit, or the host has no pseudo-terminal: lines come plain. */
struct editor *editor_open(struct monitor_port *p, struct monitor *m);
/* Behind a prompt; without its end, and valid until the next call. NULL: nobody is there. */
const char *editor_read(struct editor *e);
/* May be NULL. */
void editor_close(struct editor *e);

#endif
