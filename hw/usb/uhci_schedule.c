/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A frame: the schedule in memory is followed from the frame list on, through transfer descriptors
 * and queues of them, until it ends or the frame is full. UHCI 1.1, 3.
 *
 * A guest may tie the schedule into a ring: drivers do, to use what is left of a frame. What is on
 * the bus takes its time, of which a frame has 1500 bytes'; a way around without anything but NAK
 * ends the frame; and so does a number of steps that no driver needs.
 */
#include "hw/usb/uhci_internal.h"

#include "exec/exec.h"
#include "exec/memory.h"

#include <string.h>

enum { LINK_END = 1, LINK_QUEUE = 2, LINK_DEPTH_FIRST = 4, LINK_FLAGS = 15 };
/* A descriptor's control and status, 3.2.2 */
#define TD_STATUS       0x007e0000u
#define TD_ACTIVE       (1u << 23)
#define TD_STALLED      (1u << 22)
#define TD_BABBLE       (1u << 20)
#define TD_NAK          (1u << 19)
#define TD_TIMEOUT      (1u << 18)
#define TD_COMPLETE     (1u << 24) /* interrupt on it */
#define TD_ISOCHRONOUS  (1u << 25)
#define TD_LOW_SPEED    (1u << 26)
#define TD_ONE_ERROR    (1u << 27) /* of a counter of two bits */
#define TD_ERRORS       (3u << 27)
#define TD_DETECT_SHORT (1u << 29)
enum { TD_LENGTH = 0x7ff };

struct td {
    uint32_t address, link, control, token, buffer;
};

struct frame {
    unsigned room;  /* bytes that the bus can still carry */
    unsigned steps; /* that have been done */
    uint32_t mark;  /* a queue; coming here again without progress is to go round */
    bool progress, any_progress;
    bool full;
};
enum { FRAME_BYTES = 1500, STEPS = 1024, NO_QUEUE = 1 };

/* --- a transaction --- */

static struct usb_device *find_device(const struct uhci *s, unsigned address)
{
    for (const struct uhci_port *p = s->port; p < s->port + UHCI_PORTS; p++)
        if (p->device && p->device->address == address && p->control & PORT_ENABLED &&
            !(p->control & (PORT_SUSPENDED | PORT_RESET)))
            return p->device;
    return NULL;
}

static unsigned size_of(const struct td *td)
{
    return ((td->token >> 21) + 1) & TD_LENGTH;
}

/* With what belongs to it: sync, PIDs, CRCs, the time to turn round. */
static unsigned bus_time(const struct td *td)
{
    enum { BESIDE_DATA = 13, LOW_SPEED = 8 };
    unsigned bytes = size_of(td) + BESIDE_DATA;
    if (td->control & TD_LOW_SPEED)
        bytes *= LOW_SPEED;
    return bytes < FRAME_BYTES ? bytes : FRAME_BYTES;
}

/* "Transfer descriptor token": what else is there stops the controller. */
static bool is_sane(const struct td *td)
{
    uint8_t pid = (uint8_t)td->token;
    return (pid == USB_IN || pid == USB_OUT || pid == USB_SETUP) && size_of(td) <= UHCI_PACKET;
}

/* False: nobody answers. */
static bool transact(struct uhci *s, const struct td *td, struct usb_packet *p,
                     enum usb_answer *answer)
{
    struct usb_device *device = find_device(s, td->token >> 8 & 0x7f);
    *p = (struct usb_packet){.pid = (uint8_t)td->token,
                             .endpoint = td->token >> 15 & 15,
                             .data = s->packet,
                             .size = size_of(td)};
    if (!device)
        return false;
    if (p->pid != USB_IN) {
        memset(s->packet, 0, p->size);
        memory_copy_out(s->memory, s->packet, td->buffer, p->size);
    }
    *answer = usb_handle(device, p);
    if (p->pid == USB_IN && *answer == USB_ACK && p->done)
        memory_copy_in(s->memory, td->buffer, s->packet, p->done);
    if (p->pid != USB_IN)
        p->done = p->size;
    return true;
}

/* --- a descriptor --- */

static struct td read_td(struct uhci *s, uint32_t address)
{
    return (struct td){.address = address,
                       .link = memory_read(s->memory, address, 4),
                       .control = memory_read(s->memory, address + 4, 4),
                       .token = memory_read(s->memory, address + 8, 4),
                       .buffer = memory_read(s->memory, address + 12, 4)};
}

static void fail(struct uhci *s, struct td *td, uint32_t why)
{
    td->control = (td->control | why | TD_STALLED) & ~TD_ACTIVE;
    s->status |= STATUS_ERROR;
}

/* The counter of errors counts down to that which is the last; from 0 on there is no last. */
static void nobody_answers(struct uhci *s, struct td *td)
{
    bool is_last = (td->control & TD_ERRORS) == TD_ONE_ERROR;
    td->control |= TD_TIMEOUT;
    if (td->control & TD_ERRORS)
        td->control -= TD_ONE_ERROR;
    if (is_last)
        fail(s, td, TD_TIMEOUT);
}

static void set_status(struct uhci *s, struct td *td, enum usb_answer answer, unsigned done)
{
    switch (answer) {
    case USB_ACK:
        td->control = (td->control & ~(TD_ACTIVE | TD_LENGTH)) | ((done - 1) & TD_LENGTH);
        break;
    case USB_NAK:
        td->control |= TD_NAK;
        break;
    case USB_STALL:
        fail(s, td, 0);
        break;
    case USB_BABBLE:
        fail(s, td, TD_BABBLE);
        break;
    }
}

/* What the queue does after it: go on with the next one, or stay. */
enum outcome { TD_DONE, TD_STAYS };

static enum outcome retire(struct uhci *s, struct frame *f, const struct td *td, bool is_short)
{
    f->progress = f->any_progress = true;
    if (td->control & TD_COMPLETE)
        s->causes |= ENABLE_COMPLETE;
    if (is_short)
        s->causes |= ENABLE_SHORT;
    if (td->control & TD_COMPLETE || is_short)
        s->status |= STATUS_INTERRUPT;
    return is_short || td->control & TD_STALLED ? TD_STAYS : TD_DONE;
}

static enum outcome run_td(struct uhci *s, struct frame *f, struct td *td, bool in_queue)
{
    struct usb_packet p;
    enum usb_answer answer;
    f->full = bus_time(td) > f->room;
    if (f->full)
        return TD_STAYS;
    f->room -= bus_time(td);
    td->control &= ~TD_STATUS;
    if (transact(s, td, &p, &answer))
        set_status(s, td, answer, p.done);
    else
        nobody_answers(s, td);
    if (td->control & TD_ISOCHRONOUS) /* has only one chance */
        td->control &= ~TD_ACTIVE;
    memory_write(s->memory, td->address + 4, td->control, 4);
    if (td->control & TD_ACTIVE)
        return TD_STAYS;
    bool is_short = in_queue && p.pid == USB_IN && td->control & TD_DETECT_SHORT &&
                    !(td->control & TD_STALLED) && p.done < p.size;
    return retire(s, f, td, is_short);
}

static enum outcome run_if_active(struct uhci *s, struct frame *f, struct td *td, bool in_queue)
{
    if (!(td->control & TD_ACTIVE))
        return TD_STAYS;
    if (is_sane(td))
        return run_td(s, f, td, in_queue);
    log_if(LOG_GUEST_ERRORS, "uhci: token %08x of the descriptor at %08x\n", td->token,
           td->address);
    s->status |= STATUS_PROCESS_ERROR;
    uhci_halt(s);
    return TD_STAYS;
}

/* --- the schedule --- */

/* The mark moves on in ever longer steps: so a ring that is entered from outside is found, too. */
static bool goes_round(struct frame *f, uint32_t queue)
{
    bool is_round = queue == f->mark && !f->progress;
    if (f->progress || !(f->steps & (f->steps - 1)))
        f->mark = queue;
    f->progress = false;
    return is_round;
}

/* Returns what comes after the queue. */
static uint32_t run_queue(struct uhci *s, struct frame *f, uint32_t queue)
{
    uint32_t next = memory_read(s->memory, queue, 4);
    uint32_t element = memory_read(s->memory, queue + 4, 4);
    if (goes_round(f, queue))
        return LINK_END;
    while (!(element & LINK_END)) {
        if (element & LINK_QUEUE)
            return element;
        struct td td = read_td(s, element & ~(uint32_t)LINK_FLAGS);
        if (run_if_active(s, f, &td, true) != TD_DONE)
            break;
        memory_write(s->memory, queue + 4, td.link, 4);
        element = td.link;
        if (!(element & LINK_DEPTH_FIRST))
            break;
    }
    return next;
}

/* One that is in no queue. */
static uint32_t run_alone(struct uhci *s, struct frame *f, uint32_t address)
{
    struct td td = read_td(s, address);
    run_if_active(s, f, &td, false);
    return td.link;
}

bool uhci_run_frame(struct uhci *s)
{
    struct frame f = {.room = FRAME_BYTES, .mark = NO_QUEUE};
    uint32_t link = memory_read(s->memory, s->base + 4 * (s->frame & 0x3ff), 4);
    while (!(link & LINK_END) && f.steps++ < STEPS && !f.full && s->command & COMMAND_RUN) {
        uint32_t address = link & ~(uint32_t)LINK_FLAGS;
        link = link & LINK_QUEUE ? run_queue(s, &f, address) : run_alone(s, &f, address);
    }
    return f.any_progress;
}
