/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Translation: guest code to a stream of micro-ops (a guest's decoder), and the stream to code
 * of an engine (generate.c).
 */
#ifndef TRANSLATE_TRANSLATE_H
#define TRANSLATE_TRANSLATE_H

#include "dyngen/dyngen.h"
#include "translate/uop.h"
#include "translate/window.h"

/* Where guest code comes from. */
struct code_source {
    void *context;
    /* The byte at a pc; may abandon the translation by an exception. */
    u8 (*fetch)(void *context, u32 pc);
    u32 base;       /* + pc: the linear address, which pages are of */
    u32 limit;      /* last pc that may be fetched from */
    bool all_flags; /* keep flags that the code ahead overwrites */
    bool counts;    /* stream_count_insns comes: that leaves loops for the exec loop */
    u32 loop_body;  /* a loop of so many instructions may be in its block several times; 0: none */
    u32 max_insns;  /* at most STREAM_INSNS */
    u32 max_size;   /* of all instructions but the last, in bytes */
    /*
     * What the cpu is about to run the block with, by which it is guessed where an indirect jump
     * will lead: its regs, and 32 bits of memory, if they are at hand. Both NULL: nobody guesses.
     */
    const u32 *regs;
    bool (*peek)(void *context, u32 linear, u32 *value);
};

/* A direct jump out of a block, and how it is chained. */
struct exit_site {
    u32 pc;                   /* where it goes */
    u32 mode;                 /* of the block there, beside the cpu's: 0 or MODE_NO_WINDOW */
    u32 dead;                 /* in lockstep, enum flag_part: flags that it leaves undefined */
    u8 *patch;                /* the field that chaining rewrites, in the writable view */
    const void *unlinked;     /* what it holds when not chained */
    struct window_reach seen; /* what is known there to lie in the stack window; or nothing */
    struct block *from;
    struct block *to;                     /* what it is chained to */
    struct exit_site *next_to_same, **at; /* of those chained to `to`; what leads here */
};

/* How often a short loop's body is in its block, if there are no more instructions then. */
enum { LOOP_COPIES = 8, LOOP_INSNS = 32 };

/* Ways out of a block: forward branches, two at its end, its form without a stack window. */
enum { BLOCK_BRANCHES = 18, BLOCK_EXITS = BLOCK_BRANCHES + 4 };

struct code;

/* An engine: how micro-ops become code. Templates are those of a guest's table, by number. */
struct engine {
    const char *name;
    bool native;      /* its code is the host's */
    size_t alignment; /* of a block's entry */
    u32 loop_body; /* up to so many instructions it gains if a loop is in its block several times */
    size_t (*size)(const struct uop_table *t, unsigned template); /* bytes that it takes */
    /* Where in them its target can be patched; -1 if it has none or not in one place. */
    int (*taken_site)(const struct uop_table *t, unsigned template);
    enum dyngen_status (*emit)(const struct uop_table *t, unsigned template,
                               struct dyngen_emit *out);
    /* Redirects that place. */
    enum dyngen_status (*patch)(u8 *site, intptr_t exec, const void *to);
    void (*enter)(const struct uop_table *t, struct core *core, const void *code);
    /* From a stream to code in a way of its own; NULL: a template for each micro-op. */
    enum dyngen_status (*generate)(const struct engine *engine, const struct stream *s,
                                   struct dyngen_emit *out, struct exit_site *sites,
                                   struct code *code);
};
const struct engine *template_engine(void);
const struct engine *interp_engine(void);
const struct engine *ir_engine(void);
/* Where all of the interpreter's functions for a guest are. */
const void *interp_code(const struct uop_table *t, size_t *size);

/*
 * What each byte of a block's code is for: a mark holds up to the next one. Counting, debuggers
 * and reports ask for it; otherwise none is made.
 */
enum code_part {
    PART_HOT,   /* runs whenever its segment does */
    PART_TAKEN, /* runs when the branch that ends its segment is taken */
    PART_COLD,  /* slow paths, and exits that are not chained */
};
struct code_mark {
    u32 offset; /* from the block's entry */
    u32 pc;     /* of the guest instruction */
    u16 segment;
    u8 part; /* enum code_part */
};
enum { CODE_MARKS = STREAM_UOPS * 2 };
struct code_map {
    u32 count;
    struct code_mark marks[CODE_MARKS];
};
/* From `offset` on code is of this kind; beyond CODE_MARKS it is taken for that of the last. */
void code_map_add(struct code_map *map, struct code_mark mark);

/* Code made from a stream. */
struct code {
    const void *entry;
    size_t size; /* of all of it, and of the instructions, which come before data */
    size_t text;
    u32 exits;
    /* Behind the stack window's check, if that is the first there is; what it looks for. */
    const void *behind_check;
    struct window_reach uses;
    struct code_map *map; /* the caller's, to be filled; or NULL */
};

/*
 * Generates code at out->at. Exits are described in `sites`, BLOCK_EXITS of them, unlinked.
 * DYNGEN_NO_ROOM if the buffer is too small: nothing is kept.
 */
enum dyngen_status generate(const struct engine *engine, const struct stream *s,
                            struct dyngen_emit *out, struct exit_site *sites, struct code *code);

/*
 * One micro-op's templates, for another generator's code, which goes on behind the hot part: flags
 * are in cpu. Of exits to this page, there are none.
 */
struct fragment {
    size_t hot, cold; /* bytes */
};
struct fragment measure_fragment(const struct stream *s, const struct uop *u);
/* At two places in the writable view; out->exec says where that is executed. */
enum dyngen_status generate_fragment(const struct stream *s, const struct uop *u, u8 *hot, u8 *cold,
                                     struct dyngen_emit *out);

#endif
