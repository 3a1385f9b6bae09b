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
    ck_assert_uint_eq(options.exec.cache_size, 128u << 20);
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
    ck_assert(options.load.serial_console);
    ck_assert(parse("-vga none") && options.display.none);
    ck_assert(parse("-display none -serial stdio") && !options.load.serial_console);
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
    /* Whose they are may be said behind it. */
    ck_assert(parse("-cpu e500mc -M ppce500"));
    ck_assert_str_eq(options.machine->name, "ppce500");
    ck_assert_ptr_null(options.exec.model);
    ck_assert(parse("-M ppc-bare -cpu e500mc"));
    ck_assert(parse("-cpu help -M ppce500"));
    ck_assert_int_eq(options.listing, LIST_CPUS);
}
END_TEST

static const char *const refused[][2] = {
#define REFUSED(line, said) {line, said},
#include "tests/hw/refused_options.def"
};
enum { REFUSALS = sizeof refused / sizeof *refused };

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

/* In a terminal of 80 columns a paragraph's text has 64. */
START_TEST(the_manuals_lines_can_be_broken)
{
    char *man = man_text();
    unsigned length = 0, longest = 0;
    for (const char *c = man; *c; c++) {
        bool may_break = *c == ' ' || *c == '\n' || strncmp(c, "\\:", 2) == 0;
        length = may_break ? 0 : length + (*c != '\\');
        longest = length > longest ? length : longest;
    }
    ck_assert_uint_gt(longest, 20);
    ck_assert_uint_le(longest, 64);
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
    tcase_add_loop_test(c, refuses, 0, REFUSALS);
    tcase_add_test(c, lists_what_there_is);
    tcase_add_test(c, sound_in_one);
    tcase_add_test(c, machine_types);
    tcase_add_test(c, help_names_every_option);
    tcase_add_test(c, help_names_every_item_of_the_log);
    tcase_add_test(c, the_manual_names_every_option);
    tcase_add_test(c, the_manuals_lines_can_be_broken);
    tcase_add_test(c, readme_names_every_option);
    suite_add_tcase(suite, c);
    return suite;
}
