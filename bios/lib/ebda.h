/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The extended BIOS data area below 640 KiB: all of the BIOS's variables at run time, and its
 * stack. 16-bit code has it at offset 0 of DS; nothing in it depends on where it is, since some
 * systems move it and change 40:0E. IBM gave fixed places to the first ones.
 */
#ifndef BIOS_EBDA_H
#define BIOS_EBDA_H

#include "bios/lib/bda.h"

enum { EBDA_KB = 6, STACK_SIZE = 3072, DRIVES = 8, BOOT_ENTRIES = 16, BOOT_NAME = 40 };

/* A fixed disk's parameters, as vectors 41h and 46h point to. */
struct fixed_disk_table {
    u16 cylinders;
    u8 heads;
    u8 signature; /* A0h: translated; the physical geometry follows */
    u8 physical_sectors;
    u16 precompensation;
    u8 unused7;
    u8 control;
    u16 physical_cylinders;
    u8 physical_heads;
    u16 landing_zone;
    u8 sectors;
    u8 checksum;
} PACKED;

enum drive_kind { DRIVE_NONE, DRIVE_ATA, DRIVE_ATAPI, DRIVE_VIRTIO };

struct geometry {
    u16 cylinders, heads, sectors;
};

/* The first four are of IDE channels; virtio disks follow, of which only what is theirs is set. */
struct drive {
    u8 kind;
    u8 slave;
    u16 base, control; /* ports */
    u16 bus_master;    /* port, or 0 */
    u8 irq;
    u8 dma, lba48, multiple, removable;
    u16 pci; /* function, if bus_master or virtio */
    u64 sectors;
    struct geometry physical, logical;
    char model[41];
};

/*
 * The queue of the virtio disk that has been used last, with room for one request
 * (virtio 1.2, 2.7).
 */
struct virtio_ring {
    struct {
        u64 address;
        u32 size;
        u16 flags, next;
    } descriptor[4];
    struct {
        u16 flags, index, ring[4];
    } available;
    struct {
        u16 flags, index;
        struct {
            u32 id, size;
        } ring[4];
    } used;
    struct {
        u32 type, reserved;
        u64 sector;
    } header;
    u8 status;
};

struct virtio_queue {
    struct virtio_ring ring __attribute__((aligned(16)));
    u32 at;       /* where the disk knows the ring to be; 0: no disk does */
    u16 function; /* of PCI: the disk's */
    u8 window;    /* its registers' capability (4.1.4.9) */
    u8 notify_bar;
    u32 notify; /* offset */
    u16 ports;  /* of the legacy interface, if it is used; 0: version 1's is */
    u16 size;   /* and of its queue, which is elsewhere (bios/disk/virtio.c) */
};

/* What can be booted. */
enum boot_kind { BOOT_FLOPPY, BOOT_DISK, BOOT_CD, BOOT_BEV };

struct boot_entry {
    u8 kind;
    u8 number; /* floppy, disk or CD drive */
    struct far vector, name;
};

/* El Torito's emulation of a floppy or disk (bios/disk/eltorito.h). */
struct cd_emulation {
    u8 active, media, drive, controller; /* as INT 13h, 4Bh tells them */
    u8 unit;                             /* of drives[] */
    u32 start;                           /* block of 2048 bytes */
    u16 buffer_segment, load_segment, sector_count;
    struct geometry geometry;
};

struct ebda {
    u8 size; /* KiB */
    u8 unused1[0x21];
    struct far mouse_handler; /* 22h */
    u8 mouse_flags[2];
    u8 mouse_packet[8];
    u8 unused30[0x3d - 0x30];
    struct fixed_disk_table fixed_disk[2]; /* 3Dh, 4Dh */
    u8 unused5d[3];
    u32 stack_top; /* offset of where the next caller's stack frame ends */

    struct drive drive[DRIVES];
    u8 disks, cds, floppies;
    u8 disk[DRIVES], cd[DRIVES]; /* numbers of drive[] */
    u8 cd_locks[DRIVES];
    u8 cd_changed[DRIVES]; /* since INT 13h, 49h has told */
    u8 dpte[16];           /* that INT 13h, 48h has told of */
    struct cd_emulation emulation;
    u32 prd[4] __attribute__((aligned(16))); /* of bus masters */
    struct virtio_queue virtio;
    u8 bounce[512]; /* data of drives on their way to where only that goes */

    u16 console_port;        /* of the serial console, or 0 */
    struct far console_next; /* who else has INT 10h */
    u8 console_row, console_column, console_attribute;
    u8 console_escape, console_number;

    u8 boot_entries, boot_next;
    u32 fail_ticks;  /* from a failure to boot to a reset, or 0 */
    u32 reset_ticks; /* until a reset, or 0 */
    struct boot_entry boot[BOOT_ENTRIES];

    u8 apm_connected;
    u8 look_tick, looks_of_tick; /* when INT 16h was last asked for a key in vain, how often then */
    u16 looks;                   /* and how often since something else was done */
    u32 look_sum;                /* of the asker's state */
    u8 stack[STACK_SIZE] __attribute__((aligned(16)));
};

_Static_assert(offsetof(struct ebda, mouse_handler) == 0x22, "EBDA");
_Static_assert(offsetof(struct ebda, fixed_disk) == 0x3d, "EBDA");
_Static_assert(offsetof(struct ebda, stack_top) == 0x60, "EBDA: entry.S");
_Static_assert(sizeof(struct ebda) <= EBDA_KB * 1024, "EBDA");

/* For 16-bit code: bios.ld puts it at 0. */
extern struct ebda ebda;

#endif
