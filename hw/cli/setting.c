/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be set by the command line: values, lists of properties, and setters for many. */
#include "hw/cli/setting.h"

#include "hw/host/list.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool refuse(const struct given *g, const char *format, ...)
{
    char why[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    if (!g->word)
        return error_set(g->error, "%s: %s", g->option, why);
    return error_set(g->error, "%s%c%s: %s", g->option, g->separator, g->word, why);
}

bool is_among(const char *words, char separator, const char *word, size_t length)
{
    for (; words; words = strchr(words, separator), words = words ? words + 1 : NULL)
        if (strncmp(words, word, length) == 0 && (!words[length] || words[length] == separator))
            return true;
    return false;
}

const struct setting *find_setting(const struct setting *list, const char *name, size_t length)
{
    for (; list->names; list++)
        if (length && is_among(list->names, ' ', name, length))
            return list;
    return NULL;
}

/* --- values --- */

/* Digits behind a point, if there is one, as a fraction of `scale`; 9 of them count. */
static uint64_t parse_fraction(const char **text, uint64_t *scale)
{
    uint64_t digits = 0;
    *scale = 1;
    if (**text != '.')
        return 0;
    while (isdigit((unsigned char)*++*text))
        if (*scale < 1000000000) {
            digits = digits * 10 + (uint64_t)(**text - '0');
            *scale *= 10;
        }
    return digits;
}

bool parse_size(const char *text, uint64_t unit, uint64_t *size)
{
    static const char units[] = "BKMGT";
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    uint64_t fraction = 0, scale = 1;
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    errno = 0;
    unsigned long long n = strtoull(text, &end, hex ? 16 : 10);
    const char *rest = end;
    if (!hex)
        fraction = parse_fraction(&rest, &scale);
    const char *u = *rest ? strchr(units, toupper((unsigned char)*rest)) : NULL;
    if (u) {
        unit = (uint64_t)1 << 10 * (u - units);
        rest++;
    }
    *size = n * unit + fraction * unit / scale;
    return !errno && !*rest && n < UINT64_MAX / unit;
}

bool parse_number(const char *text, unsigned long most, unsigned long *value)
{
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    errno = 0;
    *value = strtoul(text, &end, 0);
    return !errno && !*end && *value <= most;
}

void join_properties(const struct setting *list, char *to, size_t size)
{
    for (size_t used = 0; list->names && used < size; list++)
        used += (size_t)snprintf(to + used, size - used, "%s%.*s=%s", used ? ", " : "",
                                 (int)strcspn(list->names, " "), list->names, list->argument);
}

void join_choices(choice_fn *choices, char *to, size_t size)
{
    size_t used = 0;
    *to = '\0';
    for (unsigned i = 0; choices(i) && used < size; i++)
        used += (size_t)snprintf(to + used, size - used, "%s%s", i ? ", " : "", choices(i));
}

/* --- lists --- */

/* `unnamed`: the setting of an item that is a value alone; NULL if it is to be a switch. */
static bool set_property(const struct given *list, const struct setting *properties, char *item,
                         const struct setting *unnamed)
{
    struct given g = *list;
    size_t length = strcspn(item, "=");
    char names[512] = "none";
    g.word = item;
    g.value = item[length] ? item + length + 1 : unnamed ? item : "on";
    g.setting = item[length] || !unnamed ? find_setting(properties, item, length) : unnamed;
    if (g.setting)
        return g.setting->set(&g);
    join_properties(properties, names, sizeof names);
    return refuse(&g, "no such property; there is %s", names);
}

static bool set_each(const struct given *g, const char *text, const struct setting *properties,
                     const struct setting *unnamed)
{
    bool good = true;
    for (const char *rest = text; rest && good; unnamed = NULL) {
        char *item = pool_allocate(&g->options->pool, strlen(rest) + 1);
        if (!item)
            return refuse(g, "the host is out of memory");
        rest = list_next(rest, item);
        good = set_property(g, properties, item, unnamed);
    }
    return good;
}

bool list_instead(const struct given *g, enum help_list listing)
{
    g->options->listing = listing;
    return true;
}

bool set_properties(const struct given *g, const char *text, const struct setting *properties)
{
    return set_each(g, text, properties, NULL);
}

bool set_rest(const struct given *g, size_t length, const struct setting *properties)
{
    struct given rest = *g;
    rest.separator = ' ';
    return !g->value[length] || set_properties(&rest, g->value + length + 1, properties);
}

bool set_list(const struct given *g)
{
    return set_each(g, g->value, g->setting->list, g->setting->list);
}

/* --- setters --- */

static void *field(const struct given *g)
{
    return (char *)g->options + g->setting->field;
}

bool set_flag(const struct given *g)
{
    return *(bool *)field(g) = true;
}

bool unset_flag(const struct given *g)
{
    *(bool *)field(g) = false;
    return true;
}

bool set_switch(const struct given *g)
{
    bool on = strcmp(g->value, "on") == 0;
    *(bool *)field(g) = on;
    return on || strcmp(g->value, "off") == 0 || refuse(g, "not on or off");
}

bool set_bits(const struct given *g)
{
    *(unsigned *)field(g) |= (unsigned)g->setting->number;
    return true;
}

bool set_number(const struct given *g)
{
    unsigned long value;
    if (!parse_number(g->value, g->setting->number, &value))
        return refuse(g, "not a number from 0 to %#lx", g->setting->number);
    *(unsigned *)field(g) = (unsigned)value;
    return true;
}

bool set_text(const struct given *g)
{
    *(const char **)field(g) = g->value;
    return true;
}

bool set_path(const struct given *g)
{
    return *g->value ? set_text(g) : error_set(g->error, "%s needs the name of a file", g->option);
}

bool set_nothing(const struct given *g)
{
    (void)g;
    return true;
}

bool set_only(const struct given *g)
{
    const struct setting *s = g->setting;
    return is_among(s->argument, '|', g->value, strlen(g->value)) ||
           refuse(g, "%s (only %s is taken)", s->reason, s->argument);
}

bool refuse_absent(const struct given *g)
{
    return refuse(g, "%s", g->setting->reason);
}
