/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the files of the screen only: see screen.h. */
#ifndef HW_HOST_SCREEN_INTERNAL_H
#define HW_HOST_SCREEN_INTERNAL_H

#include "hw/host/screen.h"

/*
 * On the cpu's thread: the picture of the moment and its text (NULL: it is one of pixels), locked
 * until screen_end_now.
 */
const struct picture *screen_now(struct screen *s, const struct screen_text **text);
void screen_end_now(struct screen *s);

#endif
