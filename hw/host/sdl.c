/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hw/host/display.h"

const struct display sdl_display = {.name = "sdl", .package = "none yet"};
