/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The YMF262 (OPL3) FM synthesizer: 36 operators, two timers. YMF262 application manual.
 *
 * Timers are exact by the guest's clock, and enough for programs that look for the chip. Notes are
 * made by libadplug's OPL3, at the chip's own 49716 samples a second, while any can be heard; where
 * that is not there, the chip is silent. The state is its registers: from a snapshot, keys that
 * are down begin their notes again.
 */
#ifndef HW_SOUND_OPL3_H
#define HW_SOUND_OPL3_H

#include "hw/sound/mixer.h"

enum { OPL3_PORTS = 4, OPL3_REGISTERS = 512 };

struct opl3_timer {
    uint8_t value;
    bool is_on, is_masked, has_expired;
    uint64_t since; /* the time from which it has not been looked at */
    uint64_t start; /* when it was loaded first */
};

struct opl3 {
    struct timers *timers;
    struct voice voice;
    uint16_t address;
    uint8_t value[OPL3_REGISTERS];
    struct opl3_timer timer[2];
    struct synthesizer *synthesizer; /* NULL: nobody listens, or there is none */
    uint64_t begun;                  /* when the voice was, */
    uint64_t samples, silent;        /* put since; of them, the last that are silent */
    int32_t gain[2];                 /* 16.16; left, right */
};

/* False if the host has no room. */
bool opl3_init(struct opl3 *s, struct timers *timers, struct mixer *mixer);
void opl3_destroy(struct opl3 *s);
void opl3_reset(void *device);
extern const struct device opl3_device;
extern const struct state_table opl3_state;
/* Address and data, of either half of the registers. */
uint32_t opl3_read(void *device, uint32_t offset, unsigned size);
void opl3_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
