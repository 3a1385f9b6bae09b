/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys by their names, as what a terminal of the kind xterm-256color sends. */
#ifndef TESTS_MEDIA_KEYS_H
#define TESTS_MEDIA_KEYS_H

#include <stddef.h>

/*
 * Makes the sequence of the first key of a text: a character, or a name as <enter>, <f12> or
 * <alt-x>. Returns the text behind it; fails the test if there is no such name.
 */
const char *key_sequence(const char *text, char sequence[16]);

#endif
