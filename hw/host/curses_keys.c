/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the terminal sends, as keys. Ctrl-A begins a command to the emulator, as on the serial line
 * (hw/host/console.h).
 */
#ifdef HAVE_CURSES

#include "hw/host/curses_internal.h"

#include <string.h>

enum { CTRL_A = 1, ESCAPE = 27, DELETE = 127 };

static const struct special {
    int code;
    uint8_t key, held; /* AT_, and what is held meanwhile, or 0 */
} specials[] = {
    {KEY_UP, AT_UP, 0},
    {KEY_DOWN, AT_DOWN, 0},
    {KEY_LEFT, AT_LEFT, 0},
    {KEY_RIGHT, AT_RIGHT, 0},
    {KEY_HOME, AT_HOME, 0},
    {KEY_END, AT_END, 0},
    {KEY_PPAGE, AT_PAGE_UP, 0},
    {KEY_NPAGE, AT_PAGE_DOWN, 0},
    {KEY_IC, AT_INSERT, 0},
    {KEY_DC, AT_DELETE, 0},
    {KEY_BACKSPACE, AT_BACKSPACE, 0},
    {KEY_ENTER, AT_ENTER, 0},
    {KEY_B2, AT_KP_5, 0},
    {KEY_SR, AT_UP, AT_SHIFT},
    {KEY_SF, AT_DOWN, AT_SHIFT},
    {KEY_SLEFT, AT_LEFT, AT_SHIFT},
    {KEY_SRIGHT, AT_RIGHT, AT_SHIFT},
    {KEY_SHOME, AT_HOME, AT_SHIFT},
    {KEY_SEND, AT_END, AT_SHIFT},
    {KEY_SPREVIOUS, AT_PAGE_UP, AT_SHIFT},
    {KEY_SNEXT, AT_PAGE_DOWN, AT_SHIFT},
    {KEY_SIC, AT_INSERT, AT_SHIFT},
    {KEY_SDC, AT_DELETE, AT_SHIFT},
    {KEY_BTAB, AT_TAB, AT_SHIFT},
};

/* What xterm's function keys and those with names such as kUP5 have behind them: 1 + these or'd. */
enum { WITH_SHIFT = 1, WITH_ALT = 2, WITH_CTRL = 4 };

static void press(struct curses_keys *k, unsigned key, unsigned with)
{
    static const uint8_t keys[] = {AT_SHIFT, AT_ALT, AT_CTRL};
    for (unsigned i = 0; i < sizeof keys; i++)
        if (with >> i & 1)
            typist_key(&k->typist, keys[i], true);
    typist_key(&k->typist, key, true);
    typist_key(&k->typist, key, false);
    for (unsigned i = sizeof keys; i-- > 0;)
        if (with >> i & 1)
            typist_key(&k->typist, keys[i], false);
}

/* Twelve function keys, then again with Shift, Ctrl, both, Alt: xterm's terminfo. */
static bool press_function(struct curses_keys *k, int code, unsigned with)
{
    static const uint8_t sets[] = {0, WITH_SHIFT, WITH_CTRL, WITH_CTRL | WITH_SHIFT, WITH_ALT};
    unsigned number = (unsigned)(code - KEY_F(1));
    if (code < KEY_F(1) || number >= 12 * sizeof sets)
        return false;
    unsigned key = number % 12;
    press(k, key < 10 ? AT_F1 + key : AT_F11 + key - 10, with | sets[number / 12]);
    return true;
}

/* "kUP5": an arrow with Ctrl. */
static bool press_named(struct curses_keys *k, int code)
{
    static const struct {
        const char *name;
        uint8_t key;
    } names[] = {
        {"kUP", AT_UP},     {"kDN", AT_DOWN},   {"kLFT", AT_LEFT},    {"kRIT", AT_RIGHT},
        {"kHOM", AT_HOME},  {"kEND", AT_END},   {"kPRV", AT_PAGE_UP}, {"kNXT", AT_PAGE_DOWN},
        {"kIC", AT_INSERT}, {"kDC", AT_DELETE},
    };
    const char *name = keyname(code);
    for (unsigned i = 0; name && i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i].name);
        if (strncmp(name, names[i].name, length) == 0 && name[length] >= '2' &&
            name[length] <= '8' && !name[length + 1]) {
            press(k, names[i].key, (unsigned)(name[length] - '1'));
            return true;
        }
    }
    return false;
}

static void press_special(struct curses_keys *k, int code, unsigned with)
{
    if (press_function(k, code, with))
        return;
    for (unsigned i = 0; i < sizeof specials / sizeof *specials; i++)
        if (specials[i].code == code) {
            press(k, specials[i].key, with | (specials[i].held ? WITH_SHIFT : 0));
            return;
        }
    press_named(k, code);
}

/* A character, or a control character, which is Ctrl with one unless it has a key of its own. */
static void press_char(struct curses_keys *k, wchar_t c, unsigned with)
{
    uint8_t held[3] = {0};
    unsigned n = 0;
    bool is_control = c < ' ' && c != '\r' && c != '\t' && c != ESCAPE;
    if (c == '\r' || c == '\t' || c == ESCAPE || c == DELETE || c == '\b') {
        press(k,
              c == '\r'     ? AT_ENTER
              : c == '\t'   ? AT_TAB
              : c == ESCAPE ? AT_ESC
                            : AT_BACKSPACE,
              with);
        return;
    }
    if (with & WITH_ALT)
        held[n++] = AT_ALT;
    if (is_control)
        held[n++] = AT_CTRL;
    if (is_control)
        c = c ? c | 0x40 : ' ';
    if (c >= 'A' && c <= 'Z' && is_control)
        c |= 0x20;
    typist_type(&k->typist, keysym_of_char((uint32_t)c), held);
}

static void command(struct curses_keys *k, wint_t c)
{
    if (c == 'x')
        k->setup->leave(k->setup->owner);
    else if (c == 'd')
        press(k, AT_DELETE, WITH_CTRL | WITH_ALT);
    else if (c == CTRL_A)
        press_char(k, CTRL_A, 0);
}

static void take(struct curses_keys *k, int kind, wint_t c, unsigned with)
{
    bool is_command = k->is_command;
    k->is_command = !is_command && kind == OK && c == CTRL_A && !with;
    k->wants_help = k->is_command;
    if (k->is_command)
        return;
    if (is_command)
        command(k, kind == OK ? c : 0);
    else if (kind == KEY_CODE_YES)
        press_special(k, (int)c, with);
    else
        press_char(k, (wchar_t)c, with);
}

bool curses_read_keys(struct curses_keys *k)
{
    bool before = k->wants_help;
    wint_t c;
    for (int kind; (kind = get_wch(&c)) != ERR;) {
        wint_t next;
        int next_kind = kind == OK && c == ESCAPE ? get_wch(&next) : ERR;
        if (next_kind != ERR)
            take(k, next_kind, next, WITH_ALT);
        else
            take(k, kind, c, 0);
    }
    return k->wants_help != before;
}

void curses_init_keys(struct curses_keys *k, const struct display_setup *setup)
{
    enum { ESCAPE_MS = 25 };
    k->setup = setup;
    typist_init(&k->typist, setup->layout, setup->input);
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    meta(stdscr, TRUE);
    raw(); /* which the terminal is already; curses wants to know */
    nonl();
    noecho();
    set_escdelay(ESCAPE_MS);
}

#endif
