/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tests of displays share: a card that shows what the test draws, a keyboard and a mouse that
 * write down what comes, and a thread in the cpu's place that serves both.
 */
#ifndef TESTS_DISPLAY_STAGE_H
#define TESTS_DISPLAY_STAGE_H

#include "hw/host/display.h"
#include "hw/host/input.h"
#include "hw/host/screen.h"

#include "tests/assert.h"

#include <stdatomic.h>

enum { PATIENCE_S = 120 }; /* in which even a much slower machine has answered */

/* --- the guest --- */

/* On the stage there is one of each. */
extern struct screen *stage_screen;
extern struct input *stage_input;

extern atomic_bool stage_is_stopped; /* the guest */
/* Each test is a process of its own: setup and teardown of cases. */
void stage_begin(void);
void stage_end(void);

/* A picture of pixels of that size: (x, y) is stage_pixel(x, y, 0). */
void stage_graphics(unsigned width, unsigned height);
uint32_t stage_pixel(unsigned x, unsigned y, unsigned shade);
/* Line y is of another shade. */
void stage_draw(unsigned y, unsigned shade);
/* A text screen of 80 times 25, with words at a place in an attribute. */
void stage_text(unsigned column, unsigned row, uint8_t attribute, const char *words);

/*
 * Waits until the guest has got these keys and motions, and nothing else, since the last time:
 * "+1e -1e" is a key that goes down and comes up, "m3,-4,0" a motion, "p7fff,0" another place of
 * the pointer, "b1" the buttons then.
 */
void stage_expect(const char *events);
/* Its driver takes up a tablet, or lets it go: places are wanted, or motions. */
void stage_take_up_tablet(bool is_there);
/* Waits until somebody wants the guest to end. */
void stage_expect_leave(void);
/* How often the cpu's thread has come round: it goes on whatever viewers do. */
unsigned stage_rounds(void);

/* --- displays --- */

/* Opened with a request for that display alone; the error's text, or NULL. */
const char *stage_open(const struct display *display, struct display_request request);
void stage_close(void);
/* The request is for more than an address: names, secrets, a layout. */
extern struct display_options stage_options;
/* What has been written to standard error since stage_begin. */
const char *stage_said(void);
/* The number behind the text where that was said last. */
unsigned stage_last_number(const char *text);

int stage_connect(unsigned port);
/* Of that many bytes, within the time that is there. */
void stage_read(int fd, void *bytes, size_t size);
void stage_write(int fd, const void *bytes, size_t size);
/* Reads on until the other side has closed. */
void stage_expect_end(int fd);

Suite *keymap_suite(void), *vnc_suite(void), *web_suite(void), *curses_suite(void),
    *sdl_suite(void);

#endif
