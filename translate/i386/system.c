/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segment registers, flags as a word, system instructions, ports, strings: mostly helpers. */
#include "translate/i386/decode.h"

/* --- segment registers --- */

static void get_selector(struct decoder *d, enum segment_register s)
{
    emit_n(d, UOP_get16, (u32)offsetof(struct cpu, seg[s].selector), 0);
}

void t_push_seg(struct decoder *d)
{
    /* With an operand size of 32 bits the upper half of the slot is cleared here, as older
       processors do (SDM vol. 2, PUSH). */
    get_selector(d, (enum segment_register)d->insn->arg);
    push_location(d, T1, d->opsize);
}

void t_pop_seg(struct decoder *d)
{
    load_stack(d, T1, d->opsize);
    emit_rr(d, UOP_movzx16, T0, T1);
    emit_call(d, UOP_call_load_seg, d->insn->arg, 0);
    add_esp(d, d->opsize);
}

void t_mov_from_seg(struct decoder *d)
{
    struct operand to = d->op[0];
    u8 s = d->modrm >> 3 & 7;

    if (s >= SEGMENTS) {
        t_undefined(d);
        return;
    }
    if (to.kind == OPERAND_MEM)
        to.size = 2;
    get_selector(d, (enum segment_register)s);
    write_operand(d, &to, T1);
}

void t_mov_to_seg(struct decoder *d)
{
    u8 s = d->modrm >> 3 & 7;

    if (s >= SEGMENTS || s == CS) {
        t_undefined(d);
        return;
    }
    copy_zero(d, &d->op[0], T0);
    emit_call(d, UOP_call_load_seg, s, 0);
}

/* --- flags --- */

void t_pushf(struct decoder *d)
{
    emit_call(d, UOP_call_pushf, d->opsize, 0);
}

void t_popf(struct decoder *d)
{
    emit_call(d, UOP_call_popf, d->opsize, 0);
}

void t_cli(struct decoder *d)
{
    emit_call(d, UOP_call_cli, 0, 0);
}

void t_sti(struct decoder *d)
{
    emit_call(d, UOP_call_sti, 0, 0);
    begin_shadow(d);
}

void t_hlt(struct decoder *d)
{
    emit_call(d, UOP_call_hlt, 0, 0);
}

/* --- descriptor tables and selectors --- */

static bool real_or_v86(const struct decoder *d)
{
    return !(d->mode & MODE_PE) || (d->mode & MODE_VM);
}

/* What only CPL 0 may do is refused before its operand is read; CPL 1 and 2 are the helpers'. */
static bool is_refused(struct decoder *d)
{
    if (!(d->mode & MODE_USER))
        return false;
    raise_in_block(d, EXC_GP);
    return true;
}

/* SLDT, STR: a register of 32 bits is zero-extended, memory gets a word. */
void t_store_selector(struct decoder *d)
{
    struct operand to = d->op[0];

    if (to.kind == OPERAND_MEM)
        to.size = 2;
    emit_call(d, d->insn->arg == TASK_SELECTOR ? UOP_call_str : UOP_call_sldt, 0, 0);
    write_operand(d, &to, T1);
}

/* LLDT, LTR, VERR, VERW. */
void t_load_selector(struct decoder *d)
{
    static const u16 helpers[] = {UOP_call_lldt, UOP_call_ltr, UOP_call_verr, UOP_call_verw};

    if (real_or_v86(d)) {
        t_undefined(d);
        return;
    }
    if (d->insn->arg < VERR && is_refused(d))
        return;
    copy_zero(d, &d->op[0], T0);
    emit_call(d, (enum uop_code)helpers[d->insn->arg], 0, 0);
}

void t_lar(struct decoder *d)
{
    if (real_or_v86(d)) {
        t_undefined(d);
        return;
    }
    copy_zero(d, &d->op[1], T0);
    emit_call(d, d->insn->arg == SEGMENT_LIMIT ? UOP_call_lsl : UOP_call_lar, 0, 0);
    /* T1 goes to the register if ZF; the flags are CC_EFLAGS. */
    if (d->opsize == 2) {
        emit_rr(d, UOP_mov, T0, d->op[0].reg);
        emit_rr(d, UOP_insert16, T0, T1);
        emit_rr(d, UOP_mov, T1, T0);
    }
    set_if(d, COND_Z);
    emit_rr(d, UOP_cmov, d->op[0].reg, T1);
}

/* In memory, the destination is written only if it changes (SDM vol. 2): the helper does it all. */
void t_arpl(struct decoder *d)
{
    const struct operand *to = &d->op[0], *from = &d->op[1];

    if (real_or_v86(d)) {
        t_undefined(d);
    } else if (to->kind == OPERAND_MEM) {
        offset_to_t0(d);
        copy_zero(d, from, T1);
        emit_call(d, UOP_call_arpl, 1, d->address.segment);
    } else {
        copy_zero(d, to, T1);
        copy_zero(d, from, T0);
        emit_call(d, UOP_call_arpl, 0, 0);
        write_reg(d, to, T1);
    }
}

static struct place table_place(struct decoder *d, bool write)
{
    return operand_place(d, 6, write);
}

void t_store_table(struct decoder *d)
{
    size_t table =
        d->insn->arg == TABLE_IDT ? offsetof(struct cpu, idt) : offsetof(struct cpu, gdt);
    u32 limit = (u32)(table + offsetof(struct table_register, limit));
    u32 base = (u32)(table + offsetof(struct table_register, base));
    struct place at, rest;

    /* Four bytes and two: where alignment is checked, it is to four (SDM vol. 3, table 6-7). */
    emit_n(d, UOP_get32, base, 0);
    emit_r(d, UOP_shli, T1, 16);
    emit_n(d, UOP_keep_t1, 0, 0);
    emit_n(d, UOP_get32, limit, 0);
    emit_n(d, UOP_kept_to_t0, 0, 0);
    emit_rr(d, UOP_or, T1, T0);
    at = table_place(d, true);
    store(d, &at, T1, 4);
    rest = place_behind(at, 4);
    emit_n(d, UOP_get32, base, 0);
    emit_r(d, UOP_shri, T1, 16);
    store(d, &rest, T1, 2);
}

void t_load_table(struct decoder *d)
{
    struct place at, base;

    if (is_refused(d))
        return;
    at = table_place(d, false);
    load(d, T1, &at, 2, false, false);
    base = place_behind(at, 2);
    load(d, T0, &base, 4, false, false);
    emit_call(d, d->insn->arg == TABLE_IDT ? UOP_call_lidt : UOP_call_lgdt, d->opsize, 0);
}

/* --- control, debug and model-specific registers --- */

void t_smsw(struct decoder *d)
{
    struct operand to = d->op[0];

    if (to.kind == OPERAND_MEM)
        to.size = 2;
    emit_n(d, UOP_get32, (u32)offsetof(struct cpu, cr0), 0);
    write_operand(d, &to, T1);
}

void t_lmsw(struct decoder *d)
{
    if (is_refused(d))
        return;
    copy_zero(d, &d->op[0], T0);
    emit_call(d, UOP_call_lmsw, 0, 0);
}

void t_clts(struct decoder *d)
{
    emit_call(d, UOP_call_clts, 0, 0);
}

void t_invlpg(struct decoder *d)
{
    offset_to_t0(d);
    if (!segment_is_flat(d, d->address.segment))
        emit_n(d, UOP_segment_base, (u32)offsetof(struct cpu, seg[d->address.segment]), 0);
    emit_call(d, UOP_call_invlpg, 0, 0);
}

void t_wbinvd(struct decoder *d)
{
    emit_call(d, UOP_call_wbinvd, 0, 0);
}

void t_mov_cr(struct decoder *d)
{
    static const u16 helpers[] = {UOP_call_get_cr, UOP_call_get_dr, UOP_call_set_cr,
                                  UOP_call_set_dr};
    u8 arg = d->insn->arg;

    emit_call(d, (enum uop_code)helpers[arg], d->modrm >> 3 & 7, d->modrm & 7);
}

void t_msr(struct decoder *d)
{
    static const u16 helpers[] = {[WRMSR] = UOP_call_wrmsr,
                                  [RDTSC] = UOP_call_rdtsc,
                                  [RDMSR] = UOP_call_rdmsr,
                                  [RDPMC] = UOP_call_rdpmc};

    emit_call(d, (enum uop_code)helpers[d->insn->arg], 0, 0);
}

void t_cpuid(struct decoder *d)
{
    emit_call(d, UOP_call_cpuid, 0, 0);
}

/* BOUND: T0 and T1 are the bounds. */
void t_bound(struct decoder *d)
{
    struct place at = operand_place(d, d->opsize * 2u, false), upper;

    load(d, T1, &at, d->opsize, true, false);
    emit_n(d, UOP_keep_t1, 0, 0);
    upper = place_behind(at, d->opsize);
    load(d, T1, &upper, d->opsize, true, false);
    emit_n(d, UOP_kept_to_t0, 0, 0);
    emit_call(d, UOP_call_bound, d->opsize, d->op[0].reg);
}

/* --- ports; arg 1: bytes --- */

static u32 port(const struct decoder *d)
{
    return d->opcode < 0xe8 ? d->imm : 0x10000;
}

void t_in(struct decoder *d)
{
    emit_call(d, UOP_call_in, d->insn->arg == BYTE_SIZE ? 1 : d->opsize, port(d));
}

void t_out(struct decoder *d)
{
    emit_call(d, UOP_call_out, d->insn->arg == BYTE_SIZE ? 1 : d->opsize, port(d));
}

/* --- strings --- */

static enum segment_register source_segment(const struct decoder *d)
{
    return d->segment != NO_LOCATION ? (enum segment_register)d->segment : DS;
}

/* Without REP, on flat segments, a string instruction is a load, a store and steps. */
static bool string_is_simple(const struct decoder *d, enum string_op op)
{
    bool source = op != STOS && op != SCAS, destination = op != LODS;

    return !d->rep && d->adsize == 4 && op <= SCAS &&
           (!source || segment_is_flat(d, source_segment(d))) &&
           (!destination || segment_is_flat(d, ES));
}

static void compare_t0_t1(struct decoder *d, unsigned size)
{
    emit_r(d, UOP_cc_src, T1, 0);
    emit_rr(d, UOP_cc_sub, T0, T1);
    mark_flags(d, FLAGS_ALL, sized(CC_SUBB, size), CC_NOT_INC);
}

static void step(struct decoder *d, u8 pointer, unsigned size)
{
    emit_r(d, UOP_string_step, pointer, size);
}

static void simple_string(struct decoder *d, enum string_op op, unsigned size)
{
    struct place esi = {ESI, 0}, edi = {EDI, 0};
    struct operand a = {.kind = OPERAND_REG, .size = (u8)size, .reg = EAX};

    switch (op) {
    case MOVS:
        load(d, T1, &esi, size, false, false);
        store(d, &edi, T1, size);
        break;
    case STOS:
        store(d, &edi, EAX, size);
        break;
    case LODS:
        load(d, T1, &esi, size, false, false);
        write_reg(d, &a, T1);
        break;
    case CMPS:
        load(d, T1, &esi, size, false, false);
        emit_n(d, UOP_keep_t1, 0, 0);
        load(d, T1, &edi, size, false, false);
        emit_n(d, UOP_kept_to_t0, 0, 0);
        compare_t0_t1(d, size);
        break;
    default: /* SCAS */
        load(d, T1, &edi, size, false, false);
        copy_zero(d, &a, T0);
        compare_t0_t1(d, size);
        break;
    }
    if (op == MOVS || op == LODS || op == CMPS)
        step(d, ESI, size);
    if (op != LODS)
        step(d, EDI, size);
    if (op == CMPS || op == SCAS)
        d->fusion = (struct fusion){FUSE_COMPARE, T0, T1, (u8)size, 0};
}

void t_string(struct decoder *d)
{
    static const u16 helpers[] = {UOP_call_movs, UOP_call_stos, UOP_call_lods, UOP_call_cmps,
                                  UOP_call_scas, UOP_call_ins,  UOP_call_outs};
    enum string_op op = (enum string_op)d->insn->arg;
    unsigned size = d->opcode & 1 ? d->opsize : 1;

    if (string_is_simple(d, op)) {
        simple_string(d, op, size);
        return;
    }
    emit_call(d, (enum uop_code)helpers[op],
              size | (u32)d->adsize << 4 | (u32)source_segment(d) << 8 | (u32)d->rep << 12,
              d->next);
}
