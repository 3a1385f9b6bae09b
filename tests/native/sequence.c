/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sequences: instructions that use each other's results and flags, jumps forward, loops, calls,
 * code that writes to the code behind it.
 * What a register holds is not known, so ESI and EDI point to data, ESP to the stack and EBP
 * counts loops, and nothing else changes them.
 *
 * `tainted` are the flags that may be undefined at this point: no instruction that reads one of
 * them is taken.
 */
#include "tests/native/builder.h"

/* Instructions of which what they do to the flags is known; arg -1 is any, no function MMX and SSE.
   The first row that fits counts. */
static const struct flow {
    insn_fn *translate;
    int arg;
    u32 reads, writes;
    u8 weight;
} flows[] = {
    {t_alu, ALU_ADC, FLAG_CF, FLAGS_ARITH, 4},
    {t_alu, ALU_SBB, FLAG_CF, FLAGS_ARITH, 4},
    {t_alu, ALU_CMP, 0, FLAGS_ARITH, 5},
    {t_alu, -1, 0, FLAGS_ARITH, 10},
    {t_inc, -1, 0, FLAGS_ARITH & ~FLAG_CF, 4},
    {t_test, -1, 0, FLAGS_ARITH, 4},
    {t_neg, -1, 0, FLAGS_ARITH, 2},
    {t_not, -1, 0, 0, 2},
    {t_mul, -1, 0, FLAGS_ARITH, 2},
    {t_imul, -1, 0, FLAGS_ARITH, 3},
    {t_div, -1, 0, FLAGS_ARITH, 1},
    {t_mov, -1, 0, 0, 5},
    {t_lea, -1, 0, 0, 2},
    {t_movx, -1, 0, 0, 3},
    {t_cwde, -1, 0, 0, 1},
    {t_cdq, -1, 0, 0, 1},
    {t_bswap, -1, 0, 0, 1},
    {t_nop, -1, 0, 0, 1},
    {t_xchg, -1, 0, 0, 2},
    {t_xadd, -1, 0, FLAGS_ARITH, 2},
    {t_cmpxchg, -1, 0, FLAGS_ARITH, 2},
    {t_cmpxchg8b, -1, 0, FLAG_ZF, 1},
    {t_shift, SHIFT_RCL, FLAG_CF, FLAG_CF | FLAG_OF, 2},
    {t_shift, SHIFT_RCR, FLAG_CF, FLAG_CF | FLAG_OF, 2},
    {t_shift, SHIFT_ROL, 0, FLAG_CF | FLAG_OF, 2},
    {t_shift, SHIFT_ROR, 0, FLAG_CF | FLAG_OF, 2},
    {t_shift, -1, 0, FLAGS_ARITH, 8},
    {t_shift_double, -1, 0, FLAGS_ARITH, 3},
    {t_bit, -1, 0, FLAG_CF, 4},
    {t_carry_flag, 2, FLAG_CF, FLAG_CF, 1},
    {t_carry_flag, -1, 0, FLAG_CF, 2},
    {t_direction, -1, 0, 0, 1},
    {t_sahf, -1, 0, FLAGS_ARITH & ~FLAG_OF, 2},
    {t_lahf, -1, FLAGS_ARITH & ~FLAG_OF, 0, 2},
    {t_salc, -1, FLAG_CF, 0, 1},
    {t_setcc, -1, FLAGS_ARITH, 0, 10}, /* by condition */
    {t_cmov, -1, FLAGS_ARITH, 0, 6},
    {t_pushf, -1, FLAGS_ARITH, 0, 2},
    {t_push, -1, 0, 0, 2},
    {t_pop, -1, 0, 0, 2},
    {t_mov_from_seg, -1, 0, 0, 1},
    {t_decimal, 0, FLAG_CF | FLAG_AF, FLAGS_ARITH, 1},
    {t_decimal, 1, FLAG_CF | FLAG_AF, FLAGS_ARITH, 1},
    {t_decimal, 2, FLAG_AF, FLAGS_ARITH, 1},
    {t_decimal, 3, FLAG_AF, FLAGS_ARITH, 1},
    {t_decimal, -1, 0, FLAGS_ARITH, 1},
    {t_string, 3, 0, FLAGS_ARITH, 1},
    {t_string, 4, 0, FLAGS_ARITH, 1},
    {t_string, -1, 0, 0, 2},
    {t_x87, -1, 0, 0, 0}, /* these only in some sequences, and then most of it */
    {NULL, -1, 0, 0, 0},
};
enum { FLOWS = sizeof flows / sizeof *flows, MOST_MEMBERS = 640 };
enum { FLOW_MEDIA = FLOWS - 1, FLOW_X87 = FLOWS - 2 };

/* The entries of each row. */
static struct {
    u16 entry[MOST_MEMBERS];
    unsigned count;
} members[FLOWS];

/* Not those that reach for more memory than a sequence has there. */
static bool is_simple_media(const struct entry *e)
{
    return is_media(e) && e->translate != t_maskmov && e->translate != t_fxsave;
}

static bool fits(const struct flow *f, const struct entry *e)
{
    if (!f->translate)
        return is_simple_media(e);
    return f->translate == e->translate && (f->arg < 0 || f->arg == e->arg);
}

static void find_members(void)
{
    for (unsigned i = 0; i < case_entry_count(); i++) {
        unsigned entry = case_entry(i), row = 0;
        while (row < FLOWS && !fits(&flows[row], entry_at(entry)))
            row++;
        if (row < FLOWS && members[row].count < MOST_MEMBERS)
            members[row].entry[members[row].count++] = (u16)entry;
    }
}

/* --- what is being made --- */

enum { MOST_JUMPS = 4, ROOM = 20 };

struct sequence {
    struct builder *b;
    unsigned focus; /* the flow that most of it is of; 0: none */
    u32 tainted;
    struct jump {
        u32 at, size; /* of the displacement, which ends the instruction */
        u32 steps;    /* until it lands */
        u32 tainted;
    } jump[MOST_JUMPS];
    unsigned jumps;
    u32 call;       /* where the call's displacement is; 0: there is none */
    u32 loop, left; /* the open loop's head, and its steps; 0: there is none */
};

static u32 word_size(const struct sequence *s)
{
    return s->b->code16 ? 2 : 4;
}

static void set_displacement(struct sequence *s, u32 at, u32 size, u32 target)
{
    u32 by = target - (at + size);

    memcpy(s->b->code + at, &by, size);
}

/* Instructions begin here: a fault shows the flags as they are now. */
static void note_flags(struct sequence *s)
{
    s->b->info->undef_flags[s->b->size] = (u16)s->tainted;
}

static void land_jumps(struct sequence *s, bool all)
{
    for (unsigned i = 0; i < s->jumps;) {
        struct jump *j = &s->jump[i];
        if (!all && j->steps-- > 0) {
            i++;
            continue;
        }
        set_displacement(s, j->at, j->size, s->b->size);
        s->tainted |= j->tainted;
        *j = s->jump[--s->jumps];
    }
}

/* --- instructions --- */

/* The flags that a condition reads. */
static u32 read_by(unsigned condition)
{
    static const u32 read[] = {FLAG_OF, FLAG_CF, FLAG_ZF,           FLAG_CF | FLAG_ZF,
                               FLAG_SF, FLAG_PF, FLAG_SF | FLAG_OF, FLAG_SF | FLAG_OF | FLAG_ZF};
    return read[condition >> 1 & 7];
}

static bool is_x87_move(const struct entry *e)
{
    return (e->opcode == 0xda || e->opcode == 0xdb) && e->modrm >= 0xc0 && e->modrm < 0xe0;
}

static bool is_x87_compare(const struct entry *e)
{
    return (e->opcode == 0xdb || e->opcode == 0xdf) && e->modrm >= 0xe8 && e->modrm < 0xf8;
}

/* COMISS, UCOMISS and for doubles. */
static bool is_media_compare(const struct entry *e)
{
    return is_media(e) && ((e->opcode & 0xff) == 0x2e || (e->opcode & 0xff) == 0x2f);
}

static u32 reads(const struct flow *f, const struct entry *e)
{
    if (e->translate == t_setcc || e->translate == t_cmov)
        return read_by(e->opcode & 15);
    return is_x87_move(e) && e->form == X87 ? FLAG_CF | FLAG_ZF | FLAG_PF : f->reads;
}

/* Only registers that are free to change, and nothing with an outcome that is left open. */
static bool may_be_taken(struct sequence *s, const struct entry *e, const struct flow *f)
{
    bool stack = e->translate == t_push || e->translate == t_pop || e->translate == t_pushf;
    bool in_opcode = e->form == Zv || e->form == Zv_Iz || e->form == eAX_Zv;

    if (reads(f, e) & s->tainted)
        return false;
    if ((in_opcode && (e->opcode & 7) > EBX) || (stack && s->b->in_function))
        return false;
    if (!is_defined(e))
        return false;
    if (e->form == X87 && e->modrm < 0xc0) /* environments */
        return (e->opcode != 0xd9 && e->opcode != 0xdd) ||
               (e->modrm >> 3 != 4 && e->modrm >> 3 != 6);
    return e->translate != t_string || e->arg < 5;
}

static const struct flow *choose(struct sequence *s)
{
    struct builder *b = s->b;

    for (;;) {
        bool in_focus = s->focus && !chance(b, 3);
        unsigned row = in_focus ? s->focus : below(&b->random, FLOW_X87);
        const struct flow *f = &flows[row];
        if (!members[row].count || (!in_focus && below(&b->random, 10) >= f->weight))
            continue;
        b->e = entry_at(members[row].entry[below(&b->random, members[row].count)]);
        if (may_be_taken(s, b->e, f))
            return f;
    }
}

static bool is_by_cl(const struct entry *e)
{
    return e->form == Eb_CL || e->form == Ev_CL ||
           (e->translate == t_shift_double && e->form == Ev_Gv);
}

static u32 written(struct builder *b, const struct flow *f)
{
    bool shifts = b->e->translate == t_shift || b->e->translate == t_shift_double;

    if ((b->e->form == X87 && is_x87_compare(b->e)) || is_media_compare(b->e))
        return FLAGS_ARITH;
    if (shifts && (is_by_cl(b->e) || shift_count(b) == 0))
        return 0;
    return f->writes;
}

/* With a count that is not known, all that a rule may leave open. */
static u32 undefined(struct builder *b)
{
    if (!is_by_cl(b->e))
        return undefined_flags_of(b);
    switch (b->e->flags & UNDEF_RULES) {
    case UNDEF_ROTATE:
        return FLAG_OF;
    case UNDEF_SHIFT:
        return FLAG_OF | FLAG_AF | (size_of_operand(b) < 4 ? FLAG_CF : 0);
    default:
        return FLAG_OF | FLAG_AF;
    }
}

/* Bit strings reach anywhere; LEA and CMPXCHG8B take memory alone. */
static unsigned choose_variant(struct builder *b)
{
    char rm = rm_letter(b->e);
    bool is_register = (b->e->translate == t_bit && b->e->form == Ev_Gv) || rm == 'U' || rm == 'N';
    bool is_memory = b->e->form == M || b->e->form == Gv_M || rm == 'M';
    unsigned variant = below(&b->random, MODRM_VARIANTS);

    if (is_register || (!is_memory && chance(b, 2)))
        return variant % REGISTER_VARIANTS;
    return is_memory && variant < REGISTER_VARIANTS ? REGISTER_VARIANTS : variant;
}

static void put_one(struct sequence *s)
{
    struct builder *b = s->b;
    const struct flow *f = choose(s);
    bool full = b->e->translate == t_bswap || b->e->translate == t_shift_double;
    bool opsize = full ? b->code16 : !is_media(b->e) && chance(b, 4);
    u8 part = opcode_prefix(b->e);

    note_flags(s);
    b->memory = false;
    b->opsize = opsize != b->code16 ? 2 : 4;
    b->adsize = b->code16 ? 2 : 4;
    if (opsize || part)
        put_byte(b, part ? part : 0x66);
    put_insn(b, choose_variant(b));
    s->tainted = (s->tainted & ~written(b, f)) | undefined(b);
    b->info->entry[b->info->entries++] = (u16)(b->e - entry_at(0));
}

/* --- control --- */

/* Jcc or JMP over some steps. */
static void put_jump(struct sequence *s)
{
    struct builder *b = s->b;
    unsigned condition = below(&b->random, 16);
    u32 size = chance(b, 2) ? 1 : word_size(s);

    if (s->jumps == MOST_JUMPS || (read_by(condition) & s->tainted))
        return;
    note_flags(s);
    if (chance(b, 8)) {
        put_byte(b, size == 1 ? 0xeb : 0xe9);
    } else {
        if (size > 1)
            put_byte(b, 0x0f);
        put_byte(b, (size == 1 ? 0x70 : 0x80) + condition);
    }
    s->jump[s->jumps++] = (struct jump){b->size, size, below(&b->random, 3), s->tainted};
    put_bytes(b, 0, size);
}

static void put_loop_head(struct sequence *s)
{
    land_jumps(s, true);
    note_flags(s);
    put_byte(s->b, 0xb8 + EBP);
    put_bytes(s->b, 1 + below(&s->b->random, 5), word_size(s));
    s->loop = s->b->size;
    s->left = 1 + below(&s->b->random, 4);
    s->tainted = FLAGS_ARITH;
}

/* DEC EBP, JNZ. */
static void put_loop_end(struct sequence *s)
{
    note_flags(s);
    put_byte(s->b, 0x48 + EBP);
    s->tainted &= FLAG_CF;
    note_flags(s);
    put_byte(s->b, 0x75);
    put_byte(s->b, s->loop - (s->b->size + 1));
    s->loop = 0;
}

static void put_call(struct sequence *s)
{
    if (s->call || s->b->in_function)
        return;
    note_flags(s);
    put_byte(s->b, 0xe8);
    s->call = s->b->size;
    put_bytes(s->b, 0, word_size(s));
    s->tainted = FLAGS_ARITH;
}

/* MOV EDX, behind; JMP EDX. */
static void put_indirect(struct sequence *s)
{
    struct builder *b = s->b;
    u32 behind = b->size + 1 + word_size(s) + 2;

    note_flags(s);
    put_byte(b, 0xb8 + EDX);
    put_bytes(b, b->c->start.eip + behind, word_size(s));
    note_flags(s);
    put_bytes(b, 0xe2ff, 2);
}

static bool has_room(const struct sequence *s, u32 behind)
{
    return s->b->size + behind + ROOM < PATCH_SIZE && s->b->info->entries < SEQUENCE;
}

/* MOV BYTE to the immediate of an instruction soon behind: ADD, SUB or CMP of a byte register. */
static void put_patching(struct sequence *s)
{
    static const u8 operations[] = {ALU_ADD, ALU_SUB, ALU_CMP};
    struct builder *b = s->b;
    u32 at = b->size + 2, immediate;

    if (b->code16 || b->sel[DS] != USER_DS || !has_room(s, ROOM))
        return;
    note_flags(s);
    put_bytes(b, 0x05c6, 2);
    put_bytes(b, 0, 4);
    put_byte(b, rnd(b));
    if (chance(b, 2))
        put_one(s);
    note_flags(s);
    put_byte(b, 0x80);
    put_byte(b, 0xc0 | (u32)operations[below(&b->random, 3)] << 3 | (rnd(b) & 7));
    immediate = base_of(b->sel[CS]) + b->c->start.eip + b->size;
    put_byte(b, rnd(b));
    put32(b->code + at, immediate);
    s->tainted = 0;
}

static void put_step(struct sequence *s)
{
    switch (below(&s->b->random, 24)) {
    case 0:
    case 1:
    case 2:
    case 3:
        put_jump(s);
        break;
    case 4:
    case 5:
        if (!s->loop)
            put_loop_head(s);
        break;
    case 6:
        put_call(s);
        break;
    case 7:
        put_indirect(s);
        break;
    case 8:
        put_patching(s);
        break;
    default:
        put_one(s);
        break;
    }
    if (s->loop && s->left-- == 0)
        put_loop_end(s);
    land_jumps(s, false);
}

/* --- the whole --- */

static void put_function(struct sequence *s)
{
    set_displacement(s, s->call, word_size(s), s->b->size);
    s->b->in_function = true;
    s->tainted = FLAGS_ARITH;
    for (u32 steps = below(&s->b->random, 3); has_room(s, 0) && steps > 0; steps--)
        put_one(s);
    note_flags(s);
    put_byte(s->b, 0xc3);
}

/* Flat segments, or one of data for all. */
static void choose_simple_segments(struct builder *b)
{
    u16 *sel = b->sel, data = local_selector(LDT_data);

    sel[CS] = USER_CS;
    sel[SS] = sel[DS] = sel[ES] = USER_DS;
    sel[FS] = sel[GS] = 0;
    if (chance(b, 6)) {
        sel[CS] = local_selector(LDT_code16);
        sel[SS] = chance(b, 2) ? USER_DS : local_selector(LDT_stack16);
        sel[DS] = sel[ES] = data;
    } else if (chance(b, 6)) {
        sel[DS] = sel[ES] = data;
    } else if (chance(b, 12)) {
        sel[CS] = local_selector(LDT_code32);
    }
    b->code16 = sel[CS] == local_selector(LDT_code16);
}

static void point_to_data(struct builder *b)
{
    u32 esi = DATA + 0x400 + below(&b->random, 0x400),
        edi = DATA + 0x800 + below(&b->random, 0x400);

    if (is_media(b->e))
        esi &= ~15u, edi &= ~15u;
    b->target = esi & ~3u;
    b->regs[ESI] = esi - base_of(b->sel[DS]);
    b->regs[EDI] = edi - base_of(b->sel[ES]);
    b->regs[ESP] = STACK + 0x400 + below(&b->random, 0x800) - base_of(b->sel[SS]);
    if (!chance(b, 4))
        b->regs[ESP] &= ~3u;
}

static unsigned choose_focus(struct builder *b)
{
    switch (below(&b->random, 8)) {
    case 0:
    case 1:
        return FLOW_X87;
    case 2:
    case 3:
        return FLOW_MEDIA;
    default:
        return 0;
    }
}

void make_sequence(struct builder *b)
{
    struct sequence s = {.b = b, .focus = choose_focus(b)};
    u32 steps = 3 + below(&b->random, 12);

    if (!members[0].count)
        find_members();
    b->sequence = true;
    b->e = entry_at(members[s.focus].entry[0]);
    start_case(b);
    choose_simple_segments(b);
    choose_eip(b);
    point_to_data(b);
    choose_vectors(b);
    for (; steps > 0 && has_room(&s, 0); steps--)
        put_step(&s);
    land_jumps(&s, true);
    if (s.loop)
        put_loop_end(&s);
    land_jumps(&s, true);
    note_flags(&s);
    put_byte(b, 0xf4);
    if (s.call)
        put_function(&s);
    b->info->is_sequence = true;
    b->info->undef_else = FLAGS_ARITH;
    look_at_accesses(b);
    finish_case(b);
}
