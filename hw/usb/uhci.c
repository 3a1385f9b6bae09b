/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The host controller's registers, its ports and its frames. A frame is done at its end, which is
 * when the guest is to hear of what came of it.
 *
 * A driver that wants something writes it into memory, of which nobody is told. So as long as
 * frames bring nothing they are looked at less and less often, up to sixteen at once; a device that
 * has something to say, or the guest's hand on a register, makes it each millisecond again.
 */
#include "hw/usb/uhci_internal.h"

#include "exec/exec.h"

#include <string.h>

enum { USBCMD = 0x00, USBSTS = 0x02, USBINTR = 0x04, FRNUM = 0x06, FRBASEADD = 0x08 };
enum { SOFMOD = 0x0c, PORTSC = 0x10, REGISTERS = 0x14, PORTS = 0x20 };
enum { SOF_USUAL = 0x40 };
/* The function's own registers */
enum { SBRNUM = 0x60, LEGSUP = 0xc0, LEGSUP_USUAL = 0x2000, LEGSUP_PIRQ = 0x20 /* of byte C1h */ };
enum { IO_BASE = 4, PIN_D = 4 };

/* --- the interrupt --- */

static void update_interrupt(struct uhci *s)
{
    enum { ALWAYS = STATUS_SYSTEM_ERROR | STATUS_PROCESS_ERROR };
    bool wanted = (s->status & STATUS_INTERRUPT && s->causes & s->enabled) ||
                  (s->status & STATUS_ERROR && s->enabled & ENABLE_ERROR) ||
                  (s->status & STATUS_RESUME && s->enabled & ENABLE_RESUME) || s->status & ALWAYS;
    pci_interrupt(&s->pci, wanted && s->pci.config[LEGSUP + 1] & LEGSUP_PIRQ);
}

/* --- frames --- */

/* 2.1.6: in bits of 12 MHz. */
static uint64_t frame_length(const struct uhci *s)
{
    enum { LEAST_BITS = 11936, BITS_PER_US = 12 };
    return (uint64_t)(LEAST_BITS + s->sof) * NS_PER_US / BITS_PER_US;
}

static bool is_running(const struct uhci *s)
{
    return s->command & COMMAND_RUN;
}

static void run_frame(struct uhci *s)
{
    enum { MOST_PATIENCE = 4 };
    if (pci_is_master(&s->pci) && !(s->command & COMMAND_SUSPEND) && uhci_run_frame(s))
        s->patience = 0;
    else if (s->patience < MOST_PATIENCE)
        s->patience++;
    s->begun += frame_length(s);
    s->frame = (s->frame + 1) % FRAME_NUMBERS;
}

static uint64_t frames_over(const struct uhci *s)
{
    uint64_t now = timers_now(s->timer.timers);
    return now > s->begun ? (now - s->begun) / frame_length(s) : 0;
}

/* Of those that are over; after a long pause not all of them. */
static void run_frames(struct uhci *s)
{
    enum { MOST = 32 };
    uint64_t now = timers_now(s->timer.timers);
    s->begun = s->begun < now ? s->begun : now; /* whatever a snapshot says */
    uint64_t over = is_running(s) ? frames_over(s) : 0;
    if (over > MOST) {
        s->frame = (uint16_t)((s->frame + over - MOST) % FRAME_NUMBERS);
        s->begun += (over - MOST) * frame_length(s);
        over = MOST;
    }
    while (over-- && is_running(s))
        run_frame(s);
    update_interrupt(s);
}

static void set_timer(struct uhci *s)
{
    timer_set(&s->timer, is_running(s) ? s->begun + (frame_length(s) << s->patience) : TIMER_NEVER);
}

static void fire(void *device, uint64_t now)
{
    struct uhci *s = device;
    (void)now;
    run_frames(s);
    set_timer(s);
}

/* There is something new. */
static void hurry(struct uhci *s)
{
    run_frames(s);
    s->patience = 0;
    set_timer(s);
}

static uint16_t frame_number(const struct uhci *s)
{
    return (uint16_t)((s->frame + (is_running(s) ? frames_over(s) : 0)) % FRAME_NUMBERS);
}

static void start(struct uhci *s)
{
    s->status &= (uint16_t)~STATUS_HALTED;
    s->begun = timers_now(s->timer.timers);
}

void uhci_halt(struct uhci *s)
{
    s->command &= (uint16_t)~COMMAND_RUN;
    s->status |= STATUS_HALTED;
}

/* --- ports --- */

static void reset_bus(struct uhci *s)
{
    for (struct uhci_port *p = s->port; p < s->port + UHCI_PORTS; p++) {
        p->control = p->device ? PORT_CONNECT_CHANGED : 0;
        if (p->device)
            usb_reset(p->device);
    }
}

static uint16_t read_port(const struct uhci_port *p)
{
    uint16_t value = p->control | PORT_ALWAYS;
    if (p->device)
        value |= PORT_CONNECTED;
    if (p->device && !(p->control & PORT_RESET))
        value |= PORT_D_PLUS; /* full speed, and idle */
    return value;
}

/* A device that is reset has to be enabled again; to end a resume is to end the suspension. */
static void write_port(struct uhci_port *p, uint16_t value)
{
    enum { CLEARED = PORT_CONNECT_CHANGED | PORT_ENABLE_CHANGED };
    enum { SET = PORT_ENABLED | PORT_RESUME | PORT_RESET | PORT_SUSPENDED };
    uint16_t was = p->control;
    p->control = (uint16_t)((was & CLEARED & ~value) | (value & SET));
    if (value & PORT_RESET || !p->device)
        p->control &= (uint16_t)~PORT_ENABLED;
    if (value & PORT_RESET && !(was & PORT_RESET) && p->device)
        usb_reset(p->device);
    if (was & PORT_RESUME && !(value & PORT_RESUME))
        p->control &= (uint16_t)~PORT_SUSPENDED;
}

/* What a device wakes: the controller from its patience, or a bus that sleeps. */
static void wake(void *chip, unsigned port, bool level)
{
    struct uhci *s = chip;
    struct uhci_port *p = &s->port[port];
    if (!level)
        return;
    bool sleeps = s->command & COMMAND_SUSPEND || p->control & PORT_SUSPENDED;
    if (sleeps && p->device->remote_wakeup) {
        s->status |= STATUS_RESUME;
        if (p->control & PORT_SUSPENDED)
            p->control |= PORT_RESUME;
        if (s->command & COMMAND_SUSPEND)
            s->command |= COMMAND_RESUME;
    }
    hurry(s);
}

/* --- registers --- */

static void reset_registers(struct uhci *s)
{
    timer_cancel(&s->timer);
    s->command = s->enabled = s->frame = 0;
    s->status = STATUS_HALTED;
    s->causes = s->patience = 0;
    s->begun = 0;
    s->base = 0;
    s->sof = SOF_USUAL;
    reset_bus(s);
}

static void write_command(struct uhci *s, uint16_t value)
{
    enum { KEPT = 0xff };
    bool was_running = is_running(s);
    if (value & (COMMAND_HC_RESET | COMMAND_GLOBAL_RESET)) {
        reset_registers(s);
        s->command = value & COMMAND_GLOBAL_RESET;
        return;
    }
    if (value & COMMAND_DEBUG)
        log_if(LOG_UNIMP, "uhci: no single steps by SWDBG\n");
    s->command = value & KEPT;
    if (is_running(s) && !was_running)
        start(s);
    else if (!is_running(s) && was_running)
        uhci_halt(s);
}

static void write_status(struct uhci *s, uint16_t value)
{
    s->status &= (uint16_t) ~(value & ~STATUS_HALTED);
    if (value & STATUS_INTERRUPT)
        s->causes = 0;
}

static uint16_t read_register(const struct uhci *s, unsigned offset)
{
    switch (offset) {
    case USBCMD:
        return s->command;
    case USBSTS:
        return s->status;
    case USBINTR:
        return s->enabled;
    case FRNUM:
        return frame_number(s);
    case FRBASEADD:
        return (uint16_t)s->base;
    case FRBASEADD + 2:
        return s->base >> 16;
    case SOFMOD:
        return s->sof;
    case PORTSC:
    case PORTSC + 2:
        return read_port(&s->port[(offset - PORTSC) / 2]);
    default:
        return offset < REGISTERS ? 0 : 0xffff;
    }
}

static void write_register(struct uhci *s, unsigned offset, uint16_t value)
{
    switch (offset) {
    case USBCMD:
        write_command(s, value);
        break;
    case USBSTS:
        write_status(s, value);
        break;
    case USBINTR:
        s->enabled = value & 0x0f;
        break;
    case FRNUM:
        if (!is_running(s))
            s->frame = value % FRAME_NUMBERS;
        break;
    case FRBASEADD:
        s->base = (s->base & 0xffff0000) | (value & 0xf000);
        break;
    case FRBASEADD + 2:
        s->base = (s->base & 0xffff) | (uint32_t)value << 16;
        break;
    case SOFMOD:
        s->sof = value & 0x7f;
        break;
    case PORTSC:
    case PORTSC + 2:
        write_port(&s->port[(offset - PORTSC) / 2], value);
        break;
    default:
        log_if(LOG_GUEST_ERRORS, "uhci: write of %04x to %02x\n", value, offset);
    }
}

static uint32_t ports_in(void *device, uint32_t offset, unsigned size)
{
    struct uhci *s = device;
    uint16_t value = read_register(s, offset & ~1u);
    return size == 2 ? value : value >> 8 * (offset & 1) & 0xff;
}

/* Half a register is written with the other as it is read, but for bits that a write clears. */
static void ports_out(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct uhci *s = device;
    unsigned at = offset & ~1u;
    uint16_t clears = at == USBSTS ? 0xffff : at >= PORTSC ? 0x000a : 0;
    uint16_t mask = size == 2 ? 0xffff : offset & 1 ? 0xff00 : 0x00ff;
    uint16_t other = read_register(s, at) & (uint16_t)~mask & (uint16_t)~clears;
    run_frames(s);
    write_register(s, at, (uint16_t)((value << 8 * (offset & 1)) & mask) | other);
    hurry(s);
}

/* Of PCI's registers: the interrupt may have been let through. */
static void changed(void *device)
{
    update_interrupt(device);
}

bool uhci_init(struct uhci *s, struct timers *timers, struct memory *memory, struct pci *bus)
{
    enum { DEVICE = 1, FUNCTION = 2, CLASS_UHCI = 0x0c030001, LEGSUP_WRITABLE = 0x20bf };
    struct pci_function *f = &s->pci;
    memset(s, 0, sizeof *s);
    s->memory = memory;
    timer_init(&s->timer, timers, fire, s);
    pci_function_init(f, DEVICE, FUNCTION, 0x8086, 0x7020, CLASS_UHCI);
    pci_set(f, PCI_COMMAND, 2, 0, PCI_COMMAND_IO | PCI_COMMAND_MASTER);
    pci_set(f, PCI_STATUS, 2, 0x0280, 0);
    pci_set(f, PCI_LATENCY_TIMER, 1, 0, 0xf0);
    pci_set(f, SBRNUM, 1, 0x10, 0); /* USB 1.0 */
    pci_set(f, LEGSUP, 2, LEGSUP_USUAL, LEGSUP_WRITABLE);
    pci_set_interrupt_pin(f, PIN_D);
    f->changed = changed;
    f->device = s;
    pci_add(bus, f);
    reset_registers(s);
    return pci_base_io(f, IO_BASE, PORTS, 2, ports_in, ports_out, s);
}

void uhci_plug(struct uhci *s, unsigned port, struct usb_device *device)
{
    s->port[port].device = device;
    device->wake = (struct irq_line){wake, s, port};
}

static void reset(void *device)
{
    struct uhci *s = device;
    reset_registers(s);
    pci_function_reset(&s->pci);
}

static void restored(void *device)
{
    struct uhci *s = device;
    pci_place_bases(&s->pci);
}

static const struct state_field port_fields[] = {
    {NOT_STATE(uhci_port, device)},
    {STATE(uhci_port, control)},
    {0},
};
static const struct state_table port_state = STATE_TABLE(uhci_port, 1, port_fields);

static const struct state_field fields[] = {
    {STATE_OF(uhci, pci, &pci_function_state)},
    {NOT_STATE(uhci, memory)},
    {STATE_OF_TIMER(uhci, timer)},
    {STATE(uhci, command)},
    {STATE(uhci, status)},
    {STATE(uhci, enabled)},
    {STATE(uhci, causes)},
    {STATE(uhci, frame), .most = FRAME_NUMBERS - 1},
    {STATE(uhci, begun)},
    {STATE(uhci, base)},
    {STATE(uhci, sof), .most = 0x7f},
    {STATE(uhci, patience), .most = 4},
    {STATE_ARRAY_OF(uhci, port, &port_state)},
    {NOT_STATE(uhci, packet)},
    {0},
};
static const struct state_table state = STATE_TABLE(uhci, 1, fields);
const struct device uhci_device = {
    .name = "piix3-uhci", .reset = reset, .state = &state, .restored = restored};
