/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * See symbol_elf.h. The image has no code, only a .text without contents around the code's
 * addresses, .symtab, and .debug_frame. For the unwinder all generated code is the same: the cpu is
 * in r12, and struct cpu says where the stack pointer was when generated code was entered, by a
 * call. That holds in the middle of an op and in what it calls, whatever has been pushed.
 */
#include "exec/symbols/symbol_elf.h"

#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ops/i386/cpu.h"

/* --- bytes that grow --- */

struct bytes {
    uint8_t *at;
    size_t size, room;
    bool failed;
};

static void put(struct bytes *b, const void *data, size_t size)
{
    if (b->size + size > b->room) {
        size_t room = (b->size + size) * 2;
        uint8_t *at = realloc(b->at, room);
        b->failed |= !at;
        if (!at)
            return;
        b->at = at;
        b->room = room;
    }
    memcpy(b->at + b->size, data, size);
    b->size += size;
}

static void put32(struct bytes *b, uint32_t value)
{
    put(b, &value, sizeof value);
}

static void put64(struct bytes *b, uint64_t value)
{
    put(b, &value, sizeof value);
}

/* --- .debug_frame (DWARF 5, 6.4) --- */

enum {
    DW_CFA_nop = 0x00,
    DW_CFA_def_cfa_expression = 0x0f,
    DW_CFA_offset = 0x80, /* + register */
    DW_OP_breg12 = 0x7c,
    DW_OP_deref = 0x06,
    RETURN_ADDRESS = 16,
    DATA_ALIGN_8 = 0x78, /* -8, as SLEB128 */
};

/* The expression's operand, two bytes of SLEB128, reaches that far. */
_Static_assert(offsetof(struct cpu, host_stack) < 1 << 13, "a longer SLEB128 is needed");

static void put_cie(struct bytes *b)
{
    uint32_t offset = offsetof(struct cpu, host_stack);
    const uint8_t cie[] = {
        0xff,
        0xff,
        0xff,
        0xff, /* a CIE */
        1,    /* version */
        0,    /* no augmentation */
        1,    /* code alignment */
        DATA_ALIGN_8,
        RETURN_ADDRESS,
        /* CFA: what was in cpu->host_stack */
        DW_CFA_def_cfa_expression,
        4,
        DW_OP_breg12,
        (uint8_t)(offset & 0x7f) | 0x80,
        (uint8_t)(offset >> 7),
        DW_OP_deref,
        /* the return address at CFA - 8 */
        DW_CFA_offset + RETURN_ADDRESS,
        1,
        DW_CFA_nop,
        DW_CFA_nop,
        DW_CFA_nop,
    };
    put32(b, sizeof cie);
    put(b, cie, sizeof cie);
}

static void put_fde(struct bytes *b, const struct code_symbol *s)
{
    put32(b, sizeof(uint32_t) + 2 * sizeof(uint64_t));
    put32(b, 0); /* where the CIE is */
    put64(b, s->at);
    put64(b, s->size);
}

/* --- sections --- */

enum { TEXT = 1, SYMTAB, STRTAB, DEBUG_FRAME, SECTION_NAMES };
static const char section_names[] = "\0.text\0.symtab\0.strtab\0.debug_frame\0.shstrtab";

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
    put_fde(&c->debug_frame, s);
    c->low = s->at < c->low ? s->at : c->low;
    c->high = s->at + s->size > c->high ? s->at + s->size : c->high;
}

static void fill(struct contents *c, const struct code_symbol *symbols, size_t count)
{
    static const Elf64_Sym none;

    c->low = UINT64_MAX;
    put(&c->symtab, &none, sizeof none);
    put(&c->strtab, "", 1);
    put_cie(&c->debug_frame);
    for (size_t i = 0; i < count; i++)
        put_symbol(c, &symbols[i]);
}

static bool add_section(Elf *elf, Elf64_Shdr header, Elf_Data data)
{
    Elf_Scn *section = elf_newscn(elf);
    Elf_Data *d = section ? elf_newdata(section) : NULL;
    Elf64_Shdr *h = section ? elf64_getshdr(section) : NULL;

    if (!d || !h)
        return false;
    data.d_align = header.sh_addralign;
    data.d_version = EV_CURRENT;
    *d = data;
    *h = header;
    return true;
}

static Elf_Data data_of(const struct bytes *b, Elf_Type type)
{
    return (Elf_Data){.d_buf = b->at, .d_size = b->size, .d_type = type};
}

static bool add_sections(Elf *elf, const struct contents *c)
{
    static char names[sizeof section_names];
    const struct bytes all = {.at = memcpy(names, section_names, sizeof names),
                              .size = sizeof names};

    return add_section(elf,
                       (Elf64_Shdr){.sh_name = 1,
                                    .sh_type = SHT_NOBITS,
                                    .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
                                    .sh_addr = c->low,
                                    .sh_addralign = 1},
                       (Elf_Data){.d_size = c->high - c->low, .d_type = ELF_T_BYTE}) &&
           add_section(elf,
                       (Elf64_Shdr){.sh_name = 7,
                                    .sh_type = SHT_SYMTAB,
                                    .sh_link = STRTAB,
                                    .sh_info = 1, /* the first that is not local */
                                    .sh_entsize = sizeof(Elf64_Sym),
                                    .sh_addralign = 8},
                       data_of(&c->symtab, ELF_T_SYM)) &&
           add_section(elf, (Elf64_Shdr){.sh_name = 15, .sh_type = SHT_STRTAB, .sh_addralign = 1},
                       data_of(&c->strtab, ELF_T_BYTE)) &&
           add_section(elf, (Elf64_Shdr){.sh_name = 23, .sh_type = SHT_PROGBITS, .sh_addralign = 8},
                       data_of(&c->debug_frame, ELF_T_BYTE)) &&
           add_section(elf, (Elf64_Shdr){.sh_name = 36, .sh_type = SHT_STRTAB, .sh_addralign = 1},
                       data_of(&all, ELF_T_BYTE));
}

/* --- the file, which is memory --- */

static bool write_elf(int fd, const struct contents *c)
{
    Elf *elf = elf_version(EV_CURRENT) != EV_NONE ? elf_begin(fd, ELF_C_WRITE, NULL) : NULL;
    Elf64_Ehdr *header = elf ? elf64_newehdr(elf) : NULL;
    bool written = false;

    if (header) {
        header->e_ident[EI_DATA] = ELFDATA2LSB;
        header->e_type = ET_EXEC; /* addresses are where things are */
        header->e_machine = EM_X86_64;
        header->e_version = EV_CURRENT;
        header->e_shstrndx = SECTION_NAMES;
        written = add_sections(elf, c) && elf_update(elf, ELF_C_WRITE) >= 0;
    }
    elf_end(elf);
    return written;
}

static char *read_all(int fd, size_t *size)
{
    off_t end = lseek(fd, 0, SEEK_END);
    char *image = end > 0 ? malloc((size_t)end) : NULL;

    if (image && pread(fd, image, (size_t)end, 0) != end) {
        free(image);
        return NULL;
    }
    *size = (size_t)end;
    return image;
}

char *symbol_elf(const struct code_symbol *symbols, size_t count, size_t *size)
{
    struct contents c = {.low = 0};
    int fd = memfd_create("tessera-symbols", MFD_CLOEXEC);
    char *image = NULL;

    fill(&c, symbols, count);
    if (fd >= 0 && !c.symtab.failed && !c.strtab.failed && !c.debug_frame.failed &&
        write_elf(fd, &c))
        image = read_all(fd, size);
    if (fd >= 0)
        close(fd);
    free(c.symtab.at);
    free(c.strtab.at);
    free(c.debug_frame.at);
    return image;
}
