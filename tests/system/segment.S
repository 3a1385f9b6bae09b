/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Limits of segments, and what may be done with them, checked at each access (SDM vol. 3, 5.3,
 * 5.5; QEMU does not).
 */
#include "guest.inc"

#define SMALL    (FREE + 0x00) /* area, 256 bytes */
#define FIXED    (FREE + 0x08) /* the same, not for writing */
#define DOWN     (FREE + 0x10) /* area, from 100h up to 4 GiB */
#define DOWN16   (FREE + 0x18) /* area, from 100h up to FFFFh */
#define PAGED    (FREE + 0x20) /* area, 4 KiB by a limit of 0 with G */
#define STACK    (FREE + 0x30) /* 2 MiB at 0 */
#define SECRET   (FREE + 0x38) /* code that cannot be read */
#define OPEN     (FREE + 0x40) /* code that can */
#define SHORT    (FREE + 0x48) /* code, 64 bytes at short_code */
#define U_SMALL  (FREE + 0x63) /* as SMALL, for CPL 3 */
#define U_DOWN   (FREE + 0x6b)
#define U_HALF   (FREE + 0x73) /* area, 64 KiB, a stack of 16 bits */

    .text
    .code32
    .globl image
image:
    DESCRIPTOR(SMALL, $area, $0xff, $A_DATA + A_32)
    DESCRIPTOR(FIXED, $area, $0xff, $A_READONLY + A_32)
    DESCRIPTOR(DOWN, $area, $0xff, $A_DOWN + A_32)
    DESCRIPTOR(DOWN16, $area, $0xff, $A_DOWN)
    DESCRIPTOR(PAGED, $area, $0, $A_DATA + A_32 + A_PAGES)
    DESCRIPTOR(STACK, $0, $0x1ff, $A_DATA + A_32 + A_PAGES)
    DESCRIPTOR(SECRET, $0, $0xfffff, $A_EXECUTE + A_32 + A_PAGES)
    DESCRIPTOR(OPEN, $0, $0xfffff, $A_CODE + A_32 + A_PAGES)
    DESCRIPTOR(SHORT, $short_code, $63, $A_CODE + A_32)
    DESCRIPTOR(U_SMALL, $area, $0xff, $A_DATA + A_DPL3 + A_32)
    DESCRIPTOR(U_DOWN, $area, $0xff, $A_DOWN + A_DPL3 + A_32)
    DESCRIPTOR(U_HALF, $area, $0xffff, $A_DATA + A_DPL3)
    call limits
    call kinds
    call strings
    call rights
    call same_code
    call stacks
    call pushes
    call code_limit
    ret

#define LOAD(selector, reg)                                                                        \
    pushl $selector;                                                                               \
    popl reg

limits:
    LOAD(SMALL, %fs)
    movl $0x11223344, area + 0xfc
    CHECK("what ends at the limit")
    movl %fs:0xfc, %eax
    IS(%eax, $0x11223344)
    movzwl %fs:0xfe, %eax
    IS(%eax, $0x1122)
    movb $0x55, %fs:0xff
    IS(area + 0xfc, $0x55223344)
    CHECK("#GP of reads behind the limit")
    FAULTS(GP, 0, movb %fs:0x100, %al)
    FAULTS(GP, 0, movw %fs:0xff, %ax)
    FAULTS(GP, 0, movl %fs:0xfd, %eax)
    FAULTS(GP, 0, movl %fs:-1, %eax)
    FAULTS(GP, 0, movl %fs:0x80000000, %eax)
    FAULTS(GP, 0, cmpb $0, %fs:0x100)
    FAULTS(GP, 0, testl %eax, %fs:0xfd)
    FAULTS(GP, 0, movzbl %fs:0x100, %eax)
    FAULTS(GP, 0, pushl %fs:0xfd)
    FAULTS(GP, 0, jmp *%fs:0xfd)
    FAULTS(GP, 0, movb %fs:0x100, %al)
    CHECK("#GP of writes behind the limit")
    FAULTS(GP, 0, movb %al, %fs:0x100)
    FAULTS(GP, 0, movw %ax, %fs:0xff)
    FAULTS(GP, 0, movl $1, %fs:0xfd)
    FAULTS(GP, 0, addl %eax, %fs:0xfd)
    FAULTS(GP, 0, incb %fs:0x100)
    FAULTS(GP, 0, xchgl %eax, %fs:0xfe)
    FAULTS(GP, 0, setc %fs:0x100)
    FAULTS(GP, 0, popl %fs:0xfd)
    FAULTS(GP, 0, movw %ds, %fs:0xff)
    FAULTS(GP, 0, sgdt %fs:0xfb)
    IS(area + 0xfc, $0x55223344)
    CHECK("#GP of wide operands behind the limit")
    fninit
    fldl %fs:0xf8
    FAULTS(GP, 0, fldl %fs:0xf9)
    FAULTS(GP, 0, fldt %fs:0xf7)
    FAULTS(GP, 0, fstpl %fs:0xf9)
    FAULTS(GP, 0, fstpt %fs:0xf7)
    FAULTS(GP, 0, cmpxchg8b %fs:0xf9)
    FAULTS(GP, 0, lgs %fs:0xfb, %eax)
    FAULTS(GP, 0, boundl %eax, %fs:0xf9)
    FAULTS(GP, 0, fnsave %fs:0x95)
    FAULTS(GP, 0, lgdt %fs:0xfb)
    fninit
    CHECK("#GP of a bit string's element behind the limit")
    movl $0xfc * 8 + 31, %eax
    btl %eax, %fs:0
    movl $0x100 * 8, %eax
    FAULTS(GP, 0, btl %eax, %fs:0)
    FAULTS(GP, 0, btsl %eax, %fs:0)
    movl $-1, %eax
    FAULTS(GP, 0, btsl %eax, %fs:0)
    ret

kinds:
    CHECK("a limit in pages")
    LOAD(PAGED, %gs)
    movl $0x42, area + 0xffc
    movl %gs:0xffc, %eax
    IS(%eax, $0x42)
    FAULTS(GP, 0, movl %gs:0xffd, %eax)
    CHECK("expand-down: offsets above the limit")
    LOAD(DOWN, %gs)
    movl $0x43, area + 0x100
    movl %gs:0x100, %eax
    IS(%eax, $0x43)
    FAULTS(GP, 0, movb %gs:0xff, %al)
    FAULTS(GP, 0, movl %gs:0xff, %eax)
    FAULTS(GP, 0, movl %eax, %gs:0)
    movl $-4, %ebx
    subl $area, %ebx
    movl %gs:4(%ebx), %eax /* up there it wraps */
    CHECK("expand-down of 16 bits: up to FFFFh")
    LOAD(DOWN16, %gs)
    movl %gs:0x100, %eax
    IS(%eax, $0x43)
    movl %gs:0xfffc, %eax
    FAULTS(GP, 0, movl %gs:0xfffd, %eax)
    FAULTS(GP, 0, movb %gs:0x10000, %al)
    FAULTS(GP, 0, movb %gs:0xff, %al)
    ret

strings:
    CHECK("rep stos up to the limit")
    LOAD(SMALL, %es)
    movl $0xf0, %edi
    movl $100, %ecx
    movl $0x66666666, %eax
    CATCH(1f)
2:  rep stosl
1:  CAUGHT(GP, 0, 2b)
    IS(%ecx, $96)
    IS(%edi, $0x100)
    CHECK("rep movs up to the source's limit")
    movl $0xf8, %esi
    movl $area + 0x200, %edi
    movl $10, %ecx
    LOAD(SMALL, %fs)
    FAULTS(GP, 0, rep movsb %fs:(%esi), %es:(%edi))
    IS(%ecx, $2)
    IS(%esi, $0x100)
    IS(area + 0x200, $0x66666666)
    CHECK("rep movs downwards past 0")
    LOAD(SMALL, %es)
    movl $area + 0x220, %esi
    movl $8, %edi
    movl $10, %ecx
    std
    CATCH(1f)
2:  rep movsl
1:  cld
    CAUGHT(GP, 0, 2b)
    IS(%ecx, $7)
    IS(%edi, $-4)
    CHECK("cmps and scas at the limit")
    LOAD(SMALL, %es)
    movl $0xff, %edi
    CATCH(1f)
2:  scasw
1:  CAUGHT(GP, 0, 2b)
    IS(%edi, $0xff)
    movl $0xff, %esi
    movl $area, %edi
    FAULTS(GP, 0, cmpsw %es:(%edi), %fs:(%esi))
    IS(%esi, $0xff)
    IS(%edi, $area)
    ret

rights:
    CHECK("#GP of writes to a segment that is not for writing")
    LOAD(FIXED, %fs)
    movl %fs:0x10, %eax
    FAULTS(GP, 0, movl %eax, %fs:0x10)
    FAULTS(GP, 0, incl %fs:0x10)
    FAULTS(GP, 0, xchgb %al, %fs:0x10)
    FAULTS(GP, 0, fstpl %fs:0x10)
    FAULTS(GP, 0, popl %fs:0x10)
    FAULTS(GP, 0, fnstsw %fs:0x10)
    CHECK("cmpxchg that stores nothing is a write all the same")
    movl $0, %eax
    FAULTS(GP, 0, cmpxchgl %ecx, %fs:0x10)
    CHECK("#GP of writes by CS")
    movl %cs:area, %eax
    FAULTS(GP, 0, movl %eax, %cs:area)
    CHECK("code that can be read, as data")
    LOAD(OPEN, %fs)
    movl %fs:area + 0x10, %eax
    IS(%eax, area + 0x10)
    FAULTS(GP, 0, movl %eax, %fs:area)
    CHECK("#GP of code that cannot be read, as data")
    movl $SECRET, %eax
    FAULTS(GP, SECRET, movl %eax, %fs)
    CHECK("#GP of reads by CS where code cannot be read")
    CATCH(1f)
    ljmp $SECRET, $2f
2:  nop
3:  movl %cs:area, %eax
    nop
1:  ljmp $KCODE, $1f
1:  CAUGHT(GP, 0, 3b)
    ret

/* Blocks are made for the segments of the moment: the same code with other ones. */
reads_fs:
    movl %fs:0x80, %eax
reads_fs_ebx:
    movl %fs:(%ebx), %eax
    ret
same_code:
    CHECK("the same code with flat and other segments")
    movl $0x10101010, area + 0x80
    movl $0x1000, %ebx
    movl $5, %ebp
1:  LOAD(KDATA, %fs)
    movl $area, %ebx
    call reads_fs
    LOAD(SMALL, %fs)
    movl $0x80, %ebx
    call reads_fs
    IS(%eax, $0x10101010)
    movl $0x100, %ebx
    CATCH(2f)
    call reads_fs
2:  CAUGHT(GP, 0, reads_fs_ebx)
    LOAD(0, %fs)
    CATCH(2f)
    call reads_fs
2:  CAUGHT(GP, 0, reads_fs)
    decl %ebp
    jnz 1b
    CHECK("the same segment register with other limits")
    DESCRIPTOR(SMALL, $area, $0x82, $A_DATA + A_32)
    LOAD(SMALL, %fs)
    CATCH(2f)
    call reads_fs
2:  CAUGHT(GP, 0, reads_fs)
    DESCRIPTOR(SMALL, $area + 0x80, $0xff, $A_DATA + A_32)
    CHECK("a descriptor that changes: the register keeps the old one")
    CATCH(2f)
    call reads_fs
2:  CAUGHT(GP, 0, reads_fs)
    LOAD(SMALL, %fs)
    movl %fs:0, %eax
    IS(%eax, $0x10101010)
    DESCRIPTOR(SMALL, $area, $0xff, $A_DATA + A_32)
    ret

/* CATCH goes back to the flat stack, so SS is loaded again for each. */
#define FAULTS_ON_STACK(...)                                                                       \
    LOAD(STACK, %ss);                                                                              \
    FAULTS(SS_, 0, __VA_ARGS__)

stacks:
    CHECK("#SS of accesses by EBP, ESP and SS behind the limit")
    movl $0x200000, %ebp
    FAULTS_ON_STACK(movl (%ebp), %eax)
    FAULTS_ON_STACK(movl -3(%ebp), %eax)
    FAULTS_ON_STACK(movl %eax, (%ebp))
    FAULTS_ON_STACK(incl -2(%ebp))
    FAULTS_ON_STACK(movl %ss:0x200000, %eax)
    FAULTS_ON_STACK(leave)
    movl $0x200000, %eax
    FAULTS_ON_STACK(movl (%esp,%eax,1), %eax)
    LOAD(STACK, %ss)
    movl -4(%ebp), %eax
    LOAD(KDATA, %ss)
    CHECK("#GP, not #SS, with another segment")
    CATCH(1f)
    LOAD(SMALL, %fs)
3:  movl %fs:(%ebp), %eax
1:  CAUGHT(GP, 0, 3b)
    ret

/* A push at CPL 3 on a stack of its own, which faults and changes nothing. */
#define PUSH_FAULTS(selector, stack, ...)                                                          \
    CATCH(8f);                                                                                     \
    pushl $selector;                                                                               \
    pushl $stack;                                                                                  \
    pushl $2;                                                                                      \
    pushl $UCODE;                                                                                  \
    pushl $6f;                                                                                     \
    jmp to_user;                                                                                   \
    6: movl $stack, %esp;                                                                          \
    7: __VA_ARGS__;                                                                                \
    ud2;                                                                                           \
    8: CAUGHT(SS_, 0, 7b);                                                                         \
    IS(caught_esp, $stack)
#define PUSH_RUNS(selector, stack, after, ...)                                                     \
    CATCH(8f);                                                                                     \
    pushl $selector;                                                                               \
    pushl $stack;                                                                                  \
    pushl $2;                                                                                      \
    pushl $UCODE;                                                                                  \
    pushl $6f;                                                                                     \
    jmp to_user;                                                                                   \
    6: movl $stack, %esp;                                                                          \
    __VA_ARGS__;                                                                                   \
    7: ud2;                                                                                        \
    8: CAUGHT(UD, 0, 7b);                                                                          \
    IS(caught_esp, $after)

pushes:
    CHECK("#SS of pushes behind the limit")
    PUSH_FAULTS(U_SMALL, 0x101, pushw %ax)
    PUSH_FAULTS(U_SMALL, 0x104, pushl %eax)
    PUSH_FAULTS(U_SMALL, 0x102, pushl $1)
    PUSH_FAULTS(U_SMALL, 2, pushl %eax)
    PUSH_FAULTS(U_SMALL, 0, pushl %eax)
    PUSH_FAULTS(U_SMALL, 0x110, call 7b)
    PUSH_FAULTS(U_SMALL, 0x110, call *%eax)
    PUSH_FAULTS(U_SMALL, 0x110, pushfl)
    PUSH_FAULTS(U_SMALL, 0x110, pushal)
    PUSH_FAULTS(U_SMALL, 0x10, pushal)
    PUSH_FAULTS(U_SMALL, 0x110, enter $0, $0)
    PUSH_FAULTS(U_SMALL, 4, lcall $UCODE, $7b)
    PUSH_RUNS(U_SMALL, 0x100, 0xfc, pushl %eax)
    PUSH_RUNS(U_SMALL, 4, 0, pushl %eax)
    CHECK("#SS of pops behind the limit")
    PUSH_FAULTS(U_SMALL, 0xfd, popl %eax)
    PUSH_FAULTS(U_SMALL, 0x100, popw %ax)
    PUSH_FAULTS(U_SMALL, 0xfe, ret)
    PUSH_FAULTS(U_SMALL, 0xe4, popal)
    PUSH_FAULTS(U_SMALL, 0xfa, lret)
    PUSH_FAULTS(U_SMALL, 0xf6, iret)
    PUSH_FAULTS(U_SMALL, 0x100, popl %es)
    PUSH_FAULTS(U_SMALL, 0xfd, popfl)
    PUSH_RUNS(U_SMALL, 0xfc, 0x100, popl %eax)
    CHECK("an expand-down stack")
    PUSH_FAULTS(U_DOWN, 0x100, pushl %eax)
    PUSH_FAULTS(U_DOWN, 0x103, pushl %eax)
    PUSH_FAULTS(U_DOWN, 0xff, popw %ax)
    PUSH_RUNS(U_DOWN, 0x104, 0x100, pushl %eax)
    CHECK("a stack of 16 bits")
    PUSH_RUNS(U_HALF, 0xabcd0000, 0xabcdfffc, pushl %eax)
    PUSH_RUNS(U_HALF, 0xabcd0002, 0xabcd0000, pushw %ax)
    PUSH_RUNS(U_HALF, 0xabcd0200, 0xabcd0204, popl %eax)
    PUSH_RUNS(U_HALF, 0xabcdfffe, 0xabcd0000, popw %ax)
    PUSH_RUNS(U_HALF, 0xabcd0200, 0xabcd01e0, pushal)
    PUSH_FAULTS(U_HALF, 0xabcd0002, pushl %eax)
    PUSH_FAULTS(U_HALF, 0xabcdffff, popw %ax)
    CHECK("LEAVE and ENTER on a stack of 16 bits")
    movl $0xffff0300, %ebp
    PUSH_RUNS(U_HALF, 0xabcd0200, 0xabcd0304, leave)
    movl $0x55550300, %ebp
    PUSH_RUNS(U_HALF, 0xabcd0200, 0xabcd01f0, enter $12, $0)
    andl $0xffff, %ebp
    IS(%ebp, $0x01fc)
    ret

/* --- code segments --- */

/* A jump in SHORT that faults: EIP is its own. */
#define JUMP_FAULTS(at)                                                                            \
    CATCH(8f);                                                                                     \
    ljmp $SHORT, $at - short_code;                                                                 \
    8: CAUGHT(GP, 0, at - short_code)

code_limit:
    CHECK("code in a segment with a base")
    lcall $SHORT, $0
    IS(%eax, $0x77)
    CHECK("#GP of running behind the limit")
    DESCRIPTOR(SHORT, $short_code, $59, $A_CODE + A_32)
    CATCH(1f)
    ljmp $SHORT, $59
1:  CAUGHT(GP, 0, 60)
    IS(caught_cs, $SHORT)
    DESCRIPTOR(SHORT, $short_code, $63, $A_CODE + A_32)
    CHECK("#GP of an instruction that ends behind the limit")
    CATCH(1f)
    ljmp $SHORT, $59
1:  CAUGHT(GP, 0, 60)
    CHECK("#GP of far jumps behind the limit")
    FAULTS(GP, 0, ljmp $SHORT, $64)
    FAULTS(GP, 0, lcall $SHORT, $64)
    pushl $SHORT
    pushl $64
    FAULTS(GP, 0, lret)
    addl $8, %esp
    CHECK("#GP of near jumps behind the limit, at the jump")
    movl $200, %eax
    JUMP_FAULTS(short_jump)
    xorl %ecx, %ecx
    JUMP_FAULTS(short_branch)
    JUMP_FAULTS(short_call)
    movl $2, %ecx
    JUMP_FAULTS(short_loop)
    IS(%ecx, $2)
    cmpl %eax, %eax
    JUMP_FAULTS(short_loope)
    IS(%ecx, $2)
    xorl %ecx, %ecx
    JUMP_FAULTS(short_jecxz)
    JUMP_FAULTS(short_indirect)
    JUMP_FAULTS(short_indirect_call)
    CHECK("#GP of a near return behind the limit, at the return")
    pushl $64
    movl %esp, %ebx
    JUMP_FAULTS(short_return)
    movl %esp, %eax
    IS(%eax, %ebx)
    popl %eax
    CHECK("a limit that grows lets the same code run")
    CATCH(1f)
    ljmp $SHORT, $59
1:  CAUGHT(GP, 0, 60)
    DESCRIPTOR(SHORT, $short_code, $255, $A_CODE + A_32)
    CATCH(1f)
    ljmp $SHORT, $59
1:  CAUGHT(BP, 0, 67)
    CHECK("a limit that shrinks stops it")
    DESCRIPTOR(SHORT, $short_code, $63, $A_CODE + A_32)
    CATCH(1f)
    ljmp $SHORT, $59
1:  CAUGHT(GP, 0, 60)
    ret

    .align 64
short_code:
    movl $0x70, %eax
    call 1f
    lret
1:  addl $7, %eax
    ret
short_jump: jmp short_code + 100
short_branch: je short_code + 100
short_call: call short_code + 100
short_loop: loop short_code + 100
short_loope: loope short_code + 100
short_jecxz: jecxz short_code + 100
short_indirect: jmp *%eax
short_indirect_call: call *%eax
short_return: ret
    .org short_code + 59
    nop
    .byte 0xb8, 0x90, 0x90, 0x90, 0x90 /* movl, across the limit at 64 */
    nop
    int3
    .skip 64

    .bss
    .align 4096
area: .skip 0x11000
