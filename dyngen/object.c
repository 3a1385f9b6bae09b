/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * object.c: reads a relocatable object through libbfd into the structures of model.h. Nothing
 * in the file is believed: sizes, offsets and symbols are checked before they are used.
 */
#define PACKAGE "dyngen" /* bfd.h insists */
#include "dyngen/model.h"
#include <bfd.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct reading {
    struct object *o;
    bfd *bfd;
    uint64_t file_size;
    asymbol **symbols;
    long symbol_count;
};

static void quiet(const char *format, va_list args)
{
    (void)format, (void)args;
}

static void quiet_assert(const char *format, const char *version, const char *file, int line)
{
    (void)format, (void)version, (void)file, (void)line;
}

static const char *why(void)
{
    return bfd_errmsg(bfd_get_error());
}

static bool find_host(struct reading *r)
{
    bool elf64 = bfd_get_flavour(r->bfd) == bfd_target_elf_flavour &&
                 bfd_arch_bits_per_address(r->bfd) == 64 &&
                 !strncmp(bfd_get_target(r->bfd), "elf64-", 6);
    const char *known = "";

    for (size_t i = 0; hosts[i]; i++) {
        known = hosts[i]->name;
        if (hosts[i]->accepts(bfd_get_arch(r->bfd), bfd_get_mach(r->bfd), elf64))
            r->o->host = hosts[i];
    }
    if (!r->o->host)
        complain("%s: is for %s, which dyngen has no host for; compile for %s", r->o->file,
                 bfd_printable_name(r->bfd), known);
    return r->o->host;
}

/* Files that libbfd need not look at. */
static bool is_elf_for_a_host(const struct reading *r)
{
    uint8_t head[64];
    FILE *f = fopen(r->o->file, "rb");
    size_t size = f ? fread(head, 1, sizeof head, f) : 0;
    if (f)
        fclose(f);
    const char *other = identify_other(head, size), *machine = identify_machine(head, size);
    if (other)
        complain("%s: %s", r->o->file, other);
    else if (machine)
        complain("%s: is for %s, which dyngen has no host for; compile for %s", r->o->file, machine,
                 hosts[0]->name);
    return !other && !machine;
}

/* libbfd writes warnings of its own past the error handler while it looks at a file. */
static bool check_format(bfd *b)
{
    fflush(stderr);
    int saved = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);
    if (null >= 0)
        dup2(null, STDERR_FILENO);
    bool ok = bfd_check_format(b, bfd_object);
    if (saved >= 0)
        dup2(saved, STDERR_FILENO);
    close(saved);
    close(null);
    return ok;
}

static bool open_object(struct reading *r)
{
    static bool ready;
    if (!ready) {
        bfd_init();
        bfd_set_error_handler(quiet);
        bfd_set_assert_handler(quiet_assert);
        ready = true;
    }
    struct stat st;
    if (stat(r->o->file, &st)) {
        complain("%s: cannot be read: %s", r->o->file, strerror(errno));
        return false;
    }
    r->file_size = (uint64_t)st.st_size;
    r->bfd = S_ISREG(st.st_mode) ? bfd_openr(r->o->file, NULL) : NULL;
    if (!r->bfd) {
        complain("%s: cannot be read: %s", r->o->file,
                 S_ISREG(st.st_mode) ? why() : "not a regular file");
        return false;
    }
    if (!is_elf_for_a_host(r))
        return false;
    if (!check_format(r->bfd)) {
        complain("%s: is not an object file, or is damaged: %s", r->o->file, why());
        return false;
    }
    flagword flags = bfd_get_file_flags(r->bfd);
    if (!find_host(r))
        return false;
    if (flags & (EXEC_P | DYNAMIC)) {
        complain("%s: is linked; dyngen reads relocatable objects (compile with -c)", r->o->file);
        return false;
    }
    return true;
}

static bool read_symbols(struct reading *r)
{
    long bytes = bfd_get_symtab_upper_bound(r->bfd);
    if (bytes < 0 || (uint64_t)bytes > r->file_size + 64) {
        complain("%s: the symbol table is damaged: %s", r->o->file, why());
        return false;
    }
    r->symbols = take((size_t)bytes / sizeof(asymbol *) + 1, sizeof(asymbol *));
    r->symbol_count = bfd_canonicalize_symtab(r->bfd, r->symbols);
    if (r->symbol_count < 0) {
        complain("%s: the symbol table is damaged: %s", r->o->file, why());
        return false;
    }
    return true;
}

static struct section *section_of(const struct reading *r, const asection *s)
{
    bool special = !s || bfd_is_und_section(s) || bfd_is_abs_section(s) || bfd_is_com_section(s) ||
                   bfd_is_ind_section(s) || s->owner != r->bfd;
    return special || s->index >= r->o->section_count ? NULL : &r->o->sections[s->index];
}

static bool convert_reloc(const struct reading *r, const arelent *from, struct reloc *to)
{
    if (!from->howto || !from->howto->name || !from->sym_ptr_ptr || !*from->sym_ptr_ptr)
        return false;
    const asymbol *s = *from->sym_ptr_ptr;
    *to = (struct reloc){.at = from->address, .addend = (int64_t)from->addend};
    to->type = from->howto->type;
    to->kind = from->howto->name;
    to->symbol = take_text(bfd_asymbol_name(s) ? bfd_asymbol_name(s) : "");
    to->section = section_of(r, s->section);
    to->value = s->value;
    if (to->section)
        to->place = PLACE_SECTION;
    else if (s->section && bfd_is_com_section(s->section))
        to->place = PLACE_COMMON;
    else if (s->section && bfd_is_und_section(s->section))
        to->place = PLACE_UNDEFINED;
    else
        to->place = PLACE_ABSOLUTE;
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct reloc *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

static bool read_relocs(struct reading *r, asection *from, struct section *to)
{
    long bytes = bfd_get_reloc_upper_bound(r->bfd, from);
    /* An arelent pointer is a third of what the file spends on a relocation. */
    if (bytes < 0 || (uint64_t)bytes > r->file_size + 64)
        return false;
    arelent **list = take((size_t)bytes / sizeof(arelent *) + 1, sizeof(arelent *));
    long count = bfd_canonicalize_reloc(r->bfd, from, list, r->symbols);
    if (count < 0)
        return false;
    to->relocs = take((size_t)count, sizeof *to->relocs);
    to->reloc_count = (size_t)count;
    for (long i = 0; i < count; i++)
        if (!list[i] || !convert_reloc(r, list[i], &to->relocs[i]))
            return false;
    qsort(to->relocs, to->reloc_count, sizeof *to->relocs, by_place);
    return true;
}

static bool read_section(struct reading *r, asection *from, struct section *to)
{
    flagword flags = bfd_section_flags(from);
    *to = (struct section){.name = take_text(bfd_section_name(from)), .object = r->o};
    to->loaded = flags & SEC_ALLOC;
    to->code = flags & SEC_CODE;
    to->writable = !(flags & SEC_READONLY);
    to->align = bfd_section_alignment(from);
    to->size = bfd_section_size(from);
    if (!to->loaded || !(flags & SEC_HAS_CONTENTS) || !strcmp(to->name, ".eh_frame"))
        return true;
    if (to->size > r->file_size || to->align > 12) {
        complain("%s: section %s is damaged", r->o->file, to->name);
        return false;
    }
    to->bytes = take(to->size, 1);
    if (to->size && !bfd_get_section_contents(r->bfd, from, to->bytes, 0, to->size)) {
        complain("%s: section %s cannot be read: %s", r->o->file, to->name, why());
        return false;
    }
    if ((flags & SEC_RELOC) && !read_relocs(r, from, to)) {
        complain("%s: the relocations of section %s are damaged", r->o->file, to->name);
        return false;
    }
    return true;
}

static bool read_sections(struct reading *r)
{
    struct object *o = r->o;
    o->section_count = bfd_count_sections(r->bfd);
    o->sections = take(o->section_count, sizeof *o->sections);
    for (asection *s = r->bfd->sections; s; s = s->next)
        if (s->index < o->section_count && !read_section(r, s, &o->sections[s->index]))
            return false;
    return true;
}

static int by_address(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;
    if (x->section != y->section)
        return x->section < y->section ? -1 : 1;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void keep_symbols(struct reading *r)
{
    struct object *o = r->o;
    o->symbols = take((size_t)r->symbol_count, sizeof *o->symbols);
    for (long i = 0; i < r->symbol_count; i++) {
        const asymbol *s = r->symbols[i];
        const char *name = bfd_asymbol_name(s);
        struct section *in = section_of(r, s->section);
        if (in && name && *name && !(s->flags & (BSF_SECTION_SYM | BSF_FILE)))
            o->symbols[o->symbol_count++] =
                (struct symbol){.section = in, .value = s->value, .name = take_text(name)};
    }
    if (o->symbol_count)
        qsort(o->symbols, o->symbol_count, sizeof *o->symbols, by_address);
}

const char *object_symbol_at(const struct object *o, const struct section *s, uint64_t value)
{
    const struct symbol *found = NULL;
    for (size_t i = 0; i < o->symbol_count; i++)
        if (o->symbols[i].section == s && o->symbols[i].value <= value)
            found = &o->symbols[i];
    return found ? found->name : s->name;
}

/* Does it hold what a link-time optimizer wants, and nothing else? (GCC's is "slim".) */
static bool is_for_lto(const struct reading *r)
{
    for (long i = 0; i < r->symbol_count; i++)
        if (!strcmp(bfd_asymbol_name(r->symbols[i]), "__gnu_lto_slim"))
            return true;
    return false;
}

/* A place where a function may start. */
struct start {
    struct section *section;
    uint64_t value;
    const char *op; /* its name without op_, or NULL */
};

static int by_start(const void *a, const void *b)
{
    const struct start *x = a, *y = b;
    if (x->section != y->section)
        return x->section < y->section ? -1 : 1;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return strcmp(x->op ? x->op : "", y->op ? y->op : "");
}

static bool is_identifier(const char *s)
{
    for (const char *p = s; *p; p++)
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || *p == '_' ||
              (*p >= '0' && *p <= '9')))
            return false;
    return *s;
}

static bool add_op(struct object *o, const struct start *at, uint64_t end)
{
    struct op *op = &o->ops[o->op_count++];
    *op = (struct op){.name = at->op, .object = o, .section = at->section, .start = at->value};
    if (!is_identifier(at->op)) {
        complain("%s: an op's name is not one that C can have; use letters, digits and _", o->file);
        return false;
    }
    if (end - at->value > MAX_TEMPLATE) {
        complain_op(op, 0, "is longer than %d bytes; move the bulk to a helper", MAX_TEMPLATE);
        return false;
    }
    op->body = (uint32_t)(end - at->value);
    op->code = take(op->body, 1);
    memcpy(op->code, at->section->bytes + at->value, op->body);
    return true;
}

static bool find_ops(struct reading *r)
{
    struct object *o = r->o;
    struct start *starts = take((size_t)r->symbol_count + 1, sizeof *starts);
    size_t count = 0, ops = 0;
    for (long i = 0; i < r->symbol_count; i++) {
        const asymbol *s = r->symbols[i];
        struct section *in = section_of(r, s->section);
        bool global = s->flags & (BSF_GLOBAL | BSF_WEAK);
        if (!in || !in->code || !in->bytes || s->value >= in->size ||
            (!global && !(s->flags & BSF_FUNCTION)))
            continue;
        starts[count] = (struct start){.section = in, .value = s->value};
        if (global && !strncmp(bfd_asymbol_name(s), "op_", 3)) {
            starts[count].op = take_text(bfd_asymbol_name(s) + 3);
            ops++;
        }
        count++;
    }
    if (!ops) {
        complain(is_for_lto(r)
                     ? "%s: is GCC's intermediate code (-flto); compile with -fno-lto, so "
                       "that it is machine code"
                     : "%s: has no ops (global functions named op_*)",
                 o->file);
        return false;
    }
    qsort(starts, count, sizeof *starts, by_start);
    o->ops = take(ops, sizeof *o->ops);
    for (size_t i = 0; i < count; i++) {
        size_t next = i + 1;
        while (next < count && starts[next].section == starts[i].section &&
               starts[next].value == starts[i].value)
            next++;
        bool last = next == count || starts[next].section != starts[i].section;
        if (starts[i].op &&
            !add_op(o, &starts[i], last ? starts[i].section->size : starts[next].value))
            return false;
    }
    return true;
}

bool object_read(struct object *o, const char *file)
{
    *o = (struct object){.file = file};
    struct reading r = {.o = o};
    bool ok = open_object(&r) && read_symbols(&r) && read_sections(&r) && find_ops(&r);
    if (ok)
        keep_symbols(&r);
    if (r.bfd)
        bfd_close_all_done(r.bfd);
    return ok;
}
