/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Integers by their size, as all of the BIOS names them. */
#ifndef BIOS_TYPES_H
#define BIOS_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define PACKED __attribute__((packed))
/* Constants of code that runs in real mode are in the BIOS's segment, GS (bios/lib/far.h). */
#ifdef REAL_MODE
#define ROM const __seg_gs
#else
#define ROM const
#endif
#define ROM_DATA static ROM __attribute__((section(".rom")))

/* The next multiple of a power of two. */
static inline u32 align_up(u32 value, u32 step)
{
    return (value + step - 1) & ~(step - 1);
}

#define LENGTH(array) (sizeof(array) / sizeof *(array))

#endif
