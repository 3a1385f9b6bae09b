/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line. */
#include "dyngen/dyngen_symbols.h"
#include "exec/i386/model.h"
#include "hw/cli/command_line.h"
#include "hw/cli/man.h"
#include "hw/cli/option_setters.h"
#include "hw/pc/pc.h"
#include "tests/hw/fixture.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct options options;
static struct error error;

/* Words separated by blanks; "~" stands for an empty one. */
static bool parse(const char *line)
{
    static char copy[1024];
    char *argv[64] = {"tessera"};
    int argc = 1;
    strcpy(copy, line);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        argv[argc++] = strcmp(word, "~") ? word : "";
    *error.text = 0;
    options_free(&options);
    return options_parse(&options, argc, argv, &error);
}

START_TEST(defaults)
{
    ck_assert(parse(""));
    ck_assert_uint_eq(options.load.ram_size, 128u << 20);
    ck_assert_ptr_null(options.load.kernel);
    ck_assert_int_eq(options.serial[0].kind, OUTSIDE_STDIO);
    ck_assert_int_eq(options.serial[1].kind, OUTSIDE_NONE);
    ck_assert_int_eq(options.debugcon.kind, OUTSIDE_NONE);
    ck_assert_int_eq(options.exec.jit, JIT_TEMPLATE);
    ck_assert_uint_eq(options.exec.cache_size, 64u << 20);
    ck_assert_int_eq(options.parallel.kind, OUTSIDE_NULL);
    ck_assert_uint_eq(options.post_port, 0x80);
    ck_assert(!options.control.no_reboot && !options.stats && !options.debug_exit);
    ck_assert(!options.exec.count && !options.stats_json && !options.symbols);
}
END_TEST

START_TEST(counted_time)
{
    ck_assert(parse(""));
    ck_assert(!options.icount.on && options.icount.sleeps);
    ck_assert(parse("-icount shift=3,sleep=off"));
    ck_assert(options.icount.on && !options.icount.sleeps);
    ck_assert_uint_eq(options.icount.shift, 3);
    ck_assert(parse("-icount auto,align=off"));
    ck_assert_uint_eq(options.icount.shift, 1);
    ck_assert(!parse("-icount 11"));
    ck_assert(!parse("-icount shift=1,align=on"));
    ck_assert(parse("-record f -hda g"));
    ck_assert(options.icount.on && options.drive[0].snapshot);
    ck_assert_str_eq(options.record, "f");
    ck_assert(parse("-replay f"));
    ck_assert(options.icount.on);
    ck_assert(!parse("-record f -replay f"));
}
END_TEST

START_TEST(engines)
{
    ck_assert(parse("-jit mixed"));
    ck_assert_int_eq(options.exec.jit, JIT_MIXED);
    ck_assert_uint_gt(options.exec.runs, 0);
    ck_assert(parse("-jit mixed:0"));
    ck_assert_uint_eq(options.exec.runs, 0);
    ck_assert(parse("-jit lockstep:ir,interp"));
    ck_assert_int_eq(options.exec.jit, JIT_LOCKSTEP);
    ck_assert_int_eq(options.exec.lockstep[0], JIT_IR);
    ck_assert_int_eq(options.exec.lockstep[1], JIT_INTERP);
}
END_TEST

/* A list of blocks in a file, and whether it is good. */
static bool parse_blocks(const char *text)
{
    char name[] = "/tmp/tessera-blocks-XXXXXX", line[64];
    int fd = mkstemp(name);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    snprintf(line, sizeof line, "-jit mixed -jit-blocks %s", name);
    bool good = parse(line);
    unlink(name);
    return good;
}

START_TEST(lists_of_blocks)
{
    ck_assert(parse_blocks("c0101000\n1000\n  0x7c00\n"));
    ck_assert_uint_eq(options.exec.chosen_count, 3);
    ck_assert_uint_eq(options.exec.chosen[0], 0x1000);
    ck_assert_uint_eq(options.exec.chosen[2], 0xc0101000);
    ck_assert(parse_blocks(""));
    ck_assert_uint_eq(options.exec.chosen_count, 0);
    ck_assert(!parse_blocks("1000\nmain\n"));
    ck_assert(!parse_blocks("100000000\n"));
}
END_TEST

START_TEST(instruments)
{
    ck_assert(parse("-count -stats-json s -perfmap -gdbjit"));
    ck_assert(options.exec.count);
    ck_assert_str_eq(options.stats_json, "s");
    ck_assert_uint_eq(options.symbols, DYNGEN_PERF_MAP | DYNGEN_GDB);
    ck_assert(parse("-jitdump"));
    ck_assert_uint_eq(options.symbols, DYNGEN_JITDUMP);
}
END_TEST

START_TEST(all_together)
{
    ck_assert(parse("-nographic --m 1G -kernel k --initrd i -append a -no-reboot -stats -jit "
                    "lockstep -jit-cache 1024K -d int -D log -serial file:s -serial null -display "
                    "none -monitor none -M pc -machine pc -debugcon d -global "
                    "isa-debugcon.iobase=0x402 -parallel file:p -post 0x190"));
    ck_assert_uint_eq(options.load.ram_size, 1u << 30);
    ck_assert_str_eq(options.load.kernel, "k");
    ck_assert_str_eq(options.load.initrd, "i");
    ck_assert_str_eq(options.load.append, "a");
    ck_assert(options.control.no_reboot && options.stats);
    ck_assert_int_eq(options.exec.jit, JIT_LOCKSTEP);
    ck_assert_uint_eq(options.exec.cache_size, 1 << 20);
    ck_assert_str_eq(options.log_path, "log");
    ck_assert_int_eq(options.serial[0].kind, OUTSIDE_FILE);
    ck_assert_str_eq(options.serial[0].path, "s");
    ck_assert_int_eq(options.serial[1].kind, OUTSIDE_NULL);
    ck_assert_int_eq(options.debugcon.kind, OUTSIDE_FILE);
    ck_assert_str_eq(options.debugcon.path, "d");
    ck_assert_uint_eq(options.debugcon_port, 0x402);
    ck_assert_int_eq(options.parallel.kind, OUTSIDE_FILE);
    ck_assert_str_eq(options.parallel.path, "p");
    ck_assert_uint_eq(options.post_port, 0x190);
}
END_TEST

START_TEST(lines_lead_to_places)
{
    const struct outside *o = options.serial;
    ck_assert(parse("-chardev socket,id=a,host=::1,port=99,server=on,wait=off,telnet=on "
                    "-serial chardev:a -serial unix:p,server,nowait -mon chardev=c,mode=control "
                    "-chardev socket,path=q,server=on,id=c -debugcon tcp:h:1 -parallel pty"));
    ck_assert_int_eq(o[0].kind, OUTSIDE_TCP);
    ck_assert_str_eq(o[0].path, "[::1]:99");
    ck_assert_str_eq(o[0].label, "a");
    ck_assert(o[0].telnet && o[0].server && !o[0].wait);
    ck_assert_int_eq(o[1].kind, OUTSIDE_UNIX);
    ck_assert_str_eq(o[1].path, "p");
    ck_assert_str_eq(o[1].label, "serial1");
    ck_assert(o[1].server && !o[1].wait);
    ck_assert_uint_eq(options.monitors, 1);
    ck_assert(options.monitor[0].qmp);
    ck_assert_int_eq(options.monitor[0].at.kind, OUTSIDE_UNIX);
    ck_assert_str_eq(options.monitor[0].at.path, "q");
    ck_assert(options.monitor[0].at.wait);
    ck_assert_int_eq(options.debugcon.kind, OUTSIDE_TCP);
    ck_assert(!options.debugcon.server);
    ck_assert_int_eq(options.parallel.kind, OUTSIDE_PTY);
}
END_TEST

START_TEST(sizes)
{
    static const struct {
        const char *text;
        uint32_t size;
    } sizes[] = {{"1", 1u << 20},
                 {"64", 64u << 20},
                 {"512M", 512u << 20},
                 {"2g", 2u << 30},
                 {"3G", 3u << 30},
                 {"3072", 3u << 30},
                 {"1024k", 1u << 20},
                 {"1028K", 1028u << 10},
                 {"1.5M", 1536u << 10},
                 {"0x40", 64u << 20},
                 {"size=64", 64u << 20},
                 {"1.75", 1792u << 10},
                 {"2.5G", 2560u << 20},
                 {"64.", 64u << 20},
                 {"0X1000K", 4u << 20},
                 {"1048577B", (1u << 20) + 4096},
                 {"size=1G,slots=0", 1u << 30},
                 {"16,size=32", 32u << 20}};
    enum { SIZES = sizeof sizes / sizeof *sizes };
    char line[64];
    for (unsigned i = 0; i < SIZES; i++) {
        snprintf(line, sizeof line, "-m %s", sizes[i].text);
        ck_assert_msg(parse(line), "%s", error.text);
        ck_assert_uint_eq(options.load.ram_size, sizes[i].size);
    }
}
END_TEST

static void check_drive(unsigned i, const char *file, enum drive_interface interface,
                        unsigned index)
{
    ck_assert_str_eq(options.drive[i].file, file);
    ck_assert_int_eq(options.drive[i].interface, interface);
    ck_assert_uint_eq(options.drive[i].index, index);
}

START_TEST(drives)
{
    ck_assert(parse("-hda disk -fda floppy -cdrom cd -hdd nbd:unix:/x"));
    ck_assert_uint_eq(options.drives, 4);
    check_drive(0, "disk", DRIVE_IDE, 0);
    check_drive(1, "floppy", DRIVE_FLOPPY, 0);
    check_drive(2, "cd", DRIVE_IDE, 2);
    check_drive(3, "nbd:unix:/x", DRIVE_IDE, 3);
    ck_assert(options.drive[2].cdrom && !options.drive[0].cdrom);
    ck_assert(!options.drive[0].snapshot && !options.drive[0].read_only);
}
END_TEST

START_TEST(properties_of_drives)
{
    ck_assert(parse("-drive file=a,,b,format=qcow2,readonly=on -drive file=c,media=cdrom,index=0 "
                    "-drive d,if=floppy,snapshot=on -drive if=floppy,index=0 -drive media=cdrom"));
    check_drive(0, "a,b", DRIVE_IDE, 1); /* the first that nobody has asked for */
    ck_assert_str_eq(options.drive[0].format, "qcow2");
    ck_assert(options.drive[0].read_only && !options.drive[0].snapshot);
    check_drive(1, "c", DRIVE_IDE, 0);
    ck_assert(options.drive[1].cdrom);
    check_drive(2, "d", DRIVE_FLOPPY, 1);
    ck_assert(options.drive[2].snapshot);
    ck_assert_ptr_null(options.drive[3].file);
    ck_assert_uint_eq(options.drive[4].index, 2);
    ck_assert(parse("-hda disk -snapshot"));
    ck_assert(options.drive[0].snapshot);
}
END_TEST

START_TEST(displays)
{
    ck_assert(parse("-vnc :1,to=9,password-secret=p -display web=[::1]:80,novnc=/n -full-screen "
                    "-object secret,id=p,data=x -name guest=Emma -k de -display sdl"));
    const struct display_options *d = &options.display;
    ck_assert_uint_eq(d->count, 3);
    ck_assert_ptr_eq(d->request[0].display, &vnc_display);
    ck_assert_str_eq(d->request[0].address, ":1");
    ck_assert_uint_eq(d->request[0].to, 9);
    ck_assert_str_eq(d->request[0].password, "p");
    ck_assert_ptr_eq(d->request[1].display, &web_display);
    ck_assert_str_eq(d->request[1].address, "[::1]:80");
    ck_assert_str_eq(d->request[1].novnc, "/n");
    ck_assert(d->request[2].full_screen && !d->none);
    ck_assert_str_eq(d->secret[0].text, "x");
    ck_assert_str_eq(d->name, "Emma");
    ck_assert_str_eq(d->keyboard, "de");
    ck_assert_int_eq(options.serial[0].kind, OUTSIDE_STDIO);
    ck_assert(parse("-nographic -monitor none"));
    ck_assert_uint_eq(options.monitors, 0);
    ck_assert(parse("-nographic -serial null"));
    ck_assert_uint_eq(options.monitors, 0);
    ck_assert(parse("-display none -serial mon:stdio -monitor none"));
    ck_assert_uint_eq(options.monitors, 1);
    ck_assert(options.monitor[0].shares_console);
    ck_assert(parse("-nographic"));
    ck_assert_uint_eq(options.monitors, 1);
    ck_assert(options.display.none && !options.display.count);
    ck_assert(parse("-vga none") && options.display.none);
    ck_assert(parse("-M ppc-bare") && options.display.none);
    ck_assert(parse("-display curses"));
    ck_assert_int_eq(options.serial[0].kind, OUTSIDE_NULL);
}
END_TEST

/* What QEMU's users are used to, and what is so here anyhow. */
START_TEST(taken_as_qemus)
{
    static const char *const lines[] = {
        "-net none -nic none -display none -monitor none",
        "-nodefaults -no-acpi -no-hpet -no-user-config -snapshot",
        "-name x -name guest=x,debug-threads=on -k fr",
        "-smp 1 -smp cpus=1,cores=1,threads=1,sockets=1",
        "-accel tcg -accel tcg,thread=single -accel kvm",
        "-machine pc,accel=tcg -M pc-i440fx-7.2,usb=off -machine accel=kvm:tcg",
        "-rtc base=utc,clock=vm,driftfix=none",
        "-cpu qemu32",
    };
    enum { LINES = sizeof lines / sizeof *lines };
    for (unsigned i = 0; i < LINES; i++)
        ck_assert_msg(parse(lines[i]), "%s", error.text);
}
END_TEST

/* What the clock shows, in ns, when it is `utc` for the host. */
static int64_t clock_at(const char *line, int64_t utc)
{
    ck_assert_msg(parse(line), "%s", error.text);
    return options_time_of_day(&options, utc);
}

START_TEST(clock_base)
{
    const int64_t s = 1000000000, utc = 1150560081 * s + 5; /* 2006-06-17T16:01:21 */
    setenv("TZ", "XYZ-5:30", 1);
    tzset();
    ck_assert_int_eq(clock_at("", utc), utc);
    ck_assert_int_eq(clock_at("-rtc base=utc", utc), utc);
    ck_assert_int_eq(clock_at("-rtc base=localtime", utc), utc + 19800 * s);
    ck_assert_int_eq(clock_at("-rtc localtime", utc), utc + 19800 * s);
    ck_assert_int_eq(clock_at("-rtc base=2006-06-17T16:01:21", 0), 1150560081 * s);
    ck_assert_int_eq(clock_at("-rtc base=1970-01-02", utc), 86400 * s);
    ck_assert_int_eq(clock_at("-rtc base=1969-12-31T23:59:59", utc), -s);
}
END_TEST

START_TEST(fw_cfg_files)
{
    char line[512] = "";
    ck_assert(parse("-fw_cfg opt/a,string=1,,2 -fw_cfg name=opt/b,file=path"));
    ck_assert_uint_eq(options.load.fw_cfg_files, 2);
    ck_assert_str_eq(options.load.fw_cfg_file[0].name, "opt/a");
    ck_assert_str_eq(options.load.fw_cfg_file[0].text, "1,2");
    ck_assert_ptr_null(options.load.fw_cfg_file[0].path);
    ck_assert_str_eq(options.load.fw_cfg_file[1].path, "path");
    for (unsigned i = 0; i < FW_CFG_FILES; i++)
        sprintf(line + strlen(line), "-fw_cfg opt/%u,string=x ", i);
    ck_assert(parse(line));
    strcat(line, "-fw_cfg opt/x,string=x");
    ck_assert(!parse(line));
    ck_assert_str_eq(error.text, "-fw_cfg opt/x,string=x: there can be only 16");
}
END_TEST

static bool has_address(const struct card_request *c, unsigned last)
{
    const uint8_t mac[NET_ADDRESS] = {0x52, 0x54, 0x00, 0x12, 0x34, (uint8_t)last};
    return memcmp(c->mac, mac, sizeof mac) == 0;
}

/* By any of the three ways, cards find their networks. */
START_TEST(networks)
{
    const struct options *o = &options;
    ck_assert(parse(""));
    ck_assert(!o->cards && !o->nets);
    ck_assert(parse("-nic user,model=e1000,hostfwd=tcp::1-:2,hostfwd=udp::3-:4,restrict=on"));
    ck_assert(o->cards == 1 && o->nets == 1 && o->card[0].net == 0);
    ck_assert_str_eq(o->card[0].model, "e1000");
    ck_assert(has_address(&o->card[0], 0x56));
    ck_assert(o->net[0].user.forwards == 2 && o->net[0].user.restricted);
    ck_assert_str_eq(o->net[0].user.forward[1], "udp::3-:4");
    ck_assert(parse("-device e1000,netdev=b,mac=52:54:00:12:34:99 -device e1000,romfile= "
                    "-netdev user,id=a,tftp=t,bootfile=f -netdev user,id=b,ipv6=off"));
    ck_assert(o->cards == 2 && o->nets == 2 && o->card[0].net == 1 && o->card[1].net == -1);
    ck_assert(has_address(&o->card[0], 0x99) && has_address(&o->card[1], 0x57));
    ck_assert_str_eq(o->card[1].rom, "");
    ck_assert_str_eq(o->net[0].user.bootfile, "f");
    ck_assert(o->net[1].user.no_ipv6 && !o->net[0].user.no_ipv6);
    ck_assert(parse("-net nic -net user -net nic,model=e1000 -net user,hostname=h"));
    ck_assert(o->card[0].net == 0 && o->card[1].net == 1);
    ck_assert(parse("-nic tap,ifname=t -netdev socket,id=s,listen=:1 -object "
                    "filter-dump,id=f,netdev=s,file=d -nic socket,connect=h:2"));
    ck_assert(o->net[0].type == NET_TAP && o->net[2].type == NET_SOCKET && o->cards == 2);
    ck_assert_str_eq(o->net[1].dump, "d");
    ck_assert_ptr_null(o->net[0].dump);
    ck_assert(parse("-net none -nic none"));
    ck_assert(!o->cards && !o->nets);
}
END_TEST

START_TEST(usb)
{
    const struct options *o = &options;
    ck_assert(parse(""));
    ck_assert(!o->usb);
    ck_assert(parse("-usb"));
    ck_assert(o->usb && !o->usb_devices);
    ck_assert(parse("-device piix3-usb-uhci,id=u -device usb-tablet,bus=u.0 -usbdevice keyboard"));
    ck_assert(o->usb && o->usb_devices == 2);
    ck_assert_str_eq(o->usb_device[0].model, "usb-tablet");
    ck_assert_str_eq(o->usb_device[1].model, "usb-kbd");
    ck_assert(parse("-machine pc,usb=on"));
    ck_assert(o->usb);
}
END_TEST

START_TEST(debug_exit)
{
    ck_assert(parse("-device isa-debug-exit"));
    ck_assert(options.debug_exit);
    ck_assert_uint_eq(options.debug_exit_port, 0x501);
    ck_assert_uint_eq(options.debug_exit_size, 2);
    ck_assert(parse("-device isa-debug-exit,iobase=0xf4,iosize=0x04"));
    ck_assert_uint_eq(options.debug_exit_port, 0xf4);
    ck_assert_uint_eq(options.debug_exit_size, 4);
    ck_assert(parse("-device isa-debug-exit -global isa-debug-exit.iobase=0x604 -global "
                    "isa-debug-exit.iosize=1"));
    ck_assert_uint_eq(options.debug_exit_port, 0x604);
    ck_assert_uint_eq(options.debug_exit_size, 1);
}
END_TEST

START_TEST(cpu_models)
{
    static const char *const models[] = {"386",      "486",      "pentium", "pentium2",
                                         "pentium3", "pentium4", "max"};
    char line[64];
    ck_assert(parse(""));
    ck_assert(!options.exec.model && !options.listing);
    for (unsigned i = 0; i < sizeof models / sizeof *models; i++) {
        snprintf(line, sizeof line, "-cpu %s", models[i]);
        ck_assert(parse(line));
        ck_assert_str_eq(options.exec.model->name, models[i]);
    }
    ck_assert(parse("-cpu qemu32"));
    ck_assert_str_eq(options.exec.model->name, "max");
    ck_assert(parse("-cpu help"));
    ck_assert_int_eq(options.listing, LIST_CPUS);
}
END_TEST

#define DISPLAYS_THERE "sdl, curses, vnc=HOST:NUMBER, web=HOST:PORT, none"
#define GLOBALS                                                                                    \
    "not isa-debugcon.iobase=PORT, isa-debug-exit.iobase=PORT, isa-debug-exit.iosize=BYTES, "      \
    "VGA.vgamem_mb=MIB, VGA.romfile=FILE or isa-fdc.lenient=on"
#define EXIT_PROPERTIES "no such property; there is iobase=PORT, iosize=BYTES"
#define NOT_A_PORT      "not a number from 0 to 0xffff"

static const char *const refused[][2] = {
    {"-m", "-m needs an argument: SIZE"},
    {"-m 0", "-m 0: not between 1M and 3G"},
    {"-m 1023K", "-m 1023K: not between 1M and 3G"},
    {"-m 3073", "-m 3073: not between 1M and 3G"},
    {"-m 64MB", "-m 64MB: not a size, such as 64, 512M or 1.5G"},
    {"-m -5", "-m -5: not a size, such as 64, 512M or 1.5G"},
    {"-m abc", "-m abc: not a size, such as 64, 512M or 1.5G"},
    {"-m ~", "-m : not a size, such as 64, 512M or 1.5G"},
    {"-m 99999999999999999999", "-m 99999999999999999999: not a size, such as 64, 512M or 1.5G"},
    {"-m 99999999999999999G", "-m 99999999999999999G: not a size, such as 64, 512M or 1.5G"},
    {"-kernel ~", "-kernel needs the name of a file"},
    {"-kernel", "-kernel needs an argument: FILE"},
    {"--no-such", "--no-such: no such option; -help lists them"},
    {"---m 64", "---m: no such option; -help lists them"},
    {"stray", "stray: no such option; -help lists them"},
    {"~", ": no such option; -help lists them"},
    {"-cpu 586", "-cpu 586: no such model; -cpu help lists them"},
    {"-count -jit lockstep", "-count: not with -jit lockstep, which runs everything twice"},
    {"-stats-json ~", "-stats-json needs the name of a file"},
    {"-jit mixed:often", "-jit mixed:often: not template, ir, interp, mixed, mixed:RUNS, lockstep "
                         "or lockstep:ONE,OTHER"},
    {"-jit-blocks /none", "/none: No such file or directory"},
    {"-jit fast",
     "-jit fast: not template, ir, interp, mixed, mixed:RUNS, lockstep or lockstep:ONE,OTHER"},
    {"-jit lockstep:ir,ir", "-jit lockstep:ir,ir: not template, ir, interp, mixed, mixed:RUNS, "
                            "lockstep or lockstep:ONE,OTHER"},
    {"-jit ir:template,interp", "-jit ir:template,interp: not template, ir, interp, mixed, "
                                "mixed:RUNS, lockstep or lockstep:ONE,OTHER"},
    {"-jit-cache 512K", "-jit-cache 512K: not between 1M and 1G"},
    {"-jit-cache 2G", "-jit-cache 2G: not between 1M and 1G"},
    {"-jit-cache lots", "-jit-cache lots: not a size, such as 8M or 512M"},
    {"-serial bogus:1",
     "-serial bogus:1: not stdio, file:NAME, pty, tcp:HOST:PORT, telnet:HOST:PORT, unix:PATH, "
     "chardev:ID, null or none"},
    {"-serial file:",
     "-serial file:: not stdio, file:NAME, pty, tcp:HOST:PORT, telnet:HOST:PORT, unix:PATH, "
     "chardev:ID, null or none"},
    {"-serial stdio -serial mon:stdio", "-serial stdio: only one port can have it"},
    {"-serial null -serial null -serial null", "-serial: there are only 2 serial ports"},
    {"-debugcon ~", "-debugcon needs stdio or the name of a file"},
    {"-global a.b=1", "-global a.b=1: " GLOBALS},
    {"-global ~", "-global : " GLOBALS},
    {"-global isa-debugcon", "-global isa-debugcon: " GLOBALS},
    {"-global isa-debugcon.iobase", "-global isa-debugcon.iobase: " GLOBALS},
    {"-global isa-debugcon.iobase=", "-global isa-debugcon.iobase=: " NOT_A_PORT},
    {"-global isa-debugcon.iosize=1", "-global isa-debugcon.iosize=1: " GLOBALS},
    {"-global isa-debugcon.iobase=65536", "-global isa-debugcon.iobase=65536: " NOT_A_PORT},
    {"-parallel bogus", "-parallel bogus: not a place as -serial takes them"},
    {"-parallel ~", "-parallel : not a place as -serial takes them"},
    {"-parallel none -parallel null", "-parallel: there is only one parallel port"},
    {"-post ~", "-post : " NOT_A_PORT},
    {"-post 0x10000", "-post 0x10000: " NOT_A_PORT},
    {"-post -1", "-post -1: " NOT_A_PORT},
    {"-display gtk", "-display gtk: no such display; there is " DISPLAYS_THERE},
    {"-display ~", "-display : no such display; there is " DISPLAYS_THERE},
    {"-display vnc", "-display vnc: not vnc=HOST:NUMBER"},
    {"-display sdl=x", "-display sdl=x: not sdl"},
    {"-display sdl,gl=on",
     "-display gl=on: pictures are not the graphics card's (only off is taken)"},
    {"-display curses,x", "-display x: no such property; there is none"},
    {"-vnc :0,to=-1", "-vnc to=-1: not a number from 0 to 59635"},
    {"-vnc :0,password=on", "-vnc password=on: there is no monitor to set one; password-secret=ID "
                            "takes that of -object secret,id=ID,file=FILE"},
    {"-display none -vga none -vnc :0", "-display vnc: there is no screen (-vga none)"},
    {"-M ppc-bare -display sdl", "-display sdl: there is no screen (-M ppc-bare)"},
    {"-display curses -serial stdio",
     "-display curses: the terminal is wanted by a port, too (stdio)"},
    {"-curses -curses", "-display curses: twice"},
    {"-sdl -sdl -sdl -sdl -sdl", "-sdl: more than 4 displays"},
    {"-object rng,id=a",
     "-object rng,id=a: not secret,id=ID,file=FILE or filter-dump,netdev=ID,file=FILE"},
    {"-object filter-dump,netdev=a,file=f", "-object filter-dump,netdev=a: no network has that id"},
    {"-nic user,id=a -object filter-dump,netdev=a", "-object filter-dump,netdev=a: not "
                                                    "filter-dump,netdev=ID,file=FILE"},
    {"-nic socket", "-nic socket: not with either listen=, connect= or udp="},
    {"-nic socket,udp=a:1", "-nic socket: udp= and localaddr= go together"},
    {"-nic socket,udp=a:1,localaddr=b:2,listen=c:3",
     "-nic socket: not with either listen=, connect= or udp="},
    {"-nic tap,script=yes", "-nic script=yes: nothing is run for an interface (only no is taken)"},
    {"-object secret,id=a",
     "-object secret,id=a: not secret,id=ID with either file=FILE or data=TEXT"},
    {"-monitor vc",
     "-monitor vc: not stdio, telnet:HOST:PORT, tcp:HOST:PORT, unix:PATH, pty, chardev:ID or none"},
    {"-monitor stdio -monitor stdio", "-monitor stdio: twice"},
    {"-monitor stdio -serial stdio",
     "-monitor stdio: the terminal is wanted by a port, too (stdio)"},
    {"-monitor tcp:127.0.0.1:1",
     "-monitor tcp:127.0.0.1:1: Tessera is the one that listens: ,server=on is missing"},
    {"-monitor file:x", "-monitor file:x: no commands come from there"},
    {"-chardev bogus,id=a",
     "-chardev bogus,id=a: no such place; there is stdio, null, file, pty, socket"},
    {"-chardev null", "-chardev null: id= is missing"},
    {"-chardev null,id=", "-chardev id=: nothing is given"},
    {"-chardev null,id=a -chardev pty,id=a", "-chardev pty,id=a: there is one of that id already"},
    {"-chardev file,id=a", "-chardev file,id=a: path= is missing"},
    {"-chardev socket,id=a", "-chardev socket,id=a: path= or port= is missing"},
    {"-chardev socket,id=a,path=x,port=1",
     "-chardev socket,id=a,path=x,port=1: path= or port=, not both"},
    {"-chardev stdio,id=a,mux=on",
     "-chardev mux=on: a line has one user; -serial mon:stdio has two (only off is taken)"},
    {"-serial chardev:a", "-serial chardev:a: there is no -chardev of that id"},
    {"-chardev null,id=a -serial chardev:a -parallel chardev:a",
     "-parallel chardev:a: something else is there already"},
    {"-chardev socket,id=a,port=1 -qmp chardev:a",
     "-qmp socket,id=a,port=1: Tessera is the one that listens: ,server=on is missing"},
    {"-mon mode=control", "-mon mode=control: chardev= is missing"},
    {"-mon chardev=a,mode=bogus", "-mon mode=bogus: not readline or control"},
    {"-monitor unix:x,server,wait=x", "-monitor wait=x: not on or off"},
    {"-m 64,maxmem=1G", "-m maxmem=1G: no such property; there is size=SIZE, slots=0"},
    {"-m 64,slots=2", "-m slots=2: memory cannot be plugged in (only 0 is taken)"},
    {"-m 64,", "-m : no such property; there is size=SIZE, slots=0"},
    {"-m 0x1.8M", "-m 0x1.8M: not a size, such as 64, 512M or 1.5G"},
    {"-m 1.5.5M", "-m 1.5.5M: not a size, such as 64, 512M or 1.5G"},
    {"-m 4T", "-m 4T: not between 1M and 3G"},
    {"-smp 4", "-smp 4: there is one processor (only 1 is taken)"},
    {"-smp 1,cores=2", "-smp cores=2: there is one processor (only 1 is taken)"},
    {"-accel kvm", "-accel kvm: there is only tcg: guests' code is translated"},
    {"-machine pc,accel=kvm:xen", "-accel kvm:xen: there is only tcg: guests' code is translated"},
    {"-machine pc,usb=yes", "-machine usb=yes: not on or off"},
    {"-enable-kvm", "-enable-kvm: there is no KVM; guests' code is translated"},
    {"-hda ~", "-hda needs the name of a file"},
    {"-hdc disk -cdrom cd", "-cdrom: that drive is there already, by -hdc (index=2)"},
    {"-drive file=disk,index=0 -hda disk",
     "-hda: that drive is there already, by -drive (index=0)"},
    {"-drive file=disk,index=4", "-drive index=4: not a number from 0 to 3"},
    {"-drive file=disk,if=scsi", "-drive if=scsi: there is ide, floppy, virtio, none"},
    {"-drive file=disk,if=none",
     "-drive file=disk,if=none: id= is missing, by which a device would have it"},
    {"-device virtio-blk-pci,drive=a",
     "-device virtio-blk-pci,drive=a: no -drive if=none has that id"},
    {"-drive file=disk,media=tape", "-drive media=tape: not disk or cdrom"},
    {"-drive file=disk,readonly=yes", "-drive readonly=yes: not on or off"},
    {"-drive format=raw", "-drive format=raw: file= is missing"},
    {"-drive file=", "-drive file=: nothing is given"},
    {"-drive file=disk,if=floppy,index=2",
     "-drive file=disk,if=floppy,index=2: there are only 2 drives of that kind"},
    {"-drive file=disk,if=floppy,media=cdrom",
     "-drive file=disk,if=floppy,media=cdrom: a CD does not fit into a floppy drive"},
    {"-fda a -fdb b -drive file=c,if=floppy", "-drive: there can be only 2 drives of that kind"},
    {"-blockdev x", "-blockdev x: -drive makes drives"},
    {"-nic vde", "-nic vde: no such network; there is user, socket, tap"},
    {"-nic user,model=x",
     "-nic model=x: no such card; there is e1000, rtl8139, ne2k_pci, ne2k_isa, virtio-net-pci"},
    {"-nic user,model=virtio,disable-legacy=maybe", "-nic disable-legacy=maybe: not on or off"},
    {"-device virtio-net-pci,disable-legacy=on,disable-modern=on",
     "-device: disable-legacy=on and disable-modern=on leave nothing"},
    {"-nic user,mac=1", "-nic mac=1: not the address of a card, like 52:54:00:12:34:56"},
    {"-nic user,mac=01:54:00:12:34:56",
     "-nic mac=01:54:00:12:34:56: not the address of a card, like 52:54:00:12:34:56"},
    {"-nic user,restrict=yes", "-nic restrict=yes: not on or off"},
    {"-nic user,model=ne2k_isa,irq=2", "-nic irq=2: not an interrupt request from 3 to 15"},
    {"-device ne2k_isa,iobase=0x301", "-device iobase=0x301: not a port from which 32 are there"},
    {"-netdev user", "-netdev user: id= is missing"},
    {"-netdev user,id=a -netdev user,id=a",
     "-netdev id=a: there is a network of that name already"},
    {"-device e1000,netdev=a", "-device e1000,netdev=a: no -netdev has that id"},
    {"-netdev user,id=a -device e1000,netdev=a -device e1000,netdev=a",
     "-device netdev=a: that network has a card already"},
    {"-device e1000 -device e1000 -device e1000 -device e1000 -device e1000 -device e1000 "
     "-device e1000 -device e1000 -device e1000",
     "-device: there can be only 8 network cards"},
    {"-vga cirrus", "-vga cirrus: no such card; there is std, or none"},
    {"-global VGA.vgamem_mb=5", "-global VGA.vgamem_mb=5: not a power of two up to 256"},
    {"-global VGA.vgamem_mb=0", "-global VGA.vgamem_mb=0: not a power of two up to 256"},
    {"-device VGA", "-device VGA: -vga std makes this device"},
    {"-fw_cfg opt/a", "-fw_cfg opt/a: not name=NAME with either string=TEXT or file=FILE"},
    {"-fw_cfg a,string=b,file=c",
     "-fw_cfg a,string=b,file=c: not name=NAME with either string=TEXT or file=FILE"},
    {"-fw_cfg string=b", "-fw_cfg string=b: not name=NAME with either string=TEXT or file=FILE"},
    {"-fw_cfg a,string=", "-fw_cfg string=: nothing is given"},
    {"-fw_cfg a,string=1 -fw_cfg a,string=2", "-fw_cfg a,string=2: a name that is there already"},
    {"-fw_cfg abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcd,string=1",
     "-fw_cfg abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcd,string=1: a name of more "
     "than 55 characters"},
    {"-usbdevice pen", "-usbdevice pen: no such device; there is keyboard, mouse, tablet"},
    {"-device usb-kbd -device usb-kbd", "-device usb-kbd: one of these is enough"},
    {"-device usb-kbd -device usb-mouse -usbdevice tablet",
     "-usbdevice tablet: the USB has only 2 ports, and there is no hub"},
    {"-boot order=c,menu=maybe", "-boot menu=maybe: not on or off"},
    {"-boot 1", "-boot 1: not letters of a and b (floppy), c (disk), d (CD), n (network)"},
    {"-boot once=cdc", "-boot once=cdc: c is there twice"},
    {"-boot splash-time=65536", "-boot splash-time=65536: not a number from 0 to 0xffff"},
    {"-rtc base=2006-02-30",
     "-rtc base=2006-02-30: not utc, localtime, or a date such as 2006-06-17T16:01:21"},
    {"-rtc 2006-06-17T24:00:00",
     "-rtc 2006-06-17T24:00:00: not utc, localtime, or a date such as 2006-06-17T16:01:21"},
    {"-rtc base=2006-06-17T1:1:1",
     "-rtc base=2006-06-17T1:1:1: not utc, localtime, or a date such as 2006-06-17T16:01:21"},
    {"-rtc base=1800-01-01",
     "-rtc base=1800-01-01: not utc, localtime, or a date such as 2006-06-17T16:01:21"},
    {"-rtc driftfix=slew",
     "-rtc driftfix=slew: ticks that come late are not made up for (only none is taken)"},
    {"-rtc clock=sun", "-rtc clock=sun: there is no such clock (only host|rt|vm is taken)"},
    {"-machine q35", "-machine q35: no such machine; there is pc, ppce500, ppc-bare"},
    {"-M ~", "-M : no such machine; there is pc, ppce500, ppc-bare"},
    {"-d nothing", "-d nothing: no such item: nothing (help lists them)"},
    {"-device isa-debug", "-device isa-debug: no such device; there is isa-debug-exit, "
                          "virtio-blk-pci, virtio-rng-pci, sb16, AC97, USB's, and "
                          "network cards"},
    {"-device ~", "-device : no such device; there is isa-debug-exit, virtio-blk-pci, "
                  "virtio-rng-pci, sb16, AC97, "
                  "USB's, and network cards"},
    {"-device sb16,irq=6", "-device sb16,irq=6: not 5, 7, 9 or 10"},
    {"-device sb16,iobase=0x230", "-device sb16,iobase=0x230: not 0x220, 0x240, 0x260 or 0x280"},
    {"-device sb16,dma=2", "-device sb16,dma=2: not 0, 1 or 3"},
    {"-device sb16,dma16=4", "-device sb16,dma16=4: not 5, 6 or 7"},
    {"-device sb16 -device sb16", "-device sb16: there can be only one"},
    {"-device AC97 -device AC97", "-device AC97: there can be only one"},
    {"-device AC97,audiodev=a", "-device AC97,audiodev=a: no -audiodev has that id"},
    {"-audio none", "-audio none: model= is missing"},
    {"-audio wav,model=gus", "-audio model=gus: no such sound; there is pcspk, sb16, ac97"},
    {"-audio tape,model=sb16",
     "-audio tape,model=sb16: no such place for sound; there is none, wav, sdl"},
    {"-audio none,model=sb16 -device sb16", "-device sb16: there can be only one"},
    {"-audiodev none,id=a,model=sb16",
     "-audiodev model=sb16: no such property; there is id=ID, path=FILE, out.frequency=RATE"},
    {"-device sb16,audiodev=a", "-device sb16,audiodev=a: no -audiodev has that id"},
    {"-device isa-debug-exit,iosize=3", "-device isa-debug-exit,iosize=3: not 1, 2 or 4"},
    {"-device isa-debug-exit,iosize=5", "-device isa-debug-exit,iosize=5: not 1, 2 or 4"},
    {"-device isa-debug-exit,iobase=0x10000", "-device isa-debug-exit,iobase=0x10000: " NOT_A_PORT},
    {"-device isa-debug-exit,iobase=", "-device isa-debug-exit,iobase=: " NOT_A_PORT},
    {"-device isa-debug-exit,", "-device isa-debug-exit,: " EXIT_PROPERTIES},
    {"-device isa-debug-exit,a=1", "-device isa-debug-exit,a=1: " EXIT_PROPERTIES},
    {"-device isa-debug-exit,iobase", "-device isa-debug-exit,iobase: " NOT_A_PORT},
    {"-device isa-debugcon", "-device isa-debugcon: -debugcon makes this device"},
    {"-device isa-debug-exit,iobase=0xffff",
     "isa-debug-exit: iobase ffffh: goes beyond port ffffh"},
};
enum { REFUSED = sizeof refused / sizeof *refused };

START_TEST(refuses)
{
    ck_assert_msg(!parse(refused[_i][0]), "%s is accepted", refused[_i][0]);
    ck_assert_str_eq(error.text, refused[_i][1]);
}
END_TEST

START_TEST(lists_what_there_is)
{
    ck_assert(parse("-device help"));
    ck_assert_int_eq(options.listing, LIST_DEVICES);
    ck_assert(parse("-audiodev help"));
    ck_assert_int_eq(options.listing, LIST_AUDIO);
    ck_assert(parse("-nic model=help"));
    ck_assert_int_eq(options.listing, LIST_CARDS);
}
END_TEST

/* As QEMU has it: where and what in one. */
START_TEST(sound_in_one)
{
    ck_assert(parse("-audiodev none,id=a -audio driver=wav,path=x,model=AC97 -device sb16"));
    ck_assert_uint_eq(options.audios, 2);
    ck_assert_int_eq(options.audio[1].kind, AUDIO_WAV);
    ck_assert_str_eq(options.audio[1].path, "x");
    ck_assert_int_eq(options.ac97.audio, 1);
    ck_assert_int_eq(options.sb16.audio, 0);
    ck_assert(!options.speaker.is_there);
}
END_TEST

START_TEST(machine_types)
{
    ck_assert(parse(""));
    ck_assert_ptr_eq(options.machine, &pc_machine);
    ck_assert(!options.listing);
    ck_assert(parse("-M pc-i440fx-7.2,usb=off"));
    ck_assert_ptr_eq(options.machine, &pc_machine);
    ck_assert(parse("-M help"));
    ck_assert_int_eq(options.listing, LIST_MACHINES);
    for (unsigned i = 0; machines[i]; i++)
        ck_assert_ptr_eq(machine_find(machine_name(i)), machines[i]);
    ck_assert_ptr_null(machine_find("p"));
}
END_TEST

static char *help_text(void)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(to);
    options_print_help(to);
    fclose(to);
    return text;
}

START_TEST(help_names_every_option)
{
    static const char *const names[] = {"-m SIZE", "-kernel FILE", "-jit ENGINE", "-help"};
    char *text = help_text();
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_ptr_nonnull(strstr(text, names[i]));
    free(text);
    ck_assert(parse("-help"));
    ck_assert(options.help);
    ck_assert(parse("-version"));
    ck_assert(options.version);
}
END_TEST

/* Between the lines of -d and the next option. */
START_TEST(help_names_every_item_of_the_log)
{
    char *text = help_text(), word[64];
    char *items = strstr(text, "\n  -d ITEMS");
    ck_assert_ptr_nonnull(items);
    items = strchr(items + 1, '\n');
    *strchr(items + 1, '\n') = '\0';
    for (char *c = items; *c; c++)
        *c = *c == '\n' || *c == ',' ? ' ' : *c;
    for (const struct log_name *l = log_names; l->name; l++) {
        bool at_end = !l[1].name;
        snprintf(word, sizeof word, at_end ? " %s" : " %s ", l->name);
        ck_assert_msg(strstr(items, word) != NULL, "%s is not in the help", l->name);
    }
    free(text);
    ck_assert(parse("-d help"));
    ck_assert_int_eq(options.listing, LIST_LOG_ITEMS);
}
END_TEST

static char *man_text(void)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(to);
    man_print_options(to);
    fclose(to);
    return text;
}

/* As roff has it, where a dash that is typed is \\-. */
static void expect_in_man(const char *man, const char *before, const char *name, size_t length,
                          const char *after)
{
    char word[128] = "";
    strcat(word, before);
    for (size_t i = 0; i < length; i++)
        strncat(word, name[i] == '-' ? "\\-" : name + i, name[i] == '-' ? 2 : 1);
    strcat(word, after);
    ck_assert_msg(strstr(man, word) != NULL, "tessera.1: %s is not there", word);
}

START_TEST(the_manual_names_every_option)
{
    char *man = man_text();
    unsigned count = 0;
    for (const struct setting *s = option_table; s->names; s++)
        for (const char *name = s->names; *s->names && name; name = strchr(name, ' ')) {
            name += *name == ' ';
            expect_in_man(man, "\\fB\\-", name, strcspn(name, " "), "\\fR");
            count++;
        }
    ck_assert_uint_gt(count, 80);
    for (const struct log_name *l = log_names; l->name; l++)
        expect_in_man(man, "", l->name, strlen(l->name), l[1].name ? "," : ".\n");
    for (const struct setting *s = memory_properties; s->names; s++)
        expect_in_man(man, "", s->names, strlen(s->names), "=");
    for (const char *line = man; line; line = strchr(line, '\n'), line += line != NULL)
        ck_assert_msg(*line != '\'' &&
                          (strncmp(line, ".TP\n", 4) == 0 || strncmp(line, ".br\n", 4) == 0 ||
                           *line != '.' || strncmp(line, ".SS ", 4) == 0),
                      "no such macro: %s", line);
    free(man);
}
END_TEST

static bool readme_names(const char *option)
{
    char line[1024], word[40];
    bool found = false;
    FILE *file = fopen("README", "r");
    ck_assert_ptr_nonnull(file);
    snprintf(word, sizeof word, " %s", option);
    while (!found && fgets(line, sizeof line, file)) {
        const char *at = strncmp(line, "    -", 5) == 0 ? strstr(line, word) : NULL;
        found = at && strchr(" ,\n", at[strlen(word)]);
    }
    fclose(file);
    return found;
}

/* Each option that help describes is in README's list. */
START_TEST(readme_names_every_option)
{
    char *help = help_text(), word[32];
    unsigned described = 0;
    strstr(help, "Taken as QEMU's")[0] = 0;
    for (char *line = strtok(help, "\n"); line; line = strtok(NULL, "\n"))
        if (sscanf(line, "  %31[-a-zA-Z_]", word) == 1 && *word == '-') {
            described++;
            ck_assert_msg(readme_names(word), "README: %s is not there", word);
        }
    ck_assert_uint_gt(described, 20);
    free(help);
}
END_TEST

Suite *options_suite(void)
{
    Suite *suite = suite_create("options");
    TCase *c = tcase_create("options");
    tcase_add_test(c, defaults);
    tcase_add_test(c, lines_lead_to_places);
    tcase_add_test(c, all_together);
    tcase_add_test(c, counted_time);
    tcase_add_test(c, engines);
    tcase_add_test(c, lists_of_blocks);
    tcase_add_test(c, instruments);
    tcase_add_test(c, sizes);
    tcase_add_test(c, drives);
    tcase_add_test(c, properties_of_drives);
    tcase_add_test(c, displays);
    tcase_add_test(c, taken_as_qemus);
    tcase_add_test(c, clock_base);
    tcase_add_test(c, fw_cfg_files);
    tcase_add_test(c, networks);
    tcase_add_test(c, usb);
    tcase_add_test(c, debug_exit);
    tcase_add_test(c, cpu_models);
    tcase_add_loop_test(c, refuses, 0, REFUSED);
    tcase_add_test(c, lists_what_there_is);
    tcase_add_test(c, sound_in_one);
    tcase_add_test(c, machine_types);
    tcase_add_test(c, help_names_every_option);
    tcase_add_test(c, help_names_every_item_of_the_log);
    tcase_add_test(c, the_manual_names_every_option);
    tcase_add_test(c, readme_names_every_option);
    suite_add_tcase(suite, c);
    return suite;
}
