/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fixture of the memory tests, and their runner. */
#include "tests/exec/fake_cpu.h"
#include "exec/i386/model.h"
#include "tests/suites.h"

#include <stdlib.h>

struct fake fake;
unsigned log_mask;
FILE *log_file;

/* No test turns logging on. */
void log_print(const char *format, ...)
{
    ck_abort_msg("log_print(\"%s\")", format);
}

/* --- what the rest of the cpu does --- */

void cpu_raise(struct cpu *cpu, unsigned vector)
{
    cpu_raise_code(cpu, vector, 0);
}

void cpu_raise_code(struct cpu *cpu, unsigned vector, u32 error)
{
    ck_assert_ptr_eq(cpu, fake.cpu);
    fake.outcome = (int)vector;
    fake.error = error;
    longjmp(fake.escape, 1);
}

void core_leave(struct core *core)
{
    ck_assert_ptr_eq(core, fake.cpu);
    fake.outcome = BLOCK_LEFT;
    longjmp(fake.escape, 1);
}

void core_leave_window(struct core *core)
{
    ck_assert_ptr_eq(core, fake.cpu);
    fake.outcome = WINDOW_LEFT;
    longjmp(fake.escape, 1);
}

bool exec_code_written(struct core *core, u32 physical, unsigned size)
{
    ck_assert_ptr_eq(core, fake.cpu);
    fake.code_calls++;
    fake.code_address = physical;
    fake.code_size = size;
    bool running = fake.code_running;
    fake.code_running = false;
    return running;
}

void exec_before_device(struct core *core)
{
    (void)core;
}

void exec_alone(struct core *core)
{
    ck_assert_ptr_eq(core, fake.cpu);
}

void exec_forget_mode(struct core *core, u32 bits)
{
    (void)bits;
    ck_assert_ptr_eq(core, fake.cpu);
}

void cc_set(struct cpu *cpu, u32 flags)
{
    cpu->cc_op = CC_EFLAGS;
    cpu->cc_src = flags;
}

u32 segment_linear(struct cpu *cpu, enum segment_register seg, u32 offset, unsigned size,
                   bool write)
{
    const struct segment *s = &cpu->seg[seg];
    u32 lo = write ? s->write_lo : s->read_lo, hi = write ? s->write_hi : s->read_hi;
    if (offset < lo || (u64)offset + size - 1 > hi)
        cpu_raise_code(cpu, seg == SS ? EXC_SS : EXC_GP, 0);
    return s->base + offset;
}

void port_check(struct cpu *cpu, u16 port, unsigned size)
{
    ck_assert_uint_eq(port, (u16)cpu->regs[EDX]);
    ck_assert(size == 1 || size == 2 || size == 4);
    if (fake.port_denied)
        cpu_raise_code(cpu, EXC_GP, 0);
}

u32 port_read(struct cpu *cpu, u16 port, unsigned size)
{
    fake.port_last = port;
    fake.port_reads++;
    ck_assert_ptr_eq(cpu, fake.cpu);
    return fake.port_next++ + (size == 4 ? 0x10000 : 0);
}

void port_write(struct cpu *cpu, u16 port, u32 value, unsigned size)
{
    ck_assert_ptr_eq(cpu, fake.cpu);
    ck_assert(size == 4 || value >> 8 * size == 0);
    fake.port_last = port;
    fake.port_writes++;
    fake.port_sum = fake.port_sum * 31 + value;
}

/* --- what lockstep's log asks --- */

static u64 lines(const struct core *core)
{
    return ((const struct cpu *)core)->a20_mask;
}

static void drive_lines(struct core *core, u64 lines)
{
    ((struct cpu *)core)->a20_mask = (u32)lines;
    softmmu_flush(core);
}

static const char *const questions[] = {"port read"};
const struct guest fake_guest = {
    .lines = lines, .drive_lines = drive_lines, .questions = questions};

/* --- the fixture --- */

void fake_setup(void)
{
    const char *error = NULL;
    fake = (struct fake){.memory = memory_create(FAKE_RAM, &error)};
    ck_assert_msg(fake.memory != NULL, "%s", error);
    ck_assert(memory_leave_out(fake.memory, 0xa0000, 0x100000));
    fake.cpu = calloc(1, sizeof *fake.cpu);
    ck_assert_ptr_nonnull(fake.cpu);
    fake.cpu->a20_mask = ~0u;
    fake.cpu->model = model_default();
    fake.cpu->eflags = FLAG_1;
    for (unsigned i = 0; i < SEGMENTS; i++)
        fake.cpu->seg[i] =
            (struct segment){.limit = ~0u, .read_hi = ~0u, .write_hi = ~0u, .attr = SEG_PRESENT};
    fake.cpu->core.rest = &fake.cpu->rest;
    ck_assert(softmmu_create(&fake.cpu->core, fake.memory, &i386_paging));
}

void fake_teardown(void)
{
    softmmu_destroy(&fake.cpu->core);
    free(fake.cpu);
    memory_destroy(fake.memory);
}

void fake_paging(void)
{
    fake.cpu->cr0 = CR0_PG | CR0_PE | CR0_WP;
    fake.cpu->cr3 = FAKE_DIRECTORY;
    mem_flush(fake.cpu);
}

/* Tables lie one behind the other, by the top ten bits of the linear address, modulo 64. */
static u32 table_of(u32 linear)
{
    return FAKE_TABLES + (linear >> 22 & 63) * PAGE_SIZE;
}

u32 fake_entry_address(u32 linear)
{
    return table_of(linear) + (linear >> 12 & 1023) * 4;
}

u32 fake_entry(u32 linear)
{
    return memory_read(fake.memory, fake_entry_address(linear), 4);
}

void fake_map(u32 linear, u32 physical, u32 bits)
{
    memory_write(fake.memory, FAKE_DIRECTORY + (linear >> 22) * 4, table_of(linear) | 7, 4);
    memory_write(fake.memory, fake_entry_address(linear), physical | bits, 4);
}

/* --- a device --- */

static u32 device_read(void *device, u32 offset, unsigned size)
{
    (void)device;
    return ++fake.device_reads * 0x100 + offset + size;
}

static void device_write(void *device, u32 offset, u32 value, unsigned size)
{
    (void)device, (void)offset, (void)size;
    fake.device_sum += value;
}

void fake_map_device(u32 linear)
{
    memory_map_io(fake.memory, 0xfee00000, 0x1000, device_read, device_write, NULL);
    fake_map(linear, 0xfee00000, 3);
}

/* --- the TLB as generated code sees it --- */

bool fake_may_read_inline(u32 linear, bool user)
{
    return tlb_entry(&fake.cpu->core, user, linear)->read == (linear & ~(u32)PAGE_MASK);
}

bool fake_may_write_inline(u32 linear, bool user)
{
    return tlb_entry(&fake.cpu->core, user, linear)->write == (linear & ~(u32)PAGE_MASK);
}

static u32 random_state = 1;

void fake_seed(u32 seed)
{
    random_state = seed * 2 + 1;
}

/* A linear congruence; the low bits of those are poor. */
u32 fake_random(void)
{
    random_state = random_state * 1664525 + 1013904223;
    u32 high = random_state >> 16;
    random_state = random_state * 1664525 + 1013904223;
    return high << 16 | random_state >> 16;
}

TEST_MAIN(memory_suite, mmu_suite, tlb_suite, lockstep_log_suite, string_suite, place_suite,
          leaks_suite)
