/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SDL does not know of X. */
#ifdef HAVE_SDL2

#include "hw/host/sdl_internal.h"

#include <SDL2/SDL_syswm.h>
#include <dlfcn.h>

#ifdef SDL_VIDEO_DRIVER_X11

static struct sdl_window *shown; /* handlers of errors get nothing of ours */

static int note_loss(Display *display)
{
    (void)display;
    shown->is_lost = true;
    return 0;
}

static void go_on(Display *display, void *window)
{
    (void)display;
    ((struct sdl_window *)window)->is_lost = true;
}

/* A request that X refuses changes nothing. */
static int ignore(Display *display, XErrorEvent *event)
{
    (void)display;
    (void)event;
    return 0;
}

/* Xlib is there if SDL has brought it. */
void sdl_survive_x(struct sdl_window *w)
{
    XIOErrorHandler (*set_io_handler)(XIOErrorHandler);
    XErrorHandler (*set_handler)(XErrorHandler);
    *(void **)&set_io_handler = dlsym(RTLD_DEFAULT, "XSetIOErrorHandler");
    *(void **)&set_handler = dlsym(RTLD_DEFAULT, "XSetErrorHandler");
    shown = w;
    if (set_io_handler)
        set_io_handler(note_loss);
    if (set_handler)
        set_handler(ignore);
}

int sdl_descriptor(struct sdl_window *w)
{
    void (*set_exit_handler)(Display *, XIOErrorExitHandler, void *);
    char *(*get_default)(Display *, const char *, const char *);
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (!SDL_GetWindowWMInfo(w->window, &info) || info.subsystem != SDL_SYSWM_X11)
        return -1;
    *(void **)&get_default = dlsym(RTLD_DEFAULT, "XGetDefault");
    if (get_default) /* reads the user's files, which it cannot in the sandbox, only once */
        get_default(info.info.x11.display, "Xcursor", "theme");
    *(void **)&set_exit_handler = dlsym(RTLD_DEFAULT, "XSetIOErrorExitHandler");
    if (set_exit_handler)
        set_exit_handler(info.info.x11.display, go_on, w);
    return ConnectionNumber(info.info.x11.display);
}

#else

void sdl_survive_x(struct sdl_window *w)
{
    (void)w;
}

int sdl_descriptor(struct sdl_window *w)
{
    (void)w;
    return -1;
}

#endif
#endif
