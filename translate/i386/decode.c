/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads guest instructions: prefixes, opcode, ModRM, operands, by the table insns.def. */
#include "translate/i386/decode.h"

#include <string.h>

/* --- the table, made from insns.def once --- */

enum { OPCODES = 0x500 };
static struct insn table[OPCODES];
static struct insn groups[OPCODES][8]; /* where `has_group` */
static bool has_group[OPCODES];
static bool is_media[0x100]; /* MMX or SSE, as two-byte opcodes */

static void add_row(unsigned first, unsigned last, int reg, struct insn row)
{
    for (unsigned opcode = first; opcode <= last; opcode++) {
        if (opcode >= 0x100 && is_media_feature(insn_needs(row.flags)))
            is_media[opcode & 0xff] = true;
        if (reg < 0) {
            table[opcode] = row;
        } else {
            groups[opcode][reg] = row;
            has_group[opcode] = true;
        }
    }
}

__attribute__((constructor)) static void make_table(void)
{
    static const struct row {
        unsigned first, last;
        int reg;
        struct insn insn;
    } rows[] = {
#define INSN(first, last, reg, name, form, translate, arg, flags)                                  \
    {first, last, reg, {name, translate, form, arg, flags}},
#include "translate/i386/insns.def"
#undef INSN
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        add_row(rows[i].first, rows[i].last, rows[i].reg, rows[i].insn);
}

/* --- bytes --- */

static u32 at_most(u32 room, u32 bytes)
{
    return bytes < room ? bytes : room;
}

/* Fetching from the next page may fault: only the instruction at hand may do that. */
static bool is_beyond_page(const struct decoder *d)
{
    return d->s->insns > 0 && page_of(d, d->next) != page_of(d, d->s->pc);
}

/* How many bytes the instruction at d->pc may have. */
static u32 bytes_ahead(const struct decoder *d)
{
    u32 limit = d->source->limit, before = d->pc - d->s->pc;

    if (d->pc > limit || before >= d->most)
        return 0;
    u32 room = at_most(MAX_INSN, d->most - before);
    if (limit != ~0u) /* else the first byte comes behind the last one */
        room = at_most(room, limit - d->pc + 1);
    return d->s->insns ? at_most(room, CODE_PAGE - (d->source->base + d->pc) % CODE_PAGE) : room;
}

static u8 fetch8(struct decoder *d)
{
    if (d->next - d->pc >= d->room) {
        d->crosses = is_beyond_page(d);
        d->bad = true;
        return 0;
    }
    return d->source->fetch(d->source->context, d->next++);
}

static u32 fetch(struct decoder *d, unsigned size)
{
    u32 value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (u32)fetch8(d) << 8 * i;
    return value;
}

static u32 fetch_signed8(struct decoder *d)
{
    return (u32)(s8)fetch8(d);
}

/* --- ModRM and SIB (SDM vol. 2, 2.1.5) --- */

static void decode_address16(struct decoder *d, unsigned mod, unsigned rm)
{
    static const u8 bases[8] = {EBX, EBX, EBP, EBP, ESI, EDI, EBP, EBX};
    static const u8 indexes[8] = {ESI,         EDI,         ESI,         EDI,
                                  NO_LOCATION, NO_LOCATION, NO_LOCATION, NO_LOCATION};
    struct address *a = &d->address;

    a->base = bases[rm];
    a->index = indexes[rm];
    a->scale = 0;
    if (mod == 0 && rm == 6) {
        a->base = NO_LOCATION;
        a->disp = fetch(d, 2);
    } else {
        a->disp = mod == 1 ? fetch_signed8(d) : mod == 2 ? fetch(d, 2) : 0;
    }
    a->segment = a->base == EBP ? SS : DS;
}

static void decode_address32(struct decoder *d, unsigned mod, unsigned rm)
{
    struct address *a = &d->address;

    a->base = (u8)rm;
    a->index = NO_LOCATION;
    a->scale = 0;
    if (rm == ESP) {
        u8 sib = fetch8(d);
        a->scale = sib >> 6;
        a->index = (sib >> 3 & 7) == ESP ? NO_LOCATION : sib >> 3 & 7;
        a->base = sib & 7;
    }
    if (mod == 0 && a->base == EBP) {
        a->base = NO_LOCATION;
        a->disp = fetch(d, 4);
    } else {
        a->disp = mod == 1 ? fetch_signed8(d) : mod == 2 ? fetch(d, 4) : 0;
    }
    a->segment = a->base == EBP || a->base == ESP ? SS : DS;
}

static void decode_modrm(struct decoder *d)
{
    unsigned mod = d->modrm >> 6, rm = d->modrm & 7;

    if (mod == 3)
        return;
    if (d->adsize == 2)
        decode_address16(d, mod, rm);
    else
        decode_address32(d, mod, rm);
    if (d->segment != NO_LOCATION)
        d->address.segment = (enum segment_register)d->segment;
}

/* --- operands --- */

static struct operand reg_operand(u8 reg, unsigned size)
{
    return (struct operand){.kind = OPERAND_REG, .size = (u8)size, .reg = reg};
}

static struct operand imm_operand(u32 value, unsigned size)
{
    return (struct operand){.kind = OPERAND_IMM, .size = (u8)size, .imm = value & size_mask(size)};
}

static struct operand rm_operand(const struct decoder *d, unsigned size)
{
    if (d->modrm >= 0xc0)
        return reg_operand(d->modrm & 7, size);
    return (struct operand){.kind = OPERAND_MEM, .size = (u8)size};
}

/* XMM registers V, U of ModRM (its reg, its r/m) and V, W register or memory; MMX P, N, Q. */
static struct operand media_operand(enum operand_kind kind, u8 reg, unsigned size)
{
    return (struct operand){.kind = kind, .size = (u8)size, .reg = reg};
}

static struct operand v_operand(const struct decoder *d, unsigned size)
{
    return media_operand(OPERAND_XMM, d->modrm >> 3 & 7, size);
}

static struct operand w_operand(const struct decoder *d, unsigned size)
{
    return media_operand(d->modrm < 0xc0 ? OPERAND_MEM : OPERAND_XMM, d->modrm & 7, size);
}

static struct operand unaligned_operand(const struct decoder *d)
{
    struct operand o = w_operand(d, 16);

    o.any_place = true;
    return o;
}

static struct operand p_operand(const struct decoder *d)
{
    return media_operand(OPERAND_MMX, d->modrm >> 3 & 7, 8);
}

static struct operand q_operand(const struct decoder *d, unsigned size)
{
    return media_operand(d->modrm < 0xc0 ? OPERAND_MEM : OPERAND_MMX, d->modrm & 7, size);
}

static struct operand g_operand(const struct decoder *d, unsigned size)
{
    return reg_operand(d->modrm >> 3 & 7, size);
}

static struct operand moffs_operand(struct decoder *d, unsigned size)
{
    d->address = (struct address){
        .base = NO_LOCATION,
        .index = NO_LOCATION,
        .disp = fetch(d, d->adsize),
        .segment = d->segment != NO_LOCATION ? (enum segment_register)d->segment : DS,
    };
    return (struct operand){.kind = OPERAND_MEM, .size = (u8)size};
}

/* clang-format off */
bool form_has_modrm(enum form form)
{
    switch (form) {
    case Eb_Gb: case Ev_Gv: case Gb_Eb: case Gv_Ev: case Eb_Ib: case Ev_Iz: case Ev_sIb:
    case Ev_Ib: case Eb_1: case Ev_1: case Eb_CL: case Ev_CL: case Ev_Gv_Ib: case Gv_Ev_Iz:
    case Gv_Ev_sIb: case Eb: case Ev: case Ew: case Ew_Gw: case Gv_M: case Gv_Eb: case Gv_Ew:
    case M: case CREG: case X87:
        return true;
    default:
        return form >= Vx_Wx;
    }
}

/* The operands of MMX and SSE. False as of decode_operands. */
static bool decode_media_operands(struct decoder *d, enum form form)
{
    struct operand *o = d->op;
    bool memory = d->modrm < 0xc0;

    switch (form) {
    case Vx_Wx: o[0] = v_operand(d, 16); o[1] = w_operand(d, 16); break;
    case Vx_Wu: o[0] = v_operand(d, 16); o[1] = unaligned_operand(d); break;
    case Vx_Wq: o[0] = v_operand(d, 16); o[1] = w_operand(d, 8); break;
    case Vx_Wd: o[0] = v_operand(d, 16); o[1] = w_operand(d, 4); break;
    case Wx_Vx: o[0] = w_operand(d, 16); o[1] = v_operand(d, 16); break;
    case Wu_Vx: o[0] = unaligned_operand(d); o[1] = v_operand(d, 16); break;
    case Wq_Vx: o[0] = w_operand(d, 8); o[1] = v_operand(d, 8); break;
    case Wd_Vx: o[0] = w_operand(d, 4); o[1] = v_operand(d, 4); break;
    case Vx_Wx_Ib: o[0] = v_operand(d, 16); o[1] = w_operand(d, 16); d->imm = fetch8(d); break;
    case Vx_Wq_Ib: o[0] = v_operand(d, 16); o[1] = w_operand(d, 8); d->imm = fetch8(d); break;
    case Vx_Wd_Ib: o[0] = v_operand(d, 16); o[1] = w_operand(d, 4); d->imm = fetch8(d); break;
    case Vx_Mq: o[0] = v_operand(d, 16); o[1] = w_operand(d, 8); return memory;
    case Vx_Mu: o[0] = v_operand(d, 16); o[1] = unaligned_operand(d); return memory;
    case Mq_Vx: o[0] = w_operand(d, 8); o[1] = v_operand(d, 8); return memory;
    case Mx_Vx: o[0] = w_operand(d, 16); o[1] = v_operand(d, 16); return memory;
    case Vx_Ux: o[0] = v_operand(d, 16); o[1] = w_operand(d, 16); return !memory;
    case Ux_Ib: o[0] = w_operand(d, 16); d->imm = fetch8(d); return !memory;
    case Vx_Ed: o[0] = v_operand(d, 16); o[1] = rm_operand(d, 4); break;
    case Ed_Vx: o[0] = rm_operand(d, 4); o[1] = v_operand(d, 4); break;
    case Vx_Ew_Ib: o[0] = v_operand(d, 16); o[1] = rm_operand(d, 2); d->imm = fetch8(d); break;
    case Gd_Wd: o[0] = g_operand(d, 4); o[1] = w_operand(d, 4); break;
    case Gd_Wq: o[0] = g_operand(d, 4); o[1] = w_operand(d, 8); break;
    case Gd_Ux: o[0] = g_operand(d, 4); o[1] = w_operand(d, 16); return !memory;
    case Gd_Ux_Ib: o[0] = g_operand(d, 4); o[1] = w_operand(d, 16); d->imm = fetch8(d); return !memory;
    case Vx_Qq: o[0] = v_operand(d, 16); o[1] = q_operand(d, 8); break;
    case Vx_Nq: o[0] = v_operand(d, 16); o[1] = q_operand(d, 8); return !memory;
    case Pq_Wq: o[0] = p_operand(d); o[1] = w_operand(d, 8); break;
    case Pq_Wx: o[0] = p_operand(d); o[1] = w_operand(d, 16); break;
    case Pq_Ux: o[0] = p_operand(d); o[1] = w_operand(d, 16); return !memory;
    case Pq_Qq: o[0] = p_operand(d); o[1] = q_operand(d, 8); break;
    case Pq_Qd: o[0] = p_operand(d); o[1] = q_operand(d, 4); break;
    case Qq_Pq: o[0] = q_operand(d, 8); o[1] = p_operand(d); break;
    case Pq_Qq_Ib: o[0] = p_operand(d); o[1] = q_operand(d, 8); d->imm = fetch8(d); break;
    case Pq_Nq: o[0] = p_operand(d); o[1] = q_operand(d, 8); return !memory;
    case Nq_Ib: o[0] = q_operand(d, 8); d->imm = fetch8(d); return !memory;
    case Mq_Pq: o[0] = q_operand(d, 8); o[1] = p_operand(d); return memory;
    case Pq_Ed: o[0] = p_operand(d); o[1] = rm_operand(d, 4); break;
    case Ed_Pq: o[0] = rm_operand(d, 4); o[1] = p_operand(d); break;
    case Pq_Ew_Ib: o[0] = p_operand(d); o[1] = rm_operand(d, 2); d->imm = fetch8(d); break;
    case Gd_Nq: o[0] = g_operand(d, 4); o[1] = q_operand(d, 8); return !memory;
    case Gd_Nq_Ib: o[0] = g_operand(d, 4); o[1] = q_operand(d, 8); d->imm = fetch8(d); return !memory;
    default: o[0] = rm_operand(d, 4); o[1] = g_operand(d, 4); return memory; /* Md_Gd */
    }
    return true;
}

/* Sets op[0], op[1], imm. False if the form asks for memory and there is a register. */
static bool decode_operands(struct decoder *d, enum form form)
{
    unsigned v = d->opsize;
    struct operand *o = d->op;

    switch (form) {
    case NONE: case CREG: case X87: break;
    case Eb_Gb: o[0] = rm_operand(d, 1); o[1] = g_operand(d, 1); break;
    case Ev_Gv: o[0] = rm_operand(d, v); o[1] = g_operand(d, v); break;
    case Gb_Eb: o[0] = g_operand(d, 1); o[1] = rm_operand(d, 1); break;
    case Gv_Ev: o[0] = g_operand(d, v); o[1] = rm_operand(d, v); break;
    case Gv_Eb: o[0] = g_operand(d, v); o[1] = rm_operand(d, 1); break;
    case Gv_Ew: o[0] = g_operand(d, v); o[1] = rm_operand(d, 2); break;
    case Ew_Gw: o[0] = rm_operand(d, 2); o[1] = g_operand(d, 2); break;
    case AL_Ib: o[0] = reg_operand(EAX, 1); o[1] = imm_operand(fetch8(d), 1); break;
    case eAX_Iz: o[0] = reg_operand(EAX, v); o[1] = imm_operand(fetch(d, v), v); break;
    case Eb_Ib: o[0] = rm_operand(d, 1); o[1] = imm_operand(fetch8(d), 1); break;
    case Ev_Ib: o[0] = rm_operand(d, v); o[1] = imm_operand(fetch8(d), 1); break;
    case Ev_Iz: o[0] = rm_operand(d, v); o[1] = imm_operand(fetch(d, v), v); break;
    case Ev_sIb: o[0] = rm_operand(d, v); o[1] = imm_operand(fetch_signed8(d), v); break;
    case Eb_1: o[0] = rm_operand(d, 1); o[1] = imm_operand(1, 1); break;
    case Ev_1: o[0] = rm_operand(d, v); o[1] = imm_operand(1, 1); break;
    case Eb_CL: o[0] = rm_operand(d, 1); o[1] = reg_operand(ECX, 1); break;
    case Ev_CL: o[0] = rm_operand(d, v); o[1] = reg_operand(ECX, 1); break;
    case Ev_Gv_Ib: o[0] = rm_operand(d, v); o[1] = g_operand(d, v); d->imm = fetch8(d); break;
    case Gv_Ev_Iz: o[0] = g_operand(d, v); o[1] = rm_operand(d, v); d->imm = fetch(d, v); break;
    case Gv_Ev_sIb: o[0] = g_operand(d, v); o[1] = rm_operand(d, v); d->imm = fetch_signed8(d); break;
    case Eb: o[0] = rm_operand(d, 1); break;
    case Ev: o[0] = rm_operand(d, v); break;
    case Ew: o[0] = rm_operand(d, 2); break;
    case Gv_M: o[0] = g_operand(d, v); o[1] = rm_operand(d, v); return d->modrm < 0xc0;
    case M: o[0] = rm_operand(d, v); return d->modrm < 0xc0;
    case Zv: o[0] = reg_operand(d->opcode & 7, v); break;
    case Zb_Ib: o[0] = reg_operand(d->opcode & 7, 1); o[1] = imm_operand(fetch8(d), 1); break;
    case Zv_Iz: o[0] = reg_operand(d->opcode & 7, v); o[1] = imm_operand(fetch(d, v), v); break;
    case eAX_Zv: o[0] = reg_operand(EAX, v); o[1] = reg_operand(d->opcode & 7, v); break;
    case AL_Ob: o[0] = reg_operand(EAX, 1); o[1] = moffs_operand(d, 1); break;
    case eAX_Ov: o[0] = reg_operand(EAX, v); o[1] = moffs_operand(d, v); break;
    case Ob_AL: o[0] = moffs_operand(d, 1); o[1] = reg_operand(EAX, 1); break;
    case Ov_eAX: o[0] = moffs_operand(d, v); o[1] = reg_operand(EAX, v); break;
    case Jb: d->imm = fetch_signed8(d); break;
    case Jz: d->imm = v == 2 ? (u32)(s16)fetch(d, 2) : fetch(d, 4); break;
    case Iz: o[0] = imm_operand(fetch(d, v), v); break;
    case sIb: o[0] = imm_operand(fetch_signed8(d), v); break;
    case Ib: d->imm = fetch8(d); break;
    case Iw: d->imm = fetch(d, 2); break;
    case Iw_Ib: d->imm = fetch(d, 2); d->imm |= (u32)fetch8(d) << 16; break;
    case Ap: d->imm = fetch(d, v); d->selector = (u16)fetch(d, 2); break;
    default: return decode_media_operands(d, form);
    }
    return true;
}
/* clang-format on */

/* --- one instruction --- */

/* clang-format off */
/* Takes a prefix; false if the byte is none. */
static bool take_prefix(struct decoder *d, u8 byte)
{
    bool code32 = d->mode & MODE_CS32;

    switch (byte) {
    case 0x26: d->segment = ES; break;
    case 0x2e: d->segment = CS; break;
    case 0x36: d->segment = SS; break;
    case 0x3e: d->segment = DS; break;
    case 0x64: d->segment = FS; break;
    case 0x65: d->segment = GS; break;
    case 0x66: d->opsize = code32 ? 2 : 4; break;
    case 0x67: d->adsize = code32 ? 2 : 4; break;
    case 0xf0: d->lock = true; break;
    case 0xf2: d->rep = 2; break;
    case 0xf3: d->rep = 1; break;
    default: return false;
    }
    return true;
}
/* clang-format on */

static bool has_rows(unsigned opcode)
{
    return has_group[opcode] || table[opcode].translate;
}

/*
 * A prefix is part of the opcode where there are rows for it. Of other MMX and SSE instructions
 * it makes something undefined; to the rest it means what it always does.
 */
static u16 two_byte_opcode(const struct decoder *d, u8 byte)
{
    bool opsize_prefix = d->opsize != (d->mode & MODE_CS32 ? 4 : 2);
    unsigned prefixed = (d->rep == 2     ? 0x400u
                         : d->rep        ? 0x300u
                         : opsize_prefix ? 0x200u
                                         : 0x100u) |
                        byte;

    return (u16)(has_rows(prefixed) || is_media[byte] ? prefixed : 0x100u | byte);
}

static const struct insn *look_up(struct decoder *d)
{
    const struct insn *row;

    if (has_group[d->opcode]) {
        d->modrm = fetch8(d);
        row = &groups[d->opcode][d->modrm >> 3 & 7];
    } else {
        row = &table[d->opcode];
        if (row->translate && form_has_modrm((enum form)row->form))
            d->modrm = fetch8(d);
    }
    return row->translate ? row : NULL;
}

/* Reads an instruction. False if it is undefined. */
bool decode_insn(struct decoder *d)
{
    u8 byte;

    d->next = d->pc;
    d->room = bytes_ahead(d);
    d->opsize = d->adsize = d->mode & MODE_CS32 ? 4 : 2;
    d->segment = NO_LOCATION;
    d->lock = d->bad = d->crosses = false;
    d->rep = 0;
    d->imm = 0;
    memset(d->op, 0, sizeof d->op);
    do
        byte = fetch8(d);
    while (!d->bad && take_prefix(d, byte));
    d->opcode = byte;
    if (byte == 0x0f)
        d->opcode = two_byte_opcode(d, fetch8(d));
    d->insn = look_up(d);
    if (!d->insn || d->bad || !has_feature(d, insn_needs(d->insn->flags)))
        return false;
    if (d->insn->form == CREG) /* whatever mod says: SDM vol. 2, MOV to/from control registers */
        d->modrm |= 0xc0;
    if (form_has_modrm((enum form)d->insn->form))
        decode_modrm(d);
    if (!decode_operands(d, (enum form)d->insn->form))
        return false;
    return !d->lock || ((d->insn->flags & LOCKABLE) && d->op[0].kind == OPERAND_MEM);
}
