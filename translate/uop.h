/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A block as micro-ops: what a guest's decoder appends, passes thin out, and a generator turns
 * into code of one kind or another.
 */
#ifndef TRANSLATE_UOP_H
#define TRANSLATE_UOP_H

#include "ops/uops.h"

#include <string.h>

/* Marks in a stream that are no code. */
enum uop_mark {
    UOP_insn = 0xfff0, /* an instruction begins, at pc */
    UOP_cc,            /* flags were set by the micro-ops with `cc` since the mark before */
    UOP_dropped,       /* nothing, within a pass that closes gaps at its end */
};

/* Which of the arithmetic flags: the carry, and the others. */
enum flag_part { FLAGS_CARRY = 1, FLAGS_OTHERS = 2, FLAGS_ALL = 3 };

/*
 * Who will see flags that were set. Slow paths, branches taken and the block's end can store the
 * flags themselves as long as the registers they follow from are unchanged.
 */
enum flag_storing { STORE_NEVER, STORE_LATE, STORE_HOT };

/*
 * What says how all flags follow from their operands: how they do, in bits 0 to 7, and from bit 8
 * on how FLAGS_OTHERS do, which may have been set behind them; 0: as the rest.
 */
static inline u32 flags_kind(u32 all, u32 others)
{
    return (all & 0xff) | others << 8;
}

struct uop {
    const struct uop_info *row; /* in the guest's table; NULL: a mark */
    u16 op;                     /* its number there, or enum uop_mark */
    u8 d, b;                    /* locations */
    bool cc;                    /* there only to store flags */
    bool late;                  /* not done here but by who sees what it stores */
    bool write;                 /* a load of a read-modify-write */
    bool before_window;         /* accesses by the stack window follow it */
    bool t0_wanted;             /* an access whose address is read in T0: by stream_drop_dead */
    u8 condition;               /* enum uop_condition, where it compares */
    u8 unrun;                   /* where instructions are counted: see stream_count_insns */
    s16 moved;                  /* of what has a target: see stream_use_window */
    u32 pc;                     /* of the instruction it belongs to */
    u32 arg;                    /* P4; what its cold part is told */
    union {                     /* by its row's `params` */
        u32 imm[3];
        u32 disp;
        struct {
            u32 imm, target;
            u32 dead; /* enum flag_part: flags that nobody reads there */
        } to;
        struct {
            u32 a, b;
        } call;
        struct {           /* of the stack window's check */
            u32 low, size; /* bytes from d + low on are used */
            u32 failures;  /* where it is counted, if it fails; or 0 */
        } check;
        struct {        /* of UOP_cc */
            u8 parts;   /* enum flag_part */
            u8 kind;    /* how they follow from their operands */
            u8 others;  /* of FLAGS_OTHERS alone: how these do */
            u8 storing; /* enum flag_storing, by stream_drop_dead */
        } flags;
    };
};

enum { STREAM_UOPS = 768, STREAM_INSNS = 64 };

/* One block: guest code at pc, translated for a mode. */
struct stream {
    const struct uop_table *table; /* the guest's */
    u32 pc, mode;
    u32 base;     /* of pcs: they and it are linear addresses */
    u32 size;     /* bytes of guest code */
    u32 insns;    /* guest instructions */
    u32 count;    /* micro-ops */
    u32 writes;   /* enum uop_set: what their rows say, those of dropped ones, too */
    bool repeats; /* a loop's body is there several times, which size does not say */
    struct uop uops[STREAM_UOPS];
};

/* Does pc lie in the page where the block starts? */
static inline bool stream_same_page(const struct stream *s, u32 pc)
{
    return (s->base + pc) >> 12 == (s->base + s->pc) >> 12;
}

/* The micro-op `op` of a guest, or a mark, for an instruction at pc; all else is 0. */
static inline struct uop uop_make(const struct uop_table *t, u16 op, u32 pc)
{
    return (struct uop){.row = op < t->count ? &t->rows[op] : NULL, .op = op, .pc = pc};
}

static inline void stream_start(struct stream *s, const struct uop_table *t, u32 pc, u32 mode,
                                u32 base)
{
    s->table = t;
    s->pc = pc;
    s->mode = mode;
    s->base = base;
    s->size = s->insns = s->count = s->writes = 0;
    s->repeats = false;
}

/* The next micro-op, or mark; in a full stream the last one again: decoders leave room. */
static inline struct uop *stream_append(struct stream *s, u16 op, u32 pc)
{
    struct uop *u = &s->uops[s->count < STREAM_UOPS ? s->count++ : STREAM_UOPS - 1];

    memset(u, 0, sizeof *u); /* an initializer would be made elsewhere and copied */
    u->op = op;
    u->pc = pc;
    if (op < s->table->count) {
        u->row = &s->table->rows[op];
        s->writes |= u->row->writes;
    }
    return u;
}

/* The row of a micro-op that is no mark. */
static inline const struct uop_info *uop_row(const struct uop *u)
{
    return u->row;
}
static inline bool uop_is_mark(const struct uop *u)
{
    return !u->row;
}
/* What a micro-op reads and writes (enum uop_set), d and b as the locations that they are. */
static inline u32 uop_set_of(const struct uop *u, u32 set)
{
    return (set & ~(u32)(L_D | L_B)) | (u32) !!(set & L_D) << (u->d & 31) |
           (u32) !!(set & L_B) << (u->b & 31);
}
static inline u32 uop_reads(const struct uop *u)
{
    return uop_set_of(u, uop_row(u)->reads);
}
static inline u32 uop_writes(const struct uop *u)
{
    return uop_set_of(u, uop_row(u)->writes);
}
static inline bool uop_is_branch(const struct uop *u)
{
    return !uop_is_mark(u) && uop_row(u)->end == END_BRANCH;
}
/* Does it go to to.target? */
static inline bool uop_has_target(const struct uop *u)
{
    return uop_is_branch(u) || (!uop_is_mark(u) && uop_row(u)->end == END_JUMP);
}
/* Has it a condition? */
static inline bool uop_compares(const struct uop *u)
{
    return !uop_is_mark(u) &&
           (uop_row(u)->params == PARAMS_COMPARE || uop_row(u)->params == PARAMS_TEST);
}
static inline bool uop_is_call(const struct uop *u)
{
    return !uop_is_mark(u) && uop_row(u)->params == PARAMS_CALL;
}
/* Does a call change the flags? Then they are the table's kind_after_call behind it. */
static inline bool uop_call_changes_flags(const struct uop *u)
{
    return uop_row(u)->writes & L_FLAGS;
}
/* May it raise an exception, or leave in its midst? All before it is seen then. */
static inline bool uop_may_leave(const struct uop *u)
{
    return uop_row(u)->cold != COLD_NEVER || uop_is_call(u);
}

/* Which template of dyngen's (or function of the interpreter's) a micro-op is. */
static inline unsigned uop_template(const struct uop *u)
{
    const struct uop_info *i = uop_row(u);

    return i->first + u->d * i->d_step + u->b * i->b_step + u->condition * i->condition_step;
}

/*
 * What a location will hold behind the stream so far, if the block begins with these of cpu->regs.
 * False if that takes more than copies and additions of immediates.
 */
bool stream_foresee(const struct stream *s, const u32 *regs, u8 location, u32 *value);

/* --- passes --- */

/*
 * Micro-ops that write L_NOTES, and nothing else, are for those who leave the block or look at the
 * whole state. Where another note of the kind follows before a way out, it is left to cold code to
 * make this one (`late`), if it still can then; what nobody sees is dropped. Where a note of
 * L_NOTE2 must be made at once, its address is in T0: the table's note_at_t0 makes it of that.
 */
void stream_put_off_notes(struct stream *s);
/*
 * Then: drops micro-ops that store flags nobody reads, marks those that can be stored later, and
 * drops those that do nothing but write what is written again before anybody looks (liveness.c).
 */
void stream_drop_dead(struct stream *s);

/*
 * A stream's segments begin at its start and behind each BRANCH: what begins a segment runs it to
 * its end, faults aside. Puts a micro-op in front of each that adds to a 64-bit count, the first
 * at the address `counts`, below 2 GiB. False, and nothing is done, if the stream has no room.
 */
u32 stream_segments(const struct stream *s);
bool stream_add_counts(struct stream *s, u32 counts);

/*
 * Counting of instructions (icount.c): in front of the first instruction of each segment comes a
 * micro-op that charges core.budget with those that begin there, or leaves for the exec loop. All
 * micro-ops get to know how many of these have not run, their own included (`unrun`): whoever
 * leaves a segment before its end gives them back. False if the stream has no room.
 */
bool stream_count_insns(struct stream *s);

/* The flags (enum flag_part) that a direct jump to `target` may leave undefined. */
u32 stream_dead_flags(const struct stream *s, u32 target);

/* One line: `add      t0, t1`. Returns the length, as snprintf does. */
int uop_print(const struct uop_table *t, const struct uop *u, char *text, size_t size);

#endif
