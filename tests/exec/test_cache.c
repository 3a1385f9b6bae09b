/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The code cache: which writes reach which blocks, and what is left when it forgets them. */
#include "tests/exec/machine.h"

#include <stdlib.h>

static const enum jit jits[] = {JIT_TEMPLATE, JIT_IR, JIT_INTERP};
enum { JITS = sizeof jits / sizeof *jits };

/* The stop is seen behind the HLT, which therefore runs once more. */
static void stop_there(void)
{
    exec_cpu(machine.exec)->eip--;
    exec_stop(machine.exec);
}

/* Runs code up to its HLT; EAX then. */
static u32 run_at(u32 eip)
{
    struct cpu *cpu = exec_cpu(machine.exec);

    cpu->eip = eip;
    cpu->halted = false;
    exec_run(machine.exec);
    return cpu->regs[EAX];
}

static void put32(u32 to, u32 value)
{
    machine_put(to, &value, sizeof value);
}

/* --- paging: 4 KiB pages, the first 4 MiB mapped to themselves --- */

enum { DIRECTORY = 0x10000, LOW_TABLE = 0x11000, HIGH_TABLE = 0x12000, PRESENT = 3 };

static void map(u32 linear, u32 entry)
{
    put32((linear >> 22 ? HIGH_TABLE : LOW_TABLE) + (linear >> 12 & 1023) * 4, entry);
}

static void page(u32 high)
{
    struct cpu *cpu = exec_cpu(machine.exec);

    put32(DIRECTORY, LOW_TABLE | PRESENT);
    put32(DIRECTORY + (high >> 22) * 4, HIGH_TABLE | PRESENT);
    for (u32 linear = 0; linear < 4 << 20; linear += PAGE_SIZE)
        map(linear, linear | PRESENT);
    cpu->cr3 = DIRECTORY;
    cpu->cr0 |= CR0_PG;
    exec_state_changed(machine.exec);
}

/* --- blocks of two pages --- */

static const u8 mov_al_5[] = {0xb0, 5}, hlt[] = {0xf4};

/* A block from the last byte of physical memory to the first. */
START_TEST(over_the_top)
{
    const u32 last = 0xffffffff, page = last & ~(u32)PAGE_MASK;

    machine_create(jits[_i], stop_there);
    memory_map_ram(machine.memory, page, PAGE_SIZE);
    machine_put(last, mov_al_5, sizeof mov_al_5);
    machine_put(1, hlt, sizeof hlt);
    ck_assert_uint_eq(run_at(last) & 0xff, 5);
    ck_assert(memory_has_code(machine.memory, 0) && memory_has_code(machine.memory, page));
    memory_write(machine.memory, 0, 7, 1);
    ck_assert_uint_eq(run_at(last) & 0xff, 7);
    exec_reset(machine.exec);
    ck_assert(!memory_has_code(machine.memory, 0) && !memory_has_code(machine.memory, page));
    machine_destroy();
}
END_TEST

/* Two linear pages that are the same physical one: both parts of a block are in it. */
START_TEST(one_page_twice)
{
    enum { FRAME = 0x20000, LINEAR = 0x40000000 };

    machine_create(jits[_i], stop_there);
    page(LINEAR);
    map(LINEAR, FRAME | PRESENT);
    map(LINEAR + PAGE_SIZE, FRAME | PRESENT);
    machine_put(FRAME + PAGE_MASK, mov_al_5, 1);
    machine_put(FRAME, mov_al_5 + 1, 1);
    machine_put(FRAME + 1, hlt, sizeof hlt);
    ck_assert_uint_eq(run_at(LINEAR + PAGE_MASK) & 0xff, 5);
    memory_write(machine.memory, FRAME, 7, 1);
    ck_assert_uint_eq(run_at(LINEAR + PAGE_MASK) & 0xff, 7);
    /* Then they differ. */
    machine_put(FRAME + PAGE_SIZE, (const u8[]){9, 0xf4}, 2);
    map(LINEAR + PAGE_SIZE, (FRAME + PAGE_SIZE) | PRESENT);
    mem_flush_page(exec_cpu(machine.exec), LINEAR + PAGE_SIZE);
    ck_assert_uint_eq(run_at(LINEAR + PAGE_MASK) & 0xff, 9);
    machine_destroy();
}
END_TEST

/*
 * A jump at the end of the address space to its own second byte, an instruction that goes on at
 * address 0, which no page maps: the fault is that instruction's, not the jump's.
 */
START_TEST(looks_no_further_than_the_block)
{
    enum { IDT = 0x30000, HANDLER = 0x40000, STACK = 0x50000, FRAME = 0x20000 };
    const u32 jump = 0xfffffffe;
    u32 frame[2];

    machine_create(jits[_i], stop_there);
    page(jump);
    map(jump, FRAME | PRESENT);
    map(0, 0);
    machine_put(FRAME + (jump & PAGE_MASK), (const u8[]){0xeb, 0xff}, 2);
    machine_put(HANDLER, hlt, sizeof hlt);
    put32(IDT - 64, 0); /* the GDT: null, then the code segment of machine.c */
    put32(IDT - 60, 0);
    put32(IDT - 56, 0x0000ffff);
    put32(IDT - 52, 0x00cf9b00);
    put32(IDT + EXC_PF * 8, 8 << 16 | (HANDLER & 0xffff));
    put32(IDT + EXC_PF * 8 + 4, (HANDLER & 0xffff0000) | 0x8e00);
    struct cpu *cpu = exec_cpu(machine.exec);
    cpu->gdt = (struct table_register){IDT - 64, 15};
    cpu->idt = (struct table_register){IDT, 0x7ff};
    cpu->regs[ESP] = STACK;
    run_at(jump);
    machine_get(frame, cpu->regs[ESP], sizeof frame);
    ck_assert_uint_eq(cpu->cr2, 0);
    ck_assert_uint_eq(frame[1], jump + 1);
    machine_destroy();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cache");
    TCase *pages = tcase_create("pages");

    tcase_add_loop_test(pages, over_the_top, 0, JITS);
    tcase_add_loop_test(pages, one_page_twice, 0, JITS);
    tcase_add_loop_test(pages, looks_no_further_than_the_block, 0, JITS);
    suite_add_tcase(suite, pages);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
