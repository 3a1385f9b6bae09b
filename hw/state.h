/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * State by its table (exec/state.h): printed, saved and restored. Saved, it is for each struct the
 * version of its table (2 bytes), then its values in the order of the rows, little-endian, each as
 * wide as the member; a timer is its deadline.
 */
#ifndef HW_STATE_H
#define HW_STATE_H

#include "exec/state.h"
#include "hw/host/error.h"

#include <stdio.h>

/* A line each: `name`, the path of the member, the value. */
void state_print(const struct state_table *t, const char *name, const void *chip, FILE *to);
/* Writes as much as there is room for; returns how much there is. */
size_t state_save(const struct state_table *t, const void *chip, uint8_t *to, size_t room);
/* Could it be restored? Says why not; the chip stays as it is. */
bool state_check(const struct state_table *t, const void *chip, const uint8_t *from, size_t size,
                 struct error *error);
/*
 * What is too short, too long, of a newer version, or holds a value that its member cannot have is
 * refused, and leaves the chip as it was. Members are looked at one by one: that they agree with
 * each other is not checked.
 */
bool state_restore(const struct state_table *t, void *chip, const uint8_t *from, size_t size,
                   struct error *error);

#endif
