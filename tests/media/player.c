/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/media/player.h"

#include "tests/assert.h"
#include "tests/guests/emulator.h"
#include "tests/media/commands.h"
#include "tests/media/keys.h"
#include "tests/media/machine.h"
#include "tests/media/picture.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ROWS = 50, COLUMNS = 132, LOOK_MS = 50, KEY_MS = 40, SECONDS = 300 };

/* --- its beginning and its end --- */

/* A terminal in which all is to be seen, and any character. */
static void set_terminal(void)
{
    struct winsize size = {.ws_row = ROWS, .ws_col = COLUMNS};
    ioctl(0, TIOCSWINSZ, &size);
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
}

static void take_output(void *owner, const char *bytes, size_t size)
{
    vt_feed(&((struct player *)owner)->screen, bytes, size);
}

static void run(const char *line)
{
    ck_assert_msg(system(line) == 0, "%s: did not work", line); /* NOLINT(cert-env33-c) */
}

/* Bochs writes to floppies, whatever is said; what is put on one is not to stay, either. */
static void copy_medium(const struct player *p, const char *file, const char *put)
{
    char line[512];
    snprintf(line, sizeof line, "cp --sparse=always '%s' %s/medium && chmod u+w %s/medium", file,
             p->folder, p->folder);
    run(line);
    if (!put)
        return;
    snprintf(line, sizeof line, "mcopy -o -i %s/medium %s ::", p->folder, put);
    run(line);
}

struct player *player_start(enum machine machine, const char *title, const char *arguments,
                            const char *file, bool copied, const char *put)
{
    struct player *p = calloc(1, sizeof *p);
    struct command c;
    char medium[48];
    ck_assert_ptr_nonnull(p);
    p->machine = machine;
    p->title = title;
    strcpy(p->folder, "/tmp/tessera-player-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(p->folder));
    if (copied || put || machine == ON_BOCHS) {
        copy_medium(p, file, put);
        snprintf(medium, sizeof medium, "%s/medium", p->folder);
        file = medium;
    }
    vt_init(&p->screen, ROWS, COLUMNS);
    machine_command(&c, machine, arguments, file, copied, p->folder);
    p->emulator = emulator_start_program(c.word[0], ON_TERMINAL, c.word + 1, set_terminal);
    p->emulator->listener = take_output;
    p->emulator->owner = p;
    return p;
}

void player_end(struct player *p)
{
    char line[64];
    emulator_kill(p->emulator);
    snprintf(line, sizeof line, "rm -rf %s", p->folder);
    run(line);
    free(p);
}

/* --- its screen --- */

static bool shows(struct player *p, const char *text)
{
    for (unsigned row = 0; row < p->screen.rows; row++)
        if (strstr(vt_row(&p->screen, row), text))
            return true;
    return false;
}

void player_show(struct player *p)
{
    emulator_watch(p->emulator, LOOK_MS);
    fprintf(stderr, "--- %s, %s\n", machine_names[p->machine], p->folder);
    for (unsigned row = 0; row < p->screen.rows; row++)
        if (*vt_row(&p->screen, row))
            fprintf(stderr, "%2u %s\n", row, vt_row(&p->screen, row));
}

static time_t deadline(void)
{
    const char *seconds = getenv("PLAY_SECONDS");
    return time(NULL) + (seconds ? atoi(seconds) : SECONDS);
}

/* Nothing more will be done with it but what ends the test, if it is too late. */
static void look(struct player *p, time_t end, const char *wanted)
{
    if (emulator_watch(p->emulator, LOOK_MS) && time(NULL) < end)
        return;
    player_show(p);
    ck_abort_msg("%s (%s): '%s' did not come (files: %s)%s", p->title, machine_names[p->machine],
                 wanted, p->folder, p->emulator->ended ? "; the emulator has ended" : "");
}

void player_wait(struct player *p, const char *text)
{
    for (time_t end = deadline(); !shows(p, text);)
        look(p, end, text);
}

void player_wait_gone(struct player *p, const char *text)
{
    for (time_t end = deadline(); shows(p, text);)
        look(p, end, text);
}

void player_wait_end(struct player *p)
{
    emulator_wait(p->emulator);
}

void player_type(struct player *p, const char *keys)
{
    char sequence[16];
    while (*keys) {
        keys = key_sequence(keys, sequence);
        emulator_send(p->emulator, sequence);
        /* Escape begins other keys, too; and others' keyboards keep few keys. */
        emulator_watch(p->emulator, *sequence == '\033' ? 10 * KEY_MS : KEY_MS);
    }
}

/* --- its other outputs --- */

static char *read_file(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0)
        return calloc(1, 1);
    char *text = calloc(1, (size_t)st.st_size + 1);
    ssize_t size = text ? read(fd, text, (size_t)st.st_size) : 0;
    close(fd);
    for (ssize_t i = 0; i < size; i++)
        if (!text[i])
            text[i] = '?';
    return text;
}

static bool came_by_serial(struct player *p, const char *wanted)
{
    char path[48];
    snprintf(path, sizeof path, "%s/serial", p->folder);
    char *text = read_file(path);
    const char *found =
        text && strlen(text) > p->serial_seen ? strstr(text + p->serial_seen, wanted) : NULL;
    if (found)
        p->serial_seen = (size_t)(found - text) + strlen(wanted);
    free(text);
    return found;
}

void player_wait_serial(struct player *p, const char *text)
{
    for (time_t end = deadline(); !came_by_serial(p, text);)
        look(p, end, text);
}

/* Asks for a picture, which comes some time later. */
static void take_picture(struct player *p, const char *path)
{
    if (truncate(path, 0) != 0)
        return; /* it has not begun */
    kill(p->emulator->pid, SIGUSR1);
    emulator_watch(p->emulator, 4 * LOOK_MS);
}

void player_wait_picture(struct player *p, const struct region *r, const char *digest)
{
    char path[48], seen[17] = "", wanted[64];
    if (p->machine >= ON_QEMU)
        return;
    snprintf(path, sizeof path, "%s/picture", p->folder);
    for (time_t end = deadline(); strcmp(seen, digest) != 0;) {
        snprintf(wanted, sizeof wanted, "picture %s (last: %s)", digest, seen);
        look(p, end, wanted);
        take_picture(p, path);
        picture_digest(path, r, seen);
    }
}

void player_host(struct player *p, const char *line)
{
    char whole[512];
    snprintf(whole, sizeof whole, "cd %s && %s", p->folder, line);
    run(whole);
}

void player_command(struct player *p, const char *command)
{
    char path[48];
    if (p->machine >= ON_QEMU)
        return;
    snprintf(path, sizeof path, "%s/monitor", p->folder);
    monitor_command(path, command);
    emulator_watch(p->emulator, LOOK_MS);
}
