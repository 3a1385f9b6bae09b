/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gdb's remote protocol (its manual, appendix E) for the guest: `target remote :1234`.
 *
 *   gdb_open(&server, where, monitor, &error);   the machine has been started, the sandbox not yet
 *   gdb_close(server);                           before the machine is destroyed
 *
 * The monitor does gdb's `monitor COMMAND`, and knows the machine. Whoever comes stops the guest;
 * whoever goes lets it go on, without stops. One at a time. Breakpoints and memory are by linear
 * addresses; what `pc` is with segments is said in exec/i386/registers.c.
 */
#ifndef HW_GDB_GDB_H
#define HW_GDB_GDB_H

#include "hw/monitor/monitor.h"

struct gdb_server;
/*
 * `where` is "HOST:PORT", or ":PORT" for this host's own; which port 0 has become is said on
 * standard error. On failure, too, what is in *server is to be closed.
 */
bool gdb_open(struct gdb_server **server, const char *where, struct monitor *monitor,
              struct error *error);
/* Says that the guest has ended, to whoever is there. May be NULL. */
void gdb_close(struct gdb_server *server);

#endif
