/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See pc_stage.h. */
#include "tests/hw/pc_stage.h"

#include <unistd.h>

struct options pc_options;
void *pc;
unsigned pc_runs;
int pc_to_stdin;

/* The least Multiboot kernel there is: a header with addresses, loaded at 1 MiB. */
static const uint32_t kernel[] = {
    0x1badb002, 0x00010000, 0u - 0x1badb002 - 0x00010000, 0x100000, 0x100000, 0, 0, 0x100020, 0xf4,
};
const struct default_kernel pc_kernel = {(const uint8_t *)kernel, sizeof kernel};

void pc_setup(void)
{
    int in[2];
    ck_assert_int_eq(pipe(in), 0);
    dup2(in[0], STDIN_FILENO);
    close(in[0]);
    pc_to_stdin = in[1];
    pc_runs = 0;
    pc = NULL;
    pc_options = (struct options){
        .load.ram_size = 16u << 20,
        .exec.cache_size = 1 << 20,
        .serial[0] = {.kind = OUTSIDE_STDIO},
        .debug_exit = true,
        .debug_exit_port = 0xf4,
        .debug_exit_size = 4,
    };
}

void pc_teardown(void)
{
    if (pc)
        pc_machine.destroy(pc);
}

int pc_run(void (*guest)(struct exec *))
{
    struct error error = {""};
    fake_guest = guest;
    pc = pc_machine.create(&pc_options, pc_kernel, &error);
    ck_assert_msg(pc != NULL, "%s", error.text);
    ck_assert_msg(pc_machine.start(pc, &error), "%s", error.text);
    pc_machine.power_on(pc);
    return pc_machine.run(pc);
}

void pc_halt(struct exec *e)
{
    e->board->board.idle(e->board->board.board);
}

void pc_end(struct exec *e, unsigned value)
{
    e->board->port_write(e->board->board.board, 0xf4, value, 4);
}
