/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The IR engine's parts, each alone. */
#include "tests/ir/test_ir.h"
#include "tests/suites.h"

#include <stdio.h>
#include <string.h>

struct ir ir;
static const struct stream no_code = {.table = &i386_uops, .pc = 0x1000, .base = 0};

void ir_setup(void)
{
    ir_clear(&ir, &no_code);
    for (unsigned n = 0; n < T0; n++)
        ir_append(&ir, IR_entry, IR_NONE, IR_NONE, IR_NONE)->imm = n;
}

ir_ref entry(unsigned location)
{
    return (ir_ref)(1 + location);
}

ir_ref constant(u32 value)
{
    return ir_const(&ir, value);
}

ir_ref op(enum ir_op op, ir_ref a, ir_ref b)
{
    return ir_emit(&ir, op, a, b, IR_NONE);
}

ir_ref compare(enum ir_op op, enum uop_condition cc, ir_ref a, ir_ref b)
{
    ir_append(&ir, op, a, b, IR_NONE)->cc = (u8)cc;
    return (ir_ref)ir.count;
}

ir_ref lea(ir_ref base, ir_ref index, u8 scale, u32 disp)
{
    struct ir_insn *i = ir_append(&ir, IR_lea, base, index, IR_NONE);

    i->size = scale;
    i->imm = disp;
    return (ir_ref)ir.count;
}

ir_ref append_access(enum ir_op op, ir_ref address, u8 size, ir_ref stored)
{
    ir_ref tlb = ir_emit(&ir, IR_tlb, address, IR_NONE, IR_NONE);
    ir_ref page = ir_emit(&ir, IR_page, address, IR_NONE, IR_NONE);
    struct ir_insn *i;

    ir.insn[page].imm = size - 1u;
    i = ir_append(&ir, op, address, tlb, page);
    i->operand[3] = stored;
    i->size = size;
    ir_add_snapshot(&ir, i);
    return (ir_ref)ir.count;
}

void leave_with(unsigned location, ir_ref v)
{
    struct ir_insn *i = ir_append(&ir, IR_jump, IR_NONE, IR_NONE, IR_NONE);

    i->imm = 0x2000;
    ir_see(ir_add_snapshot(&ir, i), location, v);
}

void expect_ir(const char *lines)
{
    static char text[1 << 16];
    size_t used = 0;

    for (u32 n = T0 + 1; n <= ir.count; n++)
        if (ir.insn[n].op != IR_none) {
            used += (size_t)ir_print(&ir, n, text + used, sizeof text - used);
            used += (size_t)snprintf(text + used, sizeof text - used, "\n");
        }
    text[used] = '\0';
    ck_assert_str_eq(text, lines);
}

u32 next_random(void)
{
    static u64 state = 88172645463325252u; /* xorshift: never zero */

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (u32)(state >> 16);
}

u32 below(u32 limit)
{
    return next_random() % limit;
}

TEST_MAIN(x86_suite, regalloc_suite, fold_suite, passes_suite, lower_suite)
