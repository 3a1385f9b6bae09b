/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys and the mouse, from whoever has them (a window, a viewer, a script) to the machine's
 * keyboard and mouse.
 *
 *   input_key(input, KEY_ENTER, true);         from any thread
 *   input_deliver(input);                      on the cpu's thread: the sink gets them, in order
 *
 * A key is a place on the keyboard, whatever is printed there: its make code in scan code set 1,
 * and KEY_E0 if E0h comes before that.
 */
#ifndef HW_HOST_INPUT_H
#define HW_HOST_INPUT_H

#include <stdbool.h>
#include <stdint.h>

enum {
    KEY_E0 = 0x80,
    KEY_PRINT = KEY_E0 | 0x37,
    KEY_PAUSE = KEY_E0 | 0x46, /* which sends E1h and more */
    KEYS = 0x100
};
enum { BUTTON_LEFT, BUTTON_RIGHT, BUTTON_MIDDLE, BUTTON_4, BUTTON_5, BUTTONS };
/* Positions on the screen are from 0 to that. */
enum { INPUT_ACROSS = 0x7fff };
/* The keyboard's lights, as command EDh has them. */
enum { LED_SCROLL_LOCK = 1, LED_NUM_LOCK = 2, LED_CAPS_LOCK = 4 };

/* What takes them, on the cpu's thread. */
struct input_sink {
    void *chip;
    void (*key)(void *chip, unsigned key, bool down);
    /* To the right, down, and of the wheel towards the user; `buttons`: bit n, BUTTON n is down. */
    void (*mouse)(void *chip, int dx, int dy, int wheel, unsigned buttons);
    /* Would it take one more without losing any? While not, those of its kind wait here. */
    bool (*key_room)(void *chip);
    bool (*mouse_room)(void *chip);
    /*
     * A tablet, or NULL: where the pointer is, of INPUT_ACROSS both ways; does it take that? Then
     * only motions without a way come to `mouse` by it: buttons and the wheel.
     */
    void (*position)(void *chip, unsigned x, unsigned y, unsigned buttons);
    bool (*is_absolute)(void *chip);
    unsigned (*leds)(void *chip);
};

struct input;
/* `ring` is called, from any thread, when there is something to deliver. NULL: no memory. */
struct input *input_create(void (*ring)(void *owner), void *owner);
void input_destroy(struct input *s); /* which may be NULL */
/* Copied. Before any thread but the cpu's has the input. */
void input_set_sink(struct input *s, const struct input_sink *sink);

/*
 * From any thread. Motions that wait are added up. Of keys, and of presses of buttons, a few
 * hundred wait, others are lost; what has been pressed always comes up again. A key that is down
 * already is not pressed again: the keyboard repeats by itself.
 */
void input_key(struct input *s, unsigned key, bool down);
void input_motion(struct input *s, int dx, int dy, int wheel);
/* The pointer is at x / INPUT_ACROSS of the screen's width, and so on. Without a tablet it is lost.
 */
void input_position(struct input *s, unsigned x, unsigned y);
/* Positions are wanted, not motions. */
bool input_is_absolute(struct input *s);
/* Of a pointer at that pixel, or beyond an edge, of a picture of that size. */
unsigned input_across(int pixel, int size);
void input_button(struct input *s, unsigned button, bool down);
/* All keys and buttons that are down come up: the one who pressed them is gone. */
void input_release_all(struct input *s);
/* Which lights are on. */
unsigned input_leds(struct input *s);

/* On the cpu's thread. */
void input_deliver(struct input *s);

#endif
