/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of displays, and the opening of those that are wanted. */
#include "hw/host/display.h"

#include "hw/host/keymap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct display *display_number(unsigned i)
{
    static const struct display *const displays[] = {&sdl_display, &curses_display, &vnc_display,
                                                     &web_display, NULL};
    return displays[i];
}

/* --- what is wanted --- */

static bool has_window_system(void)
{
    const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");
    return (x && *x) || (wayland && *wayland);
}

/* The window that is opened because nothing was said. */
static bool is_by_default(const struct display_options *o)
{
    return !o->count && !o->none && sdl_display.open && has_window_system();
}

unsigned displays_needs(const struct display_options *o)
{
    unsigned needs = is_by_default(o) ? sdl_display.needs : 0;
    for (unsigned i = 0; i < o->count; i++)
        needs |= o->request[i].display->needs;
    return needs;
}

/* --- passwords --- */

static bool read_secret(const struct secret *s, char *to, size_t size, struct error *error)
{
    FILE *file = s->path ? fopen(s->path, "re") : NULL;
    size_t length = 0;
    if (s->path && !file)
        return error_set(error, "%s: %s", s->path, strerror(errno));
    if (file) {
        length = fread(to, 1, size - 1, file);
        int why = ferror(file) ? errno : 0;
        fclose(file);
        if (why)
            return error_set(error, "%s: %s", s->path, strerror(why));
    } else {
        length = (size_t)snprintf(to, size, "%s", s->text);
    }
    to[length < size ? length : size - 1] = '\0';
    to[strcspn(to, "\r\n")] = '\0';
    return true;
}

/* Whoever gives one means it to be there, wanted or not. */
static bool check_secrets(const struct display_options *o, struct error *error)
{
    char text[2];
    struct error why;
    for (const struct secret *s = o->secret; s < o->secret + o->secrets; s++)
        if (!read_secret(s, text, sizeof text, &why))
            return error_set(error, "-object secret,id=%s: %s", s->id, why.text);
    return true;
}

/* VNC's authentication takes eight characters of it. */
static bool find_password(const struct display_options *o, const char *id, char *to, size_t size,
                          struct error *error)
{
    enum { LONGEST = 8 };
    const struct secret *s = o->secret;
    while (s < o->secret + o->secrets && strcmp(s->id, id) != 0)
        s++;
    if (s == o->secret + o->secrets)
        return error_set(error, "password-secret=%s: no -object secret has that id", id);
    if (!read_secret(s, to, size, error))
        return false;
    if (!*to || strlen(to) > LONGEST)
        return error_set(error, "password-secret=%s: not 1 to %d characters, which is what VNC has",
                         id, LONGEST);
    return true;
}

/* --- opening --- */

static bool open_one(struct displays *d, const struct display_options *o,
                     const struct display_request *r, struct error *error)
{
    struct display_setup *s = &d->setup[d->count];
    char *password = d->password[d->count];
    struct error why;
    const char *name = r->display->name;
    s->request = r;
    s->title = d->title;
    s->layout = d->layout;
    if (!r->display->open)
        return error_set(error, "-display %s: Tessera was built without it (package %s)", name,
                         r->display->package);
    if (r->password && !find_password(o, r->password, password, sizeof d->password[0], &why))
        return error_set(error, "-display %s: %s", name, why.text);
    s->password = r->password ? password : NULL;
    void *open = r->display->open(s, &why);
    if (!open)
        return error_set(error, "-display %s: %s", name, why.text);
    d->open[d->count++] = open;
    return true;
}

static void say_no_window(const char *why)
{
    fprintf(stderr,
            "tessera: %s; so there is no window "
            "(-display curses, vnc= or web=, or -nographic)\n",
            why);
}

static void open_default(struct displays *d, const struct display_options *o)
{
    static struct display_request window = {.display = &sdl_display};
    struct error error;
    window.full_screen = o->full_screen;
    if (!open_one(d, o, &window, &error))
        say_no_window(error.text);
}

static void say_if_missed(const struct display_options *o)
{
    if (o->is_expected && !o->none)
        say_no_window(sdl_display.open ? "DISPLAY and WAYLAND_DISPLAY are not set"
                                       : "Tessera was built without windows");
}

static bool set_layout(struct displays *d, const struct display_options *o, struct error *error)
{
    d->layout = layout_create(o->keyboard, error);
    return d->layout != NULL;
}

bool displays_open(struct displays *d, const struct display_options *o,
                   const struct display_setup *setup, struct error *error)
{
    *d = (struct displays){0};
    snprintf(d->title, sizeof d->title, "%s%sTessera", o->name ? o->name : "",
             o->name ? " - " : "");
    if (!check_secrets(o, error))
        return false;
    if (!o->count && !is_by_default(o)) {
        say_if_missed(o);
        return !o->keyboard || set_layout(d, o, error);
    }
    if (!set_layout(d, o, error))
        return false;
    for (unsigned i = 0; i < DISPLAYS; i++)
        d->setup[i] = *setup;
    for (unsigned i = 0; i < o->count; i++)
        if (!open_one(d, o, &o->request[i], error)) {
            displays_close(d);
            return false;
        }
    if (is_by_default(o))
        open_default(d, o);
    return true;
}

void displays_close(struct displays *d)
{
    while (d->count-- > 0)
        d->setup[d->count].request->display->close(d->open[d->count]);
    d->count = 0;
    layout_destroy(d->layout);
    d->layout = NULL;
}
