/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a micro-op is printed. */
#include "translate/uop.h"

#include <stdarg.h>
#include <stdio.h>

struct line {
    char *text;
    size_t size, used; /* used: as if there were room */
    const char *separator;
};

__attribute__((format(printf, 2, 3))) static void append(struct line *l, const char *format, ...)
{
    bool full = l->used >= l->size;
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(full ? NULL : l->text + l->used, full ? 0 : l->size - l->used, format, args);
    va_end(args);
    l->used += n > 0 ? (size_t)n : 0;
}

/* What comes next in a list. */
#define ITEM(l, format, ...)                                                                       \
    (append(l, "%s" format, (l)->separator, __VA_ARGS__), (void)((l)->separator = ", "))

static void print_params(struct line *l, const struct uop *u)
{
    const struct uop_info *row = uop_row(u);

    for (unsigned i = 0; i < uop_numbers((enum uop_params)row->params); i++)
        ITEM(l, "%#x", u->imm[i]);
    switch ((enum uop_params)row->params) {
    case PARAMS_DISP:
        ITEM(l, "%#x", u->disp);
        break;
    case PARAMS_AT_T0:
    case PARAMS_WINDOW_AT_T0:
        ITEM(l, "%#x", u->arg);
        break;
    case PARAMS_WINDOW_CHECK:
        ITEM(l, "[+%#x], %u", u->check.low, u->check.size);
        break;
    case PARAMS_ACCESS:
    case PARAMS_WINDOW:
        ITEM(l, "[+%#x]", u->disp);
        if (row->cold != COLD_LOCATION && row->shape == SHAPE_R)
            ITEM(l, "%#x", u->arg);
        break;
    case PARAMS_COMPARE:
    case PARAMS_TEST:
        if (row->shape == SHAPE_R)
            ITEM(l, "%#x", u->to.imm);
        break;
    case PARAMS_CALL:
        ITEM(l, "%#x, %#x", u->call.a, u->call.b);
        break;
    default:
        break;
    }
    if (uop_has_target(u))
        ITEM(l, "-> %08x", u->to.target);
}

static void print_mark(struct line *l, const struct uop_table *t, const struct uop *u)
{
    static const char *const storing[] = {
        [STORE_NEVER] = " (dead)", [STORE_LATE] = " (late)", [STORE_HOT] = ""};

    if (u->op == UOP_insn)
        append(l, "---- %08x", u->pc);
    else
        append(l, "flags    %s%s%s", u->flags.parts & FLAGS_CARRY ? t->flag_names[0] : "",
               u->flags.parts & FLAGS_OTHERS ? t->flag_names[1] : "", storing[u->flags.storing]);
}

static const char *const condition_names[] = {
#define CONDITION_NAME(name, ...) #name,
    EACH_COMPARE_CONDITION(CONDITION_NAME, )
#undef CONDITION_NAME
};

int uop_print(const struct uop_table *t, const struct uop *u, char *text, size_t size)
{
    struct line l = {.text = text, .size = size, .separator = " "};

    if (uop_is_mark(u)) {
        print_mark(&l, t, u);
        return (int)l.used;
    }
    append(&l, "%s%-10s", u->late ? "(late) " : "", uop_row(u)->name);
    if (uop_compares(u))
        append(&l, " %s", condition_names[u->condition]);
    if (uop_row(u)->shape != SHAPE_N)
        ITEM(&l, "%s", t->location_names[u->d]);
    if (uop_row(u)->shape == SHAPE_RR)
        ITEM(&l, "%s", t->location_names[u->b]);
    print_params(&l, u);
    return (int)l.used;
}
