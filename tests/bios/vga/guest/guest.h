/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program in real mode that calls the VGA BIOS and looks at what came of it: memory, registers,
 * data area. Through port E9h it writes for each check "ok NAME", or "failed NAME: LINE: got X,
 * wanted Y" for its first failure; and lines that begin with "dump ", to be compared by the host
 * with another BIOS's.
 */
#ifndef TESTS_BIOS_VGA_GUEST_H
#define TESTS_BIOS_VGA_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct regs {
    uint32_t eax, ebx, ecx, edx, esi, edi, ebp;
    uint16_t es;
};
void interrupt(struct regs *r, unsigned number);
/* INT 10h; AX as it is afterwards. */
uint16_t video(uint16_t ax, uint16_t bx, uint16_t cx, uint16_t dx);
/* With ES:DI or ES:BP, pointing to something of the program's, too; everything comes back. */
void video_all(struct regs *r);
/* Registers of the last call of video. */
extern struct regs after;
#define AL(r)  ((uint8_t)(r).eax)
#define AH(r)  ((uint8_t)((r).eax >> 8))
#define BL(r)  ((uint8_t)(r).ebx)
#define BH(r)  ((uint8_t)((r).ebx >> 8))
#define CL(r)  ((uint8_t)(r).ecx)
#define CH(r)  ((uint8_t)((r).ecx >> 8))
#define DL(r)  ((uint8_t)(r).edx)
#define DH(r)  ((uint8_t)((r).edx >> 8))
#define W(reg) ((uint16_t)(reg))

void outb(uint16_t port, uint8_t value);
void outw(uint16_t port, uint16_t value);
uint8_t inb(uint16_t port);
uint16_t inw(uint16_t port);
uint8_t peek8(uint16_t segment, uint16_t offset);
uint16_t peek16(uint16_t segment, uint16_t offset);
uint32_t peek32(uint16_t segment, uint16_t offset);
void poke8(uint16_t segment, uint16_t offset, uint8_t value);
void poke16(uint16_t segment, uint16_t offset, uint16_t value);

/* VGA's registers. */
enum { SEQUENCER = 0x3c4, GRAPHICS = 0x3ce };
uint8_t indexed(uint16_t port, uint8_t index);
uint16_t crtc(void);
uint8_t attribute(uint8_t index);
uint16_t dispi(uint16_t index);

#define BDA8(offset)  peek8(0x40, offset)
#define BDA16(offset) peek16(0x40, offset)

/* --- reports --- */

void check(const char *name, void (*body)(void));
void same(unsigned line, uint32_t got, uint32_t wanted);
#define SAME(got, wanted) same(__LINE__, got, wanted)
void print(const char *text);
void print_hex(uint32_t value, unsigned digits);

/* The segment of the program itself. */
enum { HERE = 0x1000 };

/* The files' checks. */
void check_modes(void);
void check_text(void);
void check_graphics(void);
void check_palette(void);
void check_fonts(void);
void check_information(void);
void check_vbe(void);
void check_protected(void);

#endif
