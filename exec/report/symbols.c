/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See symbols.h. */
#include "exec/report/symbols.h"

#include <stdlib.h>

#include "exec/guest.h"
#include "exec/host/host.h"
#include "ops/uops.h"

struct symbols {
    struct code_listener listener;
    struct dyngen_symbols *to;
};

static void added(struct code_listener *listener, const struct new_code *code)
{
    struct symbols *s = (struct symbols *)listener;
    char name[32];

    snprintf(name, sizeof name, "%s_%08x", code->engine, code->address);
    dyngen_symbols_add(s->to, name, code->at, code->size);
}

static void forgotten(struct code_listener *listener, const void *at, size_t size)
{
    dyngen_symbols_forget(((struct symbols *)listener)->to, at, size);
}

/* Where in a cpu it is, in bytes. */
static int host_stack_offset(const struct core *core)
{
    return (int)((const char *)&core->rest->host_stack - (const char *)core);
}

struct symbols *symbols_start(struct exec *e, unsigned which, const char **what)
{
    const struct dyngen_unwind unwind = host_unwind(host_stack_offset(exec_core(e)));
    struct symbols *s = calloc(1, sizeof *s);

    *what = "memory";
    if (!s)
        return NULL;
    s->listener.added = added;
    s->listener.forgotten = forgotten;
    s->to = dyngen_symbols_open(which, &unwind, what);
    if (!s->to) {
        free(s);
        return NULL;
    }
    exec_listen(e, &s->listener);
    return s;
}

bool symbols_end(struct symbols *s)
{
    bool written = !s || dyngen_symbols_close(s->to);

    free(s);
    return written;
}
