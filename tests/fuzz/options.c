/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of a command line, one a line. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "hw/cli/command_line.h"

enum { WORDS = 24 };

static int split(char *text, char *argv[WORDS])
{
    int argc = 1;

    argv[0] = "tessera";
    for (char *word = text; word && argc < WORDS; argc++) {
        char *end = strchr(word, '\n');
        argv[argc] = word;
        if (end)
            *end++ = 0;
        word = end;
    }
    return argc;
}

void fuzz_options(const uint8_t *bytes, size_t size)
{
    char *text = calloc(1, size + 1), *argv[WORDS];
    struct options options;
    struct error error;

    if (!text)
        abort();
    memcpy(text, bytes, size);
    if (!options_parse(&options, split(text, argv), argv, &error) && !strlen(error.text))
        abort();
    options_free(&options);
    free(text);
    log_mask = 0;
}
