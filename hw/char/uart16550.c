/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 16550A UART. Section names are those of National's data sheet. */
#include "hw/char/uart16550.h"

#include <string.h>

enum { DATA, IER, IIR_FCR, LCR, MCR, LSR, MSR, SCRATCH };

enum { IER_DATA = 0x01, IER_THRE = 0x02, IER_LINE = 0x04, IER_MODEM = 0x08 };
enum {
    IIR_MODEM = 0x00,
    IIR_NONE = 0x01,
    IIR_THRE = 0x02,
    IIR_DATA = 0x04,
    IIR_LINE = 0x06,
    IIR_TIMEOUT = 0x0c,
    IIR_FIFOS = 0xc0,
};
enum {
    FCR_ENABLE = 0x01,
    FCR_CLEAR_RECEIVER = 0x02,
    FCR_CLEAR_TRANSMITTER = 0x04,
    FCR_KEPT = 0xc9
};
enum { LCR_LENGTH = 0x03, LCR_STOP = 0x04, LCR_PARITY = 0x08, LCR_DIVISOR = 0x80 };
enum { MCR_DTR = 0x01, MCR_RTS = 0x02, MCR_OUT1 = 0x04, MCR_OUT2 = 0x08, MCR_LOOP = 0x10 };
enum { LSR_DATA = 0x01, LSR_OVERRUN = 0x02, LSR_ERRORS = 0x1e, LSR_EMPTY = 0x60 };
enum { MSR_CTS = 0x10, MSR_DSR = 0x20, MSR_RI = 0x40, MSR_DCD = 0x80, MSR_DELTAS = 0x0f };
enum { MSR_TERI = 0x04 };

static bool fifos_on(const struct uart16550 *s)
{
    return s->fcr & FCR_ENABLE;
}

static unsigned capacity(const struct uart16550 *s)
{
    return fifos_on(s) ? UART_FIFO : 1;
}

static unsigned trigger_level(const struct uart16550 *s)
{
    static const uint8_t levels[] = {1, 4, 8, 14};
    return fifos_on(s) ? levels[s->fcr >> 6] : 1;
}

/* --- interrupts --- */

/* "Interrupt Identification Register": the pending interrupt with the highest priority. */
static uint8_t pending(const struct uart16550 *s)
{
    if ((s->ier & IER_LINE) && (s->lsr & LSR_ERRORS))
        return IIR_LINE;
    if ((s->ier & IER_DATA) && s->count >= trigger_level(s))
        return IIR_DATA;
    if ((s->ier & IER_DATA) && s->timeout_pending)
        return IIR_TIMEOUT;
    if ((s->ier & IER_THRE) && s->thre_pending)
        return IIR_THRE;
    if ((s->ier & IER_MODEM) && (s->msr & MSR_DELTAS))
        return IIR_MODEM;
    return IIR_NONE;
}

static void update_irq(struct uart16550 *s)
{
    irq_set(&s->irq, (s->always_drives || s->mcr & MCR_OUT2) && pending(s) != IIR_NONE);
}

/* The time a character takes on the line. */
static uint64_t character_ns(const struct uart16550 *s)
{
    unsigned bits =
        1 + 5 + (s->lcr & LCR_LENGTH) + (s->lcr & LCR_PARITY ? 1 : 0) + (s->lcr & LCR_STOP ? 2 : 1);
    return muldiv(bits * (s->divisor ? s->divisor : 1u), NS_PER_S, 115200);
}

/* "FIFO Interrupt Mode Operation": four character times with characters, but none read or come. */
static void restart_timeout(struct uart16550 *s)
{
    s->timeout_pending = false;
    bool wait = fifos_on(s) && s->count && (s->ier & IER_DATA);
    timer_set(&s->timeout_timer,
              wait ? timers_now(s->timeout_timer.timers) + 4 * character_ns(s) : TIMER_NEVER);
}

static void time_out(void *device, uint64_t now)
{
    (void)now;
    struct uart16550 *s = device;
    s->timeout_pending = s->count > 0;
    update_irq(s);
}

/* --- receiving --- */

static void put_received(struct uart16550 *s, uint8_t byte)
{
    if (s->count == capacity(s)) {
        s->lsr |= LSR_OVERRUN;
        if (!fifos_on(s)) /* the new character takes the place of the old one */
            s->fifo[s->head] = byte;
        return;
    }
    s->fifo[(s->head + s->count++) % UART_FIFO] = byte;
}

static void fetch(struct uart16550 *s)
{
    uint8_t bytes[UART_FIFO];
    unsigned room = capacity(s) > s->count ? capacity(s) - s->count : 0;
    if (!room || (s->mcr & MCR_LOOP))
        return;
    size_t n = s->outside->take(s->outside, bytes, room);
    for (size_t i = 0; i < n; i++)
        put_received(s, bytes[i]);
    if (n)
        restart_timeout(s);
}

static void clear_received(struct uart16550 *s)
{
    s->head = s->count = 0;
    restart_timeout(s);
}

static uint8_t read_data(struct uart16550 *s)
{
    uint8_t byte = s->fifo[s->head];
    if (s->count) {
        s->head = (s->head + 1) % UART_FIFO;
        s->count--;
    }
    restart_timeout(s);
    fetch(s);
    return byte;
}

/* --- sending --- */

static void send_one(struct uart16550 *s)
{
    s->outside->put(s->outside, s->sending[s->sending_head]);
    s->sending_head = (s->sending_head + 1) % UART_FIFO;
    s->thre_pending = --s->sending_count == 0;
}

/* What the outside takes at once. */
static void send_ready(struct uart16550 *s)
{
    while (s->sending_count && s->outside->ready(s->outside))
        send_one(s);
}

/* On a line that takes no time all would have been sent: nothing is thrown away. */
static void send_all(struct uart16550 *s)
{
    while (s->sending_count)
        send_one(s);
}

static void send(struct uart16550 *s, uint8_t byte)
{
    if (s->mcr & MCR_LOOP) {
        put_received(s, byte);
        restart_timeout(s);
        s->thre_pending = true;
        return;
    }
    if (s->sending_count >= capacity(s))
        send_one(s);
    s->sending[(s->sending_head + s->sending_count++) % UART_FIFO] = byte;
    s->thre_pending = false;
    send_ready(s);
}

void uart16550_poll(struct uart16550 *s)
{
    fetch(s);
    send_ready(s);
    update_irq(s);
}

/* --- the modem lines --- */

/* "Modem Control Register", bit 4: in loopback the outputs are the inputs. */
static uint8_t modem_inputs(const struct uart16550 *s)
{
    if (!(s->mcr & MCR_LOOP))
        return MSR_CTS | MSR_DSR | MSR_DCD; /* the other side is there, always */
    return (s->mcr & MCR_RTS ? MSR_CTS : 0) | (s->mcr & MCR_DTR ? MSR_DSR : 0) |
           (s->mcr & MCR_OUT1 ? MSR_RI : 0) | (s->mcr & MCR_OUT2 ? MSR_DCD : 0);
}

static void update_modem(struct uart16550 *s)
{
    uint8_t inputs = modem_inputs(s), changed = (inputs ^ s->msr) >> 4;
    if (inputs & MSR_RI) /* the ring indicator counts when it ends */
        changed &= (uint8_t)~MSR_TERI;
    s->msr = inputs | (s->msr & MSR_DELTAS) | changed;
}

/* --- the registers --- */

static uint8_t read_iir(struct uart16550 *s)
{
    uint8_t id = pending(s);
    if (id == IIR_THRE)
        s->thre_pending = false;
    return id | (fifos_on(s) ? IIR_FIFOS : 0);
}

static uint8_t read_lsr(struct uart16550 *s)
{
    uint8_t lsr = s->lsr | (s->sending_count ? 0 : LSR_EMPTY) | (s->count ? LSR_DATA : 0);
    s->lsr = 0;
    return lsr;
}

static uint8_t read_register(struct uart16550 *s, uint32_t offset)
{
    uint8_t msr = s->msr;
    switch (offset) {
    case DATA:
        return s->lcr & LCR_DIVISOR ? (uint8_t)s->divisor : read_data(s);
    case IER:
        return s->lcr & LCR_DIVISOR ? s->divisor >> 8 : s->ier;
    case IIR_FCR:
        return read_iir(s);
    case LCR:
        return s->lcr;
    case MCR:
        return s->mcr;
    case LSR:
        return read_lsr(s);
    case MSR:
        s->msr &= (uint8_t)~MSR_DELTAS;
        return msr;
    default:
        return s->scratch;
    }
}

uint32_t uart16550_read(void *device, uint32_t offset, unsigned size)
{
    (void)size;
    struct uart16550 *s = device;
    uint8_t value = read_register(s, offset);
    update_irq(s);
    return value;
}

static void write_ier(struct uart16550 *s, uint8_t value)
{
    /* If THR is empty, enabling the interrupt for that raises it at once. */
    if ((value & IER_THRE) && !(s->ier & IER_THRE) && !s->sending_count)
        s->thre_pending = true;
    bool data = (value ^ s->ier) & IER_DATA;
    s->ier = value & 0x0f;
    if (data)
        restart_timeout(s);
}

static void write_fcr(struct uart16550 *s, uint8_t value)
{
    bool switched = (value ^ s->fcr) & FCR_ENABLE;
    if (switched || (value & FCR_CLEAR_TRANSMITTER))
        send_all(s);
    s->fcr = value & FCR_ENABLE ? value & FCR_KEPT : 0;
    if (switched || (value & FCR_CLEAR_RECEIVER))
        clear_received(s);
    fetch(s);
}

static void write_data(struct uart16550 *s, uint8_t value)
{
    if (s->lcr & LCR_DIVISOR)
        s->divisor = (s->divisor & 0xff00) | value;
    else
        send(s, value);
}

static void write_mcr(struct uart16550 *s, uint8_t value)
{
    s->mcr = value & 0x1f;
    update_modem(s);
    fetch(s);
}

static void write_register(struct uart16550 *s, uint32_t offset, uint8_t value)
{
    switch (offset) {
    case DATA:
        write_data(s, value);
        break;
    case IER:
        if (s->lcr & LCR_DIVISOR)
            s->divisor = (uint16_t)(value << 8) | (s->divisor & 0xff);
        else
            write_ier(s, value);
        break;
    case IIR_FCR:
        write_fcr(s, value);
        break;
    case LCR:
        s->lcr = value;
        break;
    case MCR:
        write_mcr(s, value);
        break;
    case SCRATCH:
        s->scratch = value;
        break;
    default: /* LSR and MSR are for reading */
        break;
    }
}

void uart16550_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)size;
    struct uart16550 *s = device;
    write_register(s, offset, (uint8_t)value);
    update_irq(s);
}

void uart16550_reset(void *device)
{
    struct uart16550 *s = device;
    send_all(s);
    s->head = s->count = 0;
    s->ier = s->fcr = s->lcr = s->mcr = s->lsr = 0;
    s->divisor = 1;
    s->thre_pending = false;
    s->msr = modem_inputs(s);
    restart_timeout(s);
    update_irq(s);
}

void uart16550_init(struct uart16550 *s, struct timers *timers, struct chardev *outside,
                    struct irq_line irq)
{
    memset(s, 0, sizeof *s);
    s->outside = outside;
    s->irq = irq;
    timer_init(&s->timeout_timer, timers, time_out, s);
    uart16550_reset(s);
}

/* --- state --- */

static const struct state_field fields[] = {
    {NOT_STATE(uart16550, outside)},
    {NOT_STATE(uart16550, irq)},
    {NOT_STATE(uart16550, always_drives)},
    {STATE_OF_TIMER(uart16550, timeout_timer)},
    {STATE_ARRAY(uart16550, fifo)},
    {STATE(uart16550, head), .most = UART_FIFO - 1},
    {STATE(uart16550, count), .most = UART_FIFO},
    {STATE_ARRAY(uart16550, sending)},
    {STATE(uart16550, sending_head), .most = UART_FIFO - 1},
    {STATE(uart16550, sending_count), .most = UART_FIFO},
    {STATE(uart16550, ier)},
    {STATE(uart16550, fcr)},
    {STATE(uart16550, lcr)},
    {STATE(uart16550, mcr)},
    {STATE(uart16550, lsr)},
    {STATE(uart16550, msr)},
    {STATE(uart16550, scratch)},
    {STATE(uart16550, divisor)},
    {STATE(uart16550, thre_pending)},
    {STATE(uart16550, timeout_pending)},
    {0},
};
static const struct state_table state = STATE_TABLE(uart16550, 1, fields);
const struct device uart16550_device = {
    .name = "uart16550", .reset = uart16550_reset, .state = &state};
