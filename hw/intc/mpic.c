/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which interrupt is the processor's (10.4.1, "Flow of Interrupt Control"). */
#include "hw/intc/mpic.h"

#include "exec/memory.h"
#include "hw/intc/mpic_internal.h"

#include <string.h>

static unsigned priority_of(const struct mpic_source *o)
{
    return (o->vector_priority & VPR_PRIORITY) >> VPR_PRIORITY_SHIFT;
}

/* --- what a source has to say --- */

/* From version 4.0 on internal sources have neither sense nor polarity. */
static bool is_by_level(const struct mpic *s, unsigned n)
{
    if (n < MPIC_FIRST_INTERNAL)
        return s->source[n].vector_priority & VPR_BY_LEVEL;
    return n < MPIC_SOURCES;
}

static bool is_asserted(const struct mpic *s, unsigned n)
{
    const struct mpic_source *o = &s->source[n];
    bool active_high = n >= MPIC_FIRST_INTERNAL || o->vector_priority & VPR_ACTIVE_HIGH;
    return o->level == active_high;
}

static bool is_pending(const struct mpic *s, unsigned n)
{
    return is_by_level(s, n) ? is_asserted(s, n) : s->source[n].latched;
}

bool mpic_is_active(const struct mpic *s, unsigned source)
{
    return is_pending(s, source) || s->source[source].in_service;
}

static bool is_to_output(const struct mpic_source *o, unsigned output)
{
    return o->target == output && o->destination & IDR_PROCESSOR_0 &&
           !(o->vector_priority & VPR_MASKED);
}

/* --- the processor --- */

/* The one of the highest priority that is in service; NULL: none is. */
static struct mpic_source *served(struct mpic *s)
{
    struct mpic_source *best = NULL;
    for (unsigned i = 0; i < MPIC_ALL; i++) {
        struct mpic_source *o = &s->source[i];
        if (o->in_service && (!best || priority_of(o) > priority_of(best)))
            best = o;
    }
    return best;
}

/* The one that is to interrupt; NULL: none. Of equal ones the first. */
static struct mpic_source *next(struct mpic *s)
{
    const struct mpic_source *now = served(s);
    unsigned least = s->task_priority;
    struct mpic_source *best = NULL;
    if (now && priority_of(now) > least)
        least = priority_of(now);
    for (unsigned i = 0; i < MPIC_ALL; i++) {
        struct mpic_source *o = &s->source[i];
        if (priority_of(o) <= least || !is_to_output(o, MPIC_INT) || !is_pending(s, i))
            continue;
        best = o;
        least = priority_of(o);
    }
    return best;
}

/* Is there a source for an output that has no priorities? Nobody would take an edge. */
static bool is_driven(const struct mpic *s, unsigned output)
{
    for (unsigned i = 0; i < MPIC_SOURCES; i++)
        if (is_to_output(&s->source[i], output) && is_asserted(s, i))
            return true;
    return false;
}

void mpic_update(struct mpic *s)
{
    irq_set(&s->output[MPIC_INT], next(s));
    for (unsigned output = MPIC_CRITICAL; output < MPIC_OUTPUTS; output++)
        irq_set(&s->output[output], is_driven(s, output));
}

uint32_t mpic_take(struct mpic *s)
{
    struct mpic_source *o = next(s);
    if (!o)
        return s->spurious;
    o->in_service = true;
    o->latched = false;
    mpic_update(s);
    return o->vector_priority & VPR_VECTOR;
}

void mpic_end(struct mpic *s)
{
    struct mpic_source *o = served(s);
    if (o)
        o->in_service = false;
    mpic_update(s);
}

uint32_t mpic_acknowledge(struct mpic *s)
{
    return (s->config & GCR_MODE) == GCR_PROXY ? mpic_take(s) : 0;
}

/* --- wires --- */

void mpic_raise(struct mpic *s, unsigned source)
{
    s->source[source].latched = true;
    mpic_update(s);
}

void mpic_set(void *chip, unsigned source, bool level)
{
    struct mpic *s = chip;
    if (s->source[source].level == level)
        return;
    s->source[source].level = level;
    if (is_asserted(s, source))
        s->source[source].latched = true;
    mpic_update(s);
}

/* --- the whole --- */

static void reset_source(struct mpic *s, unsigned n)
{
    struct mpic_source *o = &s->source[n];
    o->vector_priority = VPR_MASKED;
    o->destination = IDR_PROCESSOR_0;
    o->target = MPIC_INT;
    o->latched = o->in_service = false;
}

/* Wires stay as they are driven, but for those of messages. */
void mpic_reset(void *device)
{
    struct mpic *s = device;
    for (unsigned i = 0; i < MPIC_ALL; i++)
        reset_source(s, i);
    for (unsigned i = 0; i < MPIC_MESSAGES; i++)
        s->source[MPIC_FIRST_MESSAGE + i].level = false;
    for (unsigned i = 0; i < MPIC_MSIS; i++)
        s->source[MPIC_FIRST_MSI + i].level = false;
    memset(s->message, 0, sizeof s->message);
    memset(s->msi, 0, sizeof s->msi);
    s->config = s->message_enable = s->message_status = 0;
    s->error_mask = UINT32_MAX;
    s->spurious = VPR_VECTOR;
    s->task_priority = TASK_PRIORITY_MOST;
    mpic_timers_reset(s);
    mpic_update(s);
}

bool mpic_init(struct mpic *s, struct memory *memory, uint32_t base, struct timers *timers,
               const struct irq_line output[MPIC_OUTPUTS])
{
    memset(s, 0, sizeof *s);
    s->timers = timers;
    memcpy(s->output, output, sizeof s->output);
    for (unsigned i = 0; i < MPIC_FIRST_INTERNAL; i++)
        s->source[i].level = true;
    mpic_timers_init(s);
    mpic_reset(s);
    return memory_map_io(memory, base, MPIC_SIZE, mpic_read, mpic_write, s);
}

static void restored(void *device)
{
    mpic_update(device);
}

static const struct state_field source_fields[] = {
    {STATE(mpic_source, vector_priority)},
    {STATE(mpic_source, destination)},
    {STATE(mpic_source, target)},
    {STATE(mpic_source, level)},
    {STATE(mpic_source, latched)},
    {STATE(mpic_source, in_service)},
    {0},
};
static const struct state_table source_state = STATE_TABLE(mpic_source, 2, source_fields);

static const struct state_field fields[] = {
    {NOT_STATE(mpic, timers)},
    {NOT_STATE(mpic, output)},
    {STATE_ARRAY_OF(mpic, source, &source_state)},
    {STATE_ARRAY_OF(mpic, timer, &mpic_timer_state)},
    {STATE(mpic, config)},
    {STATE(mpic, spurious)},
    {STATE(mpic, task_priority), .most = TASK_PRIORITY_MOST},
    {STATE_ARRAY(mpic, frequency)},
    {STATE_ARRAY(mpic, timer_control)},
    {STATE_ARRAY(mpic, message)},
    {STATE(mpic, message_enable)},
    {STATE(mpic, message_status)},
    {STATE_ARRAY(mpic, msi)},
    {STATE(mpic, error_mask)},
    {0},
};
static const struct state_table state = STATE_TABLE(mpic, 1, fields);
const struct device mpic_device = {
    .name = "mpic", .reset = mpic_reset, .state = &state, .restored = restored};
