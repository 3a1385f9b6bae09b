/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options about translation and the log. */
#include "hw/cli/option_setters.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool parse_jit(enum jit *jit, const char *name, size_t length)
{
    static const char *const names[] = {[JIT_TEMPLATE] = "template",
                                        [JIT_INTERP] = "interp",
                                        [JIT_IR] = "ir",
                                        [JIT_MIXED] = "mixed",
                                        [JIT_LOCKSTEP] = "lockstep"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && strncmp(names[i], name, length) == 0) {
            *jit = (enum jit)i;
            return true;
        }
    return false;
}

/* "lockstep:A,B". */
static bool parse_lockstep(struct exec_options *o, const char *text)
{
    const char *names = strchr(text, ':'), *comma = names ? strchr(names, ',') : NULL;
    return comma && parse_jit(&o->jit, text, (size_t)(names - text)) && o->jit == JIT_LOCKSTEP &&
           parse_jit(&o->lockstep[0], names + 1, (size_t)(comma - names - 1)) &&
           parse_jit(&o->lockstep[1], comma + 1, strlen(comma + 1)) && o->lockstep[0] < JIT_MIXED &&
           o->lockstep[1] < JIT_MIXED && o->lockstep[0] != o->lockstep[1];
}

/* "mixed:RUNS". */
static bool parse_mixed(struct exec_options *o, const char *text)
{
    const char *runs = strchr(text, ':');
    unsigned long value;
    if (!runs || !parse_jit(&o->jit, text, (size_t)(runs - text)) || o->jit != JIT_MIXED ||
        !parse_number(runs + 1, INT32_MAX, &value))
        return false;
    o->runs = (uint32_t)value;
    return true;
}

bool set_jit(const struct given *g)
{
    struct exec_options *o = &g->options->exec;
    o->lockstep[0] = JIT_TEMPLATE;
    o->lockstep[1] = JIT_INTERP;
    return parse_jit(&o->jit, g->value, strlen(g->value)) || parse_mixed(o, g->value) ||
           parse_lockstep(o, g->value) ||
           refuse(g, "not template, ir, interp, mixed, mixed:RUNS, lockstep or lockstep:ONE,OTHER");
}

static int by_value(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool parse_address(const char *line, uint32_t *address)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(line, &end, 16);
    *address = (uint32_t)value;
    return end != line && isspace((unsigned char)*end) && !errno && value <= UINT32_MAX;
}

/* Room for one more than `count`, which doubles. */
static bool make_room(uint32_t **blocks, size_t count)
{
    enum { FIRST = 256 };
    bool full = count == 0 || (count >= FIRST && (count & (count - 1)) == 0);
    uint32_t *more = full ? realloc(*blocks, (count ? count * 2 : FIRST) * sizeof *more) : *blocks;
    if (more)
        *blocks = more;
    return more;
}

/* Addresses, a line each; a file without an end is one of too many. */
static bool read_blocks(FILE *file, const char *name, struct options *o, struct error *error)
{
    enum { MOST = 1 << 20 };
    size_t count = 0;
    uint32_t *blocks = NULL;
    char line[64];
    bool good = true;
    while (good && fgets(line, sizeof line, file)) {
        if (count == MOST)
            good = error_set(error, "%s: more than %u addresses", name, MOST);
        else if (!make_room(&blocks, count))
            good = error_set(error, "%s: the host is out of memory", name);
        else if (!parse_address(line, &blocks[count++]))
            good = error_set(error, "%s: not a hexadecimal address on each line", name);
    }
    if (good && ferror(file))
        good = error_set(error, "%s: %s", name, strerror(errno));
    if (good && count)
        qsort(blocks, count, sizeof *blocks, by_value);
    o->exec.chosen = pool_adopt(&o->pool, blocks);
    o->exec.chosen_count = count;
    return good;
}

bool set_jit_blocks(const struct given *g)
{
    FILE *file = fopen(g->value, "re");
    if (!file)
        return error_set(g->error, "%s: %s", g->value, strerror(errno));
    bool good = read_blocks(file, g->value, g->options, g->error);
    fclose(file);
    return good;
}

bool set_jit_cache(const struct given *g)
{
    uint64_t size;
    if (!parse_size(g->value, 1024 * 1024, &size))
        return refuse(g, "not a size, such as 8M or 512M");
    if (size < 1 << 20 || size > 1 << 30)
        return refuse(g, "not between 1M and 1G");
    g->options->exec.cache_size = (size_t)size;
    return true;
}

bool set_log(const struct given *g)
{
    const char *bad = g->value;
    if (strcmp(g->value, "help") == 0)
        return list_instead(g, LIST_LOG_ITEMS);
    return log_parse(g->value, &bad) || refuse(g, "no such item: %s (help lists them)", bad);
}

const char *log_choice(unsigned i)
{
    return log_names[i].name;
}
