/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys by what others call them: keymap.def is the table. Keys are numbered as in hw/host/input.h;
 * 0 is none.
 */
#ifndef HW_HOST_KEYMAP_H
#define HW_HOST_KEYMAP_H

#include "hw/host/error.h"
#include "hw/host/input.h"

#include <stdbool.h>
#include <stdint.h>

/* AT_A is the key on which an American keyboard has an A. */
enum {
#define KEY(name, code, evdev, usage, keysym, shifted) AT_##name = (code),
#define ALIAS(keysym, name)
#define USAGE(usage, name)
#include "hw/host/keymap.def"
};

unsigned keymap_of_usage(unsigned usage);
/* The other way. */
unsigned keymap_usage(unsigned key);
unsigned keymap_of_evdev(unsigned code);
/* Is it one of those that XT scan codes, as RFB's extended key event has them, may name? */
bool keymap_has(unsigned key);

/* --- what is printed on the keys --- */

enum { STROKE_SHIFT = 1, STROKE_ALTGR = 2 };
/* What types a keysym: a key, and what is held meanwhile. */
struct stroke {
    uint8_t key;
    uint8_t held;
    bool printable; /* `held` matters; a key such as F1 is itself whatever is held */
};

struct layout;
/*
 * "en-us" or NULL: the American one, from the table. Others by QEMU's names for them, "de",
 * "pt-br", or XKB's with its variants, "us(dvorak)"; these come from the host's own files, by
 * libxkbcommon.
 */
struct layout *layout_create(const char *name, struct error *error);
void layout_destroy(struct layout *l);
bool layout_find(const struct layout *l, uint32_t keysym, struct stroke *stroke);

/* --- somebody whose keyboard we do not know --- */

/*
 * Types by keysyms: he says what he wants to see, and holds for it what his own keyboard needs. The
 * guest gets the key that is so printed in our layout, with what that needs.
 */
struct typist {
    const struct layout *layout;
    struct input *input;
    uint8_t down[8];  /* keys of printables */
    uint32_t seen[8]; /* as what keysyms they came */
    uint8_t held;     /* what he holds, of STROKE_ */
    uint8_t shifts;   /* which Shifts: bit 0 left, bit 1 right */
    bool caps;
    bool pressed[KEYS];
};
void typist_init(struct typist *t, const struct layout *layout, struct input *input);
/* He is gone, and so are his fingers. */
void typist_release(struct typist *t);
void typist_keysym(struct typist *t, uint32_t keysym, bool down);
/* A key by its place, from whoever knows it. */
void typist_key(struct typist *t, unsigned key, bool down);
/* All of a keysym at once, with more that is held: keys[], which ends with 0. */
void typist_type(struct typist *t, uint32_t keysym, const uint8_t *keys);

/* The keysym of a character of Unicode's. */
static inline uint32_t keysym_of_char(uint32_t c)
{
    return c < 0x100 ? c : 0x01000000 | c;
}

#endif
