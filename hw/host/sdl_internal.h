/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of the window. */
#ifndef HW_HOST_SDL_INTERNAL_H
#define HW_HOST_SDL_INTERNAL_H

#include "hw/host/display.h"
#include "hw/host/keymap.h"
#include "hw/host/screen.h"
#include "hw/host/sdl_library.h"

struct sdl_window {
    const struct display_setup *setup;
    struct screen_view view;
    bool has_view;
    SDL_Window *window;
    SDL_Renderer *renderer;
    SDL_Texture *texture;
    int width, height;         /* of the texture */
    int old_width, old_height; /* before that: the window system may still tell of it */
    bool is_users_size;        /* and not to be changed with the guest's */
    bool was_full_screen;      /* and its next size is the one from before that */
    int fd;                    /* of the window system's connection; -1: not known */
    bool is_lost;              /* the window system is not there any more */
    SDL_iconv_t latin1; /* kept open: SDL converts with each key, and the sandbox opens no files */
    struct typist typist;
    bool says_stopped; /* the title */
    bool has_mouse;    /* what the mouse does is the guest's */
    bool is_absolute;  /* as it is anyhow if the guest has a tablet */
};

/* The guest's size, unless the user has chosen one. */
void sdl_fit(struct sdl_window *w);
bool sdl_is_full_screen(const struct sdl_window *w);

/* --- sdl_input.c --- */

void sdl_init_input(struct sdl_window *w);
/* The title says whether the guest is stopped. */
void sdl_check_title(struct sdl_window *w);
/* Does the guest have a tablet? */
void sdl_check_pointer(struct sdl_window *w);
/* What has happened; true if the window is to be drawn again. */
bool sdl_take_events(struct sdl_window *w);
/* All keys and buttons come up. */
void sdl_release(struct sdl_window *w);

/* --- sdl_x11.c --- */

/* Xlib ends the program if its server goes, or does not like something. Before SDL_Init. */
void sdl_survive_x(struct sdl_window *w);
/* What can be waited for, or -1. */
int sdl_descriptor(struct sdl_window *w);

#endif
