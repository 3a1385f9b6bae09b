/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * identify.c: says of a file that is no ELF object what it is instead. libbfd knows only what it
 * was built for.
 */
#include "dyngen/model.h"
#include <elf.h>
#include <stdio.h>
#include <string.h>

#define FOR_LINUX "dyngen reads ELF: compile for Linux (clang: --target=%s)"
#define NO_LTO    "compile with -fno-lto, so that it is machine code"

const char *identify_other(const uint8_t *head, size_t size)
{
    static const struct {
        const char *magic;
        size_t size;
        const char *what;
    } kinds[] = {
        {"BC\xc0\xde", 4, "is LLVM's intermediate code (clang -flto); " NO_LTO},
        {"\xde\xc0\x17\x0b", 4, "is LLVM's intermediate code (clang -flto); " NO_LTO},
        {"\xcf\xfa\xed\xfe", 4, "is a Mach-O object; " FOR_LINUX},
        {"\xce\xfa\xed\xfe", 4, "is a Mach-O object; " FOR_LINUX},
        {"\xca\xfe\xba\xbe", 4, "is a Mach-O object; " FOR_LINUX},
        {"\x64\x86", 2, "is a COFF object; " FOR_LINUX},
        {"\x4c\x01", 2, "is a COFF object; " FOR_LINUX},
        {"\x64\xaa", 2, "is a COFF object; " FOR_LINUX},
        {"\0\0\xff\xff", 4, "is a COFF object; " FOR_LINUX},
        {"MZ", 2, "is a Windows program; dyngen reads relocatable ELF objects"},
        {"\0asm", 4, "is a WebAssembly object; " FOR_LINUX},
        {"!<arch>\n", 8, "is an archive; unpack it (ar x) and name its members"},
        {"!<thin>\n", 8, "is an archive; name its members"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (size >= kinds[i].size && !memcmp(head, kinds[i].magic, kinds[i].size))
            return take_printf(kinds[i].what, hosts[0]->triple);
    return NULL;
}

const char *identify_machine(const uint8_t *head, size_t size)
{
    static const struct {
        unsigned machine;
        const char *name;
    } machines[] = {
        {EM_386, "i386"},      {EM_AARCH64, "AArch64"},      {EM_ARM, "ARM"},
        {EM_RISCV, "RISC-V"},  {EM_PPC64, "64-bit PowerPC"}, {EM_S390, "S/390"},
        {EM_MIPS, "MIPS"},     {EM_LOONGARCH, "LoongArch"},  {EM_X86_64, "x86-64"},
        {EM_SPARCV9, "SPARC"},
    };
    if (size < sizeof(Elf32_Ehdr) || memcmp(head, ELFMAG, SELFMAG) != 0)
        return NULL;
    bool little = head[EI_DATA] == ELFDATA2LSB;
    unsigned machine = little ? head[18] | head[19] << 8 : head[19] | head[18] << 8;
    for (size_t i = 0; hosts[i]; i++)
        if (machine == hosts[i]->machine)
            return head[EI_CLASS] == hosts[i]->class ? NULL : hosts[i]->other_class;
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
        if (machines[i].machine == machine)
            return machines[i].name;
    return take_printf("machine number %u", machine);
}
