/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * model.h: what the parts of dyngen tell each other.
 *
 * object.c reads an object file into sections, relocations and ops; check.c and flow.c prove that
 * each op keeps the contract and find its instructions and holes; thread.c makes of them the code
 * that is emitted; emit.c and emitter.c write them out as C and report.c shows them. Everything
 * lives until the program ends (util.c).
 */
#ifndef DYNGEN_MODEL_H
#define DYNGEN_MODEL_H

#include "dyngen/host.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_TEMPLATE = 65535 }; /* bytes; struct dyngen_template counts in 16 bits */

/* Where a relocation's symbol is. */
enum place { PLACE_UNDEFINED, PLACE_SECTION, PLACE_COMMON, PLACE_ABSOLUTE };

struct reloc {
    uint64_t at; /* offset in its section */
    unsigned type;
    const char *kind; /* the type's name */
    const char *symbol;
    enum place place;
    struct section *section; /* PLACE_SECTION: where the symbol is, and at what offset */
    uint64_t value;
    int64_t addend;
};

struct section {
    const char *name;
    const struct object *object;
    bool loaded, code, writable;
    unsigned align;
    uint8_t *bytes; /* NULL if it has none */
    uint64_t size;
    struct reloc *relocs; /* by offset */
    size_t reloc_count;
    unsigned carried; /* number of its copy in the output, from 1; 0: no op needs it */
};

enum hole_kind { HOLE_PARAM, HOLE_TARGET, HOLE_NEXT, HOLE_HELPER, HOLE_CONST };

struct hole {
    uint32_t at; /* offset in the op */
    struct field field;
    enum hole_kind kind;
    unsigned index;         /* HOLE_PARAM, HOLE_TARGET: which, from 0 */
    const char *symbol;     /* as the object names it */
    const char *reloc;      /* the relocation's name */
    int64_t addend;         /* to the symbol */
    struct section *consts; /* HOLE_CONST: where the symbol is, and at what offset */
    uint64_t place;
};

struct op {
    const char *name; /* without op_ */
    const struct object *object;
    struct section *section;
    uint64_t start;
    uint32_t body; /* bytes of code in the object */
    /* What is in the object, in a copy; after thread.c, what is emitted. */
    uint8_t *code;
    uint32_t size; /* bytes that are emitted */
    bool failed;
    struct insn *insns;
    size_t insn_count;
    struct hole *holes; /* by offset */
    size_t hole_count;
    uint8_t params, targets;
};

struct symbol {
    const struct section *section;
    uint64_t value;
    const char *name;
};

struct object {
    const char *file;
    const struct host *host;
    struct section *sections;
    size_t section_count;
    struct op *ops; /* by section and offset */
    size_t op_count;
    struct symbol *symbols; /* that it defines, by section and value */
    size_t symbol_count;
};

/* object.c */
bool object_read(struct object *o, const char *file);
/* The symbol that a place in a section belongs to, or else the section's name. */
const char *object_symbol_at(const struct object *o, const struct section *s, uint64_t value);

/* identify.c: of a file's first 64 bytes, what it is and what to do; or which machine it is for.
 * NULL if it may be an ELF object for a host, or nothing that is known. */
const char *identify_other(const uint8_t *head, size_t size);
const char *identify_machine(const uint8_t *head, size_t size);

/* check.c: says what is wrong and returns false if the object breaks the contract. */
bool check_object(struct object *o);

/* helpers.c */
void helpers_allow_prefix(const char *prefix);
bool helpers_allow_file(const char *file);   /* says what is wrong if it returns false */
bool helper_known(const char *name);         /* may an op use it? */
bool helper_is_reserved(const char *name);   /* is it the compiler's or the library's? */
bool helper_is_function(const char *name);   /* has the file of helpers called it name()? */
const char *helper_advice(const char *name); /* how to be rid of it; or NULL */
/* Can the name stand in the output, between quotes and in a comment? */
bool helper_name_ok(const char *name);

/*
 * thread.c: of the body of an op that keeps the contract, the code to emit. index is the number
 * of the instruction at an offset, or -1; bound is an instruction's branch hole, or NULL.
 */
void thread_op(struct op *op, const int32_t *index, struct hole *const *bound);

/* emit.c: ops are sorted by name. prefix goes before all names that are global, unless it is "". */
bool emit_files(const char *c_file, const char *prefix, struct op *const *ops, size_t count,
                uint64_t digest);

/* emitter.c: of an op, the function that emits it: number from 0, in the order of first use. */
struct emitter {
    const char *body;
    unsigned number;
};
const struct emitter *emitter_for(const struct op *op);

/* hole.c: what is said of a hole */
const char *hole_name(const struct hole *h);   /* of its symbol, or else its section */
const char *hole_source(const struct hole *h); /* enum dyngen_source */
const char *field_name(const struct field *f, const struct part *part); /* of what it takes */
bool field_is_relative(const struct field *f);                          /* to a place */
int64_t hole_addend(const struct hole *h); /* from where the output has its symbol or section */
/* Is it the distance to what follows, which is known, and in the code? */
bool hole_is_resolved(const struct hole *h);

/* report.c */
void report_list(struct op *const *ops, size_t count);
void report_op(const struct op *op);

/* util.c */
void *take(size_t count, size_t size); /* zeroed memory that is never given back */
char *take_text(const char *text);
char *take_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Complains about an op, once: the first thing wrong is what the reader needs. */
void complain_op(struct op *op, uint64_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
