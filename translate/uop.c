/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops' static facts, their printer, and the passes over a stream. */
#include "translate/uop.h"

#include <stdio.h>

enum { COUNT_N = 1, COUNT_R = LOCATIONS, COUNT_RR = LOCATIONS * LOCATIONS };

/* FIRST_x is the first template of micro-op x. */
enum first_template {
#define UOP(name, shape, class, effects) FIRST_##name, LAST_##name = FIRST_##name + COUNT_##shape - 1,
#include "ops/i386/ops.def"
#undef UOP
};

const struct uop_info uop_info[UOP_CODES] = {
#define UOP(name, shape, class, effects) {#name, SHAPE_##shape, class, effects, FIRST_##name},
#include "ops/i386/ops.def"
#undef UOP
};

const char *const location_names[LOCATIONS] = {
    "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "t0", "t1",
};

/*
 * Backwards, with the flags that somebody behind reads. Whatever may fault or leave the block
 * reads all: a handler, or the next block, sees them.
 */
void stream_drop_dead_flags(struct stream *s)
{
    u32 live = FLAGS_ALL, needed = 0, kept = s->count;

    for (u32 i = s->count; i-- > 0;) {
        struct uop *u = &s->uops[i];
        if (u->op == UOP_cc) {
            needed = live & u->p[0];
            live &= ~u->p[0];
            u->p[3] = needed;
        } else if (u->op != UOP_insn) {
            u16 effects = uop_info[u->op].effects;
            u8 class = uop_info[u->op].class;
            if (u->cc && !needed)
                continue;
            if ((effects & (W_USE | W_FAULT)) || class == BRANCH || class == EXIT)
                live = FLAGS_ALL;
        }
        s->uops[--kept] = *u;
    }
    s->count -= kept;
    for (u32 i = 0; i < s->count; i++)
        s->uops[i] = s->uops[kept + i];
}


int uop_print(const struct uop *u, char *text, size_t size)
{
    if (u->op == UOP_insn)
        return snprintf(text, size, "---- %08x", u->eip);
    if (u->op == UOP_cc)
        return snprintf(text, size, "flags    %s%s%s", u->p[0] & FLAGS_CARRY ? "c" : "",
                        u->p[0] & FLAGS_OTHERS ? "pazso" : "", u->p[3] ? "" : " (dead)");
    const struct uop_info *info = &uop_info[u->op];
    int n = snprintf(text, size, "%-10s", info->name);
    const char *separator = " ";
    size_t used = (size_t)n;
#define APPEND(...)                                                                                \
    do {                                                                                           \
        if (used < size)                                                                           \
            used += (size_t)snprintf(text + used, size - used, __VA_ARGS__);                       \
        separator = ", ";                                                                          \
    } while (0)
    if (info->shape != SHAPE_N)
        APPEND("%s%s", separator, location_names[u->d]);
    if (info->shape == SHAPE_RR)
        APPEND("%s%s", separator, location_names[u->b]);
    if (info->class == LOAD || info->class == STORE || info->class == STOREI ||
        info->class == FLOAD || info->class == FSTORE)
        APPEND("%s[+%#x]", separator, u->p[0]);
    if (info->class == STOREI)
        APPEND("%s%#x", separator, u->p[3]);
    if (info->class == BRANCH && info->shape == SHAPE_R)
        APPEND("%s%#x", separator, u->p[0]);
    if (info->class == BRANCH)
        APPEND("%s-> %08x", separator, u->p[1]);
    if (info->class == PLAIN && info->shape != SHAPE_RR && u->p[0])
        APPEND("%s%#x", separator, u->p[0]);
    if (info->class == EXIT && u->op == UOP_jump)
        APPEND("%s-> %08x", separator, u->p[0]);
    if (info->class == CALL || info->class == SEGMENT)
        APPEND("%s%#x, %#x", separator, u->p[0], u->p[1]);
#undef APPEND
    return (int)used;
}
