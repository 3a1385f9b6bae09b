/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the instruction table, as what cases are made of. */
#ifndef TESTS_NATIVE_ENTRIES_H
#define TESTS_NATIVE_ENTRIES_H

#include "translate/i386/decode.h"

/* A row of insns.def for one of its opcodes; of the x87, for one encoding. */
struct entry {
    const char *name;
    insn_fn *translate;
    u32 flags; /* enum insn_flags */
    u16 opcode;
    s16 reg;   /* ModRM's reg field; -1: any */
    s16 modrm; /* of an x87 instruction: all of it, or reg of those with memory; -1: any */
    u8 form, arg;
    const char *operands; /* the form's name */
    u16 row;              /* of insns.def, from 0 */
    const char *left_out; /* why it has no case; NULL: it has */
};

/* False for encodings of the x87 that are #UD. */
bool is_defined(const struct entry *e);
/* Is it refused whatever its operands are, as user mode may not run it or it is undefined? */
bool is_refused(const struct entry *e);
/* MMX or SSE, to which 66, F2 and F3 are part of the opcode. */
bool is_media(const struct entry *e);
/*
 * Its operands' letters in insns.def's notation: what ModRM's reg field names ('V', 'P', 'G'), and
 * what its r/m does ('W', 'Q', 'E', 'M', 'U', 'N'); 0: not of that kind.
 */
char reg_letter(const struct entry *e);
char rm_letter(const struct entry *e);

enum { MAX_ENTRIES = 2048 };
unsigned entry_count(void);
const struct entry *entry_at(unsigned i);
/* Those that have cases, as a number of the above. */
unsigned case_entry_count(void);
unsigned case_entry(unsigned i);

#endif
