/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The screen in a window, by SDL. All of SDL is in one thread, which opens the window, draws, and
 * closes it. Pictures are scaled and drawn by the processor: a driver of a graphics card would
 * translate code while the guest runs, which the sandbox forbids.
 */
#include "hw/host/display.h"

#include "hw/host/sandbox.h"

#ifdef HAVE_SDL2

#include "hw/host/sdl_internal.h"
#include "hw/host/thread.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct sdl {
    struct sdl_window window; /* the thread's */
    pthread_t thread;
    sem_t opened; /* or not: */
    bool is_open;
    struct error *error;
    int stop_fd;
};

/* --- drawing --- */

bool sdl_is_full_screen(const struct sdl_window *w)
{
    return SDL_GetWindowFlags(w->window) & SDL_WINDOW_FULLSCREEN_DESKTOP;
}

void sdl_fit(struct sdl_window *w)
{
    bool is_maximized = SDL_GetWindowFlags(w->window) & SDL_WINDOW_MAXIMIZED;
    if (!w->is_users_size && !sdl_is_full_screen(w) && !is_maximized)
        SDL_SetWindowSize(w->window, w->width, w->height);
}

static bool resize(struct sdl_window *w, int width, int height)
{
    SDL_Texture *texture = SDL_CreateTexture(w->renderer, SDL_PIXELFORMAT_RGB888,
                                             SDL_TEXTUREACCESS_STREAMING, width, height);
    if (!texture)
        return false;
    if (w->texture)
        SDL_DestroyTexture(w->texture);
    w->texture = texture;
    w->old_width = w->width;
    w->old_height = w->height;
    w->width = width;
    w->height = height;
    SDL_RenderSetLogicalSize(w->renderer, width, height);
    sdl_fit(w);
    return true;
}

static void copy(struct sdl_window *w, const struct picture *p, unsigned first, unsigned end)
{
    SDL_Rect lines = {0, (int)first, w->width, (int)(end - first)};
    int pitch = (int)(p->width * sizeof *p->pixels);
    if (first < end)
        SDL_UpdateTexture(w->texture, &lines, p->pixels + (size_t)first * p->width, pitch);
}

static void look(struct sdl_window *w)
{
    const struct picture *p = screen_look(w->setup->screen, &w->view);
    bool fits = w->texture && (int)p->width == w->width && (int)p->height == w->height;
    if (p->pixels && (fits || resize(w, (int)p->width, (int)p->height)))
        copy(w, p, fits ? w->view.first : 0, fits ? w->view.end : p->height);
    screen_end_look(w->setup->screen, &w->view);
}

static void show(struct sdl_window *w)
{
    SDL_SetRenderDrawColor(w->renderer, 0, 0, 0, SDL_ALPHA_OPAQUE);
    SDL_RenderClear(w->renderer);
    if (w->texture)
        SDL_RenderCopy(w->renderer, w->texture, NULL, NULL);
    SDL_RenderPresent(w->renderer);
}

/* --- the window --- */

/* The environment goes before them: SDL_VIDEODRIVER names another driver. */
static void set_hints(void)
{
    SDL_SetHint(SDL_HINT_VIDEODRIVER, "x11,wayland"); /* others show nothing, or take the console */
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_RENDER_DRIVER, "software");
    SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "linear");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_GRAB_KEYBOARD, "1");
    SDL_SetHint(SDL_HINT_APP_NAME, "Tessera");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
}

static bool create_window(struct sdl_window *w)
{
    enum { WIDTH = 720, HEIGHT = 400 }; /* a PC's text screen */
    const struct display_request *r = w->setup->request;
    Uint32 flags = SDL_WINDOW_RESIZABLE | (r->full_screen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
    w->window = SDL_CreateWindow(w->setup->title, SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED,
                                 WIDTH, HEIGHT, flags);
    if (!w->window)
        return false;
    w->renderer = SDL_CreateRenderer(w->window, -1, SDL_RENDERER_SOFTWARE);
    return w->renderer && resize(w, WIDTH, HEIGHT);
}

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

/* Without a window system SDL's libraries would complain on standard error, each by itself. */
static bool open_window(struct sdl_window *w, struct error *error)
{
    set_hints();
    if (!screen_add_view(w->setup->screen, &w->view, error))
        return false;
    w->has_view = true;
    sdl_survive_x(w);
    if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") && !is_set("SDL_VIDEODRIVER"))
        return error_set(error,
                         "there is no window system: DISPLAY and WAYLAND_DISPLAY are not set");
    if (SDL_Init(SDL_INIT_VIDEO) != 0)
        return error_set(error,
                         "%s (is there a window system, and DISPLAY or WAYLAND_DISPLAY set?)",
                         SDL_GetError());
    if (!create_window(w))
        return error_set(error, "%s", SDL_GetError());
    w->fd = sdl_descriptor(w);
    w->latin1 = SDL_iconv_open("UTF-8", "ISO-8859-1");
    /* Once now: Xlib and its cursors read the user's files when they are first needed. */
    SDL_SetRelativeMouseMode(SDL_TRUE);
    SDL_SetRelativeMouseMode(SDL_FALSE);
    sdl_init_input(w);
    return true;
}

/* When the window system has gone, nothing can be said to it. */
static void close_window(struct sdl_window *w)
{
    if (w->has_view)
        screen_remove_view(w->setup->screen, &w->view);
    if (w->latin1)
        SDL_iconv_close(w->latin1);
    if (w->is_lost)
        return;
    if (w->texture)
        SDL_DestroyTexture(w->texture);
    if (w->renderer)
        SDL_DestroyRenderer(w->renderer);
    if (w->window)
        SDL_DestroyWindow(w->window);
    SDL_Quit();
}

/* --- the thread --- */

/* Some of SDL's events come late, by its own clock; of others there is nothing to wait for. */
static int pause_of(const struct sdl_window *w)
{
    enum { BY_DESCRIPTOR_MS = 100, BY_ASKING_MS = 10 };
    return w->fd >= 0 ? BY_DESCRIPTOR_MS : BY_ASKING_MS;
}

static void run_window(struct sdl_window *w, int stop_fd)
{
    struct pollfd fds[] = {{.fd = stop_fd, .events = POLLIN},
                           {.fd = w->view.fd, .events = POLLIN},
                           {.fd = w->fd, .events = POLLIN}};
    while (!fds[0].revents && !w->is_lost) {
        bool is_stale = sdl_take_events(w);
        if (!w->is_lost)
            sdl_check_title(w);
        if (fds[1].revents)
            look(w);
        if (fds[1].revents || is_stale)
            show(w);
        if (poll(fds, 3, w->is_lost ? 0 : pause_of(w)) < 0)
            fds[0].revents = fds[1].revents = 0;
    }
    if (w->is_lost) {
        fprintf(stderr, "tessera: the window system has gone, and the window with it\n");
        sdl_release(w);
        w->setup->leave(w->setup->owner);
    }
}

static void *run(void *sdl)
{
    struct sdl *s = sdl;
    s->is_open = open_window(&s->window, s->error);
    bool is_open = s->is_open;
    sem_post(&s->opened);
    if (is_open)
        run_window(&s->window, s->stop_fd);
    close_window(&s->window);
    return NULL;
}

static void end(struct sdl *s)
{
    pthread_join(s->thread, NULL);
    close(s->stop_fd);
    sem_destroy(&s->opened);
    free(s);
}

static void close_sdl(void *d)
{
    static const uint64_t one = 1;
    struct sdl *s = d;
    if (write(s->stop_fd, &one, sizeof one) < 0)
        abort(); /* a new eventfd takes a one */
    end(s);
}

static struct sdl *create(const struct display_setup *setup, struct error *error)
{
    struct sdl *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->window.setup = setup;
    s->window.fd = -1;
    s->error = error;
    s->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    sem_init(&s->opened, 0, 0);
    if (s->stop_fd >= 0 && thread_start(&s->thread, run, s, 0))
        return s;
    close(s->stop_fd);
    free(s);
    return NULL;
}

static void *open_sdl(const struct display_setup *setup, struct error *error)
{
    struct sdl *s = create(setup, error);
    if (!s) {
        error_set(error, "the host has no room for a window's thread: %s", strerror(errno));
        return NULL;
    }
    while (sem_wait(&s->opened) != 0)
        ;
    if (s->is_open)
        return s;
    end(s);
    return NULL;
}

const struct display sdl_display = {
    .name = "sdl",
    .usage = "sdl",
    .needs = SANDBOX_WINDOW,
    .open = open_sdl,
    .close = close_sdl,
};

#else

const struct display sdl_display = {.name = "sdl", .usage = "sdl", .package = "libsdl2-dev"};

#endif
