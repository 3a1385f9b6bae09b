/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options about ports that lead outside, and debug devices. */
#include "hw/cli/option_setters.h"

#include "hw/vga/vga.h"

#include <stdio.h>
#include <string.h>

bool set_serial(const struct given *g)
{
    struct options *o = g->options;
    if (!is_outside(g->value))
        return refuse(g, "not stdio, file:NAME, pty, tcp:HOST:PORT, telnet:HOST:PORT, unix:PATH, "
                         "chardev:ID, null or none");
    if (o->serials == SERIAL_PORTS)
        return error_set(g->error, "-serial: there are only %d serial ports", SERIAL_PORTS);
    o->wants_console_monitor |= strcmp(g->value, "mon:stdio") == 0;
    return parse_outside(g, &o->serial[o->serials++]);
}

bool check_serials(const struct options *o, struct error *error)
{
    bool has_stdio = false;
    for (unsigned i = 0; i < SERIAL_PORTS; i++) {
        if (has_stdio && o->serial[i].kind == OUTSIDE_STDIO)
            return error_set(error, "-serial stdio: only one port can have it");
        has_stdio |= o->serial[i].kind == OUTSIDE_STDIO;
    }
    return true;
}

bool set_parallel(const struct given *g)
{
    if (g->options->parallels++)
        return error_set(g->error, "-parallel: there is only one parallel port");
    return is_outside(g->value) ? parse_outside(g, &g->options->parallel)
                                : refuse(g, "not a place as -serial takes them");
}

bool set_debugcon(const struct given *g)
{
    if (!*g->value)
        return error_set(g->error, "-debugcon needs stdio or the name of a file");
    if (is_outside(g->value))
        return parse_outside(g, &g->options->debugcon);
    g->options->debugcon = (struct outside){.kind = OUTSIDE_FILE, .path = g->value};
    return true;
}

/* --- devices: -device NAME,PROPERTY=VALUE, or -global NAME.PROPERTY=VALUE wherever it comes from
 * --- */

static bool set_exit_size(const struct given *g)
{
    unsigned long size;
    if (!parse_number(g->value, 4, &size) || size == 0 || size == 3)
        return refuse(g, "not 1, 2 or 4");
    g->options->debug_exit_size = (unsigned)size;
    return true;
}

static const struct setting debugcon_properties[] = {
    {"iobase", "PORT", .set = set_number, .field = FIELD(unsigned, debugcon_port),
     .number = 0xffff},
    {0},
};

static const struct setting debug_exit_properties[] = {
    {"iobase", "PORT", .set = set_number, .field = FIELD(unsigned, debug_exit_port),
     .number = 0xffff},
    {"iosize", "BYTES", .set = set_exit_size},
    {0},
};

static bool set_vgamem(const struct given *g)
{
    unsigned long mib;
    if (!parse_number(g->value, VGA_RAM_MIB_MOST, &mib) || !mib || mib & (mib - 1))
        return refuse(g, "not a power of two up to %d", VGA_RAM_MIB_MOST);
    g->options->vga_mib = (unsigned)mib;
    return true;
}

static const struct setting vga_properties[] = {
    {"vgamem_mb", "MIB", .set = set_vgamem},
    {"romfile", "FILE", .set = set_path, .field = FIELD(const char *, vga_rom)},
    {0},
};

static const struct setting floppy_properties[] = {
    {"lenient", "on|off", .set = set_switch, .field = FIELD(bool, lenient_floppies)},
    {0},
};

bool set_vga(const struct given *g)
{
    g->options->has_vga = g->options->wants_vga = strcmp(g->value, "none") != 0;
    return !g->options->has_vga || strcmp(g->value, "std") == 0 ||
           refuse(g, "no such card; there is std, or none");
}

static const struct setting entropy_properties[] = {
    {"disable-legacy", "on|off", .set = set_switch,
     .field = FIELD(bool, entropy_interfaces.no_legacy)},
    {"disable-modern", "on|off", .set = set_switch,
     .field = FIELD(bool, entropy_interfaces.no_modern)},
    {"rng", "ID", .set = set_nothing},
    {"id", "NAME", .set = set_nothing},
    {0},
};

/* A flag that -device sets; others are there by an option of their own, whose name is the reason.
 */
static const struct setting devices[] = {
    {"isa-debug-exit", .help = "a port that ends Tessera: n written, status 2n+1", .set = set_flag,
     .field = FIELD(bool, debug_exit), .list = debug_exit_properties},
    {"virtio-blk-pci", .help = "virtio's disk: drive=ID", .set = set_virtio_disk,
     .list = virtio_disk_properties},
    {"virtio-rng-pci", .help = "virtio's random numbers", .set = set_flag,
     .field = FIELD(bool, entropy), .list = entropy_properties},
    {"sb16", .help = "Sound Blaster 16 with OPL3, ISA: audiodev=ID", .set = set_sb16,
     .list = sb16_properties},
    {"AC97", .help = "Intel 82801AA's sound, PCI: audiodev=ID", .set = set_ac97,
     .list = ac97_properties},
    {"isa-debugcon", .set = refuse_absent, .list = debugcon_properties,
     .reason = "-debugcon makes this device"},
    {"isa-fdc", .set = refuse_absent, .list = floppy_properties, .reason = "it is always there"},
    {"VGA", .set = refuse_absent, .list = vga_properties, .reason = "-vga std makes this device"},
    {0},
};

/* Those that -device makes. */
const char *device_name(unsigned i, const char **help)
{
    *help = devices[i].help;
    return devices[i].set == refuse_absent ? NULL : devices[i].names;
}

static const char *device_choice(unsigned i)
{
    const char *help;
    return device_name(i, &help);
}

bool set_device(const struct given *g)
{
    size_t length = strcspn(g->value, ",");
    struct given device = *g;
    char option[64], names[128];
    if (strcmp(g->value, "help") == 0)
        return list_instead(g, LIST_DEVICES);
    if (is_card(g))
        return set_card(g);
    if (is_usb(g))
        return set_usb_device(g);
    device.setting = find_setting(devices, g->value, length);
    if (!device.setting) {
        join_choices(device_choice, names, sizeof names);
        return refuse(g, "no such device; there is %s, USB's, and network cards", names);
    }
    snprintf(option, sizeof option, "%s %s", g->option, device.setting->names);
    device.option = option;
    device.separator = ',';
    device.word = NULL;
    return device.setting->set(&device) &&
           (!g->value[length] ||
            set_properties(&device, g->value + length + 1, device.setting->list));
}

bool set_global(const struct given *g)
{
    size_t length = strcspn(g->value, ".");
    const struct setting *device = find_setting(devices, g->value, length);
    struct given property = *g;
    const char *name = g->value + length + 1;
    const char *equals = device && g->value[length] ? strchr(name, '=') : NULL;
    if (equals) {
        property.value = equals + 1;
        property.setting = find_setting(device->list, name, (size_t)(equals - name));
    }
    if (!equals || !property.setting)
        return refuse(g, "not isa-debugcon.iobase=PORT, isa-debug-exit.iobase=PORT, "
                         "isa-debug-exit.iosize=BYTES, VGA.vgamem_mb=MIB, VGA.romfile=FILE or "
                         "isa-fdc.lenient=on");
    return property.setting->set(&property);
}

bool check_entropy(const struct options *o, struct error *error)
{
    return !o->entropy_interfaces.no_legacy || !o->entropy_interfaces.no_modern ||
           error_set(error, "-device virtio-rng-pci: disable-legacy=on and disable-modern=on leave "
                            "nothing");
}

bool check_debug_exit(const struct options *o, struct error *error)
{
    return o->debug_exit_port + o->debug_exit_size <= 0x10000 ||
           error_set(error, "isa-debug-exit: iobase %xh: goes beyond port ffffh",
                     o->debug_exit_port);
}
