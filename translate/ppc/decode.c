/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PowerPC decoder: guest words, by the table insns.def, to micro-ops. */
#include "translate/ppc/translate.h"

#include "ops/ppc/table.h"

/* What one instruction may append, so that a stream has room for any. */
enum { MOST_UOPS = 16, PAGE_BITS = 12 };

struct decoder {
    struct stream *s;
    const struct code_source *source;
    u32 mode, pc, word;
    const struct insn *insn;
    u32 exits; /* ways out so far that did not end the block */
    bool end;
};

typedef void insn_fn(struct decoder *d);
struct insn {
    const char *name;
    insn_fn *translate;
    u32 arg;
};

/* In `arg`, beside a size in bytes or the number of a micro-op. */
enum {
    SIZE = 7,
    UPDATES = 1 << 3,   /* RA becomes the address */
    INDEXED = 1 << 4,   /* the address is RA + RB */
    ALGEBRAIC = 1 << 5, /* sign-extended */
    OP_MASK = 0xffff,
    COMPLEMENTS = 1 << 16, /* the second operand is inverted first, */
    INVERTS = 1 << 17,     /* or the result at last */
};

/* --- fields of the word (book I, 1.6) --- */

static u32 rd(const struct decoder *d) /* RT, RS */
{
    return d->word >> 21 & 31;
}
static u32 ra(const struct decoder *d)
{
    return d->word >> 16 & 31;
}
static u32 rb(const struct decoder *d)
{
    return d->word >> 11 & 31;
}
static u32 immediate(const struct decoder *d)
{
    return d->word & 0xffff;
}
static u32 signed_immediate(const struct decoder *d)
{
    return (u32)(s16)d->word;
}
static bool records(const struct decoder *d)
{
    return d->word & 1;
}
/* The lowest bit of field BF in CR. */
static u32 cr_field(const struct decoder *d)
{
    return 28 - 4 * (d->word >> 23 & 7);
}

/* --- appending --- */

static struct uop *emit(struct decoder *d, u16 op)
{
    return stream_append(d->s, op, d->pc);
}

static void emit_n(struct decoder *d, u16 op, u32 imm)
{
    emit(d, op)->imm[0] = imm;
}

static void emit_r(struct decoder *d, u16 op, enum location to, u32 imm)
{
    struct uop *u = emit(d, op);

    u->d = (u8)to;
    u->imm[0] = imm;
}

static void emit_rr(struct decoder *d, u16 op, enum location to, enum location from)
{
    struct uop *u = emit(d, op);

    u->d = (u8)to;
    u->b = (u8)from;
}

static void emit_call(struct decoder *d, u16 op, u32 a, u32 b)
{
    struct uop *u = emit(d, op);

    u->call.a = a;
    u->call.b = b;
}

static u32 gpr(u32 n)
{
    return (u32)offsetof(struct ppc_cpu, gpr[0]) + n * (u32)sizeof(u32);
}

static void get(struct decoder *d, enum location to, u32 n)
{
    emit_r(d, UOP_get, to, gpr(n));
}

static void put(struct decoder *d, u32 n, enum location from)
{
    emit_r(d, UOP_put, from, gpr(n));
}

/* CR0 says how T0 is to zero. */
static void record(struct decoder *d)
{
    emit_r(d, UOP_movi, T1, 0);
    emit_n(d, UOP_compare_signed, 28);
}

/* T0 is the result: into a register, and CR0 if the instruction says so. */
static void result(struct decoder *d, u32 n, bool recorded)
{
    put(d, n, T0);
    if (recorded)
        record(d);
}

/* --- ends of blocks --- */

/* Before what may close a loop: leave if somebody wants the exec loop's attention. */
static void exit_check(struct decoder *d)
{
    if (!(d->mode & MODE_STEP))
        emit(d, UOP_exit_check);
}

static void end_direct(struct decoder *d, u32 target)
{
    emit(d, UOP_jump)->to.target = target;
    d->end = true;
}

static void end_t0(struct decoder *d)
{
    emit(d, d->mode & MODE_STEP ? UOP_exit_t0 : UOP_jump_t0);
    d->end = true;
}

/* Where a helper has set pc. */
static void end_pc(struct decoder *d)
{
    emit(d, d->mode & MODE_STEP ? UOP_exit_pc : UOP_jump_pc);
    d->end = true;
}

static void raise_in_block(struct decoder *d, u32 vector, u32 why)
{
    emit_call(d, UOP_call_raise, vector, why);
    end_pc(d);
}

static void t_illegal(struct decoder *d)
{
    raise_in_block(d, VECTOR_PROGRAM, PROGRAM_ILLEGAL);
}

/* True if the instruction may not be run here, and raises that. */
static bool is_privileged(struct decoder *d)
{
    if (d->mode & MODE_USER)
        raise_in_block(d, VECTOR_PROGRAM, PROGRAM_PRIVILEGED);
    return d->mode & MODE_USER;
}

/* --- fixed point --- */

static void t_nothing(struct decoder *d)
{
    (void)d;
}

/* RA, or zero in the place of r0. */
static void get_base(struct decoder *d, enum location to)
{
    if (ra(d))
        get(d, to, ra(d));
    else
        emit_r(d, UOP_movi, to, 0);
}

static void t_addi(struct decoder *d)
{
    get_base(d, T0);
    emit_r(d, UOP_addi, T0, signed_immediate(d) << d->insn->arg);
    put(d, rd(d), T0);
}

static void t_mulli(struct decoder *d)
{
    get(d, T0, ra(d));
    emit_r(d, UOP_movi, T1, signed_immediate(d));
    emit_rr(d, UOP_mul, T0, T1);
    put(d, rd(d), T0);
}

static void t_arith(struct decoder *d)
{
    get(d, T0, ra(d));
    get(d, T1, rb(d));
    emit_rr(d, (u16)d->insn->arg, T0, T1);
    result(d, rd(d), records(d));
}

static void t_subf(struct decoder *d)
{
    get(d, T0, rb(d));
    get(d, T1, ra(d));
    emit_rr(d, UOP_sub, T0, T1);
    result(d, rd(d), records(d));
}

static void t_unary(struct decoder *d)
{
    get(d, T0, ra(d));
    emit_r(d, (u16)d->insn->arg, T0, 0);
    result(d, rd(d), records(d));
}

static void t_extend(struct decoder *d)
{
    get(d, T0, rd(d));
    emit_r(d, (u16)d->insn->arg, T0, 0);
    result(d, ra(d), records(d));
}

static void logical_imm(struct decoder *d, u32 imm)
{
    get(d, T0, rd(d));
    emit_r(d, (u16)d->insn->arg, T0, imm);
    result(d, ra(d), d->insn->arg == UOP_andi);
}

static void t_logical_imm(struct decoder *d)
{
    logical_imm(d, immediate(d));
}

static void t_logical_imm_high(struct decoder *d)
{
    logical_imm(d, immediate(d) << 16);
}

static void t_logical(struct decoder *d)
{
    get(d, T0, rd(d));
    get(d, T1, rb(d));
    if (d->insn->arg & COMPLEMENTS)
        emit_r(d, UOP_not, T1, 0);
    emit_rr(d, d->insn->arg & OP_MASK, T0, T1);
    if (d->insn->arg & INVERTS)
        emit_r(d, UOP_not, T0, 0);
    result(d, ra(d), records(d));
}

static void t_shift(struct decoder *d)
{
    get(d, T0, rd(d));
    get(d, T1, rb(d));
    emit_rr(d, (u16)d->insn->arg, T0, T1);
    result(d, ra(d), records(d));
}

/* Ones from bit MB to bit ME, counted from the left, around the end if need be. */
static u32 mask(const struct decoder *d)
{
    u32 first = d->word >> 6 & 31, last = d->word >> 1 & 31;
    u32 from = ~0u >> first, to = ~0u << (31 - last);

    return first <= last ? from & to : from | to;
}

static void t_rotate_mask(struct decoder *d)
{
    get(d, T0, rd(d));
    emit_r(d, UOP_roli, T0, rb(d));
    emit_r(d, UOP_andi, T0, mask(d));
    result(d, ra(d), records(d));
}

static void t_rotate_insert(struct decoder *d)
{
    get(d, T0, rd(d));
    emit_r(d, UOP_roli, T0, rb(d));
    emit_r(d, UOP_andi, T0, mask(d));
    get(d, T1, ra(d));
    emit_r(d, UOP_andi, T1, ~mask(d));
    emit_rr(d, UOP_or, T0, T1);
    result(d, ra(d), records(d));
}

static void t_compare(struct decoder *d)
{
    get(d, T0, ra(d));
    get(d, T1, rb(d));
    emit_n(d, (u16)d->insn->arg, cr_field(d));
}

static void t_compare_imm(struct decoder *d)
{
    bool is_signed = d->insn->arg == UOP_compare_signed;

    get(d, T0, ra(d));
    emit_r(d, UOP_movi, T1, is_signed ? signed_immediate(d) : immediate(d));
    emit_n(d, (u16)d->insn->arg, cr_field(d));
}

/* --- loads and stores --- */

/* The address, but for the displacement that is returned, in T0. */
static u32 address(struct decoder *d)
{
    get_base(d, T0);
    if (!(d->insn->arg & INDEXED))
        return signed_immediate(d);
    get(d, T1, rb(d));
    emit_rr(d, UOP_add, T0, T1);
    return 0;
}

static void access(struct decoder *d, u16 op, enum location to, enum location from, u32 disp)
{
    struct uop *u = emit(d, op);

    u->d = (u8)to;
    u->b = (u8)from;
    u->disp = disp;
}

/* The host's byte order to the guest's, and back. */
static void swap(struct decoder *d, enum location l, u32 size)
{
    if (size > 1)
        emit_r(d, size == 4 ? UOP_swap32 : UOP_swap16, l, 0);
}

/* An access has left its address in T0. */
static void update(struct decoder *d)
{
    if (d->insn->arg & UPDATES)
        put(d, ra(d), T0);
}

static void t_load(struct decoder *d)
{
    u32 size = d->insn->arg & SIZE, disp = address(d);

    access(d, size == 4 ? UOP_ld32 : size == 2 ? UOP_ld16 : UOP_ld8, T1, T0, disp);
    swap(d, T1, size);
    if (d->insn->arg & ALGEBRAIC)
        emit_r(d, UOP_extend16, T1, 0);
    update(d);
    put(d, rd(d), T1);
}

static void t_store(struct decoder *d)
{
    u32 size = d->insn->arg & SIZE, disp = address(d);

    get(d, T1, rd(d));
    swap(d, T1, size);
    access(d, size == 4 ? UOP_st32 : size == 2 ? UOP_st16 : UOP_st8, T0, T1, disp);
    update(d);
}

/* --- branches (book I, 2.4) --- */

static bool links(const struct decoder *d)
{
    return d->word & 1;
}

static void set_lr(struct decoder *d)
{
    emit_r(d, UOP_movi, T1, d->pc + 4);
    emit_r(d, UOP_put, T1, offsetof(struct ppc_cpu, lr));
}

static u32 target(const struct decoder *d, u32 displacement)
{
    return d->word & 2 ? displacement : d->pc + displacement;
}

static void t_branch(struct decoder *d)
{
    u32 to = target(d, (u32)((s32)(d->word << 6) >> 6) & ~(u32)3);

    if (to <= d->pc)
        exit_check(d);
    if (links(d))
        set_lr(d);
    end_direct(d, to);
}

/* BO: what of CTR and of the bit BI of CR must hold; a set bit here says that one does not count.
 */
enum { BO_IGNORE_CR = 16, BO_CR = 8, BO_IGNORE_CTR = 4, BO_CTR_ZERO = 2 };

static u32 bo(const struct decoder *d)
{
    return rd(d);
}

static void emit_way_out(struct decoder *d, u16 op, u32 bits, u32 to)
{
    struct uop *u = emit(d, op);

    u->to.imm = bits;
    u->to.target = to;
    d->exits++;
}

static void way_out_by_ctr(struct decoder *d, bool holds, u32 to)
{
    bool zero = !(bo(d) & BO_CTR_ZERO) != holds;

    emit_way_out(d, zero ? UOP_j_ctr_zero : UOP_j_ctr_nonzero, 0, to);
}

static void way_out_by_cr(struct decoder *d, bool holds, u32 to)
{
    bool set = !(bo(d) & BO_CR) != holds;

    emit_way_out(d, set ? UOP_j_set : UOP_j_clear, 0x80000000u >> ra(d), to);
}

static void count_ctr(struct decoder *d)
{
    if (!(bo(d) & BO_IGNORE_CTR))
        emit(d, UOP_count_ctr);
}

/* On to the next instruction unless all conditions hold. */
static void unless_branching(struct decoder *d)
{
    count_ctr(d);
    if (!(bo(d) & BO_IGNORE_CTR))
        way_out_by_ctr(d, false, d->pc + 4);
    if (!(bo(d) & BO_IGNORE_CR))
        way_out_by_cr(d, false, d->pc + 4);
}

/* A forward branch does not end the block. */
static void t_branch_conditional(struct decoder *d)
{
    u32 to = target(d, signed_immediate(d) & ~(u32)3), counts = !(bo(d) & BO_IGNORE_CTR);
    bool tests = !(bo(d) & BO_IGNORE_CR);

    if (to <= d->pc)
        exit_check(d);
    if (links(d))
        set_lr(d);
    if (counts == tests) {
        unless_branching(d);
        end_direct(d, to);
        return;
    }
    count_ctr(d);
    if (counts)
        way_out_by_ctr(d, true, to);
    else
        way_out_by_cr(d, true, to);
    if (to <= d->pc || d->exits >= BLOCK_EXITS - 3)
        end_direct(d, d->pc + 4);
}

static void t_branch_register(struct decoder *d)
{
    bool by_ctr = d->insn->arg;

    exit_check(d);
    unless_branching(d);
    emit_r(d, UOP_get, T0, by_ctr ? offsetof(struct ppc_cpu, ctr) : offsetof(struct ppc_cpu, lr));
    emit_r(d, UOP_andi, T0, ~3u);
    if (links(d))
        set_lr(d);
    end_t0(d);
}

/* --- the system --- */

static void t_system_call(struct decoder *d)
{
    raise_in_block(d, VECTOR_SYSTEM_CALL, 0);
}

static void t_rfi(struct decoder *d)
{
    emit_call(d, UOP_call_rfi, 0, 0);
    end_pc(d);
}

static void t_mfcr(struct decoder *d)
{
    emit_r(d, UOP_get, T0, offsetof(struct ppc_cpu, cr));
    put(d, rd(d), T0);
}

static void t_mfmsr(struct decoder *d)
{
    if (is_privileged(d))
        return;
    emit_r(d, UOP_get, T0, offsetof(struct ppc_cpu, msr));
    put(d, rd(d), T0);
}

static void t_mtmsr(struct decoder *d)
{
    emit_call(d, UOP_call_set_msr, rd(d), 0);
    emit_n(d, UOP_set_pc, d->pc + 4);
    end_pc(d);
}

/* Special-purpose registers by number, and where they are in struct ppc_cpu. */
static const struct spr {
    u16 number;
    bool privileged;
    u32 offset;
} sprs[] = {
    {1, false, offsetof(struct ppc_cpu, xer)},      {8, false, offsetof(struct ppc_cpu, lr)},
    {9, false, offsetof(struct ppc_cpu, ctr)},      {26, true, offsetof(struct ppc_cpu, srr0)},
    {27, true, offsetof(struct ppc_cpu, srr1)},     {272, true, offsetof(struct ppc_cpu, sprg[0])},
    {273, true, offsetof(struct ppc_cpu, sprg[1])}, {274, true, offsetof(struct ppc_cpu, sprg[2])},
    {275, true, offsetof(struct ppc_cpu, sprg[3])},
};

/* NULL, and the block ends in a program interrupt, if it is not to be had. */
static const struct spr *find_spr(struct decoder *d)
{
    u32 number = ra(d) | rb(d) << 5; /* its halves are swapped */

    for (size_t i = 0; i < sizeof sprs / sizeof *sprs; i++)
        if (sprs[i].number == number)
            return sprs[i].privileged && is_privileged(d) ? NULL : &sprs[i];
    t_illegal(d);
    return NULL;
}

static void t_mfspr(struct decoder *d)
{
    const struct spr *spr = find_spr(d);

    if (!spr)
        return;
    emit_r(d, UOP_get, T0, spr->offset);
    put(d, rd(d), T0);
}

static void t_mtspr(struct decoder *d)
{
    const struct spr *spr = find_spr(d);

    if (!spr)
        return;
    get(d, T0, rd(d));
    emit_r(d, UOP_put, T0, spr->offset);
}

/* --- the table --- */

#define PRIMARY(opcode, name, translate, arg) [opcode] = {#name, translate, arg},
#define EXTENDED(primary, opcode, name, translate, arg)
static const struct insn by_primary[64] = {
#include "translate/ppc/insns.def"
};
#undef PRIMARY
#undef EXTENDED

#define PRIMARY(opcode, name, translate, arg)
#define EXTENDED(primary, opcode, name, translate, arg)                                            \
    [(primary) == 31][opcode] = {#name, translate, arg},
static const struct insn by_extended[2][1024] = {
#include "translate/ppc/insns.def"
};
#undef PRIMARY
#undef EXTENDED

static const struct insn *look_up(u32 word)
{
    static const struct insn illegal = {"", t_illegal, 0};
    u32 primary = word >> 26;
    const struct insn *i = primary == 19 || primary == 31
                               ? &by_extended[primary == 31][word >> 1 & 1023]
                               : &by_primary[primary];

    return i->translate ? i : &illegal;
}

/* --- a block --- */

static u32 fetch(const struct decoder *d)
{
    u32 word = 0;

    for (u32 i = 0; i < 4; i++)
        word = word << 8 | d->source->fetch(d->source->context, d->pc + i);
    return word;
}

static void start(struct decoder *d, u32 pc)
{
    stream_start(d->s, &ppc_uops, pc, d->mode, d->source->base);
    d->pc = pc;
}

static void translate_insn(struct decoder *d)
{
    d->word = fetch(d);
    d->insn = look_up(d->word);
    emit(d, UOP_insn);
    d->insn->translate(d);
    d->s->insns++;
    d->pc += 4;
    d->s->size += 4;
}

static bool goes_on(const struct decoder *d)
{
    const struct stream *s = d->s;

    return s->insns < d->source->max_insns && s->size < d->source->max_size &&
           s->count < STREAM_UOPS - MOST_UOPS && d->pc >> PAGE_BITS == s->eip >> PAGE_BITS;
}

void decode_ppc(struct stream *s, const struct code_source *source, u32 pc, u32 mode)
{
    struct decoder d = {.s = s, .source = source, .mode = mode};

    start(&d, pc);
    while (!d.end) {
        translate_insn(&d);
        if (d.end || goes_on(&d))
            continue;
        if (d.pc < s->eip) /* behind the last word of memory the first one comes */
            exit_check(&d);
        end_direct(&d, d.pc);
    }
}

void decode_ppc_undefined(struct stream *s, const struct code_source *source, u32 pc, u32 mode)
{
    struct decoder d = {.s = s, .source = source, .mode = mode};

    start(&d, pc);
    emit(&d, UOP_insn);
    t_illegal(&d);
    s->insns = 1;
    s->size = 4;
}
