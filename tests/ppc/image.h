/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program with its cases: the same records run by QEMU, and in an engine of ours. */
#ifndef TESTS_PPC_IMAGE_H
#define TESTS_PPC_IMAGE_H

#include "exec/exec.h"
#include "tests/ppc/record.h"

enum { CASES = 0x40000 }; /* the address of .cases: rules.mk */

/* Where the code of a case goes on in the end, as the program says. */
u32 image_save(void);
/* Runs so many records, in the guest's byte order, and leaves there what came of them. */
void image_run_qemu(const char *processor, struct record *records, u32 count);
void image_run(const struct exec_options *engine, struct record *records, u32 count);

/* From the host's byte order to the guest's, or back. */
void record_swap(struct record *r);

#endif
