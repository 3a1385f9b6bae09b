/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -jit ir: a stream to code, by the IR; what that cannot hold, by templates. */
#include "translate/ir/emit.h"
#include "translate/ir/slow.h"

#include <string.h>

static struct ir ir;
static struct emitter emitter;

static void move(void *context, u8 to, u8 from)
{
    x86_mov(&((struct emitter *)context)->x, to, from);
}

static void constant(void *context, u8 to, u32 value)
{
    x86_mov_imm(&((struct emitter *)context)->x, to, value);
}

static void spill(void *context, u8 slot, u8 from)
{
    ir_stats.spills++;
    x86_store(&((struct emitter *)context)->x, slot_at(slot), from, 4);
}

static void reload(void *context, u8 to, u8 slot)
{
    x86_load(&((struct emitter *)context)->x, to, slot_at(slot), 4, false);
}

static void print(const char *pass)
{
    if (ir_trace)
        ir_trace(&ir, pass);
}

void (*ir_trace)(const struct ir *ir, const char *pass);

static bool optimise(const struct stream *s)
{
    /* Lowering knows the i386's micro-ops alone. */
    if (s->table != &i386_uops || !ir_lower(&ir, s))
        return false;
    print("lowered");
    ir_fold(&ir);
    print("folded");
    ir_addresses(&ir);
    print("addresses");
    ir_sink(&ir);
    print("sunk");
    return !ir.full;
}

static void start(struct emitter *e, const struct dyngen_emit *out, struct code_map *map)
{
    struct ra_moves moves = {move, constant, spill, reload, e};
    unsigned user = ir.stream->mode & MODE_USER ? PRIVILEGE_USER : PRIVILEGE_SUPERVISOR;

    e->ir = &ir;
    e->x = (struct x86){out->at, out->end, false};
    e->exec = out->exec;
    e->entry = out->at;
    e->segment = 0;
    e->ended = false;
    if ((e->map = map))
        map->count = 0;
    e->tlb = (u32)(offsetof(struct cpu, rest.tlb) + user * sizeof(((struct cpu *)0)->rest.tlb[0]));
    e->flags = IR_NONE;
    e->colds = e->inlineds = e->exits = 0;
    ra_start(&e->ra, &ir, &moves);
}

static bool emit(const struct dyngen_emit *out, struct exit_site *sites, struct code *code)
{
    struct emitter *e = &emitter;
    const u8 *end;

    start(e, out, code->map);
    for (u32 n = 1; n <= ir.count && !e->x.full && !e->ra.failed; n++)
        emit_insn(e, n);
    if (e->x.full || e->ra.failed || !(end = emit_cold(e, sites)))
        return false;
    code->entry = out->at + out->exec;
    code->size = (size_t)(e->x.at - out->at);
    code->text = (size_t)(end - out->at);
    code->exits = e->exits;
    return true;
}

struct ir_stats ir_stats;

static void count_block(const struct stream *s)
{
    ir_stats.blocks++;
    ir_stats.uops += s->count;
    ir_stats.values += ir.count;
    for (u32 n = 1; n <= ir.count; n++) {
        ir_stats.opaque += ir.insn[n].op == IR_opaque;
        ir_stats.dropped += ir.insn[n].op == IR_none;
        ir_stats.sunk += ir.insn[n].sunk;
    }
}

static enum dyngen_status generate_ir(const struct engine *engine, const struct stream *s,
                                      struct dyngen_emit *out, struct exit_site *sites,
                                      struct code *code)
{
    (void)engine;
    if (optimise(s) && emit(out, sites, code)) {
        count_block(s);
        return DYNGEN_OK;
    }
    ir_stats.refused++;
    return generate(template_engine(), s, out, sites, code);
}

const struct engine *ir_engine(void)
{
    static struct engine engine;

    engine = *template_engine();
    engine.name = "ir";
    engine.generate = generate_ir;
    return &engine;
}
