/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 82540EM as a whole: registers, interrupts, its function on the PCI bus. See e1000.h. */
#include "hw/net/e1000_internal.h"

#include "exec/exec.h"
#include "exec/memory.h"

#include <string.h>

enum { VENDOR = 0x8086, ID = 0x100e, SUBSYSTEM = 0x001e, CLASS = 0x02000002 };
enum { REGISTERS_SIZE = 0x20000, HIDDEN = 0xf0000000u, BASE_MEMORY = 0, BASE_IO = 2 };

bool e1000_is_up(const struct e1000 *s)
{
    return s->net;
}

bool e1000_read(struct e1000 *s, uint64_t address, void *to, size_t size)
{
    if (address <= UINT32_MAX && memory_copy_out(s->memory, to, (uint32_t)address, size))
        return true;
    log_if(LOG_GUEST_ERRORS, "e1000: read of %08" PRIx64 ", where no memory is\n", address);
    memset(to, 0xff, size);
    return false;
}

void e1000_write(struct e1000 *s, uint64_t address, const void *from, size_t size)
{
    if (address > UINT32_MAX || !memory_copy_in(s->memory, (uint32_t)address, from, size))
        log_if(LOG_GUEST_ERRORS, "e1000: write to %08" PRIx64 ", where no memory is\n", address);
}

/* --- interrupts --- */

/* After one, the next waits for as long as ITR says, in units of 256 ns (13.4.18). */
static void update_interrupt(struct e1000 *s)
{
    enum { UNIT = 256 };
    uint64_t now = timers_now(s->timers);
    bool wanted = s->cause & *e1000_at(s, IMS);
    if (wanted && !s->pci.interrupt) {
        if (now < s->quiet_until) {
            timer_set(&s->throttle, s->quiet_until);
            return;
        }
        s->quiet_until = now + (uint64_t)(*e1000_at(s, ITR) & 0xffff) * UNIT;
    }
    pci_interrupt(&s->pci, wanted);
}

/*
 * A cause that is to come so many units of 1.024 us from now. None is told of before quiet_until,
 * and a timer that goes off before that would only take the host's time.
 */
uint64_t e1000_after(const struct e1000 *s, uint64_t now, uint32_t units)
{
    enum { UNIT = 1024 };
    uint64_t due = now + (uint64_t)units * UNIT;
    return due > s->quiet_until ? due : s->quiet_until;
}

static void end_quiet(void *device, uint64_t now)
{
    (void)now;
    update_interrupt(device);
}

void e1000_raise(struct e1000 *s, uint32_t causes)
{
    s->cause |= causes;
    update_interrupt(s);
}

static void raise_receive_timer(void *device, uint64_t now)
{
    struct e1000 *s = device;
    (void)now;
    timer_cancel(&s->receive_delay);
    timer_cancel(&s->receive_most);
    e1000_raise(s, RXT0);
}

static void raise_transmit_timer(void *device, uint64_t now)
{
    struct e1000 *s = device;
    (void)now;
    timer_cancel(&s->transmit_delay);
    timer_cancel(&s->transmit_most);
    e1000_raise(s, TXDW);
}

static void go_on_sending(void *device, uint64_t now)
{
    (void)now;
    e1000_transmit(device);
}

/* --- statistics --- */

void e1000_count(struct e1000 *s, unsigned offset, uint32_t more)
{
    uint32_t *count = e1000_at(s, offset);
    *count = *count > UINT32_MAX - more ? UINT32_MAX : *count + more;
}

void e1000_count_large(struct e1000 *s, unsigned offset, uint32_t more)
{
    uint64_t count = (uint64_t)*e1000_at(s, offset + 4) << 32 | *e1000_at(s, offset);
    count = count > UINT64_MAX - more ? UINT64_MAX : count + more;
    *e1000_at(s, offset) = (uint32_t)count;
    *e1000_at(s, offset + 4) = (uint32_t)(count >> 32);
}

void e1000_count_size(struct e1000 *s, unsigned first, uint32_t size)
{
    static const uint32_t most[] = {64, 127, 255, 511, 1023};
    unsigned i = 0;
    while (i < sizeof most / sizeof *most && size > most[i])
        i++;
    e1000_count(s, first + 4 * i, 1);
}

/* --- registers --- */

const uint8_t e1000_block[0x100] = {
    [0x00] = 0,  [0x01] = 1,  [0x04] = 2,  [0x0e] = 3,  [0x10] = 4,  [0x21] = 5,  [0x28] = 6,
    [0x2c] = 7,  [0x30] = 8,  [0x38] = 9,  [0x40] = 10, [0x50] = 11, [0x52] = 12, [0x53] = 13,
    [0x54] = 14, [0x56] = 15, [0x57] = 16, [0x58] = 17, [0x5b] = 17, /* nothing at the same place as
                                                                        in 0x58 */
};

enum { RW = UINT32_MAX };

#define ONE(first, writable)                                                                       \
    {                                                                                              \
        first, (first) + 4, writable                                                               \
    }
/* Ranges of registers: which bits can be written. What is not here does nothing. */
static const struct register_range {
    uint16_t first, end;
    uint32_t writable;
} ranges[] = {
    {CTRL, CTRL + 8, 0x58fc1be9}, /* and its copy */
    ONE(CTRL_EXT, 0x00ffffff),
    ONE(FCAL, RW),
    ONE(FCAH, 0xffff),
    ONE(FCT, 0xffff),
    ONE(VET, 0xffff),
    ONE(ITR, 0xffff),
    ONE(RCTL, 0x07dfffff & ~1u),
    ONE(FCTTV, 0xffff),
    ONE(TXCW, 0xc000ffff),
    ONE(TCTL, 0x03fffffa),
    ONE(TIPG, 0x3fffffff),
    ONE(AIFS, 0xffff),
    ONE(LEDCTL, RW),
    ONE(PBA, 0xffff),
    ONE(FCRTL, 0x8000fff8),
    ONE(FCRTH, 0xfff8),
    ONE(RDBAL, 0xfffffff0),
    ONE(RDBAH, RW),
    ONE(RDLEN, 0xfff80),
    ONE(RDH, 0xffff),
    ONE(RDT, 0xffff),
    ONE(RDTR, 0xffff),
    ONE(RXDCTL, 0x013f3f3f),
    ONE(RADV, 0xffff),
    ONE(RSRPD, 0xfff),
    ONE(TXDMAC, 1),
    ONE(TDBAL, 0xfffffff0),
    ONE(TDBAH, RW),
    ONE(TDLEN, 0xfff80),
    ONE(TDH, 0xffff),
    ONE(TDT, 0xffff),
    ONE(TIDV, 0xffff),
    ONE(TXDCTL, 0xff3f3f3f),
    ONE(TADV, 0xffff),
    ONE(TSPMT, RW),
    ONE(RXCSUM, 0x7ff),
    {MTA, RAL, RW},
    {RAL, RAL_END, RW},
    {VFTA, VFTA_END, RW},
    ONE(WUC, 0xf),
    ONE(WUFC, 0x000f00ff),
    ONE(MANC, RW),
    ONE(SWSM, 3),
    ONE(SW_FW_SYNC, RW),
};

static const struct register_range *range_of(uint32_t offset)
{
    for (unsigned i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (offset >= ranges[i].first && offset < ranges[i].end)
            return &ranges[i];
    return NULL;
}

/*
 * Whoever reads the causes looks at both rings then: what waits for its delay is told now, and not
 * a second time (13.4.31, 13.4.44).
 */
static uint32_t end_delays(struct e1000 *s)
{
    uint32_t causes = (s->receive_delay.deadline != TIMER_NEVER ? RXT0 : 0) |
                      (s->transmit_delay.deadline != TIMER_NEVER ? TXDW : 0);
    timer_cancel(&s->receive_delay);
    timer_cancel(&s->receive_most);
    timer_cancel(&s->transmit_delay);
    timer_cancel(&s->transmit_most);
    return causes;
}

static uint32_t read_cause(struct e1000 *s)
{
    uint32_t cause = s->cause | end_delays(s);
    s->cause = 0;
    update_interrupt(s);
    return cause;
}

/* 13.7: reading them clears them. */
static uint32_t read_statistics(struct e1000 *s, uint32_t offset)
{
    uint32_t value = *e1000_at(s, offset);
    *e1000_at(s, offset) = 0;
    return value;
}

/* Full duplex, 1000 Mb/s. */
static uint32_t status(struct e1000 *s)
{
    enum { FD = 0x01, SPEED_1000 = 0x80 };
    bool up = e1000_is_up(s) && *e1000_at(s, CTRL) & CTRL_SLU;
    return FD | SPEED_1000 | (up ? STATUS_LU : 0);
}

static uint32_t read_register(struct e1000 *s, uint32_t offset)
{
    switch (offset) {
    case CTRL + 4:
        return *e1000_at(s, CTRL);
    case STATUS:
        return status(s);
    case EECD:
        return e1000_read_eecd(s);
    case ICR:
        return read_cause(s);
    case ICS:
        return s->cause;
    case EERD:
    case MDIC:
    case IMS:
        return *e1000_at(s, offset);
    default:
        if (offset >= STATISTICS && offset < STATISTICS_END)
            return read_statistics(s, offset);
        if (range_of(offset))
            return *e1000_at(s, offset);
        log_if(LOG_UNIMP, "e1000: read of register %05x, which is not there\n", offset);
        return 0;
    }
}

static void reset_registers(struct e1000 *s);

static void write_control(struct e1000 *s, uint32_t value)
{
    if (value & CTRL_PHY_RST)
        e1000_phy_reset(s);
    if (value & CTRL_RST)
        reset_registers(s);
}

static void set_mask(struct e1000 *s, uint32_t mask)
{
    *e1000_at(s, IMS) = mask & ALL_CAUSES;
    update_interrupt(s);
}

/* What follows from a register that has been written like others. */
static void after_write(struct e1000 *s, uint32_t offset, uint32_t value)
{
    switch (offset) {
    case CTRL:
        write_control(s, value);
        break;
    case RDTR:
        if (value >> 31) /* FPD */
            raise_receive_timer(s, 0);
        break;
    case TIDV:
        if (value >> 31)
            raise_transmit_timer(s, 0);
        break;
    case RDT:
    case RCTL:
        net_deliver(s->net);
        break;
    case TDT:
    case TCTL:
        e1000_transmit(s);
        break;
    default:
        break;
    }
}

static void write_range(struct e1000 *s, uint32_t offset, uint32_t value)
{
    const struct register_range *r = range_of(offset);
    if (r && offset == CTRL + 4)
        offset = CTRL;
    if (!r) {
        log_if(LOG_UNIMP, "e1000: %08x written to register %05x, which is not there\n", value,
               offset);
        return;
    }
    *e1000_at(s, offset) = value & r->writable;
    after_write(s, offset, value);
}

static void write_register(struct e1000 *s, uint32_t offset, uint32_t value)
{
    switch (offset) {
    case EECD:
        e1000_write_eecd(s, value);
        break;
    case EERD:
        e1000_write_eerd(s, value);
        break;
    case MDIC:
        e1000_write_mdic(s, value);
        break;
    case ICR:
        s->cause &= ~value;
        update_interrupt(s);
        break;
    case ICS:
        e1000_raise(s, value & ALL_CAUSES);
        break;
    case IMS:
        set_mask(s, *e1000_at(s, IMS) | value);
        break;
    case IMC:
        set_mask(s, *e1000_at(s, IMS) & ~value);
        break;
    default:
        write_range(s, offset, value);
    }
}

/* Registers are 32 bits wide and want to be used so (13.2); parts are of the whole. */
static uint32_t read_memory(void *device, uint32_t offset, unsigned size)
{
    uint32_t value = read_register(device, offset & ~3u) >> 8 * (offset & 3);
    return size < 4 ? value & (UINT32_MAX >> (32 - 8 * size)) : value;
}

static void write_memory(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    if (size == 4 && !(offset & 3))
        write_register(device, offset, value);
    else
        log_if(LOG_GUEST_ERRORS, "e1000: register %05x: write of %u bytes\n", offset, size);
}

/* --- the same by ports (13.2.1): IOADDR, IODATA --- */

static uint32_t io_read(void *device, uint32_t offset, unsigned size)
{
    struct e1000 *s = device;
    uint32_t value = offset < 4 ? s->io_address : read_register(s, s->io_address & ~3u);
    value >>= 8 * (offset & 3);
    return size < 4 ? value & (UINT32_MAX >> (32 - 8 * size)) : value;
}

static void io_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct e1000 *s = device;
    if (size != 4)
        log_if(LOG_GUEST_ERRORS, "e1000: port %u: write of %u bytes\n", offset, size);
    else if (offset == 0)
        s->io_address = value & 0x1ffff;
    else
        write_register(s, s->io_address & ~3u, value);
}

/* --- resets --- */

static void cancel_timers(struct e1000 *s)
{
    timer_cancel(&s->throttle);
    timer_cancel(&s->receive_delay);
    timer_cancel(&s->receive_most);
    timer_cancel(&s->transmit_delay);
    timer_cancel(&s->transmit_most);
    timer_cancel(&s->transmit);
}

/* The first address is the EEPROM's (13.5.2). */
static void load_address(struct e1000 *s)
{
    const uint16_t *word = s->eeprom.word;
    *e1000_at(s, RAL) = word[0] | (uint32_t)word[1] << 16;
    *e1000_at(s, RAL + 4) = word[2] | ADDRESS_VALID;
}

static void reset_registers(struct e1000 *s)
{
    static const struct {
        uint16_t offset;
        uint32_t value;
    } values[] = {
        {CTRL, CTRL_SLU | 0x00000a01}, {PBA, 0x00100030}, {VET, 0x8100}, {TIPG, 0x00a0280a},
        {LEDCTL, 0x07068302},          {RXCSUM, 0},
    };
    cancel_timers(s);
    memset(s->reg, 0, sizeof s->reg);
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++)
        *e1000_at(s, values[i].offset) = values[i].value;
    load_address(s);
    s->cause = 0;
    s->quiet_until = 0;
    s->io_address = 0;
    s->packet.begun = false;
    s->packet.size = 0;
    s->checksum = s->segmentation = (struct e1000_context){0};
    update_interrupt(s);
}

static void reset(void *device)
{
    struct e1000 *s = device;
    e1000_phy_reset(s);
    reset_registers(s);
    pci_function_reset(&s->pci);
}

/* --- the function --- */

/* What waited for leave to be a master has it perhaps. */
static void changed(void *device)
{
    struct e1000 *s = device;
    if (!pci_is_master(&s->pci))
        return;
    e1000_transmit(s);
    net_deliver(s->net);
}

static void resume(void *chip)
{
    e1000_transmit(chip);
}

static void add_function(struct e1000 *s, struct pci *bus, unsigned slot)
{
    pci_function_init(&s->pci, slot, 0, VENDOR, ID, CLASS);
    pci_set(&s->pci, PCI_COMMAND, 2, 0, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    pci_set(&s->pci, PCI_STATUS, 2, 0x0220, 0);
    pci_set(&s->pci, 0x0c, 2, 0, 0xffff); /* cache line size, latency timer */
    pci_set(&s->pci, 0x2c, 2, VENDOR, 0);
    pci_set(&s->pci, 0x2e, 2, SUBSYSTEM, 0);
    pci_set(&s->pci, 0x3e, 2, 0x00ff, 0); /* MIN_GNT, MAX_LAT */
    pci_set_interrupt_pin(&s->pci, 1);
    pci_add(bus, &s->pci);
    s->pci.changed = changed;
    s->pci.device = s;
}

bool e1000_init(struct e1000 *s, struct timers *timers, struct memory *memory, struct pci *bus,
                unsigned slot, struct net *net, const uint8_t mac[NET_ADDRESS])
{
    memset(s, 0, sizeof *s);
    s->timers = timers;
    s->memory = memory;
    s->net = net;
    timer_init(&s->throttle, timers, end_quiet, s);
    timer_init(&s->receive_delay, timers, raise_receive_timer, s);
    timer_init(&s->receive_most, timers, raise_receive_timer, s);
    timer_init(&s->transmit_delay, timers, raise_transmit_timer, s);
    timer_init(&s->transmit_most, timers, raise_transmit_timer, s);
    timer_init(&s->transmit, timers, go_on_sending, s);
    e1000_eeprom_init(&s->eeprom, mac);
    add_function(s, bus, slot);
    s->registers = memory_map_io(memory, HIDDEN, REGISTERS_SIZE, read_memory, write_memory, s);
    if (!s->registers)
        return false;
    pci_base_memory(&s->pci, BASE_MEMORY, s->registers, false);
    net_connect(net, &(struct net_card){e1000_can_receive, e1000_receive, resume, s});
    return pci_base_io(&s->pci, BASE_IO, E1000_IO_PORTS, 4, io_read, io_write, s);
}

static void restored(void *device)
{
    struct e1000 *s = device;
    pci_place_bases(&s->pci);
}

/* --- state --- */

static const struct state_field context_fields[] = {
    {STATE(e1000_context, ip_start)},
    {STATE(e1000_context, ip_field)},
    {STATE(e1000_context, tu_start)},
    {STATE(e1000_context, tu_field)},
    {STATE(e1000_context, ip_end)},
    {STATE(e1000_context, tu_end)},
    {STATE(e1000_context, payload)},
    {STATE(e1000_context, command)},
    {STATE(e1000_context, header)},
    {STATE(e1000_context, mss)},
    {0},
};
static const struct state_table context_state = STATE_TABLE(e1000_context, 1, context_fields);

static const struct state_field packet_fields[] = {
    {STATE(e1000_packet, size), .most = NET_FRAME_MOST},
    {STATE(e1000_packet, left)},
    {STATE(e1000_packet, sent)},
    {STATE(e1000_packet, count)},
    {STATE(e1000_packet, options)},
    {STATE(e1000_packet, begun)},
    {STATE(e1000_packet, large)},
    {STATE(e1000_packet, too_long)},
    {STATE(e1000_packet, insert_tag)},
    {STATE(e1000_packet, tag)},
    {STATE_BYTES(e1000_packet, bytes)},
    {0},
};
static const struct state_table packet_state = STATE_TABLE(e1000_packet, 1, packet_fields);

static const struct state_field fields[] = {
    {STATE_OF(e1000, pci, &pci_function_state)},
    {NOT_STATE(e1000, timers)},
    {NOT_STATE(e1000, memory)},
    {NOT_STATE(e1000, net)},
    {NOT_STATE(e1000, registers)},
    {STATE_ARRAY(e1000, reg)},
    {STATE(e1000, io_address), .most = 0x1ffff},
    {STATE(e1000, cause)},
    {STATE(e1000, quiet_until)},
    {STATE_OF_TIMER(e1000, throttle)},
    {STATE_OF_TIMER(e1000, receive_delay)},
    {STATE_OF_TIMER(e1000, receive_most)},
    {STATE_OF_TIMER(e1000, transmit_delay)},
    {STATE_OF_TIMER(e1000, transmit_most)},
    {STATE_OF_TIMER(e1000, transmit)},
    {STATE_OF(e1000, eeprom, &eeprom_state)},
    {STATE_ARRAY(e1000, phy)},
    {STATE_OF(e1000, checksum, &context_state)},
    {STATE_OF(e1000, segmentation, &context_state)},
    {STATE_OF(e1000, packet, &packet_state)},
    {0},
};
static const struct state_table state = STATE_TABLE(e1000, 1, fields);
const struct device e1000_device = {
    .name = "e1000", .reset = reset, .state = &state, .restored = restored};
