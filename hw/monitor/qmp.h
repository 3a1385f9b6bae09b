/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * QEMU's machine protocol: commands and answers as JSON, and events. Commands are a table in
 * qmp_commands.c; each runs on the cpu's thread, as the monitor's do.
 */
#ifndef HW_MONITOR_QMP_H
#define HW_MONITOR_QMP_H

#include "hw/monitor/monitor.h"

#include <jansson.h>
#include <pthread.h>

struct monitor_port;

/* One for each port, as long as there is a machine. */
struct qmp {
    struct monitor *monitor;
    struct control_listener listener;
    struct monitor_port *port;
    pthread_mutex_t lock; /* of what follows */
    bool negotiated;      /* the other side wants events */
    json_t *events;       /* that wait to be told */
};

/* Listens to the machine from then on. */
bool qmp_init(struct qmp *q, struct monitor *m, struct error *error);
void qmp_destroy(struct qmp *q);
/* A connection, until the other side has gone. */
void qmp_serve(void *qmp, struct monitor_port *p);

/* --- commands --- */

struct qmp_call {
    struct monitor *monitor;
    json_t *arguments; /* of the types that the command's row says; NULL if there are none */
    struct error *error;
    const char *error_class; /* of QEMU's; that of most if nothing is said */
};
struct qmp_command {
    const char *name;
    const char *arguments; /* that it takes, as a type's members are in qmp_types.def */
    const char *returns;   /* a type */
    /* What is returned; NULL and the error if it failed. */
    json_t *(*run)(struct qmp_call *c);
    bool answers_first; /* what happens by it is told behind the answer */
};
/* --- qmp_questions.c --- */

typedef json_t *qmp_question(struct qmp_call *c);
struct drive_view;
/* What is in a drive, as query-block and query-named-block-nodes tell of it. */
json_t *qmp_describe_image(const struct drive_view *d);
qmp_question qmp_query_chardev, qmp_query_cpus_fast, qmp_query_kvm, qmp_query_pci, qmp_query_target,
    qmp_query_uuid, qmp_query_named_block_nodes, qmp_query_blockstats, qmp_query_machines,
    qmp_query_current_machine, qmp_query_memory_size_summary, qmp_query_mice, qmp_query_none;

/* --- rings.c --- */

qmp_question qmp_ringbuf_read, qmp_ringbuf_write;

/* --- vnc.c --- */

qmp_question qmp_query_vnc, qmp_query_vnc_servers;

/* --- qmp_schema.c --- */

/* Are they of the types that the command takes, all that must be there, and no more? */
bool qmp_check_arguments(const struct qmp_command *c, json_t *arguments, struct error *error);
qmp_question qmp_query_schema;

/* The last has no name. */
extern const struct qmp_command qmp_commands[];

#endif
