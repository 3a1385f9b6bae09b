/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Images made for another processor, another mode of it, or another loader, as they are known by
 * sight: better refused than started, since most of them would hang without a word.
 */
#include "hw/pc/loader.h"

#include <elf.h>
#include <string.h>

static bool has_bytes(const struct file *file, uint64_t at, const void *bytes, size_t size)
{
    return at <= file->size && size <= file->size - at &&
           memcmp(file->bytes + at, bytes, size) == 0;
}

static bool contains(const uint8_t *bytes, size_t size, const void *wanted, size_t length)
{
    return memmem(bytes, size, wanted, length) != NULL;
}

/* --- code that turns long mode on: mov $MSR_EFER,%ecx; rdmsr; bts $LME,%eax --- */

static bool sets_long_mode(const uint8_t *code, size_t size)
{
    static const uint8_t set_lme[] = {0xb9, 0x80, 0x00, 0x00, 0xc0, 0x0f,
                                      0x32, 0x0f, 0xba, 0xe8, 0x08};
    return contains(code, size, set_lme, sizeof set_lme);
}

/*
 * Kernels say so since protocol 2.12. Before, it shows in the code that unpacks them: the 64-bit
 * entry is at 200h, and the 32-bit code below it is what leads there.
 */
bool linux_is_64_bit(const struct file *kernel, size_t code)
{
    enum { HDR_VERSION = 0x206, HDR_XLOADFLAGS = 0x236, KERNEL_64 = 1, ENTRY_64 = 0x200 };
    if (load16(kernel->bytes + HDR_VERSION) >= 0x20c)
        return load16(kernel->bytes + HDR_XLOADFLAGS) & KERNEL_64;
    size_t size = kernel->size - code;
    return sets_long_mode(kernel->bytes + code, size < ENTRY_64 ? size : ENTRY_64);
}

/* UEFI's code at the reset vector goes straight on to its final mode. */
bool bios_is_64_bit(const struct file *bios)
{
    enum { VOLUME_SIGNATURE = 40, RESET_CODE = 4096 };
    return bios->size >= RESET_CODE && has_bytes(bios, VOLUME_SIGNATURE, "_FVH", 4) &&
           sets_long_mode(bios->bytes + bios->size - RESET_CODE, RESET_CODE);
}

/* --- processors, as ELF and PE number them --- */

static const struct machine {
    uint16_t elf, pe;
    const char *name;
} machines[] = {
    {EM_X86_64, 0x8664, "x86-64"},
    {EM_AARCH64, 0xaa64, "64-bit ARM"},
    {EM_ARM, 0x01c0, "ARM"},
    {EM_ARM, 0x01c2, "ARM"},
    {EM_ARM, 0x01c4, "ARM"},
    {EM_RISCV, 0x5064, "RISC-V"},
    {EM_RISCV, 0x5032, "RISC-V"},
    {EM_PPC, 0x01f0, "PowerPC"},
    {EM_PPC64, 0x01f1, "64-bit PowerPC"},
    {EM_MIPS, 0x0166, "MIPS"},
    {EM_SPARC, 0, "SPARC"},
    {EM_SPARCV9, 0, "64-bit SPARC"},
    {EM_S390, 0, "S/390"},
    {EM_68K, 0x0268, "68000"},
    {EM_SH, 0x01a2, "SuperH"},
    {EM_PARISC, 0, "PA-RISC"},
    {EM_IA_64, 0x0200, "Itanium"},
    {EM_ALPHA, 0x0184, "Alpha"},
    {258 /* EM_LOONGARCH */, 0x6264, "LoongArch"},
    {EM_386, 0x014c, "i386"},
};
enum { MACHINES = sizeof machines / sizeof *machines };

static const char *elf_machine(uint16_t number)
{
    for (unsigned i = 0; i < MACHINES; i++)
        if (machines[i].elf == number)
            return machines[i].name;
    return "another processor";
}

static const char *pe_machine(uint16_t number)
{
    for (unsigned i = 0; i < MACHINES; i++)
        if (machines[i].pe == number)
            return machines[i].name;
    return "another processor";
}

/* --- formats --- */

static const char xen_says[] = "ERR: Not a 64-bit CPU!";

bool is_elf(const struct file *file)
{
    return has_bytes(file, 0, ELFMAG, SELFMAG);
}

bool check_elf(const struct file *file, struct error *error)
{
    const uint8_t *e = file->bytes;
    if (file->size < sizeof(Elf32_Ehdr))
        return error_set(error, "%s: truncated", file->name);
    const uint8_t *m = e + offsetof(Elf32_Ehdr, e_machine);
    uint16_t machine = e[EI_DATA] == ELFDATA2MSB ? (uint16_t)(m[0] << 8 | m[1]) : load16(m);
    if (machine != EM_386)
        return error_set(error, "%s: made for %s; this machine's processor is an i386", file->name,
                         elf_machine(machine));
    if (e[EI_CLASS] != ELFCLASS32 || e[EI_DATA] != ELFDATA2LSB)
        return error_set(error, "%s: not an i386 executable", file->name);
    if (contains(e, file->size, xen_says, sizeof xen_says))
        return error_set(error, "%s: Xen, which needs a 64-bit processor", file->name);
    return true;
}

static bool is_multiboot2(const struct file *file)
{
    enum { SEARCH = 32768, HEADER = 16, STEP = 8 };
    for (size_t at = 0; at < SEARCH && at + HEADER <= file->size; at += STEP) {
        const uint8_t *h = file->bytes + at;
        if (load32(h) == 0xe85250d6 &&
            load32(h) + load32(h + 4) + load32(h + 8) + load32(h + 12) == 0)
            return true;
    }
    return false;
}

/* What a file that nothing here can start is, as far as its first bytes say. */
static const struct format {
    uint32_t at;
    uint8_t size;
    const char *bytes, *name;
} formats[] = {
    {56, 4, "ARM\x64", "a kernel for 64-bit ARM"},
    {56, 4, "RSC\x05", "a kernel for RISC-V"},
    {48, 5, "RISCV", "a kernel for RISC-V"},
    {36, 4, "\x18\x28\x6f\x01", "a kernel for ARM"},
    {36, 4, "\x01\x6f\x28\x18", "a kernel for ARM"},
    {0, 4, "\x27\x05\x19\x56", "an image for U-Boot"},
    {0, 4, "\xd0\x0d\xfe\xed", "a device tree, or an image for U-Boot"},
    {0, 2, "\x1f\x8b", "compressed by gzip; unpack it first"},
    {0, 6,
     "\xfd"
     "7zXZ",
     "compressed by xz; unpack it first"},
    {0, 4, "\x28\xb5\x2f\xfd", "compressed by zstd; unpack it first"},
    {0, 3, "BZh", "compressed by bzip2; unpack it first"},
    {0, 4, "\x02\x21\x4c\x18", "compressed by lz4; unpack it first"},
    {0, 4, "\x04\x22\x4d\x18", "compressed by lz4; unpack it first"},
    {0, 4, "\x89LZO", "compressed by lzop; unpack it first"},
    {0, 3, "\x5d\x00\x00", "compressed by lzma; unpack it first"},
    {0, 5, "07070", "a RAM disk (cpio), which -initrd takes"},
    {0, 4, "\xce\xfa\xed\xfe", "a Mach-O file"},
    {0, 4, "\xcf\xfa\xed\xfe", "a Mach-O file"},
    {0, 8, "!<arch>\n", "an archive"},
    {32769, 5, "CD001", "a CD's image; there are no disks yet"},
    {510, 2, "\x55\xaa", "a disk's image or boot sector; there are no disks yet"},
};

static const char *format_of(const struct file *file)
{
    for (unsigned i = 0; i < sizeof formats / sizeof *formats; i++)
        if (has_bytes(file, formats[i].at, formats[i].bytes, formats[i].size))
            return formats[i].name;
    return NULL;
}

/* MZ, and at what the word at 3Ch says, PE with the machine behind it; NULL if it is not. */
static const char *efi_machine(const struct file *file)
{
    uint32_t at =
        has_bytes(file, 0, "MZ", 2) && file->size >= 0x40 ? load32(file->bytes + 0x3c) : 0;
    if (!at || file->size < 6 || at > file->size - 6 || !has_bytes(file, at, "PE\0", 4))
        return NULL;
    return pe_machine(load16(file->bytes + at + 4));
}

bool refuse_kernel(const struct file *file, struct error *error)
{
    const char *format = format_of(file), *efi = efi_machine(file);
    if (is_elf(file) && !check_elf(file, error))
        return false;
    if (is_multiboot2(file))
        return error_set(error, "%s: a Multiboot 2 kernel; only Multiboot 1 is there", file->name);
    if (is_elf(file))
        return error_set(error, "%s: an ELF file without a Multiboot header", file->name);
    if (format)
        return error_set(error, "%s: not a kernel for a PC, but %s", file->name, format);
    if (!efi && is_multiboot(file))
        return error_set(error, "%s: a Multiboot header, but neither ELF nor load addresses",
                         file->name);
    if (efi)
        return error_set(error, "%s: a program for EFI (%s), which is not there", file->name, efi);
    return error_set(error, "%s: neither a Linux bzImage nor a Multiboot kernel", file->name);
}
