/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listings of PowerPC code, by Capstone: a host's libopcodes need not know it. */
#include "exec/ppc/ppc.h"
#include "exec/report/disassemble.h"

#include <stdio.h>

#ifdef HAVE_CAPSTONE
#include <capstone/capstone.h>

static void list(const struct isa *isa, const u8 *code, u64 address, size_t size, listed_fn *each,
                 void *context)
{
    (void)isa;
    csh handle;
    cs_insn *insn;

    if (cs_open(CS_ARCH_PPC, CS_MODE_32 | CS_MODE_BIG_ENDIAN, &handle) != CS_ERR_OK)
        return;
    cs_option(handle, CS_OPT_SKIPDATA, CS_OPT_ON);
    for (size_t n = cs_disasm(handle, code, size, address, 0, &insn), i = 0; i < n; i++) {
        char line[sizeof insn->mnemonic + sizeof insn->op_str + 1];
        snprintf(line, sizeof line, "%s %s", insn[i].mnemonic, insn[i].op_str);
        each(context, insn[i].address, insn[i].size, line);
        if (i + 1 == n)
            cs_free(insn, n);
    }
    cs_close(&handle);
}

#else

/* Words, as numbers. */
static void list(const struct isa *isa, const u8 *code, u64 address, size_t size, listed_fn *each,
                 void *context)
{
    (void)isa;
    char line[32];

    for (size_t at = 0; at + 4 <= size; at += 4) {
        snprintf(line, sizeof line, ".long 0x%02x%02x%02x%02x", code[at], code[at + 1],
                 code[at + 2], code[at + 3]);
        each(context, address + at, 4, line);
    }
}

#endif

const struct isa ppc_isa = {.disassemble = list};
