/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The PS/2 mouse: INT 15h, C2h, and INT 74h, which collects packets and calls the program's
 * handler (IBM PS/2 and PC BIOS Interface Technical Reference, INT 15h).
 */
#include "bios/entry/entry.h"
#include "bios/keyboard/keyboard.h"
#include "bios/lib/ebda.h"
#include "bios/lib/string.h"

/* mouse_flags[0]: bytes so far in bits 0..2; [1]: bytes of a packet less one, and whether a handler
 * is set. */
enum { SO_FAR = 7, PACKET_SIZE = 7, HANDLER_SET = 0x80 };
enum { ACKNOWLEDGE = 0xfa, IRQ_12 = 0x10, IRQ_2 = 0x04 };
enum { COMMAND_IRQ = 0x02, COMMAND_OFF = 0x20, COMMAND_KEYBOARD_OFF = 0x10 };
enum error { OK = 0, BAD_FUNCTION = 1, BAD_INPUT = 2, INTERFACE = 3, RESEND = 4, NO_HANDLER = 5 };

enum {
    MOUSE_SCALE_1 = 0xe6,
    MOUSE_SCALE_2 = 0xe7,
    MOUSE_RESOLUTION = 0xe8,
    MOUSE_STATUS = 0xe9,
    MOUSE_ID = 0xf2,
    MOUSE_RATE = 0xf3,
    MOUSE_ON = 0xf4,
    MOUSE_OFF = 0xf5,
    MOUSE_RESET = 0xff,
};

/* The command byte, with bits set and cleared; the keyboard is silent meanwhile. */
static u8 change_command(u8 clear, u8 set)
{
    kbc_command(KBC_KEYBOARD_OFF);
    kbc_command(KBC_READ_COMMAND);
    int old = kbc_read(false);
    kbc_command(KBC_WRITE_COMMAND);
    kbc_write((u8)((old & ~clear & ~COMMAND_KEYBOARD_OFF) | set));
    return (u8)old;
}

/* A command to the mouse with its answers, no interrupts meanwhile. */
static enum error ask(u8 command, const u8 *parameter, u8 *answer, unsigned answers)
{
    u8 old = change_command(COMMAND_OFF | COMMAND_IRQ, 0);
    enum error error = OK;
    kbc_command(KBC_TO_MOUSE);
    if (!kbc_write(command) || kbc_read(true) != ACKNOWLEDGE)
        error = INTERFACE;
    if (!error && parameter) {
        kbc_command(KBC_TO_MOUSE);
        if (!kbc_write(*parameter) || kbc_read(true) != ACKNOWLEDGE)
            error = INTERFACE;
    }
    for (unsigned i = 0; i < answers && !error; i++) {
        int byte = kbc_read(true);
        answer[i] = (u8)byte;
        error = byte < 0 ? INTERFACE : OK;
    }
    change_command(COMMAND_OFF | COMMAND_IRQ, old & (COMMAND_OFF | COMMAND_IRQ));
    return error;
}

static enum error enable(const struct regs *r)
{
    if (r->bh > 1)
        return BAD_INPUT;
    if (r->bh && !(ebda.mouse_flags[1] & HANDLER_SET))
        return NO_HANDLER;
    ebda.mouse_flags[0] = 0;
    if (!r->bh)
        return ask(MOUSE_OFF, NULL, NULL, 0);
    outb(PORT_PIC2 + 1, (u8)(inb(PORT_PIC2 + 1) & ~IRQ_12));
    outb(PORT_PIC1 + 1, (u8)(inb(PORT_PIC1 + 1) & ~IRQ_2));
    change_command(COMMAND_OFF, COMMAND_IRQ);
    return ask(MOUSE_ON, NULL, NULL, 0);
}

static enum error restart(struct regs *r)
{
    u8 answer[2] = {0, 0};
    enum error error = ask(MOUSE_RESET, NULL, answer, 2);
    ebda.mouse_flags[0] = 0;
    r->bl = answer[0];
    r->bh = answer[1];
    return error;
}

static enum error set_rate(u8 index)
{
    ROM_DATA u8 rates[] = {10, 20, 40, 60, 80, 100, 200};
    if (index >= LENGTH(rates))
        return BAD_INPUT;
    u8 rate = rates[index];
    return ask(MOUSE_RATE, &rate, NULL, 0);
}

static enum error set_resolution(u8 resolution)
{
    return resolution > 3 ? BAD_INPUT : ask(MOUSE_RESOLUTION, &resolution, NULL, 0);
}

static enum error get_id(struct regs *r)
{
    u8 id = 0;
    enum error error = ask(MOUSE_ID, NULL, &id, 1);
    r->bh = id;
    return error;
}

static enum error initialise(struct regs *r)
{
    u8 size = r->bh;
    if (size < 1 || size > 8)
        return BAD_INPUT;
    ebda.mouse_flags[1] = (u8)((ebda.mouse_flags[1] & HANDLER_SET) | (size - 1));
    return restart(r);
}

static enum error get_status(struct regs *r)
{
    u8 answer[3] = {0, 0, 0};
    enum error error = ask(MOUSE_STATUS, NULL, answer, 3);
    r->bl = answer[0];
    r->cl = answer[1];
    r->dl = answer[2];
    return error;
}

static enum error extended(struct regs *r)
{
    if (r->bh == 0)
        return get_status(r);
    if (r->bh > 2)
        return BAD_INPUT;
    return ask(r->bh == 1 ? MOUSE_SCALE_1 : MOUSE_SCALE_2, NULL, NULL, 0);
}

static enum error set_handler(const struct regs *r)
{
    bool set = r->es || r->bx;
    ebda.mouse_handler = far(r->es, r->bx);
    ebda.mouse_flags[1] = (u8)((ebda.mouse_flags[1] & ~HANDLER_SET) | (set ? HANDLER_SET : 0));
    return OK;
}

void mouse_service(struct regs *r)
{
    enum error error;
    switch (r->al) {
    case 0:
        error = enable(r);
        break;
    case 1:
        error = restart(r);
        break;
    case 2:
        error = set_rate(r->bh);
        break;
    case 3:
        error = set_resolution(r->bh);
        break;
    case 4:
        error = get_id(r);
        break;
    case 5:
        error = initialise(r);
        break;
    case 6:
        error = extended(r);
        break;
    case 7:
        error = set_handler(r);
        break;
    default:
        error = BAD_FUNCTION;
    }
    r->ah = error;
    set_carry(r, error != OK);
}

/* The packet as four words: status, x, y, z, whatever its size is. */
static void collect(struct regs *r, u8 byte)
{
    u8 at = ebda.mouse_flags[0] & SO_FAR, last = ebda.mouse_flags[1] & PACKET_SIZE;
    if (at < 4)
        ebda.mouse_packet[at * 2u] = byte;
    if (at < last) {
        ebda.mouse_flags[0] = (u8)(at + 1);
        return;
    }
    ebda.mouse_flags[0] = 0;
    for (unsigned i = last + 1u; i < 4; i++)
        ebda.mouse_packet[i * 2] = 0;
    if (ebda.mouse_flags[1] & HANDLER_SET)
        go_on_at(r, next_mouse);
}

/* next_mouse ends the interrupt after the handler. */
void int74_mouse(struct regs *r)
{
    u8 status = inb(PORT_KBD_STATUS);
    if ((status & (KBC_FULL | KBC_AUX)) == (KBC_FULL | KBC_AUX))
        collect(r, inb(PORT_KBD_DATA));
    if (r->next.offset == bios_far(interrupt_return).offset)
        end_interrupt_high();
}
