/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fonts' bytes: make_fonts.c wrote them. */
#include "bios/vga/font.h"

#include "bios/vga/glyphs.inc"
