/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of an instruction. See builder.h. */
#include "tests/native/builder.h"

/* --- prefixes --- */

static bool may_have_rep(const struct entry *e)
{
    /* DIFFERENCE_repeat_prefix */
    return e->translate != t_bit_scan && e->translate != t_nop && e->translate != t_loop &&
           !is_media(e);
}

static bool may_have_lock(const struct entry *e)
{
    /* DIFFERENCE_lock_verw */
    return e->translate != t_mov_cr && e->translate != t_load_selector;
}

static bool may_be_long(const struct entry *e)
{
    return e->translate != t_undefined && !is_media(e); /* DIFFERENCE_undefined_length */
}

u8 opcode_prefix(const struct entry *e)
{
    static const u8 prefixes[] = {0, 0, 0x66, 0xf3, 0xf2};
    return prefixes[e->opcode >> 8];
}

void put_prefixes(struct builder *b, bool opsize, bool adsize)
{
    static const u8 overrides[] = {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65};
    u8 prefixes[16];
    unsigned n = 0;
    u8 part = opcode_prefix(b->e);
    bool string = b->e->translate == t_string;

    if (is_media(b->e)) /* 66 means nothing beside F2 and F3 */
        opsize = part == 0x66 || (opsize && part);
    b->opsize = opsize != b->code16 ? 2 : 4;
    b->adsize = adsize != b->code16 ? 2 : 4;
    b->override = -1;
    if (opsize)
        prefixes[n++] = 0x66;
    if (adsize)
        prefixes[n++] = 0x67;
    if (chance(b, 4)) {
        b->override = (int)below(&b->random, SEGMENTS);
        prefixes[n++] = overrides[b->override];
    }
    if (part && part != 0x66)
        prefixes[n++] = part;
    if (may_have_rep(b->e) && chance(b, string ? 2 : 24))
        prefixes[n++] = b->rep = chance(b, 2) ? 0xf2 : 0xf3;
    if (may_have_lock(b->e) && chance(b, b->e->flags & LOCKABLE ? 4 : 24))
        prefixes[n++] = 0xf0;
    for (unsigned more = may_be_long(b->e) && chance(b, 256) ? below(&b->random, 11) : 0; more > 0;
         more--)
        prefixes[n++] = 0x66, b->opsize = b->code16 ? 4 : 2;
    for (; n > 0; n--) {
        unsigned i = below(&b->random, n);
        put_byte(b, prefixes[i]);
        prefixes[i] = prefixes[n - 1];
    }
}

/* --- ModRM --- */

static enum segment_register default_segment(u8 base)
{
    return base == EBP || base == ESP ? SS : DS;
}

static enum segment_register used_segment(struct builder *b, enum segment_register s)
{
    s = b->override >= 0 ? (enum segment_register)b->override : s;
    make_reachable(b, s);
    return s;
}

static void put_address16(struct builder *b, unsigned mod, unsigned rm)
{
    static const s8 bases[8] = {EBX, EBX, EBP, EBP, ESI, EDI, EBP, EBX};
    static const s8 indexes[8] = {ESI, EDI, ESI, EDI, -1, -1, -1, -1};
    bool absolute = mod == 0 && rm == 6;
    enum segment_register s = used_segment(b, !absolute && bases[rm] == EBP ? SS : DS);
    u32 offset = choose_target(b, s), disp = 0;

    if (absolute) {
        put_bytes(b, offset, 2);
        return;
    }
    if (mod == 1)
        put_byte(b, disp = (u32)(s8)value(b));
    if (mod == 2)
        put_bytes(b, disp = value(b), 2);
    offset -= disp;
    if (indexes[rm] >= 0)
        offset -= b->regs[indexes[rm]];
    b->regs[bases[rm]] = (b->regs[bases[rm]] & 0xffff0000) | (offset & 0xffff);
}

static u32 put_disp32(struct builder *b, unsigned mod)
{
    u32 disp = 0;

    if (mod == 1)
        put_byte(b, disp = (u32)(s8)value(b));
    if (mod == 2)
        put_bytes(b, disp = value(b), 4);
    return disp;
}

static void put_address32(struct builder *b, unsigned mod, unsigned rm)
{
    u8 base = (u8)rm, index = ESP, scale = 0;
    u32 offset, times = 1, disp;
    enum segment_register s;

    if (rm == ESP) {
        u8 sib = (u8)rnd(b);
        scale = sib >> 6, index = sib >> 3 & 7, base = sib & 7;
        put_byte(b, sib);
    }
    if (mod == 0 && base == EBP) {
        s = used_segment(b, DS);
        offset = choose_target(b, s);
        put_bytes(b, offset - (index == ESP ? 0 : b->regs[index] << scale), 4);
        return;
    }
    s = used_segment(b, default_segment(base));
    offset = choose_target(b, s);
    disp = put_disp32(b, mod);
    offset -= disp;
    if (index == base && index != ESP)
        times += 1u << scale;
    else if (index != ESP)
        offset -= b->regs[index] << scale;
    b->regs[base] = offset / times;
    b->target -= offset % times;
}

/* Does ModRM's reg field, its r/m name one of EAX, ECX, EDX, EBX, which sequences may change? */
static bool reg_is_general(const struct entry *e)
{
    char letter = reg_letter(e);

    return e->form != Eb_Gb && e->form != Gb_Eb && (!letter || letter == 'G');
}

static bool rm_is_general(const struct builder *b)
{
    char letter = rm_letter(b->e);

    return letter ? letter == 'E' : size_of_operand(b) > 1;
}

/* The reg field: an opcode's part or a register. */
static unsigned choose_reg(struct builder *b)
{
    if (b->e->form == X87)
        return b->e->modrm >> 3 & 7;
    if (b->e->reg >= 0)
        return (unsigned)b->e->reg;
    return b->sequence && reg_is_general(b->e) ? rnd(b) & 3 : rnd(b) & 7;
}

/* Of a sequence: where ESI points, or near there, near what EDI or ESP point to, or in data. */
static void put_known_address(struct builder *b, unsigned reg)
{
    bool is16 = b->adsize == 2, mxcsr = b->e->translate == t_ldmxcsr;
    u32 disp = below(&b->random, 0x80) & (is_media(b->e) ? 0x70 : 0x7f);

    b->memory = true;
    switch (mxcsr ? 1 : below(&b->random, is16 || b->in_function || is_media(b->e) ? 4 : 5)) {
    case 0:
        b->modrm = (u8)(reg << 3 | (is16 ? 6 : EBP));
        put_byte(b, b->modrm);
        put_bytes(b, DATA + 0x600 + disp - base_of(b->sel[DS]), b->adsize);
        return;
    case 1:
    case 2:
        b->modrm = (u8)(0x40 | reg << 3 | (is16 ? 4 : ESI));
        break;
    case 3:
        b->modrm = (u8)(0x40 | reg << 3 | (is16 ? 5 : EDI));
        break;
    default:
        b->modrm = (u8)(0x40 | reg << 3 | ESP);
        put_byte(b, b->modrm);
        put_byte(b, 0x24);
        put_byte(b, disp & 0x3c);
        return;
    }
    put_byte(b, b->modrm);
    put_byte(b, mxcsr ? 0 : disp);
}

static void put_register(struct builder *b, unsigned reg, unsigned rm)
{
    if (b->sequence && rm_is_general(b))
        rm &= 3;
    b->modrm = (u8)(0xc0 | reg << 3 | rm);
    put_byte(b, b->modrm);
}

static void put_modrm(struct builder *b, unsigned variant)
{
    unsigned reg = choose_reg(b), mod = (variant - REGISTER_VARIANTS) / 8 % 3, rm = variant % 8;

    if (variant < REGISTER_VARIANTS) {
        put_register(b, reg, rm);
        return;
    }
    if (b->sequence) {
        put_known_address(b, reg);
        return;
    }
    b->memory = true;
    b->modrm = (u8)(mod << 6 | reg << 3 | rm);
    put_byte(b, b->modrm);
    if (b->adsize == 2)
        put_address16(b, mod, rm);
    else
        put_address32(b, mod, rm);
}

/* --- what follows ModRM --- */

/* INT's vector: 80h is Linux's system call. */
static void put_vector(struct builder *b)
{
    u32 vector = chance(b, 4) ? below(&b->random, 8) : rnd(b) & 0xff;

    put_byte(b, vector == 0x80 ? 0x81 : vector);
}

/* From behind the instruction, of which `size` bytes of displacement are still to come. */
static void put_relative(struct builder *b, unsigned size)
{
    u32 next = b->c->start.eip + b->size + size, to = code_offset(b);

    if (size == 1) {
        s8 by = (s8)rnd(b);
        if (by < 0 && by >= -(int)(b->size + 1))
            by = 0x10;
        put_byte(b, (u32)by);
        return;
    }
    put_bytes(b, to - next, size);
}

static void put_moffs(struct builder *b)
{
    u32 offset =
        b->sequence ? DATA + 0x700 - base_of(b->sel[DS]) : choose_target(b, used_segment(b, DS));

    b->memory = true;
    put_bytes(b, offset, b->adsize);
}

static void put_immediate(struct builder *b, unsigned size)
{
    b->imm = value(b);
    put_bytes(b, b->imm, size);
}

static void put_rest(struct builder *b)
{
    switch ((enum form)b->e->form) {
    case AL_Ib:
    case Eb_Ib:
    case Ev_sIb:
    case Ev_Ib:
    case Ev_Gv_Ib:
    case Gv_Ev_sIb:
    case Zb_Ib:
    case sIb:
    case Vx_Wx_Ib:
    case Vx_Wq_Ib:
    case Vx_Wd_Ib:
    case Vx_Ew_Ib:
    case Ux_Ib:
    case Gd_Ux_Ib:
    case Pq_Qq_Ib:
    case Pq_Ew_Ib:
    case Nq_Ib:
    case Gd_Nq_Ib:
        put_immediate(b, 1);
        break;
    case Ib:
        if (b->e->translate == t_int)
            put_vector(b);
        else
            put_immediate(b, 1);
        break;
    case eAX_Iz:
    case Ev_Iz:
    case Gv_Ev_Iz:
    case Zv_Iz:
    case Iz:
        put_immediate(b, b->opsize);
        break;
    case Iw:
        b->imm = value(b) & 0x3ff;
        put_bytes(b, b->imm, 2);
        break;
    case Iw_Ib:
        put_bytes(b, value(b) & 0x3ff, 2);
        put_byte(b, chance(b, 2) ? 0 : rnd(b));
        break;
    case AL_Ob:
    case eAX_Ov:
    case Ob_AL:
    case Ov_eAX:
        put_moffs(b);
        break;
    case Jb:
        put_relative(b, 1);
        break;
    case Jz:
        put_relative(b, b->opsize);
        break;
    case Ap: {
        u16 selector = code_selector(b);
        put_bytes(b, CODE + below(&b->random, CODE_SIZE) - base_of(selector), b->opsize);
        put_bytes(b, selector, 2);
        break;
    }
    default:
        break;
    }
}

/* --- the whole --- */

/* LFENCE and MFENCE have registers for operands that they ignore. */
static bool is_fence(const struct entry *e)
{
    return e->translate == t_fence;
}

static bool may_be_register(const struct entry *e)
{
    /* DIFFERENCE_vex; and with a register 0F01 is many instructions. */
    return !(e->opcode == 0xc4 || e->opcode == 0xc5 || e->opcode == 0x62 ||
             (e->opcode == 0x101 && e->form == M) || e->form == X87);
}

static void put_operands(struct builder *b, unsigned variant)
{
    bool x87_register = b->e->form == X87 && b->e->modrm >= 0xc0;

    if (x87_register || b->e->form == CREG) {
        b->modrm = x87_register ? (u8)b->e->modrm : (u8)rnd(b);
        put_byte(b, b->modrm);
    } else if (form_has_modrm((enum form)b->e->form)) {
        if (variant < REGISTER_VARIANTS && !may_be_register(b->e))
            variant += REGISTER_VARIANTS;
        if (is_fence(b->e)) /* DIFFERENCE_xsave */
            variant %= REGISTER_VARIANTS;
        put_modrm(b, variant);
    }
}

void put_insn(struct builder *b, unsigned variant)
{
    if (b->e->opcode >= 0x100)
        put_byte(b, 0x0f);
    put_byte(b, b->e->opcode);
    put_operands(b, variant);
    put_rest(b);
}
