/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of state (exec/state.h) against the structs that they are of, as gdb tells these. */
#ifndef TESTS_HW_TABLES_H
#define TESTS_HW_TABLES_H

#include "exec/state.h"

enum { TABLES = 96 };
struct tables {
    unsigned count;
    const struct state_table *table[TABLES];
};

/* With those of the structs within. */
void tables_add(struct tables *all, const struct state_table *t);
/*
 * Members without a row, a line each, "i8254: int64_t seen;"; how many members there were, an
 * unnamed union being one. Fails unless gdb tells each struct to its end.
 */
unsigned tables_find_missing(const struct tables *all, char *missing, size_t size);

#endif
