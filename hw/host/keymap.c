/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hw/host/keymap.h"

#include <stddef.h>

static const struct key {
    uint8_t code, evdev, usage;
} keys[] = {
#define KEY(name, code, evdev, usage, keysym, shifted) {code, evdev, usage},
#define ALIAS(keysym, name)
#define USAGE(usage, name) {AT_##name, 0, usage},
#include "hw/host/keymap.def"
};
enum { ROWS = sizeof keys / sizeof *keys };

/* The first key whose byte at `member` is this one. */
static unsigned find(size_t member, unsigned value)
{
    for (unsigned i = 0; value && i < ROWS; i++)
        if (((const uint8_t *)&keys[i])[member] == value)
            return keys[i].code;
    return 0;
}

unsigned keymap_of_usage(unsigned usage)
{
    return find(offsetof(struct key, usage), usage);
}

unsigned keymap_usage(unsigned key)
{
    for (unsigned i = 0; i < ROWS; i++)
        if (keys[i].code == key && keys[i].usage)
            return keys[i].usage;
    return 0;
}

unsigned keymap_of_evdev(unsigned code)
{
    return find(offsetof(struct key, evdev), code);
}

bool keymap_has(unsigned key)
{
    return find(offsetof(struct key, code), key) != 0;
}
