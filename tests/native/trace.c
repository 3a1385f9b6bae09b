/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * See trace.h. While a guest runs, the x87 and SSE are its own: this file is compiled not to touch
 * them.
 */
#include "tests/native/trace.h"
#include "translate/translate.h"

#include <stdlib.h>

/* A byte for each 16 of code, which is how functions are aligned. */
enum { ALIGNMENT = 16, MOST_CODE = 8 << 20 };
static u8 seen[MOST_CODE / ALIGNMENT];

static u8 *seen_at(interp_fn *f)
{
    static uintptr_t start;
    size_t size;

    if (!start) {
        start = (uintptr_t)interp_code(&i386_uops, &size);
        if (start % ALIGNMENT || size >= MOST_CODE)
            abort();
    }
    return &seen[((uintptr_t)f - start) / ALIGNMENT];
}

void trace_insn(const struct interp_insn *insn)
{
    *seen_at(insn->run) = 1;
}

unsigned trace_variants(enum uop_code op)
{
    unsigned next = op + 1 < UOP_CODES ? i386_uops.rows[op + 1].first : i386_uops.templates;

    return next - i386_uops.rows[op].first;
}

static unsigned seen_of(unsigned first, unsigned count)
{
    unsigned seen = 0;

    for (unsigned i = 0; i < count; i++)
        seen += *seen_at(i386_interp[first + i]);
    return seen;
}

unsigned trace_variants_seen(enum uop_code op)
{
    return seen_of(i386_uops.rows[op].first, trace_variants(op));
}

bool trace_seen(enum uop_code op)
{
    const struct uop_info *row = &i386_uops.rows[op];
    unsigned step = row->condition_step ? row->condition_step : trace_variants(op);

    for (unsigned i = 0; i < trace_variants(op); i += step)
        if (!seen_of(row->first + i, step))
            return false;
    return true;
}

const char *trace_elsewhere(enum uop_code op)
{
    static const char *const reasons[UOP_CODES] = {
#define ELSEWHERE(op, reason) [UOP_##op] = reason,
#include "tests/native/elsewhere.def"
#undef ELSEWHERE
    };
    return reasons[op];
}
