/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What ACPI tells of a PC with a 440FX and a PIIX: the PCI bus, which interrupts its pins are
 * routed to, the ISA devices, and how the machine is turned off.
 */
DefinitionBlock ("dsdt.aml", "DSDT", 2, "TESSRA", "TESSERA ", 1)
{
#define PINS(device, a, b, c, d) \
    Package () {device, 0, a, 0}, Package () {device, 1, b, 0}, \
    Package () {device, 2, c, 0}, Package () {device, 3, d, 0}
#define FOUR(d1, d2, d3, d4) \
    PINS (d1, LNKA, LNKB, LNKC, LNKD), PINS (d2, LNKB, LNKC, LNKD, LNKA), \
    PINS (d3, LNKC, LNKD, LNKA, LNKB), PINS (d4, LNKD, LNKA, LNKB, LNKC)

    Scope (\_SB)
    {
        Device (PCI0)
        {
            Name (_HID, EisaId ("PNP0A03"))
            Name (_ADR, 0)
            Name (_UID, 0)
            Name (_PRT, Package ()
            {
                FOUR (0x0001ffff, 0x0002ffff, 0x0003ffff, 0x0004ffff),
                FOUR (0x0005ffff, 0x0006ffff, 0x0007ffff, 0x0008ffff),
                FOUR (0x0009ffff, 0x000affff, 0x000bffff, 0x000cffff),
                FOUR (0x000dffff, 0x000effff, 0x000fffff, 0x0010ffff),
                FOUR (0x0011ffff, 0x0012ffff, 0x0013ffff, 0x0014ffff),
                FOUR (0x0015ffff, 0x0016ffff, 0x0017ffff, 0x0018ffff),
                FOUR (0x0019ffff, 0x001affff, 0x001bffff, 0x001cffff),
                PINS (0x001dffff, LNKA, LNKB, LNKC, LNKD),
                PINS (0x001effff, LNKB, LNKC, LNKD, LNKA),
                PINS (0x001fffff, LNKC, LNKD, LNKA, LNKB)
            })
            Name (_CRS, ResourceTemplate ()
            {
                WordBusNumber (ResourceProducer, MinFixed, MaxFixed, PosDecode,
                    0x0000, 0x0000, 0x00ff, 0x0000, 0x0100)
                IO (Decode16, 0x0cf8, 0x0cf8, 0x01, 0x08)
                WordIO (ResourceProducer, MinFixed, MaxFixed, PosDecode, EntireRange,
                    0x0000, 0x0000, 0x0cf7, 0x0000, 0x0cf8)
                WordIO (ResourceProducer, MinFixed, MaxFixed, PosDecode, EntireRange,
                    0x0000, 0x0d00, 0xffff, 0x0000, 0xf300)
                DWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, Cacheable, ReadWrite,
                    0x00000000, 0x000a0000, 0x000bffff, 0x00000000, 0x00020000)
                DWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, NonCacheable,
                    ReadWrite, 0x00000000, 0xe0000000, 0xfebfffff, 0x00000000, 0x1ec00000)
            })

            Device (ISA)
            {
                Name (_ADR, 0x00010000)
                OperationRegion (ROUT, PCI_Config, 0x60, 0x04)
                Field (ROUT, ByteAcc, NoLock, Preserve)
                {
                    PRQA, 8, PRQB, 8, PRQC, 8, PRQD, 8
                }

                Device (KBD)
                {
                    Name (_HID, EisaId ("PNP0303"))
                    Name (_CRS, ResourceTemplate ()
                    {
                        IO (Decode16, 0x0060, 0x0060, 0x01, 0x01)
                        IO (Decode16, 0x0064, 0x0064, 0x01, 0x01)
                        IRQNoFlags () {1}
                    })
                }
                Device (MOU)
                {
                    Name (_HID, EisaId ("PNP0F13"))
                    Name (_CRS, ResourceTemplate () {IRQNoFlags () {12}})
                }
                Device (RTC)
                {
                    Name (_HID, EisaId ("PNP0B00"))
                    Name (_CRS, ResourceTemplate ()
                    {
                        IO (Decode16, 0x0070, 0x0070, 0x01, 0x02)
                        IRQNoFlags () {8}
                    })
                }
                Device (FDC)
                {
                    Name (_HID, EisaId ("PNP0700"))
                    Name (_CRS, ResourceTemplate ()
                    {
                        IO (Decode16, 0x03f2, 0x03f2, 0x00, 0x04)
                        IO (Decode16, 0x03f7, 0x03f7, 0x00, 0x01)
                        IRQNoFlags () {6}
                        DMA (Compatibility, NotBusMaster, Transfer8) {2}
                    })
                }
            }
        }

#define LINK(name, number, register) \
        Device (name) \
        { \
            Name (_HID, EisaId ("PNP0C0F")) \
            Name (_UID, number) \
            Name (_PRS, ResourceTemplate () {IRQ (Level, ActiveLow, Shared) {5, 10, 11}}) \
            Method (_STA) {If (register & 0x80) {Return (0x09)} Return (0x0b)} \
            Method (_DIS) {register |= 0x80} \
            Method (_SRS, 1) \
            { \
                CreateWordField (Arg0, 1, MASK) \
                FindSetRightBit (MASK, Local0) \
                register = Local0 - 1 \
            } \
            Method (_CRS, 0, Serialized) \
            { \
                Name (BUFF, ResourceTemplate () {IRQ (Level, ActiveLow, Shared) {5}}) \
                CreateWordField (BUFF, 1, MASK) \
                MASK = 0 \
                If (!(register & 0x80)) {MASK = 1 << (register & 0x0f)} \
                Return (BUFF) \
            } \
        }
        LINK (LNKA, 0, \_SB.PCI0.ISA.PRQA)
        LINK (LNKB, 1, \_SB.PCI0.ISA.PRQB)
        LINK (LNKC, 2, \_SB.PCI0.ISA.PRQC)
        LINK (LNKD, 3, \_SB.PCI0.ISA.PRQD)
    }

    /* The PIIX4's SLP_TYP of soft off. */
    Name (\_S5, Package () {0, 0, 0, 0})
}
