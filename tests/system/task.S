/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks: switches by jump, call, interrupt and IRET, and what goes wrong (SDM vol. 3, 7). */
#include "guest.inc"

#define SECOND  (FREE + 0x00) /* a TSS, tss2 */
#define BY_GATE (FREE + 0x08) /* a task gate to it */
#define USERS   (FREE + 0x13) /* a task gate to it for CPL 3 */
#define OLD     (FREE + 0x18) /* a 16-bit TSS, tss16 */
#define LDT     (FREE + 0x20)
#define IN_LDT  0x04
#define ABSENT  (FREE + 0x28)

#define NOWHERE 0x80000000 /* no page is there */
#define BUSY    0x02
#define NT      0x4000
#define IS_BUSY(selector, busy)                                                                    \
    movzbl gdt + selector + 5, %eax;                                                               \
    andl $BUSY, %eax;                                                                              \
    IS(%eax, $busy)

    .text
    .code32
    .globl image
image:
    DESCRIPTOR(SECOND, $tss2, $0x67, $S_TSS)
    GATE_AT($gdt + BY_GATE, SECOND, $0, $G_TASK)
    GATE_AT($gdt + USERS - 3, SECOND, $0, $G_TASK + A_DPL3)
    DESCRIPTOR(OLD, $tss16, $0x2b, $S_TSS16)
    DESCRIPTOR(LDT, $ldt, $15, $S_LDT)
    DESCRIPTOR(ABSENT, $0, $0xfffff, $A_DATA - A_PRESENT + A_DPL3 + A_32 + A_PAGES)
    movl $gdt + 0x10, %esi
    movl $ldt, %edi
    movl $2, %ecx
    rep movsl
    call page
    call jumps
    call calls
    call gates
    call faults
    call interrupts
    call double_fault
    call faults_inside
    call sixteen_bits
    ret

page:
    movl $0x87, directory /* 4 MiB onto themselves, for CPL 3 too */
    movl $0x87, directory2
    movl %cr4, %eax
    orl $0x10, %eax
    movl %eax, %cr4
    movl $directory, %eax
    movl %eax, %cr3
    movl %eax, tss + TSS_CR3
    movl %cr0, %eax
    orl $0x80000000, %eax
    movl %eax, %cr0
    ret

/* The second task begins at eax. */
second:
    pushal
    movl $tss2, %edi
    movl $0x68 / 4, %ecx
    xorl %eax, %eax
    rep stosl
    popal
    movl %eax, tss2 + TSS_EIP
    movl $2, tss2 + TSS_FLAGS
    movl $stack2, tss2 + TSS_ESP
    movl $KCODE, tss2 + TSS_CS
    movl $KDATA, tss2 + TSS_SS
    movl $KDATA, tss2 + TSS_DS
    movl $KDATA, tss2 + TSS_ES
    movl $kernel_stack_inner, tss2 + TSS_ESP0
    movl $KDATA, tss2 + TSS_SS0
    movl $directory2, tss2 + TSS_CR3
    movw $0xffff, tss2 + TSS_MAP
    movb $S_TSS, gdt + SECOND + 5
    ret
#define SECOND_AT(address)                                                                         \
    movl $address, %eax;                                                                           \
    call second

jumps:
    CHECK("a jump to a task loads its registers")
    SECOND_AT(1f)
    movl $0x11111111, tss2 + TSS_EAX
    movl $0x88888888, tss2 + TSS_EAX + 28
    movl $0x8d7, tss2 + TSS_FLAGS
    movl $0xaaaaaaaa, %ecx
    movl $0x55555555, %esi
    movl %esp, %ebp
    ljmp $SECOND, $0x12345678
2:  jmp 3f
1:  pushfl
    popl %edx
    IS(%eax, $0x11111111)
    IS(%edi, $0x88888888)
    IS(%esi, $0)
    IS(%edx, $0x8d7)
    movl %esp, %ebx
    IS(%ebx, $stack2)
    movl %cr3, %ebx
    IS(%ebx, $directory2)
    str %ebx
    IS(%ebx, $SECOND)
    movl %fs, %ebx
    IS(%ebx, $0)
    CHECK("and saves the old one's")
    IS(tss + TSS_EIP, $2b)
    IS(tss + TSS_EAX + 4, $0xaaaaaaaa)
    IS(tss + TSS_EAX + 24, $0x55555555)
    movzwl tss + TSS_CS, %ebx
    IS(%ebx, $KCODE)
    movl tss + TSS_ESP, %ebx
    IS(%ebx, tss + TSS_EAX + 20)
    CHECK("a jump to a task: busy bits, NT, CR0.TS")
    IS_BUSY(SECOND, BUSY)
    IS_BUSY(TASK, 0)
    IS_MASKED(%edx, $NT, $0)
    movl %cr0, %eax
    IS_MASKED(%eax, $8, $8)
    clts
    ljmp $TASK, $0
3:  IS(%ecx, $0xaaaaaaaa)
    movl %esp, %eax
    IS(%eax, %ebp)
    IS_BUSY(TASK, BUSY)
    IS_BUSY(SECOND, 0)
    clts
    CHECK("a task goes on where it left, many times")
    SECOND_AT(1f)
    movl $100, %ecx
    movl $0, count
2:  ljmp $BY_GATE, $0
    loop 2b
    IS(count, $100)
    jmp 2f
1:  incl count
    ljmp $TASK, $0
    jmp 1b
2:  clts
    ret

calls:
    CHECK("a call of a task: link, NT, both busy")
    SECOND_AT(1f)
    lcall $SECOND, $0
2:  jmp 3f
1:  pushfl
    popl %eax
    IS_MASKED(%eax, $NT, $NT)
    movzwl tss2, %eax
    IS(%eax, $TASK)
    IS_BUSY(SECOND, BUSY)
    IS_BUSY(TASK, BUSY)
    movl $4, %ebx
    iret
4:  incl %ebx
    iret
3:  CHECK("IRET goes back to the caller")
    IS_BUSY(SECOND, 0)
    IS_BUSY(TASK, BUSY)
    str %eax
    IS(%eax, $TASK)
    IS(tss2 + TSS_EIP, $4b)
    IS_MASKED(tss2 + TSS_FLAGS, $NT, $0)
    pushfl
    popl %eax
    IS_MASKED(%eax, $NT, $0)
    CHECK("called again, it goes on behind its IRET")
    lcall $BY_GATE, $0
    IS(tss2 + TSS_EAX + 12, $5)
    clts
    ret

gates:
    CHECK("a task gate for CPL 3")
    SECOND_AT(1f)
    USER_RUNS(lcall $USERS, $0; 5:)
    IS(count, $0x33)
    jmp 2f
1:  IS(tss + TSS_EIP, $5b)
    movzwl tss + TSS_CS, %eax
    IS(%eax, $UCODE)
    movl $0x33, count
    iret
2:  clts
    CHECK("#GP of tasks that are not for CPL 3")
    USER_FAULTS(GP, SECOND, ljmp $SECOND, $0)
    USER_FAULTS(GP, BY_GATE, lcall $BY_GATE, $0)
    ret

faults:
    CHECK("#GP of a busy task")
    FAULTS(GP, TASK, ljmp $TASK, $0)
    movb $S_TSS + BUSY, gdt + SECOND + 5
    FAULTS(GP, SECOND, lcall $SECOND, $0)
    FAULTS(GP, SECOND, lcall $BY_GATE, $0)
    CHECK("#NP of a task that is not present")
    movb $S_TSS - A_PRESENT, gdt + SECOND + 5
    FAULTS(NP, SECOND, ljmp $SECOND, $0)
    FAULTS(NP, SECOND, ljmp $BY_GATE, $0)
    CHECK("#TS of a TSS that is too small")
    DESCRIPTOR(SECOND, $tss2, $0x66, $S_TSS)
    FAULTS(TS, SECOND, ljmp $SECOND, $0)
    DESCRIPTOR(SECOND, $tss2, $0x67, $S_TSS)
    CHECK("#GP of a task gate to what is no TSS")
    GATE_AT($gdt + BY_GATE, KDATA, $0, $G_TASK)
    FAULTS(GP, KDATA, ljmp $BY_GATE, $0)
    GATE_AT($gdt + BY_GATE, 0, $0, $G_TASK)
    FAULTS(GP, 0, ljmp $BY_GATE, $0)
    GATE_AT($gdt + BY_GATE, SECOND, $0, $G_TASK)
    CHECK("#TS of an IRET with NT whose link is no busy task")
    pushl $NT + 2
    popfl
    movw $KDATA, tss
    FAULTS(TS, KDATA, iret)
    pushl $NT + 2
    popfl
    movw $SECOND, tss
    FAULTS(TS, SECOND, iret)
    pushl $2
    popfl
    ret

interrupts:
    CHECK("INT n by a task gate")
    SECOND_AT(1f)
    GATE_AT($idt + 0x40 * 8, SECOND, $0, $G_TASK)
    movl $7, %ebx
    int $0x40
2:  jmp 3f
1:  IS(tss + TSS_EIP, $2b)
    movl %esp, %eax
    IS(%eax, $stack2)
    pushfl
    popl %eax
    IS_MASKED(%eax, $NT, $NT)
    incl tss + TSS_EAX + 12
    iret
3:  IS(%ebx, $8)
    CATCH_AGAIN(0x40)
    clts
    CHECK("an exception with an error code by a task gate")
    SECOND_AT(1f)
    GATE_AT($idt + PF * 8, SECOND, $0, $G_TASK)
    movl $NOWHERE, %ebx
2:  movl (%ebx), %eax
    jmp 3f
1:  IS(tss + TSS_EIP, $2b)
    popl %eax
    IS(%eax, $0)
    movl %cr2, %eax
    IS(%eax, $NOWHERE)
    movl $value, tss + TSS_EAX + 12 /* it can go on, with another EBX */
    iret
3:  IS(%eax, $0x13579bdf)
    CATCH_AGAIN(PF)
    clts
    ret

/* No stack, so no frame: only another task can take it (vol. 3, 6.15, "Interrupt 8"). */
double_fault:
    CHECK("a double fault by a task gate, without a stack")
    SECOND_AT(1f)
    GATE_AT($idt + DF * 8, SECOND, $0, $G_TASK)
    movl %esp, %ebx
    movl $NOWHERE, %esp
2:  pushl %eax
    ud2
1:  popl %eax
    IS(%eax, $0)
    IS(tss + TSS_ESP, $NOWHERE)
    IS(tss + TSS_EIP, $2b)
    movl tss + TSS_EAX + 12, %eax
    movl %eax, tss + TSS_ESP
    movl $3f, tss + TSS_EIP
    iret
3:  CATCH_AGAIN(DF)
    clts
    ret

/* What the second task finds: its own exception, in itself, before its first instruction. */
#define FAULTS_INSIDE(vector, error, field, value, ...)                                            \
    SECOND_AT(8f);                                                                                 \
    __VA_ARGS__;                                                                                   \
    movl value, tss2 + field;                                                                      \
    CATCH(7f);                                                                                     \
    ljmp $SECOND, $0;                                                                              \
    jmp 6f;                                                                                        \
    7: movl $stack2, %esp;                                                                         \
    CAUGHT(vector, error, 8f);                                                                     \
    str %eax;                                                                                      \
    IS(%eax, $SECOND);                                                                             \
    movl $6f, tss + TSS_EIP;                                                                       \
    ljmp $TASK, $0;                                                                                \
    8: ud2;                                                                                        \
    6: clts

/* Before SS is loaded there is no stack at CPL 0. */
at_cpl3:
    movl $UCODE, tss2 + TSS_CS
    movl $UDATA, tss2 + TSS_SS
    movl $UDATA, tss2 + TSS_DS
    movl $UDATA, tss2 + TSS_ES
    ret

faults_inside:
    CHECK("#TS of a new task's segments")
    FAULTS_INSIDE(TS, 0x200, TSS_DS, $0x200)
    FAULTS_INSIDE(TS, TASK, TSS_ES, $TASK)
    FAULTS_INSIDE(TS, KDATA, TSS_SS, $KDATA, call at_cpl3)
    FAULTS_INSIDE(TS, 0, TSS_SS, $0, call at_cpl3)
    FAULTS_INSIDE(TS, UDATA - 3, TSS_CS, $UDATA, call at_cpl3)
    CHECK("#NP and #SS of a new task's segments")
    FAULTS_INSIDE(NP, ABSENT, TSS_GS, $ABSENT)
    FAULTS_INSIDE(SS_, ABSENT, TSS_SS, $ABSENT + 3, call at_cpl3)
    CHECK("#TS of a new task's LDT")
    FAULTS_INSIDE(TS, KDATA, TSS_LDT, $KDATA, call at_cpl3)
    CHECK("a new task's LDT")
    SECOND_AT(1f)
    movl $LDT, tss2 + TSS_LDT
    movl $IN_LDT, tss2 + TSS_DS
    movl $0x12345678, value
    lcall $SECOND, $0
    jmp 2f
1:  sldt %eax
    IS(%eax, $LDT)
    movl %ds, %eax
    IS(%eax, $IN_LDT)
    movl value, %eax
    IS(%eax, $0x12345678)
    iret
2:  sldt %eax
    IS(%eax, $0)
    clts
    CHECK("#DB of the trap bit, before the first instruction")
    SECOND_AT(1f)
    movw $1, tss2 + TSS_TRAP
    CATCH(2f)
    ljmp $SECOND, $0
1:  nop
2:  movl $stack2, %esp
    CAUGHT(DB, 0, 1b)
    movl %dr6, %eax
    IS_MASKED(%eax, $0x8000, $0x8000)
    str %eax
    IS(%eax, $SECOND)
    movl $3f, tss + TSS_EIP
    ljmp $TASK, $0
3:  clts
    ret

sixteen_bits:
    CHECK("a 16-bit TSS")
    movw $1f, tss16 + 0x0e
    movw $2, tss16 + 0x10
    movw $0x1111, tss16 + 0x12
    movw $STACK16, tss16 + 0x1a
    movw $KCODE, tss16 + 0x24
    movw $KDATA, tss16 + 0x22
    movw $KDATA, tss16 + 0x26
    movw $KDATA, tss16 + 0x28
    movl $-1, %ecx
    movl $-1, %ebx
    lcall $OLD, $0
    jmp 2f
    .section .low, "ax"
1:  movzwl %sp, %edx /* the upper half is undefined */
    movl %edx, %esp
    IS(%edx, $STACK16)
    movzwl %ax, %edx
    IS(%edx, $0x1111)
    str %eax
    IS(%eax, $OLD)
    movzwl tss16, %edx
    IS(%edx, $TASK)
    movl %fs, %edx
    IS(%edx, $0)
    iret
    .text
2:  IS(%ebx, $-1)
    IS_BUSY(OLD, 0)
    clts
    ret

    .data
    .align 4
value: .long 0x13579bdf
count: .long 0

    .bss
    .align 4096
directory: .skip 4096
directory2: .skip 4096
    .skip 4096
stack2:
    .align 16
tss2: .skip 0x80
tss16: .skip 0x40
ldt: .skip 16
