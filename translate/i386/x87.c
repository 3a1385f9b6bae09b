/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * x87 instructions, by the table x87.def. The host's x87 is the guest's, so most are one micro-op
 * each and nothing need be known here of the register stack. Where an unmasked exception may
 * come (MODE_FPU_TRAP) they are all calls of helper_x87.
 */
#include "ops/i386/x87_insn.h"
#include "translate/i386/decode.h"

/* Encodings [escape & 7][...], registers by the low six bits of ModRM, memory by its reg. */
struct x87_row {
    u16 op; /* UOP_x87_..., or FCMOVcc's condition */
    u8 form, size;
};

#define REGISTER(escape, modrm, op, form) [(escape)&7][(modrm)&63] = {op, X87_FORM_##form, 0},
#define STACK(name, escape, modrm, form)                                                           \
    REGISTER(escape, modrm, UOP_x87_##name##_st0, form)                                            \
    REGISTER(escape, (modrm) + 1, UOP_x87_##name##_st1, form)                                      \
    REGISTER(escape, (modrm) + 2, UOP_x87_##name##_st2, form)                                      \
    REGISTER(escape, (modrm) + 3, UOP_x87_##name##_st3, form)                                      \
    REGISTER(escape, (modrm) + 4, UOP_x87_##name##_st4, form)                                      \
    REGISTER(escape, (modrm) + 5, UOP_x87_##name##_st5, form)                                      \
    REGISTER(escape, (modrm) + 6, UOP_x87_##name##_st6, form)                                      \
    REGISTER(escape, (modrm) + 7, UOP_x87_##name##_st7, form)
#define EIGHT(escape, modrm, op, form)                                                             \
    REGISTER(escape, modrm, op, form)                                                              \
    REGISTER(escape, (modrm) + 1, op, form)                                                        \
    REGISTER(escape, (modrm) + 2, op, form)                                                        \
    REGISTER(escape, (modrm) + 3, op, form)                                                        \
    REGISTER(escape, (modrm) + 4, op, form)                                                        \
    REGISTER(escape, (modrm) + 5, op, form)                                                        \
    REGISTER(escape, (modrm) + 6, op, form)                                                        \
    REGISTER(escape, (modrm) + 7, op, form)

static const struct x87_row register_rows[8][64] = {
#define X87_STACK(name, escape, modrm)          STACK(name, escape, modrm, REGISTER)
#define X87_COMPARE(name, escape, modrm)        STACK(name, escape, modrm, COMPARE)
#define X87_PLAIN(name, escape, modrm)          REGISTER(escape, modrm, UOP_x87_##name, REGISTER)
#define X87_CONTROL(name, escape, modrm, waits) REGISTER(escape, modrm, 0, CONTROL)
#define X87_MOVE(escape, modrm, condition)      EIGHT(escape, modrm, condition, MOVE)
#define X87_RARE(escape, modrm)                 EIGHT(escape, modrm, 0, RARE)
#include "ops/i386/x87.def"
};

static const struct x87_row memory_rows[8][8] = {
#define X87_LOAD(name, escape, reg, type, insn)                                                    \
    [(escape)&7][reg] = {UOP_x87_##name, X87_FORM_LOAD, sizeof(type)},
#define X87_STORE(name, escape, reg, type, insn)                                                   \
    [(escape)&7][reg] = {UOP_x87_##name, X87_FORM_STORE, sizeof(type)},
#define X87_CONTROL_MEMORY(name, escape, reg, waits) [(escape)&7][reg] = {0, X87_FORM_CONTROL, 0},
#include "ops/i386/x87.def"
};

/* Second encodings of the same instructions, which only Intel's early manuals name. */
static u32 without_alias(u8 escape, u8 modrm)
{
    switch (escape << 8 | (modrm & 0xf8)) {
    case 0xdcd0:
        return x87_insn(0xd8, modrm);
    case 0xdcd8:
        return x87_insn(0xd8, modrm);
    case 0xded0:
        return x87_insn(0xd8, modrm + 8);
    case 0xddc8:
    case 0xdfc8:
        return x87_insn(0xd9, modrm);
    case 0xdfd8:
        return x87_insn(0xdd, modrm);
    case 0xdfd0:
        return x87_insn(0xdd, modrm + 8);
    default:
        return x87_insn(escape, modrm);
    }
}

static u32 insn_of(const struct decoder *d)
{
    u32 insn = d->modrm < 0xc0 ? x87_insn((u8)d->opcode, d->modrm)
                               : without_alias((u8)d->opcode, d->modrm);

    insn |= (d->next - d->pc) << X87_LENGTH_SHIFT | x87_encoding((u8)d->opcode, d->modrm);
    if (d->opsize == 2)
        insn |= X87_OPSIZE16;
    if (d->modrm < 0xc0)
        insn |= (u32)d->address.segment << X87_SEGMENT_SHIFT;
    return insn;
}

/* FCMOVcc and FCOMI came with CMOVcc, FISTTP with SSE3. */
static enum feature x87_needs(const struct x87_row *row)
{
    bool p6 = row->form == X87_FORM_MOVE || row->form == X87_FORM_COMPARE;
    bool fisttp = row->form == X87_FORM_STORE && row->op >= UOP_x87_fisttp_m16;

    return fisttp ? FEATURE_SSE3 : p6 ? FEATURE_CMOV : FEATURE_FPU;
}

static const struct x87_row *row_of(u32 insn)
{
    return x87_is_memory(insn) ? &memory_rows[x87_escape(insn)][x87_reg(insn)]
                               : &register_rows[x87_escape(insn)][x87_modrm(insn) & 63];
}

static void raise_no_device(struct decoder *d)
{
    emit_call(d, UOP_call_raise, EXC_NM, 0);
}

/* --- by the helper --- */

/* Instructions on the control word and the like, [memory], FNSTSW AX, registers. */
enum {
    LDENV = 0x14,
    LDCW = 0x15,
    STENV = 0x16,
    STCW = 0x17,
    RSTOR = 0x54,
    SAVE = 0x56,
    STSW = 0x57
};

static unsigned control_of(u32 insn)
{
    return x87_escape(insn) << 4 | x87_reg(insn);
}

static unsigned control_size(const struct decoder *d, u32 insn)
{
    unsigned environment = d->opsize == 2 ? 14 : 28;

    switch (control_of(insn)) {
    case LDENV:
    case STENV:
        return environment;
    case RSTOR:
    case SAVE:
        return environment + 80;
    default:
        return 2;
    }
}

static bool control_writes(u32 insn)
{
    unsigned control = control_of(insn);
    return control == STENV || control == STCW || control == SAVE || control == STSW;
}

static bool loads_control(u32 insn)
{
    unsigned control = control_of(insn);
    return x87_is_memory(insn) && (control == LDENV || control == LDCW || control == RSTOR);
}

/* A pending exception comes before any that the operand may raise. */
static void wait_first(struct decoder *d)
{
    emit_call(d, UOP_call_x87, X87_WAIT, 0);
}

/* What may unmask exceptions, or mask them again, is the last of its block. */
static void call_control(struct decoder *d, u32 insn)
{
    if ((d->mode & MODE_FPU_TRAP) && loads_control(insn))
        wait_first(d);
    if (x87_is_memory(insn))
        address_to_t0(d, control_size(d, insn), control_writes(insn));
    emit_call(d, UOP_call_x87, insn, 0);
    if ((d->mode & MODE_FPU_TRAP) || loads_control(insn))
        end_leave(d);
}

static void call_helper(struct decoder *d, const struct x87_row *row, u32 insn)
{
    switch ((enum x87_form)row->form) {
    case X87_FORM_CONTROL:
        call_control(d, insn);
        return;
    case X87_FORM_COMPARE:
        emit_call(d, UOP_call_x87_flags, insn, 0);
        return;
    case X87_FORM_MOVE:
        set_if(d, (enum condition)row->op);
        break;
    case X87_FORM_LOAD:
        wait_first(d);
        address_to_t0(d, row->size, false);
        break;
    case X87_FORM_STORE:
        wait_first(d);
        address_to_t0(d, row->size, true);
        break;
    default:
        break;
    }
    emit_call(d, UOP_call_x87, insn, 0);
}

/* --- by micro-ops --- */

/*
 * Where the operand was that T0 has the address of: as it follows from registers, so that it can
 * be told later (translate/notes.c).
 */
static void note_operand(struct decoder *d)
{
    const struct address *a = &d->address;
    bool flat = segment_is_flat(d, a->segment) && d->adsize == 4;

    if (!flat) {
        emit_n(d, UOP_x87_operand, 0, 0);
    } else if (a->base == NO_LOCATION && a->index == NO_LOCATION) {
        emit_n(d, UOP_x87_operand_at, a->disp, 0);
    } else {
        bool both = a->base != NO_LOCATION && a->index != NO_LOCATION;
        u8 first = a->base != NO_LOCATION ? a->base : a->index;
        u32 factor = a->index != NO_LOCATION ? 1u << a->scale : 0;
        emit_rr(d, UOP_x87_operand_db, first, both ? a->index : first);
        d->s->uops[d->s->count - 1].imm[0] = a->disp;
        d->s->uops[d->s->count - 1].imm[1] = factor - (a->base == NO_LOCATION);
    }
}

/* Tells where the instruction was that has just been done: see struct fpu_pointers. */
static void note(struct decoder *d, u32 insn)
{
    if (x87_is_memory(insn)) {
        note_operand(d);
        d->x87_operand = (u8)(x87_segment(insn) + 1);
    }
    emit_n(d, d->x87_operand ? UOP_x87_at : UOP_x87_at_registers, d->pc,
           x87_opcode(insn) | X87_NOTED | (u32)d->x87_operand << 16);
}

/* The block is left in its midst if this unmasks an exception; no place for that in single step. */
static void load_control_word(struct decoder *d, u32 insn)
{
    struct place at;

    if (d->mode & (MODE_TF | MODE_STEP)) {
        call_control(d, insn);
        return;
    }
    at = operand_place(d, 2, false);
    load(d, T1, &at, 2, false, false);
    emit_n(d, UOP_x87_fldcw, 0, 0);
    last_uop(d)->arg = insn | X87_IN_T1 | X87_LEAVES;
}

/* FNSTCW, FNSTSW. */
static void store_word(struct decoder *d, bool status)
{
    struct place at = operand_place(d, 2, true);

    if (status)
        emit_n(d, UOP_x87_fnstsw_t1, 0, 0);
    else
        emit_n(d, UOP_get16, (u32)offsetof(struct cpu, fpu.control), 0);
    store(d, &at, T1, 2);
}

static void emit_control(struct decoder *d, u32 insn)
{
    if (!x87_is_memory(insn)) {
        u32 encoding = insn & 0x7ff;
        if (encoding == x87_insn(0xdf, 0xe0))
            emit_n(d, UOP_x87_fnstsw_ax, 0, 0);
        else if (encoding == x87_insn(0xdb, 0xe2))
            emit_n(d, UOP_x87_fnclex, 0, 0);
        else
            call_control(d, insn);
        return;
    }
    switch (control_of(insn)) {
    case LDCW:
        load_control_word(d, insn);
        break;
    case STCW:
        store_word(d, false);
        break;
    case STSW:
        store_word(d, true);
        break;
    default:
        call_control(d, insn);
        break;
    }
}

static void emit_native(struct decoder *d, const struct x87_row *row, u32 insn)
{
    switch ((enum x87_form)row->form) {
    case X87_FORM_CONTROL:
        emit_control(d, insn);
        return;
    case X87_FORM_LOAD:
    case X87_FORM_STORE:
        access_at_t0(d, row->op, insn);
        break;
    case X87_FORM_MOVE:
        set_if(d, (enum condition)row->op);
        emit_n(d, (enum uop_code)(UOP_x87_fcmov_st0 + (insn & 7)), 0, 0);
        break;
    case X87_FORM_RARE:
        emit_call(d, UOP_call_x87, insn, 0);
        return;
    case X87_FORM_COMPARE:
        emit_n(d, (enum uop_code)row->op, 0, 0);
        mark_flags(d, FLAGS_ALL, CC_EFLAGS, CC_NOT_INC);
        break;
    default:
        emit_n(d, (enum uop_code)row->op, 0, 0);
        break;
    }
    note(d, insn);
}

/* --- the instructions --- */

void t_x87(struct decoder *d)
{
    u32 insn = insn_of(d);
    const struct x87_row *row = row_of(insn);

    if (row->form == X87_UNDEFINED || !has_feature(d, x87_needs(row)))
        t_undefined(d);
    else if (d->mode & MODE_NO_FPU)
        raise_no_device(d);
    else if (d->mode & MODE_FPU_TRAP)
        call_helper(d, row, insn);
    else
        emit_native(d, row, insn);
}

void t_fwait(struct decoder *d)
{
    if (d->mode & MODE_TS)
        raise_no_device(d);
    else if (d->mode & MODE_FPU_TRAP)
        emit_call(d, UOP_call_x87, X87_WAIT, 0);
}
