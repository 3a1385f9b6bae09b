/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory as 16-bit code sees it. While C runs, DS, ES and SS are the EBDA (bios/lib/ebda.h), where
 * all variables and the stack are; plain pointers point there. GS is the BIOS's own segment:
 * constants are declared ROM and pointers to them are ROM, too. Everything else is far, through FS.
 */
#ifndef BIOS_FAR_H
#define BIOS_FAR_H

#include "bios/lib/bda.h"

/* What POST sets in the BIOS's segment before that is write-protected. */
#define SET_BY_POST const volatile __seg_gs

/* A string among the constants; plain ones would be in no segment that is there. */
#define ROM_TEXT(text)                                                                             \
    ({                                                                                             \
        ROM_DATA char rom_text[] = text;                                                           \
        (ROM char *)rom_text;                                                                      \
    })

enum { BIOS_SEGMENT = 0xf000 };

static inline struct far far(u16 segment, u32 offset)
{
    return (struct far){(u16)offset, segment};
}

static inline struct far bios_far(const void *symbol)
{
    return far(BIOS_SEGMENT, (u32)symbol);
}

static inline struct far rom_far(ROM void *constant)
{
    return far(BIOS_SEGMENT, (u32)constant);
}

static inline u32 far_linear(struct far p)
{
    return ((u32)p.segment << 4) + p.offset;
}

static inline void set_fs(u16 segment)
{
    __asm__ volatile("movw %w0, %%fs" : : "r"(segment) : "memory");
}

#define FAR_ACCESS(type)                                                                           \
    static inline type far_read_##type(struct far p)                                               \
    {                                                                                              \
        set_fs(p.segment);                                                                         \
        return *(const volatile __seg_fs type *)(u32)p.offset;                                     \
    }                                                                                              \
    static inline void far_write_##type(struct far p, type value)                                  \
    {                                                                                              \
        set_fs(p.segment);                                                                         \
        *(volatile __seg_fs type *)(u32)p.offset = value;                                          \
    }
FAR_ACCESS(u8)
FAR_ACCESS(u16)
FAR_ACCESS(u32)

/* At offset 0 (bios.ld) of its segment; the other is there for its members' types alone. */
extern volatile __seg_fs struct bda bda;
extern struct bda bda_type;

#define BDA_GET(of) (set_fs(BDA_SEGMENT), bda.of)
#define BDA_SET(of, value)                                                                         \
    do {                                                                                           \
        __typeof__(bda_type.of) bda_value = (value);                                               \
        set_fs(BDA_SEGMENT);                                                                       \
        bda.of = bda_value;                                                                        \
    } while (0)

/* A variable of ours, as others see it. */
static inline struct far far_of(const void *local)
{
    u16 segment;
    __asm__("movw %%ss, %w0" : "=r"(segment));
    return far(segment, (u32)local);
}

/* Bytes between here and there. */
void far_get(void *to, struct far from, u16 size);
void far_put(struct far to, const void *from, u16 size);
void rom_get(void *to, ROM void *from, u16 size);
void far_clear(struct far to, u16 size);

static inline struct far far_vector(u8 vector)
{
    u32 value = far_read_u32(far(0, vector * 4u));
    return far((u16)(value >> 16), value & 0xffff);
}

/* Adds to a pointer so that 64 KiB, or what there is of FFFFh's segment, can be reached from it. */
static inline struct far far_forward(struct far p, u32 bytes)
{
    u32 offset = p.offset + bytes, paragraphs = offset >> 4, most = 0xffffu - p.segment;
    if (paragraphs > most)
        paragraphs = most;
    return far((u16)(p.segment + paragraphs), offset - paragraphs * 16);
}

#endif
