/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A snapshot's file, from front to back: numbers, strings and bytes, compressed by zstd and under a
 * checksum. Numbers are little-endian.
 *
 *   "Tessera\x1a", the format's version (4 bytes), one zstd frame with its checksum, and no more
 *
 * The first error is kept, and everything behind it fails, so that a caller need look only where a
 * number is to be believed.
 */
#ifndef HW_SNAPSHOT_STREAM_H
#define HW_SNAPSHOT_STREAM_H

#include "hw/host/error.h"

#include <stddef.h>
#include <stdint.h>

/* --- writing --- */

struct snapshot_writer;

/* `fd`, an empty file, stays the caller's, and so does `name`, which is for errors. NULL: no
 * memory. */
struct snapshot_writer *snapshot_writer_create(int fd, const char *name);
void snapshot_put(struct snapshot_writer *w, const void *bytes, size_t size);
void snapshot_put_number(struct snapshot_writer *w, uint64_t value, size_t size);
void snapshot_put_string(struct snapshot_writer *w, const char *text);
/* For who writes: something else than the file is wrong; always false. */
bool snapshot_writer_fail(struct snapshot_writer *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Ends the file, which is then safe on the disk, or says why it is not; frees the writer. */
bool snapshot_writer_end(struct snapshot_writer *w, struct error *error);

/* --- reading --- */

struct snapshot_reader;

/* From the beginning of the file. NULL and an error if it is no snapshot. */
struct snapshot_reader *snapshot_reader_create(int fd, const char *name, struct error *error);
void snapshot_reader_destroy(struct snapshot_reader *r);
/* False if it is damaged, or ends before it; then the bytes are zeros. */
bool snapshot_get(struct snapshot_reader *r, void *bytes, size_t size);
uint64_t snapshot_get_number(struct snapshot_reader *r, size_t size);
/* At most room - 1 characters; longer ones are an error. */
bool snapshot_get_string(struct snapshot_reader *r, char *text, size_t room);
/* For who reads: what is there cannot be. Keeps the first error, behind the file's name; false. */
bool snapshot_reader_fail(struct snapshot_reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool snapshot_reader_is_good(const struct snapshot_reader *r);
/* All has been read, and the checksum is right. */
bool snapshot_reader_end(struct snapshot_reader *r);

#endif
