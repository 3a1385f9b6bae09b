/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.c: what --list and --dump print.
 */
#include "dyngen/model.h"
#include <stdio.h>
#include <string.h>

/* The names of the holes of one kind, each once. */
static void print_names(const struct op *op, enum hole_kind kind)
{
    bool any = false;
    for (size_t i = 0; i < op->hole_count; i++) {
        const struct hole *h = &op->holes[i];
        bool seen = h->kind != kind;
        for (size_t k = 0; k < i; k++)
            seen |= op->holes[k].kind == kind && !strcmp(op->holes[k].symbol, h->symbol);
        if (seen)
            continue;
        const char *name = hole_name(h);
        printf("%s%s", any ? "," : "", strncmp(name, "__op_", 5) ? name : name + 5);
        any = true;
    }
    if (!any)
        putchar('-');
}

void report_list(struct op *const *ops, size_t count)
{
    printf("%-32s %5s %5s  %-14s %-12s %s\n", "op", "size", "holes", "params", "targets",
           "helpers");
    for (size_t i = 0; i < count; i++) {
        const struct op *op = ops[i];
        int params = __builtin_popcount(op->params);
        printf("%-32s %5u %5zu  %-14d ", op->name, op->size, op->hole_count, params);
        static const char *const targets[] = {"-", "taken", "cold", "taken,cold"};
        printf("%-12s ", targets[op->targets & 3]);
        print_names(op, HOLE_HELPER);
        putchar('\n');
    }
}

void report_op(const struct op *op)
{
    printf("op_%s (%s): %u bytes\n", op->name, op->object->file, op->size);
    size_t h = 0;
    for (size_t i = 0; i < op->insn_count; i++) {
        const struct insn *insn = &op->insns[i];
        printf("%5x:  ", insn->at);
        for (unsigned b = 0; b < 10 || b < insn->size; b++)
            printf(b < insn->size ? "%02x " : "   ", b < insn->size ? op->code[insn->at + b] : 0);
        printf(" %s\n", insn->text);
        for (; h < op->hole_count && op->holes[h].at < insn->at + insn->size; h++) {
            const struct hole *hole = &op->holes[h];
            printf("%5x:  %30s  ^ %s%+lld, %s", hole->at, "", hole_name(hole),
                   (long long)hole->addend, hole->reloc);
            for (unsigned p = 0; p < hole->field.parts; p++) {
                const struct part *part = &hole->field.part[p];
                printf(", %u bits %s", part->width, field_name(&hole->field, part));
            }
            putchar('\n');
        }
    }
}
