/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which micro-ops the interpreter has run: interp.c is compiled for this program with trace_insn
 * for its TRACE, see rules.mk.
 */
#ifndef TESTS_NATIVE_TRACE_H
#define TESTS_NATIVE_TRACE_H

#include "ops/i386/table.h"
#include "ops/interp.h"
#include "translate/uop.h"

void trace_insn(const struct interp_insn *insn);
/*
 * With any choice of locations, by each condition if it compares; and how many variants there are,
 * choices of both.
 */
bool trace_seen(enum uop_code op);
unsigned trace_variants(enum uop_code op);
unsigned trace_variants_seen(enum uop_code op);
/* Why it is not to be seen here: where else it runs. NULL: it is. */
const char *trace_elsewhere(enum uop_code op);

#endif
