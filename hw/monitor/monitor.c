/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a line to a command: see monitor.h. */
#include "hw/monitor/monitor.h"

#include <stdlib.h>
#include <string.h>

/* --- the tables --- */

#define COMMAND(function, names, arguments, least, most, help)                                     \
    {names, arguments, help, least, most, monitor_##function},
#define TOPIC(function, names, help)
const struct monitor_command monitor_commands[] = {
#include "hw/monitor/commands.def"
    {0},
};

#define COMMAND(function, names, arguments, least, most, help)
#define TOPIC(function, names, help) {names, "", help, 0, 0, monitor_info_##function},
const struct monitor_command monitor_topics[] = {
#include "hw/monitor/commands.def"
    {0},
};

static bool is_called(const struct monitor_command *command, const char *name, size_t length)
{
    for (const char *n = command->names; *n; n += strspn(n, " ")) {
        size_t own = strcspn(n, " ");
        if (own == length && strncmp(n, name, length) == 0)
            return true;
        n += own;
    }
    return false;
}

static const struct monitor_command *find(const struct monitor_command *list, const char *name,
                                          size_t length)
{
    while (list->names && !is_called(list, name, length))
        list++;
    return list->names ? list : NULL;
}

const struct monitor_command *monitor_find(const struct monitor_command *list, const char *name)
{
    return find(list, name, strlen(name));
}

/* --- a line --- */

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* Takes a word, or one in quotes, out of *text, which is changed. */
static bool take_word(struct monitor_call *c, char **text)
{
    char *word = *text, *end = word + strcspn(word, " \t");
    if (*word == '"') {
        end = strchr(++word, '"');
        if (!end)
            return error_set(c->error, "a quote that does not end");
    }
    c->word[c->words++] = word;
    *text = end;
    if (*end) {
        *end = 0;
        (*text)++;
    }
    *text += strspn(*text, " \t");
    return true;
}

static bool split(struct monitor_call *c, char *text)
{
    while (*text) {
        if (c->words == MONITOR_WORDS)
            return error_set(c->error, "more words than any command takes");
        if (!take_word(c, &text))
            return false;
    }
    return true;
}

static bool refuse_words(const struct monitor_command *command, struct error *error)
{
    int length = (int)strcspn(command->names, " ");
    return error_set(error, "usage: %.*s %s", length, command->names, command->arguments);
}

static bool run(const struct monitor_command *command, struct monitor_call *c, char *text)
{
    if (command->most == MONITOR_TEXT)
        return *text || !command->least ? command->run(c) : refuse_words(command, c->error);
    if (!split(c, text))
        return false;
    if (c->words < command->least || c->words > command->most)
        return refuse_words(command, c->error);
    return command->run(c);
}

/* What the cpu's thread is asked to do. */
struct job {
    struct monitor_call call;
    const struct monitor_command *command;
    char *text;
    bool done;
};

static void do_job(void *job)
{
    struct job *j = job;
    j->done = run(j->command, &j->call, j->text);
}

/* `text` is a copy of what stands behind the name. */
static bool ask(struct monitor *m, const struct monitor_command *command, char *text, FILE *to,
                struct error *error)
{
    struct job job = {
        .call = {.monitor = m, .to = to, .error = error, .text = text},
        .command = command,
        .text = text,
    };
    if (!control_call(m->parts.control, do_job, &job))
        return error_set(error, "the machine has come to its end");
    return job.done;
}

/* A name ends where a format begins, too: "x/10i". */
bool monitor_run(struct monitor *m, const char *line, FILE *to, struct error *error)
{
    const char *name = skip_blanks(line);
    size_t length = strcspn(name, " \t/");
    const struct monitor_command *command = find(monitor_commands, name, length);
    if (!*name)
        return true;
    if (!command)
        return error_set(error, "%.*s: no such command; help lists them", (int)strcspn(name, " \t"),
                         name);
    char *text = strdup(skip_blanks(name + length));
    if (!text)
        return error_set(error, "the host is out of memory");
    bool done = ask(m, command, text, to, error);
    free(text);
    return done;
}

bool monitor_number(struct monitor_call *c, const char *word, uint64_t most, uint64_t *value)
{
    const char *rest = word;
    if (!monitor_evaluate(c, &rest, value))
        return false;
    return (!*rest && *value <= most) ||
           error_set(c->error, "%s: not a number up to %" PRIu64, word, most);
}

void *monitor_chip(const struct monitor *m, const struct device *kind, unsigned number)
{
    const struct devices *d = m->parts.devices;
    for (unsigned i = 0; i < d->count; i++)
        if (d->entry[i].device == kind && d->entry[i].number == number)
            return d->entry[i].chip;
    return NULL;
}

bool monitor_has_files(const struct monitor *m, struct error *error)
{
    return m->files || error_set(error, "no files are open to a debugger alone (-monitor lets "
                                        "commands have them)");
}

/* --- help --- */

static void print_usage(const struct monitor_command *command, FILE *to)
{
    int width = fprintf(to, "%.*s %s", (int)strcspn(command->names, " "), command->names,
                        command->arguments);
    fprintf(to, "%*s%s\n", width < 28 ? 28 - width : 1, "", command->help);
}

static void print_all(const struct monitor_command *list, FILE *to)
{
    for (; list->names; list++)
        print_usage(list, to);
}

bool monitor_help(struct monitor_call *c)
{
    const struct monitor_command *command =
        c->words ? monitor_find(monitor_commands, c->word[0]) : NULL;
    if (c->words && !command)
        return error_set(c->error, "%s: no such command; help lists them", c->word[0]);
    if (command)
        print_usage(command, c->to);
    else
        print_all(monitor_commands, c->to);
    if (command && command->run == monitor_info)
        print_all(monitor_topics, c->to);
    return true;
}

bool monitor_info(struct monitor_call *c)
{
    const struct monitor_command *topic =
        c->words ? monitor_find(monitor_topics, c->word[0]) : NULL;
    if (topic)
        return topic->run(c);
    if (c->words)
        return error_set(c->error, "info %s: no such topic; info lists them", c->word[0]);
    print_all(monitor_topics, c->to);
    return true;
}
