/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Model-specific and control registers: what they keep, what they refuse. */
#include "guest.inc"

#define TSC         0x10
#define APIC_BASE   0x1b
#define TSC_ADJUST  0x3b
#define MTRR_CAP    0xfe
#define SYSENTER_CS 0x174
#define MCG_CAP     0x179
#define MISC_ENABLE 0x1a0
#define MTRR_BASE0  0x200
#define MTRR_MASK0  0x201
#define MTRR_FIXED  0x250
#define PAT         0x277
#define MTRR_TYPE   0x2ff
#define MC0_STATUS  0x401
#define EFER        0xc0000080
#define EFER_NXE    0x800
#define NX          0x100000 /* in CPUID */

/* Those bits of IA32_MISC_ENABLE, and no others of a set, are set. */
#define SET_MISC(mask, high, low)                                                                  \
    READ(MISC_ENABLE);                                                                             \
    andl $~(mask), %eax;                                                                           \
    orl low, %eax;                                                                                 \
    movl high, %edx;                                                                               \
    wrmsr

#define WRITE(msr, high, low)                                                                      \
    movl $msr, %ecx;                                                                               \
    movl low, %eax;                                                                                \
    movl high, %edx;                                                                               \
    wrmsr
#define READ(msr)                                                                                  \
    movl $msr, %ecx;                                                                               \
    rdmsr
#define WRITE_FAULTS(msr, high, low)                                                               \
    movl $msr, %ecx;                                                                               \
    movl low, %eax;                                                                                \
    movl high, %edx;                                                                               \
    FAULTS(GP, 0, wrmsr)
#define READ_IS(msr, high, low)                                                                    \
    READ(msr);                                                                                     \
    IS(%eax, low);                                                                                 \
    IS(%edx, high)

    .text
    .code32
    .globl image
image:
    call absent
    call time
    call memory_types
    call others
    call misc_enable
    call control
    ret

absent:
    CHECK("#GP of registers that are not there")
    movl $0x12345678, %ecx
    movl $-1, %eax
    FAULTS(GP, 0, rdmsr)
    IS(%eax, $-1)
    FAULTS(GP, 0, wrmsr)
    movl $0xc0000fff, %ecx
    FAULTS(GP, 0, rdmsr)
    ret

time:
    CHECK("the TSC is written")
    WRITE(TSC, $5, $0)
    rdtsc
    IS(%edx, $5)
    READ(TSC)
    IS(%edx, $5)
    CHECK("it goes on from there")
    rdtsc
    movl %eax, %ebx
    movl $1000, %ecx
1:  loop 1b
    rdtsc
    subl %ebx, %eax
    sbbl %ecx, %ecx
    IS(%ecx, $0)
    CHECK("TSC_ADJUST, if CPUID has it, follows writes to the TSC")
    xorl %eax, %eax
    cpuid
    cmpl $7, %eax
    jb 2f
    movl $7, %eax
    xorl %ecx, %ecx
    cpuid
    testl $2, %ebx
    jz 2f
    WRITE(TSC_ADJUST, $0, $0)
    rdtsc
    WRITE(TSC, $7, $0)
    READ(TSC_ADJUST)
    cmpl $8, %edx /* from less than 7 to 7: something positive, and no more than that */
    sbbl %eax, %eax
    IS(%eax, $-1)
    CHECK("and moves it")
    WRITE(TSC_ADJUST, $0x100, $0)
    rdtsc
    shrl $8, %edx
    IS(%edx, $1)
    WRITE(TSC_ADJUST, $0, $0)
    rdtsc
    shrl $8, %edx
    IS(%edx, $0)
    ret
2:  CHECK("and moves it")
    ret

memory_types:
    CHECK("#GP of a write to MTRRcap")
    READ(MTRR_CAP)
    FAULTS(GP, 0, wrmsr)
    CHECK("the default memory type is kept")
    WRITE(MTRR_TYPE, $0, $0xc06)
    READ_IS(MTRR_TYPE, $0, $0xc06)
    CHECK("#GP of memory types that are not there, and of reserved bits")
    WRITE_FAULTS(MTRR_TYPE, $0, $0xc02)
    WRITE_FAULTS(MTRR_TYPE, $0, $0xc07)
    WRITE_FAULTS(MTRR_TYPE, $0, $0x1006)
    WRITE_FAULTS(MTRR_TYPE, $1, $0xc06)
    READ_IS(MTRR_TYPE, $0, $0xc06)
    CHECK("fixed ranges are kept")
    WRITE(MTRR_FIXED, $0x06060505, $0x04040100)
    READ_IS(MTRR_FIXED, $0x06060505, $0x04040100)
    CHECK("#GP of fixed ranges of a type that is not there")
    WRITE_FAULTS(MTRR_FIXED, $0x06060605, $0x04040102)
    WRITE_FAULTS(MTRR_FIXED, $0x03060605, $0x04040100)
    READ_IS(MTRR_FIXED, $0x06060505, $0x04040100)
    CHECK("variable ranges are kept")
    WRITE(MTRR_BASE0, $0, $0xe0000001)
    READ_IS(MTRR_BASE0, $0, $0xe0000001)
    WRITE(MTRR_MASK0, $0xf, $0xff000800)
    READ_IS(MTRR_MASK0, $0xf, $0xff000800)
    CHECK("#GP of variable ranges with reserved bits")
    WRITE_FAULTS(MTRR_BASE0, $0, $0xe0000101)
    WRITE_FAULTS(MTRR_BASE0, $0x80000000, $0xe0000001)
    WRITE_FAULTS(MTRR_MASK0, $0xf, $0xff000801)
    WRITE_FAULTS(MTRR_BASE0, $0, $0xe0000007)
    READ_IS(MTRR_BASE0, $0, $0xe0000001)
    CHECK("PAT after power-on")
    READ_IS(PAT, $0x00070406, $0x00070406)
    CHECK("PAT is kept")
    WRITE(PAT, $0x01040506, $0x00070406)
    READ_IS(PAT, $0x01040506, $0x00070406)
    CHECK("#GP of PAT with types that are not there")
    WRITE_FAULTS(PAT, $0x02040506, $0x00070406)
    WRITE_FAULTS(PAT, $0x01040506, $0x00070403)
    WRITE_FAULTS(PAT, $0x01080506, $0x00070406)
    READ_IS(PAT, $0x01040506, $0x00070406)
    ret

others:
    CHECK("SYSENTER's registers are kept")
    WRITE(SYSENTER_CS, $0, $0x1234)
    READ_IS(SYSENTER_CS, $0, $0x1234)
    WRITE(SYSENTER_CS + 1, $0, $0x12345678)
    READ_IS(SYSENTER_CS + 1, $0, $0x12345678)
    WRITE(SYSENTER_CS + 2, $0, $0x87654321)
    READ_IS(SYSENTER_CS + 2, $0, $0x87654321)
    CHECK("the APIC's base says that this is the first processor")
    READ(APIC_BASE)
    IS_MASKED(%eax, $0xfffff100, $0xfee00100)
    CHECK("#GP of the APIC's base with reserved bits")
    WRITE_FAULTS(APIC_BASE, $0x80000000, $0xfee00900)
    WRITE_FAULTS(APIC_BASE, $0, $0xfee00901)
    CHECK("#GP of a write to MCG_CAP")
    WRITE_FAULTS(MCG_CAP, $0, $0)
    CHECK("a machine-check bank's status is cleared")
    CATCH(1f)
    WRITE(MC0_STATUS, $0, $0)
    READ(MC0_STATUS)
1:  IS(caught_vector, $-1)
    IS(%eax, $0)
    IS(%edx, $0)
    CHECK("#GP of a bank's status that is not 0")
    WRITE_FAULTS(MC0_STATUS, $0, $1)
    ret

/* Fast strings, thermal control, SpeedStep, MONITOR, the limit of CPUID, xTPR messages. */
#define MISC_BITS 0xc50009
misc_enable:
    CHECK("IA32_MISC_ENABLE is kept")
    CATCH(1f)
    READ(MISC_ENABLE)
    movl %eax, misc
    SET_MISC(MISC_BITS, $0, $MISC_BITS)
    READ(MISC_ENABLE)
    IS_MASKED(%eax, $MISC_BITS, $MISC_BITS)
    SET_MISC(MISC_BITS, $0, $0)
    READ(MISC_ENABLE)
    IS_MASKED(%eax, $MISC_BITS, $0)
1:  IS(caught_vector, $-1)
    cmpl $-1, caught_vector
    jne 2f
    CHECK("#GP of IA32_MISC_ENABLE with reserved bits")
    WRITE_FAULTS(MISC_ENABLE, $0x80000000, misc)
    movl misc, %eax
    orl $0x80000000, %eax
    WRITE_FAULTS(MISC_ENABLE, $0, %eax)
    CHECK("XD disabled: CPUID has no NX")
    movl $0x80000001, %eax
    cpuid
    IS_MASKED(%edx, $NX, $NX)
    WRITE(MISC_ENABLE, $4, misc)
    READ_IS(MISC_ENABLE, $4, misc)
    movl $0x80000001, %eax
    cpuid
    IS_MASKED(%edx, $NX, $0)
    CHECK("XD disabled: #GP of EFER.NXE")
    WRITE_FAULTS(EFER, $0, $EFER_NXE)
    WRITE(MISC_ENABLE, $0, misc)
    WRITE(EFER, $0, $EFER_NXE)
    READ_IS(EFER, $0, $EFER_NXE)
    WRITE(EFER, $0, $0)
    movl $0x80000001, %eax
    cpuid
    IS_MASKED(%edx, $NX, $NX)
2:  ret

control:
    CHECK("#GP of bits of CR4 that are not there")
    movl $0x01000000, %eax
    FAULTS(GP, 0, movl %eax, %cr4)
    CHECK("CR0.ET is set, whatever is written")
    movl %cr0, %eax
    andl $~0x10, %eax
    movl %eax, %cr0
    movl %cr0, %eax
    IS_MASKED(%eax, $0x10, $0x10)
    CHECK("CR2 keeps what is written")
    movl $0x12345678, %eax
    movl %eax, %cr2
    movl %cr2, %eax
    IS(%eax, $0x12345678)
    CHECK("#UD of control registers that are not there")
    FAULTS(UD, 0, .byte 0x0f, 0x20, 0xc8) /* mov %cr1, %eax */
    FAULTS(UD, 0, .byte 0x0f, 0x20, 0xe8) /* mov %cr5, %eax */
    FAULTS(UD, 0, .byte 0x0f, 0x22, 0xf8) /* mov %eax, %cr7 */
    CHECK("LMSW sets CR0.PE and does not clear it")
    xorl %eax, %eax
    lmsw %ax
    smsw %ax
    andl $15, %eax
    IS(%eax, $1)
    ret

    .data
    .align 4
misc: .long 0
