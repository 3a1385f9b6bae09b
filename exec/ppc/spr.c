/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Special-purpose registers that are more than a word in struct ppc_cpu: see ops/ppc/sprs.def. */
#include "translate/ppc/spr.h"
#include "exec/ppc/ppc.h"

#include <string.h>

enum { DBCR0_RST = 3 << 28 };

/* --- reading --- */

static u32 read_timer(struct ppc_cpu *cpu, u32 number)
{
    ppc_settle_timers(cpu);
    ppc_look_at_interrupts(cpu);
    return number == SPR_dec ? cpu->dec : cpu->tsr;
}

static u32 read_other(struct ppc_cpu *cpu, u32 number)
{
    switch (number) {
    case SPR_xer:
        return ppc_xer(cpu);
    case SPR_dec:
    case SPR_tsr:
        return read_timer(cpu, number);
    case SPR_tbl:
    case SPR_atbl:
        return (u32)ppc_timebase(cpu);
    case SPR_tbu:
    case SPR_atbu:
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

    ppc_set_timebase(cpu,
                     number == SPR_tblw ? (old & ~(u64)~0u) | value : (u64)value << 32 | (u32)old);
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
    if (number == SPR_dbcr0 && value & DBCR0_RST)
        exec_request_reset(cpu->core.rest->exec);
    ppc_debug_changed(cpu);
}

/* DEC, DECAR, TCR; TSR, of which ones that are written clear bits. */
static void write_timer(struct ppc_cpu *cpu, u32 number, u32 *at, u32 value)
{
    ppc_settle_timers(cpu);
    if (number == SPR_dec)
        cpu->dec = value;
    else if (number == SPR_tsr)
        cpu->tsr &= ~value;
    else
        *at = value;
    ppc_arm_timers(cpu);
}

static void write_acting(struct ppc_cpu *cpu, u32 number, u32 *at, u32 value)
{
    switch (number) {
    case SPR_pid:
        write_pid(cpu, value);
        break;
    case SPR_lpidr:
        write_lpidr(cpu, value);
        break;
    case SPR_eplc:
    case SPR_epsc:
        write_context(cpu, at, value);
        break;
    case SPR_epcr:
    case SPR_hid0:
        *at = value;
        ppc_look_at_interrupts(cpu);
        break;
    case SPR_mmucsr0:
        ppc_tlb_invalidate(cpu, value);
        break;
    case SPR_dbsrwr:
    case SPR_dbcr0:
    case SPR_dbcr1:
    case SPR_dbcr2:
    case SPR_iac1:
    case SPR_iac2:
    case SPR_dac1:
    case SPR_dac2:
        write_debug(cpu, number, at, value);
        break;
    case SPR_tblw:
    case SPR_tbuw:
        write_timebase(cpu, number, value);
        break;
    default:
        write_timer(cpu, number, at, value);
    }
}

/* SPR a = GPR b, for those that act or clear. */
void ppc_helper_write_spr(struct ppc_cpu *cpu, u32 a, u32 b)
{
    const struct spr *spr = ppc_spr_find(a);
    u32 *at = (u32 *)((u8 *)cpu + spr->at), value = cpu->gpr[b];

    if (a == SPR_xer) {
        ppc_set_xer(cpu, value);
        return;
    }
    exec_before_device(&cpu->core); /* the board's alarm is one */
    if (spr->access & CLEARS)
        *at &= ~value;
    else
        write_acting(cpu, a, at, spr->access & OTHER ? value : value & spr->mask);
}
