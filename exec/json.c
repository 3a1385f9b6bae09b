/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See json.h. */
#include "exec/json.h"

#include <inttypes.h>

static void put_string(FILE *to, const char *text)
{
    fputc('"', to);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c < ' ' || c > '~')
            fprintf(to, "\\u%04x", c);
        else
            fputc(c, to);
    }
    fputc('"', to);
}

static void start_value(struct json *j, const char *key)
{
    if (j->comma)
        fputc(',', j->to);
    if (key || (j->depth && j->depth < 3))
        fprintf(j->to, "\n%*s", j->depth, "");
    if (key) {
        put_string(j->to, key);
        fputs(": ", j->to);
    }
    j->comma = true;
}

void json_open(struct json *j, const char *key, char bracket)
{
    start_value(j, key);
    fputc(bracket, j->to);
    j->comma = false;
    j->depth++;
}

void json_close(struct json *j, char bracket)
{
    j->depth--;
    fputc(bracket, j->to);
    j->comma = true;
    if (!j->depth)
        fputc('\n', j->to);
}

void json_number(struct json *j, const char *key, uint64_t value)
{
    start_value(j, key);
    fprintf(j->to, "%" PRIu64, value);
}

void json_text(struct json *j, const char *key, const char *text)
{
    start_value(j, key);
    put_string(j->to, text);
}
