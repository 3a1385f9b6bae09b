/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine `ppc-bare`: cpu, memory and devices together. */
#include "hw/ppc/bare.h"

#include "exec/memory.h"
#include "exec/ppc/board.h"
#include "hw/host/surroundings.h"
#include "hw/ppc/image.h"
#include "ops/ppc/cpu.h"

#include <stdlib.h>

enum {
    STACK_SPACE = 16,
    TIMEBASE_HZ = 400000000
}; /* between r1 and the end of RAM: room for a caller's frame header */

struct bare {
    struct options options;
    struct surroundings host;
    struct memory *memory;
    struct ppc_board board;
    struct exec *exec;
    struct ppc_bare_board devices;
    struct ppc_image image;
};

static void guest_exit(void *machine, int status)
{
    struct bare *m = machine;
    surroundings_end_guest(&m->host, status);
}

static void poll_ports(void *machine)
{
    struct bare *m = machine;
    if (m->devices.has_uart)
        uart16550_poll(&m->devices.uart);
}

static void set_interrupt(void *machine, unsigned input, bool level)
{
    struct bare *m = machine;
    (void)input;
    exec_interrupt_line(m->exec, level);
}

/* --- what the cpu sees of the board --- */

/* No controller is there to say who it was. */
static int acknowledge(void *board)
{
    (void)board;
    return 0;
}

static void service(void *board)
{
    struct bare *m = board;
    surroundings_service(&m->host);
}

static void idle(void *board)
{
    struct bare *m = board;
    surroundings_idle(&m->host);
}

static uint64_t guest_clock(void *board)
{
    struct bare *m = board;
    return timers_now(&m->host.timers);
}

static void set_alarm(void *board, uint64_t when)
{
    struct bare *m = board;
    timer_set(&m->devices.alarm.timer, when);
}

static void restart(void *machine)
{
    struct bare *m = machine;
    devices_reset(&m->devices.devices);
    ppc_image_copy(&m->image, m->memory);
    exec_reset(m->exec);
    exec_ppc_flat(m->exec);
    exec_core(m->exec)->pc = m->image.entry;
    exec_ppc_cpu(m->exec)->gpr[1] = memory_ram_size(m->memory) - STACK_SPACE;
    exec_state_changed(m->exec);
}

static void reset(void *board)
{
    struct bare *m = board;
    control_guest_reset(&m->host.control);
}

/* --- putting it together --- */

static bool check_options(const struct options *o, struct error *error)
{
    const struct {
        const char *option;
        bool given;
    } others[] = {
        {"-initrd", o->load.initrd},
        {"-append", o->load.append},
        {"-dtb", o->load.dtb},
        {"-bios", o->load.bios},
        {"-fw_cfg", o->load.fw_cfg_files},
        {"-cpu", o->exec.model},
        {"-rtc", o->rtc_base != RTC_UTC},
        {"-serial, a second one", o->serials > 1},
        {"-parallel", o->parallels},
        {"-debugcon", o->debugcon.kind != OUTSIDE_NONE},
        {"-device isa-debug-exit", o->debug_exit},
        {"-drive, -hda or the like", o->drives},
        {"-vga std", o->wants_vga},
        {"-screendump, -screentext", o->screen_png || o->screen_text},
    };
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].given)
            return error_set(error, "%s: the machine ppc-bare has no such thing", others[i].option);
    return o->load.kernel ||
           error_set(error, "-M ppc-bare needs a program, a PowerPC ELF executable: -kernel FILE");
}

static bool create_cpu(struct bare *m, struct error *error)
{
    const char *reason = "the host is out of memory";
    uint32_t size = m->options.load.ram_size;
    m->memory = memory_create(size, &reason);
    if (!m->memory)
        return error_set(error, "-m %s: %s", size_text(size).text, reason);
    m->image.ram_size = size;
    m->options.exec.guest = &ppc_guest;
    m->options.exec.icount = m->options.icount.on;
    m->board = (struct ppc_board){.board = {.board = m,
                                            .acknowledge = acknowledge,
                                            .service = service,
                                            .idle = idle,
                                            .reset = reset,
                                            .clock = guest_clock},
                                  .timebase_hz = TIMEBASE_HZ,
                                  .set_alarm = set_alarm};
    m->exec = exec_create(&m->options.exec, m->memory, &m->board.board, &reason);
    m->host.exec = m->exec;
    return m->exec || error_set(error, "%s", reason);
}

static bool create_devices(struct bare *m, struct error *error)
{
    struct ppc_bare_setup setup = {
        .timers = &m->host.timers,
        .memory = m->memory,
        .exit = {guest_exit, m},
        .interrupt = {set_interrupt, m, 0},
        .exec = m->exec,
    };
    surroundings_set_subject(
        &m->host, &(struct replay_subject){m->exec, &ppc_guest, m->memory, &m->devices.devices});
    return surroundings_connect(&m->host, &m->options.serial[0], OUTSIDE_SERIAL, &setup.serial,
                                error) &&
           (ppc_bare_board_init(&m->devices, &setup) ||
            error_set(error, "the host is out of memory"));
}

static bool create(struct bare *m, struct error *error)
{
    const struct surroundings_machine seen = {.machine = m, .poll_ports = poll_ports};
    const struct control_machine controlled = {.machine = m, .restart = restart};
    int64_t time_of_day = 0; /* there is no such clock */
    if (!surroundings_init(&m->host, &seen, error))
        return false;
    m->host.is_tapped = m->options.script;
    surroundings_control(&m->host, &controlled, &m->options.control);
    return surroundings_count_time(&m->host, &m->options, &time_of_day, error) &&
           create_cpu(m, error) && ppc_image_load(&m->image, m->options.load.kernel, error) &&
           create_devices(m, error);
}

static void destroy_bare(void *machine)
{
    struct bare *m = machine;
    if (!m)
        return;
    surroundings_destroy(&m->host);
    if (m->exec)
        exec_destroy(m->exec);
    memory_destroy(m->memory);
    ppc_image_free(&m->image);
    free(m);
}

static void *create_bare(const struct options *options, struct default_kernel fallback,
                         struct error *error)
{
    (void)fallback; /* of another processor */
    if (!check_options(options, error))
        return NULL;
    struct bare *m = calloc(1, sizeof *m);
    if (!m) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    m->options = *options;
    if (create(m, error))
        return m;
    destroy_bare(m);
    return NULL;
}

static bool start_bare(void *machine, struct error *error)
{
    struct bare *m = machine;
    return surroundings_start(&m->host, error);
}

static int run_bare(void *machine)
{
    struct bare *m = machine;
    return surroundings_run(&m->host);
}

static struct machine_parts parts_of_bare(void *machine)
{
    struct bare *m = machine;
    return (struct machine_parts){
        .exec = m->exec,
        .memory = m->memory,
        .devices = &m->devices.devices,
        .timers = &m->host.timers,
        .control = &m->host.control,
        .serial = m->host.tap.end ? &m->host.tap : NULL,
        .host = &m->host,
    };
}

static struct snapshot_machine snapshot_of_bare(void *machine)
{
    struct bare *m = machine;
    return (struct snapshot_machine){
        .name = ppc_bare_machine.name,
        .cpu = "ppc",
        .exec = m->exec,
        .memory = m->memory,
        .devices = &m->devices.devices,
        .host = &m->host,
    };
}

const struct machine ppc_bare_machine = {
    .name = "ppc-bare",
    .description = "32-bit PowerPC with RAM, a serial port and nothing else",
    .create = create_bare,
    .start = start_bare,
    .power_on = restart,
    .run = run_bare,
    .parts = parts_of_bare,
    .snapshot = snapshot_of_bare,
    .destroy = destroy_bare,
};
