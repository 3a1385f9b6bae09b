/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may stand next in a line: see monitor_complete. */
#include "hw/monitor/drives.h"
#include "hw/monitor/monitor.h"

#include <string.h>

struct completion {
    struct monitor *monitor;
    const char *start; /* what has been typed of the word */
    struct monitor_choices *choices;
};

static void offer(struct completion *c, const char *word, size_t length)
{
    struct monitor_choices *to = c->choices;
    if (to->count == MONITOR_CHOICES || length >= sizeof *to->word ||
        strncmp(word, c->start, to->typed) != 0)
        return;
    memcpy(to->word[to->count], word, length);
    to->word[to->count++][length] = 0;
}

static void offer_names(struct completion *c, const struct monitor_command *list)
{
    for (; list->names; list++)
        offer(c, list->names, strcspn(list->names, " "));
}

static void offer_commands(struct completion *c)
{
    offer_names(c, monitor_commands);
}

static void offer_topics(struct completion *c)
{
    offer_names(c, monitor_topics);
}

static void offer_drives_there(void *completion)
{
    struct completion *c = completion;
    struct drive_view d;
    for (unsigned i = 0; drive_number(c->monitor, i, &d); i++)
        offer(c, d.name, strlen(d.name));
}

static void offer_drives(struct completion *c)
{
    control_call(c->monitor->parts.control, offer_drives_there, c);
}

/* By what a command's usage calls its words. */
static const struct kind {
    const char *called;
    void (*offer)(struct completion *c);
} kinds[] = {{"COMMAND", offer_commands}, {"TOPIC", offer_topics}, {"DRIVE", offer_drives}};

/* Does a usage's word, "[-f]" or "[COMMAND]", read so? */
static bool reads(const char *usage, size_t length, const char *text, size_t size)
{
    if (*usage == '[' && length > 2) {
        usage++;
        length -= 2;
    }
    return length == size && strncmp(usage, text, size) == 0;
}

/* The next word of *text, which goes on behind it; its length. */
static size_t next_word(const char **text, const char **word)
{
    *word = *text + strspn(*text, " \t");
    size_t length = strcspn(*word, " \t");
    *text = *word + length;
    return length;
}

/* Goes through `words`, all complete, beside the usage, of which an option may be left out. */
static size_t usage_behind(const char *usage, const char *words, const char *end,
                           const char **expected)
{
    const char *word;
    size_t length = next_word(&usage, expected);
    for (size_t size; (size = next_word(&words, &word)) && word < end;) {
        bool is_option = strncmp(*expected, "[-", 2) == 0;
        if (is_option && !reads(*expected, length, word, size))
            next_word(&usage, expected);
        length = next_word(&usage, expected);
    }
    if (strncmp(*expected, "[-", 2) == 0)
        length = next_word(&usage, expected);
    return length;
}

static void complete_argument(struct completion *c, const char *name, size_t length)
{
    char copy[32];
    if (length >= sizeof copy)
        return;
    memcpy(copy, name, length);
    copy[length] = 0;
    const struct monitor_command *command = monitor_find(monitor_commands, copy);
    const char *expected;
    size_t size =
        command ? usage_behind(command->arguments, name + length, c->start, &expected) : 0;
    for (unsigned i = 0; size && i < sizeof kinds / sizeof *kinds; i++)
        if (reads(expected, size, kinds[i].called, strlen(kinds[i].called)))
            kinds[i].offer(c);
}

void monitor_complete(struct monitor *m, const char *line, struct monitor_choices *choices)
{
    const char *name = line + strspn(line, " \t");
    size_t length = strcspn(name, " \t");
    struct completion c = {m, line + strlen(line), choices};
    while (c.start > line && !strchr(" \t", c.start[-1]))
        c.start--;
    choices->count = 0;
    choices->typed = strlen(c.start);
    if (c.start <= name)
        offer_commands(&c);
    else
        complete_argument(&c, name, length);
}
