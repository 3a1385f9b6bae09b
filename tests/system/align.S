/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alignment check (SDM vol. 3, 6.15, "Interrupt 17", table 6-7). */
#include "v86.inc"

#define AC_FLAG 0x40000
#define CR0_AM  0x40000
#define ALIGN   17

/* An instruction at CPL 3 with EFLAGS.AC. */
#define REFUSED(...)                                                                               \
    CATCH(8f);                                                                                     \
    TO_USER(7f, 2 + AC_FLAG);                                                                      \
    7: __VA_ARGS__;                                                                                \
    ud2;                                                                                           \
    8: CAUGHT(ALIGN, 0, 7b)
#define ALLOWED_WITH(flags, ...)                                                                   \
    CATCH(8f);                                                                                     \
    TO_USER(6f, 2 + (flags));                                                                      \
    6: __VA_ARGS__;                                                                                \
    7: ud2;                                                                                        \
    8: CAUGHT(UD, 0, 7b)
#define ALLOWED(...) ALLOWED_WITH(AC_FLAG, __VA_ARGS__)

    .text
    .code32
    .globl image
image:
    fninit
    movl %cr0, %eax
    orl $CR0_AM, %eax
    movl %eax, %cr0
    call integers
    call strings
    call stacks
    call wide
    call media
    call where
    call kernel
    movl %cr0, %eax
    andl $~CR0_AM, %eax
    movl %eax, %cr0
    CHECK("no check without CR0.AM")
    ALLOWED(movl area + 1, %eax; movl %eax, area + 2)
    ret

integers:
    CHECK("#AC of words at odd addresses")
    REFUSED(movw area + 1, %ax)
    REFUSED(movw %ax, area + 1)
    REFUSED(addw %ax, area + 3)
    ALLOWED(movw area + 2, %ax; movw %ax, area + 6)
    CHECK("#AC of doublewords at no multiple of 4")
    REFUSED(movl area + 1, %eax)
    REFUSED(movl area + 2, %eax)
    REFUSED(movl %eax, area + 3)
    ALLOWED(movl area + 4, %eax; movl %eax, area + 8)
    CHECK("#AC of a write leaves memory, of a read the register")
    movl $0x11111111, area
    movl $0x22222222, area + 4
    movl $-1, %eax
    REFUSED(movl %eax, area + 2)
    REFUSED(incl area + 2)
    REFUSED(xchgl %eax, area + 2)
    IS(area, $0x11111111)
    IS(area + 4, $0x22222222)
    REFUSED(movl area + 1, %eax)
    IS(%eax, $-1)
    CHECK("bytes are anywhere")
    ALLOWED(movb area + 1, %al; incb area + 3; movzbl area + 5, %eax)
    CHECK("#AC of what reads, changes and writes")
    REFUSED(orl $1, area + 1)
    REFUSED(shll $1, area + 2)
    REFUSED(lock; cmpxchgl %ecx, area + 1)
    REFUSED(xaddl %ecx, area + 3)
    CHECK("#AC of bit strings' elements, where they are")
    movl $32, %ecx
    REFUSED(btl %ecx, area + 2)
    ALLOWED(btl %ecx, area)
    CHECK("#AC of doublewords across pages")
    REFUSED(movl page - 2, %eax)
    REFUSED(movl %eax, page - 1)
    CHECK("#AC of far pointers")
    REFUSED(lesl area + 1, %eax)
    CHECK("the linear address counts, not the offset")
    DESCRIPTOR(FREE + 3, $area + 1, $0xff, $A_DATA + A_DPL3 + A_32)
    CATCH(8f)
    TO_USER(6f, 2 + AC_FLAG)
6:  pushl $FREE + 3
    popl %fs
    movl %fs:3, %eax
7:  movl %fs:4, %eax
    ud2
8:  CAUGHT(ALIGN, 0, 7b)
    ret

strings:
    CHECK("#AC of string instructions, at the element")
    movl $area, %edi
    movl $area + 2, %esi
    movl $4, %ecx
    REFUSED(rep movsl)
    IS(%ecx, $4)
    IS(%esi, $area + 2)
    movl $area + 1, %edi
    REFUSED(rep stosl)
    IS(%ecx, $4)
    REFUSED(rep stosw)
    ALLOWED(rep stosb)
    IS(%ecx, $0)
    CHECK("#AC of comparisons")
    movl $area + 1, %edi
    movl $4, %ecx
    REFUSED(repne scasl)
    movl $area, %esi
    REFUSED(repe cmpsw)
    IS(%ecx, $4)
    ret

/* One instruction at CPL 3 with another ESP. */
#define STACK_REFUSED(top, ...)                                                                    \
    CATCH(8f);                                                                                     \
    TO_USER(6f, 2 + AC_FLAG);                                                                      \
    6: movl top, %esp;                                                                             \
    7: __VA_ARGS__;                                                                                \
    ud2;                                                                                           \
    8: CAUGHT(ALIGN, 0, 7b);                                                                       \
    IS(caught_esp, top)

stacks:
    CHECK("#AC of pushes and pops, which leave ESP")
    STACK_REFUSED($area + 0x42, pushl %eax)
    STACK_REFUSED($area + 0x41, pushw %ax)
    STACK_REFUSED($area + 0x42, popl %eax)
    STACK_REFUSED($area + 0x42, pushfl)
    STACK_REFUSED($area + 0x42, pushal)
    STACK_REFUSED($area + 0x42, popal)
    CHECK("#AC of calls and returns")
    STACK_REFUSED($area + 0x42, call 1f; 1: nop)
    STACK_REFUSED($area + 0x42, ret)
    STACK_REFUSED($area + 0x42, lcall $UCODE, $1f; 1: nop)
    STACK_REFUSED($area + 0x42, lret)
    STACK_REFUSED($area + 0x42, iretl)
    CHECK("#AC of ENTER and LEAVE")
    STACK_REFUSED($area + 0x42, enter $0, $0)
    movl $area + 0x42, %ebp
    REFUSED(leave)
    CHECK("words on a stack of doublewords")
    ALLOWED(movl $area + 0x42, %esp; pushw %ax; popw %ax)
    ret

wide:
    CHECK("#AC of x87 operands: 32 bits at multiples of 4")
    REFUSED(flds area + 2)
    REFUSED(fildl area + 1)
    ALLOWED(flds area + 4; fstp %st)
    CHECK("#AC of x87 operands: 16 bits at multiples of 2")
    REFUSED(filds area + 1)
    REFUSED(fldcw area + 1)
    REFUSED(fnstcw area + 3)
    ALLOWED(fnstcw area + 2)
    CHECK("#AC of x87 operands: 64 bits at multiples of 8")
    REFUSED(fldl area + 4)
    REFUSED(fildll area + 4)
    fldz
    REFUSED(fstpl area + 12)
    ALLOWED(fstpl area + 8)
    CHECK("#AC of the x87 environment: multiples of 4")
    REFUSED(fnstenv area + 2)
    REFUSED(fnsave area + 1)
    REFUSED(fldenv area + 2)
    REFUSED(frstor area + 2)
    ALLOWED(fnstenv area + 4)
    fninit
    CHECK("#AC of CMPXCHG8B: multiples of 8")
    REFUSED(cmpxchg8b area + 4)
    ALLOWED(cmpxchg8b area + 8)
    CHECK("#AC of descriptor tables' registers: multiples of 4")
    REFUSED(sgdt area + 1)
    REFUSED(sidt area + 2 + 1)
    ret

media:
    movl %cr4, %eax
    orl $0x200, %eax
    movl %eax, %cr4
    CHECK("#AC of MMX operands: multiples of 8, or of 4")
    REFUSED(movq area + 4, %mm0)
    REFUSED(movq %mm0, area + 12)
    REFUSED(paddb area + 4, %mm0)
    REFUSED(movd area + 2, %mm0)
    ALLOWED(movq area + 8, %mm0; movd area + 4, %mm0; emms)
    CHECK("#AC of SSE operands of 8 bytes: multiples of 8")
    REFUSED(movq area + 4, %xmm0)
    REFUSED(movsd area + 4, %xmm0)
    REFUSED(movsd %xmm0, area + 12)
    REFUSED(movlps area + 4, %xmm0)
    REFUSED(movhps %xmm0, area + 4)
    REFUSED(addsd area + 4, %xmm0)
    ALLOWED(movsd area + 8, %xmm0; movlps %xmm0, area + 24)
    CHECK("#AC of SSE operands of 4 bytes: multiples of 4")
    REFUSED(movss area + 2, %xmm0)
    REFUSED(movd %xmm0, area + 1)
    REFUSED(addss area + 2, %xmm0)
    REFUSED(stmxcsr area + 2)
    ALLOWED(movss area + 4, %xmm0)
    CHECK("16 bytes at any address are not checked")
    ALLOWED(movups area + 4, %xmm0; movdqu %xmm0, area + 1; movupd area + 2, %xmm0)
    movl $0x11111111, area
    movl $0x22222222, area + 4
    movl $0x33333333, area + 8
    movl $0x44444444, area + 12
    ALLOWED(movups area, %xmm0; movups %xmm0, area + 33)
    IS(area + 33, $0x11111111)
    IS(area + 45, $0x44444444)
    ALLOWED(movups page - 7, %xmm0)
    ret

where:
    CHECK("no check without EFLAGS.AC")
    ALLOWED_WITH(0, movl area + 1, %eax; movl %eax, area + 2)
    CHECK("POPF at CPL 3 turns it on and off")
    CATCH(8f)
    TO_USER(6f, 2)
6:  pushl $AC_FLAG + 2
    popfl
7:  movl area + 1, %eax
    ud2
8:  CAUGHT(ALIGN, 0, 7b)
    ALLOWED(pushl $2; popfl; movl area + 1, %eax)
    CHECK("no check at CPL 0, with EFLAGS.AC")
    pushl $AC_FLAG + 2
    popfl
    movl area + 1, %eax
    movl %eax, area + 2
    pushl $2
    popfl
    CHECK("the same code at CPL 0 and 3, many times")
    movl $50, %ebx
1:  pushl $AC_FLAG + 2
    popfl
    call unaligned
    CATCH(2f)
    TO_USER(unaligned, 2 + AC_FLAG)
2:  CAUGHT(ALIGN, 0, unaligned)
    decl %ebx
    jnz 1b
    pushl $2
    popfl
    CHECK("#AC in v86 mode")
    V86_FAULTS(AC_FLAG, ALIGN, 0, movw 1, %ax)
    V86_RUNS(AC_FLAG, movw 2, %ax)
    ret

unaligned:
    movl area + 1, %eax
    ret

kernel:
    CHECK("what the processor does for itself is not checked: an inner stack")
    movl $kernel_stack_inner - 2, tss + TSS_ESP0
    ALLOWED(nop)
    movl $kernel_stack_inner, tss + TSS_ESP0
    CHECK("descriptors and the interrupt table")
    sidt area
    movw area, %cx
    movl area + 2, %eax
    movl %eax, %esi
    movl $table + 1, %edi
    movl $256 * 8, %ecx
    rep movsb
    movl $table + 1, area + 2
    lidt area
    ALLOWED(nop)
    lidt idt_pointer
    CHECK("the handler begins with EFLAGS.AC clear, its frame has it set")
    GATE(UD, $1f, $G_INT)
    CATCH(2f)
    TO_USER(3f, 2 + AC_FLAG)
3:  ud2
1:  pushfl
    popl %eax
    movl 8(%esp), %ebx
    movl %ss:caught_stack, %esp
    call flat_segments
    IS_MASKED(%ebx, $AC_FLAG, $AC_FLAG)
2:  CATCH_AGAIN(UD)
    ret

    .bss
    .align 4096
    .skip 4096
page: .skip 4096
    .align 16
area: .skip 128
table: .skip 256 * 8 + 8
