/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vocabulary micro-ops are written in. Their source (n.h, r.h, rr.h) is compiled twice:
 * by template.c with holes, for dyngen, and by interp.c, where parameters and successors are
 * read from a stream of struct interp_insn. Those two files define
 *
 *   P1..P5             the op's parameters, 32 bits; A1..A5 the same as 64-bit addresses
 *   NEXT TAKEN COLD    where it goes on: behind it, to its target, to its slow path
 *   JUMP(code) RESUME  to the start of a block; from a slow path to where it set cpu->core.resume
 *
 * All guest registers and both temporaries are arguments, so that they stay in host registers
 * from op to op. clang's preserve_none passes these eleven in r12 r13 r14 r15 rdi rsi rdx rcx
 * r8 r9 r11: ecx is in rcx and edx in rdx, where shifts and divides want them.
 */
#ifndef OPS_I386_OP_H
#define OPS_I386_OP_H

#include "ops/host/host.h"
#include "ops/i386/cpu.h"

#define STATE                                                                                      \
    struct cpu *cpu, u32 ebx, u32 t0, u32 t1, u32 edi, u32 esi, u32 edx, u32 ecx, u32 ebp,         \
        u32 esp, u32 eax
#define ARGS     cpu, ebx, t0, t1, edi, esi, edx, ecx, ebp, esp, eax
#define OPCALL   __attribute__((preserve_none))
#define TAILCALL __attribute__((musttail)) return

typedef OPCALL void op_fn(STATE);

#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#define SAVE_STATE                                                                                 \
    do {                                                                                           \
        cpu->regs[EAX] = eax, cpu->regs[ECX] = ecx, cpu->regs[EDX] = edx, cpu->regs[EBX] = ebx;    \
        cpu->regs[ESP] = esp, cpu->regs[EBP] = ebp, cpu->regs[ESI] = esi, cpu->regs[EDI] = edi;    \
        cpu->regs[T0] = t0, cpu->regs[T1] = t1;                                                    \
    } while (0)
#define LOAD_STATE                                                                                 \
    do {                                                                                           \
        eax = cpu->regs[EAX], ecx = cpu->regs[ECX], edx = cpu->regs[EDX], ebx = cpu->regs[EBX];    \
        esp = cpu->regs[ESP], ebp = cpu->regs[EBP], esi = cpu->regs[ESI], edi = cpu->regs[EDI];    \
        t0 = cpu->regs[T0], t1 = cpu->regs[T1];                                                    \
    } while (0)

/* A field of cpu whose offset is a parameter: the hole is the displacement. */
#define FIELD(type, offset) (*(type *)((char *)cpu + (offset)))

/*
 * Guest memory at base + P1. P2 and P3 are the offsets in cpu of the TLB's tag and addend for this
 * kind of access and privilege. The tag must be the page of the access's last byte: so an access
 * across pages misses. The linear address is left in t0: there the slow path finds it, and the
 * second half of a read-modify-write.
 */
#define TLB_LOOK_UP(last, mask, base)                                                              \
    HOST_ADDRESS(address, base);                                                                   \
    u64 index = tlb_offset(address);                                                               \
    HOST_HIDE(index);                                                                              \
    t0 = (u32)address;                                                                             \
    if (UNLIKELY(FIELD(u32, A2 + index) != (((u32)address + (last)) & (mask))))                    \
        COLD;                                                                                      \
    HOST_HIDE(index)
#define TLB_HIT_OR_COLD(type, base) TLB_LOOK_UP(sizeof(type) - 1, 0xfffff000u, base)
/* Of 16 bytes: cold too where the address is not a multiple of that: no tag has the low 4 bits. */
#define TLB_HIT_ALIGNED_OR_COLD(base) TLB_LOOK_UP(0, 0xfffff00fu, base)
#define LOAD(type, value, base)                                                                    \
    do {                                                                                           \
        TLB_HIT_OR_COLD(type, base);                                                               \
        (value) = *(type *)(FIELD(u64, A3 + index) + address);                                     \
    } while (0)
#define STORE(type, value, base)                                                                   \
    do {                                                                                           \
        TLB_HIT_OR_COLD(type, base);                                                               \
        *(type *)(FIELD(u64, A3 + index) + address) = (type)(value);                               \
    } while (0)
#define STORE_P4(type, set, base)                                                                  \
    do {                                                                                           \
        TLB_HIT_OR_COLD(type, base);                                                               \
        set(*(type *)(FIELD(u64, A3 + index) + address), 4);                                       \
    } while (0)

#endif
