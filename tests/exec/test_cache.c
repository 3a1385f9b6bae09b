/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The code cache: which writes reach which blocks, and what is left when it forgets them. */
#include "ops/host/asm.h"
#include "tests/exec/machine.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "dyngen/dyngen_symbols.h"
#include "tests/suites.h"

/* What GDB looks for: see dyngen/symbols/gdb_jit.c. */
struct jit_code_entry {
    struct jit_code_entry *next, *prev;
    const char *image;
    uint64_t size;
};
extern struct {
    uint32_t version, action;
    struct jit_code_entry *relevant, *first;
} __jit_debug_descriptor; /* NOLINT(bugprone-reserved-identifier): its name there */

static const enum jit jits[] = {JIT_TEMPLATE, JIT_IR, JIT_INTERP};
enum { JITS = sizeof jits / sizeof *jits };

static void stop_there(void)
{
    exec_stop(machine.exec);
}

/* Runs code up to its HLT; EAX then. */
static u32 run_at(u32 eip)
{
    struct cpu *cpu = exec_cpu(machine.exec);

    cpu->core.pc = eip;
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

/* --- a cache that is too small --- */

/*
 * Steps in an order that the seed makes, `add $value, %eax; jmp next`, packed, so that some lie
 * across pages. Most go to a neighbour.
 */
enum { MOST_STEPS = 3000, STEP_SIZE = 10, STEPS_AT = 0x100000, SMALL = 64 << 10 };
static u32 value[MOST_STEPS], next_step[MOST_STEPS], first_step, steps;
static u32 seed;

static u32 any(u32 below)
{
    seed = seed * 1664525 + 1013904223;
    return (u32)((u64)seed * below >> 32);
}

static u32 step_at(u32 step)
{
    return STEPS_AT + step * STEP_SIZE;
}

static void put_step(u32 step)
{
    u32 from = step_at(step);
    u8 code[STEP_SIZE] = {[0] = 0x05, [5] = 0xe9};
    u32 distance = step_at(next_step[step]) - (from + STEP_SIZE);

    memcpy(code + 1, &value[step], 4);
    memcpy(code + 6, &distance, 4);
    machine_put(from, code, sizeof code);
}

static void put_steps(u32 count)
{
    u32 order[MOST_STEPS] = {0};

    steps = count;
    for (u32 i = 0; i < steps; i++) {
        u32 other = i - any(i < 8 || !any(8) ? i + 1 : 8);
        order[i] = order[other];
        order[other] = i;
    }
    first_step = order[0];
    for (u32 i = 0; i < steps; i++) {
        next_step[order[i]] = i + 1 < steps ? order[i + 1] : steps;
        value[i] = any(~0u);
    }
    for (u32 i = 0; i < steps; i++)
        put_step(i);
    machine_put(step_at(steps), hlt, sizeof hlt);
}

/* Some steps become others; their old code must not run again. */
static void change_steps(void)
{
    for (unsigned i = 0; i < steps / 16; i++) {
        u32 step = any(steps);
        value[step] = any(~0u);
        put_step(step);
    }
}

static void run_lap(void)
{
    u32 sum = 0;

    for (u32 i = 0; i < steps; i++)
        sum += value[i];
    exec_cpu(machine.exec)->regs[EAX] = 0;
    ck_assert_uint_eq(run_at(step_at(first_step)), sum);
}

/* Laps between which steps change, and the TLB is flushed, which unchains what straddles. */
static void run_laps(unsigned laps)
{
    for (unsigned lap = 0; lap < laps; lap++) {
        run_lap();
        if (lap & 1)
            change_steps();
        if (lap & 2)
            exec_state_changed(machine.exec);
    }
}

/* A number of a part of the statistics. */
static u64 stat_of(const char *part, const char *name)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);

    ck_assert(exec_write_stats(machine.exec, to));
    fclose(to);
    json_t *stats = json_loads(text, 0, NULL);
    const json_t *found = json_object_get(json_object_get(stats, part), name);
    ck_assert_msg(json_is_integer(found), "%s", name);
    u64 n = (u64)json_integer_value(found);
    json_decref(stats);
    free(text);
    return n;
}

static u64 cache_stat(const char *name)
{
    return stat_of("cache", name);
}

static const struct exec_options small_caches[] = {
    {.jit = JIT_TEMPLATE, .cache_size = SMALL},
    {.jit = JIT_IR, .cache_size = SMALL},
    {.jit = JIT_INTERP, .cache_size = SMALL},
    {.jit = JIT_MIXED, .cache_size = SMALL, .runs = 2},
    {.jit = JIT_LOCKSTEP, .cache_size = SMALL},
    {.jit = JIT_LOCKSTEP, .cache_size = SMALL, .lockstep = {JIT_IR, JIT_TEMPLATE}},
    {.jit = JIT_TEMPLATE, .cache_size = SMALL, .count = true},
};

enum { SMALL_CACHES = sizeof small_caches / sizeof *small_caches };

START_TEST(the_oldest_make_room)
{
    seed = (u32)_i;
    machine_create_with(&small_caches[_i], stop_there);
    put_steps(MOST_STEPS);
    run_laps(12);
    ck_assert_uint_gt(cache_stat("evictions"), 12 * MOST_STEPS / 4);
    ck_assert_uint_le(cache_stat("bytes"), SMALL);
    machine_destroy();
}
END_TEST

/* Those that stay are chained to such as go and come again. */
START_TEST(nothing_leads_to_what_made_room)
{
    seed = (u32)_i;
    machine_create_with(&small_caches[_i], stop_there);
    put_steps(MOST_STEPS / 30);
    run_laps(200);
    ck_assert_uint_gt(cache_stat("evictions"), 0);
    machine_destroy();
}
END_TEST

/* --- jumps into global pages --- */

/* Entries from the exec loop while CR3 is loaded a thousand times and code in other pages called.
 */
static u64 entries_with_pages(u32 bits)
{
    enum { LOOP = 0x200000, CALLED = 0x201000, LAPS = 1000 };
    /* 1: mov %cr3, %eax; mov %eax, %cr3; call CALLED; dec %ecx; jnz 1b; hlt */
    static const u8 loop[] = {0x0f, 0x20, 0xd8, 0x0f, 0x22, 0xd8, 0xe8, 0xf5,
                              0x0f, 0,    0,    0x49, 0x75, 0xf2, 0xf4};
    static const u8 add_ret[] = {0x83, 0xc3, 1, 0xc3}; /* add $1, %ebx; ret */
    struct cpu *cpu;

    machine_create(JIT_TEMPLATE, stop_there);
    page(0x40000000);
    cpu = exec_cpu(machine.exec);
    cpu->cr4 |= CR4_PGE;
    map(LOOP, LOOP | PRESENT | bits);
    map(CALLED, CALLED | PRESENT | bits);
    exec_state_changed(machine.exec);
    machine_put(LOOP, loop, sizeof loop);
    machine_put(CALLED, add_ret, sizeof add_ret);
    cpu->regs[EBX] = 0;
    cpu->regs[ECX] = LAPS;
    cpu->regs[ESP] = 0x300800;
    run_at(LOOP);
    ck_assert_uint_eq(cpu->regs[EBX], LAPS);
    u64 entries = stat_of("loop", "entries");

    /* Elsewhere, with the next load of CR3 if it is not global, and not before INVLPG if it is. */
    machine_put(CALLED + PAGE_SIZE, (const u8[]){0x83, 0xc3, 2, 0xc3}, 4);
    map(CALLED, (CALLED + PAGE_SIZE) | PRESENT | bits);
    for (unsigned lap = 0; lap < 2; lap++) {
        cpu->regs[EBX] = 0;
        cpu->regs[ECX] = LAPS;
        run_at(LOOP);
        ck_assert_uint_eq(cpu->regs[EBX], bits && !lap ? LAPS : 2 * LAPS);
        mem_flush_page(cpu, CALLED);
    }
    machine_destroy();
    return entries;
}

START_TEST(global_pages_keep_their_jumps)
{
    enum { GLOBAL = 0x100 };

    ck_assert_uint_lt(entries_with_pages(GLOBAL) * 2, entries_with_pages(0) + 1);
}
END_TEST

/* --- those who listen --- */

enum { MOST_LIVE = SMALL / 16 };
static struct {
    const u8 *at;
    size_t size;
} live[MOST_LIVE];
static unsigned live_count, most_live;

static void note_added(struct code_listener *listener, const struct new_code *code)
{
    const u8 *at = code->at;
    (void)listener;

    for (unsigned i = 0; i < live_count; i++)
        ck_assert(at + code->size <= live[i].at || live[i].at + live[i].size <= at);
    ck_assert_uint_lt(live_count, MOST_LIVE);
    live[live_count].at = at;
    live[live_count++].size = code->size;
    if (live_count > most_live)
        most_live = live_count;
}

static void note_forgotten(struct code_listener *listener, const void *at, size_t size)
{
    const u8 *from = at;
    unsigned kept = 0;
    (void)listener;

    for (unsigned i = 0; i < live_count; i++)
        if (live[i].at < from || live[i].at >= from + size)
            live[kept++] = live[i];
    live_count = kept;
}

/* No code is made over code of which it was not said that it is forgotten. */
START_TEST(listeners_know_what_is_there)
{
    struct code_listener listener = {.added = note_added, .forgotten = note_forgotten};

    live_count = most_live = 0;
    machine_create_with(&small_caches[_i], stop_there);
    exec_listen(machine.exec, &listener);
    put_steps(MOST_STEPS);
    run_lap();
    run_lap();
    ck_assert_uint_gt(live_count, most_live / 2); /* some make room, not all */
    exec_reset(machine.exec);
    ck_assert_uint_eq(live_count, 0);
    machine_destroy();
}
END_TEST

/* Does GDB know of a block's name? */
static bool gdb_knows(const char *name)
{
    for (const struct jit_code_entry *e = __jit_debug_descriptor.first; e; e = e->next)
        if (memmem(e->image, e->size, name, strlen(name) + 1))
            return true;
    return false;
}

START_TEST(gdb_forgets_what_made_room)
{
    enum { BLOCKS = 100, SIZE = 16 };
    static const u8 code[BLOCKS * SIZE];
    struct dyngen_symbols *symbols = dyngen_symbols_open(DYNGEN_GDB, NULL, NULL);
    char name[16];

    for (u32 i = 0; i < BLOCKS; i++) {
        snprintf(name, sizeof name, "block%02u", i);
        dyngen_symbols_add(symbols, name, code + (size_t)i * SIZE, SIZE);
    }
    dyngen_symbols_forget(symbols, code + 10 * SIZE, 40 * SIZE);
    dyngen_symbols_add(symbols, "another", code + 10 * SIZE, SIZE);
    for (u32 i = 0; i < BLOCKS; i++) {
        snprintf(name, sizeof name, "block%02u", i);
        ck_assert_msg(gdb_knows(name) == (i < 10 || i >= 50), "%s", name);
    }
    ck_assert(gdb_knows("another"));
    dyngen_symbols_forget(symbols, code, sizeof code);
    ck_assert_ptr_null(__jit_debug_descriptor.first);
    dyngen_symbols_close(symbols);
}
END_TEST

/* --- code that is written over and over --- */

enum { WRITER_AT = 0x200000, WRITTEN_AT = 0x201000, WRITES = 2000 };

/* The writer runs `laps` times: the sum of what it found written. */
static u32 run_writer(u32 laps)
{
    struct cpu *cpu = exec_cpu(machine.exec);

    cpu->regs[ECX] = laps;
    cpu->regs[EBX] = 0;
    cpu->regs[ESP] = 0x300800; /* not at a page's end: who is there has no window */
    run_at(WRITER_AT);
    return cpu->regs[EBX];
}

static void put_writer(const struct exec_options *options)
{
    /* 1: mov %ecx, WRITTEN_AT + 1; 2: call WRITTEN_AT; add %eax, %ebx; dec %ecx; jnz; hlt */
    static const u8 writer[] = {0x89, 0x0d, 0x01, 0x10, 0x20, 0x00, 0xe8, 0xf5, 0x0f,
                                0x00, 0x00, 0x01, 0xc3, 0x49, 0x75, 0xf0, 0xf4};
    /* mov $0, %eax; ret */
    static const u8 written[] = {0xb8, 0, 0, 0, 0, 0xc3};

    machine_create_with(options, stop_there);
    machine_put(WRITER_AT, writer, sizeof writer);
    machine_put(WRITTEN_AT, written, sizeof written);
}

/* A block that is killed gives its place to the next. */
START_TEST(written_over_it_takes_no_more_room)
{
    struct code_listener listener = {.added = note_added, .forgotten = note_forgotten};

    put_writer(&small_caches[_i]);
    live_count = most_live = 0;
    exec_listen(machine.exec, &listener);
    ck_assert_uint_eq(run_writer(WRITES), WRITES * (WRITES + 1) / 2);
    ck_assert_uint_ge(cache_stat("kills"), WRITES - 2);
    ck_assert_uint_eq(cache_stat("evictions"), 0);
    machine_destroy();
}
END_TEST

/* --- data beside code --- */

enum { BESIDE_AT = 0x202000, NEIGHBOURS = 100, STORES = 5000 };

/*
 * A hundred blocks, and a loop that stores beside them: they are looked at once. A store to one of
 * them is seen all the same, be it there before or since; and so it is, when it is no code any
 * more.
 */
START_TEST(stores_beside_code_look_at_no_block)
{
    /* 1: mov %ecx, BESIDE_AT + 0xff0; dec %ecx; jnz 1b; hlt */
    static const u8 storer[] = {0x89, 0x0d, 0xf0, 0x2f, 0x20, 0x00, 0x49, 0x75, 0xf7, 0xf4};
    static const u8 jump[] = {0xeb, 0x00}; /* to the next */
    const u32 last = BESIDE_AT + sizeof jump * NEIGHBOURS, later = BESIDE_AT + 0x800;
    struct cpu *cpu = NULL;

    machine_create(jits[_i], stop_there);
    cpu = exec_cpu(machine.exec);
    for (u32 i = 0; i < NEIGHBOURS; i++)
        machine_put(BESIDE_AT + i * (u32)sizeof jump, jump, sizeof jump);
    machine_put(last, storer, sizeof storer);
    cpu->regs[ECX] = STORES;
    run_at(BESIDE_AT);
    u64 looks = cache_stat("looks");
    ck_assert_uint_le(looks, 4 * NEIGHBOURS);
    ck_assert_uint_ge(looks, NEIGHBOURS);
    machine_put(later, mov_al_5, sizeof mov_al_5); /* a block that comes later, */
    machine_put(later + 2, hlt, sizeof hlt);
    ck_assert_uint_eq(run_at(later) & 0xff, 5);
    u64 kills = cache_stat("kills");
    /* movb $7, later + 1; hlt */
    static const u8 change[] = {0xc6, 0x05, 0x01, 0x28, 0x20, 0x00, 0x07, 0xf4};
    machine_put(WRITER_AT, change, sizeof change);
    run_at(WRITER_AT);
    ck_assert_uint_eq(cache_stat("kills"), kills + 1);
    ck_assert_uint_eq(run_at(later) & 0xff, 7);
    run_at(WRITER_AT); /* and dies, */
    run_at(WRITER_AT); /* so that the next finds nothing; */
    ck_assert_uint_eq(cache_stat("kills"), kills + 2);
    ck_assert_uint_eq(run_at(later) & 0xff, 7); /* and is there again */
    run_at(WRITER_AT);
    ck_assert_uint_eq(cache_stat("kills"), kills + 3);
    machine_destroy();
}
END_TEST

/* One that reaches into the next page, of which the bytes are known by then. */
START_TEST(a_store_meets_what_reaches_into_a_page)
{
    static const u8 store_nearby[] = {0xc6, 0x05, 0xf0, 0x3f, 0x20, 0x00, 0x00, 0xf4};
    static const u8 change[] = {0xc6, 0x05, 0x00, 0x30, 0x20, 0x00, 0x07, 0xf4};
    const u32 across = BESIDE_AT + 0xfff;

    machine_create(jits[_i], stop_there);
    machine_put(BESIDE_AT + 0x1100, store_nearby, sizeof store_nearby);
    run_at(BESIDE_AT + 0x1100);
    machine_put(across, mov_al_5, sizeof mov_al_5);
    machine_put(across + 2, hlt, sizeof hlt);
    machine_put(WRITER_AT, change, sizeof change);
    ck_assert_uint_eq(run_at(across) & 0xff, 5);
    run_at(WRITER_AT);
    ck_assert_uint_eq(run_at(across) & 0xff, 7);
    machine_destroy();
}
END_TEST

static unsigned device_writes;

static u32 read_nothing(void *device, u32 offset, unsigned size)
{
    (void)device, (void)offset, (void)size;
    return 0;
}

/* A device that writes what is there, over the code that asks it to. */
static void write_over(void *device, u32 offset, u32 value, unsigned size)
{
    u8 code[2];

    (void)device, (void)offset, (void)value, (void)size;
    ck_assert_uint_le(++device_writes, 2);
    machine_get(code, WRITER_AT, sizeof code);
    machine_put(WRITER_AT, code, sizeof code);
}

/* A killed block is left by a jump, and where that leads is made at its own place. */
START_TEST(its_place_is_the_next_one_s)
{
    enum { DEVICE = 0xe0000000 };
    /* mov %eax, DEVICE; inc %ebx; jmp 1f; 1: the same, to 2; 2: inc %ebx; hlt */
    static const u8 code[] = {0xa3, 0, 0, 0,    0xe0, 0x43, 0xeb, 0,    0xa3,
                              0,    0, 0, 0xe0, 0x43, 0xeb, 0,    0x43, 0xf4};

    machine_create_with(&small_caches[_i], stop_there);
    memory_map_io(machine.memory, DEVICE, PAGE_SIZE, read_nothing, write_over, NULL);
    device_writes = 0;
    machine_put(WRITER_AT, code, sizeof code);
    exec_cpu(machine.exec)->regs[EBX] = 0;
    run_at(WRITER_AT);
    ck_assert_uint_eq(exec_cpu(machine.exec)->regs[EBX], 3);
    ck_assert_uint_eq(cache_stat("kills"), 1);
    machine_destroy();
}
END_TEST

/* Without a stack window as long as it is written over, and with one when it has run often. */
START_TEST(written_over_it_has_no_window)
{
    static const struct exec_options options = {.jit = JIT_TEMPLATE, .cache_size = 1 << 20};
    const u8 jump_back = 0xf6; /* to 2 */

    put_writer(&options);
    ck_assert_uint_eq(run_writer(WRITES), WRITES * (WRITES + 1) / 2);
    ck_assert_uint_ge(stat_of("window", "put_off"), WRITES - 20);
    machine_put(WRITER_AT + 15, &jump_back, 1);
    u64 blocks = stat_of("window", "blocks"), put_off = stat_of("window", "put_off");
    run_writer(100);
    ck_assert_uint_le(stat_of("window", "put_off"), put_off + 1);
    ck_assert_uint_le(stat_of("window", "blocks"), blocks + 3); /* the writer's */
    blocks = stat_of("window", "blocks");
    ck_assert_uint_eq(run_writer(WRITES), (u32)WRITES * WRITES);
    /* Templates made from C alone have no window (ops/i386/table.c). */
    ck_assert_uint_eq(stat_of("window", "blocks"), blocks + HOST_ASM);
    machine_destroy();
}
END_TEST

/* Nor is it foreseen where it returns to: that would be chained each time. */
START_TEST(written_over_it_foresees_nothing)
{
    static const struct exec_options options = {.jit = JIT_TEMPLATE, .cache_size = 1 << 20};
    /* 1: mov %ecx, 3f + 1; call 3f; add %eax, %ebx; dec %ecx; jnz 1b; hlt; 3: mov $0, %eax; ret */
    static const u8 code[] = {0x89, 0x0d, 0x12, 0x00, 0x20, 0x00, 0xe8, 6, 0, 0, 0,   0x01,
                              0xc3, 0x49, 0x75, 0xf0, 0xf4, 0xb8, 0,    0, 0, 0, 0xc3};

    machine_create_with(&options, stop_there);
    machine_put(WRITER_AT, code, sizeof code);
    ck_assert_uint_eq(run_writer(WRITES), WRITES * (WRITES + 1) / 2);
    ck_assert_uint_ge(stat_of("window", "put_off"), WRITES - 20);
    ck_assert_uint_le(cache_stat("chains"), 20);
    machine_destroy();
}
END_TEST

/* --- remapping --- */

/* What is made from other pages stays; what was in the page goes, be it memory or nothing. */
START_TEST(a_remap_takes_its_pages_only)
{
    enum { ELSEWHERE = 0xc0000 };
    struct memory_region *shown;

    machine_create(jits[_i], stop_there);
    shown = memory_map_ram(machine.memory, ELSEWHERE, PAGE_SIZE);
    machine_put(ELSEWHERE, mov_al_5, sizeof mov_al_5);
    machine_put(ELSEWHERE + 2, hlt, sizeof hlt);
    machine_put(STEPS_AT, mov_al_5, sizeof mov_al_5);
    machine_put(STEPS_AT + 2, hlt, sizeof hlt);
    run_at(STEPS_AT);
    ck_assert_uint_eq(run_at(ELSEWHERE) & 0xff, 5);
    memory_place(machine.memory, shown, ELSEWHERE, false);
    ck_assert(memory_has_code(machine.memory, STEPS_AT));
    ck_assert(!memory_has_code(machine.memory, ELSEWHERE));
    ck_assert_uint_eq(cache_stat("flushes"), 0);
    ck_assert_uint_gt(cache_stat("kills"), 0);
    machine_destroy();
}
END_TEST

/* --- sizes --- */

START_TEST(the_largest)
{
    /* Without assembly all code is in the low 2 GiB, beside the counters. */
    size_t size = HOST_ASM ? 1 << 30 : 1 << 28;
    struct exec_options options = {.jit = JIT_TEMPLATE, .cache_size = size, .count = true};

    machine_create_with(&options, stop_there);
    put_steps(MOST_STEPS);
    run_lap();
    machine_destroy();
}
END_TEST

static const u8 *first_code;

static void note_first(struct code_listener *listener, const struct new_code *code)
{
    (void)listener;
    if (!first_code)
        first_code = code->at;
}

/* Does the host give pages before they are touched? Linux does since 5.14. */
static bool gives_pages_ahead(void)
{
    void *page = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool gives = madvise(page, PAGE_SIZE, MADV_POPULATE_WRITE) == 0;

    munmap(page, PAGE_SIZE);
    return gives;
}

/* Behind the first block, of some bytes, there are pages for the next ones. */
START_TEST(pages_come_many_at_a_time)
{
    enum { AHEAD = 100 << 10 };
    struct exec_options options = {.jit = jits[_i], .cache_size = 16 << 20};
    struct code_listener listener = {.added = note_first};
    unsigned char there = 0;

    first_code = NULL;
    machine_create_with(&options, stop_there);
    exec_listen(machine.exec, &listener);
    put_steps(1);
    run_lap();
    ck_assert_ptr_nonnull(first_code);
    uintptr_t page = ((uintptr_t)first_code + AHEAD) & ~(uintptr_t)PAGE_MASK;
    ck_assert_int_eq(mincore((void *)page, PAGE_SIZE, &there), 0);
    ck_assert(!gives_pages_ahead() || there & 1);
    machine_destroy();
}
END_TEST

static Suite *cache_suite(void)
{
    Suite *suite = suite_create("cache");
    TCase *pages = tcase_create("pages");

    tcase_add_loop_test(pages, over_the_top, 0, JITS);
    tcase_add_loop_test(pages, one_page_twice, 0, JITS);
    tcase_add_loop_test(pages, looks_no_further_than_the_block, 0, JITS);
    tcase_add_test(pages, global_pages_keep_their_jumps);
    suite_add_tcase(suite, pages);
    TCase *room = tcase_create("room");
    tcase_set_timeout(room, 120);
    tcase_add_loop_test(room, the_oldest_make_room, 0, SMALL_CACHES);
    tcase_add_loop_test(room, nothing_leads_to_what_made_room, 0, SMALL_CACHES);
    tcase_add_loop_test(room, listeners_know_what_is_there, 0, 2);
    tcase_add_test(room, gdb_forgets_what_made_room);
    tcase_add_loop_test(room, written_over_it_takes_no_more_room, 0, SMALL_CACHES);
    tcase_add_loop_test(room, stores_beside_code_look_at_no_block, 0, JITS);
    tcase_add_loop_test(room, a_store_meets_what_reaches_into_a_page, 0, JITS);
    tcase_add_loop_test(room, its_place_is_the_next_one_s, 0, SMALL_CACHES);
    tcase_add_test(room, written_over_it_has_no_window);
    tcase_add_test(room, written_over_it_foresees_nothing);
    tcase_add_loop_test(room, a_remap_takes_its_pages_only, 0, JITS);
    tcase_add_test(room, the_largest);
    tcase_add_loop_test(room, pages_come_many_at_a_time, 0, 2);
    suite_add_tcase(suite, room);
    return suite;
}

TEST_MAIN(cache_suite)
