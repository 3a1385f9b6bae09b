/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The power-on self test: a 32-bit program in low memory, with flat segments and interrupts off,
 * that calls the 16-bit part by its interrupts. It is gone when something has been booted.
 */
#ifndef BIOS_POST_H
#define BIOS_POST_H

#include "bios/lib/ebda.h"
#include "bios/lib/io.h"
#include "bios/lib/regs.h"
#include "bios/lib/string.h"
#include "bios/system/setup.h"

/* What is shown at port 80h: how far we are. 01h: reset (entry.S). */
enum post_code {
    POST_START = 0x10,
    POST_SHADOW = 0x18,
    POST_MEMORY_SIZE = 0x20,
    POST_VECTORS = 0x28,
    POST_CHIPS = 0x30,
    POST_PCI = 0x38,
    POST_VIDEO = 0x40,
    POST_KEYBOARD = 0x48,
    POST_MEMORY_TEST = 0x50,
    POST_DRIVES = 0x58,
    POST_TABLES = 0x60,
    POST_ROMS = 0x68,
    POST_MENU = 0x70,
    POST_PROTECT = 0x78,
    POST_BOOT = 0x80,
    POST_BAD_MEMORY = 0xe1,
};

enum {
    BIOS_LINEAR = 0xf0000,
    EBDA_SEGMENT = 0xa000 - EBDA_KB * 64,
    HIGH_MEMORY = 0x100000,
    KB = 1024,
    MB = 1024 * 1024,
};

/* What a symbol of the 16-bit part names, here. */
#define IN_BIOS(symbol) ((__typeof__(&(symbol)))(BIOS_LINEAR + (u32) & (symbol)))

#define the_bda  ((volatile struct bda *)0x400)
#define the_ebda ((struct ebda *)(EBDA_SEGMENT << 4))

extern struct setup setup;
#define the_setup IN_BIOS(setup)

/* --- real.c --- */

/* Calls an interrupt, or far code, in real mode; interrupts are on there. */
void real_int(struct regs *r, u8 vector);
void real_call(struct regs *r, u16 segment, u16 offset);
/* Text by INT 10h; of printf() %s, %c, %u, %x (and %02x, %08x). */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A key of INT 16h, or 0; waits till an ESC of the serial console's is one, or begins another. */
u16 peek_key(void);
u16 poll_key(void); /* and takes it */
u16 wait_key(void);
/* Since midnight, 18.2 a second. */
u32 ticks(void);

/* --- fw_cfg.c: QEMU's configuration device (docs/specs/fw_cfg) --- */

enum { FW_CFG_NO_GRAPHICS = 0x04, FW_CFG_BOOT_MENU = 0x0e, FW_CFG_FILE_NAME = 56 };

struct fw_cfg_entry {
    u32 size;
    u16 key;
    char name[FW_CFG_FILE_NAME];
};

bool fw_cfg_present(void);
void fw_cfg_read(u16 key, void *to, u32 size);
/* Looks for the file of a name; false: there is none. */
bool fw_cfg_find(const char *name, struct fw_cfg_entry *entry);
/* The nth file whose name begins so. */
bool fw_cfg_nth(const char *prefix, unsigned n, struct fw_cfg_entry *entry);
/* A little-endian number of up to four bytes, or `otherwise`. */
u32 fw_cfg_number(const char *name, u32 otherwise);

/* --- the rest, in order --- */

void shadow_open(void);    /* shadow.c: copies ROMs into RAM that can be written */
void shadow_protect(void); /* write-protects it */
void memory_size(void);    /* memory.c: fills in the_setup */
void memory_test(void);
/* Takes memory away from the top of what is below 4 GiB, for tables; 0: there is none above 1 MiB.
 */
u32 memory_reserve(u32 bytes, u32 type);
u32 memory_top(void);
/* The same from below the EBDA, for what real mode has to reach. In whole pages. */
u32 memory_reserve_low(u32 bytes);
void cpu_init(void);        /* chips.c: memory types */
void vectors_init(void);    /* IVT, BDA, EBDA */
void chips_init(void);      /* 8259, 8254, RTC, serial and parallel ports */
bool have_serial(u16 port); /* is one there? */
/* Which interrupts PIRQA# to PIRQD# are routed to. */
void pci_links(u8 irqs[4]);
void pci_init(void); /* pci.c: addresses, interrupts */
/* Calls f for each function there is. */
void pci_each(void (*f)(u16 function, void *context), void *context);
void roms_video(void); /* rom.c */
void roms_other(void);
void boot_list(void); /* boot.c */
void boot_menu(void);
void tables_init(void); /* tables.c: $PIR, $PnP, _32_, SMBIOS, ACPI */

#endif
