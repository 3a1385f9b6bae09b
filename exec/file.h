/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that are written by stdio, and of which nothing is lost in silence: a full disk or a limit
 * is told once for each, and files_close says whether there was any.
 *
 *   files_on_loss(tell);
 *   log_file = file_create("log");
 *   ...
 *   return files_close() ? status : EXIT_FAILURE;
 */
#ifndef EXEC_FILE_H
#define EXEC_FILE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

/* Creates a file, or empties it. NULL, and errno, if it cannot be had. */
FILE *file_create(const char *path);
/* A stream for a file descriptor, which it closes; of standard output and error, it takes over. */
FILE *file_stream(int fd, const char *name);
/* Closes all that file_stream has made; false if anything written to any, ever, was lost. */
bool files_close(void);
/*
 * For what is written without a stream, and for streams themselves: tells of a loss, but for a
 * reader that has stopped reading (EPIPE) and knows.
 */
void files_lose(const char *name, int error);
void files_on_loss(void (*tell)(const char *name, int error));

/* The user's terminal makes no CR LF of LF: what is written to a terminal has both. */
extern volatile sig_atomic_t files_crlf;
/* The program is to end: what cannot be written, since nobody reads, is lost. */
extern volatile sig_atomic_t files_hurry;

#endif
