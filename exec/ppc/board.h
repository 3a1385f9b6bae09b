/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the e500mc needs of the board it sits on, beside what every cpu does; and its pins. */
#ifndef EXEC_PPC_BOARD_H
#define EXEC_PPC_BOARD_H

#include "exec/exec.h"

/*
 * board.acknowledge says what the EPR register has from then on: with external proxy, the vector
 * of the interrupt that has been acknowledged thereby. exec_interrupt_line is the pin int.
 */
struct ppc_board {
    struct board board;
    uint32_t timebase_hz;
    /*
     * exec_ppc_alarm is to be called at that time of board.clock, or, UINT64_MAX, not any more: in
     * place of what was asked for before. NULL: timers are seen, but interrupt nobody.
     */
    void (*set_alarm)(void *board, uint64_t when);
};

extern const struct guest ppc_guest; /* whose board is one of these */

struct ppc_cpu;
/* For loaders that start the guest elsewhere: change registers, then call exec_state_changed. */
static inline struct ppc_cpu *exec_ppc_cpu(struct exec *e)
{
    return (struct ppc_cpu *)exec_core(e);
}

/* The alarm has come; from the cpu's own thread, between blocks (board.service). */
void exec_ppc_alarm(struct exec *e);

/* The pins cint and mcp, level-triggered; from the cpu's own thread. */
void exec_ppc_critical_line(struct exec *e, bool level);
void exec_ppc_machine_check_line(struct exec *e, bool level);

/*
 * What a loader may leave in the place of firmware: an entry of TLB1, valid and protected, of
 * 4 KiB << 2 * (size - 1), with all rights; its address and its physical one are aligned.
 */
void exec_ppc_map(struct exec *e, unsigned entry, uint32_t address, uint32_t physical,
                  unsigned size);
/*
 * All of memory is where its address says, the whole time, and handlers are where other PowerPCs
 * have them (500h the external interrupt's, C00h the system call's).
 */
void exec_ppc_flat(struct exec *e);

#endif
