/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guests that go on for ever, each in another way: whatever it is, exec_request from a signal
 * handler reaches the board, and exec_stop from there ends exec_run, in every engine. The rule is
 * in exec/loop.c.
 */
#include "exec/i386/debug.h"
#include "exec/i386/descriptor.h"
#include "tests/exec/machine.h"
#include "tests/suites.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>

enum {
    GDT = 0x1000,
    IDT = 0x2000,
    TSS = 0x3000,
    OTHER_TSS = 0x3100,
    DIRECTORY = 0x4000,
    TABLE = 0x5000,
    STACK = 0x9000,
    CODE = 0x10000,
    HANDLER = 0x11000,
};
enum { CODE_0 = 8, DATA_0 = 16, CODE_3 = 24 | 3, DATA_3 = 32 | 3, TSS_0 = 40, TSS_1 = 48 };
enum { INT_GATE = 0x8e00, FLAT_LIMIT = 0xfffff };

static struct cpu *cpu(void)
{
    return exec_cpu(machine.exec);
}

static void poke(u32 at, u32 value)
{
    machine_put(at, &value, sizeof value);
}

/* `text` is a string of bytes, which may be zeros. */
#define PUT(at, text) machine_put(at, text, sizeof(text) - 1)

static void put_descriptor(unsigned selector, u32 base, u32 limit, u32 attr)
{
    u32 at = GDT + (selector & ~7u);

    poke(at, base << 16 | (limit & 0xffff));
    poke(at + 4, (base & 0xff000000) | (limit & 0xf0000) | attr << 8 | (base >> 16 & 0xff));
}

static void put_gate(unsigned vector, u16 selector, u32 handler)
{
    poke(IDT + vector * 8, (u32)selector << 16 | (handler & 0xffff));
    poke(IDT + vector * 8 + 4, (handler & 0xffff0000) | INT_GATE);
}

static void put_tables(void)
{
    put_descriptor(CODE_0, 0, FLAT_LIMIT, 0xc09b);
    put_descriptor(DATA_0, 0, FLAT_LIMIT, 0xc093);
    put_descriptor(CODE_3, 0, FLAT_LIMIT, 0xc0fb);
    put_descriptor(DATA_3, 0, FLAT_LIMIT, 0xc0f3);
    put_descriptor(TSS_0, TSS, 0x67, 0x8b);
    put_descriptor(TSS_1, OTHER_TSS, 0x67, 0x89);
    for (unsigned vector = 0; vector < 256; vector++)
        put_gate(vector, CODE_0, HANDLER);
    PUT(HANDLER, "\xcf");
}

static void start(void)
{
    machine_start_flat();
    cpu()->gdt = (struct table_register){GDT, 0xff};
    cpu()->idt = (struct table_register){IDT, 0x7ff};
    cpu()->tr.base = TSS;
    cpu()->tr.limit = 0x67;
    cpu()->tr.selector = TSS_0;
    cpu()->core.pc = CODE;
    cpu()->regs[ESP] = STACK;
    put_tables();
}

/* --- jumps --- */

static void jump(void)
{
    PUT(CODE, "\xeb\xfe");
}

static void loop_instruction(void)
{
    PUT(CODE, "\x49\xe2\xfd\xeb\xfb"); /* dec ecx; loop; jmp */
}

static void indirect_jump(void)
{
    PUT(CODE, "\xff\xe0");
    cpu()->regs[EAX] = CODE;
}

static void returns(void)
{
    PUT(CODE, "\x50\xc3"); /* push %eax; ret */
    cpu()->regs[EAX] = CODE;
}

static void foreseen_returns(void)
{
    PUT(CODE, "\x50\xeb\x00\xc3"); /* push %eax; jmp 1f; 1: ret */
    cpu()->regs[EAX] = CODE;
}

static void indirect_calls(void)
{
    PUT(CODE, "\x59\xff\xd0"); /* pop %ecx; call *%eax */
    cpu()->regs[EAX] = CODE;
}

static void calls_and_returns(void)
{
    PUT(CODE, "\xe8\x02\x00\x00\x00\xeb\xf9\xc3"); /* call 1f; jmp; 1: ret */
}

static void far_jump(void)
{
    PUT(CODE, "\xea\x00\x00\x01\x00\x08\x00");
}

static void far_calls(void)
{
    PUT(CODE, "\x9a\x09\x00\x01\x00\x08\x00\xeb\xf7\xcb"); /* lcall 1f; jmp; 1: lret */
}

/* A jump forward to the end of the address space, and on behind its last byte at the first. */
static void over_the_top(void)
{
    poke(DIRECTORY, TABLE | 3);
    poke(DIRECTORY + 4 * 1023, TABLE | 3);
    poke(TABLE, 3);
    poke(TABLE + 4 * 1023, CODE | 3);
    PUT(0, "\xe9\xef\xff\xff\xff"); /* jmp FFFFFFF4 */
    PUT(CODE + 0xff4, "\x90\x40\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90");
    cpu()->cr3 = DIRECTORY;
    cpu()->cr0 |= CR0_PG;
    exec_state_changed(machine.exec);
    cpu()->core.pc = 0;
}

/* The same by a branch that is not taken, which lies at the end. */
static void over_the_top_by_branch(void)
{
    over_the_top();
    for (u32 at = CODE + 0xff4; at < CODE + 0x1000; at += 2)
        PUT(at, "\x70\x00"); /* jo to the next */
}

static void code_that_writes_itself(void)
{
    PUT(CODE, "\xfe\x05\x06\x00\x01\x00\xb0\x00\xeb\xf6"); /* incb 1+1f; 1: mov $0, %al; jmp */
}

/* --- interrupts and exceptions --- */

static void software_interrupts(void)
{
    PUT(CODE, "\xcd\x80\xeb\xfc");
}

static void undefined_instruction(void)
{
    PUT(CODE, "\x0f\x0b");
}

static void page_fault(void)
{
    poke(DIRECTORY, TABLE | 3);
    for (u32 page = 0; page < 0x20; page++)
        poke(TABLE + 4 * page, page << 12 | 3);
    PUT(CODE, "\xa1\x00\x00\x80\x00"); /* mov 800000h, %eax */
    PUT(HANDLER, "\x83\xc4\x04\xcf");  /* add $4, %esp; iret */
    cpu()->cr3 = DIRECTORY;
    cpu()->cr0 |= CR0_PG;
    exec_state_changed(machine.exec);
}

static void single_step(void)
{
    PUT(CODE, "\xeb\xfe");
    cpu()->eflags |= FLAG_TF;
    exec_state_changed(machine.exec);
}

static void set_breakpoint(u32 at, u32 kind)
{
    cpu()->dr[0] = at;
    cpu()->dr[7] = DR7_FIXED | 2 | kind << 16;
    debug_update(cpu());
    exec_state_changed(machine.exec);
}

/* Frames without end, where there is no memory for them. */
static void sink_stack(void)
{
    cpu()->regs[ESP] = 0xc0000000;
}

/* Delivering #DB reads its gate, which raises #DB. */
static void breakpoint_on_its_own_gate(void)
{
    PUT(CODE, "\xf1\xeb\xfd"); /* int1; jmp */
    sink_stack();
    set_breakpoint(IDT + EXC_DB * 8, 0xf);
}

static void breakpoint_on_its_own_handler(void)
{
    PUT(CODE, "\xf1\xeb\xfd");
    sink_stack();
    set_breakpoint(HANDLER, 0);
}

/* Its stack is not aligned, so #AC's handler at level 3 meets #AC when its frame is pushed. */
static void alignment_check(void)
{
    put_descriptor(CODE_0, 0, FLAT_LIMIT, 0xc0ff); /* handlers stay at level 3 */
    PUT(CODE, "\xa1\x01\x00\x02\x00");             /* mov 20001h, %eax */
    cpu()->seg[CS].selector = CODE_3;
    cpu()->seg[CS].attr |= 3 << SEG_DPL_SHIFT;
    cpu()->seg[SS].selector = DATA_3;
    cpu()->seg[SS].attr |= 3 << SEG_DPL_SHIFT;
    cpu()->cpl = 3;
    cpu()->cr0 |= CR0_AM;
    cpu()->eflags |= FLAG_AC;
    cpu()->regs[ESP] = STACK - 1;
    exec_state_changed(machine.exec);
}

static int vector_32(void)
{
    return 32;
}

/* A line that nobody lowers. */
static void interrupt_line(void)
{
    PUT(CODE, "\xfb\xeb\xfd"); /* sti; jmp */
    machine.acknowledge = vector_32;
    exec_interrupt_line(machine.exec, true);
}

/* --- tasks --- */

static void put_tss(u32 at, u32 eip)
{
    poke(at + 0x20, eip);
    poke(at + 0x24, FLAG_1);
    poke(at + 0x38, STACK);
    for (unsigned i = 0; i < SEGMENTS; i++)
        poke(at + 0x48 + 4 * i, i == CS ? CODE_0 : DATA_0);
}

static void two_tasks(void)
{
    put_tss(TSS, CODE);
    put_tss(OTHER_TSS, CODE + 0x10);
    PUT(CODE, "\xea\x00\x00\x00\x00\x30\x00\xeb\xf7");
    PUT(CODE + 0x10, "\xea\x00\x00\x00\x00\x28\x00\xeb\xf7");
}

/* --- strings --- */

static void fill(void)
{
    PUT(CODE, "\xf3\xaa\x49\xeb\xfb"); /* rep stosb; dec ecx; jmp */
    cpu()->regs[ECX] = ~0u;
    cpu()->regs[EDI] = 0x100000;
}

/* From where nothing is to where nothing is. */
static void copy(void)
{
    PUT(CODE, "\xf3\xa4\x49\xeb\xfb");
    cpu()->regs[ECX] = ~0u;
    cpu()->regs[ESI] = 0x80000000;
    cpu()->regs[EDI] = 0xc0000000;
}

static void scan(void)
{
    PUT(CODE, "\xf2\xae\x49\xeb\xfb"); /* repne scasb */
    cpu()->regs[EAX] = 0x55;
    cpu()->regs[ECX] = ~0u;
    cpu()->regs[EDI] = 0x100000;
}

static u32 zero(u16 port)
{
    (void)port;
    return 0;
}

static void input(void)
{
    PUT(CODE, "\xf3\x6c\x49\xeb\xfb"); /* rep insb */
    machine.port_read = zero;
    cpu()->regs[ECX] = ~0u;
    cpu()->regs[EDI] = 0x100000;
}

/* --- the end of everything --- */

static void triple_fault(void)
{
    PUT(CODE, "\x0f\x0b");
    cpu()->idt.limit = 0;
}

static void reset_to_triple_fault(void)
{
    exec_reset(machine.exec);
    start();
    triple_fault();
}

static void resets(void)
{
    machine.reset = reset_to_triple_fault;
    triple_fault();
}

static void halt_again(void)
{
    cpu()->core.pc = CODE;
}

static void halts(void)
{
    PUT(CODE, "\xf4\xeb\xfd");
    machine.halted = halt_again;
}

/* --- the test --- */

static void (*const guests[])(void) = {
    jump,
    loop_instruction,
    indirect_jump,
    returns,
    foreseen_returns,
    indirect_calls,
    calls_and_returns,
    far_jump,
    far_calls,
    over_the_top,
    over_the_top_by_branch,
    code_that_writes_itself,
    software_interrupts,
    undefined_instruction,
    page_fault,
    single_step,
    breakpoint_on_its_own_gate,
    breakpoint_on_its_own_handler,
    alignment_check,
    interrupt_line,
    two_tasks,
    fill,
    copy,
    scan,
    input,
    resets,
    halts,
};
enum { GUESTS = sizeof guests / sizeof *guests };

static const enum jit engines[] = {JIT_TEMPLATE, JIT_INTERP, JIT_IR, JIT_LOCKSTEP};
enum { ENGINES = sizeof engines / sizeof *engines };

static void unexpected_halt(void)
{
    ck_abort_msg("HLT at %08x", cpu()->core.pc);
}

static void signalled(int signal_number)
{
    (void)signal_number;
    exec_request(machine.exec);
}

static void done(void)
{
    exec_stop(machine.exec);
}

static void request_in(suseconds_t us)
{
    const struct itimerval soon = {.it_value.tv_usec = us};

    setitimer(ITIMER_REAL, &soon, NULL);
}

static unsigned requests;

/* The first may come before the guest is in its loop; the third ends it. */
static void requested(void)
{
    if (++requests == 3)
        exec_stop(machine.exec);
    else
        request_in(5000);
}

START_TEST(ends_when_it_is_asked_to)
{
    signal(SIGALRM, signalled);
    machine_create(engines[_i % ENGINES], unexpected_halt);
    machine.serviced = requested;
    start();
    guests[_i / ENGINES]();
    requests = 0;
    request_in(20000);
    exec_run(machine.exec);
    machine_destroy();
}
END_TEST

static void again(void)
{
    exec_request(machine.exec);
}

/* Whoever asks for service all the time does not keep the guest from going on. */
START_TEST(requests_do_not_starve_the_guest)
{
    machine_create(engines[_i], done);
    start();
    PUT(CODE, "\xb9\x10\x27\x00\x00\x49\x75\xfd\xf4"); /* mov $10000, %ecx; 1: dec; jnz; hlt */
    machine.serviced = again;
    exec_request(machine.exec);
    exec_run(machine.exec);
    ck_assert_uint_eq(cpu()->regs[ECX], 0);
    machine_destroy();
}
END_TEST

static Suite *endless_suite(void)
{
    Suite *s = suite_create("endless");
    TCase *t = tcase_create("endless");

    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, ends_when_it_is_asked_to, 0, GUESTS * ENGINES);
    tcase_add_loop_test(t, requests_do_not_starve_the_guest, 0, ENGINES);
    suite_add_tcase(s, t);
    return s;
}

TEST_MAIN(endless_suite)
