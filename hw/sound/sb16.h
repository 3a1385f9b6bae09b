/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Sound Blaster 16: DSP 4.05, the CT1745 mixer, and an OPL3. Creative's "Sound Blaster Series
 * Hardware Programming Guide" (2nd edition).
 *
 * A transfer's samples are taken from memory as their time comes, a millisecond's at a time; its
 * end, and that of each block, interrupts when the last sample's time has come. Recording gives
 * silence. There are neither ADPCM nor MIDI (no MPU-401 answers). Levels of the mixer are those of
 * the chip, but for what is louder than after a reset: that is as loud as it comes, so that samples
 * are heard bit by bit unless the guest turns them down.
 */
#ifndef HW_SOUND_SB16_H
#define HW_SOUND_SB16_H

#include "hw/bus/i8237.h"
#include "hw/irq.h"
#include "hw/sound/opl3.h"
#include "hw/timer.h"

enum { SB16_PORT = 0x220, SB16_PORTS = 16, SB16_IRQ = 5, SB16_DMA = 1, SB16_DMA16 = 5 };
enum { SB16_ANSWERS = 64, SB16_MIXER = 256, OPL3_PORT = 0x388 };

struct sb16_wiring {
    struct timers *timers;
    struct mixer *mixer;
    struct i8237 *dma;   /* both */
    struct irq_line irq; /* the ISA bus's first; other inputs are others */
    unsigned irq_number, dma8, dma16;
};

/* What the DSP plays or records by DMA. */
struct sb16_transfer {
    bool is_on, is_paused;
    bool is_16bit, is_stereo, is_signed, is_input, is_auto;
    bool is_silence; /* command 80h: samples that nobody takes from memory */
    uint32_t rate;   /* frames a second */
    uint32_t block;  /* of so many samples */
    uint32_t left;   /* in this one */
    uint64_t begun;  /* since then */
    uint64_t frames; /* so many have been */
};

struct sb16 {
    struct sb16_wiring wiring;
    struct opl3 opl;
    struct voice voice, direct;
    /* the DSP */
    bool in_reset;
    uint8_t command, parameter[3];
    uint8_t parameters, wanted; /* that have come; of how many */
    uint8_t answer[SB16_ANSWERS];
    uint8_t answers;
    uint8_t last; /* byte that was read */
    uint8_t test;
    bool speaker;
    uint32_t rate;
    uint32_t block; /* by 48h */
    struct sb16_transfer transfer;
    struct timer timer;
    uint8_t direct_sample; /* by 10h */
    uint64_t direct_until;
    /* the mixer */
    uint8_t address;
    uint8_t level[SB16_MIXER];
    uint8_t pending; /* of register 82h */
    /* while DMA is under way */
    uint8_t bytes[2048];
    size_t taken, needed;
    int32_t gain[2];
};

/* False if the host has no room. */
bool sb16_init(struct sb16 *s, const struct sb16_wiring *w);
void sb16_destroy(struct sb16 *s);
extern const struct device sb16_device;
uint32_t sb16_read(void *device, uint32_t offset, unsigned size);
void sb16_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
