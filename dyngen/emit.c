/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * emit.c: writes the templates as C. The emitters (emitter.c); for each op a byte array with the
 * disassembly beside it and a table of its holes; then the table of all. Both files are written
 * under temporary names and renamed when they are complete.
 */
#include "dyngen/model.h"
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * GCC's link-time optimizer refuses a function that one file declares as a variable, and an object
 * does not say what an undefined symbol is: what some op jumps to or calls is a function.
 */
struct helper {
    const char *symbol;
    const char *c_name;
    bool function;
};

struct output {
    struct op *const *ops;
    size_t op_count;
    uint64_t digest;
    const char *prefix; /* of emitters; of what there is one of, and of constants: */
    const char *table_prefix, *constant_prefix;
    struct section **consts;
    size_t const_count;
    struct helper *helpers; /* sorted by symbol */
    size_t helper_count;
    const struct emitter **emitters; /* of each op */
};

static int by_symbol(const void *a, const void *b)
{
    return strcmp(((const struct helper *)a)->symbol, ((const struct helper *)b)->symbol);
}

static const char *c_name(const char *symbol, size_t number)
{
    for (const char *p = symbol; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_')
            return take_printf("helper%zu", number);
    return take_printf("helper_%s", symbol);
}

/* Of helpers[0] to helpers[count - 1], each once, with its name in C. */
static void merge_helpers(struct output *out, size_t count)
{
    struct helper *last = NULL;
    qsort(out->helpers, count, sizeof *out->helpers, by_symbol);
    for (size_t i = 0; i < count; i++) {
        struct helper h = out->helpers[i];
        if (last && !strcmp(last->symbol, h.symbol)) {
            last->function |= h.function;
            continue;
        }
        last = &out->helpers[out->helper_count];
        h.c_name = c_name(h.symbol, out->helper_count++);
        *last = h;
    }
}

/* Everything that the templates refer to outside themselves. */
static void collect(struct output *out)
{
    size_t holes = 0;
    for (size_t i = 0; i < out->op_count; i++)
        holes += out->ops[i]->hole_count;
    out->consts = take(holes, sizeof(struct section *));
    out->helpers = take(holes, sizeof *out->helpers);
    size_t n = 0;
    for (size_t i = 0; i < out->op_count; i++)
        for (size_t k = 0; k < out->ops[i]->hole_count; k++) {
            const struct hole *h = &out->ops[i]->holes[k];
            if (h->kind == HOLE_CONST && !h->consts->carried) {
                out->consts[out->const_count++] = h->consts;
                h->consts->carried = (unsigned)out->const_count;
            }
            if (h->kind == HOLE_HELPER)
                out->helpers[n++] = (struct helper){.symbol = h->symbol,
                                                    .function = h->field.use == FIELD_BRANCH ||
                                                                helper_is_function(h->symbol)};
        }
    merge_helpers(out, n);
}

static void write_consts(FILE *f, const struct output *out)
{
    for (size_t i = 0; i < out->const_count; i++) {
        const struct section *s = out->consts[i];
        fprintf(f, "\n/* %s of %s */\n", helper_name_ok(s->name) ? s->name : "constants",
                s->object->file);
        fprintf(f, "static const uint8_t consts_%u[] __attribute__((aligned(%u))) = {", s->carried,
                1U << s->align);
        for (uint64_t b = 0; b < s->size; b++)
            fprintf(f, "%s0x%02x,", b % 16 ? " " : "\n    ", s->bytes[b]);
        fprintf(f, "%s\n};\n", s->size ? "" : "\n    0");
    }
}

static void write_code(FILE *f, const struct op *op, unsigned emitter)
{
    if (op->size == 0) {
        fprintf(f, "\n/* %s: no code */\n", op->name);
        return;
    }
    fprintf(f, "\n/* %s: emitter_%u */\n", op->name, emitter);
    fprintf(f, "static const uint8_t code_%s[%u] = {\n", op->name, op->size);
    size_t h = 0;
    for (size_t i = 0; i < op->insn_count; i++) {
        const struct insn *insn = &op->insns[i];
        fputs("    ", f);
        for (unsigned b = 0; b < insn->size; b++)
            fprintf(f, "0x%02x, ", op->code[insn->at + b]);
        fprintf(f, "/* %x: %s", insn->at, insn->text);
        for (; h < op->hole_count && op->holes[h].at < insn->at + insn->size; h++)
            fprintf(f, " <- %s", hole_name(&op->holes[h]));
        fputs(" */\n", f);
    }
    fputs("};\n", f);
}

static const char *helper_address(const struct output *out, const struct hole *h)
{
    struct helper key = {.symbol = h->symbol};
    const struct helper *found =
        bsearch(&key, out->helpers, out->helper_count, sizeof key, by_symbol);
    return found ? found->c_name : "";
}

/* What a hole is filled with, where that is known; else 0. */
static void write_address(FILE *f, const struct output *out, const struct hole *h)
{
    if (h->kind == HOLE_HELPER)
        fprintf(f, "(uintptr_t)%s", helper_address(out, h));
    else if (h->kind == HOLE_CONST)
        fprintf(f, "(uintptr_t)consts_%u", h->consts->carried);
    else
        fputc('0', f);
}

static const char *base_name_of(const struct field *f)
{
    if (!field_is_relative(f))
        return "DYNGEN_ABSOLUTE";
    return f->pages ? "DYNGEN_PAGES" : "DYNGEN_RELATIVE";
}

/* As struct dyngen_field has it. */
static void write_field(FILE *f, const struct field *field, const struct part *p)
{
    static const char *const ranges[] = {
        [RANGE_SIGNED] = "DYNGEN_SIGNED",
        [RANGE_UNSIGNED] = "DYNGEN_UNSIGNED",
        [RANGE_WRAP] = "DYNGEN_WRAP",
        [RANGE_ANY] = "DYNGEN_ANY",
    };
    fprintf(f, "{%u, %u, %u, %u, %u, %s, %s}", p->bit, p->width, p->shift, field->size,
            field->zeros, base_name_of(field), ranges[p->range]);
}

static size_t count_parts(const struct op *op)
{
    size_t parts = 0;
    for (size_t i = 0; i < op->hole_count; i++)
        parts += op->holes[i].field.parts;
    return parts;
}

static void write_row(FILE *f, const struct output *out, const struct hole *h,
                      const struct part *part)
{
    fprintf(f, "    {\"%s\", ", hole_name(h));
    write_address(f, out, h);
    int64_t addend = hole_addend(h);
    fputs(addend == INT64_MIN ? ", INT64_MIN" : take_printf(", %lld", (long long)addend), f);
    fprintf(f, ", %u, %s, ", h->at, hole_source(h));
    write_field(f, &h->field, part);
    fprintf(f, "}, /* %s */\n", h->reloc);
}

static void write_holes(FILE *f, const struct output *out, const struct op *op)
{
    if (!op->hole_count)
        return;
    fprintf(f, "static const struct dyngen_hole holes_%s[] = {\n", op->name);
    for (size_t i = 0; i < op->hole_count; i++)
        for (unsigned p = 0; p < op->holes[i].field.parts; p++)
            write_row(f, out, &op->holes[i], &op->holes[i].field.part[p]);
    fputs("};\n", f);
}

static void write_table(FILE *f, const struct output *out)
{
    fprintf(f, "\nconst struct dyngen_template %stemplates[] = {\n", out->table_prefix);
    for (size_t i = 0; i < out->op_count; i++) {
        const struct op *op = out->ops[i];
        const char *code = op->size ? take_printf("code_%s", op->name) : "NULL";
        const char *holes = op->hole_count ? take_printf("holes_%s", op->name) : "NULL";
        fprintf(f, "    {\"%s\", emitter_%u, %s, %s, %zu, %u, 0x%x, 0x%x},\n", op->name,
                out->emitters[i]->number, code, holes, count_parts(op), op->size, op->params,
                op->targets);
    }
    fprintf(f, "};\n\nconst unsigned %stemplate_count = %zu;\n", out->table_prefix, out->op_count);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void write_top(FILE *f, const struct output *out)
{
    fprintf(f, "/* Made by dyngen; input digest %016llx.\n", (unsigned long long)out->digest);
    fputs(
        " * The machine code and constants are compiled from ops, and their authors'. All else is\n"
        " * dyngen's: do with it what you like; there is no warranty (0BSD, see dyngen.h). */\n",
        f);
}

static void write_helpers(FILE *f, const struct output *out)
{
    if (!out->helper_count)
        return;
    /* () takes any arguments: -Wlto-type-mismatch has nothing against it. */
    fputs("#ifdef __cplusplus\nextern \"C\" {\n#else\n"
          "#pragma GCC diagnostic ignored \"-Wstrict-prototypes\"\n#endif\n",
          f);
    for (size_t i = 0; i < out->helper_count; i++) {
        const struct helper *h = &out->helpers[i];
        fprintf(f, "extern %s %s%s __asm__(\"%s\");\n", h->function ? "void" : "const char",
                h->c_name, h->function ? "()" : "[]", h->symbol);
    }
    fputs("#ifdef __cplusplus\n}\n#endif\n", f);
}

static void write_emitters(FILE *f, const struct output *out)
{
    unsigned written = 0;
    fputs("\n/* Each emits the templates of one size and one kind of fields. */\n"
          "static __attribute__((cold, noinline, unused)) enum dyngen_status\n"
          "misfit(struct dyngen_emit *e, const struct dyngen_template *t)\n"
          "{\n    return dyngen_find_misfit(e, t);\n}\n",
          f);
    for (size_t i = 0; i < out->op_count; i++)
        if (out->emitters[i]->number == written) {
            written++;
            fprintf(f,
                    "\nstatic enum dyngen_status emitter_%u(struct dyngen_emit *e, "
                    "const struct dyngen_template *t)\n{\n%s}\n",
                    out->emitters[i]->number, out->emitters[i]->body);
        }
}

static void write_c(FILE *f, const struct output *out, const char *h_file)
{
    write_top(f, out);
    fputs("#ifndef DYNGEN_NO_EMITTERS\n#define DYNGEN_NO_EMITTERS\n#endif\n", f);
    fprintf(f, "#include \"%s\"\n", base_name(h_file));
    fputs("#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n\n", f);
    write_helpers(f, out);
    write_consts(f, out);
    write_emitters(f, out);
    for (size_t i = 0; i < out->op_count; i++) {
        write_code(f, out->ops[i], out->emitters[i]->number);
        write_holes(f, out, out->ops[i]);
    }
    write_table(f, out);
}

static const char *in_capitals(const char *text)
{
    char *capitals = take_text(text);
    for (char *p = capitals; *p; p++)
        *p = (char)(isalnum((unsigned char)*p) ? toupper((unsigned char)*p) : '_');
    return capitals;
}

/* Where an op is in the table of templates. */
static void write_indexes(FILE *f, const struct output *out)
{
    fputs("enum {\n", f);
    for (size_t i = 0; i < out->op_count; i++)
        fprintf(f, "    %sOP_%s,\n", out->constant_prefix, out->ops[i]->name);
    fputs("};\n\n", f);
}

static void write_h(FILE *f, const struct output *out, const char *h_file)
{
    const char *guard = in_capitals(base_name(h_file));
    write_top(f, out);
    fprintf(f, "#ifndef %sOUTPUT_%s\n#define %sOUTPUT_%s\n\n", out->constant_prefix, guard,
            out->constant_prefix, guard);
    fprintf(f, "#include \"%s\"\n\n", out->ops[0]->object->host->header);
    fprintf(f, "#define %sDIGEST \"%016llx\"\n\n", out->constant_prefix,
            (unsigned long long)out->digest);
    fputs("#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n", f);
    fprintf(f, "extern const struct dyngen_template %stemplates[]; /* by name */\n",
            out->table_prefix);
    fprintf(f, "extern const unsigned %stemplate_count;\n\n", out->table_prefix);
    fprintf(f, "/* An op's place in %stemplates. */\n", out->table_prefix);
    write_indexes(f, out);
    fputs("#ifndef DYNGEN_NO_EMITTERS\n", f);
    for (size_t i = 0; i < out->op_count; i++)
        fprintf(f,
                "static inline enum dyngen_status %semit_%s(struct dyngen_emit *e)\n"
                "{\n    return dyngen_emit_template(e, &%stemplates[%sOP_%s]);\n}\n",
                out->prefix, out->ops[i]->name, out->table_prefix, out->constant_prefix,
                out->ops[i]->name);
    fputs("#endif\n\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n", f);
}

/* A file that gets its name when it is complete. */
struct draft {
    const char *name, *temporary;
    FILE *f;
};

static bool draft_open(struct draft *d, const char *name)
{
    d->name = name;
    d->temporary = take_printf("%s.%ld.tmp", name, (long)getpid());
    d->f = fopen(d->temporary, "w");
    if (!d->f)
        complain("%s: cannot be written: %s", name, strerror(errno));
    return d->f;
}

static bool draft_close(struct draft *d)
{
    bool bad = ferror(d->f);
    bad |= fclose(d->f) != 0;
    d->f = NULL;
    if (bad)
        complain("%s: cannot be written: %s", d->name, strerror(errno));
    return !bad;
}

static bool draft_rename(struct draft *d)
{
    if (rename(d->temporary, d->name) == 0) {
        d->temporary = NULL;
        return true;
    }
    complain("%s: cannot be written: %s", d->name, strerror(errno));
    return false;
}

static void draft_drop(struct draft *d)
{
    if (d->f)
        fclose(d->f);
    if (d->temporary)
        unlink(d->temporary);
}

bool emit_files(const char *c_file, const char *prefix, struct op *const *ops, size_t count,
                uint64_t digest)
{
    struct output out = {.ops = ops, .op_count = count, .digest = digest, .prefix = prefix};
    out.table_prefix = *prefix ? prefix : "dyngen_";
    out.constant_prefix = in_capitals(out.table_prefix);
    char *h_file = take_text(c_file);
    h_file[strlen(h_file) - 1] = 'h';
    collect(&out);
    out.emitters = take(count, sizeof(struct emitter *));
    for (size_t i = 0; i < count; i++)
        out.emitters[i] = emitter_for(ops[i]);
    struct draft c = {0}, h = {0};
    bool ok = draft_open(&h, h_file) && draft_open(&c, c_file);
    if (ok) {
        write_h(h.f, &out, h_file);
        write_c(c.f, &out, h_file);
        bool closed = draft_close(&h);
        closed &= draft_close(&c);
        ok = closed && draft_rename(&h) && draft_rename(&c);
    }
    draft_drop(&h);
    draft_drop(&c);
    return ok;
}
