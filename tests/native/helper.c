/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs cases natively: a 32-bit program without a library, linked at HELPER, that unmaps all
 * else and maps what a case sees (case.h). Each case ends in a signal, whose frame has the whole
 * state in it; the handler notes it, puts the next case's state there and returns.
 *
 * Descriptors: HELPER_SHARED is the memory that struct shared is in; a byte read from HELPER_GO
 * starts a batch, one written to HELPER_DONE says that it has been run.
 */
#include "tests/native/helper.h"
#include "tests/native/case.h"

#include <asm/ldt.h>
#include <asm/sigcontext.h>
#include <asm/signal.h>
#include <asm/unistd_32.h>

typedef struct sigcontext_32 frame;
typedef struct _fpstate_32 fpu_frame;

/* As the kernel puts it on the stack: arch/x86/include/asm/ucontext.h. */
struct context {
    u32 flags, link, stack[3];
    frame frame;
};

enum { SHARED_AT_OFFSET = 0x1000000, STACK_BYTES = 1 << 16, PROT_RW = 3, PROT_RWX = 7 };
enum { MAP_SHARED_FIXED = 0x11, MAP_PRIVATE_FIXED = 0x32 };
enum { SIGNAL_ILL = 4, SIGNAL_TRAP = 5, SIGNAL_BUS = 7, SIGNAL_FPE = 8, SIGNAL_SEGV = 11 };
enum { SIGNAL_ALARM = 14 };
/* Flags that returning from a signal leaves as they are. */
enum { FLAGS_OF_HANDLER = FLAG_NT | FLAG_ID };

static u8 signal_stack[STACK_BYTES] __attribute__((aligned(64)));
static u8 before[ARENA_SIZE] __attribute__((aligned(64)));
static struct shared *shared;
static u32 current, ticks;
static bool running;

/* --- system calls --- */

static long call(long number, u32 a, u32 b, u32 c, u32 d, u32 e)
{
    long result;
    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
                     : "memory");
    return result;
}

static u32 address(const volatile void *p)
{
    return (u32)(uintptr_t)p;
}

static _Noreturn void leave(u32 status)
{
    for (;;)
        call(__NR_exit, status, 0, 0, 0, 0);
}

static void check(bool good, u32 status)
{
    if (!good)
        leave(status);
}

static void *map(u32 at, u32 size, u32 protection, u32 flags, int fd)
{
    long got;
    /* Six arguments: the last is ebp, which is 0 here and nowhere else. */
    __asm__ volatile("push %%ebp; xor %%ebp, %%ebp; int $0x80; pop %%ebp"
                     : "=a"(got)
                     : "a"(__NR_mmap2), "b"(at), "c"(size), "d"(protection), "S"(flags), "D"(fd)
                     : "memory");
    check((u32)got == at, HELPER_NO_MEMORY);
    return (void *)(uintptr_t)at;
}

void *memcpy(void *to, const void *from, size_t size)
{
    u8 *t = to;
    const u8 *f = from;
    while (size--)
        *t++ = *f++;
    return to;
}

/* --- the areas --- */

static u8 *live(u32 at)
{
    return (u8 *)(uintptr_t)at;
}

static void write_patches(const struct test_case *c)
{
    for (u32 i = 0; i < PATCHES; i++) {
        const struct patch *p = &c->patch[i];
        memcpy(live(p->at), p->bytes, p->size);
        memcpy(before + arena_offset(p->at), p->bytes, p->size);
    }
}

static void undo_patches(const struct test_case *c)
{
    for (u32 i = 0; i < PATCHES; i++) {
        const struct patch *p = &c->patch[i];
        int offset = arena_offset(p->at);
        memcpy(live(p->at), shared->arena + offset, p->size);
        memcpy(before + offset, shared->arena + offset, p->size);
    }
}

static void set_read_only(bool on)
{
    check(!call(__NR_mprotect, DATA_READ_ONLY, PAGE, on ? 5 : PROT_RWX, 0, 0), HELPER_NO_MEMORY);
}

static void fill_areas(void)
{
    set_read_only(false);
    memcpy(before, shared->arena, ARENA_SIZE);
    memcpy(live(CODE), before, CODE_SIZE);
    memcpy(live(DATA), before + CODE_SIZE, DATA_SIZE);
    memcpy(live(STACK), before + CODE_SIZE + DATA_SIZE, STACK_SIZE);
    set_read_only(true);
}

/* --- states --- */

/* Of the x87 the kernel takes the part in FNSAVE's format, of SSE that in FXSAVE's. */
static void get_vector(struct vector_state *v, const fpu_frame *f)
{
    v->control = (u16)f->cw;
    v->status = (u16)f->sw;
    v->tags = 0;
    for (u32 i = 0; i < 8; i++) {
        if ((f->tag >> 2 * i & 3) != 3)
            v->tags |= (u8)(1 << i);
        memcpy(v->st[i], &f->_st[i], 10);
        memcpy(v->xmm[i], &f->_xmm[i], 16);
    }
    v->mxcsr = f->mxcsr;
}

static void set_vector(fpu_frame *f, const struct vector_state *v)
{
    u64 *features = (u64 *)(void *)((u8 *)f->_fxsr_env + 512);

    f->cw = v->control;
    f->sw = v->status;
    f->tag = 0;
    for (u32 i = 0; i < 8; i++) {
        if (!(v->tags >> i & 1))
            f->tag |= 3u << 2 * i;
        memcpy(&f->_st[i], v->st[i], 10);
        memcpy(&f->_xmm[i], v->xmm[i], 16);
    }
    f->mxcsr = v->mxcsr;
    if (f->sw_reserved.magic1 == FP_XSTATE_MAGIC1)
        *features |= 3; /* both parts are there */
}

static fpu_frame *fpu_of(const frame *f)
{
    return (fpu_frame *)(uintptr_t)f->fpstate;
}

static void get_state(struct machine_state *s, const frame *f)
{
    u32 regs[] = {f->ax, f->cx, f->dx, f->bx, f->sp, f->bp, f->si, f->di};
    u16 sel[] = {f->es, f->cs, f->ss, f->ds, f->fs, f->gs};

    memcpy(s->regs, regs, sizeof regs);
    memcpy(s->sel, sel, sizeof sel);
    s->eip = f->ip;
    s->eflags = f->flags;
    get_vector(&s->vector, fpu_of(f));
}

static void set_state(frame *f, const struct machine_state *s)
{
    f->ax = s->regs[EAX], f->cx = s->regs[ECX], f->dx = s->regs[EDX], f->bx = s->regs[EBX];
    f->sp = s->regs[ESP], f->bp = s->regs[EBP], f->si = s->regs[ESI], f->di = s->regs[EDI];
    f->es = s->sel[ES], f->cs = s->sel[CS], f->ss = s->sel[SS];
    f->ds = s->sel[DS], f->fs = s->sel[FS], f->gs = s->sel[GS];
    f->ip = s->eip;
    f->flags = s->eflags;
    set_vector(fpu_of(f), &s->vector);
}

static u32 flags_of_handler(u32 flags)
{
    return (flags & FLAGS_OF_HANDLER) | FLAG_1;
}

/* --- cases, one after the other --- */

static void note(const frame *f, u32 vector)
{
    struct outcome *o = &shared->outcomes[current];

    o->vector = vector;
    o->error = f->err;
    o->cr2 = vector == EXC_PF ? f->cr2 : 0;
    get_state(&o->end, f);
    o->changes = o->digest = 0;
    note_changes(o, live(CODE), before, 0, CODE_SIZE);
    note_changes(o, live(DATA), before + CODE_SIZE, CODE_SIZE, DATA_SIZE - PAGE);
    note_changes(o, live(STACK), before + CODE_SIZE + DATA_SIZE, CODE_SIZE + DATA_SIZE, STACK_SIZE);
    undo_patches(&shared->cases[current]);
    current++;
}

static void next_batch(void)
{
    u8 byte = 0;

    if (running)
        call(__NR_write, HELPER_DONE, address(&byte), 1, 0, 0);
    running = true;
    if (call(__NR_read, HELPER_GO, address(&byte), 1, 0, 0) != 1)
        leave(0);
    current = 0;
    fill_areas();
}

/* Has a case been interrupted by the timer three times? */
static bool is_stuck(void)
{
    static u32 seen = ~0u;

    ticks = seen == current ? ticks + 1 : 0;
    seen = current;
    return ticks >= 2;
}

/* A signal: f is where the case got to. Returns flags for the way back. */
__attribute__((used, force_align_arg_pointer)) u32 on_signal(u32 signal, u32 info,
                                                             struct context *context)
{
    frame *f = &context->frame;
    const struct test_case *c;

    (void)info;
    if (signal == SIGNAL_ALARM && !is_stuck())
        return flags_of_handler(f->flags);
    ticks = 0;
    if (running)
        note(f, signal == SIGNAL_ALARM ? TIMED_OUT : f->trapno);
    for (;;) {
        while (!running || current == shared->count)
            next_batch();
        c = &shared->cases[current];
        if (!c->skip)
            break;
        shared->outcomes[current++].vector = NOT_RUN;
    }
    write_patches(c);
    set_state(f, &c->start);
    return flags_of_handler(c->start.eflags);
}

/*
 * The handler's frame is as the case left it: its flags go first. Back by the system call, past
 * the return address.
 */
void signal_entry(void);
__asm__(".text\n"
        "signal_entry:\n"
        "  pushl $2; popfl\n"
        "  pushl 12(%esp); pushl 12(%esp); pushl 12(%esp)\n"
        "  call on_signal\n"
        "  add $16, %esp\n"
        "  push %eax\n"
        "  mov $173, %eax\n" /* rt_sigreturn */
        "  popfl\n"
        "  int $0x80\n");

/* --- the start --- */

struct action {
    void (*handler)(void);
    u32 flags;
    void (*restorer)(void);
    u32 mask[2];
};

static void catch_signals(void)
{
    static const u8 signals[] = {SIGNAL_ILL, SIGNAL_TRAP, SIGNAL_BUS,
                                 SIGNAL_FPE, SIGNAL_SEGV, SIGNAL_ALARM};
    enum { INFO = 4, RESTORER = 0x04000000, ONSTACK = 0x08000000, NODEFER = 0x40000000 };
    struct action action = {signal_entry, INFO | RESTORER | ONSTACK | NODEFER, signal_entry, {0}};
    u32 stack[3] = {address(signal_stack), 0, sizeof signal_stack};
    u32 second[] = {1, 0, 1, 0};

    action.mask[0] = 1u << (SIGNAL_ALARM - 1);
    check(!call(__NR_sigaltstack, address(stack), 0, 0, 0, 0), HELPER_NO_SIGNALS);
    for (u32 i = 0; i < sizeof signals; i++)
        check(!call(__NR_rt_sigaction, signals[i], address(&action), 0, sizeof action.mask, 0),
              HELPER_NO_SIGNALS);
    check(!call(__NR_setitimer, 0, address(second), 0, 0, 0), HELPER_NO_SIGNALS);
}

static void set_segment(u32 index, u32 base, u32 limit, enum segment_kind kind, u32 flags)
{
    struct user_desc d = {
        .entry_number = index,
        .base_addr = base,
        .limit = limit,
        .seg_32bit = !(flags & SEGMENT_16),
        .contents = kind == DATA_UP     ? 0
                    : kind == DATA_DOWN ? 1
                                        : 2,
        .read_exec_only = (flags & SEGMENT_READ_ONLY) || kind == CODE_ONLY,
        .limit_in_pages = (flags & SEGMENT_PAGES) != 0,
        .seg_not_present = (flags & SEGMENT_ABSENT) != 0,
    };
    enum { WRITE = 0x11 };

    check(!call(__NR_modify_ldt, WRITE, address(&d), sizeof d, 0, 0), HELPER_NO_LDT);
}

static void set_segments(void)
{
#define SEGMENT(name, base, limit, kind, flags)                                                    \
    set_segment(LDT_##name, (u32)(base), limit, kind, flags);
#include "tests/native/segments.def"
#undef SEGMENT
}

/* On a stack of its own; leaves nothing mapped but the areas and itself. */
__attribute__((used, force_align_arg_pointer)) void set_up(void)
{
    u32 end = HELPER + HELPER_SIZE, size = (sizeof *shared + PAGE - 1) & ~(PAGE - 1u);

    call(__NR_munmap, PAGE, HELPER - PAGE, 0, 0, 0);
    call(__NR_munmap, end, 0xffffe000u - end, 0, 0, 0);
    shared = map(HELPER + SHARED_AT_OFFSET, size, PROT_RW, MAP_SHARED_FIXED, HELPER_SHARED);
    map(CODE, CODE_SIZE, PROT_RWX, MAP_PRIVATE_FIXED, -1);
    map(DATA, DATA_SIZE, PROT_RWX, MAP_PRIVATE_FIXED, -1);
    map(STACK, STACK_SIZE, PROT_RWX, MAP_PRIVATE_FIXED, -1);
    set_segments();
    catch_signals();
}

__asm__(".globl _start\n"
        "_start:\n"
        "  mov $signal_stack + 32768, %esp\n"
        "  call set_up\n"
        "  hlt\n");
