/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The RTL8139C+ as a whole: registers, interrupts, its function on the PCI bus. See rtl8139.h. */
#include "hw/net/rtl8139_internal.h"

#include "exec/exec.h"
#include "exec/memory.h"

enum { VENDOR = 0x10ec, ID = 0x8139, CLASS = 0x02000020, HIDDEN = 0xf0000000u };
enum { BASE_IO = 0, BASE_MEMORY = 1, REGISTERS_SIZE = RTL8139_REGISTERS };
enum { CLOCK_HZ = 33000000 };

void rtl8139_read_memory(struct rtl8139 *s, uint64_t address, void *to, size_t size)
{
    if (address <= UINT32_MAX && memory_copy_out(s->memory, to, (uint32_t)address, size))
        return;
    log_if(LOG_GUEST_ERRORS, "rtl8139: read of %08" PRIx64 ", where no memory is\n", address);
    memset(to, 0, size);
}

void rtl8139_write_memory(struct rtl8139 *s, uint64_t address, const void *from, size_t size)
{
    if (address > UINT32_MAX || !memory_copy_in(s->memory, (uint32_t)address, from, size))
        log_if(LOG_GUEST_ERRORS, "rtl8139: write to %08" PRIx64 ", where no memory is\n", address);
}

/* --- interrupts --- */

static void update_interrupt(struct rtl8139 *s)
{
    pci_interrupt(&s->pci, rtl8139_load(s, ISR, 2) & rtl8139_load(s, IMR, 2));
}

void rtl8139_raise(struct rtl8139 *s, uint16_t causes)
{
    rtl8139_store(s, ISR, 2, rtl8139_load(s, ISR, 2) | causes);
    update_interrupt(s);
}

/* --- the timer, which counts the bus's clock (6.18, 6.23) --- */

static void set_timer(struct rtl8139 *s)
{
    uint64_t now = timers_now(s->timers), at = rtl8139_load(s, TIMER_INT, 4);
    const uint64_t round = (uint64_t)1 << 32;
    uint64_t count = muldiv(now - s->timer_zero, CLOCK_HZ, NS_PER_S);
    uint64_t next = count / round * round + at;
    if (next <= count)
        next += round;
    timer_set(&s->timer, at ? s->timer_zero + muldiv(next, NS_PER_S, CLOCK_HZ) + 1 : TIMER_NEVER);
}

static void time_out(void *device, uint64_t now)
{
    struct rtl8139 *s = device;
    (void)now;
    rtl8139_raise(s, TIMEOUT);
    set_timer(s);
}

static uint32_t count_now(const struct rtl8139 *s)
{
    return (uint32_t)muldiv(timers_now(s->timers) - s->timer_zero, CLOCK_HZ, NS_PER_S);
}

static void go_on_sending(void *device, uint64_t now)
{
    (void)now;
    rtl8139_go_on_sending(device);
}

/* --- EEPROM (section 7) --- */

enum { EEM = 0xc0, EECS = 8, EESK = 4, EEDI = 2, EEDO = 1, EEM_LOAD = 0x40, EEM_PROGRAM = 0x80 };
enum { EEM_CONFIG = 0xc0, ADDRESS_WORD = 7 };

static void load_address(struct rtl8139 *s)
{
    for (unsigned i = 0; i < 3; i++)
        rtl8139_store(s, IDR + 2 * i, 2, s->eeprom.word[ADDRESS_WORD + i]);
}

static void write_eeprom(struct rtl8139 *s)
{
    uint8_t lines = s->reg[EECR];
    bool selected = (lines & EEM) == EEM_PROGRAM && lines & EECS;
    eeprom_drive(&s->eeprom, selected, lines & EESK, lines & EEDI);
    if ((lines & EEM) != EEM_LOAD)
        return;
    load_address(s);
    s->reg[EECR] = 0;
}

/* --- registers --- */

/* Which bits of bytes can be written; those of ISR are cleared by ones. */
static const struct byte_range {
    uint8_t first, last, writable;
    bool is_locked; /* unless the EEPROM's register says otherwise */
} ranges[] = {
    {IDR, IDR + 5, 0xff, false},
    {MAR, MAR + 7, 0xff, false},
    {TSD, TSAD + 15, 0xff, false},
    {RBSTART, RBSTART + 3, 0xff, false},
    {CR, CR, CR_TE | CR_RE | CR_RST, false},
    {CAPR, CAPR + 1, 0xff, false},
    {IMR, IMR + 1, 0xff, false},
    {TCR, TCR + 1, 0xf1, false},
    {TCR + 2, TCR + 2, 0x07, false},
    {TCR + 3, TCR + 3, 0x03, false},
    {RCR, RCR + 3, 0xff, false},
    {EECR, EECR, EEM | EECS | EESK | EEDI, false},
    {CONFIG1, CONFIG1, 0xff, true},
    {TIMER_INT, TIMER_INT + 3, 0xff, false},
    {MSR, MSR, 0xc0, false},
    {CONFIG3, CONFIG4, 0xff, true},
    {MULINT, MULINT + 1, 0xff, false},
    {BMCR, BMCR + 1, 0xff, false},
    {ANAR, ANAR + 1, 0xff, false},
    {CSCR, CSCR + 1, 0xff, false},
    {0x78, 0x83, 0xff, false}, /* the transceiver's parameters */
    {0x84, 0xd3, 0xff, false}, /* patterns to be woken by */
    {CONFIG5, CONFIG5, 0x7f, false},
    {TPPOLL, TPPOLL, 0xc1, false},
    {CPCR, CPCR + 1, 0xff, false},
    {0xe2, 0xe3, 0xff, false}, /* nothing, though it is kept */
    {RDSAR, RDSAR + 7, 0xff, false},
    {MTPS, MTPS, 0x3f, false},
};

static uint8_t writable(const struct rtl8139 *s, uint32_t offset)
{
    for (unsigned i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        const struct byte_range *r = &ranges[i];
        if (offset >= r->first && offset <= r->last)
            return r->is_locked && (s->reg[EECR] & EEM) != EEM_CONFIG ? 0 : r->writable;
    }
    log_if(LOG_UNIMP, "rtl8139: register %02x cannot be written\n", offset);
    return 0;
}

/* What follows from the link. */
static uint8_t link_bits(const struct rtl8139 *s, uint32_t offset)
{
    static const struct {
        uint8_t offset, up, down;
    } bits[] = {{MSR, 0, 4},
                {BMSR, 0x2c, 0x08},
                {ANLPAR, 0xe1, 0},
                {ANLPAR + 1, 0x45, 0},
                {CSCR + 1, 0x04, 0}};
    for (unsigned i = 0; i < sizeof bits / sizeof *bits; i++)
        if (bits[i].offset == offset)
            return s->net ? bits[i].up : bits[i].down;
    return 0;
}

static uint8_t read_byte(struct rtl8139 *s, uint32_t offset)
{
    if (offset == CR)
        return s->reg[CR] | (rtl8139_ring_is_empty(s) ? CR_BUFE : 0);
    if (offset == EECR)
        return s->reg[EECR] | (s->eeprom.level ? EEDO : 0);
    if (offset >= TCTR && offset < TCTR + 4)
        return (uint8_t)(count_now(s) >> 8 * (offset - TCTR));
    return s->reg[offset] | link_bits(s, offset);
}

static uint32_t read_registers(void *device, uint32_t offset, unsigned size)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint32_t)read_byte(device, (offset + i) & 0xff) << 8 * i;
    return value;
}

/* 6.1 of the driver's guide: addresses stay. */
static void reset_chip(struct rtl8139 *s)
{
    timer_cancel(&s->timer);
    timer_cancel(&s->transmit);
    memset(s->reg + TSD, 0, TCR - TSD);
    for (unsigned i = 0; i < RTL8139_TRANSMITTERS; i++)
        rtl8139_store(s, TSD + 4 * i, 4, TSD_OWN);
    rtl8139_store(s, TSADS, 2, 0xf);
    rtl8139_store(s, CAPR, 2, 0xfff0);
    rtl8139_store(s, TCR, 4, 0x74800600); /* a C+ */
    rtl8139_store(s, RCR, 4, 0xe000);
    rtl8139_store(s, TIMER_INT, 4, 0);
    rtl8139_store(s, MPC, 4, 0);
    rtl8139_store(s, BMCR, 2, 0x3100);
    rtl8139_store(s, BMSR, 2, 0x7801);
    rtl8139_store(s, ANAR, 2, 0x05e1);
    rtl8139_store(s, ANER, 2, 0x0005);
    rtl8139_store(s, CPCR, 2, 0);
    rtl8139_store(s, RDSAR, 4, 0);
    rtl8139_store(s, RDSAR + 4, 4, 0);
    s->reg[EECR] = 0;
    s->reg[TPPOLL] = 0;
    s->reg[MSR] = 0;
    s->transmit_at = s->receive_at = s->size = 0;
    s->timer_zero = timers_now(s->timers);
    update_interrupt(s);
}

static void write_command(struct rtl8139 *s, uint8_t old)
{
    if (s->reg[CR] & CR_RST)
        reset_chip(s);
    if (!(old & CR_TE))
        s->transmit_at = 0;
    if (!(old & CR_RE))
        s->receive_at = 0;
    if (s->reg[CR] & CR_RE)
        net_deliver(s->net);
}

/* 6.3: sixty-four bytes of what has happened. */
static void dump_counts(struct rtl8139 *s)
{
    enum { DUMP = 8 };
    const struct rtl8139_counts *c = &s->counts;
    uint64_t to =
        (uint64_t)rtl8139_load(s, DTCCR + 4, 4) << 32 | (rtl8139_load(s, DTCCR, 4) & ~63u);
    const uint64_t wide[] = {c->sent, c->received, c->send_errors};
    const uint16_t narrow[] = {c->missed, c->misaligned, c->aborted, c->underruns};
    const uint32_t words[] = {c->one_collision, c->more_collisions, c->multicasts};
    const uint64_t more[] = {c->to_us, c->broadcasts};
    uint8_t bytes[64];
    memcpy(bytes, wide, 24);
    memcpy(bytes + 24, &c->receive_errors, 4);
    memcpy(bytes + 28, narrow, 4);
    memcpy(bytes + 32, words, 8);
    memcpy(bytes + 40, more, 16);
    memcpy(bytes + 56, words + 2, 4);
    memcpy(bytes + 60, narrow + 2, 4);
    if (!(s->reg[DTCCR] & DUMP))
        return;
    rtl8139_write_memory(s, to, bytes, sizeof bytes);
    s->reg[DTCCR] &= (uint8_t)~DUMP;
}

static void write_transceiver(struct rtl8139 *s)
{
    enum { RESET = 0x8000, RESTART = 0x0200 };
    rtl8139_store(s, BMCR, 2, rtl8139_load(s, BMCR, 2) & (uint16_t) ~(RESET | RESTART));
}

/* What follows from a byte's having been written; of wider registers, from the last one's. */
static void after_write(struct rtl8139 *s, uint32_t offset, uint8_t old)
{
    switch (offset) {
    case CR:
        write_command(s, old);
        break;
    case EECR:
        write_eeprom(s);
        break;
    case IMR + 1:
        update_interrupt(s);
        break;
    case CAPR + 1:
    case RCR + 3:
        net_deliver(s->net);
        break;
    case TIMER_INT + 3:
        set_timer(s);
        break;
    case BMCR + 1:
        write_transceiver(s);
        break;
    case TPPOLL:
        if (s->reg[TPPOLL] & 1)
            rtl8139_raise(s, SWI);
        s->reg[TPPOLL] &= 0xc0;
        rtl8139_poll(s);
        break;
    default:
        break;
    }
}

/* TSD's first bytes are those that start; with C+ there is one register for counts. */
static void after_transmitters(struct rtl8139 *s, uint32_t offset, unsigned size)
{
    bool descriptors = rtl8139_load(s, CPCR, 2) & CPCR_TRANSMIT;
    if (offset + size <= TSD || offset >= TSAD)
        return;
    if (descriptors && offset < TSD + 4)
        dump_counts(s);
    else if (!descriptors)
        rtl8139_send_buffer(s, (offset - TSD) / 4);
}

static void write_byte(struct rtl8139 *s, uint32_t offset, uint8_t value)
{
    uint8_t old = s->reg[offset], mask;
    if (offset == ISR || offset == ISR + 1) {
        s->reg[offset] &= (uint8_t)~value;
        update_interrupt(s);
        return;
    }
    if (offset >= TCTR && offset < TCTR + 4) {
        s->timer_zero = timers_now(s->timers);
        set_timer(s);
        return;
    }
    if (offset >= MPC && offset < MPC + 3) {
        rtl8139_store(s, MPC, 3, 0);
        return;
    }
    mask = writable(s, offset);
    s->reg[offset] = (uint8_t)((old & ~mask) | (value & mask));
    after_write(s, offset, old);
}

static void write_registers(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct rtl8139 *s = device;
    for (unsigned i = 0; i < size; i++)
        write_byte(s, (offset + i) & 0xff, (uint8_t)(value >> 8 * i));
    after_transmitters(s, offset, size);
}

/* --- the function --- */

static void changed(void *device)
{
    struct rtl8139 *s = device;
    if (!pci_is_master(&s->pci))
        return;
    rtl8139_go_on_sending(s);
    net_deliver(s->net);
}

static void resume(void *chip)
{
    rtl8139_go_on_sending(chip);
}

static void fill_eeprom(struct rtl8139 *s, const uint8_t mac[NET_ADDRESS])
{
    uint16_t words[EEPROM_WORDS] = {0x8129, VENDOR, ID, VENDOR, ID, 0x4020, 0xe512};
    for (unsigned i = 0; i < 3; i++)
        words[ADDRESS_WORD + i] = (uint16_t)(mac[2 * i] | mac[2 * i + 1] << 8);
    eeprom_init(&s->eeprom, words);
}

static void add_function(struct rtl8139 *s, struct pci *bus, unsigned slot)
{
    pci_function_init(&s->pci, slot, 0, VENDOR, ID, CLASS);
    pci_set(&s->pci, PCI_COMMAND, 2, 0, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    pci_set(&s->pci, PCI_STATUS, 2, 0x0280, 0);
    pci_set(&s->pci, 0x0c, 2, 0, 0xffff);
    pci_set(&s->pci, 0x2c, 2, VENDOR, 0);
    pci_set(&s->pci, 0x2e, 2, ID, 0);
    pci_set(&s->pci, 0x3e, 2, 0x4020, 0);
    pci_set_interrupt_pin(&s->pci, 1);
    pci_add(bus, &s->pci);
    s->pci.changed = changed;
    s->pci.device = s;
}

bool rtl8139_init(struct rtl8139 *s, struct timers *timers, struct memory *memory, struct pci *bus,
                  unsigned slot, struct net *net, const uint8_t mac[NET_ADDRESS])
{
    memset(s, 0, sizeof *s);
    s->timers = timers;
    s->memory = memory;
    s->net = net;
    timer_init(&s->timer, timers, time_out, s);
    timer_init(&s->transmit, timers, go_on_sending, s);
    fill_eeprom(s, mac);
    add_function(s, bus, slot);
    s->registers =
        memory_map_io(memory, HIDDEN, REGISTERS_SIZE, read_registers, write_registers, s);
    if (!s->registers)
        return false;
    net_connect(net, &(struct net_card){rtl8139_can_receive, rtl8139_receive, resume, s});
    if (!pci_base_io(&s->pci, BASE_IO, REGISTERS_SIZE, 4, read_registers, write_registers, s))
        return false;
    pci_base_memory(&s->pci, BASE_MEMORY, s->registers, false);
    return true;
}

static void reset(void *device)
{
    struct rtl8139 *s = device;
    memset(s->reg, 0, sizeof s->reg);
    memset(&s->counts, 0, sizeof s->counts);
    load_address(s);
    s->reg[CONFIG1] = 0x0c; /* decodes both */
    reset_chip(s);
    pci_function_reset(&s->pci);
}

static void restored(void *device)
{
    struct rtl8139 *s = device;
    pci_place_bases(&s->pci);
}

/* --- state --- */

static const struct state_field counts_fields[] = {
    {STATE(rtl8139_counts, sent)},          {STATE(rtl8139_counts, received)},
    {STATE(rtl8139_counts, send_errors)},   {STATE(rtl8139_counts, receive_errors)},
    {STATE(rtl8139_counts, missed)},        {STATE(rtl8139_counts, misaligned)},
    {STATE(rtl8139_counts, one_collision)}, {STATE(rtl8139_counts, more_collisions)},
    {STATE(rtl8139_counts, to_us)},         {STATE(rtl8139_counts, broadcasts)},
    {STATE(rtl8139_counts, multicasts)},    {STATE(rtl8139_counts, aborted)},
    {STATE(rtl8139_counts, underruns)},     {0},
};
static const struct state_table counts_state = STATE_TABLE(rtl8139_counts, 1, counts_fields);

static const struct state_field fields[] = {
    {STATE_OF(rtl8139, pci, &pci_function_state)},
    {NOT_STATE(rtl8139, timers)},
    {NOT_STATE(rtl8139, memory)},
    {NOT_STATE(rtl8139, net)},
    {NOT_STATE(rtl8139, registers)},
    {STATE_BYTES(rtl8139, reg)},
    {STATE_OF(rtl8139, eeprom, &eeprom_state)},
    {STATE(rtl8139, transmit_at), .most = 63},
    {STATE(rtl8139, receive_at), .most = 63},
    {STATE(rtl8139, timer_zero)},
    {STATE_OF_TIMER(rtl8139, timer)},
    {STATE_OF_TIMER(rtl8139, transmit)},
    {STATE_OF(rtl8139, counts, &counts_state)},
    {STATE(rtl8139, size), .most = NET_FRAME_MOST},
    {STATE(rtl8139, too_long)},
    {STATE_BYTES(rtl8139, packet)},
    {0},
};
static const struct state_table state = STATE_TABLE(rtl8139, 1, fields);
const struct device rtl8139_device = {
    .name = "rtl8139", .reset = reset, .state = &state, .restored = restored};
