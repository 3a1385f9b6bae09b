/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * helpers.c: which undefined symbols an op may use. With a list, what is on it. Without, any but
 * reserved names (C17, 7.1.3): what a compiler slips in bears one of those, since all others are
 * the programmer's.
 */
#include "dyngen/model.h"
#include <dlfcn.h>
#include <gnu/lib-names.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct texts {
    const char **text;
    size_t count, room;
};
static struct texts prefixes, names, functions;
static bool names_given;

static void add_text(struct texts *list, const char *text)
{
    if (list->count == list->room) {
        size_t room = list->room * 2 + 64;
        const char **more = take(room, sizeof *more);
        if (list->count)
            memcpy(more, list->text, list->count * sizeof *more);
        list->text = more;
        list->room = room;
    }
    list->text[list->count++] = text;
}

void helpers_allow_prefix(const char *prefix)
{
    add_text(&prefixes, prefix);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool helpers_allow_file(const char *file)
{
    FILE *f = fopen(file, "r");
    if (!f) {
        complain("%s: the list of helpers cannot be read", file);
        return false;
    }
    char line[512];
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, " \t\r\n#")] = 0;
        char *parentheses = strstr(line, "()");
        if (parentheses)
            *parentheses = 0;
        if (!*line)
            continue;
        add_text(&names, take_text(line));
        if (parentheses)
            add_text(&functions, take_text(line));
    }
    fclose(f);
    if (names.count)
        qsort(names.text, names.count, sizeof *names.text, by_text);
    names_given = true;
    return true;
}

bool helper_is_function(const char *name)
{
    for (size_t i = 0; i < functions.count; i++)
        if (!strcmp(functions.text[i], name))
            return true;
    return false;
}

/* Do the host's C and mathematics libraries have it? Their names are the implementation's, too. */
static bool is_library_name(const char *name)
{
    static void *libraries[2];
    static const char *const files[2] = {LIBC_SO, LIBM_SO};
    bool has = false;
    for (int i = 0; i < 2; i++) {
        if (!libraries[i])
            libraries[i] = dlopen(files[i], RTLD_LAZY | RTLD_LOCAL);
        has |= libraries[i] && dlsym(libraries[i], name);
    }
    return has;
}

bool helper_is_reserved(const char *name)
{
    return name[0] == '_' || is_library_name(name);
}

const char *helper_advice(const char *name)
{
    static const struct {
        const char *start, *advice;
    } known[] = {
        {"__stack_chk_", "compile ops with -fno-stack-protector"},
        {"__morestack", "compile ops without -fsplit-stack"},
        {"mcount", "compile ops without -pg"},
        {"__fentry__", "compile ops without -pg"},
        {"__cyg_profile_", "compile ops without -finstrument-functions"},
        {"__gcov_", "compile ops without --coverage and -fprofile-*"},
        {"__llvm_", "compile ops without --coverage, -fprofile-* and -mretpoline"},
        {"__prof", "compile ops without -fprofile-*"},
        {"__sancov_", "compile ops without -fsanitize-coverage"},
        {"__asan_", "compile ops without -fsanitize"},
        {"__hwasan_", "compile ops without -fsanitize"},
        {"__msan_", "compile ops without -fsanitize"},
        {"__tsan_", "compile ops without -fsanitize"},
        {"__ubsan_", "compile ops without -fsanitize"},
        {"__sanitizer_", "compile ops without -fsanitize"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strncmp(name, known[i].start, strlen(known[i].start)))
            return known[i].advice;
    for (size_t i = 0; hosts[i]; i++)
        if (hosts[i]->symbol_advice(name))
            return hosts[i]->symbol_advice(name);
    return NULL;
}

bool helper_known(const char *name)
{
    if (!names_given && !prefixes.count)
        return !helper_is_reserved(name);
    for (size_t i = 0; i < prefixes.count; i++)
        if (!strncmp(name, prefixes.text[i], strlen(prefixes.text[i])))
            return true;
    return names.count && bsearch(&name, names.text, names.count, sizeof *names.text, by_text);
}

/* Can the name stand in the output, between quotes and in a comment? */
bool helper_name_ok(const char *name)
{
    for (const char *p = name; *p; p++)
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
              *p == '_' || *p == '.' || *p == '$' || *p == '@'))
            return false;
    return *name;
}
