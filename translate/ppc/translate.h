/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PowerPC decoder, for who has code to be decoded. */
#ifndef TRANSLATE_PPC_TRANSLATE_H
#define TRANSLATE_PPC_TRANSLATE_H

#include "translate/translate.h"

/* Decodes one block at pc: up to a branch, the end of the page or of the stream. */
void decode_ppc(struct stream *s, const struct code_source *source, u32 pc, u32 mode);
/* A block that raises a program interrupt, whatever is there. */
void decode_ppc_undefined(struct stream *s, const struct code_source *source, u32 pc, u32 mode);

#endif
