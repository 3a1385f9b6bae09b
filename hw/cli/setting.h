/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a command line can set: options (options.c), and properties in the list that an option
 * takes, "file=disk.img,snapshot=on". Both are rows of struct setting. Many need no more than a
 * row, with a setter that is here for all; another's setter does what the user says, or refuses
 * it in a line that begins with what was typed:
 *
 *   static bool set_ears(const struct given *g)
 *   {
 *       return parse_number(g->value, 2, &g->options->ears) || refuse(g, "not 0, 1 or 2");
 *   }
 *
 *   tessera: -head ears=3: not 0, 1 or 2
 */
#ifndef HW_CLI_SETTING_H
#define HW_CLI_SETTING_H

#include "hw/host/error.h"
#include "hw/options.h"

#include <stddef.h>
#include <stdint.h>

struct setting;

/* A setting as the user gives it. */
struct given {
    struct options *options;
    const struct setting *setting;
    const char *option; /* as typed: "-device" */
    char separator;     /* between that and the word, in messages */
    const char *word;   /* the option's argument, or the one property "iosize=4"; NULL: neither */
    const char *value;  /* "4"; kept as long as the options */
    struct error *error;
};

typedef bool setter(const struct given *g);
typedef const char *choice_fn(unsigned i);

struct setting {
    const char *names;    /* separated by blanks; help prints the first */
    const char *argument; /* what it takes, in a word; NULL: nothing */
    const char *help;     /* NULL: it is there for QEMU's users, and nothing to advertise */
    setter *set;
    size_t field;               /* in struct options, of what the setter sets */
    unsigned long number;       /* set_bits: those to set; set_number: the most there may be */
    const struct setting *list; /* set_list: its properties */
    const char *reason;         /* set_only, refuse_absent: what there is instead */
    choice_fn *choices;         /* words that it takes, for help: number 0, 1, ..., then NULL */
};

/* A field's place in struct options; does not compile unless it has that type. */
#define FIELD(type, name)                                                                          \
    _Generic(((struct options *)0)->name, type : offsetof(struct options, name))

/* --- setters for many --- */

setter set_flag;   /* a bool becomes true */
setter unset_flag; /* ... false */
setter set_switch; /* a bool becomes on or off */
setter set_bits;   /* an unsigned gets the setting's number or'd to it */
setter set_number; /* an unsigned, from 0 to the setting's number */
setter set_text;   /* a const char * */
setter set_path;   /* the same, but not empty */
setter set_list;   /* properties; the first may leave out its name: that of the first in the list */
setter set_nothing;   /* whatever is asked for is so anyhow */
setter set_only;      /* likewise, for the words of the setting's argument, "none|null" */
setter refuse_absent; /* there is nothing like it here */

/* --- for setters --- */

/* Sets the error; always false. */
bool refuse(const struct given *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Instead of a run that is to be printed; always true. */
bool list_instead(const struct given *g, enum help_list listing);
/* The list of a setting `g`, as far as `text` goes on with it: "name=value,name=value". */
bool set_properties(const struct given *g, const char *text, const struct setting *properties);
/* Those behind the first `length` characters of the value and a comma, if there are any. */
bool set_rest(const struct given *g, size_t length, const struct setting *properties);
/* The row of that name, in a list that ends with one without a name; NULL if there is none. */
const struct setting *find_setting(const struct setting *list, const char *name, size_t length);
/* The names in a list, with what each takes: "size=SIZE, slots=0". */
void join_properties(const struct setting *list, char *to, size_t size);
/* Words in a row: "in_asm, op, ir". */
void join_choices(choice_fn *choices, char *to, size_t size);
/* Is the word one of those in `words`, which are separated by `separator`? */
bool is_among(const char *words, char separator, const char *word, size_t length);

/* A number in decimal or, with 0x, hexadecimal, fractions allowed in the former, and a unit B, K,
 * M or G, or without one, in `unit`s. */
bool parse_size(const char *text, uint64_t unit, uint64_t *size);
/* A number in C's notation. */
bool parse_number(const char *text, unsigned long most, unsigned long *value);

#endif
