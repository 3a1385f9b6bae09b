/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The IR to x86-64 code: all of a block. */
#include "translate/ir/x86_64/emit.h"

static struct emitter emitter;

/* --- what the allocator has done --- */

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
    struct emitter *e = context;

    ir_stats.spills++;
    x86_store(&e->x, slot_at(e, slot), from, 4);
}

static void reload(void *context, u8 to, u8 slot)
{
    struct emitter *e = context;

    x86_load(&e->x, to, slot_at(e, slot), 4, false);
}

/* --- a block --- */

static void start(struct emitter *e, const struct ir *ir, const struct dyngen_emit *out,
                  struct code_map *map)
{
    struct ra_moves moves = {move, constant, spill, reload, e};
    unsigned user = ir->stream->mode & MODE_USER ? PRIVILEGE_USER : PRIVILEGE_SUPERVISOR;

    e->ir = ir;
    e->x = (struct x86){out->at, out->end, false};
    e->exec = out->exec;
    e->entry = out->at;
    e->segment = 0;
    e->ended = false;
    if ((e->map = map))
        map->count = 0;
    e->rest = (u32)ir->stream->table->rest;
    e->tlb = e->rest + (u32)offsetof(struct core_rest, tlb) +
             user * (u32)sizeof(((struct core_rest *)0)->tlb[0]);
    e->flags = IR_NONE;
    e->colds = e->inlineds = e->exits = 0;
    ra_start(&e->ra, ir, &moves);
}

bool host_emit(const struct ir *ir, const struct dyngen_emit *out, struct exit_site *sites,
               struct code *code)
{
    struct emitter *e = &emitter;
    const u8 *end;

    start(e, ir, out, code->map);
    for (u32 n = 1; n <= ir->count && !e->x.full && !e->ra.failed; n++)
        emit_insn(e, n);
    if (e->x.full || e->ra.failed || !(end = emit_cold(e, sites)))
        return false;
    code->entry = out->at + out->exec;
    code->size = (size_t)(e->x.at - out->at);
    code->text = (size_t)(end - out->at);
    code->exits = e->exits;
    return true;
}
