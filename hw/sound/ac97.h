/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AC'97 sound: the 82801AA's audio controller (Intel's "82801AA (ICH) and 82801AB (ICH0)" data
 * sheet, AC'97 audio controller registers) and a codec by "Audio Codec '97", revision 2.3: two
 * channels, variable rates, levels in steps of 1.5 dB.
 *
 * Buffers are taken from memory as their time comes, a millisecond's at a time; the end of one that
 * asks for it interrupts when its last sample's time has come, be it of one sample. Many short ones
 * that do not ask cost no more than a long one. The inputs give silence. What the codec would
 * amplify is heard as it is.
 */
#ifndef HW_SOUND_AC97_H
#define HW_SOUND_AC97_H

#include "hw/bus/pci.h"
#include "hw/sound/mixer.h"
#include "hw/timer.h"

enum { AC97_CODEC_REGISTERS = 64, AC97_CODEC_PORTS = 256, AC97_MASTER_PORTS = 64 };
enum ac97_channels { AC97_IN, AC97_OUT, AC97_MICROPHONE, AC97_CHANNELS };

/* A bus master's registers, and the buffer it is in. */
struct ac97_channel {
    struct ac97 *card;
    uint32_t list;               /* BDBAR: of descriptors */
    uint8_t current, last, next; /* CIV, LVI, PIV */
    uint8_t status, control;     /* SR, CR */
    uint16_t left;               /* PICB: samples */
    uint32_t address;            /* of the next sample */
    bool interrupts, is_loaded;  /* the descriptor's IOC; there is one */
    uint64_t begun, frames;      /* since then so many frames have been */
    struct timer timer;
};

struct ac97 {
    struct pci_function pci;
    struct timers *timers;
    struct memory *memory;
    struct voice voice;
    uint16_t codec[AC97_CODEC_REGISTERS];
    struct ac97_channel channel[AC97_CHANNELS];
    uint32_t global;  /* GLOB_CNT */
    bool read_failed; /* GLOB_STA's RCS */
    bool semaphore;   /* CAS */
    int32_t gain[2];  /* 16.16; left, right */
};

/* At a slot of the bus; `mixer` may be NULL. False if there is no room for its ports. */
bool ac97_init(struct ac97 *s, struct timers *timers, struct memory *memory, struct pci *bus,
               unsigned slot, struct mixer *mixer);
extern const struct device ac97_device;
/* The codec's registers, and the bus masters'. */
uint32_t ac97_codec_read(void *device, uint32_t offset, unsigned size);
void ac97_codec_write(void *device, uint32_t offset, uint32_t value, unsigned size);
uint32_t ac97_master_read(void *device, uint32_t offset, unsigned size);
void ac97_master_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
