/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of the i386 is its state, in a form that any engine and build takes up: flags are computed,
 * the x87 is in its image, and temporaries, which hold nothing between instructions, are zero.
 */
#include "exec/i386/state.h"

#include "exec/i386/debug.h"
#include "exec/i386/fpu.h"
#include "exec/i386/model.h"
#include "exec/i386/sse.h"
#include "exec/state.h"
#include "ops/i386/x87_insn.h"

#include <string.h>

void cpu_saving(struct core *core)
{
    struct cpu *cpu = (struct cpu *)core;

    cc_set(cpu, cc_get(cpu));
    cpu->cc_dst = cpu->inc_dst = 0;
    cpu->regs[T0] = cpu->regs[T1] = cpu->kept = cpu->carry = 0;
    fpu_segments_changed(cpu);
}

/* Where the host's x87 is to take it up nothing is unmasked. */
static void restore_fpu(struct fpu *fpu)
{
    enum { MASKED = 0x3f };

    fpu->control = X87_CONTROL_WORD(fpu->control);
    fpu->host_control = fpu->control | MASKED;
    memcpy(fpu->image, &fpu->host_control, sizeof fpu->host_control);
    fpu->last.opcode &= X87_OPCODE;
    fpu->last.data_register = 0;
}

static void restore_debug(struct cpu *cpu)
{
    cpu->debug.resuming = cpu->debug.stepping = cpu->debug.shadowed = false;
    debug_update(cpu);
}

void cpu_restored(struct core *core)
{
    struct cpu *cpu = (struct cpu *)core;

    cc_set(cpu, cpu->cc_src);
    cpu->cc_dst = cpu->inc_dst = 0;
    cpu->regs[T0] = cpu->regs[T1] = cpu->kept = cpu->carry = 0;
    cpu->eflags &= model_eflags_bits(cpu->model) & ~(u32)FLAGS_ARITH;
    cpu->eflags |= FLAG_1;
    for (unsigned i = 0; i < SEGMENTS; i++)
        segment_update_bounds(&cpu->seg[i]);
    cpu->sse.mxcsr &= cpu->sse.mxcsr_mask;
    restore_fpu(&cpu->fpu);
    restore_debug(cpu);
    cpu->aligned = false;
    cpu->core.mode = 0;
    cpu_update_mode(cpu);
}

/* --- the tables --- */

static const struct state_field segment_fields[] = {
    {STATE(segment, base)},
    {STATE(segment, limit)},
    {STATE(segment, selector)},
    {STATE(segment, attr)},
    {NOT_STATE(segment, read_lo)}, /* of these four */
    {NOT_STATE(segment, read_hi)},
    {NOT_STATE(segment, write_lo)},
    {NOT_STATE(segment, write_hi)},
    {NOT_STATE(segment, flat)},
    {0},
};
static const struct state_table segment_state = STATE_TABLE(segment, 1, segment_fields);

static const struct state_field table_register_fields[] = {
    {STATE(table_register, base)},
    {STATE(table_register, limit)},
    {0},
};
static const struct state_table table_register_state =
    STATE_TABLE(table_register, 1, table_register_fields);

static const struct state_field debug_fields[] = {
    {NOT_STATE(debug, code)}, /* of DR0 to DR3, DR7 and CR4 */
    {NOT_STATE(debug, data)},
    {NOT_STATE(debug, port)},
    {NOT_STATE(debug, resuming)}, /* within an instruction */
    {NOT_STATE(debug, stepping)},
    {NOT_STATE(debug, shadowed)},
    {STATE(debug, trap)},
    {NOT_STATE(debug, known)},
    {0},
};
static const struct state_table debug_state = STATE_TABLE(debug, 1, debug_fields);

static const struct state_field msr_fields[] = {
    {STATE(msr_values, apic_base)},
    {STATE(msr_values, misc_enable)},
    {STATE(msr_values, pat)},
    {STATE(msr_values, tsc_adjust)},
    {STATE(msr_values, mtrr_default)},
    {STATE_ARRAY(msr_values, mtrr_fixed)},
    {STATE_ARRAY(msr_values, mtrr_variable)},
    {STATE(msr_values, mcg_status)},
    {STATE(msr_values, mcg_control)},
    {STATE_ARRAY(msr_values, mc_control)},
    {0},
};
static const struct state_table msr_state = STATE_TABLE(msr_values, 1, msr_fields);

static const struct state_field pointers_fields[] = {
    {STATE(fpu_pointers, code_offset)},
    {STATE(fpu_pointers, opcode)},
    {NOT_STATE(fpu_pointers, data_register)}, /* has been looked up */
    {STATE(fpu_pointers, data_linear)},
    {STATE(fpu_pointers, data_base)},
    {STATE(fpu_pointers, code_selector)},
    {STATE(fpu_pointers, data_selector)},
    {NOT_STATE(fpu_pointers, segments)}, /* a copy */
    {0},
};
static const struct state_table pointers_state = STATE_TABLE(fpu_pointers, 1, pointers_fields);

static const struct state_field fpu_fields[] = {
    {STATE(fpu, control)},
    {NOT_STATE(fpu, host_control)},
    {NOT_STATE(fpu, live)},
    {STATE(fpu, ferr)},
    {STATE_OF(fpu, last, &pointers_state)},
    {STATE_BYTES(fpu, image)},
    {0},
};
static const struct state_table fpu_state = STATE_TABLE(fpu, 1, fpu_fields);

static const struct state_field xmm_fields[] = {
    {STATE_ARRAY(xmm, part)},
    {0},
};
static const struct state_table xmm_state = STATE_TABLE(xmm, 1, xmm_fields);

static const struct state_field sse_fields[] = {
    {STATE_ARRAY_OF(sse, xmm, &xmm_state)},
    {NOT_STATE(sse, temp)},
    {STATE(sse, mxcsr)},
    {NOT_STATE(sse, mxcsr_mask)}, /* the model's */
    {NOT_STATE(sse, mxcsr_masked)},
    {NOT_STATE(sse, mxcsr_of_emulator)},
    {0},
};
static const struct state_table sse_state = STATE_TABLE(sse, 1, sse_fields);

static const struct state_field fields[] = {
    {STATE_OF(cpu, core, &core_state)},
    {STATE_ARRAY(cpu, regs)},
    {NOT_STATE(cpu, cc_dst)},
    {STATE(cpu, cc_src)}, /* the arithmetic flags */
    {NOT_STATE(cpu, cc_op)},
    {NOT_STATE(cpu, inc_dst)},
    {NOT_STATE(cpu, carry)},
    {NOT_STATE(cpu, kept)},
    {STATE(cpu, eflags)},
    {STATE(cpu, cpl), .most = 3},
    {STATE_ARRAY_OF(cpu, seg, &segment_state)},
    {STATE_OF(cpu, ldt, &segment_state)},
    {STATE_OF(cpu, tr, &segment_state)},
    {STATE_OF(cpu, gdt, &table_register_state)},
    {STATE_OF(cpu, idt, &table_register_state)},
    {STATE(cpu, cr0)},
    {STATE(cpu, cr2)},
    {STATE(cpu, cr3)},
    {STATE(cpu, cr4)},
    {STATE_ARRAY(cpu, pdpte)},
    {STATE(cpu, efer)},
    {STATE_ARRAY(cpu, dr)},
    {STATE_OF(cpu, debug, &debug_state)},
    {NOT_STATE(cpu, aligned)}, /* of CR0 and EFLAGS */
    {STATE(cpu, shadow), .most = SHADOW_TRAPS},
    {STATE(cpu, nmi_pending)},
    {STATE(cpu, a20_mask)},
    {STATE(cpu, delivering)},
    {STATE(cpu, fault_vector), .most = 255},
    {STATE(cpu, raised_vector)},
    {STATE(cpu, raised_error)},
    {STATE(cpu, tsc_offset)},
    {STATE(cpu, sysenter_cs)},
    {STATE(cpu, sysenter_esp)},
    {STATE(cpu, sysenter_eip)},
    {STATE_OF(cpu, msr, &msr_state)},
    {STATE_OF(cpu, fpu, &fpu_state)},
    {STATE_OF(cpu, sse, &sse_state)},
    {NOT_STATE(cpu, model)}, /* the same, or the state is not this cpu's */
    {NOT_STATE(cpu, rest)},
    {STATE(cpu, nmi_blocked), .since = 2},
    {0},
};
const struct state_table cpu_state = STATE_TABLE(cpu, 2, fields);
