/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs cases on the host CPU, in a 32-bit process (helper.c):
 *
 *   struct host *h = host_create();
 *   ... fill in host_shared(h)
 *   host_start(h); ... host_finish(h);     false if the process has died
 *   host_destroy(h);
 */
#ifndef TESTS_NATIVE_HOST_H
#define TESTS_NATIVE_HOST_H

#include "tests/native/case.h"

struct host *host_create(void);
void host_destroy(struct host *h);
struct shared *host_shared(struct host *h);
/* Whether the kernel runs no 32-bit programs, so that there is nothing to start. */
bool host_is_absent(const struct host *h);
void host_start(struct host *h);
/* In *last the case that the process was at when it died. */
bool host_finish(struct host *h, u32 *last);

#endif
