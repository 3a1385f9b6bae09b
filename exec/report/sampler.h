/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the cpu's thread spends its time: a timer of its CPU time interrupts it, and the handler
 * counts what it was at.
 */
#ifndef EXEC_REPORT_SAMPLER_H
#define EXEC_REPORT_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum activity {
    IN_LOOP,        /* the exec loop, exceptions, devices between blocks */
    IN_TRANSLATION, /* decoding, passes, generating */
    IN_HELPERS,     /* C called by generated code: slow paths, port i/o, string instructions */
    IN_CODE,        /* generated code, or the interpreter's ops */
    ACTIVITIES
};
extern const char *const activity_names[ACTIVITIES];

struct sampler;

/*
 * Starts sampling the calling thread; at most one sampler at a time. Code in [code, code + size)
 * is IN_CODE while the activity is IN_HELPERS. NULL if the host has no timer left.
 */
struct sampler *sampler_create(const void *code, size_t size);
void sampler_destroy(struct sampler *s);
/* What the thread is at from now on; returns what it was at. */
enum activity sampler_enter(struct sampler *s, enum activity now);
uint64_t sampler_count(const struct sampler *s, enum activity activity);

#endif
