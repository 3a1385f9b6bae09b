/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How interrupts come to C, and go on.
 *
 * A vector pushes its C function and comes to `enter`, which keeps the caller's registers in a
 * struct regs on the BIOS's own stack in the EBDA, and calls the function with its address. The
 * function ends with the caller's registers as they are there then, on the caller's stack as it
 * was after its INT, at r->next: an IRET unless the function has said otherwise. Whatever may wait
 * or calls others' code does so there, on the caller's stack: two programs that switch stacks
 * below us can both be inside of the BIOS.
 *
 * A caller whose stack is ours (a handler that interrupted us) gets a frame below what is used.
 * One whose stack is not, while we let interrupts in or call others, gets it below stack_top, which
 * leaves room for what was pushed on ours before stacks were switched.
 */
    .code16
    .include "bios/entry/frame.inc"
    .section .text16, "ax"

.macro vector name, function
    .globl \name
\name:
    pushw $\function
    jmp enter
.endm

/* Programs that have hooked an interrupt call us with interrupts on. */
enter:
    cli
    pushw %ds
    pushl %eax
    movw $BDA, %ax
    movw %ax, %ds
    movw BDA_EBDA, %ds
    movw %ss, %ax
    pushw %bx
    movw %ds, %bx
    cmpw %ax, %bx
    popw %bx
    movzwl %sp, %eax
    je 1f
    movl EBDA_STACK_TOP, %eax
1:  subl $R_SIZE, %eax
    movl %edi, R_EDI(%eax)
    movl %esi, R_ESI(%eax)
    movl %ebp, R_EBP(%eax)
    movl %ebx, R_EBX(%eax)
    movl %edx, R_EDX(%eax)
    movl %ecx, R_ECX(%eax)
    popl R_EAX(%eax)
    popw R_DS(%eax)
    popw R_FUNCTION(%eax)
    popw R_IP(%eax)
    popw R_CS(%eax)
    popw R_FLAGS(%eax)
    movw %es, R_ES(%eax)
    movw %fs, R_FS(%eax)
    movw %gs, R_GS(%eax)
    movl %esp, R_ESP(%eax)
    movw %ss, R_SS(%eax)
    movl $0xf0000000 + interrupt_return, R_NEXT(%eax)
    movw %ds, %cx
    movw %cx, %ss
    movl %eax, %esp
    movw %cx, %es
    movw %cs, %cx
    movw %cx, %gs
    cld
    movzwl R_FUNCTION(%esp), %ecx
    calll *%ecx
    movl %esp, %ebx
    lssl R_ESP(%ebx), %esp
    pushw R_FLAGS(%ebx)
    pushw R_CS(%ebx)
    pushw R_IP(%ebx)
    pushl R_NEXT(%ebx)
    movl R_EDI(%ebx), %edi
    movl R_ESI(%ebx), %esi
    movl R_EBP(%ebx), %ebp
    movl R_EDX(%ebx), %edx
    movl R_ECX(%ebx), %ecx
    movl R_EAX(%ebx), %eax
    movw R_ES(%ebx), %es
    movw R_FS(%ebx), %fs
    movw R_GS(%ebx), %gs
    pushw R_DS(%ebx)
    movl R_EBX(%ebx), %ebx
    popw %ds
    lretw

    .globl interrupt_return
interrupt_return:
    iretw

    vector int02, int02_nmi
    vector int05, int05_print_screen
    vector int08_tick, int08_count
    vector int09_key, int09_scan_code
    vector int0e, int0e_floppy
    vector int10, int10_console
    vector int11, int11_equipment
    vector int12, int12_memory
    vector int13, int13_disk
    vector int13_floppy, int40_floppy
    vector int14, int14_serial
    vector int15, int15_system
    vector int16, int16_keyboard
    vector int17, int17_printer
    vector int18, int18_next
    vector int19, int19_boot
    vector int1a, int1a_time
    vector int70, int70_clock
    vector int74, int74_mouse
    vector int75, int75_fpu
    vector int76, int76_disk
    vector irq_low, irq_unused
    vector irq_high, irq_unused
    vector post_devices, post_init_devices

    .globl int08, int09_entry
/* The timer: INT 1Ch is called before the 8259 is told. */
int08:
    pushfw
    pushw %cs
    callw int08_tick
    int $0x1c
    pushw %ax
    movb $0x20, %al
    outb %al, $0x20
    popw %ax
    iretw

/*
 * The keyboard: INT 15h, 4Fh may change or swallow a scan code. Somebody before us may have read
 * it: the 8042 gives it again.
 */
int09_entry:
    pushw %ax
    inb $0x60, %al
    sti
    movb $0x4f, %ah
    stc
    int $0x15
    cli
    jnc 1f
    pushfw
    pushw %cs
    callw int09_key
    popw %ax
    iretw
1:  movb $0x20, %al
    outb %al, $0x20
    popw %ax
    iretw

/* --- what r->next may be --- */

    .globl next_wait_key, next_pause, next_print_screen, next_break, next_sysrq_down, next_sysrq_up
    .globl next_mouse, next_alarm, next_spin, next_wait_clock

next_wait_key:
    sti
    hlt
    jmp int16

next_wait_clock:
    sti
    hlt
    jmp int15

/* Until a key takes bit 3 of 40:18 away. */
next_pause:
    pushw %ds
    pushw %ax
    movw $BDA, %ax
    movw %ax, %ds
1:  sti
    hlt
    testb $8, BDA_KEYBOARD_FLAGS
    jnz 1b
    popw %ax
    popw %ds
    iretw

next_print_screen:
    sti
    int $5
    iretw

next_break:
    int $0x1b
    iretw

next_sysrq_down:
    pushw %ax
    movw $0x8500, %ax
    jmp 1f
next_sysrq_up:
    pushw %ax
    movw $0x8501, %ax
1:  sti
    int $0x15
    popw %ax
    iretw

/* The handler of INT 15h, C207h: four words, of which the last was pushed last. */
next_mouse:
    pushal
    pushw %ds
    pushw %es
    movw $BDA, %ax
    movw %ax, %ds
    movw BDA_EBDA, %ds
    pushw EBDA_MOUSE_PACKET
    pushw EBDA_MOUSE_PACKET + 2
    pushw EBDA_MOUSE_PACKET + 4
    pushw EBDA_MOUSE_PACKET + 6
    sti
    lcallw *EBDA_MOUSE_HANDLER
    cli
    addw $8, %sp
    movb $0x20, %al
    outb %al, $0xa0
    outb %al, $0x20
    popw %es
    popw %ds
    popal
    iretw

next_alarm:
    int $0x4a
    iretw

next_spin:
    sti
    hlt
    jmp next_spin

/* --- what C calls --- */

/* void call_int(struct regs *r, unsigned vector): as the INT instruction. */
    .globl call_int
call_int:
    pushl %ebx
    pushl %esi
    pushl %edi
    pushl %ebp
    pushl %eax
    pushl EBDA_STACK_TOP
    movl %esp, EBDA_STACK_TOP
    subl $OTHERS_SIZE, EBDA_STACK_TOP
    movl %eax, %ebx
    pushfw
    pushw %cs
    pushw $1f
    xorw %ax, %ax
    movw %ax, %fs
    pushl %fs:(,%edx,4)
    pushw R_DS(%ebx)
    pushl R_EBX(%ebx)
    movl R_EDI(%ebx), %edi
    movl R_ESI(%ebx), %esi
    movl R_EBP(%ebx), %ebp
    movl R_EDX(%ebx), %edx
    movl R_ECX(%ebx), %ecx
    movl R_EAX(%ebx), %eax
    movw R_ES(%ebx), %es
    popl %ebx
    popw %ds
    lretw
1:  movzwl %sp, %esp
    pushfw
    pushw %ds
    pushl %ebx
    movw %ss, %bx
    movw %bx, %ds
    movl 12(%esp), %ebx
    movl %edi, R_EDI(%ebx)
    movl %esi, R_ESI(%ebx)
    movl %ebp, R_EBP(%ebx)
    movl %edx, R_EDX(%ebx)
    movl %ecx, R_ECX(%ebx)
    movl %eax, R_EAX(%ebx)
    movw %es, R_ES(%ebx)
    popl R_EBX(%ebx)
    popw R_DS(%ebx)
    popw R_FLAGS(%ebx)
    movw %ss, %ax
    movw %ax, %es
    movw %cs, %ax
    movw %ax, %gs
    cli
    cld
    popl EBDA_STACK_TOP
    popl %eax
    popl %ebp
    popl %edi
    popl %esi
    popl %ebx
    retl

/* void let_interrupts(void): takes those that wait. */
    .globl let_interrupts
let_interrupts:
    pushl EBDA_STACK_TOP
    movl %esp, EBDA_STACK_TOP
    subl $OTHERS_SIZE, EBDA_STACK_TOP
    sti
    nop
    nop
    cli
    popl EBDA_STACK_TOP
    retl

/* void await_interrupt(void): until there is one, which is taken. */
    .globl await_interrupt
await_interrupt:
    pushl EBDA_STACK_TOP
    movl %esp, EBDA_STACK_TOP
    subl $OTHERS_SIZE, EBDA_STACK_TOP
    sti
    hlt
    cli
    popl EBDA_STACK_TOP
    retl

/* void port_to_far(u16 port, struct far to, u16 words); far_to_port() the other way. */
    .globl port_to_far, far_to_port
port_to_far:
    pushl %edi
    movzwl %dx, %edi
    shrl $16, %edx
    movw %dx, %es
    movw %ax, %dx
    rep insw
    movw %ds, %ax
    movw %ax, %es
    popl %edi
    retl

far_to_port:
    pushl %esi
    movzwl %dx, %esi
    shrl $16, %edx
    movw %dx, %fs
    movw %ax, %dx
    rep outsw %fs:(%si), %dx
    popl %esi
    retl
    .section .note.GNU-stack, "", @progbits
