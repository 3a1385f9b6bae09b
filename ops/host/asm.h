/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HOST_ASM, 0 or 1: may assembly of the host be used where there is C beside it? make HOST_ASM=0
 * says no, and so does any host but x86-64.
 */
#ifndef OPS_HOST_ASM_H
#define OPS_HOST_ASM_H

#ifndef HOST_ASM
#define HOST_ASM 1
#endif
#ifndef __x86_64__
#undef HOST_ASM
#define HOST_ASM 0
#endif

#endif
