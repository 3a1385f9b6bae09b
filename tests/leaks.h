/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the sanitizers are: LeakSanitizer reads all of .data and .bss, its own among them, at the
 * end of each test's process. What nobody has written there costs a page fault a page, a hundred
 * times as long as it takes to read, unless the process from which that one is forked has read it,
 * too.
 */
#ifndef TESTS_LEAKS_H
#define TESTS_LEAKS_H

#include <link.h>
#include <sanitizer/lsan_interface.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#define LEAKS_PAGE 4096

/* dl_iterate_phdr(3)'s: asks for large pages of zeros where a module's .bss is; ADDED counts the
 * bytes that LeakSanitizer reads, if it is not NULL. */
static inline int leaks_of_module(struct dl_phdr_info *module, size_t size, void *added)
{
    (void)size;
    for (int i = 0; i < module->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &module->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_W))
            continue;
        uintptr_t start = module->dlpi_addr + part->p_vaddr, end = start + part->p_memsz;
        start = (start + part->p_filesz + LEAKS_PAGE - 1) & -(uintptr_t)LEAKS_PAGE;
        end &= -(uintptr_t)LEAKS_PAGE;
        if (end > start)
            madvise((void *)start, end - start, MADV_HUGEPAGE);
        if (added)
            *(size_t *)added += part->p_memsz;
    }
    return 0;
}

/* Reads it all: to be called before tests are forked. */
static inline void read_before_leaks(void)
{
    dl_iterate_phdr(leaks_of_module, NULL);
    __lsan_do_recoverable_leak_check();
}

#endif
