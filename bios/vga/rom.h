/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where constants are: some files are compiled for the ROM, whose constants lie in its own segment
 * (machine.h), and for the host, where they are like any other.
 */
#ifndef BIOS_VGA_ROM_H
#define BIOS_VGA_ROM_H

#ifdef VGA_ROM
#define ROM const __seg_fs
#else
#define ROM const
#endif

#endif
