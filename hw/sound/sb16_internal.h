/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Sound Blaster's parts among themselves. */
#ifndef HW_SOUND_SB16_INTERNAL_H
#define HW_SOUND_SB16_INTERNAL_H

#include "hw/sound/sb16.h"

/* Register 82h: who asks for an interrupt. */
enum { SB16_IRQ_8BIT = 1, SB16_IRQ_16BIT = 2 };

/* sb16_mixer.c */
void sb16_mixer_reset(struct sb16 *s);
uint8_t sb16_mixer_read(const struct sb16 *s);
void sb16_mixer_write(struct sb16 *s, uint8_t value);
void sb16_mixer_restored(struct sb16 *s);
void sb16_ask(struct sb16 *s, uint8_t who);
void sb16_acknowledge(struct sb16 *s, uint8_t who);
/* The channel for bytes, and for words; the latter is the former if there is none. */
unsigned sb16_channel(const struct sb16 *s, bool is_16bit);

/* sb16_transfer.c */
void sb16_start(struct sb16 *s, const struct sb16_transfer *t);
void sb16_stop(struct sb16 *s);
void sb16_pause(struct sb16 *s, bool is_paused);
void sb16_transfer_init(struct sb16 *s);
void sb16_transfer_restored(struct sb16 *s);
extern const struct state_table sb16_transfer_state;

#endif
