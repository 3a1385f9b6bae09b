/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A machine is a value: what -M names. What one consists of is in a folder of its own; the list of
 * them all is in machine.c.
 *
 *   void *m = machine->create(&options, default_kernel, &error);
 *   if (m && machine->start(m, &error)) {
 *       machine->power_on(m);
 *       status = machine->run(m);
 *   }
 *   machine->destroy(m);
 */
#ifndef HW_MACHINE_H
#define HW_MACHINE_H

#include "hw/options.h"
#include "hw/snapshot/snapshot.h"

/* What one consists of, for who looks into it or controls it. NULL: it has no such thing. */
struct machine_parts {
    struct exec *exec; /* its cpu */
    struct memory *memory;
    struct devices *devices;
    struct ports *ports;       /* hw/ports.h */
    struct timers *timers;     /* the guest's */
    struct control *control;   /* hw/control.h */
    struct tap *serial;        /* hw/host/tap.h; of the first port, for a script */
    struct screen *screen;     /* hw/host/screen.h; once it has been started */
    struct input *input;       /* hw/host/input.h */
    struct surroundings *host; /* for its drives (hw/host/media.h), its console */
};

struct machine {
    const char *name;
    const char *version; /* QEMU's names for its versions of it begin so, "pc-i440fx-"; or NULL */
    const char *description;
    const char *target; /* the kind of its processor: a name of QEMU's SysEmuTarget */
    bool has_screen;    /* unless the user wants none */
    /* Is the file, by its first bytes, a kernel of this one and of no other? NULL: never. */
    bool (*takes)(const char *kernel);
    /* Its processors, as -cpu names them: is it one of them, which then is set? A line for each. */
    bool (*set_cpu)(const char *name, struct exec_options *exec);
    void (*print_cpus)(FILE *to);
    /* NULL and an error for what the user got wrong, or if the host lacks something. */
    void *(*create)(const struct options *options, struct default_kernel fallback,
                    struct error *error);
    /* The last of setting up: timers and threads. The calling thread is to be the cpu's. */
    bool (*start)(void *m, struct error *error);
    /* Cpu, memory and devices as the guest is to find them; in place of that, a snapshot is loaded.
     */
    void (*power_on)(void *m);
    /* Runs the guest to its end; the exit status it has chosen, or 0. */
    int (*run)(void *m);
    struct machine_parts (*parts)(void *m);
    struct snapshot_machine (*snapshot)(void *m);
    void (*destroy)(void *m); /* which may be NULL */
};

/* The first is the default; the last is NULL. */
extern const struct machine *const machines[];
/* The one that takes the kernel; the default, if there is none such, or no kernel (NULL). */
const struct machine *machine_for(const char *kernel);
/* NULL if there is none of that name. */
const struct machine *machine_find(const char *name);
/* The names, one after the other, then NULL. */
const char *machine_name(unsigned i);

#endif
