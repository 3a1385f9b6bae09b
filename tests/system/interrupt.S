/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When interrupts and traps are taken (SDM vol. 3, 6.8, 6.9, 17.3.1.4), and HLT. */
#include "guest.inc"

#define IF 0x200
#define TF 0x100

/* Sets the flags to a value with IF or TF in it. */
#define FLAGS(value)                                                                               \
    pushl $value;                                                                                  \
    popfl

    .text
    .code32
    .globl image
image:
    OUTB(0x21, 0xfe)
    call halt
    call shadow
    call loops
    call strings
    call user
    call frames
    call single_step
    call nmi
    ret

/* --- the timer --- */

/* IRQ 0 once, in about a millisecond (8254 data sheet, mode 0). Keeps registers. */
one_shot:
    pushl %eax
    OUTB(0x43, 0x30)
    OUTB(0x40, 0xb0)
    OUTB(0x40, 0x04)
    popl %eax
    ret

/* The same, and it has happened: the controller has the request. IF must be clear. */
pending:
    pushl %eax
    call one_shot
    OUTB(0x20, 0x0a)
1:  inb $0x20, %al
    testb $1, %al
    jz 1b
    popl %eax
    ret

/* IRQ 0 about 4000 times a second, to the handler at tick. */
ticking:
    GATE(0x20, $tick, $G_INT)
    OUTB(0x43, 0x34)
    OUTB(0x40, 0x2a)
    OUTB(0x40, 0x01)
    ret

quiet:
    cli
    OUTB(0x43, 0x30)
    CATCH_AGAIN(0x20)
    call take
    ret

/* The end of an interrupt, and of one that may still be waiting. */
eoi:
    pushl %eax
    OUTB(0x20, 0x20)
    popl %eax
    ret
take:
    CATCH(1f)
    sti
    nop
    nop
1:  cli
    call eoi
    ret

/* A tick inside the instruction at string_eip is counted, and whether it finds wrong registers. */
tick:
    incl ticks
    pushl %eax
    movl 4(%esp), %eax
    cmpl string_eip, %eax
    jne 1f
    incl inside
    /* The sum of what is done and what is left stays the same. */
    movl %ecx, %eax
    shll $2, %eax
    addl %edi, %eax
    cmpl string_end, %eax
    je 1f
    incl wrong
1:  OUTB(0x20, 0x20)
    popl %eax
    iret

/* An interrupt at an instruction. */
#define INTERRUPTED(eip)                                                                           \
    CAUGHT(0x20, 0, eip);                                                                          \
    call eoi

/* --- HLT --- */

halt:
    CHECK("HLT ends with an interrupt, behind itself")
    CATCH(1f)
    call one_shot
    sti
    hlt
2:  jmp 2b
1:  INTERRUPTED(2b)
    CHECK("HLT with an interrupt waiting")
    call pending
    CATCH(1f)
    sti
    hlt
2:  jmp 2b
1:  INTERRUPTED(2b)
    CHECK("HLT goes on after the handler")
    GATE(0x20, $tick, $G_INT)
    movl $5, %ebx
    movl ticks, %ecx
1:  call one_shot
    sti
    hlt
    cli
    decl %ebx
    jnz 1b
    negl %ecx
    addl ticks, %ecx
    IS(%ecx, $5)
    CATCH_AGAIN(0x20)
    ret

/* --- IF, and the one instruction behind STI --- */

shadow:
    CHECK("STI: one more instruction before the interrupt")
    call pending
    CATCH(1f)
    xorl %eax, %eax
    sti
    incl %eax
2:  incl %eax
    incl %eax
1:  INTERRUPTED(2b)
    IS(%eax, $1)
    CHECK("STI: the instruction behind it may be a jump")
    call pending
    CATCH(1f)
    sti
    jmp 2f
    nop
2:  jmp 2b
1:  INTERRUPTED(2b)
    CHECK("STI, CLI: no interrupt")
    call pending
    CATCH(1f)
    sti
    cli
    nop
    nop
1:  IS(caught_vector, $-1)
    call take
    CHECK("STI with IF set: no delay")
    CATCH(1f)
    call one_shot
    sti
    nop
2:  sti
    jmp 2b
1:  cli
    movl caught_eip, %eax
    cmpl $2b + 1, %eax
    je 3f
    IS(%eax, $2b)
3:  call eoi
    CHECK("POPF: the interrupt comes at once")
    call pending
    CATCH(1f)
    FLAGS(IF)
2:  nop
    nop
1:  INTERRUPTED(2b)
    CHECK("IRET: the interrupt comes at once")
    call pending
    CATCH(1f)
    pushl $IF
    pushl $KCODE
    pushl $2f
    iret
2:  nop
    nop
1:  INTERRUPTED(2b)
    CHECK("only where IF is set")
    CATCH(1f)
    call one_shot
2:  sti
    nop
3:  cli
    nop
    nop
    jmp 2b
1:  INTERRUPTED(3b)
    CHECK("INT n pushes IF, and its handler runs without")
    GATE(0x40, $1f, $G_INT)
    sti
    int $0x40
    pushfl
    popl %eax
    cli
    IS_MASKED(%eax, $IF, $IF)
    jmp 2f
1:  pushfl
    popl %eax
    IS_MASKED(%eax, $IF, $0)
    iret
2:  CATCH_AGAIN(0x40)
    ret

/* --- loops that nothing but the interrupt ends --- */

/* An interrupt that comes before the loop is there, since the host had other work, is for nothing. */
#define ENDLESS(text, at, ...)                                                                     \
    CHECK(text);                                                                                   \
    7: CATCH(6f);                                                                                  \
    call one_shot;                                                                                 \
    sti;                                                                                           \
    8: __VA_ARGS__;                                                                                \
    6: cli;                                                                                        \
    IS(caught_vector, $0x20);                                                                      \
    call eoi;                                                                                      \
    movl caught_eip, %eax;                                                                         \
    cmpl $8b, %eax;                                                                                \
    jb 5f;                                                                                         \
    cmpl $at, %eax;                                                                                \
    jb 7b;                                                                                         \
    cmpl $6b, %eax;                                                                                \
    ja 5f;                                                                                         \
    movl $at, %eax;                                                                                \
    5: IS(%eax, $at)

loops:
    ENDLESS("a jump to itself", 1b, 1: jmp 1b)
    ENDLESS("two jumps", 1b, 1: jmp 2f; nop; 2: jmp 1b)
    ENDLESS("a conditional jump", 1b, xorl %eax, %eax; 1: jz 1b)
    ENDLESS("a conditional jump over a jump", 1b, xorl %eax, %eax; 1: jnz 2f; jmp 1b; 2: hlt)
    ENDLESS("LOOP", 1b, 1: movl $5, %ecx; loop 1b)
    ENDLESS("JECXZ", 1b, xorl %ecx, %ecx; 1: jecxz 1b)
    ENDLESS("a jump through a register", 1b, movl $1f, %eax; 1: jmp *%eax)
    ENDLESS("a jump through memory", 1b, movl $1f, target; 1: jmp *target)
    ENDLESS("calls and returns", 1b, 1: call 2f; jmp 1b; 2: ret)
    ENDLESS("returns", 1b, 1: pushl $1b; ret)
    ENDLESS("far jumps", 1b, 1: ljmp $KCODE, $1b)
    ENDLESS("far returns", 1b, 1: pushl %cs; pushl $1b; lret)
    ENDLESS("IRETs", 1b, 1: pushl $IF; pushl %cs; pushl $1b; iret)
    ENDLESS("software interrupts", 1b, movl $2f, %eax; GATE_AT($idt + 0x40 * 8, KCODE, %eax, \
            $G_TRAP); 1: int $0x40; jmp 1b; 2: iret)
    ENDLESS("reads of a port", 1b, 1: inb $0x64, %al; jmp 1b)
    CHECK("jumps across pages")
    CATCH(1f)
    call one_shot
    sti
    jmp hop
1:  IS(caught_vector, $0x20)
    subl $hop, caught_eip
    IS_MASKED(caught_eip, $~0x1000, $0) /* in either page */
    call eoi
    CATCH_AGAIN(0x40)
    ret

/* --- string instructions --- */

#define SOURCE 0x1000000
#define TARGET 0x2000000
#define COUNT  0x100000

/* The instruction at 1:, from the registers set, until three ticks have fell into it. */
#define UNTIL_INTERRUPTED(...)                                                                     \
    movl $0, inside;                                                                               \
    movl $0, wrong;                                                                                \
    movl $3000, %ebx;                                                                              \
    6: movl $SOURCE, %esi;                                                                         \
    movl $TARGET, %edi;                                                                            \
    movl $COUNT, %ecx;                                                                             \
    movl $7f, string_eip;                                                                          \
    movl $TARGET + COUNT * 4, string_end;                                                          \
    sti;                                                                                           \
    nop;                                                                                           \
    7: __VA_ARGS__;                                                                                \
    cli;                                                                                           \
    decl %ebx;                                                                                     \
    jz 8f;                                                                                         \
    cmpl $3, inside;                                                                               \
    jb 6b;                                                                                         \
    8: movl inside, %edx;                                                                          \
    cmpl $3, %edx;                                                                                 \
    jb 6f;                                                                                         \
    movl $3, %edx;                                                                                 \
    6: IS(%edx, $3);                                                                               \
    IS(wrong, $0);                                                                                 \
    IS(%ecx, $0);                                                                                  \
    IS(%edi, $TARGET + COUNT * 4)

strings:
    movl $SOURCE, %edi
    movl $COUNT, %ecx
    movl $0x9e3779b9, %eax
1:  stosl
    leal 0x1234567(%eax,%eax,2), %eax
    loop 1b
    call ticking
    CHECK("interrupts in rep movs")
    UNTIL_INTERRUPTED(rep movsl)
    IS(%esi, $SOURCE + COUNT * 4)
    CHECK("interrupts in repe cmps")
    UNTIL_INTERRUPTED(repe cmpsl)
    CHECK("interrupts in rep stos")
    movl $0x77777777, %eax
    UNTIL_INTERRUPTED(rep stosl)
    CHECK("interrupts in repe scas")
    UNTIL_INTERRUPTED(repe scasl)
    CHECK("interrupts in repne scas, and its flags")
    movl $0, TARGET + COUNT * 4 - 4
    movl $0, %eax
    UNTIL_INTERRUPTED(repne scasl; setz %dl; movb %dl, found)
    movzbl found, %edx
    IS(%edx, $1)
    call quiet
    ret

/* --- from CPL 3 --- */

user:
    CHECK("an interrupt at CPL 3 changes the stack")
    call one_shot
    CATCH(1f)
    TO_USER(2f, IF + 2)
2:  jmp 2b
1:  INTERRUPTED(2b)
    IS(caught_cs, $UCODE)
    IS(caught_ss, $UDATA)
    IS(caught_esp, $user_stack)
    IS(caught_frame, $kernel_stack_inner - 20)
    ret

/* --- a frame that falls on the code it interrupts (vol. 3, 11.6) --- */

frames:
    CHECK("an interrupt's frame over the loop it ends")
    movl $2, %ebx
1:  movw $0xfeeb, buffer /* jmp buffer */
    call one_shot
    CATCH(2f)
    movl $buffer + 4, %esp
    sti
    jmp buffer
2:  CAUGHT(0x20, 0, buffer)
    call eoi
    decl %ebx
    jnz 1b
    ret

/* --- single steps --- */

/* The addresses behind the instructions that were stepped, in order; DR6.BS of all of them. */
stepped:
    pushl %eax
    pushl %ebx
    movl %dr6, %eax
    andl %eax, trace_dr6
    andl $~0x4000, %eax
    movl %eax, %dr6
    movl trace_at, %ebx
    movl 8(%esp), %eax
    movl %eax, (%ebx)
    addl $4, trace_at
    popl %ebx
    popl %eax
    iret

#define TRACE(...)                                                                                 \
    movl $trace, trace_at;                                                                         \
    movl $-1, trace_dr6;                                                                           \
    FLAGS(TF + 2);                                                                                 \
    1: __VA_ARGS__;                                                                                \
    9: FLAGS(2);                                                                                   \
    IS_MASKED(trace_dr6, $0x4000, $0x4000);                                                        \
    movl $trace, %esi
#define STEP(address)                                                                              \
    lodsl;                                                                                         \
    IS(%eax, $address)

single_step:
    GATE(DB, $stepped, $G_INT)
    CHECK("#DB after each instruction with TF, DR6.BS")
    TRACE(nop; 2: movl $1, %ecx; 3: jecxz 4f; 4: jmp 5f; nop; 5: nop)
    STEP(2b)
    STEP(3b)
    STEP(4b)
    STEP(5b)
    STEP(9b)
    CHECK("#DB after each element of a rep movs")
    movl $buffer, %edi
    TRACE(movl $3, %ecx; 2: rep stosb; 3: nop)
    STEP(2b)
    STEP(2b)
    STEP(2b)
    STEP(3b)
    STEP(9b)
    IS(%edi, $buffer + 3)
    CHECK("INT n and its handler are not stepped")
    movl $6f, %eax
    GATE_AT($idt + 0x40 * 8, KCODE, %eax, $G_INT)
    TRACE(int $0x40; 2: nop; 3: jmp 9f; 6: nop; nop; iret)
    STEP(3b)
    STEP(9b)
    CATCH_AGAIN(0x40)
    CHECK("no #DB between MOV to SS and the next instruction")
    movl %ss, %eax
    TRACE(movl %eax, %ss; 2: nop; 3: nop; 4: pushl %ss; 5: popl %ss; 6: nop)
    STEP(3b)
    STEP(4b)
    STEP(5b)
    STEP(9b)
    CHECK("#DB after STI, CLI and PUSHF, which pushes TF")
    TRACE(cli; 2: pushfl; 3: popl %ebx)
    STEP(2b)
    STEP(3b)
    STEP(9b)
    IS_MASKED(%ebx, $TF, $TF)
    CHECK("#DB after STI")
    OUTB(0x21, 0xff)
    TRACE(sti; 2: nop; 3: cli)
    STEP(2b)
    STEP(3b)
    OUTB(0x21, 0xfe)
    CHECK("a fault is not stepped")
    movl $trace, trace_at
    CATCH(2f)
    FLAGS(TF + 2)
1:  ud2
2:  CAUGHT(UD, 0, 1b)
    IS(trace_at, $trace)
    IS_MASKED(caught_flags, $TF, $TF)
    CHECK("code that changes itself, stepped")
    TRACE(movb $5, 3f + 1; 2: nop; 3: movb $1, %bl; 4: nop)
    STEP(2b)
    STEP(3b)
    STEP(4b)
    movzbl %bl, %ebx
    IS(%ebx, $5)
    movb $1, 3b + 1
    CATCH_AGAIN(DB)
    ret

/* --- NMI, by the local APIC (SDM vol. 3, 6.7.1; 11.6.1) --- */

#define APIC 0xfee00000

/* To the processor itself. Keeps registers. */
send_nmi:
    pushl %eax
    movl APIC + 0x20, %eax
    movl %eax, APIC + 0x310
    movl $0x4400, APIC + 0x300
    popl %eax
    ret

/* Until so many have been handled, or a while has passed. */
#define WAIT_NMIS(count)                                                                           \
    movl $0x100000, %ecx;                                                                          \
    8: cmpl $count, nmis;                                                                          \
    loopne 8b

/* Each sends as many more, the first time, as nmis_more says, and waits a while. */
take_nmi:
    pushl %ecx
    movl nmis, %ecx
    cmpl $0, %ecx
    jne 2f
    movl nmis_more, %ecx
    jecxz 2f
1:  call send_nmi
    loop 1b
    movl $1000, %ecx
1:  loop 1b
    movl nmis, %ecx
    movl %ecx, nmis_within
2:  incl nmis
    popl %ecx
    iret

nmi:
    GATE(2, $take_nmi, $G_INT)
    CHECK("NMI: IF does not mask it")
    movl $0, nmis_more
    call send_nmi
    WAIT_NMIS(1)
    IS(nmis, $1)
    CHECK("NMI: one waits for the end of the one before")
    movl $0, nmis
    movl $2, nmis_more
    movl $-1, nmis_within
    call send_nmi
    WAIT_NMIS(2)
    IS(nmis_within, $0)
    IS(nmis, $2)
    movl $1000, %ecx
1:  loop 1b
    IS(nmis, $2)
    CATCH_AGAIN(2)
    ret

    .align 4096
hop:
    jmp hop + 0x1000
    .align 4096
    jmp hop

    .data
    .align 4
ticks: .long 0
inside: .long 0
wrong: .long 0
string_eip: .long 0
string_end: .long 0
target: .long 0
trace_at: .long 0
trace_dr6: .long 0
found: .long 0
nmis: .long 0
nmis_more: .long 0
nmis_within: .long 0

    .bss
    .align 4096
buffer: .skip 4096
trace: .skip 4096
