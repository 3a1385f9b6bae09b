/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The local APIC's registers (Intel SDM vol. 3, table 11-1): 32 bits each, 16 bytes apart. Other
 * accesses than of all of one are "not allowed"; here they read a part, and write nothing.
 */
#include "hw/intc/apic_internal.h"

#include "exec/exec.h"

/* Offsets / 16 */
enum {
    ID = 0x02,
    VERSION = 0x03,
    TPR = 0x08,
    APR = 0x09,
    PPR = 0x0a,
    EOI = 0x0b,
    LDR = 0x0d,
    DFR = 0x0e,
    SVR = 0x0f,
    ISR = 0x10,
    TMR = 0x18,
    IRR = 0x20,
    IRR_END = 0x28,
    ESR = 0x28,
    ICR_LOW = 0x30,
    ICR_HIGH = 0x31,
    FIRST_LVT = 0x32,
    TMICT = 0x38,
    TMCCT = 0x39,
    TMDCR = 0x3e,
};
enum { VERSION_XAPIC = 0x14 | (LVTS - 1) << 16 };

/* What of an entry can be written. */
static const uint32_t lvt_bits[LVTS] = {
    [LVT_TIMER] = 0x300ff, [LVT_THERMAL] = 0x107ff, [LVT_COUNTERS] = 0x107ff,
    [LVT_LINT0] = 0x1a7ff, [LVT_LINT1] = 0x1a7ff,   [LVT_ERROR] = 0x100ff,
};

static uint32_t read_set(const struct apic *s, unsigned which)
{
    const uint32_t *set = which < TMR ? s->isr : which < IRR ? s->tmr : s->irr;
    return set[which & 7];
}

static uint32_t read_register(struct apic *s, unsigned which)
{
    if (which >= ISR && which < IRR_END)
        return read_set(s, which);
    if (which >= FIRST_LVT && which < FIRST_LVT + LVTS)
        return s->lvt[which - FIRST_LVT];
    switch (which) {
    case ID:
        return (uint32_t)s->id << 24;
    case VERSION:
        return VERSION_XAPIC;
    case TPR:
        return s->tpr;
    case APR: /* which nobody arbitrates by */
    case EOI:
        return 0;
    case PPR:
        return apic_priority(s);
    case LDR:
        return (uint32_t)s->ldr << 24;
    case DFR:
        return s->dfr;
    case SVR:
        return s->svr;
    case ESR:
        return s->esr;
    case ICR_LOW:
    case ICR_HIGH:
        return s->icr[which - ICR_LOW];
    case TMICT:
        return s->initial;
    case TMCCT:
        return apic_timer_count(s);
    case TMDCR:
        return s->divide;
    default:
        log_if(LOG_GUEST_ERRORS, "apic %u: read of %03x, nothing is there\n", s->id, which << 4);
        apic_error(s, ESR_REGISTER);
        return 0;
    }
}

static void write_lvt(struct apic *s, unsigned which, uint32_t value)
{
    uint32_t entry = (value & lvt_bits[which]) | (s->lvt[which] & LVT_REMOTE_IRR);
    if (!(s->svr & SVR_ENABLE))
        entry |= LVT_MASKED;
    if (!(entry & LVT_LEVEL))
        entry &= ~(uint32_t)LVT_REMOTE_IRR;
    if (which == LVT_TIMER)
        apic_timer_set_entry(s, entry);
    else
        s->lvt[which] = entry;
}

/* 11.4.7.2: with the APIC off its entries are masked, and stay so. */
static void write_svr(struct apic *s, uint32_t value)
{
    s->svr = value & SVR_BITS;
    for (unsigned i = 0; i < LVTS; i++)
        write_lvt(s, i, s->lvt[i]);
}

/* 11.6.1: what was written asks for interrupts, of those in the shorthand or of a destination. */
static void send(struct apic *s)
{
    enum { LOGICAL = 0x800, ASSERT = 0x4000, LEVEL = 0x8000, SHORTHAND_SHIFT = 18 };
    enum { NO_SHORTHAND, SELF, ALL, OTHERS };
    uint32_t low = s->icr[0];
    unsigned shorthand = low >> SHORTHAND_SHIFT & 3;
    struct apic_message m = {
        .destination = shorthand == NO_SHORTHAND ? (uint8_t)(s->icr[1] >> 24) : 0xff,
        .logical = shorthand == NO_SHORTHAND && low & LOGICAL,
        .mode = low >> LVT_MODE_SHIFT & LVT_MODE_MASK,
        .vector = (uint8_t)low,
    };
    if (low & LEVEL && !(low & ASSERT)) /* INIT's end, by which the 82489DX set arbitration */
        return;
    if (m.mode == APIC_FIXED && m.vector < 16)
        apic_error(s, ESR_SENT_ILLEGAL);
    else if (shorthand == SELF)
        apic_accept(s, &m);
    else
        apic_bus_send(s->bus, &m, shorthand == OTHERS ? s : NULL);
}

static void write_register(struct apic *s, unsigned which, uint32_t value)
{
    if (which >= FIRST_LVT && which < FIRST_LVT + LVTS) {
        write_lvt(s, which - FIRST_LVT, value);
        return;
    }
    switch (which) {
    case ID:
        s->id = (uint8_t)(value >> 24);
        break;
    case TPR:
        s->tpr = (uint8_t)value;
        break;
    case EOI:
        apic_end_of_interrupt(s);
        break;
    case LDR:
        s->ldr = (uint8_t)(value >> 24);
        break;
    case DFR:
        s->dfr = value | 0x0fffffff;
        break;
    case SVR:
        write_svr(s, value);
        break;
    case ESR:
        s->esr = s->errors;
        s->errors = 0;
        break;
    case ICR_LOW:
        s->icr[0] = value & 0xccfff;
        send(s);
        break;
    case ICR_HIGH:
        s->icr[1] = value & 0xff000000;
        break;
    case TMICT:
        apic_timer_load(s, value);
        break;
    case TMDCR:
        apic_timer_divide(s, (uint8_t)value);
        break;
    default:
        log_if(LOG_GUEST_ERRORS, "apic %u: write of %08x to %03x, where nothing can be written\n",
               s->id, value, which << 4);
        apic_error(s, ESR_REGISTER);
    }
}

uint32_t apic_read(void *chip, uint32_t offset, unsigned size)
{
    struct apic *s = chip;
    unsigned within = offset & 15;
    uint32_t value = within < 4 ? read_register(s, offset >> 4) : 0;
    (void)size;
    apic_update(s);
    return within < 4 ? value >> 8 * within : 0;
}

void apic_write(void *chip, uint32_t offset, uint32_t value, unsigned size)
{
    struct apic *s = chip;
    if (size != 4 || offset & 15) {
        log_if(LOG_GUEST_ERRORS, "apic %u: write of %u bytes to %03x\n", s->id, size, offset);
        return;
    }
    write_register(s, offset >> 4, value);
    apic_look_at_lint(s);
}
