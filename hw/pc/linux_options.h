/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Options of Linux's command line that are the boot loader's business, too: mem= and vga=
 * (Documentation/arch/x86/boot.rst of the kernel, "Special Command Line Options"); and memmap=,
 * which says more exactly than mem= what memory is not to be used (kernel-parameters.txt).
 */
#ifndef HW_PC_LINUX_OPTIONS_H
#define HW_PC_LINUX_OPTIONS_H

#include <stdint.h>

enum { RANGES = 64, VIDEO_NORMAL = 0xffff };

struct ranges {
    unsigned count;
    struct range {
        uint64_t begin, end;
    } range[RANGES];
};

/* Takes from memory, or adds to it, what the line says. */
void linux_options_memory(const char *line, struct ranges *memory);
/* The number of the video mode for the kernel's header. */
uint16_t linux_options_video(const char *line);

#endif
