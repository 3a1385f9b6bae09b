/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs for PowerPC machines: 32-bit, big-endian ELF executables. */
#ifndef HW_PPC_ELF_H
#define HW_PPC_ELF_H

#include "hw/host/error.h"

#include <stdint.h>

struct memory;

/* Puts its segments where their physical addresses are, all of them in RAM. */
bool ppc_elf_load(const char *path, struct memory *memory, uint32_t *entry, struct error *error);

#endif
