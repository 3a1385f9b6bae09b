/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PowerPC's registers for a debugger: see exec/registers.h. */
#include "exec/registers.h"
#include "exec/ppc/float.h"

#define CORE "org.gnu.gdb.power.core"
#define FPU  "org.gnu.gdb.power.fpu"

struct row {
    struct guest_register r;
    u32 offset;
};

#define AT(member) offsetof(struct ppc_cpu, member)
#define FLOAT(n)                                                                                   \
    {                                                                                              \
        {FPU, "f" #n, "ieee_double", NULL, 64}, AT(fpr[n])                                         \
    }
#define GENERAL(n)                                                                                 \
    {                                                                                              \
        {CORE, "r" #n, "uint32", NULL, 32}, AT(gpr[n])                                             \
    }
#define SYSTEM(name, m)                                                                            \
    {                                                                                              \
        {"tessera.ppc.system", name, "uint32", NULL, 32}, AT(m)                                    \
    }
#define OTHER(name, type, m)                                                                       \
    {                                                                                              \
        {CORE, name, type, NULL, 32}, AT(m)                                                        \
    }

static const struct row rows[] = {
    GENERAL(0),
    GENERAL(1),
    GENERAL(2),
    GENERAL(3),
    GENERAL(4),
    GENERAL(5),
    GENERAL(6),
    GENERAL(7),
    GENERAL(8),
    GENERAL(9),
    GENERAL(10),
    GENERAL(11),
    GENERAL(12),
    GENERAL(13),
    GENERAL(14),
    GENERAL(15),
    GENERAL(16),
    GENERAL(17),
    GENERAL(18),
    GENERAL(19),
    GENERAL(20),
    GENERAL(21),
    GENERAL(22),
    GENERAL(23),
    GENERAL(24),
    GENERAL(25),
    GENERAL(26),
    GENERAL(27),
    GENERAL(28),
    GENERAL(29),
    GENERAL(30),
    GENERAL(31),
    OTHER("pc", "code_ptr", core.pc),
    OTHER("msr", "uint32", msr),
    OTHER("cr", "uint32", cr),
    OTHER("lr", "code_ptr", lr),
    OTHER("ctr", "uint32", ctr),
    OTHER("xer", "uint32", xer),
    FLOAT(0),
    FLOAT(1),
    FLOAT(2),
    FLOAT(3),
    FLOAT(4),
    FLOAT(5),
    FLOAT(6),
    FLOAT(7),
    FLOAT(8),
    FLOAT(9),
    FLOAT(10),
    FLOAT(11),
    FLOAT(12),
    FLOAT(13),
    FLOAT(14),
    FLOAT(15),
    FLOAT(16),
    FLOAT(17),
    FLOAT(18),
    FLOAT(19),
    FLOAT(20),
    FLOAT(21),
    FLOAT(22),
    FLOAT(23),
    FLOAT(24),
    FLOAT(25),
    FLOAT(26),
    FLOAT(27),
    FLOAT(28),
    FLOAT(29),
    FLOAT(30),
    FLOAT(31),
    {{FPU, "fpscr", "int", "float", 32}, AT(fpscr)},
    SYSTEM("srr0", srr0),
    SYSTEM("srr1", srr1),
    SYSTEM("lpidr", lpidr),
    SYSTEM("epcr", epcr),
    SYSTEM("msrp", msrp),
    SYSTEM("gsrr0", gsrr0),
    SYSTEM("gsrr1", gsrr1),
    SYSTEM("gesr", gesr),
    SYSTEM("gdear", gdear),
};
enum { ROWS = sizeof rows / sizeof *rows };

static const struct guest_register *at(unsigned n)
{
    return n < ROWS ? &rows[n].r : NULL;
}

static const char *architecture(const struct core *core)
{
    (void)core;
    return "powerpc:common";
}

static const char *types(const char *feature)
{
    (void)feature;
    return NULL;
}

/* Big-endian, of the host's numbers. */
static void turn(u8 *to, const u8 *from, unsigned n)
{
    unsigned size = rows[n].r.bits / 8;

    for (unsigned i = 0; i < size; i++)
        to[i] = from[size - 1 - i];
}

static void get(const struct core *core, unsigned n, u8 *bytes)
{
    const struct ppc_cpu *cpu = (const struct ppc_cpu *)core;
    u32 computed = rows[n].offset == AT(cr) ? ppc_cr(cpu) : ppc_xer(cpu);
    bool is_computed = rows[n].offset == AT(cr) || rows[n].offset == AT(xer);

    turn(bytes, is_computed ? (const u8 *)&computed : (const u8 *)core + rows[n].offset, n);
}

static bool set(struct core *core, unsigned n, const u8 *bytes)
{
    struct ppc_cpu *cpu = (struct ppc_cpu *)core;
    u32 value = 0;

    if (rows[n].r.bits == 32)
        turn((u8 *)&value, bytes, n);
    switch (rows[n].offset) {
    case AT(cr):
        ppc_set_cr(cpu, value, 0xff);
        break;
    case AT(xer):
        ppc_set_xer(cpu, value);
        break;
    case AT(fpscr):
        ppc_set_fpscr(cpu, value);
        break;
    default:
        turn((u8 *)core + rows[n].offset, bytes, n);
    }
    return true;
}

const struct register_set ppc_registers = {
    .architecture = architecture,
    .at = at,
    .types = types,
    .big_endian = true,
    .get = get,
    .set = set,
};
