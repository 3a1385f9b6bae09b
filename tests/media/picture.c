/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/media/picture.h"

#include <inttypes.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a. */
static uint64_t digest_of(const uint8_t *rgb, unsigned width, const struct region *r)
{
    uint64_t digest = 0xcbf29ce484222325;
    for (unsigned y = r->y; y < r->y + r->height; y++)
        for (unsigned i = 3 * r->x; i < 3 * (r->x + r->width); i++)
            digest = (digest ^ rgb[(size_t)3 * width * y + i]) * 0x100000001b3;
    return digest;
}

void picture_digest(const char *path, const struct region *r, char digest[17])
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    strcpy(digest, "none");
    if (!png_image_begin_read_from_file(&image, path))
        return;
    image.format = PNG_FORMAT_RGB;
    uint8_t *rgb = malloc(PNG_IMAGE_SIZE(image));
    if (!rgb || !png_image_finish_read(&image, NULL, rgb, 0, NULL))
        png_image_free(&image);
    else if (r->x + r->width > image.width || r->y + r->height > image.height)
        strcpy(digest, "outside");
    else
        snprintf(digest, 17, "%016" PRIx64, digest_of(rgb, image.width, r));
    free(rgb);
}
