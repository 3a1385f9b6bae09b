/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cpu's registers, as -d cpu prints them. */
#include "exec/i386/i386.h"
#include "exec/i386/sse.h"

static void log_segment(const char *name, const struct segment *s)
{
    log_print("%s =%04x %08x %08x %04x\n", name, s->selector, s->base, s->limit, s->attr);
}

/* The highest part first. */
static void log_sse(const struct cpu *cpu)
{
    for (unsigned i = 0; i < 8; i++) {
        const u32 *part = cpu->sse.xmm[i].part;
        log_print("XMM%u=%08x%08x%08x%08x%s", i, part[3], part[2], part[1], part[0],
                  i % 2 ? "\n" : " ");
    }
    log_print("MXCSR=%08x\n", sse_mxcsr(cpu));
}

void cpu_log_state(const struct cpu *cpu)
{
    static const char *const names[SEGMENTS] = {"ES", "CS", "SS", "DS", "FS", "GS"};
    const u32 *r = cpu->regs;

    log_print("EAX=%08x EBX=%08x ECX=%08x EDX=%08x\n", r[EAX], r[EBX], r[ECX], r[EDX]);
    log_print("ESI=%08x EDI=%08x EBP=%08x ESP=%08x\n", r[ESI], r[EDI], r[EBP], r[ESP]);
    log_print("EIP=%08x EFL=%08x CPL=%u HLT=%d\n", cpu->core.pc, cpu_eflags(cpu), cpu->cpl,
              cpu->core.halted);
    for (unsigned i = 0; i < SEGMENTS; i++)
        log_segment(names[i], &cpu->seg[i]);
    log_segment("LDT", &cpu->ldt);
    log_segment("TR", &cpu->tr);
    log_print("GDT= %08x %08x\nIDT= %08x %08x\n", cpu->gdt.base, cpu->gdt.limit, cpu->idt.base,
              cpu->idt.limit);
    log_print("CR0=%08x CR2=%08x CR3=%08x CR4=%08x\n", cpu->cr0, cpu->cr2, cpu->cr3, cpu->cr4);
    log_sse(cpu);
}
