/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options as a part of a page for man(1); see groff_man(7) for the macros. */
#include "hw/cli/man.h"

#include "hw/cli/command_line.h"

#include <string.h>

/* Text that is nothing but text: a dash is the one that is typed; a list may be broken behind a
 * comma. */
static void print_text(const char *text, size_t length, FILE *to)
{
    if (length && (*text == '.' || *text == '\''))
        fputs("\\&", to);
    for (; length--; text++)
        if (*text == '-')
            fputs("\\-", to);
        else if (*text == '\\')
            fputs("\\e", to);
        else if (*text == ',' && length)
            fputs(",\\:", to);
        else
            fputc(*text, to);
}

static void print_line(const char *text, FILE *to)
{
    print_text(text, strlen(text), to);
    fputc('\n', to);
}

/* "-machine, -M NAME" */
static void print_names(const struct setting *s, FILE *to)
{
    fputs(".TP\n", to);
    for (const char *name = s->names; name; name = strchr(name, ' ')) {
        name += *name == ' ';
        fprintf(to, "%s\\fB\\-", name == s->names ? "" : ", ");
        print_text(name, strcspn(name, " "), to);
        fputs("\\fR", to);
    }
    if (s->argument) {
        fputs(" \\fI", to);
        print_text(s->argument, strlen(s->argument), to);
        fputs("\\fR", to);
    }
    fputc('\n', to);
}

static void print_properties(const struct setting *list, FILE *to)
{
    char text[1024];
    join_properties(list, text, sizeof text);
    fputs(".br\nProperties: ", to);
    print_text(text, strlen(text), to);
    fputs(".\n", to);
}

static void print_choices(choice_fn *choices, FILE *to)
{
    char text[512];
    join_choices(choices, text, sizeof text);
    print_text(text, strlen(text), to);
    fputs(".\n", to);
}

static void print_option(const struct setting *s, FILE *to)
{
    print_names(s, to);
    if (s->help)
        print_line(s->help, to);
    if (s->choices)
        print_choices(s->choices, to);
    if (s->reason)
        print_line(s->reason, to);
    if (s->list)
        print_properties(s->list, to);
}

static bool is_described(const struct setting *s)
{
    return *s->names && s->help;
}

static bool is_silent(const struct setting *s)
{
    return !s->help && s->set != refuse_absent;
}

static bool is_refused(const struct setting *s)
{
    return s->set == refuse_absent;
}

static void print_those(bool (*are)(const struct setting *s), FILE *to)
{
    for (const struct setting *s = option_table; s->names; s++)
        if (are(s))
            print_option(s, to);
}

void man_print_options(FILE *to)
{
    for (const struct setting *s = option_table; s->names; s++)
        if (is_described(s)) {
            print_option(s, to);
        } else if (!*s->names) {
            fputs(".SS ", to);
            print_line(s->help, to);
        }
    fputs(".SS Taken as those of QEMU, changing nothing\n", to);
    print_those(is_silent, to);
    fputs(".SS Of QEMU, refused with what there is instead\n", to);
    print_those(is_refused, to);
}
