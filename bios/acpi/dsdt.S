/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The DSDT, as iasl has compiled it, among POST's constants. */
    .section .rodata
    .globl acpi_dsdt, acpi_dsdt_size
    .balign 4
acpi_dsdt:
    .incbin DSDT
dsdt_end:
    .balign 4
acpi_dsdt_size:
    .long dsdt_end - acpi_dsdt
    .section .note.GNU-stack, "", @progbits
