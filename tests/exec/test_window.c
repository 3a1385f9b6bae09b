/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stack window: what must end it, and what its check must not do. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "exec/guest.h"
#include "tests/exec/machine.h"

enum { CACHE = 1 << 20 };
static const struct exec_options engines[] = {
    {.jit = JIT_TEMPLATE, .cache_size = CACHE},
    {.jit = JIT_INTERP, .cache_size = CACHE},
    {.jit = JIT_IR, .cache_size = CACHE},
    {.jit = JIT_LOCKSTEP, .cache_size = CACHE},
    {.jit = JIT_LOCKSTEP, .cache_size = CACHE, .lockstep = {JIT_TEMPLATE, JIT_IR}},
    {.jit = JIT_LOCKSTEP, .cache_size = CACHE, .lockstep = {JIT_IR, JIT_TEMPLATE}},
    {.jit = JIT_MIXED, .cache_size = CACHE, .runs = 3},
};
enum { ENGINES = sizeof engines / sizeof *engines };

/*
 * The first 4 MiB are mapped to themselves, STACK and the page above it to any two frames, and
 * DEVICE to a device's, which is above RAM.
 */
enum {
    DIRECTORY = 0x10000,
    TABLE = 0x11000,
    CODE = 0x20000,
    PUSH_POP = 0x21000,
    STACK = 0x40000,
    LOW = 0x80000,
    HIGH = 0x60000,
    OTHER = 0x90000,
    DEVICE = 0x70000,
    REGISTERS = 0x2000000,
    PRESENT = 3,
    ACCESSED = 0x20,
    DIRTY = 0x40,
};

static void stop_there(void)
{
    exec_stop(machine.exec);
}

static void put32(u32 to, u32 value)
{
    machine_put(to, &value, sizeof value);
}

static u32 get32(u32 from)
{
    u32 value;

    machine_get(&value, from, sizeof value);
    return value;
}

static void map(u32 linear, u32 entry)
{
    put32(TABLE + (linear >> 12) * 4, entry);
}

static void start(int engine)
{
    struct cpu *cpu;

    machine_create_with(&engines[engine], stop_there);
    cpu = exec_cpu(machine.exec);
    put32(DIRECTORY, TABLE | PRESENT);
    for (u32 linear = 0; linear < 4 << 20; linear += PAGE_SIZE)
        map(linear, linear | PRESENT);
    map(STACK, LOW | PRESENT);
    map(STACK + PAGE_SIZE, HIGH | PRESENT);
    cpu->cr3 = DIRECTORY;
    cpu->cr0 |= CR0_PG;
    exec_state_changed(machine.exec);
}

/* Runs code up to its HLT, with a stack pointer; EAX then. */
static u32 run_at(u32 eip, u32 esp)
{
    struct cpu *cpu = exec_cpu(machine.exec);

    cpu->core.pc = eip;
    cpu->regs[ESP] = esp;
    exec_run(machine.exec);
    return cpu->regs[EAX];
}

static u32 frame_of(u32 linear)
{
    return (linear < STACK + PAGE_SIZE ? LOW : HIGH) + (linear & PAGE_MASK);
}

/*
 *   push $0x11; push $0x22; mov 4(%esp), %eax; add %eax, (%esp); movb $3, 1(%esp); push %esp
 *   mov %esp, %ebp; movzwl 4(%ebp), %ecx; pop %edx; add $8, %esp; hlt
 */
static const u8 stack_code[] = {
    0x6a, 0x11, 0x6a, 0x22, 0x8b, 0x44, 0x24, 4,    0x01, 0x04, 0x24, 0xc6, 0x44, 0x24,
    1,    3,    0x54, 0x89, 0xe5, 0x0f, 0xb7, 0x4d, 4,    0x5a, 0x83, 0xc4, 8,    0xf4,
};

static void check_stack_code(u32 esp)
{
    const struct cpu *cpu = exec_cpu(machine.exec);

    ck_assert_uint_eq(run_at(CODE, esp), 0x11);
    ck_assert_uint_eq(cpu->regs[ECX], 0x333);
    ck_assert_uint_eq(cpu->regs[EDX], esp - 8);
    ck_assert_uint_eq(cpu->regs[ESP], esp);
    if ((esp & 3) == 0) {
        ck_assert_uint_eq(get32(frame_of(esp - 4)), 0x11);
        ck_assert_uint_eq(get32(frame_of(esp - 8)), 0x333);
        ck_assert_uint_eq(get32(frame_of(esp - 12)), esp - 8);
    }
}

/* Wherever the stack pointer is: within a page, across two whose frames are not neighbours. */
START_TEST(across_pages)
{
    start(_i);
    machine_put(CODE, stack_code, sizeof stack_code);
    for (unsigned lap = 0; lap < 4; lap++)
        for (u32 at = PAGE_SIZE - 24; at <= PAGE_SIZE + 24; at++)
            check_stack_code(STACK + at);
    machine_destroy();
}
END_TEST

/* What the check finds is not the guest's doing: an access that is not made leaves no trace. */
START_TEST(the_check_touches_nothing)
{
    /* test %eax, %eax; jz 1f; push %eax; push %eax; pop %ecx; pop %ecx; 1: hlt */
    static const u8 code[] = {0x85, 0xc0, 0x74, 4, 0x50, 0x50, 0x59, 0x59, 0xf4};
    struct cpu *cpu;

    start(_i);
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, code, sizeof code);
    for (unsigned lap = 0; lap < 4; lap++) {
        cpu->regs[EAX] = 0;
        run_at(CODE, STACK + 0x800);
        ck_assert_uint_eq(get32(TABLE + (STACK >> 12) * 4), LOW | PRESENT);
    }
    map(STACK, 0);
    run_at(CODE, STACK + 0x800);
    map(STACK, LOW | PRESENT);
    cpu->regs[EAX] = 1;
    run_at(CODE, STACK + 0x800);
    ck_assert_uint_eq(get32(TABLE + (STACK >> 12) * 4), LOW | PRESENT | ACCESSED | DIRTY);
    machine_destroy();
}
END_TEST

/*
 * push %ebx; pop %eax; mov -4(%esp), %edx; hlt: the last access before a helper is not by the
 * window, for helpers may look at its address. So most code here has one more.
 */
static const u8 push_pop[] = {0x53, 0x58, 0x8b, 0x54, 0x24, 0xfc, 0xf4};

START_TEST(another_frame)
{
    struct cpu *cpu;

    start(_i);
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, push_pop, sizeof push_pop);
    for (u32 lap = 1; lap < 10; lap++) {
        u32 frame = lap & 1 ? LOW : OTHER, before = get32((lap & 1 ? OTHER : LOW) + 0x7fc);
        map(STACK, frame | PRESENT);
        mem_flush_page(cpu, STACK);
        cpu->regs[EBX] = lap;
        ck_assert_uint_eq(run_at(CODE, STACK + 0x800), lap);
        ck_assert_uint_eq(get32(frame + 0x7fc), lap);
        ck_assert_uint_eq(get32((lap & 1 ? OTHER : LOW) + 0x7fc), before);
    }
    machine_destroy();
}
END_TEST

static void move_stack(u32 value)
{
    map(STACK, (value ? OTHER : LOW) | PRESENT);
    mem_flush_page(exec_cpu(machine.exec), STACK);
}

/* In the midst of a block: by a port that a device answers. */
START_TEST(another_frame_in_the_middle)
{
    /* push %ebx; push %ebx; out %al, $0x80; push %ebx; push %ebx; hlt */
    static const u8 code[] = {0x53, 0x53, 0xe6, 0x80, 0x53, 0x53, 0xf4};
    struct cpu *cpu;

    start(_i);
    machine.port_write = move_stack;
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, code, sizeof code);
    for (u32 lap = 1; lap < 5; lap++) {
        cpu->regs[EAX] = lap & 1;
        cpu->regs[EBX] = lap;
        run_at(CODE, STACK + 0x800);
        ck_assert_uint_eq(get32((lap & 1 ? LOW : OTHER) + 0x7f8), lap);
        ck_assert_uint_eq(get32((lap & 1 ? OTHER : LOW) + 0x7f4), lap);
        ck_assert_uint_eq(get32((lap & 1 ? OTHER : LOW) + 0x7f0), lap);
    }
    machine_destroy();
}
END_TEST

/* A push over the instruction behind it, in the page that was the stack's before it was code's. */
START_TEST(code_in_the_stack_page)
{
    enum { AT = 0x100 };
    /* push $...; mov $1, %al; mov (%esp), %edx; hlt; what is pushed is mov $2, %al; hlt */
    static const u8 code[] = {0x68, 0xb0, 2, 0xf4, 0xf4, 0xb0, 1, 0x8b, 0x14, 0x24, 0xf4};

    start(_i);
    machine_put(CODE, push_pop, sizeof push_pop);
    for (unsigned lap = 0; lap < 5; lap++) {
        run_at(CODE, STACK + 0x800);
        machine_put(LOW + AT, code, sizeof code);
        ck_assert_uint_eq(run_at(STACK + AT, STACK + 0x800) & 0xff, 1);
        ck_assert_uint_eq(run_at(STACK + AT, STACK + AT + 9) & 0xff, 2);
    }
    machine_destroy();
}
END_TEST

/* --- by the guest's own instructions --- */

/* Where two pushes of a lap have gone, each a number of its own. */
static void check_pushes(u32 first, u32 second, u32 lap)
{
    ck_assert_uint_eq(get32(first + 0x7fc), lap);
    ck_assert_uint_eq(get32(second + 0x7f8), lap);
}

/* push %ebx; mov %eax, the entry of STACK; invlpg STACK; jmp 1f; 1: push %ebx; mov (%esp), %edx */
START_TEST(by_invlpg)
{
    static const u8 code[] = {0x53, 0xa3, 0, 0x11, 1, 0,    0x0f, 1,    0x3d, 0,
                              0,    4,    0, 0xeb, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4};
    struct cpu *cpu;

    start(_i);
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, code, sizeof code);
    ck_assert_uint_eq(TABLE + (STACK >> 12) * 4, 0x11100);
    for (u32 lap = 1; lap < 10; lap++) {
        u32 before = lap & 1 ? LOW : OTHER, after = lap & 1 ? OTHER : LOW;
        cpu->regs[EAX] = after | PRESENT;
        cpu->regs[EBX] = lap;
        run_at(CODE, STACK + 0x800);
        check_pushes(before, after, lap);
    }
    machine_destroy();
}
END_TEST

/* push %ebx; mov (%esp), %edx; mov %eax, %cr3; and again: to other tables, in which STACK is
 * elsewhere. */
START_TEST(by_cr3)
{
    enum { OTHER_DIRECTORY = 0x12000, OTHER_TABLE = 0x13000 };
    static const u8 code[] = {0x53, 0x8b, 0x14, 0x24, 0x0f, 0x22, 0xd8,
                              0xeb, 0,    0x53, 0x8b, 0x14, 0x24, 0xf4};
    struct cpu *cpu;

    start(_i);
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, code, sizeof code);
    put32(OTHER_DIRECTORY, OTHER_TABLE | PRESENT);
    for (u32 at = 0; at < PAGE_SIZE; at += 4)
        put32(OTHER_TABLE + at, get32(TABLE + at));
    put32(OTHER_TABLE + (STACK >> 12) * 4, OTHER | PRESENT);
    for (u32 lap = 1; lap < 10; lap++) {
        cpu->regs[EAX] = lap & 1 ? OTHER_DIRECTORY : DIRECTORY;
        cpu->regs[EBX] = lap;
        run_at(CODE, STACK + 0x800);
        check_pushes(lap & 1 ? LOW : OTHER, lap & 1 ? OTHER : LOW, lap);
    }
    machine_destroy();
}
END_TEST

/* A stack of 16 bits wraps at 64 KiB, and leaves the upper half of ESP alone. */
START_TEST(sixteen_bits)
{
    /* push %ebx; push %ebx; pop %eax; pop %eax; hlt */
    static const u8 code[] = {0x53, 0x53, 0x58, 0x58, 0xf4};
    struct cpu *cpu;

    start(_i);
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, code, sizeof code);
    cpu->seg[SS].attr &= (u16)~SEG_D;
    cpu->seg[SS].base = STACK - 0x10000;
    segment_update_bounds(&cpu->seg[SS]);
    exec_state_changed(machine.exec);
    for (u32 lap = 1; lap < 4; lap++) {
        static const u32 from[] = {0x12340000, 0xffff1000, 0x50002, 2, 0};
        for (unsigned i = 0; i < sizeof from / sizeof *from; i++) {
            u32 at = cpu->seg[SS].base + ((from[i] - 4) & 0xffff);
            cpu->regs[EBX] = lap * 0x1010101 + i;
            ck_assert_uint_eq(run_at(CODE, from[i]), cpu->regs[EBX]);
            ck_assert_uint_eq(cpu->regs[ESP], from[i]);
            if ((from[i] & 0xffff) != 2) /* across the top it is in two places */
                ck_assert_uint_eq(get32(at), cpu->regs[EBX]);
        }
    }
    machine_destroy();
}
END_TEST

/* --- privileges --- */

static bool has_faulted;

static void note_fault(void)
{
    has_faulted = true;
    exec_stop(machine.exec);
}

static void stop_at_port(u32 value)
{
    (void)value;
    exec_stop(machine.exec);
}

static void set_privilege(struct cpu *cpu, u32 cpl)
{
    cpu->cpl = cpl;
    cpu->eflags |= FLAG_IOPL;
    for (unsigned i = 0; i < SEGMENTS; i++) {
        struct segment *s = &cpu->seg[i];
        s->selector = (u16)((s->selector & ~3u) | cpl);
        s->attr = (u16)((s->attr & ~(3u << SEG_DPL_SHIFT)) | cpl << SEG_DPL_SHIFT);
    }
    i386_guest.changed(&cpu->core); /* no flush, as a gate does none */
}

/*
 * What the supervisor may do in its window the user may not: there is no IDT, so that a fault
 * resets the machine.
 */
START_TEST(of_each_privilege_its_own)
{
    enum { USER = 4, READ_ONLY = 1 };
    /* push %ebx; pop %eax; mov -4(%esp), %edx; out %al, $0x80 */
    static const u8 code[] = {0x53, 0x58, 0x8b, 0x54, 0x24, 0xfc, 0xe6, 0x80};
    struct cpu *cpu;

    start(_i);
    cpu = exec_cpu(machine.exec);
    machine.port_write = stop_at_port;
    machine.reset = note_fault;
    machine_put(CODE, code, sizeof code);
    map(CODE, CODE | PRESENT | USER);
    put32(DIRECTORY, TABLE | PRESENT | USER);
    for (u32 lap = 0; lap < 6; lap++) {
        map(STACK, LOW | (lap & 1 ? PRESENT : READ_ONLY | USER)); /* no CR0.WP */
        mem_flush_page(cpu, STACK);
        set_privilege(cpu, 0);
        has_faulted = false;
        cpu->regs[EBX] = lap;
        for (u32 i = 0; i < 3; i++)
            ck_assert_uint_eq(run_at(CODE, STACK + 0x800), lap);
        ck_assert(!has_faulted);
        set_privilege(cpu, 3);
        cpu->regs[EAX] = cpu->cr2 = 0;
        run_at(CODE, STACK + 0x800);
        ck_assert(has_faulted);
        ck_assert_uint_eq(cpu->cr2, STACK + 0x7fc);
        ck_assert_uint_eq(cpu->regs[EAX], 0);
        cpu->core.raised = false;
    }
    machine_destroy();
}
END_TEST

/* --- A20 --- */

static void change_a20(u32 value)
{
    exec_a20_line(machine.exec, value & 1);
}

/* Likewise with out %al, $0x80, the stack in the second MiB. */
START_TEST(by_a20)
{
    enum { MIB = 1 << 20 };
    static const u8 code[] = {0x53, 0x8b, 0x14, 0x24, 0xe6, 0x80, 0xeb,
                              0,    0x53, 0x8b, 0x14, 0x24, 0xf4};
    struct cpu *cpu;

    start(_i);
    machine.port_write = change_a20;
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, code, sizeof code);
    for (u32 lap = 1; lap < 10; lap++) {
        cpu->regs[EAX] = lap & 1;
        cpu->regs[EBX] = lap;
        map(STACK, (LOW + MIB) | PRESENT);
        run_at(CODE, STACK + 0x800);
        check_pushes(LOW + (lap > 1 && lap & 1 ? 0 : MIB), LOW + (lap & 1 ? MIB : 0), lap);
    }
    machine_destroy();
}
END_TEST

/* --- devices --- */

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

    start(engine);
    machine_put(CODE, fninit, sizeof fninit);
    run_at(CODE, STACK + 0x800);
    memset(&device, 0, sizeof device);
    ck_assert_ptr_nonnull(
        memory_map_io(machine.memory, REGISTERS, PAGE_SIZE, device_read, device_write, NULL));
    machine_put(PUSH_POP, push_pop, sizeof push_pop);
    device.cover = memory_map_ram(machine.memory, LOW, PAGE_SIZE);
    ck_assert_ptr_nonnull(device.cover);
    memory_place(machine.memory, device.cover, LOW, false);
    map(DEVICE, REGISTERS | PRESENT);
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
    /* movd %mm0, DEVICE */
    {{0x53, 0x0f, 0x7e, 5, 0, 0, 7, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 13, 0x7f8, 0, 0, 1},
    /* xchg %ecx, DEVICE */
    {{0x53, 0x87, 0x0d, 0, 0, 7, 0, 0x53, 0x8b, 0x14, 0x24, 0xf4}, 12, 0x7f8, 0, 1, 1},
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
    const struct device_case *c = &device_cases[_i / ENGINES];

    start_with_device(_i % ENGINES);
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

/* --- code on the stack --- */

static const u8 *dma_bytes;

static void do_dma(u32 value)
{
    (void)value;
    machine_put(LOW + 0x106, dma_bytes, 2);
}

/* A device stores over code in the stack's page: behind it is run what it has stored. */
START_TEST(dma_into_code_on_the_stack)
{
    /* push %ebx; mov (%esp), %edx; out %al, $0x80; mov $1, %al; hlt */
    static const u8 code[] = {0x53, 0x8b, 0x14, 0x24, 0xe6, 0x80, 0xb0, 1, 0xf4};
    static const u8 other[][2] = {{0xb0, 2}, {0xb0, 3}};
    struct cpu *cpu;

    start(_i);
    machine.port_write = do_dma;
    cpu = exec_cpu(machine.exec);
    for (u32 lap = 0; lap < 10; lap++) {
        dma_bytes = other[lap & 1];
        machine_put(CODE, push_pop, sizeof push_pop);
        cpu->regs[EBX] = lap;
        ck_assert_uint_eq(run_at(CODE, STACK + 0x800), lap);
        machine_put(LOW + 0x100, code, sizeof code);
        run_at(STACK + 0x100, STACK + 0x800);
        ck_assert_uint_eq(cpu->regs[EDX], lap);
        ck_assert_uint_eq(run_at(STACK + 0x106, STACK + 0x800) & 0xff, 2 + (lap & 1));
    }
    machine_destroy();
}
END_TEST

/* push %edx; pop %eax, in a page that was the stack's alone; and written to as a stack is. */
START_TEST(code_comes_into_the_page)
{
    /* movb $0x53, -0x700(%esp); push %ecx; pop %ecx; hlt: push %edx becomes push %ebx */
    static const u8 writer[] = {0xc6, 0x84, 0x24, 0, 0xf9, 0xff, 0xff, 0x53, 0x51, 0x59, 0xf4};
    static const u8 code[] = {0x52, 0x58, 0xf4};
    struct cpu *cpu;

    start(_i);
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, writer, sizeof writer);
    cpu->regs[EBX] = 11;
    cpu->regs[EDX] = 22;
    for (u32 lap = 0; lap < 10; lap++) {
        machine_put(LOW + 0x100, code, sizeof code);
        for (u32 i = 0; i < lap % 3; i++) /* the second time by the window */
            run_at(CODE, STACK + 0x900);
        ck_assert_uint_eq(run_at(STACK + 0x100, STACK + 0x700), 22);
        run_at(CODE, STACK + 0x800);
        ck_assert_uint_eq(run_at(STACK + 0x100, STACK + 0x700), 11);
    }
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

/*
 * 1: test $MASK, %cl; jnz 2f; xor $0x1000, %esp; 2: jmp 3f; 3: push %ecx; pop %edx; loop 1b; hlt:
 * the check of 3 fails whenever the stack has been put into the other page.
 */
static u64 blocks_made_without(int engine, u8 mask)
{
    const u8 code[] = {0xf6, 0xc1, mask, 0x75, 6,    0x81, 0xf4, 0,    0x10,
                       0,    0,    0xeb, 0,    0x51, 0x5a, 0xe2, 0xef, 0xf4};
    struct cpu *cpu;
    u64 made;

    start(engine);
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, code, sizeof code);
    cpu->regs[ECX] = 100000;
    run_at(CODE, STACK + 0x800);
    ck_assert_uint_eq(cpu->regs[EDX], 1);
    made = window_stat("without");
    machine_destroy();
    return made;
}

START_TEST(often_failed)
{
    ck_assert_uint_eq(blocks_made_without(_i, 0), 1);
    ck_assert_uint_eq(blocks_made_without(_i, 1), 1);
    ck_assert_uint_eq(blocks_made_without(_i, 15), 0);
    ck_assert_uint_eq(blocks_made_without(_i, 127), 0);
}
END_TEST

/* Where there can never be a window; and where the device was in the way once. */
START_TEST(never_a_window)
{
    /* 1: push %ecx; pop %edx; loop 1b; hlt */
    static const u8 code[] = {0x51, 0x5a, 0xe2, 0xfc, 0xf4};
    struct cpu *cpu;

    start(_i);
    cpu = exec_cpu(machine.exec);
    machine_put(LOW + 0x100, code, sizeof code);
    cpu->regs[ECX] = 10000;
    run_at(STACK + 0x100, STACK + 0x800);
    ck_assert_uint_eq(cpu->regs[EDX], 1);
    ck_assert_uint_eq(window_stat("without"), 1);
    machine_destroy();
    start_with_device(_i);
    machine_put(CODE, device_cases[0].code, device_cases[0].size);
    for (u32 lap = 1; lap < 10; lap++)
        run_device_case(&device_cases[0], lap);
    ck_assert_uint_eq(window_stat("left"), 1);
    ck_assert_uint_eq(window_stat("without"), 1);
    machine_destroy();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("window");
    TCase *c = tcase_create("window");

    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, across_pages, 0, ENGINES);
    tcase_add_loop_test(c, the_check_touches_nothing, 0, ENGINES);
    tcase_add_loop_test(c, another_frame, 0, ENGINES);
    tcase_add_loop_test(c, another_frame_in_the_middle, 0, ENGINES);
    tcase_add_loop_test(c, code_in_the_stack_page, 0, ENGINES);
    tcase_add_loop_test(c, by_invlpg, 0, ENGINES);
    tcase_add_loop_test(c, by_cr3, 0, ENGINES);
    tcase_add_loop_test(c, sixteen_bits, 0, ENGINES);
    tcase_add_loop_test(c, of_each_privilege_its_own, 0, ENGINES);
    tcase_add_loop_test(c, by_a20, 0, ENGINES);
    tcase_add_loop_test(c, moved_by_a_device, 0, DEVICE_CASES * ENGINES);
    tcase_add_loop_test(c, protected_by_a_device, 0, ENGINES);
    tcase_add_loop_test(c, in_a_watched_page, 0, ENGINES);
    tcase_add_loop_test(c, stack_in_a_device, 0, ENGINES);
    tcase_add_loop_test(c, a_loop_with_a_device, 0, ENGINES);
    tcase_add_loop_test(c, dma_into_code_on_the_stack, 0, ENGINES);
    tcase_add_loop_test(c, code_comes_into_the_page, 0, ENGINES);
    tcase_add_test(c, often_failed);
    tcase_add_test(c, never_a_window);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
