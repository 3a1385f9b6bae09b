/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tests of the loaders share: a folder of their own, kernels made here, and a look at what
 * will be in the guest's memory.
 */
#ifndef TESTS_HW_LOADER_FIXTURE_H
#define TESTS_HW_LOADER_FIXTURE_H

#include "hw/pc/loader.h"

#include <elf.h>

enum { MIB = 1 << 20, KERNEL_SIZE = 16384 };

/* A checked fixture: 64 MiB, and nothing asked for. */
void loader_setup(void);
void loader_teardown(void);

extern struct loader_request request;
extern struct image image;
extern struct error loader_error;
bool prepare(void);
void check_good(void);
void check_refused(const char *text);

/* What will be at an address; fails the test if nothing will. */
uint8_t byte_at(uint32_t address);
uint32_t word_at(uint32_t address);
void check_string_at(uint32_t address, const char *text);

/* The kernel's bytes, of which `size` become the file that is asked for. */
extern uint8_t kernel[KERNEL_SIZE];
void write_kernel(size_t size);
void write_file(const char *name, const void *bytes, size_t size);

/* Two sectors of setup, protocol 2.12; the rest is code that counts. */
void make_linux(void);

/* Two segments: 1000h bytes at 1 MiB, and 10h bytes and as many zeros at 2 MiB. */
void make_elf(uint32_t flags);
/* The same again, after these have been changed. */
extern Elf32_Ehdr ehdr;
extern Elf32_Phdr phdr[2];
void write_elf(void);
/* A Multiboot header. */
void store_header(size_t at, uint32_t flags);

/* mov $0xc0000080,%ecx; rdmsr; bts $8,%eax: the way to 64 bits */
extern const uint8_t enter_long_mode[11];

#endif
