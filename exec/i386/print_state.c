/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cpu's registers, for -d cpu and for monitors. */
#include "exec/i386/fpu_internal.h"
#include "exec/i386/i386.h"
#include "exec/i386/sse.h"

#include <inttypes.h>
#include <string.h>

static void print_segment(FILE *to, const char *name, const struct segment *s)
{
    fprintf(to, "%s =%04x %08x %08x %04x\n", name, s->selector, s->base, s->limit, s->attr);
}

/* The highest part first. */
static void print_sse(const struct cpu *cpu, FILE *to)
{
    for (unsigned i = 0; i < 8; i++) {
        const u32 *part = cpu->sse.xmm[i].part;
        fprintf(to, "XMM%02u=%08x%08x %08x%08x%s", i, part[3], part[2], part[1], part[0],
                i % 2 ? "\n" : " ");
    }
}

/* As they are numbered, not from the top of the stack on. */
static void print_fpu(const struct cpu *cpu, FILE *to)
{
    u16 tags, status;
    unsigned in_use = 0;
    memcpy(&status, cpu->fpu.image + X87_STATUS, sizeof status);
    unsigned top = status >> 11 & 7;
    memcpy(&tags, cpu->fpu.image + X87_TAG, sizeof tags);
    for (unsigned i = 0; i < 8; i++)
        in_use |= (unsigned)((tags >> 2 * i & 3) != 3) << i;
    fprintf(to, "FCW=%04x FSW=%04x [ST=%u] FTW=%02x MXCSR=%08x\n", cpu->fpu.control, status, top,
            in_use, sse_mxcsr(cpu));
    for (unsigned i = 0; i < 8; i++) {
        const u8 *at = cpu->fpu.image + X87_FIRST_REGISTER + (i - top) % 8 * 10;
        u64 significand;
        u16 exponent;
        memcpy(&significand, at, sizeof significand);
        memcpy(&exponent, at + sizeof significand, sizeof exponent);
        fprintf(to, "FPR%u=%016" PRIx64 " %04x%s", i, (uint64_t)significand, exponent,
                i % 2 ? "\n" : " ");
    }
}

static void print_integer(const struct cpu *cpu, FILE *to)
{
    static const char *const names[SEGMENTS] = {"ES", "CS", "SS", "DS", "FS", "GS"};
    const u32 *r = cpu->regs;

    fprintf(to, "EAX=%08x EBX=%08x ECX=%08x EDX=%08x\n", r[EAX], r[EBX], r[ECX], r[EDX]);
    fprintf(to, "ESI=%08x EDI=%08x EBP=%08x ESP=%08x\n", r[ESI], r[EDI], r[EBP], r[ESP]);
    fprintf(to, "EIP=%08x EFL=%08x CPL=%u HLT=%d\n", cpu->core.pc, cpu_eflags(cpu), cpu->cpl,
            cpu->core.halted);
    for (unsigned i = 0; i < SEGMENTS; i++)
        print_segment(to, names[i], &cpu->seg[i]);
    print_segment(to, "LDT", &cpu->ldt);
    print_segment(to, "TR", &cpu->tr);
    fprintf(to, "GDT= %08x %08x\nIDT= %08x %08x\n", cpu->gdt.base, cpu->gdt.limit, cpu->idt.base,
            cpu->idt.limit);
    fprintf(to, "CR0=%08x CR2=%08x CR3=%08x CR4=%08x\n", cpu->cr0, cpu->cr2, cpu->cr3, cpu->cr4);
    fprintf(to, "DR0=%08x DR1=%08x DR2=%08x DR3=%08x DR6=%08x DR7=%08x\n", cpu->dr[0], cpu->dr[1],
            cpu->dr[2], cpu->dr[3], cpu->dr[6], cpu->dr[7]);
}

void cpu_print_state(const struct cpu *cpu, FILE *to)
{
    print_integer(cpu, to);
    print_sse(cpu, to);
    fprintf(to, "MXCSR=%08x\n", sse_mxcsr(cpu));
}

void cpu_print_registers(const struct cpu *cpu, FILE *to)
{
    print_integer(cpu, to);
    print_fpu(cpu, to);
    print_sse(cpu, to);
}
