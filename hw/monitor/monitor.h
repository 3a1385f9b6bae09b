/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The monitor: commands for people, as QEMU's are spelled, that look into a machine and control it.
 *
 *   monitor_run(monitor, "info registers", to, &error);      from any thread
 *
 * A command is a row of commands.def and a function, which runs on the cpu's thread between two
 * instructions. Where lines come from is port.h's, QMP is qmp.h's.
 */
#ifndef HW_MONITOR_MONITOR_H
#define HW_MONITOR_MONITOR_H

#include "hw/control.h"
#include "hw/machine.h"
#include "hw/monitor/fingers.h"

enum { MONITOR_WORDS = 8, MONITOR_LINE = 64 * 1024 };

struct folder;
struct options;
struct outside;
struct snapshot_store;
struct timeline;

/* One in a machine. */
struct monitor {
    struct machine_parts parts;
    const struct options *options; /* that it was made from */
    struct snapshot_store *snapshots;
    struct timeline *timeline; /* NULL: this is no replay */
    struct folder *files;      /* in which those are that commands name, */
    struct folder *media;      /* and images that are put into drives; NULL: there are none, */
    const char *media_folder;  /* and what the user calls that; NULL: the current folder */
    const char *name;          /* the guest's; NULL: it has none */
    struct fingers fingers;
    unsigned pointer[2]; /* where QMP has put it */
};

/* A command as it is given. A function that fails sets the error and returns false. */
struct monitor_call {
    struct monitor *monitor;
    FILE *to;
    struct error *error;
    const char *text; /* all behind the command's name */
    const char *word[MONITOR_WORDS];
    unsigned words;
};

/* `most` of a command that takes its text as it is. */
enum { MONITOR_TEXT = ~0u };

struct monitor_command {
    const char *names; /* separated by blanks; the first is the usual one */
    const char *arguments, *help;
    unsigned least, most; /* words that it takes */
    bool (*run)(struct monitor_call *c);
};
/* In the order of the help; the last has no name. */
extern const struct monitor_command monitor_commands[];
/* What `info` tells; the same. */
extern const struct monitor_command monitor_topics[];

#define COMMAND(function, names, arguments, least, most, help)                                     \
    bool monitor_##function(struct monitor_call *c);
#define TOPIC(function, names, help) bool monitor_info_##function(struct monitor_call *c);
#include "hw/monitor/commands.def"

/*
 * What a command prints goes to `to`. False, and one line, if there is no such command, or it
 * failed; what it has printed before stands. An empty line does nothing.
 */
bool monitor_run(struct monitor *m, const char *line, FILE *to, struct error *error);
/* Of a list that ends without a name; NULL if there is none. */
const struct monitor_command *monitor_find(const struct monitor_command *list, const char *name);
/* What may stand at the end of a line that has been typed so far: commands, topics, drives. */
enum { MONITOR_CHOICES = 96 };
struct monitor_choices {
    unsigned count;
    size_t typed; /* how much of each there is already */
    char word[MONITOR_CHOICES][32];
};
/* From any thread. None: nothing is known. */
void monitor_complete(struct monitor *m, const char *line, struct monitor_choices *choices);

/* An expression at *text: numbers, $register, + - * / % & | ^ ~ and brackets; *text goes on. */
bool monitor_evaluate(struct monitor_call *c, const char **text, uint64_t *value);
/* The same, of a whole word. */
bool monitor_number(struct monitor_call *c, const char *word, uint64_t most, uint64_t *value);
/* Are there files for commands? If not, an error. */
bool monitor_has_files(const struct monitor *m, struct error *error);
/* Where a line leads to, for people and programs. */
const char *monitor_place(const struct monitor *m, const struct outside *o);
/* The chip of that kind, the first or further ones; NULL: there is none. */
void *monitor_chip(const struct monitor *m, const struct device *kind, unsigned number);

#endif
