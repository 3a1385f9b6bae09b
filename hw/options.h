/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user asks for, by the command line (hw/cli/command_line.h): machines are made from it.
 */
#ifndef HW_OPTIONS_H
#define HW_OPTIONS_H

#include "exec/exec.h"
#include "hw/control.h"
#include "hw/host/audio.h"
#include "hw/host/display.h"
#include "hw/host/error.h"
#include "hw/host/net.h"
#include "hw/host/pool.h"
#include "hw/snapshot/store.h"

enum { FW_CFG_FILES = 16 };

/* What a kernel that is started without a BIOS is told of the machine by tables. */
struct loader_tables {
    bool acpi, apic, hpet;
    uint32_t cpu_signature, cpu_features; /* the processor's, as an MP table has them */
};

/* What a machine is to start; NULL where nothing was said. */
struct loader_request {
    const char *kernel, *initrd, *append, *bios, *dtb;
    bool boot; /* without a kernel, the BIOS is to look for something to boot */
    uint32_t ram_size;
    struct loader_tables tables;
    bool has_screen;     /* in text mode 3, if no BIOS is started */
    bool serial_console; /* the BIOS's screen and keyboard are COM1's, too: -nographic */
    unsigned fw_cfg_files;
    struct fw_cfg_file {
        const char *name, *text, *path; /* either text or the path of a file */
    } fw_cfg_file[FW_CFG_FILES];
};

/* The embedded kernel, for a request with neither kernel nor BIOS. */
struct default_kernel {
    const uint8_t *bytes;
    size_t size;
};

enum outside_kind {
    OUTSIDE_NONE,
    OUTSIDE_NULL,
    OUTSIDE_STDIO,
    OUTSIDE_FILE,
    OUTSIDE_RING, /* what is sent stays in memory, for a monitor to read */
    OUTSIDE_PTY,
    OUTSIDE_TCP,
    OUTSIDE_UNIX,
    OUTSIDE_CHARDEV, /* whichever -chardev has that id, until all options have been read */
};

/* Where a line leads to: a port's, a monitor's. OUTSIDE_NONE: there is no such port. */
struct outside {
    enum outside_kind kind;
    const char *path;        /* a file's, a socket's; "HOST:PORT"; or an id */
    const char *text;        /* as typed: "telnet:127.0.0.1:4444,server=on" */
    const char *label;       /* what QMP calls it: "serial0", or the id that the user gave */
    const char *host, *port; /* of -chardev socket, until they are put together */
    const char *log;         /* a file that gets what is sent, too */
    size_t size;             /* a ring's */
    bool append, log_append; /* to what the file has; it begins empty otherwise */
    bool mux;                /* of the terminal: a serial port and a monitor may share it */
    bool telnet, server;
    bool wait; /* of a server: until somebody has connected, the guest does not start */
};
enum { CHARDEVS = 16 };

enum { SERIAL_PORTS = 2 };

/* DRIVE_NONE: a device is to have it, by its id. */
enum drive_interface { DRIVE_IDE, DRIVE_FLOPPY, DRIVE_VIRTIO, DRIVE_USB, DRIVE_NONE };
enum { DRIVES = 12, IDE_DRIVES = 4, FLOPPY_DRIVES = 2, VIRTIO_DRIVES = 4 };
enum { USB_DEVICES = 2, DRIVE_DEVICES = VIRTIO_DRIVES + USB_DEVICES };

/* Of the two that virtio's devices have, at most one is left out. */
struct virtio_interfaces {
    bool no_legacy, no_modern;
};

/* A drive and what is in it. */
struct drive {
    const char *option; /* as typed: "-hda" */
    const char *file;   /* or the address of an NBD server; NULL: nothing is in it */
    const char *format; /* qemu-nbd's name of one; NULL: by its first bytes */
    enum drive_interface interface;
    unsigned index; /* among those of its interface */
    bool has_index;
    bool cdrom, read_only;
    bool snapshot; /* writes go to a temporary file */
    const char *id;
    const char *serial; /* DRIVE_VIRTIO, DRIVE_USB: what it calls itself; NULL: nothing */
    struct virtio_interfaces interfaces;
};

/* A device that wants a drive of DRIVE_NONE. */
struct drive_device {
    enum drive_interface interface; /* that it has then, */
    unsigned index;                 /* ... DRIVE_USB: and this, of usb_device */
    const char *drive;              /* its id */
    const char *serial;
    struct virtio_interfaces interfaces;
};

enum { NETWORKS = 8, CARDS = 8, DUMPS = 4 };

/* A network card. */
struct card_request {
    const char *option;
    const char *model;  /* NULL: the usual */
    const char *netdev; /* the id of its network */
    bool is_old;        /* -net nic: its network is the next of that kind */
    int net;            /* ... among those of struct options; -1: it has none */
    uint8_t mac[NET_ADDRESS];
    bool has_mac;
    unsigned port, irq; /* on the ISA bus */
    const char *rom;    /* a file, or an empty text: it has none; NULL: what is usual */
    struct virtio_interfaces interfaces;
};

/* Something that is plugged into the USB. */
struct usb_device_request {
    const char *option;
    const char *model;
};

enum { AUDIODEVS = 4 };

/* Something that is heard. */
struct sound_request {
    bool is_there;
    const char *option;
    const char *audiodev; /* the id of where; NULL: the first -audiodev, or none */
    int audio;            /* ... among those of struct options; -1: nobody listens */
};

enum { MONITORS = 8 };
/* Where commands come from (hw/monitor/port.h). */
struct monitor_request {
    struct outside at;
    bool shares_console; /* with a serial port that is on standard input and output */
    bool qmp;            /* not for people, but for programs */
};

/* What the real-time clock begins with: the host's time, in UTC or its own zone; or a date. */
enum rtc_base { RTC_UTC, RTC_LOCALTIME, RTC_DATE };

/* What a BIOS is to start: letters of drives, a and b floppy disks, c hard disks, d CDs, n network.
 */
struct boot_options {
    const char *order, *once; /* NULL: not said; the latter until the first reset */
    bool menu;                /* to be offered, */
    unsigned splash_time;     /* for so many milliseconds; 0: not said */
    unsigned reboot_timeout;  /* until another try if nothing starts; likewise */
    bool strict;              /* what is not in the order is not to be tried */
    bool no_floppy_check;     /* a floppy's boot sector need not be marked as one */
};

/* Guest time by executed instructions: hw/host/counted_time.h. */
struct icount_options {
    bool on;
    bool sleeps;    /* a halted guest takes its time; or that is skipped at once */
    unsigned shift; /* an instruction takes 2^shift ns */
};

struct machine;

struct options {
    const struct machine *machine;
    struct loader_request load;
    char gdb[264]; /* where a debugger may come, "HOST:PORT"; empty: nowhere */
    struct outside chardev[CHARDEVS + 1]; /* the last is never taken */
    bool chardev_is_used[CHARDEVS];
    unsigned chardevs;
    struct outside serial[SERIAL_PORTS];
    unsigned serials;                     /* given by the user */
    bool has_vga, wants_vga;              /* it is wanted if somebody has said so */
    bool lenient_floppies;                /* hw/disk/i82077.h */
    unsigned vga_mib;                     /* its memory */
    const char *vga_rom;                  /* a file; NULL: our own VGA BIOS */
    const char *screen_png, *screen_text; /* files that get what is on the screen */
    struct outside parallel;
    unsigned parallels; /* given by the user */
    struct outside debugcon;
    unsigned debugcon_port;
    bool debug_exit;
    unsigned debug_exit_port, debug_exit_size;
    unsigned post_port;
    struct drive drive[DRIVES];
    unsigned drives;
    struct drive_device drive_device[DRIVE_DEVICES];
    unsigned drive_devices;
    bool entropy; /* virtio's source of random numbers */
    struct virtio_interfaces entropy_interfaces;
    bool snapshot;    /* of all drives */
    bool no_defaults; /* nothing that nobody has asked for, such as a CD drive without a CD */
    struct net_request net[NETWORKS];
    unsigned nets;
    struct card_request card[CARDS];
    unsigned cards;
    struct dump_request {
        const char *netdev, *path;
    } dump[DUMPS];
    unsigned dumps;
    bool usb; /* there is a host controller */
    struct usb_device_request usb_device[USB_DEVICES];
    unsigned usb_devices;
    struct audio_request audio[AUDIODEVS];
    unsigned audios;
    struct sound_request speaker, sb16, ac97;
    struct sb16_options {
        unsigned port, irq, dma, dma16;
    } sb16_at;
    struct boot_options boot;
    enum rtc_base rtc_base;
    int64_t rtc_date;        /* seconds since 1970 */
    bool tcg;                /* among the accelerators that were asked for */
    const char *other_accel; /* another one of them, or NULL */
    struct control_options control;
    bool hpet;
    bool acpi; /* power management, and tables that tell of it */
    struct snapshot_options snapshots;
    struct icount_options icount;
    const char *record, *replay; /* files; NULL: neither is wanted */
    struct display_options display;
    struct monitor_request monitor[MONITORS];
    unsigned monitors;
    bool wants_console_monitor; /* -serial mon:stdio: at the serial port's console */
    bool has_said_monitor;      /* -monitor, be it none */
    const char *script;         /* a file of commands */
    const char *media_folder;   /* where images are that commands put into drives; NULL: here */
    bool sandbox;
    bool stats;
    const char *stats_json;
    unsigned symbols; /* DYNGEN_PERF_MAP and so on, or'd */
    const char *log_path;
    const char *cpu; /* as the user names it; NULL: the machine's usual one */
    struct exec_options exec;
    /* Print that, and do nothing else. */
    bool help, version;
    enum help_list {
        LIST_NOTHING,
        LIST_CPUS,
        LIST_MACHINES,
        LIST_CARDS,
        LIST_DEVICES,
        LIST_AUDIO,
        LIST_CHARDEVS,
        LIST_LOG_ITEMS,
    } listing;
    struct pool pool; /* what strings above point to, unless that is argv */
};

/* The time (ns since 1970) that the real-time clock begins with; the host's is `utc`. */
int64_t options_time_of_day(const struct options *o, int64_t utc);

#endif
