/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block in its three forms: guest code, micro-ops, host code. */
#include <dis-asm.h>
#include <inttypes.h>
#include <stdarg.h>

#include "exec/block.h"

struct text {
    char line[256];
    size_t used;
};

__attribute__((format(printf, 2, 3))) static int append(void *to, const char *format, ...)
{
    struct text *t = to;
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(t->line + t->used, sizeof t->line - t->used, format, arguments);
    va_end(arguments);
    if (n > 0)
        t->used += (size_t)n < sizeof t->line - t->used ? (size_t)n : sizeof t->line - t->used - 1;
    return n;
}

__attribute__((format(printf, 3, 4))) static int
append_styled(void *to, enum disassembler_style style, const char *format, ...)
{
    struct text *t = to;
    va_list arguments;
    int n;

    (void)style;
    va_start(arguments, format);
    n = vsnprintf(t->line + t->used, sizeof t->line - t->used, format, arguments);
    va_end(arguments);
    if (n > 0)
        t->used += (size_t)n < sizeof t->line - t->used ? (size_t)n : sizeof t->line - t->used - 1;
    return n;
}

static void disassemble(const u8 *code, u64 address, size_t size, unsigned long machine)
{
    struct text text = {.used = 0};
    struct disassemble_info info;
    disassembler_ftype print = disassembler(bfd_arch_i386, false, machine, NULL);

    init_disassemble_info(&info, &text, append, append_styled);
    info.arch = bfd_arch_i386;
    info.mach = machine;
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
        log_print("  %08" PRIx64 ": %s\n", address + at, text.line);
        at += (size_t)n;
    }
    disassemble_free_target(&info);
}

static void print_uops(const struct stream *s)
{
    char line[128];

    for (u32 i = 0; i < s->count; i++) {
        uop_print(&s->uops[i], line, sizeof line);
        log_print("  %s\n", line);
    }
}

void listing_print(const struct stream *s, const u8 *guest, const struct listing_code *host)
{
    log_print("block %08x: %u instructions, mode %05x\n", s->base + s->eip, s->insns, s->mode);
    if (log_mask & LOG_IN_ASM) {
        log_print(" guest:\n");
        disassemble(guest, s->base + s->eip, s->size,
                    s->mode & MODE_CS32 ? bfd_mach_i386_i386 : bfd_mach_i386_i8086);
    }
    if (log_mask & LOG_OP) {
        log_print(" micro-ops:\n");
        print_uops(s);
    }
    if (host && (log_mask & LOG_OUT_ASM)) {
        log_print(" host, %zu bytes:\n", host->size);
        disassemble(host->at, host->address, host->size, bfd_mach_x86_64);
    }
    log_print("\n");
}
