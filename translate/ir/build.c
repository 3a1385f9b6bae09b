/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The IR's instructions: their facts, building them, what they mean, and how they are printed. */
#include "translate/ir/ir.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct ir_op_info ir_op_info[IR_OPS] = {
#define IR_OP(name, operands, traits) {#name, operands, traits},
#include "translate/ir/ops.def"
#undef IR_OP
};

/* --- building --- */

void ir_clear(struct ir *ir, const struct stream *s)
{
    ir->stream = s;
    ir->guest = s->table->ir;
    ir->count = ir->consts = ir->snapshots = 0;
    ir->full = false;
    memset(ir->const_hash, 0, sizeof ir->const_hash);
}

ir_ref ir_const(struct ir *ir, u32 value)
{
    u16 *known = &ir->const_hash[(value ^ value >> 8 ^ value >> 20) & 0xff];
    u32 n = *known;

    if (n && ir->constant[n - 1] == value)
        return (ir_ref)(IR_CONST | (n - 1));
    if (ir->consts == IR_CONSTS) {
        ir->full = true;
        return IR_CONST;
    }
    ir->constant[ir->consts++] = value;
    *known = (u16)ir->consts;
    return (ir_ref)(IR_CONST | (ir->consts - 1));
}

struct ir_insn *ir_append(struct ir *ir, enum ir_op op, ir_ref a, ir_ref b, ir_ref c)
{
    struct ir_insn *i;

    if (ir->count + 1 >= IR_INSNS)
        ir->full = true;
    else
        ir->count++;
    i = &ir->insn[ir->count];
    *i = (struct ir_insn){.op = (u8)op, .operand = {a, b, c}, .pc = ir->pc, .unrun = ir->unrun};
    return i;
}

ir_ref ir_emit(struct ir *ir, enum ir_op op, ir_ref a, ir_ref b, ir_ref c)
{
    ir_append(ir, op, a, b, c);
    return (ir_ref)ir->count;
}

struct ir_snapshot *ir_add_snapshot(struct ir *ir, struct ir_insn *of)
{
    if (ir->snapshots == IR_SNAPSHOTS)
        ir->full = true;
    else
        ir->snapshots++;
    of->snapshot = (u16)ir->snapshots;
    struct ir_snapshot *s = &ir->snapshot[of->snapshot - 1];
    s->has = 0;
    s->changed = ~(u64)0;
    return s;
}

bool ir_is_cold(enum ir_op op)
{
    return op != IR_opaque && op != IR_jump && op != IR_leave;
}

/* --- meaning --- */

static bool compare(enum uop_condition cc, u32 a, u32 b)
{
    switch (cc & ~1u) {
    case IF_equal:
        return (a == b) ^ (cc & 1);
    case IF_below:
        return (a < b) ^ (cc & 1);
    case IF_above:
        return (a > b) ^ (cc & 1);
    case IF_less:
        return ((s32)a < (s32)b) ^ (cc & 1);
    case IF_greater:
        return ((s32)a > (s32)b) ^ (cc & 1);
    case IF_negative:
        return ((s32)(a - b) < 0) ^ (cc & 1);
    default: /* IF_even */
        return !__builtin_parity((a - b) & 0xff) ^ (cc & 1);
    }
}

static u32 rotate_left(u32 a, u32 count)
{
    return a << (count & 31) | a >> (-count & 31);
}

u32 ir_evaluate(const struct ir_insn *i, u32 a, u32 b, u32 c)
{
    switch ((enum ir_op)i->op) {
    case IR_add:
        return a + b;
    case IR_sub:
        return a - b;
    case IR_and:
        return a & b;
    case IR_or:
        return a | b;
    case IR_xor:
        return a ^ b;
    case IR_shl:
        return a << (b & 31);
    case IR_shr:
        return a >> (b & 31);
    case IR_sar:
        return (u32)((s32)a >> (b & 31));
    case IR_rol:
        return rotate_left(a, b);
    case IR_ror:
        return rotate_left(a, -b);
    case IR_mul:
    case IR_mull:
        return a * b;
    case IR_imulover:
        return (s64)(s32)a * (s32)b != (s32)(a * b) ? 1u << 31 : 0;
    case IR_not:
        return ~a;
    case IR_neg:
        return -a;
    case IR_bswap:
        return __builtin_bswap32(a);
    case IR_zero8:
        return (u8)a;
    case IR_sign8:
        return (u32)(s8)a;
    case IR_zero16:
        return (u16)a;
    case IR_sign16:
        return (u32)(s16)a;
    case IR_high8:
        return (u8)(a >> 8);
    case IR_insert8:
        return (a & 0xffffff00u) | (u8)b;
    case IR_insert8h:
        return (a & 0xffff00ffu) | (u32)(u8)b << 8;
    case IR_insert16:
        return (a & 0xffff0000u) | (u16)b;
    case IR_lea:
        return a + (b << i->size) + i->imm;
    case IR_adc:
        return a + b + c;
    case IR_sbb:
        return a - b - c;
    case IR_shld:
        return (u32)(((u64)a << 32 | b) << (c & 31) >> 32);
    case IR_shrd:
        return (u32)(((u64)b << 32 | a) >> (c & 31));
    case IR_bts:
        return a | 1u << (b & 31);
    case IR_btr:
        return a & ~(1u << (b & 31));
    case IR_btc:
        return a ^ 1u << (b & 31);
    case IR_bsf:
        return b ? (u32)__builtin_ctz(b) : a;
    case IR_bsr:
        return b ? 31 - (u32)__builtin_clz(b) : a;
    case IR_cmp:
        return compare((enum uop_condition)i->cc, a, b);
    case IR_test:
        return compare((enum uop_condition)i->cc, a & b, 0);
    case IR_select:
        return a ? b : c;
    case IR_tlb:
        return (u32)tlb_offset(a);
    case IR_page:
        return (a + i->imm) & 0xfffff000u;
    default:
        return 0;
    }
}

/* --- printing --- */

static const char *const condition_names[CONDITIONS] = {
#define CONDITION_NAME(name, ...) #name,
    EACH_CONDITION(CONDITION_NAME, )
#undef CONDITION_NAME
};

struct text {
    char *at;
    size_t size, used;
};

__attribute__((format(printf, 2, 3))) static void append(struct text *t, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (t->used < t->size) {
        int n = vsnprintf(t->at + t->used, t->size - t->used, format, arguments);
        t->used += n > 0 ? (size_t)n : 0;
    }
    va_end(arguments);
}

static void append_value(struct text *t, const struct ir *ir, ir_ref v)
{
    if (ir_is_const(v))
        append(t, "%#x", ir_value(ir, v));
    else
        append(t, "v%u", v);
}

static void append_cpu_field(struct text *t, const struct ir *ir, u32 offset)
{
    const struct ir_guest *g = ir->guest;

    for (unsigned n = 0; n < g->field_count; n++)
        if (g->fields[n].offset == offset) {
            append(t, "%s", g->fields[n].name);
            return;
        }
    append(t, "cpu+%#x", offset);
}

static void append_kind(struct text *t, const struct ir *ir, const struct ir_insn *i)
{
    switch ((enum ir_op)i->op) {
    case IR_entry:
    case IR_result:
        append(t, " %s", ir->stream->table->location_names[i->imm]);
        break;
    case IR_field:
        append(t, "%u ", i->size * 8);
        append_cpu_field(t, ir, i->imm);
        break;
    case IR_set:
        append(t, "%u ", i->size * 8);
        append_cpu_field(t, ir, i->imm);
        append(t, ",");
        break;
    case IR_cmp:
    case IR_test:
    case IR_branch_cmp:
    case IR_branch_test:
        append(t, " %s,", condition_names[i->cc]);
        break;
    case IR_load:
    case IR_store:
        append(t, "%u%s%s", i->size * 8, i->sign ? " signed" : "", i->write ? " to write" : "");
        break;
    case IR_opaque:
    case IR_leave: {
        char uop[80];
        uop_print(ir->stream->table, &ir->stream->uops[i->imm], uop, sizeof uop);
        append(t, " %s", uop);
        break;
    }
    default:
        break;
    }
}

static void append_snapshot(struct text *t, const struct ir *ir, const struct ir_snapshot *s)
{
    append(t, "  {");
    for (unsigned n = 0; n < ir->stream->table->locations; n++) {
        ir_ref v = ir_seen(s, n);
        const struct ir_insn *i = ir_is_const(v) ? NULL : &ir->insn[v];
        if (!v || (i && i->op == IR_entry && i->imm == n))
            continue;
        append(t, " %s ", ir->stream->table->location_names[n]);
        append_value(t, ir, v);
    }
    for (unsigned n = 0; n < ir->guest->field_count; n++)
        if (ir_seen(s, IR_LOCATIONS + n)) {
            append(t, " %s ", ir->guest->fields[n].name);
            append_value(t, ir, ir_seen(s, IR_LOCATIONS + n));
        }
    append(t, " }");
}

static bool has_value(enum ir_op op)
{
    return op < IR_store && op != IR_none;
}

int ir_print(const struct ir *ir, u32 number, char *text, size_t size)
{
    const struct ir_insn *i = &ir->insn[number];
    struct text t = {text, size, 0};
    const char *separator = " ";

    append(&t, "%s", i->sunk ? "(cold) " : "");
    if (has_value((enum ir_op)i->op))
        append(&t, "v%u = ", number);
    append(&t, "%s", ir_op_info[i->op].name);
    append_kind(&t, ir, i);
    for (unsigned n = 0; n < IR_OPERANDS && i->operand[n]; n++) {
        append(&t, "%s", separator);
        append_value(&t, ir, i->operand[n]);
        separator = ", ";
    }
    if (i->op == IR_lea && i->operand[1])
        append(&t, " << %u", i->size);
    if (i->op == IR_lea)
        append(&t, ", %#x", i->imm);
    else if (i->op == IR_page && i->imm)
        append(&t, ", %#x", i->imm);
    else if (i->op == IR_branch_cmp || i->op == IR_branch_test || i->op == IR_jump)
        append(&t, " -> %08x", i->imm);
    else if (i->op >= IR_native && i->op <= IR_native_store)
        append(&t, " %04x", i->imm);
    if (i->snapshot)
        append_snapshot(&t, ir, &ir->snapshot[i->snapshot - 1]);
    return (int)t.used;
}
