/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every device of the PC at its ports, wired to the interrupt controllers. Knows nothing of the
 * cpu but the four lines that lead there, and nothing of the host but the ends of the serial and
 * parallel lines.
 */
#ifndef HW_PC_CHIPSET_H
#define HW_PC_CHIPSET_H

#include "hw/bus/i8237.h"
#include "hw/bus/pci.h"
#include "hw/char/parallel.h"
#include "hw/char/uart16550.h"
#include "hw/clock/hpet.h"
#include "hw/clock/i8254.h"
#include "hw/clock/mc146818.h"
#include "hw/debug.h"
#include "hw/device.h"
#include "hw/disk/i82077.h"
#include "hw/host/chardev.h"
#include "hw/host/disk.h"
#include "hw/input/i8042.h"
#include "hw/intc/apic.h"
#include "hw/intc/i8259.h"
#include "hw/intc/ioapic.h"
#include "hw/net/network_card.h"
#include "hw/options.h"
#include "hw/pc/cmos.h"
#include "hw/pc/fw_cfg.h"
#include "hw/pc/i440fx.h"
#include "hw/pc/isa_irq.h"
#include "hw/pc/piix3.h"
#include "hw/pc/piix3_ide.h"
#include "hw/pc/piix4_pm.h"
#include "hw/pc/sysctl.h"
#include "hw/ports.h"
#include "hw/sound/ac97.h"
#include "hw/sound/mixer.h"
#include "hw/sound/sb16.h"
#include "hw/sound/speaker.h"
#include "hw/timer.h"
#include "hw/usb/host.h"
#include "hw/vga/vga.h"
#include "hw/virtio/block.h"
#include "hw/virtio/entropy.h"

/* What is on an IDE channel. */
struct ide_setup {
    bool present;
    bool cdrom;
    struct disk *disk; /* NULL: a CD drive with nothing in it */
};

struct floppy_setup {
    bool present;
    struct disk *disk; /* NULL: nothing is in it */
};

/* The first slot that may have a virtio disk: BIOSes are told of it by that (boot.c). */
enum { FIRST_VIRTIO_DISK = 16 };

struct chipset_setup {
    struct timers *timers;
    struct memory *memory;
    int64_t time_of_day;
    struct chardev *serial[SERIAL_PORTS]; /* NULL: no such port */
    struct chardev *parallel, *debugcon;  /* likewise */
    uint16_t debugcon_port;
    struct fw_cfg *fw_cfg;            /* likewise */
    struct ide_setup ide[IDE_DRIVES]; /* primary master and slave, secondary */
    struct irq_line tray;             /* of CD drives; its input is added to theirs */
    struct floppy_setup floppy[FLOPPY_DRIVES];
    const char *boot_order; /* letters of drives; NULL: the usual */
    bool no_floppy_check;
    struct debug_exit exit;
    uint16_t exit_port;
    unsigned exit_size; /* in bytes; 0: no such port */
    uint16_t post_port;
    bool lenient_floppies;  /* hw/disk/i82077.h */
    unsigned vga_mib;       /* of the graphics card; 0: there is none */
    const uint8_t *vga_rom; /* NULL: it has none */
    uint32_t vga_rom_size;
    bool apic; /* the processor has a local one, the board an I/O APIC */
    bool hpet;
    bool acpi;           /* there is the PIIX4's power management, */
    struct irq_line off; /* which pulses this when the guest turns the machine off */
    struct card_setup card[CARDS];
    struct usb_host_setup usb;
    struct audio *audio[AUDIODEVS]; /* NULL: nobody listens */
    struct sound_request speaker;   /* where it is heard */
    struct virtio_block_setup virtio_disk[VIRTIO_DRIVES];
    struct virtio_entropy_setup entropy;
    struct sound_request sb16, ac97;
    struct sb16_options sb16_at;
    struct irq_line intr, a20, reset;
    struct irq_line nmi; /* pulsed */
};

struct a20_gate {
    unsigned on;
    struct irq_line cpu, keyboard, port92; /* the latter two show what the other has made of it */
};

struct chipset {
    struct devices devices;
    struct ports ports;
    struct a20_gate a20;
    struct i8259 pic;
    struct isa_irqs irqs;
    struct apic_bus apic_bus;
    struct apic apic;
    struct ioapic ioapic;
    bool has_apic;
    struct irq_line nmi; /* of the cpu, where it has no APIC */
    struct hpet hpet;
    bool has_hpet;
    struct i8254 pit;
    struct mc146818 rtc;
    struct i8042 kbc;
    struct uart16550 uart[SERIAL_PORTS];
    bool has_uart[SERIAL_PORTS];
    struct parallel parallel;
    struct i8237 dma[2];
    struct dma_pages dma_pages;
    struct i82077 fdc;
    struct pci pci;
    struct i440fx host_bridge;
    struct piix3 isa_bridge;
    struct piix3_ide ide_function;
    struct ide_channel ide[PIIX3_CHANNELS];
    struct piix4_pm power;
    bool has_acpi;
    struct vga vga;
    bool has_vga;
    struct network_card card[CARDS];
    struct usb_host usb;
    struct mixer mixer[AUDIODEVS];
    struct speaker speaker;
    struct virtio_block virtio_disk[VIRTIO_DRIVES];
    struct virtio_entropy entropy;
    struct sb16 sb16;
    struct ac97 ac97;
    struct port61 port61;
    struct port92 port92;
    struct portf0 portf0;
    struct debugcon debugcon;
    struct debug_exit debug_exit;
    struct post post;
};

/*
 * S is all zeros; pages of it that nobody writes take no memory, and no time. False if the host has
 * no room, or the port of `exit` is none; then, too, it is to be destroyed.
 */
bool chipset_init(struct chipset *s, const struct chipset_setup *setup);
/* On zeros, too. */
void chipset_destroy(struct chipset *s);
void chipset_reset(struct chipset *s);
/* A write of the cpu's; its reads are ports_read's. */
void chipset_write(struct chipset *s, uint16_t port, uint32_t value, unsigned size);
/* The guest has ended: what it has played is heard to its end. */
void chipset_finish_sound(struct chipset *s);
/* Registers as a BIOS leaves them to the system it boots. */
void chipset_as_after_bios(struct chipset *s);
/* The power button, which does nothing without ACPI, or before a system listens. */
void chipset_press_power_button(struct chipset *s);
/* The NMI button: LINT1 of the APIC, which its system may have masked. */
void chipset_send_nmi(struct chipset *s);
/* FERR# of the cpu; returns IGNNE# (struct board). */
bool chipset_ferr(struct chipset *s, bool level);
/* IA32_APIC_BASE of the cpu. */
void chipset_set_apic_base(struct chipset *s, uint64_t base, bool enabled);
/* Its keyboards and mice, for input_set_sink. */
struct input_sink chipset_sink(struct chipset *s);
/* INTA: the vector. */
int chipset_acknowledge(struct chipset *s);
/* The outside may have something for a serial port, or take something from it. */
void chipset_poll_serial(struct chipset *s);

#endif
