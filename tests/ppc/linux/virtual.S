/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first process of a Linux with KVM: has a guest of its own run in the processor's guest state,
 * writes what that says by stores to where there is no memory, and restarts the machine. The guest
 * tries what a supervisor has: a process, a page, a page that is missing, a trap, a timer.
 */
    .set WRITE, 4
    .set OPEN, 5
    .set MKNOD, 14
    .set IOCTL, 54
    .set REBOOT, 88
    .set MMAP, 90
    .set CHARACTER_DEVICE, 0x2180
    .set MISC_KVM, 0x0ae8 /* 10, 232 */

    .set KVM_CREATE_VM, 0x2000ae01
    .set KVM_GET_VCPU_MMAP_SIZE, 0x2000ae04
    .set KVM_CREATE_VCPU, 0x2000ae41
    .set KVM_SET_USER_MEMORY_REGION, 0x8020ae46
    .set KVM_RUN, 0x2000ae80
    .set KVM_SET_REGS, 0x8188ae82
    .set KVM_ENABLE_CAP, 0x8068aea3
    .set KVM_CAP_SW_TLB, 69
    .set EXIT_MMIO, 6
    .set EXIT_REASON, 8 /* of struct kvm_run */
    .set MMIO_ADDRESS, 36
    .set MMIO_DATA, 40
    .set MMIO_IS_WRITE, 52

    .set DEVICE, 0xe0000000 /* a character is said at 0; at 4 the guest ends; at 8 stands: */
    .set NUMBER, 42
    .set TLB0, 512 /* entries, of 24 bytes */
    .set TLB1, 64

#define SET(reg, value) lis reg, (value)@h; ori reg, reg, (value)@l
#define AT(reg, label)  lis reg, label@ha; addi reg, reg, label@l
/* What it returns is in r3; an error ends all. */
#define SYSTEM(number)  li 0, number; sc; bso failed
#define DO(fd, request) mr 3, fd; SET(4, request); SYSTEM(IOCTL)
#define DO_WITH(fd, request, label) AT(5, label); DO(fd, request)

    .text
    .globl _start
_start:
    AT(3, device)
    li 4, CHARACTER_DEVICE
    li 5, MISC_KVM
    SYSTEM(MKNOD)
    AT(3, device)
    li 4, 2
    SYSTEM(OPEN)
    mr 20, 3
    li 5, 0
    DO(20, KVM_CREATE_VM)
    mr 21, 3
    DO_WITH(21, KVM_SET_USER_MEMORY_REGION, region)
    li 5, 0
    DO(21, KVM_CREATE_VCPU)
    mr 22, 3
    DO_WITH(22, KVM_ENABLE_CAP, tlb_capability)
    DO_WITH(22, KVM_SET_REGS, registers)
    DO(20, KVM_GET_VCPU_MMAP_SIZE)
    mr 4, 3
    li 3, 0
    li 5, 3
    li 6, 1
    mr 7, 22
    li 8, 0
    SYSTEM(MMAP)
    mr 23, 3

run:
    li 5, 0
    DO(22, KVM_RUN)
    lwz 5, EXIT_REASON(23)
    cmpwi 5, EXIT_MMIO
    bne failed
    lwz 5, MMIO_ADDRESS(23)
    lbz 6, MMIO_IS_WRITE(23)
    cmpwi 6, 0
    beq 1f
    andi. 5, 5, 0xff
    bne end
    li 3, 1
    addi 4, 23, MMIO_DATA
    li 5, 1
    SYSTEM(WRITE)
    b run
1:  li 5, NUMBER
    stw 5, MMIO_DATA(23)
    b run

failed:
    mr 25, 3
    AT(4, failure)
    li 3, 1
    li 5, failure_end - failure
    li 0, WRITE
    sc
end:
    SET(3, 0xfee1dead)
    SET(4, 0x28121969)
    SET(5, 0x01234567)
    li 0, REBOOT
    sc
    b .

    .data
device:
    .asciz "/kvm"
failure:
    .ascii "virtual: no guest\n"
failure_end:
    .balign 8
region:
    .long 0, 0, 0, 0, 0, 0x100000, 0, memory
tlb_capability:
    .long KVM_CAP_SW_TLB, 0, 0, tlb_config
    .space 24 + 64
tlb_config: /* sizes and ways; entries; of what kind */
    .long 0, tlb_parameters, 0, tlb, 0, (TLB0 + TLB1) * 24
tlb_parameters:
    .long TLB0, TLB1, 0, 0, 4, TLB1, 0, 0
    .space 32
registers:
    .space 392

/* MAS8, MAS1, MAS2, MAS7 and MAS3: memory, and the device. */
    .balign 4096
tlb:
    .space TLB0 * 24
    .long 0, 0xc0000500, 0, 4, 0, 63
    .long 0, 0xc0000100, 0, DEVICE + 10, 0, DEVICE + 63
    .space (TLB1 - 2) * 24

/* --- the guest, at its address 0 --- */

    .set IVPR, 63
    .set IVOR0, 400
    .set TSR, 336
    .set TCR, 340
    .set MAS0, 624
    .set MAS1, 625
    .set MAS2, 626
    .set MAS3, 627
    .set DIE, 0x04000000
    .set EE, 0x8000
    .set PAGE, 0x40000000
    .set MISSING, 0x50000000

#define HANDLER(n, label) li 3, label - memory; mtspr IVOR0 + n, 3

    .balign 65536
memory:
    lis 20, DEVICE@h
    li 1, 1 /* with zero KVM would take it for a critical section, and not interrupt */
    li 3, 0
    mtspr IVPR, 3
    HANDLER(6, program)
    HANDLER(8, system_call)
    HANDLER(10, decrementer)
    HANDLER(13, data_miss)
    li 21, 0

    /* a process, which calls */
    li 3, process - memory
    mtsrr0 3
    li 3, 0x4000
    mtsrr1 3
    rfi
process:
    li 4, 1
    sc
    addi 4, 4, 1
    sc
process_ends:

    /* a page, for memory that has another address, too */
    lis 5, PAGE@h
    mr 3, 5
    li 6, 2
    bl map
    li 3, 77
    stw 3, 16(5)
    li 5, 0x4010
    lwz 3, 0(5)
    cmpwi 3, 77
    bne wrong

    /* one that its handler maps */
    lis 5, MISSING@h
    lwz 3, 16(5)
    cmpwi 3, 77
    bne wrong
    cmpwi 21, 0x112
    bne wrong
    trap
    cmpwi 21, 0x1112
    bne wrong

    lwz 3, 8(20)
    cmpwi 3, NUMBER
    bne wrong

    /* ten times the decrementer's interrupt */
    lis 3, DIE@h
    mtspr TCR, 3
    lis 3, 0x1
    mtdec 3
    wrteei 1
    lis 4, 0x4000
    mtctr 4
1:  srwi 3, 21, 16
    cmpwi 3, 10
    bge 2f
    bdnz 1b
    b wrong
2:  wrteei 0

    li 4, right - memory
    b say
wrong:
    li 4, otherwise - memory
say:
    lbz 3, 0(4)
    addi 4, 4, 1
    cmpwi 3, 0
    beq 1f
    stb 3, 0(20)
    b say
1:  stw 3, 4(20)
    b .

/* The page at r3, in TLB1's entry that r6 says: its memory is at 4000h. */
map:
    slwi 6, 6, 16
    oris 6, 6, 0x1000
    mtspr MAS0, 6
    lis 6, 0x8000
    ori 6, 6, 0x100
    mtspr MAS1, 6
    ori 3, 3, 4
    mtspr MAS2, 3
    li 6, 0x4000 + 63
    mtspr MAS3, 6
    tlbwe
    isync
    blr

    .balign 16
program:
    addi 21, 21, 0x1000
    mfsrr0 3
    addi 3, 3, 4
    mtsrr0 3
    rfi

/* The second call ends the process. */
    .balign 16
system_call:
    addi 21, 21, 1
    cmpwi 4, 1
    beq 1f
    addi 21, 21, 0x10
    li 3, process_ends - memory
    mtsrr0 3
    li 3, 0
    mtsrr1 3
1:  rfi

    .balign 16
decrementer:
    addis 21, 21, 1
    lis 3, 0x0800
    mtspr TSR, 3
    lis 3, 0x1
    mtdec 3
    rfi

    .balign 16
data_miss:
    addi 21, 21, 0x100
    mflr 7
    lis 3, MISSING@h
    li 6, 3
    bl map
    mtlr 7
    rfi

right:
    .asciz "virtual: as it had to be\n"
otherwise:
    .asciz "virtual: otherwise\n"
    .balign 4
    .space 0x100000 - (. - memory)
