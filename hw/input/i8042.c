/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keyboard controller. */
#include "hw/input/i8042.h"

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
    LOAD_PASSWORD = 0xa5,
    ENABLE_PASSWORD = 0xa6,
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
enum {
    HAS_PASSWORD = 0xfa,
    NO_PASSWORD = 0xf1,
    SELF_TEST_PASSED = 0x55,
    INTERFACE_GOOD = 0,
    BREAK_PREFIX = 0xf0
};

/* Eleven bits at 16.7 kHz take 660 us; some programs count on less patience than that. */
static const uint64_t byte_ns = 200 * NS_PER_US;
/* So many times that long a byte waits for a handler's end; and fewer by each look at OBF. */
enum { PATIENCE = 100, LOOK = 6 };

static void set_out(struct i8042 *s, uint8_t byte, bool aux)
{
    s->out = byte;
    s->status = (s->status & (uint8_t)~STATUS_AUX) | STATUS_OBF | (aux ? STATUS_AUX : 0);
}

/* --- from the devices --- */

static bool keyboard_can_send(const struct i8042 *s)
{
    return !(s->ram[0] & MODE_NO_KEYBOARD) && ps2_pending(&s->keyboard.queue);
}

static bool mouse_can_send(const struct i8042 *s)
{
    return !(s->ram[0] & MODE_NO_MOUSE) && !s->secured && ps2_pending(&s->mouse.queue);
}

/* While the password is wanted keys are compared with it, and go no further. */
static void compare_with_password(struct i8042 *s, uint8_t byte)
{
    if (byte & 0x80)
        return;
    bool is_next = byte == s->password[s->matched] && s->matched < sizeof s->password - 1;
    s->matched = is_next ? s->matched + 1 : 0;
    if (!s->password[s->matched])
        s->secured = false;
}

/* Of set 2 its break prefix becomes bit 7 of the code behind it. */
static void from_keyboard(struct i8042 *s, uint8_t byte)
{
    if (s->ram[0] & MODE_TRANSLATE) {
        if (byte == BREAK_PREFIX) {
            s->breaking = true;
            from_keyboard(s, ps2_take(&s->keyboard.queue));
            return;
        }
        byte = ps2_set1_of_set2(byte) | (s->breaking ? 0x80 : 0);
        s->breaking = false;
    }
    if (s->secured)
        compare_with_password(s, byte);
    else
        set_out(s, byte, false);
}

/* One byte; if both have some, they take turns. */
static void take_byte(struct i8042 *s)
{
    bool mouse = mouse_can_send(s);
    bool keyboard = keyboard_can_send(s) && !(mouse && s->was_keyboard);
    if (keyboard)
        from_keyboard(s, ps2_take(&s->keyboard.queue));
    else if (mouse)
        set_out(s, ps2_mouse_take(&s->mouse), true);
    s->was_keyboard = keyboard;
}

/*
 * A byte takes its time over the line; until then port 60h shows the one before, as programs expect
 * that read it twice in an interrupt.
 */
static void await_byte(struct i8042 *s)
{
    bool can_take = !(s->status & STATUS_OBF) && !s->replying;
    if (!can_take || !(keyboard_can_send(s) || mouse_can_send(s)))
        timer_cancel(&s->transfer);
    else if (s->transfer.deadline == TIMER_NEVER)
        timer_set(&s->transfer, timers_now(s->transfer.timers) + byte_ns);
}

/* The controller's own answer needs no line. */
static void update(struct i8042 *s)
{
    if (s->replying && !(s->status & STATUS_OBF)) {
        s->replying = false;
        set_out(s, s->reply, s->reply_aux);
    }
    bool full = s->status & STATUS_OBF, aux = s->status & STATUS_AUX;
    irq_set(&s->keyboard_irq, full && !aux && (s->ram[0] & MODE_KEYBOARD_IRQ));
    irq_set(&s->mouse_irq, full && aux && (s->ram[0] & MODE_MOUSE_IRQ));
    await_byte(s);
}

/*
 * Handlers in a row read the same byte from port 60h: a program's, a memory manager's, the BIOS's.
 * No hand is so fast that a real keyboard's next byte came between, as it would here when the host
 * has been away; so it waits until the interrupt is ended. Not for ever: some never end one, or ask
 * for the rest of a key, or for an answer, before they do.
 */
static bool waits_for_handler(struct i8042 *s)
{
    if (!s->patience || s->keyboard.queue.answers || s->mouse.queue.answers)
        return false;
    s->patience--;
    return s->is_handled && s->is_handled(s->owner);
}

static void transfer(void *device, uint64_t now)
{
    struct i8042 *s = device;
    if (waits_for_handler(s)) {
        timer_set(&s->transfer, now + byte_ns);
        return;
    }
    take_byte(s);
    update(s);
}

/* From a device's wire. */
static void ready(void *chip, unsigned input, bool level)
{
    (void)input;
    if (level)
        await_byte(chip);
}

/* --- commands --- */

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

void i8042_show_a20(void *device, unsigned input, bool level)
{
    struct i8042 *s = device;
    (void)input;
    s->out_port = (uint8_t)((s->out_port & ~P2_A20) | (level ? P2_A20 : 0));
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
        reply(s, s->password[0] ? HAS_PASSWORD : NO_PASSWORD, false);
        break;
    case LOAD_PASSWORD:
        s->command = value;
        s->matched = 0;
        break;
    case ENABLE_PASSWORD:
        s->secured = s->password[0];
        s->matched = 0;
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

/* To its end, a zero; what is too long is cut. */
static void to_password(struct i8042 *s, uint8_t value)
{
    if (s->matched == sizeof s->password - 1)
        value = 0;
    s->password[s->matched++] = value;
    if (value)
        s->command = LOAD_PASSWORD;
    else
        s->matched = 0;
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
    case LOAD_PASSWORD:
        to_password(s, value);
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
    if (s->status & STATUS_OBF)
        s->patience = PATIENCE;
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
    struct i8042 *s = device;
    if (!(s->status & STATUS_OBF))
        s->patience = s->patience > LOOK ? s->patience - LOOK : 0;
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
    timer_cancel(&s->transfer);
    memset(s->ram, 0, sizeof s->ram);
    memset(s->password, 0, sizeof s->password);
    s->ram[0] = MODE_NO_KEYBOARD | MODE_NO_MOUSE;
    s->status = STATUS_COMMAND | STATUS_UNLOCKED;
    s->out = s->command = 0;
    s->replying = s->breaking = s->was_keyboard = s->secured = false;
    s->matched = s->patience = 0;
    write_p2(s, P2_NO_RESET | P2_A20);
    update(s);
}

void i8042_init(struct i8042 *s, struct timers *timers, struct irq_line keyboard_irq,
                struct irq_line mouse_irq, struct irq_line a20, struct irq_line reset)
{
    const struct irq_line wire = {ready, s, 0};
    memset(s, 0, sizeof *s);
    timer_init(&s->transfer, timers, transfer, s);
    ps2_keyboard_init(&s->keyboard, timers, wire);
    ps2_mouse_init(&s->mouse, timers, wire);
    s->keyboard_irq = keyboard_irq;
    s->mouse_irq = mouse_irq;
    s->a20 = a20;
    s->reset = reset;
    i8042_reset(s);
}

void i8042_ask_handler(struct i8042 *s, bool (*is_handled)(void *owner), void *owner)
{
    s->is_handled = is_handled;
    s->owner = owner;
}

/* --- what comes from outside --- */

static void press_key(void *chip, unsigned key, bool down)
{
    struct i8042 *s = chip;
    ps2_keyboard_key(&s->keyboard, key, down);
}

static bool has_key_room(void *chip)
{
    const struct i8042 *s = chip;
    return ps2_keyboard_room(&s->keyboard);
}

static void move_mouse(void *chip, int dx, int dy, int wheel, unsigned buttons)
{
    struct i8042 *s = chip;
    ps2_mouse_move(&s->mouse, dx, dy, wheel, buttons);
}

static bool has_mouse_room(void *chip)
{
    const struct i8042 *s = chip;
    return ps2_mouse_room(&s->mouse);
}

static unsigned leds(void *chip)
{
    const struct i8042 *s = chip;
    return s->keyboard.leds;
}

struct input_sink i8042_sink(struct i8042 *s)
{
    return (struct input_sink){.chip = s,
                               .key = press_key,
                               .key_room = has_key_room,
                               .mouse = move_mouse,
                               .mouse_room = has_mouse_room,
                               .leds = leds};
}

static const struct state_field fields[] = {
    {STATE_OF(i8042, keyboard, &ps2_keyboard_state)},
    {STATE_OF(i8042, mouse, &ps2_mouse_state)},
    {STATE_OF_TIMER(i8042, transfer)},
    {STATE_ARRAY(i8042, ram)},
    {STATE(i8042, status)},
    {STATE(i8042, out)},
    {STATE(i8042, out_port)},
    {STATE(i8042, command)},
    {STATE(i8042, reply)},
    {STATE(i8042, reply_aux)},
    {STATE(i8042, replying)},
    {STATE(i8042, breaking)},
    {STATE(i8042, was_keyboard)},
    {STATE_ARRAY(i8042, password)},
    {STATE(i8042, matched), .most = sizeof((struct i8042 *)0)->password - 1},
    {STATE(i8042, secured)},
    {STATE(i8042, patience), .since = 2, .most = PATIENCE},
    {NOT_STATE(i8042, keyboard_irq)},
    {NOT_STATE(i8042, mouse_irq)},
    {NOT_STATE(i8042, a20)},
    {NOT_STATE(i8042, reset)},
    {NOT_STATE(i8042, is_handled)},
    {NOT_STATE(i8042, owner)},
    {0},
};
static const struct state_table state = STATE_TABLE(i8042, 2, fields);
const struct device i8042_device = {.name = "i8042", .reset = i8042_reset, .state = &state};
