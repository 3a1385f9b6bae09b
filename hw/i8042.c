/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keyboard controller. */
#include "hw/i8042.h"

#include "exec/exec.h"

#include <string.h>

enum { STATUS_OBF = 0x01, STATUS_SYSTEM = 0x04, STATUS_COMMAND = 0x08, STATUS_UNLOCKED = 0x10 };
enum { STATUS_AUX = 0x20 };
enum { MODE_KEYBOARD_IRQ = 0x01, MODE_MOUSE_IRQ = 0x02, MODE_SYSTEM = 0x04 };
enum { MODE_NO_KEYBOARD = 0x10, MODE_NO_MOUSE = 0x20, MODE_TRANSLATE = 0x40 };
enum { P1_UNLOCKED = 0x80, P1_NO_JUMPER = 0x20 };
enum { P2_NO_RESET = 0x01, P2_A20 = 0x02, P2_KEYBOARD_OBF = 0x10, P2_MOUSE_OBF = 0x20 };
enum { P2_LINES_IDLE = 0xcc }; /* data and clock lines of both devices, released */

enum {
    READ_RAM = 0x20,
    WRITE_RAM = 0x60,
    TEST_PASSWORD = 0xa4,
    DISABLE_MOUSE = 0xa7,
    ENABLE_MOUSE = 0xa8,
    TEST_MOUSE = 0xa9,
    SELF_TEST = 0xaa,
    TEST_KEYBOARD = 0xab,
    DISABLE_KEYBOARD = 0xad,
    ENABLE_KEYBOARD = 0xae,
    READ_P1 = 0xc0,
    READ_P2 = 0xd0,
    WRITE_P2 = 0xd1,
    WRITE_KEYBOARD_OUT = 0xd2,
    WRITE_MOUSE_OUT = 0xd3,
    WRITE_MOUSE = 0xd4,
    DISABLE_A20 = 0xdd,
    ENABLE_A20 = 0xdf,
    READ_TEST = 0xe0,
    PULSE = 0xf0,
};
enum { NO_PASSWORD = 0xf1, SELF_TEST_PASSED = 0x55, INTERFACE_GOOD = 0 };

/* Set 2 to set 1, of the bytes that a keyboard without keys sends: its identity. */
static uint8_t translate(uint8_t byte)
{
    return byte == 0x83 ? 0x41 : byte;
}

static void set_out(struct i8042 *s, uint8_t byte, bool aux)
{
    s->out = byte;
    s->status = (s->status & (uint8_t)~STATUS_AUX) | STATUS_OBF | (aux ? STATUS_AUX : 0);
}

/* Fills an empty output buffer: the controller's answer first, then keyboard, then mouse. */
static void fill(struct i8042 *s)
{
    uint8_t mode = s->ram[0];
    if (s->status & STATUS_OBF)
        return;
    if (s->replying) {
        s->replying = false;
        set_out(s, s->reply, s->reply_aux);
    } else if (!(mode & MODE_NO_KEYBOARD) && ps2_pending(&s->keyboard.queue)) {
        uint8_t byte = ps2_take(&s->keyboard.queue);
        set_out(s, mode & MODE_TRANSLATE ? translate(byte) : byte, false);
    } else if (!(mode & MODE_NO_MOUSE) && ps2_pending(&s->mouse.queue)) {
        set_out(s, ps2_take(&s->mouse.queue), true);
    }
}

static void update(struct i8042 *s)
{
    fill(s);
    bool full = s->status & STATUS_OBF, aux = s->status & STATUS_AUX;
    irq_set(&s->keyboard_irq, full && !aux && (s->ram[0] & MODE_KEYBOARD_IRQ));
    irq_set(&s->mouse_irq, full && aux && (s->ram[0] & MODE_MOUSE_IRQ));
}

static void reply(struct i8042 *s, uint8_t byte, bool aux)
{
    s->reply = byte;
    s->reply_aux = aux;
    s->replying = true;
}

static void write_p2(struct i8042 *s, uint8_t value)
{
    s->out_port = value & (P2_NO_RESET | P2_A20);
    irq_set(&s->a20, value & P2_A20);
    if (!(value & P2_NO_RESET))
        irq_set(&s->reset, true);
}

static uint8_t read_p2(const struct i8042 *s)
{
    uint8_t full = 0;
    if (s->status & STATUS_OBF)
        full = s->status & STATUS_AUX ? P2_MOUSE_OBF : P2_KEYBOARD_OBF;
    return s->out_port | P2_LINES_IDLE | full;
}

static void write_mode(struct i8042 *s, uint8_t value)
{
    s->ram[0] = value;
    s->status = (s->status & (uint8_t)~STATUS_SYSTEM) | (value & MODE_SYSTEM);
}

static void self_test(struct i8042 *s)
{
    s->status = STATUS_SYSTEM | STATUS_UNLOCKED | STATUS_COMMAND;
    s->ram[0] |= MODE_NO_KEYBOARD | MODE_NO_MOUSE | MODE_SYSTEM;
    reply(s, SELF_TEST_PASSED, false);
}

static void pulse(struct i8042 *s, uint8_t command)
{
    if (!(command & P2_NO_RESET))
        irq_set(&s->reset, true);
}

static void other_command(struct i8042 *s, uint8_t value)
{
    if (value >= READ_RAM && value < READ_RAM + sizeof s->ram)
        reply(s, s->ram[value - READ_RAM], false);
    else if (value >= WRITE_RAM && value < WRITE_RAM + sizeof s->ram)
        s->command = value;
    else if (value >= PULSE)
        pulse(s, value);
    else
        log_if(LOG_UNIMP, "i8042: unknown command %02x\n", value);
}

static void command(struct i8042 *s, uint8_t value)
{
    s->command = 0;
    switch (value) {
    case TEST_PASSWORD:
        reply(s, NO_PASSWORD, false);
        break;
    case DISABLE_MOUSE:
        s->ram[0] |= MODE_NO_MOUSE;
        break;
    case ENABLE_MOUSE:
        s->ram[0] &= (uint8_t)~MODE_NO_MOUSE;
        break;
    case TEST_MOUSE:
    case TEST_KEYBOARD:
        reply(s, INTERFACE_GOOD, false);
        break;
    case SELF_TEST:
        self_test(s);
        break;
    case DISABLE_KEYBOARD:
        s->ram[0] |= MODE_NO_KEYBOARD;
        break;
    case ENABLE_KEYBOARD:
        s->ram[0] &= (uint8_t)~MODE_NO_KEYBOARD;
        break;
    case READ_P1:
        reply(s, P1_UNLOCKED | P1_NO_JUMPER, false);
        break;
    case READ_P2:
        reply(s, read_p2(s), false);
        break;
    case WRITE_P2:
    case WRITE_KEYBOARD_OUT:
    case WRITE_MOUSE_OUT:
    case WRITE_MOUSE:
        s->command = value;
        break;
    case DISABLE_A20:
        write_p2(s, s->out_port & (uint8_t)~P2_A20);
        break;
    case ENABLE_A20:
        write_p2(s, s->out_port | P2_A20);
        break;
    case READ_TEST:
        reply(s, 0, false);
        break;
    default:
        other_command(s, value);
    }
}

static void to_keyboard(struct i8042 *s, uint8_t value)
{
    s->ram[0] &= (uint8_t)~MODE_NO_KEYBOARD; /* sending releases the clock line */
    ps2_keyboard_write(&s->keyboard, value);
}

static void to_mouse(struct i8042 *s, uint8_t value)
{
    s->ram[0] &= (uint8_t)~MODE_NO_MOUSE;
    ps2_mouse_write(&s->mouse, value);
}

static void data(struct i8042 *s, uint8_t value)
{
    uint8_t whose = s->command;
    s->command = 0;
    switch (whose) {
    case 0:
        to_keyboard(s, value);
        break;
    case WRITE_RAM:
        write_mode(s, value);
        break;
    case WRITE_P2:
        write_p2(s, value);
        break;
    case WRITE_KEYBOARD_OUT:
    case WRITE_MOUSE_OUT:
        reply(s, value, whose == WRITE_MOUSE_OUT);
        break;
    case WRITE_MOUSE:
        to_mouse(s, value);
        break;
    default:
        s->ram[whose - WRITE_RAM] = value;
    }
}

uint32_t i8042_read(void *device, uint32_t offset, unsigned size)
{
    (void)offset;
    (void)size;
    struct i8042 *s = device;
    uint8_t byte = s->out;
    s->status &= (uint8_t) ~(STATUS_OBF | STATUS_AUX);
    /* The interrupt request falls with the buffer, and rises anew with the next byte. */
    irq_set(&s->keyboard_irq, false);
    irq_set(&s->mouse_irq, false);
    update(s);
    return byte;
}

uint32_t i8042_status_read(void *device, uint32_t offset, unsigned size)
{
    (void)offset;
    (void)size;
    const struct i8042 *s = device;
    return s->status;
}

void i8042_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)offset;
    (void)size;
    struct i8042 *s = device;
    s->status &= (uint8_t)~STATUS_COMMAND;
    data(s, (uint8_t)value);
    update(s);
}

void i8042_command_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)offset;
    (void)size;
    struct i8042 *s = device;
    s->status |= STATUS_COMMAND;
    command(s, (uint8_t)value);
    update(s);
}

void i8042_reset(void *device)
{
    struct i8042 *s = device;
    ps2_keyboard_reset(&s->keyboard);
    ps2_mouse_reset(&s->mouse);
    memset(s->ram, 0, sizeof s->ram);
    s->ram[0] = MODE_NO_KEYBOARD | MODE_NO_MOUSE;
    s->status = STATUS_COMMAND | STATUS_UNLOCKED;
    s->out = s->command = 0;
    s->replying = false;
    write_p2(s, P2_NO_RESET | P2_A20);
    update(s);
}

void i8042_init(struct i8042 *s, struct irq_line keyboard_irq, struct irq_line mouse_irq,
                struct irq_line a20, struct irq_line reset)
{
    memset(s, 0, sizeof *s);
    s->keyboard_irq = keyboard_irq;
    s->mouse_irq = mouse_irq;
    s->a20 = a20;
    s->reset = reset;
    i8042_reset(s);
}

static const struct state_field fields[] = {
    {STATE_OF(i8042, keyboard, &ps2_keyboard_state)},
    {STATE_OF(i8042, mouse, &ps2_mouse_state)},
    {STATE_ARRAY(i8042, ram)},
    {STATE(i8042, status)},
    {STATE(i8042, out)},
    {STATE(i8042, out_port)},
    {STATE(i8042, command)},
    {STATE(i8042, reply)},
    {STATE(i8042, reply_aux)},
    {STATE(i8042, replying)},
    {NOT_STATE(i8042, keyboard_irq)},
    {NOT_STATE(i8042, mouse_irq)},
    {NOT_STATE(i8042, a20)},
    {NOT_STATE(i8042, reset)},
    {0},
};
static const struct state_table state = STATE_TABLE(i8042, 1, fields);
const struct device i8042_device = {.name = "i8042", .reset = i8042_reset, .state = &state};
