/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The screen between a graphics card and those who show it: windows, viewers, files.
 *
 * The card's memory is the cpu's, which must not wait. So a picture comes about in two steps: on
 * the cpu's thread the card latches what has changed since the last time (registers, dirty pages),
 * which is a copy; on a thread of the screen's it draws what it has latched. While somebody looks,
 * that thread asks for the first step sixty times a second, half as often if nothing changes.
 */
#ifndef HW_HOST_SCREEN_H
#define HW_HOST_SCREEN_H

#include "hw/host/error.h"

#include <stdbool.h>
#include <stdint.h>

/* Pixels are 0x00RRGGBB, line by line without a gap. */
struct picture {
    unsigned width, height;
    uint32_t *pixels; /* malloc's */
};
/* Gives it another size, all black; false, and left as it was, if there is no memory. */
bool picture_resize(struct picture *p, unsigned width, unsigned height);

enum { SCREEN_COLUMNS = 256, SCREEN_ROWS = 128 };
/* A screen of text. Characters are of code page 437. */
struct screen_text {
    unsigned columns, rows;
    uint8_t character[SCREEN_ROWS][SCREEN_COLUMNS];
    uint8_t attribute[SCREEN_ROWS][SCREEN_COLUMNS]; /* background << 4 | foreground, of CGA's 16 */
    bool has_cursor;
    unsigned cursor_column, cursor_row;
};
/* What a character of code page 437 looks like, in Unicode; number 0 is a blank. */
extern const uint16_t screen_unicode[256];

/* What a card gives to a screen. */
struct video {
    void *card;
    /*
     * On the cpu's thread; false: the picture is as it was. `everything`: what is clean has to be
     * drawn, too.
     */
    bool (*latch)(void *card, bool everything);
    /*
     * Of what was latched, while nothing is: draws into the picture, which is as this function left
     * it, and which it may resize. Lines in [*first, *end) are those that changed; none before.
     */
    void (*draw)(void *card, struct picture *p, unsigned *first, unsigned *end);
    /* Likewise, after `draw`; false if a picture of pixels is shown. */
    bool (*text)(void *card, struct screen_text *t);
};

struct screen;
/*
 * `refresh` is called from any thread: screen_latch is wanted, on the cpu's. NULL, and the error,
 * if the host has no room for it.
 */
struct screen *screen_create(const struct video *video, void (*refresh)(void *owner), void *owner,
                             struct error *error);
/* All views have been removed. NULL is none. */
void screen_destroy(struct screen *s);
/* On the cpu's thread; costs a test if no refresh is due. */
void screen_latch(struct screen *s);

/* --- for those who show it, each from a thread of its own --- */

/* Zeroed, but for what screen_add_view sets. */
struct screen_view {
    struct screen_view *next;
    int fd; /* an eventfd: readable when there is something to show, until screen_look */
    /* From screen_look to screen_end_look, since the last look: lines that changed; another size.
     */
    unsigned first, end;
    bool resized;
};
/* Begins with all lines changed. */
bool screen_add_view(struct screen *s, struct screen_view *v, struct error *error);
void screen_remove_view(struct screen *s, struct screen_view *v);
/*
 * The picture, locked until screen_end_look: copy what is needed, and do not wait meanwhile. What
 * changed is in the view. Pixels are NULL as long as nothing has been drawn: its size is 0 then.
 */
const struct picture *screen_look(struct screen *s, struct screen_view *v);
void screen_end_look(struct screen *s, struct screen_view *v);
/* The text of the picture; false if one of pixels is shown. Not between look and end_look. */
bool screen_text(struct screen *s, struct screen_text *t);

/* --- of the moment, from the cpu's thread; false, and errno, if it cannot be written --- */

/* Files are written from their beginnings, if they have such. */
bool screen_write_png(struct screen *s, int fd);
/* The text as UTF-8, a line each, without the blanks at their ends; of pixels: nothing. */
bool screen_write_text(struct screen *s, int fd);
/* Does the file hold the same picture? Else the error says what differs. */
bool screen_compare_png(struct screen *s, FILE *from, struct error *error);
void screen_print_text(struct screen *s, FILE *to);

#endif
