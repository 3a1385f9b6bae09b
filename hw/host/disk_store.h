/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What holds a disk's bytes, for its thread alone, which may wait for them: a file or a block
 * device, an NBD server; or one of these and a temporary file in front of it, which takes what is
 * written.
 */
#ifndef HW_HOST_DISK_STORE_H
#define HW_HOST_DISK_STORE_H

#include "hw/host/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct disk_store;
struct drive;

/* Each returns 0, or the host's errno. What is asked for lies within the store. */
struct disk_store_kind {
    int (*read)(struct disk_store *s, void *to, uint64_t offset, size_t size);
    int (*write)(struct disk_store *s, const void *from, uint64_t offset, size_t size);
    int (*flush)(struct disk_store *s);
    void (*close)(struct disk_store *s);
    /* Something that is another when its contents may be others; NULL or 0: not known. */
    uint64_t (*stamp)(struct disk_store *s);
};

struct disk_store {
    const struct disk_store_kind *kind;
    char *name;
    uint64_t size; /* bytes, in whole sectors of what it is to be */
    bool read_only;
};

/*
 * What the user asks for (hw/options.h). NULL and an error if it cannot be had; what is done
 * otherwise than asked for is said on standard error.
 */
struct disk_store *disk_store_open(const struct drive *drive, struct error *error);
/*
 * While a guest runs: what the drive names has been opened by somebody else. Takes the descriptor
 * over, on failure, too. Raw images only: no qemu-nbd can be started then.
 */
struct disk_store *disk_store_open_later(const struct drive *drive, int fd, bool read_only,
                                         struct error *error);
void disk_store_close(struct disk_store *s);

/* --- the kinds --- */

/* Takes the descriptor over, on failure, too. */
struct disk_store *disk_raw_open(const struct drive *drive, int fd, bool read_only,
                                 struct error *error);
/* An image in a format that qemu-nbd knows: starts one. */
struct disk_store *disk_server_open(const struct drive *drive, const char *format, bool read_only,
                                    struct error *error);
/* "nbd:unix:PATH", "nbd:HOST:PORT", both with ":exportname=NAME" behind; "nbd://..." and others. */
bool disk_nbd_is_address(const char *file);
struct disk_store *disk_nbd_open(const struct drive *drive, bool read_only, struct error *error);
/* Takes `below` over, on failure, too. */
struct disk_store *disk_overlay_open(struct disk_store *below, struct error *error);

/*
 * --- for snapshots: while the disk's thread has nothing to do ---
 *
 * What is written to an overlay is kept in blocks, the last of which may be shorter for the disk
 * but not in `bytes`. Each int is 0 or the host's errno.
 */
enum { DISK_OVERLAY_BLOCK = 4096 };
bool disk_store_is_overlay(const struct disk_store *s);
uint64_t disk_overlay_blocks(const struct disk_store *s);
/* The first block from *block on that has been written to; false if there is none. */
bool disk_overlay_next(const struct disk_store *s, uint64_t *block);
int disk_overlay_get(struct disk_store *s, uint64_t block, uint8_t *bytes);
int disk_overlay_put(struct disk_store *s, uint64_t block, const uint8_t *bytes);
/* Nothing has ever been written. */
void disk_overlay_clear(struct disk_store *s);
/* Notes what it holds, in place of what was noted before; and brings it back to that, at once. */
int disk_overlay_mark(struct disk_store *s);
bool disk_overlay_is_marked(const struct disk_store *s);
void disk_overlay_revert(struct disk_store *s);
/* The first block from *block on that has been written to since; and what it was then. */
bool disk_overlay_next_changed(const struct disk_store *s, uint64_t *block);
int disk_overlay_get_marked(struct disk_store *s, uint64_t block, uint8_t *bytes);
/* See struct disk_store_kind. */
uint64_t disk_store_stamp(struct disk_store *s);

/* --- for them --- */

/* A store with a copy of the name; NULL and an error if the host is out of memory. */
void *disk_store_allocate(size_t size, const struct disk_store_kind *kind, const char *name,
                          struct error *error);
/* Says on standard error what is otherwise than asked for. */
void disk_note(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* All of it, or what there is up to the file's end. */
int disk_file_read(int fd, void *to, uint64_t offset, size_t size, size_t *done);
int disk_file_write(int fd, const void *from, uint64_t offset, size_t size);
/* The format that an image's first bytes are those of, by qemu-nbd's name; "raw" if none. */
enum { DISK_PROBE_SIZE = 1024 };
const char *disk_probe(const uint8_t *head, size_t size);
/* Sectors of what the drive is to be: 2048 or 512 bytes. */
unsigned disk_sector_size(const struct drive *drive);

#endif
