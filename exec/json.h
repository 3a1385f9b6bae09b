/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes JSON as it comes:
 *
 *   struct json j = {.to = file};
 *   json_open(&j, NULL, '{');
 *   json_number(&j, "blocks", 12);
 *   json_open(&j, "lines", '[');
 *   json_text(&j, NULL, "mov %eax,%ecx");
 *   json_close(&j, ']');
 *   json_close(&j, '}');
 *
 * `key` is NULL in lists.
 */
#ifndef EXEC_JSON_H
#define EXEC_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *to;
    bool comma; /* something stands before the next value */
    int depth;
};

void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);
void json_number(struct json *j, const char *key, uint64_t value);
/* Any bytes: those that are no ASCII are written as the code points of the same number. */
void json_text(struct json *j, const char *key, const char *text);

#endif
