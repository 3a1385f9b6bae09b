/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys and the mouse of the window. A key is told by its place. The mouse is the guest's once its
 * left button has been pressed in the window, until Ctrl-Alt-G; or, of a guest with a tablet, as
 * long as its pointer is in the window.
 */
#ifdef HAVE_SDL2

#include "hw/host/sdl_internal.h"

static void set_title(struct sdl_window *w)
{
    char title[256];
    snprintf(title, sizeof title, "%s%s - %s", w->setup->title, w->says_stopped ? " [Stopped]" : "",
             w->has_mouse     ? "Ctrl-Alt-G releases the mouse"
             : w->is_absolute ? "its pointer is yours"
                              : "click to use the mouse");
    SDL_SetWindowTitle(w->window, title);
}

void sdl_check_title(struct sdl_window *w)
{
    bool is_stopped = w->setup->is_stopped && atomic_load(w->setup->is_stopped);
    if (is_stopped == w->says_stopped)
        return;
    w->says_stopped = is_stopped;
    set_title(w);
}

static void give_mouse(struct sdl_window *w, bool to_guest)
{
    if (w->has_mouse == to_guest)
        return;
    w->has_mouse = to_guest;
    SDL_SetRelativeMouseMode(to_guest);
    SDL_SetWindowGrab(w->window, to_guest);
    set_title(w);
    if (!to_guest)
        for (unsigned i = 0; i < BUTTONS; i++)
            input_button(w->setup->input, i, false);
}

/* With a tablet nothing has to be held fast; its guest draws a pointer of its own. */
void sdl_check_pointer(struct sdl_window *w)
{
    bool is_absolute = input_is_absolute(w->setup->input);
    if (is_absolute == w->is_absolute)
        return;
    w->is_absolute = is_absolute;
    if (is_absolute)
        give_mouse(w, false);
    SDL_ShowCursor(is_absolute ? SDL_DISABLE : SDL_ENABLE);
    set_title(w);
}

void sdl_release(struct sdl_window *w)
{
    typist_release(&w->typist);
    for (unsigned i = 0; i < BUTTONS; i++)
        input_button(w->setup->input, i, false);
}

static void toggle_full_screen(struct sdl_window *w)
{
    bool full = !sdl_is_full_screen(w);
    SDL_SetWindowFullscreen(w->window, full ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
    w->was_full_screen = !full;
    give_mouse(w, full && !w->is_absolute);
}

static void restore_size(struct sdl_window *w)
{
    w->is_users_size = false;
    sdl_fit(w);
}

/* Ctrl-Alt with a key; false if it is the guest's. */
static bool command(struct sdl_window *w, SDL_Scancode code)
{
    if (code == SDL_SCANCODE_F)
        toggle_full_screen(w);
    else if (code == SDL_SCANCODE_G)
        give_mouse(w, !w->has_mouse && !w->is_absolute);
    else if (code == SDL_SCANCODE_U)
        restore_size(w);
    else
        return false;
    return true;
}

static void key(struct sdl_window *w, const SDL_KeyboardEvent *e)
{
    bool down = e->type == SDL_KEYDOWN;
    unsigned number = keymap_of_usage((unsigned)e->keysym.scancode);
    bool is_command = e->keysym.mod & KMOD_CTRL && e->keysym.mod & KMOD_LALT;
    if (e->repeat || (down && is_command && command(w, e->keysym.scancode)))
        return;
    if (number)
        typist_key(&w->typist, number, down);
}

static void button(struct sdl_window *w, const SDL_MouseButtonEvent *e)
{
    static const uint8_t buttons[] = {
        [SDL_BUTTON_LEFT] = BUTTON_LEFT,   [SDL_BUTTON_MIDDLE] = BUTTON_MIDDLE,
        [SDL_BUTTON_RIGHT] = BUTTON_RIGHT, [SDL_BUTTON_X1] = BUTTON_4,
        [SDL_BUTTON_X2] = BUTTON_5,
    };
    bool down = e->type == SDL_MOUSEBUTTONDOWN;
    bool is_guests = w->has_mouse || w->is_absolute;
    if (is_guests && e->button && e->button < sizeof buttons)
        input_button(w->setup->input, buttons[e->button], down);
    else if (down && e->button == SDL_BUTTON_LEFT)
        give_mouse(w, true);
}

/* Of the renderer's logical size, which is the guest's. */
static void motion(struct sdl_window *w, const SDL_MouseMotionEvent *e)
{
    if (w->is_absolute)
        input_position(w->setup->input, input_across(e->x, w->width),
                       input_across(e->y, w->height));
    else if (w->has_mouse)
        input_motion(w->setup->input, e->xrel, e->yrel, 0);
}

/* SDL's wheel turns away from the user. */
static void wheel(struct sdl_window *w, const SDL_MouseWheelEvent *e)
{
    int turn = e->direction == SDL_MOUSEWHEEL_FLIPPED ? e->y : -e->y;
    if ((w->has_mouse || w->is_absolute) && turn)
        input_motion(w->setup->input, 0, 0, turn);
}

/* To a size that the user wants, unless it is the one from before a full screen. */
static void resized(struct sdl_window *w, int width, int height)
{
    if (sdl_is_full_screen(w))
        return;
    if (w->was_full_screen)
        sdl_fit(w);
    else
        w->is_users_size = (width != w->width || height != w->height) &&
                           (width != w->old_width || height != w->old_height);
    w->was_full_screen = false;
}

/* True if it is to be drawn again. */
static bool change(struct sdl_window *w, const SDL_WindowEvent *e)
{
    switch (e->event) {
    case SDL_WINDOWEVENT_CLOSE:
        w->setup->leave(w->setup->owner);
        return false;
    case SDL_WINDOWEVENT_FOCUS_LOST:
        sdl_release(w);
        give_mouse(w, false);
        return false;
    case SDL_WINDOWEVENT_RESIZED:
        resized(w, e->data1, e->data2);
        return true;
    case SDL_WINDOWEVENT_EXPOSED:
    case SDL_WINDOWEVENT_SIZE_CHANGED:
        return true;
    default:
        return false;
    }
}

static bool take(struct sdl_window *w, const SDL_Event *e)
{
    switch (e->type) {
    case SDL_QUIT:
        w->setup->leave(w->setup->owner);
        return false;
    case SDL_WINDOWEVENT:
        return change(w, &e->window);
    case SDL_KEYDOWN:
    case SDL_KEYUP:
        key(w, &e->key);
        return false;
    case SDL_MOUSEMOTION:
        motion(w, &e->motion);
        return false;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        button(w, &e->button);
        return false;
    case SDL_MOUSEWHEEL:
        wheel(w, &e->wheel);
        return false;
    default:
        return e->type == SDL_RENDER_TARGETS_RESET;
    }
}

bool sdl_take_events(struct sdl_window *w)
{
    bool is_stale = false;
    SDL_Event e;
    sdl_check_pointer(w);
    while (!w->is_lost && SDL_PollEvent(&e))
        is_stale |= take(w, &e);
    return is_stale;
}

void sdl_init_input(struct sdl_window *w)
{
    typist_init(&w->typist, w->setup->layout, w->setup->input);
    SDL_StopTextInput(); /* keys are wanted, not words */
    set_title(w);
    if (w->setup->request->full_screen)
        give_mouse(w, true);
}

#endif
