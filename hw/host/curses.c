/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hw/host/display.h"

const struct display curses_display = {.name = "curses", .package = "none yet"};
