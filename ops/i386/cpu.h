/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state of the i386 guest: what micro-ops, helpers and the exec loop share.
 *
 * While generated code runs, the eight general registers and the two temporaries live in host
 * registers; `regs` holds them whenever C code outside the micro-ops runs.
 */
#ifndef OPS_I386_CPU_H
#define OPS_I386_CPU_H

#include "ops/core.h"
#include "ops/i386/locations.h"

enum segment_register { ES, CS, SS, DS, FS, GS, SEGMENTS };

/* EFLAGS (SDM vol. 1, 3.4.3). The arithmetic ones are kept lazily, see enum cc. */
enum {
    FLAG_CF = 1u << 0,
    FLAG_1 = 1u << 1, /* reads as one */
    FLAG_PF = 1u << 2,
    FLAG_AF = 1u << 4,
    FLAG_ZF = 1u << 6,
    FLAG_SF = 1u << 7,
    FLAG_TF = 1u << 8,
    FLAG_IF = 1u << 9,
    FLAG_DF = 1u << 10,
    FLAG_OF = 1u << 11,
    FLAG_IOPL = 3u << 12,
    FLAG_NT = 1u << 14,
    FLAG_RF = 1u << 16,
    FLAG_VM = 1u << 17,
    FLAG_AC = 1u << 18,
    FLAG_VIF = 1u << 19,
    FLAG_VIP = 1u << 20,
    FLAG_ID = 1u << 21,
    FLAGS_ARITH = FLAG_CF | FLAG_PF | FLAG_AF | FLAG_ZF | FLAG_SF | FLAG_OF,
};

enum {
    CR0_PE = 1u << 0,
    CR0_MP = 1u << 1,
    CR0_EM = 1u << 2,
    CR0_TS = 1u << 3,
    CR0_ET = 1u << 4,
    CR0_NE = 1u << 5,
    CR0_WP = 1u << 16,
    CR0_AM = 1u << 18,
    CR0_NW = 1u << 29,
    CR0_CD = 1u << 30,
    CR0_PG = 1u << 31,
    CR4_VME = 1u << 0,
    CR4_PVI = 1u << 1,
    CR4_TSD = 1u << 2,
    CR4_DE = 1u << 3,
    CR4_PSE = 1u << 4,
    CR4_PAE = 1u << 5,
    CR4_MCE = 1u << 6,
    CR4_PGE = 1u << 7,
    CR4_PCE = 1u << 8,
    CR4_OSFXSR = 1u << 9,      /* SSE instructions are allowed */
    CR4_OSXMMEXCPT = 1u << 10, /* their exceptions are #XM, not #UD */
    EFER_NXE = 1u << 11,
};

enum vector {
    EXC_DE = 0,
    EXC_DB = 1,
    EXC_NMI = 2,
    EXC_BP = 3,
    EXC_OF = 4,
    EXC_BR = 5,
    EXC_UD = 6,
    EXC_NM = 7,
    EXC_DF = 8,
    EXC_TS = 10,
    EXC_NP = 11,
    EXC_SS = 12,
    EXC_GP = 13,
    EXC_PF = 14,
    EXC_MF = 16,
    EXC_AC = 17,
    EXC_MC = 18,
    EXC_XM = 19,
};

/*
 * How the arithmetic flags follow from cc_dst and cc_src; B, W, L are 8, 16 and 32 bits wide, and
 * bits above the width are ignored. ZF, SF and PF follow from cc_dst up to CC_OPS, for all but
 * CC_EFLAGS.
 */
enum cc {
    CC_EFLAGS, /* cc_src holds the flags themselves, FLAGS_ARITH bits only */
    CC_ADDB,   /* cc_dst = a + b, cc_src = b */
    CC_ADDW,
    CC_ADDL,
    CC_SUBB, /* cc_dst = a - b, cc_src = b */
    CC_SUBW,
    CC_SUBL,
    CC_LOGICB, /* cc_dst = result; CF, OF and AF are clear */
    CC_LOGICW,
    CC_LOGICL,
    CC_CARRYB, /* cc_src = the carries (borrows) out of each bit: CF is the top one, */
    CC_CARRYW, /* OF the top one xor the one below, AF bit 3 */
    CC_CARRYL,
    CC_SHRB, /* right shifts: CF is bit 0 of cc_src; OF is clear if cc_dst's top two bits agree */
    CC_SHRW,
    CC_SHRL,
    CC_OPS,
    /*
     * A comparison as a block may leave it, for cc_get alone: cc_dst = a, cc_src = b. Within the
     * block it is CC_SUBB and so on.
     */
    CC_CMPB = CC_OPS,
    CC_CMPW,
    CC_CMPL,
};

/*
 * INC and DEC leave CF: they store their result in inc_dst and their kind here, in the second
 * byte of cc_op; then CF alone follows from enum cc, all others from inc_dst.
 */
enum cc_inc { CC_NOT_INC, CC_INCB, CC_INCW, CC_INCL, CC_DECB, CC_DECW, CC_DECL };

/*
 * The i386's bits of a mode (ops/core.h). CPL 3 is MODE_USER.
 */
#define MODE_BIT(n) (1u << (MODE_GUEST + (n)))
enum mode {
    MODE_CS32 = MODE_BIT(0), /* CS.D */
    MODE_SS32 = MODE_BIT(1), /* SS.B: ESP, not SP */
    MODE_PE = MODE_BIT(2),
    MODE_VM = MODE_BIT(3),
    MODE_FLAT_ES = MODE_BIT(4), /* base 0, limit 4 GiB, present, readable and writable */
    MODE_FLAT_CS = MODE_BIT(5), /* for CS: executable and readable; not writable */
    MODE_FLAT_SS = MODE_BIT(6),
    MODE_FLAT_DS = MODE_BIT(7),
    MODE_FLAT_FS = MODE_BIT(8),
    MODE_FLAT_GS = MODE_BIT(9),
    MODE_TF = MODE_BIT(10),       /* single step: one instruction, then #DB */
    MODE_NO_FPU = MODE_BIT(11),   /* CR0.EM or CR0.TS: x87 instructions raise #NM */
    MODE_FPU_TRAP = MODE_BIT(12), /* an x87 exception is unmasked or pending: check each one */
    MODE_TS = MODE_BIT(13),       /* CR0.TS and CR0.MP: WAIT raises #NM */
    MODE_NO_SSE = MODE_BIT(14),   /* CR0.EM, CR0.TS or not CR4.OSFXSR: SSE raises #UD or #NM */
    MODE_SSE_TRAP = MODE_BIT(15), /* a SIMD floating-point exception is unmasked */
    MODE_BREAK = MODE_BIT(16),    /* instruction breakpoints are enabled: see struct debug */
};

/* A segment register with its hidden part (SDM vol. 3, 3.4.3). */
struct segment {
    u32 base;
    u32 limit; /* last valid offset, in bytes (granularity applied) */
    u16 selector;
    u16 attr; /* descriptor bits 40..47 in 0..7 (type, S, DPL, P), 52..55 in 12..15 (AVL, -, D, G)
               */
    /*
     * What inline checks use: an access of n bytes at offset o is allowed if
     * o >= lo and o + n - 1 <= hi (in 64 bits); lo > hi where no access is.
     */
    u32 read_lo, read_hi;
    u32 write_lo, write_hi;
    u32 flat; /* SEG_FLAT_*: base 0, and these bounds span 4 GiB */
};

enum {
    SEG_TYPE = 0x0f,
    SEG_ACCESSED = 0x01,
    SEG_WRITABLE = 0x02,    /* data */
    SEG_READABLE = 0x02,    /* code */
    SEG_EXPAND_DOWN = 0x04, /* data */
    SEG_CONFORMING = 0x04,  /* code */
    SEG_CODE = 0x08,
    SEG_S = 0x10, /* code or data, not a system segment */
    SEG_DPL_SHIFT = 5,
    SEG_PRESENT = 0x80,
    SEG_D = 0x4000,
    SEG_G = 0x8000,
};
enum { SEG_FLAT_WRITE = 1, SEG_FLAT_READ = 2 };

/* After STI interrupts wait; after a load of SS traps do, too (SDM vol. 3, 6.8.3). */
enum shadow { NO_SHADOW, SHADOW_INTERRUPTS, SHADOW_TRAPS };

struct table_register {
    u32 base;
    u32 limit;
};

/*
 * The x87's pointers: the last instruction that was no control instruction, and the last operand
 * in memory (SDM vol. 1, 8.1.8). Micro-ops note no selectors, but that a selector is yet to be
 * taken from its segment register: see fpu_pointers.c.
 */
struct fpu_pointers {
    u32 code_offset;
    u16 opcode;        /* X87_NOTED: code_selector is that of CS */
    u16 data_register; /* not 0: data_selector and data_base are of this segment register, plus 1 */
    u32 data_linear, data_base;
    u16 code_selector, data_selector;
    /* What the segment registers were when the mode was last worked out. */
    struct {
        u32 base;
        u16 selector;
    } segments[SEGMENTS];
};

/*
 * The x87. Between fpu_enter and fpu_leave (exec/i386/fpu.h) the host's own x87 holds registers,
 * tags, TOP and status word; `image`, the host's FNSAVE format, at other times.
 */
enum { FPU_IMAGE = 108 };
struct fpu {
    u16 control;      /* the guest's control word */
    u16 host_control; /* the same with all exceptions masked: the host's meanwhile */
    bool live;
    bool ferr; /* FERR#, see struct board */
    struct fpu_pointers last;
    u8 image[FPU_IMAGE];
};

/*
 * SSE. Between fpu_enter and fpu_leave the host's MXCSR is the guest's, sticky flags and all, so
 * that a micro-op is an instruction of the host; mxcsr then is what it was when last stored. Under
 * MODE_SSE_TRAP it is always the guest's, and in the host's only for the one instruction that may
 * raise an exception (exec/i386/sse.c).
 */
struct xmm {
    _Alignas(16) u32 part[4];
};
struct sse {
    struct xmm xmm[8];
    struct xmm temp; /* a source from memory, a general or an MMX register */
    u32 mxcsr;
    u32 mxcsr_mask;        /* the bits that this model has */
    u32 mxcsr_masked;      /* what the host has between instructions under MODE_SSE_TRAP */
    u32 mxcsr_of_emulator; /* the host's between fpu_leave and fpu_enter */
};
enum {
    MXCSR_EXCEPTIONS = 0x3f, /* flags; their masks are 7 bits up */
    MXCSR_DAZ = 1 << 6,
    MXCSR_MASKS = MXCSR_EXCEPTIONS << 7,
    MXCSR_RESET = 0x1f80,
    MXCSR_ALL = 0xffff,
};

/* Model-specific registers that have no use here but to be read again: exec/i386/msr.c. */
enum { MTRR_VARIABLE = 16, MTRR_FIXED = 11, MC_BANKS = 5 };
struct msr_values {
    u64 apic_base, misc_enable, pat, tsc_adjust;
    u64 mtrr_default, mtrr_fixed[MTRR_FIXED], mtrr_variable[MTRR_VARIABLE];
    u64 mcg_status, mcg_control, mc_control[MC_BANKS];
};

/* Linear addresses of instructions that stop for a debugger. */
enum { BREAKPOINTS = 4 };
struct breakpoints {
    u32 address[BREAKPOINTS];
    u32 count;
};

/*
 * What DR7 and CR4.DE make of DR0..DR3 (exec/i386/debug.h), and what is to happen at the next
 * boundary of instructions. Sets of breakpoints are bits 0 to 3.
 */
struct debug {
    u8 code, data, port;      /* enabled: on execution, on data, on a port */
    bool resuming;            /* this instruction runs whatever breakpoint is on it */
    bool stepping;            /* TF was set when this instruction began, */
    bool shadowed;            /* or it was in a shadow */
    u16 trap;                 /* bits for DR6: #DB behind this instruction */
    struct breakpoints known; /* on execution: blocks of MODE_BREAK are made for these */
};

struct model;

struct cpu {
    struct core core;
    u32 regs[LOCATIONS];
    u32 cc_dst, cc_src;
    u32 cc_op; /* enum cc, enum cc_inc << 8 */
    u32 inc_dst;
    u32 carry;  /* carry into ADC and SBB; the bit of BT */
    u32 kept;   /* a third temporary, for the few ops that need one */
    u32 eflags; /* all but FLAGS_ARITH; FLAG_1 is set */
    u32 cpl;

    struct segment seg[SEGMENTS];
    struct segment ldt, tr;
    struct table_register gdt, idt;
    u32 cr0, cr2, cr3, cr4;
    u64 pdpte[4]; /* PAE paging's first table, as of the last load of CR3 */
    u64 efer;
    u32 dr[8];
    struct debug debug;
    bool aligned;          /* CR0.AM and EFLAGS.AC, as of CPL 3: data there must be aligned */
    u8 shadow;             /* enum shadow: what must wait until the next instruction has run */
    bool nmi_pending;      /* one waits to be taken, */
    bool nmi_blocked;      /* until the handler of the one before returns */
    u32 a20_mask;          /* ANDed to physical addresses: ~0 or ~(1 << 20) */
    bool delivering;       /* an exception: another one may make a double or triple fault of it */
    unsigned fault_vector; /* the last that was to be delivered */
    u8 raised_vector;
    u32 raised_error;
    u64 tsc_offset;
    u64 sysenter_cs, sysenter_esp, sysenter_eip;
    struct msr_values msr;

    struct fpu fpu;
    struct sse sse;
    const struct model *model; /* what the processor has: see exec/i386/model.h */
    struct core_rest rest;
};

static inline u32 cpu_mode(const struct cpu *cpu)
{
    return core_mode(&cpu->core);
}

#endif
