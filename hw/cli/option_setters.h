/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Setters and lists of properties of single options, for the table in options.c. */
#ifndef HW_CLI_OPTION_SETTERS_H
#define HW_CLI_OPTION_SETTERS_H

#include "hw/cli/setting.h"

/* options_machine.c */
setter set_cpu, set_fw_cfg, set_icount, set_incoming;
extern const struct setting memory_properties[], rtc_properties[], machine_properties[],
    accel_properties[], smp_properties[], fw_cfg_properties[], boot_properties[],
    icount_properties[];
/* What was said of accelerators, over several options: tcg must be among them. */
bool check_accel(const struct options *o, struct error *error);
bool check_cpu(struct options *o, struct error *error);

/* options_ports.c */
setter set_serial, set_parallel, set_debugcon, set_device, set_global, set_vga;
/* The ports of the exit device, once all that says where it is has been read. */
bool check_debug_exit(const struct options *o, struct error *error);
bool check_entropy(const struct options *o, struct error *error);
bool check_serials(const struct options *o, struct error *error);

/* options_chardev.c */
setter set_chardev;
/* Does it begin as the words of parse_outside do? */
bool is_outside(const char *text);
/* "stdio", "tcp:HOST:PORT,server=on": where a line leads to. */
bool parse_outside(const struct given *g, struct outside *outside);
/* Gives each line the -chardev that it names, once all have been read. */
bool complete_chardevs(struct options *o, struct error *error);

/* options_drive.c */
setter set_drive_file, set_drive, set_virtio_disk;
extern const struct setting drive_properties[], virtio_disk_properties[], usb_storage_properties[];
/* A device whose properties follow, and that has a drive of if=none. */
bool add_drive_device(const struct given *g, enum drive_interface interface, unsigned index);
/* Gives drives without an index theirs. */
bool complete_drives(struct options *o, struct error *error);

/* options_net.c */
setter set_nic, set_netdev, set_net, set_card, set_dump;
/* Is it -device's of a network card? */
bool is_card(const struct given *g);
/* Finds each card's network, once all have been read. */
bool complete_cards(struct options *o, struct error *error);

/* options_usb.c */
setter set_usb_device, set_old_usb_device;
/* Is it -device's of something that is plugged in there, or of the controller? */
bool is_usb(const struct given *g);

/* options_sound.c */
setter set_audiodev, set_audio, set_speaker_audiodev, set_sb16, set_ac97;
extern const struct setting sb16_properties[], ac97_properties[];
/* Finds where each is heard, once all have been read. */
bool complete_sound(struct options *o, struct error *error);

/* options_display.c */
setter set_display, set_nographic, set_vnc, set_named_display, set_object;
choice_fn display_choice;
extern const struct setting name_properties[];
/* Who has the terminal: the serial port, or a display. */
bool check_display(struct options *o, struct error *error);

/* options_monitor.c */
setter set_monitor, set_qmp, set_mon;
extern const struct setting mon_properties[];
/* "-monitor stdio" if there is one, or NULL. */
const char *monitor_on_terminal(const struct options *o);
bool check_monitors(const struct options *o, struct error *error);
/* One more, at the console that a serial port has, if that is wanted. */
bool complete_monitors(struct options *o, struct error *error);

/* options_gdb.c */
setter set_gdb, set_usual_gdb;

/* options_engine.c */
setter set_jit, set_jit_blocks, set_jit_cache, set_log;
choice_fn log_choice;

#endif
