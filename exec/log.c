/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of -d and -D. */
#include <stdarg.h>
#include <string.h>

#include "exec/exec.h"

unsigned log_mask;
FILE *log_file;

static const struct {
    const char *name;
    enum log_item item;
} items[] = {
    {"in_asm", LOG_IN_ASM}, {"op", LOG_OP},         {"out_asm", LOG_OUT_ASM},
    {"int", LOG_INT},       {"exec", LOG_EXEC},     {"mmu", LOG_MMU},
    {"cpu", LOG_CPU},       {"unimp", LOG_UNIMP},   {"guest_errors", LOG_GUEST_ERRORS},
    {"ir", LOG_IR},         {"ir_opt", LOG_IR_OPT}, {"post", LOG_POST},
};

static unsigned find_item(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (strlen(items[i].name) == length && strncmp(items[i].name, name, length) == 0)
            return items[i].item;
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

void log_print(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(log_file ? log_file : stderr, format, arguments);
    va_end(arguments);
}
