/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a debugger's requests do, on the cpu's thread; how they come and go is server.c's.
 */
#ifndef HW_GDB_TARGET_H
#define HW_GDB_TARGET_H

#include "exec/stops.h"
#include "hw/monitor/monitor.h"

enum {
    GDB_PACKET = 0x4000, /* bytes of a request's or an answer's text */
    GDB_PACKET_DIGITS = 4,
};

struct gdb_target {
    struct monitor *monitor; /* and the machine's parts */
    char *description;       /* XML, of the processor as it was when the debugger came */
    bool told;               /* of `stop`, by exec_on_stop: it is what the guest stopped for */
    struct stop stop;
};

/* What comes of a request beside its answer. */
enum gdb_next { GDB_ANSWERED, GDB_RUNS, GDB_DETACHED, GDB_KILLED };

struct gdb_request {
    struct gdb_target *target;
    char *text; /* ends with a zero, and may have others */
    size_t size;
    char answer[GDB_PACKET + 1];
    size_t length;
    enum gdb_next next;
};

/* Stops the guest for a debugger that comes, and lets it go on without one. */
void gdb_attach(struct gdb_target *t);
void gdb_detach(struct gdb_target *t);
/* GDB_RUNS: the guest goes on, and gdb_tell_stop answers when it has stopped. */
void gdb_serve(struct gdb_request *r);
/* Why it has stopped. */
void gdb_tell_stop(struct gdb_request *r);

/* --- registers.c --- */

/* An XML document; NULL if the host has no room. Freed by the caller. */
char *gdb_describe(struct exec *e);
/* Number n from 0, in hexadecimal; false if there is none. */
bool gdb_get_register(struct exec *e, unsigned n, char *to, size_t *digits);
/* `text` goes on behind the digits. False if they are not as many, or the value is refused. */
bool gdb_set_register(struct exec *e, unsigned n, const char **text);

/* --- digits --- */

/* As many bytes as there are pairs of digits, at most `most`; `text` goes on. */
size_t gdb_from_hex(const char **text, void *to, size_t most);
void gdb_to_hex(const void *from, size_t size, char *to);
/* A number of at least one digit; false if there is none, or it is above `most`. */
bool gdb_number(const char **text, uint64_t most, uint64_t *value);

#endif
