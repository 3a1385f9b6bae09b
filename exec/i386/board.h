/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the i386 needs of the board it sits on, beside what every cpu does; and its pins. */
#ifndef EXEC_I386_BOARD_H
#define EXEC_I386_BOARD_H

#include "exec/exec.h"

/* Each gets board.board as its first argument. */
struct i386_board {
    struct board board;
    uint32_t (*port_read)(void *board, uint16_t port, unsigned size);
    void (*port_write)(void *board, uint16_t port, uint32_t value, unsigned size);
    /*
     * FERR#: with CR0.NE clear, an x87 error raises it, on a PC to ask for IRQ 13. Returns
     * IGNNE#: true lets the cpu go on in spite of the error, as without this callback (NULL).
     */
    bool (*ferr)(void *board, bool level);
    /*
     * The processor has a local APIC, which is the board's, and IA32_APIC_BASE has been written
     * (SDM vol. 3, 11.4.4). NULL: it has none, whatever its model.
     */
    void (*apic_base)(void *board, uint64_t value);
};
enum { APIC_BASE_ENABLED = 1 << 11 };
#define APIC_BASE_ADDRESS (~(uint64_t)0xfff)

extern const struct guest i386_guest; /* whose board is one of these */

struct cpu;
/* For loaders that start the guest elsewhere: change registers, then call exec_state_changed. */
static inline struct cpu *exec_cpu(struct exec *e)
{
    return (struct cpu *)exec_core(e);
}

/* A20; from the cpu's own thread. */
void exec_a20_line(struct exec *e, bool level);
/* An edge of NMI, which is taken as soon as none is being handled; from the cpu's own thread. */
void exec_nmi(struct exec *e);

#endif
