/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PowerPC decoder: guest words, by the table insns.def, to micro-ops. */
#include "translate/ppc/decode.h"

/* What one instruction may append, so that a stream has room for any: lmw has three for each GPR.
 */
enum { MOST_UOPS = 104, PAGE_BITS = 12 };

/* --- appending --- */

struct uop *ppc_emit(struct decoder *d, u16 op)
{
    return stream_append(d->s, op, d->pc);
}

void ppc_emit_n(struct decoder *d, u16 op, u32 imm)
{
    ppc_emit(d, op)->imm[0] = imm;
}

void ppc_emit_r(struct decoder *d, u16 op, enum location to, u32 imm)
{
    struct uop *u = ppc_emit(d, op);

    u->d = (u8)to;
    u->imm[0] = imm;
}

void ppc_emit_rr(struct decoder *d, u16 op, enum location to, enum location from)
{
    struct uop *u = ppc_emit(d, op);

    u->d = (u8)to;
    u->b = (u8)from;
}

void ppc_emit_call(struct decoder *d, u16 op, u32 a, u32 b)
{
    struct uop *u = ppc_emit(d, op);

    u->call.a = a;
    u->call.b = b;
}

static u32 gpr(u32 n)
{
    return (u32)offsetof(struct ppc_cpu, gpr[0]) + n * (u32)sizeof(u32);
}

/* T0: it has no location of its own. */
static enum location own_location(u32 n)
{
    static const u8 own[32] = {
#define OWN_LOCATION(n, NAME) [n] = NAME,
        EACH_GPR_LOCATION(OWN_LOCATION)
#undef OWN_LOCATION
    };

    return (enum location)own[n];
}

/*
 * The temporary where GPR n is still, which has just been put to cpu from there, or got; LOCATIONS:
 * none. Looks back over some micro-ops.
 */
static enum location held_at(const struct decoder *d, u32 n)
{
    enum { SOME = 16 };
    u32 lost = 0;

    for (u32 i = d->s->count; i-- > 0 && i + SOME > d->s->count;) {
        const struct uop *u = &d->s->uops[i];
        if (uop_is_mark(u))
            continue;
        bool moves = (u->op == UOP_get || u->op == UOP_put) && u->imm[0] == gpr(n);
        if (moves && u->d <= T1 && !(lost >> u->d & 1))
            return (enum location)u->d;
        if (u->op == UOP_put && moves)
            return LOCATIONS;
        lost |= uop_writes(u);
        if ((lost & (1 << T0 | 1 << T1)) == (1 << T0 | 1 << T1))
            return LOCATIONS;
    }
    return LOCATIONS;
}

static void get_field(struct decoder *d, enum location to, u32 n)
{
    enum location held = held_at(d, n);

    if (held == LOCATIONS)
        ppc_emit_r(d, UOP_get, to, gpr(n));
    else if (held != to)
        ppc_emit_rr(d, UOP_mov, to, held);
}

void ppc_get(struct decoder *d, enum location to, u32 n)
{
    enum location own = own_location(n);

    if (own == T0)
        get_field(d, to, n);
    else if (own != to)
        ppc_emit_rr(d, UOP_mov, to, own);
}

void ppc_put(struct decoder *d, u32 n, enum location from)
{
    enum location own = own_location(n);

    if (own == T0)
        ppc_emit_r(d, UOP_put, from, gpr(n));
    else if (own != from)
        ppc_emit_rr(d, UOP_mov, own, from);
}

enum location ppc_operand(struct decoder *d, u32 n, enum location scratch)
{
    enum location own = own_location(n);

    if (own != T0)
        return own;
    ppc_get(d, scratch, n);
    return scratch;
}

enum location ppc_base(struct decoder *d, enum location scratch)
{
    if (ra(d))
        return ppc_operand(d, ra(d), scratch);
    ppc_emit_r(d, UOP_movi, scratch, 0);
    return scratch;
}

enum location ppc_target(u32 n)
{
    return own_location(n);
}

/* What a micro-op does with a register that has no location; 0: there is none such. */
static u16 with_field(u16 op)
{
    switch (op) {
    case UOP_add:
        return UOP_add_field;
    case UOP_sub:
        return UOP_sub_field;
    case UOP_and:
        return UOP_and_field;
    case UOP_or:
        return UOP_or_field;
    case UOP_xor:
        return UOP_xor_field;
    default:
        return 0;
    }
}

/* at op GPR n. */
static void with(struct decoder *d, u16 op, enum location at, u32 n)
{
    enum location from = own_location(n) == T0 ? held_at(d, n) : own_location(n);

    if (from != LOCATIONS)
        ppc_emit_rr(d, op, at, from);
    else if (with_field(op))
        ppc_emit_r(d, with_field(op), at, gpr(n));
    else
        ppc_emit_rr(d, op, at, ppc_operand(d, n, T1));
}

void ppc_sum(struct decoder *d, u32 first, u32 second)
{
    bool is_here = held_at(d, second) == T0;

    ppc_get(d, T0, is_here ? second : first);
    with(d, UOP_add, T0, is_here ? first : second);
}

enum location ppc_of_two(struct decoder *d, u16 op, u32 to, u32 first, u32 second, bool commutes)
{
    enum location at = ppc_target(to);

    if (commutes && (to == second || (at == T0 && held_at(d, second) == T0))) {
        u32 other = first;
        first = second;
        second = other;
    } else if (to == second) {
        at = T0;
    }
    ppc_get(d, at, first);
    with(d, op, at, second);
    return at;
}

/* --- ends of blocks --- */

void ppc_exit_check(struct decoder *d)
{
    if (!(d->mode & MODE_STEP))
        ppc_emit(d, UOP_exit_check);
}

void ppc_end_direct(struct decoder *d, u32 target)
{
    struct uop *u = ppc_emit(d, UOP_jump);

    u->to.target = target;
    u->to.dead = ppc_cr0_is_dead_at(d, target) ? FLAGS_ALL : 0;
    d->end = true;
}

void ppc_end_t0(struct decoder *d)
{
    ppc_emit_r(d, d->mode & MODE_STEP ? UOP_exit_d : UOP_jump_d, T0, 0);
    d->end = true;
}

void ppc_end_pc(struct decoder *d)
{
    ppc_emit(d, d->mode & MODE_STEP ? UOP_exit_pc : UOP_jump_pc);
    d->end = true;
}

void ppc_raise_in_block(struct decoder *d, enum ppc_interrupt interrupt, u32 why)
{
    ppc_emit_call(d, UOP_call_raise, interrupt, why);
    ppc_end_pc(d);
}

void ppc_t_illegal(struct decoder *d)
{
    ppc_raise_in_block(d, INT_PROGRAM, ESR_PIL);
}

bool ppc_is_privileged(struct decoder *d)
{
    if (d->mode & MODE_USER)
        ppc_raise_in_block(d, INT_PROGRAM, ESR_PPR);
    return d->mode & MODE_USER;
}

bool ppc_is_hypervisors(struct decoder *d)
{
    if (ppc_is_privileged(d))
        return true;
    if (d->mode & MODE_GS)
        ppc_raise_in_block(d, INT_HYPERVISOR_PRIVILEGE, 0);
    return d->mode & MODE_GS;
}

/* --- fixed point --- */

void ppc_t_nothing(struct decoder *d)
{
    (void)d;
}

/* --- the table --- */

#define PRIMARY(opcode, name, form, cr0, translate, arg)                                           \
    [opcode] = {#name, translate, arg, CR0_##cr0},
#define EXTENDED(primary, opcode, name, form, cr0, translate, arg)
#define SHORT(primary, opcode, name, form, cr0, translate, arg)
static const struct insn by_primary[64] = {
#include "translate/ppc/insns.def"
};
#undef PRIMARY
#undef EXTENDED
#undef SHORT

/* Which table of extended opcodes it is; those are the primary ones that have any. */
enum { TABLE_19, TABLE_31, TABLE_59, TABLE_63, TABLES };

#define PRIMARY(opcode, name, form, cr0, translate, arg)
#define EXTENDED(primary, opcode, name, form, cr0, translate, arg)                                 \
    [TABLE_##primary][opcode] = {#name, translate, arg, CR0_##cr0},
#define SHORT(primary, opcode, name, form, cr0, translate, arg)
static const struct insn by_extended[TABLES][1024] = {
#include "translate/ppc/insns.def"
};
#undef EXTENDED
#undef SHORT

#define EXTENDED(primary, opcode, name, form, cr0, translate, arg)
#define SHORT(primary, opcode, name, form, cr0, translate, arg)                                    \
    [TABLE_##primary][opcode] = {#name, translate, arg, CR0_##cr0},
static const struct insn by_short[TABLES][32] = {
#include "translate/ppc/insns.def"
};
#undef PRIMARY
#undef EXTENDED
#undef SHORT

static const struct insn *look_up_extended(unsigned table, u32 word)
{
    const struct insn *i = &by_short[table][word_xo(word) & 31];

    return i->translate ? i : &by_extended[table][word_xo(word)];
}

static const struct insn *look_up(u32 word)
{
    switch (word >> 26) {
    case 19:
        return look_up_extended(TABLE_19, word);
    case 31:
        return look_up_extended(TABLE_31, word);
    case 59:
        return look_up_extended(TABLE_59, word);
    case 63:
        return look_up_extended(TABLE_63, word);
    default:
        return &by_primary[word >> 26];
    }
}

/* --- a look ahead --- */

static u32 fetch(const struct decoder *d)
{
    u32 word = 0;

    for (u32 i = 0; i < 4; i++)
        word = word << 8 | d->source->fetch(d->source->context, d->pc + i);
    return word;
}

bool ppc_sets_cr0(const struct decoder *d)
{
    if (d->insn->cr0 == CR0_BY_RC)
        return records(d);
    if (d->insn->cr0 == CR0_BY_FIELD)
        return !word_field(d->word);
    return d->insn->cr0 == CR0_SET;
}

/*
 * Only looks at what the block is made from: a write there kills the block, and what is behind the
 * block may not be there.
 */
bool ppc_cr0_is_dead_at(const struct decoder *d, u32 target)
{
    struct decoder ahead = *d;

    if (d->source->all_flags || d->mode & (MODE_STEP | MODE_SO))
        return false;
    for (ahead.pc = target; ahead.pc - d->s->pc < d->pc - d->s->pc; ahead.pc += 4) {
        ahead.word = fetch(&ahead);
        ahead.insn = look_up(ahead.word);
        if (ahead.insn->cr0 == CR0_WANTED || ppc_sets_cr0(&ahead))
            return ppc_sets_cr0(&ahead);
    }
    return false;
}

/* --- a block --- */

static void start(struct decoder *d, u32 pc)
{
    stream_start(d->s, &ppc_uops, pc, d->mode, d->source->base);
    d->pc = pc;
}

static void translate_insn(struct decoder *d)
{
    d->word = fetch(d);
    d->insn = look_up(d->word);
    ppc_emit(d, UOP_insn);
    if (d->insn->translate)
        d->insn->translate(d);
    else
        ppc_t_illegal(d);
    d->s->insns++;
    d->pc += 4;
    d->s->size += 4;
}

static bool goes_on(const struct decoder *d)
{
    const struct stream *s = d->s;

    return s->insns < d->source->max_insns && s->size < d->source->max_size &&
           s->count < STREAM_UOPS - MOST_UOPS && d->pc >> PAGE_BITS == s->pc >> PAGE_BITS;
}

void decode_ppc(struct stream *s, const struct code_source *source, u32 pc, u32 mode)
{
    struct decoder d = {.s = s, .source = source, .mode = mode};

    start(&d, pc);
    while (!d.end) {
        translate_insn(&d);
        if (d.end || goes_on(&d))
            continue;
        if (d.pc < s->pc) /* behind the last word of memory the first one comes */
            ppc_exit_check(&d);
        ppc_end_direct(&d, d.pc);
    }
}

void decode_ppc_undefined(struct stream *s, const struct code_source *source, u32 pc, u32 mode)
{
    struct decoder d = {.s = s, .source = source, .mode = mode};

    start(&d, pc);
    ppc_emit(&d, UOP_insn);
    ppc_t_illegal(&d);
    s->insns = 1;
    s->size = 4;
}
