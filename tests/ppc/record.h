/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A case, as it is in the guest's memory: the state that an instruction finds, itself, and, when it
 * has run, the state that it left. All numbers are big-endian. r1 is the record's own address
 * throughout, so no case may change it; LR is where the code is. This header is read by run.S, too.
 */
#ifndef TESTS_PPC_RECORD_H
#define TESTS_PPC_RECORD_H

#define RECORD_CR     128
#define RECORD_XER    132
#define RECORD_CTR    136
#define RECORD_LR     140
#define RECORD_FPSCR  144
#define RECORD_FPR    160
#define RECORD_CODE   416
#define RECORD_MEMORY 448 /* two lines of the cache */
#define RECORD_SIZE   576

/* Where the records are: first how many there are, and where their code is to go in the end. */
#define CASES_COUNT 0
#define CASES_SAVE  4
#define CASES_FIRST 64
#define MOST_CASES  8000

#ifndef __ASSEMBLER__
#include "ops/types.h"

#include <stddef.h>

enum { CODE_WORDS = 8, MEMORY_BYTES = 128 };

struct record {
    u32 gpr[32];
    u32 cr, xer, ctr, lr;
    u32 fpscr[2], none[2]; /* as mffs has it */
    u64 fpr[32];
    u32 code[CODE_WORDS];
    u8 memory[MEMORY_BYTES];
};

_Static_assert(offsetof(struct record, cr) == RECORD_CR, "");
_Static_assert(offsetof(struct record, fpscr) == RECORD_FPSCR, "");
_Static_assert(offsetof(struct record, fpr) == RECORD_FPR, "");
_Static_assert(offsetof(struct record, code) == RECORD_CODE, "");
_Static_assert(offsetof(struct record, memory) == RECORD_MEMORY, "");
_Static_assert(sizeof(struct record) == RECORD_SIZE, "");
#endif

#endif
