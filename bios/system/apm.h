/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advanced Power Management (APM BIOS Interface Specification 1.2). */
#ifndef BIOS_SYSTEM_APM_H
#define BIOS_SYSTEM_APM_H

#include "bios/lib/regs.h"

/* INT 15h, 53h */
void apm_service(struct regs *r);

#endif
