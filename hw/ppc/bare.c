/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine `ppc-bare`: what it adds to other PowerPC machines. */
#include "hw/ppc/bare.h"

#include "exec/memory.h"
#include "hw/ppc/machine.h"
#include "ops/ppc/cpu.h"

enum { STACK_SPACE = 16 }; /* between r1 and the end of RAM: room for a caller's frame header */

struct bare {
    struct ppc_machine common;
    struct ppc_bare_board devices;
};

static void guest_exit(void *machine, int status)
{
    struct ppc_machine *m = machine;
    surroundings_end_guest(&m->host, status);
}

static void poll_ports(void *machine)
{
    struct bare *m = machine;
    if (m->devices.has_uart)
        uart16550_poll(&m->devices.uart);
}

/* No controller is there to say who it was. */
static int acknowledge(void *machine)
{
    (void)machine;
    return 0;
}

static void restart(void *machine)
{
    struct ppc_machine *m = machine;
    devices_reset(m->devices);
    ppc_image_copy(&m->image, m->memory);
    exec_reset(m->exec);
    exec_ppc_flat(m->exec);
    exec_core(m->exec)->pc = m->image.entry;
    exec_ppc_cpu(m->exec)->gpr[1] = memory_ram_size(m->memory) - STACK_SPACE;
    exec_state_changed(m->exec);
}

static bool check(const struct options *o, struct error *error)
{
    const struct ppc_lack lacks[] = {
        {"-initrd", o->load.initrd},
        {"-append", o->load.append},
        {"-dtb", o->load.dtb},
        {"-bios", o->load.bios},
        {"-serial, a second one", o->serials > 1},
        {"-drive, -hda or the like", o->drives},
        {"-nic, -net or the like", o->cards},
        {"-device virtio-rng-pci", o->entropy},
    };
    if (ppc_machine_lacks(&ppc_bare_machine, lacks, sizeof lacks / sizeof *lacks, error))
        return false;
    return o->load.kernel ||
           error_set(error, "-M ppc-bare needs a program, a PowerPC ELF executable: -kernel FILE");
}

static bool load(struct ppc_machine *m, struct error *error)
{
    return ppc_image_load(&m->image, m->options.load.kernel, error);
}

static bool create_devices(struct ppc_machine *m, struct error *error)
{
    struct bare *bare = (struct bare *)m;
    struct ppc_bare_setup setup = {
        .timers = &m->host.timers,
        .memory = m->memory,
        .exit = {guest_exit, m},
        .interrupt = {ppc_machine_interrupt, m, 0},
        .exec = m->exec,
    };
    m->devices = &bare->devices.devices;
    m->alarm = &bare->devices.alarm;
    return surroundings_connect(&m->host, &m->options.serial[0], OUTSIDE_SERIAL, &setup.serial,
                                error) &&
           (ppc_bare_board_init(&bare->devices, &setup) ||
            error_set(error, "the host is out of memory"));
}

static const struct ppc_machine_kind kind = {
    .machine = &ppc_bare_machine,
    .cpu = "ppc",
    .size = sizeof(struct bare),
    .check = check,
    .load = load,
    .create_devices = create_devices,
    .poll_ports = poll_ports,
    .acknowledge = acknowledge,
    .restart = restart,
};

static void *create_bare(const struct options *options, struct default_kernel fallback,
                         struct error *error)
{
    (void)fallback; /* of another processor */
    return ppc_machine_create(&kind, options, error);
}

const struct machine ppc_bare_machine = {
    .name = "ppc-bare",
    .description = "32-bit PowerPC with RAM, a serial port and nothing else",
    .target = "ppc",
    .set_cpu = ppc_machine_set_cpu,
    .print_cpus = ppc_machine_print_cpus,
    .create = create_bare,
    .start = ppc_machine_start,
    .power_on = restart,
    .run = ppc_machine_run,
    .parts = ppc_machine_parts,
    .snapshot = ppc_machine_snapshot,
    .destroy = ppc_machine_destroy,
};
