/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine `ppce500`: what it adds to other PowerPC machines. */
#include "hw/ppc/ppce500.h"

#include "hw/host/media.h"
#include "hw/ppc/device_tree.h"
#include "hw/ppc/machine.h"
#include "ops/ppc/cpu.h"

#include <string.h>

enum { VERSION_E500MC = (int)0x80230020 };
#define MOST_RAM (UINT32_C(2) << 30)

/* What a loaded system is told by registers: Power.org ePAPR 1.1, 5.4.1. */
#define EPAPR_MAGIC UINT32_C(0x45504150)
enum { STACK = (16 << 20) - 8, BLOCK = 1 << 20, TREE_DISTANCE = 24 << 20 };

struct ppce500 {
    struct ppc_machine common;
    struct ppce500_board devices;
    uint32_t tree;   /* the address of the device tree */
    unsigned mapped; /* 1 KiB << so much is mapped at the start */
};

static void poll_ports(void *machine)
{
    struct ppce500 *m = machine;
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        if (m->devices.has_uart[i])
            uart16550_poll(&m->devices.uart[i]);
}

/* --- wires --- */

static void set_reset(void *machine, unsigned input, bool level)
{
    struct ppc_machine *m = machine;
    (void)input;
    if (level)
        exec_request_reset(m->exec);
}

static void turn_off(void *machine, unsigned input, bool level)
{
    struct ppc_machine *m = machine;
    (void)input;
    if (level)
        control_shut_down(&m->host.control, CAUSE_GUEST_SHUTDOWN);
}

/* --- the cpu --- */

static int acknowledge(void *machine)
{
    struct ppce500 *m = machine;
    return (int)mpic_acknowledge(&m->devices.mpic);
}

static void start_cpu(const struct ppce500 *m)
{
    struct exec *exec = m->common.exec;
    struct ppc_cpu *cpu = exec_ppc_cpu(exec);
    exec_ppc_map(exec, 0, 0, 0, m->mapped / 2);
    cpu->core.pc = m->common.image.entry;
    cpu->gpr[1] = STACK;
    cpu->gpr[3] = m->tree;
    cpu->gpr[6] = EPAPR_MAGIC;
    cpu->gpr[7] = UINT32_C(1024) << m->mapped;
    exec_state_changed(exec);
}

static void restart(void *machine)
{
    struct ppc_machine *m = machine;
    exec_reset(m->exec);
    devices_reset(m->devices);
    ppc_image_copy(&m->image, m->memory);
    start_cpu(machine);
}

/* --- what is started --- */

static bool check(const struct options *o, struct error *error)
{
    if (o->load.ram_size > MOST_RAM)
        return error_set(error, "-m %s: the machine ppce500 has at most 2048 MiB",
                         size_text(o->load.ram_size).text);
    return o->load.kernel || o->load.bios ||
           error_set(error, "-M ppce500 needs a kernel or a firmware, PowerPC ELF executables or "
                            "U-Boot images: -kernel FILE, -bios FILE");
}

/* The next block that begins behind all that is loaded. */
static uint32_t next_block(const struct ppc_image *image)
{
    return (image->end + BLOCK - 1) & ~(uint32_t)(BLOCK - 1);
}

/* A file as it is, behind what is loaded. */
static bool add_file(struct ppc_machine *m, const char *path, uint32_t *start, uint32_t *end,
                     struct error *error)
{
    struct file file;
    if (!path)
        return true;
    *start = next_block(&m->image);
    if (!file_read(&m->image.pool, path, file_for_memory(m->image.ram_size), &file, error) ||
        !ppc_image_add(&m->image, path, *start, file.bytes, file.size, file.size, error))
        return false;
    *end = m->image.end;
    return true;
}

/*
 * Kernels allocate memory behind themselves before they look where the tree is; and it must be in
 * what is mapped at the start.
 */
static uint32_t place_tree(const struct ppc_image *image)
{
    uint32_t room = image->ram_size > image->end ? image->ram_size - image->end : 0;
    uint32_t distance = room / 2 < TREE_DISTANCE ? room / 2 : TREE_DISTANCE;
    uint32_t at = (image->end + distance) & ~(uint32_t)(BLOCK - 1);
    return at < image->end ? next_block(image) : at;
}

/* Sizes of TLB1's entries are powers of four; 64 MiB do for all that is not large. */
static unsigned mapping_for(uint32_t end)
{
    enum { LEAST = 16, MOST = 20 };
    unsigned mapped = LEAST;
    while (mapped < MOST && UINT64_C(1024) << mapped < end)
        mapped += 2;
    return mapped;
}

/* A place for what will be made, or for what -dtb gives with what only we know. */
static bool add_tree(struct ppce500 *m, struct file *given, uint8_t **bytes, struct error *error)
{
    struct ppc_image *image = &m->common.image;
    const char *path = m->common.options.load.dtb;
    if (path && !file_read(&image->pool, path, file_for_memory(image->ram_size), given, error))
        return false;
    size_t room = DEVICE_TREE_SIZE + given->size;
    *bytes = pool_allocate(&image->pool, room);
    if (!*bytes)
        return error_set(error, "the host is out of memory");
    m->tree = place_tree(image);
    return ppc_image_add(image, "the device tree", m->tree, *bytes, 0, room, error);
}

/* In its place, as large as that. */
static bool make_tree(struct ppce500 *m, const struct device_tree_facts *facts,
                      struct ppc_piece *piece, uint8_t *bytes, struct error *error)
{
    m->mapped = mapping_for(m->tree + piece->size);
    piece->filled = (uint32_t)device_tree_make(facts, bytes, piece->size, error);
    return piece->filled > 0;
}

/* A firmware is given the kernel as a file, wherever it wants to put it. */
static bool load(struct ppc_machine *m, struct error *error)
{
    const struct loader_request *r = &m->options.load;
    struct ppce500 *own = (struct ppce500 *)m;
    struct file given_tree = {0};
    uint8_t *tree = NULL;
    struct device_tree_facts facts = {
        .ram_size = r->ram_size, .append = r->append, .timebase_hz = PPC_TIMEBASE_HZ};
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        facts.serials += m->options.serial[i].kind != OUTSIDE_NONE;
    if (!ppc_image_load(&m->image, r->bios ? r->bios : r->kernel, error) ||
        !add_tree(own, &given_tree, &tree, error))
        return false;
    struct ppc_piece *piece = &m->image.piece[m->image.pieces - 1];
    facts.given = r->dtb ? &given_tree : NULL;
    return add_file(m, r->bios ? r->kernel : NULL, &facts.kernel, &facts.kernel_end, error) &&
           add_file(m, r->initrd, &facts.initrd, &facts.initrd_end, error) &&
           make_tree(own, &facts, piece, tree, error);
}

/* --- putting it together --- */

static bool open_drives(struct ppc_machine *m, struct ppce500_setup *setup, struct error *error)
{
    const struct options *o = &m->options;
    for (unsigned i = 0; i < o->drives; i++) {
        const struct drive *d = &o->drive[i];
        struct disk *disk = NULL;
        if (d->interface != DRIVE_VIRTIO)
            return error_set(error,
                             "%s: the machine ppce500 has virtio disks alone: -drive "
                             "file=FILE,if=virtio",
                             d->option);
        if (!media_open(&m->host, d, &disk, error))
            return false;
        setup->virtio_disk[d->index] = (struct virtio_block_setup){disk, d->serial, d->interfaces};
    }
    return true;
}

/* Cards' ROMs are for BIOSes: here nobody would run them. A card that has none is an ISA card. */
static bool open_card(struct ppc_machine *m, const struct card_request *r, struct card_setup *card,
                      struct error *error)
{
    struct net_request net;
    card->model = r->model ? card_model_find(r->model, strlen(r->model)) : card_models;
    memcpy(card->mac, r->mac, sizeof card->mac);
    card->interfaces = r->interfaces;
    if (!card->model->rom)
        return error_set(error, "%s %s: the machine ppce500 has no ISA bus", r->option,
                         card->model->name);
    if (r->net < 0)
        return true;
    net = m->options.net[r->net];
    net.sandbox = m->options.sandbox;
    return surroundings_open_net(&m->host, &net, &card->net, error);
}

static bool connect_all(struct ppc_machine *m, struct ppce500_setup *setup, struct error *error)
{
    const struct options *o = &m->options;
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        if (!surroundings_connect(&m->host, &o->serial[i], OUTSIDE_SERIAL, &setup->serial[i],
                                  error))
            return false;
    for (unsigned i = 0; i < o->cards; i++)
        if (!open_card(m, &o->card[i], &setup->card[i], error))
            return false;
    return open_drives(m, setup, error);
}

static bool create_devices(struct ppc_machine *m, struct error *error)
{
    struct ppce500_board *devices = &((struct ppce500 *)m)->devices;
    struct ppce500_setup setup = {
        .timers = &m->host.timers,
        .memory = m->memory,
        .entropy = {m->options.entropy, m->options.icount.on, m->options.entropy_interfaces},
        .processor_version = (uint32_t)VERSION_E500MC,
        .interrupt = {{ppc_machine_interrupt, m, MPIC_INT},
                      {ppc_machine_interrupt, m, MPIC_CRITICAL},
                      {ppc_machine_interrupt, m, MPIC_MACHINE_CHECK}},
        .reset = {set_reset, m, 0},
        .off = {turn_off, m, 0},
        .exec = m->exec,
    };
    m->devices = &devices->devices;
    m->alarm = &devices->alarm;
    return connect_all(m, &setup, error) &&
           (ppce500_board_init(devices, &setup) || error_set(error, "the host is out of memory"));
}

static const struct ppc_machine_kind kind = {
    .machine = &ppce500_machine,
    .cpu = "e500mc",
    .size = sizeof(struct ppce500),
    .check = check,
    .load = load,
    .create_devices = create_devices,
    .poll_ports = poll_ports,
    .acknowledge = acknowledge,
    .restart = restart,
};

static void *create_ppce500(const struct options *options, struct default_kernel fallback,
                            struct error *error)
{
    (void)fallback; /* of another processor */
    return ppc_machine_create(&kind, options, error);
}

const struct machine ppce500_machine = {
    .name = "ppce500",
    .description = "e500mc (32-bit PowerPC) with PCI, as QEMU's",
    .target = "ppc",
    .takes = ppc_image_is_one,
    .set_cpu = ppc_machine_set_cpu,
    .print_cpus = ppc_machine_print_cpus,
    .create = create_ppce500,
    .start = ppc_machine_start,
    .power_on = restart,
    .run = ppc_machine_run,
    .parts = ppc_machine_parts,
    .snapshot = ppc_machine_snapshot,
    .destroy = ppc_machine_destroy,
};
