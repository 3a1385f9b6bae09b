/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See ne2000.h. Sections are those of the DP8390D's data sheet. */
#include "hw/net/ne2000.h"

#include "exec/exec.h"
#include "hw/net/net_checksum.h"

#include <string.h>

/* CR, ISR, RCR, TCR, DCR, RSR, TSR (10.3). */
enum { STP = 0x01, STA = 0x02, TXP = 0x04, REMOTE = 0x38, ABORT = 0x20, PAGE = 0xc0 };
enum { REMOTE_READ = 0x08, REMOTE_WRITE = 0x10 };
enum { PRX = 0x01, PTX = 0x02, OVW = 0x10, RDC = 0x40, RST = 0x80 };
enum { RCR_AB = 0x04, RCR_AM = 0x08, RCR_PRO = 0x10, RCR_MON = 0x20 };
enum { TCR_LOOPBACK = 0x06, DCR_WTS = 0x01 };
enum { RSR_PRX = 0x01, RSR_PHY = 0x20, TSR_PTX = 0x01 };
enum { PAGE_SIZE_8390 = 256, HEADER = 4, FCS = 4, LEAST = 60, MOST = 1514 };

static void update_interrupt(struct ne2000 *s)
{
    irq_set(&s->irq, s->status & s->mask & 0x7f);
}

static void raise(struct ne2000 *s, uint8_t causes)
{
    s->status |= causes;
    update_interrupt(s);
}

/* --- memory, which others than the cpu use, too --- */

static bool is_ram(uint16_t address)
{
    return address >= NE2000_RAM && address < NE2000_END;
}

static uint8_t load(const struct ne2000 *s, uint16_t address)
{
    return address < NE2000_PROM || is_ram(address) ? s->memory[address] : 0xff;
}

static void store(struct ne2000 *s, uint16_t address, uint8_t value)
{
    if (is_ram(address))
        s->memory[address] = value;
}

/* At the ring's end it goes on at its start (7.0). */
static uint16_t next_in_ring(const struct ne2000 *s, uint16_t address)
{
    address++;
    return address == s->stop * PAGE_SIZE_8390 ? (uint16_t)(s->start * PAGE_SIZE_8390) : address;
}

/* --- receiving --- */

static bool is_in_table(const struct ne2000 *s, const uint8_t *address)
{
    unsigned hash = net_crc(address, NET_ADDRESS) >> 26;
    return s->multicast[hash / 8] >> hash % 8 & 1;
}

static bool is_meant(const struct ne2000 *s, const uint8_t *address)
{
    if (net_is_broadcast(address))
        return s->receive_control & RCR_AB;
    if (net_is_multicast(address))
        return s->receive_control & RCR_AM && is_in_table(s, address);
    return s->receive_control & RCR_PRO || memcmp(address, s->address, NET_ADDRESS) == 0;
}

/* Once started it runs until STP stops it: a command without STA changes nothing. */
static bool is_on(const struct ne2000 *s)
{
    return !(s->command & STP) && !(s->receive_control & RCR_MON) &&
           !(s->send_control & TCR_LOOPBACK) && s->start < s->stop && s->current >= s->start &&
           s->current < s->stop;
}

static unsigned pages_for(size_t size)
{
    size_t all = HEADER + (size < LEAST ? LEAST : size) + FCS;
    return (unsigned)((all + PAGE_SIZE_8390 - 1) / PAGE_SIZE_8390);
}

/* From where it is written up to, and without, what has not been read; all of them if that is met.
 */
static unsigned free_pages(const struct ne2000 *s)
{
    unsigned pages = (unsigned)s->stop - s->start;
    return s->boundary > s->current  ? (unsigned)s->boundary - s->current
           : s->boundary >= s->start ? pages - ((unsigned)s->current - s->boundary)
                                     : pages;
}

/* What the whole ring has no room for is lost. */
static bool can_receive(void *chip, size_t size)
{
    const struct ne2000 *s = chip;
    return !is_on(s) || free_pages(s) > pages_for(size) ||
           pages_for(size) >= (unsigned)s->stop - s->start;
}

static void receive(void *chip, const uint8_t *frame, size_t size)
{
    struct ne2000 *s = chip;
    if (!is_on(s) || size < NET_HEADER || size > MOST || !is_meant(s, frame))
        return;
    if (free_pages(s) <= pages_for(size)) {
        raise(s, OVW);
        return;
    }
    size_t length = (size < LEAST ? LEAST : size) + FCS;
    unsigned next = s->current + pages_for(size);
    next = next < s->stop ? next : next - s->stop + s->start;
    s->receive_status = RSR_PRX | (net_is_multicast(frame) ? RSR_PHY : 0);
    const uint8_t header[] = {s->receive_status, (uint8_t)next, (uint8_t)length,
                              (uint8_t)(length >> 8)};
    uint16_t at = (uint16_t)(s->current * PAGE_SIZE_8390);
    for (size_t i = 0; i < HEADER + length; i++, at = next_in_ring(s, at))
        store(s, at, i < HEADER ? header[i] : i - HEADER < size ? frame[i - HEADER] : 0);
    s->current = (uint8_t)next;
    raise(s, PRX);
}

/* --- sending --- */

/* What does not fit into memory is not sent, but is said to have been. */
static void transmit(struct ne2000 *s)
{
    uint8_t frame[0x1000];
    uint32_t from = s->send_page * PAGE_SIZE_8390, size = s->send_count;
    if (!(s->command & TXP) || s->command & STP || !net_ready(s->net))
        return;
    if (is_ram((uint16_t)from) && from + size <= NE2000_END && size <= MOST &&
        !(s->send_control & TCR_LOOPBACK)) {
        memcpy(frame, s->memory + from, size);
        memset(frame + size, 0, size < LEAST ? LEAST - size : 0);
        net_send(s->net, frame, size < LEAST ? LEAST : size);
    }
    s->command &= (uint8_t)~TXP;
    s->send_status = TSR_PTX;
    raise(s, PTX);
}

static void resume(void *chip)
{
    transmit(chip);
}

/* --- the cpu's way to memory: remote DMA, by the data port (11.0) --- */

static void advance_remote(struct ne2000 *s)
{
    s->remote = next_in_ring(s, s->remote);
    if (!--s->remote_count)
        raise(s, RDC);
}

/* With words, an access to a byte moves on by one, too (DCR, WTS). */
static unsigned step(const struct ne2000 *s, unsigned size)
{
    return size == 1 && s->data_control & DCR_WTS ? 2 : size;
}

static uint32_t read_data(struct ne2000 *s, unsigned size)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < step(s, size) && s->remote_count; i++, advance_remote(s))
        value |= i < size ? (uint32_t)load(s, s->remote) << 8 * i : 0;
    return value;
}

static void write_data(struct ne2000 *s, uint32_t value, unsigned size)
{
    for (unsigned i = 0; i < step(s, size) && s->remote_count; i++, advance_remote(s))
        store(s, s->remote, (uint8_t)(value >> 8 * i));
}

/* --- registers --- */

static void reset_chip(struct ne2000 *s)
{
    s->command = STP | ABORT;
    s->status = RST;
    s->mask = 0;
    s->remote_count = 0;
    update_interrupt(s);
}

static void write_command(struct ne2000 *s, uint8_t value)
{
    s->command = value;
    if (value & STP)
        s->status |= RST;
    else if (value & STA)
        s->status &= (uint8_t)~RST;
    if ((value & REMOTE) < ABORT && value & REMOTE && !s->remote_count)
        raise(s, RDC);
    transmit(s);
    net_deliver(s->net);
}

static void set_low(uint16_t *word, uint8_t value)
{
    *word = (uint16_t)((*word & 0xff00) | value);
}

static void set_high(uint16_t *word, uint8_t value)
{
    *word = (uint16_t)((*word & 0xff) | value << 8);
}

/* Page 0's that are numbers of pages, or bits. */
static uint8_t *plain_register(struct ne2000 *s, uint32_t offset)
{
    switch (offset) {
    case 0x01:
        return &s->start;
    case 0x02:
        return &s->stop;
    case 0x03:
        return &s->boundary;
    case 0x04:
        return &s->send_page;
    case 0x0c:
        return &s->receive_control;
    case 0x0d:
        return &s->send_control;
    case 0x0e:
        return &s->data_control;
    case 0x0f:
        return &s->mask;
    default:
        return NULL;
    }
}

/*
 * ISR, whose ones clear. Frames wait outside while the ring is full, where a cable's would be lost
 * by an overflow that interrupts. So that is said again which a driver takes back that leaves
 * frames in a full ring, as Linux's does after ten: or nobody would go on.
 */
static void acknowledge(struct ne2000 *s, uint8_t value)
{
    s->status &= (uint8_t) ~(value & 0x7f);
    if (value & PRX && is_on(s) && free_pages(s) <= pages_for(MOST))
        s->status |= PRX;
}

static void write_count(struct ne2000 *s, uint32_t offset, uint8_t value)
{
    switch (offset) {
    case 0x05:
        set_low(&s->send_count, value);
        break;
    case 0x06:
        set_high(&s->send_count, value);
        break;
    case 0x08:
        set_low(&s->remote, value);
        break;
    case 0x09:
        set_high(&s->remote, value);
        break;
    case 0x0a:
        set_low(&s->remote_count, value);
        break;
    case 0x0b:
        set_high(&s->remote_count, value);
        break;
    default:
        acknowledge(s, value);
    }
}

static void write_page0(struct ne2000 *s, uint32_t offset, uint8_t value)
{
    uint8_t *plain = plain_register(s, offset);
    if (plain)
        *plain = value;
    else
        write_count(s, offset, value);
    update_interrupt(s);
    if (offset == 0x03 || offset == 0x0c || offset == 0x0d)
        net_deliver(s->net);
}

static uint8_t read_page0(const struct ne2000 *s, uint32_t offset)
{
    const uint8_t values[16] = {
        [0x03] = s->boundary,
        [0x04] = s->send_status,
        [0x07] = s->status,
        [0x08] = (uint8_t)s->remote,
        [0x09] = (uint8_t)(s->remote >> 8),
        [0x0a] = 'P',
        [0x0b] = 'C', /* an RTL8029, and its like */
        [0x0c] = s->receive_status,
    };
    return values[offset];
}

/* Addresses, and where the ring is written. */
static uint8_t *page1_register(struct ne2000 *s, uint32_t offset)
{
    return offset < 0x07    ? &s->address[offset - 1]
           : offset == 0x07 ? &s->current
                            : &s->multicast[offset - 8];
}

/* Page 2 is what page 0 has been given; page 3, the RTL8029's own, has nothing set. */
static uint8_t read_byte(struct ne2000 *s, uint32_t offset)
{
    if (offset == 0)
        return s->command;
    switch (s->command & PAGE) {
    case 0x00:
        return read_page0(s, offset);
    case 0x40:
        return *page1_register(s, offset);
    case 0x80:
        return plain_register(s, offset) && offset != 0x03 ? *plain_register(s, offset) : 0;
    default:
        return 0;
    }
}

static void write_byte(struct ne2000 *s, uint32_t offset, uint8_t value)
{
    if (offset == 0)
        write_command(s, value);
    else if ((s->command & PAGE) == 0x00)
        write_page0(s, offset, value);
    else if ((s->command & PAGE) == 0x40)
        *page1_register(s, offset) = value;
    else
        log_if(LOG_UNIMP, "ne2000: register %u of page %u cannot be written\n", offset,
               s->command >> 6);
}

enum { REGISTERS = 0x10, DATA_PORTS = 0x18 };

uint32_t ne2000_read(void *chip, uint32_t offset, unsigned size)
{
    struct ne2000 *s = chip;
    uint32_t value = 0;
    if (offset >= DATA_PORTS) {
        reset_chip(s);
        return 0;
    }
    if (offset >= REGISTERS)
        return read_data(s, size);
    for (unsigned i = 0; i < size; i++)
        value |= (uint32_t)read_byte(s, (offset + i) % REGISTERS) << 8 * i;
    return value;
}

void ne2000_write(void *chip, uint32_t offset, uint32_t value, unsigned size)
{
    struct ne2000 *s = chip;
    if (offset >= DATA_PORTS)
        return; /* ends the reset that reading has begun */
    if (offset >= REGISTERS)
        write_data(s, value, size);
    for (unsigned i = 0; i < size && offset < REGISTERS; i++)
        write_byte(s, (offset + i) % REGISTERS, (uint8_t)(value >> 8 * i));
}

/* --- the chip --- */

/* Each byte of its PROM is there twice, as 16-bit cards have it; "WW" at its end says which it is.
 */
static void fill_prom(struct ne2000 *s, const uint8_t mac[NET_ADDRESS])
{
    for (unsigned i = 0; i < NE2000_PROM; i++)
        s->memory[i] = i / 2 < NET_ADDRESS ? mac[i / 2] : i / 2 >= 14 ? 'W' : 0;
}

void ne2000_init(struct ne2000 *s, struct net *net, struct irq_line irq,
                 const uint8_t mac[NET_ADDRESS])
{
    memset(s, 0, sizeof *s);
    s->net = net;
    s->irq = irq;
    fill_prom(s, mac);
    memcpy(s->address, mac, NET_ADDRESS);
    net_connect(net, &(struct net_card){can_receive, receive, resume, s});
}

static void reset(void *device)
{
    struct ne2000 *s = device;
    uint8_t mac[NET_ADDRESS];
    for (unsigned i = 0; i < NET_ADDRESS; i++)
        mac[i] = s->memory[2 * i];
    irq_set(&s->irq, false);
    ne2000_init(s, s->net, s->irq, mac);
    reset_chip(s);
}

static const struct state_field fields[] = {
    {NOT_STATE(ne2000, net)},
    {NOT_STATE(ne2000, irq)},
    {STATE(ne2000, command)},
    {STATE(ne2000, start)},
    {STATE(ne2000, stop)},
    {STATE(ne2000, boundary)},
    {STATE(ne2000, current)},
    {STATE(ne2000, send_page)},
    {STATE(ne2000, send_status)},
    {STATE(ne2000, receive_status)},
    {STATE(ne2000, status)},
    {STATE(ne2000, send_count)},
    {STATE(ne2000, remote)},
    {STATE(ne2000, remote_count)},
    {STATE(ne2000, receive_control)},
    {STATE(ne2000, send_control)},
    {STATE(ne2000, data_control)},
    {STATE(ne2000, mask)},
    {STATE_ARRAY(ne2000, address)},
    {STATE_ARRAY(ne2000, multicast)},
    {STATE_BYTES(ne2000, memory)},
    {0},
};
static const struct state_table state = STATE_TABLE(ne2000, 1, fields);
const struct device ne2000_device = {.name = "ne2000", .reset = reset, .state = &state};

/* --- the RTL8029 --- */

static void set_pin(void *chip, unsigned input, bool level)
{
    struct rtl8029 *s = chip;
    (void)input;
    pci_interrupt(&s->pci, level);
}

bool rtl8029_init(struct rtl8029 *s, struct pci *bus, unsigned slot, struct net *net,
                  const uint8_t mac[NET_ADDRESS])
{
    enum { VENDOR = 0x10ec, ID = 0x8029, CLASS = 0x02000000, BASE_IO = 0 };
    memset(s, 0, sizeof *s);
    ne2000_init(&s->chip, net, (struct irq_line){set_pin, s, 0}, mac);
    pci_function_init(&s->pci, slot, 0, VENDOR, ID, CLASS);
    pci_set(&s->pci, PCI_COMMAND, 2, 0, PCI_COMMAND_IO);
    pci_set(&s->pci, PCI_STATUS, 2, 0x0200, 0);
    pci_set(&s->pci, 0x2c, 2, VENDOR, 0);
    pci_set(&s->pci, 0x2e, 2, ID, 0);
    pci_set_interrupt_pin(&s->pci, 1);
    pci_add(bus, &s->pci);
    return pci_base_io(&s->pci, BASE_IO, NE2000_PORTS, 4, ne2000_read, ne2000_write, &s->chip);
}

static void reset_rtl8029(void *device)
{
    struct rtl8029 *s = device;
    reset(&s->chip);
    pci_function_reset(&s->pci);
}

static void restored(void *device)
{
    struct rtl8029 *s = device;
    pci_place_bases(&s->pci);
}

static const struct state_field rtl8029_fields[] = {
    {STATE_OF(rtl8029, pci, &pci_function_state)},
    {STATE_OF(rtl8029, chip, &state)},
    {0},
};
static const struct state_table rtl8029_state = STATE_TABLE(rtl8029, 1, rtl8029_fields);
const struct device rtl8029_device = {
    .name = "rtl8029", .reset = reset_rtl8029, .state = &rtl8029_state, .restored = restored};
