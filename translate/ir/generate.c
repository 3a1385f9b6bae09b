/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -jit ir: a stream to code, by the IR; what that cannot hold, by templates. */
#include "translate/ir/host.h"

static struct ir ir;

static void print(const char *pass)
{
    if (ir_trace)
        ir_trace(&ir, pass);
}

void (*ir_trace)(const struct ir *ir, const char *pass);

static bool optimise(const struct stream *s)
{
    if (!s->table->ir || !ir_lower(&ir, s))
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
    if (optimise(s) && host_emit(&ir, out, sites, code)) {
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
    engine.loop_body = LOOP_INSNS / 2;
    engine.generate = generate_ir;
    return &engine;
}
