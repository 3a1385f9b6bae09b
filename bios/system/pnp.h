/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PnP BIOS's installation check (Plug and Play BIOS Specification 1.0A, 4.4). */
#ifndef BIOS_SYSTEM_PNP_H
#define BIOS_SYSTEM_PNP_H

#include "bios/lib/types.h"

struct pnp_header {
    char signature[4];
    u8 version, length;
    u16 control;
    u8 checksum;
    u32 event_flag;
    u16 real_offset, real_segment;
    u16 protected_offset;
    u32 protected_base;
    u32 oem_id;
    u16 real_data_segment;
    u32 protected_data_base;
} PACKED;

extern struct pnp_header pnp_header;

#endif
