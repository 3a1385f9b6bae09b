/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of a kernel's command line, and the memory that they leave. */
#include "hw/pc/linux_options.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* --- words --- */

/* The end of a word: a blank, unless it is quoted. */
static size_t word_length(const char *text)
{
    bool quoted = false;
    size_t n = 0;
    for (; text[n] && (quoted || !isspace((unsigned char)text[n])); n++)
        quoted ^= text[n] == '"';
    return n;
}

/* The next word, without its quote; NULL if there is none. What follows "--" is for init. */
static const char *next_word(const char **text)
{
    const char *word = *text + strspn(*text, " \t\n");
    size_t length = word_length(word);
    *text = word + length;
    if (!length || (length == 2 && strncmp(word, "--", 2) == 0))
        return NULL;
    return word + (*word == '"');
}

/* What follows "name=", without its quote; NULL if the word is another. */
static const char *value_of(const char *word, const char *name)
{
    size_t length = strlen(name);
    if (strncmp(word, name, length) != 0 || word[length] != '=')
        return NULL;
    return word + length + 1 + (word[length + 1] == '"');
}

/* A number in C's notation and perhaps K, M, G and so on; *text goes on behind it. */
static uint64_t parse_amount(const char **text)
{
    static const char units[] = "KMGTPE";
    char *end;
    uint64_t value = strtoull(*text, &end, 0);
    const char *u = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
    if (u && end != *text) {
        value <<= 10 * (u - units + 1);
        end++;
    }
    *text = end;
    return value;
}

/* --- ranges of memory --- */

static void add(struct ranges *r, uint64_t begin, uint64_t end)
{
    if (begin < end && r->count < RANGES)
        r->range[r->count++] = (struct range){begin, end};
}

static void cut(struct ranges *r, uint64_t begin, uint64_t end)
{
    struct ranges left = {0};
    for (unsigned i = 0; i < r->count; i++) {
        const struct range *old = &r->range[i];
        add(&left, old->begin, old->end < begin ? old->end : begin);
        add(&left, old->begin > end ? old->begin : end, old->end);
    }
    *r = left;
}

/* One item of memmap=: SIZE@START is memory, SIZE$START and the like is not; SIZE is its end. */
static void apply_memmap(struct ranges *r, const char *item)
{
    if (strncmp(item, "exactmap", strlen("exactmap")) == 0) {
        r->count = 0;
        return;
    }
    const char *start = item;
    uint64_t size = parse_amount(&item);
    char kind = *item;
    if (item == start)
        return;
    if (!kind || !strchr("@#$!%", kind)) {
        cut(r, size, UINT64_MAX);
        return;
    }
    item++;
    uint64_t begin = parse_amount(&item);
    cut(r, begin, begin + size);
    if (kind == '@')
        add(r, begin, begin + size);
}

static void apply_mem(struct ranges *r, const char *value)
{
    uint64_t end = parse_amount(&value);
    if (end)
        cut(r, end, UINT64_MAX);
}

static void apply_memmaps(struct ranges *r, const char *value, const char *end)
{
    for (; value < end; value += strcspn(value, ",") + 1)
        apply_memmap(r, value);
}

void linux_options_memory(const char *line, struct ranges *r)
{
    const char *word, *value;
    while ((word = next_word(&line)))
        if ((value = value_of(word, "mem")))
            apply_mem(r, value);
        else if ((value = value_of(word, "memmap")))
            apply_memmaps(r, value, line);
}

/* --- video --- */

uint16_t linux_options_video(const char *line)
{
    static const struct {
        const char *name;
        uint16_t mode;
    } modes[] = {{"normal", VIDEO_NORMAL}, {"ext", 0xfffe}, {"ask", 0xfffd}};
    const char *word, *value;
    uint16_t mode = VIDEO_NORMAL;
    while ((word = next_word(&line))) {
        if (!(value = value_of(word, "vga")))
            continue;
        if (isdigit((unsigned char)*value))
            mode = (uint16_t)strtoul(value, NULL, 0);
        for (unsigned i = 0; i < sizeof modes / sizeof *modes; i++)
            if (strncmp(value, modes[i].name, strlen(modes[i].name)) == 0)
                mode = modes[i].mode;
    }
    return mode;
}
