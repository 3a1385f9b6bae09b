/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Delivering interrupts and exceptions (SDM vol. 3, ch. 6; vol. 2, INT n). */
#include "exec/i386/debug.h"
#include "exec/i386/descriptor.h"
#include "exec/i386/helper.h"
#include "exec/i386/stack.h"
#include "exec/i386/system.h"

struct event {
    unsigned vector;
    bool software;   /* INT n: the gate's DPL counts */
    bool redirected; /* INT n that stays in v86 mode */
    bool has_error;
    u32 error;
    u32 return_eip;
    u32 flags; /* as pushed */
    u32 ext;   /* in the error code of a fault that meets its delivery */
};

bool exception_has_error(unsigned vector)
{
    const u32 with_error = 1u << EXC_DF | 1u << EXC_TS | 1u << EXC_NP | 1u << EXC_SS |
                           1u << EXC_GP | 1u << EXC_PF | 1u << EXC_AC;

    return vector < 32 && (with_error >> vector & 1);
}

/* --- real-address mode --- */

static void deliver_real(struct cpu *cpu, const struct event *e)
{
    const u32 frame[] = {e->flags, cpu->seg[CS].selector, e->return_eip};
    struct stack s = stack_current(cpu);
    u32 entry;

    if (e->vector * 4 + 3 > cpu->idt.limit)
        cpu_raise_code(cpu, EXC_GP, e->vector * 8 | ERROR_IDT | e->ext);
    stack_require(cpu, &s, 3, 2);
    entry = mem_read_system(cpu, cpu->idt.base + e->vector * 4, 4);
    require_in_code(cpu, entry & 0xffff, cpu->seg[CS].limit, e->ext);
    stack_push_frame(cpu, &s, frame, 3, 2);
    cpu->regs[ESP] = s.esp;
    cpu_set_eflags(cpu, 0, FLAG_IF | FLAG_TF | FLAG_AC | FLAG_RF);
    load_code_real(cpu, entry >> 16);
    cpu->core.pc = entry & 0xffff;
}

/* --- protected mode --- */

static struct descriptor read_gate(struct cpu *cpu, const struct event *e)
{
    enum {
        GATES = 1 << TYPE_TASK_GATE | 1 << TYPE_INT_GATE16 | 1 << TYPE_TRAP_GATE16 |
                1 << TYPE_INT_GATE32 | 1 << TYPE_TRAP_GATE32,
    };
    u32 at = e->vector * 8, error = at | ERROR_IDT | e->ext;
    struct descriptor gate;

    if (at + 7 > cpu->idt.limit)
        cpu_raise_code(cpu, EXC_GP, error);
    gate = descriptor_read(cpu, cpu->idt.base + at);
    if (!((u32)GATES >> descriptor_type(gate) & 1))
        cpu_raise_code(cpu, EXC_GP, error);
    if (e->software && descriptor_dpl(gate) < cpu->cpl)
        cpu_raise_code(cpu, EXC_GP, error);
    if (!descriptor_present(gate))
        cpu_raise_code(cpu, EXC_NP, error);
    return gate;
}

/* A handler and the stack its frame goes to. */
struct entry {
    struct descriptor gate, code;
    unsigned level;
    unsigned size; /* of what is pushed */
    struct stack stack;
    unsigned count; /* of the frame */
    u32 frame[10];
};

static void add(struct entry *to, u32 value)
{
    to->frame[to->count++] = value;
}

static struct descriptor handler_code(struct cpu *cpu, u16 selector, u32 ext)
{
    struct descriptor d;

    if (selector_is_null(selector))
        cpu_raise_code(cpu, EXC_GP, ext);
    d = descriptor_fetch(cpu, selector, EXC_GP, ext);
    if (!attr_is_code(descriptor_attr(d)) || descriptor_dpl(d) > cpu->cpl)
        raise_selector(cpu, EXC_GP, selector, ext);
    if (!descriptor_present(d))
        raise_selector(cpu, EXC_NP, selector, ext);
    return d;
}

static void add_return(const struct cpu *cpu, const struct event *e, struct entry *to)
{
    add(to, e->flags);
    add(to, cpu->seg[CS].selector);
    add(to, e->return_eip);
    if (e->has_error)
        add(to, e->error);
}

/* Pushes the frame, after the faults that are left once the stack is known. */
static void push_frame(struct cpu *cpu, const struct event *e, struct entry *to)
{
    stack_require(cpu, &to->stack, to->count, to->size);
    require_in_code(cpu, gate_offset(to->gate), descriptor_limit(to->code), e->ext);
    descriptor_mark_accessed(cpu, gate_selector(to->gate), to->code);
    stack_push_frame(cpu, &to->stack, to->frame, to->count, to->size);
}

static void enter_handler(struct cpu *cpu, const struct entry *to)
{
    u32 clear = FLAG_TF | FLAG_NT | FLAG_VM | FLAG_RF;

    if (!(descriptor_type(to->gate) & 1))
        clear |= FLAG_IF;
    cpu->regs[ESP] = to->stack.esp;
    cpu_set_eflags(cpu, 0, clear);
    load_code_segment(cpu, gate_selector(to->gate), to->code, to->level);
    cpu->core.pc = gate_offset(to->gate);
}

static void deliver_same(struct cpu *cpu, const struct event *e, struct entry *to)
{
    to->level = cpu->cpl;
    to->stack = stack_current(cpu);
    to->stack.error = e->ext;
    add_return(cpu, e, to);
    push_frame(cpu, e, to);
    enter_handler(cpu, to);
}

static void add_v86_segments(const struct cpu *cpu, struct entry *to)
{
    add(to, cpu->seg[GS].selector);
    add(to, cpu->seg[FS].selector);
    add(to, cpu->seg[DS].selector);
    add(to, cpu->seg[ES].selector);
}

static void forget_v86_segments(struct cpu *cpu)
{
    segment_load_null(&cpu->seg[GS], 0);
    segment_load_null(&cpu->seg[FS], 0);
    segment_load_null(&cpu->seg[DS], 0);
    segment_load_null(&cpu->seg[ES], 0);
}

static void deliver_inner(struct cpu *cpu, const struct event *e, struct entry *to)
{
    bool v86 = cpu->eflags & FLAG_VM;
    struct segment ss;
    u32 esp;

    to->level = descriptor_dpl(to->code);
    if (v86 && to->level != 0)
        raise_selector(cpu, EXC_GP, gate_selector(to->gate), e->ext);
    esp = task_inner_stack(cpu, to->level, &ss, e->ext);
    to->stack = (struct stack){.ss = &ss,
                               .esp = esp,
                               .mask = stack_mask(&ss),
                               .error = (ss.selector & SELECTOR_ERROR) | e->ext,
                               .system = true};
    if (v86)
        add_v86_segments(cpu, to);
    add(to, cpu->seg[SS].selector);
    add(to, cpu->regs[ESP]);
    add_return(cpu, e, to);
    push_frame(cpu, e, to);
    if (v86)
        forget_v86_segments(cpu);
    cpu->seg[SS] = ss;
    enter_handler(cpu, to);
}

static void deliver_task(struct cpu *cpu, const struct event *e, struct descriptor gate)
{
    struct stack s;

    cpu->eflags |= e->flags & FLAG_RF; /* of the task that is left */
    task_switch(cpu, gate_selector(gate), TASK_INTERRUPT, e->return_eip, e->ext);
    if (e->has_error) {
        s = stack_current(cpu);
        s.error = e->ext;
        stack_push(cpu, &s, e->error, cpu->tr.attr & TYPE_32 ? 4 : 2);
        cpu->regs[ESP] = s.esp;
    }
}

static void deliver_protected(struct cpu *cpu, const struct event *e)
{
    struct entry to;
    u16 selector;

    to.gate = read_gate(cpu, e);
    to.count = 0;
    selector = gate_selector(to.gate);
    if (descriptor_type(to.gate) == TYPE_TASK_GATE) {
        deliver_task(cpu, e, to.gate);
        return;
    }
    to.size = descriptor_type(to.gate) & TYPE_32 ? 4 : 2;
    to.code = handler_code(cpu, selector, e->ext);
    if (!attr_is_conforming(descriptor_attr(to.code)) && descriptor_dpl(to.code) < cpu->cpl) {
        deliver_inner(cpu, e, &to);
        return;
    }
    if (cpu->eflags & FLAG_VM)
        raise_selector(cpu, EXC_GP, selector, e->ext);
    deliver_same(cpu, e, &to);
}

/* --- v86 mode --- */

/* INT n that stays there, by the vectors at linear address 0 (SDM vol. 3, 20.3.3.4). */
static void deliver_v86(struct cpu *cpu, const struct event *e)
{
    bool virtual = cpu_iopl(cpu) != 3;
    const u32 frame[] = {virtual ? virtual_flags(cpu) : e->flags, cpu->seg[CS].selector,
                         e->return_eip};
    u32 entry = mem_read_system(cpu, e->vector * 4, 4);
    struct stack s = stack_current(cpu);

    stack_require(cpu, &s, 3, 2);
    stack_push_frame(cpu, &s, frame, 3, 2);
    cpu->regs[ESP] = s.esp;
    cpu_set_eflags(cpu, 0, FLAG_TF | FLAG_RF | (virtual ? FLAG_VIF : FLAG_IF));
    load_code_real(cpu, entry >> 16);
    cpu->core.pc = entry & 0xffff;
}

/* --- all modes --- */

static void deliver(struct cpu *cpu, const struct event *e)
{
    if (e->redirected)
        deliver_v86(cpu, e);
    else if (cpu->cr0 & CR0_PE)
        deliver_protected(cpu, e);
    else
        deliver_real(cpu, e);
    cpu->shadow = NO_SHADOW;
    cpu->core.halted = false;
    /* A gate clears TF: no single step's trap behind INT n (SDM vol. 3, 17.3.1.4). */
    cpu->debug.stepping = false;
    cpu_update_mode(cpu);
}

static void log_event(const struct cpu *cpu, const struct event *e, const char *kind)
{
    char error[16] = "";

    if (!(log_mask & LOG_INT))
        return;
    if (e->has_error)
        snprintf(error, sizeof error, " error %04x", e->error);
    log_print("%s %02x%s at %04x:%08x, cpl %u, stack %04x:%08x, eax %08x, cr2 %08x\n", kind,
              e->vector, error, cpu->seg[CS].selector, cpu->core.pc, cpu->cpl,
              cpu->seg[SS].selector, cpu->regs[ESP], cpu->regs[EAX], cpu->cr2);
    if (log_mask & LOG_CPU)
        cpu_print_state(cpu, log_output());
}

/* Those that make a double fault of one another (SDM vol. 3, table 6-4). */
static bool is_contributory(unsigned vector)
{
    return vector == EXC_DE || (vector >= EXC_TS && vector <= EXC_GP);
}

static bool is_double_fault(unsigned first, unsigned second)
{
    if (first == EXC_PF)
        return second == EXC_PF || is_contributory(second);
    return is_contributory(first) && is_contributory(second);
}

static void shut_down(struct cpu *cpu, unsigned vector)
{
    log_if(LOG_GUEST_ERRORS | LOG_INT,
           "triple fault: exception %02x at %04x:%08x while a double fault was delivered\n", vector,
           cpu->seg[CS].selector, cpu->core.pc);
    if (log_mask & LOG_CPU)
        cpu_print_state(cpu, log_output());
    cpu->delivering = false;
    exec_request_reset(cpu->rest.exec);
}

void cpu_deliver_exception(struct cpu *cpu, unsigned vector, u32 error)
{
    struct event e;

    if (cpu->delivering && cpu->fault_vector == EXC_DF) {
        shut_down(cpu, vector);
        return;
    }
    if (cpu->delivering && is_double_fault(cpu->fault_vector, vector)) {
        vector = EXC_DF;
        error = 0;
    }
    e = (struct event){.vector = vector,
                       .has_error = (cpu->cr0 & CR0_PE) && exception_has_error(vector),
                       .error = error,
                       .return_eip = cpu->core.pc,
                       .flags = cpu_eflags(cpu) | (vector == EXC_DB ? 0 : FLAG_RF),
                       .ext = ERROR_EXT};
    log_event(cpu, &e, "exception");
    /* Left standing by a fault in deliver(), which the exec loop brings back here. */
    cpu->delivering = true;
    cpu->fault_vector = vector;
    if (vector == EXC_DB)
        cpu->dr[7] &= ~(u32)DR7_GD;
    deliver(cpu, &e);
    cpu->delivering = false;
}

void cpu_deliver_interrupt(struct cpu *cpu, unsigned vector)
{
    struct event e = {.vector = vector & 0xff,
                      .return_eip = cpu->core.pc,
                      .flags = cpu_eflags(cpu),
                      .ext = ERROR_EXT};

    log_event(cpu, &e, "interrupt");
    deliver(cpu, &e);
}

/* INT n and its like, as traps that come back to `next`. */
static struct event software_event(const struct cpu *cpu, unsigned vector, u32 next)
{
    return (struct event){
        .vector = vector, .software = true, .return_eip = next, .flags = cpu_eflags(cpu)};
}

static void software_interrupt(struct cpu *cpu, const struct event *e)
{
    log_event(cpu, e, "int");
    deliver(cpu, e);
}

/* In v86 mode INT n may stay there; it is the monitor's unless IOPL is 3. */
static bool stays_in_v86(struct cpu *cpu, unsigned vector)
{
    if (!(cpu->eflags & FLAG_VM))
        return false;
    if (task_redirects(cpu, vector))
        return true;
    if (cpu_iopl(cpu) != 3)
        cpu_raise_code(cpu, EXC_GP, 0);
    return false;
}

DEFINE_HELPER(int)
{
    enum { ONE_BYTE_FORM = 0x100 };
    struct event e = software_event(cpu, a & 0xff, b);

    if (!(a & ONE_BYTE_FORM))
        e.redirected = stays_in_v86(cpu, e.vector);
    if (a == (ONE_BYTE_FORM | EXC_DB)) {
        /* INT1 is no INT 1: its gate may be the kernel's (SDM vol. 2, INT n). */
        e.software = false;
        e.ext = ERROR_EXT;
        debug_int1(cpu);
    }
    software_interrupt(cpu, &e);
}

DEFINE_HELPER(into)
{
    struct event e = software_event(cpu, EXC_OF, b);

    if (cc_get(cpu) & FLAG_OF)
        software_interrupt(cpu, &e);
    else
        cpu->core.pc = b;
}

DEFINE_HELPER(raise)
{
    if (exception_has_error(a))
        cpu_raise_code(cpu, a, b);
    cpu_raise(cpu, a);
}

DEFINE_HELPER(undefined)
{
    log_if(LOG_UNIMP, "undefined opcode %02x at %04x:%08x\n", a, cpu->seg[CS].selector,
           cpu->core.pc);
    cpu_raise(cpu, EXC_UD);
}
