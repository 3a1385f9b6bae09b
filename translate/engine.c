/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two engines made of the same micro-ops: dyngen's templates and the interpreter's stream. */
#include "ops/i386/interp.h"
#include "ops/templates.h"
#include "translate/translate.h"

#include <string.h>

/* --- templates --- */

/* dyngen's table is sorted by name; ours is in the order of ops.def. */
static enum dyngen_status (*const template_emit[])(struct dyngen_emit *) = {
#define TEMPLATE_ENTRY(name) emit_##name,
#include "ops/i386/each_template.h"
};
static const char *const template_names[] = {
#define TEMPLATE_ENTRY(name) #name,
#include "ops/i386/each_template.h"
};
enum { TEMPLATES = sizeof template_names / sizeof *template_names };
static const struct dyngen_template *templates[TEMPLATES];

static const struct dyngen_template *find_template(const char *name)
{
    unsigned low = 0, high = dyngen_template_count;

    while (low < high) {
        unsigned middle = (low + high) / 2;
        int order = strcmp(name, dyngen_templates[middle].name);
        if (order == 0)
            return &dyngen_templates[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL; /* cannot be: each name has its emit_ function */
}

static size_t template_size(unsigned index)
{
    return templates[index]->size;
}

static unsigned template_taken_sites(unsigned index)
{
    return templates[index]->sites[DYNGEN_TAKEN];
}

static enum dyngen_status emit_template(unsigned index, struct dyngen_emit *out)
{
    return template_emit[index](out);
}

static enum dyngen_status patch_template(u8 *site, intptr_t exec, const void *to)
{
    return dyngen_patch(site, exec, to);
}

const struct engine *template_engine(void)
{
    static const struct engine engine = {
        .name = "template",
        .native = true,
        .alignment = 16,
        .size = template_size,
        .taken_sites = template_taken_sites,
        .emit = emit_template,
        .patch = patch_template,
        .enter = template_enter,
    };
    if (!templates[0])
        for (unsigned i = 0; i < TEMPLATES; i++)
            templates[i] = find_template(template_names[i]);
    return &engine;
}

/* --- the interpreter --- */

static size_t insn_size(unsigned index)
{
    (void)index;
    return sizeof(struct interp_insn);
}

static unsigned insn_taken_sites(unsigned index)
{
    (void)index;
    return 1;
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
    out->site[DYNGEN_TAKEN] = (u8 *)&insn->taken;
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
        .taken_sites = insn_taken_sites,
        .emit = emit_insn,
        .patch = patch_insn,
        .enter = interp_enter,
    };
    return &engine;
}
