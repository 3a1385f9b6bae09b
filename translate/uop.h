/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A block as micro-ops: what a guest's decoder appends, passes thin out, and a generator turns
 * into code of one kind or another.
 */
#ifndef TRANSLATE_UOP_H
#define TRANSLATE_UOP_H

#include "ops/i386/cpu.h"

/* The micro-ops of ops.def, then the marks that are no code. */
enum uop_code {
#define UOP(name, shape, class, effects) UOP_##name,
#include "ops/i386/ops.def"
#undef UOP
    UOP_CODES,
    UOP_insn = UOP_CODES, /* an instruction begins, at eip */
    UOP_cc,               /* flags p[0] (enum flag_part) were set, as p[1] (enum cc) or p[2]
                             (enum cc_inc) says, by the W_CC ops since the mark before;
                             p[3]: enum flag_storing, by the pass */
};

/*
 * Who will see flags that were set. Slow paths, branches taken and the block's end can store the
 * flags themselves as long as the registers they follow from are unchanged.
 */
enum flag_storing { STORE_NEVER, STORE_LATE, STORE_HOT };

enum uop_shape { SHAPE_N, SHAPE_R, SHAPE_RR };
enum uop_class {
    PLAIN,
    LOAD,
    STORE,
    STOREI,
    SEGMENT,
    DIVIDE,
    BRANCH,
    EXIT,
    CALL,
    FLOAD,
    FSTORE,
    FPU,
    XLOAD,
    XSTORE,
    MSTORE,
    MXCSR
};
enum uop_effects {
    W_D = 1 << 0,
    W_B = 1 << 1,
    W_T0 = 1 << 2,
    W_T1 = 1 << 3,
    W_EAX = 1 << 4,
    W_EDX = 1 << 5,
    W_CC = 1 << 6,
    W_USE = 1 << 7,
    W_FAULT = 1 << 8,
    W_FLAGS = 1 << 10,         /* stores flags, among other things */
    W_CALL = 1 << 9 | W_FAULT, /* may write anything */
};
enum flag_part { FLAGS_CARRY = 1, FLAGS_OTHERS = 2, FLAGS_ALL = 3 };

struct uop {
    u16 op;
    u8 d, b;    /* enum location */
    bool cc;    /* there only to store flags */
    bool late;  /* ... and not stored here but by who sees them */
    bool write; /* LOAD: of a read-modify-write */
    u32 p[4];   /* see ops.def for what they are */
    u32 eip;    /* of the instruction it belongs to */
};

/* The static facts of ops.def. */
struct uop_info {
    const char *name;
    u8 shape, class;
    u16 effects;
    u16 first; /* its first template: + d, or + d * LOCATIONS + b */
};
extern const struct uop_info uop_info[UOP_CODES];
extern const char *const location_names[LOCATIONS];

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

/* The locations that a micro-op writes, as bits. */
u32 uop_writes(const struct uop *u);
/* Does a CALL change the arithmetic flags? Then they are CC_EFLAGS behind it. */
bool uop_changes_flags(u16 op);

/* Which template of dyngen's (or function of the interpreter's) a micro-op is. */
static inline unsigned uop_template(const struct uop *u)
{
    const struct uop_info *i = &uop_info[u->op];
    return i->shape == SHAPE_N   ? i->first
           : i->shape == SHAPE_R ? i->first + u->d
                                 : i->first + u->d * LOCATIONS + u->b;
}

/*
 * Drops micro-ops that store flags nobody reads, and marks those that can be stored later.
 * BRANCH and `jump` have in p[2] the flags (enum flag_part) that are dead at their target.
 */
void stream_drop_dead_flags(struct stream *s);

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
