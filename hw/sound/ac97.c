/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The controller: buffers by descriptors, and what interrupts (82801AA data sheet). */
#include "hw/sound/ac97_internal.h"

#include "exec/memory.h"

#include <string.h>

enum { LIST, CURRENT = 4, LAST, STATUS, LEFT = 8, NEXT = 0xa, CONTROL };
enum { GLOBAL_CONTROL = 0x2c, GLOBAL_STATUS = 0x30, SEMAPHORE = 0x34 };
/* SR */
enum { HALTED = 1, IS_LAST = 2, LAST_DONE = 4, BUFFER_DONE = 8, FIFO_ERROR = 0x10 };
/* CR */
enum { RUN = 1, RESET_REGISTERS = 2, LAST_INTERRUPTS = 4, BUFFER_INTERRUPTS = 0x10 };
enum { CONTROL_BITS = 0x1d, WARM_RESET = 4, GLOBAL_BITS = 0x3b };
enum { CODEC_IS_READY = 0x100, READ_FAILED = 0x8000, FIRST_INTERRUPT = 5 };
enum { DESCRIPTORS = 32, DESCRIPTOR_SIZE = 8, CHUNK = 256 };

/* --- interrupts --- */

static bool asks(const struct ac97_channel *c)
{
    return (c->status & LAST_DONE && c->control & LAST_INTERRUPTS) ||
           (c->status & BUFFER_DONE && c->control & BUFFER_INTERRUPTS);
}

static uint32_t global_status(const struct ac97 *s)
{
    uint32_t status = s->global & AC97_COLD_RESET ? CODEC_IS_READY : 0;
    for (unsigned i = 0; i < AC97_CHANNELS; i++)
        status |= (uint32_t)asks(&s->channel[i]) << (FIRST_INTERRUPT + i);
    return status | (s->read_failed ? READ_FAILED : 0);
}

static void set_interrupt(struct ac97 *s)
{
    bool level = false;
    for (unsigned i = 0; i < AC97_CHANNELS; i++)
        level |= asks(&s->channel[i]);
    pci_interrupt(&s->pci, level);
}

/* --- buffers --- */

static enum ac97_channels number_of(const struct ac97_channel *c)
{
    return (enum ac97_channels)(c - c->card->channel);
}

static bool is_running(const struct ac97_channel *c)
{
    return c->control & RUN && !(c->status & HALTED);
}

/* The microphone has one side. */
static unsigned samples_a_frame(const struct ac97_channel *c)
{
    return number_of(c) == AC97_MICROPHONE ? 1 : 2;
}

static uint64_t frames_of(const struct ac97_channel *c, uint16_t samples)
{
    return (samples + samples_a_frame(c) - 1) / samples_a_frame(c);
}

static uint64_t frames_left(const struct ac97_channel *c)
{
    return frames_of(c, c->left);
}

static void set_is_last(struct ac97_channel *c)
{
    c->status = (uint8_t)((c->status & ~IS_LAST) | (c->current == c->last ? IS_LAST : 0));
}

/* The first half of a descriptor is an address, the second a length of 16 bits and IOC. */
static uint32_t describe(const struct ac97_channel *c, unsigned number, unsigned half)
{
    uint32_t at = c->list + number * (uint32_t)DESCRIPTOR_SIZE;
    return memory_read(c->card->memory, at + 4 * half, 4);
}

static void load(struct ac97_channel *c)
{
    uint32_t length = describe(c, c->current, 1);
    c->address = describe(c, c->current, 0) & ~1u;
    c->left = (uint16_t)length;
    c->interrupts = length >> 31;
    c->next = (c->current + 1) % DESCRIPTORS;
    c->is_loaded = true;
    set_is_last(c);
}

static void end_buffer(struct ac97_channel *c)
{
    if (c->interrupts)
        c->status |= BUFFER_DONE;
    if (c->current == c->last) {
        c->status |= LAST_DONE | HALTED;
        c->is_loaded = false;
    } else {
        c->current = c->next;
        load(c);
    }
}

/* --- samples --- */

static int32_t scaled(int16_t sample, int32_t gain)
{
    return (int32_t)(((int64_t)sample * gain) >> 16);
}

static void play(struct ac97 *s, const uint8_t *bytes, size_t samples)
{
    for (size_t i = 0; i < samples; i += 2, bytes += 4)
        voice_put(&s->voice, scaled((int16_t)(bytes[0] | bytes[1] << 8), s->gain[0]),
                  scaled((int16_t)(bytes[2] | bytes[3] << 8), s->gain[1]));
}

/* At most so many frames, of this buffer; returns how many it was. */
static uint64_t move(struct ac97_channel *c, uint64_t most)
{
    uint8_t bytes[4 * CHUNK] = {0};
    struct ac97 *s = c->card;
    uint64_t frames = frames_left(c);
    frames = frames < most ? frames : most;
    frames = frames < CHUNK ? frames : CHUNK;
    size_t samples = (size_t)frames * samples_a_frame(c);
    samples = samples < c->left ? samples : c->left;
    if (number_of(c) == AC97_OUT) {
        memory_copy_out(s->memory, bytes, c->address, 2 * samples);
        play(s, bytes, samples);
    } else {
        memory_copy_in(s->memory, c->address, bytes, 2 * samples);
    }
    c->address += (uint32_t)(2 * samples);
    c->left = (uint16_t)(c->left - samples);
    return frames;
}

/* --- time --- */

static uint64_t frames_due(const struct ac97_channel *c, uint64_t now)
{
    return now > c->begun ? muldiv(now - c->begun, ac97_rate(c->card, number_of(c)), NS_PER_S) : 0;
}

/* Until a buffer ends that interrupts, or the last: other ends, however many there are, are seen
 * only by who looks. At most so many. */
static uint64_t frames_to_event(const struct ac97_channel *c, uint64_t most)
{
    uint64_t n = frames_left(c);
    bool interrupts = c->interrupts;
    for (unsigned i = c->current; n < most && !interrupts && i != c->last;) {
        i = (i + 1) % DESCRIPTORS;
        uint32_t length = describe(c, i, 1);
        n += frames_of(c, (uint16_t)length);
        interrupts = length >> 31;
    }
    return n < most ? n : most;
}

/* A millisecond on, or at the next event: the first moment at which so many are due. */
static void set_timer(struct ac97_channel *c)
{
    uint32_t rate = ac97_rate(c->card, number_of(c));
    uint64_t n = c->frames + frames_to_event(c, rate / 1000 + 1);
    if (is_running(c))
        timer_set(&c->timer, c->begun + muldiv(n, NS_PER_S, rate) + 1);
    else
        timer_cancel(&c->timer);
}

static void set_voice(struct ac97 *s)
{
    if (is_running(&s->channel[AC97_OUT]))
        voice_start(&s->voice, ac97_rate(s, AC97_OUT));
    else
        voice_stop(&s->voice);
}

static void begin(struct ac97_channel *c)
{
    c->begun = timers_now(c->card->timers);
    c->frames = 0;
}

/* Buffers without samples end at once; there is a last one. */
static void skip_empty(struct ac97_channel *c)
{
    while (is_running(c) && !c->left)
        end_buffer(c);
}

static void catch_up(struct ac97_channel *c, uint64_t now)
{
    skip_empty(c);
    while (is_running(c) && frames_due(c, now) > c->frames) {
        if (!pci_is_master(&c->card->pci)) {
            begin(c);
            return;
        }
        c->frames += move(c, frames_due(c, now) - c->frames);
        skip_empty(c);
    }
}

static void fire(void *channel, uint64_t now)
{
    struct ac97_channel *c = channel;
    catch_up(c, now);
    set_voice(c->card);
    set_timer(c);
    set_interrupt(c->card);
}

void ac97_catch_up(struct ac97 *s)
{
    for (unsigned i = 0; i < AC97_CHANNELS; i++)
        catch_up(&s->channel[i], timers_now(s->timers));
}

void ac97_go_on(struct ac97 *s)
{
    for (unsigned i = 0; i < AC97_CHANNELS; i++) {
        begin(&s->channel[i]);
        set_timer(&s->channel[i]);
    }
    set_voice(s);
    set_interrupt(s);
}

/* --- a bus master's registers --- */

static void reset_channel(struct ac97_channel *c)
{
    c->list = c->address = 0;
    c->current = c->last = c->next = c->control = 0;
    c->status = HALTED;
    c->left = 0;
    c->interrupts = c->is_loaded = false;
    c->begun = c->frames = 0;
    timer_cancel(&c->timer);
}

static void start(struct ac97_channel *c)
{
    c->status &= (uint8_t)~HALTED;
    if (!c->is_loaded)
        load(c);
    begin(c);
    fire(c, timers_now(c->card->timers));
}

static void write_control(struct ac97_channel *c, uint8_t value)
{
    bool was_running = c->control & RUN;
    if (value & RESET_REGISTERS) {
        if (!was_running)
            reset_channel(c);
        set_interrupt(c->card);
        return;
    }
    if (was_running && !(value & RUN))
        fire(c, timers_now(c->card->timers));
    c->control = value & CONTROL_BITS;
    if (!was_running && value & RUN) {
        start(c);
    } else if (!(value & RUN)) {
        c->status |= HALTED;
        fire(c, timers_now(c->card->timers));
    } else {
        set_interrupt(c->card);
    }
}

/* One that has halted for want of buffers goes on with the next. */
static void write_last(struct ac97_channel *c, uint8_t value)
{
    fire(c, timers_now(c->card->timers)); /* until now it was another */
    c->last = value % DESCRIPTORS;
    if (c->control & RUN && c->status & HALTED) {
        c->current = c->next;
        start(c);
    } else {
        set_is_last(c);
        set_timer(c);
    }
}

static void write_channel(struct ac97_channel *c, unsigned offset, uint8_t value)
{
    if (offset < CURRENT) {
        uint32_t mask = 0xffu << (8 * offset);
        c->list = ((c->list & ~mask) | (uint32_t)value << (8 * offset)) & ~7u;
    } else if (offset == LAST) {
        write_last(c, value);
    } else if (offset == STATUS) {
        c->status &= (uint8_t) ~(value & (LAST_DONE | BUFFER_DONE | FIFO_ERROR));
        set_interrupt(c->card);
    } else if (offset == CONTROL) {
        write_control(c, value);
    }
}

static uint8_t read_channel(struct ac97_channel *c, unsigned offset)
{
    switch (offset) {
    case CURRENT:
        return c->current;
    case LAST:
        return c->last;
    case STATUS:
        return c->status;
    case LEFT:
        return (uint8_t)c->left;
    case LEFT + 1:
        return (uint8_t)(c->left >> 8);
    case NEXT:
        return c->next;
    case CONTROL:
        return c->control;
    default:
        return offset < CURRENT ? (uint8_t)(c->list >> (8 * offset)) : 0;
    }
}

/* --- all of them --- */

/* Bit 2 is a warm reset, which is over at once. */
static void write_global(struct ac97 *s, unsigned byte, uint8_t value)
{
    if (byte)
        return;
    bool comes_out = value & AC97_COLD_RESET && !(s->global & AC97_COLD_RESET);
    s->global = value & GLOBAL_BITS & ~(uint32_t)WARM_RESET;
    if (comes_out || !(value & AC97_COLD_RESET))
        ac97_codec_reset(s);
}

static uint8_t read_byte(struct ac97 *s, unsigned offset)
{
    bool semaphore = s->semaphore;
    if (offset < 0x10 * AC97_CHANNELS && offset % 0x10 < 0xc)
        return read_channel(&s->channel[offset / 0x10], offset % 0x10);
    if (offset >= GLOBAL_CONTROL && offset < GLOBAL_STATUS)
        return (uint8_t)(s->global >> (8 * (offset - GLOBAL_CONTROL)));
    if (offset >= GLOBAL_STATUS && offset < SEMAPHORE)
        return (uint8_t)(global_status(s) >> (8 * (offset - GLOBAL_STATUS)));
    if (offset != SEMAPHORE)
        return 0;
    s->semaphore = true;
    return semaphore;
}

static void write_byte(struct ac97 *s, unsigned offset, uint8_t value)
{
    if (offset < 0x10 * AC97_CHANNELS && offset % 0x10 < 0xc)
        write_channel(&s->channel[offset / 0x10], offset % 0x10, value);
    else if (offset >= GLOBAL_CONTROL && offset < GLOBAL_STATUS)
        write_global(s, offset - GLOBAL_CONTROL, value);
    else if (offset == GLOBAL_STATUS + 1 && value & READ_FAILED >> 8)
        s->read_failed = false;
    else if (offset == SEMAPHORE)
        s->semaphore = false;
}

/* Positions are those of this moment. */
uint32_t ac97_master_read(void *device, uint32_t offset, unsigned size)
{
    struct ac97 *s = device;
    uint32_t value = 0;
    if (offset < 0x10 * AC97_CHANNELS)
        fire(&s->channel[offset / 0x10], timers_now(s->timers));
    for (unsigned i = 0; i < size; i++)
        value |= (uint32_t)read_byte(s, offset + i) << (8 * i);
    return value;
}

void ac97_master_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        write_byte(device, offset + i, (uint8_t)(value >> (8 * i)));
}

/* --- the card --- */

static void reset(void *device)
{
    struct ac97 *s = device;
    pci_function_reset(&s->pci);
    for (unsigned i = 0; i < AC97_CHANNELS; i++)
        reset_channel(&s->channel[i]);
    s->global = 0;
    s->read_failed = s->semaphore = false;
    ac97_codec_reset(s);
    for (unsigned i = 0; i < AC97_CHANNELS; i++)
        s->channel[i].begun = 0;
}

bool ac97_init(struct ac97 *s, struct timers *timers, struct memory *memory, struct pci *bus,
               unsigned slot, struct mixer *mixer)
{
    enum { VENDOR = 0x8086, ID = 0x2415, CLASS = 0x04010001, CODEC_BASE = 0, MASTER_BASE };
    memset(s, 0, sizeof *s);
    s->timers = timers;
    s->memory = memory;
    voice_init(&s->voice, mixer, NULL, s);
    for (unsigned i = 0; i < AC97_CHANNELS; i++) {
        s->channel[i].card = s;
        timer_init(&s->channel[i].timer, timers, fire, &s->channel[i]);
    }
    pci_function_init(&s->pci, slot, 0, VENDOR, ID, CLASS);
    pci_set(&s->pci, PCI_COMMAND, 2, 0, PCI_COMMAND_IO | PCI_COMMAND_MASTER);
    pci_set(&s->pci, PCI_STATUS, 2, 0x0280, 0);
    pci_set_interrupt_pin(&s->pci, 1);
    pci_add(bus, &s->pci);
    reset(s);
    return pci_base_io(&s->pci, CODEC_BASE, AC97_CODEC_PORTS, 4, ac97_codec_read, ac97_codec_write,
                       s) &&
           pci_base_io(&s->pci, MASTER_BASE, AC97_MASTER_PORTS, 4, ac97_master_read,
                       ac97_master_write, s);
}

static void restored(void *device)
{
    struct ac97 *s = device;
    pci_place_bases(&s->pci);
    ac97_codec_restored(s);
    set_voice(s);
}

static const struct state_field channel_fields[] = {
    {NOT_STATE(ac97_channel, card)},
    {STATE(ac97_channel, list)},
    {STATE(ac97_channel, current), .most = DESCRIPTORS - 1},
    {STATE(ac97_channel, last), .most = DESCRIPTORS - 1},
    {STATE(ac97_channel, next), .most = DESCRIPTORS - 1},
    {STATE(ac97_channel, status)},
    {STATE(ac97_channel, control)},
    {STATE(ac97_channel, left)},
    {STATE(ac97_channel, address)},
    {STATE(ac97_channel, interrupts)},
    {STATE(ac97_channel, is_loaded)},
    {STATE(ac97_channel, begun)},
    {STATE(ac97_channel, frames)},
    {STATE_OF_TIMER(ac97_channel, timer)},
    {0},
};
static const struct state_table channel_state = STATE_TABLE(ac97_channel, 1, channel_fields);

static const struct state_field fields[] = {
    {STATE_OF(ac97, pci, &pci_function_state)},
    {NOT_STATE(ac97, timers)},
    {NOT_STATE(ac97, memory)},
    {NOT_STATE(ac97, voice)},
    {STATE_ARRAY(ac97, codec)},
    {STATE_ARRAY_OF(ac97, channel, &channel_state)},
    {STATE(ac97, global)},
    {STATE(ac97, read_failed)},
    {STATE(ac97, semaphore)},
    {NOT_STATE(ac97, gain)},
    {0},
};
static const struct state_table state = STATE_TABLE(ac97, 1, fields);
const struct device ac97_device = {
    .name = "ac97", .reset = reset, .state = &state, .restored = restored};
