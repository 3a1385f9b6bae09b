/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The arrays that a guest's struct uop_table is made of, for its table.c alone, which has defined
 *
 *   L_T0, ...               what its rows name of locations
 *   OWN_TEMPLATE(name)      dyngen's number of a template: I386_OP_##name
 *   OWN_MEMORY              the name of its memory.def: MEMORY_OP(name, ...) and AT_T0_OP(name,
 *                           ...), in each memory model
 */
#ifndef OPS_TABLES_H
#define OPS_TABLES_H

#include "ops/host/asm.h"
#include "ops/rows.h"

static const struct uop_info rows[UOP_CODES] = {
#define UOP UOP_ROW
#include "ops/common.def"
#include OWN_OPS
#undef UOP
};

#define NAME_OF(argument, name, NAME, number, host) [NAME] = #name,
static const char *const names[LOCATIONS] = {EACH_LOCATION(NAME_OF, )};
#undef NAME_OF

static const u16 dyngen_order[TEMPLATES] = {
#if HOST_ASM
#define TEMPLATE_ENTRY(index, name, name_if) [index] = OWN_TEMPLATE(name),
#else
#define TEMPLATE_ENTRY(index, name, name_if) [index] = OWN_TEMPLATE(name_if),
#endif
#include "ops/each_template.h"
};

/*
 * The form of a memory micro-op that goes by the stack window, for builds with HOST_ASM: in C
 * compilers take a hole for a number above 0, and its sign in 64 bits is lost.
 */
static const u16 in_window[UOP_CODES] = {
#define MEMORY_OP(name, ...) [UOP_##name] = UOP_window_##name,
#define AT_T0_OP(name, ...)  [UOP_##name] = UOP_window_##name,
#include OWN_MEMORY
};

#endif
