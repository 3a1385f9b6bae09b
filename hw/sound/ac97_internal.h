/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The AC'97's parts among themselves. */
#ifndef HW_SOUND_AC97_INTERNAL_H
#define HW_SOUND_AC97_INTERNAL_H

#include "hw/sound/ac97.h"

/* GLOB_CNT: bit 1 lets the codec out of its reset. */
enum { AC97_COLD_RESET = 2 };

/* ac97_codec.c */
void ac97_codec_reset(struct ac97 *s);
void ac97_codec_restored(struct ac97 *s);
/* Frames a second. */
uint32_t ac97_rate(const struct ac97 *s, enum ac97_channels channel);

/* ac97.c: the rate of all is about to be another one, or has become it. */
void ac97_catch_up(struct ac97 *s);
void ac97_go_on(struct ac97 *s);

#endif
