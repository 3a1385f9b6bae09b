/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What CPUID tells (SDM vol. 2, CPUID). */
#include "guest.h"

struct cpuid {
    u32 eax, ebx, ecx, edx;
};

enum { EFLAGS_ID = 1 << 21, FEATURE_TSC = 4 };

static bool have_cpuid(void)
{
    u32 before;
    u32 after;
    __asm__ volatile("pushf; pop %0; mov %0, %1; xor %2, %1; push %1; popf; pushf; pop %1"
                     : "=&r"(before), "=&r"(after)
                     : "i"(EFLAGS_ID));
    return ((before ^ after) & EFLAGS_ID) != 0;
}

static struct cpuid cpuid(u32 leaf)
{
    struct cpuid r;
    __asm__ volatile("cpuid"
                     : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
                     : "0"(leaf), "2"(0));
    return r;
}

static void print_registers(const u32 *registers, int count)
{
    for (int i = 0; i < count; i++)
        for (int shift = 0; shift < 32; shift += 8) {
            char c = (char)(registers[i] >> shift);
            if (c >= ' ' && c < 0x7f)
                put_char(c);
        }
}

static void print_features(u32 edx)
{
    static const char *const names[32] = {
        "fpu",  "vme",  "de",   "pse", "tsc",  "msr", "pae",   "mce", "cx8",   "apic", 0,
        "sep",  "mtrr", "pge",  "mca", "cmov", "pat", "pse36", "pn",  "clfsh", 0,      "ds",
        "acpi", "mmx",  "fxsr", "sse", "sse2", "ss",  "htt",   "tm",  0,       "pbe",
    };
    for (int i = 0; i < 32; i++)
        if ((edx >> i & 1) && names[i])
            print(" %s", names[i]);
}

static void print_brand(void)
{
    if (cpuid(0x80000000).eax < 0x80000004)
        return;
    print(", ");
    for (u32 leaf = 0x80000002; leaf <= 0x80000004; leaf++) {
        struct cpuid r = cpuid(leaf);
        u32 text[] = {r.eax, r.ebx, r.ecx, r.edx};
        print_registers(text, 4);
    }
}

bool cpu_has_tsc(void)
{
    return have_cpuid() && cpuid(0).eax >= 1 && (cpuid(1).edx >> FEATURE_TSC & 1);
}

void cpu_report(void)
{
    if (!have_cpuid()) {
        print("cpu: no CPUID\n");
        return;
    }
    struct cpuid r = cpuid(0);
    u32 vendor[] = {r.ebx, r.edx, r.ecx};
    print("cpu: ");
    print_registers(vendor, 3);
    print_brand();
    if (r.eax >= 1) {
        struct cpuid f = cpuid(1);
        print(", family %u model %u stepping %u\n", f.eax >> 8 & 15, f.eax >> 4 & 15, f.eax & 15);
        print("features:");
        print_features(f.edx);
    }
    print("\n");
    if (time_tsc_khz())
        print("tsc: %u kHz by the 8254's clock\n", time_tsc_khz());
}
