/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where things are in a random guest: shared by its fixed part (frame.S) and by what makes the
 * rest (image.c). The image is two halves of 64 KiB. Offsets in the upper one, with the frame, are
 * those of its code segment, in real mode as in protected mode.
 */
#ifndef TESTS_MACHINE_LAYOUT_H
#define TESTS_MACHINE_LAYOUT_H

#define ROM_SIZE  0x20000
#define HALF_SIZE 0x10000

/* Lower half: a table of pieces, then their code. */
#define PIECE_SIZE  64
#define MOST_PIECES 180
#define PIECE_CODE  (MOST_PIECES * PIECE_SIZE)

/* Upper half: the frame, by its entries; tables, copied to RAM before each piece; a header. */
#define ENTRY_RECOVER      0x00
#define ENTRY_RECOVER_REAL 0x08
#define ENTRY_GO_ON        0x10
#define ENTRY_GO_ON_ERROR  0x18
#define ENTRY_IRQ          0x20
#define ENTRY_AFTER_RESET  0x28
#define ROM_IDT            0xe000
#define ROM_GDT            0xe800
#define ROM_LDT            0xe900
#define ROM_DF_TSS         0xea00
#define ROM_TSS            0xeb00
#define HEADER             0xed00
#define H_GDTR             (HEADER + 0x00)
#define H_IDTR             (HEADER + 0x08)
#define H_COUNT            (HEADER + 0x10) /* of pieces */
#define H_PIECES           (HEADER + 0x14) /* linear */
#define H_TABLES           (HEADER + 0x18) /* linear, of ROM_IDT */
#define H_VECTOR           (HEADER + 0x1c) /* segment:offset for all real-mode interrupts */
#define H_FLAGS            (HEADER + 0x20)
#define H_ROM_GDTR         (HEADER + 0x24)
#define RESET_CODE         0xee00 /* runs first; goes on to ENTRY_AFTER_RESET */
#define RESET_ROOM         0xc0
#define ENTRY_START        0xfff0
#define TAIL               0xfff3 /* runs over the end of the address space to 0 */

#define FLAG_WATCHDOG   1 /* a timer interrupt, set up before each piece */
#define FLAG_KEEP_DEBUG 2 /* breakpoints live on into the frame */

/* RAM. */
#define RAM_POSITION    0x500 /* counts pieces, through resets */
#define RAM_FUEL        0x504 /* how many interrupts of a piece may still return */
#define RAM_STUCK       0x508 /* RESET_CODE does not go on */
#define RAM_IDT         0x1000
#define RAM_GDT         0x1800
#define RAM_LDT         0x1900
#define RAM_DF_TSS      0x1a00
#define RAM_TSS         0x1b00
#define TABLES_SIZE     0xd00
#define RAM_STACK       0x7000
#define RAM_RING0       0x6000
#define RAM_ARENA       0x8000 /* pieces that run in RAM, most of them */
#define RAM_PAGES       0x10000
#define PAGE_DIRECTORY  RAM_PAGES
#define LOW_TABLE       (RAM_PAGES + 0x1000)
#define HIGH_TABLE      (RAM_PAGES + 0x2000)
#define PAE_POINTERS    (RAM_PAGES + 0x3000)
#define PAE_DIRECTORIES (RAM_PAGES + 0x4000) /* four */
#define PAE_LOW_TABLE   (RAM_PAGES + 0x8000)
#define RAM_FRAME       0x20000 /* a frame in RAM */

/* Selectors; those with a ring in their last digit are for that ring. */
#define S_CODE      0x08 /* the frame's */
#define S_DATA      0x10
#define S_TSS       0x18
#define S_DF_TSS    0x20
#define S_CODE16    0x28 /* the frame's */
#define S_FLAT      0x30
#define S_FLAT3     0x3b
#define S_DATA3     0x43
#define S_LDT       0x48
#define S_FLAT16    0x50
#define S_DATA16    0x58
#define S_FLAT1     0x61
#define S_DATA1     0x69
#define S_RANDOM    0x70 /* this and all that follow */
#define GDT_ENTRIES 32

/* A piece: how it is entered. */
#define P_SOURCE 0x00 /* linear, of its code */
#define P_SIZE   0x04
#define P_PLACE  0x08 /* linear, where it is copied */
#define P_FLAGS  0x0c
#define P_CR0    0x10
#define P_CR3    0x14
#define P_CR4    0x18
#define P_FRAME  0x1c /* nine doublewords of an IRET to virtual-8086 mode */
#define P_ES     (P_FRAME + 0x14)

#define P_COPY    0x01
#define P_TABLES  0x02 /* page tables are made anew */
#define P_HAS_CR4 0x04
#define P_REAL    0x08
#define P_V86     0x10

#define END_VECTOR 0x81 /* an interrupt that ends a piece */
#define FUEL       40

#endif
