/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PC's devices, as a program meets them; each CHECK's row names the data sheet. */
#include "guest.inc"

#define UART 0x3f8

/* CMOS registers. */
#define CMOS(index)                                                                                \
    OUTB(0x70, index);                                                                             \
    INB(0x71)
#define CMOS_WRITE(index, value)                                                                   \
    OUTB(0x70, index);                                                                             \
    OUTB(0x71, value)

/* A byte of a port is so. */
#define PORT_IS(port, value)                                                                       \
    INB(port);                                                                                     \
    IS(%eax, $value)
#define PORT_IS_MASKED(port, mask, value)                                                          \
    INB(port);                                                                                     \
    IS_MASKED(%eax, $mask, $value)

    .text
    .code32
    .globl image
image:
    call pic
    call pit
    call clock
    call cascade
    call keyboard
    call speaker_port
    call serial
    call pci
    call nobody
    REAL(a20)
    ret

/* --- 8259A --- */

/* IRQ 0 as a request: counter 0 ends its count (mode 0). */
request_0:
    OUTB(0x43, 0x30)
    OUTB(0x40, 0x10)
    OUTB(0x40, 0x00)
    OUTB(0x20, 0x0a)
1:  inb $0x20, %al
    testb $1, %al
    jz 1b
    ret

/* Waits for an interrupt, at most so long as 2^20 reads of a port take; keeps IF clear. */
#define WAIT(vector)                                                                               \
    CATCH(8f);                                                                                     \
    movl $0x100000, %ecx;                                                                          \
    sti;                                                                                           \
    6: inb $0x80, %al;                                                                             \
    loop 6b;                                                                                       \
    8: cli;                                                                                        \
    IS(caught_vector, $vector)

pic:
    CHECK("PIC: the mask is read back")
    OUTB(0x21, 0xa5)
    PORT_IS(0x21, 0xa5)
    OUTB(0xa1, 0x5a)
    PORT_IS(0xa1, 0x5a)
    OUTB(0x21, 0xff)
    OUTB(0xa1, 0xff)
    CHECK("PIC: a masked request waits in IRR")
    call request_0
    CATCH(1f)
    sti
    nop
    nop
1:  cli
    IS(caught_vector, $-1)
    OUTB(0x20, 0x0a)
    PORT_IS_MASKED(0x20, 1, 1)
    OUTB(0x20, 0x0b)
    PORT_IS_MASKED(0x20, 0xff, 0)
    CHECK("PIC: unmasked, it is taken; ISR until the EOI")
    OUTB(0x21, 0xfe)
    WAIT(0x20)
    OUTB(0x20, 0x0b)
    PORT_IS_MASKED(0x20, 0xff, 1)
    OUTB(0x20, 0x0a)
    PORT_IS_MASKED(0x20, 1, 0)
    CHECK("PIC: no second one before the EOI")
    call request_0
    CATCH(1f)
    sti
    nop
    nop
1:  cli
    IS(caught_vector, $-1)
    OUTB(0x20, 0x20)
    WAIT(0x20)
    OUTB(0x20, 0x60) /* a specific EOI */
    OUTB(0x20, 0x0b)
    PORT_IS_MASKED(0x20, 0xff, 0)
    CHECK("PIC: poll")
    call request_0
    OUTB(0x20, 0x0c)
    PORT_IS(0x20, 0x80)
    OUTB(0x20, 0x0b)
    PORT_IS_MASKED(0x20, 0xff, 1)
    OUTB(0x20, 0x20)
    OUTB(0x20, 0x0c)
    PORT_IS_MASKED(0x20, 0x80, 0)
    CHECK("PIC: automatic EOI")
    OUTB(0x20, 0x11)
    OUTB(0x21, 0x30)
    OUTB(0x21, 0x04)
    OUTB(0x21, 0x03)
    OUTB(0x21, 0xfe)
    call request_0
    WAIT(0x30)
    OUTB(0x20, 0x0b)
    PORT_IS_MASKED(0x20, 0xff, 0)
    call quiet_pics
    CHECK("PIC: level-triggered by ELCR, for lines that may be")
    OUTB(0x4d0, 0xf8)
    PORT_IS(0x4d0, 0xf8)
    OUTB(0x4d0, 0)
    ret

/* --- 8254 --- */

/* A counter's 16 bits. */
#define COUNTER(port)                                                                              \
    INB(port);                                                                                     \
    movl %eax, %ebx;                                                                               \
    INB(port);                                                                                     \
    movb %al, %bh

pit:
    CHECK("PIT: read-back of status")
    OUTB(0x43, 0x36)
    OUTB(0x40, 0x34)
    OUTB(0x40, 0x12)
    OUTB(0x43, 0xe2)
    PORT_IS_MASKED(0x40, 0x3f, 0x36)
    CHECK("PIT: null count until it is loaded")
    OUTB(0x43, 0x34)
    OUTB(0x43, 0xe2)
    PORT_IS_MASKED(0x40, 0x7f, 0x74)
    OUTB(0x40, 0xff)
    OUTB(0x40, 0xff)
    movl $100000, %ecx
1:  OUTB(0x43, 0xe2)
    INB(0x40)
    testb $0x40, %al
    loopnz 1b
    IS_MASKED(%eax, $0x40, $0)
    CHECK("PIT: a latched count stays")
    OUTB(0x43, 0x00)
    movl $1000, %ecx
1:  inb $0x80, %al
    loop 1b
    OUTB(0x43, 0x00) /* latched already: this does nothing */
    COUNTER(0x40)
    movl %ebx, %esi
    OUTB(0x43, 0xd2) /* count alone, by read-back */
    COUNTER(0x40)
    cmpl %esi, %ebx /* it counts down, from FFFFh */
    sbbl %eax, %eax
    IS(%eax, $-1)
    CHECK("PIT: low and high byte by themselves")
    OUTB(0x43, 0x94) /* counter 2, low byte, mode 2; its gate is closed: it stands */
    OUTB(0x61, 0)
    OUTB(0x42, 0x55)
    OUTB(0x43, 0xe8)
    PORT_IS_MASKED(0x42, 0x3f, 0x14)
    OUTB(0x43, 0xa4)
    OUTB(0x42, 0x55)
    OUTB(0x43, 0xe8)
    PORT_IS_MASKED(0x42, 0x3f, 0x24)
    CHECK("PIT: counter 2 and its gate")
    OUTB(0x43, 0xb0) /* mode 0 */
    OUTB(0x42, 0x00)
    OUTB(0x42, 0x10)
    PORT_IS_MASKED(0x61, 0x20, 0)
    OUTB(0x61, 1)
1:  INB(0x61)
    testb $0x20, %al
    jz 1b
    PORT_IS_MASKED(0x61, 0x21, 0x21)
    CHECK("PIT: mode 3 is a square wave")
    OUTB(0x43, 0xb6)
    OUTB(0x42, 0x00)
    OUTB(0x42, 0x04)
    movl $4, %ecx
1:  INB(0x61)
    testb $0x20, %al
    jz 1b
2:  INB(0x61)
    testb $0x20, %al
    jnz 2b
    loop 1b
    OUTB(0x61, 0)
    movl $10000, %ecx /* for some periods of a counter that would go on */
    movl $-1, %ebx
1:  INB(0x61)
    andl %eax, %ebx
    loop 1b
    IS_MASKED(%ebx, $0x20, $0x20) /* a closed gate makes OUT high */
    CHECK("PIT: decimal counting")
    OUTB(0x43, 0x31) /* counter 0, mode 0 */
    OUTB(0x40, 0x00)
    OUTB(0x40, 0x90)
    movl $200, %ecx
1:  OUTB(0x43, 0x00)
    COUNTER(0x40)
    movl %ebx, %eax
    call is_decimal
    loop 1b
    ret

/* Are all four digits of AX below 10? */
is_decimal:
    movl $4, %edx
1:  movl %eax, %ebx
    andl $15, %ebx
    cmpl $10, %ebx
    sbbl %ebx, %ebx
    IS(%ebx, $-1)
    shrl $4, %eax
    decl %edx
    jnz 1b
    ret

/* --- MC146818 --- */

clock:
    CHECK("RTC: memory keeps what is written")
    CMOS_WRITE(0x60, 0x3c)
    CMOS_WRITE(0x61, 0xc3)
    CMOS(0x60)
    IS(%eax, $0x3c)
    CMOS(0x61)
    IS(%eax, $0xc3)
    CHECK("RTC: the time is valid, and in digits")
    CMOS(0x0d)
    IS(%eax, $0x80)
    CMOS(0x0b)
    andl $0x04, %eax
    IS(%eax, $0)
    CMOS(0x00)
    call is_decimal
    CMOS(0x02)
    call is_decimal
    CMOS(0x32)
    IS_MASKED(%eax, $0xf0, $0x20)
    CHECK("RTC: the time can be set while it stands")
    CMOS_WRITE(0x0b, 0x82)
    CMOS_WRITE(0x00, 0x58)
    CMOS_WRITE(0x02, 0x59)
    CMOS_WRITE(0x04, 0x23)
    CMOS(0x00)
    IS(%eax, $0x58)
    CMOS(0x02)
    IS(%eax, $0x59)
    CMOS(0x04)
    IS(%eax, $0x23)
    CHECK("RTC: in binary")
    CMOS_WRITE(0x0b, 0x86)
    CMOS_WRITE(0x04, 23)
    CMOS(0x04)
    IS(%eax, $23)
    CMOS_WRITE(0x0b, 0x02)
    ret

cascade:
    CHECK("IRQ 8: the periodic interrupt, by both controllers")
    CMOS_WRITE(0x0a, 0x26) /* 1024 Hz */
    CMOS(0x0c) /* read later, it might take back what the 8259 has noted */
    CMOS_WRITE(0x0b, 0x42)
    OUTB(0x21, 0xfb)
    OUTB(0xa1, 0xfe)
    WAIT(0x28)
    OUTB(0xa0, 0x0b)
    PORT_IS_MASKED(0xa0, 0xff, 1)
    OUTB(0x20, 0x0b)
    PORT_IS_MASKED(0x20, 0xff, 4)
    CHECK("IRQ 0 comes before it, nested")
    OUTB(0x21, 0xfa)
    call request_0
    WAIT(0x20)
    OUTB(0x20, 0x0b)
    PORT_IS_MASKED(0x20, 0xff, 5)
    OUTB(0x20, 0x20)
    OUTB(0x20, 0x0b)
    PORT_IS_MASKED(0x20, 0xff, 4)
    OUTB(0x21, 0xfb)
    CHECK("RTC: register C tells, and is cleared by a read")
    CMOS(0x0c)
    IS_MASKED(%eax, $0xc0, $0xc0)
    OUTB(0xa0, 0x20)
    OUTB(0x20, 0x20)
    WAIT(0x28)
    CHECK("RTC: no further interrupt before register C is read")
    OUTB(0xa0, 0x20)
    OUTB(0x20, 0x20)
    CATCH(1f)
    sti
    movl $0x4000, %ecx
2:  inb $0x80, %al
    loop 2b
1:  cli
    IS(caught_vector, $-1)
    CMOS(0x0c)
    WAIT(0x28)
    CMOS_WRITE(0x0b, 0x02)
    CMOS(0x0c)
    OUTB(0xa0, 0x20)
    OUTB(0x20, 0x20)
    OUTB(0xa1, 0xff)
    OUTB(0x21, 0xff)
    ret

/* --- 8042 --- */

kbc_command: /* al */
    pushl %eax
1:  inb $0x64, %al
    testb $2, %al
    jnz 1b
    popl %eax
    outb %al, $0x64
    ret
kbc_data: /* al */
    pushl %eax
1:  inb $0x64, %al
    testb $2, %al
    jnz 1b
    popl %eax
    outb %al, $0x60
    ret
/* eax: a byte, ah: the status it came with; -1 if none comes. */
kbc_read:
    movl $0x100000, %ecx
1:  inb $0x64, %al
    testb $1, %al
    jnz 2f
    loop 1b
    movl $-1, %eax
    ret
2:  movb %al, %ah
    inb $0x60, %al
    movzwl %ax, %eax
    ret
#define KBC(command)                                                                               \
    movb $command, %al;                                                                            \
    call kbc_command
#define KBC_DATA(byte)                                                                             \
    movb $byte, %al;                                                                               \
    call kbc_data
#define KBC_ANSWERS(value)                                                                         \
    call kbc_read;                                                                                 \
    movzbl %al, %eax;                                                                              \
    IS(%eax, $value)

keyboard:
    CHECK("8042: self-test and interface tests")
    KBC(0xad)
    KBC(0xa7)
    inb $0x60, %al
    KBC(0xaa)
    KBC_ANSWERS(0x55)
    KBC(0xab)
    KBC_ANSWERS(0)
    KBC(0xa9)
    KBC_ANSWERS(0)
    CHECK("8042: the mode byte")
    KBC(0x60)
    KBC_DATA(0x74)
    KBC(0x20)
    KBC_ANSWERS(0x74)
    KBC(0xae)
    KBC(0xa8)
    KBC(0x20)
    KBC_ANSWERS(0x44)
    PORT_IS_MASKED(0x64, 0x05, 0x04)
    CHECK("8042: bytes as if from keyboard and mouse")
    KBC(0xd2)
    KBC_DATA(0x5a)
    call kbc_read
    IS_MASKED(%eax, $0x21ff, $0x015a)
    KBC(0xd3)
    KBC_DATA(0xa5)
    call kbc_read
    IS_MASKED(%eax, $0x21ff, $0x21a5)
    CHECK("8042: IRQ 1 and IRQ 12")
    KBC(0x60)
    KBC_DATA(0x47)
    OUTB(0x21, 0xf9)
    OUTB(0xa1, 0xef)
    KBC(0xd2)
    KBC_DATA(0x33)
    WAIT(0x21)
    PORT_IS(0x60, 0x33)
    OUTB(0x20, 0x20)
    KBC(0xd3)
    KBC_DATA(0x44)
    WAIT(0x2c)
    PORT_IS(0x60, 0x44)
    OUTB(0xa0, 0x20)
    OUTB(0x20, 0x20)
    OUTB(0x21, 0xff)
    OUTB(0xa1, 0xff)
    KBC(0x60)
    KBC_DATA(0x04)
    CHECK("8042: the output port")
    KBC(0xd0)
    call kbc_read
    IS_MASKED(%eax, $0x03, $0x03)
    CHECK("keyboard: echo, identity, reset")
    KBC_DATA(0xee)
    KBC_ANSWERS(0xee)
    KBC_DATA(0xf2)
    KBC_ANSWERS(0xfa)
    KBC_ANSWERS(0xab)
    KBC_ANSWERS(0x83)
    KBC_DATA(0xff)
    KBC_ANSWERS(0xfa)
    KBC_ANSWERS(0xaa)
    CHECK("keyboard: identity, translated")
    KBC(0x60)
    KBC_DATA(0x44)
    KBC_DATA(0xf2)
    KBC_ANSWERS(0xfa)
    KBC_ANSWERS(0xab)
    KBC_ANSWERS(0x41)
    CHECK("mouse: reset and identity")
    KBC(0xd4)
    KBC_DATA(0xff)
    KBC_ANSWERS(0xfa)
    KBC_ANSWERS(0xaa)
    KBC_ANSWERS(0x00)
    KBC(0xd4)
    KBC_DATA(0xf2)
    KBC_ANSWERS(0xfa)
    KBC_ANSWERS(0x00)
    ret

speaker_port:
    CHECK("port 61h: two bits are kept, the refresh bit toggles")
    OUTB(0x61, 3)
    PORT_IS_MASKED(0x61, 0x0f, 3)
    OUTB(0x61, 0)
    PORT_IS_MASKED(0x61, 0x0f, 0)
    movl $4, %ecx
1:  inb $0x61, %al
    testb $0x10, %al
    jz 1b
2:  inb $0x61, %al
    testb $0x10, %al
    jnz 2b
    loop 1b
    ret

/* --- 16550 --- */

serial:
    CHECK("UART: divisor latch and scratch register")
    OUTB(UART + 3, 0x83)
    OUTB(UART, 0x34)
    OUTB(UART + 1, 0x12)
    PORT_IS(UART, 0x34)
    PORT_IS(UART + 1, 0x12)
    OUTB(UART, 1)
    OUTB(UART + 1, 0)
    OUTB(UART + 3, 0x03)
    PORT_IS(UART + 3, 0x03)
    OUTB(UART + 7, 0xa5)
    PORT_IS(UART + 7, 0xa5)
    CHECK("UART: FIFOs show in IIR")
    OUTB(UART + 2, 0x00)
    PORT_IS_MASKED(UART + 2, 0xc0, 0x00)
    OUTB(UART + 2, 0x07)
    PORT_IS_MASKED(UART + 2, 0xc0, 0xc0)
    CHECK("UART: what is sent in loopback is received")
    OUTB(UART + 1, 0x00)
    OUTB(UART + 4, 0x10)
    PORT_IS_MASKED(UART + 5, 0x61, 0x60)
    OUTB(UART, 0x5a)
1:  INB(UART + 5)
    testb $1, %al
    jz 1b
    PORT_IS(UART, 0x5a)
    PORT_IS_MASKED(UART + 5, 1, 0)
    CHECK("UART: modem lines in loopback")
    OUTB(UART + 4, 0x1a)
    INB(UART + 6)
    PORT_IS_MASKED(UART + 6, 0xf0, 0x90)
    OUTB(UART + 4, 0x15)
    INB(UART + 6)
    PORT_IS_MASKED(UART + 6, 0xff, 0x60)
    CHECK("UART: IIR of received data in loopback")
    OUTB(UART + 2, 0x01)
    OUTB(UART + 1, 0x01)
    PORT_IS_MASKED(UART + 2, 0x0f, 0x01)
    OUTB(UART + 4, 0x1b)
    OUTB(UART, 0x77)
1:  INB(UART + 5)
    testb $1, %al
    jz 1b
    PORT_IS_MASKED(UART + 2, 0x07, 0x04)
    PORT_IS(UART, 0x77)
    PORT_IS_MASKED(UART + 2, 0x0f, 0x01)
    CHECK("UART: IRQ 4 of the empty transmitter")
    OUTB(UART + 4, 0x0b)
    OUTB(0x21, 0xef)
    OUTB(UART + 1, 0x02)
    WAIT(0x24)
    PORT_IS_MASKED(UART + 2, 0x0f, 0x02)
    PORT_IS_MASKED(UART + 2, 0x0f, 0x01) /* the read has cleared it */
    OUTB(UART + 1, 0x00)
    OUTB(0x20, 0x20)
    OUTB(0x21, 0xff)
    OUTB(UART + 4, 0x00)
    ret

/* --- PCI --- */

#define PCI_ADDRESS(address)                                                                       \
    movw $0xcf8, %dx;                                                                              \
    movl $0x80000000 + (address), %eax;                                                            \
    outl %eax, %dx

pci:
    CHECK("PCI: the address register is read back")
    PCI_ADDRESS(0x0008)
    inl %dx, %eax
    IS(%eax, $0x80000008)
    CHECK("PCI: host bridge and ISA bridge")
    PCI_ADDRESS(0x0000)
    movw $0xcfc, %dx
    inl %dx, %eax
    IS(%eax, $0x12378086)
    PCI_ADDRESS(0x0800)
    movw $0xcfc, %dx
    inl %dx, %eax
    IS(%eax, $0x70008086)
    CHECK("PCI: bytes and words of a register")
    movw $0xcfe, %dx
    xorl %eax, %eax
    inw %dx, %ax
    IS(%eax, $0x7000)
    movw $0xcfd, %dx
    xorl %eax, %eax
    inb %dx, %al
    IS(%eax, $0x80)
    CHECK("PCI: identities are not for writing")
    PCI_ADDRESS(0x0000)
    movw $0xcfc, %dx
    movl $0x12345678, %eax
    outl %eax, %dx
    inl %dx, %eax
    IS(%eax, $0x12378086)
    CHECK("PCI: nobody there reads as ones")
    PCI_ADDRESS(0xf800)
    movw $0xcfc, %dx
    inl %dx, %eax
    IS(%eax, $-1)
    PCI_ADDRESS(0x10000)
    movw $0xcfc, %dx
    inl %dx, %eax
    IS(%eax, $-1)
    CHECK("PCI: nothing while it is not enabled")
    movw $0xcf8, %dx
    xorl %eax, %eax
    outl %eax, %dx
    movw $0xcfc, %dx
    inl %dx, %eax
    IS(%eax, $-1)
    ret

nobody:
    CHECK("ports where nobody is read as ones")
    movw $0x2a0, %dx
    xorl %eax, %eax
    inb %dx, %al
    IS(%eax, $0xff)
    xorl %eax, %eax
    inw %dx, %ax
    IS(%eax, $0xffff)
    inl %dx, %eax
    IS(%eax, $-1)
    CHECK("port E9h reads as E9h")
    PORT_IS(0xe9, 0xe9)
    ret

/* --- A20: from below 1 MiB, with the image's own memory as what is above --- */

#define HIGH_OFFSET (0x10 + LOW_FREE) /* of FFFFh: 1 MiB above LOW_FREE */
#define IS_LOW(yes)                                                                                \
    movl %fs:HIGH_OFFSET, %eax;                                                                    \
    xorl LOW_FREE, %eax;                                                                           \
    cmpl $1, %eax;                                                                                 \
    sbbl %eax, %eax;                                                                               \
    IS16(%eax, $-(yes))
#define KBC_WAIT16                                                                                 \
    6: inb $0x64, %al;                                                                             \
    testb $2, %al;                                                                                 \
    jnz 6b
#define A20_BY_KBC(on)                                                                             \
    KBC_WAIT16;                                                                                    \
    movb $0xd1, %al;                                                                               \
    outb %al, $0x64;                                                                               \
    KBC_WAIT16;                                                                                    \
    movb $0xdd + (on) * 2, %al;                                                                    \
    outb %al, $0x60;                                                                               \
    KBC_WAIT16

    .section .low, "ax"
    .code16
a20:
    movw $0xffff, %ax
    movw %ax, %fs
    movl %fs:HIGH_OFFSET, %eax
    notl %eax
    movl %eax, LOW_FREE
    CHECK16("A20 on: 1 MiB above is other memory")
    IS_LOW(0)
    CHECK16("A20 off: 1 MiB above is the same memory")
    A20_BY_KBC(0)
    movb $0, %al
    outb %al, $0x92
    IS_LOW(1)
    CHECK16("A20 off: writes and code too")
    movl $0x12345678, %fs:HIGH_OFFSET + 4
    IS16(LOW_FREE + 4, $0x12345678)
    lcallw $0xffff, $1f + 0x10
    jmp 2f
1:  movl $0x77, %ebx
    lretw
2:  IS16(%ebx, $0x77)
    CHECK16("A20 on by port 92h")
    movb $2, %al
    outb %al, $0x92
    IS_LOW(0)
    inb $0x92, %al
    movzbl %al, %eax
    andl $2, %eax
    IS16(%eax, $2)
    movb $0, %al
    outb %al, $0x92
    IS_LOW(1)
    CHECK16("A20 on by the 8042")
    A20_BY_KBC(1)
    IS_LOW(0)
    A20_BY_KBC(0)
    IS_LOW(1)
    CHECK16("A20 on again")
    movb $2, %al
    outb %al, $0x92
    IS_LOW(0)
    jmp leave_real
