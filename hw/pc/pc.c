/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine: chipset, cpu and memory together. */
#include "hw/pc/pc.h"

#include "bios/vga/image.h"
#include "exec/i386/board.h"
#include "exec/i386/model.h"
#include "exec/memory.h"
#include "hw/host/clock.h"
#include "hw/host/input.h"
#include "hw/host/media.h"
#include "hw/host/replay_input.h"
#include "hw/host/screen.h"
#include "hw/host/screen_dump.h"
#include "hw/host/surroundings.h"
#include "hw/pc/boot.h"
#include "hw/pc/chipset.h"
#include "hw/pc/loader.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CARD_ROM_MOST = 1 << 20 };

struct pc {
    struct options options;
    struct image image;
    struct surroundings host;
    struct memory *memory;
    struct i386_board board;
    struct exec *exec;
    struct chipset chipset;
    struct input *input;
    struct replay_input replay_input;
    int64_t time_of_day; /* when it was started, or was when that was recorded */
    struct boot boot;
    struct screen *screen; /* NULL without a graphics card */
    struct screen_dump screen_dump;
};

static void guest_exit(void *machine, int status)
{
    struct pc *pc = machine;
    surroundings_end_guest(&pc->host, status);
}

static void poll_ports(void *machine)
{
    struct pc *pc = machine;
    chipset_poll_serial(&pc->chipset);
    input_deliver(pc->input);
    replay_input_deliver(&pc->replay_input);
}

static void show(void *machine)
{
    struct pc *pc = machine;
    if (!pc->screen)
        return;
    screen_latch(pc->screen);
    screen_dump_poll(&pc->screen_dump, pc->screen);
}

/* From any thread. */
static void wake(void *machine)
{
    struct pc *pc = machine;
    surroundings_wake(&pc->host);
}

/* --- what the cpu sees of the board, and the board of the cpu --- */

static void service(void *board)
{
    struct pc *pc = board;
    surroundings_service(&pc->host);
}

static void idle(void *board)
{
    struct pc *pc = board;
    surroundings_idle(&pc->host);
}

static uint64_t guest_clock(void *board)
{
    struct pc *pc = board;
    return timers_now(&pc->host.timers);
}

static uint32_t port_in(void *board, uint16_t port, unsigned size)
{
    struct pc *pc = board;
    return ports_read(&pc->chipset.ports, port, size);
}

static void port_out(void *board, uint16_t port, uint32_t value, unsigned size)
{
    struct pc *pc = board;
    chipset_write(&pc->chipset, port, value, size);
}

static int acknowledge(void *board)
{
    struct pc *pc = board;
    return chipset_acknowledge(&pc->chipset);
}

static bool ferr(void *board, bool level)
{
    struct pc *pc = board;
    return chipset_ferr(&pc->chipset, level);
}

static void set_apic_base(void *board, uint64_t value)
{
    struct pc *pc = board;
    chipset_set_apic_base(&pc->chipset, value & APIC_BASE_ADDRESS, value & APIC_BASE_ENABLED);
}

static void set_intr(void *machine, unsigned input, bool level)
{
    struct pc *pc = machine;
    (void)input;
    exec_interrupt_line(pc->exec, level);
}

static void set_nmi(void *machine, unsigned input, bool level)
{
    struct pc *pc = machine;
    (void)input;
    if (level)
        exec_nmi(pc->exec);
}

static void set_a20(void *machine, unsigned input, bool level)
{
    struct pc *pc = machine;
    (void)input;
    exec_a20_line(pc->exec, level);
}

static void set_reset(void *machine, unsigned input, bool level)
{
    struct pc *pc = machine;
    (void)input;
    if (level)
        exec_request_reset(pc->exec);
}

static void turn_off(void *machine, unsigned input, bool level)
{
    (void)input;
    struct pc *pc = machine;
    if (level)
        control_shut_down(&pc->host.control, CAUSE_GUEST_SHUTDOWN);
}

static void tray_moved(void *machine, unsigned drive, bool open)
{
    struct pc *pc = machine;
    control_tray_moved(&pc->host.control, drive, open);
}

/* Cpu and memory as the guest is to find them. */
static void start_guest(struct pc *pc)
{
    exec_reset(pc->exec);
    chipset_reset(&pc->chipset);
    loader_copy(&pc->image, pc->memory);
    if (!pc->image.bios)
        chipset_as_after_bios(&pc->chipset);
    loader_start(&pc->image, pc->exec);
}

/* -boot once= was for the first time. */
static void forget_once(struct pc *pc)
{
    const struct boot_options *o = &pc->options.boot;
    if (o->once)
        cmos_set_boot_order(&pc->chipset.rtc, o->order ? o->order : cmos_usual_order);
    boot_forget_once(&pc->boot);
    pc->options.boot.once = NULL;
}

static void restart(void *machine)
{
    struct pc *pc = machine;
    forget_once(pc);
    start_guest(pc);
}

static void press_power(void *machine)
{
    struct pc *pc = machine;
    chipset_press_power_button(&pc->chipset);
}

static void send_nmi(void *machine)
{
    struct pc *pc = machine;
    chipset_send_nmi(&pc->chipset);
}

static void reset(void *board)
{
    struct pc *pc = board;
    control_guest_reset(&pc->host.control);
}

/* --- putting it together --- */

static const struct model *model_of(const struct pc *pc)
{
    return pc->options.exec.model ? pc->options.exec.model : model_default();
}

static bool has_apic(const struct pc *pc)
{
    return feature_in(model_of(pc)->features, FEATURE_APIC);
}

static struct loader_tables tables_of(const struct pc *pc)
{
    return (struct loader_tables){
        .acpi = pc->options.acpi,
        .apic = has_apic(pc),
        .hpet = pc->options.hpet,
        .cpu_signature = model_of(pc)->signature,
        .cpu_features = model_feature_word(model_of(pc)->features, LEAF1_EDX),
    };
}

static bool create_cpu(struct pc *pc, struct error *error)
{
    const char *reason = "the host is out of memory";
    pc->memory = memory_create(pc->options.load.ram_size, &reason);
    if (!pc->memory)
        return error_set(error, "-m %s: %s", size_text(pc->options.load.ram_size).text, reason);
    pc->options.exec.guest = &i386_guest;
    pc->options.exec.icount = pc->options.icount.on;
    pc->board = (struct i386_board){
        .board = {.board = pc,
                  .acknowledge = acknowledge,
                  .service = service,
                  .idle = idle,
                  .reset = reset,
                  .clock = guest_clock},
        .port_read = port_in,
        .port_write = port_out,
        .ferr = ferr,
        .apic_base = has_apic(pc) ? set_apic_base : NULL,
    };
    pc->exec = exec_create(&pc->options.exec, pc->memory, &pc->board.board, &reason);
    pc->host.exec = pc->exec;
    return pc->exec || error_set(error, "%s", reason);
}

static bool connect_all(struct pc *pc, struct chipset_setup *setup, struct error *error)
{
    const struct options *o = &pc->options;
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        if (!surroundings_connect(&pc->host, &o->serial[i], OUTSIDE_SERIAL, &setup->serial[i],
                                  error))
            return false;
    return surroundings_connect(&pc->host, &o->parallel, OUTSIDE_PARALLEL, &setup->parallel,
                                error) &&
           surroundings_connect(&pc->host, &o->debugcon, OUTSIDE_TEXT, &setup->debugcon, error);
}

static bool check_floppy(const struct drive *d, const struct disk *disk, struct error *error)
{
    return !disk || floppy_format_of(disk_size(disk)) ||
           error_set(error, "%s %s: no floppy disk has that size; the largest has 3840K", d->option,
                     d->file);
}

static bool open_drive(struct pc *pc, struct chipset_setup *setup, const struct drive *d,
                       struct error *error)
{
    struct disk *disk = NULL;
    if (!media_open(&pc->host, d, &disk, error))
        return false;
    if (d->interface == DRIVE_IDE) {
        setup->ide[d->index] = (struct ide_setup){true, d->cdrom, disk};
        return true;
    }
    if (d->interface == DRIVE_VIRTIO) {
        setup->virtio_disk[d->index] = (struct virtio_block_setup){disk, d->serial, d->interfaces};
        return true;
    }
    if (d->interface == DRIVE_USB) {
        setup->usb.plug[d->index].disk = disk;
        setup->usb.plug[d->index].serial = d->serial;
        return true;
    }
    setup->floppy[d->index] = (struct floppy_setup){true, disk};
    return check_floppy(d, disk, error);
}

/* As in QEMU there is a CD drive if nobody has said anything else. */
static bool add_cdrom(struct pc *pc, struct chipset_setup *setup, struct error *error)
{
    static const struct drive usual = {.interface = DRIVE_IDE, .index = 2, .cdrom = true};
    bool is_there = setup->ide[usual.index].present;
    for (unsigned i = 0; i < IDE_DRIVES; i++)
        is_there = is_there || setup->ide[i].cdrom;
    return is_there || open_drive(pc, setup, &usual, error);
}

static bool open_drives(struct pc *pc, struct chipset_setup *setup, struct error *error)
{
    const struct options *o = &pc->options;
    for (unsigned i = 0; i < o->drives; i++)
        if (!open_drive(pc, setup, &o->drive[i], error))
            return false;
    return o->no_defaults || add_cdrom(pc, setup, error);
}

static bool read_vga_rom(struct pc *pc, struct chipset_setup *setup, struct error *error)
{
    const char *path = pc->options.vga_rom;
    static const struct file_limit most = {VGA_ROM_MOST, "a VGA BIOS's place"};
    struct file file = {"VGA BIOS", vga_bios, vga_bios_size};
    if (path && !file_read(&pc->image.pool, path, most, &file, error))
        return false;
    setup->vga_rom = file.bytes;
    setup->vga_rom_size = (uint32_t)file.size;
    return true;
}

/* A card's own ROM boots from the network, if the host has it. */
static bool read_card_rom(struct pc *pc, const struct card_request *r, struct card_setup *card,
                          struct error *error)
{
    static const struct file_limit most = {CARD_ROM_MOST, "any card's ROM"};
    struct file file = {"network card's ROM", NULL, 0};
    const char *path = r->rom ? r->rom : card->model->rom;
    if (!path || !*path || (!r->rom && access(path, R_OK) != 0))
        return true;
    if (!card->model->rom)
        return error_set(error, "%s romfile=%s: that card has no ROM", r->option, path);
    if (!file_read(&pc->image.pool, path, most, &file, error))
        return false;
    card->rom = file.bytes;
    card->rom_size = (uint32_t)file.size;
    return true;
}

static bool open_card(struct pc *pc, const struct card_request *r, struct card_setup *card,
                      struct error *error)
{
    struct net_request net;
    card->model = r->model ? card_model_find(r->model, strlen(r->model)) : card_models;
    memcpy(card->mac, r->mac, sizeof card->mac);
    card->port = r->port;
    card->irq = r->irq;
    card->interfaces = r->interfaces;
    if (!read_card_rom(pc, r, card, error))
        return false;
    if (r->net < 0)
        return true;
    net = pc->options.net[r->net];
    net.sandbox = pc->options.sandbox;
    return surroundings_open_net(&pc->host, &net, &card->net, error);
}

static bool open_cards(struct pc *pc, struct chipset_setup *setup, struct error *error)
{
    const struct options *o = &pc->options;
    for (unsigned i = 0; i < o->cards; i++)
        if (!open_card(pc, &o->card[i], &setup->card[i], error))
            return false;
    return true;
}

static void plug_usb(const struct options *o, struct usb_host_setup *usb)
{
    usb->present = o->usb;
    for (unsigned i = 0; i < o->usb_devices; i++) {
        const char *model = o->usb_device[i].model;
        usb->plug[i].model = usb_model_find(model, strlen(model));
    }
}

static bool open_sound(struct pc *pc, struct chipset_setup *setup, struct error *error)
{
    const struct options *o = &pc->options;
    for (unsigned i = 0; i < o->audios; i++)
        if (!surroundings_open_audio(&pc->host, &o->audio[i], &setup->audio[i], error))
            return false;
    setup->speaker = o->speaker;
    setup->sb16 = o->sb16;
    setup->ac97 = o->ac97;
    setup->sb16_at = o->sb16_at;
    return true;
}

static bool create_chipset(struct pc *pc, struct error *error)
{
    const struct options *o = &pc->options;
    struct chipset_setup setup = {
        .timers = &pc->host.timers,
        .memory = pc->memory,
        .time_of_day = options_time_of_day(o, pc->time_of_day),
        .debugcon_port = (uint16_t)o->debugcon_port,
        .fw_cfg = &pc->image.fw_cfg,
        .exit = {guest_exit, pc},
        .exit_port = (uint16_t)o->debug_exit_port,
        .exit_size = o->debug_exit ? o->debug_exit_size : 0,
        .post_port = (uint16_t)o->post_port,
        .boot_order = o->boot.once ? o->boot.once : o->boot.order,
        .no_floppy_check = o->boot.no_floppy_check,
        .lenient_floppies = o->lenient_floppies,
        .vga_mib = o->has_vga ? o->vga_mib : 0,
        .apic = has_apic(pc),
        .hpet = o->hpet,
        .acpi = o->acpi,
        .entropy = {o->entropy, o->icount.on, o->entropy_interfaces},
        .off = {turn_off, pc, 0},
        .tray = {tray_moved, pc, 0},
        .intr = {set_intr, pc, 0},
        .nmi = {set_nmi, pc, 0},
        .a20 = {set_a20, pc, 0},
        .reset = {set_reset, pc, 0},
    };
    if (!connect_all(pc, &setup, error) || !open_drives(pc, &setup, error) ||
        !read_vga_rom(pc, &setup, error) || !open_cards(pc, &setup, error) ||
        !open_sound(pc, &setup, error))
        return false;
    plug_usb(o, &setup.usb);
    boot_tell(&pc->boot, &o->boot, &setup, &pc->image.fw_cfg);
    surroundings_set_subject(&pc->host, &(struct replay_subject){pc->exec, &i386_guest, pc->memory,
                                                                 &pc->chipset.devices});
    return chipset_init(&pc->chipset, &setup) || error_set(error, "the host is out of memory");
}

static bool create_input(struct pc *pc, struct error *error)
{
    pc->replay_input = (struct replay_input){
        .replay = pc->host.replay, .exec = pc->exec, .sink = chipset_sink(&pc->chipset)};
    const struct input_sink sink = replay_input_sink(&pc->replay_input);
    pc->input = input_create(wake, pc);
    if (!pc->input)
        return error_set(error, "the host is out of memory");
    input_set_sink(pc->input, &sink);
    return true;
}

/* Before disks are opened: the process that it makes is to have none of them. */
static bool open_dump(struct pc *pc, struct error *error)
{
    const struct options *o = &pc->options;
    if ((o->screen_png || o->screen_text) && !o->has_vga)
        return error_set(error, "-screendump, -screentext: there is no screen (-vga none)");
    return screen_dump_open(&pc->screen_dump, o->screen_png, o->screen_text, wake, pc, error);
}

static bool add_rom(struct pc *pc, uint32_t base, const uint8_t *bytes, uint32_t size)
{
    const char *file = pc->options.load.bios;
    struct memory_region *rom = memory_map_rom(pc->memory, base, bytes, size);
    if (rom)
        memory_call(rom, file ? file : "Tessera's BIOS");
    return rom;
}

/* Below 4 GiB all of it, below 1 MiB the last 128 KiB; the shadow RAM lies over that. */
static bool map_bios(struct pc *pc, struct error *error)
{
    enum { LEGACY = 128 * 1024, LEGACY_END = 0x100000 };
    const struct image *image = &pc->image;
    uint32_t legacy = image->bios_size < LEGACY ? image->bios_size : LEGACY;
    if (!image->bios)
        return true;
    return (add_rom(pc, -image->bios_size, image->bios, image->bios_size) &&
            add_rom(pc, LEGACY_END - legacy, image->bios + image->bios_size - legacy, legacy)) ||
           error_set(error, "the host is out of memory");
}

/* With something to boot from, or somebody who wants to choose, the BIOS starts. */
static bool wants_bios(const struct options *o)
{
    return o->drives || o->boot.order || o->boot.once || o->boot.menu;
}

static bool create(struct pc *pc, struct default_kernel fallback, struct error *error)
{
    const struct surroundings_machine seen = {pc, poll_ports, show};
    const struct control_machine controlled = {pc, restart, pc->options.acpi ? press_power : NULL,
                                               send_nmi};
    pc->options.load.boot = wants_bios(&pc->options);
    pc->options.load.tables = tables_of(pc);
    if (!surroundings_init(&pc->host, &seen, error))
        return false;
    pc->host.is_tapped = pc->options.script;
    surroundings_control(&pc->host, &controlled, &pc->options.control);
    pc->time_of_day = (int64_t)host_time_of_day();
    return surroundings_count_time(&pc->host, &pc->options, model_of(pc)->name, &pc->time_of_day,
                                   error) &&
           loader_prepare(&pc->image, &pc->options.load, fallback, error) &&
           create_cpu(pc, error) && map_bios(pc, error) && open_dump(pc, error) &&
           create_chipset(pc, error) && create_input(pc, error);
}

static void destroy_pc(void *m)
{
    struct pc *pc = m;
    if (!pc)
        return;
    surroundings_hide(&pc->host);
    screen_destroy(pc->screen);
    screen_dump_close(&pc->screen_dump);
    surroundings_destroy(&pc->host);
    chipset_destroy(&pc->chipset);
    if (pc->exec)
        exec_destroy(pc->exec);
    memory_destroy(pc->memory);
    loader_free(&pc->image);
    input_destroy(pc->input);
    free(pc);
}

static void *create_pc(const struct options *options, struct default_kernel fallback,
                       struct error *error)
{
    if (options->load.dtb) {
        error_set(error, "-dtb: a PC has no device tree");
        return NULL;
    }
    struct pc *pc = calloc(1, sizeof *pc);
    if (!pc) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    pc->options = *options;
    pc->options.load.has_screen = options->has_vga;
    pc->options.display.is_expected = options->has_vga && options->drives > 0;
    if (create(pc, fallback, error))
        return pc;
    destroy_pc(pc);
    return NULL;
}

static bool start_pc(void *m, struct error *error)
{
    struct pc *pc = m;
    const struct video video = vga_video(&pc->chipset.vga);
    if (pc->chipset.has_vga && !(pc->screen = screen_create(&video, wake, pc, error)))
        return false;
    if (pc->screen &&
        !surroundings_show(&pc->host, pc->screen, pc->input, &pc->options.display, error))
        return false;
    return surroundings_start(&pc->host, error);
}

static void power_on_pc(void *m)
{
    start_guest(m);
}

static int run_pc(void *m)
{
    struct pc *pc = m;
    int status = surroundings_run(&pc->host);
    chipset_finish_sound(&pc->chipset);
    if (pc->screen)
        screen_dump_write(&pc->screen_dump, pc->screen);
    return status;
}

static struct machine_parts parts_of_pc(void *m)
{
    struct pc *pc = m;
    return (struct machine_parts){
        .exec = pc->exec,
        .memory = pc->memory,
        .devices = &pc->chipset.devices,
        .timers = &pc->host.timers,
        .control = &pc->host.control,
        .ports = &pc->chipset.ports,
        .serial = pc->host.tap.end ? &pc->host.tap : NULL,
        .screen = pc->screen,
        .input = pc->input,
        .host = &pc->host,
    };
}

static struct snapshot_machine snapshot_of_pc(void *m)
{
    struct pc *pc = m;
    const struct model *model = pc->options.exec.model;
    return (struct snapshot_machine){
        .name = pc_machine.name,
        .cpu = (model ? model : model_default())->name,
        .exec = pc->exec,
        .memory = pc->memory,
        .devices = &pc->chipset.devices,
        .host = &pc->host,
    };
}

static bool set_model(const char *name, struct exec_options *exec)
{
    /* QEMU's own, which has no more than is here. */
    exec->model = model_find(strcmp(name, "qemu32") == 0 ? "max" : name);
    return exec->model;
}

const struct machine pc_machine = {
    .name = "pc",
    .version = "pc-i440fx-",
    .description = "PC with a 440FX and PIIX3 chipset",
    .target = "i386",
    .has_screen = true,
    .set_cpu = set_model,
    .print_cpus = model_print_all,
    .create = create_pc,
    .start = start_pc,
    .power_on = power_on_pc,
    .run = run_pc,
    .parts = parts_of_pc,
    .snapshot = snapshot_of_pc,
    .destroy = destroy_pc,
};
