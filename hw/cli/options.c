/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: the table of options, help, and what is said by no single option. */
#include "hw/cli/command_line.h"

#include "dyngen/dyngen_symbols.h"
#include "hw/cli/option_setters.h"
#include "hw/debug.h"
#include "hw/host/counted_time.h"
#include "hw/machine.h"
#include "hw/sound/sb16.h"
#include "hw/vga/vga.h"

#include <string.h>

#define HEADING(text)           .names = "", .help = (text)
#define NO_HELP                 NULL
#define DO(setter)              .set = (setter)
#define LIST(array)             .set = set_list, .list = (array)
#define FLAG(name)              .set = set_flag, .field = FIELD(bool, name)
#define NO(name)                .set = unset_flag, .field = FIELD(bool, name)
#define SWITCH(name)            .set = set_switch, .field = FIELD(bool, name)
#define TEXT(name)              .set = set_text, .field = FIELD(const char *, name)
#define PATH(name)              .set = set_path, .field = FIELD(const char *, name)
#define BITS(name, bits)        .set = set_bits, .field = FIELD(unsigned, name), .number = (bits)
#define DRIVE(interface, index) .set = set_drive_file, .field = (interface), .number = (index)
#define NUMBER(name, most)      .set = set_number, .field = FIELD(unsigned, name), .number = (most)
/* QEMU's that change nothing here: what they ask for is so anyhow, or for one value of them. */
#define NOTHING     .set = set_nothing
#define ONLY(why)   .set = set_only, .reason = (why)
#define ABSENT(why) .set = refuse_absent, .reason = (why)

/* In the order of the help: names, the argument in a word, help, and what is done. */
const struct setting option_table[] = {
    {HEADING("What to start; without -kernel and -bios, a small guest of Tessera's own")},
    {"kernel", "FILE",
     "a Linux bzImage or a Multiboot kernel; for a PowerPC, ELF or U-Boot's uImage",
     PATH(load.kernel)},
    {"initrd", "FILE", "its initial RAM disk, or Multiboot modules \"A args,B args\"",
     PATH(load.initrd)},
    {"append", "TEXT", "its command line", TEXT(load.append)},
    {"dtb", "FILE", "ppce500: this device tree instead of the machine's own", PATH(load.dtb)},
    {"bios", "FILE", "this BIOS instead, which boots the kernel, if one is given", PATH(load.bios)},
    {"boot", "DRIVES",
     "the BIOS's order: a, b (floppy), c (disk), d (CD); [order=]cad,once=d, "
     "menu=on,splash-time=MS,strict=on",
     LIST(boot_properties)},
    {"no-fd-bootchk", NULL, "start floppies without a boot sector's mark, too",
     FLAG(boot.no_floppy_check)},
    {"S", NULL, "wait with the first instruction for cont, of a monitor or debugger",
     FLAG(control.stopped)},
    {"gdb", "tcp:HOST:PORT",
     "gdb may come there and debug the guest; without a HOST, from this one; port 0: any",
     DO(set_gdb)},
    {"s", NULL, "the same as -gdb tcp::1234", DO(set_usual_gdb)},
    {"no-shutdown", NULL, "a guest that ends is stopped, and stays to be looked at",
     FLAG(control.no_shutdown)},
    {"no-reboot", NULL, "end instead of rebooting", FLAG(control.no_reboot)},

    {HEADING("Snapshots: all of a machine, to go on from; drives need snapshot=on")},
    {"savestate", "FILE", "the machine's state goes there at the end", PATH(snapshots.save)},
    {"incoming", "file:FILE", "begin with the state in FILE", DO(set_incoming)},
    {"loadvm", "NAME", "begin with the snapshot of that name", PATH(snapshots.load)},
    {"snapshot-dir", "FOLDER",
     "where snapshots by name are, NAME.tessera (with -loadvm the current folder)",
     PATH(snapshots.folder)},

    {HEADING("The machine")},
    {"machine M", "NAME",
     "the machine, by default the one that the kernel is for; help describes them:",
     LIST(machine_properties), .choices = machine_name},
    {"m", "SIZE", "memory, in MiB or with a unit K, M or G (default 128)", LIST(memory_properties)},
    {"cpu", "MODEL", "a PC's: 386 to pentium4, or max (default); help lists the machine's",
     DO(set_cpu)},
    {"no-acpi", NULL, "no ACPI: neither power management nor tables", NO(acpi)},
    {"no-hpet", NULL, "no HPET, a timer of the chipset's", NO(hpet)},
    {"rtc", "base=TIME", "the clock begins at utc (default), localtime or 2006-06-17T16:01:21",
     LIST(rtc_properties)},
    {"icount", "shift=N",
     "guest time by instructions, of 2^N ns each (default 1): runs repeat exactly; sleep=off: idle "
     "time is skipped",
     .set = set_icount, .list = icount_properties},
    {"record", "FILE",
     "with -icount, which need not be given: everything that comes in, for -replay; implies "
     "-snapshot",
     PATH(record)},
    {"replay", "FILE", "the same options otherwise, and nothing from outside: does it all again",
     PATH(replay)},
    {"fw_cfg", "NAME", "[name=]NAME,string=TEXT or file=FILE: something for the guest to read",
     .set = set_fw_cfg, .list = fw_cfg_properties},
    {"serial", "TO",
     "a serial port: stdio, mon:stdio (with a monitor), file:NAME, pty, tcp:HOST:PORT,server=on, "
     "telnet:, unix:PATH, chardev:ID, null or none; twice for COM2",
     DO(set_serial)},
    {"parallel", "TO", "the parallel port, likewise (null)", DO(set_parallel)},
    {"debugcon", "TO", "where bytes written to port E9h go: likewise, or a file's name",
     DO(set_debugcon)},
    {"chardev", "PLACE,id=ID",
     "a place for -serial chardev:ID and its kin: socket,path= or host=,port=[,server=on]"
     "[,wait=off][,telnet=on], pty, file,path=[,append=on], ringbuf[,size=], stdio[,mux=on] or "
     "null; "
     "[,logfile=FILE][,logappend=on]",
     DO(set_chardev), .choices = chardev_choice},
    {"device", "NAME",
     "isa-debug-exit[,iobase=PORT][,iosize=BYTES], virtio-rng-pci, virtio-blk-pci,drive=ID"
     "[,serial=TEXT], a sound card, sb16 or AC97[,audiodev=ID], or a network card",
     DO(set_device)},
    {"usb", NULL, "a USB: the PIIX3's host controller", FLAG(usb)},
    {"usbdevice", "NAME",
     "what is plugged in there: keyboard, mouse or tablet; as -device usb-kbd,"
     " usb-mouse, usb-tablet",
     DO(set_old_usb_device)},
    {"global", "PROPERTY",
     "isa-debugcon.iobase=PORT, VGA.vgamem_mb=16, VGA.romfile=FILE, "
     "isa-fdc.lenient=on for Bochs's BIOS",
     DO(set_global)},
    {"vga", "std|none", "the graphics card: std (default), or none at all", DO(set_vga)},
    {"post", "PORT", "where -d post listens for POST codes (default 0x80)",
     NUMBER(post_port, 0xffff)},

    {HEADING(
        "Drives: raw images, others by qemu-nbd (qcow2, vmdk, vdi), or NBD servers' addresses")},
    {"hda", "FILE", "the first disk, an image's name or nbd:unix:PATH; so -hdb, -hdc, -hdd",
     DRIVE(DRIVE_IDE, 0)},
    {"hdb", "FILE", NO_HELP, DRIVE(DRIVE_IDE, 1)},
    {"hdc", "FILE", NO_HELP, DRIVE(DRIVE_IDE, 2)},
    {"hdd", "FILE", NO_HELP, DRIVE(DRIVE_IDE, 3)},
    {"cdrom", "FILE", "a CD or DVD, where -hdc would be", DRIVE(DRIVE_IDE, 2), .reason = "cdrom"},
    {"fda", "FILE", "the first floppy disk; so -fdb", DRIVE(DRIVE_FLOPPY, 0)},
    {"fdb", "FILE", NO_HELP, DRIVE(DRIVE_FLOPPY, 1)},
    {"drive", "file=FILE",
     "with if=ide, floppy, virtio or none (for -device), index=, id=, media=cdrom, format=, "
     "readonly=on, snapshot=on",
     .set = set_drive, .list = drive_properties},
    {"media-dir", "FOLDER", "where the monitor's change finds images (the current folder)",
     PATH(media_folder)},
    {"snapshot", NULL, "what is written to drives goes to temporary files", FLAG(snapshot)},

    {HEADING("Networks; without any of these there is no card")},
    {"nic", "user",
     "a card at a network of its own: user[,model=e1000][,hostfwd=tcp:HOST:PORT-GUEST:PORT]"
     "[,tftp=FOLDER,bootfile=FILE][,restrict=on][,mac=]; model=help lists cards",
     DO(set_nic)},
    {"netdev", "TYPE,id=ID",
     "a network, for a card by -device e1000,netdev=ID[,mac=][,romfile=]: user; socket,listen= or "
     "connect=HOST:PORT, or udp=HOST:PORT,localaddr=HOST:PORT; tap[,ifname=]",
     DO(set_netdev)},

    {HEADING("Sound; without any of these there is none")},
    {"audiodev", "TYPE,id=ID",
     "where sound goes, for -device sb16,audiodev=ID and -machine pcspk-audiodev=ID, the PC's "
     "speaker: wav,path=FILE or sdl; [,out.frequency=44100]",
     DO(set_audiodev), .choices = audio_choice},
    {"audio", "TYPE,model=NAME",
     "the same and what is heard there, in one: pcspk, sb16 or ac97; TYPE[,path=FILE]...",
     DO(set_audio)},

    {HEADING("The screen; by default a window, if there is a place for one, or else none")},
    {"display", "WHERE", "one of these, or several by several options:", DO(set_display),
     .choices = display_choice},
    {"vnc", "HOST:NUMBER", "as -display vnc=: port 5900 + NUMBER, of 127.0.0.1 if no HOST is given",
     DO(set_vnc)},
    {"object", "secret",
     "secret,id=ID,file=FILE: a password, for -display vnc=...,password-secret=ID; "
     "filter-dump,netdev=ID,file=FILE: a network's frames, for tcpdump and its like",
     DO(set_object)},
    {"nographic", NULL, "no window; the terminal has the serial line and, by Ctrl-A c, a monitor",
     DO(set_nographic)},
    {"full-screen", NULL, "the window begins as large as the screen", FLAG(display.full_screen)},
    {"name", "NAME", "what windows and viewers call the guest", LIST(name_properties)},
    {"k", "LAYOUT",
     "of viewers' keyboards that tell no places of keys, and of terminals: en-us (default), de",
     TEXT(display.keyboard)},

    {HEADING("Translation")},
    {"jit", "ENGINE", "template (default), ir, interp, mixed[:RUNS], lockstep[:ONE,OTHER]",
     DO(set_jit)},
    {"jit-blocks", "FILE",
     "with -jit mixed: addresses of blocks, in hex, that the IR makes from the start",
     DO(set_jit_blocks)},
    {"jit-cache", "SIZE", "room for translated code, 1M to 1G (default 128M)", DO(set_jit_cache)},

    {HEADING("Control")},
    {"monitor", "WHERE",
     "commands from stdio, telnet:HOST:PORT,server=on,wait=off, tcp: or unix:PATH likewise",
     DO(set_monitor)},
    {"mon", "chardev=ID", "the same, of a -chardev: [,mode=readline|control], for people or by QMP",
     .set = set_mon, .list = mon_properties},
    {"script", "FILE", "commands from a file; Tessera ends with it", PATH(script)},
    {"qmp", "WHERE", "the same for programs: QEMU's machine protocol, in JSON", DO(set_qmp)},

    {HEADING("To see what happens")},
    {"screendump", "FILE", "the screen as PNG, at the end and on SIGUSR1", PATH(screen_png)},
    {"screentext", "FILE", "its text as UTF-8, likewise; empty in graphics modes",
     PATH(screen_text)},
    {"d", "ITEMS", "log some of these, \"int,mmu\"; help describes them:", DO(set_log),
     .choices = log_choice},
    {"D", "FILE", "the log goes there, not to standard error", PATH(log_path)},
    {"stats", NULL, "counters at the end", FLAG(stats)},
    {"stats-json", "FILE", "the same to a file, as JSON", PATH(stats_json)},
    {"count", NULL, "count what runs and sample the time, for -stats and -stats-json",
     FLAG(exec.count)},
    {"perfmap", NULL, "/tmp/perf-PID.map: names of generated code, for perf report",
     BITS(symbols, DYNGEN_PERF_MAP)},
    {"jitdump", NULL, "jit-PID.dump: the same with the code, for perf inject",
     BITS(symbols, DYNGEN_JITDUMP)},
    {"gdbjit", NULL, "tell gdb, if it runs this, about generated code", BITS(symbols, DYNGEN_GDB)},
    {"sandbox", "on|off", "on: while a guest runs, only the system calls that need be (default)",
     SWITCH(sandbox)},
    {"version", NULL, "print the version", FLAG(version)},
    {"help h", NULL, "print this", FLAG(help)},

    {"accel", "tcg", NO_HELP, LIST(accel_properties)},
    {"smp", "1", NO_HELP, LIST(smp_properties)},
    {"sdl curses", NULL, NO_HELP, DO(set_named_display)},
    {"net", "none", NO_HELP, DO(set_net)},
    {"nodefaults", NULL, NO_HELP, FLAG(no_defaults)},
    {"no-user-config", NULL, NO_HELP, NOTHING},

    {"enable-kvm", NULL, NO_HELP, ABSENT("there is no KVM; guests' code is translated")},
    {"blockdev", "NODE", NO_HELP, ABSENT("-drive makes drives")},
    {"pflash sd mtdblock", "FILE", NO_HELP, ABSENT("there is no such drive")},
    {"soundhw", "NAME", NO_HELP, ABSENT("-audiodev and -device make sound")},
    {"spice", "WHERE", NO_HELP, ABSENT("there is no SPICE; -vnc shows the screen to viewers")},
    {"daemonize", NULL, NO_HELP, ABSENT("a shell can put Tessera into the background (&)")},
    {0},
};

/* --- help --- */

static void print_choices(choice_fn *choices, int column, FILE *to)
{
    char words[512];
    join_choices(choices, words, sizeof words);
    fprintf(to, "%*s%s\n", column, "", words);
}

static void print_option(const struct setting *s, FILE *to)
{
    enum { COLUMN = 20 };
    int name = (int)strcspn(s->names, " ");
    int width = fprintf(to, "  -%.*s %s", name, s->names, s->argument ? s->argument : "");
    fprintf(to, "%*s%s\n", width < COLUMN ? COLUMN - width : 1, "", s->help);
    if (s->choices)
        print_choices(s->choices, COLUMN, to);
}

/* Those that are taken as QEMU's; returns what column comes next. */
static int print_silent(const struct setting *s, int column, FILE *to)
{
    enum { WIDTH = 90 };
    for (const char *name = s->names; name; name = strchr(name, ' ')) {
        name += *name == ' ';
        if (column > WIDTH)
            column = fprintf(to, "\n ") - 1;
        column += fprintf(to, " -%.*s", (int)strcspn(name, " "), name);
        column += s->argument ? fprintf(to, " %s,", s->argument) : fprintf(to, ",");
    }
    return column;
}

void options_print_help(FILE *to)
{
    int column = 1;
    fputs("usage: tessera [-option [argument]]...\n", to);
    for (const struct setting *s = option_table; s->names; s++)
        if (!*s->names)
            fprintf(to, "\n%s:\n", s->help);
        else if (s->help)
            print_option(s, to);
    fputs("\nTaken as QEMU's, changing nothing:\n ", to);
    for (const struct setting *s = option_table; s->names; s++)
        if (!s->help && s->set != refuse_absent)
            column = print_silent(s, column, to);
    fputs(" and no more.\n", to);
}

/* --- parsing --- */

static const struct setting *find_option(const char *word)
{
    if (*word++ != '-')
        return NULL;
    word += *word == '-';
    return find_setting(option_table, word, strlen(word));
}

/* Measured: fewer translate too much, more run too long in templates. */
enum { MIXED_RUNS = 200 };

static void set_defaults(struct options *o)
{
    *o = (struct options){
        .load.ram_size = 128u << 20,
        .parallel = {.kind = OUTSIDE_NULL},
        .debugcon_port = DEBUGCON_PORT,
        .debug_exit_port = DEBUG_EXIT_PORT,
        .debug_exit_size = DEBUG_EXIT_SIZE,
        .post_port = POST_PORT,
        .sb16_at = {SB16_PORT, SB16_IRQ, SB16_DMA, SB16_DMA16},
        .sandbox = true,
        .acpi = true,
        .hpet = true,
        .icount = {.sleeps = true, .shift = ICOUNT_USUAL_SHIFT},
        .has_vga = true,
        .vga_mib = VGA_RAM_MIB,
        .exec = {.jit = JIT_TEMPLATE, .runs = MIXED_RUNS, .cache_size = (size_t)128 << 20},
    };
}

static bool check(struct options *o, struct error *error)
{
    if (!o->machine)
        o->machine = machine_for(o->load.kernel);
    if (o->exec.count && o->exec.jit == JIT_LOCKSTEP)
        return error_set(error, "-count: not with -jit lockstep, which runs everything twice");
    if (o->record && o->replay)
        return error_set(error, "-record, -replay: not both");
    if (o->record || o->replay)
        o->icount.on = o->snapshot = true;
    return complete_chardevs(o, error) && check_serials(o, error) && check_monitors(o, error) &&
           check_display(o, error) && complete_monitors(o, error) && check_accel(o, error) &&
           check_cpu(o, error) && check_debug_exit(o, error) && check_entropy(o, error) &&
           complete_drives(o, error) && complete_cards(o, error) && complete_sound(o, error);
}

bool options_parse(struct options *o, int argc, char **argv, struct error *error)
{
    set_defaults(o);
    for (int i = 1; i < argc; i++) {
        const struct setting *option = find_option(argv[i]);
        struct given g = {o, option, argv[i], ' ', NULL, NULL, error};
        if (!option)
            return error_set(error, "%s: no such option; -help lists them", argv[i]);
        if (option->argument) {
            if (++i == argc)
                return error_set(error, "%s needs an argument: %s", g.option, option->argument);
            g.word = g.value = argv[i];
        }
        if (!option->set(&g))
            return false;
    }
    return check(o, error);
}

void options_free(struct options *o)
{
    pool_free(&o->pool);
}
