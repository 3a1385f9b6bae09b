/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine in the test's own process: run for a while, looked into, saved and restored. */
#ifndef TESTS_SNAPSHOT_STAGE_H
#define TESTS_SNAPSHOT_STAGE_H

#include "hw/host/surroundings.h"
#include "hw/machine.h"
#include "tests/assert.h"

struct stage {
    struct options options;
    void *m;
    struct snapshot_machine machine;
    struct timer ring;
};

/* Sets up what a command line says, and powers it on. The arguments end with NULL. */
void stage_open(struct stage *s, const char *const *arguments);
void stage_close(struct stage *s);
/* For about so many milliseconds; or until it is idle, if that is sooner. */
void stage_run(struct stage *s, unsigned milliseconds);

/* All registers and devices, but the clock, in words; the caller's to free. */
char *stage_print(struct stage *s);
/* What memory holds: a number for each page. */
struct stage_memory {
    uint32_t pages;
    uint64_t *digest;
};
struct stage_memory stage_memory(const struct stage *s);
/* Fails the test unless they are equal; frees them. */
void stage_expect_same_text(char *a, char *b);
void stage_expect_same_memory(struct stage_memory a, struct stage_memory b);

/* A file without a name, which the caller closes, and a snapshot in it. */
int stage_file(void);
int stage_save(struct stage *s);
void stage_load(struct stage *s, int fd);

/* --- files as bytes: a head, and a frame of zstd's --- */

enum { STAGE_HEAD = 12 };
struct stage_bytes {
    uint8_t *at; /* the caller's to free */
    size_t size;
};
struct stage_bytes stage_bytes(int fd);
int stage_file_of(const uint8_t *bytes, size_t size);
/* What is in the frame; and a file that has this in it, with a right checksum. */
struct stage_bytes stage_unpack(const struct stage_bytes *file);
int stage_pack(const struct stage_bytes *file, const uint8_t *bytes, size_t size);

/* The Linux that tests boot, in 64 MiB, by this engine; and a smaller machine, by any. */
void stage_open_linux(struct stage *s, const char *engine);
void stage_open_small(struct stage *s);

Suite *state_suite(void);
Suite *file_suite(void);
Suite *snapshot_disk_suite(void);
Suite *store_suite(void);
Suite *difference_suite(void);
Suite *snapshot_guest_suite(void);
Suite *older_suite(void);

#endif
