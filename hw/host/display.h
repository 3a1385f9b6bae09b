/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A display is a value: what -display names. It shows a screen (hw/host/screen.h) and brings keys
 * and the mouse (hw/host/input.h), in threads of its own beside the cpu's: nobody who looks slowly
 * slows the guest. The list of them all is in display.c.
 *
 *   displays_open(&d, &options->display, &setup, &error)     before the sandbox is entered
 *   displays_close(&d)                                       before screen and input are destroyed
 */
#ifndef HW_HOST_DISPLAY_H
#define HW_HOST_DISPLAY_H

#include "hw/host/error.h"

#include <stdatomic.h>
#include <stdbool.h>

enum { DISPLAYS = 4, SECRETS = 8 };

struct display;
struct listener;
struct screen;
struct input;

/* What the user says of one. */
struct display_request {
    const struct display *display;
    const char *address;  /* vnc: HOST:NUMBER; web: HOST:PORT */
    unsigned to;          /* vnc: numbers up to this one are tried, too */
    const char *password; /* id of the secret in which it is */
    const char *novnc;    /* web: the folder of its page; NULL: where Debian puts it */
    bool full_screen;
};

struct display_options {
    struct display_request request[DISPLAYS];
    unsigned count;
    bool none;            /* what is not asked for is not wanted */
    bool no_graphic;      /* the same, and the terminal is for all */
    bool full_screen;     /* of a window */
    bool is_expected;     /* the guest's screen will be missed if nothing shows it */
    const char *name;     /* the guest's, for titles; may be NULL */
    const char *keyboard; /* -k: a layout's name; may be NULL */
    struct secret {
        const char *id, *text, *path; /* either the text or a file */
    } secret[SECRETS];
    unsigned secrets;
};

struct layout;

/* What a display gets when it is opened; stays the caller's until it is closed. */
struct display_setup {
    const struct display_request *request;
    const char *title; /* "Tessera", or the guest's name before that */
    const char *password;
    const struct layout *layout;
    struct screen *screen;
    struct input *input;
    const atomic_bool *is_stopped; /* the guest, for titles; NULL: it never is */
    /* From any thread: the user wants the guest to end. */
    void (*leave)(void *owner);
    void *owner;
};

struct display {
    const char *name;
    const char *usage;   /* "vnc=HOST:NUMBER": as it is asked for; an address is wanted behind = */
    const char *package; /* not built in, for want of this; else NULL */
    unsigned needs;      /* of the sandbox: hw/host/sandbox.h */
    /* NULL and an error if it cannot be shown there. */
    void *(*open)(const struct display_setup *setup, struct error *error);
    void (*close)(void *d);
    /* Where viewers come to (hw/host/listener.h); may be NULL. */
    struct listener *(*listener)(void *d);
    bool uses_terminal; /* standard input and output are its own */
};

extern const struct display sdl_display, vnc_display, web_display, curses_display;
/* One after the other, then NULL. */
const struct display *display_number(unsigned i);

/* What is needed of the sandbox, as far as is known before they are opened. */
unsigned displays_needs(const struct display_options *o);

struct displays {
    struct display_setup setup[DISPLAYS];
    void *open[DISPLAYS];
    unsigned count;
    struct layout *layout;
    char title[128];
    char password[DISPLAYS][16];
};

/*
 * Those that the user asks for. If that is none, and he has not forbidden it, a window, if there is
 * a place for one: then it is no error if it cannot be opened, and a line on standard error says
 * so, as it does without a place if a screen is expected. In `setup`: screen, input, leave, owner.
 */
bool displays_open(struct displays *d, const struct display_options *o,
                   const struct display_setup *setup, struct error *error);
/* Those that are open; may be called again, and on all zeros. */
void displays_close(struct displays *d);

#endif
