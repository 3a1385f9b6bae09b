/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * VBE 2.0's protected mode interface, 4F0Ah: three functions as 32-bit code that programs copy to
 * where they like. They reach ports only.
 */
#define DISPI_INDEX 0x1ce
#define DAC_INDEX   0x3c8

#define BPP        3
#define BANK       5
#define VIRT_WIDTH 6
#define X_OFFSET   8
#define Y_OFFSET   9

    .code32
    .section .pm32, "ax"
    .globl vbe_pm32, vbe_pm32_size
vbe_pm32:
    .word set_window - vbe_pm32
    .word set_display_start - vbe_pm32
    .word set_palette - vbe_pm32
    .word ports - vbe_pm32
ports:
    .word DISPI_INDEX, DISPI_INDEX + 1, DAC_INDEX, DAC_INDEX + 1, 0xffff
    .word 0xffff            /* no memory */

/* %eax = a register of the adapter; changes %dx. */
.macro dispi_read index
    movw $DISPI_INDEX, %dx
    movl $\index, %eax
    outw %ax, %dx
    incl %edx
    inw %dx, %ax
.endm

/* A register of the adapter = %cx; changes %eax, %dx. */
.macro dispi_write index
    movw $DISPI_INDEX, %dx
    movl $\index, %eax
    outw %ax, %dx
    incl %edx
    movw %cx, %ax
    outw %ax, %dx
.endm

/* 4F05h: BX = 0: window A, set; DX = bank. */
set_window:
    testw %bx, %bx
    jnz failed
    pushl %ecx
    pushl %edx
    movw %dx, %cx
    dispi_write BANK
    popl %edx
    popl %ecx
    jmp done

/*
 * 4F07h: BL = 0 or 80h; DX:CX = start, in units of four bytes; of one byte of each plane with 4
 * bits. It becomes a line and a pixel of it.
 */
set_display_start:
    testb $0x7f, %bl
    jnz failed
    pushal
    movzwl %cx, %esi
    shll $16, %edx
    orl %edx, %esi          /* %esi = the start */
    dispi_read VIRT_WIDTH
    movzwl %ax, %edi        /* %edi = pixels of a line */
    dispi_read BPP
    movzwl %ax, %ebx
    cmpl $4, %ebx
    jne 1f
    leal (, %esi, 8), %eax  /* a byte of a plane is eight pixels */
    jmp 2f
1:  addl $7, %ebx
    shrl $3, %ebx           /* %ebx = bytes of a pixel */
    leal (, %esi, 4), %eax
    xorl %edx, %edx
    divl %ebx
2:  xorl %edx, %edx
    testl %edi, %edi
    jz 3f
    divl %edi               /* %eax = line, %edx = pixel */
    movl %eax, %esi
    movl %edx, %ecx
    dispi_write X_OFFSET
    movl %esi, %ecx
    dispi_write Y_OFFSET
3:  popal
    jmp done

/* 4F09h: BL = 0 or 80h; CX colours from DX on are at ES:EDI: blue, green, red, nothing. */
set_palette:
    testb $0x7f, %bl
    jnz failed
    pushal
    movzwl %cx, %ecx
    movb %dl, %al
    movw $DAC_INDEX, %dx
    outb %al, %dx
    incl %edx
    jecxz 2f
1:  movb %es:2(%edi), %al
    outb %al, %dx
    movb %es:1(%edi), %al
    outb %al, %dx
    movb %es:(%edi), %al
    outb %al, %dx
    addl $4, %edi
    loop 1b
2:  popal
done:
    movw $0x004f, %ax
    ret
failed:
    movw $0x014f, %ax
    ret
vbe_pm32_end:
vbe_pm32_size:
    .word vbe_pm32_end - vbe_pm32

    .section .note.GNU-stack, "", @progbits
