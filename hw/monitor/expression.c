/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values that commands take: C's operators on 64 bits, and registers behind a dollar sign. */
#include "hw/monitor/monitor.h"

#include "exec/inspect.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 64 }; /* brackets within each other, and signs in a row */

struct parser {
    struct monitor_call *call;
    const char *at;
    unsigned depth;
};

static bool expression(struct parser *p, int least, uint64_t *value);

static void skip(struct parser *p)
{
    p->at += strspn(p->at, " \t");
}

static bool number(struct parser *p, uint64_t *value)
{
    char *end;
    errno = 0;
    *value = strtoull(p->at, &end, 0);
    if (errno)
        return error_set(p->call->error, "%.20s: larger than 64 bits", p->at);
    p->at = end;
    return !isalnum((unsigned char)*end) || error_set(p->call->error, "%.20s: not a number", p->at);
}

/* "$pc" */
static bool name(struct parser *p, uint64_t *value)
{
    char text[16];
    size_t length = 0;
    for (p->at++; isalnum((unsigned char)*p->at) || *p->at == '_' || *p->at == '.'; p->at++)
        if (length < sizeof text - 1)
            text[length++] = (char)tolower((unsigned char)*p->at);
    text[length] = 0;
    return exec_register(p->call->monitor->parts.exec, text, value) ||
           error_set(p->call->error, "$%s: there is no such register", text);
}

static bool in_brackets(struct parser *p, uint64_t *value)
{
    p->at++;
    if (!expression(p, 0, value))
        return false;
    skip(p);
    return *p->at == ')' ? p->at++, true : error_set(p->call->error, "a bracket is not closed");
}

static bool operand(struct parser *p, uint64_t *value)
{
    skip(p);
    char c = *p->at;
    *value = 0;
    if (isdigit((unsigned char)c))
        return number(p, value);
    if (c == '$')
        return name(p, value);
    if (p->depth == DEEPEST)
        return error_set(p->call->error, "more than %d brackets and signs", DEEPEST);
    p->depth++;
    bool good = false;
    if (c == '(') {
        good = in_brackets(p, value);
    } else if (c == '-' || c == '~' || c == '+') {
        p->at++;
        good = operand(p, value);
        *value = c == '-' ? -*value : c == '~' ? ~*value : *value;
    } else {
        error_set(p->call->error, "%s: a number or a register is missing", *p->at ? p->at : "end");
    }
    p->depth--;
    return good;
}

/* Of binary operators, from those that bind least; -1: it is none. */
static int strength(char c)
{
    static const char *const levels[] = {"|", "^", "&", "+-", "*/%"};
    for (int i = 0; c && i < (int)(sizeof levels / sizeof *levels); i++)
        if (strchr(levels[i], c))
            return i;
    return -1;
}

static bool apply(struct parser *p, char c, uint64_t *value, uint64_t other)
{
    switch (c) {
    case '|':
        *value |= other;
        return true;
    case '^':
        *value ^= other;
        return true;
    case '&':
        *value &= other;
        return true;
    case '+':
        *value += other;
        return true;
    case '-':
        *value -= other;
        return true;
    case '*':
        *value *= other;
        return true;
    default:
        if (!other)
            return error_set(p->call->error, "division by zero");
        *value = c == '/' ? *value / other : *value % other;
        return true;
    }
}

/* Operators that bind at least so. */
static bool expression(struct parser *p, int least, uint64_t *value)
{
    if (!operand(p, value))
        return false;
    for (;;) {
        uint64_t other;
        skip(p);
        char c = *p->at;
        int own = strength(c);
        if (own < least)
            return true;
        p->at++;
        if (!expression(p, own + 1, &other) || !apply(p, c, value, other))
            return false;
    }
}

bool monitor_evaluate(struct monitor_call *c, const char **text, uint64_t *value)
{
    struct parser p = {.call = c, .at = *text};
    bool good = expression(&p, 0, value);
    *text = p.at;
    return good;
}
