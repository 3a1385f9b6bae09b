/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of -d and -D. */
#include <stdarg.h>
#include <string.h>

#include "exec/exec.h"

unsigned log_mask;
FILE *log_file;

const struct log_name log_names[] = {
    {"in_asm", LOG_IN_ASM, "guest code, a block at a time, when it is translated"},
    {"op", LOG_OP, "the micro-ops that were made of it"},
    {"ir", LOG_IR, "the IR engine's code of it, as lowered"},
    {"ir_opt", LOG_IR_OPT, "the same after each pass"},
    {"out_asm", LOG_OUT_ASM, "the host's code that was made of it"},
    {"int", LOG_INT, "interrupts and exceptions"},
    {"exec", LOG_EXEC, "each block that is entered"},
    {"mmu", LOG_MMU, "page faults"},
    {"cpu", LOG_CPU, "the registers there, and at interrupts"},
    {"unimp", LOG_UNIMP, "what the guest asks for and is not there"},
    {"guest_errors", LOG_GUEST_ERRORS, "what the guest should not have done"},
    {"post", LOG_POST, "codes of power-on self tests"},
    {0},
};

static unsigned find_item(const char *name, size_t length)
{
    for (const struct log_name *l = log_names; l->name; l++)
        if (strlen(l->name) == length && strncmp(l->name, name, length) == 0)
            return l->item;
    return 0;
}

bool log_parse(const char *list, const char **bad)
{
    unsigned mask = 0;

    for (;;) {
        size_t length = strcspn(list, ",");
        unsigned item = find_item(list, length);
        if (!item) {
            *bad = list;
            return false;
        }
        mask |= item;
        if (list[length] == '\0')
            break;
        list += length + 1;
    }
    log_mask = mask;
    return true;
}

FILE *log_output(void)
{
    return log_file ? log_file : stderr;
}

void log_print(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(log_output(), format, arguments);
    va_end(arguments);
}
