/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What PowerPC machines have in common: cpu, memory, what is started, and the host around them. A
 * machine's own struct begins with struct ppc_machine; what differs is in its kind.
 */
#ifndef HW_PPC_MACHINE_H
#define HW_PPC_MACHINE_H

#include "exec/ppc/board.h"
#include "hw/host/surroundings.h"
#include "hw/machine.h"
#include "hw/ppc/alarm.h"
#include "hw/ppc/image.h"

enum { PPC_TIMEBASE_HZ = 400000000 };

struct ppc_machine;

/* An option that a machine refuses, since it lacks what it is about. */
struct ppc_lack {
    const char *option;
    bool given;
};

struct ppc_machine_kind {
    const struct machine *machine;
    const char *cpu; /* as snapshots name it */
    size_t size;     /* of its own struct */
    /* Refuses what it cannot do, but for what no PowerPC machine has. */
    bool (*check)(const struct options *o, struct error *error);
    /* Fills the image, whose ram_size is set. */
    bool (*load)(struct ppc_machine *m, struct error *error);
    /* Sets `devices` and `alarm`, and connects them to the host. Memory and cpu are there. */
    bool (*create_devices)(struct ppc_machine *m, struct error *error);
    /* Looks for what has come in at its ports. */
    void (*poll_ports)(void *machine);
    /* The vector of the external interrupt that waits. */
    int (*acknowledge)(void *machine);
    /* Power-on and reset: devices, memory, cpu. */
    void (*restart)(void *machine);
};

struct ppc_machine {
    const struct ppc_machine_kind *kind;
    struct options options;
    struct surroundings host;
    struct memory *memory;
    struct ppc_board board;
    struct exec *exec;
    struct ppc_image image; /* what is started, and what it needs */
    struct devices *devices;
    struct ppc_alarm *alarm;
};

/* struct machine's create, for a kind; its other functions are as they stand here. */
void *ppc_machine_create(const struct ppc_machine_kind *kind, const struct options *options,
                         struct error *error);
void ppc_machine_destroy(void *machine);
bool ppc_machine_start(void *machine, struct error *error);
int ppc_machine_run(void *machine);
bool ppc_machine_set_cpu(const char *name, struct exec_options *exec);
void ppc_machine_print_cpus(FILE *to);
struct machine_parts ppc_machine_parts(void *machine);
struct snapshot_machine ppc_machine_snapshot(void *machine);

/* For check: refuses the first that is given. */
bool ppc_machine_lacks(const struct machine *machine, const struct ppc_lack *lack, size_t count,
                       struct error *error);
/* A wire's end (hw/irq.h): the cpu's interrupts, numbered as the MPIC's outputs. */
void ppc_machine_interrupt(void *machine, unsigned input, bool level);

#endif
