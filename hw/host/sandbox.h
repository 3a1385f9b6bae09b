/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a guest can do to the host should it get hold of the emulator: next to nothing. Two steps,
 * for some of it concerns only the thread that asks and those that it starts:
 *
 *   sandbox_drop     before threads are started: capabilities, and the way to new ones by another
 *                    program, which gets no inherited file descriptor, either
 *   sandbox_enter    when everything is set up: inherited file descriptors; system calls, by the
 *                    table in sandbox.c
 *
 * Whoever needs another system call while a guest runs (a thread, a socket, a library) adds a row
 * to that table, and a need, if not every run has it.
 */
#ifndef HW_HOST_SANDBOX_H
#define HW_HOST_SANDBOX_H

#include "hw/host/error.h"

enum sandbox_need {
    SANDBOX_GDB = 1 << 0,         /* -gdbjit: images in memory */
    SANDBOX_DISK = 1 << 1,        /* files and sockets that are open already */
    SANDBOX_VIEWERS = 1 << 2,     /* connections that come in: hw/host/listener.h */
    SANDBOX_SCREEN_FILE = 1 << 3, /* -screendump and the like: a file written anew */
    SANDBOX_CURSES = 1 << 4,      /* the terminal's size */
    SANDBOX_WINDOW = 1 << 5,      /* a window system's connection, and what SDL wants of the host */
    SANDBOX_NETWORK = 1 << 6,     /* sockets that are open already, and who comes to one of them */
    SANDBOX_SOCKETS = 1 << 7,     /* any of the Internet's, files read: hw/host/net_slirp.c alone */
    SANDBOX_SCRIPT = 1 << 9,      /* a thread that sleeps */
    SANDBOX_MEDIA = 1 << 10,      /* files, likewise, that are put into drives */
    SANDBOX_WAV = 1 << 11,        /* a file that is written at any place */
    SANDBOX_SOUND = 1 << 12,      /* SDL's sound: a device, or a server's connection */
    SANDBOX_SNAPSHOT = 1 << 8,    /* files that another process opens: hw/host/folder.h */
    SANDBOX_EDITOR = 1 << 13,     /* lines that are edited on a terminal */
    SANDBOX_REPLAY = 1 << 14,     /* -record, -replay: which of the guest's memory is in use */
};

bool sandbox_drop(struct error *error);
/*
 * `needs` are those or'd. A system call that is not allowed ends the program by SIGSYS, with a line
 * on standard error and the terminal put back. Where Tessera was built without
 * libseccomp it only closes the descriptors.
 */
bool sandbox_enter(unsigned needs, struct error *error);
/*
 * Before that, by a process that may open files: only those, or what is beneath a folder, to be
 * read. NULL ends the list; names of nothing are left out. Where the kernel has no Landlock there
 * is no such limit.
 */
bool sandbox_files(const char *const *readable, struct error *error);

#endif
