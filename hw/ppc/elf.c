/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ELF executables. System V ABI, chapters 4 and 5; its PowerPC supplement. */
#include "hw/ppc/image.h"

#include <gelf.h>

struct program {
    struct ppc_image *image;
    const struct file *file;
    struct error *error;
    uint32_t entry; /* as the file says, virtual or physical */
    bool starts;    /* a segment has it */
};

static bool truncated(const struct program *p)
{
    return error_set(p->error, "%s: truncated", p->file->name);
}

/* --- is it one? --- */

static bool check_kind(const struct program *p, const GElf_Ehdr *h)
{
    const char *name = p->file->name;
    if (h->e_ident[EI_CLASS] != ELFCLASS32 || h->e_machine != EM_PPC)
        return error_set(p->error,
                         "%s: for another processor (ELF machine %u, %d bits), not 32-bit PowerPC",
                         name, h->e_machine, h->e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32);
    if (h->e_ident[EI_DATA] != ELFDATA2MSB)
        return error_set(p->error, "%s: little-endian; the machine is big-endian", name);
    if (h->e_type != ET_EXEC)
        return error_set(
            p->error, "%s: not linked to fixed addresses (ld.lld -m elf32ppc --image-base=0x10000)",
            name);
    return h->e_entry % 4 == 0 ||
           error_set(p->error, "%s: its entry point %" PRIx64 "h is not a multiple of 4", name,
                     (uint64_t)h->e_entry);
}

/* --- its segments --- */

/* A kernel is linked to where it will be mapped, but begins where it is loaded. */
static void look_for_entry(struct program *p, const GElf_Phdr *h)
{
    bool physical = p->entry >= h->p_paddr && p->entry - h->p_paddr < h->p_memsz;
    bool virtual = p->entry >= h->p_vaddr && p->entry - h->p_vaddr < h->p_memsz;
    if (p->starts || !(physical || virtual))
        return;
    p->starts = true;
    p->image->entry = (uint32_t)(virtual ? p->entry - h->p_vaddr + h->p_paddr : p->entry);
}

static bool load_segment(struct program *p, const GElf_Phdr *h)
{
    const struct file *f = p->file;
    if (h->p_filesz > h->p_memsz)
        return error_set(p->error, "%s: a segment larger than its memory", f->name);
    if (h->p_filesz > f->size || h->p_offset > f->size - h->p_filesz)
        return truncated(p);
    look_for_entry(p, h);
    return ppc_image_add(p->image, f->name, h->p_paddr, f->bytes + h->p_offset, h->p_filesz,
                         h->p_memsz, p->error);
}

static bool load_segments(struct program *p, Elf *elf)
{
    size_t count = 0;
    GElf_Phdr h;
    if (elf_getphdrnum(elf, &count) != 0)
        return truncated(p);
    for (size_t i = 0; i < count; i++) {
        if (!gelf_getphdr(elf, (int)i, &h))
            return truncated(p);
        if (h.p_type == PT_LOAD && !load_segment(p, &h))
            return false;
    }
    return p->starts || error_set(p->error, "%s: its entry point %" PRIx32 "h is in no segment",
                                  p->file->name, p->entry);
}

static bool load(struct program *p, Elf *elf)
{
    GElf_Ehdr h;
    if (!elf || elf_kind(elf) != ELF_K_ELF)
        return error_set(p->error, "%s: not an ELF executable", p->file->name);
    if (!gelf_getehdr(elf, &h))
        return truncated(p);
    p->entry = (uint32_t)h.e_entry;
    return check_kind(p, &h) && load_segments(p, elf);
}

/* libelf does not write to what it is given. */
bool ppc_elf_load(struct ppc_image *image, const struct file *file, struct error *error)
{
    struct program p = {image, file, error, 0, false};
    elf_version(EV_CURRENT);
    Elf *elf = elf_memory((char *)file->bytes, file->size);
    bool good = load(&p, elf);
    elf_end(elf);
    return good;
}
