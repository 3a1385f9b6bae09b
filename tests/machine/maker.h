/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a guest (image.h): what its parts share. */
#ifndef TESTS_MACHINE_MAKER_H
#define TESTS_MACHINE_MAKER_H

#include "tests/machine/image.h"
#include "tests/machine/work.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Where the image's halves are: below 4 GiB, and once more below 1 MiB. */
enum { TOP = (int)0xfffe0000, UPPER = (int)0xffff0000, EARLY_LOWER = 0xe0000, EARLY = 0xf0000 };
enum { PIECE_ROOM = 255 };

struct maker {
    struct guest *guest;
    struct random random;
    struct surroundings around;
    const struct model *model;
    u32 base;        /* of the frame's code segment */
    bool ram_tables; /* descriptors are in RAM, where they can be written */
    u32 code_end;    /* in the image, of pieces */
};

/* What is at an offset of the upper half, the frame's. */
static inline u8 *upper(struct maker *m, u32 offset)
{
    return m->guest->rom + HALF_SIZE + offset;
}

struct guest_piece {
    u32 source, size, place, flags, cr0, cr3, cr4;
    u32 eip, cs, eflags, esp, ss, es, ds, fs, gs;
};
_Static_assert(sizeof(struct guest_piece) == PIECE_SIZE, "frame.S reads it");
_Static_assert(offsetof(struct guest_piece, eip) == P_FRAME, "frame.S reads it");

enum entry_mode { FLAT, FLAT16, RING3, RING1, V86, REAL, MODES };

/* Where and with which segments a piece begins. */
void piece_set_mode(struct maker *m, struct guest_piece *p, enum entry_mode mode);
void piece_put(struct maker *m, unsigned number, const struct guest_piece *p);

/* Descriptor tables, task states and the header. */
void make_tables(struct maker *m);

/* What a guest does at last. */
const struct ending *ending_choose(struct random *r);
const char *ending_name(const struct ending *ending);
/* Does it need descriptors that can be written? */
bool ending_writes_tables(const struct ending *ending);
void make_last_piece(struct maker *m, const struct ending *ending);

#endif
