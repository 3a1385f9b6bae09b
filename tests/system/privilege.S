/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Privilege levels: what CPL 3 may not do, gates, and returns (SDM vol. 3, 5.5 to 5.9). */
#include "guest.inc"

#define GATE0    (FREE + 0x00 + 3) /* for CPL 3, to inner, with 3 parameters */
#define GATE16   (FREE + 0x08 + 3) /* the same, 16-bit */
#define PRIVATE  (FREE + 0x10)     /* a gate for CPL 0 */
#define TO_WHERE (FREE + 0x18 + 3) /* a gate that tests change */
#define CONFORM  (FREE + 0x20)     /* conforming code of level 0 */
#define CODE1    (FREE + 0x28 + 1)
#define DATA1    (FREE + 0x30 + 1)
#define ABSENT   (FREE + 0x38)     /* code, not present */
#define ABSENT1  (FREE + 0x40 + 1) /* data of level 1, not present */
#define SMALL1   (FREE + 0x48 + 1) /* data of level 1, of 16 bytes */

#define IOPL3 0x3000

/* At CPL 3 with other flags. */
#define USER_FAULTS_WITH(flags, vector, error, ...)                                                \
    CATCH(8f);                                                                                     \
    TO_USER(7f, (flags) + 2);                                                                      \
    7: __VA_ARGS__;                                                                                \
    ud2;                                                                                           \
    8: CAUGHT(vector, error, 7b)
#define USER_RUNS_WITH(flags, ...)                                                                 \
    CATCH(8f);                                                                                     \
    TO_USER(6f, (flags) + 2);                                                                      \
    6: __VA_ARGS__;                                                                                \
    7: ud2;                                                                                        \
    8: CAUGHT(UD, 0, 7b)

    .text
    .code32
    .globl image
image:
    DESCRIPTOR(CONFORM, $0, $0xfffff, $A_CONFORM + A_32 + A_PAGES)
    DESCRIPTOR(CODE1, $0, $0xfffff, $A_CODE + 0x20 + A_32 + A_PAGES)
    DESCRIPTOR(DATA1, $0, $0xfffff, $A_DATA + 0x20 + A_32 + A_PAGES)
    DESCRIPTOR(ABSENT, $0, $0xfffff, $A_CODE - A_PRESENT + A_32 + A_PAGES)
    DESCRIPTOR(ABSENT1, $0, $0xfffff, $A_DATA - A_PRESENT + 0x20 + A_32 + A_PAGES)
    DESCRIPTOR(SMALL1, $stack1 - 256, $15, $A_DATA + 0x20 + A_32)
    movl $stack1, tss + 0x0c /* ESP1, SS1 */
    movl $DATA1, tss + 0x10
    call privileged
    call io_privilege
    call flags
    call bitmap
    call loads
    call call_gates
    call gate_faults
    call inner_stacks
    call conforming
    call returns
    call return_faults
    call interrupts
    call fast_entry
    ret

privileged:
    CHECK("#GP of privileged instructions at CPL 3")
    USER_FAULTS(GP, 0, hlt)
    USER_FAULTS(GP, 0, clts)
    USER_FAULTS(GP, 0, lgdt table)
    USER_FAULTS(GP, 0, lidt table)
    USER_FAULTS(GP, 0, lldt %ax)
    USER_FAULTS(GP, 0, ltr %ax)
    USER_FAULTS(GP, 0, lmsw %ax)
    USER_FAULTS(GP, 0, movl %cr0, %eax)
    USER_FAULTS(GP, 0, movl %cr2, %eax)
    USER_FAULTS(GP, 0, movl %cr3, %eax)
    USER_FAULTS(GP, 0, movl %cr4, %eax)
    USER_FAULTS(GP, 0, movl %eax, %cr0)
    USER_FAULTS(GP, 0, movl %eax, %cr3)
    USER_FAULTS(GP, 0, movl %dr0, %eax)
    USER_FAULTS(GP, 0, movl %eax, %dr7)
    USER_FAULTS(GP, 0, invlpg table)
    USER_FAULTS(GP, 0, invd)
    USER_FAULTS(GP, 0, wbinvd)
    USER_FAULTS(GP, 0, rdmsr)
    USER_FAULTS(GP, 0, wrmsr)
    CHECK("what is not privileged")
    USER_RUNS(sgdt table; sidt table; sldt %eax; str %eax; smsw %eax; rdtsc)
    USER_RUNS(xorl %eax, %eax; cpuid)
    CHECK("RDTSC with CR4.TSD")
    movl %cr4, %eax
    orl $4, %eax
    movl %eax, %cr4
    rdtsc
    USER_FAULTS(GP, 0, rdtsc)
    movl %cr4, %eax
    andl $~4, %eax
    movl %eax, %cr4
    USER_RUNS(rdtsc)
    ret

io_privilege:
    CHECK("#GP of CLI, STI and ports where CPL is above IOPL")
    USER_FAULTS(GP, 0, cli)
    USER_FAULTS(GP, 0, sti)
    USER_FAULTS(GP, 0, inb $0x61, %al)
    USER_FAULTS(GP, 0, outb %al, $0x80)
    USER_FAULTS(GP, 0, inl %dx, %eax)
    movl $buffer, %edi
    movl $buffer, %esi
    USER_FAULTS(GP, 0, insb)
    USER_FAULTS(GP, 0, outsl)
    movl $4, %ecx
    USER_FAULTS(GP, 0, rep outsb)
    IS(%ecx, $4)
    CHECK("CLI, STI and ports with IOPL 3")
    USER_RUNS_WITH(IOPL3, sti)
    IS_MASKED(caught_flags, $0x200, $0x200)
    USER_RUNS_WITH(IOPL3 + 0x200, cli)
    IS_MASKED(caught_flags, $0x200, $0)
    USER_RUNS_WITH(IOPL3, inb $0x61, %al; outb %al, $0x80)
    USER_FAULTS_WITH(0x2000, GP, 0, cli)
    ret

flags:
    CHECK("POPF at CPL 3 leaves IF and IOPL")
    USER_RUNS_WITH(0x200, pushl $IOPL3 + 0x8d7; popfl)
    IS_MASKED(caught_flags, $0x3fd5, $0x0ad5)
    CHECK("POPF at CPL 3 with IOPL 3 changes IF, not IOPL")
    USER_RUNS_WITH(IOPL3 + 0x200, pushl $2; popfl)
    IS_MASKED(caught_flags, $0x3200, $0x3000)
    CHECK("IRET at CPL 3 leaves IF and IOPL")
    USER_RUNS_WITH(0x200, pushl $IOPL3 + 2; pushl %cs; pushl $7f; iret)
    IS_MASKED(caught_flags, $0x3200, $0x200)
    CHECK("POPF at CPL 0 changes them")
    pushl $IOPL3 + 2
    popfl
    pushfl
    popl %eax
    IS_MASKED(%eax, $IOPL3, $IOPL3)
    pushl $2
    popfl
    pushfl
    popl %eax
    IS_MASKED(%eax, $IOPL3, $0)
    ret

bitmap:
    movw $0x68, tss + TSS_MAP
    movl $tss + 0x68, %edi
    movl $0x2001, %ecx
    movb $0xff, %al
    rep stosb
    CHECK("the I/O map lets CPL 3 at a port")
    USER_FAULTS(GP, 0, inb $0x61, %al)
    andb $~0x02, tss + 0x68 + 0x60 / 8
    USER_RUNS(inb $0x61, %al)
    USER_RUNS(movw $0x61, %dx; inb %dx, %al)
    USER_FAULTS(GP, 0, inb $0x60, %al)
    USER_FAULTS(GP, 0, inb $0x62, %al)
    CHECK("the I/O map: all bits of a wide port")
    USER_FAULTS(GP, 0, inw $0x61, %ax)
    USER_FAULTS(GP, 0, inl $0x61, %eax)
    andb $~0x0e, tss + 0x68 + 0xf0 / 8
    USER_RUNS(inw $0xf1, %ax)
    USER_FAULTS(GP, 0, inl $0xf0, %eax)
    andb $~0x11, tss + 0x68 + 0xf0 / 8
    USER_RUNS(inl $0xf0, %eax)
    USER_RUNS(outl %eax, $0xf1)
    CHECK("the I/O map: bits in two bytes")
    andb $~0x80, tss + 0x68 + 0xe0 / 8
    movl $0xe7, %edx
    USER_FAULTS(GP, 0, inw %dx, %ax)
    andb $~0x01, tss + 0x68 + 0xe8 / 8
    USER_RUNS(inw %dx, %ax)
    CHECK("the I/O map's last port")
    movl $0xffff, %edx
    USER_FAULTS(GP, 0, inb %dx, %al)
    andb $~0x80, tss + 0x68 + 0x1fff
    USER_RUNS(inb %dx, %al)
    CHECK("an I/O map that the TSS cuts off")
    DESCRIPTOR(TASK, $tss, $0x68 + 12, $S_TSS)
    movl $TASK, %eax
    ltr %ax
    USER_FAULTS(GP, 0, inw %dx, %ax)
    movl $0x60, %edx
    USER_FAULTS(GP, 0, inb $0x61, %al) /* two bytes are read */
    DESCRIPTOR(TASK, $tss, $0x68 + 13, $S_TSS)
    movl $TASK, %eax
    ltr %ax
    USER_RUNS(inb $0x61, %al)
    CHECK("an I/O map behind the TSS: no ports")
    movw $0x76, tss + TSS_MAP
    USER_FAULTS(GP, 0, inb $0, %al)
    movw $0xffff, tss + TSS_MAP
    USER_FAULTS(GP, 0, inb $0, %al)
    DESCRIPTOR(TASK, $tss, $0x67, $S_TSS)
    movl $TASK, %eax
    ltr %ax
    ret

loads:
    CHECK("#GP of inner segments at CPL 3")
    movl $KDATA, %eax
    USER_FAULTS(GP, KDATA, movl %eax, %ds)
    USER_FAULTS(GP, KDATA, movl %eax, %ss)
    USER_FAULTS(GP, KCODE, ljmp $KCODE, $entry)
    USER_FAULTS(GP, KCODE, lcall $KCODE, $entry)
    movl $DATA1, %eax
    USER_FAULTS(GP, DATA1 - 1, movl %eax, %es)
    CHECK("a null selector is no load of a segment, at CPL 3 either")
    USER_RUNS(xorl %eax, %eax; movl %eax, %es; movl %eax, %gs)
    CHECK("LSL and VERR at CPL 3 do not see inner segments")
    USER_RUNS(movl $KDATA, %eax; lsl %eax, %ecx; setz %dl; verr %ax; setz %dh)
    movzwl %dx, %edx
    IS(%edx, $0)
    USER_RUNS(movl $UDATA, %eax; lsl %eax, %ecx; setz %dl; verr %ax; setz %dh)
    movzwl %dx, %edx
    IS(%edx, $0x0101)
    ret

/* --- gates --- */

call_gates:
    CHECK("a call gate to an inner level, with parameters")
    CALL_GATE(GATE0, KCODE, $entry, $G_CALL + A_DPL3, 3)
    USER_RUNS(pushl $0x33; pushl $0x22; pushl $0x11; lcall $GATE0, $0x12345678; 5:)
    IS(entered_cs, $KCODE)
    IS(entered_ss, $KDATA)
    IS(entered_esp, $kernel_stack_inner - 28)
    IS(entered_frame + 24, $UDATA)
    IS(entered_frame + 20, $user_stack - 12)
    IS(entered_frame + 16, $0x33)
    IS(entered_frame + 12, $0x22)
    IS(entered_frame + 8, $0x11)
    IS(entered_frame + 4, $UCODE)
    IS(entered_frame + 0, $5b)
    CHECK("and back, over them")
    IS(caught_esp, $user_stack)
    IS(caught_cs, $UCODE)
    IS(caught_ss, $UDATA)
    CHECK("a call gate without parameters")
    CALL_GATE(GATE0, KCODE, $entry_0, $G_CALL + A_DPL3, 0)
    USER_RUNS(lcall $GATE0, $0)
    IS(entered_esp, $kernel_stack_inner - 16)
    IS(caught_esp, $user_stack)
    CHECK("a 16-bit call gate")
    CALL_GATE(GATE16, CODE16, $entry_16, $G_CALL16 + A_DPL3, 2)
    CATCH(1f)
    TO_USER(2f, 2)
2:  pushw $0x2222
    pushw $0x1111
    lcall $GATE16, $0
3:  ud2
1:  IS(entered_esp, $kernel_stack_inner - 12)
    movl $3b, %eax
    movzwl %ax, %eax
    orl $UCODE << 16, %eax
    IS(entered_frame, %eax)
    IS(entered_frame + 4, $0x22221111)
    movl $user_stack - 4, %eax
    movzwl %ax, %eax
    orl $UDATA << 16, %eax
    IS(entered_frame + 8, %eax)
    CHECK("a call gate at the same level changes no stack")
    movl %esp, %ebx
    CALL_GATE(PRIVATE, KCODE, $entry_0, $G_CALL, 7)
    lcall $PRIVATE, $0
    movl %esp, %eax
    IS(%eax, %ebx)
    leal -8(%esp), %eax
    IS(entered_esp, %eax)
    CHECK("a jump by a call gate at the same level")
    CALL_GATE(PRIVATE, KCODE, $1f, $G_CALL, 0)
    ljmp $PRIVATE, $0
    ud2
1:  CHECK("a call gate by a pointer in memory")
    CALL_GATE(PRIVATE, KCODE, $entry_0, $G_CALL, 0)
    movw $PRIVATE, table + 4
    lcall *table
    movl %esp, %eax
    IS(%eax, %ebx)
    CHECK("a call gate to level 1")
    CALL_GATE(TO_WHERE, CODE1, $level_1, $G_CALL + A_DPL3, 1)
    USER_RUNS(pushl $0x99; lcall $TO_WHERE, $0)
    IS(entered_cs, $CODE1)
    IS(entered_ss, $DATA1)
    IS(entered_esp, $stack1 - 20)
    IS(entered_frame + 8, $0x99)
    ret

#define ENTERED                                                                                    \
    movl %esp, %ss:entered_esp;                                                                    \
    movw %ss, %ss:entered_ss;                                                                      \
    movw %cs, %ss:entered_cs;                                                                      \
    pushal;                                                                                        \
    leal 32(%esp), %esi;                                                                           \
    movl $entered_frame, %edi;                                                                     \
    movl $7, %ecx;                                                                                 \
    6: movl %ss:(%esi), %eax;                                                                      \
    movl %eax, %ss:(%edi);                                                                         \
    addl $4, %esi;                                                                                 \
    addl $4, %edi;                                                                                 \
    decl %ecx;                                                                                     \
    jnz 6b;                                                                                        \
    popal
entry:
    ENTERED
    lret $12
entry_0:
    ENTERED
    lret
level_1:
    ENTERED
    lret $4

    .section .low, "ax"
    .code16
entry_16: /* EIP was cut to 16 bits: there is no way back but this */
    ENTERED
    ljmpl $KCODE, $back
handler_16:
    ENTERED
    ljmpl $KCODE, $back
    .text
    .code32
back:
    call flat_segments
    movl caught_stack, %esp
    jmp *caught_resume

gate_faults:
    CHECK("#GP of a gate that is not for CPL 3")
    USER_FAULTS(GP, PRIVATE, lcall $PRIVATE, $0)
    USER_FAULTS(GP, PRIVATE, lcall $PRIVATE + 3, $0)
    USER_FAULTS(GP, PRIVATE, ljmp $PRIVATE, $0)
    CHECK("#GP of a gate that RPL may not reach")
    FAULTS(GP, PRIVATE, lcall $PRIVATE + 3, $0)
    CHECK("#NP of a gate that is not present")
    CALL_GATE(TO_WHERE, KCODE, $entry, $G_CALL + A_DPL3 - A_PRESENT, 0)
    USER_FAULTS(NP, TO_WHERE - 3, lcall $TO_WHERE, $0)
    CHECK("#NP of a gate's segment that is not present")
    CALL_GATE(TO_WHERE, ABSENT, $entry, $G_CALL + A_DPL3, 0)
    USER_FAULTS(NP, ABSENT, lcall $TO_WHERE, $0)
    CHECK("#GP of a gate's segment that is none")
    CALL_GATE(TO_WHERE, 0, $entry, $G_CALL + A_DPL3, 0)
    USER_FAULTS(GP, 0, lcall $TO_WHERE, $0)
    CALL_GATE(TO_WHERE, KDATA, $entry, $G_CALL + A_DPL3, 0)
    USER_FAULTS(GP, KDATA, lcall $TO_WHERE, $0)
    CALL_GATE(TO_WHERE, 0x200, $entry, $G_CALL + A_DPL3, 0)
    USER_FAULTS(GP, 0x200, lcall $TO_WHERE, $0)
    CHECK("#GP of a jump by a gate to an inner level")
    CALL_GATE(TO_WHERE, KCODE, $entry, $G_CALL + A_DPL3, 0)
    USER_FAULTS(GP, KCODE, ljmp $TO_WHERE, $0)
    CHECK("#GP of a gate to an outer level")
    CALL_GATE(TO_WHERE, UCODE, $entry, $G_CALL + A_DPL3, 0)
    FAULTS(GP, UCODE - 3, lcall $TO_WHERE, $0)
    ret

inner_stacks:
    CALL_GATE(TO_WHERE, CODE1, $level_1, $G_CALL + A_DPL3, 1)
    CHECK("#TS of an inner stack segment that is null")
    movl $0, tss + 0x10
    USER_FAULTS(TS, 0, lcall $TO_WHERE, $0)
    CHECK("#TS of an inner stack segment of another level")
    movl $KDATA, tss + 0x10
    USER_FAULTS(TS, KDATA, lcall $TO_WHERE, $0)
    movl $UDATA, tss + 0x10
    USER_FAULTS(TS, UDATA - 3, lcall $TO_WHERE, $0)
    CHECK("#TS of an inner stack segment that is code, or none")
    movl $CODE1, tss + 0x10
    USER_FAULTS(TS, CODE1 - 1, lcall $TO_WHERE, $0)
    movl $0x201, tss + 0x10
    USER_FAULTS(TS, 0x200, lcall $TO_WHERE, $0)
    CHECK("#SS of an inner stack segment that is not present")
    movl $ABSENT1, tss + 0x10
    USER_FAULTS(SS_, ABSENT1 - 1, lcall $TO_WHERE, $0)
    CHECK("#SS of an inner stack that is too small")
    movl $SMALL1, tss + 0x10
    movl $16, tss + 0x0c
    USER_FAULTS(SS_, SMALL1 - 1, lcall $TO_WHERE, $0)
    CHECK("#TS of a TSS that holds no inner stack")
    movl $stack1, tss + 0x0c
    movl $DATA1, tss + 0x10
    DESCRIPTOR(TASK, $tss, $0x10, $S_TSS)
    movl $TASK, %eax
    ltr %ax
    USER_FAULTS(TS, TASK, lcall $TO_WHERE, $0)
    DESCRIPTOR(TASK, $tss, $0x67, $S_TSS)
    movl $TASK, %eax
    ltr %ax
    ret

conforming:
    CHECK("conforming code runs at the caller's level")
    USER_RUNS(lcall $CONFORM, $3f; jmp 7f; 3: movl %cs, %eax; lret)
    IS(%eax, $CONFORM + 3)
    CHECK("conforming code by a gate")
    CALL_GATE(TO_WHERE, CONFORM, $3b, $G_CALL + A_DPL3, 5)
    movl $0, %eax
    USER_RUNS(lcall $TO_WHERE, $0)
    IS(%eax, $CONFORM + 3)
    CHECK("a jump to conforming code by a gate")
    CALL_GATE(TO_WHERE, CONFORM, $4f, $G_CALL + A_DPL3, 0)
    USER(1f, 2f)
2:  ljmp $TO_WHERE, $0
    ud2
4:  movl %cs, %eax
3:  ud2
1:  CAUGHT(UD, 0, 3b)
    IS(caught_cs, $CONFORM + 3)
    CHECK("conforming code at CPL 0, whatever the RPL")
    lcall $CONFORM + 3, $1f
    jmp 2f
1:  movl %cs, %eax
    lret
2:  IS(%eax, $CONFORM)
    CHECK("#GP of conforming code of an outer level")
    DESCRIPTOR(CONFORM, $0, $0xfffff, $A_CONFORM + A_DPL3 + A_32 + A_PAGES)
    FAULTS(GP, CONFORM, ljmp $CONFORM, $0)
    DESCRIPTOR(CONFORM, $0, $0xfffff, $A_CONFORM + A_32 + A_PAGES)
    ret

/* --- returns --- */

returns:
    CHECK("a far return to an outer level")
    CATCH(1f)
    movl $UDATA, %eax
    movl %eax, %es
    pushl $UDATA
    pushl $user_stack - 64
    pushl $UCODE
    pushl $2f
    lret
2:  movl %ds, %eax
    movl %es, %ebx
    movl %fs, %ecx
3:  ud2
1:  CAUGHT(UD, 0, 3b)
    IS(caught_cs, $UCODE)
    IS(caught_ss, $UDATA)
    IS(caught_esp, $user_stack - 64)
    CHECK("it takes inner segments away")
    IS(%eax, $0)
    IS(%ebx, $UDATA)
    CHECK("a far return to an outer level over parameters of both")
    CATCH(1f)
    pushl $UDATA
    pushl $user_stack - 64
    pushl $2
    pushl $1
    pushl $UCODE
    pushl $2f
    lret $8
2:  ud2
1:  CAUGHT(UD, 0, 2b)
    IS(caught_esp, $user_stack - 56)
    CHECK("an IRET to an outer level takes inner segments away")
    movl $KDATA, %eax
    movl %eax, %fs
    movl $CONFORM, %eax
    movl %eax, %gs
    CATCH(1f)
    pushl $UDATA
    pushl $user_stack
    pushl $2
    pushl $UCODE
    pushl $2f
    iret
2:  movl %fs, %eax
    movl %gs, %ebx
3:  movl %ds:0, %ecx
1:  IS(%eax, $0)
    IS(%ebx, $CONFORM)
    CHECK("#GP of a segment that was taken away")
    CAUGHT(GP, 0, 3b)
    ret

/* At CPL 3, after others. */
#define USER_FAULTS_BEHIND(before, vector, error, ...)                                             \
    USER(8f, 6f);                                                                                  \
    6: before;                                                                                     \
    7: __VA_ARGS__;                                                                                \
    ud2;                                                                                           \
    8: CAUGHT(vector, error, 7b)

return_faults:
    CHECK("#GP of returns to an inner level")
    USER_FAULTS_BEHIND(pushl $KCODE; pushl $0, GP, KCODE, lret)
    USER_FAULTS_BEHIND(pushl $2; pushl $KCODE; pushl $0, GP, KCODE, iret)
    CHECK("#GP of a far return whose stack segment is not the level's")
    pushl $KDATA
    pushl $user_stack
    pushl $UCODE
    pushl $0
    FAULTS(GP, KDATA, lret)
    movl $0, 12(%esp)
    FAULTS(GP, 0, lret)
    addl $16, %esp
    CHECK("#GP of an IRET whose stack segment is not the level's")
    pushl $KDATA
    pushl $user_stack
    pushl $2
    pushl $UCODE
    pushl $0
    FAULTS(GP, KDATA, iret)
    CHECK("#GP of an IRET to data, to a null selector, to another DPL")
    movl $UDATA, 4(%esp)
    FAULTS(GP, UDATA - 3, iret)
    movl $0, 4(%esp)
    FAULTS(GP, 0, iret)
    movl $KCODE + 3, 4(%esp)
    FAULTS(GP, KCODE, iret)
    CHECK("#NP of an IRET to a segment that is not present")
    movl $ABSENT, 4(%esp)
    FAULTS(NP, ABSENT, iret)
    addl $20, %esp
    ret

interrupts:
    CHECK("an interrupt gate to level 1")
    GATE_AT($idt + 0x40 * 8, CODE1, $level_1_int, $G_INT + A_DPL3)
    USER_RUNS(int $0x40)
    IS(entered_cs, $CODE1)
    IS(entered_esp, $stack1 - 20)
    CHECK("#GP of an interrupt gate to an outer level")
    FAULTS(GP, CODE1 - 1, int $0x40)
    GATE_AT($idt + 0x40 * 8, UCODE, $level_1_int, $G_INT + A_DPL3)
    FAULTS(GP, UCODE - 3, int $0x40)
    CHECK("an interrupt gate to conforming code")
    GATE_AT($idt + 0x40 * 8, CONFORM, $level_1_int, $G_INT + A_DPL3)
    USER_RUNS(int $0x40)
    IS(entered_cs, $CONFORM + 3)
    IS(entered_esp, $user_stack - 12)
    CHECK("an exception at CPL 3 by a gate of DPL 0")
    USER_FAULTS(UD, 0, ud2)
    CHECK("a 16-bit interrupt gate")
    GATE_AT($idt + 0x40 * 8, CODE16, $handler_16, $G_INT16 + A_DPL3)
    CATCH(1f)
    TO_USER(2f, 2)
2:  int $0x40
3:  nop
1:  IS(entered_esp, $kernel_stack_inner - 10)
    movl $3b, %eax
    movzwl %ax, %eax
    orl $UCODE << 16, %eax
    IS(entered_frame, %eax)
    CATCH_AGAIN(0x40)
    ret
level_1_int:
    ENTERED
    iret


fast_entry:
    CHECK("SYSENTER")
    movl $0x174, %ecx
    xorl %edx, %edx
    movl $KCODE, %eax
    wrmsr
    incl %ecx
    movl $kernel_stack_inner, %eax
    wrmsr
    incl %ecx
    movl $1f, %eax
    wrmsr
    CATCH(2f)
    TO_USER(3f, 0x202)
3:  movl $KCODE, %ebx
    sysenter
1:  movl %cs, %eax
    movl %ss, %ebx
    movl %esp, %ecx
    pushfl
    popl %edx
4:  ud2
2:  CAUGHT(UD, 0, 4b)
    IS(%eax, $KCODE)
    IS(%ebx, $KDATA)
    IS(%ecx, $kernel_stack_inner)
    IS_MASKED(%edx, $0x20200, $0)
    CHECK("SYSEXIT")
    CATCH(2f)
    movl $user_stack - 16, %ecx
    movl $3f, %edx
    sysexit
3:  ud2
2:  CAUGHT(UD, 0, 3b)
    IS(caught_cs, $UCODE)
    IS(caught_ss, $UDATA)
    IS(caught_esp, $user_stack - 16)
    CHECK("#GP of SYSENTER without a segment, of SYSEXIT at CPL 3")
    USER_FAULTS(GP, 0, sysexit)
    movl $0x174, %ecx
    xorl %eax, %eax
    xorl %edx, %edx
    wrmsr
    FAULTS(GP, 0, sysenter)
    FAULTS(GP, 0, sysexit)
    ret

    .section .low.data, "aw"
    .align 4
entered_esp: .long 0
entered_ss: .long 0
entered_cs: .long 0
entered_frame: .skip 28
table: .quad 0

    .bss
    .align 16
buffer: .skip 64
    .skip 512
stack1:
