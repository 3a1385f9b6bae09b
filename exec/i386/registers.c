/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The i386's registers for a debugger: see exec/registers.h. What the processor's manual calls
 * EIP is `ip`; gdb, which knows no segments, is given the linear address for its eip, so that its
 * breakpoints and listings are right in real-address mode, too.
 */
#include "exec/registers.h"
#include "exec/i386/descriptor.h"
#include "exec/i386/fpu_internal.h"
#include "exec/i386/i386.h"
#include "exec/i386/sse.h"

#include <string.h>

#define CORE   "org.gnu.gdb.i386.core"
#define SSE    "org.gnu.gdb.i386.sse"
#define SYSTEM "tessera.i386.system"

enum kind {
    FIELD, /* a member of struct cpu, of `size` bytes */
    FIXED, /* the same, which cannot be set from here */
    LINEAR_PC,
    EFLAGS,
    SELECTOR,
    X87, /* which of them is `offset` */
    MXCSR,
};
enum x87 { FCTRL, FSTAT, FTAG, FISEG, FIOFF, FOSEG, FOOFF, FOP };

struct row {
    struct guest_register r;
    enum kind kind;
    u32 offset, size;
};

#define MEMBER(member) offsetof(struct cpu, member), sizeof((struct cpu){}.member)
#define GENERAL(name, type)                                                                        \
    {                                                                                              \
        {CORE, #name, type, NULL, 32}, FIELD, MEMBER(regs[location_##name])                        \
    }
#define SEG(name, seg)                                                                             \
    {                                                                                              \
        {CORE, name, "int32", NULL, 32}, SELECTOR, MEMBER(seg)                                     \
    }
#define ST(n)                                                                                      \
    {                                                                                              \
        {CORE, "st" #n, "i387_ext", NULL, 80}, FIELD,                                              \
            offsetof(struct cpu, fpu.image) + X87_FIRST_REGISTER + (n)*10, 10                      \
    }
#define CONTROL(name, which)                                                                       \
    {                                                                                              \
        {CORE, name, "int", "float", 32}, X87, which, 0                                            \
    }
#define XMM(n)                                                                                     \
    {                                                                                              \
        {SSE, "xmm" #n, "vec128", NULL, 128}, FIELD, MEMBER(sse.xmm[n])                            \
    }
#define OTHER(name, member)                                                                        \
    {                                                                                              \
        {SYSTEM, name, "int32", "system", 32}, FIXED, MEMBER(member)                               \
    }
#define BASE(name, member)                                                                         \
    {                                                                                              \
        {SYSTEM, name, "data_ptr", "system", 32}, FIXED, MEMBER(member)                            \
    }

enum {
    location_eax = EAX,
    location_ecx = ECX,
    location_edx = EDX,
    location_ebx = EBX,
    location_esp = ESP,
    location_ebp = EBP,
    location_esi = ESI,
    location_edi = EDI,
};

static const struct row rows[] = {
    GENERAL(eax, "int32"),
    GENERAL(ecx, "int32"),
    GENERAL(edx, "int32"),
    GENERAL(ebx, "int32"),
    GENERAL(esp, "data_ptr"),
    GENERAL(ebp, "data_ptr"),
    GENERAL(esi, "int32"),
    GENERAL(edi, "int32"),
    {{CORE, "eip", "code_ptr", NULL, 32}, LINEAR_PC, 0, 0},
    {{CORE, "eflags", "i386_eflags", NULL, 32}, EFLAGS, 0, 0},
    SEG("cs", seg[CS]),
    SEG("ss", seg[SS]),
    SEG("ds", seg[DS]),
    SEG("es", seg[ES]),
    SEG("fs", seg[FS]),
    SEG("gs", seg[GS]),
    ST(0),
    ST(1),
    ST(2),
    ST(3),
    ST(4),
    ST(5),
    ST(6),
    ST(7),
    CONTROL("fctrl", FCTRL),
    CONTROL("fstat", FSTAT),
    CONTROL("ftag", FTAG),
    CONTROL("fiseg", FISEG),
    CONTROL("fioff", FIOFF),
    CONTROL("foseg", FOSEG),
    CONTROL("fooff", FOOFF),
    CONTROL("fop", FOP),
    XMM(0),
    XMM(1),
    XMM(2),
    XMM(3),
    XMM(4),
    XMM(5),
    XMM(6),
    XMM(7),
    {{SSE, "mxcsr", "int32", "vector", 32}, MXCSR, 0, 0},
    BASE("ip", core.pc),
    BASE("cs_base", seg[CS].base),
    BASE("ss_base", seg[SS].base),
    BASE("ds_base", seg[DS].base),
    BASE("es_base", seg[ES].base),
    BASE("fs_base", seg[FS].base),
    BASE("gs_base", seg[GS].base),
    OTHER("cs_limit", seg[CS].limit),
    OTHER("ss_limit", seg[SS].limit),
    OTHER("ds_limit", seg[DS].limit),
    OTHER("es_limit", seg[ES].limit),
    OTHER("fs_limit", seg[FS].limit),
    OTHER("gs_limit", seg[GS].limit),
    OTHER("ldtr", ldt.selector),
    BASE("ldt_base", ldt.base),
    OTHER("tr", tr.selector),
    BASE("tss_base", tr.base),
    BASE("gdt_base", gdt.base),
    OTHER("gdt_limit", gdt.limit),
    BASE("idt_base", idt.base),
    OTHER("idt_limit", idt.limit),
    OTHER("cpl", cpl),
    OTHER("cr0", cr0),
    BASE("cr2", cr2),
    BASE("cr3", cr3),
    OTHER("cr4", cr4),
    {{SYSTEM, "efer", "int64", "system", 64}, FIXED, MEMBER(efer)},
    BASE("dr0", dr[0]),
    BASE("dr1", dr[1]),
    BASE("dr2", dr[2]),
    BASE("dr3", dr[3]),
    OTHER("dr6", dr[6]),
    OTHER("dr7", dr[7]),
};
enum { ROWS = sizeof rows / sizeof *rows };

static const struct guest_register *at(unsigned n)
{
    return n < ROWS ? &rows[n].r : NULL;
}

static const char *architecture(const struct core *core)
{
    return core_mode(core) & MODE_CS32 ? "i386" : "i8086";
}

static const char *types(const char *feature)
{
    if (strcmp(feature, CORE) == 0)
        return "<flags id=\"i386_eflags\" size=\"4\">"
               "<field name=\"CF\" start=\"0\" end=\"0\"/><field name=\"\" start=\"1\" end=\"1\"/>"
               "<field name=\"PF\" start=\"2\" end=\"2\"/><field name=\"AF\" start=\"4\" "
               "end=\"4\"/>"
               "<field name=\"ZF\" start=\"6\" end=\"6\"/><field name=\"SF\" start=\"7\" "
               "end=\"7\"/>"
               "<field name=\"TF\" start=\"8\" end=\"8\"/><field name=\"IF\" start=\"9\" "
               "end=\"9\"/>"
               "<field name=\"DF\" start=\"10\" end=\"10\"/>"
               "<field name=\"OF\" start=\"11\" end=\"11\"/>"
               "<field name=\"NT\" start=\"14\" end=\"14\"/>"
               "<field name=\"RF\" start=\"16\" end=\"16\"/>"
               "<field name=\"VM\" start=\"17\" end=\"17\"/>"
               "<field name=\"AC\" start=\"18\" end=\"18\"/>"
               "<field name=\"VIF\" start=\"19\" end=\"19\"/>"
               "<field name=\"VIP\" start=\"20\" end=\"20\"/>"
               "<field name=\"ID\" start=\"21\" end=\"21\"/></flags>";
    if (strcmp(feature, SSE) == 0)
        return "<vector id=\"v4f\" type=\"ieee_single\" count=\"4\"/>"
               "<vector id=\"v2d\" type=\"ieee_double\" count=\"2\"/>"
               "<vector id=\"v16i8\" type=\"int8\" count=\"16\"/>"
               "<vector id=\"v8i16\" type=\"int16\" count=\"8\"/>"
               "<vector id=\"v4i32\" type=\"int32\" count=\"4\"/>"
               "<vector id=\"v2i64\" type=\"int64\" count=\"2\"/>"
               "<union id=\"vec128\"><field name=\"v4_float\" type=\"v4f\"/>"
               "<field name=\"v2_double\" type=\"v2d\"/><field name=\"v16_int8\" type=\"v16i8\"/>"
               "<field name=\"v8_int16\" type=\"v8i16\"/><field name=\"v4_int32\" type=\"v4i32\"/>"
               "<field name=\"v2_int64\" type=\"v2i64\"/><field name=\"uint128\" type=\"uint128\"/>"
               "</union>";
    return NULL;
}

/* --- values --- */

static u32 x87(struct cpu *cpu, enum x87 which)
{
    struct fpu_last last = fpu_last(cpu);
    u16 word;

    switch (which) {
    case FCTRL:
        return cpu->fpu.control;
    case FSTAT:
    case FTAG:
        memcpy(&word, cpu->fpu.image + (which == FTAG ? X87_TAG : X87_STATUS), sizeof word);
        return word;
    case FISEG:
        return last.code_selector;
    case FIOFF:
        return last.code_offset;
    case FOSEG:
        return last.data_selector;
    case FOOFF:
        return last.data_offset;
    default:
        return last.opcode;
    }
}

static u32 value(const struct row *row, struct cpu *cpu)
{
    const struct segment *s;

    switch (row->kind) {
    case LINEAR_PC:
        return cpu->seg[CS].base + cpu->core.pc;
    case EFLAGS:
        return cpu_eflags(cpu);
    case SELECTOR:
        s = (const struct segment *)((const u8 *)cpu + row->offset);
        return s->selector;
    case MXCSR:
        return sse_mxcsr(cpu);
    default:
        return x87(cpu, (enum x87)row->offset);
    }
}

/* Looking at the pointers of the x87 may note them, which is no change of the state. */
static void get(const struct core *core, unsigned n, u8 *bytes)
{
    const struct row *row = &rows[n];
    u32 number;

    if (row->kind == FIELD || row->kind == FIXED) {
        memset(bytes, 0, row->r.bits / 8);
        memcpy(bytes, (const u8 *)core + row->offset, row->size);
        return;
    }
    number = value(row, (struct cpu *)core);
    memcpy(bytes, &number, sizeof number);
}

/* Outside protected mode, a selector is a base; in it, a descriptor would have to be looked up. */
static bool set_selector(struct cpu *cpu, struct segment *s, u32 selector)
{
    if (selector == s->selector)
        return true;
    if (in_protected_mode(cpu) || selector > 0xffff)
        return false;
    if (cpu->eflags & FLAG_VM)
        segment_load_v86(s, (u16)selector);
    else
        segment_load_real(s, (u16)selector);
    return true;
}

static bool set_number(const struct row *row, struct cpu *cpu, u32 number)
{
    switch (row->kind) {
    case LINEAR_PC:
        cpu->core.pc = number - cpu->seg[CS].base;
        return true;
    case EFLAGS:
        cpu_set_eflags(cpu, number, ~(u32)FLAG_VM);
        return !((number ^ cpu_eflags(cpu)) & FLAG_VM);
    case SELECTOR:
        return set_selector(cpu, (struct segment *)((u8 *)cpu + row->offset), number);
    default:
        return number == value(row, cpu);
    }
}

static bool set(struct core *core, unsigned n, const u8 *bytes)
{
    const struct row *row = &rows[n];
    u8 before[REGISTER_MOST];
    u32 number;

    if (row->kind == FIXED) {
        get(core, n, before);
        return memcmp(bytes, before, row->r.bits / 8) == 0;
    }
    if (row->kind == FIELD) {
        memcpy((u8 *)core + row->offset, bytes, row->size);
        return true;
    }
    memcpy(&number, bytes, sizeof number);
    return set_number(row, (struct cpu *)core, number);
}

const struct register_set i386_registers = {
    .architecture = architecture,
    .at = at,
    .types = types,
    .get = get,
    .set = set,
};
