/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See machine.h. */
#include "hw/ppc/machine.h"

#include "exec/memory.h"
#include "hw/intc/mpic.h"
#include "ops/ppc/cpu.h"

#include <stdlib.h>
#include <string.h>

void ppc_machine_interrupt(void *machine, unsigned input, bool level)
{
    struct ppc_machine *m = machine;
    void (*const set[MPIC_OUTPUTS])(struct exec * e, bool level) = {
        [MPIC_INT] = exec_interrupt_line,
        [MPIC_CRITICAL] = exec_ppc_critical_line,
        [MPIC_MACHINE_CHECK] = exec_ppc_machine_check_line,
    };
    set[input](m->exec, level);
}

/* --- what the cpu sees of the board --- */

static int acknowledge(void *board)
{
    struct ppc_machine *m = board;
    return m->kind->acknowledge(m);
}

static void service(void *board)
{
    struct ppc_machine *m = board;
    surroundings_service(&m->host);
}

static void idle(void *board)
{
    struct ppc_machine *m = board;
    surroundings_idle(&m->host);
}

static void reset(void *board)
{
    struct ppc_machine *m = board;
    control_guest_reset(&m->host.control);
}

static uint64_t guest_clock(void *board)
{
    struct ppc_machine *m = board;
    return timers_now(&m->host.timers);
}

static void set_alarm(void *board, uint64_t when)
{
    struct ppc_machine *m = board;
    timer_set(&m->alarm->timer, when);
}

/* --- options --- */

bool ppc_machine_lacks(const struct machine *machine, const struct ppc_lack *lack, size_t count,
                       struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (lack[i].given)
            return !error_set(error, "%s: the machine %s has no such thing", lack[i].option,
                              machine->name);
    return false;
}

static bool check_options(const struct ppc_machine_kind *kind, const struct options *o,
                          struct error *error)
{
    const struct ppc_lack lacks[] = {
        {"-boot", o->boot.order || o->boot.once || o->boot.menu},
        {"-fw_cfg", o->load.fw_cfg_files},
        {"-rtc", o->rtc_base != RTC_UTC},
        {"-parallel", o->parallels},
        {"-debugcon", o->debugcon.kind != OUTSIDE_NONE},
        {"-device isa-debug-exit", o->debug_exit},
        {"-usb", o->usb},
        {"sound", o->speaker.is_there || o->sb16.is_there || o->ac97.is_there || o->audios},
        {"-vga std", o->wants_vga},
        {"-screendump, -screentext", o->screen_png || o->screen_text},
    };
    return !ppc_machine_lacks(kind->machine, lacks, sizeof lacks / sizeof *lacks, error) &&
           kind->check(o, error);
}

/* --- putting it together --- */

static bool create_cpu(struct ppc_machine *m, struct error *error)
{
    const char *reason = "the host is out of memory";
    uint32_t size = m->options.load.ram_size;
    m->memory = memory_create(size, &reason);
    if (!m->memory)
        return error_set(error, "-m %s: %s", size_text(size).text, reason);
    m->options.exec.guest = &ppc_guest;
    m->options.exec.icount = m->options.icount.on;
    m->board = (struct ppc_board){.board = {.board = m,
                                            .acknowledge = acknowledge,
                                            .service = service,
                                            .idle = idle,
                                            .reset = reset,
                                            .clock = guest_clock},
                                  .timebase_hz = PPC_TIMEBASE_HZ,
                                  .set_alarm = set_alarm};
    m->exec = exec_create(&m->options.exec, m->memory, &m->board.board, &reason);
    m->host.exec = m->exec;
    return m->exec || error_set(error, "%s", reason);
}

static bool create_devices(struct ppc_machine *m, struct error *error)
{
    if (!m->kind->create_devices(m, error))
        return false;
    surroundings_set_subject(&m->host,
                             &(struct replay_subject){m->exec, &ppc_guest, m->memory, m->devices});
    return true;
}

static bool create(struct ppc_machine *m, struct error *error)
{
    const struct surroundings_machine seen = {.machine = m, .poll_ports = m->kind->poll_ports};
    const struct control_machine controlled = {.machine = m, .restart = m->kind->restart};
    int64_t time_of_day = 0; /* there is no such clock */
    if (!surroundings_init(&m->host, &seen, error))
        return false;
    m->host.is_tapped = m->options.script;
    surroundings_control(&m->host, &controlled, &m->options.control);
    m->image.ram_size = m->options.load.ram_size;
    return surroundings_count_time(&m->host, &m->options, m->kind->cpu, &time_of_day, error) &&
           m->kind->load(m, error) && create_cpu(m, error) && create_devices(m, error);
}

void *ppc_machine_create(const struct ppc_machine_kind *kind, const struct options *options,
                         struct error *error)
{
    if (!check_options(kind, options, error))
        return NULL;
    struct ppc_machine *m = calloc(1, kind->size);
    if (!m) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    m->kind = kind;
    m->options = *options;
    if (create(m, error))
        return m;
    ppc_machine_destroy(m);
    return NULL;
}

void ppc_machine_destroy(void *machine)
{
    struct ppc_machine *m = machine;
    if (!m)
        return;
    surroundings_destroy(&m->host);
    if (m->exec)
        exec_destroy(m->exec);
    memory_destroy(m->memory);
    ppc_image_free(&m->image);
    free(m);
}

/* --- for struct machine --- */

/* There is one, which needs no model. */
static const char cpu_name[] = "e500mc";

bool ppc_machine_set_cpu(const char *name, struct exec_options *exec)
{
    exec->model = NULL;
    return strcmp(name, cpu_name) == 0;
}

void ppc_machine_print_cpus(FILE *to)
{
    fprintf(to, "  %-10s32-bit Book E, as in the P4080\n", cpu_name);
}

bool ppc_machine_start(void *machine, struct error *error)
{
    struct ppc_machine *m = machine;
    return surroundings_start(&m->host, error);
}

int ppc_machine_run(void *machine)
{
    struct ppc_machine *m = machine;
    return surroundings_run(&m->host);
}

struct machine_parts ppc_machine_parts(void *machine)
{
    struct ppc_machine *m = machine;
    return (struct machine_parts){
        .exec = m->exec,
        .memory = m->memory,
        .devices = m->devices,
        .timers = &m->host.timers,
        .control = &m->host.control,
        .serial = m->host.tap.end ? &m->host.tap : NULL,
        .host = &m->host,
    };
}

struct snapshot_machine ppc_machine_snapshot(void *machine)
{
    struct ppc_machine *m = machine;
    return (struct snapshot_machine){
        .name = m->kind->machine->name,
        .cpu = m->kind->cpu,
        .exec = m->exec,
        .memory = m->memory,
        .devices = m->devices,
        .host = &m->host,
    };
}
