/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MPIC's registers (10.3): 32 bits each, big-endian, 16 bytes apart but for sources' levels. */
#include "exec/exec.h"
#include "hw/intc/mpic_internal.h"

/* Offsets; those of a processor are there for itself at 0, too. */
enum {
    BRR1 = 0x0000,
    BRR2 = 0x0010,
    FRR = 0x1000,
    GCR = 0x1020,
    VIR = 0x1080,
    PIR = 0x1090,
    IPIVPR = 0x10a0,
    SVR = 0x10e0,
    TIMERS_A = 0x10f0,
    MESSAGES_A = 0x1400,
    MSIS = 0x1600,
    TIMERS_B = 0x20f0,
    MESSAGES_B = 0x2400,
    EISR0 = 0x3900,
    EIMR0 = 0x3910,
    SOURCE_REGISTERS = 0x10000,
    SOURCES_END = SOURCE_REGISTERS + 0x20 * MPIC_SOURCES,
    PROCESSOR = 0x20000,
    PROCESSOR_SIZE = 0x1000,
};
/* Within those; of a source. */
enum { IVPR = 0x00, IDR = 0x10, ILR = 0x18, SOURCE_SIZE = 0x20 };
enum { IPIDR = 0x40, CTPR = 0x80, WHOAMI = 0x90, IACK = 0xa0, EOI = 0xb0 };
enum { TFRR = 0x000, TIMER = 0x010, TIMERS_END = 0x110, TCR = 0x210 };
enum { GTCCR = 0x00, GTBCR = 0x10, GTVPR = 0x20, GTDR = 0x30 };
enum { MSGR = 0x000, MER = 0x100, MSR = 0x110 };
enum { MSIR = 0x000, MSISR = 0x120, MSIIR = 0x140 };

enum { VERSION = 0x00400402, SPEC_1_2 = 2, TIMERS_A_GROUP = 4, MESSAGES_A_GROUP = 4 };

static uint32_t nothing(uint32_t offset)
{
    log_if(LOG_UNIMP, "mpic: register %05x\n", offset);
    return 0;
}

/* --- sources --- */

static uint32_t read_vector_priority(const struct mpic *s, unsigned source)
{
    return s->source[source].vector_priority |
           (mpic_is_active(s, source) ? (uint32_t)VPR_ACTIVITY : 0);
}

static void write_vector_priority(struct mpic *s, unsigned source, uint32_t value)
{
    uint32_t kept = VPR_MASKED | VPR_PRIORITY | VPR_VECTOR;
    if (source < MPIC_FIRST_INTERNAL)
        kept |= VPR_ACTIVE_HIGH | VPR_BY_LEVEL;
    s->source[source].vector_priority = value & kept;
    mpic_update(s);
}

static void write_destination(struct mpic *s, unsigned source, uint32_t value)
{
    s->source[source].destination = value & IDR_PROCESSOR_0;
    mpic_update(s);
}

static void write_level(struct mpic *s, unsigned source, uint32_t value)
{
    if ((value & ILR_TARGET) >= MPIC_OUTPUTS)
        log_if(LOG_UNIMP, "mpic: source %u, interrupt target %02x\n", source, value & ILR_TARGET);
    s->source[source].target = value & ILR_TARGET;
    mpic_update(s);
}

static uint32_t read_source(const struct mpic *s, uint32_t at)
{
    switch (at % SOURCE_SIZE) {
    case IVPR:
        return read_vector_priority(s, at / SOURCE_SIZE);
    case IDR:
        return s->source[at / SOURCE_SIZE].destination;
    case ILR:
        return s->source[at / SOURCE_SIZE].target;
    default:
        return nothing(SOURCE_REGISTERS + at);
    }
}

static void write_source(struct mpic *s, uint32_t at, uint32_t value)
{
    switch (at % SOURCE_SIZE) {
    case IVPR:
        write_vector_priority(s, at / SOURCE_SIZE, value);
        break;
    case IDR:
        write_destination(s, at / SOURCE_SIZE, value);
        break;
    case ILR:
        write_level(s, at / SOURCE_SIZE, value);
        break;
    default:
        nothing(SOURCE_REGISTERS + at);
    }
}

/* --- timers --- */

static uint32_t read_timer(const struct mpic *s, unsigned timer, uint32_t at)
{
    switch (at) {
    case GTCCR:
        return mpic_timer_count(&s->timer[timer]);
    case GTBCR:
        return s->timer[timer].base;
    case GTVPR:
        return read_vector_priority(s, MPIC_FIRST_TIMER + timer);
    default:
        return s->source[MPIC_FIRST_TIMER + timer].destination;
    }
}

static void write_timer(struct mpic *s, unsigned timer, uint32_t at, uint32_t value)
{
    if (at == GTBCR)
        mpic_timer_set_base(&s->timer[timer], value);
    else if (at == GTVPR)
        write_vector_priority(s, MPIC_FIRST_TIMER + timer, value);
    else if (at == GTDR)
        write_destination(s, MPIC_FIRST_TIMER + timer, value & IDR_PROCESSOR_0);
}

static uint32_t read_timers(const struct mpic *s, unsigned group, uint32_t at)
{
    if (at >= TIMER && at < TIMERS_END)
        return read_timer(s, group * TIMERS_A_GROUP + (at - TIMER) / 0x40, (at - TIMER) % 0x40);
    if (at == TFRR)
        return s->frequency[group];
    return at == TCR ? s->timer_control[group] : nothing(TIMERS_A + at);
}

static void write_timers(struct mpic *s, unsigned group, uint32_t at, uint32_t value)
{
    if (at >= TIMER && at < TIMERS_END)
        write_timer(s, group * TIMERS_A_GROUP + (at - TIMER) / 0x40, (at - TIMER) % 0x40, value);
    else if (at == TFRR)
        s->frequency[group] = value;
    else if (at == TCR)
        mpic_timer_control(s, group, value);
    else
        nothing(TIMERS_A + at);
}

/* --- messages (10.3.5) --- */

static void update_message(struct mpic *s, unsigned n)
{
    mpic_set(s, MPIC_FIRST_MESSAGE + n, s->message_enable & s->message_status & 1u << n);
}

static void set_message_bits(struct mpic *s, uint32_t *bits, unsigned group, uint32_t value)
{
    unsigned shift = group * MESSAGES_A_GROUP;
    *bits = (*bits & ~(0xfu << shift)) | (value & 0xf) << shift;
    for (unsigned i = 0; i < MESSAGES_A_GROUP; i++)
        update_message(s, shift + i);
}

/* Who has read it has got it. */
static uint32_t read_message(struct mpic *s, unsigned n)
{
    s->message_status &= ~(1u << n);
    update_message(s, n);
    return s->message[n];
}

static void write_message(struct mpic *s, unsigned n, uint32_t value)
{
    s->message[n] = value;
    s->message_status |= 1u << n;
    update_message(s, n);
}

static uint32_t read_messages(struct mpic *s, unsigned group, uint32_t at)
{
    if (at < MSGR + 0x10 * MESSAGES_A_GROUP)
        return read_message(s, group * MESSAGES_A_GROUP + at / 0x10);
    if (at == MER)
        return s->message_enable >> group * MESSAGES_A_GROUP & 0xf;
    return at == MSR ? s->message_status >> group * MESSAGES_A_GROUP & 0xf
                     : nothing(MESSAGES_A + at);
}

/* Bits of MSR are cleared by writing ones. */
static void write_messages(struct mpic *s, unsigned group, uint32_t at, uint32_t value)
{
    uint32_t waiting = s->message_status >> group * MESSAGES_A_GROUP & 0xf;
    if (at < MSGR + 0x10 * MESSAGES_A_GROUP)
        write_message(s, group * MESSAGES_A_GROUP + at / 0x10, value);
    else if (at == MER)
        set_message_bits(s, &s->message_enable, group, value);
    else if (at == MSR)
        set_message_bits(s, &s->message_status, group, waiting & ~value);
    else
        nothing(MESSAGES_A + at);
}

/* --- shared message signaled interrupts (10.3.6) --- */

static uint32_t take_msi(struct mpic *s, unsigned n)
{
    uint32_t value = s->msi[n];
    s->msi[n] = 0;
    mpic_set(s, MPIC_FIRST_MSI + n, false);
    return value;
}

static uint32_t read_msis(struct mpic *s, uint32_t at)
{
    uint32_t status = 0;
    if (at < MSIR + 0x10 * MPIC_MSIS)
        return take_msi(s, at / 0x10);
    for (unsigned i = 0; i < MPIC_MSIS; i++)
        status |= (uint32_t)(s->msi[i] != 0) << i;
    return at == MSISR ? status : nothing(MSIS + at);
}

/* MSIIR: which register, and which of its bits. */
static void write_msis(struct mpic *s, uint32_t at, uint32_t value)
{
    if (at != MSIIR) {
        nothing(MSIS + at);
        return;
    }
    s->msi[value >> 29] |= 1u << (value >> 24 & 0x1f);
    mpic_set(s, MPIC_FIRST_MSI + (value >> 29), true);
}

/* --- of a processor (10.3.8) --- */

static uint32_t read_processor(struct mpic *s, uint32_t at)
{
    switch (at) {
    case CTPR:
        return s->task_priority;
    case IACK:
        return mpic_take(s);
    case WHOAMI:
    case EOI:
        return 0;
    default:
        return at >= IPIDR && at < IPIDR + 0x10 * MPIC_IPIS ? 0 : nothing(PROCESSOR + at);
    }
}

static void write_processor(struct mpic *s, uint32_t at, uint32_t value)
{
    if (at == CTPR) {
        s->task_priority = value & TASK_PRIORITY_MOST;
        mpic_update(s);
    } else if (at == EOI) {
        mpic_end(s);
    } else if (at >= IPIDR && at < IPIDR + 0x10 * MPIC_IPIS) {
        if (value & IDR_PROCESSOR_0)
            mpic_raise(s, MPIC_FIRST_IPI + (at - IPIDR) / 0x10);
    } else {
        nothing(PROCESSOR + at);
    }
}

/* --- global ones (10.3.1) --- */

static uint32_t read_global(struct mpic *s, uint32_t at)
{
    switch (at) {
    case BRR1:
        return VERSION;
    case FRR:
        return (MPIC_SOURCES - 1) << 16 | SPEC_1_2;
    case GCR:
        return s->config;
    case SVR:
        return s->spurious;
    case EIMR0:
        return s->error_mask;
    case BRR2:
    case VIR:
    case PIR:
    case EISR0:
        return 0;
    default:
        return at >= IPIVPR && at < IPIVPR + 0x10 * MPIC_IPIS
                   ? read_vector_priority(s, MPIC_FIRST_IPI + (at - IPIVPR) / 0x10)
                   : nothing(at);
    }
}

static void write_config(struct mpic *s, uint32_t value)
{
    if (value & GCR_RESET)
        mpic_reset(s);
    else
        s->config = value & GCR_MODE;
}

static void write_global(struct mpic *s, uint32_t at, uint32_t value)
{
    if (at == GCR)
        write_config(s, value);
    else if (at == SVR)
        s->spurious = value & VPR_VECTOR;
    else if (at == EIMR0)
        s->error_mask = value;
    else if (at >= IPIVPR && at < IPIVPR + 0x10 * MPIC_IPIS)
        write_vector_priority(s, MPIC_FIRST_IPI + (at - IPIVPR) / 0x10, value);
    else
        nothing(at);
}

/* --- which is where --- */

static bool is_in(uint32_t at, uint32_t base, uint32_t size)
{
    return at - base < size;
}

static bool is_of_processor(uint32_t at)
{
    return is_in(at, PROCESSOR, PROCESSOR_SIZE) || is_in(at, IPIDR, EOI + 0x10 - IPIDR);
}

static uint32_t read_at(struct mpic *s, uint32_t at)
{
    if (is_in(at, SOURCE_REGISTERS, SOURCES_END - SOURCE_REGISTERS))
        return read_source(s, at - SOURCE_REGISTERS);
    if (is_of_processor(at))
        return read_processor(s, at % PROCESSOR_SIZE);
    for (unsigned group = 0; group < 2; group++) {
        if (is_in(at, group ? TIMERS_B : TIMERS_A, TCR + 0x10))
            return read_timers(s, group, at - (group ? TIMERS_B : TIMERS_A));
        if (is_in(at, group ? MESSAGES_B : MESSAGES_A, MSR + 0x10))
            return read_messages(s, group, at - (group ? MESSAGES_B : MESSAGES_A));
    }
    return is_in(at, MSIS, MSIIR + 0x10) ? read_msis(s, at - MSIS) : read_global(s, at);
}

static void write_at(struct mpic *s, uint32_t at, uint32_t value)
{
    if (is_in(at, SOURCE_REGISTERS, SOURCES_END - SOURCE_REGISTERS))
        write_source(s, at - SOURCE_REGISTERS, value);
    else if (is_of_processor(at))
        write_processor(s, at % PROCESSOR_SIZE, value);
    else if (is_in(at, TIMERS_A, TCR + 0x10) || is_in(at, TIMERS_B, TCR + 0x10))
        write_timers(s, at >= TIMERS_B, at - (at >= TIMERS_B ? TIMERS_B : TIMERS_A), value);
    else if (is_in(at, MESSAGES_A, MSR + 0x10) || is_in(at, MESSAGES_B, MSR + 0x10))
        write_messages(s, at >= MESSAGES_B, at - (at >= MESSAGES_B ? MESSAGES_B : MESSAGES_A),
                       value);
    else if (is_in(at, MSIS, MSIIR + 0x10))
        write_msis(s, at - MSIS, value);
    else
        write_global(s, at, value);
}

static bool is_register(uint32_t at, unsigned size)
{
    return size == 4 &&
           !(at & (is_in(at, SOURCE_REGISTERS, SOURCES_END - SOURCE_REGISTERS) ? 7 : 15));
}

/* Values come and go as they lie in memory, the highest byte first. */
uint32_t mpic_read(void *device, uint32_t offset, unsigned size)
{
    if (!is_register(offset, size)) {
        log_if(LOG_GUEST_ERRORS, "mpic: read of %u bytes at %05x\n", size, offset);
        return 0;
    }
    return __builtin_bswap32(read_at(device, offset));
}

void mpic_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    if (!is_register(offset, size))
        log_if(LOG_GUEST_ERRORS, "mpic: write of %u bytes at %05x\n", size, offset);
    else
        write_at(device, offset, __builtin_bswap32(value));
}
