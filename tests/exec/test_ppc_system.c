/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The e500mc's supervisor, by programs that run in each engine: its registers, interrupts and
 * storage (its core reference manual; Power ISA 2.07, book III-E).
 */
#include "exec/ppc/ppc.h"

#include "tests/assert.h"
#include "tests/suites.h"

#include <stdlib.h>
#include <string.h>

enum { RAM = 4 << 20, CODE = 0x10000, DEVICE = 0xe0000000, PAGE = 0x40000000 };
enum {
    MACHINE_CHECK = 0x200,
    DATA_STORAGE = 0x300,
    EXTERNAL = 0x500,
    ALIGNMENT = 0x600,
    PROGRAM = 0x700,
    DECREMENTER = 0x900,
    FIXED_INTERVAL = 0x980,
    WATCHDOG = 0xa00,
    MISS = 0x1100,
    DOORBELL = 0x1300,
    CRITICAL_DOORBELL = 0x1400
};

static struct memory *memory;
static struct exec *ppc;
static u64 now, alarm_at; /* the clock goes on by a microsecond whenever it is read */
static unsigned stores, resets;
static bool asked; /* for the alarm */

/* --- a board with a device that ends the run, and an alarm --- */

static u32 read_device(void *device, u32 offset, unsigned size)
{
    (void)device, (void)offset, (void)size;
    return 0;
}

/* At 0 it ends the run; at 8 the alarm's time comes, the first time and each fifth behind it. */
static void write_device(void *device, u32 offset, u32 value, unsigned size)
{
    (void)device, (void)value, (void)size;
    if (offset == 0)
        exec_stop(ppc);
    else if (stores++ % 5 == 0) {
        asked = true;
        exec_request(ppc);
    }
}

static int acknowledge(void *board)
{
    (void)board;
    return 0x1234;
}

static void reset(void *board)
{
    (void)board;
    resets++;
    exec_stop(ppc);
}

static u64 read_clock(void *board)
{
    (void)board;
    return now += 1000;
}

static void set_alarm(void *board, u64 when)
{
    (void)board;
    alarm_at = when;
}

/* Nothing else is to come. */
static void alarm_comes(void *board)
{
    (void)board;
    ck_assert_uint_ne(alarm_at, UINT64_MAX);
    now = now < alarm_at ? alarm_at : now;
    exec_ppc_alarm(ppc);
}

static void service(void *board)
{
    if (asked)
        alarm_comes(board);
    asked = false;
}

static const struct ppc_board board = {.board = {.acknowledge = acknowledge,
                                                 .service = service,
                                                 .idle = alarm_comes,
                                                 .reset = reset,
                                                 .clock = read_clock},
                                       .timebase_hz = 1000000000,
                                       .set_alarm = set_alarm};

static const struct exec_options engines[] = {
    {.jit = JIT_TEMPLATE},
    {.jit = JIT_INTERP},
    {.jit = JIT_IR},
    {.jit = JIT_LOCKSTEP, .lockstep = {JIT_TEMPLATE, JIT_INTERP}},
};
enum { ENGINES = sizeof engines / sizeof *engines };

static struct ppc_cpu *cpu(void)
{
    return exec_ppc_cpu(ppc);
}

static void create(int engine)
{
    struct exec_options options = engines[engine];
    const char *error = NULL;

    options.guest = &ppc_guest;
    options.cache_size = 1 << 20;
    now = 0;
    alarm_at = UINT64_MAX;
    stores = resets = 0;
    asked = false;
    memory = memory_create(RAM, &error);
    ck_assert_msg(memory != NULL, "%s", error);
    ck_assert_ptr_nonnull(memory_map_io(memory, DEVICE, 0x1000, read_device, write_device, NULL));
    ppc = exec_create(&options, memory, &board.board, &error);
    ck_assert_msg(ppc != NULL, "%s", error);
}

static void put(u32 address, const u32 *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        memory_write(memory, address + 4 * (u32)i, __builtin_bswap32(words[i]), 4);
}
#define PUT(address, ...)                                                                          \
    put(address, (const u32[]){__VA_ARGS__}, sizeof((const u32[]){__VA_ARGS__}) / sizeof(u32))

/* Low memory and the device are mapped one to one, handlers are as exec_ppc_flat says. */
static void start(void)
{
    exec_ppc_flat(ppc);
    exec_ppc_map(ppc, 0, 0, 0, 6);
    exec_ppc_map(ppc, 1, DEVICE, DEVICE, 1);
    exec_core(ppc)->pc = CODE;
    exec_state_changed(ppc);
    exec_run(ppc);
}

static void destroy(void)
{
    exec_destroy(ppc);
    memory_destroy(memory);
}

/* --- words of code --- */

#define D_FORM(op, t, a, imm) ((u32)(op) << 26 | (u32)(t) << 21 | (u32)(a) << 16 | ((imm)&0xffff))
#define X_FORM(t, a, b, op)                                                                        \
    (31u << 26 | (u32)(t) << 21 | (u32)(a) << 16 | (u32)(b) << 11 | (u32)(op) << 1)
#define SPR_FORM(t, n, op) X_FORM(t, (n)&31, (n) >> 5, op)
#define MFSPR(t, n)        SPR_FORM(t, n, 339)
#define MTSPR(n, s)        SPR_FORM(s, n, 467)
#define LI(t, imm)         D_FORM(14, t, 0, imm)
#define LIS(t, imm)        D_FORM(15, t, 0, imm)
#define ORI(t, imm)        D_FORM(24, t, t, imm)
#define ADDI(t, imm)       D_FORM(14, t, t, imm)
#define STW(s, a)          D_FORM(36, s, a, 0)
#define LWZ(t, a)          D_FORM(32, t, a, 0)
#define MTMSR(s)           X_FORM(s, 0, 0, 146)
#define TLBWE              X_FORM(0, 0, 0, 978)
#define WAIT               X_FORM(0, 0, 0, 62)
#define MSGSND(b)          X_FORM(0, 0, b, 206)
#define MSGCLR(b)          X_FORM(0, 0, b, 238)
#define TLBILX(t, b)       X_FORM(t, 0, b, 18)
#define RETURN(op)         (19u << 26 | (u32)(op) << 1)
#define B(by)              (18u << 26 | ((u32)(by)&0x3fffffc))
#define BDNZ(by)           (16u << 26 | 16u << 21 | ((u32)(by)&0xfffc))
#define END                LIS(30, 0xe000), STW(31, 30), 18u << 26

enum {
    CTR = 9,
    DEC = 22,
    PID = 48,
    ESR = 62,
    TSR = 336,
    TCR = 340,
    MAS0 = 624,
    RFI = 50,
    RFCI = 51
};

/* --- a miss, filled by what it leaves in the MAS registers --- */

START_TEST(a_page_is_filled_on_a_miss)
{
    create(_i);
    PUT(CODE, LIS(3, PAGE >> 16), LI(4, 77), STW(4, 3), LWZ(5, 3), END);
    /* RPN 2 MiB, SW SR; MAS1, MAS2 and MAS0 are as the miss left them */
    PUT(MISS, ADDI(31, 1), LIS(6, 0x20), ORI(6, 5), MTSPR(627, 6), TLBWE, RETURN(RFI));
    cpu()->mas[4] = 1 << MAS4_TSIZED | 4;
    cpu()->pid = 5;
    start();
    ck_assert_uint_eq(cpu()->gpr[31], 1);
    ck_assert_uint_eq(cpu()->gpr[5], 77);
    ck_assert_uint_eq(memory_read(memory, 0x200003, 1), 77);
    ck_assert_uint_eq(cpu()->dear, PAGE);
    ck_assert_uint_eq(cpu()->esr, ESR_ST);
    ck_assert_uint_eq(cpu()->mas[1], MAS1_V | 5 << MAS1_TID | 1 << MAS1_TSIZE);
    ck_assert_uint_eq(cpu()->mas[2], PAGE | 4);
    ck_assert_uint_eq(cpu()->tlb0[0].mas3, 0x200005);
    destroy();
}
END_TEST

/* tlbwe flushes the page: nothing looks for jumps into it, of which there are none. */
START_TEST(pages_of_data_cost_no_look_at_jumps)
{
    enum { PAGES = 300 };

    create(_i);
    PUT(CODE, LIS(3, PAGE >> 16), LI(4, PAGES), MTSPR(CTR, 4), STW(4, 3), ADDI(3, PAGE_SIZE),
        BDNZ(-8), END);
    PUT(MISS, ADDI(31, 1), LIS(6, 0x20), ORI(6, 5), MTSPR(627, 6), TLBWE, RETURN(RFI));
    cpu()->mas[4] = 1 << MAS4_TSIZED | 4;
    start();
    ck_assert_uint_eq(cpu()->gpr[31], PAGES);
    const struct mmu_stats *s = &exec_core(ppc)->rest->mmu->stats;
    ck_assert_uint_ge(s->page_flushes, PAGES / 2); /* those in the place of others */
    ck_assert_uint_eq(s->jump_scans, 0);
    destroy();
}
END_TEST

/* PID and MAS1[TID]: another process does not have it. */
START_TEST(a_page_is_its_process_s)
{
    create(_i);
    PUT(CODE, LIS(3, PAGE >> 16), LWZ(5, 3), LI(7, 6), MTSPR(PID, 7), LWZ(5, 3), END);
    PUT(MISS, MFSPR(8, PID), END);
    cpu()->pid = 5;
    cpu()->tlb0[1] = (struct ppc_tlb_entry){MAS1_V | 5 << MAS1_TID | 1 << MAS1_TSIZE, PAGE,
                                            0x200000 | MAS3_SR, 0, 0};
    start();
    ck_assert_uint_eq(cpu()->gpr[8], 6);
    ck_assert_uint_eq(cpu()->srr0, CODE + 16);
    destroy();
}
END_TEST

/* MSR[IS], MSR[DS] and MAS1[TS]: data of space 1, code of space 0. */
START_TEST(spaces_are_apart)
{
    create(_i);
    PUT(CODE, LIS(3, PAGE >> 16), LI(4, MSR_DS), LWZ(5, 3), MTMSR(4), LWZ(6, 3), LI(4, 0), MTMSR(4),
        LWZ(7, 3), END);
    for (u32 space = 0; space < 2; space++) {
        memory_write(memory, 0x203000 - 0x1000 * space, 0x11000000 * (space + 1), 4);
        cpu()->tlb0[space] =
            (struct ppc_tlb_entry){MAS1_V | space << MAS1_TS | 1 << MAS1_TSIZE, PAGE,
                                   (0x203000 - 0x1000 * space) | MAS3_SR, 0, 0};
    }
    start();
    ck_assert_uint_eq(cpu()->gpr[5], 0x11);
    ck_assert_uint_eq(cpu()->gpr[6], 0x22);
    ck_assert_uint_eq(cpu()->gpr[7], 0x11);
    destroy();
}
END_TEST

/* Data storage interrupt: each right, and what ESR and DEAR say where it is missing. */
static const struct {
    u32 rights, word, esr;
} refused[] = {
    {MAS3_SW | MAS3_SX | MAS3_UR, LWZ(5, 3), 0},
    {MAS3_SR | MAS3_SX | MAS3_UW, STW(5, 3), ESR_ST},
    {MAS3_SR | MAS3_SX | MAS3_UW, D_FORM(54, 5, 3, 0), ESR_ST | ESR_FP}, /* stfd */
    {MAS3_SX, X_FORM(0, 0, 3, 86), 0},                                   /* dcbf */
    {63 | 1u << 31, LWZ(5, 3), ESR_BO},
};

START_TEST(rights_are_asked)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        u32 little = refused[i].rights >> 31;

        create(_i);
        PUT(CODE, LIS(3, PAGE >> 16), LI(4, MSR_FP), MTMSR(4), refused[i].word, END);
        PUT(DATA_STORAGE, ADDI(31, 1), END);
        cpu()->tlb0[2] = (struct ppc_tlb_entry){MAS1_V | 1 << MAS1_TSIZE, PAGE | little,
                                                0x200000 | (refused[i].rights & 63), 0, 0};
        start();
        ck_assert_uint_eq(cpu()->gpr[31], 1);
        ck_assert_uint_eq(cpu()->esr, refused[i].esr);
        ck_assert_uint_eq(cpu()->dear, PAGE);
        ck_assert_uint_eq(cpu()->srr0, CODE + 12);
        destroy();
    }
}
END_TEST

/* --- timers (book III-E) --- */

START_TEST(decrementer_ends_a_wait)
{
    create(_i);
    PUT(CODE, LI(3, 20000), MTSPR(DEC, 3), LIS(3, TCR_DIE >> 16), MTSPR(TCR, 3), LI(3, 0),
        ORI(3, MSR_EE), MTMSR(3), WAIT, END);
    PUT(DECREMENTER, ADDI(31, 1), LIS(3, TSR_DIS >> 16), MTSPR(TSR, 3), RETURN(RFI));
    start();
    ck_assert_uint_eq(cpu()->gpr[31], 1);
    ck_assert_uint_ge(now, 20000);
    ck_assert_uint_eq(cpu()->dec, 0);
    ck_assert_uint_eq(cpu()->tsr, 0);
    destroy();
}
END_TEST

/* A jump out of which an interrupt comes leads where it did, not to the handler. */
START_TEST(decrementer_interrupts_a_loop)
{
    create(_i);
    PUT(CODE, LIS(3, TCR_DIE >> 16), MTSPR(TCR, 3), LIS(3, 0x4000), MTSPR(DEC, 3), LI(3, 0),
        ORI(3, MSR_EE), MTMSR(3), LIS(9, 0xe000), 18u << 26 | 4, ADDI(10, 1), D_FORM(36, 10, 9, 8),
        18u << 26 | 4, D_FORM(11, 0, 10, 100), D_FORM(16, 4, 2, -16), END);
    PUT(DECREMENTER, ADDI(31, 1), LIS(3, TSR_DIS >> 16), MTSPR(TSR, 3), LIS(3, 0x4000),
        MTSPR(DEC, 3), RETURN(RFI));
    start();
    ck_assert_uint_eq(cpu()->gpr[10], 100);
    ck_assert_uint_eq(cpu()->gpr[31], 20);
    destroy();
}
END_TEST

/* ENW at the first time, WIS and the critical interrupt at the second. */
START_TEST(watchdog_interrupts)
{
    const u32 bit = 63 - 16; /* of the timebase from the left: 65536 ns to and fro */
    const u32 tcr = TCR_WIE | (bit & 3) << TCR_WP | (bit >> 2) << TCR_WPEXT;

    create(_i);
    PUT(CODE, LIS(3, tcr >> 16), ORI(3, tcr), MTSPR(TCR, 3), LIS(3, MSR_CE >> 16), MTMSR(3), WAIT,
        END);
    PUT(WATCHDOG, ADDI(31, 1), MFSPR(5, TSR), LIS(3, TSR_WIS >> 16), MTSPR(TSR, 3), RETURN(RFCI));
    start();
    ck_assert_uint_eq(cpu()->gpr[31], 1);
    ck_assert_uint_eq(cpu()->gpr[5], TSR_ENW | TSR_WIS);
    ck_assert_uint_ge(now, 65536 + 131072);
    ck_assert_uint_eq(cpu()->csrr0, CODE + 24);
    destroy();
}
END_TEST

/* Waits until the decrementer or a reset ends it, the watchdog's bit having risen six times. */
static void watch(u32 wrc, u32 msr)
{
    const u32 bit = 63 - 16;
    const u32 tcr =
        TCR_DIE | TCR_WIE | (bit & 3) << TCR_WP | (bit >> 2) << TCR_WPEXT | wrc << TCR_WRC;

    PUT(CODE, LIS(3, 12), MTSPR(DEC, 3), LIS(3, tcr >> 16), ORI(3, tcr), MTSPR(TCR, 3),
        LIS(3, msr >> 16), ORI(3, msr), MTMSR(3), WAIT, B(-4));
    PUT(WATCHDOG, ADDI(31, 1), LIS(3, (TSR_ENW | TSR_WIS) >> 16), MTSPR(TSR, 3), RETURN(RFCI));
    PUT(DECREMENTER, END);
    start();
}

/* The third time resets, says TCR[WRC], if nobody has cleared what the first two left. */
START_TEST(watchdog_resets)
{
    for (u32 wrc = 1; wrc < 4; wrc++) {
        create(_i);
        watch(wrc, MSR_EE);
        ck_assert_uint_eq(resets, 1);
        ck_assert_uint_eq(cpu()->tsr, TSR_ENW | TSR_WIS | wrc << TCR_WRC);
        ck_assert_uint_ge(now, 65536 + 2 * 131072);
        ck_assert_uint_lt(now, 65536 + 3 * 131072);
        destroy();
    }
}
END_TEST

START_TEST(watchdog_does_not_reset)
{
    create(_i);
    watch(0, MSR_EE);
    ck_assert_uint_eq(resets, 0);
    ck_assert_uint_eq(cpu()->tsr, TSR_ENW | TSR_WIS | TSR_DIS);
    ck_assert_uint_ge(now, 12 << 16);
    destroy();
    create(_i);
    watch(2, MSR_EE | MSR_CE); /* it is cleared in time */
    ck_assert_uint_eq(resets, 0);
    ck_assert_uint_eq(cpu()->gpr[31], 3);
    ck_assert_uint_eq(cpu()->tsr, TSR_DIS);
    destroy();
}
END_TEST

/* Each time that its bit of the timebase becomes 1. */
START_TEST(fixed_interval_interrupts)
{
    const u32 bit = 63 - 14;
    const u32 tcr = TCR_FIE | (bit & 3) << TCR_FP | (bit >> 2) << TCR_FPEXT;

    create(_i);
    PUT(CODE, LIS(3, tcr >> 16), ORI(3, tcr), MTSPR(TCR, 3), LI(3, 0), ORI(3, MSR_EE), MTMSR(3),
        WAIT, WAIT, END);
    PUT(FIXED_INTERVAL, ADDI(31, 1), MFSPR(5, TSR), LIS(3, TSR_FIS >> 16), MTSPR(TSR, 3),
        RETURN(RFI));
    start();
    ck_assert_uint_eq(cpu()->gpr[31], 2);
    ck_assert_uint_eq(cpu()->gpr[5], TSR_FIS);
    ck_assert_uint_ge(now, 16384 + 32768);
    ck_assert_uint_lt(now, 2 * (16384 + 32768));
    destroy();
}
END_TEST

/* --- messages (book III-E, msgsnd and msgclr) --- */

/* For itself, for another and for all; one that waits can be taken back. */
START_TEST(doorbells)
{
    create(_i);
    PUT(CODE, LI(3, 0), MSGSND(3), LIS(4, 1 << 11), MSGSND(4), MSGCLR(4), LI(5, 0), ORI(5, MSR_EE),
        LI(6, 1), MTMSR(5), LI(3, 7), LI(6, 2), MSGSND(3), LIS(3, 1 << 10), LI(6, 3), MSGSND(3),
        LIS(5, MSR_CE >> 16), MTMSR(5), LI(6, 4), MSGSND(4), END);
    PUT(DOORBELL, ADDI(31, 1), 14u << 26 | 7 << 21 | 6 << 16, RETURN(RFI));
    PUT(CRITICAL_DOORBELL, ADDI(29, 1), RETURN(RFCI));
    start();
    ck_assert_uint_eq(cpu()->gpr[31], 2);
    ck_assert_uint_eq(cpu()->gpr[7], 3);
    ck_assert_uint_eq(cpu()->gpr[29], 1);
    ck_assert_uint_eq(cpu()->csrr0, CODE + 19 * 4);
    destroy();
}
END_TEST

/* --- addresses that must be multiples --- */

static const struct {
    u32 word, esr;
} unaligned[] = {
    {X_FORM(5, 0, 3, 20), 0},           /* lwarx */
    {X_FORM(5, 0, 3, 116), 0},          /* lharx */
    {X_FORM(5, 0, 3, 150) | 1, ESR_ST}, /* stwcx. */
    {D_FORM(46, 28, 3, 0), 0},          /* lmw */
    {D_FORM(47, 28, 3, 0), ESR_ST},     /* stmw */
};

START_TEST(alignment_interrupts)
{
    for (size_t i = 0; i < sizeof unaligned / sizeof *unaligned; i++) {
        create(_i);
        PUT(CODE, LI(3, 0x2001), LWZ(5, 3), STW(5, 3), unaligned[i].word, END);
        PUT(ALIGNMENT, ADDI(31, 1), END);
        start();
        ck_assert_uint_eq(cpu()->gpr[31], 1);
        ck_assert_uint_eq(cpu()->srr0, CODE + 12);
        ck_assert_uint_eq(cpu()->dear, 0x2001);
        ck_assert_uint_eq(cpu()->esr, unaligned[i].esr);
        destroy();
    }
}
END_TEST

/* --- the external interrupt, and its vector in EPR --- */

START_TEST(external_interrupts)
{
    create(_i);
    PUT(CODE, LI(3, 0), ORI(3, MSR_EE), MTMSR(3), 18u << 26);
    PUT(EXTERNAL, MFSPR(5, 702), MFSPR(6, 26), END);
    exec_interrupt_line(ppc, true);
    start();
    ck_assert_uint_eq(cpu()->gpr[5], 0x1234);
    ck_assert_uint_eq(cpu()->gpr[6], CODE + 12);
    ck_assert_uint_eq(cpu()->srr1, MSR_EE);
    destroy();
}
END_TEST

/* --- tlbilx (book III-E): what is left, and what misses then --- */

static const struct {
    u32 t, left; /* of the entries below, as bits */
} invalidated[] = {{3, 1 | 4 | 8}, {1, 1 | 8}, {0, 8}};

START_TEST(local_invalidation)
{
    for (size_t i = 0; i < sizeof invalidated / sizeof *invalidated; i++) {
        static const struct ppc_tlb_entry entries[] = {
            {MAS1_V | 5 << MAS1_TID | 1 << MAS1_TSIZE, PAGE, 0x200000 | MAS3_SR, 0, 0},
            {MAS1_V | 6 << MAS1_TID | 1 << MAS1_TSIZE, PAGE, 0x201000 | MAS3_SR, 0, 0},
            {MAS1_V | 6 << MAS1_TID | 1 << MAS1_TSIZE, PAGE + 0x1000, 0x202000 | MAS3_SR, 0, 0},
            {MAS1_V | MAS1_IPROT | 6 << MAS1_TID | 1 << MAS1_TSIZE, PAGE + 0x2000,
             0x203000 | MAS3_SR, 0, 0},
        };
        struct ppc_tlb_entry *at[4];
        u32 left = 0;

        create(_i);
        PUT(CODE, LIS(3, PAGE >> 16), LWZ(5, 3), TLBILX(invalidated[i].t, 3), LWZ(5, 3), END);
        PUT(MISS, ADDI(31, 1), END);
        cpu()->pid = 6;
        cpu()->mas[6] = 6 << MAS6_SPID;
        at[0] = &cpu()->tlb0[0], at[1] = &cpu()->tlb0[1], at[2] = &cpu()->tlb0[4];
        at[3] = &cpu()->tlb1[7];
        for (unsigned n = 0; n < 4; n++)
            *at[n] = entries[n];
        start();
        for (unsigned n = 0; n < 4; n++)
            left |= (u32)(at[n]->mas1 >> 31) << n;
        ck_assert_uint_eq(left, invalidated[i].left);
        ck_assert_uint_eq(cpu()->gpr[31], 1);
        ck_assert_uint_eq(cpu()->srr0, CODE + 12);
        destroy();
    }
}
END_TEST

/* --- registers --- */

static const struct {
    u32 msr, word, esr;
} illegal[] = {
    {MSR_PR, MFSPR(5, 1023), ESR_PPR}, /* SVR */
    {MSR_PR, MFSPR(5, 1022), ESR_PPR}, /* none, but of the supervisor's numbers */
    {MSR_PR, MFSPR(5, 33), ESR_PIL},   {0, MFSPR(5, 1022), ESR_PIL},
    {0, MTSPR(287, 5), ESR_PIL},                                    /* PVR */
    {0, MFSPR(3, 306), ESR_PIL},       {0, MTSPR(342, 3), ESR_PIL}, /* DBSRWR, none */
    {MSR_PR, TLBWE, ESR_PPR},          {MSR_PR, RETURN(RFCI), ESR_PPR},
};

START_TEST(registers_that_are_not_to_be_had)
{
    for (size_t i = 0; i < sizeof illegal / sizeof *illegal; i++) {
        create(_i);
        PUT(CODE, illegal[i].word, END);
        PUT(PROGRAM, ADDI(31, 1), END);
        cpu()->msr = illegal[i].msr;
        start();
        ck_assert_msg(cpu()->gpr[31] == 1 && cpu()->esr == illegal[i].esr, "%08x: ESR %08x",
                      illegal[i].word, cpu()->esr);
        destroy();
    }
}
END_TEST

/* Of Nexus and of L2's errors; L2ERRDET, whose bits are cleared by ones, has none. */
START_TEST(registers_that_keep)
{
    enum { L2ERRDET = 991, VALUE = 0x12345678 };
    static const u16 kept[] = {517, 563, 720, 724, 725, 947, 948, 975, 985, 986, 987};

    for (size_t i = 0; i <= sizeof kept / sizeof *kept; i++) {
        u32 n = i < sizeof kept / sizeof *kept ? kept[i] : L2ERRDET;
        create(_i);
        PUT(CODE, LIS(3, VALUE >> 16), ORI(3, VALUE), MTSPR(n, 3), MFSPR(31, n), END);
        start();
        ck_assert_uint_eq(cpu()->gpr[31], n == L2ERRDET          ? 0
                                          : n == 947 || n == 948 ? VALUE & EPC_DEFINED
                                                                 : VALUE);
        destroy();
    }
}
END_TEST

/* Nobody answers a load: a machine check, or, without MSR[ME], a checkstop. */
START_TEST(nobody_answers)
{
    for (u32 me = 0; me <= MSR_ME; me += MSR_ME) {
        create(_i);
        exec_ppc_map(ppc, 2, PAGE, 0x50000000, 1);
        PUT(CODE, LI(3, me), MTMSR(3), LIS(3, PAGE >> 16), LWZ(4, 3), END);
        PUT(MACHINE_CHECK, MFSPR(31, 572), MFSPR(29, 573), END);
        start();
        ck_assert_uint_eq(resets, me == 0);
        if (me) {
            ck_assert_uint_eq(cpu()->gpr[31], MCSR_LD | MCSR_MAV);
            ck_assert_uint_eq(cpu()->gpr[29], 0x50000000);
            ck_assert_uint_eq(cpu()->mcsrr0, CODE + 12);
        }
        destroy();
    }
}
END_TEST

static Suite *system_suite(void)
{
    Suite *s = suite_create("powerpc system");
    TCase *c = tcase_create("e500mc");

    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, a_page_is_filled_on_a_miss, 0, ENGINES);
    tcase_add_loop_test(c, pages_of_data_cost_no_look_at_jumps, 0, ENGINES);
    tcase_add_loop_test(c, a_page_is_its_process_s, 0, ENGINES);
    tcase_add_loop_test(c, spaces_are_apart, 0, ENGINES);
    tcase_add_loop_test(c, rights_are_asked, 0, ENGINES);
    tcase_add_loop_test(c, decrementer_ends_a_wait, 0, ENGINES);
    tcase_add_loop_test(c, decrementer_interrupts_a_loop, 0, ENGINES);
    tcase_add_loop_test(c, watchdog_interrupts, 0, ENGINES);
    tcase_add_loop_test(c, watchdog_resets, 0, ENGINES);
    tcase_add_loop_test(c, watchdog_does_not_reset, 0, ENGINES);
    tcase_add_loop_test(c, fixed_interval_interrupts, 0, ENGINES);
    tcase_add_loop_test(c, doorbells, 0, ENGINES);
    tcase_add_loop_test(c, alignment_interrupts, 0, ENGINES);
    tcase_add_loop_test(c, external_interrupts, 0, ENGINES);
    tcase_add_loop_test(c, local_invalidation, 0, ENGINES);
    tcase_add_loop_test(c, registers_that_are_not_to_be_had, 0, ENGINES);
    tcase_add_loop_test(c, registers_that_keep, 0, ENGINES);
    tcase_add_loop_test(c, nobody_answers, 0, ENGINES);
    suite_add_tcase(s, c);
    return s;
}

TEST_MAIN(system_suite)
