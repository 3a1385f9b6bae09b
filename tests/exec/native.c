/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running 32-bit code on the host: a far call into the compatibility-mode segment of Linux. */
#include "tests/exec/native.h"

#include "tests/assert.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum {
    USER32_CS = 0x23,
    USER_CS = 0x33,
    USER_DS = 0x2b,
    CODE = 0x210000, /* what is run; state and stack follow */
    STATE = CODE + 0x800,
    FLAGS = STATE + 32,
    SAVED_ESP = STATE + 36,
    STACK = CODE + 0x1ff0,
    CODE_SIZE = 0x2000,
};

/* Used by the assembly below. */
u64 native_stack = STACK, native_saved_rsp;
struct far_pointer {
    u32 offset;
    u16 selector;
} __attribute__((packed)) native_entry = {CODE, USER32_CS};
void native_call(void);
void native_resume(void);

__asm__(".text\n"
        "native_call:\n"
        "  push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
        "  mov %rsp, native_saved_rsp\n"
        "  mov native_stack, %rsp\n"
        "  lcall *native_entry\n"
        "native_resume:\n"
        "  mov native_saved_rsp, %rsp\n"
        "  pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
        "  cld\n"
        "  ret\n");

static volatile sig_atomic_t faulted;
struct native_fault native_fault;

/* Goes on in native_call, in 64-bit mode, with nothing pending in the x87 and MXCSR. */
static void on_fault(int signal, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    greg_t *regs = uc->uc_mcontext.gregs;
    struct _libc_fpstate *fp = uc->uc_mcontext.fpregs;
    (void)info;
    faulted = 1;
    native_fault.signal = signal;
    memcpy(native_fault.fxsave, fp, FXSAVE_SIZE);
    fp->cwd = 0x37f;
    fp->swd = fp->ftw = 0;
    fp->mxcsr = 0x1f80;
    regs[REG_RIP] = (greg_t)(uintptr_t)native_resume;
    regs[REG_CSGSFS] = (regs[REG_CSGSFS] & ~0xffffLL) | USER_CS;
}

/* The handler's stack is above 4 GiB: in it no ESP under test is taken to be in use already. */
static void catch_faults(void)
{
    stack_t alternate = {.ss_size = 1 << 16};
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    alternate.ss_sp =
        mmap(NULL, alternate.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_uint_gt((uintptr_t)alternate.ss_sp, UINT32_MAX);
    ck_assert_int_eq(sigaltstack(&alternate, NULL), 0);
    ck_assert_int_eq(sigaction(SIGFPE, &action, NULL), 0);
    ck_assert_int_eq(sigaction(SIGSEGV, &action, NULL), 0);
    ck_assert_int_eq(sigaction(SIGILL, &action, NULL), 0);
}

static u8 *address(u32 at)
{
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): memory mapped at a chosen place */
    return (u8 *)(uintptr_t)at;
}

static void map(u32 at, size_t size)
{
    void *got = mmap(address(at), size, PROT_READ | PROT_WRITE | PROT_EXEC,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    ck_assert_ptr_eq(got, address(at));
}

static void set_up(void)
{
    static bool done;
    if (done)
        return;
    map(NATIVE_DATA, NATIVE_DATA_SIZE);
    map(CODE, CODE_SIZE);
    catch_faults();
    done = true;
}

static u8 *put(u8 *at, const void *bytes, size_t size)
{
    memcpy(at, bytes, size);
    return at + size;
}

/* An instruction whose operand is a register and an absolute address, or just that. */
static u8 *put_access(u8 *at, u8 opcode, unsigned reg, u32 where)
{
    *at++ = opcode;
    *at++ = (u8)(reg << 3 | 5);
    return put(at, &where, 4);
}

enum { MOV_STORE = 0x89, MOV_LOAD = 0x8b, GROUP_PUSH = 0xff, PUSH = 6, POP_RM = 0x8f };

static void assemble(const u8 *instruction, size_t size)
{
    static const u8 load_ds_es[] = {0x66, 0xb8, USER_DS, 0, 0x8e, 0xd8, 0x8e, 0xc0};
    static const u8 popf = 0x9d, pushf = 0x9c, ret_far = 0xcb;
    u8 *at = put(address(CODE), load_ds_es, sizeof load_ds_es);
    at = put_access(at, MOV_STORE, ESP, SAVED_ESP);
    at = put_access(at, GROUP_PUSH, PUSH, FLAGS);
    at = put(at, &popf, 1);
    for (unsigned i = EAX; i <= EDI; i++)
        at = put_access(at, MOV_LOAD, i, STATE + 4 * i);
    at = put(at, instruction, size);
    for (unsigned i = EAX; i <= EDI; i++)
        at = put_access(at, MOV_STORE, i, STATE + 4 * i);
    at = put_access(at, MOV_LOAD, ESP, SAVED_ESP);
    at = put(at, &pushf, 1);
    at = put_access(at, POP_RM, 0, FLAGS);
    put(at, &ret_far, 1);
}

/* Where the kernel has no segment for 32-bit code, nothing can be compared: the test ends. */
static void end_if_there_is_no_host(void)
{
    static const u8 nop = 0x90;
    static bool is_there;
    if (is_there)
        return;
    assemble(&nop, 1);
    faulted = 0;
    native_call();
    is_there = !faulted;
    if (is_there)
        return;
    fputs("this kernel runs no 32-bit code: not compared with the processor\n", stderr);
    _exit(EXIT_SUCCESS); /* nothing is done yet that could leak: nobody need look for it */
}

bool native_run(const u8 *instruction, size_t size, struct native_state *s)
{
    set_up();
    end_if_there_is_no_host();
    assemble(instruction, size);
    s->flags = (s->flags & FLAGS_ARITH) | FLAG_1;
    memcpy(address(STATE), s, sizeof *s);
    faulted = 0;
    native_call();
    memcpy(s, address(STATE), sizeof *s);
    s->flags &= FLAGS_ARITH;
    return !faulted;
}
