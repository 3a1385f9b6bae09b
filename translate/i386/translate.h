/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The i386 decoder, for who has code to be decoded. */
#ifndef TRANSLATE_I386_TRANSLATE_H
#define TRANSLATE_I386_TRANSLATE_H

#include "ops/i386/cpu.h"
#include "translate/translate.h"

struct i386_code {
    const struct code_source *source; /* a pc is an offset in CS; beyond the limit it ends in #GP */
    u64 features;                     /* of the processor: what needs others raises #UD */
    const struct breakpoints *breakpoints; /* NULL: none */
    bool shadowed;                         /* the first instruction is in STI's shadow */
};

/*
 * Decodes one block at an offset in CS: up to a branch, the end of the page or of the stream. An
 * instruction that crosses into the next page is only taken as the first of its block.
 */
void decode_i386(struct stream *s, const struct i386_code *code, u32 pc, u32 mode);

/* A block that raises #UD, whatever is there. */
void decode_undefined(struct stream *s, const struct i386_code *code, u32 pc, u32 mode);

#endif
