/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Running a guest: what a machine (hw/) sees of the cpu.
 *
 *   struct exec *e = exec_create(&options, memory, &board, &error);
 *   exec_reset(e);
 *   exec_run(e);          returns after exec_stop()
 */
#ifndef EXEC_EXEC_H
#define EXEC_EXEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct exec;
struct core;
struct guest;
struct memory;
struct model;
struct state_table;

/* How guest code runs; mixed: templates, then the IR; lockstep: two of the others, compared. */
enum jit { JIT_TEMPLATE, JIT_INTERP, JIT_IR, JIT_MIXED, JIT_LOCKSTEP };

struct exec_options {
    const struct guest *guest;
    enum jit jit;
    uint32_t runs;          /* JIT_MIXED: of a template block until the IR makes it; 0: never */
    const uint32_t *chosen; /* ... and linear addresses of blocks that it makes at once, sorted */
    size_t chosen_count;
    enum jit lockstep[2];      /* JIT_LOCKSTEP: which two; none given: templates, interpreter */
    size_t cache_size;         /* of the code cache, in bytes */
    const struct model *model; /* of the guest's processors, for instance exec/i386/model.h; NULL:
                                  the default */
    bool icount;               /* count instructions: exec_instructions */
    bool count;                /* how often code runs, and where time goes; not in lockstep */
};

/*
 * What any cpu needs of the board it sits on; each gets `board` as its first argument. A guest may
 * need more, behind this: exec/i386/board.h.
 */
struct board {
    void *board;
    int (*acknowledge)(void *board); /* the vector of the interrupt that is due */
    void (*service)(void *board);    /* an exit was requested: run timers, look at input */
    void (*idle)(void *board);       /* the cpu halted: sleep until something may have happened */
    void (*reset)(void *board);      /* asked for by a line or the cpu: bring the board, then the
                                        cpu (exec_reset), to their state after power-on, or stop */
    uint64_t (*clock)(void *board);  /* nanoseconds of guest time, monotonic */
};

/* NULL and *error (a static text) if the host has no room. The board stays the caller's. */
struct exec *exec_create(const struct exec_options *options, struct memory *memory,
                         const struct board *board, const char **error);
void exec_destroy(struct exec *e);

/* The cpu's state after a reset. */
void exec_reset(struct exec *e);
/* For who changes the cpu's registers, and then calls exec_state_changed. */
struct core *exec_core(struct exec *e);
/* Within exec_run: does the host have what is the guest's in its registers, see guest->enter? */
bool exec_is_entered(const struct exec *e);
void exec_state_changed(struct exec *e);

void exec_run(struct exec *e);
/* Makes exec_run return soon; safe from any thread and from a signal handler. */
void exec_stop(struct exec *e);
/* Makes the cpu call board->service soon; safe from any thread and from a signal handler. */
void exec_request(struct exec *e);
/* Asks for board->reset between two instructions; from the cpu's own thread (a device access). */
void exec_request_reset(struct exec *e);

/*
 * With options.icount: how many instructions have been executed. Then board->service is not called
 * because somebody asked for it, but behind so many of them as the board has set at last (when it
 * is past: soon). Both from the cpu's own thread.
 */
uint64_t exec_instructions(struct exec *e);
void exec_set_deadline(struct exec *e, uint64_t instructions);
/*
 * While exec_run does not run: the state that is about to be restored is of when so many had been
 * executed. A debugger's step, or stop, of where the cpu was is no more.
 */
void exec_set_instructions(struct exec *e, uint64_t instructions);

/*
 * Instructions that a block has at most, EXEC_BLOCK_LENGTH at first: with one, a log has each of
 * them. While exec_run does not run.
 */
enum { EXEC_BLOCK_LENGTH = 64 };
void exec_set_block_length(struct exec *e, unsigned insns);
unsigned exec_block_length(const struct exec *e);

/* The interrupt line, level-triggered; from the cpu's own thread. */
void exec_interrupt_line(struct exec *e, bool level);

/*
 * The cpu's state: its table and the struct that it is of, for who saves or restores it between two
 * instructions (from board->service), or while the cpu does not run. In between it is in a form
 * that does not depend on the engine, nor on the build. It is open for a short time only: closed,
 * it is taken up again.
 */
struct exec_state {
    const struct state_table *table;
    void *cpu;
};
struct exec_state exec_open_state(struct exec *e);
void exec_close_state(struct exec *e, bool restored);

/*
 * Somebody who is told of generated code: when there is more of it, at `at`, which is readable,
 * and when what was in [at, at + size) is forgotten. Not for the interpreter, which makes none.
 */
struct new_code {
    uint32_t address; /* linear, of the guest's code */
    const char *engine;
    const void *at;
    size_t size;
};
struct code_listener {
    struct code_listener *next;
    void (*added)(struct code_listener *listener, const struct new_code *code);
    /* May be NULL. */
    void (*forgotten)(struct code_listener *listener, const void *at, size_t size);
};
void exec_listen(struct exec *e, struct code_listener *listener);

/*
 * Counters, for people, and as JSON (exec/report/stats.h says what is in it); the latter is false
 * if the host is out of memory.
 */
void exec_print_stats(struct exec *e, FILE *to);
bool exec_write_stats(struct exec *e, FILE *to);

/*
 * The log behind -d and -D. log_if(LOG_INT, "...") costs a test of a word when it is off.
 * Lines of one guest event go out together; the file is flushed when the program ends.
 */
enum log_item {
    LOG_IN_ASM = 1 << 0,
    LOG_OP = 1 << 1,
    LOG_OUT_ASM = 1 << 2,
    LOG_INT = 1 << 3,
    LOG_EXEC = 1 << 4,
    LOG_MMU = 1 << 5,
    LOG_CPU = 1 << 6,
    LOG_UNIMP = 1 << 7,
    LOG_GUEST_ERRORS = 1 << 8,
    LOG_IR = 1 << 9,
    LOG_IR_OPT = 1 << 10,
    LOG_POST = 1 << 11,
};
/* Their names, each with what is logged; the last is NULL. */
struct log_name {
    const char *name;
    enum log_item item;
    const char *what;
};
extern const struct log_name log_names[];
extern unsigned log_mask;
extern FILE *log_file; /* stderr by default */
/* "in_asm,op": sets log_mask; false and *bad (the unknown item) if there is none such. */
bool log_parse(const char *items, const char **bad);
/* Where it goes. */
FILE *log_output(void);
void log_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define log_if(item, ...)                                                                          \
    do {                                                                                           \
        if (__builtin_expect(log_mask & (item), 0))                                                \
            log_print(__VA_ARGS__);                                                                \
    } while (0)

#endif
