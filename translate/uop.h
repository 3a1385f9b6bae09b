/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A block as micro-ops: what a guest's decoder appends, passes thin out, and a generator turns
 * into code of one kind or another.
 */
#ifndef TRANSLATE_UOP_H
#define TRANSLATE_UOP_H

#include "ops/i386/uops.h"

/* Marks in a stream that are no code. */
enum uop_mark {
    UOP_insn = UOP_CODES, /* an instruction begins, at eip */
    UOP_cc,               /* flags were set by the micro-ops with `cc` since the mark before */
};

/* Which of the arithmetic flags: CF, and the others. */
enum flag_part { FLAGS_CARRY = 1, FLAGS_OTHERS = 2, FLAGS_ALL = 3 };

/*
 * Who will see flags that were set. Slow paths, branches taken and the block's end can store the
 * flags themselves as long as the registers they follow from are unchanged.
 */
enum flag_storing { STORE_NEVER, STORE_LATE, STORE_HOT };

struct uop {
    u16 op;     /* enum uop_code or enum uop_mark */
    u8 d, b;    /* enum location */
    bool cc;    /* there only to store flags */
    bool late;  /* not done here but by who sees what it stores */
    bool write; /* a load of a read-modify-write */
    u32 eip;    /* of the instruction it belongs to */
    u32 arg;    /* P4; what a helper in its cold part is given */
    union {     /* by its row's `params` */
        u32 imm[3];
        u32 disp;
        struct {
            u32 imm, target;
            u32 dead; /* enum flag_part: flags that nobody reads there */
        } to;
        struct {
            u32 a, b;
        } call;
        struct {
            u32 segment, last;
        } bounds;
        struct {               /* of UOP_cc */
            u8 parts, cc, inc; /* enum flag_part, enum cc, enum cc_inc */
            u8 storing;        /* enum flag_storing, by stream_drop_dead_flags */
        } flags;
    };
};

enum { STREAM_UOPS = 768, STREAM_INSNS = 64 };

/* One block: guest code at eip, translated for a mode. */
struct stream {
    u32 eip, mode;
    u32 base;  /* of CS */
    u32 size;  /* bytes of guest code */
    u32 insns; /* guest instructions */
    u32 count; /* micro-ops */
    struct uop uops[STREAM_UOPS];
};

/* Does eip lie in the page where the block starts? */
static inline bool stream_same_page(const struct stream *s, u32 eip)
{
    return (s->base + eip) >> 12 == (s->base + s->eip) >> 12;
}

/* What a micro-op reads and writes (enum uop_set), d and b as the locations that they are. */
u32 uop_reads(const struct uop *u);
u32 uop_writes(const struct uop *u);

/* The row of a micro-op that is no mark. */
static inline const struct uop_info *uop_row(const struct uop *u)
{
    return &uop_info[u->op];
}
static inline bool uop_is_mark(const struct uop *u)
{
    return u->op >= UOP_CODES;
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
static inline bool uop_is_call(const struct uop *u)
{
    return !uop_is_mark(u) && uop_row(u)->params == PARAMS_CALL;
}
/* Does a call change the arithmetic flags? Then they are CC_EFLAGS behind it. */
static inline bool uop_call_changes_flags(u16 op)
{
    return uop_info[op].writes & L_FLAGS;
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
    return i->shape == SHAPE_N   ? i->first
           : i->shape == SHAPE_R ? i->first + u->d
                                 : i->first + u->d * LOCATIONS + u->b;
}

/* --- passes (liveness.c) --- */

/* Drops micro-ops that store flags nobody reads, and marks those that can be stored later. */
void stream_drop_dead_flags(struct stream *s);
/*
 * Micro-ops that write L_NOTES, and nothing else, are for those who leave the block or look at the
 * whole state. Where another note of the kind follows before a way out, it is left to cold code to
 * make this one (`late`), if it still can then; what nobody sees is dropped. Where a note of
 * L_NOTE2 must be made at once, its address is in T0: `at_t0` makes it of that.
 */
void stream_put_off_notes(struct stream *s, enum uop_code at_t0);
/* Then: drops those that do nothing but write what is written again before anybody looks. */
void stream_drop_dead_writes(struct stream *s);

/*
 * A stream's segments begin at its start and behind each BRANCH: what begins a segment runs it to
 * its end, faults aside. Puts a micro-op in front of each that adds to a 64-bit count, the first
 * at the address `counts`, below 2 GiB. False, and nothing is done, if the stream has no room.
 */
u32 stream_segments(const struct stream *s);
bool stream_add_counts(struct stream *s, u32 counts);

/* The flags (enum flag_part) that a direct jump to `target` may leave undefined. */
u32 stream_dead_flags(const struct stream *s, u32 target);

/* One line: `add      eax, ecx`. Returns the length, as snprintf does. */
int uop_print(const struct uop *u, char *text, size_t size);

#endif
