/* SPDX-License-Identifier: 0BSD */
/*
 * elf_image.c: the image has no code, only a .text without contents around the code's addresses,
 * .symtab, and .debug_frame, in which all code is unwound by the same rule.
 */
#include "dyngen/symbols/elf_image.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

/* --- bytes that grow --- */

struct bytes {
    uint8_t *at;
    size_t size, room;
    bool failed;
};

static void put(struct bytes *b, const void *data, size_t size)
{
    if (!size || b->failed)
        return;
    if (b->size + size > b->room) {
        size_t room = (b->size + size) * 2;
        uint8_t *at = realloc(b->at, room);
        b->failed = !at;
        if (!at)
            return;
        b->at = at;
        b->room = room;
    }
    memcpy(b->at + b->size, data, size);
    b->size += size;
}

static void put8(struct bytes *b, unsigned value)
{
    uint8_t byte = (uint8_t)value;
    put(b, &byte, sizeof byte);
}

static void put32(struct bytes *b, uint32_t value)
{
    put(b, &value, sizeof value);
}

static void put64(struct bytes *b, uint64_t value)
{
    put(b, &value, sizeof value);
}

static void align(struct bytes *b, size_t to)
{
    while (b->size % to && !b->failed)
        put8(b, 0);
}

/* DWARF 5, 7.6 */
static void put_sleb128(struct bytes *b, int value)
{
    while (value < -64 || value > 63) {
        put8(b, (unsigned)value % 128 + 128);
        value = (value - (value & 127)) / 128;
    }
    put8(b, (unsigned)value % 128);
}

/* --- .debug_frame (DWARF 5, 6.4) --- */

enum {
    DW_CFA_def_cfa_expression = 0x0f,
    DW_CFA_offset = 0x80, /* + register */
    DW_OP_breg0 = 0x70,   /* + register */
    DW_OP_deref = 0x06,
    RETURN_ADDRESS = 16,
    DATA_ALIGN_8 = 0x78, /* -8, as SLEB128 */
};

/* The canonical frame address; its length goes before it. */
static void put_cfa(struct bytes *b, const struct dyngen_unwind *unwind)
{
    struct bytes expression = {0};

    put8(&expression, DW_OP_breg0 + unwind->reg);
    put_sleb128(&expression, unwind->offset);
    if (unwind->in_memory)
        put8(&expression, DW_OP_deref);
    put8(b, (unsigned)expression.size);
    put(b, expression.at, expression.size);
    b->failed |= expression.failed;
    free(expression.at);
}

static void put_cie(struct bytes *b, const struct dyngen_unwind *unwind)
{
    static const uint8_t start[] = {
        0xff,
        0xff,
        0xff,
        0xff, /* a CIE */
        1,    /* version */
        0,    /* no augmentation */
        1,    /* code alignment */
        DATA_ALIGN_8,
        RETURN_ADDRESS,
    };

    put32(b, 0); /* the length, which is known below */
    put(b, start, sizeof start);
    put8(b, DW_CFA_def_cfa_expression);
    put_cfa(b, unwind);
    put8(b, DW_CFA_offset + RETURN_ADDRESS); /* at CFA - 8 */
    put8(b, 1);
    align(b, 8); /* with DW_CFA_nop, 0 */
    uint32_t length = (uint32_t)(b->size - sizeof length);
    if (!b->failed)
        memcpy(b->at, &length, sizeof length);
}

static void put_fde(struct bytes *b, const struct code_symbol *s)
{
    put32(b, sizeof(uint32_t) + 2 * sizeof(uint64_t));
    put32(b, 0); /* where the CIE is */
    put64(b, s->at);
    put64(b, s->size);
}

/* --- what is said of the code --- */

enum { TEXT = 1, SYMTAB, STRTAB, DEBUG_FRAME, SECTION_NAMES, SECTIONS };

struct contents {
    struct bytes symtab, strtab, debug_frame;
    uint64_t low, high; /* of the code */
};

static void put_symbol(struct contents *c, const struct code_symbol *s)
{
    Elf64_Sym symbol = {
        .st_name = (Elf64_Word)c->strtab.size,
        .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
        .st_shndx = TEXT,
        .st_value = s->at,
        .st_size = s->size,
    };
    put(&c->symtab, &symbol, sizeof symbol);
    put(&c->strtab, s->name, strlen(s->name) + 1);
    c->low = s->at < c->low ? s->at : c->low;
    c->high = s->at + s->size > c->high ? s->at + s->size : c->high;
}

static void fill(struct contents *c, const struct code_symbol *symbols, size_t count,
                 const struct dyngen_unwind *unwind)
{
    static const Elf64_Sym none;

    c->low = UINT64_MAX;
    put(&c->symtab, &none, sizeof none);
    put(&c->strtab, "", 1);
    for (size_t i = 0; i < count; i++)
        put_symbol(c, &symbols[i]);
    if (!unwind)
        return;
    put_cie(&c->debug_frame, unwind);
    for (size_t i = 0; i < count; i++)
        put_fde(&c->debug_frame, &symbols[i]);
}

/* --- the file --- */

struct file {
    struct bytes bytes, names;
    Elf64_Shdr sections[SECTIONS];
    unsigned count;
};

static void add_section(struct file *f, const char *name, Elf64_Shdr header,
                        const struct bytes *contents)
{
    header.sh_name = (Elf64_Word)f->names.size;
    put(&f->names, name, strlen(name) + 1);
    align(&f->bytes, 8);
    header.sh_offset = f->bytes.size;
    if (contents) {
        header.sh_size = contents->size;
        put(&f->bytes, contents->at, contents->size);
        f->bytes.failed |= contents->failed;
    }
    f->sections[f->count++] = header;
}

static void add_sections(struct file *f, const struct contents *c)
{
    static const Elf64_Shdr none;

    add_section(f, "", none, NULL);
    add_section(f, ".text",
                (Elf64_Shdr){.sh_type = SHT_NOBITS,
                             .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
                             .sh_addr = c->low,
                             .sh_size = c->high - c->low,
                             .sh_addralign = 1},
                NULL);
    add_section(f, ".symtab",
                (Elf64_Shdr){.sh_type = SHT_SYMTAB,
                             .sh_link = STRTAB,
                             .sh_info = 1, /* the first that is not local */
                             .sh_entsize = sizeof(Elf64_Sym),
                             .sh_addralign = 8},
                &c->symtab);
    add_section(f, ".strtab", (Elf64_Shdr){.sh_type = SHT_STRTAB, .sh_addralign = 1}, &c->strtab);
    add_section(f, ".debug_frame", (Elf64_Shdr){.sh_type = SHT_PROGBITS, .sh_addralign = 8},
                &c->debug_frame);
    add_section(f, ".shstrtab", (Elf64_Shdr){.sh_type = SHT_STRTAB, .sh_addralign = 1}, &f->names);
}

static void write_file(struct file *f, const struct contents *c)
{
    Elf64_Ehdr header = {
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
        .e_type = ET_EXEC, /* addresses are where things are */
        .e_machine = EM_X86_64,
        .e_version = EV_CURRENT,
        .e_ehsize = sizeof header,
        .e_shentsize = sizeof(Elf64_Shdr),
        .e_shnum = SECTIONS,
        .e_shstrndx = SECTION_NAMES,
    };

    put(&f->bytes, &header, sizeof header);
    add_sections(f, c);
    align(&f->bytes, 8);
    header.e_shoff = f->bytes.size;
    put(&f->bytes, f->sections, sizeof f->sections);
    if (!f->bytes.failed)
        memcpy(f->bytes.at, &header, sizeof header);
}

char *dyngen_elf_image(const struct code_symbol *symbols, size_t count,
                       const struct dyngen_unwind *unwind, size_t *size)
{
    struct contents c = {.low = 0};
    struct file f = {.count = 0};

    fill(&c, symbols, count, unwind);
    write_file(&f, &c);
    free(c.symtab.at);
    free(c.strtab.at);
    free(c.debug_frame.at);
    free(f.names.at);
    *size = f.bytes.size;
    if (!f.bytes.failed && !f.names.failed)
        return (char *)f.bytes.at;
    free(f.bytes.at);
    return NULL;
}
