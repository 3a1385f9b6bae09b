/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the IR asks of a host: its registers, and to make its code of instructions. A folder of the
 * host's name supplies it, and names registers and instructions; nothing else here does.
 *
 *   registers.h, registers.c   what the allocator (regalloc.h) has to know
 *   emit.c and others          ir_emit()
 *
 * and in exec/host/ a gate for slow paths (slow.h). registers.h defines
 *
 *   HOST_REGS    how many registers there are; they are numbered from 0
 *   NO_REG       a number that none has
 *   CPU_REG      has the cpu, always
 *   ALL_REGS     those that can have values, as bits
 *   GIVEN_REGS   how many these are
 *
 * and their names, as guests have them in ops/i386/locations.h and the like.
 */
#ifndef TRANSLATE_IR_HOST_H
#define TRANSLATE_IR_HOST_H

#include "translate/ir/ir.h"
#include "translate/translate.h"
#ifdef __x86_64__
#include "translate/ir/x86_64/registers.h"
#endif

/* ALL_REGS, those first that are better taken. */
extern const u8 host_order[GIVEN_REGS];

/*
 * Code of a block after all passes, as an engine's generate() makes it. False if there is no room
 * for it, or if it wants more registers, slots or exits than there are.
 */
bool host_emit(const struct ir *ir, const struct dyngen_emit *out, struct exit_site *sites,
               struct code *code);

#endif
