/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/display/stage.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SIDE = 2560, EVENTS = 1 << 16 };

struct screen *stage_screen;
struct input *stage_input;
struct display_options stage_options;

atomic_bool stage_is_stopped;

static pthread_t cpu;
static atomic_bool ended, left, has_tablet;
static atomic_uint rounds;
static int said_fd = -1, real_stderr;
static struct displays displays;
static struct display_request request;
static struct error error;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of what follows */
static unsigned width, height, shade[SIDE];
static bool changed, is_text;
static struct screen_text text;
static char events[EVENTS];
static size_t events_length, events_seen;

/* --- the card --- */

uint32_t stage_pixel(unsigned x, unsigned y, unsigned s)
{
    return (x * 7 + y * 0x300 + s * 0x51b00) & 0xffffff;
}

static bool latch(void *card, bool everything)
{
    (void)card;
    pthread_mutex_lock(&lock);
    bool news = changed || everything;
    changed = false;
    pthread_mutex_unlock(&lock);
    return news;
}

static void draw(void *card, struct picture *p, unsigned *first, unsigned *end)
{
    (void)card;
    pthread_mutex_lock(&lock);
    if (p->width != width || p->height != height)
        ck_assert(picture_resize(p, width, height));
    for (unsigned y = 0; y < height; y++)
        for (unsigned x = 0; x < width; x++)
            p->pixels[y * width + x] = stage_pixel(x, y, shade[y]);
    *first = 0;
    *end = height;
    pthread_mutex_unlock(&lock);
}

static bool text_of(void *card, struct screen_text *t)
{
    (void)card;
    pthread_mutex_lock(&lock);
    bool result = is_text;
    *t = text;
    pthread_mutex_unlock(&lock);
    return result;
}

void stage_graphics(unsigned w, unsigned h)
{
    pthread_mutex_lock(&lock);
    width = w;
    height = h;
    is_text = false;
    changed = true;
    pthread_mutex_unlock(&lock);
}

void stage_draw(unsigned y, unsigned s)
{
    pthread_mutex_lock(&lock);
    shade[y] = s;
    changed = true;
    pthread_mutex_unlock(&lock);
}

void stage_text(unsigned column, unsigned row, uint8_t attribute, const char *words)
{
    pthread_mutex_lock(&lock);
    width = 720;
    height = 400;
    is_text = changed = true;
    text.columns = 80;
    text.rows = 25;
    text.has_cursor = true;
    for (; *words; words++, column++) {
        text.character[row][column] = (uint8_t)*words;
        text.attribute[row][column] = attribute;
    }
    text.cursor_column = column;
    text.cursor_row = row;
    shade[row]++;
    pthread_mutex_unlock(&lock);
}

/* --- keyboard and mouse --- */

static void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    pthread_mutex_lock(&lock);
    events_length +=
        (size_t)vsnprintf(events + events_length, EVENTS - events_length, format, args);
    pthread_mutex_unlock(&lock);
    va_end(args);
}

static void key(void *chip, unsigned code, bool down)
{
    (void)chip;
    note("%c%02x ", down ? '+' : '-', code);
}

static void note_buttons(unsigned buttons)
{
    static unsigned before;
    if (buttons != before)
        note("b%x ", buttons);
    before = buttons;
}

static void mouse(void *chip, int dx, int dy, int wheel, unsigned buttons)
{
    (void)chip;
    if (dx || dy || wheel)
        note("m%d,%d,%d ", dx, dy, wheel);
    note_buttons(buttons);
}

/* The same place again is not written down: viewers tell it with a button, too. */
static void position(void *chip, unsigned x, unsigned y, unsigned buttons)
{
    static unsigned old_x, old_y;
    (void)chip;
    if (x != old_x || y != old_y)
        note("p%x,%x ", x, y);
    old_x = x;
    old_y = y;
    note_buttons(buttons);
}

static bool is_absolute(void *chip)
{
    (void)chip;
    return has_tablet;
}

static bool has_room(void *chip)
{
    (void)chip;
    return true;
}

static unsigned leds(void *chip)
{
    (void)chip;
    return 0;
}

/* --- waiting --- */

static void pause_ms(unsigned ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

void stage_expect(const char *wanted)
{
    char got[1024] = "";
    for (unsigned ms = 0; ms < PATIENCE_S * 1000; ms += 5) {
        pthread_mutex_lock(&lock);
        snprintf(got, sizeof got, "%s", events + events_seen);
        pthread_mutex_unlock(&lock);
        size_t length = strlen(wanted);
        if (strncmp(got, wanted, length) == 0 && strcmp(got + length, " ") == 0) {
            events_seen += length + 1;
            return;
        }
        pause_ms(5);
        if (strlen(got) > length + 1)
            break;
    }
    ck_abort_msg("'%s' instead of '%s'", got, wanted);
}

void stage_take_up_tablet(bool is_there)
{
    has_tablet = is_there;
    for (unsigned ms = 0; input_is_absolute(stage_input) != is_there && ms < PATIENCE_S * 1000;
         ms += 5)
        pause_ms(5);
    ck_assert(input_is_absolute(stage_input) == is_there);
}

void stage_expect_leave(void)
{
    for (unsigned ms = 0; !left && ms < PATIENCE_S * 1000; ms += 5)
        pause_ms(5);
    ck_assert(left);
}

unsigned stage_rounds(void)
{
    return rounds;
}

/* --- the cpu's thread --- */

static void *run(void *argument)
{
    (void)argument;
    for (; !ended; rounds++) {
        screen_latch(stage_screen);
        input_deliver(stage_input);
        pause_ms(1);
    }
    return NULL;
}

static void ring(void *owner)
{
    (void)owner;
}

static void leave(void *owner)
{
    (void)owner;
    left = true;
}

void stage_begin(void)
{
    static const struct video video = {NULL, latch, draw, text_of};
    static const struct input_sink sink = {.key = key,
                                           .mouse = mouse,
                                           .key_room = has_room,
                                           .mouse_room = has_room,
                                           .position = position,
                                           .is_absolute = is_absolute,
                                           .leds = leds};
    char name[] = "/tmp/tessera-display-XXXXXX";
    said_fd = mkstemp(name);
    real_stderr = dup(STDERR_FILENO);
    ck_assert_int_ge(said_fd, 0);
    unlink(name);
    ended = left = false;
    dup2(said_fd, STDERR_FILENO);
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    stage_graphics(320, 200);
    stage_input = input_create(ring, NULL);
    input_set_sink(stage_input, &sink);
    stage_screen = screen_create(&video, ring, NULL, &error);
    ck_assert(stage_input && stage_screen);
    ck_assert_int_eq(pthread_create(&cpu, NULL, run, NULL), 0);
}

void stage_end(void)
{
    stage_close();
    ended = true;
    pthread_join(cpu, NULL);
    screen_destroy(stage_screen);
    input_destroy(stage_input);
    dup2(real_stderr, STDERR_FILENO);
}

/* --- displays --- */

const char *stage_open(const struct display *display, struct display_request r)
{
    const struct display_setup setup = {.is_stopped = &stage_is_stopped,
                                        .screen = stage_screen,
                                        .input = stage_input,
                                        .leave = leave};
    request = r;
    request.display = display;
    stage_options.request[0] = request;
    stage_options.count = 1;
    return displays_open(&displays, &stage_options, &setup, &error) ? NULL : error.text;
}

void stage_close(void)
{
    displays_close(&displays);
}

const char *stage_said(void)
{
    static char said[4096];
    ssize_t size = pread(said_fd, said, sizeof said - 1, 0);
    said[size > 0 ? size : 0] = '\0';
    return said;
}

unsigned stage_last_number(const char *before)
{
    const char *found = NULL, *said = stage_said();
    while ((said = strstr(said, before)))
        found = said += strlen(before);
    if (!found)
        ck_abort_msg("no '%s' in '%s'", before, stage_said());
    return found ? (unsigned)strtoul(found, NULL, 10) : 0;
}

/* --- connections --- */

int stage_connect(unsigned port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_ge(fd, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

void stage_read(int fd, void *bytes, size_t size)
{
    if (size)
        ck_assert_int_eq(recv(fd, bytes, size, MSG_WAITALL), (ssize_t)size);
}

void stage_write(int fd, const void *bytes, size_t size)
{
    ck_assert_int_eq(send(fd, bytes, size, MSG_NOSIGNAL), (ssize_t)size);
}

void stage_expect_end(int fd)
{
    char bytes[4096];
    while (recv(fd, bytes, sizeof bytes, 0) > 0)
        ;
    close(fd);
}
