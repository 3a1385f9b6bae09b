/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listings of i386 code, of segments of 32 and 16 bits. */
#include "exec/i386/i386.h"
#include "exec/report/disassemble.h"

#include <dis-asm.h>

const struct isa i386_isa = {disassemble_by_libopcodes, bfd_arch_i386, bfd_mach_i386_i386};
const struct isa i8086_isa = {disassemble_by_libopcodes, bfd_arch_i386, bfd_mach_i386_i8086};
