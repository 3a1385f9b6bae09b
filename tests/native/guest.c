/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See guest.h. */
#include "tests/native/guest.h"
#include "exec/i386/i386.h"
#include "exec/i386/model.h"
#include "tests/native/fatal.h"
#include "tests/native/kernel.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>

enum { RAM = 8 << 20, CACHE = 8 << 20 };

/* KERNEL_STATE: the same before and after a case. */
struct kernel_state {
    u8 fxsave[512];
    u32 cr2;
    u32 stack[2]; /* far pointer to what follows */
    u32 gs, fs, es, ds;
    u32 edi, esi, ebp, unused, ebx, edx, ecx, eax;
    u32 vector, error;
    u32 eip, cs, eflags, esp, ss;
};
_Static_assert(sizeof(struct kernel_state) == STATE_SIZE, "see kernel.h");
_Static_assert(offsetof(struct kernel_state, cr2) == STATE_CR2, "see kernel.h");
_Static_assert(offsetof(struct kernel_state, gs) == STATE_SEGS, "see kernel.h");

struct native_guest {
    struct i386_board board;
    struct exec *exec;
    struct memory *memory;
    const u8 *arena;
    const struct test_case *cases;
    struct outcome *outcomes;
    u32 count, current;
    bool running;
    volatile u32 ticks, seen; /* see watch */
    u8 before[ARENA_SIZE] __attribute__((aligned(64)));
};

static void put(struct native_guest *g, u32 at, const void *bytes, size_t size)
{
    require(memory_copy_in(g->memory, at, bytes, size), "no memory at %08x", at);
}

static void put32(struct native_guest *g, u32 at, u32 value)
{
    put(g, at, &value, sizeof value);
}

/* --- tables --- */

/* A descriptor (SDM vol. 3, figure 3-8); attr as in struct segment. */
static void put_descriptor(struct native_guest *g, u32 at, u32 base, u32 limit, u32 attr)
{
    put32(g, at, base << 16 | (limit & 0xffff));
    put32(g, at + 4,
          (base & 0xff000000) | (attr & 0xf000) << 8 | (limit & 0xf0000) | (attr & 0xff) << 8 |
              (base >> 16 & 0xff));
}

enum {
    CODE32 = SEG_PRESENT | SEG_S | SEG_CODE | SEG_READABLE | SEG_ACCESSED | SEG_D | SEG_G,
    DATA32 = SEG_PRESENT | SEG_S | SEG_WRITABLE | SEG_ACCESSED | SEG_D | SEG_G,
    DPL3 = 3 << SEG_DPL_SHIFT,
    LDT_SYSTEM = SEG_PRESENT | 2,
    TSS32 = SEG_PRESENT | 9,
    TSS_SIZE = 0x68,
    FLAT = 0xfffff,
};

static void put_local(struct native_guest *g, enum local_segment s, u32 base, u32 limit,
                      enum segment_kind kind, u32 flags)
{
    u32 attr = SEG_S | SEG_ACCESSED | DPL3;

    if (kind >= CODE_READABLE)
        attr |= SEG_CODE | (kind == CODE_READABLE ? SEG_READABLE : 0);
    else
        attr |= (kind == DATA_DOWN ? SEG_EXPAND_DOWN : 0) |
                (flags & SEGMENT_READ_ONLY ? 0 : SEG_WRITABLE);
    attr |= flags & SEGMENT_16 ? 0 : SEG_D;
    attr |= flags & SEGMENT_PAGES ? SEG_G : 0;
    attr |= flags & SEGMENT_ABSENT ? 0 : SEG_PRESENT;
    put_descriptor(g, KERNEL_LDT + 8 * s, base, limit, attr);
}

/* Of as many descriptors as Linux has. */
static void put_segments(struct native_guest *g)
{
    enum { GDT_LIMIT = 0x7f };

    put_descriptor(g, KERNEL_GDT + 0x08, 0, FLAT, CODE32);
    put_descriptor(g, KERNEL_GDT + KERNEL_CS, 0, FLAT, CODE32);
    put_descriptor(g, KERNEL_GDT + KERNEL_DS, 0, FLAT, DATA32);
    put_descriptor(g, KERNEL_GDT + (USER_CS & ~7), 0, FLAT, CODE32 | DPL3);
    put_descriptor(g, KERNEL_GDT + (USER_DS & ~7), 0, FLAT, DATA32 | DPL3);
    put_descriptor(g, KERNEL_GDT + KERNEL_TSS_SELECTOR, KERNEL_TSS, TSS_SIZE - 1, TSS32);
    put_descriptor(g, KERNEL_GDT + KERNEL_LDT_SELECTOR, KERNEL_LDT, 8 * LDT_ENTRIES - 1,
                   LDT_SYSTEM);
    put32(g, KERNEL_GDTR, GDT_LIMIT | (u32)KERNEL_GDT << 16);
    put32(g, KERNEL_GDTR + 4, KERNEL_GDT >> 16);
#define SEGMENT(name, base, limit, kind, flags)                                                    \
    put_local(g, LDT_##name, (u32)(base), limit, kind, flags);
#include "tests/native/segments.def"
#undef SEGMENT
}

/* Interrupt gates for all 256 vectors: INT finds them not to be for CPL 3, but for two. */
static void put_gates(struct native_guest *g)
{
    enum { GATES = 256, EXCEPTIONS = 32, STUB = 16, GATE = 0x8e00, GATE_DPL3 = 0xee00 };

    for (u32 i = 0; i < GATES; i++) {
        u32 stub = KERNEL_STUBS + i % EXCEPTIONS * STUB;
        put32(g, KERNEL_IDT + 8 * i, (u32)KERNEL_CS << 16 | (stub & 0xffff));
        put32(g, KERNEL_IDT + 8 * i + 4,
              (stub & 0xffff0000) | (i == EXC_BP || i == EXC_OF ? GATE_DPL3 : GATE));
    }
    put32(g, KERNEL_IDTR, (GATES * 8 - 1) | (u32)KERNEL_IDT << 16);
    put32(g, KERNEL_IDTR + 4, KERNEL_IDT >> 16);
    put32(g, KERNEL_TSS + 4, KERNEL_STATE + STATE_SIZE);
    put32(g, KERNEL_TSS + 8, KERNEL_DS);
    put32(g, KERNEL_TSS + 0x64, TSS_SIZE << 16); /* no I/O bitmap */
}

enum { PTE_PRESENT = 1, PTE_WRITABLE = 2, PTE_USER = 4 };

/* Linear addresses are physical ones. */
static void put_pages(struct native_guest *g, u32 at, u32 size, u32 rights)
{
    for (u32 page = at; page < at + size; page += PAGE)
        put32(g, KERNEL_PAGES + PAGE + (page >> 12) * 4, page | PTE_PRESENT | rights);
}

static void put_paging(struct native_guest *g)
{
    for (u32 i = 0; i < 2; i++)
        put32(g, KERNEL_PAGES + 4 * i,
              (KERNEL_PAGES + PAGE * (i + 1)) | PTE_PRESENT | PTE_WRITABLE | PTE_USER);
    put_pages(g, KERNEL, KERNEL_END - KERNEL, PTE_WRITABLE);
    put_pages(g, CODE, CODE_SIZE, PTE_WRITABLE | PTE_USER);
    put_pages(g, DATA, DATA_SIZE - PAGE, PTE_WRITABLE | PTE_USER);
    put_pages(g, DATA_READ_ONLY, PAGE, PTE_USER);
    put_pages(g, STACK, STACK_SIZE, PTE_WRITABLE | PTE_USER);
}

static void put_kernel(struct native_guest *g)
{
    u8 image[PAGE];
    FILE *file = fopen(BUILD "/native/kernel.bin", "rb");
    size_t size;

    require(file != NULL, "no %s/native/kernel.bin", BUILD);
    size = fread(image, 1, sizeof image, file);
    fclose(file);
    put(g, KERNEL, image, size);
}

/* --- cases, one after the other --- */

static u8 *live(struct native_guest *g, u32 at)
{
    return memory_page(g->memory, at).host + at % PAGE;
}

static void note_area(struct native_guest *g, struct outcome *o, u32 at, u32 size)
{
    for (u32 page = at; page < at + size; page += PAGE) {
        u32 offset = (u32)arena_offset(page);
        note_changes(o, live(g, page), g->before + offset, offset, PAGE);
    }
}

/* Code goes in by the way that tells of it. */
static void write_patches(struct native_guest *g, const struct test_case *c)
{
    for (u32 i = 0; i < PATCHES; i++) {
        const struct patch *p = &c->patch[i];
        put(g, p->at, p->bytes, p->size);
        memcpy(g->before + arena_offset(p->at), p->bytes, p->size);
    }
}

static void undo_patches(struct native_guest *g, const struct test_case *c)
{
    for (u32 i = 0; i < PATCHES; i++) {
        const struct patch *p = &c->patch[i];
        int offset = arena_offset(p->at);
        put(g, p->at, g->arena + offset, p->size);
        memcpy(g->before + offset, g->arena + offset, p->size);
    }
}

static void fill_areas(struct native_guest *g)
{
    memcpy(g->before, g->arena, ARENA_SIZE);
    put(g, CODE, g->arena, CODE_SIZE);
    put(g, DATA, g->arena + CODE_SIZE, DATA_SIZE);
    put(g, STACK, g->arena + CODE_SIZE + DATA_SIZE, STACK_SIZE);
}

static struct kernel_state *kernel_state(struct native_guest *g)
{
    return (struct kernel_state *)(void *)live(g, KERNEL_STATE);
}

static void note(struct native_guest *g)
{
    struct outcome *o = &g->outcomes[g->current];
    const struct kernel_state *k = kernel_state(g);
    u32 regs[] = {k->eax, k->ecx, k->edx, k->ebx, k->esp, k->ebp, k->esi, k->edi};
    u16 sel[] = {(u16)k->es, (u16)k->cs, (u16)k->ss, (u16)k->ds, (u16)k->fs, (u16)k->gs};

    require((k->cs & 3) == 3, "exception %u in the kernel, at %08x", k->vector, k->eip);
    memcpy(o->end.regs, regs, sizeof regs);
    memcpy(o->end.sel, sel, sizeof sel);
    o->end.eip = k->eip;
    o->end.eflags = k->eflags;
    memcpy(&o->end.vector, k->fxsave, sizeof o->end.vector);
    o->vector = k->vector;
    o->error = k->error;
    o->cr2 = k->vector == EXC_PF ? k->cr2 : 0;
    o->changes = o->digest = 0;
    note_area(g, o, CODE, CODE_SIZE);
    note_area(g, o, DATA, DATA_SIZE - PAGE);
    note_area(g, o, STACK, STACK_SIZE);
    undo_patches(g, &g->cases[g->current]);
}

static void start(struct native_guest *g)
{
    const struct test_case *c = &g->cases[g->current];
    const struct machine_state *s = &c->start;
    struct kernel_state *k = kernel_state(g);

    write_patches(g, c);
    memcpy(k->fxsave, &s->vector, sizeof s->vector);
    k->gs = s->sel[GS], k->fs = s->sel[FS], k->es = s->sel[ES], k->ds = s->sel[DS];
    k->edi = s->regs[EDI], k->esi = s->regs[ESI], k->ebp = s->regs[EBP], k->ebx = s->regs[EBX];
    k->edx = s->regs[EDX], k->ecx = s->regs[ECX], k->eax = s->regs[EAX];
    k->eip = s->eip, k->cs = s->sel[CS], k->eflags = s->eflags;
    k->esp = s->regs[ESP], k->ss = s->sel[SS];
    k->stack[0] = (s->regs[ESP] & 0xffff0000) | ((KERNEL_STATE + STATE_SEGS) & 0xffff);
    k->stack[1] = KERNEL_FIX_SELECTOR;
    put_descriptor(g, KERNEL_GDT + KERNEL_FIX_SELECTOR, KERNEL_STATE + STATE_SEGS - k->stack[0],
                   FLAT, DATA32);
}

/* --- the board --- */

/* The kernel has halted. */
static void idle(void *board)
{
    struct native_guest *g = board;

    exec_cpu(g->exec)->core.halted = false;
    if (g->running) {
        note(g);
        g->current++;
    }
    g->running = g->current < g->count;
    if (g->running) {
        start(g);
    } else {
        exec_cpu(g->exec)->core.halted = true;
        exec_stop(g->exec);
    }
}

static void service(void *board)
{
    (void)board;
}

static u32 no_port_read(void *board, u16 port, unsigned size)
{
    (void)board, (void)size;
    fatal("read of port %x", port);
}

static void no_port_write(void *board, u16 port, u32 value, unsigned size)
{
    (void)board, (void)value, (void)size;
    fatal("write to port %x", port);
}

static int no_interrupt(void *board)
{
    (void)board;
    fatal("INTA without an interrupt");
}

static void no_reset(void *board)
{
    struct native_guest *g = board;

    fatal("triple fault at %08x", exec_cpu(g->exec)->core.pc);
}

static u64 no_clock(void *board)
{
    (void)board;
    return 0;
}

static void flat_segment(struct segment *s, u16 selector, u16 attr)
{
    s->base = 0;
    s->limit = ~0u;
    s->selector = selector;
    s->attr = attr;
    segment_update_bounds(s);
}

static void start_kernel(struct native_guest *g)
{
    struct cpu *cpu = exec_cpu(g->exec);

    for (unsigned i = 0; i < SEGMENTS; i++)
        flat_segment(&cpu->seg[i], KERNEL_DS, DATA32);
    flat_segment(&cpu->seg[CS], KERNEL_CS, CODE32);
    cpu->cr0 = CR0_PE | CR0_ET | CR0_NE;
    cpu->core.pc = KERNEL;
    exec_state_changed(g->exec);
}

struct native_guest *guest_create(enum jit jit)
{
    struct native_guest *g = aligned_alloc(64, (sizeof *g + 63) & ~(size_t)63);
    struct exec_options options = {
        .guest = &i386_guest, .jit = jit, .cache_size = CACHE, .model = model_find("max")};
    const char *error = NULL;

    require(g != NULL, "no memory");
    memset(g, 0, sizeof *g);
    g->board = (struct i386_board){
        .board = {.board = g,
                  .acknowledge = no_interrupt,
                  .service = service,
                  .idle = idle,
                  .reset = no_reset,
                  .clock = no_clock},
        .port_read = no_port_read,
        .port_write = no_port_write,
    };
    g->memory = memory_create(RAM, &error);
    require(g->memory != NULL, "%s", error);
    g->exec = exec_create(&options, g->memory, &g->board.board, &error);
    require(g->exec != NULL, "%s", error);
    put_kernel(g);
    put_segments(g);
    put_gates(g);
    put_paging(g);
    start_kernel(g);
    return g;
}

void guest_destroy(struct native_guest *g)
{
    exec_destroy(g->exec);
    memory_destroy(g->memory);
    free(g);
}

/* --- cases that do not end --- */

static struct native_guest *volatile watched;

/* Every second: has there been no other case since the last two? */
static void on_tick(int signal)
{
    struct native_guest *g = watched;

    (void)signal;
    if (!g)
        return;
    g->ticks = g->seen == g->current ? g->ticks + 1 : 0;
    g->seen = g->current;
    if (g->ticks >= 3)
        exec_stop(g->exec);
}

static void watch(struct native_guest *g)
{
    struct sigaction action = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
    struct itimerval second = {{1, 0}, {1, 0}};

    g->ticks = 0;
    watched = g;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &second, NULL);
}

/* The case at hand has been stopped: on with the next, in a kernel that starts again. */
static void give_up(struct native_guest *g)
{
    g->outcomes[g->current].vector = TIMED_OUT;
    g->current++;
    g->running = false;
    fill_areas(g);
    exec_reset(g->exec);
    put_segments(g); /* the task's is busy */
    start_kernel(g);
}

void guest_run(struct native_guest *g, const u8 *arena, const struct test_case *cases,
               struct outcome *outcomes, u32 count)
{
    g->arena = arena;
    g->cases = cases;
    g->outcomes = outcomes;
    g->count = count;
    g->current = 0;
    fill_areas(g);
    watch(g);
    while (exec_run(g->exec), g->running)
        give_up(g);
    watched = NULL;
}
