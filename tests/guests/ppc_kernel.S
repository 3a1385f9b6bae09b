/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A kernel of -M ppce500: says so on the first serial port if it was started as ePAPR 1.1, 5.4.1 has
 * it, with a device tree; then what the timebase is; and turns the machine off.
 */
    .set CCSR, 0xe0000000
    .set WINDOW, 0x70000000 /* where it sees that, out of the way of what a firmware has mapped */
    .set EPAPR_MAGIC, 0x45504150
    .set TREE_MAGIC, 0xd00dfeed
    .set MAS0, 624
    .set MAS1, 625
    .set MAS2, 626
    .set MAS3, 627
    .set MAS7, 944

    .text
    .globl _start
_start:
    bl 1f
1:  mflr 31

    /* TLB1's last entry but one: 1 MiB, uncached, guarded, for the supervisor alone. */
    lis 4, 0x1000 | 14
    mtspr MAS0, 4
    lis 4, 0xc000
    ori 4, 4, 5 << 8
    mtspr MAS1, 4
    lis 4, WINDOW@h
    ori 4, 4, 0xa
    mtspr MAS2, 4
    lis 4, CCSR@h
    ori 4, 4, 5
    mtspr MAS3, 4
    li 4, 0
    mtspr MAS7, 4
    isync
    tlbwe
    isync
    msync

    lis 30, WINDOW@h
    lis 4, EPAPR_MAGIC@h
    ori 4, 4, EPAPR_MAGIC@l
    cmpw 4, 6
    bne 2f
    lwz 5, 0(3)
    lis 4, TREE_MAGIC@h
    ori 4, 4, TREE_MAGIC@l
    cmpw 4, 5
    bne 2f
    addi 3, 31, started - 1b
    b 3f
2:  addi 3, 31, lost - 1b
3:  bl print
    addi 3, 31, timebase - 1b
    bl print
    mftb 29
    li 28, 8
6:  rotlwi 29, 29, 4
    andi. 4, 29, 15
    cmplwi 4, 10
    blt 7f
    addi 4, 4, 'a' - '0' - 10
7:  addi 4, 4, '0'
    bl put
    addic. 28, 28, -1
    bne 6b
    addi 3, 31, end_of_line - 1b
    bl print

    /* GPIO: pin 0 is an output, and high. */
    addis 4, 30, 0x10
    lis 5, 0x8000
    stw 5, -0x1000(4)
    stw 5, -0xff8(4)
4:  b 4b

/* Writes the text at r3. */
print:
    mflr 27
5:  lbz 4, 0(3)
    cmpwi 4, 0
    beq 8f
    bl put
    addi 3, 3, 1
    b 5b
8:  mtlr 27
    blr

/* Writes the byte in r4 as soon as the transmitter takes it. */
put:
    lbz 5, 0x4505(30)
    andi. 5, 5, 0x20
    beq put
    stb 4, 0x4500(30)
    blr

started:
    .asciz "kernel: started by ePAPR, with a device tree\r\n"
timebase:
    .asciz "kernel: timebase "
end_of_line:
    .asciz "\r\n"
lost:
    .asciz "kernel: started otherwise\r\n"
