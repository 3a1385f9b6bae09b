/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stack window and devices, which change what is where; and which blocks do without it. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "ops/i386/table.h"
#include "tests/exec/window.h"

/*
 * A device that at its first access of a run shows another page of RAM in the place of LOW, or
 * takes it away again, or protects it.
 */
static struct {
    struct memory_region *cover;
    void (*act)(void);
    unsigned reads, writes; /* of bytes, words and so on */
    u32 written;
} device;

static void act_once(void)
{
    void (*act)(void) = device.act;

    device.act = NULL;
    if (act)
        act();
}

static u32 device_read(void *owner, u32 offset, unsigned size)
{
    (void)owner, (void)offset, (void)size;
    device.reads++;
    act_once();
    return 0x5a;
}

static void device_write(void *owner, u32 offset, u32 value, unsigned size)
{
    (void)owner, (void)offset, (void)size;
    device.writes++;
    device.written = value;
    act_once();
}

static void start_with_device(int engine)
{
    static const u8 fninit[] = {0xdb, 0xe3, 0xf4};

    window_start(engine);
    machine_put(CODE, fninit, sizeof fninit);
    run_at(CODE, STACK + 0x800);
    memset(&device, 0, sizeof device);
    ck_assert_ptr_nonnull(
        memory_map_io(machine.memory, REGISTERS, PAGE_SIZE, device_read, device_write, NULL));
    machine_put(PUSH_POP, push_pop, sizeof push_pop);
    device.cover = memory_map_ram(machine.memory, LOW, PAGE_SIZE);
    ck_assert_ptr_nonnull(device.cover);
    memory_place(machine.memory, device.cover, LOW, false);
    window_map(DEVICE, REGISTERS | PRESENT);
}

static u32 under_cover(u32 at)
{
    u32 value;

    memcpy(&value, memory_region_host(device.cover) + at, sizeof value);
    return value;
}

static void cover(void)
{
    memory_place(machine.memory, device.cover, LOW, true);
}

static void take_cover_away(void)
{
    memory_place(machine.memory, device.cover, LOW, false);
}

/*
 * push %ebx, an access to the device, push %ebx, mov (%esp), %edx, hlt: the last push goes to where
 * the stack is from the access on. What the instruction itself pushes is beneath what the stack has
 * been read for.
 */
struct device_case {
    u8 code[20];
    u8 size;
    u16 last;               /* offset of the last push, */
    u16 between;            /* and of one that the access itself does; or 0 */
    unsigned reads, writes; /* of the device */
};
static const struct device_case device_cases[] = {
    /* mov %eax, DEVICE */
    {{0x53, 0xa3, 0, 0, 7, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 11, 0x7f8, 0, 0, 1},
    /* mov DEVICE, %eax */
    {{0x53, 0xa1, 0, 0, 7, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 11, 0x7f8, 0, 1, 0},
    /* movb $1, DEVICE */
    {{0x53, 0xc6, 5, 0, 0, 7, 0, 1, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 13, 0x7f8, 0, 0, 1},
    /* add %ecx, DEVICE */
    {{0x53, 1, 0x0d, 0, 0, 7, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 12, 0x7f8, 0, 1, 1},
    /* push DEVICE */
    {{0x53, 0xff, 0x35, 0, 0, 7, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 12, 0x7f4, 0x7f8, 1, 0},
    /* push %ebx; pop DEVICE */
    {{0x53, 0x53, 0x8f, 5, 0, 0, 7, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 13, 0x7f8, 0, 0, 1},
    /* mov %eax, DEVICE - 2: two bytes in RAM */
    {{0x53, 0xa3, 0xfe, 0xff, 6, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 11, 0x7f8, 0, 0, 2},
    /* fldz; fstps DEVICE */
    {{0x53, 0xd9, 0xee, 0xd9, 0x1d, 0, 0, 7, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 14, 0x7f8, 0, 0, 1},
    /* fldz; fstpl DEVICE - 4: half of it in RAM; fildll DEVICE */
    {{0x53, 0xd9, 0xee, 0xdd, 0x1d, 0xfc, 0xff, 6, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4},
     14,
     0x7f8,
     0,
     0,
     4},
    {{0x53, 0xdf, 0x2d, 0, 0, 7, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 12, 0x7f8, 0, 2, 0},
    /* movd %mm0, DEVICE */
    {{0x53, 0x0f, 0x7e, 5, 0, 0, 7, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 13, 0x7f8, 0, 0, 1},
    /* xchg %ecx, DEVICE */
    {{0x53, 0x87, 0x0d, 0, 0, 7, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 12, 0x7f8, 0, 1, 1},
    /* push %ebx; pop %eax; mov %eax, DEVICE; jmp 1f; 1: */
    {{0x53, 0x53, 0x58, 0xa3, 0, 0, 7, 0, 0xeb, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4},
     15,
     0x7f8,
     0,
     0,
     1},
    /* mov $DEVICE, %edi; stosl */
    {{0x53, 0xbf, 0, 0, 7, 0, 0xab, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 12, 0x7f8, 0, 0, 1},
};
enum { DEVICE_CASES = sizeof device_cases / sizeof *device_cases };

static void run_device_case(const struct device_case *c, u32 lap)
{
    struct cpu *cpu = exec_cpu(machine.exec);
    bool covers = lap & 1;

    put32(LOW + c->last, 0);
    memset(memory_region_host(device.cover), 0, PAGE_SIZE);
    device.reads = device.writes = 0;
    device.act = covers ? cover : take_cover_away;
    cpu->regs[EBX] = 0;
    run_at(PUSH_POP, STACK + 0x800); /* now the page is in the TLB */
    cpu->regs[EBX] = lap;
    run_at(CODE, STACK + 0x800);
    ck_assert_uint_eq(device.reads, c->reads);
    ck_assert_uint_eq(device.writes, c->writes);
    ck_assert_uint_eq(covers ? under_cover(c->last) : get32(LOW + c->last), lap);
    ck_assert_uint_eq(covers ? under_cover(0x7fc) : get32(LOW + 0x7fc), covers ? 0 : lap - 1);
    if (c->between)
        ck_assert_uint_eq(covers ? under_cover(c->between) : get32(LOW + c->between), 0x5a);
    if (!covers)
        ck_assert_uint_eq(under_cover(0x7fc), lap);
}

START_TEST(moved_by_a_device)
{
    const struct device_case *c = &device_cases[_i / WINDOW_ENGINES];

    start_with_device(_i % WINDOW_ENGINES);
    machine_put(CODE, c->code, c->size);
    for (u32 lap = 1; lap < 10; lap++)
        run_device_case(c, lap);
    machine_destroy();
}
END_TEST

static void protect_cover(void)
{
    memory_protect(machine.memory, device.cover, false);
}

/* push %ebx; mov %eax, DEVICE; push %ebx; pop %eax; hlt: the second is to ROM, then */
START_TEST(protected_by_a_device)
{
    static const u8 code[] = {0x53, 0xa3, 0, 0, 7, 0, 0x53, 0x58, 0xf4};
    struct cpu *cpu;

    start_with_device(_i);
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, code, sizeof code);
    cover();
    for (u32 lap = 1; lap < 6; lap++) {
        memory_protect(machine.memory, device.cover, true);
        run_at(PUSH_POP, STACK + 0x800);
        put32(LOW + 0x7f8, 0x1234);
        device.act = protect_cover;
        cpu->regs[EBX] = lap;
        ck_assert_uint_eq(run_at(CODE, STACK + 0x800), 0x1234);
        ck_assert_uint_eq(under_cover(0x7fc), lap);
        ck_assert_uint_eq(under_cover(0x7f8), 0x1234);
    }
    machine_destroy();
}
END_TEST

/* Stores to a page that is watched are seen, the first after each look. */
START_TEST(in_a_watched_page)
{
    start_with_device(_i);
    cover();
    ck_assert(memory_watch(machine.memory, device.cover));
    for (u32 lap = 1; lap < 10; lap++) {
        uint64_t pages = 0;
        for (u32 i = 0; i < lap; i++)
            run_at(PUSH_POP, STACK + 0x800);
        ck_assert(memory_take_dirty(machine.memory, device.cover, &pages));
        ck_assert_uint_eq(pages, 1);
        ck_assert(!memory_take_dirty(machine.memory, device.cover, &pages));
    }
    machine_destroy();
}
END_TEST

/* A stack in a device's page: each access is one of the device. */
START_TEST(stack_in_a_device)
{
    /* push %ebx; mov $DEVICE + 0x100, %esp; push %ebx; pop %eax; mov %ecx, %esp; pop %edx; hlt */
    static const u8 code[] = {0x53, 0xbc, 0, 1, 7, 0, 0x53, 0x58, 0x89, 0xcc, 0x5a, 0xf4};
    struct cpu *cpu;

    start_with_device(_i);
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, code, sizeof code);
    for (u32 lap = 1; lap < 10; lap++) {
        device.reads = device.writes = 0;
        cpu->regs[EBX] = lap;
        cpu->regs[ECX] = STACK + 0x7fc;
        ck_assert_uint_eq(run_at(CODE, STACK + 0x800), 0x5a);
        ck_assert_uint_eq(cpu->regs[EDX], lap);
        ck_assert_uint_eq(device.written, lap);
        ck_assert_uint_eq(device.reads, 1);
        ck_assert_uint_eq(device.writes, 1);
    }
    for (u32 lap = 1; lap < 10; lap++) {
        device.reads = device.writes = 0;
        cpu->regs[EBX] = lap;
        machine_put(CODE, push_pop, sizeof push_pop);
        ck_assert_uint_eq(run_at(CODE, DEVICE + 0x100), 0x5a);
        ck_assert_uint_eq(device.reads, 2);
        ck_assert_uint_eq(device.writes, 1);
    }
    machine_destroy();
}
END_TEST

/* A device's access in a loop: the block does without from then on, and nothing else changes. */
START_TEST(a_loop_with_a_device)
{
    /* 1: push %ecx; inc %eax; mov %eax, DEVICE; adc %edx, (%esp); pop %edx; dec %ecx; jnz 1b; hlt
     */
    static const u8 code[] = {0x51, 0x40, 0xa3, 0,    0,    7,    0,   0x11,
                              0x14, 0x24, 0x5a, 0x49, 0x75, 0xf2, 0xf4};
    enum { LAPS = 1000 };
    struct cpu *cpu;
    u32 sum = 7;

    start_with_device(_i);
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, code, sizeof code);
    cpu->regs[EAX] = 0;
    cpu->regs[ECX] = LAPS;
    cpu->regs[EDX] = 7;
    ck_assert_uint_eq(run_at(CODE, STACK + 0x800), LAPS);
    for (u32 n = LAPS; n; n--)
        sum += n;
    ck_assert_uint_eq(cpu->regs[EDX], sum);
    ck_assert_uint_eq(device.writes, LAPS);
    machine_destroy();
}
END_TEST

/* --- blocks that do without --- */

static u64 window_stat(const char *name)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);

    ck_assert(exec_write_stats(machine.exec, to));
    fclose(to);
    json_t *stats = json_loads(text, 0, NULL);
    const json_t *found = json_object_get(json_object_get(stats, "window"), name);
    ck_assert_msg(json_is_integer(found), "%s", name);
    u64 n = (u64)json_integer_value(found);
    json_decref(stats);
    free(text);
    return n;
}

/* What was counted of windows is `n`; nothing, where micro-ops are C and none goes by a window. */
static void expect_window(const char *name, u64 n)
{
    ck_assert_msg(window_stat(name) == (i386_uops.window.form ? n : 0), "%s: %llu, not %llu", name,
                  (unsigned long long)window_stat(name), (unsigned long long)n);
}

/*
 * 1: test $MASK, %cl; jnz 2f; xor $0x1000, %esp; 2: jmp 3f; 3: push %ecx; pop %edx; loop 1b; hlt:
 * the check of 3 fails whenever the stack has been put into the other page.
 */
static void run_between_pages(int engine, u8 mask, u64 made_without)
{
    const u8 code[] = {0xf6, 0xc1, mask, 0x75, 6,    0x81, 0xf4, 0,    0x10,
                       0,    0,    0xeb, 0,    0x51, 0x5a, 0xe2, 0xef, 0xf4};
    struct cpu *cpu;

    window_start(engine);
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, code, sizeof code);
    cpu->regs[ECX] = 100000;
    run_at(CODE, STACK + 0x800);
    ck_assert_uint_eq(cpu->regs[EDX], 1);
    expect_window("without", made_without);
    machine_destroy();
}

START_TEST(often_failed)
{
    run_between_pages(_i, 0, 1);
    run_between_pages(_i, 1, 1);
    run_between_pages(_i, 15, 0);
    run_between_pages(_i, 127, 0);
}
END_TEST

/*
 * What is behind the jump is entered past its check if it uses no more of the window than is
 * known to be there; wherever the stack pointer is, and in every engine.
 */
static const struct {
    u8 code[24];
    u8 size, lowest, passed;
} jumps[] = {
    /* push %ebx; push %ebx; pop %eax; jmp 1f; 1: push %eax; mov (%esp), %edx; pop %ecx; pop %ecx;
     * mov -4(%esp), %ecx; hlt */
    {{0x53, 0x53, 0x58, 0xeb, 0, 0x50, 0x8b, 0x14, 0x24, 0x59, 0x59, 0x8b, 0x4c, 0x24, 0xfc, 0xf4},
     16,
     8,
     1},
    /* the same, with push %eax twice behind the jump */
    {{0x53, 0x53, 0x58, 0xeb, 0, 0x50, 0x50, 0x8b, 0x14, 0x24, 0x59, 0x59, 0x59, 0x8b, 0x4c, 0x24,
      0xfc, 0xf4},
     18,
     12,
     0},
    /* push %ebx; push %ebx; pop %eax; pop %edx; jmp 1f; 1: mov 4(%esp), %ecx; mov -4(%esp), %ecx;
     * hlt: the first is above */
    {{0x53, 0x53, 0x58, 0x5a, 0xeb, 0, 0x8b, 0x4c, 0x24, 4, 0x8b, 0x4c, 0x24, 0xfc, 0xf4},
     15,
     8,
     0},
    /* push %ebx; push %ebx; pop %eax; pop %edx; mov %esp, %ecx; mov %ecx, %esp; xchg %esp, %ecx;
     * jmp 1f; 1: push %edx; mov -4(%esp), %ecx; pop %ecx; hlt: where it is is not known */
    {{0x53, 0x53, 0x58, 0x5a, 0x89, 0xe1, 0x87, 0xcc, 0xeb, 0, 0x52, 0x8b, 0x4c, 0x24, 0xfc, 0x59,
      0xf4},
     17,
     8,
     0},
    /* push %ebx; call 1f; call 1f; pop %ecx; mov -4(%esp), %ecx; hlt; 1: push %ebx; pop %eax;
     * mov 4(%esp), %edx; ret: the first time, where it is expected */
    {{0x53, 0xe8, 11,   0,    0,    0,    0xe8, 6,    0,    0,    0, 0x59,
      0x8b, 0x4c, 0x24, 0xfc, 0xf4, 0x53, 0x58, 0x8b, 0x54, 0x24, 4, 0xc3},
     24,
     12,
     1},
    /* mov $2f, %eax; jmp 1f; 1: push %ebx; call *%eax; 2: mov 4(%esp), %eax; mov %eax, (%esp);
     * pop %edx; pop %ecx; mov -4(%esp), %ecx; hlt */
    {{0xb8, 10, 0,    2,    0,    0xeb, 0,    0x53, 0xff, 0xd0, 0x8b, 0x44,
      0x24, 4,  0x89, 0x04, 0x24, 0x5a, 0x59, 0x8b, 0x4c, 0x24, 0xfc, 0xf4},
     24,
     8,
     1},
};
enum { JUMPS = sizeof jumps / sizeof *jumps };

static void run_jump(unsigned which, u32 esp, u32 value)
{
    struct cpu *cpu = exec_cpu(machine.exec);
    u32 lowest = esp - jumps[which].lowest;

    put32(window_frame(lowest), 0);
    cpu->regs[EBX] = value;
    ck_assert_uint_eq(run_at(CODE, esp), value);
    ck_assert_uint_eq(cpu->regs[EDX], value);
    ck_assert_uint_eq(cpu->regs[ECX], value);
    ck_assert_uint_eq(cpu->regs[ESP], esp);
    ck_assert_uint_eq(get32(window_frame(lowest)), value);
}

START_TEST(past_the_check)
{
    unsigned which = (unsigned)_i / WINDOW_ENGINES, engine = (unsigned)_i % WINDOW_ENGINES;

    window_start((int)engine);
    machine_put(CODE, jumps[which].code, jumps[which].size);
    for (u32 lap = 1; lap < 4; lap++)
        run_jump(which, STACK + 0x800, lap);
    if (engine == 0)
        expect_window("passed", jumps[which].passed);
    for (u32 lap = 1; lap < 4; lap++)
        for (u32 at = PAGE_SIZE - 24; at <= PAGE_SIZE + 24; at += 4)
            run_jump(which, STACK + at, lap * PAGE_SIZE + at);
    machine_destroy();
}
END_TEST

/* Where there can never be a window. */
START_TEST(never_a_window)
{
    /* 1: push %ecx; pop %edx; loop 1b; hlt */
    static const u8 code[] = {0x51, 0x5a, 0xe2, 0xfc, 0xf4};
    struct cpu *cpu;

    window_start(_i);
    cpu = exec_cpu(machine.exec);
    machine_put(LOW + 0x100, code, sizeof code);
    cpu->regs[ECX] = 10000;
    run_at(STACK + 0x100, STACK + 0x800);
    ck_assert_uint_eq(cpu->regs[EDX], 1);
    expect_window("without", 1);
    machine_destroy();
}
END_TEST

/* Where a device was in the way once: whatever has reached it, it is this block that is changed. */
START_TEST(without_a_window_from_then_on)
{
    const struct device_case *c = &device_cases[_i];

    start_with_device(0);
    machine_put(CODE, c->code, c->size);
    for (u32 lap = 1; lap < 10; lap++)
        run_device_case(c, lap);
    expect_window("left", 1);
    expect_window("without", 1);
    machine_destroy();
}
END_TEST

Suite *window_device_suite(void)
{
    Suite *suite = suite_create("window and devices");
    TCase *c = tcase_create("window and devices");

    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, moved_by_a_device, 0, DEVICE_CASES * WINDOW_ENGINES);
    tcase_add_loop_test(c, protected_by_a_device, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, in_a_watched_page, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, stack_in_a_device, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, a_loop_with_a_device, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, past_the_check, 0, JUMPS * WINDOW_ENGINES);
    tcase_add_test(c, often_failed);
    tcase_add_test(c, never_a_window);
    tcase_add_loop_test(c, without_a_window_from_then_on, 0, DEVICE_CASES);
    suite_add_tcase(suite, c);
    return suite;
}
