/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Control of a machine from outside the cpu's thread: by monitors, debuggers, scripts, displays.
 *
 *   static void look(void *argument) { ... }       on the cpu's thread, between two instructions
 *   control_call(control, look, &question);        from any thread: returns when that is done
 *
 * A machine runs, or it is stopped: its cpu, and the guest's clock. Calls are served all the same,
 * and so they are while the cpu is halted. The cpu is outside exec_run meanwhile: all of its state
 * is in its struct cpu, and may be changed.
 *
 * Whoever wants to know what happens to the machine listens. All functions but control_call are for
 * the cpu's thread, or for set-up before it runs.
 */
#ifndef HW_CONTROL_H
#define HW_CONTROL_H

#include "hw/host/error.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* Whether it runs, or why not; names are QMP's. */
#define RUN_STATES(STATE)                                                                          \
    STATE(RUN_RUNNING, "running")                                                                  \
    STATE(RUN_PAUSED, "paused")       /* somebody wants it so */                                   \
    STATE(RUN_PRELAUNCH, "prelaunch") /* -S: it has not run yet */                                 \
    STATE(RUN_SHUTDOWN, "shutdown")   /* the guest has ended, and -no-shutdown keeps it */         \
    STATE(RUN_DEBUG, "debug")         /* a breakpoint, a watchpoint, a step */                     \
    STATE(RUN_SAVING, "save-vm")                                                                   \
    STATE(RUN_RESTORING, "restore-vm")                                                             \
    STATE(RUN_IO_ERROR, "io-error")
#define RUN_STATE_ENUM(name, text) name,
enum run_state { RUN_STATES(RUN_STATE_ENUM) };

/* Who asks for an end or a reset. */
#define CONTROL_CAUSES(CAUSE)                                                                      \
    CAUSE(CAUSE_QUIT, "host-qmp-quit")                                                             \
    CAUSE(CAUSE_SYSTEM_RESET, "host-qmp-system-reset")                                             \
    CAUSE(CAUSE_SIGNAL, "host-signal")                                                             \
    CAUSE(CAUSE_USER, "host-ui")                                                                   \
    CAUSE(CAUSE_GUEST_SHUTDOWN, "guest-shutdown")                                                  \
    CAUSE(CAUSE_GUEST_RESET, "guest-reset")
#define CONTROL_CAUSE_ENUM(name, text) name,
enum control_cause { CONTROL_CAUSES(CONTROL_CAUSE_ENUM) };

/* What happens to the machine, by QMP's names. */
#define CONTROL_EVENTS(EVENT)                                                                      \
    EVENT(EVENT_SHUTDOWN, "SHUTDOWN")                                                              \
    EVENT(EVENT_RESET, "RESET")                                                                    \
    EVENT(EVENT_STOP, "STOP")                                                                      \
    EVENT(EVENT_RESUME, "RESUME")                                                                  \
    EVENT(EVENT_POWERDOWN, "POWERDOWN")                                                            \
    EVENT(EVENT_TRAY, "DEVICE_TRAY_MOVED")
#define CONTROL_EVENT_ENUM(name, text) name,
enum control_event { CONTROL_EVENTS(CONTROL_EVENT_ENUM) };

const char *run_state_name(enum run_state state);
const char *control_cause_name(enum control_cause cause);
const char *control_event_name(enum control_event event);

struct control_news {
    enum control_event event;
    enum control_cause cause; /* of EVENT_SHUTDOWN and EVENT_RESET */
    unsigned drive;           /* EVENT_TRAY: the number of an IDE drive, */
    bool open;                /* and what its tray is now */
};

/* Called on the cpu's thread. */
struct control_listener {
    struct control_listener *next;
    void (*happened)(struct control_listener *listener, const struct control_news *news);
};

/* What the user wants of it from the start. */
struct control_options {
    bool stopped;     /* the guest waits for control_continue */
    bool no_shutdown; /* a guest that ends is stopped, and stays to be looked at */
    bool no_reboot;   /* a guest that resets the machine ends thereby */
};

/* The machine, as far as it is controlled; on the cpu's thread. */
struct control_machine {
    void *machine;
    void (*restart)(void *machine); /* brings cpu and board to their state after power-on */
    /* NULL: it has no power button. */
    void (*press_power)(void *machine);
    /* An edge at the cpu's NMI. NULL: it has none. */
    void (*send_nmi)(void *machine);
};

/* What is done to the machine from outside, by who commands it; numbers are in recordings. */
enum control_act { ACT_RESET, ACT_POWER, ACT_NMI, CONTROL_ACTS };

/* Whoever runs the machine: hw/host/surroundings.c, or a test. */
struct control_host {
    void *host;
    void (*wake)(void *host);             /* from any thread: control_serve is wanted soon */
    void (*running)(void *host, bool is); /* it stops, or goes on: so does the guest's time */
    void (*end)(void *host, int status);  /* of the program */
    void (*acts)(void *host, enum control_act act); /* somebody does that; may be NULL */
};

struct control_call;
struct control {
    struct control_options options;
    struct control_machine machine;
    struct control_host host;
    enum run_state state;
    const char *no_more; /* why a guest that has ended does not go on, and what to do */
    struct control_listener *listeners;
    pthread_t thread; /* the cpu's */
    atomic_bool is_called;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t answered;
    struct control_call *first, **last;
    bool closed;
};

/* --- from any thread --- */

/*
 * Has the cpu's thread call function(argument), and waits until it has; calls in the order of their
 * coming. False, and nothing is called, if the machine is at its end.
 */
bool control_call(struct control *c, void (*function)(void *argument), void *argument);

/* --- on the cpu's thread --- */

bool control_is_running(const struct control *c);
enum run_state control_state(const struct control *c);
/*
 * Stops it; one that is stopped gets the new reason, and nobody is told. One that has ended is not
 * made to go on by being paused: it stays RUN_SHUTDOWN then.
 */
void control_stop(struct control *c, enum run_state why);
/* Lets it go on; false, and the error, if it has ended and must be reset first. */
bool control_continue(struct control *c, struct error *error);
/* Resets the machine, now: not from within what the guest does. */
void control_reset(struct control *c, enum control_cause cause);
/* Presses the machine's power button; the guest may heed it. */
bool control_power_down(struct control *c, struct error *error);
/* An interrupt that the guest cannot mask. */
bool control_send_nmi(struct control *c, struct error *error);
/* Ends the program, if it is the host who wants that, or else as -no-shutdown says. */
void control_shut_down(struct control *c, enum control_cause cause);
/* Ends the program with that status. */
void control_exit(struct control *c, int status);
/* A tray has been opened or closed, by whomever. */
void control_tray_moved(struct control *c, unsigned drive, bool open);
/* The guest has reset the machine: does that, or what -no-reboot says instead. */
void control_guest_reset(struct control *c);

/* The listener stays the caller's. */
void control_listen(struct control *c, struct control_listener *listener);
void control_unlisten(struct control *c, struct control_listener *listener);

/* --- for who runs the machine --- */

/* The calling thread is the cpu's. It is stopped at first; `state` is what it begins with. */
void control_init(struct control *c, const struct control_host *host);
/* From then on, calls are refused; those that wait return. */
void control_close(struct control *c);
void control_destroy(struct control *c);
/* The machine is ready: runs, or waits, as the options say. */
void control_start(struct control *c);
/* Does anybody wait for control_serve? Costs a load. */
static inline bool control_is_called(const struct control *c)
{
    return atomic_load_explicit(&c->is_called, memory_order_acquire);
}
void control_serve(struct control *c);

#endif
