/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A block as items, one template each, on the way from a stream to code: what layout.c makes of the
 * stream, and generate.c emits. Each of them has its part of the work in a file of its own:
 *
 *     layout.c   which items there are, and where they go
 *     late.c     which flags are computed but not stored, and the items that store them
 *     holes.c    what an item's template is to be filled with
 */
#ifndef TRANSLATE_LAYOUT_H
#define TRANSLATE_LAYOUT_H

#include "translate/translate.h"

/* Where an item's target lies: an item of the same list or the other one. */
struct label {
    u16 index;
    bool cold, set;
};

struct item {
    u16 template;
    u16 exit; /* number of the exit its taken target is, plus 1 */
    u16 segment;
    u8 part;    /* enum code_part */
    u32 pc;     /* of its guest instruction */
    u32 offset; /* from the block's entry */
    u64 param[5];
    struct label taken, slow;
};

enum { GROUP_OPS = 4, HOT_ITEMS = STREAM_UOPS * 2, COLD_ITEMS = STREAM_UOPS * 4 };

/* Micro-ops that store flags. */
struct flag_group {
    const struct uop *ops[GROUP_OPS];
    u32 count;
};

/* What is known of state that is stored late, at the micro-op at hand. */
struct late_state {
    /* How flags follow from their operands: as the cpu has it, and as it ought to. */
    u32 kind;
    bool kind_known, kind_stored;
    /* Not stored yet: of the mark at hand, of all flags, of FLAGS_OTHERS alone. */
    struct flag_group collected, pending, pending_others;
    u32 others; /* the kind of pending_others, where the rest of it is not known; else 0 */
    /* Notes that cold code makes: of L_NOTE1, of L_NOTE2. */
    const struct uop *notes[2];
};

struct layout {
    const struct engine *engine;
    const struct stream *s;
    struct item hot[HOT_ITEMS], cold[COLD_ITEMS];
    u32 hot_count, cold_count, exits;
    u32 exit_pc[BLOCK_EXITS];
    u32 exit_mode[BLOCK_EXITS];
    s16 exit_moved[BLOCK_EXITS];
    struct label exit_stub[BLOCK_EXITS];
    bool full;
    /* What items that are added are for: see struct code_map. */
    u32 pc;
    u16 segment;
    s16 moved; /* of the micro-op at hand */
    enum code_part cold_part;
    struct late_state late;
    const struct uop *check; /* of the stack window, which is the hot item `check_at`; or NULL */
    u32 check_at;
};

/* --- layout.c --- */

void layout_start(struct layout *l, const struct engine *engine, const struct stream *s);
/* Appends the items of the stream's next micro-op, or mark. */
void layout_uop(struct layout *l, const struct uop *u);
/* Behind the last one. */
void layout_end(struct layout *l);
/*
 * A new item at the end of the hot or the cold list, with the first template of the micro-op `op`,
 * and the same with a number; all else is 0. A list that is full makes the layout full.
 */
struct item *layout_add(struct layout *l, bool cold, u32 op);
void layout_add_param(struct layout *l, bool cold, u32 op, u32 p1);
/* The same for a micro-op of the stream, its template and holes. */
struct item *layout_add_uop(struct layout *l, bool cold, const struct uop *u);

/* --- late.c --- */

void late_start(struct late_state *f);
/* A micro-op that is not done here but stores flags, or a note, late. */
void late_collect(struct layout *l, const struct uop *u);
/* A mark: how flags follow from what the micro-ops collected since the mark before store. */
void late_mark(struct layout *l, const struct uop *u);
/* A micro-op of the hot code, for what it overwrites of what is late. */
void late_overwrite(struct layout *l, const struct uop *u);
/* Behind a helper that has seen the kind, and maybe changed the flags. */
void late_called(struct layout *l, const struct uop *u);
/* Items that store what is late; all of it, all but the kind, the kind. */
void late_store(struct layout *l, bool cold);
void late_store_operands(struct layout *l, bool cold);
void late_store_kind(struct layout *l, bool cold);
bool late_has_flags(const struct layout *l);
/* The kind that a slow path is told (ops/slow.h). */
u32 late_slow_path_kind(const struct layout *l);

/* --- holes.c: parameters of an item --- */

/* Those of a micro-op, as its row says. */
void fill_holes(const struct layout *l, struct item *i, const struct uop *u);
/* A helper's call. */
void fill_call_holes(struct item *i, u32 pc, u32 a, u32 b);
/* What fills the stack window, for its check. */
void fill_window_holes(const struct layout *l, struct item *i, const struct uop *check);
/* From `param` on: where in cpu the jump cache's entry `index` has its key and code. */
void fill_cache_holes(const struct layout *l, u64 *param, u32 index);

#endif
