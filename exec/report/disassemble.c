/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See disassemble.h. */
#include "exec/report/disassemble.h"

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

void disassemble_by_libopcodes(const struct isa *isa, const u8 *code, u64 address, size_t size,
                               listed_fn *each, void *context)
{
    struct text text = {.used = 0};
    struct disassemble_info info;
    enum bfd_architecture architecture = (enum bfd_architecture)isa->architecture;
    disassembler_ftype print = disassembler(architecture, false, isa->machine, NULL);

    init_disassemble_info(&info, &text, append, append_styled);
    info.arch = architecture;
    info.mach = isa->machine;
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
