/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fingers that press keys for commands, one after the other by the guest's clock, so that a guest
 * which is slow to read loses none. For the cpu's thread.
 *
 *   fingers_press(&f, keys, 3, 100)       all at once, for 100 ms
 *   fingers_type(&f, "dir\n")
 */
#ifndef HW_MONITOR_FINGERS_H
#define HW_MONITOR_FINGERS_H

#include "hw/host/error.h"
#include "hw/timer.h"

#include <stdbool.h>

struct input;
struct layout;

enum { FINGERS_CHORD = 16, FINGERS_WAITING = 8192 };

struct fingers {
    struct input *input;
    struct layout *layout; /* ours */
    struct timer timer;
    unsigned head, count;
    struct step {
        uint8_t key;
        bool down;
        uint16_t ms; /* that pass behind it */
    } step[FINGERS_WAITING];
};

/* `input` may be NULL: the machine has no keyboard. Layouts are hw/host/keymap.h's. */
bool fingers_init(struct fingers *f, struct input *input, struct timers *timers, const char *layout,
                  struct error *error);
void fingers_destroy(struct fingers *f);
/* "ctrl-alt-f1": QEMU's names of keys, or 0x and a scan code. */
bool fingers_press_named(struct fingers *f, const char *names, unsigned ms, struct error *error);
/* At most FINGERS_CHORD keys, which come up again in the other order. */
bool fingers_press(struct fingers *f, const uint8_t *keys, unsigned count, unsigned ms,
                   struct error *error);
/* UTF-8, typed in the layout; what has no key there is an error, and nothing is typed. */
bool fingers_type(struct fingers *f, const char *text, struct error *error);
/* 0 if there is no key of that name. */
unsigned fingers_key(const char *name, size_t length);
/* All names that there are, in capitals; NULL behind the last. */
const char *fingers_name(unsigned i);
/* Is everything pressed that was asked for? */
bool fingers_rest(const struct fingers *f);

#endif
