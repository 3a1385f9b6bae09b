/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/media/keys.h"

#include "tests/assert.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *sequence;
} keys[] = {
    {"enter", "\r"},     {"esc", "\033"},     {"tab", "\t"},       {"backspace", "\177"},
    {"up", "\033OA"},    {"down", "\033OB"},  {"right", "\033OC"}, {"left", "\033OD"},
    {"home", "\033OH"},  {"end", "\033OF"},   {"ins", "\033[2~"},  {"del", "\033[3~"},
    {"pgup", "\033[5~"}, {"pgdn", "\033[6~"}, {"f1", "\033OP"},    {"f2", "\033OQ"},
    {"f3", "\033OR"},    {"f4", "\033OS"},    {"f5", "\033[15~"},  {"f6", "\033[17~"},
    {"f7", "\033[18~"},  {"f8", "\033[19~"},  {"f9", "\033[20~"},  {"f10", "\033[21~"},
    {"f11", "\033[23~"}, {"f12", "\033[24~"}, {"space", " "},      {"lt", "<"},
};

static void named(const char *name, size_t length, char sequence[16])
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strlen(keys[i].name) == length && strncmp(keys[i].name, name, length) == 0) {
            snprintf(sequence, 16, "%s", keys[i].sequence);
            return;
        }
    if (length == 5 && strncmp(name, "alt-", 4) == 0)
        snprintf(sequence, 16, "\033%c", name[4]);
    else if (length == 6 && strncmp(name, "ctrl-", 5) == 0)
        snprintf(sequence, 16, "%c", name[5] & 0x1f);
    else
        ck_abort_msg("there is no key <%.*s>", (int)length, name);
}

const char *key_sequence(const char *text, char sequence[16])
{
    const char *end = *text == '<' ? strchr(text, '>') : NULL;
    if (!end) {
        snprintf(sequence, 16, "%c", *text);
        return text + 1;
    }
    named(text + 1, (size_t)(end - text) - 1, sequence);
    return end + 1;
}
