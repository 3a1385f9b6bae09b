/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of -boot a BIOS is told by fw_cfg, in files that SeaBIOS knows, too. The order itself is in
 * CMOS memory (hw/pc/cmos.h).
 */
#ifndef HW_PC_BOOT_H
#define HW_PC_BOOT_H

#include "hw/options.h"
#include "hw/pc/chipset.h"
#include "hw/pc/fw_cfg.h"

/* The files' bytes; to live as long as the device. */
struct boot {
    uint8_t menu_wait[2], fail_wait[4];
    char order[1024], next_order[1024]; /* the latter from the first reset on */
};

void boot_tell(struct boot *b, const struct boot_options *options,
               const struct chipset_setup *setup, struct fw_cfg *fw_cfg);
/* once= was for the first time. */
void boot_forget_once(struct boot *b);

#endif
