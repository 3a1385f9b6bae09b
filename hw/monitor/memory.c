/* SPDX-License-Identifier: GPL-3.0-or-later */
/* x, xp and print: what is in memory, in gdb's formats. */
#include "hw/monitor/monitor.h"

#include "exec/inspect.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_UNITS = 65536, LONGEST_INSTRUCTION = 16 };

struct format {
    unsigned count;
    char kind;     /* x d u o c i */
    unsigned size; /* 0: not said */
};

static unsigned size_of(char letter)
{
    return letter == 'b' ? 1 : letter == 'h' ? 2 : letter == 'w' ? 4 : letter == 'g' ? 8 : 0;
}

/* "/10xw"; what is not said stays as it is. */
static bool parse_format(struct monitor_call *c, const char **text, struct format *f)
{
    const char *at = *text;
    if (*at != '/')
        return true;
    if (isdigit((unsigned char)*++at)) {
        char *end;
        unsigned long count = strtoul(at, &end, 10);
        if (!count || count > MOST_UNITS)
            return error_set(c->error, "%.*s: not a count from 1 to %d", (int)(end - at), at,
                             MOST_UNITS);
        f->count = (unsigned)count;
        at = end;
    }
    for (; *at && *at != ' ' && *at != '\t'; at++)
        if (size_of(*at))
            f->size = size_of(*at);
        else if (strchr("xduoci", *at))
            f->kind = *at;
        else
            return error_set(c->error, "%c: not a format (x d u o c i) or a size (b h w g)", *at);
    *text = at;
    return true;
}

static void print_char(FILE *to, uint8_t c)
{
    if (c >= ' ' && c < 0x7f && c != '\'' && c != '\\')
        fprintf(to, "'%c'", c);
    else
        fprintf(to, "'\\x%02x'", c);
}

static int64_t sign_extend(uint64_t value, unsigned size)
{
    unsigned shift = 64 - 8 * size;
    return (int64_t)(value << shift) >> shift;
}

static void print_value(FILE *to, const struct format *f, uint64_t value)
{
    switch (f->kind) {
    case 'd':
        fprintf(to, "%" PRId64, sign_extend(value, f->size));
        break;
    case 'u':
        fprintf(to, "%" PRIu64, value);
        break;
    case 'o':
        fprintf(to, "0%" PRIo64, value);
        break;
    case 'c':
        print_char(to, (uint8_t)value);
        break;
    default:
        fprintf(to, "0x%0*" PRIx64, (int)f->size * 2, value);
    }
}

/* --- memory --- */

struct view {
    struct monitor_call *call;
    bool physical;
    uint64_t address;
};

static size_t peek(const struct view *v, uint64_t address, void *to, size_t size)
{
    const struct machine_parts *p = &v->call->monitor->parts;
    return v->physical ? exec_peek_physical(p->memory, address, to, size)
                       : exec_peek(p->exec, (uint32_t)address, to, size);
}

static uint64_t wrap(const struct view *v, uint64_t address)
{
    return v->physical ? address : (uint32_t)address;
}

/* Why nothing can be read there. */
static bool nothing_at(const struct view *v, uint64_t address)
{
    struct mapping m = {.present = true, .physical = address};
    if (!v->physical)
        m = exec_mapping(v->call->monitor->parts.exec, (uint32_t)address);
    if (!m.present)
        return error_set(v->call->error, "%08" PRIx64 ": not mapped", address);
    return error_set(v->call->error, "%08" PRIx64 ": no memory is there (physical %08" PRIx64 ")",
                     address, m.physical);
}

static bool print_units(const struct view *v, const struct format *f)
{
    unsigned in_line = f->kind == 'c' ? 8 : 16 / f->size;
    FILE *to = v->call->to;
    for (unsigned i = 0; i < f->count; i++) {
        uint64_t value = 0, at = wrap(v, v->address + (uint64_t)i * f->size);
        if (peek(v, at, &value, f->size) < f->size) {
            fputs(i ? "\n" : "", to);
            return nothing_at(v, at);
        }
        if (i % in_line == 0)
            fprintf(to, "%s%08" PRIx64 ":", i ? "\n" : "", at);
        putc(' ', to);
        print_value(to, f, value);
    }
    putc('\n', to);
    return true;
}

struct listing {
    FILE *to;
    size_t size; /* of the first instruction; 0: there is none yet */
};

static void print_first(void *listing, uint64_t address, size_t size, const char *text)
{
    struct listing *l = listing;
    if (!l->size)
        fprintf(l->to, "%08" PRIx64 ":  %s\n", address, text);
    l->size = l->size ? l->size : size;
}

static bool print_instructions(const struct view *v, unsigned count)
{
    const struct isa *isa = exec_isa(v->call->monitor->parts.exec);
    for (uint64_t at = v->address; count--;) {
        uint8_t bytes[LONGEST_INSTRUCTION] = {0};
        struct listing l = {.to = v->call->to};
        size_t n = peek(v, at, bytes, sizeof bytes);
        if (n)
            disassemble(isa, bytes, at, n, print_first, &l);
        if (!l.size)
            return nothing_at(v, at);
        at = wrap(v, at + l.size);
    }
    return true;
}

static bool examine(struct monitor_call *c, bool physical)
{
    struct format f = {1, 'x', 0};
    struct view v = {c, physical, 0};
    const char *text = c->text;
    if (!parse_format(c, &text, &f) || !monitor_evaluate(c, &text, &v.address))
        return false;
    if (*text || (!physical && v.address >> 32))
        return error_set(c->error, "%s: not an address", c->text);
    if (!f.size)
        f.size = f.kind == 'c' ? 1 : 4;
    return f.kind == 'i' ? print_instructions(&v, f.count) : print_units(&v, &f);
}

bool monitor_x(struct monitor_call *c)
{
    return examine(c, false);
}

bool monitor_xp(struct monitor_call *c)
{
    return examine(c, true);
}

bool monitor_print(struct monitor_call *c)
{
    struct format f = {1, 'x', 8};
    const char *text = c->text;
    uint64_t value;
    if (!parse_format(c, &text, &f) || !monitor_evaluate(c, &text, &value))
        return false;
    if (*text)
        return error_set(c->error, "%s: not an expression", c->text);
    if (f.kind == 'x' || f.kind == 'i')
        fprintf(c->to, "%#" PRIx64, value);
    else
        print_value(c->to, &f, value);
    putc('\n', c->to);
    return true;
}
