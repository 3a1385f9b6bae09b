/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The screen in a terminal, by curses: text, with its colours and its cursor. Setting the terminal
 * up and putting it back is hw/host/terminal.h's, by whatever way we end; curses draws and reads
 * keys, in one thread.
 */
#include "hw/host/display.h"

#include "hw/host/sandbox.h"

#ifdef HAVE_CURSES

#include "hw/host/curses_internal.h"
#include "hw/host/terminal.h"
#include "hw/host/thread.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLOURS = 16, HERE = 1024 };

struct curses {
    const struct display_setup *setup;
    struct screen_view view;
    struct curses_keys keys;
    struct terminal_drawing drawing;
    char begin[HERE], end[HERE];
    SCREEN *terminal;
    FILE *out, *in;
    locale_t locale;
    bool is_unicode;
    int colours; /* 16, 8, or 0: none */
    int stop_fd;
    pthread_t thread;
    bool has_view, has_thread;
    struct screen_text text;
};

/* --- drawing --- */

/* CGA's colours are blue, green, red from bit 0 on; the terminal's red, green, blue. */
static int colour(unsigned cga)
{
    return (int)((cga & 8) | (cga & 4) >> 2 | (cga & 2) | (cga & 1) << 2);
}

/* Pair 0 cannot be chosen: it is white on black. */
static short pair_of(const struct curses *c, unsigned attribute)
{
    unsigned mask = (unsigned)c->colours - 1;
    unsigned front = attribute & 15 & mask, back = attribute >> 4 & mask;
    return c->colours ? (short)((front ^ 7) + back * (unsigned)c->colours) : 0;
}

static void init_colours(struct curses *c)
{
    c->colours = 0;
    if (start_color() == ERR || COLORS < 8)
        return;
    c->colours = COLORS >= COLOURS && COLOR_PAIRS >= COLOURS * COLOURS ? COLOURS : 8;
    assume_default_colors(COLOR_WHITE, COLOR_BLACK);
    for (unsigned back = 0; back < (unsigned)c->colours; back++)
        for (unsigned front = 0; front < (unsigned)c->colours; front++)
            init_pair(pair_of(c, back << 4 | front), (short)colour(front), (short)colour(back));
}

/* What stands for a character where there is no Unicode. */
static wchar_t plain(unsigned character, wchar_t c)
{
    static const char lines[] = "#||||++||++++++|-++++++=+++++==+++++++++####";
    if (c < 0x7f)
        return c;
    if (character >= 0xb0 && character < 0xb0 + sizeof lines - 1)
        return (wchar_t)lines[character - 0xb0];
    return character < 0x20 ? '*' : '?';
}

static void set_cell(const struct curses *c, cchar_t *cell, unsigned character, unsigned attribute)
{
    wchar_t text[] = {(wchar_t)screen_unicode[character], 0};
    attr_t bold = c->colours < COLOURS && attribute & 8 ? A_BOLD : A_NORMAL;
    if (!c->colours && attribute & 0x70)
        bold |= A_REVERSE;
    if (*text == 0xa0)
        *text = ' ';
    if (!c->is_unicode)
        *text = plain(character, *text);
    setcchar(cell, text, bold, pair_of(c, attribute), NULL);
}

/* The first row that is shown: the cursor is to be seen. */
static unsigned first_row(const struct screen_text *t)
{
    unsigned lines = LINES > 0 ? (unsigned)LINES : 1;
    return t->has_cursor && t->cursor_row >= lines ? t->cursor_row - lines + 1 : 0;
}

static void draw_text(struct curses *c)
{
    const struct screen_text *t = &c->text;
    unsigned first = first_row(t);
    cchar_t line[SCREEN_COLUMNS + 1];
    werase(stdscr);
    for (unsigned row = first; row < t->rows && row - first < (unsigned)LINES; row++) {
        for (unsigned i = 0; i < t->columns; i++)
            set_cell(c, &line[i], t->character[row][i], t->attribute[row][i]);
        mvadd_wchnstr((int)(row - first), 0, line, (int)t->columns);
    }
    curs_set(t->has_cursor);
    if (t->has_cursor)
        move((int)(t->cursor_row - first), (int)t->cursor_column);
}

static void draw_size(unsigned width, unsigned height)
{
    char words[64];
    int length = snprintf(words, sizeof words, "%u x %u graphics mode", width, height);
    werase(stdscr);
    curs_set(0);
    mvaddnstr(LINES / 2, length < COLS ? (COLS - length) / 2 : 0, words, COLS);
}

static void draw_hint(void)
{
    attron(A_REVERSE);
    mvaddnstr(LINES - 1, 0,
              " Ctrl-A x: leave  Ctrl-A d: Ctrl-Alt-Del  Ctrl-A Ctrl-A: Ctrl-A  another key: on ",
              COLS);
    attroff(A_REVERSE);
}

static void draw(struct curses *c)
{
    const struct picture *p = screen_look(c->setup->screen, &c->view);
    unsigned width = p->width, height = p->height;
    screen_end_look(c->setup->screen, &c->view);
    if (screen_text(c->setup->screen, &c->text))
        draw_text(c);
    else
        draw_size(width, height);
    if (c->keys.wants_help)
        draw_hint();
    refresh();
}

/* No screen is larger, and ncurses breaks where there is no memory for one. */
static int within_reason(unsigned short size)
{
    enum { LARGEST = 512 };
    return size < LARGEST ? size : LARGEST;
}

/* After another program had the terminal, or in another size. */
static void redraw(struct curses *c)
{
    struct winsize size;
    uint64_t count;
    if (read(c->drawing.redraw_fd, &count, sizeof count) < 0)
        return;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
        resizeterm(within_reason(size.ws_row), within_reason(size.ws_col));
    clearok(curscr, TRUE);
    draw(c);
}

/* --- the thread --- */

/* In the background of a terminal it is left alone, and asked for again and again. */
static void *run(void *curses)
{
    enum { INPUT, VIEW, REDRAW, STOP, DESCRIPTORS };
    struct curses *c = curses;
    bool ours = true;
    struct pollfd fds[DESCRIPTORS] = {[VIEW] = {.fd = c->view.fd, .events = POLLIN},
                                      [REDRAW] = {.fd = c->drawing.redraw_fd, .events = POLLIN},
                                      [STOP] = {.fd = c->stop_fd, .events = POLLIN}};
    static const struct timespec again = {.tv_nsec = 200 * 1000 * 1000};
    uselocale(c->locale);
    set_term(c->terminal);
    while (!fds[STOP].revents) {
        fds[INPUT] = (struct pollfd){.fd = ours ? STDIN_FILENO : -1, .events = POLLIN};
        fds[VIEW].fd = ours ? c->view.fd : -1;
        int ready = ppoll(fds, DESCRIPTORS, ours ? NULL : &again, NULL);
        ours = terminal_is_ours();
        if (ready <= 0 || !ours)
            continue;
        if (fds[REDRAW].revents)
            redraw(c);
        if (fds[INPUT].revents && curses_read_keys(&c->keys))
            draw(c);
        if (fds[VIEW].revents)
            draw(c);
        if (fds[INPUT].revents & (POLLHUP | POLLERR)) {
            c->setup->leave(c->setup->owner);
            break;
        }
    }
    return NULL;
}

/* --- opening --- */

static bool open_terminal(struct curses *c, struct error *error)
{
    const char *name = getenv("TERM");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return error_set(error, "standard input and output are not a terminal");
    c->out = fdopen(dup(STDOUT_FILENO), "w");
    c->in = fdopen(dup(STDIN_FILENO), "r");
    c->locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (!c->locale)
        c->locale = newlocale(LC_CTYPE_MASK, "C", (locale_t)0);
    if (!c->out || !c->in || !c->locale)
        return error_set(error, "the host is out of memory");
    c->is_unicode = strcmp(nl_langinfo_l(CODESET, c->locale), "UTF-8") == 0;
    locale_t before = uselocale(c->locale);
    terminal_enter(TERMINAL_RAW);
    c->terminal = newterm(NULL, c->out, c->in);
    if (c->terminal) {
        init_colours(c);
        curses_init_keys(&c->keys, c->setup);
        curses_find_sequences(c->begin, c->end, HERE);
        c->drawing.begin = c->begin;
        c->drawing.end = c->end;
        terminal_draw(&c->drawing);
    }
    uselocale(before);
    return c->terminal ||
           error_set(error, "curses does not know the terminal '%s' (TERM)", name ? name : "");
}

static void close_curses(void *d)
{
    static const uint64_t one = 1;
    struct curses *c = d;
    if (c->has_thread && write(c->stop_fd, &one, sizeof one) > 0)
        pthread_join(c->thread, NULL);
    terminal_leave();
    terminal_draw(NULL);
    if (c->terminal)
        delscreen(c->terminal);
    if (c->has_view)
        screen_remove_view(c->setup->screen, &c->view);
    if (c->out)
        fclose(c->out);
    if (c->in)
        fclose(c->in);
    if (c->locale)
        freelocale(c->locale);
    close(c->stop_fd);
    close(c->drawing.redraw_fd);
    free(c);
}

static bool start(struct curses *c, struct error *error)
{
    c->has_view = screen_add_view(c->setup->screen, &c->view, error);
    if (!c->has_view)
        return false;
    c->has_thread = thread_start(&c->thread, run, c, 0);
    return c->has_thread || error_set(error, "no thread for the terminal: %s", strerror(errno));
}

static void *open_curses(const struct display_setup *setup, struct error *error)
{
    struct curses *c = calloc(1, sizeof *c);
    if (!c) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    c->setup = setup;
    c->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    c->drawing.redraw_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (c->stop_fd < 0 || c->drawing.redraw_fd < 0)
        error_set(error, "no event descriptor: %s", strerror(errno));
    else if (open_terminal(c, error) && start(c, error))
        return c;
    close_curses(c);
    return NULL;
}

const struct display curses_display = {
    .name = "curses",
    .usage = "curses",
    .needs = SANDBOX_CURSES,
    .open = open_curses,
    .close = close_curses,
    .uses_terminal = true,
};

#else

const struct display curses_display = {
    .name = "curses", .usage = "curses", .package = "libncurses-dev", .uses_terminal = true};

#endif
