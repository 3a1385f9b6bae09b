/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The suites of the guests' test program, one a file. */
#ifndef TESTS_GUESTS_TEST_GUESTS_H
#define TESTS_GUESTS_TEST_GUESTS_H

#include <check.h>

/* Files that `make deps` and the build have put there. */
#define DEFAULT_GUEST "build/guest/tessera-guest.elf"
#define LINUX_KERNEL  "build/guests/linux"
#define SEABIOS       "/usr/share/seabios/bios.bin"
#define LINUX_INITRD  "build/guests/initrd.gz"
#define BENCH_PROGRAM "build/bench/kernels"
#define BENCH_INITRD  "build/bench/initrd.cpio"
#define DEBIAN_DISK   "build/guests/debian.img"
#define TONE_PROGRAM  "build/tests/guests/tone"
#define PPC_PROGRAM   "build/tests/guests/ppc.elf"
#define PPC_OBJECT    "build/tests/guests/ppc.o"
#define PPC_KERNEL    "build/tests/guests/ppc_kernel.elf"
#define DEBUG_EXIT    "isa-debug-exit,iobase=0x501,iosize=4"

/* Longer than any wait inside a test. */
enum { CASE_TIMEOUT = 900 };

Suite *default_guest_suite(void);
Suite *linux_suite(void);
Suite *terminal_suite(void);
Suite *bad_input_suite(void);
Suite *symbols_suite(void);
Suite *rom_suite(void);
Suite *end_suite(void);
Suite *others_suite(void);
Suite *boot_suite(void);
Suite *disks_suite(void);
Suite *surroundings_suite(void);
Suite *posture_suite(void);
Suite *displays_suite(void);
Suite *ppc_suite(void);
Suite *ppce500_suite(void);
Suite *debian_suite(void);
Suite *power_suite(void);
Suite *network_suite(void);
Suite *usb_suite(void);
Suite *without_suite(void);
Suite *replay_suite(void);
Suite *sound_suite(void);
Suite *reverse_suite(void);

TCase *planes_case(void); /* of others_suite() */

#endif
