/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machines that start the floppy of guest/. */
#ifndef TESTS_BIOS_VGA_RUN_H
#define TESTS_BIOS_VGA_RUN_H

enum machine { TESSERA_OURS, QEMU_OURS, QEMU_DEBIAN, BOCHS_OURS, MACHINES };
extern const char *const machine_names[MACHINES];

/* What it wrote to port E9h, up to the line "end", or until it is clear that it hangs; malloc's. */
char *run_machine(enum machine machine);

#endif
