/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shadow of STI (SDM vol. 2, STI; vol. 3, 6.8.3), in every engine: an interrupt that has waited
 * comes behind the instruction behind it, whatever that is and however a block is divided; and
 * where none waits, both are run without the exec loop.
 */
#include "exec/exec_internal.h"
#include "exec/i386/debug.h"
#include "tests/exec/machine.h"
#include "tests/suites.h"

#include <string.h>

enum { GDT = 0x1000, IDT = 0x2000, DATA = 0x8000, STACK = 0x9000, HANDLERS = 0x11000 };
enum { CODE = 0x20000, PAGE_END = CODE + 0xfff, DEVICE_PORT = 0x40 };
enum { IRQ = 0x20, NONE = -1, LAPS = 4 };

static const enum jit engines[] = {JIT_TEMPLATE, JIT_INTERP, JIT_IR, JIT_MIXED, JIT_LOCKSTEP};
enum { ENGINES = sizeof engines / sizeof *engines, NOT_LOCKSTEP = ENGINES - 1 };

/* Where the guest was when it came to a handler, or to a HLT of its own. */
static struct {
    int vector;
    u32 pc, eax;
    bool interruptible, shadow;
} met;

static struct cpu *cpu(void)
{
    return exec_cpu(machine.exec);
}

static u32 peek(u32 at)
{
    u32 value;

    machine_get(&value, at, sizeof value);
    return value;
}

static void poke(u32 at, u32 value)
{
    machine_put(at, &value, sizeof value);
}

static void halted(void)
{
    u32 pc = cpu()->core.pc, frame = cpu()->regs[ESP];
    bool handled = pc >= HANDLERS && pc < HANDLERS + 2 * 256;

    met.vector = handled ? (int)(pc - 1 - HANDLERS) / 2 : NONE;
    met.pc = handled ? peek(frame) : pc;
    met.interruptible = handled && peek(frame + 8) & FLAG_IF;
    met.eax = cpu()->regs[EAX];
    met.shadow = cpu()->shadow;
    exec_stop(machine.exec);
}

static int acknowledge(void)
{
    exec_interrupt_line(machine.exec, false);
    return IRQ;
}

static void put_descriptor(u32 selector, u32 attr)
{
    poke(GDT + selector, 0xffff);
    poke(GDT + selector + 4, 0xcf0000 | attr << 8);
}

static void start(enum jit jit)
{
    struct exec_options options = {.jit = jit, .cache_size = 16 << 20, .runs = 2};

    machine_create_with(&options, halted);
    machine.acknowledge = acknowledge;
    cpu()->gdt = (struct table_register){GDT, 0xff};
    cpu()->idt = (struct table_register){IDT, 0x7ff};
    put_descriptor(8, 0x9b);
    put_descriptor(16, 0x93);
    for (u32 vector = 0; vector < 256; vector++) {
        u32 to = HANDLERS + 2 * vector;
        poke(IDT + 8 * vector, 8 << 16 | (to & 0xffff));
        poke(IDT + 8 * vector + 4, (to & 0xffff0000) | 0x8e00);
        poke(to, 0xf4f4);
    }
}

/* Runs from `at`, with the line high, or low. */
static void run_from(u32 at, bool line)
{
    cpu()->core.pc = at;
    cpu()->eflags = FLAG_1;
    cpu()->regs[EAX] = 0;
    cpu()->regs[ESP] = STACK;
    cpu()->core.halted = false;
    exec_interrupt_line(machine.exec, line);
    exec_state_changed(machine.exec);
    exec_run(machine.exec);
}

/* --- an interrupt that has waited --- */

/* Offsets are from `at`, where the code begins; behind it are INC EAX and HLT. */
struct sequence {
    const char *name, *code;
    unsigned size;
    u32 at;
    int vector;
    u32 offset, eax;
};
#define AT(at, name, code, vector, offset, eax)                                                    \
    {                                                                                              \
        name, code, sizeof(code) - 1, at, vector, offset, eax                                      \
    }
#define SEQUENCE(name, code, vector, offset, eax) AT(CODE, name, code, vector, offset, eax)

static const struct sequence sequences[] = {
    SEQUENCE("INC", "\xfb\x40", IRQ, 2, 1),
    SEQUENCE("JMP", "\xfb\xeb\x01\x40", IRQ, 4, 0),
    SEQUENCE("JMP back", "\xeb\x03\x40\x40\xf4\xfb\xeb\xfa", IRQ, 2, 0),
    SEQUENCE("CALL", "\xfb\xe8\x01\x00\x00\x00\x40", IRQ, 7, 0),
    SEQUENCE("RET", "\x68\x08\x00\x02\x00\xfb\xc3\x40", IRQ, 8, 0),
    SEQUENCE("JMP EAX", "\xb8\x09\x00\x02\x00\xfb\xff\xe0\x40", IRQ, 9, CODE + 9),
    SEQUENCE("IRET", "\x6a\x02\x6a\x08\x68\x0c\x00\x02\x00\xfb\xcf\x40", NONE, 14, 1),
    SEQUENCE("JZ, taken", "\x31\xc0\xfb\x74\x01\x40", IRQ, 6, 0),
    SEQUENCE("JNZ, not taken", "\x31\xc0\xfb\x75\x01\x40", IRQ, 5, 0),
    SEQUENCE("LOOP", "\xb9\x02\x00\x00\x00\xfb\xe2\x01\x40", IRQ, 9, 0),
    SEQUENCE("HLT", "\xfb\xf4", IRQ, 2, 0),
    SEQUENCE("STI", "\xfb\xfb", IRQ, 2, 0),
    SEQUENCE("CLI", "\xfb\xfa", NONE, 4, 1),
    SEQUENCE("CLI, STI", "\xfb\xfa\xfb\x40", IRQ, 4, 1),
    SEQUENCE("POPF", "\x6a\x02\xfb\x9d", NONE, 6, 1),
    SEQUENCE("MOV SS, whose shadow follows", "\xb8\x10\x00\x00\x00\xfb\x8e\xd0", IRQ, 9, 17),
    SEQUENCE("POP SS, whose shadow follows", "\x6a\x10\xfb\x17", IRQ, 5, 1),
    SEQUENCE("REP STOSB", "\xbf\x00\x80\x00\x00\xb9\x10\x00\x00\x00\xfb\xf3\xaa", IRQ, 13, 0),
    SEQUENCE("UD2", "\xfb\x0f\x0b", EXC_UD, 1, 0),
    SEQUENCE("DIV, by zero", "\x31\xc9\xfb\xf7\xf1", EXC_DE, 3, 0),
    SEQUENCE("INT 40h", "\xfb\xcd\x40", 0x40, 3, 0),
    SEQUENCE("MOV to the block's code", "\xfb\xc6\x05\x08\x00\x02\x00\x48\x40", IRQ, 8, 0),
    SEQUENCE("MOV from a device", "\xfb\xa1\x00\x00\x00\xf0", IRQ, 6, ~0u),
    SEQUENCE("the same between PUSH and POP", "\x50\xfb\xa1\x00\x00\x00\xf0\x5b", IRQ, 7, ~0u),
    AT(PAGE_END, "over the page's end", "\xfb\x40", IRQ, 2, 1),
    AT(PAGE_END - 1, "across the page's end", "\xfb\x05\x01\x00\x00\x00", IRQ, 6, 1),
    AT(PAGE_END - 1, "INC, the page's last", "\xfb\x40", IRQ, 2, 1),
    AT(PAGE_END - 2, "INC, before what crosses", "\xfb\x40\x05\x01\x00\x00\x00", IRQ, 2, 1),
};
enum { SEQUENCES = sizeof sequences / sizeof *sequences };

static void put_sequence(const struct sequence *s)
{
    machine_put(s->at, s->code, s->size);
    machine_put(s->at + s->size, "\x40\xf4", 2);
}

static void check_sequence(const struct sequence *s)
{
    put_sequence(s);
    run_from(s->at, true);
    ck_assert_msg(met.vector == s->vector && met.pc == s->at + s->offset && met.eax == s->eax &&
                      met.interruptible == (s->vector != NONE) && !met.shadow,
                  "STI, %s: vector %x at %x, eax %x, IF %d, shadow %d", s->name,
                  (unsigned)met.vector, met.pc, met.eax, met.interruptible, met.shadow);
}

/* More than once: the later times the stack window and chains are in use. */
START_TEST(behind_one_instruction)
{
    for (unsigned i = 0; i < SEQUENCES; i++) {
        start(engines[_i]);
        for (unsigned lap = 0; lap < LAPS; lap++)
            check_sequence(&sequences[i]);
        machine_destroy();
    }
}
END_TEST

static void raise_line(u32 value)
{
    (void)value;
    exec_interrupt_line(machine.exec, true);
}

START_TEST(raised_by_the_instruction)
{
    static const struct sequence out = SEQUENCE("OUT", "\xfb\xe6\x40", IRQ, 3, 0);

    start(engines[_i]);
    machine.port_write = raise_line;
    put_sequence(&out);
    for (unsigned lap = 0; lap < LAPS; lap++) {
        run_from(out.at, false);
        ck_assert_int_eq(met.vector, IRQ);
        ck_assert_uint_eq(met.pc, out.at + out.offset);
    }
    machine.port_write = NULL;
    machine_destroy();
}
END_TEST

/* --- breakpoints between STI and the instruction behind it --- */

/* A breakpoint of the guest's is an exception (SDM vol. 3, 17.3.1.1): no interrupt comes first. */
START_TEST(a_debug_register)
{
    start(engines[_i]);
    put_sequence(&sequences[0]);
    cpu()->dr[0] = CODE + 1;
    cpu()->dr[7] = 2;
    debug_update(cpu());
    run_from(CODE, true);
    ck_assert_int_eq(met.vector, EXC_DB);
    ck_assert_uint_eq(met.pc, CODE + 1);
    ck_assert(met.interruptible && !met.shadow);
    machine_destroy();
}
END_TEST

static unsigned stops;

static void stopped(void *owner, const struct stop *stop)
{
    (void)owner;
    ck_assert_uint_eq(stop->address, CODE + 1 + stops);
    ck_assert_int_eq(cpu()->shadow, stops ? NO_SHADOW : SHADOW_INTERRUPTS);
    stops++;
    exec_stop(machine.exec);
}

/* One of a debugger's is nothing to the guest. */
START_TEST(a_debugger)
{
    start(engines[_i]);
    put_sequence(&sequences[0]);
    exec_on_stop(machine.exec, stopped, NULL);
    for (unsigned lap = 0; lap < LAPS; lap++) {
        stops = 0;
        met.vector = NONE;
        ck_assert(exec_set_breakpoint(machine.exec, CODE + 1, true));
        run_from(CODE, true);
        ck_assert_uint_eq(stops, 1);
        ck_assert(exec_step(machine.exec));
        exec_run(machine.exec);
        ck_assert_uint_eq(stops, 2);
        ck_assert_int_eq(met.vector, NONE);
        ck_assert(exec_set_breakpoint(machine.exec, CODE + 1, false));
        exec_run(machine.exec);
        ck_assert_int_eq(met.vector, IRQ);
        ck_assert_uint_eq(met.pc, CODE + 2);
        check_sequence(&sequences[0]);
    }
    machine_destroy();
}
END_TEST

/* --- where none waits --- */

/*
 *   20000 mov $1000, %ecx
 *   20005 1: cli; sti; nop; cli; sti; call 2f; cli; sti; jmp 3f; 2: sti; ret; nop
 *   20016 3: dec %ecx; jnz 1b; hlt
 */
#define LAPS_OF_STI                                                                                \
    "\xb9\xe8\x03\x00\x00\xfa\xfb\x90\xfa\xfb\xe8\x04\x00\x00\x00\xfa\xfb\xeb\x03\xfb\xc3\x90\x49" \
    "\x75\xec\xf4"

START_TEST(without_the_exec_loop)
{
    const struct loop_stats *s;

    start(engines[_i]);
    machine_put(CODE, LAPS_OF_STI, sizeof LAPS_OF_STI - 1);
    run_from(CODE, false);
    ck_assert_int_eq(met.vector, NONE);
    ck_assert_uint_eq(cpu()->regs[ECX], 0);
    s = &machine.exec->stats;
    ck_assert_uint_le(s->entries[0] + s->entries[1], 100);
    machine_destroy();
}
END_TEST

static Suite *shadow_suite(void)
{
    Suite *suite = suite_create("shadow");
    TCase *c = tcase_create("shadow");

    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, behind_one_instruction, 0, ENGINES);
    tcase_add_loop_test(c, raised_by_the_instruction, 0, ENGINES);
    tcase_add_loop_test(c, a_debug_register, 0, ENGINES);
    tcase_add_loop_test(c, a_debugger, 0, NOT_LOCKSTEP);
    tcase_add_loop_test(c, without_the_exec_loop, 0, NOT_LOCKSTEP);
    suite_add_tcase(suite, c);
    return suite;
}

TEST_MAIN(shadow_suite)
