/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ports, CMOS, POST codes; PCI configuration space by mechanism 1 (PCI 2.1, 3.7.4.1). */
#ifndef BIOS_IO_H
#define BIOS_IO_H

#include "bios/lib/types.h"

#define PORT_READ(name, type)                                                                      \
    static inline type name(u16 port)                                                              \
    {                                                                                              \
        type value;                                                                                \
        __asm__ volatile("in %1, %0" : "=a"(value) : "Nd"(port) : "memory");                       \
        return value;                                                                              \
    }
#define PORT_WRITE(name, type)                                                                     \
    static inline void name(u16 port, type value)                                                  \
    {                                                                                              \
        __asm__ volatile("out %0, %1" : : "a"(value), "Nd"(port) : "memory");                      \
    }

PORT_READ(inb, u8)
PORT_READ(inw, u16)
PORT_READ(inl, u32)
PORT_WRITE(outb, u8)
PORT_WRITE(outw, u16)
PORT_WRITE(outl, u32)

enum {
    PORT_PIC1 = 0x20,
    PORT_PIC2 = 0xa0,
    PORT_PIT = 0x40,
    PORT_KBD_DATA = 0x60,
    PORT_61 = 0x61,
    PORT_KBD_STATUS = 0x64,
    PORT_CMOS = 0x70,
    PORT_POST = 0x80,
    PORT_92 = 0x92,
    PORT_PCI_ADDRESS = 0xcf8,
    PORT_PCI_DATA = 0xcfc,
};

/* A power-on self test code: how far POST is (bios/post/post.h). */
static inline void post_code(u8 code)
{
    outb(PORT_POST, code);
}

/* Takes about a microsecond on hardware. */
static inline void io_delay(void)
{
    outb(0xed, 0);
}

/* Bytes of the MC146818 and its RAM. */
enum {
    CMOS_SECONDS = 0x00,
    CMOS_SECONDS_ALARM = 0x01,
    CMOS_MINUTES = 0x02,
    CMOS_MINUTES_ALARM = 0x03,
    CMOS_HOURS = 0x04,
    CMOS_HOURS_ALARM = 0x05,
    CMOS_DAY = 0x07,
    CMOS_MONTH = 0x08,
    CMOS_YEAR = 0x09,
    CMOS_A = 0x0a,
    CMOS_B = 0x0b,
    CMOS_C = 0x0c,
    CMOS_SHUTDOWN = 0x0f,
    CMOS_FLOPPIES = 0x10,
    CMOS_EQUIPMENT = 0x14,
    CMOS_EXTENDED_K = 0x17,   /* KiB above 1 MiB */
    CMOS_EXTENDED_K_2 = 0x30, /* the same, as POST found it */
    CMOS_CENTURY = 0x32,
    CMOS_EXTENDED_64K = 0x34, /* 64 KiB above 16 MiB: QEMU, Bochs */
    CMOS_BOOT_1 = 0x38,       /* QEMU, Bochs: first device in the upper half; no floppy check */
    CMOS_TRANSLATION = 0x39,  /* QEMU, Bochs: two bits a disk */
    CMOS_BOOT_2 = 0x3d,       /* QEMU, Bochs: second and third device */
    CMOS_HIGH_64K = 0x5b,     /* three bytes, 64 KiB above 4 GiB: QEMU */
};

static inline u8 cmos_read(u8 index)
{
    outb(PORT_CMOS, index);
    return inb(PORT_CMOS + 1);
}

static inline void cmos_write(u8 index, u8 value)
{
    outb(PORT_CMOS, index);
    outb(PORT_CMOS + 1, value);
}

static inline u16 cmos_read16(u8 index)
{
    u8 low = cmos_read(index);
    return (u16)(low | cmos_read((u8)(index + 1)) << 8);
}

/* A function of PCI: its bus in the upper byte, device and function in the lower one. */
enum {
    PCI_ID = 0x00,
    PCI_COMMAND = 0x04,
    PCI_REVISION = 0x08,
    PCI_INTERFACE = 0x09,
    PCI_CLASS = 0x0a,
    PCI_HEADER = 0x0e,
    PCI_BAR = 0x10,
    PCI_SECONDARY_BUS = 0x19,
    PCI_ROM = 0x30,
    PCI_BRIDGE_ROM = 0x38,
    PCI_IRQ_LINE = 0x3c,
    PCI_IRQ_PIN = 0x3d,

    PCI_COMMAND_IO = 1,
    PCI_COMMAND_MEMORY = 2,
    PCI_COMMAND_MASTER = 4,
};

static inline void pci_select(u16 function, u8 offset)
{
    outl(PORT_PCI_ADDRESS, 0x80000000u | (u32)function << 8 | (offset & 0xfc));
}

static inline u32 pci_read32(u16 function, u8 offset)
{
    pci_select(function, offset);
    return inl(PORT_PCI_DATA);
}

static inline u16 pci_read16(u16 function, u8 offset)
{
    pci_select(function, offset);
    return inw((u16)(PORT_PCI_DATA + (offset & 2)));
}

static inline u8 pci_read8(u16 function, u8 offset)
{
    pci_select(function, offset);
    return inb((u16)(PORT_PCI_DATA + (offset & 3)));
}

static inline void pci_write32(u16 function, u8 offset, u32 value)
{
    pci_select(function, offset);
    outl(PORT_PCI_DATA, value);
}

static inline void pci_write16(u16 function, u8 offset, u16 value)
{
    pci_select(function, offset);
    outw((u16)(PORT_PCI_DATA + (offset & 2)), value);
}

static inline void pci_write8(u16 function, u8 offset, u8 value)
{
    pci_select(function, offset);
    outb((u16)(PORT_PCI_DATA + (offset & 3)), value);
}

#endif
