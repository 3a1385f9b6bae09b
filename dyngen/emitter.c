/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * emitter.c: the functions that copy templates and fill their holes, as C. All that is known when
 * they are compiled is a number in them: how many bytes to copy, where each field is and what goes
 * into it. So ops that are alike in that have one; which op's template it is, it is told. Thousands
 * of micro-ops need some hundreds of them, where a function for each would take a compiler minutes.
 */
#include "dyngen/model.h"
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What goes into the hole, before the addend; its first row in the op's table is `row`. */
static void write_value(FILE *f, const struct op *op, const struct hole *h, size_t row)
{
    switch (h->kind) {
    case HOLE_PARAM:
        fprintf(f, "e->param[%u]", h->index);
        break;
    case HOLE_TARGET:
        fprintf(f, "(uintptr_t)e->target[%s]", hole_source(h));
        break;
    case HOLE_NEXT:
        fprintf(f, "(uintptr_t)at + %u + (uintptr_t)e->exec", op->size);
        break;
    case HOLE_HELPER:
    case HOLE_CONST:
        fprintf(f, "t->holes[%zu].address", row);
        break;
    }
}

/* By a function of the host's header, or else by the table. */
static void write_part(FILE *f, const struct op *op, const struct hole *h, unsigned part,
                       size_t row)
{
    const char *writer = op->object->host->writer(&h->field, &h->field.part[part]);
    int64_t addend = hole_addend(h);
    if (writer)
        fprintf(f, "%s(at + %u, e->exec, ", writer, h->at);
    else
        fprintf(f, "dyngen_fill(&t->holes[%zu], at + %u, (uintptr_t)at + %u + (uintptr_t)e->exec, ",
                row, h->at, h->at);
    write_value(f, op, h, row);
    if (writer && addend < 0)
        fprintf(f, ", -(uint64_t)%lluU", -(unsigned long long)addend);
    else if (writer)
        fprintf(f, ", %llu", (unsigned long long)addend);
    fputs(");\n", f);
}

/* False if there is nothing to fill in. */
static bool write_parts(FILE *f, const struct op *op)
{
    bool any = false;
    size_t row = 0;
    for (size_t i = 0; i < op->hole_count; i++)
        for (unsigned p = 0; p < op->holes[i].field.parts; p++, row++) {
            if (hole_is_resolved(&op->holes[i]))
                continue;
            fprintf(f, "    %s", any ? "bad |= " : "uint64_t bad = ");
            write_part(f, op, &op->holes[i], p, row);
            any = true;
        }
    return any;
}

static void write_body(FILE *f, const struct op *op)
{
    if (op->size == 0) {
        fputs("    (void)e, (void)t;\n    return DYNGEN_OK;\n", f);
        return;
    }
    fprintf(f,
            "    uint8_t *at = e->at;\n"
            "    if (e->end - at < %u)\n"
            "        return DYNGEN_NO_ROOM;\n"
            "    memcpy(at, t->code, %u);\n",
            op->size, op->size);
    if (write_parts(f, op))
        fputs("    if (bad)\n        return misfit(e, t);\n", f);
    fprintf(f, "    e->at = at + %u;\n    return DYNGEN_OK;\n", op->size);
}

static const char *body_of(const struct op *op)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    if (f)
        write_body(f, op);
    if (!f || fclose(f)) {
        complain("out of memory");
        exit(1);
    }
    const char *kept = take_text(text);
    free(text);
    return kept;
}

static int by_body(const void *a, const void *b)
{
    return strcmp(((const struct emitter *)a)->body, ((const struct emitter *)b)->body);
}

const struct emitter *emitter_for(const struct op *op)
{
    static void *emitters;
    static unsigned count;
    struct emitter *e = take(1, sizeof *e);
    e->body = body_of(op);
    e->number = count;
    struct emitter *const *found = tsearch(e, &emitters, by_body);
    if (!found) {
        complain("out of memory");
        exit(1);
    }
    count += *found == e;
    return *found;
}
