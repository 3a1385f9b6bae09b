/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Special-purpose registers that are more than a word in struct ppc_cpu: see ops/ppc/sprs.def. */
#include "translate/ppc/spr.h"
#include "exec/ppc/ppc.h"

#include <string.h>

enum {
    SPR_XER = 1,
    SPR_DEC = 22,
    SPR_PID = 48,
    SPR_TBL = 268,
    SPR_TBU = 269,
    SPR_TBL_WRITTEN = 284,
    SPR_TBU_WRITTEN = 285,
    SPR_DBSRWR = 306,
    SPR_DBCR0 = 308,
    SPR_DBCR1 = 309,
    SPR_DBCR2 = 310,
    SPR_IAC1 = 312,
    SPR_IAC2 = 313,
    SPR_DAC1 = 316,
    SPR_DAC2 = 317,
    SPR_EPCR = 307,
    SPR_TSR = 336,
    SPR_LPIDR = 338,
    SPR_ATBL = 526,
    SPR_ATBU = 527,
    SPR_EPLC = 947,
    SPR_EPSC = 948,
    SPR_HID0 = 1008,
    SPR_MMUCSR0 = 1012,
    DBCR0_RST = 3 << 28,
};

/* --- reading --- */

static u32 read_timer(struct ppc_cpu *cpu, u32 number)
{
    ppc_settle_timers(cpu);
    ppc_look_at_interrupts(cpu);
    return number == SPR_DEC ? cpu->dec : cpu->tsr;
}

static u32 read_other(struct ppc_cpu *cpu, u32 number)
{
    switch (number) {
    case SPR_XER:
        return ppc_xer(cpu);
    case SPR_DEC:
    case SPR_TSR:
        return read_timer(cpu, number);
    case SPR_TBL:
    case SPR_ATBL:
        return (u32)ppc_timebase(cpu);
    case SPR_TBU:
    case SPR_ATBU:
        return (u32)(ppc_timebase(cpu) >> 32);
    default: /* MMUCSR0, whose bits are done with at once */
        return 0;
    }
}

/* GPR b = SPR a. */
void ppc_helper_read_spr(struct ppc_cpu *cpu, u32 a, u32 b)
{
    cpu->gpr[b] = read_other(cpu, a);
}

/* --- writing --- */

static void write_timebase(struct ppc_cpu *cpu, u32 number, u32 value)
{
    u64 old = ppc_timebase(cpu);

    ppc_set_timebase(cpu, number == SPR_TBL_WRITTEN ? (old & ~(u64)~0u) | value
                                                    : (u64)value << 32 | (u32)old);
}

static void write_pid(struct ppc_cpu *cpu, u32 value)
{
    if (cpu->pid == value)
        return;
    cpu->pid = value;
    softmmu_flush_non_global(&cpu->core);
}

static void write_lpidr(struct ppc_cpu *cpu, u32 value)
{
    if (cpu->lpidr == value)
        return;
    cpu->lpidr = value;
    softmmu_flush(&cpu->core);
}

/* EPLC, EPSC. */
static void write_context(struct ppc_cpu *cpu, u32 *at, u32 value)
{
    u32 stays = ppc_is_guest(cpu) ? EPC_HYPERVISORS : 0;

    *at = (*at & stays) | (value & ~stays);
}

static void write_debug(struct ppc_cpu *cpu, u32 number, u32 *at, u32 value)
{
    *at = value;
    if (number == SPR_DBCR0 && value & DBCR0_RST)
        exec_request_reset(cpu->core.rest->exec);
    ppc_debug_changed(cpu);
}

/* DEC, DECAR, TCR; TSR, of which ones that are written clear bits. */
static void write_timer(struct ppc_cpu *cpu, u32 number, u32 *at, u32 value)
{
    ppc_settle_timers(cpu);
    if (number == SPR_DEC)
        cpu->dec = value;
    else if (number == SPR_TSR)
        cpu->tsr &= ~value;
    else
        *at = value;
    ppc_arm_timers(cpu);
}

static void write_acting(struct ppc_cpu *cpu, u32 number, u32 *at, u32 value)
{
    switch (number) {
    case SPR_PID:
        write_pid(cpu, value);
        break;
    case SPR_LPIDR:
        write_lpidr(cpu, value);
        break;
    case SPR_EPLC:
    case SPR_EPSC:
        write_context(cpu, at, value);
        break;
    case SPR_EPCR:
    case SPR_HID0:
        *at = value;
        ppc_look_at_interrupts(cpu);
        break;
    case SPR_MMUCSR0:
        ppc_tlb_invalidate(cpu, value);
        break;
    case SPR_DBSRWR:
    case SPR_DBCR0:
    case SPR_DBCR1:
    case SPR_DBCR2:
    case SPR_IAC1:
    case SPR_IAC2:
    case SPR_DAC1:
    case SPR_DAC2:
        write_debug(cpu, number, at, value);
        break;
    case SPR_TBL_WRITTEN:
    case SPR_TBU_WRITTEN:
        write_timebase(cpu, number, value);
        break;
    default:
        write_timer(cpu, number, at, value);
    }
}

/* SPR a = GPR b, for those that act or clear. */
void ppc_helper_write_spr(struct ppc_cpu *cpu, u32 a, u32 b)
{
    const struct spr *spr = spr_find(a);
    u32 *at = (u32 *)((u8 *)cpu + spr->at), value = cpu->gpr[b];

    if (a == SPR_XER) {
        ppc_set_xer(cpu, value);
        return;
    }
    exec_before_device(&cpu->core); /* the board's alarm is one */
    if (spr->access & CLEARS)
        *at &= ~value;
    else
        write_acting(cpu, a, at, spr->access & OTHER ? value : value & spr->mask);
}
