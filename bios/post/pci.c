/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PCI: addresses for what functions decode, interrupt lines by the PIIX's router (PCI 2.1, 6.2;
 * Intel 82371SB data sheet, 290550).
 */
#include "bios/system/pci.h"
#include "bios/disk/virtio.h"
#include "bios/post/post.h"

enum { IO_START = 0xc000, IO_END = 0x10000, MEMORY_START = 0xe0000000u, MEMORY_END = 0xfec00000u };
enum { BARS = 6, BRIDGE_BARS = 2, SUBORDINATE_BUS = 0x1a, MULTIFUNCTION = 0x80 };
enum { IO_BASE = 0x1c, MEMORY_BASE = 0x20, PREFETCH_BASE = 0x24, BRIDGE_CONTROL = 0x3e };
enum { CLASS_IDE = 0x0101, CLASS_BRIDGE = 0x0604, IDE_NATIVE = 0x05 };
enum {
    PIIX3_ISA = 0x70008086u,
    PIIX4_ISA = 0x71108086u,
    PIIX3_IDE = 0x70108086u,
    PIIX4_IDE = 0x71118086u,
    PIIX4_PM = 0x71138086u,
    VIRTIO_DISK = 0x10011af4u, /* with the legacy interface, too; */
    VIRTIO_DISK_1 = 0x10421af4u,
};

enum { PORT_PM = 0x600, PORT_SMB = 0x700 };

extern struct pci_route pci_routes[PCI_ROUTES];
extern u16 pci_routes_size;

static u32 next_io, next_memory;
static u8 buses;

/* --- walking --- */

static void each_on(u8 bus, void (*f)(u16 function, void *context), void *context)
{
    for (u32 i = 0; i < 0x100; i++) {
        u16 function = (u16)(bus << 8 | i);
        if (i & 7 && !(pci_read8(function & (u16)~7, PCI_HEADER) & MULTIFUNCTION))
            continue;
        if (pci_read16(function, PCI_ID) != 0xffff)
            f(function, context);
    }
}

void pci_each(void (*f)(u16 function, void *context), void *context)
{
    for (u32 bus = 0; bus <= buses; bus++)
        each_on((u8)bus, f, context);
}

static bool is_bridge(u16 function)
{
    return (pci_read8(function, PCI_HEADER) & 0x7f) == 1;
}

/* --- addresses --- */

static u32 take(u32 *next, u32 end, u32 size)
{
    u32 at = align_up(*next, size);
    if (at < *next || at > end || size > end - at)
        return 0;
    *next = at + size;
    return at;
}

static void assign(u16 function, u8 bar, u32 *enable)
{
    enum { IO = 1, MEMORY_64 = 4, IO_MASK = ~3, MEMORY_MASK = ~15 };
    u32 old = pci_read32(function, bar);
    bool io = old & IO && bar != PCI_ROM && bar != PCI_BRIDGE_ROM;
    pci_write32(function, bar, bar == PCI_ROM || bar == PCI_BRIDGE_ROM ? ~1u : ~0u);
    u32 mask = pci_read32(function, bar);
    pci_write32(function, bar, old);
    mask &= io                                        ? (u32)IO_MASK
            : bar == PCI_ROM || bar == PCI_BRIDGE_ROM ? ~0x7ffu
                                                      : (u32)MEMORY_MASK;
    if (!mask)
        return;
    if (io)
        mask |= 0xffff0000;
    u32 size = mask & -mask;
    u32 at = io ? take(&next_io, IO_END, size) : take(&next_memory, MEMORY_END, size);
    pci_write32(function, bar, at);
    if (!io && (old & 6) == MEMORY_64 && bar != PCI_ROM)
        pci_write32(function, (u8)(bar + 4), 0);
    if (at && bar != PCI_ROM && bar != PCI_BRIDGE_ROM)
        *enable |= io ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
}

static bool is_64_bit(u16 function, u8 bar)
{
    return (pci_read32(function, bar) & 7) == 4;
}

/* Compatible IDE channels have their ports whatever the first four say. */
static void assign_all(u16 function)
{
    bool bridge = is_bridge(function);
    bool ide = pci_read16(function, PCI_CLASS) == CLASS_IDE &&
               !(pci_read8(function, PCI_INTERFACE) & IDE_NATIVE);
    u8 bars = bridge ? BRIDGE_BARS : BARS;
    u32 enable = ide ? PCI_COMMAND_IO : 0;
    pci_write16(function, PCI_COMMAND,
                pci_read16(function, PCI_COMMAND) & (u16) ~(PCI_COMMAND_IO | PCI_COMMAND_MEMORY));
    for (u8 i = ide ? 4 : 0; i < bars; i++) {
        u8 bar = (u8)(PCI_BAR + i * 4);
        assign(function, bar, &enable);
        i = (u8)(i + is_64_bit(function, bar));
    }
    assign(function, bridge ? PCI_BRIDGE_ROM : PCI_ROM, &enable);
    pci_write16(function, PCI_COMMAND, (u16)(pci_read16(function, PCI_COMMAND) | enable));
}

/* --- bridges: what is behind one gets a range of its own --- */

static void init_bus(u8 bus);

static void init_bridge(u16 function)
{
    enum { IO_STEP = 0x1000, MEMORY_STEP = MB };
    u32 io, memory;
    u8 secondary = ++buses;
    next_io = align_up(next_io, IO_STEP);
    next_memory = align_up(next_memory, MEMORY_STEP);
    io = next_io;
    memory = next_memory;
    pci_write32(function, 0x18, (u32)(function >> 8) | (u32)secondary << 8 | 0xff0000);
    init_bus(secondary);
    pci_write8(function, SUBORDINATE_BUS, buses);
    next_io = align_up(next_io, IO_STEP);
    next_memory = align_up(next_memory, MEMORY_STEP);
    pci_write16(function, IO_BASE,
                (u16)(next_io > io ? (io >> 8 & 0xf0) | ((next_io - 1) & 0xf000) : 0x00f0));
    pci_write32(function, MEMORY_BASE,
                next_memory > memory ? (memory >> 16 & 0xfff0) | ((next_memory - 1) & 0xfff00000)
                                     : 0x0000fff0);
    pci_write32(function, PREFETCH_BASE, 0x0000fff0);
    pci_write16(function, PCI_COMMAND,
                (u16)(pci_read16(function, PCI_COMMAND) | PCI_COMMAND_IO | PCI_COMMAND_MEMORY |
                      PCI_COMMAND_MASTER));
}

/* --- interrupts --- */

/* PIRQA to PIRQD, as the router's registers 60h to 63h are set. */
static const u8 link_irq[4] = {11, 10, 11, 5};

void pci_links(u8 irqs[4])
{
    memcpy(irqs, link_irq, LENGTH(link_irq));
}

/* A bridge turns pins by its slots. */
static void set_line(u16 function, unsigned turn)
{
    u8 pin = pci_read8(function, PCI_IRQ_PIN);
    if (pin)
        pci_write8(function, PCI_IRQ_LINE,
                   link_irq[pci_link_of((function >> 3 & 0x1f) + turn, pin - 1u)]);
}

static void init_router(u16 function)
{
    enum { PIRQ = 0x60, ELCR = 0x4d0 };
    u32 level = 0;
    for (unsigned i = 0; i < LENGTH(link_irq); i++) {
        pci_write8(function, (u8)(PIRQ + i), link_irq[i]);
        level |= 1u << link_irq[i];
    }
    outb(ELCR, (u8)level);
    outb(ELCR + 1, (u8)(level >> 8));
}

/* --- chips of which more is known --- */

/* Both channels decode their ports. */
static void init_ide(u16 function)
{
    enum { TIMING = 0x40, DECODE = 0x80008000u };
    pci_write32(function, TIMING, DECODE);
    pci_write16(function, PCI_COMMAND,
                (u16)(pci_read16(function, PCI_COMMAND) | PCI_COMMAND_IO | PCI_COMMAND_MASTER));
    the_setup->bus_master_ide = function;
}

/* Power management's and SMBus's ports (Intel 82371AB data sheet, 290562). */
static void init_power(u16 function)
{
    enum { PM_BASE = 0x40, PM_ENABLE = 0x80, SMB_BASE = 0x90, SMB_ENABLE = 0xd2 };
    pci_write8(function, PCI_IRQ_LINE, 9);
    pci_write32(function, PM_BASE, PORT_PM | 1);
    pci_write8(function, PM_ENABLE, 1);
    pci_write32(function, SMB_BASE, PORT_SMB | 1);
    pci_write8(function, SMB_ENABLE, 9);
    the_setup->pm_base = PORT_PM;
}

/* It reads requests from memory, and writes what they want there. */
static void init_virtio_disk(u16 function)
{
    volatile u16 *place = the_setup->virtio_disk;
    pci_write16(function, PCI_COMMAND,
                (u16)(pci_read16(function, PCI_COMMAND) | PCI_COMMAND_MASTER));
    for (unsigned i = 0; i < MOST_VIRTIO_DISKS; i++)
        if (!place[i]) {
            place[i] = function;
            break;
        }
    if (virtio_is_legacy(function) && !the_setup->virtio_memory)
        the_setup->virtio_memory = memory_reserve_low(VIRTIO_LEGACY_MEMORY);
}

static void init_function(u16 function, void *context)
{
    (void)context;
    assign_all(function);
    set_line(function, 0);
    switch (pci_read32(function, PCI_ID)) {
    case PIIX3_ISA:
    case PIIX4_ISA:
        init_router(function);
        break;
    case PIIX3_IDE:
    case PIIX4_IDE:
        init_ide(function);
        break;
    case PIIX4_PM:
        init_power(function);
        break;
    case VIRTIO_DISK:
    case VIRTIO_DISK_1:
        init_virtio_disk(function);
        break;
    default:
        break;
    }
    if (is_bridge(function))
        init_bridge(function);
}

static void init_bus(u8 bus)
{
    each_on(bus, init_function, NULL);
}

/* --- the routing table: PCI BIOS 2.1, 4.1.3.1 --- */

static void fill_routes(void)
{
    enum { DEVICES = PCI_ROUTES - 1, FIRST_LINK = 0x60 };
    struct pci_route *routes = *IN_BIOS(pci_routes);
    for (unsigned device = 1; device <= DEVICES; device++) {
        struct pci_route *r = &routes[device - 1];
        r->bus = 0;
        r->device = (u8)(device << 3);
        r->slot = (u8)device;
        for (unsigned pin = 0; pin < 4; pin++) {
            r->pin[pin].link = (u8)(FIRST_LINK + pci_link_of(device, pin));
            r->pin[pin].irqs = PIRQ_IRQS;
        }
    }
    *IN_BIOS(pci_routes_size) = DEVICES * sizeof *routes;
}

void pci_init(void)
{
    if (pci_read16(0, PCI_ID) == 0xffff)
        return;
    next_io = IO_START;
    next_memory = memory_top() > MEMORY_START ? memory_top() : MEMORY_START;
    buses = 0;
    init_bus(0);
    the_setup->has_pci = 1;
    the_setup->last_bus = buses;
    fill_routes();
}
