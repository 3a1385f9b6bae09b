/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exec/exec.h for tests. */
#include "tests/hw/fake_exec.h"

#include "exec/i386/i386.h"
#include "exec/ppc/board.h"
#include "exec/state.h"
#include "tests/assert.h"

#include <stdlib.h>

enum { ANY_CPU = 1 << 20 }; /* room for any guest's */
void (*fake_guest)(struct exec *e);
const struct guest i386_guest;
const struct guest ppc_guest;

struct exec *exec_create(const struct exec_options *options, struct memory *memory,
                         const struct board *board, const char **error)
{
    struct exec *e = calloc(1, sizeof *e);
    if (!e || !options->cache_size) {
        *error = "no room";
        free(e);
        return NULL;
    }
    e->core = calloc(1, ANY_CPU);
    ck_assert_ptr_nonnull(e->core);
    e->board = (const struct i386_board *)board;
    e->memory = memory;
    return e;
}

void exec_destroy(struct exec *e)
{
    free(e->core);
    free(e);
}

void exec_reset(struct exec *e)
{
    e->resets++;
    e->core->pc = 0xfff0;
}

struct core *exec_core(struct exec *e)
{
    return e->core;
}

void exec_state_changed(struct exec *e)
{
    e->changes++;
}

/* A cpu of which nothing but the pc is known. */
struct exec_state exec_open_state(struct exec *e)
{
    static const struct state_field fields[] = {{STATE(core, pc)}, {0}};
    static const struct state_table state = STATE_TABLE(core, 1, fields);
    return (struct exec_state){&state, e->core};
}

void exec_close_state(struct exec *e, bool restored)
{
    e->changes += restored;
}

void segment_update_bounds(struct segment *s)
{
    s->read_hi = s->limit;
}

void exec_run(struct exec *e)
{
    while (!atomic_load(&e->stop)) {
        fake_guest(e);
        fake_step(e);
    }
    atomic_store(&e->stop, false);
}

void exec_stop(struct exec *e)
{
    atomic_store(&e->stop, true);
}

uint64_t exec_instructions(struct exec *e)
{
    return e->instructions;
}

bool exec_is_entered(const struct exec *e)
{
    (void)e;
    return true;
}

void exec_set_instructions(struct exec *e, uint64_t instructions)
{
    e->instructions = instructions;
}

void exec_set_deadline(struct exec *e, uint64_t instructions)
{
    e->deadline = instructions;
}

void exec_request(struct exec *e)
{
    atomic_store(&e->request, true);
}

void exec_request_reset(struct exec *e)
{
    e->reset_requested = true;
}

/* --- a PowerPC's --- */

void exec_ppc_alarm(struct exec *e)
{
    (void)e;
}

void exec_ppc_critical_line(struct exec *e, bool level)
{
    (void)e, (void)level;
}

void exec_ppc_machine_check_line(struct exec *e, bool level)
{
    (void)e, (void)level;
}

void exec_ppc_map(struct exec *e, unsigned entry, uint32_t address, uint32_t physical,
                  unsigned size)
{
    (void)e, (void)entry, (void)address, (void)physical, (void)size;
}

void exec_ppc_flat(struct exec *e)
{
    (void)e;
}

void exec_interrupt_line(struct exec *e, bool level)
{
    e->intr = level;
}

void exec_nmi(struct exec *e)
{
    e->nmis++;
}

void exec_a20_line(struct exec *e, bool level)
{
    e->a20 = level;
}

void exec_print_stats(struct exec *e, FILE *to)
{
    fprintf(to, "resets %u\n", e->resets);
}

bool exec_write_stats(struct exec *e, FILE *to)
{
    return fprintf(to, "{\"resets\": %u}\n", e->resets) > 0;
}

void fake_step(struct exec *e)
{
    if (atomic_exchange(&e->request, false))
        e->board->board.service(e->board->board.board);
    if (e->reset_requested) {
        e->reset_requested = false;
        e->board->board.reset(e->board->board.board);
    }
}

uint8_t fake_in(struct exec *e, uint16_t port)
{
    return (uint8_t)e->board->port_read(e->board->board.board, port, 1);
}

void fake_out(struct exec *e, uint16_t port, uint8_t value)
{
    e->board->port_write(e->board->board.board, port, value, 1);
}
