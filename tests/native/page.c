/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See page.h. */
#include "tests/native/page.h"
#include "exec/i386/model.h"
#include "tests/native/fatal.h"
#include "tests/native/trace.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* --- groups --- */

enum { MOST_GROUPS = 128, WIDTH = 96 };
struct group {
    const char *model, *name;
    char instructions[1024];
    u64 cases;
};
struct page {
    struct group group[MOST_GROUPS];
    unsigned groups;
};

static const char *const models[] = {"386",      "486",      "pentium", "pentium2",
                                     "pentium3", "pentium4", "max"};
enum { MODELS = sizeof models / sizeof *models };

/* The first that has it. */
static unsigned model_of(const struct entry *e)
{
    unsigned i = 0;

    while (i < MODELS - 1 && !feature_in(model_find(models[i])->features, insn_needs(e->flags)))
        i++;
    return i;
}

static const char *feature_label(enum feature feature)
{
    static const struct {
        const char *name, *label;
    } names[FEATURES] = {
#define FEATURE(name, word, bit, label) [FEATURE_##name] = {#name, label},
#include "translate/i386/features.def"
#undef FEATURE
    };
    return names[feature].label ? names[feature].label : names[feature].name;
}

static const char *group_of(const struct entry *e)
{
    static const struct {
        insn_fn *translate;
        const char *name;
    } groups[] = {
#define GROUP(translate, name) {translate, name},
#include "tests/native/groups.def"
#undef GROUP
    };

    if (insn_needs(e->flags) != FEATURE_ALWAYS)
        return feature_label(insn_needs(e->flags));
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (groups[i].translate == e->translate)
            return groups[i].name;
    return "others";
}

static struct group *find_group(struct page *p, const char *model, const char *name)
{
    struct group *g = p->group;

    while (g < p->group + p->groups && (g->model != model || strcmp(g->name, name) != 0))
        g++;
    if (g == p->group + p->groups) {
        require(p->groups < MOST_GROUPS, "too many groups");
        p->groups++;
        g->model = model;
        g->name = name;
    }
    return g;
}

/* Jcc and its like have one name for all conditions. */
static const char *suffix(const struct entry *e)
{
    return e->translate == t_jcc || e->translate == t_setcc || e->translate == t_cmov ? "cc" : "";
}

static bool has_word(const char *list, const char *word)
{
    size_t size = strlen(word);

    for (const char *at = list; (at = strstr(at, word)); at += size)
        if ((at == list || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
            return true;
    return false;
}

static void add_name(char *list, size_t room, const struct entry *e)
{
    char name[64];
    size_t used = strlen(list);

    snprintf(name, sizeof name, "%s%s", e->name, suffix(e));
    if (!has_word(list, name))
        snprintf(list + used, room - used, "%s%s", used ? " " : "", name);
}

static void make_groups(struct page *p, const struct tally *t, unsigned model)
{
    for (unsigned i = 0; i < entry_count(); i++) {
        const struct entry *e = entry_at(i);
        struct group *g;
        if (e->left_out || model_of(e) != model)
            continue;
        g = find_group(p, models[model], group_of(e));
        add_name(g->instructions, sizeof g->instructions, e);
        g->cases += t->executed[i];
    }
}

/* --- printing --- */

static void print_wrapped(FILE *to, const char *text, unsigned indent)
{
    unsigned column = indent;

    while (*text) {
        unsigned size = (unsigned)strcspn(text, " ");
        if (column > indent && column + 1 + size > WIDTH) {
            fprintf(to, "\n%*s", (int)indent, "");
            column = indent;
        }
        column += (unsigned)fprintf(to, "%s%.*s", column > indent ? " " : "", (int)size, text);
        text += size + (text[size] == ' ');
    }
    fputc('\n', to);
}

static void print_groups(FILE *to, const struct tally *t)
{
    static struct page page;

    memset(&page, 0, sizeof page);
    for (unsigned model = 0; model < MODELS; model++)
        make_groups(&page, t, model);
    fprintf(to, "%-10s%-28s%12s  %s\n", "since", "group", "cases", "instructions");
    for (unsigned i = 0; i < page.groups; i++) {
        const struct group *g = &page.group[i];
        fprintf(to, "%-10s%-28s%12" PRIu64 "  ", g->model, g->name, g->cases);
        print_wrapped(to, g->instructions, 52);
    }
}

static bool is_new(unsigned i)
{
    const struct entry *e = entry_at(i);

    for (unsigned k = 0; k < i; k++)
        if (entry_at(k)->left_out == e->left_out && !strcmp(entry_at(k)->name, e->name))
            return false;
    return true;
}

static void print_left_out(FILE *to)
{
    for (unsigned i = 0; i < entry_count(); i++) {
        const struct entry *e = entry_at(i);
        if (!e->left_out || !is_new(i))
            continue;
        fprintf(to, "%-12s", e->name);
        print_wrapped(to, e->left_out, 12);
    }
}

static void print_uops(FILE *to)
{
    enum { WIDTH = 22 }; /* of a name and a space */
    unsigned seen = 0, variants = 0, variants_seen = 0;

    for (unsigned op = 0; op < UOP_CODES; op++) {
        seen += trace_seen((enum uop_code)op);
        variants += trace_variants((enum uop_code)op);
        variants_seen += trace_variants_seen((enum uop_code)op);
    }
    fprintf(to,
            "\n\nMicro-ops\n---------\n\n"
            "The cases execute %u of the %u micro-ops, in %u of their %u variants by location and\n"
            "condition. Of the others:\n\n",
            seen, (unsigned)UOP_CODES, variants_seen, variants);
    for (unsigned op = 0; op < UOP_CODES; op++) {
        if (!trace_elsewhere((enum uop_code)op))
            continue;
        fprintf(to, "%-*s", WIDTH, i386_uops.rows[op].name);
        print_wrapped(to, trace_elsewhere((enum uop_code)op), WIDTH);
    }
}

static void print_differences(FILE *to)
{
    static const struct {
        const char *what, *reason;
    } differences[] = {
#define DIFFERENCE(name, what, reason) {what, reason},
#define OPEN(name, what, reason)       {what, reason},
#include "tests/native/differences.def"
#undef DIFFERENCE
#undef OPEN
    };

    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++) {
        fputs("- ", to);
        print_wrapped(to, differences[i].what, 2);
        fputs("  ", to);
        print_wrapped(to, differences[i].reason, 2);
    }
}

void page_print(FILE *to, const struct tally *t)
{
    fputs(
        "The CPU against the host's\n"
        "==========================\n\n"
        "Written by `make tests/native/COVERAGE`; tests/native/test_native.c says how. The oracle\n"
        "of all cases is the host CPU, in a 32-bit process; each ran in the template, interp\n"
        "and ir engines, too. A case that has several instructions counts for each.\n\n",
        to);
    fprintf(to,
            "%" PRIu64 " cases, of which %" PRIu64 " are sequences; %" PRIu64 " differences.\n\n",
            t->cases, t->sequences, t->differences);
    print_groups(to, t);
    fputs("\n\nNot run against the host\n"
          "------------------------\n\n"
          "What these do is tested by the images in tests/system, which QEMU runs, too.\n\n",
          to);
    print_left_out(to);
    print_uops(to);
    fputs("\n\nKnown to differ from real chips\n"
          "-------------------------------\n\n",
          to);
    print_differences(to);
}

/* --- is it fresh? --- */

/* The next character that is part of the structure: a run of digits and blanks counts as one. */
static int next_of(FILE *f)
{
    int c = getc(f), next;

    if (!isdigit(c) && !isspace(c))
        return c;
    while ((next = getc(f)) != EOF && (isdigit(next) || isspace(next)))
        ;
    ungetc(next, f);
    return ' ';
}

bool page_is_fresh(const char *file, const struct tally *t)
{
    FILE *is = fopen(file, "r"), *should_be = tmpfile();
    int a, b;

    require(is != NULL && should_be != NULL, "no %s", file);
    page_print(should_be, t);
    rewind(should_be);
    do {
        a = next_of(is);
        b = next_of(should_be);
    } while (a == b && a != EOF);
    fclose(is);
    fclose(should_be);
    return a == b;
}
