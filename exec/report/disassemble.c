/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See disassemble.h. */
#include "exec/report/disassemble.h"
#include "exec/host/host.h"

#ifdef HAVE_CAPSTONE
#include <capstone/capstone.h>
#endif
#include <dis-asm.h>
#include <stdarg.h>
#include <string.h>

/* --- text --- */

struct text {
    char line[256];
    size_t used;
};

static int append_list(struct text *t, const char *format, va_list arguments)
{
    size_t room = sizeof t->line - t->used;
    int n = vsnprintf(t->line + t->used, room, format, arguments);

    if (n > 0)
        t->used += (size_t)n < room ? (size_t)n : room - 1;
    return n;
}

__attribute__((format(printf, 2, 3))) static int append(void *to, const char *format, ...)
{
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = append_list(to, format, arguments);
    va_end(arguments);
    return n;
}

__attribute__((format(printf, 3, 4))) static int
append_styled(void *to, enum disassembler_style style, const char *format, ...)
{
    va_list arguments;
    int n;

    (void)style;
    va_start(arguments, format);
    n = append_list(to, format, arguments);
    va_end(arguments);
    return n;
}

static struct host_machine machine_of(enum isa isa)
{
    if (isa == ISA_HOST)
        return host_machine();
    return (struct host_machine){bfd_arch_i386,
                                 isa == ISA_I386 ? bfd_mach_i386_i386 : bfd_mach_i386_i8086};
}

#ifdef HAVE_CAPSTONE

/* The host's libopcodes knows the host's instruction sets alone. */
static void disassemble_ppc(const u8 *code, u64 address, size_t size, listed_fn *each,
                            void *context)
{
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
static void disassemble_ppc(const u8 *code, u64 address, size_t size, listed_fn *each,
                            void *context)
{
    char line[32];

    for (size_t at = 0; at + 4 <= size; at += 4) {
        snprintf(line, sizeof line, ".long 0x%02x%02x%02x%02x", code[at], code[at + 1],
                 code[at + 2], code[at + 3]);
        each(context, address + at, 4, line);
    }
}

#endif

static void disassemble_by_libopcodes(enum isa isa, const u8 *code, u64 address, size_t size,
                                      listed_fn *each, void *context)
{
    struct text text = {.used = 0};
    struct disassemble_info info;
    struct host_machine m = machine_of(isa);
    enum bfd_architecture architecture = (enum bfd_architecture)m.architecture;
    disassembler_ftype print = disassembler(architecture, false, m.machine, NULL);

    init_disassemble_info(&info, &text, append, append_styled);
    info.arch = architecture;
    info.mach = m.machine;
    info.buffer = (bfd_byte *)code;
    info.buffer_vma = address;
    info.buffer_length = size;
    disassemble_init_for_target(&info);
    for (size_t at = 0; print && at < size;) {
        text.used = 0;
        text.line[0] = '\0';
        int n = print(address + at, &info);
        if (n <= 0)
            break;
        each(context, address + at, (size_t)n, text.line);
        at += (size_t)n;
    }
    disassemble_free_target(&info);
}

void disassemble(enum isa isa, const u8 *code, u64 address, size_t size, listed_fn *each,
                 void *context)
{
    if (isa == ISA_PPC)
        disassemble_ppc(code, address, size, each, context);
    else
        disassemble_by_libopcodes(isa, code, address, size, each, context);
}
