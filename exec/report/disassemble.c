/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See disassemble.h. */
#include "exec/report/disassemble.h"

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

static unsigned long machine_of(enum isa isa)
{
    return isa == ISA_HOST   ? bfd_mach_x86_64
           : isa == ISA_I386 ? bfd_mach_i386_i386
                             : bfd_mach_i386_i8086;
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

static void disassemble_x86(enum isa isa, const u8 *code, u64 address, size_t size, listed_fn *each,
                            void *context)
{
    struct text text = {.used = 0};
    struct disassemble_info info;
    disassembler_ftype print = disassembler(bfd_arch_i386, false, machine_of(isa), NULL);

    init_disassemble_info(&info, &text, append, append_styled);
    info.arch = bfd_arch_i386;
    info.mach = machine_of(isa);
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
        disassemble_x86(isa, code, address, size, each, context);
}

/* --- loads and stores --- */

static bool starts_with_one_of(const char *text, const char *const *starts)
{
    for (; *starts; starts++)
        if (strncmp(text, *starts, strlen(*starts)) == 0)
            return true;
    return false;
}

/* Is an operand in memory: base and index, or an address without a '$'? */
static bool is_memory(const char *operand, size_t length)
{
    bool address = length && (strchr("-0123456789", *operand) || *operand == '(');
    bool segment = length > 3 && *operand == '%' && operand[3] == ':';

    return address || segment || (length && *operand == '*' && is_memory(operand + 1, length - 1));
}

/* The last of a list of operands: commas within parentheses do not count. */
static const char *last_operand(const char *operands)
{
    const char *last = operands;
    int depth = 0;

    for (const char *p = operands; *p && *p != '#'; p++) {
        depth += (*p == '(') - (*p == ')');
        if (*p == ',' && !depth)
            last = p + 1;
    }
    return last;
}

/* Instructions of one operand, in memory, or whose last one is. */
static struct memory_use use_of_last(const char *name, bool single)
{
    static const char *const only_store[] = {"mov",  "set", "fst",  "fist", "fnst",
                                             "stmx", "pop", "vmov", "fnsa", NULL};
    static const char *const only_load[] = {"cmp", "test", "bt ", "btl ", "btw ", "btq ", NULL};
    static const char *const loads_alone[] = {"f",   "mul",  "imul", "div",  "idiv",
                                              "jmp", "ldmx", "call", "push", NULL};

    if (starts_with_one_of(name, only_store))
        return (struct memory_use){.stores = true};
    if ((starts_with_one_of(name, only_load) && strncmp(name, "cmpx", 4) != 0) ||
        (single && starts_with_one_of(name, loads_alone)))
        return (struct memory_use){.loads = true};
    return (struct memory_use){.loads = true, .stores = true};
}

/* What an instruction does to the stack. */
static struct memory_use use_of_stack(const char *name)
{
    static const char *const pushes[] = {"push", "call", NULL};
    static const char *const pops[] = {"pop ", "popf", "ret", NULL};

    return (struct memory_use){.loads = starts_with_one_of(name, pops),
                               .stores = starts_with_one_of(name, pushes)};
}

static bool is_direct_jump(const char *name, const char *operands)
{
    return (*name == 'j' || strncmp(name, "call", 4) == 0) && *operands != '*';
}

struct memory_use host_memory_use(const char *text)
{
    static const char *const prefixes[] = {"lock ", "rep ", "repz ", "repnz ", "data16 ", NULL};
    static const char *const none[] = {"lea", "nop", "prefetch", NULL};
    const char *operands, *last;
    struct memory_use use, stack;

    while (starts_with_one_of(text, prefixes))
        text = strchr(text, ' ') + 1;
    operands = text + strcspn(text, " ");
    operands += strspn(operands, " ");
    stack = use_of_stack(text);
    last = last_operand(operands);
    if (starts_with_one_of(text, none) || is_direct_jump(text, operands))
        return stack;
    if (is_memory(last, strlen(last)))
        use = use_of_last(text, last == operands);
    else
        use = (struct memory_use){
            .loads = last != operands &&
                     (is_memory(operands, strlen(operands)) || strchr(operands, '(') != NULL)};
    return (struct memory_use){use.loads || stack.loads, use.stores || stack.stores};
}
