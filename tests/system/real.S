/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real-address mode (SDM vol. 3, 20.1), and what protected mode leaves in it. */
#include "guest.inc"

/* Two segments of 64 KiB, one behind the other, for tests. */
#define DATA_SEGMENT 0x2000
#define NEXT_SEGMENT 0x3000

/* With DS not 0: it is the test's again afterwards. */
#define FAULTS16_DATA(vector, ...)                                                                 \
    pushw %ds;                                                                                     \
    movl %esp, %cs:caught_stack;                                                                   \
    movl $8f, %cs:caught_resume;                                                                   \
    movl $-1, %cs:caught_vector;                                                                   \
    7: __VA_ARGS__;                                                                                \
    8: movl %cs:caught_stack, %esp;                                                                \
    CAUGHT_(vector, 0, 7b, caught16);                                                              \
    popw %ds
#define SP_IS(value)                                                                               \
    movl %esp, %edx;                                                                               \
    IS16(%edx, value)
#define SEGMENT(value, reg)                                                                        \
    pushw $value;                                                                                  \
    popw reg

    .text
    .code32
    .globl image
image:
    movl $0x20000, %edi
    movl $0x8000, %ecx
    xorl %eax, %eax
    rep stosl
    movl $0xcccccccc, 0x10000 /* int3, for who goes on behind FFFFh */
    movl $0xcccccccc, 0x20000
    movl $0xcccccccc, 0x30000
    REAL(registers)
    REAL(addresses)
    REAL(limits)
    REAL(stack_limits)
    REAL(code_limits)
    REAL(strings)
    REAL(interrupts)
    REAL(undefined)
    REAL(transfers)
    REAL(loads)
    call unreal
    ret

    .section .low, "ax"
    .code16

registers:
    call catch_real
    CHECK16("16-bit instructions leave upper halves")
    movl $0x12345678, %eax
    movw $0xabcd, %ax
    IS16(%eax, $0x1234abcd)
    addw $0x7000, %ax
    IS16(%eax, $0x12341bcd)
    incw %ax
    IS16(%eax, $0x12341bce)
    xchgw %ax, %bx
    xchgw %bx, %ax
    shlw $4, %ax
    IS16(%eax, $0x1234bce0)
    pushw %ax
    movl $0x11111111, %ecx
    popw %cx
    IS16(%ecx, $0x1111bce0)
    movl $0xffff0002, %ecx
1:  loop 1b
    IS16(%ecx, $0xffff0000)
    jcxz 1f
    movl $0, %ecx
1:  IS16(%ecx, $0xffff0000)
    CHECK16("32-bit instructions")
    movl $0x87654321, %eax
    imull $3, %eax, %eax
    IS16(%eax, $0x962fc963)
    cltd
    IS16(%edx, $-1)
    movl $3, %ecx
1:  addr32 loop 1b
    IS16(%ecx, $0)
    pushl $0x55667788
    popw %ax
    popw %dx
    movzwl %dx, %edx
    IS16(%edx, $0x5566)
    CHECK16("SMSW, and CR0.PE is clear")
    smsw %ax
    andl $1, %eax
    IS16(%eax, $0)
    jmp leave_real

addresses:
    CHECK16("linear addresses: 16 times the selector, plus the offset")
    SEGMENT(DATA_SEGMENT, %ds)
    SEGMENT(DATA_SEGMENT + 1, %es)
    movb $0x5a, %es:0x1234
    movzbl 0x1244, %eax
    IS16(%eax, $0x5a)
    CHECK16("16-bit addresses wrap at 64 KiB")
    movb $0x77, 0xffff
    movw $0, %bx
    movzbl -1(%bx), %eax
    IS16(%eax, $0x77)
    movw $0x8000, %bx
    movw $0x7fff, %si
    movzbl (%bx,%si), %eax
    IS16(%eax, $0x77)
    movb $0x33, 1
    movw $0x8001, %si
    movzbl 0(%bx,%si), %eax
    IS16(%eax, $0x33)
    CHECK16("an address above 1 MiB")
    SEGMENT(0xffff, %fs)
    xorw %ax, %ax
    movw %ax, %ds
    movl %fs:0x10, %eax /* the image's header */
    IS16(%eax, $0x1badb002)
    CHECK16("32-bit addressing below 64 KiB")
    SEGMENT(DATA_SEGMENT, %ds)
    movl $0xff00, %ebx
    movl $0x40, %ecx
    movb $0x44, 0x3f(%ebx,%ecx,2)
    movzbl 0xffbf, %eax
    IS16(%eax, $0x44)
    CHECK16("BP and SP address the stack segment")
    SEGMENT(DATA_SEGMENT, %ds)
    movl $0x11112222, 0x100
    xorw %ax, %ax
    movw $LOW_FREE, %bp
    movl $0x33334444, (%bp)
    movw %ax, %ds
    movl LOW_FREE, %eax
    IS16(%eax, $0x33334444)
    CHECK16("stores by CS")
    movl $0x99887766, %cs:LOW_FREE
    movl LOW_FREE, %eax
    IS16(%eax, $0x99887766)
    CHECK16("XLAT, LEA")
    movw $LOW_FREE, %bx
    movb $2, %al
    xlat
    movzbl %al, %eax
    IS16(%eax, $0x88)
    movl $0x12345678, %edi
    movw $0xffff, %bx
    movw $2, %si
    leaw 1(%bx,%si), %di
    IS16(%edi, $0x12340002)
    jmp leave_real

limits:
    CHECK16("#GP of what ends behind FFFFh")
    SEGMENT(DATA_SEGMENT, %ds)
    FAULTS16_DATA(GP, movw 0xffff, %cx)
    FAULTS16_DATA(GP, movw %cx, 0xffff)
    FAULTS16_DATA(GP, movl 0xfffd, %ecx)
    FAULTS16_DATA(GP, movl %ecx, 0xfffe)
    FAULTS16_DATA(GP, addw $1, 0xffff)
    FAULTS16_DATA(GP, incl 0xffff)
    FAULTS16_DATA(GP, fldl 0xfff9)
    FAULTS16_DATA(GP, lesw 0xfffd, %cx)
    CHECK16("what ends at FFFFh")
    SEGMENT(DATA_SEGMENT, %ds)
    movw $0x1122, 0xfffe
    movl 0xfffc, %ecx
    movb 0xffff, %cl
    movzbl %cl, %ecx
    xorw %ax, %ax
    movw %ax, %ds
    IS16(%ecx, $0x11)
    CHECK16("#GP of a 32-bit offset behind FFFFh")
    SEGMENT(DATA_SEGMENT, %ds)
    movl $0x10000, %ebx
    FAULTS16_DATA(GP, movb (%ebx), %cl)
    FAULTS16_DATA(GP, movb %cl, -0x20000(%ebx))
    FAULTS16_DATA(GP, movl -3(%ebx), %ecx)
    CHECK16("no selector is null")
    xorw %ax, %ax
    movw %ax, %fs
    movl %fs:LOW_FREE, %eax
    IS16(%eax, $0x99887766)
    jmp leave_real

stack_limits:
    CHECK16("pushes wrap at 64 KiB")
    SEGMENT(DATA_SEGMENT, %ss)
    movl $0, %esp
    pushw $0x1234
    movl %esp, %ebx
    movl $STACK16, %esp
    xorw %ax, %ax
    movw %ax, %ss
    movl $STACK16, %esp
    IS16(%ebx, $0xfffe)
    SEGMENT(DATA_SEGMENT, %fs)
    movzwl %fs:0xfffe, %eax
    IS16(%eax, $0x1234)
    CHECK16("pops wrap at 64 KiB")
    SEGMENT(DATA_SEGMENT, %ss)
    movl $0xabcdfffe, %esp
    popw %cx
    movl %esp, %ebx
    xorl %eax, %eax
    movw %ax, %ss
    movl $STACK16, %esp
    movzwl %cx, %ecx
    IS16(%ecx, $0x1234)
    IS16(%ebx, $0xabcd0000)
    CHECK16("the upper half of ESP is left alone")
    movl %esp, %ebx
    movl $0x12340000 + STACK16, %esp
    pushw $1
    pushl $2
    movl %esp, %ecx
    movl %ebx, %esp
    IS16(%ecx, $0x12340000 + STACK16 - 6)
    jmp leave_real

code_limits:
    CHECK16("#GP of a jump behind FFFFh")
    movl $0x10000, %ebx
    CATCH(1f)
    jmpl *%ebx
1:  IS16(caught_vector, $GP)
    CHECK16("the jump before it: the code at FFFFh is run")
    SEGMENT(DATA_SEGMENT, %fs)
    movl $0x90909090, %fs:0xfffc
    CATCH(1f)
    movw $LOW_FREE, %bx
    movl $DATA_SEGMENT << 16 | 0xfffc, (%bx)
    ljmpw *(%bx)
1:  IS16(caught_vector, $GP)
    IS16(caught_cs, $DATA_SEGMENT)
    CHECK16("#GP of an instruction that ends behind FFFFh")
    movl $0xb8909090, %fs:0xfffc /* movw $.., %ax */
    CATCH(1f)
    ljmpw *(%bx)
1:  CAUGHT_(GP, 0, 0xffff, caught16)
    CHECK16("16-bit jumps wrap at 64 KiB")
    movw $0x06eb, %fs:0xfffe /* jmp over the next 6 bytes */
    movb $0xcc, %fs:6 /* int3 */
    CATCH(1f)
    movl $DATA_SEGMENT << 16 | 0xfffe, (%bx)
    ljmpw *(%bx)
1:  CAUGHT_(BP, 0, 7, caught16)
    IS16(caught_cs, $DATA_SEGMENT)
    jmp leave_real

strings:
    CHECK16("rep movs wraps at 64 KiB")
    SEGMENT(DATA_SEGMENT, %ds)
    SEGMENT(NEXT_SEGMENT, %es)
    movl $0x44332211, 0xfffc
    movl $0x88776655, 0
    movl $0x1234fffc, %esi
    movl $0x5678fffe, %edi
    movl $0xffff0008, %ecx
    rep movsb
    IS16(%ecx, $0xffff0000)
    IS16(%esi, $0x12340004)
    IS16(%edi, $0x56780006)
    movzwl %es:0xfffe, %eax
    IS16(%eax, $0x2211)
    movl %es:0, %eax
    IS16(%eax, $0x66554433)
    CHECK16("rep movs of words up to an odd end: #GP")
    SEGMENT(DATA_SEGMENT, %ds)
    movl $0xfffb, %esi
    movl $0x100, %edi
    movl $10, %ecx
    FAULTS16_DATA(GP, rep movsw)
    IS16(%esi, $0xffff)
    IS16(%ecx, $8)
    IS16(%edi, $0x104)
    SEGMENT(NEXT_SEGMENT, %es)
    CHECK16("rep stos downwards wraps")
    std
    movw $2, %di
    movw $6, %cx
    movb $0x99, %al
    rep stosb
    cld
    movzwl %di, %edi
    IS16(%edi, $0xfffc)
    movzwl %es:0xfffd, %eax
    IS16(%eax, $0x9999)
    CHECK16("repne scas, and a count of zero")
    movb $0x77, %es:0x500
    movw $0x400, %di
    movw $0xffff, %cx
    movb $0x77, %al
    repne scasb
    movzwl %di, %edi
    IS16(%edi, $0x501)
    xorw %cx, %cx
    rep stosb
    IS16(%edi, $0x501)
    CHECK16("rep movs with 32-bit addresses")
    movl $3, %ecx
    movl $0x500, %esi
    movl $0x600, %edi
    addr32 rep movsb %es:(%esi), %es:(%edi)
    IS16(%ecx, $0)
    IS16(%esi, $0x503)
    movzbl %es:0x600, %eax
    IS16(%eax, $0x77)
    jmp leave_real

interrupts:
    CHECK16("INT n by the vector table, and IRET")
    movl $1f, 0x40 * 4
    pushw $0x202
    popfw
    movw %sp, %bp
    int $0x40
2:  pushfw
    popw %ax
    cli
    andl $0x201, %eax
    IS16(%eax, $0x201)
    jmp 3f
1:  pushfw
    popw %ax
    andl $0x300, %eax
    IS16(%eax, $0)
    movzwl (%esp), %eax
    IS16(%eax, $2b)
    movzwl 2(%esp), %eax
    IS16(%eax, $0)
    movzwl 4(%esp), %eax
    andl $0x200, %eax
    IS16(%eax, $0x200)
    orw $1, 4(%esp)
    movw %sp, %ax
    subw %ax, %bp
    movzwl %bp, %ebp
    IS16(%ebp, $6)
    iretw
3:  CHECK16("IRET of 32 bits")
    pushl $0x8d7
    pushl $0
    pushl $1f
    iretl
1:  pushfl
    popl %eax
    IS16(%eax, $0x8d7)
    CHECK16("exceptions push no error code")
    xorl %ecx, %ecx
    FAULTS16(DE, divl %ecx)
    IS16(caught_esp, $STACK16)
    CHECK16("INT3, INTO and BOUND")
    CATCH(1f)
    int3
2:  nop
1:  CAUGHT_(BP, 0, 2b, caught16)
    CATCH(1f)
    movb $0x80, %al
    decb %al
    into
2:  nop
1:  CAUGHT_(OF, 0, 2b, caught16)
    movw $5, %ax
    FAULTS16(BR, boundw %ax, limits_of_bound)
    CHECK16("#GP of a vector behind the end of the table")
    movl $0x3f * 4 + 3, LOW_FREE
    movl $0, LOW_FREE + 2
    lidtw LOW_FREE
    FAULTS16(GP, int $0x40)
    FAULTS16(GP, int $0xff)
    movw $0x40 * 4 + 2, LOW_FREE
    lidtw LOW_FREE
    FAULTS16(GP, int $0x40)
    lidtl real_idt
    CHECK16("a vector table elsewhere")
    movl $0x20000, LOW_FREE + 2
    movw $0x3ff, LOW_FREE
    SEGMENT(DATA_SEGMENT, %es)
    movl $1f, %es:0x40 * 4
    lidtl LOW_FREE
    int $0x40
1:  addw $6, %sp
    lidtl real_idt
    SP_IS($STACK16)
    jmp leave_real
limits_of_bound: .word 6, 10

undefined:
    CHECK16("#UD of instructions of protected mode")
    FAULTS16(UD, lldt %ax)
    FAULTS16(UD, ltr %ax)
    FAULTS16(UD, sldt %ax)
    FAULTS16(UD, str %ax)
    FAULTS16(UD, verr %ax)
    FAULTS16(UD, verw %ax)
    FAULTS16(UD, lar %ax, %cx)
    FAULTS16(UD, lsl %ax, %cx)
    FAULTS16(UD, arpl %ax, %cx)
    CHECK16("privileged instructions are allowed")
    cli
    movl %cr0, %eax
    movl %eax, %cr0
    movl %cr3, %eax
    clts
    sidtl LOW_FREE
    movzwl LOW_FREE, %eax
    IS16(%eax, $0x3ff)
    jmp leave_real

transfers:
    CHECK16("far calls, jumps and returns")
    lcallw $0x0001, $1f - 0x10
2:  SP_IS($STACK16)
    IS16(%ebx, $1)
    IS16(%ecx, $2b) /* CS was 0 */
    jmp 3f
1:  movw %cs, %bx
    movzwl %bx, %ebx
    movl (%esp), %ecx
    lretw
3:  CHECK16("far returns that drop parameters")
    pushw $1
    pushw $2
    pushw %cs
    pushw $1f
    lretw $4
1:  SP_IS($STACK16)
    CHECK16("far calls of 32 bits")
    lcalll $0, $1f
1:  popl %eax
    IS16(%eax, $1b)
    popl %eax
    IS16(%eax, $0)
    CHECK16("far jumps by memory")
    movl $1f, LOW_FREE
    movw $0, LOW_FREE + 4
    ljmpl *LOW_FREE
    ud2
1:  movl $1f, LOW_FREE
    ljmpw *LOW_FREE
    ud2
1:  CHECK16("near calls and returns of 16 and 32 bits")
    callw 1f
2:  jmp 3f
1:  movzwl (%esp), %eax
    IS16(%eax, $2b)
    retw
3:  calll 1f
2:  jmp 3f
1:  movl (%esp), %eax
    IS16(%eax, $2b)
    retl
3:  SP_IS($STACK16)
    CHECK16("ENTER, LEAVE, PUSHA, POPA")
    movl $0x11110000 + LOW_FREE, %ebp
    enterw $8, $0
    IS16(%ebp, $0x11110000 + STACK16 - 2)
    SP_IS($STACK16 - 10)
    leavew
    IS16(%ebp, $0x11110000 + LOW_FREE)
    movl $0xaaaa1111, %eax
    movl $0xbbbb2222, %edi
    pushaw
    SP_IS($STACK16 - 16)
    movl $0, %eax
    movl $0, %edi
    popaw
    IS16(%eax, $0x1111)
    IS16(%edi, $0x2222)
    SP_IS($STACK16)
    jmp leave_real

loads:
    CHECK16("LES and its like, MOV and POP of segment registers")
    movl $0x12345678, LOW_FREE
    lesw LOW_FREE, %bx
    movl %es, %eax
    movzwl %ax, %eax
    IS16(%eax, $0x1234)
    movzwl %bx, %ebx
    IS16(%ebx, $0x5678)
    movl $0x89abcdef, LOW_FREE
    movw $0x2468, LOW_FREE + 4
    lfsl LOW_FREE, %ebx
    IS16(%ebx, $0x89abcdef)
    movw %fs, %ax
    movzwl %ax, %eax
    IS16(%eax, $0x2468)
    pushw $0x1357
    popw %gs
    movl $-1, %eax
    movw %gs, %ax
    IS16(%eax, $0xffff1357)
    movw %gs, LOW_FREE
    movzwl LOW_FREE, %eax
    IS16(%eax, $0x1357)
    CHECK16("the selectors are as loaded, down to RPL")
    pushw $0x2003
    popw %fs
    movb $0x66, %fs:0x10
    SEGMENT(DATA_SEGMENT, %es)
    movzbl %es:0x40, %eax
    IS16(%eax, $0x66)
    jmp leave_real

    .text
    .code32
/* Limits that were loaded in protected mode stay ("unreal" mode). */
unreal:
    movl $0x87654321, big_offset
    CHECK("a limit of 4 GiB stays in real-address mode")
    REAL(use_big_limit)
    IS(real_eax, $0x87654321)
    CHECK("and when the segment register is loaded there")
    IS(real_ebx, $0x87654321)
    CHECK("and writes")
    IS(big_offset, $0x13579bdf)
    ret

    .section .low, "ax"
    .code16
use_big_limit:
    cli
    lgdtl gdt_pointer
    movl %cr0, %eax
    orl $1, %eax
    movl %eax, %cr0
    jmp 1f
1:  movw $KDATA, %bx
    movw %bx, %fs
    andl $~1, %eax
    movl %eax, %cr0
    jmp 1f
1:  movl $big_offset, %edx
    movl %fs:(%edx), %eax
    movl %eax, real_eax
    pushw $0x1000
    popw %fs
    movl %fs:-0x10000(%edx), %eax
    movl %eax, real_ebx
    movl $0x13579bdf, %fs:-0x10000(%edx)
    jmp leave_real

    .section .low.data, "aw"
real_eax: .long 0
real_ebx: .long 0

    .bss
big_offset: .long 0
