/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board on which there is nothing, for a PowerPC that has all it needs in its memory. */
#ifndef TESTS_EXEC_NO_BOARD_H
#define TESTS_EXEC_NO_BOARD_H

#include "exec/ppc/board.h"

static inline void no_board_does(void *board)
{
    (void)board;
}

static inline int no_board_acknowledges(void *board)
{
    (void)board;
    return 0;
}

static inline u64 no_board_clock(void *board)
{
    (void)board;
    return 0;
}

static const struct ppc_board no_board = {.board = {.acknowledge = no_board_acknowledges,
                                                    .service = no_board_does,
                                                    .idle = no_board_does,
                                                    .reset = no_board_does,
                                                    .clock = no_board_clock}};

#endif
