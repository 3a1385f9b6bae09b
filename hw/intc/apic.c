/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a local APIC accepts, and what it brings to its processor. Sections are those of Intel SDM
 * vol. 3, ch. 11; registers are in apic_registers.c, the timer in apic_timer.c. */
#include "hw/intc/apic_internal.h"

#include "exec/exec.h"
#include "exec/memory.h"

#include <string.h>

enum { REGION_SIZE = 4096, BOOT_LINT0 = APIC_EXTINT << LVT_MODE_SHIFT };
enum { FIRST_VECTOR = 16, BROADCAST = 0xff };

/* --- sets of vectors --- */

static bool has(const uint32_t set[APIC_VECTOR_WORDS], unsigned vector)
{
    return set[vector / 32] >> vector % 32 & 1;
}

static void put(uint32_t set[APIC_VECTOR_WORDS], unsigned vector, bool in)
{
    uint32_t bit = 1u << vector % 32;
    set[vector / 32] = in ? set[vector / 32] | bit : set[vector / 32] & ~bit;
}

/* -1 if there is none. */
static int highest(const uint32_t set[APIC_VECTOR_WORDS])
{
    for (int i = APIC_VECTOR_WORDS - 1; i >= 0; i--)
        if (set[i])
            return i * 32 + 31 - __builtin_clz(set[i]);
    return -1;
}

/* --- what is due --- */

bool apic_is_on(const struct apic *s)
{
    return s->enabled && s->svr & SVR_ENABLE;
}

/* 11.8.3.1: PPR is of the class of what is in service, or TPR. */
uint8_t apic_priority(const struct apic *s)
{
    int in_service = highest(s->isr);
    if (in_service >= 0 && in_service >> 4 > s->tpr >> 4)
        return in_service & 0xf0;
    return s->tpr;
}

/* The vector that is to be served next, -1 if none. */
static int due(const struct apic *s)
{
    int requested = highest(s->irr);
    return requested >> 4 > apic_priority(s) >> 4 ? requested : -1;
}

static enum apic_delivery mode_of(uint32_t entry)
{
    return entry >> LVT_MODE_SHIFT & LVT_MODE_MASK;
}

/* Does the 8259 ask, by the pin or by a message? */
static bool is_extint_due(const struct apic *s)
{
    uint32_t lint0 = s->lvt[LVT_LINT0];
    bool wired = !s->enabled || (!(lint0 & LVT_MASKED) && mode_of(lint0) == APIC_EXTINT);
    return (wired && s->lint & 1) || s->extint;
}

void apic_update(struct apic *s)
{
    irq_set(&s->pins.intr, (apic_is_on(s) && due(s) >= 0) || is_extint_due(s));
}

bool apic_acknowledge(struct apic *s, uint8_t *vector)
{
    int v = apic_is_on(s) ? due(s) : -1;
    if (v >= 0) {
        put(s->irr, (unsigned)v, false);
        put(s->isr, (unsigned)v, true);
        *vector = (uint8_t)v;
    }
    if (v < 0)
        s->extint = false;
    apic_update(s);
    return v >= 0;
}

/* 11.8.5 */
void apic_end_of_interrupt(struct apic *s)
{
    int v = highest(s->isr);
    if (v < 0)
        return;
    put(s->isr, (unsigned)v, false);
    if (v == (int)(s->lvt[LVT_LINT0] & 0xff))
        s->lvt[LVT_LINT0] &= ~(uint32_t)LVT_REMOTE_IRR;
    if (has(s->tmr, (unsigned)v))
        apic_bus_end(s->bus, (uint8_t)v);
    apic_look_at_lint(s);
}

/* --- messages --- */

/* 11.6.2.2: in the flat model a bit each, in the cluster model a cluster and a bit each. */
static bool is_named_logically(const struct apic *s, uint8_t destination)
{
    if (destination == BROADCAST || s->dfr >> 28 == 0xf)
        return s->ldr & destination;
    return s->ldr >> 4 == destination >> 4 && s->ldr & destination & 0xf;
}

bool apic_is_named(const struct apic *s, const struct apic_message *m)
{
    if (!s->enabled)
        return false;
    if (m->logical)
        return is_named_logically(s, m->destination);
    return m->destination == BROADCAST || m->destination == s->id;
}

/* 11.5.3: what went wrong is seen in ESR once that is written to, and may interrupt. */
void apic_error(struct apic *s, uint8_t error)
{
    uint32_t entry = s->lvt[LVT_ERROR];
    bool is_new = !(s->errors & error);
    s->errors |= error;
    if (is_new && apic_is_on(s) && !(entry & LVT_MASKED) && (entry & 0xff) >= FIRST_VECTOR) {
        put(s->tmr, entry & 0xff, false);
        put(s->irr, entry & 0xff, true);
    }
}

static void accept_vector(struct apic *s, uint8_t vector, bool level)
{
    if (!apic_is_on(s))
        return;
    if (vector < FIRST_VECTOR) {
        apic_error(s, ESR_RECEIVED_ILLEGAL);
        return;
    }
    put(s->tmr, vector, level);
    put(s->irr, vector, true);
}

static void pulse(const struct irq_line *line)
{
    irq_set(line, true);
    irq_set(line, false);
}

static void accept_init(struct apic *s)
{
    if (s->is_boot) {
        pulse(&s->pins.init);
        return;
    }
    apic_device.reset(s);
    s->waits = true;
}

static void accept_start(struct apic *s, uint8_t page)
{
    if (!s->waits || !s->pins.start)
        return;
    s->waits = false;
    s->pins.start(s->pins.processor, page);
}

void apic_accept(struct apic *s, const struct apic_message *m)
{
    switch (m->mode) {
    case APIC_FIXED:
    case APIC_LOWEST_PRIORITY:
        accept_vector(s, m->vector, m->level);
        break;
    case APIC_EXTINT:
        s->extint = true;
        break;
    case APIC_NMI:
        pulse(&s->pins.nmi);
        break;
    case APIC_INIT:
        accept_init(s);
        break;
    case APIC_START_UP:
        accept_start(s, m->vector);
        break;
    default:
        log_if(LOG_UNIMP, "apic %u: no SMI reaches the processor\n", s->id);
    }
    apic_update(s);
}

/* --- local interrupts --- */

void apic_interrupt_locally(struct apic *s, enum apic_lvt which)
{
    uint32_t entry = s->lvt[which];
    struct apic_message m = {.mode = mode_of(entry),
                             .vector = (uint8_t)entry,
                             .level = which == LVT_LINT0 && entry & LVT_LEVEL};
    if (which == LVT_TIMER || which == LVT_ERROR) /* which have no delivery mode */
        m.mode = APIC_FIXED;
    if (!(entry & LVT_MASKED))
        apic_accept(s, &m);
}

/* LINT0 by its level: again if it is still there when the one before has ended. */
void apic_look_at_lint(struct apic *s)
{
    uint32_t *entry = &s->lvt[LVT_LINT0];
    if (s->lint & 1 && *entry & LVT_LEVEL && mode_of(*entry) == APIC_FIXED &&
        !(*entry & (LVT_MASKED | LVT_REMOTE_IRR))) {
        *entry |= LVT_REMOTE_IRR;
        apic_interrupt_locally(s, LVT_LINT0);
    }
    apic_update(s);
}

static bool is_edge(uint32_t entry)
{
    return mode_of(entry) != APIC_EXTINT && !(mode_of(entry) == APIC_FIXED && entry & LVT_LEVEL);
}

void apic_set_lint(struct apic *s, unsigned pin, bool level)
{
    uint8_t bit = (uint8_t)(1u << pin);
    bool rises = level && !(s->lint & bit);
    s->lint = level ? s->lint | bit : s->lint & (uint8_t)~bit;
    if (rises && s->enabled && is_edge(s->lvt[LVT_LINT0 + pin]))
        apic_interrupt_locally(s, LVT_LINT0 + pin);
    if (rises && !s->enabled && pin == 1)
        pulse(&s->pins.nmi);
    apic_look_at_lint(s);
}

/* --- the whole --- */

static void reset_registers(struct apic *s)
{
    s->tpr = s->ldr = s->esr = s->errors = s->divide = 0;
    s->dfr = UINT32_MAX;
    s->svr = 0xff;
    s->initial = 0;
    s->loaded = 0;
    s->extint = s->waits = false;
    memset(s->irr, 0, sizeof s->irr);
    memset(s->isr, 0, sizeof s->isr);
    memset(s->tmr, 0, sizeof s->tmr);
    memset(s->icr, 0, sizeof s->icr);
    for (unsigned i = 0; i < LVTS; i++)
        s->lvt[i] = LVT_MASKED;
    if (s->is_boot)
        s->lvt[LVT_LINT0] = BOOT_LINT0;
    timer_cancel(&s->timer);
}

static void place(const struct apic *s)
{
    memory_place(s->memory, s->region, (uint32_t)s->base,
                 s->enabled && s->base <= UINT32_MAX - REGION_SIZE);
}

static void reset(void *chip)
{
    struct apic *s = chip;
    s->base = (uint32_t)APIC_BASE;
    s->enabled = true;
    reset_registers(s);
    place(s);
    apic_update(s);
}

/* 11.4.3: one that was off is as after a reset. */
void apic_set_base(struct apic *s, uint64_t base, bool enabled)
{
    if (enabled != s->enabled)
        reset_registers(s);
    s->base = base;
    s->enabled = enabled;
    place(s);
    apic_update(s);
}

/* MultiProcessor Specification 1.4, 3.6.2.1 */
void apic_set_virtual_wire(struct apic *s)
{
    s->svr = SVR_ENABLE | 0xff;
    s->lvt[LVT_LINT0] = BOOT_LINT0;
    s->lvt[LVT_LINT1] = APIC_NMI << LVT_MODE_SHIFT;
    apic_update(s);
}

bool apic_init(struct apic *s, struct apic_bus *bus, struct memory *memory, struct timers *timers,
               const struct apic_pins *pins)
{
    memset(s, 0, sizeof *s);
    s->bus = bus;
    s->memory = memory;
    s->timers = timers;
    s->pins = *pins;
    s->is_boot = bus->locals == 0;
    s->id = (uint8_t)bus->locals;
    timer_init(&s->timer, timers, apic_timer_ended, s);
    s->region = memory_map_io(memory, (uint32_t)APIC_BASE, REGION_SIZE, apic_read, apic_write, s);
    if (!s->region)
        return false;
    apic_bus_add(bus, s);
    reset(s);
    return true;
}

static void restored(void *chip)
{
    struct apic *s = chip;
    place(s);
    apic_update(s);
}

static const struct state_field fields[] = {
    {NOT_STATE(apic, bus)},     {NOT_STATE(apic, memory)},
    {NOT_STATE(apic, region)},  {NOT_STATE(apic, timers)},
    {NOT_STATE(apic, pins)},    {STATE_OF_TIMER(apic, timer)},
    {NOT_STATE(apic, is_boot)}, {STATE(apic, enabled)},
    {STATE(apic, base)},        {STATE(apic, waits)},
    {STATE(apic, id)},          {STATE(apic, tpr)},
    {STATE(apic, ldr)},         {STATE(apic, dfr)},
    {STATE(apic, svr)},         {STATE_ARRAY(apic, irr)},
    {STATE_ARRAY(apic, isr)},   {STATE_ARRAY(apic, tmr)},
    {STATE_ARRAY(apic, lvt)},   {STATE_ARRAY(apic, icr)},
    {STATE(apic, esr)},         {STATE(apic, errors)},
    {STATE(apic, lint)},        {STATE(apic, extint)},
    {STATE(apic, initial)},     {STATE(apic, divide), .most = 0xb},
    {STATE(apic, loaded)},      {0},
};
static const struct state_table state = STATE_TABLE(apic, 1, fields);
const struct device apic_device = {
    .name = "apic", .reset = reset, .state = &state, .restored = restored};
