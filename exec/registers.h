/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest's registers as debuggers and monitors know them, while exec_run does not run. Features
 * and types are those of gdb's target descriptions (its manual, appendix G).
 */
#ifndef EXEC_REGISTERS_H
#define EXEC_REGISTERS_H

#include "exec/exec.h"
#include "ops/types.h"

enum { REGISTER_MOST = 16 }; /* bytes */

struct guest_register {
    const char *feature; /* those of one follow each other */
    const char *name, *type;
    const char *group; /* NULL: by the type */
    unsigned bits;
};

struct register_set {
    const char *(*architecture)(const struct core *core); /* as the cpu is now */
    /* Number n, from 0; NULL behind the last. */
    const struct guest_register *(*at)(unsigned n);
    /* Types of a feature that gdb does not know: elements of its description; or NULL. */
    const char *(*types)(const char *feature);
    /* As many bytes as the register has, in the guest's order, which is: */
    bool big_endian;
    void (*get)(const struct core *core, unsigned n, u8 *bytes);
    /* False, and nothing changed: it has no such value, or cannot be set from here. */
    bool (*set)(struct core *core, unsigned n, const u8 *bytes);
};

const struct register_set *exec_registers(const struct exec *e);

#endif
