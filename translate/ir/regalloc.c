/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See regalloc.h. */
#include "translate/ir/regalloc.h"

#include <string.h>

/* --- how long values live --- */

struct lifetimes {
    struct ra *ra;
    u16 at;
};

/* Of uses in the order from the last one on: so the first that is met decides. */
static void note_last(void *context, ir_ref v)
{
    const struct lifetimes *l = context;
    const struct ir_insn *i = &l->ra->ir->insn[v];

    if (l->ra->last[v])
        return;
    l->ra->last[v] = l->at;
    if (i->sunk) /* computed there, from these */
        ir_each_operand(i, note_last, context);
}

static void find_lifetimes(struct ra *ra)
{
    struct lifetimes l = {.ra = ra};
    u64 fresh = ~(u64)0; /* places where the snapshot behind does not have the same value */

    for (u32 n = ra->ir->count; n >= 1; n--) {
        const struct ir_insn *i = &ra->ir->insn[n];
        if (i->op == IR_none || i->sunk)
            continue;
        l.at = (u16)n;
        ir_each_operand(i, note_last, &l);
        if (!i->snapshot)
            continue;
        const struct ir_snapshot *s = &ra->ir->snapshot[i->snapshot - 1];
        ir_each_seen(s, s->has & fresh, note_last, &l);
        fresh = s->changed | ~s->has;
    }
}

/* What nobody needs dies where it is made. */
static void list_deaths(struct ra *ra)
{
    for (u32 v = 1; v <= ra->ir->count; v++) {
        u32 at = ra->last[v] > v ? ra->last[v] : v;
        ra->next_dying[v] = ra->dying[at];
        ra->dying[at] = (ir_ref)v;
    }
}

static bool leaves_by_code(enum ir_op op)
{
    return op == IR_branch_cmp || op == IR_branch_test || op == IR_check || op == IR_spend ||
           !ir_is_cold(op);
}

static void find_wanted(struct ra *ra)
{
    for (u32 n = 1; n <= ra->ir->count; n++) {
        const struct ir_insn *i = &ra->ir->insn[n];
        if (!i->snapshot || !leaves_by_code((enum ir_op)i->op))
            continue;
        const struct ir_snapshot *s = &ra->ir->snapshot[i->snapshot - 1];
        for (u64 left = s->has & IR_IN_LOCATIONS; left; left &= left - 1) {
            unsigned k = ir_first_place(left);
            ir_ref v = s->value[k];
            if (!ir_is_const(v) && ra->wanted[v] == NO_REG)
                ra->wanted[v] = ra->ir->guest->home[k];
        }
    }
}

void ra_start(struct ra *ra, const struct ir *ir, const struct ra_moves *moves)
{
    size_t values = ir->count + 1;

    ra->ir = ir;
    ra->moves = *moves;
    ra->available = ALL_REGS;
    ra->now = ra->pinned = ra->holding = 0;
    ra->failed = false;
    memset(&ra->state, 0, sizeof ra->state);
    memset(ra->dead_in, 0, sizeof ra->dead_in);
    memset(ra->reg, NO_REG, values);
    memset(ra->slot_of, NO_SLOT, values);
    memset(ra->last, 0, values * sizeof *ra->last);
    memset(ra->wanted, NO_REG, values);
    memset(ra->dying, 0, values * sizeof *ra->dying);
    find_lifetimes(ra);
    list_deaths(ra);
    find_wanted(ra);
}

/* --- what is where --- */

u8 ra_reg_of(const struct ra_state *state, ir_ref v)
{
    for (unsigned r = 0; r < HOST_REGS; r++)
        if (state->in[r] == v)
            return (u8)r;
    return NO_REG;
}

u8 ra_slot_of(const struct ra_state *state, ir_ref v)
{
    for (u32 left = state->slots; left; left &= left - 1)
        if (state->slot[__builtin_ctz(left)] == v)
            return (u8)__builtin_ctz(left);
    return NO_SLOT;
}

bool ra_is_dying(const struct ra *ra, ir_ref v)
{
    return ra->last[v] <= ra->now;
}

/* Registers that may be had as they are. */
static u32 free_regs(const struct ra *ra)
{
    return ra->available & ~ra->holding & ~ra->pinned;
}

void ra_place(struct ra *ra, ir_ref v, u8 reg)
{
    ra->state.in[reg] = v;
    ra->holding |= 1u << reg;
    ra->reg[v] = reg;
}

/* The register no longer has its value. */
static void empty(struct ra *ra, u8 reg)
{
    ra->state.in[reg] = IR_NONE;
    ra->holding &= ~(1u << reg);
}

static void free_slot(struct ra *ra, ir_ref v)
{
    ra->state.slots &= ~(1u << ra->slot_of[v]);
    ra->state.slot[ra->slot_of[v]] = IR_NONE;
    ra->slot_of[v] = NO_SLOT;
}

void ra_begin(struct ra *ra, u32 n)
{
    ra->now = n;
    ra->pinned = 0;
    memset(ra->dead_in, 0, sizeof ra->dead_in);
}

void ra_end(struct ra *ra)
{
    for (ir_ref v = ra->dying[ra->now]; v; v = ra->next_dying[v]) {
        if (ra->reg[v] != NO_REG)
            empty(ra, ra->reg[v]);
        ra->reg[v] = NO_REG;
        if (ra->slot_of[v] != NO_SLOT)
            free_slot(ra, v);
    }
}

void ra_capture(const struct ra *ra, struct ra_state *state)
{
    *state = ra->state;
    for (unsigned r = 0; r < HOST_REGS; r++)
        if (state->in[r] == ra->now)
            state->in[r] = ra->dead_in[r];
}

/* --- spilling --- */

_Static_assert(SLOTS == 32, "a bit each in ra->state.slots");

/* Registers of which one is to be given up. */
struct search {
    const struct ra *ra;
    u32 left; /* those whose values have not been met */
};

static void meet(void *context, ir_ref v)
{
    struct search *s = context;

    s->left &= ~(u32)(s->ra->reg[v] == NO_REG ? 0 : 1u << s->ra->reg[v]);
}

/* Of registers those whose values are needed latest; latest of all what only cold code needs. */
static u32 needed_latest(const struct ra *ra, u32 regs)
{
    struct search s = {ra, regs};
    u32 last = 0;

    for (u32 left = regs; left; left &= left - 1) {
        ir_ref v = ra->state.in[__builtin_ctz(left)];
        last = ra->last[v] > last ? ra->last[v] : last;
    }
    for (u32 n = ra->now + 1; n <= last && n <= ra->ir->count && s.left & (s.left - 1); n++) {
        const struct ir_insn *i = &ra->ir->insn[n];
        u32 before = s.left;
        if (i->op == IR_none || i->sunk)
            continue;
        ir_each_operand(i, meet, &s);
        if (i->snapshot && !ir_is_cold((enum ir_op)i->op)) {
            const struct ir_snapshot *looks = &ra->ir->snapshot[i->snapshot - 1];
            ir_each_seen(looks, looks->has, meet, &s);
        }
        if (!s.left)
            return before;
    }
    return s.left;
}

static void spill(struct ra *ra, u8 reg)
{
    ir_ref v = ra->state.in[reg];
    bool has_slot = ra->slot_of[v] != NO_SLOT;

    if (!has_slot && ra->state.slots == ~0u) {
        ra->failed = true;
    } else if (!has_slot) {
        u8 k = (u8)__builtin_ctz(~ra->state.slots);
        ra->state.slots |= 1u << k;
        ra->slot_of[v] = k;
        ra->state.slot[k] = v;
        ra->moves.spill(ra->moves.context, k, reg);
    }
    empty(ra, reg);
    ra->reg[v] = NO_REG;
}

/* The one of some registers that is best taken. */
static u8 best_of(u32 regs)
{
    for (unsigned k = 0; regs && k < GIVEN_REGS; k++)
        if (regs & 1u << host_order[k])
            return host_order[k];
    return NO_REG;
}

/* The register whose value is needed latest. */
static u8 find_victim(const struct ra *ra, u32 mask)
{
    u32 regs = mask & ra->available & ra->holding & ~ra->pinned & ALL_REGS;

    return best_of(needed_latest(ra, regs));
}

/* Frees one of `mask`. Its value, if it is still needed, is kept elsewhere. */
static u8 make_free(struct ra *ra, u32 mask)
{
    u8 r = best_of(mask & free_regs(ra));

    if (r != NO_REG)
        return r;
    r = find_victim(ra, mask);
    if (r == NO_REG) {
        ra->failed = true;
        return (u8)__builtin_ctz(ALL_REGS);
    }
    spill(ra, r);
    return r;
}

void ra_vacate(struct ra *ra, u8 reg)
{
    ir_ref v = ra->state.in[reg];
    u8 other;

    if (!v)
        return;
    other = best_of(ALL_REGS & ~(1u << reg) & free_regs(ra));
    if (other == NO_REG || ra->slot_of[v] != NO_SLOT) {
        spill(ra, reg);
        return;
    }
    ra->moves.move(ra->moves.context, other, reg);
    empty(ra, reg);
    ra_place(ra, v, other);
}

/* --- for an instruction --- */

u8 ra_temporary(struct ra *ra, u32 mask)
{
    u8 r = make_free(ra, mask);

    ra->pinned |= 1u << r;
    return r;
}

u8 ra_get(struct ra *ra, ir_ref v)
{
    u8 r;

    if (ir_is_const(v)) {
        r = ra_temporary(ra, ALL_REGS);
        ra->moves.constant(ra->moves.context, r, ir_value(ra->ir, v));
        return r;
    }
    if (ra->reg[v] == NO_REG) {
        u8 wanted = ra->wanted[v];
        r = wanted != NO_REG && free_regs(ra) & 1u << wanted ? wanted : make_free(ra, ALL_REGS);
        if (ra->slot_of[v] == NO_SLOT)
            ra->failed = true;
        else
            ra->moves.reload(ra->moves.context, r, ra->slot_of[v]);
        ra_place(ra, v, r);
    }
    ra->pinned |= 1u << ra->reg[v];
    return ra->reg[v];
}

void ra_get_in(struct ra *ra, ir_ref v, u8 reg)
{
    if (!ir_is_const(v) && ra->reg[v] == reg && ra_is_dying(ra, v)) {
        ra->pinned |= 1u << reg;
        return;
    }
    if (!ir_is_const(v) && ra->reg[v] == reg) { /* it lives on: elsewhere */
        ra_vacate(ra, reg);
        ra->pinned |= 1u << reg;
        return;
    }
    ra_vacate(ra, reg);
    ra->pinned |= 1u << reg;
    if (ir_is_const(v))
        ra->moves.constant(ra->moves.context, reg, ir_value(ra->ir, v));
    else if (ra->reg[v] != NO_REG)
        ra->moves.move(ra->moves.context, reg, ra->reg[v]);
    else if (ra->slot_of[v] != NO_SLOT)
        ra->moves.reload(ra->moves.context, reg, ra->slot_of[v]);
    else
        ra->failed = true;
}

/* Registers that the value to be defined may have as they are: their own dies here, or is none. */
static u32 for_the_taking(const struct ra *ra)
{
    u32 regs = free_regs(ra);

    for (ir_ref v = ra->dying[ra->now]; v; v = ra->next_dying[v])
        if (v != ra->now && ra->reg[v] != NO_REG)
            regs |= ra->available & 1u << ra->reg[v];
    return regs;
}

static u8 choose(struct ra *ra, ir_ref v, u32 mask)
{
    u8 wanted = ra->wanted[v], best;
    const struct ir_insn *i = &ra->ir->insn[v];
    u32 regs = mask & for_the_taking(ra);

    if (wanted != NO_REG && mask & ra->available & 1u << wanted) {
        if (regs & 1u << wanted)
            return wanted;
        if (ra->state.in[wanted] && !(ra->pinned & 1u << wanted)) {
            ra_vacate(ra, wanted);
            return wanted;
        }
    }
    for (unsigned n = 0; n < 2; n++) { /* an operand's own */
        ir_ref a = i->operand[n];
        if (a && !ir_is_const(a) && ra->reg[a] != NO_REG && regs & 1u << ra->reg[a])
            return ra->reg[a];
    }
    best = best_of(regs);
    return best != NO_REG ? best : make_free(ra, mask & ~ra->pinned);
}

void ra_define_in(struct ra *ra, ir_ref v, u8 reg)
{
    ir_ref dead = ra->state.in[reg];

    ra->dead_in[reg] = dead;
    if (dead)
        ra->reg[dead] = NO_REG;
    ra_place(ra, v, reg);
    ra->pinned |= 1u << reg;
}

u8 ra_define(struct ra *ra, ir_ref v, u32 mask)
{
    u8 r = choose(ra, v, mask);

    ra_define_in(ra, v, r);
    return r;
}

/* --- around templates --- */

void ra_spill_all_but(struct ra *ra, const ir_ref *kept, unsigned count)
{
    for (unsigned r = 0; r < HOST_REGS; r++) {
        ir_ref v = ra->state.in[r];
        bool keep = false;
        for (unsigned n = 0; n < count; n++)
            keep |= kept[n] == v;
        if (v && !keep && !ra_is_dying(ra, v) && ra->slot_of[v] == NO_SLOT) {
            spill(ra, (u8)r);
            ra_place(ra, v, (u8)r); /* it is still there, for moves to come */
        }
    }
}

void ra_forget_registers(struct ra *ra)
{
    for (unsigned r = 0; r < HOST_REGS; r++) {
        if (ra->state.in[r])
            ra->reg[ra->state.in[r]] = NO_REG;
        empty(ra, (u8)r);
    }
}
