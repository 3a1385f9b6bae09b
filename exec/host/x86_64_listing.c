/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listings of x86-64 code, which libopcodes makes in AT&T's syntax: see host.h. */
#include "exec/host/host.h"

#include <dis-asm.h>
#include <string.h>

const struct isa host_isa = {disassemble_by_libopcodes, bfd_arch_i386, bfd_mach_x86_64};

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
