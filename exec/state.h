/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of a struct is its state: a table of its members, from which the state is printed, saved and
 * restored (hw/state.h), a chip's as well as a cpu's. Every member has a row, also one that is not
 * state (a wire, a pointer to another chip, what follows from other members); tests ask the
 * program's debug information, and fail for a member that nobody has decided about
 * (tests/hw/test_device.c, tests/snapshot).
 *
 *   static const struct state_field fields[] = {
 *       {STATE(thing, value)},
 *       {STATE(thing, index), .most = 15},
 *       {STATE_ARRAY(thing, ram)},
 *       {STATE(thing, new), .since = 2},
 *       {NOT_STATE(thing, irq)},
 *       {0},
 *   };
 *   const struct state_table thing_state = STATE_TABLE(thing, 2, fields);
 *
 * A table that gets a row at its end gets a version, too: state of an older one leaves that member
 * as it is.
 */
#ifndef EXEC_STATE_H
#define EXEC_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum state_type {
    STATE_NONE,
    STATE_BOOL,
    STATE_UNSIGNED,
    STATE_SIGNED,
    STATE_BLOCK, /* bytes in a row, as one value */
    STATE_TIMER,
    STATE_STRUCT
};

struct state_table;
struct state_field {
    const char *name; /* NULL: the end of the table */
    size_t offset;
    enum state_type type;
    size_t size;                  /* of one; STATE_NONE: not said, as is `count` */
    unsigned count;               /* of an array; else 1 */
    const struct state_table *of; /* STATE_STRUCT: of each */
    unsigned since;               /* the table's version that has it first */
    uint64_t least, most;         /* what it may be; `most` is 0: anything */
};

struct state_table {
    const char *name; /* of the struct, without the word */
    size_t size;
    unsigned version;
    const struct state_field *fields;
};

/* --- rows --- */

/* Never evaluated: for its type. */
#define STATE_MEMBER(tag, member) (struct tag){}.member
/* clang-format off */
#define STATE_TYPE_OF(value)                                                                       \
    _Generic((value), bool: STATE_BOOL, uint8_t: STATE_UNSIGNED, uint16_t: STATE_UNSIGNED,         \
             uint32_t: STATE_UNSIGNED, uint64_t: STATE_UNSIGNED, int32_t: STATE_SIGNED,            \
             int64_t: STATE_SIGNED)
/* clang-format on */
#define STATE_IS_POINTER(value)                                                                    \
    __builtin_types_compatible_p(__typeof__(value), __typeof__(&*(value)))
/* How many an array has; does not compile for a pointer. */
#define STATE_COUNT(array)       (sizeof(array) / sizeof *(array) / !STATE_IS_POINTER(array))
#define STATE_PLACE(tag, member) .name = #member, .offset = offsetof(struct tag, member)

/* A number or a truth. */
#define STATE(tag, member)                                                                         \
    STATE_PLACE(tag, member), .type = STATE_TYPE_OF(STATE_MEMBER(tag, member)),                    \
                              .size = sizeof STATE_MEMBER(tag, member), .count = 1
#define STATE_ARRAY(tag, member)                                                                   \
    STATE_PLACE(tag, member), .type = STATE_TYPE_OF(*STATE_MEMBER(tag, member)),                   \
                              .size = sizeof *STATE_MEMBER(tag, member),                           \
                              .count = STATE_COUNT(STATE_MEMBER(tag, member))
/* An array of bytes, such as a buffer. */
#define STATE_BYTES(tag, member)                                                                   \
    STATE_PLACE(tag, member),                                                                      \
        .type = STATE_BLOCK,                                                                       \
        .size = sizeof STATE_MEMBER(tag, member) * (sizeof *STATE_MEMBER(tag, member) == 1),       \
        .count = 1
/* A struct timer (hw/timer.h), which has been initialized. */
#define STATE_OF_TIMER(tag, member)                                                                \
    STATE_PLACE(tag, member), .type = STATE_TIMER, .size = sizeof STATE_MEMBER(tag, member),       \
                              .count = 1
/* Structs that have tables of their own. */
#define STATE_OF(tag, member, table)                                                               \
    STATE_PLACE(tag, member), .type = STATE_STRUCT, .size = sizeof STATE_MEMBER(tag, member),      \
                              .count = 1, .of = (table)
#define STATE_ARRAY_OF(tag, member, table)                                                         \
    STATE_PLACE(tag, member), .type = STATE_STRUCT, .size = sizeof *STATE_MEMBER(tag, member),     \
                              .count = STATE_COUNT(STATE_MEMBER(tag, member)), .of = (table)
#define NOT_STATE(tag, member) STATE_PLACE(tag, member), .type = STATE_NONE

#define STATE_TABLE(tag, since, rows)                                                              \
    {                                                                                              \
        .name = #tag, .size = sizeof(struct tag), .version = (since), .fields = (rows)             \
    }

#endif
