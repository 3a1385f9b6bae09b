/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the kernel of the cases and its tables are (linear and physical), for kernel.S and C. */
#ifndef TESTS_NATIVE_KERNEL_H
#define TESTS_NATIVE_KERNEL_H

#define KERNEL       0x100000
#define KERNEL_STUBS 0x100400 /* 16 bytes for each exception */
#define KERNEL_GDT   0x110000
#define KERNEL_IDT   0x111000
#define KERNEL_TSS   0x112000
#define KERNEL_LDT   0x113000
#define KERNEL_PAGES 0x114000 /* the directory, then two tables */
#define KERNEL_GDTR  0x117000
#define KERNEL_IDTR  0x117008
#define KERNEL_STATE 0x118000 /* struct kernel_state; its end is the stack's top */
#define KERNEL_END   0x119000

/* Selectors, in Linux's places. */
#define KERNEL_CS           0x10
#define KERNEL_DS           0x18
#define KERNEL_TSS_SELECTOR 0x40
#define KERNEL_LDT_SELECTOR 0x50
#define KERNEL_FIX_SELECTOR 0x60 /* see kernel.S */

#define KERNEL_CR0 0x80050033 /* PG AM WP NE ET MP PE */
#define KERNEL_CR4 0x00000610 /* OSXMMEXCPT OSFXSR PSE */

/* Offsets in struct kernel_state. */
#define STATE_CR2   512
#define STATE_STACK 516
#define STATE_SEGS  524
#define STATE_SIZE  600

#endif
