/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables that tell systems without ACPI of processors and APICs (Intel MultiProcessor
 * Specification 1.4, ch. 4), likewise for POST and for loaders (acpi.h).
 */
#ifndef BIOS_TABLES_MP_H
#define BIOS_TABLES_MP_H

#include "bios/lib/types.h"

struct mp_floating {
    char signature[4];
    u32 table;
    u8 length, revision, checksum, features[5];
} PACKED;

enum { MP_FLOATING_SIZE = 16, MP_TABLE_SIZE = 560 };

struct mp_machine {
    u32 signature, features; /* CPUID leaf 1's EAX and EDX */
    u8 irq_of_link[4];       /* which PIRQA# to PIRQD# are routed to */
};

/* `table` has room for MP_TABLE_SIZE bytes, and is read at `address`, below 1 MiB. */
struct mp_floating mp_make(u8 *table, u32 address, const struct mp_machine *m);

#endif
