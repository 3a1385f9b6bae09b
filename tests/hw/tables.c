/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See tables.h. */
#include "tests/hw/tables.h"

#include "tests/assert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void tables_add(struct tables *all, const struct state_table *t)
{
    for (unsigned i = 0; i < all->count; i++)
        if (all->table[i] == t)
            return;
    ck_assert_uint_lt(all->count, TABLES);
    all->table[all->count++] = t;
    for (const struct state_field *f = t->fields; f->name; f++)
        if (f->type == STATE_STRUCT)
            tables_add(all, f->of);
}

static bool has_row(const struct state_table *t, size_t offset)
{
    for (const struct state_field *f = t->fields; f->name; f++)
        if (f->offset == offset)
            return true;
    return false;
}

/*
 * What gdb says of the structs, a line each for a member, members of members deeper by four blanks:
 *
 *     / *     40      |       4 * /    unsigned int behind;
 */
static FILE *ask_for_structs(const struct tables *all)
{
    char command[8192];
    size_t n =
        (size_t)snprintf(command, sizeof command,
                         "gdb -nx -batch -ex 'set max-value-size unlimited' </dev/null 2>&1");
    for (unsigned i = 0; i < all->count; i++)
        n += (size_t)snprintf(command + n, sizeof command - n,
                              " -ex 'echo struct %u\\n' -ex 'ptype/o struct %s'", i,
                              all->table[i]->name);
    n += (size_t)snprintf(command + n, sizeof command - n, " /proc/%d/exe", getpid());
    ck_assert_uint_lt(n, sizeof command);
    return popen(command, "r"); // NOLINT(bugprone-command-processor)
}

enum { TEXT = 31 }; /* where a member of the struct itself begins */

/* The member's text if the line is that of one of the struct itself, not of a member's. */
static const char *own_member(const char *line, size_t *offset)
{
    char *end;
    if (strncmp(line, "/*", 2) != 0 || strlen(line) <= TEXT || line[TEXT] == ' ')
        return NULL;
    *offset = strtoul(line + 2, &end, 10);
    return end > line + 2 && strncmp(line + TEXT, "} ", 2) != 0 ? line + TEXT : NULL;
}

/* Is it the last of a struct, with the size that its table says? */
static bool is_end_of(const char *line, const struct state_table *t)
{
    size_t size;
    return strlen(line) > TEXT && sscanf(line + TEXT, "/* total size (bytes): %zu", &size) == 1 &&
           size == t->size;
}

unsigned tables_find_missing(const struct tables *all, char *missing, size_t size)
{
    char line[512];
    unsigned members = 0, number = 0, ends = 0;
    size_t offset = 0, used = 0;
    FILE *f = ask_for_structs(all);
    ck_assert_ptr_nonnull(f);
    *missing = '\0';
    while (fgets(line, sizeof line, f)) {
        const char *member = own_member(line, &offset);
        ends += number < all->count && is_end_of(line, all->table[number]);
        if (sscanf(line, "struct %u", &number) == 1 || !member)
            continue;
        members++;
        if (number < all->count && !has_row(all->table[number], offset) && used < size)
            used += (size_t)snprintf(missing + used, size - used, "%s: %s",
                                     all->table[number]->name, member);
    }
    ck_assert_int_eq(pclose(f), 0);
    ck_assert_uint_eq(ends, all->count);
    return members;
}
