/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A caller's registers, as bios/entry/entry.S lays them out: interrupt functions read and change
 * them here.
 */
#ifndef BIOS_REGS_H
#define BIOS_REGS_H

#include "bios/lib/types.h"

#define REGISTER(name)                                                                             \
    union {                                                                                        \
        u32 e##name##x;                                                                            \
        u16 name##x;                                                                               \
        struct {                                                                                   \
            u8 name##l, name##h;                                                                   \
        };                                                                                         \
    }
#define INDEX_REGISTER(name)                                                                       \
    union {                                                                                        \
        u32 e##name;                                                                               \
        u16 name;                                                                                  \
    }

/* A pointer of real mode. */
struct far {
    u16 offset, segment;
};

struct regs {
    INDEX_REGISTER(di);
    INDEX_REGISTER(si);
    INDEX_REGISTER(bp);
    REGISTER(b);
    REGISTER(d);
    REGISTER(c);
    REGISTER(a);
    u16 ds, es, fs, gs;
    u32 esp; /* the caller's, before its INT */
    u16 ss;
    u16 function; /* that is called */
    u16 ip, cs, flags;
    u16 unused;
    struct far next; /* what is jumped to at the end, as by INT; usually an IRET */
};

enum { FLAG_CARRY = 0x0001, FLAG_ZERO = 0x0040, FLAG_INTERRUPT = 0x0200 };

static inline void set_carry(struct regs *r, bool carry)
{
    r->flags = (u16)((r->flags & ~FLAG_CARRY) | (carry ? FLAG_CARRY : 0));
}

static inline void set_zero(struct regs *r, bool zero)
{
    r->flags = (u16)((r->flags & ~FLAG_ZERO) | (zero ? FLAG_ZERO : 0));
}

#endif
