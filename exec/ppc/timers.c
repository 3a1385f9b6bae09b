/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Timebase, decrementer, fixed-interval timer and watchdog (Power ISA 2.07, book III-E, "Timer
 * Facilities"). Nothing ticks: what has become of them follows from the timebase whenever somebody
 * looks, and the board's alarm comes when one of them is to interrupt.
 */
#include "exec/ppc/ppc.h"

typedef unsigned __int128 u128;

enum { NEVER_BITS = 62, NS_PER_S = 1000000000 };

static const struct ppc_board *board_of(const struct ppc_cpu *cpu)
{
    return (const struct ppc_board *)exec_board(&cpu->core);
}

u64 ppc_timebase(struct ppc_cpu *cpu)
{
    u64 ticks = (u64)((u128)exec_clock(&cpu->core) * board_of(cpu)->timebase_hz / NS_PER_S);

    return ticks + cpu->timebase_offset;
}

/* The first nanosecond at which the timebase is `at`. */
static u64 when(const struct ppc_cpu *cpu, u64 at)
{
    u32 hz = board_of(cpu)->timebase_hz;
    u128 ns = hz ? ((u128)(at - cpu->timebase_offset) * NS_PER_S + hz - 1) / hz : PPC_NO_ALARM;

    return ns < PPC_NO_ALARM ? (u64)ns : PPC_NO_ALARM;
}

/* --- bits of the timebase that become 1 --- */

/* Number from the right of the one that TCR selects: two bits, and four to their left. */
static u32 selected(u32 tcr, u32 low, u32 high)
{
    return 63 - ((tcr >> low & 3) | (tcr >> high & 15) << 2);
}

static u64 rises_before(u64 timebase, u32 bit)
{
    return (timebase + ((u64)1 << bit)) >> (bit + 1);
}

static u64 rises(const struct ppc_cpu *cpu, u64 timebase, u32 bit)
{
    if (bit >= NEVER_BITS)
        return 0;
    return rises_before(timebase, bit) - rises_before(cpu->settled, bit);
}

static u64 next_rise(const struct ppc_cpu *cpu, u32 bit)
{
    if (bit >= NEVER_BITS)
        return PPC_NO_ALARM;
    return when(cpu, ((rises_before(cpu->settled, bit) + 1) << (bit + 1)) - ((u64)1 << bit));
}

static u32 interval_bit(const struct ppc_cpu *cpu)
{
    return selected(cpu->tcr, TCR_FP, TCR_FPEXT);
}

static u32 watchdog_bit(const struct ppc_cpu *cpu)
{
    return selected(cpu->tcr, TCR_WP, TCR_WPEXT);
}

/* --- up to now --- */

static void settle_decrementer(struct ppc_cpu *cpu, u64 passed)
{
    if (!cpu->dec)
        return;
    if (passed < cpu->dec) {
        cpu->dec -= (u32)passed;
        return;
    }
    cpu->tsr |= TSR_DIS;
    passed -= cpu->dec;
    cpu->dec = cpu->tcr & TCR_ARE && cpu->decar ? cpu->decar - (u32)(passed % cpu->decar) : 0;
}

/* The watchdog's first time sets ENW, the second WIS, the third resets, if TCR[WRC] says so. */
static void settle_watchdog(struct ppc_cpu *cpu, u64 times)
{
    u32 reset = cpu->tcr >> TCR_WRC & 3;

    if (times && !(cpu->tsr & TSR_ENW)) {
        cpu->tsr |= TSR_ENW;
        times--;
    }
    if (times && !(cpu->tsr & TSR_WIS)) {
        cpu->tsr |= TSR_WIS;
        times--;
    }
    if (times && reset) {
        cpu->tsr |= reset << TCR_WRC;
        exec_request_reset(cpu->core.rest->exec);
    }
}

void ppc_settle_timers(struct ppc_cpu *cpu)
{
    u64 timebase = ppc_timebase(cpu);

    settle_decrementer(cpu, timebase - cpu->settled);
    if (rises(cpu, timebase, interval_bit(cpu)))
        cpu->tsr |= TSR_FIS;
    settle_watchdog(cpu, rises(cpu, timebase, watchdog_bit(cpu)));
    cpu->settled = timebase;
}

/* --- the alarm --- */

static u64 least(u64 a, u64 b)
{
    return a < b ? a : b;
}

static u64 next_alarm(const struct ppc_cpu *cpu)
{
    u64 at = PPC_NO_ALARM;
    bool watches = cpu->tcr & (TCR_WIE | 3 << TCR_WRC);

    if (cpu->tcr & TCR_DIE && cpu->dec && !(cpu->tsr & TSR_DIS))
        at = when(cpu, cpu->settled + cpu->dec);
    if (cpu->tcr & TCR_FIE && !(cpu->tsr & TSR_FIS))
        at = least(at, next_rise(cpu, interval_bit(cpu)));
    return watches ? least(at, next_rise(cpu, watchdog_bit(cpu))) : at;
}

static u64 tell_alarm(struct core *core, const struct log_event *event)
{
    const struct ppc_cpu *cpu = (const struct ppc_cpu *)core;
    const struct ppc_board *b = board_of(cpu);

    (void)event;
    b->set_alarm(b->board.board, cpu->alarm);
    return 0;
}

void ppc_arm_timers(struct ppc_cpu *cpu)
{
    u64 at = next_alarm(cpu);
    struct log_event event = {.kind = TELL_ALARM, .written = (u32)at};

    if (at != cpu->alarm && board_of(cpu)->set_alarm) {
        cpu->alarm = at;
        exec_ask(&cpu->core, &event, tell_alarm);
    }
    ppc_look_at_interrupts(cpu);
}

void exec_ppc_alarm(struct exec *e)
{
    struct ppc_cpu *cpu = exec_ppc_cpu(e);

    cpu->alarm = PPC_NO_ALARM;
    ppc_settle_timers(cpu);
    ppc_arm_timers(cpu);
}

void ppc_set_timebase(struct ppc_cpu *cpu, u64 value)
{
    ppc_settle_timers(cpu);
    cpu->timebase_offset += value - cpu->settled;
    cpu->settled = value;
    ppc_arm_timers(cpu);
}
