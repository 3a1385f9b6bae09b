/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Code that changes itself, in memory without paging (SDM vol. 3, 11.6). */
#include "guest.inc"

    .text
    .code32

/*
 * One check: twice, `movl $0x11111111, %eax` is put back, then changed by the instructions right
 * before it, with its immediate at 4(%esi).
 */
#define CHANGED(text, want, ...)                                                                   \
    CHECK(text);                                                                                   \
    movl $2, %ebp;                                                                                 \
    6:                                                                                             \
    movl $5f - 3, %esi;                                                                            \
    movl $0x11111111, 4(%esi);                                                                     \
    jmp 4f;                                                                                        \
    4:                                                                                             \
    __VA_ARGS__;                                                                                   \
    nop;                                                                                           \
    5:                                                                                             \
    movl $0x11111111, %eax;                                                                        \
    IS(%eax, $want);                                                                               \
    decl %ebp;                                                                                     \
    jnz 6b

/* The same for what moves ESP. */
#define CHANGED_BY_STACK(text, want, ...)                                                          \
    CHANGED(text, want, movl %esp, %ebx; __VA_ARGS__; movl %ebx, %esp)

    .globl image
image:
    CHANGED("mov", 0x12345678, movl $0x12345678, 4(%esi))
    CHANGED("mov of a word", 0x1111abcd, movw $0xabcd, 4(%esi))
    CHANGED("mov of a byte", 0x11cd1111, movb $0xcd, 6(%esi))
    CHANGED("mov of a register", 0x87654321, movl $0x87654321, %eax; movl %eax, 4(%esi))
    CHANGED("add", 0x11111113, addl $2, 4(%esi))
    CHANGED("add of a byte", 0x11111211, addb $1, 5(%esi))
    CHANGED("xor", 0xeeeeeeee, xorl $-1, 4(%esi))
    CHANGED("inc", 0x11111112, incl 4(%esi))
    CHANGED("neg", 0xeeeeeeef, negl 4(%esi))
    CHANGED("not", 0xeeeeeeee, notl 4(%esi))
    CHANGED("adc", 0x11111117, stc; adcl $5, 4(%esi))
    CHANGED("shl", 0x22222222, shll $1, 4(%esi))
    CHANGED("rcr by cl", 0xc4444444, movb $2, %cl; stc; rcrl %cl, 4(%esi))
    CHANGED("shld", 0x1111111f, movl $-1, %eax; shldl $4, %eax, 4(%esi); rorl $4, 4(%esi); \
            roll $4, 4(%esi))
    CHANGED("bts", 0x91111111, btsl $31, 4(%esi))
    CHANGED("bts with a bit offset in a register", 0x11111113, movl $33, %eax; btsl %eax, (%esi))
    CHANGED("xchg", 5, movl $5, %eax; xchgl %eax, 4(%esi); IS(%eax, $0x11111111))
    CHANGED("xadd", 0x11111118, movl $7, %eax; xaddl %eax, 4(%esi); IS(%eax, $0x11111111))
    CHANGED("cmpxchg", 9, movl $9, %ecx; movl $0x11111111, %eax; cmpxchgl %ecx, 4(%esi))
    CHANGED("cmpxchg8b", 0x55555555, movl 4(%esi), %eax; movl 8(%esi), %edx; movl %edx, %ecx; \
            pushl %ebx; movl $0x55555555, %ebx; cmpxchg8b 4(%esi); popl %ebx)
    CHANGED("set", 0x11110111, stc; setc 5(%esi))
    CHANGED("stos", 0x77777777, movl $0x77777777, %eax; leal 4(%esi), %edi; stosl)
    CHANGED("rep stos", 0x22222222, movb $0x22, %al; movl $4, %ecx; leal 4(%esi), %edi; rep stosb)
    CHANGED("rep stos downwards", 0x33333333, movb $0x33, %al; movl $4, %ecx; \
            leal 7(%esi), %edi; std; rep stosb; cld)
    CHANGED("movs", 0x13579bdf, leal 4(%esi), %edi; movl $bytes, %esi; movsl)
    CHANGED("rep movs", 0x13579bdf, leal 4(%esi), %edi; movl $bytes, %esi; movl $4, %ecx; \
            rep movsb)
    CHANGED("ins", 0x11a51111, OUTB(0x70, 0x60); OUTB(0x71, 0xa5); leal 6(%esi), %edi; \
            movw $0x71, %dx; insb)
    CHANGED("fst of single precision", 0x3f800000, fninit; fld1; fstps 4(%esi))
    CHANGED("fst of extended precision", 0x89abcdef, movl (%esi), %eax; movl %eax, saved; \
            movl $0x89abcdef, saved + 4; movw 8(%esi), %ax; movw %ax, saved + 8; fldt saved; \
            fstpt (%esi))
    CHANGED("fist of 64 bits", 0x12345678, movl (%esi), %eax; movl %eax, saved; \
            movl $0x12345678, saved + 4; fildll saved; fistpll (%esi))
    CHANGED("fist", 0x11110001, fld1; fistps 4(%esi))
    CHANGED("fnstcw", 0x1111037f, fnstcw 4(%esi))
    CHANGED("fnstsw", 0x11110000, fnclex; fnstsw 4(%esi))
    CHANGED("sgdt", 0x111101ff, movl 6(%esi), %ecx; sgdt 4(%esi); movl %ecx, 6(%esi))
    CHANGED("smsw", 0x11110011, smsw %ax; movw %ax, 4(%esi); andw $0x11, 4(%esi))
    CHANGED("mov of a selector", 0x11110010, movw %ds, 4(%esi))
    CHANGED_BY_STACK("push", 0x2468ace0, leal 8(%esi), %esp; pushl $0x2468ace0)
    CHANGED_BY_STACK("pushf", 0x00000002, pushl $2; popfl; leal 8(%esi), %esp; pushfl)
    CHANGED_BY_STACK("pop", 0x99999999, pushl $0x99999999; popl 4(%esi))
    CHANGED_BY_STACK("pusha", 0x66666666, movl $0x66666666, %edi; \
            movl $saved, %ecx; call save; \
            leal 36(%esi), %esp; pushal; movl %ebx, %esp; movl $saved, %ecx; call restore)
    CHANGED_BY_STACK("enter", 0x44444444, movl %ebp, %edx; movl $0x44444444, %ebp; \
            leal 8(%esi), %esp; enter $0, $0; movl %edx, %ebp)

    call itself
    call lengths
    call return_address
    call two_pages
    call successor
    call overlapping
    call generated
    call faults
    ret

/* pusha writes far past the immediate: what is there is kept, and put back right after. */
save:
    pushal
    leal 4(%esi), %esi
    movl %ecx, %edi
    movl $8, %ecx
    rep movsl
    popal
    ret
restore:
    pushal
    leal 8(%esi), %edi
    leal 4(%ecx), %esi
    movl $7, %ecx
    rep movsl
    popal
    ret

itself:
    CHECK("an instruction's own immediate")
    movb $1, 1f + 6
    movl $4, %ecx
1:  addb $1, 1b + 6
    decl %ecx
    jnz 1b
    movzbl 1b + 6, %eax
    IS(%eax, $16)

    CHECK("rep movs onto itself")
    /* The instruction is cut off by its own first element's run or goes on: both end the same,
       since what it copies is what is there. */
    movl $1f, %esi
    movl $1f, %edi
    movl $8, %ecx
    movl $0, %eax
1:  rep movsb
    incl %eax
    nop
    nop
    nop
    nop
    IS(%eax, $1)
    IS(%ecx, $0)
    ret

lengths:
    CHECK("other instructions in place of some")
    movl $3, %ebp
1:  movl $0x909001b0, variable /* movb $1, %al; nop; nop; nop */
    movb $0x90, variable + 4
    xorl %eax, %eax
    call variable
    IS(%eax, $1)
    movl $0x345678b8, variable /* movl $0x12345678, %eax */
    movb $0x12, variable + 4
    call variable
    IS(%eax, $0x12345678)
    movl $0xc04003eb, variable /* jmp over the rest */
    call variable
    IS(%eax, $0x12345678)
    movw $0x4040, variable /* incl %eax; incl %eax; incl %eax; rcl $0xc3, .. */
    movw $0xc340, variable + 2
    call variable
    IS(%eax, $0x1234567b)
    decl %ebp
    jnz 1b

    CHECK("a jump's displacement")
    movl $3, %ebp
1:  xorl %eax, %eax
    movb $0, 2f + 1
2:  jmp 3f
3:  incl %eax
    incl %eax
    movb $1, 2b + 1
    cmpl $2, %eax
    je 2b
    IS(%eax, $3)
    decl %ebp
    jnz 1b
    ret

variable:
    movb $1, %al
    nop
    nop
    nop
    ret

return_address:
    CHECK("call's return address over code")
    movl $2, %ebp
1:  movl %esp, %ebx
    movl $0x11111111, 3f + 1
    movl $3f + 5, %esp
    call 2f
2:  movl %ebx, %esp
3:  movl $0x11111111, %eax
    IS(%eax, $2b)
    decl %ebp
    jnz 1b
    ret

/* --- pages --- */

    .align 4096
    .skip 4096 - 3
spans: /* three of its bytes in the first page */
    movl $0x11111111, %eax
    ret
    .align 4096
    .skip 4096 - 3
adds: /* its immediate in the second page */
    addb $1, adds + 6
    ret
    .align 4096
    .skip 4096 - 6
writes_next: /* in the first page: what is behind it in the second */
    movl %ecx, writes_next + 7
    movl $0, %eax
    ret

two_pages:
    CHECK("an instruction across two pages, its first part")
    call spans
    IS(%eax, $0x11111111)
    movb $0x22, spans + 1
    call spans
    IS(%eax, $0x11111122)
    CHECK("an instruction across two pages, its second part")
    movb $0x33, spans + 4
    call spans
    IS(%eax, $0x33111122)
    movw $0x4444, spans + 3
    call spans
    IS(%eax, $0x44441122)
    CHECK("an instruction across two pages, by a store across them")
    movl $0x87654321, spans + 1
    call spans
    IS(%eax, $0x87654321)
    fninit
    fld1
    fstps spans + 1
    call spans
    IS(%eax, $0x3f800000)
    CHECK("an instruction across two pages, by rep movs across them")
    movl $ones, %esi
    movl $spans + 1, %edi
    movl $4, %ecx
    rep movsb
    call spans
    IS(%eax, $0x11111111)
    CHECK("an instruction across two pages that changes itself")
    movb $1, adds + 6
    call adds
    call adds
    call adds
    movzbl adds + 6, %eax
    IS(%eax, $8)
    CHECK("a store into the next page, where the code goes on")
    movl $0x55, %ecx
    call writes_next
    IS(%eax, $0x55)
    movl $0x66, %ecx
    call writes_next
    IS(%eax, $0x66)
    ret

/* --- blocks that lead to each other --- */

successor:
    CHECK("a successor in a loop")
    movl $100, %ecx
    xorl %eax, %eax
    movb $1, 3f + 2
1:  cmpl $50, %ecx
    jne 2f
    movb $2, 3f + 2
2:  jmp 3f
    nop
3:  addl $1, %eax
    decl %ecx
    jnz 1b
    IS(%eax, $150)

    CHECK("a called function, in the middle of its caller")
    movl $50, %ecx
    xorl %eax, %eax
1:  movb %cl, increment + 2
    call increment
    call increment
    decl %ecx
    jnz 1b
    IS(%eax, $50 * 51)

    CHECK("a function called through a register")
    movl $50, %ecx
    xorl %eax, %eax
    movl $increment, %edx
1:  call *%edx
    movb %cl, increment + 2
    call *%edx
    decl %ecx
    jnz 1b
    IS(%eax, $50 * 51)
    ret

increment: /* ends with what the loops above leave: 1 */
    addl $1, %eax
    ret

overlapping:
    CHECK("instructions that overlap")
    movl $2, %ebp
1:  movb $0x90, overlap + 1
    call overlap
    IS(%eax, $0x90909090)
    clc
    call overlap + 1
    sbbl %eax, %eax
    IS(%eax, $0)
    movb $0xf9, overlap + 1 /* stc */
    call overlap
    IS(%eax, $0x909090f9)
    clc
    call overlap + 1
    sbbl %eax, %eax
    IS(%eax, $-1)
    decl %ebp
    jnz 1b
    ret

overlap:
    movl $0x90909090, %eax
    ret

/* A compiler's ways: code is written, called, written anew, in many places and sizes. */
generated:
    CHECK("code that is written and called")
    movl $2000, %ebp
1:  movl %ebp, %edi
    andl $63, %edi
    addl $buffer, %edi
    movl %edi, %edx
    movb $0xb8, %al /* movl $, %eax */
    stosb
    movl %ebp, %eax
    stosl
    movl %ebp, %ecx
    andl $15, %ecx
    movb $0x40, %al /* incl %eax */
    rep stosb
    movb $0xc3, %al
    stosb
    call *%edx
    movl %ebp, %ecx
    andl $15, %ecx
    addl %ebp, %ecx
    IS(%eax, %ecx)
    decl %ebp
    jnz 1b

    CHECK("code on the stack")
    movl $200, %ebp
1:  movl %ebp, %eax
    shll $8, %eax
    movb $0xb8, %al
    pushl $0xc3
    movl %ebp, %ecx
    shrl $24, %ecx
    movb $0xc3, %ch
    movl %ecx, (%esp)
    pushl %eax
    call *%esp
    addl $8, %esp
    IS(%eax, %ebp)
    decl %ebp
    jnz 1b

    CHECK("many small functions, each changed in turn")
    movl $buffer, %edi
    movl $256, %ecx
1:  movl $0xc301c083, (%edi) /* addl $1, %eax; ret */
    addl $4, %edi
    decl %ecx
    jnz 1b
    movl $4, %ebp
2:  xorl %eax, %eax
    movl $buffer, %edi
    movl $256, %ecx
3:  call *%edi
    incb 2(%edi)
    addl $4, %edi
    decl %ecx
    jnz 3b
    movl $5, %ecx
    subl %ebp, %ecx
    shll $8, %ecx
    IS(%eax, %ecx)
    decl %ebp
    jnz 2b
    ret

/* --- events whose frame falls on the code at hand --- */

faults:
    CHECK("an exception's frame over its block")
    movl $2, %ebp
1:  movl $frame_code, %esi
    movl $buffer, %edi
    movl $32, %ecx
    rep movsb
    CATCH(2f)
    movl $buffer + 16, %esp
    xorl %ecx, %ecx
    jmp buffer
2:  CAUGHT(DE, 0, buffer + 1)
    decl %ebp
    jnz 1b

    CHECK("an exception's frame over its instruction")
    movl $2, %ebp
1:  movl $frame_code, %esi
    movl $buffer, %edi
    movl $32, %ecx
    rep movsb
    CATCH(2f)
    movl $buffer + 4, %esp
    xorl %ecx, %ecx
    jmp buffer
2:  CAUGHT(DE, 0, buffer + 1)
    decl %ebp
    jnz 1b

    CHECK("a software interrupt's frame over its block")
    movl $2, %ebp
1:  movl $frame_code, %esi
    movl $buffer, %edi
    movl $32, %ecx
    rep movsb
    CATCH(2f)
    movl $buffer + 32, %esp
    movl $1, %ecx
    movl $1, %eax
    xorl %edx, %edx
    jmp buffer
2:  CAUGHT(0x40, 0, buffer + 25)
    decl %ebp
    jnz 1b
    ret

frame_code:
    nop
    divl %ecx
    .rept 20
    nop
    .endr
    int $0x40
    .rept 16
    nop
    .endr

    .data
bytes: .long 0x13579bdf
ones: .long 0x11111111

    .bss
    .align 4096
buffer: .skip 4096
saved: .skip 32
