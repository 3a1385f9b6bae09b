/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * check.c: the contract between an op and whoever copies it.
 *
 * An op's code runs at another address, behind code and before code that no compiler has seen.
 * So it is only taken if all of this is proved of it: every byte is decoded; the one way in is
 * its start; every way out is a jump to a hole or a helper, with the stack as it was; and every
 * relocation is of a kind that can be patched, in an operand field that has been found. What
 * remains are holes, which the emitter fills.
 */
#include "dyngen/walk.h"
#include <string.h>

/* Names in messages, shortened if an object brings strange ones. */
static const char *shown(const char *symbol)
{
    return helper_name_ok(symbol) ? symbol : "a symbol with a strange name";
}

/* Instructions. */

static bool decode_body(struct walk *w)
{
    struct op *op = w->op;
    op->insns = take(op->body, sizeof *op->insns);
    for (uint32_t i = 0; i < op->body; i++)
        w->index[i] = -1;
    for (uint32_t at = 0; at < op->body;) {
        struct insn *insn = &op->insns[op->insn_count];
        if (!op->object->host->decode(op->code, op->body, at, insn)) {
            complain_op(op, at,
                        "the byte 0x%02x does not start an instruction that can be decoded to its "
                        "end; keep data and unusual encodings out of an op",
                        op->code[at]);
            return false;
        }
        w->index[at] = (int32_t)op->insn_count++;
        at += insn->size;
    }
    if (op->insn_count == 0)
        complain_op(op, 0, "is empty; end it in a tail call to __op_next");
    return op->insn_count;
}

/* Relocations. */

static bool bind_helper(struct op *op, const struct reloc *r, struct hole *h)
{
    if (!helper_name_ok(r->symbol)) {
        complain_op(op, h->at, "the symbol it needs has no name that C can refer to");
        return false;
    }
    h->kind = HOLE_HELPER;
    if (helper_known(r->symbol))
        return true;
    const char *advice = helper_advice(r->symbol);
    if (!helper_is_reserved(r->symbol))
        advice = "name it with --helpers or --helper-prefix";
    else if (!advice)
        advice = "compilers insert such calls, and its name is the C library's or reserved: write "
                 "the op so that none is needed, or name it with --helpers or --helper-prefix";
    complain_op(op, h->at, "%s is not a helper that ops may use; %s", r->symbol, advice);
    return false;
}

static bool bind_undefined(struct op *op, const struct reloc *r, struct hole *h)
{
    const char *name = r->symbol;
    if (strncmp(name, "__op_", 5) != 0)
        return bind_helper(op, r, h);
    if (!strncmp(name, "__op_param", 10) && name[10] >= '1' && name[10] <= '8' && !name[11]) {
        h->kind = HOLE_PARAM;
        h->index = (unsigned)(name[10] - '1');
        return true;
    }
    if (!strcmp(name, "__op_next")) {
        h->kind = HOLE_NEXT;
        return true;
    }
    if (!strcmp(name, "__op_taken") || !strcmp(name, "__op_cold")) {
        h->kind = HOLE_TARGET;
        h->index = !strcmp(name, "__op_cold");
        return true;
    }
    complain_op(op, h->at,
                "there is no hole named %s; there are __op_param1 to __op_param8, __op_next, "
                "__op_taken and __op_cold",
                shown(name));
    return false;
}

/* Where compilers put what they think a function seldom runs. */
static bool is_cold_half(const char *symbol)
{
    size_t length = strlen(symbol);
    return length > 5 && !strcmp(symbol + length - 5, ".cold");
}

static const char cold_half[] =
    "the half of a function that the compiler takes to be cold; compile with "
    "-fno-reorder-blocks-and-partition";

static bool bind_section(struct op *op, const struct reloc *r, struct hole *h)
{
    struct section *s = r->section;
    uint64_t bias = field_is_relative(&h->field) ? h->field.origin : 0;
    const char *what = object_symbol_at(op->object, s, r->value + (uint64_t)r->addend + bias);
    const char *wrong = NULL;
    if (!s->loaded)
        wrong = "which is not loaded; keep it in .rodata";
    else if (s == op->section)
        wrong = "its own code, as data; an op moves: take the address of a hole instead";
    else if (s->code && is_cold_half(what))
        wrong = cold_half;
    else if (s->code)
        wrong = "code of the object itself, which is not carried along; inline it, or make it a "
                "helper in another file";
    else if (s->writable && (!strncmp(what, "__", 2) || !strncmp(s->name, "__", 2)))
        wrong = "data of the compiler's own; compile ops without --coverage, -fprofile-* and "
                "-fsanitize";
    else if (s->writable)
        wrong = "writable data of the object, which is not carried along; keep it in the state, or "
                "reach it through a helper";
    else if (!s->bytes)
        wrong = "which has no contents; keep it in .rodata";
    if (wrong) {
        complain_op(op, h->at, "refers to %s in %s, %s", shown(what), s->name, wrong);
        return false;
    }
    if (s->reloc_count) {
        complain_op(op, h->at,
                    "refers to %s in %s, which holds addresses (%s at 0x%llx); only plain data can "
                    "be carried along",
                    shown(what), s->name, s->relocs[0].kind, (unsigned long long)s->relocs[0].at);
        return false;
    }
    h->kind = HOLE_CONST;
    h->consts = s;
    h->place = r->value;
    return true;
}

static bool bind_symbol(struct op *op, const struct reloc *r, struct hole *h)
{
    switch (r->place) {
    case PLACE_UNDEFINED:
        return bind_undefined(op, r, h);
    case PLACE_SECTION:
        return bind_section(op, r, h);
    default:
        complain_op(
            op, h->at,
            "relocation %s against %s, a symbol that is %s, is not one that can be patched; "
            "reach it through a helper",
            r->kind, shown(r->symbol), r->place == PLACE_COMMON ? "common" : "absolute");
        return false;
    }
}

/* A jump or call of the op to a place in itself, which the assembler left to the linker. */
static bool bind_own_jump(struct walk *w, struct insn *insn, const struct reloc *r,
                          const struct hole *h)
{
    struct op *op = w->op;
    const struct host *host = op->object->host;
    uint64_t to = r->value + (uint64_t)r->addend + host->bias - op->start;
    if (to >= op->body) {
        complain_op(op, h->at,
                    "jumps out of the op into %s, without a hole; every way out is a tail call to "
                    "a hole or a helper",
                    op->section->name);
        return false;
    }
    insn->target = (int64_t)to;
    host->set_distance(op->code + h->at, (int64_t)to - h->at - host->bias);
    return true;
}

/* The bits of a condition in its unit, which is a byte. */
static unsigned field_mask(const struct field *f)
{
    return ((1U << f->part[0].width) - 1) << f->part[0].bit;
}

/* Is what the hole is for right for the field it lies in? */
static bool suits(struct op *op, const struct insn *insn, const struct hole *h)
{
    long long from_place = (long long)h->addend + op->object->host->bias;
    bool code = h->kind == HOLE_NEXT || h->kind == HOLE_TARGET;
    enum field_use use = h->field.use;
    const char *name = shown(h->symbol);
    if (use == FIELD_CONDITION && (h->kind != HOLE_PARAM || h->addend != 0))
        complain_op(
            op, h->at,
            "makes %s%+lld the opcode of `%s`; its condition can be a value, __op_param1 to "
            "__op_param8, plus what the opcode is for condition 0",
            name, (long long)h->addend + (op->code[h->at] & ~field_mask(&h->field)), insn->text);
    else if (use == FIELD_BRANCH && !code && h->kind != HOLE_HELPER)
        complain_op(op, h->at, "jumps to %s, which is not code", name);
    else if (use == FIELD_BRANCH && insn->kind == INSN_CALL && code)
        complain_op(op, h->at,
                    "calls %s; an op may only jump to it (musttail return); gcc needs -O2 or "
                    "-foptimize-sibling-calls for that",
                    name);
    else if (use == FIELD_MEMORY && code)
        complain_op(op, h->at, "accesses memory at %s; it is code: jump to it or take its address",
                    name);
    else if ((use == FIELD_BRANCH || (code && use == FIELD_ADDRESS)) && from_place != 0)
        complain_op(op, h->at, "does not refer to %s itself but to %+lld bytes from it", name,
                    from_place);
    else if (code && use == FIELD_VALUE && h->addend != 0)
        complain_op(op, h->at, "does not refer to %s itself but to %+lld bytes from it", name,
                    (long long)h->addend);
    return !op->failed;
}

static bool bind_reloc(struct walk *w, struct insn *insn, const struct reloc *r)
{
    struct op *op = w->op;
    const struct host *host = op->object->host;
    uint32_t at = (uint32_t)(r->at - op->start);
    const struct reloc_kind *kind = host->reloc(r->type);
    if (!kind) {
        const char *advice = helper_advice(r->symbol);
        complain_op(op, at, "relocation %s against %s is not one that can be patched; %s", r->kind,
                    shown(r->symbol), advice ? advice : host->advice(r->type, insn));
        return false;
    }
    struct field f;
    if (!host->field(insn, at - insn->at, kind, &f)) {
        complain_op(op, at,
                    "relocation %s against %s does not lie in an operand field of its kind in "
                    "`%s`",
                    r->kind, shown(r->symbol), insn->text);
        return false;
    }
    if (op->hole_count && op->holes[op->hole_count - 1].at == at) {
        complain_op(op, at, "has two relocations in one place");
        return false;
    }
    struct hole *h = &op->holes[op->hole_count];
    *h = (struct hole){.at = at, .field = f, .symbol = r->symbol, .reloc = r->kind};
    h->addend = r->addend;
    if (f.use ==
        FIELD_CONDITION) /* the relocation has the whole unit, the code all but the field */
        h->addend -= op->code[at] & ~field_mask(&f);
    bool own = r->place == PLACE_SECTION && r->section == op->section;
    if (own && f.use == FIELD_BRANCH)
        return bind_own_jump(w, insn, r, h);
    if (!bind_symbol(op, r, h) || !suits(op, insn, h))
        return false;
    if (f.use == FIELD_BRANCH) {
        insn->target = -1;
        w->bound[insn - op->insns] = h;
    }
    op->hole_count++;
    return true;
}

static size_t first_reloc(const struct section *s, uint64_t from)
{
    size_t low = 0, high = s->reloc_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->relocs[middle].at < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool bind_relocs(struct walk *w)
{
    struct op *op = w->op;
    const struct section *s = op->section;
    size_t first = first_reloc(s, op->start), last = first_reloc(s, op->start + op->body);
    op->holes = take(last - first + 1, sizeof *op->holes);
    size_t in = 0;
    for (size_t i = first; i < last; i++) {
        uint64_t at = s->relocs[i].at - op->start;
        while (op->insns[in].at + op->insns[in].size <= at)
            in++;
        if (!bind_reloc(w, &op->insns[in], &s->relocs[i]))
            return false;
    }
    return true;
}

/* What the emitted code refers to. */

static void count_holes(struct op *op)
{
    for (size_t i = 0; i < op->hole_count; i++) {
        const struct hole *h = &op->holes[i];
        if (h->kind == HOLE_PARAM)
            op->params |= (uint8_t)(1 << h->index);
        if (h->kind == HOLE_TARGET)
            op->targets |= (uint8_t)(1 << h->index);
    }
    if (op->params & (op->params + 1)) {
        int last = 0, missing = 0;
        for (int i = 7; i >= 0; i--) {
            if (!(op->params >> i & 1) && op->params >> i)
                missing = i + 1;
            if (op->params >> i & 1 && !last)
                last = i + 1;
        }
        complain_op(op, 0,
                    "uses __op_param%d but not __op_param%d; number an op's values without gaps",
                    last, missing);
    }
}

static void check_op(struct op *op)
{
    struct walk w = {.op = op};
    w.index = take(op->body + 1, sizeof *w.index);
    if (!decode_body(&w))
        return;
    w.bound = take(op->insn_count, sizeof(struct hole *));
    w.depth = take(op->insn_count, sizeof *w.depth);
    w.queue = take(op->insn_count + 1, sizeof *w.queue);
    if (!bind_relocs(&w) || !check_flow(&w))
        return;
    thread_op(op, w.index, w.bound);
    if (!op->failed)
        count_holes(op);
}

/* One way in. */

/* The last op that starts at or before a place; NULL if none does in that section. */
static struct op *op_before(const struct object *o, const struct section *s, uint64_t at)
{
    size_t low = 0, high = o->op_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct op *op = &o->ops[middle];
        if (op->section < s || (op->section == s && op->start <= at))
            low = middle + 1;
        else
            high = middle;
    }
    return low && o->ops[low - 1].section == s ? &o->ops[low - 1] : NULL;
}

static void check_way_in(const struct object *o, const struct section *from, const struct reloc *r)
{
    if (r->place != PLACE_SECTION || !r->section->code)
        return;
    const struct reloc_kind *kind = o->host->reloc(r->type);
    bool relative = kind && kind->relative;
    uint64_t to = r->value + (uint64_t)r->addend + (from->code && relative ? o->host->bias : 0);
    struct op *op = op_before(o, r->section, to);
    if (!op)
        return;
    const struct op *own = from->code ? op_before(o, from, r->at) : NULL;
    if (own && r->at - own->start < own->body)
        return; /* an op's own relocations are looked at with the op */
    if (!from->code && to != op->start)
        complain_op(op, to - op->start,
                    "a table in %s leads back into the op; compile with -fno-jump-tables, and do "
                    "not take the address of a label",
                    from->name);
    else if (to > op->start && to - op->start < op->body &&
             is_cold_half(object_symbol_at(o, from, r->at)))
        complain_op(op, to - op->start, "is entered from %s, %s", from->name, cold_half);
    else if (to > op->start && to - op->start < op->body)
        complain_op(op, to - op->start,
                    "is entered in its middle from %s+0x%llx; the one way in is its start",
                    from->name, (unsigned long long)r->at);
}

bool check_object(struct object *o)
{
    for (size_t i = 0; i < o->section_count; i++)
        for (size_t k = 0; k < o->sections[i].reloc_count; k++)
            check_way_in(o, &o->sections[i], &o->sections[i].relocs[k]);
    bool ok = true;
    for (size_t i = 0; i < o->op_count; i++) {
        if (!o->ops[i].failed)
            check_op(&o->ops[i]);
        ok &= !o->ops[i].failed;
    }
    return ok;
}
