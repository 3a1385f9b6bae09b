/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jumps, calls, returns, and how blocks end. */
#include "translate/i386/decode.h"

static u32 wrap(const struct decoder *d, u32 pc)
{
    return d->opsize == 2 ? pc & 0xffff : pc;
}

/*
 * --- ends of blocks ---
 *
 * In MODE_STEP all ways out lead to the exec loop, and the one instruction is done whatever
 * anybody asks for.
 */

/*
 * Before a direct jump that may close a loop: leave if somebody wants the exec loop's attention.
 * The instruction has not begun, so it is where the guest goes on. Other jumps need none: the jump
 * cache has no entry for them then.
 */
void exit_check(struct decoder *d)
{
    if (!(d->mode & MODE_STEP) && !d->source->counts)
        emit_n(d, UOP_exit_check, 0, 0);
}

/*
 * --- STI's shadow ---
 *
 * Where STI sets IF, no interrupt comes before the end of the next instruction (SDM vol. 2, STI).
 * Both are in one block as far as can be; cpu->shadow is set between them, so that whoever leaves
 * the block there (a fault, a write to code, an exit check) finds what is true. Behind the second
 * it is cleared, and the exec loop has its turn if it wants one: STI asked for it if an interrupt
 * has waited. So the second either goes on in the block, to a check, or it ends the block by a jump
 * that looks at exit_request. If it does neither (a branch), or belongs to another block, the exec
 * loop runs it by itself: i386's is_one_due.
 */

void begin_shadow(struct decoder *d)
{
    if (d->mode & MODE_STEP)
        end_leave(d);
    else if (d->shadow != IN_SHADOW) /* IF is set in it */
        d->shadow = SHADOW_AHEAD;
}

static void end_shadow(struct decoder *d)
{
    if (d->shadow == IN_SHADOW)
        emit_n(d, UOP_end_shadow, 0, 0);
    d->shadow = UNSHADOWED;
}

void move_shadow(struct decoder *d)
{
    if (d->shadow == SHADOW_AHEAD) {
        d->shadow = IN_SHADOW;
    } else if (d->shadow == IN_SHADOW) {
        end_shadow(d);
        exit_check(d);
    }
}

bool branches_in_shadow(const struct decoder *d, u32 first)
{
    if (d->shadow == IN_SHADOW)
        for (u32 i = first; i < d->s->count; i++)
            if (uop_is_branch(&d->s->uops[i]))
                return true;
    return false;
}

/* --- ends --- */

void end_direct(struct decoder *d, u32 target)
{
    if (d->shadow == IN_SHADOW) {
        end_at(d, target);
        return;
    }
    struct uop *u = emit_uop(d, UOP_jump);
    u->to.target = target;
    u->to.dead = flags_dead_at(d, target);
    d->end = true;
}

static bool jumps_by_cache(const struct decoder *d)
{
    return (d->mode & (MODE_LINEAR | MODE_STEP)) == MODE_LINEAR;
}

void end_indirect(struct decoder *d, u8 target)
{
    end_shadow(d);
    if (d->likely) {
        emit_r(d, UOP_cmpi_j, target, 0);
        last_uop(d)->condition = IF_equal;
        last_uop(d)->to.imm = last_uop(d)->to.target = d->likely;
        last_uop(d)->to.dead = flags_dead_at(d, d->likely);
    }
    emit_r(d, jumps_by_cache(d) ? UOP_jump_d : UOP_exit_d, target, 0);
    d->end = true;
}

void end_jump(struct decoder *d)
{
    end_shadow(d);
    emit_n(d, d->mode & MODE_STEP ? UOP_exit_pc : UOP_jump_pc, 0, 0);
    d->end = true;
}

void end_at(struct decoder *d, u32 pc)
{
    emit_n(d, UOP_set_pc, pc, 0);
    end_jump(d);
}

void end_leave(struct decoder *d)
{
    end_at(d, d->next);
}

void end_after_helper(struct decoder *d)
{
    enum helper_end after = (enum helper_end)d->after;

    d->after = HELPER_NEXT;
    if (d->end)
        return;
    if (after == HELPER_JUMP)
        end_jump(d);
    else if (after == HELPER_LEAVE)
        end_leave(d);
}

/* To the exec loop, which is to see the shadow. */
static void end_in_shadow(struct decoder *d)
{
    emit_n(d, UOP_set_pc, d->pc, 0);
    emit_n(d, UOP_exit_pc, 0, 0);
    d->end = true;
}

/* Behind the last byte of the address space the first one comes: that may close a loop. */
void end_before(struct decoder *d)
{
    if (d->shadow == SHADOW_AHEAD)
        end_in_shadow(d);
    else if (d->pc < d->s->pc)
        end_at(d, d->pc);
    else
        end_direct(d, d->pc);
}

/* --- near transfers --- */

static bool is_backward(const struct decoder *d, u32 target)
{
    return target <= d->pc;
}

/* Behind the segment's limit: the jump faults, not what it leads to (SDM vol. 2, JMP). */
static bool leaves_segment(const struct decoder *d, u32 target)
{
    return target > d->source->limit;
}

static void end_fault(struct decoder *d)
{
    emit_call(d, UOP_call_raise, EXC_GP, 0);
}

/* The same for a target in a location. */
static void check_target(struct decoder *d, u8 location)
{
    if (d->source->limit >= size_mask(d->opsize))
        return;
    if (location != T0)
        emit_rr(d, UOP_mov, T0, location);
    emit_call(d, UOP_call_check_target, 0, 0);
}

void t_jmp(struct decoder *d)
{
    u32 target = wrap(d, d->next + d->imm);

    if (leaves_segment(d, target)) {
        end_fault(d);
        return;
    }
    if (is_backward(d, target))
        exit_check(d);
    end_direct(d, target);
}

/*
 * A short loop that is a block is there several times, one behind the other: flags between them are
 * stored by cold code alone, and only the last jumps, and asks whether to leave.
 */
static bool goes_on_with_loop(struct decoder *d, u32 target)
{
    u32 insns = d->s->insns + 1;

    if (target != d->s->pc || d->breakpoints || d->mode & MODE_STEP || d->shadow != UNSHADOWED ||
        d->branches + 1 >= BLOCK_BRANCHES)
        return false;
    if (!d->body)
        d->body = insns;
    if (d->body > d->source->loop_body)
        return false;
    insns += d->body;
    d->again =
        insns <= d->body * LOOP_COPIES && insns <= LOOP_INSNS && insns <= d->source->max_insns;
    return d->again;
}

/*
 * A forward branch does not end the block: the way on is the likelier one, and the flags are
 * still known there.
 */
void t_jcc(struct decoder *d)
{
    u32 target = wrap(d, d->next + d->imm);

    if (leaves_segment(d, target)) {
        branch_if(d, (enum condition)((d->opcode & 15) ^ 1), d->next);
        end_fault(d);
        return;
    }
    if (goes_on_with_loop(d, target)) {
        branch_if(d, (enum condition)((d->opcode & 15) ^ 1), d->next);
        d->branches++;
        return;
    }
    if (is_backward(d, target))
        exit_check(d);
    branch_if(d, (enum condition)(d->opcode & 15), target);
    last_uop(d)->to.dead = flags_dead_at(d, target);
    if (is_backward(d, target) || ++d->branches >= BLOCK_BRANCHES)
        end_direct(d, d->next);
}

/* T0 = the counter, one less; then LOOP's or JCXZ's test of it. */
static void branch_on_counter(struct decoder *d, bool zero, u32 target)
{
    struct uop *u = emit_uop(d, d->adsize == 4 ? UOP_test_j : zero ? UOP_j_cx_z : UOP_j_cx_nz);

    u->condition = zero ? IF_equal : IF_not_equal; /* of test_j */
    u->d = u->b = ECX;
    u->to.target = target;
}

static void add_to_counter(struct decoder *d, u32 value)
{
    if (d->adsize == 4) {
        emit_r(d, UOP_addi, ECX, value);
    } else {
        emit_rr(d, UOP_mov, T0, ECX);
        emit_r(d, UOP_addi, T0, value);
        emit_rr(d, UOP_insert16, ECX, T0);
    }
}

/* On behind the instruction, unless it jumps. */
static void fall_through_loop(struct decoder *d, u32 arg)
{
    branch_on_counter(d, arg != JCXZ, d->next);
    if (arg < LOOP)
        branch_if(d, arg == LOOPE ? COND_NZ : COND_Z, d->next);
}

void t_loop(struct decoder *d)
{
    u32 target = wrap(d, d->next + d->imm), arg = d->insn->arg;

    exit_check(d);
    if (arg < LOOP && (d->cc != CC_EFLAGS || d->inc != CC_NOT_INC))
        emit_call(d, UOP_call_flags, 0, 0);
    d->fusion.kind = FUSE_NONE;
    if (arg != JCXZ)
        add_to_counter(d, ~0u);
    if (leaves_segment(d, target)) {
        fall_through_loop(d, arg);
        if (arg != JCXZ)
            add_to_counter(d, 1);
        end_fault(d);
        return;
    }
    if (arg < LOOP) {
        branch_on_counter(d, true, d->next);
        branch_if(d, arg == LOOPE ? COND_Z : COND_NZ, target);
    } else {
        branch_on_counter(d, arg == JCXZ, target);
    }
    end_direct(d, d->next);
}

void t_call(struct decoder *d)
{
    u32 target = wrap(d, d->next + d->imm);

    if (leaves_segment(d, target)) {
        end_fault(d);
        return;
    }
    if (is_backward(d, target))
        exit_check(d);
    push_imm(d, d->next, d->opsize);
    end_direct(d, target);
}

/*
 * --- likely targets ---
 *
 * When a block is made it is about to run, and from what the cpu holds it often follows where its
 * indirect jump will lead then: a register that calls go by, the stack where RET finds it. That is
 * compared with where it does lead, and becomes a direct jump, which is chained, maybe past a check
 * of the stack window. Only within the page: no block is chained to in another.
 */

/* Before all else that the instruction does: it may be left to come again. */
static void expect(struct decoder *d, u32 target)
{
    if (!jumps_by_cache(d) || d->shadow == IN_SHADOW || !stream_same_page(d->s, target))
        return;
    if (is_backward(d, target))
        exit_check(d);
    d->likely = target;
}

static void expect_operand(struct decoder *d, const struct operand *o)
{
    u32 target;

    if (o->kind == OPERAND_REG && d->source->regs &&
        stream_foresee(d->s, d->source->regs, o->reg, &target))
        expect(d, target);
}

static void expect_on_stack(struct decoder *d)
{
    u32 top, target;

    if (d->source->regs && stream_foresee(d->s, d->source->regs, ESP, &top) &&
        d->source->peek(d->source->context, top, &target))
        expect(d, target);
}

void t_call_indirect(struct decoder *d)
{
    expect_operand(d, &d->op[0]);
    u8 target = read_zero(d, &d->op[0], T1);

    if (target == ESP) { /* as it is before the push */
        emit_rr(d, UOP_mov, T1, ESP);
        target = T1;
    }
    check_target(d, target);
    push_imm(d, d->next, d->opsize);
    end_indirect(d, target);
}

void t_jmp_indirect(struct decoder *d)
{
    expect_operand(d, &d->op[0]);
    u8 target = read_zero(d, &d->op[0], T0);

    check_target(d, target);
    end_indirect(d, target);
}

void t_ret(struct decoder *d)
{
    expect_on_stack(d);
    load_stack(d, T1, d->opsize);
    check_target(d, T1);
    add_esp(d, d->opsize + d->imm);
    end_indirect(d, T1);
}

/* --- far transfers, interrupts --- */

static void far_pointer(struct decoder *d)
{
    emit_r(d, UOP_movi, T0, d->imm);
    emit_r(d, UOP_movi, T1, d->selector);
}

void t_call_far(struct decoder *d)
{
    far_pointer(d);
    emit_call(d, UOP_call_call_far, d->opsize, d->next);
}

void t_jmp_far(struct decoder *d)
{
    far_pointer(d);
    emit_call(d, UOP_call_jmp_far, d->opsize, d->next);
}

/* T0 = the offset, kept, and T1 = the selector of a far pointer in memory. */
static void load_far_pointer(struct decoder *d)
{
    struct place at = operand_place(d, d->opsize + 2, false), selector;

    load(d, T1, &at, d->opsize, false, false);
    emit_n(d, UOP_keep_t1, 0, 0);
    selector = place_behind(at, d->opsize);
    load(d, T1, &selector, 2, false, false);
    emit_n(d, UOP_kept_to_t0, 0, 0);
}

void t_far_indirect(struct decoder *d)
{
    load_far_pointer(d);
    emit_call(d, d->insn->arg == CALL ? UOP_call_call_far : UOP_call_jmp_far, d->opsize, d->next);
}

void t_ret_far(struct decoder *d)
{
    emit_call(d, UOP_call_ret_far, d->opsize, d->imm);
}

void t_iret(struct decoder *d)
{
    emit_call(d, UOP_call_iret, d->opsize, d->next);
}

void t_int(struct decoder *d)
{
    u32 vector = d->insn->arg ? d->insn->arg | 0x100u : d->imm;

    emit_call(d, UOP_call_int, vector, d->next);
}

void t_into(struct decoder *d)
{
    emit_call(d, UOP_call_into, 0, d->next);
}

void t_sysenter(struct decoder *d)
{
    emit_call(d, d->insn->arg == SYSEXIT ? UOP_call_sysexit : UOP_call_sysenter, 0, 0);
}

/* LDS and its kin: the segment first, since it may fault; then the register. */
void t_load_far(struct decoder *d)
{
    load_far_pointer(d);
    emit_rr(d, UOP_mov, T0, T1);
    emit_call(d, UOP_call_load_seg, d->insn->arg, 1);
    emit_n(d, UOP_kept_to_t1, 0, 0);
    write_reg(d, &d->op[0], T1);
}

/* --- exceptions --- */

void raise_in_block(struct decoder *d, u32 vector)
{
    emit_call(d, UOP_call_raise, vector, 0);
}

void t_undefined(struct decoder *d)
{
    emit_call(d, UOP_call_undefined, d->opcode, 0);
}
