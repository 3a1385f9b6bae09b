/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * running.h: room for templates, and a way into them and out again. Templates are written through
 * one mapping and run in another.
 */
#ifndef TEST_RUNNING_H
#define TEST_RUNNING_H

#include "tests/dyngen/state.h"
#include "tests/dyngen/templates.h"
#include <check.h>

enum { ROOM = 65536 };

extern uint8_t *writable;
extern struct dyngen_emit e;
extern struct state state;

/* A fixture: empty room, zeroed state. */
void running_setup(void);
/* Where code that is written at a place runs. */
const void *executable(const uint8_t *at);
void emit(enum dyngen_status (*op)(struct dyngen_emit *));
/* Ends the code and runs it from the start of the room. */
void run(void);
/* Runs code, with the state's words in their registers. */
void test_enter(struct state *s, const void *code);
/* The end of all code, as an address; ops see it as test_leave. */
extern const char test_leave_address[] __asm__("test_leave");
uint32_t test_helper(uint32_t x, uint32_t y);
uint32_t test_subtract(uint32_t x, uint32_t y);
const struct dyngen_template *find(const char *name);
/* How many of a template's fields are filled from there. */
unsigned holes_of(const struct dyngen_template *t, enum dyngen_source source);

/* test_a64.c, test_expressions.c, test_patch.c, test_thread.c, test_tool.c */
TCase *a64_tests(void);
TCase *expression_tests(void);
TCase *patch_tests(void);
TCase *thread_tests(void);
TCase *tool_tests(void);

#endif
