/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * See editor.h. libedit sets the modes of a terminal by its descriptor; the user's is the program's
 * (hw/host/terminal.h), put back at every end. So libedit has a pseudo-terminal for that, through
 * which nothing goes: keys come from the port, and what is shown goes there.
 */
#include "hw/monitor/editor.h"

#ifdef HAVE_LIBEDIT

#include "hw/monitor/monitor.h"
#include "hw/monitor/port.h"

#include <fcntl.h>
#include <histedit.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum { HISTORY_LINES = 500, MOST_STACK = 64 * 1024 };

struct editor {
    struct monitor_port *port;
    struct monitor *monitor;
    int master, slave; /* the pseudo-terminal */
    FILE *out, *nowhere;
    locale_t locale; /* UTF-8: what terminals send */
    EditLine *edit;
    History *history;
    char *line;      /* that editor_read has returned */
    uintptr_t stack; /* editor_read()'s */
};

static char *prompt(EditLine *edit)
{
    static char text[] = MONITOR_PROMPT;
    (void)edit;
    return text;
}

static struct editor *of(EditLine *edit)
{
    void *e = NULL;
    el_get(edit, EL_CLIENTDATA, &e);
    return e;
}

/* libedit's search calls itself at each key, without end. */
static bool is_too_deep(const struct editor *e)
{
    return e->stack - (uintptr_t)__builtin_frame_address(0) > MOST_STACK;
}

/* The next character; bytes that are none are left out. A search that is too deep is broken off. */
static int get_key(EditLine *edit, wchar_t *key)
{
    enum { ABORT = 'G' - '@' };
    if (is_too_deep(of(edit))) {
        *key = ABORT;
        return 1;
    }
    mbstate_t state = {0};
    for (int byte; (byte = monitor_port_key(of(edit)->port)) >= 0;) {
        char c = (char)byte;
        size_t n = mbrtowc(key, &c, 1, &state);
        if (n == 0 || n == 1)
            return 1;
        if (n == (size_t)-1)
            memset(&state, 0, sizeof state);
    }
    return 0;
}

static ssize_t show(void *editor, const char *text, size_t size)
{
    struct editor *e = editor;
    return monitor_port_write(e->port, text, size) ? (ssize_t)size : 0;
}

/* --- completion --- */

/* How many bytes all of them have in common. */
static size_t common(const struct monitor_choices *c)
{
    size_t length = strlen(c->word[0]);
    for (unsigned i = 1; i < c->count; i++) {
        size_t same = 0;
        while (same < length && c->word[i][same] == c->word[0][same])
            same++;
        length = same;
    }
    return length;
}

static void list(struct editor *e, const struct monitor_choices *c)
{
    enum { COLUMNS = 4, WIDTH = 19 };
    for (unsigned i = 0; i < c->count; i++)
        fprintf(e->out, "%s%-*s", i % COLUMNS ? "" : "\n", WIDTH, c->word[i]);
    fputc('\n', e->out);
}

/* The rest of what is certain, and a blank behind a word that is. */
static unsigned char insert(struct editor *e, struct monitor_choices *c, size_t length)
{
    char rest[sizeof *c->word + 1];
    snprintf(rest, sizeof rest, "%.*s%s", (int)(length - c->typed), c->word[0] + c->typed,
             c->count == 1 ? " " : "");
    return el_insertstr(e->edit, rest) == 0 ? CC_REFRESH : CC_ERROR;
}

/* The Tab key. */
static unsigned char complete(EditLine *edit, int key)
{
    struct editor *e = of(edit);
    struct monitor_choices c;
    const LineInfo *line = el_line(edit);
    char *text = strndup(line->buffer, (size_t)(line->cursor - line->buffer));
    (void)key;
    if (!text)
        return CC_ERROR;
    monitor_complete(e->monitor, text, &c);
    free(text);
    if (!c.count)
        return CC_ERROR;
    size_t length = common(&c);
    if (c.count == 1 || length > c.typed)
        return insert(e, &c, length);
    list(e, &c);
    return CC_REDISPLAY;
}

/* --- opening --- */

static bool open_terminal(struct editor *e)
{
    char name[64];
    e->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (e->master < 0 || grantpt(e->master) != 0 || unlockpt(e->master) != 0 ||
        ptsname_r(e->master, name, sizeof name) != 0)
        return false;
    e->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    return e->slave >= 0;
}

static bool open_streams(struct editor *e)
{
    e->out = fopencookie(e, "w", (cookie_io_functions_t){.write = show});
    e->nowhere = fopen("/dev/null", "re");
    e->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    return e->out && e->nowhere;
}

/* Its window is as large as the user's. */
static void follow_size(struct editor *e)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        ioctl(e->master, TIOCSWINSZ, &size);
}

static bool open_history(struct editor *e)
{
    HistEvent event;
    e->history = history_init();
    if (!e->history)
        return false;
    history(e->history, &event, H_SETSIZE, HISTORY_LINES);
    history(e->history, &event, H_SETUNIQUE, 1);
    el_set(e->edit, EL_HIST, history, e->history);
    return true;
}

static bool open_edit(struct editor *e)
{
    follow_size(e);
    e->edit = el_init_fd("tessera", e->nowhere, e->out, e->nowhere, e->slave, e->slave, e->slave);
    if (!e->edit)
        return false;
    el_set(e->edit, EL_CLIENTDATA, e);
    el_set(e->edit, EL_EDITOR, "emacs");
    el_set(e->edit, EL_PROMPT, prompt);
    el_set(e->edit, EL_GETCFN, get_key);
    el_set(e->edit, EL_ADDFN, "complete", "what may stand here", complete);
    el_set(e->edit, EL_BIND, "\t", "complete", NULL);
    el_set(e->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_set(e->edit, EL_BIND, "^C", "em-kill-line", NULL);
    return open_history(e);
}

struct editor *editor_open(struct monitor_port *p, struct monitor *m)
{
    struct editor *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    *e = (struct editor){.port = p, .monitor = m, .master = -1, .slave = -1};
    bool good = open_terminal(e) && open_streams(e);
    locale_t before = uselocale(e->locale);
    good = good && open_edit(e);
    uselocale(before);
    if (good)
        return e;
    editor_close(e);
    return NULL;
}

void editor_close(struct editor *e)
{
    if (!e)
        return;
    if (e->edit)
        el_end(e->edit);
    if (e->history)
        history_end(e->history);
    if (e->out)
        fclose(e->out);
    if (e->nowhere)
        fclose(e->nowhere);
    if (e->slave >= 0)
        close(e->slave);
    if (e->master >= 0)
        close(e->master);
    if (e->locale)
        freelocale(e->locale);
    free(e->line);
    free(e);
}

/* --- reading --- */

const char *editor_read(struct editor *e)
{
    HistEvent event;
    int count;
    uselocale(e->locale);
    e->stack = (uintptr_t)__builtin_frame_address(0);
    follow_size(e);
    el_resize(e->edit);
    const char *line = el_gets(e->edit, &count);
    free(e->line);
    e->line = line ? strndup(line, strcspn(line, "\r\n")) : NULL;
    if (e->line && *e->line)
        history(e->history, &event, H_ENTER, e->line);
    return e->line;
}

#else

#include <stddef.h>

struct editor *editor_open(struct monitor_port *p, struct monitor *m)
{
    (void)p;
    (void)m;
    return NULL;
}

const char *editor_read(struct editor *e)
{
    (void)e;
    return NULL;
}

void editor_close(struct editor *e)
{
    (void)e;
}

#endif
