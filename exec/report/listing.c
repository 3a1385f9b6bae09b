/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block in its three forms: guest code, micro-ops, host code. */
#include <inttypes.h>
#include <string.h>

#include "exec/block.h"
#include "exec/host/host.h"
#include "exec/report/disassemble.h"

static void print_insn(void *context, u64 address, size_t size, const char *text)
{
    (void)context;
    (void)size;
    log_print("  %08" PRIx64 ": %s\n", address, text);
}

static void print_uops(const struct stream *s)
{
    char line[128];

    for (u32 i = 0; i < s->count; i++) {
        uop_print(s->table, &s->uops[i], line, sizeof line);
        log_print("  %s\n", line);
    }
}

void listing_print_ir(const struct ir *ir, const char *pass)
{
    bool lowered = strcmp(pass, "lowered") == 0;
    char line[512];

    if (!(log_mask & (lowered ? LOG_IR : LOG_IR_OPT)))
        return;
    log_print(" IR of %08x, %s:\n", ir->stream->base + ir->stream->pc, pass);
    for (u32 n = 1; n <= ir->count; n++)
        if (ir->insn[n].op != IR_none) {
            ir_print(ir, n, line, sizeof line);
            log_print("  %s\n", line);
        }
    log_print("\n");
}

void listing_print(const struct stream *s, const u8 *guest, const struct isa *isa,
                   const struct listing_code *host)
{
    log_print("block %08x: %u instructions, mode %05x\n", s->base + s->pc, s->insns, s->mode);
    if (log_mask & LOG_IN_ASM) {
        log_print(" guest:\n");
        disassemble(isa, guest, s->base + s->pc, s->size, print_insn, NULL);
    }
    if (log_mask & LOG_OP) {
        log_print(" micro-ops:\n");
        print_uops(s);
    }
    if (host && (log_mask & LOG_OUT_ASM)) {
        log_print(" host, %zu bytes:\n", host->size);
        disassemble(&host_isa, host->at, host->address, host->size, print_insn, NULL);
    }
    log_print("\n");
}
