/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stack window: what must end it, and what its check must not do. */
#include <stdlib.h>

#include "exec/guest.h"
#include "tests/exec/window.h"
#include "tests/suites.h"

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
        ck_assert_uint_eq(get32(window_frame(esp - 4)), 0x11);
        ck_assert_uint_eq(get32(window_frame(esp - 8)), 0x333);
        ck_assert_uint_eq(get32(window_frame(esp - 12)), esp - 8);
    }
}

/* Wherever the stack pointer is: within a page, across two whose frames are not neighbours. */
START_TEST(across_pages)
{
    window_start(_i);
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

    window_start(_i);
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, code, sizeof code);
    for (unsigned lap = 0; lap < 4; lap++) {
        cpu->regs[EAX] = 0;
        run_at(CODE, STACK + 0x800);
        ck_assert_uint_eq(get32(TABLE + (STACK >> 12) * 4), LOW | PRESENT);
    }
    window_map(STACK, 0);
    run_at(CODE, STACK + 0x800);
    window_map(STACK, LOW | PRESENT);
    cpu->regs[EAX] = 1;
    run_at(CODE, STACK + 0x800);
    ck_assert_uint_eq(get32(TABLE + (STACK >> 12) * 4), LOW | PRESENT | ACCESSED | DIRTY);
    machine_destroy();
}
END_TEST

START_TEST(another_frame)
{
    struct cpu *cpu;

    window_start(_i);
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, push_pop, sizeof push_pop);
    for (u32 lap = 1; lap < 10; lap++) {
        u32 frame = lap & 1 ? LOW : OTHER, before = get32((lap & 1 ? OTHER : LOW) + 0x7fc);
        window_map(STACK, frame | PRESENT);
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
    window_map(STACK, (value ? OTHER : LOW) | PRESENT);
    mem_flush_page(exec_cpu(machine.exec), STACK);
}

/* In the midst of a block: by a port that a device answers. */
START_TEST(another_frame_in_the_middle)
{
    /* push %ebx; push %ebx; out %al, $0x80; push %ebx; push %ebx; hlt */
    static const u8 code[] = {0x53, 0x53, 0xe6, 0x80, 0x53, 0x53, 0xf4};
    struct cpu *cpu;

    window_start(_i);
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

    window_start(_i);
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

    window_start(_i);
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

    window_start(_i);
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

    window_start(_i);
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

    window_start(_i);
    cpu = exec_cpu(machine.exec);
    machine.port_write = stop_at_port;
    machine.reset = note_fault;
    machine_put(CODE, code, sizeof code);
    window_map(CODE, CODE | PRESENT | USER);
    put32(DIRECTORY, TABLE | PRESENT | USER);
    for (u32 lap = 0; lap < 6; lap++) {
        window_map(STACK, LOW | (lap & 1 ? PRESENT : READ_ONLY | USER)); /* no CR0.WP */
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

    window_start(_i);
    machine.port_write = change_a20;
    cpu = exec_cpu(machine.exec);
    machine_put(CODE, code, sizeof code);
    for (u32 lap = 1; lap < 10; lap++) {
        cpu->regs[EAX] = lap & 1;
        cpu->regs[EBX] = lap;
        window_map(STACK, (LOW + MIB) | PRESENT);
        run_at(CODE, STACK + 0x800);
        check_pushes(LOW + (lap > 1 && lap & 1 ? 0 : MIB), LOW + (lap & 1 ? MIB : 0), lap);
    }
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

    window_start(_i);
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

    window_start(_i);
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

/* --- x87, MMX and SSE --- */

/* What the host's vectors must have is asked of them here, too: #GP, which resets the machine. */
START_TEST(aligned_or_not)
{
    /* push %ebx; movaps -32(%esp), %xmm1; movaps %xmm1, -64(%esp); out %al, $0x80 */
    static const u8 code[] = {0x53, 0x0f, 0x28, 0x4c, 0x24, 0xe0, 0x0f,
                              0x29, 0x4c, 0x24, 0xc0, 0xe6, 0x80};
    struct cpu *cpu;

    window_start(_i);
    cpu = exec_cpu(machine.exec);
    cpu->cr4 |= CR4_OSFXSR;
    exec_state_changed(machine.exec);
    machine.port_write = stop_at_port;
    machine.reset = note_fault;
    machine_put(CODE, code, sizeof code);
    for (u32 lap = 0; lap < 24; lap++) {
        u32 esp = STACK + 0x904 + (lap % 5 == 3 ? 8 : 0);
        has_faulted = false;
        cpu->regs[EBX] = lap;
        for (u32 i = 0; i < 4; i++) {
            put32(LOW + 0x8e0 + i * 4, lap * 16 + i);
            put32(LOW + 0x8c0 + i * 4, 0);
        }
        run_at(CODE, esp);
        ck_assert_uint_eq(get32(window_frame(esp - 4)), lap);
        ck_assert_int_eq(has_faulted, esp % 16 != 4);
        for (u32 i = 0; i < 4; i++)
            ck_assert_uint_eq(get32(LOW + 0x8c0 + i * 4), has_faulted ? 0 : lap * 16 + i);
        cpu->core.raised = false;
    }
    machine_destroy();
}
END_TEST

/*
 * fninit; shrd $12, %ebx, %esi: the host's register has something above its 32 bits, which is no
 * part of an address; fildl (%esi); fistpl -4(%esi); movd (%esi), %mm1; movd %mm1, 4(%esi); movq
 * (%esi), %xmm1; movq %xmm1, 8(%esi); emms; fildl (,%esi); fistpl 16(,%esi); hlt
 */
START_TEST(something_above_in_the_host)
{
    static const u8 code[] = {
        0xdb, 0xe3, 0x0f, 0xac, 0xde, 12,   0xdb, 6,    0xdb, 0x5e, 0xfc, 0x0f, 0x6e, 0x0e, 0x0f,
        0x7e, 0x4e, 4,    0xf3, 0x0f, 0x7e, 0x0e, 0x66, 0x0f, 0xd6, 0x4e, 8,    0x0f, 0x77, 0xdb,
        0x04, 0x35, 0,    0,    0,    0,    0xdb, 0x1c, 0x35, 16,   0,    0,    0,    0xf4,
    };
    static const u32 at[] = {0x7fc, 0x804, 0x808, 0x80c, 0x810};
    struct cpu *cpu;

    window_start(_i);
    cpu = exec_cpu(machine.exec);
    cpu->cr4 |= CR4_OSFXSR;
    exec_state_changed(machine.exec);
    machine_put(CODE, code, sizeof code);
    for (u32 lap = 1; lap < 4; lap++) {
        put32(LOW + 0x800, lap);
        cpu->regs[EBX] = lap * 0x1000;
        cpu->regs[ESI] = (STACK + 0x800) << 12;
        run_at(CODE, STACK + 0x400);
        for (unsigned i = 0; i < sizeof at / sizeof *at; i++)
            ck_assert_uint_eq(get32(LOW + at[i]), lap);
    }
    machine_destroy();
}
END_TEST

static Suite *window_suite(void)
{
    Suite *suite = suite_create("window");
    TCase *c = tcase_create("window");

    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, across_pages, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, the_check_touches_nothing, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, another_frame, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, another_frame_in_the_middle, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, code_in_the_stack_page, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, by_invlpg, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, by_cr3, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, sixteen_bits, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, of_each_privilege_its_own, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, by_a20, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, dma_into_code_on_the_stack, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, code_comes_into_the_page, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, aligned_or_not, 0, WINDOW_ENGINES);
    tcase_add_loop_test(c, something_above_in_the_host, 0, WINDOW_ENGINES);
    suite_add_tcase(suite, c);
    return suite;
}

TEST_MAIN(window_suite, window_device_suite, window_stream_suite)
