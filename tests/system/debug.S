/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Debug registers (SDM vol. 3, 17.2, 17.3): what they keep, breakpoints on execution and ports, RF,
 * tasks. Traps behind an instruction are in debug_traps.S, of the same image.
 */
#include "debug.inc"

    .text
    .code32
    .globl image
image:
    movl $0x0f0f0f0f, cell
    call registers
    call general_detect
    call execution
    call resume
    call strings_and_code
    call writes
    call accesses
    call instructions
    call repeated
    call together
    call held_back
    call step_of_hlt
    call steps
    call user
    call ports
    call tasks
    OFF
    ret

registers:
    CHECK("DR0 to DR3 keep what is written")
    movl $0x12345678, %eax
    movl %eax, %dr0
    notl %eax
    movl %eax, %dr1
    movl $0xffffffff, %eax
    movl %eax, %dr2
    movl $1, %eax
    movl %eax, %dr3
    movl %dr0, %ebx
    IS(%ebx, $0x12345678)
    movl %dr1, %ebx
    IS(%ebx, $0xedcba987)
    movl %dr2, %ebx
    IS(%ebx, $0xffffffff)
    movl %dr3, %ebx
    IS(%ebx, $1)
    CHECK("DR6: bits 4 to 11 and 16 to 31 are set")
    xorl %eax, %eax
    movl %eax, %dr6
    movl %dr6, %ebx
    IS(%ebx, $0xffff0ff0)
    movl $0xf, %eax
    movl %eax, %dr6
    movl %dr6, %ebx
    IS(%ebx, $0xffff0fff)
    CHECK("DR6: bit 12 is clear")
    movl $0xffffffff, %eax
    movl %eax, %dr6
    movl %dr6, %ebx
    IS_MASKED(%ebx, $0x1000, $0)
    CHECK("DR7: bit 10 is set")
    OFF
    movl %dr7, %ebx
    IS(%ebx, $0x400)
    CHECK("DR7: bits 12, 14 and 15 are clear")
    DR7(0xd300)
    movl %dr7, %ebx
    IS(%ebx, $0x700)
    CHECK("DR4 and DR5 are DR6 and DR7")
    movl $0x100, %eax
    movl %eax, %dr5
    movl %dr7, %ebx
    IS(%ebx, $0x500)
    xorl %eax, %eax
    movl %eax, %dr4
    movl %dr4, %ebx
    IS(%ebx, $0xffff0ff0)
    CHECK("#UD of DR4 and DR5 with CR4.DE")
    movl $DE_, %eax
    movl %eax, %cr4
    FAULTS(UD, 0, movl %dr4, %ebx)
    FAULTS(UD, 0, movl %dr5, %ebx)
    FAULTS(UD, 0, movl %eax, %dr4)
    FAULTS(UD, 0, movl %eax, %dr5)
    xorl %eax, %eax
    movl %eax, %cr4
    OFF
    ret

general_detect:
    CHECK("GD: #DB before each access to a debug register, BD")
    DR7(GD)
    FAULTS(DB, 0, movl %dr0, %eax)
    DR6_IS(BD)
    DR7(GD)
    FAULTS(DB, 0, movl %eax, %dr3)
    DR6_IS(BD)
    DR7(GD)
    FAULTS(DB, 0, movl %eax, %dr7)
    DR6_IS(BD)
    CHECK("GD is clear in the handler")
    DR7(GD)
    FAULTS(DB, 0, movl %dr6, %eax)
    movl %dr7, %eax
    IS(%eax, $0x400)
    DR6_IS(BD)
    CHECK("RF is set in its frame")
    DR7(GD)
    FAULTS(DB, 0, movl %dr6, %eax)
    IS_MASKED(caught_flags, $RF, $RF)
    OFF
    DR6_IS(BD)
    ret

    .globl execution
execution:
    CHECK("execution: #DB before the instruction")
    xorl %ecx, %ecx
    BREAK(0, 7f, EXECUTE)
    STOPS(1, incl %ecx)
    IS(%ecx, $0)
    CHECK("execution: RF is clear in its frame")
    BREAK(0, 7f, EXECUTE)
    STOPS(1, incl %ecx)
    IS_MASKED(caught_flags, $RF, $0)
    CHECK("execution: each of DR0 to DR3, by L or G")
    BREAK(1, 7f, EXECUTE)
    STOPS(2, nop)
    BREAK(2, 7f, EXECUTE)
    STOPS(4, nop)
    BREAK(3, 7f, EXECUTE)
    STOPS(8, nop)
    BREAK(3, 7f, EXECUTE)
    DR7(GLOBAL(3))
    STOPS(8, nop)
    CHECK("execution: none that is not enabled")
    BREAK(0, 1f, EXECUTE)
    DR7(0x300)
    PASSES(1: nop)
    CHECK("execution: none for the second byte of an instruction")
    BREAK(0, 1f + 1, EXECUTE)
    PASSES(1: movl %ds:cell, %eax)
    CHECK("execution: on a prefix")
    BREAK(0, 7f, EXECUTE)
    STOPS(1, movl %ds:cell, %eax)
    CHECK("execution: before a fault of the instruction")
    BREAK(0, 7f, EXECUTE)
    STOPS(1, ud2)
    BREAK(0, 7f, EXECUTE)
    STOPS(1, hlt)
    CHECK("execution: where no page is, or no segment")
    call page
    BREAK(0, NOWHERE, EXECUTE)
    movl $NOWHERE, %eax
    CATCH(1f)
    jmp *%eax
1:  CAUGHT(DB, 0, NOWHERE)
    DR6_IS(1)
    OFF
    CATCH(1f)
    jmp *%eax
1:  CAUGHT(PF, 0, NOWHERE)
    call no_page
    CHECK("execution: in the middle of straight code, each time")
    GATE(DB, $passed, $G_INT)
    movl $0, count
    BREAK(0, 2f, EXECUTE)
    movl $100, %ecx
1:  addl $1, %eax
    movl %eax, %edx
2:  subl $1, %eax
    decl %ecx
    jnz 1b
    IS(count, $100)
    CHECK("execution: at the head of a loop, and where a branch goes")
    movl $0, count
    BREAK(0, 1f, EXECUTE)
    movl $50, %ecx
1:  decl %ecx
    jnz 1b
    IS(count, $50)
    BREAK(2, 3f, EXECUTE)
    movl $50, %ecx
1:  testl $1, %ecx
    jz 2f
    nop
3:  nop
2:  decl %ecx
    jnz 1b
    IS(count, $75)
    CHECK("execution: flags are those before it")
    movl $0, count
    BREAK(0, 2f, EXECUTE)
    movl $0x7fffffff, %eax
    addl $1, %eax
2:  cmpl %eax, %eax
    movl passed_flags, %eax
    IS_MASKED(%eax, $0x8d5, $0x894)
    CHECK("execution: moved to another address, off, and on again")
    movl $0, count
    movl $4, %ebx
1:  movl $2f, %eax
    testl $1, %ebx
    jz 4f
    movl $3f, %eax
4:  movl %eax, %dr1
    DR7(LOCAL(1))
    movl $10, %ecx
4:  nop
2:  nop
    loop 4b
3:  nop
    OFF
    decl %ebx
    jnz 1b
    IS(count, $22) /* 2 * 10 + 2 * 1 */
    CHECK("execution: a linear address, whatever the segment's base")
    DESCRIPTOR(BASED, $0x1000, $0xfffff, $A_CODE + A_32 + A_PAGES)
    movl $0, count
    BREAK(0, 1f, EXECUTE)
    ljmp $BASED, $1f - 0x1000
1:  ljmp $KCODE, $1f
1:  OFF
    IS(count, $1)
    CATCH_AGAIN(DB)
    movl %dr6, %eax
    IS_MASKED(%eax, $1, $1) /* bits of earlier ones may be left */
    xorl %eax, %eax
    movl %eax, %dr6
    CHECK("execution: in real-address mode")
    OFF
    REAL(real_mode)
    ret

/* Counts, and goes on behind the breakpoint by RF. */
passed:
    incl count
    orl $RF, 8(%esp)
    pushl 8(%esp)
    popl passed_flags
    iret

    .section .low, "ax"
    .code16
real_mode:
    call catch_real
    movl $7f, %eax
    movl %eax, %dr0
    movl $LOCAL(0), %eax
    movl %eax, %dr7
    FAULTS16(DB, incw %cx)
    xorl %eax, %eax
    movl %eax, %dr7
    jmp leave_real
    .text
    .code32

/* 4 MiB onto themselves, and nothing at NOWHERE. */
    .globl page
page:
    movl $0x83, directory
    movl $0x83, directory + 0x3fc * 4
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
    .globl no_page
no_page:
    movl %cr0, %eax
    andl $~0x80000000, %eax
    movl %eax, %cr0
    ret

/* IRET to an address with flags. */
#define RETURN(address, flags)                                                                     \
    pushl $(flags) + 2;                                                                            \
    pushl $KCODE;                                                                                  \
    pushl $address;                                                                                \
    iret

resume:
    CHECK("RF: IRET with it passes over the breakpoint, once")
    BREAK(0, 1f, EXECUTE)
    movl $5, %ecx
    CATCH(2f)
    RETURN(1f, RF)
1:  decl %ecx
    jnz 1b
2:  CAUGHT(DB, 0, 1b)
    IS(%ecx, $4)
    movl %dr6, %eax
    IS_MASKED(%eax, $1, $1)
    xorl %eax, %eax
    movl %eax, %dr6
    CHECK("RF is cleared by the instruction that it lets through")
    BREAK(0, 2f, EXECUTE)
    CATCH(3f)
    RETURN(1f, RF)
1:  incl %ecx
2:  nop
3:  CAUGHT(DB, 0, 2b)
    DR6_IS(1)
    CHECK("RF: POPF does not load it")
    BREAK(0, 7f, EXECUTE)
    pushl $RF + 2
    popfl
    STOPS(1, nop)
    CHECK("RF: PUSHF does not show it")
    BREAK(0, 1f, EXECUTE)
    RETURN(1f, RF)
1:  pushfl
    OFF
    popl %eax
    IS_MASKED(%eax, $RF, $0)
    CHECK("RF is set in the frame of a fault")
    FAULTS(UD, 0, ud2)
    IS_MASKED(caught_flags, $RF, $RF)
    FAULTS(DE, 0, xorl %ecx, %ecx; 7: divl %ecx)
    IS_MASKED(caught_flags, $RF, $RF)
    FAULTS(GP, FREE + 0x20, movl $FREE + 0x20, %eax; 7: movl %eax, %ds)
    IS_MASKED(caught_flags, $RF, $RF)
    CHECK("RF is clear in the frame of INT n and INT3")
    CATCH(2f)
    int $0x40
2:  IS_MASKED(caught_flags, $RF, $0)
    CATCH(2f)
    int3
2:  IS_MASKED(caught_flags, $RF, $0)
    CHECK("RF is clear in the frame of INT n that it let through")
    BREAK(0, 1f, EXECUTE)
    CATCH(2f)
    RETURN(1f, RF)
1:  int $0x40
2:  IS(caught_vector, $0x40)
    IS_MASKED(caught_flags, $RF, $0)
    CHECK("RF: a fault, mended, with a breakpoint on the instruction")
    GATE(DB, $passed, $G_INT)
    GATE(UD, $mend, $G_INT)
    movl $0, count
    movl $0x0b0f, buffer /* ud2 */
    movb $0xc3, buffer + 2
    BREAK(0, buffer, EXECUTE)
    call buffer
    OFF
    IS(count, $1)
    CATCH_AGAIN(UD)
    CATCH_AGAIN(DB)
    DR6_IS(1)
    ret

mend:
    movw $0x9090, buffer
    iret
strings_and_code:
    CHECK("execution: on a repeated string instruction, before it alone")
    GATE(DB, $passed, $G_INT)
    movl $0, count
    BREAK(0, 1f, EXECUTE)
    movl $buffer, %edi
    movl $20, %ecx
1:  rep stosb
    OFF
    IS(count, $1)
    IS(%ecx, $0)
    CATCH_AGAIN(DB)
    DR6_IS(1)
    ret

user:
    CHECK("at CPL 3: execution, write, access")
    BREAK(0, 7f, EXECUTE)
    USER_FAULTS(DB, 0, nop)
    DR6_IS(1)
    BREAK(1, cell, WRITE4)
    USER(8f, 6f)
6:  movl $0x77, cell
7:  nop
    ud2
8:  CAUGHT(DB, 0, 7b)
    IS(cell, $0x77)
    DR6_IS(2)
    BREAK(2, cell, ACCESS4)
    USER(8f, 6f)
6:  movl cell, %eax
7:  nop
    ud2
8:  CAUGHT(DB, 0, 7b)
    IS(%eax, $0x77)
    DR6_IS(4)
    CHECK("#GP of debug registers at CPL 3")
    OFF
    USER_FAULTS(GP, 0, movl %dr0, %eax)
    USER_FAULTS(GP, 0, movl %eax, %dr7)
    CHECK("INT1 at CPL 3, by a gate of DPL 0")
    USER(8f, 6f)
6:  .byte 0xf1
7:  nop
    ud2
8:  CAUGHT(DB, 0, 7b)
    DR6_IS(0)
    ret

ports:
    CHECK("port: none without CR4.DE")
    BREAK(0, PORT, PORT1)
    PASSES(outb %al, $PORT)
    CHECK("port: OUT and IN")
    movl $DE_, %eax
    movl %eax, %cr4
    TRAPS(1, outb %al, $PORT)
    TRAPS(1, inb $PORT, %al)
    CHECK("port: by DX, of words that overlap")
    movl $PORT, %edx
    TRAPS(1, outb %al, %dx)
    TRAPS(1, inw $PORT - 1, %ax)
    TRAPS(1, inl $PORT - 3, %eax)
    PASSES(inb $PORT - 1, %al)
    PASSES(inb $PORT + 4, %al)
    CHECK("port: two and four of them")
    BREAK(1, PORT + 1, PORT2)
    TRAPS(2, inb $PORT, %al)
    TRAPS(2, inb $PORT + 1, %al)
    PASSES(inb $PORT + 2, %al)
    BREAK(2, PORT + 4, PORT4)
    TRAPS(4, inb $PORT + 7, %al)
    PASSES(inb $PORT + 3, %al)
    CHECK("port: rep outs and rep ins, behind each element")
    GATE(DB, $counted, $G_INT)
    BREAK(0, PORT, PORT1)
    movl $0, count
    movl $buffer, %esi
    movl $PORT, %edx
    movl $5, %ecx
    rep outsb
    IS(count, $5)
    IS(%esi, $buffer + 5)
    movl $buffer, %edi
    movl $4, %ecx
    rep insb
    IS(count, $9)
    IS(%edi, $buffer + 4)
    CATCH_AGAIN(DB)
    OFF
    DR6_IS(1)
    xorl %eax, %eax
    movl %eax, %cr4
    ret

tasks:
    DESCRIPTOR(SECOND, $tss2, $0x67, $S_TSS)
    CHECK("a task switch clears L0 to L3 and LE")
    movl $tss2, %edi
    movl $0x68 / 4, %ecx
    xorl %eax, %eax
    rep stosl
    movl $1f, tss2 + TSS_EIP
    movl $2, tss2 + TSS_FLAGS
    movl $stack2, tss2 + TSS_ESP
    movl $KCODE, tss2 + TSS_CS
    movl $KDATA, tss2 + TSS_SS
    movl $KDATA, tss2 + TSS_DS
    movl $KDATA, tss2 + TSS_ES
    movl $cell, %eax
    movl %eax, %dr0
    movl %eax, %dr1
    movl %eax, %dr2
    movl %eax, %dr3
    DR7(0x3ff)
    ljmp $SECOND, $0
    jmp 2f
1:  movl %dr7, %ebx
    ljmp $TASK, $0
2:  movl tss2 + TSS_EAX + 12, %ebx
    IS(%ebx, $0x6aa)
    OFF
    clts
    CHECK("a task switch loads RF")
    movl $3f, tss2 + TSS_EIP
    movl $RF + 2, tss2 + TSS_FLAGS
    movl $3f, %eax
    movl %eax, %dr0
    DR7(GLOBAL(0))
    CATCH(1f)
    ljmp $SECOND, $0
    jmp 2f
1:  movl $stack2, %esp
    OFF
    IS(caught_vector, $-1)
    ljmp $TASK, $0
3:  nop
    movl $-1, caught_vector
    OFF
    ljmp $TASK, $0
2:  clts
    CHECK("a fault's task gate saves RF in the old task")
    movl $3f, tss2 + TSS_EIP
    movl $2, tss2 + TSS_FLAGS
    GATE_AT($idt + UD * 8, SECOND, $0, $G_TASK)
1:  ud2
    jmp 2f
3:  movl tss + TSS_FLAGS, %eax
    IS_MASKED(%eax, $RF, $RF)
    IS(tss + TSS_EIP, $1b)
    addl $2, tss + TSS_EIP
    iret
2:  clts
    CATCH_AGAIN(UD)
    DR6_IS(0)
    ret

    .data
    .align 4
    .globl control
control: .word 0x37f
    .align 4096
    .skip 64
    .globl buffer
buffer: .skip 1024
    .align 16
    .long 0, 0, 0, 0, 0, 0, 0, 0
    .globl cell
cell: .long 0, 0, 0, 0, 0, 0, 0
    .globl other
other: .long 0
    .globl count
count: .long 0
passed_flags: .long 0
    .align 16
    .skip 64
    .globl stack
stack: .skip 256
    .align 4096
    .skip 4096
    .globl border
border: .skip 4096
directory: .skip 4096
    .bss
    .align 16
tss2: .skip 0x70
    .skip 4096
stack2:
