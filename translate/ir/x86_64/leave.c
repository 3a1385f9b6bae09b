/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ways out of a block and slow paths: the guest's state where templates or C want it. */
#include "translate/ir/slow.h"
#include "translate/ir/x86_64/emit.h"

#include <string.h>

/* --- values that code may have to compute first --- */

/* The registers that a value is made from. */
static u32 sources(const struct emitter *e, const struct ra_state *state, ir_ref v)
{
    u8 r;

    if (!v || ir_is_const(v))
        return 0;
    r = ra_reg_of(state, v);
    if (r != NO_REG)
        return reg_bit(r);
    const struct ir_insn *i = &e->ir->insn[v];
    if (!i->sunk)
        return 0;
    return sources(e, state, i->operand[0]) | sources(e, state, i->operand[1]);
}

/* A register that is none of `busy`; there is always one unless the block is very odd. */
static u8 spare(struct emitter *e, u32 busy)
{
    for (unsigned k = 0; k < GIVEN_REGS; k++)
        if (!(busy & reg_bit(host_order[k])))
            return host_order[k];
    e->x.full = true;
    return RAX;
}

static void produce(struct emitter *e, const struct ra_state *state, ir_ref v, u8 to, u32 busy);

/* v in a register: its own, or `to` if that is not busy, or a spare one. */
static u8 in_register(struct emitter *e, const struct ra_state *state, ir_ref v, u8 to, u32 busy)
{
    u8 r = ir_is_const(v) ? NO_REG : ra_reg_of(state, v);

    if (r != NO_REG)
        return r;
    r = busy & reg_bit(to) ? spare(e, busy) : to;
    produce(e, state, v, r, busy);
    return r;
}

static void compute(struct emitter *e, const struct ra_state *state, const struct ir_insn *i, u8 to,
                    u32 busy)
{
    ir_ref a = i->operand[0], b = i->operand[1];
    u32 of_b = sources(e, state, b), constant = 0;
    u8 reg_a = in_register(e, state, a, to, busy | of_b), reg_b = NO_REG;

    if (b && ir_is_const(b))
        constant = ir_value(e->ir, b);
    else if (b)
        reg_b = b == a ? reg_a : in_register(e, state, b, to, busy | reg_bit(reg_a));
    put_value(&e->x, i, to, reg_a, reg_b, constant);
}

/* `to` = v, changing no register that is busy. `to` may be one of v's sources. */
static void produce(struct emitter *e, const struct ra_state *state, ir_ref v, u8 to, u32 busy)
{
    u8 r = ir_is_const(v) ? NO_REG : ra_reg_of(state, v), k;

    if (ir_is_const(v)) {
        x86_mov_imm(&e->x, to, ir_value(e->ir, v));
    } else if (r != NO_REG) {
        if (r != to)
            x86_mov(&e->x, to, r);
    } else if ((k = ra_slot_of(state, v)) != NO_SLOT) {
        x86_load(&e->x, to, slot_at(e, k), 4, false);
    } else if (e->ir->insn[v].sunk) {
        compute(e, state, &e->ir->insn[v], to, busy);
    } else {
        e->x.full = true;
    }
}

/* --- the state --- */

/* Where templates have a location. */
static u8 home(const struct emitter *e, unsigned location)
{
    return e->ir->guest->home[location];
}

/* The locations that have to be moved to, all at once; as bits. */
static u32 moves_to(const struct emitter *e, const struct ra_state *state,
                    const struct ir_snapshot *s)
{
    u32 moves = 0;

    for (u64 left = s->has & IR_IN_LOCATIONS; left; left &= left - 1) {
        unsigned k = ir_first_place(left);
        ir_ref v = s->value[k];
        if (ir_is_const(v) || state->in[home(e, k)] != v)
            moves |= 1u << k;
    }
    return moves;
}

/* Registers that moves still read; and those that hold what was moved, or was in place. */
static u32 needed(const struct emitter *e, const struct ra_state *state,
                  const struct ir_snapshot *s, u32 moves)
{
    u32 regs = 0;

    for (u32 left = moves; left; left &= left - 1)
        regs |= sources(e, state, s->value[ir_first_place(left)]);
    return regs;
}

static u32 placed(const struct emitter *e, const struct ir_snapshot *s, u32 moves)
{
    u32 regs = reg_bit(CPU_REG) | reg_bit(RSP);

    for (u64 left = s->has & IR_IN_LOCATIONS & ~(u64)moves; left; left &= left - 1)
        regs |= reg_bit(home(e, ir_first_place(left)));
    return regs;
}

/* To location k; `busy`: registers that others need. */
static void do_move(struct emitter *e, struct ra_state *state, ir_ref v, unsigned k, u32 busy)
{
    u8 to = home(e, k);

    produce(e, state, v, to, busy);
    state->in[to] = ir_is_const(v) ? IR_NONE : v;
}

/* All that is left reads what another overwrites: takes the first one's register out of the way. */
static void break_circle(struct emitter *e, struct ra_state *state, const struct ir_snapshot *s,
                         u32 moves)
{
    for (u32 left = moves; left; left &= left - 1) {
        u8 from = home(e, ir_first_place(left)), to;
        if (!state->in[from])
            continue;
        to = spare(e, needed(e, state, s, moves) | placed(e, s, moves));
        x86_mov(&e->x, to, from);
        state->in[to] = state->in[from];
        state->in[from] = IR_NONE;
        return;
    }
    e->x.full = true;
}

static void put_moves(struct emitter *e, struct ra_state *state, const struct ir_snapshot *s)
{
    u32 moves = moves_to(e, state, s);

    while (moves && !e->x.full) {
        u32 before = moves;
        for (u32 left = moves; left; left &= left - 1) {
            unsigned k = ir_first_place(left);
            u32 others = moves & ~(1u << k), read = needed(e, state, s, others);
            if (read & reg_bit(home(e, k)))
                continue;
            do_move(e, state, s->value[k], k, read | placed(e, s, moves));
            moves = others;
        }
        if (moves == before)
            break_circle(e, state, s, moves);
    }
}

static const struct ir_field *field_at(const struct emitter *e, unsigned place)
{
    return &e->ir->guest->fields[place - IR_LOCATIONS];
}

/* A field whose value is a constant or in a register; false if it is neither. */
static bool put_field_at_hand(struct emitter *e, const struct ra_state *state, ir_ref v,
                              const struct ir_field *field)
{
    struct x86_mem to = cpu_at(field->offset);
    u8 r;

    if (ir_is_const(v)) {
        x86_store_imm(&e->x, to, ir_value(e->ir, v), field->size);
        return true;
    }
    r = ra_reg_of(state, v);
    if (r != NO_REG)
        x86_store(&e->x, to, r, field->size);
    return r != NO_REG;
}

/* The fields at other places, by way of a register that neither they nor moves need. */
static void put_others(struct emitter *e, const struct ra_state *state, const struct ir_snapshot *s,
                       u64 places)
{
    u32 moves = moves_to(e, state, s);
    u32 busy = needed(e, state, s, moves) | placed(e, s, moves);

    for (u64 left = places; left; left &= left - 1)
        busy |= sources(e, state, s->value[ir_first_place(left)]);
    for (u64 left = places; left; left &= left - 1) {
        unsigned place = ir_first_place(left);
        u8 r = spare(e, busy);
        produce(e, state, s->value[place], r, busy);
        x86_store(&e->x, cpu_at(field_at(e, place)->offset), r, field_at(e, place)->size);
    }
}

static void put_fields(struct emitter *e, const struct ra_state *state, const struct ir_snapshot *s)
{
    u64 others = 0;

    for (u64 left = s->has & ~(u64)IR_IN_LOCATIONS; left; left &= left - 1) {
        unsigned place = ir_first_place(left);
        if (!put_field_at_hand(e, state, s->value[place], field_at(e, place)))
            others |= left & -left;
    }
    if (others)
        put_others(e, state, s, others);
}

void put_state(struct emitter *e, struct ra_state *state, const struct ir_snapshot *s)
{
    struct ra_state copy = *state;

    put_fields(e, &copy, s);
    put_moves(e, &copy, s);
}

bool state_is_placed(const struct emitter *e, const struct ra_state *state,
                     const struct ir_snapshot *s)
{
    return !(s->has & ~(u64)IR_IN_LOCATIONS) && !moves_to(e, state, s);
}

/* --- templates --- */

static struct dyngen_emit at_here(const struct emitter *e)
{
    return (struct dyngen_emit){.at = e->x.at, .end = e->x.end, .exec = e->exec};
}

static void put_template(struct emitter *e, u16 op, u64 p1, u64 p2)
{
    struct dyngen_emit out = at_here(e);
    const struct uop_table *t = e->ir->stream->table;

    out.param[0] = p1;
    out.param[1] = p2;
    if (template_engine()->emit(t, t->rows[op].first, &out) != DYNGEN_OK)
        e->x.full = true;
    else
        e->x.at = out.at;
}

/* Leaves room for `size` bytes. */
static u8 *skip(struct emitter *e, size_t size)
{
    u8 *at = e->x.at;

    if ((size_t)(e->x.end - at) < size)
        e->x.full = true;
    else
        e->x.at += size;
    return at;
}

static void write_inlined(struct emitter *e, const struct inlined *i)
{
    struct dyngen_emit out = at_here(e);
    u8 *cold = skip(e, i->size.cold);

    if (!e->x.full && generate_fragment(e->ir->stream, i->uop, i->hot, cold, &out) != DYNGEN_OK)
        e->x.full = true;
}

void put_inlined(struct emitter *e, const struct uop *u)
{
    struct inlined *i = &e->inlined[e->inlineds];

    if (e->inlineds + 1 >= INLINED)
        e->x.full = true;
    else
        e->inlineds++;
    i->uop = u;
    i->size = measure_fragment(e->ir->stream, u);
    i->hot = skip(e, i->size.hot);
}

/* --- exits --- */

bool add_exit(struct emitter *e, u8 *field, u32 pc)
{
    if (e->exits >= BLOCK_EXITS)
        return false;
    e->exit[e->exits].pc = pc;
    e->exit[e->exits].field = field;
    e->exits++;
    return true;
}

/* To another page, as templates do it. */
static void put_far_jump(struct emitter *e, u32 pc)
{
    struct uop jump = uop_make(e->ir->stream->table, UOP_jump, 0);
    struct inlined i = {.uop = &jump, .hot = e->x.at};

    jump.to.target = pc;
    i.size = measure_fragment(e->ir->stream, &jump);
    skip(e, i.size.hot);
    write_inlined(e, &i);
}

void put_jump_out(struct emitter *e, u32 pc)
{
    if (!stream_same_page(e->ir->stream, pc))
        put_far_jump(e, pc);
    else if (!add_exit(e, x86_jmp(&e->x), pc))
        e->x.full = true;
}

struct cold *add_cold(struct emitter *e, enum cold_kind kind, u32 n, u8 *from)
{
    struct cold *c = &e->cold[e->colds];

    if (e->colds + 1 >= COLDS)
        e->x.full = true;
    else
        e->colds++;
    c->kind = (u8)kind;
    c->insn = (u16)n;
    c->segment = e->segment;
    c->from = from;
    ra_capture(&e->ra, &c->state);
    return c;
}

static void put_way_out(struct emitter *e, struct cold *c)
{
    const struct ir_insn *i = &e->ir->insn[c->insn];

    put_state(e, &c->state, &e->ir->snapshot[i->snapshot - 1]);
    if (i->op != IR_check && i->op != IR_spend) {
        put_jump_out(e, i->imm);
        return;
    }
    if (i->unrun)
        put_template(e, UOP_refund, i->unrun, 0);
    put_template(e, UOP_exit_to, i->pc, 0);
}

/* --- slow paths --- */

/*
 * The address's own entry in the TLB, where a neighbour's was looked at, which is another page's;
 * if it is the right one, back with it.
 */
static void put_second_look(struct emitter *e, const struct cold *c)
{
    const struct ir_insn *i = &e->ir->insn[c->insn];
    u32 busy = reg_bit(c->address) | reg_bit(c->temporary) | reg_bit(CPU_REG);
    u8 entry = spare(e, busy), page = spare(e, busy | reg_bit(entry)), *miss;

    x86_push(&e->x, entry);
    x86_push(&e->x, page);
    put_tlb_entry(&e->x, entry, c->address);
    put_page(&e->x, page, c->address, i->size - 1u);
    x86_alu_load(&e->x, X86_CMP, page, tlb_at(e, entry, 0, tlb_tag(i)));
    miss = x86_jcc(&e->x, CC_NE);
    x86_load64(&e->x, c->temporary, tlb_at(e, entry, 0, offsetof(struct tlb_entry, addend)));
    x86_pop(&e->x, page);
    x86_pop(&e->x, entry);
    x86_jump_to(x86_jmp(&e->x), c->again);
    x86_jump_to(miss, e->x.at);
    x86_pop(&e->x, page);
    x86_pop(&e->x, entry);
}

static void put_slow_access(struct emitter *e, struct cold *c)
{
    if (e->ir->insn[c->insn].near)
        put_second_look(e, c);
    x86_push_imm(&e->x, 0);
    c->link = e->x.at - 4;
    x86_jump_to(x86_jmp(&e->x), (const u8 *)((intptr_t)ir_gate - e->exec));
}

static void put_cold(struct emitter *e, struct cold *c)
{
    enum ir_op op = (enum ir_op)e->ir->insn[c->insn].op;
    bool branch = op == IR_branch_cmp || op == IR_branch_test;
    enum code_part part = op == IR_jump ? PART_HOT : branch ? PART_TAKEN : PART_COLD;

    map_code(e, c->insn, c->segment, part);
    x86_jump_to(c->from, e->x.at);
    if (c->kind == COLD_EXIT)
        put_way_out(e, c);
    else
        put_slow_access(e, c);
}

static void put_description(struct emitter *e, struct cold *c)
{
    enum { ALIGN = _Alignof(struct ir_slow) };
    size_t pad = -(uintptr_t)e->x.at & (ALIGN - 1), size;
    struct ir_slow *slow =
        (struct ir_slow *)skip(e, pad + sizeof *slow + SLOW_ITEMS * sizeof *slow->item);
    u32 distance;

    if (e->x.full)
        return;
    slow = (struct ir_slow *)((u8 *)slow + pad);
    if (!(size = ir_describe(e->ir, &c->state, c->insn, slow))) {
        e->x.full = true;
        return;
    }
    slow->resume = c->resume + e->exec;
    slow->result = c->temporary;
    e->x.at = (u8 *)slow + size;
    distance = (u32)((intptr_t)slow + e->exec - (intptr_t)ir_gate);
    memcpy(c->link, &distance, sizeof distance);
}

/* --- all of it --- */

static void put_stubs(struct emitter *e, struct exit_site *sites)
{
    for (u32 n = 0; n < e->exits && !e->x.full; n++) {
        u8 *stub = e->x.at;
        put_template(e, UOP_exit_stub, e->exit[n].pc, (u64)(uintptr_t)&sites[n]);
        x86_jump_to(e->exit[n].field, stub);
        sites[n] = (struct exit_site){
            .pc = e->exit[n].pc,
            .patch = e->exit[n].field,
            .unlinked = stub + e->exec,
        };
    }
}

const u8 *emit_cold(struct emitter *e, struct exit_site *sites)
{
    const u8 *end;

    for (u32 n = 0; n < e->colds && !e->x.full; n++)
        put_cold(e, &e->cold[n]);
    map_code(e, e->ir->count, e->segment, PART_COLD);
    for (u32 n = 0; n < e->inlineds && !e->x.full; n++)
        write_inlined(e, &e->inlined[n]);
    put_stubs(e, sites);
    end = e->x.at;
    for (u32 n = 0; n < e->colds && !e->x.full; n++)
        if (e->cold[n].kind == COLD_ACCESS)
            put_description(e, &e->cold[n]);
    return e->x.full ? NULL : end;
}
