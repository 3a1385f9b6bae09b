/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dyngen: reads the machine code of small C functions out of object files and writes C that
 * copies it and patches it. This file is its command line.
 */
#include "dyngen/model.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "Usage: dyngen [OPTION]... -o FILE.c OBJECT...\n"
    "       dyngen --list OBJECT...\n"
    "       dyngen --dump OP OBJECT...\n"
    "Makes templates of the functions op_* in relocatable objects: FILE.c and FILE.h.\n"
    "\n"
    "  -o FILE.c            where to write the templates; FILE.h goes beside it\n"
    "      --prefix NAME    emitters are NAMEemit_OP, the table NAMEtemplates, and so on\n"
    "      --helpers FILE   ops may use only the helpers that FILE names, one a line\n"
    "      --helper-prefix PREFIX\n"
    "                       ops may use helpers whose names begin so; can be repeated\n"
    "      --list           print a table of the ops\n"
    "      --dump OP        print an op's code and holes\n"
    "      --help           print this\n"
    "      --version        print the version\n"
    "\n"
    "An object that breaks the contract is refused: one line says which op, where, why and what\n"
    "to do; the exit status is 1 and nothing is written. See dyngen/README.\n";

struct options {
    const char *output, *dump;
    const char *prefix; /* of what is global in the output */
    bool list;
    char **files;
    size_t file_count;
};

struct input {
    struct object *objects;
    struct op **ops;
    size_t op_count;
    uint64_t digest;
};

static void print_and_exit(const char *text)
{
    fputs(text, stdout);
    exit(fflush(stdout) ? 1 : 0);
}

enum { HELP = 256, VERSION, LIST, DUMP, PREFIX, HELPERS, HELPER_PREFIX };

static const struct option long_options[] = {
    {"help", no_argument, NULL, HELP},
    {"version", no_argument, NULL, VERSION},
    {"list", no_argument, NULL, LIST},
    {"dump", required_argument, NULL, DUMP},
    {"prefix", required_argument, NULL, PREFIX},
    {"helpers", required_argument, NULL, HELPERS},
    {"helper-prefix", required_argument, NULL, HELPER_PREFIX},
    {NULL, 0, NULL, 0},
};

static bool parse(struct options *o, int argc, char **argv)
{
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, ":o:", long_options, NULL)) != -1;) {
        switch (c) {
        case HELP:
            print_and_exit(usage);
            break;
        case VERSION:
            print_and_exit("dyngen " TESSERA_VERSION " (Tessera)\n");
            break;
        case LIST:
            o->list = true;
            break;
        case DUMP:
            o->dump = optarg;
            break;
        case PREFIX:
            o->prefix = optarg;
            break;
        case HELPERS:
            if (!helpers_allow_file(optarg))
                return false;
            break;
        case HELPER_PREFIX:
            helpers_allow_prefix(optarg);
            break;
        case 'o':
            o->output = optarg;
            break;
        default:
            complain(c == ':' ? "%s needs a value; see dyngen --help"
                              : "unknown option %s; see dyngen --help",
                     argv[optind - 1]);
            return false;
        }
    }
    o->files = argv + optind;
    o->file_count = (size_t)(argc - optind);
    return true;
}

static bool can_begin_name(const char *text)
{
    static const char can[] = "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    return !text[strspn(text, can)] && (*text < '0' || *text > '9');
}

static bool sensible(const struct options *o)
{
    if (!o->file_count) {
        complain("no object given; see dyngen --help");
        return false;
    }
    if (!o->output && !o->list && !o->dump) {
        complain("no output given; use -o FILE.c, --list or --dump OP");
        return false;
    }
    size_t length = o->output ? strlen(o->output) : 0;
    if (o->output && (length < 3 || strcmp(o->output + length - 2, ".c") != 0)) {
        complain("%s: the output's name must end in .c", o->output);
        return false;
    }
    if (o->prefix && !can_begin_name(o->prefix)) {
        complain("--prefix %s: names in C cannot begin so", o->prefix);
        return false;
    }
    return true;
}

/* FNV-1a over the bytes of the objects. */
static bool digest_file(const char *file, uint64_t *digest)
{
    FILE *f = fopen(file, "rb");
    if (!f) {
        complain("%s: cannot be read: %s", file, strerror(errno));
        return false;
    }
    unsigned char buffer[65536];
    size_t n = 0;
    while ((n = fread(buffer, 1, sizeof buffer, f)) > 0)
        for (size_t i = 0; i < n; i++)
            *digest = (*digest ^ buffer[i]) * 0x100000001b3U;
    fclose(f);
    return true;
}

static int by_name(const void *a, const void *b)
{
    const struct op *x = *(struct op *const *)a, *y = *(struct op *const *)b;
    return strcmp(x->name, y->name);
}

static bool read_all(struct input *in, const struct options *o)
{
    in->digest = 0xcbf29ce484222325U;
    in->objects = take(o->file_count, sizeof *in->objects);
    bool ok = true;
    for (size_t i = 0; i < o->file_count; i++) {
        struct object *object = &in->objects[i];
        bool read = object_read(object, o->files[i]) && digest_file(o->files[i], &in->digest) &&
                    check_object(object);
        ok &= read;
        in->op_count += object->op_count;
    }
    if (!ok)
        return false;
    for (size_t i = 1; i < o->file_count; i++)
        if (in->objects[i].host != in->objects[0].host) {
            complain("%s: is for %s, but %s for %s; one set of templates is for one host",
                     o->files[i], in->objects[i].host->name, o->files[0],
                     in->objects[0].host->name);
            return false;
        }
    in->ops = take(in->op_count, sizeof(struct op *));
    size_t n = 0;
    for (size_t i = 0; i < o->file_count; i++)
        for (size_t k = 0; k < in->objects[i].op_count; k++)
            in->ops[n++] = &in->objects[i].ops[k];
    qsort(in->ops, n, sizeof(struct op *), by_name);
    for (size_t i = 1; i < n; i++)
        if (!strcmp(in->ops[i]->name, in->ops[i - 1]->name)) {
            complain_op(in->ops[i], 0, "is also defined in %s; give each op a name of its own",
                        in->ops[i - 1]->object->file);
            return false;
        }
    return true;
}

static bool dump(const struct input *in, const char *name)
{
    if (!strncmp(name, "op_", 3))
        name += 3;
    for (size_t i = 0; i < in->op_count; i++)
        if (!strcmp(in->ops[i]->name, name)) {
            report_op(in->ops[i]);
            return true;
        }
    complain("there is no op_%s; see dyngen --list", name);
    return false;
}

int main(int argc, char **argv)
{
    struct options o = {0};
    struct input in = {0};
    if (!parse(&o, argc, argv) || !sensible(&o) || !read_all(&in, &o))
        return 1;
    if (o.list)
        report_list(in.ops, in.op_count);
    if (o.dump && !dump(&in, o.dump))
        return 1;
    if (o.output && !emit_files(o.output, o.prefix ? o.prefix : "", in.ops, in.op_count, in.digest))
        return 1;
    if (fflush(stdout) || ferror(stdout)) {
        complain("the output cannot be written");
        return 1;
    }
    return 0;
}
