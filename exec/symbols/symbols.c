/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See symbols.h. */
#include "exec/symbols/symbols.h"

#include <unistd.h>

void symbol_name(char name[SYMBOL_NAME], const struct new_code *code)
{
    snprintf(name, SYMBOL_NAME, "%s_%08x", code->engine, code->address);
}

static bool start(struct exec *e, struct code_listener *listener)
{
    if (listener)
        exec_listen(e, listener);
    return listener != NULL;
}

bool symbols_start(struct exec *e, unsigned which, const char **what)
{
    static char map[32], dump[32];

    snprintf(map, sizeof map, "/tmp/perf-%d.map", (int)getpid());
    snprintf(dump, sizeof dump, "jit-%d.dump", (int)getpid());
    *what = map;
    if ((which & SYMBOLS_PERF_MAP) && !start(e, perf_map_create(map)))
        return false;
    *what = dump;
    if ((which & SYMBOLS_JITDUMP) && !start(e, jitdump_create(dump)))
        return false;
    *what = "the GDB JIT interface";
    return !(which & SYMBOLS_GDB) || start(e, gdb_jit_create());
}
