/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The graphics card: IBM's VGA with Bochs's extension for higher resolutions, as a function on the
 * PCI bus. Sources: IBM PS/2 Hardware Interface Technical Reference, Video Subsystem; "VBE DISPI"
 * in Bochs's and QEMU's documentation (docs/specs/standard-vga).
 *
 * Video memory is RAM to the processor wherever a store is no more than a store: the frame buffer
 * at its PCI address, the bank of it at A0000h, text, and 256 colours as mode 13h has them. Other
 * modes have four planes, of which an access reads and changes several at once: vga_memory.c. What
 * is RAM at A0000h is decided by the registers: vga_window.c.
 *
 * The planes are in the frame buffer: four bytes, of planes 0 to 3, for each of their addresses.
 */
#ifndef HW_VGA_H
#define HW_VGA_H

#include "hw/bus/pci.h"
#include "hw/device.h"
#include "hw/host/screen.h"
#include "hw/irq.h"
#include "hw/timer.h"

#include <stdbool.h>
#include <stdint.h>

struct memory;
struct memory_region;

enum {
    VGA_PORT = 0x3b0,
    VGA_PORTS = 0x30,
    VGA_ENABLE_PORT = 0x46e8, /* of cards that are not on the system board */
    VBE_PORT = 0x1ce,         /* index; data is at 1CFh and at 1D0h */
    VBE_DATA = 0x1d0,
    VBE_PORTS = 4,
    VGA_MEMORY = 0xa0000,
    VGA_MEMORY_SIZE = 0x20000,
    VGA_RAM_MIB = 16, /* -global VGA.vgamem_mb= */
    VGA_RAM_MIB_MOST = 256,
};

/* A palette of 256 colours in static RAM, and three converters. */
struct vga_dac {
    uint8_t palette[256 * 3]; /* red, green, blue, red, ... */
    uint8_t mask;
    uint8_t read_index, write_index;
    uint8_t component[3]; /* of the entry that is being written; it takes effect with the third */
    uint8_t next;         /* which of the three is next */
    bool reading;         /* the last index was written to 3C7h */
};
extern const struct state_table vga_dac_state;

enum vbe_register {
    VBE_ID,
    VBE_WIDTH,
    VBE_HEIGHT,
    VBE_DEPTH, /* 4, 8, 15, 16, 24 or 32 bits a pixel */
    VBE_ENABLE,
    VBE_BANK, /* of 64 KiB, at A0000h */
    VBE_VIRTUAL_WIDTH,
    VBE_VIRTUAL_HEIGHT,
    VBE_X,
    VBE_Y,
    VBE_MEMORY, /* in units of 64 KiB */
    VBE_REGISTERS
};
struct vbe {
    uint16_t index;
    uint8_t data_low; /* of a word that comes as two bytes */
    uint16_t reg[VBE_REGISTERS];
};
extern const struct state_table vbe_state;

enum { VGA_SEQUENCER = 5, VGA_GRAPHICS = 9, VGA_CRTC = 25, VGA_ATTRIBUTES = 21 };

/* What the processor sees at A0000h: its accesses come to the card, or one of these is there. */
enum vga_window { VGA_WINDOW_DEVICE, VGA_WINDOW_TEXT, VGA_WINDOW_CHAIN4, VGA_WINDOW_BANK };

struct vga_display;

struct vga {
    struct pci_function pci;
    uint8_t enable; /* bit 0 of 3C3h and bit 3 of 46E8h: the VGA answers if both are set */
    uint8_t misc, feature;
    uint8_t sequencer_index, sequencer[VGA_SEQUENCER];
    uint8_t graphics_index, graphics[VGA_GRAPHICS];
    uint8_t crtc_index, crtc[VGA_CRTC];
    uint8_t attribute_index, attribute[VGA_ATTRIBUTES];
    bool attribute_data; /* the flip-flop: 3C0h takes data, not an index */
    uint32_t latches;    /* of planes 0 to 3 */
    uint16_t start;      /* the start address of the frame that is being shown, */
    uint64_t start_set;  /* and when another one was written */
    bool retrace_seen;   /* the flip-flop of the retrace's interrupt */
    struct timer retrace;
    struct irq_line irq;
    struct vga_dac dac;
    struct vbe vbe;

    struct timers *timers;
    struct memory *memory;
    uint8_t *ram; /* of the frame buffer */
    uint32_t ram_size;
    struct memory_region *frame_buffer, *registers, *device, *text, *chain4, *bank;
    enum vga_window window, wanted; /* which there is; and which the registers ask for */
    uint32_t text_base;             /* where its window is, or was */
    struct vga_display *display;    /* what is shown of it: not the guest's business */
};

/*
 * `irq` is the vertical retrace's. False if the host has no room; then, too, it is to be destroyed.
 * `mib` is a power of two.
 */
bool vga_init(struct vga *s, struct timers *timers, struct memory *memory, struct pci *bus,
              struct irq_line irq, unsigned mib);
/* On zeros, too. */
void vga_destroy(struct vga *s);
/*
 * Its BIOS: in the function's ROM, and at C0000h for those that do not look there. The latter is to
 * be mapped before the shadow RAM, which lies over it. False if the host has no room.
 */
bool vga_set_rom(struct vga *s, const uint8_t *bytes, uint32_t size);
bool vga_map_rom(struct memory *memory, const uint8_t *bytes, uint32_t size);
enum { VGA_ROM_MOST = 128 * 1024 };
extern const struct device vga_device;

/* Ports 3B0h to 3DFh; 46E8h, which cannot be read; 1CEh to 1D0h. */
uint32_t vga_read(void *device, uint32_t offset, unsigned size);
void vga_write(void *device, uint32_t offset, uint32_t value, unsigned size);
uint32_t vga_enable_read(void *device, uint32_t offset, unsigned size);
void vga_enable_write(void *device, uint32_t offset, uint32_t value, unsigned size);
uint32_t vbe_read(void *device, uint32_t offset, unsigned size);
void vbe_write(void *device, uint32_t offset, uint32_t value, unsigned size);

/* Text mode 3 with a font and colours, as a BIOS leaves it to the system it boots. */
void vga_as_after_bios(struct vga *s);

/* For a screen; as long as the card lives. */
struct video vga_video(struct vga *s);

#endif
