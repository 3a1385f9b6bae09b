/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Room in the BIOS's segment for what POST writes there; systems look for it every 16 bytes. */
    .include "bios/entry/frame.inc"
    .section .set, "a"
.macro space name, size
    .balign 16
    .globl \name
\name:
    .space \size
.endm

    space setup, 400
    space bios32_header, 16
    space pnp_header, 33
    space acpi_rsdp, 64
    space mp_floating, 16
    space mp_table, 560
    space smbios_entry, 32
    space smbios_structures, 1024
    space pir_header, 32
    .globl pci_routes
pci_routes:
    .space 32 * 16
    .globl pci_routes_size
pci_routes_size:
    .word 0

/* PnP BIOS functions: none is supported; the stack is the caller's, in either mode. */
    .section .text16, "ax"
    .code16
    .globl pnp_entry
pnp_entry:
    movw $0x82, %ax
    lretw
    .section .note.GNU-stack, "", @progbits
