/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where commands come from, line by line, and answers go: standard input and output, or a socket,
 * one connection after the other. Each has a thread of its own, which may wait for the other side.
 *
 *   struct monitor_port *p = monitor_port_open(&request, &error);          before the sandbox is
 * entered monitor_port_start(p, serve, owner, &error);                   serve(owner, p) for each
 * connection monitor_port_close(p);
 */
#ifndef HW_MONITOR_PORT_H
#define HW_MONITOR_PORT_H

#include "hw/host/error.h"
#include "hw/options.h"

#include <stdbool.h>
#include <stddef.h>

struct monitor_port;
/* NULL and an error if there is no listening there. */
struct monitor_port *monitor_port_open(const struct monitor_request *r, struct error *error);
/*
 * A port at the console that a serial line has, too (MONITOR_CONSOLE): what is said goes there by
 * `write`, from the port's thread; false at the end. Lines come by the descriptor that it returns,
 * which stays the port's. Before it is started.
 */
struct port_console {
    bool (*write)(void *owner, const char *text, size_t size);
    void *owner;
};
int monitor_port_share(struct monitor_port *p, const struct port_console *console);
/* Waits for the first connection, if that is asked for. */
bool monitor_port_start(struct monitor_port *p, void (*serve)(void *owner, struct monitor_port *p),
                        void *owner, struct error *error);
/* Ends a connection; reads end, and writes fail. May be NULL. */
void monitor_port_close(struct monitor_port *p);

/* --- for `serve` --- */

enum port_news {
    PORT_LINE,     /* without its end */
    PORT_TOO_LONG, /* one is left out: it was longer than PORT_LONGEST */
    PORT_RUNG,     /* somebody has called monitor_port_ring */
    PORT_END
};
enum { PORT_LONGEST = 64 * 1024 };
/* The line stays valid until the next call. What is no text in it (a zero) is a question mark. */
enum port_news monitor_port_read(struct monitor_port *p, char **line);
/* The next byte of text as it comes, of who reads no lines; -1 at the end. */
int monitor_port_key(struct monitor_port *p);
/* Is it Telnet's? Asks the other side to send each key, and show none; waits for what comes first:
 * true if that is an answer. */
bool monitor_port_is_telnet(const struct monitor_port *p);
bool monitor_port_ask_for_keys(struct monitor_port *p);
/* False if nobody is there any more. */
bool monitor_port_write(struct monitor_port *p, const char *text, size_t size);
/* Is it a console, where the first line says that somebody has turned to it? */
bool monitor_port_is_shared(const struct monitor_port *p);
/* Is it a person's terminal, its own, the console's or a pseudo-terminal? */
bool monitor_port_is_terminal(const struct monitor_port *p);
/* Is it the user's, and the port's alone? */
bool monitor_port_has_terminal(const struct monitor_port *p);

/* From any thread. */
void monitor_port_ring(struct monitor_port *p);

#endif
