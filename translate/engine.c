/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two engines made of the same micro-ops: dyngen's templates and the interpreter's stream. */
#include "ops/i386/interp.h"
#include "ops/templates.h"
#include "translate/translate.h"

#include <string.h>

/* --- templates --- */

/* dyngen's table is sorted by name; ours is in the order of ops.def. */
static const u16 template_order[] = {
#define TEMPLATE_ENTRY(name) DYNGEN_OP_##name,
#include "ops/i386/each_template.h"
};

static const struct dyngen_template *template_of(unsigned index)
{
    return &dyngen_templates[template_order[index]];
}

static size_t template_size(unsigned index)
{
    return template_of(index)->size;
}

static int template_taken_site(unsigned index)
{
    const struct dyngen_template *t = template_of(index);
    int site = -1;

    for (unsigned i = 0; i < t->hole_count; i++)
        if (t->holes[i].source == DYNGEN_TAKEN) {
            if (site >= 0 || !dyngen_is_jump(&t->holes[i]))
                return -1;
            site = t->holes[i].at;
        }
    return site;
}

static enum dyngen_status emit_template(unsigned index, struct dyngen_emit *out)
{
    return template_of(index)->emit(out);
}

static enum dyngen_status patch_template(u8 *site, intptr_t exec, const void *to)
{
    return dyngen_patch_jump(site, exec, to);
}

const struct engine *template_engine(void)
{
    static const struct engine engine = {
        .name = "template",
        .native = true,
        .alignment = 16,
        .size = template_size,
        .taken_site = template_taken_site,
        .emit = emit_template,
        .patch = patch_template,
        .enter = template_enter,
    };
    return &engine;
}

/* --- the interpreter --- */

static size_t insn_size(unsigned index)
{
    (void)index;
    return sizeof(struct interp_insn);
}

static int insn_taken_site(unsigned index)
{
    (void)index;
    return offsetof(struct interp_insn, taken);
}

static enum dyngen_status emit_insn(unsigned index, struct dyngen_emit *out)
{
    struct interp_insn *insn = (struct interp_insn *)out->at;

    if ((size_t)(out->end - out->at) < sizeof *insn)
        return DYNGEN_NO_ROOM;
    insn->run = interp_ops[index];
    memcpy(insn->param, out->param, sizeof insn->param);
    insn->taken = out->target[DYNGEN_TAKEN];
    insn->cold = out->target[DYNGEN_COLD];
    out->at += sizeof *insn;
    return DYNGEN_OK;
}

static enum dyngen_status patch_insn(u8 *site, intptr_t exec, const void *to)
{
    (void)exec;
    memcpy(site, &to, sizeof to);
    return DYNGEN_OK;
}

const struct engine *interp_engine(void)
{
    static const struct engine engine = {
        .name = "interp",
        .alignment = _Alignof(struct interp_insn),
        .size = insn_size,
        .taken_site = insn_taken_site,
        .emit = emit_insn,
        .patch = patch_insn,
        .enter = interp_enter,
    };
    return &engine;
}
