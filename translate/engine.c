/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two engines made of the same micro-ops: dyngen's templates and the interpreter's stream. */
#include "ops/host/dyngen.h"
#include "translate/translate.h"

#include <string.h>

/* --- templates --- */

/* dyngen's table is sorted by name; a guest's is in the order of its micro-ops. */
static const struct dyngen_template *template_of(const struct uop_table *t, unsigned template)
{
    return &t->dyngen[t->dyngen_order[template]];
}

static size_t template_size(const struct uop_table *t, unsigned template)
{
    return template_of(t, template)->size;
}

static int template_taken_site(const struct uop_table *table, unsigned template)
{
    const struct dyngen_template *t = template_of(table, template);
    int site = -1;

    for (unsigned i = 0; i < t->hole_count; i++)
        if (t->holes[i].source == DYNGEN_TAKEN) {
            if (site >= 0 || !dyngen_is_jump(&t->holes[i]))
                return -1;
            site = t->holes[i].at;
        }
    return site;
}

static enum dyngen_status emit_template(const struct uop_table *t, unsigned template,
                                        struct dyngen_emit *out)
{
    return dyngen_emit_template(out, template_of(t, template));
}

static enum dyngen_status patch_template(u8 *site, intptr_t exec, const void *to)
{
    enum dyngen_status status = dyngen_patch_jump(site, exec, to);

    dyngen_flush(site + exec, sizeof(u32));
    return status;
}

static void enter_template(const struct uop_table *t, struct core *core, const void *code)
{
    t->enter(core, code);
}

const struct engine *template_engine(void)
{
    static const struct engine engine = {
        .name = "template",
        .native = true,
        .alignment = 16,
        .loop_body = 5,
        .size = template_size,
        .taken_site = template_taken_site,
        .emit = emit_template,
        .patch = patch_template,
        .enter = enter_template,
    };
    return &engine;
}

/* --- the interpreter --- */

static size_t insn_size(const struct uop_table *t, unsigned template)
{
    (void)t, (void)template;
    return sizeof(struct interp_insn);
}

static int insn_taken_site(const struct uop_table *t, unsigned template)
{
    (void)t, (void)template;
    return offsetof(struct interp_insn, taken);
}

static enum dyngen_status emit_insn(const struct uop_table *t, unsigned template,
                                    struct dyngen_emit *out)
{
    struct interp_insn *insn = (struct interp_insn *)out->at;

    if ((size_t)(out->end - out->at) < sizeof *insn)
        return DYNGEN_NO_ROOM;
    insn->run = t->interp[template];
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

static void enter_stream(const struct uop_table *t, struct core *core, const void *code)
{
    t->enter_interp(core, code);
}

const struct engine *interp_engine(void)
{
    static const struct engine engine = {
        .name = "interp",
        .alignment = _Alignof(struct interp_insn),
        .loop_body = 5,
        .size = insn_size,
        .taken_site = insn_taken_site,
        .emit = emit_insn,
        .patch = patch_insn,
        .enter = enter_stream,
    };
    return &engine;
}

/* Between the first and the last of them, as the linker has placed them. */
const void *interp_code(const struct uop_table *t, size_t *size)
{
    uintptr_t low = UINTPTR_MAX, high = 0;

    for (unsigned i = 0; i < t->templates; i++) {
        uintptr_t at = (uintptr_t)t->interp[i];
        low = at < low ? at : low;
        high = at > high ? at : high;
    }
    *size = high - low;
    return (const void *)low;
}
