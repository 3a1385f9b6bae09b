/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of PNG files. */
#ifndef TESTS_MEDIA_PICTURE_H
#define TESTS_MEDIA_PICTURE_H

#include "tests/media/player.h"

/*
 * The digest of a part's pixels, as 16 digits; "none" if the file is no whole PNG, "outside" if the
 * picture has no such part.
 */
void picture_digest(const char *path, const struct region *r, char digest[17]);

#endif
