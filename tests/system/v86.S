/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Virtual-8086 mode (SDM vol. 3, 20.2, 20.3), without the extensions of CR4.VME. */
#include "v86.inc"

#define SECOND (FREE + 0x00) /* a TSS */
#define CODE1  (FREE + 0x09)
#define CONFORM (FREE + 0x10)

    .text
    .code32
    .globl image
image:
    DESCRIPTOR(SECOND, $tss2, $0x67, $S_TSS)
    DESCRIPTOR(CODE1, $0, $0xfffff, $A_CODE + 0x20 + A_32 + A_PAGES)
    DESCRIPTOR(CONFORM, $0, $0xfffff, $A_CONFORM + A_32 + A_PAGES)
    movl $0x20000, %edi
    movl $0x8000, %ecx
    xorl %eax, %eax
    rep stosl
    call entering
    call addresses
    call sensitive
    call software_interrupts
    call refused
    call ports
    call transfers
    call external
    call tasks
    call pages
    ret

entering:
    CHECK("IRET enters v86 mode: segments, ESP, flags")
    movl $0x12345678, %eax
    V86_RUNS(0, movl %eax, %ebp; movw %ds, %ax; movw %es, %bx; movw %fs, %cx; movw %gs, %dx; \
             movw %cs, %si; movw %ss, %di)
    IS(%ebp, $0x12345678)
    movzwl %ax, %eax
    movzwl %bx, %ebx
    movzwl %cx, %ecx
    movzwl %dx, %edx
    movzwl %si, %esi
    movzwl %di, %edi
    IS(%eax, $V_DS)
    IS(%ebx, $V_ES)
    IS(%ecx, $V_FS)
    IS(%edx, $V_GS)
    IS(%esi, $0)
    IS(%edi, $V_SS)
    CHECK("what leaves it has saved: ESP, SS, ES, DS, FS, GS")
    IS(caught_frame, $kernel_stack_inner - 36)
    IS(caught_esp, $V_SP)
    movzwl caught_ss, %eax
    IS(%eax, $V_SS)
    IS_MASKED(kernel_stack_inner - 16, $0xffff, $V_ES)
    IS_MASKED(kernel_stack_inner - 12, $0xffff, $V_DS)
    IS_MASKED(kernel_stack_inner - 8, $0xffff, $V_FS)
    IS_MASKED(kernel_stack_inner - 4, $0xffff, $V_GS)
    IS_MASKED(caught_flags, $VM, $VM)
    CHECK("and cleared DS, ES, FS, GS, and VM")
    IS(caught_ds, $0)
    movl %fs, %eax
    movl %gs, %ebx
    IS(%eax, $0)
    IS(%ebx, $0)
    pushfl
    popl %eax
    IS_MASKED(%eax, $VM, $0)
    CHECK("IRET at CPL 3 cannot enter it")
    USER_RUNS(pushl $VM + 2; pushl %cs; pushl $7f; iret)
    IS_MASKED(caught_flags, $VM, $0)
    CHECK("POPF at CPL 0 cannot enter it")
    pushl $VM + 2
    popfl
    pushfl
    popl %eax
    IS_MASKED(%eax, $VM, $0)
    ret

addresses:
    CHECK("addresses as in real-address mode")
    movl $0x11223344, 0x20010
    V86_RUNS(0, movl %fs:0, %eax; movl 0x10, %ebx; movw $5, %es:(0x20); pushw $0x1234)
    IS(%eax, $0x11223344)
    IS(%ebx, $0x11223344)
    movzwl 0x30020, %eax
    IS(%eax, $5)
    movzwl 0x8ffe, %eax
    IS(%eax, $0x1234)
    IS(caught_esp, $V_SP - 2)
    CHECK("loads of segment registers, null and with RPL")
    V86_RUNS(0, movw $0x2003, %ax; movw %ax, %es; movl %es:-0x20(%si), %ebx; xorw %ax, %ax; \
             movw %ax, %ds; movw %ds:(7f), %cx)
    V86_RUNS(0, movw $0x1ffe, %ax; movw %ax, %gs; movl %gs:0x30, %eax)
    IS(%eax, $0x11223344)
    CHECK("an address above 1 MiB")
    V86_RUNS(0, movw $0xffff, %ax; movw %ax, %ds; movl 0x10, %eax)
    IS(%eax, $0x1badb002)
    CHECK("#GP and #SS of what ends behind FFFFh")
    V86_FAULTS(0, GP, 0, movw 0xffff, %ax)
    V86_FAULTS(0, GP, 0, movl %eax, %es:0xfffd)
    movl $1, %ebp
    V86_FAULTS(0, SS_, 0, movl -2(%bp), %eax)
    movl $0x10000, %ebx
    V86_FAULTS(0, GP, 0, movb (%ebx), %al)
    CHECK("stores by CS")
    V86_RUNS(0, movw $0x77, %cs:LOW_FREE)
    movzwl LOW_FREE, %eax
    IS(%eax, $0x77)
    ret

sensitive:
    CHECK("#GP of CLI, STI, PUSHF, POPF, IRET with IOPL below 3")
    V86_FAULTS(0, GP, 0, cli)
    V86_FAULTS(0, GP, 0, sti)
    V86_FAULTS(0, GP, 0, pushfw)
    V86_FAULTS(0, GP, 0, popfw)
    V86_FAULTS(0, GP, 0, pushfl)
    V86_FAULTS(0x2000, GP, 0, iretw)
    IS(caught_esp, $V_SP)
    CHECK("they run with IOPL 3")
    V86_RUNS(IOPL3, sti)
    IS_MASKED(caught_flags, $IF, $IF)
    V86_RUNS(IOPL3 + IF, cli)
    IS_MASKED(caught_flags, $IF, $0)
    V86_RUNS(IOPL3, pushfw; popw %ax)
    movzwl %ax, %eax
    IS_MASKED(%eax, $0x3202, $0x3002)
    CHECK("POPF changes neither IOPL nor VM")
    V86_RUNS(IOPL3, pushl $0x8d7 + IF; popfl)
    IS_MASKED(caught_flags, $VM + 0x3fd5, $VM + IOPL3 + IF + 0x8d5)
    V86_RUNS(IOPL3, pushl $0x8d7 + IF; popfw; popw %ax)
    IS_MASKED(caught_flags, $VM + 0x3fd5, $VM + IOPL3 + IF + 0x8d5)
    CHECK("IRET in v86 mode")
    V86_RUNS(IOPL3, pushw $IF + 0x0d5 + 2; pushw $0; pushw $7f; iretw)
    IS_MASKED(caught_flags, $VM + 0x3fd5, $VM + IOPL3 + IF + 0x0d5)
    V86_RUNS(IOPL3, pushl $2; pushl $0; pushl $7f; iretl)
    IS_MASKED(caught_flags, $VM + 0x3fd5, $VM + IOPL3)
    IS(caught_esp, $V_SP)
    ret

software_interrupts:
    CHECK("INT n with IOPL below 3: #GP")
    V86_FAULTS(0, GP, 0, int $0x21)
    V86_FAULTS(0x2000, GP, 0, int $0x80)
    CHECK("INT n with IOPL 3: by a gate of DPL 3")
    V86_FAULTS(IOPL3, GP, 0x21 * 8 + 2, int $0x21)
    GATE(0x40, $stubs + 0x40 * STUB, $G_INT + A_DPL3)
    CATCH(1f)
    V86_CODE(2: int $0x40; 3: hlt)
    TO_V86(2b, IOPL3)
1:  CAUGHT(0x40, 0, 3b)
    IS(caught_frame, $kernel_stack_inner - 36)
    CHECK("INT3 and INTO whatever the IOPL, by a gate of DPL 3")
    V86_FAULTS(0, GP, BP * 8 + 2, int3)
    GATE(BP, $stubs + BP * STUB, $G_INT + A_DPL3)
    GATE(OF, $stubs + OF * STUB, $G_INT + A_DPL3)
    CATCH(1f)
    V86_CODE(2: int3; 3: hlt)
    TO_V86(2b, 0)
1:  CAUGHT(BP, 0, 3b)
    CATCH(1f)
    V86_CODE(2: into; 3: hlt)
    TO_V86(2b, 0x800)
1:  CAUGHT(OF, 0, 3b)
    CATCH_AGAIN(BP)
    CATCH_AGAIN(OF)
    CHECK("a trap gate keeps IF, and clears NT and TF")
    GATE(0x40, $1f, $G_TRAP + A_DPL3)
    CATCH(2f)
    V86_CODE(2: int $0x40; 3: hlt)
    TO_V86(2b, IOPL3 + IF + 0x4000)
1:  pushfl
    popl %eax
    cli
    movl %ss:caught_stack, %esp
    call flat_segments
    IS_MASKED(%eax, $0x4100, $0)
    IS_MASKED(%eax, $IF, $IF)
2:  CHECK("#GP of a gate whose code is not of level 0")
    GATE_AT($idt + 0x40 * 8, CODE1, $1b, $G_INT + A_DPL3)
    V86_FAULTS(IOPL3, GP, CODE1 - 1, int $0x40)
    GATE_AT($idt + 0x40 * 8, UCODE, $1b, $G_INT + A_DPL3)
    V86_FAULTS(IOPL3, GP, UCODE - 3, int $0x40)
    GATE_AT($idt + 0x40 * 8, CONFORM, $1b, $G_INT + A_DPL3)
    V86_FAULTS(IOPL3, GP, CONFORM, int $0x40)
    CATCH_AGAIN(0x40)
    CHECK("IRET goes back to v86 mode, with all segments")
    GATE(0x40, $1f, $G_INT + A_DPL3)
    V86_RUNS(IOPL3, movw $0x5555, %ax; movw %ax, %es; int $0x40; movw %es, %bx; movw %ds, %cx)
    jmp 2f
1:  movl $KDATA, %eax
    movl %eax, %es
    movl %eax, %fs
    movl $0x99, %eax
    iret
2:  CATCH_AGAIN(0x40)
    IS(%eax, $0x99)
    movzwl %bx, %ebx
    movzwl %cx, %ecx
    IS(%ebx, $0x5555)
    IS(%ecx, $V_DS)
    ret

refused:
    CHECK("#GP of privileged instructions")
    V86_FAULTS(IOPL3, GP, 0, hlt)
    V86_FAULTS(IOPL3, GP, 0, clts)
    V86_FAULTS(IOPL3, GP, 0, lgdtl LOW_FREE)
    V86_FAULTS(IOPL3, GP, 0, movl %cr0, %eax)
    V86_FAULTS(IOPL3, GP, 0, movl %eax, %cr3)
    V86_FAULTS(IOPL3, GP, 0, movl %dr7, %eax)
    V86_FAULTS(IOPL3, GP, 0, invd)
    V86_FAULTS(IOPL3, GP, 0, rdmsr)
    CHECK("#UD of instructions of protected mode")
    V86_FAULTS(IOPL3, UD, 0, lldt %ax)
    V86_FAULTS(IOPL3, UD, 0, ltr %ax)
    V86_FAULTS(IOPL3, UD, 0, sldt %ax)
    V86_FAULTS(IOPL3, UD, 0, verr %ax)
    V86_FAULTS(IOPL3, UD, 0, lar %ax, %cx)
    V86_FAULTS(IOPL3, UD, 0, arpl %ax, %cx)
    CHECK("SMSW tells that CR0.PE is set")
    V86_RUNS(0, smsw %ax)
    IS_MASKED(%eax, $1, $1)
    CHECK("exceptions: their errors and addresses")
    xorl %ecx, %ecx
    V86_FAULTS(0, DE, 0, divl %ecx)
    V86_FAULTS(0, UD, 0, ud2)
    ret

ports:
    CHECK("#GP of ports, also with IOPL 3")
    V86_FAULTS(IOPL3, GP, 0, inb $0x61, %al)
    V86_FAULTS(IOPL3, GP, 0, outb %al, $0x80)
    CHECK("the I/O map lets it at ports")
    movw $0x68, tss + TSS_MAP
    movl $tss + 0x68, %edi
    movl $0x2001, %ecx
    movb $0xff, %al
    rep stosb
    andb $~0x02, tss + 0x68 + 0x60 / 8
    V86_RUNS(0, inb $0x61, %al)
    V86_FAULTS(0, GP, 0, inb $0x60, %al)
    movw $0xffff, tss + TSS_MAP
    ret

transfers:
    CHECK("far jumps, calls and returns")
    V86_RUNS(0, lcallw $0x0010, $1f - 0x100; movw %sp, %bx; jmp 7f; 1: movw %cs, %cx; lretw)
    movzwl %bx, %ebx
    movzwl %cx, %ecx
    IS(%ebx, $V_SP)
    IS(%ecx, $0x10)
    CHECK("the same code in real-address, v86 and protected mode")
    movl $5, %ebp
1:  V86_RUNS(0, call modes)
    movzwl %bx, %ebx
    IS(%ebx, $V_DS)
    IS(%eax, $0x1001)
    CATCH(2f)
    pushl $UDATA
    pushl $V_SP + 0x8000
    pushl $2
    pushl $CODE16 + 3 /* its DPL is 0: not for CPL 3 */
    pushl $modes
    FAULTS(GP, CODE16, iret)
    addl $20, %esp
    lcall $CODE16, $modes_far
2:  movzwl %bx, %ebx
    IS(%ebx, $KDATA)
    IS(%eax, $0x1001)
    REAL(modes_real)
    IS(real_ebx, $0)
    decl %ebp
    jnz 1b
    ret

    .section .low, "ax"
    .code16
modes:
    movl $0x1000, %eax
    incl %eax
    movw %ds, %bx
    ret
modes_far:
    call modes
    lretl
modes_real:
    call modes
    movzwl %bx, %ebx
    movl %ebx, real_ebx
    jmp leave_real
    .text
    .code32

external:
    CHECK("an interrupt in v86 mode")
    OUTB(0x21, 0xfe)
    OUTB(0x43, 0x30)
    OUTB(0x40, 0xb0)
    OUTB(0x40, 0x04)
    V86_FAULTS(IF, 0x20, 0, jmp 7b)
    IS(caught_frame, $kernel_stack_inner - 36)
    OUTB(0x20, 0x20)
    OUTB(0x21, 0xff)
    CHECK("a single step in v86 mode")
    CATCH(1f)
    V86_CODE(2: nop; 3: nop)
    TO_V86(2b, 0x100)
1:  CAUGHT(DB, 0, 3b)
    IS_MASKED(caught_flags, $VM + 0x100, $VM + 0x100)
    ret

tasks:
    CHECK("a task in v86 mode")
    movl $tss2, %edi
    movl $0x68 / 4, %ecx
    xorl %eax, %eax
    rep stosl
    V86_CODE(6: movw %ds, %ax; 7: hlt)
    movl $6b, tss2 + TSS_EIP
    movl $VM + 2, tss2 + TSS_FLAGS
    movl $V_SP, tss2 + TSS_ESP
    movl $V_SS, tss2 + TSS_SS
    movl $V_DS, tss2 + TSS_DS
    movl $kernel_stack_inner, tss2 + TSS_ESP0
    movl $KDATA, tss2 + TSS_SS0
    movw $0xffff, tss2 + TSS_MAP
    CATCH(1f)
    ljmp $SECOND, $0
2:  jmp 3f
1:  CAUGHT(GP, 0, 7b)
    IS_MASKED(caught_flags, $VM, $VM)
    movzwl %ax, %eax
    IS(%eax, $V_DS)
    ljmp $TASK, $0
3:  clts
    CHECK("a task gate from v86 mode, and IRET back")
    movl $1f, tss2 + TSS_EIP
    movl $2, tss2 + TSS_FLAGS
    movl $stack2, tss2 + TSS_ESP
    movl $KCODE, tss2 + TSS_CS
    movl $KDATA, tss2 + TSS_SS
    movl $KDATA, tss2 + TSS_DS
    GATE_AT($idt + 0x40 * 8, SECOND, $0, $G_TASK + A_DPL3)
    V86_RUNS(IOPL3, movw $1, %ax; int $0x40; movw %gs, %bx)
    movzwl %bx, %ebx
    IS(%ebx, $V_GS)
    IS_MASKED(saved_flags, $VM, $VM)
    CATCH_AGAIN(0x40)
    clts
    ret
1:  movl tss + TSS_FLAGS, %eax
    movl %eax, saved_flags
    iret

pages:
    movl $0x87, directory
    movl %cr4, %eax
    orl $0x10, %eax
    movl %eax, %cr4
    movl $directory, %eax
    movl %eax, %cr3
    movl %cr0, %eax
    orl $0x80000000, %eax
    movl %eax, %cr0
    CHECK("a page fault in v86 mode is the user's")
    movl $table, %edi
    movl $7, %eax
1:  stosl
    addl $0x1000, %eax
    cmpl $table + 4096, %edi
    jb 1b
    movl $0x20003, table + 0x20 * 4
    movl $0, table + 0x30 * 4
    movl $table + 7, directory
    movl $directory, %eax
    movl %eax, %cr3
    V86_FAULTS(0, PF, 5, movb 0, %al)
    IS(caught_cr2, $0x20000)
    V86_FAULTS(0, PF, 6, movb %al, %es:1)
    IS(caught_cr2, $0x30001)
    CHECK("pages above 1 MiB may be others")
    movl $0x20007, table + 0x20 * 4
    movl $hidden, %eax
    shrl $10, %eax
    movl $0x20007, table(%eax)
    movl $directory, %eax
    movl %eax, %cr3
    V86_RUNS(0, movw $0xffff, %ax; movw %ax, %es; movl $hidden - 0xffff0 + 0x10, %ebx; \
             movl %es:(%ebx), %eax)
    IS(%eax, $0x11223344)
    ret

    .section .low.data, "aw"
    .align 4
real_ebx: .long 0

    .data
    .align 4096
hidden: .skip 4096

    .bss
    .align 4096
directory: .skip 4096
table: .skip 4096
tss2: .skip 0x68
saved_flags: .long 0
    .skip 1024
stack2:
