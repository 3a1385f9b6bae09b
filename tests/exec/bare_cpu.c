/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fixture of the tests of helpers, and their runner. */
#include "tests/exec/bare_cpu.h"
#include "exec/i386/fpu.h"
#include "exec/i386/model.h"
#include "tests/suites.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

struct bare bare;
unsigned log_mask;
FILE *log_file;

static jmp_buf escape;
static unsigned raised;

FILE *log_output(void)
{
    return stderr;
}

void log_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
}

/* --- what the exec loop does --- */

void cpu_raise(struct cpu *cpu, unsigned vector)
{
    ck_assert_msg(!exception_has_error(vector), "exception %u without its error code", vector);
    ck_assert_ptr_eq(cpu, bare.cpu);
    raised = vector;
    bare.error = ~0u;
    longjmp(escape, 1);
}

void cpu_raise_code(struct cpu *cpu, unsigned vector, u32 error)
{
    ck_assert_msg(exception_has_error(vector), "exception %u has no error code", vector);
    ck_assert_ptr_eq(cpu, bare.cpu);
    raised = vector;
    bare.error = error;
    longjmp(escape, 1);
}

void core_leave(struct core *core)
{
    if (!bare.may_leave)
        ck_abort_msg("no block is running, but was left at %08x", core->pc);
    raised = LEFT;
    longjmp(escape, 1);
}

void core_leave_window(struct core *core)
{
    ck_abort_msg("no block is running, but was left at %08x", core->pc);
}

bool exec_code_written(struct core *core, u32 physical, unsigned size)
{
    ck_abort_msg("no code at %08x, %u bytes, eip %08x", physical, size, core->pc);
}

void exec_before_device(struct core *core)
{
    (void)core;
}

void exec_alone(struct core *core)
{
    ck_abort_msg("no block is running, and none by itself, at %08x", core->pc);
}

void exec_forget_mode(struct core *core, u32 bits)
{
    ck_assert_uint_eq(bits, MODE_BREAK);
    ck_assert_ptr_eq(core, bare.cpu);
}

void exec_request_reset(struct exec *e)
{
    ck_assert_ptr_null(e);
    bare.resets++;
}

u32 port_read(struct cpu *cpu, u16 port, unsigned size)
{
    ck_assert_ptr_eq(cpu, bare.cpu);
    bare.port = port;
    bare.port_size = size;
    return bare.port_value;
}

void port_write(struct cpu *cpu, u16 port, u32 value, unsigned size)
{
    ck_assert_ptr_eq(cpu, bare.cpu);
    bare.port = port;
    bare.port_size = size;
    bare.port_value = value;
}

bool cpu_ferr(struct cpu *cpu, bool level)
{
    ck_assert_ptr_eq(cpu, bare.cpu);
    bare.ferr = level;
    return bare.ignne;
}

bool cpu_board_has_apic(const struct cpu *cpu)
{
    ck_assert_ptr_eq(cpu, bare.cpu);
    return bare.has_apic;
}

void cpu_apic_base(struct cpu *cpu, u64 value)
{
    ck_assert_ptr_eq(cpu, bare.cpu);
    bare.apic_base = value;
}

u64 cpu_clock(struct cpu *cpu)
{
    ck_assert_ptr_eq(cpu, bare.cpu);
    return bare.clock;
}

/* --- the fixture --- */

void bare_setup(void)
{
    const char *error = NULL;
    bare = (struct bare){.memory = memory_create(BARE_RAM, &error)};
    ck_assert_msg(bare.memory != NULL, "%s", error);
    bare.cpu = calloc(1, sizeof *bare.cpu);
    ck_assert_ptr_nonnull(bare.cpu);
    bare.cpu->a20_mask = ~0u;
    bare.cpu->model = model_default();
    bare.cpu->core.rest = &bare.cpu->rest;
    ck_assert(softmmu_create(&bare.cpu->core, bare.memory, &i386_paging));
    cpu_reset_state(bare.cpu);
}

void bare_teardown(void)
{
    softmmu_destroy(&bare.cpu->core);
    free(bare.cpu);
    memory_destroy(bare.memory);
}

int bare_try(helper_fn *helper, u32 a, u32 b)
{
    if (setjmp(escape))
        return (int)raised;
    helper(bare.cpu, a, b);
    return NOT_RAISED;
}

static void deliver(struct cpu *cpu, u32 vector, u32 error)
{
    cpu_deliver_exception(cpu, vector, error);
}

void bare_exception(unsigned vector, u32 error)
{
    int next = (int)vector;
    bare.error = error;
    while (next != NOT_RAISED)
        next = bare_try(deliver, (u32)next, bare.error);
}

static void interrupt(struct cpu *cpu, u32 vector, u32 unused)
{
    (void)unused;
    cpu_deliver_interrupt(cpu, vector);
}

void bare_interrupt(unsigned vector)
{
    bare_run(interrupt, vector, 0);
}

void bare_run(helper_fn *helper, u32 a, u32 b)
{
    int vector = bare_try(helper, a, b);
    if (vector != NOT_RAISED)
        bare_exception((unsigned)vector, bare.error);
}

void poke(u32 address, u32 value, unsigned size)
{
    memory_write(bare.memory, address, value, size);
}

u32 peek(u32 address, unsigned size)
{
    return memory_read(bare.memory, address, size);
}

/* A linear congruence; the low bits of those are poor. */
u32 bare_random(void)
{
    static u32 state = 20240917;
    u32 high;
    state = state * 1664525 + 1013904223;
    high = state >> 16;
    state = state * 1664525 + 1013904223;
    return high << 16 | state >> 16;
}

TEST_MAIN(system_suite, transfer_suite, interrupt_suite, task_suite, arith_suite, x87_suite)
