/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What any machine has around it on the host: clocks, the terminal, the files that its ports lead
 * to, signals; and how the cpu's thread waits for these without missing any.
 *
 *   surroundings_init(&m->host, &machine, &error);
 *   surroundings_connect(&m->host, &options->serial[0], OUTSIDE_SERIAL, &end, &error);
 *   m->host.exec = exec_create(...);      its board calls surroundings_service and so on
 *   surroundings_control(&m->host, &controlled, &options->control);
 *   surroundings_start(&m->host, &error);
 *   status = surroundings_run(&m->host);
 *   surroundings_destroy(&m->host);
 *
 * What runs the machine, and stops it, is control (hw/control.h). All functions but
 * surroundings_wake are for the cpu's thread.
 */
#ifndef HW_HOST_SURROUNDINGS_H
#define HW_HOST_SURROUNDINGS_H

#include "exec/exec.h"
#include "hw/control.h"
#include "hw/host/alarm.h"
#include "hw/host/audio.h"
#include "hw/host/bell.h"
#include "hw/host/chardev_line.h"
#include "hw/host/chardev_log.h"
#include "hw/host/chardev_ring.h"
#include "hw/host/console.h"
#include "hw/host/counted_port.h"
#include "hw/host/counted_time.h"
#include "hw/host/disk.h"
#include "hw/host/display.h"
#include "hw/host/net.h"
#include "hw/host/net_counted.h"
#include "hw/host/replay_check.h"
#include "hw/host/tap.h"
#include "hw/options.h"
#include "hw/timer.h"

#include <stdatomic.h>

/* A port may lead to a file, and have another that logs it. */
enum { SURROUNDINGS_PORTS = SERIAL_PORTS + 2, SURROUNDINGS_FILES = 2 * SURROUNDINGS_PORTS };

struct surroundings_machine {
    void *machine;
    void (*poll_ports)(void *machine); /* the outside may have something for a port, or take some */
    void (*show)(void *machine);       /* the screen may have to be latched; also while stopped */
};

/* Somebody who keeps the past of a replay: hw/snapshot/timeline.h. */
struct surroundings_keeper {
    void *keeper;
    void (*looked)(void *keeper); /* the outside has been looked at, in the guest's time */
};

/* Somebody who does again what a monitor has done to drives while it was recorded. */
struct surroundings_actor {
    void *actor;
    /* A REPLAY_MEDIUM event's data; false, and the error: it cannot be done as it was. */
    bool (*change)(void *actor, const uint8_t *data, size_t size, struct error *error);
};

struct surroundings {
    struct timers timers;      /* the guest's */
    struct timers host_timers; /* for what is outside: its clock is nobody's state */
    struct exec *exec;         /* the machine's, who sets it before the start */
    struct control control;
    struct surroundings_machine machine;
    struct alarm alarm;
    bool has_alarm;

    struct bell bell; /* another thread has something for the cpu's */
    struct output_owner output_owner;
    struct disk_owner disk_owner;
    const struct drive *drive[DRIVES]; /* each has one of these: hw/host/media.h */
    struct disk *disk[DRIVES];
    struct disk *counted_disk[DRIVES]; /* what drives have in their place; or NULL */
    unsigned disks;
    struct net_owner net_owner;
    struct net *net[NETWORKS];                /* NULL: a replay opens none */
    struct net_counted counted_net[NETWORKS]; /* what cards have in their place */
    unsigned nets;
    struct audio *audio[AUDIODEVS];
    unsigned audios;
    struct console console;
    bool has_console;
    bool input;     /* a serial port is on standard input */
    struct tap tap; /* of the first serial port, if that is tapped */
    bool is_tapped;
    struct chardev_file file[SURROUNDINGS_FILES];
    unsigned files;
    struct chardev_line *line[SURROUNDINGS_PORTS];
    unsigned lines;
    struct chardev_ring ring[SURROUNDINGS_PORTS];
    unsigned rings;
    struct chardev_log log[SURROUNDINGS_PORTS];
    unsigned logs;

    struct counted_time time; /* with -icount; `sleeps`: as long as a halted guest would */
    bool sleeps;
    struct counted_port port[SURROUNDINGS_PORTS];
    unsigned ports;
    struct replay *replay; /* with -record or -replay */
    struct replay_subject subject;
    bool differs; /* the replay, which has been said */
    struct surroundings_keeper keeper;
    struct surroundings_actor actor;
    bool has_told; /* how the replay has ended */

    struct displays displays;
    atomic_bool is_stopped; /* the guest, for displays */
    atomic_bool has_left;   /* by a display: the user wants an end */

    int status;
    bool stopped;
    bool is_ending; /* somebody has asked for an end, and that has been seen */
};

/* On all zeros. One in a program: signals are its. On failure, too, it is to be destroyed. */
bool surroundings_init(struct surroundings *s, const struct surroundings_machine *machine,
                       struct error *error);
/* Before that, calls of control's wait. */
void surroundings_control(struct surroundings *s, const struct control_machine *machine,
                          const struct control_options *options);
void surroundings_destroy(struct surroundings *s);
/*
 * Guest time is to be counted, if the user wants that, and what comes in to be recorded or
 * replayed: before anything is connected. The time of day, in ns since 1970, is that of the
 * recording then. `cpu` is the name of the processor's model; with another machine than this a
 * recording is refused.
 */
bool surroundings_count_time(struct surroundings *s, struct options *options, const char *cpu,
                             int64_t *time_of_day, struct error *error);
/* What digests are of. */
void surroundings_set_subject(struct surroundings *s, const struct replay_subject *subject);

/* What comes and goes: bytes; bytes, but none in; text for people, whose lines end in LF alone. */
enum outside_use { OUTSIDE_SERIAL, OUTSIDE_PARALLEL, OUTSIDE_TEXT };
/* The end of a port's line; *end stays as it is if there is to be no such port. */
bool surroundings_connect(struct surroundings *s, const struct outside *outside,
                          enum outside_use use, struct chardev **end, struct error *error);

/* A network, by surroundings_service's delivery; it stays the surroundings'. */
bool surroundings_open_net(struct surroundings *s, const struct net_request *request,
                           struct net **net, struct error *error);
/* Where sound goes: *audio, NULL where nobody listens, stays the surroundings'. */
bool surroundings_open_audio(struct surroundings *s, const struct audio_request *request,
                             struct audio **audio, struct error *error);
/* Waits until the disks have done what drives have asked for, and tells these. */
bool surroundings_drain(struct surroundings *s, struct error *error);

/*
 * Shows a screen, and brings keys and the mouse, until the guest has ended; or until it is hidden,
 * which is to be before the screen is destroyed.
 */
bool surroundings_show(struct surroundings *s, struct screen *screen, struct input *input,
                       const struct display_options *options, struct error *error);
void surroundings_hide(struct surroundings *s);

/* Timers and threads. */
bool surroundings_start(struct surroundings *s, struct error *error);
/* Runs a guest that is ready, and sees that its output arrives; returns the exit status. */
int surroundings_run(struct surroundings *s);
/* The guest, or the user, has chosen the end of the program; the first status counts. */
void surroundings_stop(struct surroundings *s, int status);

/* The guest has ended; with a keeper it is stopped there, and stays to be looked at. */
void surroundings_end_guest(struct surroundings *s, int status);

/* Makes surroundings_service be called soon; from any thread, once the machine has its cpu. */
void surroundings_wake(struct surroundings *s);

/*
 * --- surroundings_place.c: for a keeper, while the guest does not run ---
 *
 * What of a replay is around a machine: where it is in the recording and in time.
 */
enum { SURROUNDINGS_TIMERS = 64 };
struct surroundings_place {
    uint64_t instructions, skipped;
    bool due;
    struct replay_place replay;
    struct counted_port port[SURROUNDINGS_PORTS];
    struct timer_place timer[SURROUNDINGS_TIMERS];
    size_t timers;
};
/* Is all of it in a place, so that nothing is under way on a disk? */
bool surroundings_is_quiet(const struct surroundings *s);
/* Also from `looked`. */
void surroundings_get_place(const struct surroundings *s, struct surroundings_place *place);
/* Behind the machine's state has been restored. */
void surroundings_set_place(struct surroundings *s, const struct surroundings_place *place);
/*
 * Lets the guest go on until so many instructions have been executed, *enough is true, or it is
 * stopped otherwise; and stops it.
 */
void surroundings_run_to(struct surroundings *s, uint64_t instructions, const bool *enough);

/*
 * In a replay, while the cpu does not run: does to the machine what was done here, before it goes
 * on.
 */
void surroundings_act_again(struct surroundings *s);

/* Says what a replay has come to, and whether it has come to its end. */
void surroundings_tell_end(struct surroundings *s);

/* For the board: see struct board. */
void surroundings_service(struct surroundings *s);
void surroundings_idle(struct surroundings *s);

#endif
