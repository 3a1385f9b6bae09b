/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting of instructions: the board has its turn behind exactly as many as it wanted, with the
 * same state in every engine, whatever the instructions are.
 */
#include "tests/exec/machine.h"
#include "tests/suites.h"

#include <string.h>

enum {
    IDT = 0x2000,
    DATA = 0x8000,
    STACK = 0x9000,
    CODE = 0x10000,
    HANDLER = 0x11000,
    PAGE_DIRECTORY = 0x4000,
    LAST = 3000, /* instructions that are looked at */
    TURNS = 1 << 12
};

static const enum jit engines[] = {JIT_TEMPLATE, JIT_INTERP, JIT_IR, JIT_MIXED, JIT_LOCKSTEP};
enum { ENGINES = sizeof engines / sizeof *engines };

/* What the board saw at each of its turns. */
struct turn {
    u64 count;
    u32 pc, regs[8], flags, memory;
};
static struct turn turns[2][TURNS];
static unsigned count[2], run, step;
static u64 last;

static struct cpu *cpu(void)
{
    return exec_cpu(machine.exec);
}

static u32 checksum(void)
{
    static u8 bytes[STACK - DATA];
    u32 sum = 0;

    machine_get(bytes, DATA, sizeof bytes);
    for (unsigned i = 0; i < sizeof bytes; i++)
        sum = sum * 31 + bytes[i];
    return sum;
}

static void note_turn(void)
{
    struct turn *t = &turns[run][count[run]++];

    ck_assert_uint_lt(count[run], TURNS);
    *t = (struct turn){.count = exec_instructions(machine.exec),
                       .pc = cpu()->core.pc,
                       .flags = cc_get(cpu()),
                       .memory = checksum()};
    memcpy(t->regs, cpu()->regs, sizeof t->regs);
}

static void serviced(void)
{
    note_turn();
    if (exec_instructions(machine.exec) >= last)
        exec_stop(machine.exec);
    exec_set_deadline(machine.exec, exec_instructions(machine.exec) + step);
}

static void halted(void)
{
    ck_abort_msg("halted");
}

static void put_code(const char *text, size_t size)
{
    machine_put(CODE, text, size);
}

/* Runs code in an engine, with a turn of the board's behind every `every` instructions. */
static void run_code(enum jit jit, const char *code, size_t size, unsigned every)
{
    struct exec_options options = {.jit = jit, .cache_size = 16 << 20, .icount = true, .runs = 3};

    machine_create_with(&options, halted);
    machine.serviced = serviced;
    put_code(code, size);
    cpu()->core.pc = CODE;
    cpu()->regs[ESP] = STACK;
    cpu()->idt = (struct table_register){IDT, 0x7ff};
    count[run] = 0;
    step = every;
    exec_set_deadline(machine.exec, every);
    exec_run(machine.exec);
    machine_destroy();
    machine.serviced = NULL;
}

static void print_turn(const char *name, const struct turn *t)
{
    fprintf(stderr, "%s: %lu instructions, pc %x, flags %x, memory %x, eax %x ecx %x edi %x\n",
            name, (unsigned long)t->count, t->pc, t->flags, t->memory, t->regs[EAX], t->regs[ECX],
            t->regs[EDI]);
}

static bool is_same(const struct turn *a, const struct turn *b)
{
    return a->count == b->count && a->pc == b->pc && a->flags == b->flags &&
           a->memory == b->memory && memcmp(a->regs, b->regs, sizeof a->regs) == 0;
}

/* The same in all engines, and in each with turns after one instruction and after many. */
static void compare_turns(unsigned every)
{
    for (unsigned i = 0, j = 0; i < count[1] && j < count[0]; i++) {
        while (j < count[0] && turns[0][j].count < turns[1][i].count)
            j++;
        if (j == count[0])
            break;
        ck_assert_uint_eq(turns[0][j].count, turns[1][i].count);
        if (is_same(&turns[0][j], &turns[1][i]))
            continue;
        print_turn("one by one", &turns[0][j]);
        print_turn("otherwise", &turns[1][i]);
        ck_abort_msg("%u at a time differ", every);
    }
}

static void check_code(const char *code, size_t size)
{
    static const unsigned steps[] = {1, 2, 7, 64, 333};

    last = LAST;
    run = 0;
    run_code(JIT_INTERP, code, size, 1);
    run = 1;
    for (unsigned e = 0; e < ENGINES; e++)
        for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
            run_code(engines[e], code, size, steps[i]);
            for (unsigned n = 0; n < count[1]; n++)
                ck_assert_uint_eq(turns[1][n].count, (n + 1) * steps[i]);
            compare_turns(steps[i]);
        }
}
#define CHECK(text) check_code(text, sizeof(text) - 1)

START_TEST(loops)
{
    /* 1: inc eax; add ebx, eax; test al, 3; jz 2f; push eax; pop ecx; 2: dec edx; jnz 1b; jmp 1b */
    CHECK("\x40\x01\xc3\xa8\x03\x74\x02\x50\x59\x4a\x75\xf4\xeb\xf2");
}
END_TEST

START_TEST(branches_in_a_block)
{
    /* 1: inc eax; test al, 1; jnz 2f; inc ebx; test al, 2; jnz 2f; inc ecx; adc edx, ecx;
       2: call 3f; loop 1b; jmp 1b; 3: xor esi, eax; ret */
    CHECK("\x40\xa8\x01\x75\x09\x43\xa8\x02\x75\x04\x41\x90\x11\xca\xe8\x04\x00\x00\x00\xe2\xeb"
          "\xeb\xe9\x31\xc6\xc3");
}
END_TEST

START_TEST(strings)
{
    /* 1: mov edi, DATA; mov ecx, 700; inc eax; rep stosb; mov esi, DATA; mov edi, DATA + 800h;
       mov ecx, 100; rep movsd; mov ecx, 0; rep movsb; mov ecx, 50; mov esi, DATA; repe cmpsb;
       jmp 1b */
    CHECK("\xbf\x00\x80\x00\x00\xb9\xbc\x02\x00\x00\x40\xf3\xaa\xbe\x00\x80\x00\x00\xbf\x00\x88\x00"
          "\x00\xb9\x64\x00\x00\x00\xf3\xa5\xb9\x00\x00\x00\x00\xf3\xa4\xb9\x32\x00\x00\x00\xbe\x00"
          "\x80\x00\x00\xf3\xa6\xeb\xc9");
}
END_TEST

START_TEST(shadows)
{
    /* 1: cli; inc eax; sti; inc ebx; dec edx; cli; sti; jnz 2f; inc ecx; cli; 2: sti; call 3f; sti;
       jmp 1b; 3: sti; ret */
    CHECK("\xfa\x40\xfb\x43\x4a\xfa\xfb\x75\x02\x41\xfa\xfb\xe8\x03\x00\x00\x00\xfb\xeb\xec\xfb"
          "\xc3");
}
END_TEST

/* Code that changes the instruction behind it, in its own block. */
START_TEST(code_that_writes_itself)
{
    /* 1: inc byte [2f + 1]; 2: mov al, 0; add ebx, eax; jmp 1b */
    CHECK("\xfe\x05\x07\x00\x01\x00\xb0\x00\x01\xc3\xeb\xf4");
}
END_TEST

/* Accesses to where nothing is: each is a device's. */
START_TEST(devices)
{
    /* 1: mov eax, [F0000000h]; inc ebx; mov [F0000000h], ebx; add [F0000000h], ebx; jnz 2f; inc
       ecx; 2: push [F0000000h]; pop edx; jmp 1b */
    CHECK("\xa1\x00\x00\x00\xf0\x43\x89\x1d\x00\x00\x00\xf0\x01\x1d\x00\x00\x00\xf0\x75\x01\x41"
          "\xff\x35\x00\x00\x00\xf0\x5a\xeb\xe2");
}
END_TEST

/* --- a clock that goes by instructions: a nanosecond each --- */

static u64 instructions(void)
{
    return exec_instructions(machine.exec);
}

/* What is charged is given back where C asks in the midst of a block: RDTSC's clock. */
START_TEST(the_time_stamp_counter)
{
    machine.clock = instructions;
    /* 1: inc ecx; rdtsc; add ebx, eax; test bl, 5; jz 2f; rdtsc; push eax; xor esi, eax; pop edi;
       2: rdtsc; add ebx, eax; mov [DATA], ebx; jmp 1b */
    CHECK("\x41\x0f\x31\x01\xc3\xf6\xc3\x05\x74\x06\x0f\x31\x50\x31\xc6\x5f\x0f\x31\x01\xc3"
          "\x89\x1d\x00\x80\x00\x00\xeb\xe4");
    machine.clock = NULL;
}
END_TEST

/* Exactly the instructions before RDTSC, in all engines, wherever the board's turns are. */
START_TEST(the_time_stamp_counter_is_exact)
{
    static const unsigned steps[] = {1, 5, 97, 1000};

    machine.clock = instructions;
    run = 0;
    last = LAST;
    for (unsigned e = 0; e < ENGINES; e++)
        for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
            /* 1: nop; rdtsc; jmp 1b */
            run_code(engines[e], "\x90\x0f\x31\xeb\xfb", 5, steps[i]);
            for (unsigned n = steps[i] < 2; n < count[0]; n++) {
                const struct turn *t = &turns[0][n];
                ck_assert_uint_eq(t->count, (n + 1) * steps[i]);
                ck_assert_uint_eq(t->regs[EAX], (t->count - 2) / 3 * 3 + 1);
            }
        }
    machine.clock = NULL;
}
END_TEST

START_TEST(a_deadline_that_comes_nearer)
{
    run = 0;
    last = 1;
    run_code(JIT_TEMPLATE, "\x40\xeb\xfd", 3, 1000);
    ck_assert_uint_eq(count[0], 1);
    ck_assert_uint_eq(turns[0][0].count, 1000);
    ck_assert_uint_eq(turns[0][0].regs[EAX], 500);
}
END_TEST

static Suite *icount_suite(void)
{
    Suite *s = suite_create("icount");
    TCase *t = tcase_create("icount");

    tcase_set_timeout(t, 120);
    tcase_add_test(t, loops);
    tcase_add_test(t, branches_in_a_block);
    tcase_add_test(t, strings);
    tcase_add_test(t, shadows);
    tcase_add_test(t, code_that_writes_itself);
    tcase_add_test(t, devices);
    tcase_add_test(t, the_time_stamp_counter);
    tcase_add_test(t, the_time_stamp_counter_is_exact);
    tcase_add_test(t, a_deadline_that_comes_nearer);
    suite_add_tcase(s, t);
    return s;
}

TEST_MAIN(icount_suite)
