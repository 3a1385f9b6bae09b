/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops' static facts, their printer, and the passes over a stream. */
#include "translate/uop.h"

#include <stdio.h>

enum { COUNT_N = 1, COUNT_R = LOCATIONS, COUNT_RR = LOCATIONS * LOCATIONS };

/* FIRST_x is the first template of micro-op x. */
enum first_template {
#define UOP(name, shape, class, effects)                                                           \
    FIRST_##name, LAST_##name = FIRST_##name + COUNT_##shape - 1,
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

u32 uop_writes(const struct uop *u)
{
    u16 effects = uop_info[u->op].effects;

    if (uop_info[u->op].class == CALL)
        return ~0u;
    return (effects & W_D ? 1u << u->d : 0) | (effects & W_B ? 1u << u->b : 0) |
           (effects & W_T0 ? 1u << T0 : 0) | (effects & W_T1 ? 1u << T1 : 0) |
           (effects & W_EAX ? 1u << EAX : 0) | (effects & W_EDX ? 1u << EDX : 0);
}

bool uop_changes_flags(u16 op)
{
    static const u8 changes[] = {
#define NONE                  0
#define R                     0
#define W                     1
#define M                     1
#define HELPER(name, cc, end) [UOP_call_##name - UOP_call_flags] = cc,
#include "ops/i386/helpers.def"
#undef HELPER
#undef NONE
#undef R
#undef W
#undef M
    };
    return changes[op - UOP_call_flags];
}

/* --- flags --- */

/*
 * Flags that somebody behind reads: ops of the block's hot code, or others, which can store them
 * first: cold code, and the block's end.
 */
struct live {
    u32 hot, late;
};

/* May an op that stores flags run later, in cold code? Only if it reads nothing but d and b. */
static bool can_be_deferred(const struct uop *u)
{
    return uop_info[u->op].class == PLAIN && (uop_info[u->op].effects & W_CC) &&
           (uop_info[u->op].shape != SHAPE_N || u->op == UOP_cc_srci) && u->op != UOP_cc_adc &&
           u->op != UOP_cc_sbb && u->op != UOP_cc_adci && u->op != UOP_cc_sbbi &&
           u->op != UOP_cc_rol && u->op != UOP_cc_ror;
}

static u32 read_locations(const struct uop *u)
{
    u8 shape = uop_info[u->op].shape;

    return (shape != SHAPE_N ? 1u << u->d : 0) | (shape == SHAPE_RR ? 1u << u->b : 0);
}

static bool is_late_reader(const struct uop *u)
{
    return u->op < UOP_CODES && !u->cc &&
           (uop_info[u->op].effects & W_FAULT || uop_info[u->op].class == BRANCH ||
            uop_info[u->op].class == EXIT);
}

/* Has T0 changed by the time its cold code runs? */
static bool leaves_address(const struct uop *u)
{
    return uop_info[u->op].class != BRANCH && (uop_info[u->op].effects & W_T0);
}

/* The first op of the group that stores the flags of a mark. */
static u32 group_start(const struct stream *s, u32 mark)
{
    u32 first = mark;

    for (u32 i = mark; i-- > 0 && s->uops[i].op < UOP_CODES;)
        if (s->uops[i].cc)
            first = i;
    return first;
}

/*
 * Could the flags of a mark be stored by each cold reader of them? Then no op of the group is
 * of the wrong kind, and no location they read is written before the last such reader.
 */
static bool can_wait(const struct stream *s, u32 mark)
{
    u32 reads = 0, written_since = 0, parts = s->uops[mark].p[0];

    for (u32 i = group_start(s, mark); i < s->count && parts; i++) {
        const struct uop *u = &s->uops[i];
        if (i < mark && u->cc) {
            if (!can_be_deferred(u) || (read_locations(u) & written_since))
                return false;
            reads |= read_locations(u);
        } else if (i > mark && u->op == UOP_cc) {
            parts &= ~u->p[0];
        } else if (u->op < UOP_CODES) {
            if (i > mark && is_late_reader(u) &&
                (written_since || (reads & 1u << T0 && leaves_address(u))))
                return false;
            written_since |= uop_writes(u) & reads;
        }
    }
    return true;
}

static void mark_group(struct stream *s, u32 mark)
{
    for (u32 i = group_start(s, mark); i < mark; i++)
        s->uops[i].late = s->uops[i].cc;
}

static void see_mark(struct stream *s, u32 at, struct live *live)
{
    struct uop *u = &s->uops[at];
    u32 parts = u->p[0];

    if (live->hot & parts)
        u->p[3] = STORE_HOT;
    else if (!(live->late & parts))
        u->p[3] = STORE_NEVER;
    else
        u->p[3] = can_wait(s, at) ? STORE_LATE : STORE_HOT;
    if (u->p[3] == STORE_LATE)
        mark_group(s, at);
    live->hot &= ~parts;
    live->late &= ~parts;
}

static void see_op(const struct uop *u, struct live *live)
{
    const struct uop_info *info = &uop_info[u->op];

    if (info->class == EXIT) /* nothing comes behind it */
        *live = (struct live){0, FLAGS_ALL & ~(u->op == UOP_jump ? u->p[2] : 0)};
    else if (info->class == CALL || info->effects & W_USE)
        live->hot = FLAGS_ALL;
    if (info->class == BRANCH)
        live->late |= FLAGS_ALL & ~u->p[2];
    if (info->effects & W_FAULT)
        live->late = FLAGS_ALL;
}

void stream_drop_dead_flags(struct stream *s)
{
    struct live live = {0, FLAGS_ALL};
    u32 storing = STORE_HOT, kept = 0;

    for (u32 i = s->count; i-- > 0;) {
        struct uop *u = &s->uops[i];
        if (u->op == UOP_cc) {
            see_mark(s, i, &live);
            storing = u->p[3];
        } else if (u->op != UOP_insn && (!u->cc || storing == STORE_HOT)) {
            see_op(u, &live);
        }
    }
    /* Forwards again, to close the gaps. */
    for (u32 i = 0, mark = 0; i < s->count; i++) {
        const struct uop *u = &s->uops[i];
        for (; mark < s->count && (mark < i || s->uops[mark].op != UOP_cc); mark++)
            ;
        if (u->op < UOP_CODES && u->cc && mark < s->count && s->uops[mark].p[3] == STORE_NEVER)
            continue;
        s->uops[kept++] = *u;
    }
    s->count = kept;
}

u32 stream_dead_flags(const struct stream *s, u32 target)
{
    u32 dead = 0;

    for (u32 i = 0; i < s->count; i++) {
        const struct uop *u = &s->uops[i];
        if (u->op < UOP_CODES && ((uop_info[u->op].class == BRANCH && u->p[1] == target) ||
                                  (u->op == UOP_jump && u->p[0] == target)))
            dead |= u->p[2];
    }
    return dead;
}

int uop_print(const struct uop *u, char *text, size_t size)
{
    if (u->op == UOP_insn)
        return snprintf(text, size, "---- %08x", u->eip);
    if (u->op == UOP_cc)
        return snprintf(text, size, "flags    %s%s%s", u->p[0] & FLAGS_CARRY ? "c" : "",
                        u->p[0] & FLAGS_OTHERS ? "pazso" : "",
                        u->p[3] == STORE_NEVER  ? " (dead)"
                        : u->p[3] == STORE_LATE ? " (late)"
                                                : "");
    const struct uop_info *info = &uop_info[u->op];
    int n = snprintf(text, size, "%s%-10s", u->late ? "(late) " : "", info->name);
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
        info->class == FLOAD || info->class == FSTORE || info->class == XLOAD ||
        info->class == XSTORE || info->class == MSTORE)
        APPEND("%s[+%#x]", separator, u->p[0]);
    if (info->class == STOREI || info->class == XLOAD || info->class == XSTORE)
        APPEND("%s%#x", separator, u->p[3]);
    if (info->class == BRANCH && info->shape == SHAPE_R)
        APPEND("%s%#x", separator, u->p[0]);
    if (info->class == BRANCH)
        APPEND("%s-> %08x", separator, u->p[1]);
    if (info->class == PLAIN && info->shape != SHAPE_RR && u->p[0])
        APPEND("%s%#x", separator, u->p[0]);
    for (unsigned i = 1; i < 3 && info->class == PLAIN && info->shape == SHAPE_N; i++)
        if (u->p[i])
            APPEND("%s%#x", separator, u->p[i]);
    if (info->class == EXIT && u->op == UOP_jump)
        APPEND("%s-> %08x", separator, u->p[0]);
    if (info->class == CALL || info->class == SEGMENT)
        APPEND("%s%#x, %#x", separator, u->p[0], u->p[1]);
#undef APPEND
    return (int)used;
}
