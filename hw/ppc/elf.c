/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See elf.h. System V ABI, chapters 4 and 5; its PowerPC supplement. */
#include "hw/ppc/elf.h"

#include "exec/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct program {
    const char *path;
    int fd;
    struct memory *memory;
    struct error *error;
};

static bool truncated(const struct program *p)
{
    return error_set(p->error, "%s: truncated", p->path);
}

/* --- is it one? --- */

static bool check_kind(const struct program *p, const GElf_Ehdr *h)
{
    if (h->e_ident[EI_CLASS] != ELFCLASS32 || h->e_machine != EM_PPC)
        return error_set(p->error,
                         "%s: for another processor (ELF machine %u, %d bits), not 32-bit PowerPC",
                         p->path, h->e_machine, h->e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32);
    if (h->e_ident[EI_DATA] != ELFDATA2MSB)
        return error_set(p->error, "%s: little-endian; the machine is big-endian", p->path);
    if (h->e_type != ET_EXEC)
        return error_set(
            p->error, "%s: not linked to fixed addresses (ld.lld -m elf32ppc --image-base=0x10000)",
            p->path);
    return h->e_entry % 4 == 0 ||
           error_set(p->error, "%s: its entry point %" PRIx64 "h is not a multiple of 4", p->path,
                     (uint64_t)h->e_entry);
}

/* --- its segments --- */

static bool copy_in(const struct program *p, uint64_t offset, uint64_t address, uint64_t size)
{
    uint8_t page[PAGE_SIZE];
    while (size) {
        size_t part = size < sizeof page ? size : sizeof page;
        ssize_t n = pread(p->fd, page, part, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set(p->error, "%s: %s", p->path, strerror(errno));
        if (n == 0)
            return truncated(p);
        memory_copy_in(p->memory, (uint32_t)address, page, (size_t)n);
        offset += (size_t)n;
        address += (size_t)n;
        size -= (size_t)n;
    }
    return true;
}

/* What of it is not in the file is zero, as RAM is. */
static bool load_segment(const struct program *p, const GElf_Phdr *h)
{
    uint64_t size = h->p_memsz, ram = memory_ram_size(p->memory);
    if (h->p_filesz > size)
        return error_set(p->error, "%s: a segment larger than its memory", p->path);
    if (size > ram || h->p_paddr > ram - size)
        return error_set(p->error,
                         "%s: a segment of %s at address %" PRIx64 "h is not in RAM, %s (-m)",
                         p->path, size_text(size).text, (uint64_t)h->p_paddr, size_text(ram).text);
    return copy_in(p, h->p_offset, h->p_paddr, h->p_filesz);
}

static bool is_in(const GElf_Phdr *h, uint64_t address)
{
    return address >= h->p_paddr && address - h->p_paddr < h->p_memsz;
}

static bool load_segments(const struct program *p, Elf *elf, uint64_t entry)
{
    size_t count = 0;
    bool starts = false;
    GElf_Phdr h;
    if (elf_getphdrnum(elf, &count) != 0)
        return truncated(p);
    for (size_t i = 0; i < count; i++) {
        if (!gelf_getphdr(elf, (int)i, &h))
            return truncated(p);
        if (h.p_type != PT_LOAD)
            continue;
        if (!load_segment(p, &h))
            return false;
        starts = starts || is_in(&h, entry);
    }
    return starts ||
           error_set(p->error, "%s: its entry point %" PRIx64 "h is in no segment", p->path, entry);
}

static bool load(const struct program *p, Elf *elf, uint32_t *entry)
{
    GElf_Ehdr h;
    if (!elf || elf_kind(elf) != ELF_K_ELF)
        return error_set(p->error, "%s: not an ELF executable", p->path);
    if (!gelf_getehdr(elf, &h))
        return truncated(p);
    if (!check_kind(p, &h))
        return false;
    *entry = (uint32_t)h.e_entry;
    return load_segments(p, elf, h.e_entry);
}

static bool load_file(const struct program *p, uint32_t *entry)
{
    struct stat st;
    if (fstat(p->fd, &st) != 0)
        return error_set(p->error, "%s: %s", p->path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return error_set(p->error, "%s: is a directory", p->path);
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(p->fd, ELF_C_READ, NULL);
    bool good = load(p, elf, entry);
    elf_end(elf);
    return good;
}

bool ppc_elf_load(const char *path, struct memory *memory, uint32_t *entry, struct error *error)
{
    struct program p = {path, open(path, O_RDONLY | O_CLOEXEC), memory, error};
    if (p.fd < 0)
        return error_set(error, "%s: %s", path, strerror(errno));
    bool good = load_file(&p, entry);
    close(p.fd);
    return good;
}
