/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * host.h: all that dyngen has to know about a host machine: how its instructions look to flow
 * analysis, which relocation kinds can be patched, and what is in the fields they lie in. One file
 * implements it for one host, beside a header for the programs that use templates, which has what
 * dyngen.h says is the host's.
 */
#ifndef DYNGEN_HOST_H
#define DYNGEN_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a value must satisfy to be put into a field. */
enum range {
    RANGE_SIGNED,   /* the host sign-extends the field */
    RANGE_UNSIGNED, /* the host zero-extends the field, or what it makes of it */
    RANGE_WRAP,     /* the operation is no wider than the field */
    RANGE_ANY       /* the field takes its bits of any value */
};

enum field_use {
    FIELD_NONE,
    FIELD_VALUE,     /* an immediate or a displacement: an absolute value */
    FIELD_CONDITION, /* on what a branch and the like goes by: an absolute value, too */
    FIELD_BRANCH,    /* where a jump or call goes, relative to the program counter */
    FIELD_ADDRESS,   /* an address computed relative to the program counter */
    FIELD_MEMORY     /* memory accessed relative to the program counter */
};

enum { MAX_PARTS = 2 };

/* Bits in one place: struct dyngen_field. */
struct part {
    uint8_t bit, width, shift;
    enum range range;
};

/* What of an instruction a relocation may patch: a unit of bytes, and in it the parts of a value.
 */
struct field {
    enum field_use use;
    uint8_t at; /* from the instruction's first byte */
    uint8_t size;
    uint8_t origin; /* relative values count from so many bytes behind `at` when the code runs */
    uint8_t zeros;  /* so many low bits of a value must be zero */
    bool pages;     /* relative to pages, not bytes */
    struct part part[MAX_PARTS];
    uint8_t parts;
};

enum insn_kind {
    INSN_PLAIN,
    INSN_NOP,
    INSN_JUMP,
    INSN_BRANCH, /* a jump on a condition */
    INSN_CALL,
    INSN_JUMP_INDIRECT,
    INSN_RETURN, /* return, far jump and the like: no way out for an op */
    INSN_STOP    /* traps; execution does not go on */
};

enum { MAX_FIELDS = 2, MAX_INSN = 16, STACK_UNKNOWN = INT32_MIN };

struct insn {
    uint32_t at; /* offset in the op */
    uint8_t size;
    enum insn_kind kind;
    struct field field[MAX_FIELDS];
    int64_t target;   /* INSN_JUMP, INSN_BRANCH, INSN_CALL: offset in the op, if not relocated */
    int8_t condition; /* INSN_BRANCH: the byte whose lowest bit negates the condition, or -1 */
    int32_t stack;    /* bytes that it takes off the stack pointer; STACK_UNKNOWN */
    const char *text;
};

struct reloc_kind {
    unsigned type;
    bool relative; /* to the place that is patched */
};

struct host {
    const char *name;
    const char *triple; /* as clang's --target has it */
    /* As ELF has them (e_machine, EI_CLASS), and the name of one that is not meant but has the same
     * machine, or NULL. */
    uint16_t machine;
    uint8_t class;
    const char *other_class;
    const char *header; /* the host's part of dyngen.h */
    /* Can this be an object for the host? The arguments are libbfd's. */
    bool (*accepts)(int arch, unsigned long mach, bool elf64);
    /* Decodes the instruction at `at`; false if there is none or it would not end before size. */
    bool (*decode)(const uint8_t *code, uint32_t size, uint32_t at, struct insn *insn);
    /* NULL if the kind cannot be patched; then advice says what its user, who has it in this
     * instruction, should do. */
    const struct reloc_kind *(*reloc)(unsigned type);
    const char *(*advice)(unsigned type, const struct insn *insn);
    /* The field that a relocation `at` bytes into the instruction is for; false if there is none of
     * its kind. */
    bool (*field)(const struct insn *insn, uint32_t at, const struct reloc_kind *kind,
                  struct field *field);
    /* The header's function that writes a part, or NULL: dyngen_fill does it. */
    const char *(*writer)(const struct field *field, const struct part *part);
    /* How to be rid of a symbol that compilers for this host refer to; or NULL. */
    const char *(*symbol_advice)(const char *symbol);
    /* A jump's distance counts from this many bytes behind its field. */
    uint8_t bias;
    void (*set_distance)(uint8_t *field, int64_t distance);
    /* Makes a direct jump go to an offset in the op; false if that is too far for its field. */
    bool (*set_target)(uint8_t *bytes, const struct insn *insn, int64_t target);
    /* Writes the form of a direct jump that a hole can lie in, at most MAX_INSN bytes; its size,
     * or 0 if it has none. Its distance is 0 then. */
    uint8_t (*far_jump)(const uint8_t *bytes, const struct insn *insn, uint8_t *to);
    const char *stack_pointer;
};

extern const struct host host_x86_64;

/* hosts.c: all of them, NULL at the end */
extern const struct host *const hosts[];

#endif
